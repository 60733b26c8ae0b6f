# SPDX-License-Identifier: MIT
"""The live screen on a terminal that goes wrong, and what it writes into files."""

import array
import fcntl
import os
import re
import resource
import signal
import sys
import tempfile
import termios
from contextlib import contextmanager
from pathlib import Path

from cli import sdscope, tap
from lib.poll import wait_for
from lib.terminal import PATIENCE_S, Pty

ESCAPE = re.compile(rb'\x1b(\[[0-9;?>]*[a-zA-Z]|\(B|[=>]|\][^\x1b]*\x1b\\)')


class Terminal(Pty):
    """The demo on a terminal of its own."""

    def __init__(self, *arguments, source='demo', wrapper=(), **options):
        super().__init__([*wrapper, sdscope.program(), 'watch', '--source', source, *arguments],
                         size=(120, 40), **options)
        self.drawn = 0                  # bytes that it had written before all was drawn anew

    def redraw(self):
        """By a column more or less."""
        columns, lines = self.size
        self.size = columns ^ 1, lines
        self.drawn = len(self.output)
        self.resize(*self.size)

    @property
    def text(self):
        return ESCAPE.sub(b'', self.output[self.drawn:]).decode('utf-8', 'replace')

    def see(self, words):
        """Wait until these words stand on the screen."""
        def is_drawn(_):
            if words in self.text:
                return True
            if not self.read(0.1):      # nothing is being drawn
                self.redraw()
            return False

        self.redraw()
        self.wait(is_drawn, f'"{words}" on the screen')

    def page(self):
        """Which lines of it are seen: from, to, and of how many."""
        return re.search('DETAILS  lines ([0-9]+) to ([0-9]+) of ([0-9]+)', self.text).groups()

    def n_keys(self):
        """Bytes that were typed and not read yet."""
        return array.array('i', fcntl.ioctl(self.slave, termios.FIONREAD, b'    '))[0]

    def send(self, keys):
        super().send(keys.encode())

    def quit(self):
        self.send('q')
        tap.equal(self.wait_end(), 0, 'exit status')
        tap.equal(self.stty, self.before, 'modes of the terminal')


def is_running(pid):
    try:
        return Path(f'/proc/{pid}/stat').read_text().rpartition(')')[2].split()[0] != 'Z'
    except FileNotFoundError:
        return False


@contextmanager
def scratch():
    if os.environ.get('SDSCOPE_SCREEN', '1') == '0':
        raise tap.Skip('this build has no screen: ncursesw is off')
    with tempfile.TemporaryDirectory(prefix='sdscope-terminal-') as path:
        yield Path(path)


def ask(terminal, key, path):
    """Press the key and type the path."""
    terminal.send(key)
    terminal.see('to: ' if key == 'r' else '.xml): ')
    terminal.send(f'\x15{path}\r')


# ---- recordings --------------------------------------------------------------------------------


def limit(size):
    """What makes files of at most so many bytes: a disk that is full, without one."""
    def prepare():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    return prepare


def test_a_recording_that_cannot_be_written_says_so(folder):
    path = folder / 'night'
    size = 20000        # more than what is there when the demo begins, less than all that happens
    with Terminal(prepare=limit(size)) as terminal:
        terminal.send('{' * 10)
        terminal.see('09:00:00')
        ask(terminal, 'r', path)
        terminal.see('RECORDING')
        while path.stat().st_size < size:
            terminal.send(']')
            terminal.read(0.05)
        terminal.see('RECORDING ENDED')
        terminal.quit()
        tap.includes(terminal.text, [f"cannot write '{path}': File too large"], 'afterwards')


def test_a_recording_that_cannot_begin_leaves_nothing_open(folder):
    with Terminal(prepare=limit(2000)) as terminal:
        terminal.send(']' * 40)
        for name in ('one', 'two'):
            ask(terminal, 'r', folder / name)
            terminal.see(f"cannot write '{folder / name}': File too large")
        files = os.listdir(f'/proc/{terminal.process.pid}/fd')
        links = [os.readlink(f'/proc/{terminal.process.pid}/fd/{fd}') for fd in files]
        tap.excludes([link.startswith(str(folder)) for link in links], [True], 'open files')
        terminal.quit()


def test_time_that_goes_back_ends_a_recording(folder):
    path = folder / 'again'
    with Terminal() as terminal:
        terminal.send(']' * 20)
        ask(terminal, 'r', path)
        terminal.see('RECORDING')
        terminal.send(']]][')
        terminal.see('the recording has ended: time went back')
        terminal.quit()
    result = sdscope.run('browse', '--source', path).expect(0)
    tap.excludes(result.stdout, ['breaks off'], 'the recording')


@tap.each('-', '/dev/tty', '/dev/stdout', 'folder', 'pipe')
def test_only_files_are_recorded_into(folder, name):
    (folder / 'folder').mkdir(exist_ok=True)
    if not (folder / 'pipe').exists():
        os.mkfifo(folder / 'pipe')
    with Terminal(folder=folder) as terminal:
        ask(terminal, 'r', name)
        terminal.see('recording to -' if name == '-' else f"cannot write '{name}': ")
        tap.excludes(terminal.text, ['"version"'], 'the screen')
        terminal.quit()
    tap.equal((folder / '-').exists(), name == '-', 'a file of that name')
    (folder / '-').unlink(missing_ok=True)


def test_a_path_from_home(folder):
    with Terminal(variables={'HOME': str(folder)}) as terminal:
        ask(terminal, 'e', '~/report.txt')
        terminal.see('to ~/report.txt')
        terminal.quit()
    tap.check((folder / 'report.txt').read_text(), 'the report is empty')


@tap.each('pipe.txt', 'folder.txt')
def test_only_files_are_exported_into(folder, name):
    path = folder / name
    if not path.exists():
        (os.mkfifo if name == 'pipe.txt' else os.mkdir)(path)
    with Terminal() as terminal:
        ask(terminal, 'e', path)
        terminal.see(f"cannot write '{path}': ")
        terminal.quit()


# ---- what is looked at ---------------------------------------------------------------------------


def test_a_step_back_leaves_the_service_and_the_place_on_its_page(_folder):
    with Terminal() as terminal:
        terminal.send(']' * 40 + 'jjjjj\rG')
        terminal.see('DETAILS  lines ')
        first, last, n = terminal.page()
        tap.check(last != n or first != '1', 'the page needs no scrolling')
        terminal.see(f'to {n} of {n}')
        terminal.see(' EVENTS ')
        terminal.wait(lambda _: re.search(' EVENTS ([0-9]+) ', terminal.text), 'their number')
        n_events = int(re.search(' EVENTS ([0-9]+) ', terminal.text)[1])
        terminal.send('[')
        terminal.see(f' EVENTS {n_events - 1}')
        terminal.see(f'to {n} of {n}')
        terminal.quit()


# ---- terminals ---------------------------------------------------------------------------------


@tap.each('SIGTERM', 'SIGINT', 'SIGHUP')
def test_a_terminal_that_takes_nothing(_folder, name):
    with Terminal() as terminal:
        terminal.see('sdscope')

        def is_stuck():
            """It draws for every key, nobody reads that, and so it reads no key any more."""
            terminal.send('\x0c')
            try:
                wait_for(lambda: not terminal.n_keys(), 'a key that is read', timeout=1)
            except TimeoutError:
                return True
            return False

        wait_for(is_stuck, 'a full terminal', PATIENCE_S)
        terminal.process.send_signal(getattr(signal, name))
        tap.check(terminal.process.wait(PATIENCE_S) != 0, 'it ended as if all were well')
        tap.equal(terminal.stty, terminal.before, 'modes of the terminal')


def test_flow_control_is_off(_folder):
    with Terminal() as terminal:
        terminal.see('sdscope')
        terminal.send('\x13')
        terminal.see('sdscope')
        terminal.quit()


@tap.each('SIGUSR1', 'SIGXCPU', 'SIGSYS')
def test_other_signals_give_the_terminal_back(_folder, name):
    with Terminal() as terminal:
        terminal.see('sdscope')
        terminal.process.send_signal(getattr(signal, name))
        tap.equal(terminal.wait_end(), -getattr(signal, name), 'exit status')
        tap.equal(terminal.stty, terminal.before, 'modes of the terminal')


def test_signals_that_are_ignored_stay_so(_folder):
    def ignore():
        signal.signal(signal.SIGQUIT, signal.SIG_IGN)

    with Terminal(prepare=ignore) as terminal:
        terminal.see('sdscope')
        terminal.process.send_signal(signal.SIGQUIT)
        terminal.send('?')
        terminal.see(' KEYS ')
        tap.check(terminal.stty != terminal.before, 'the screen gave up')
        terminal.quit()


# A terminal, a shell that is killed when SIGUSR1 comes, and the program that it ran.
ORPHAN = """
import os, signal, sys
signal.signal(signal.SIGTTOU, signal.SIG_IGN)
signal.signal(signal.SIGUSR1, lambda *_: None)
shell = os.fork()
if shell == 0:
    program = os.fork()
    if program:
        open(sys.argv[1], 'w').write(f'{program} ')
        signal.pause()
    os.setpgid(0, 0)
    os.tcsetpgrp(0, os.getpgrp())
    signal.signal(signal.SIGTTOU, signal.SIG_DFL)
    os.execv(sys.argv[2], sys.argv[2:])
signal.pause()
os.kill(shell, signal.SIGKILL)
os.wait()
os.tcsetpgrp(0, os.getpgrp())
open(sys.argv[1], 'a').write('orphaned')
signal.pause()
"""


def test_a_program_whose_shell_is_gone(folder):
    """There is a key that it cannot read, now and for ever."""
    note = folder / 'orphan'
    with Terminal(wrapper=[sys.executable, '-c', ORPHAN, note]) as terminal:
        terminal.see('sdscope')
        terminal.process.send_signal(signal.SIGUSR1)
        wait_for(lambda: 'orphaned' in note.read_text(), 'an orphan', PATIENCE_S)
        program = int(note.read_text().split()[0])
        tap.check(is_running(program), 'it ended too early')
        terminal.send('x')
        terminal.wait(lambda _: not is_running(program), 'the end of the program')


if __name__ == '__main__':
    tap.main(setup=scratch)
