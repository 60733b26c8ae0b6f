# SPDX-License-Identifier: MIT
"""Terminals for tests: tmux shows what a user would see, a bare pty tells every byte.

Nothing here sleeps, and nothing outlives the test: what a program shows is awaited.
"""

import fcntl
import os
import pty
import re
import select
import shutil
import signal
import struct
import subprocess
import tempfile
import termios
import time
from pathlib import Path

from . import sdscope, tap
from .child import die_with_parent, hear_signals
from .poll import PATIENCE_S, wait_for
from .sequences import paint

TMUX_CONFIG = '''
set -g default-terminal "{term}"
set -g history-limit 0
set -g status off
set -s escape-time 0
set -s set-clipboard on
'''

# Says which process the program is and how it ended, and keeps the terminal for us to look at.
RUN = '''trap : INT QUIT
sh -c 'echo $$ >"$0"/pid && exec "$@"' "$FOLDER" "$@"
echo $? >"$FOLDER"/status
exec sleep 1000000'''

# Keys by the names of src/watch/keys.def, as tmux calls them; others are themselves.
TMUX_KEYS = {'PgUp': 'PPage', 'PgDn': 'NPage', 'Esc': 'Escape', 'Backspace': 'BSpace',
             'Delete': 'DC'}
TMUX_KEYS.update({k: k for k in ('Up', 'Down', 'Left', 'Right', 'Home', 'End', 'Enter', 'Tab',
                                 'Space', 'F1', 'F10')})


def be_a_child():
    die_with_parent()
    hear_signals()


def tmux_key(word):
    """The arguments of send-keys for a key's word: 'Up', '^B', '/'."""
    if re.fullmatch(r'\^.', word):
        return [f'C-{word[1].lower()}']
    if word in TMUX_KEYS:
        return [TMUX_KEYS[word]]
    return ['-l', '--', word]


class Tmux:
    """A program on a terminal of its own: a tmux server with one window and no client.

    size       (columns, lines)
    spawn      what starts the server: Popen, or the method of a host in a namespace
    shell      run a shell with job control, for the test to type at
    """

    def __init__(self, command, size=(80, 24), term='tmux-256color', variables=None,
                 spawn=subprocess.Popen, shell=False):
        self.command = list(map(str, command))
        self.size, self.term, self.spawn, self.is_shell = size, term, spawn, shell
        self.env = {**sdscope.environment(), **(variables or {})}

    def __enter__(self):
        if not shutil.which('tmux'):
            raise tap.Skip('not installed: tmux')
        self.folder = Path(tempfile.mkdtemp(prefix='sdscope-tmux-'))
        self.server = None
        try:
            self._start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        if self.server:
            if self.server.poll() is None:
                self._kill_all()
                self._run('kill-server')
            try:
                self.server.wait(timeout=5)
            except subprocess.TimeoutExpired:
                self.server.kill()
                self.server.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _start(self):
        config = self.folder / 'conf'
        config.write_text(TMUX_CONFIG.format(term=self.term))
        options = {} if self.spawn != subprocess.Popen else {'preexec_fn': be_a_child}
        self.server = self.spawn(
            ['tmux', '-u', '-D', '-S', str(self.folder / 'socket'), '-f', str(config)],
            env=self.env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, start_new_session=True, **options)
        columns, lines = map(str, self.size)
        run = ['env', f'FOLDER={self.folder}', 'sh', '-c', RUN, 'sh', *self.command]
        shell = ['env', 'PS1=$ ', 'ENV=', 'sh', '-i']
        begin = ['new-session', '-d', '-x', columns, '-y', lines, '--',
                 *(shell if self.is_shell else run)]
        wait_for(lambda: self._run('show-options', '-s').returncode == 0, 'a server of tmux',
                 PATIENCE_S)
        self.tmux(*begin)
        if self.is_shell:
            self.wait(lambda text: '$' in text, 'the prompt of the shell')
        else:
            self.pid = self._number('pid')

    def _kill_all(self):
        """Kill what runs on the terminal, before that is taken away: of the two SIGHUPs that follow,
        the second can hit the process by which a sanitizer looks for leaks, and the program then
        waits for it for ever, at full speed."""
        leader = self._run('display-message', '-p', '#{pane_pid}').stdout.strip().decode()
        for stat in Path('/proc').glob('[0-9]*/stat'):
            try:
                fields = stat.read_text().rpartition(')')[2].split()
                if fields[3] == leader:         # the session
                    os.kill(int(stat.parent.name), signal.SIGKILL)
            except OSError:
                continue                        # it has ended meanwhile

    def _number(self, name):
        """What RUN left in a file, when it is there."""
        path = self.folder / name
        return int(wait_for(lambda: path.exists() and path.read_text().rpartition('\n')[0],
                            f'{name} of the program', PATIENCE_S))

    def _run(self, *arguments, **options):
        return subprocess.run(['tmux', '-N', '-S', str(self.folder / 'socket'), *arguments],
                              env=self.env, capture_output=True, timeout=60, **options)

    def tmux(self, *arguments, **options):
        """A command of tmux; what it prints."""
        done = self._run(*arguments, **options)
        if done.returncode != 0:
            raise RuntimeError(f'tmux {arguments[0]}: {done.stderr.decode()}')
        return done.stdout.decode('utf-8', 'backslashreplace')

    def ask(self, variable):
        """A format of tmux, such as pane_pid or alternate_on."""
        return self.tmux('display-message', '-p', f'#{{{variable}}}').rstrip('\n')

    # ---- what is seen

    @property
    def text(self):
        """The screen: a line of text each, without the blanks at its end."""
        lines = self.tmux('capture-pane', '-p').split('\n')
        return '\n'.join(line.rstrip() for line in lines).rstrip('\n') + '\n'

    @property
    def painted(self):
        """The screen with its attributes: see paint()."""
        return paint(self.tmux('capture-pane', '-p', '-e', '-N'))

    @property
    def cursor(self):
        """(column, line, whether it is shown)."""
        x, y, flag = self.ask('cursor_x} #{cursor_y} #{cursor_flag').split()
        return int(x), int(y), flag == '1'

    def wait(self, condition, what, timeout=PATIENCE_S):
        """The first screen that the condition accepts."""
        text = ['']

        def holds():
            text[0] = self.text
            return condition(text[0])

        try:
            wait_for(holds, what, timeout)
        except TimeoutError as why:
            raise AssertionError(f'{why}; the screen:\n{text[0]}')
        return text[0]

    def wait_text(self, *words, timeout=PATIENCE_S):
        """The first screen that has all of these."""
        return self.wait(lambda text: all(w in text for w in words), f'{words} on the screen',
                         timeout)

    def wait_no_text(self, *words, timeout=PATIENCE_S):
        return self.wait(lambda text: not any(w in text for w in words),
                         f'{words} gone from the screen', timeout)

    # ---- what is done

    def press(self, *words):
        """Press keys, by the words of src/watch/keys.def."""
        for word in words:
            self.tmux('send-keys', *tmux_key(word))

    def type(self, text):
        self.tmux('send-keys', '-l', '--', text)

    def send(self, data):
        """Bytes, at once, as a terminal sends them."""
        self.tmux('send-keys', '-H', *(f'{b:02x}' for b in data))

    def resize(self, columns, lines):
        self.tmux('resize-window', '-x', str(columns), '-y', str(lines))

    @property
    def clipboard(self):
        """What a program copied, by OSC 52; None: nothing."""
        done = self._run('show-buffer')
        return done.stdout if done.returncode == 0 else None

    # ---- how it ended

    def signal(self, number):
        os.kill(self.pid, number)

    def wait_end(self):
        """The exit status of the program as a shell has it, when it has ended."""
        return self._number('status')

    def modes(self):
        """Of the terminal: what a program has to put back; see PLAIN_MODES."""
        asked = ','.join(f'#{{{name}}}' for name in PLAIN_MODES)
        return dict(zip(PLAIN_MODES, self.tmux('display-message', '-p', asked).strip().split(',')))


PLAIN_MODES = {'alternate_on': '0', 'cursor_flag': '1', 'keypad_cursor_flag': '0',
               'keypad_flag': '0', 'mouse_any_flag': '0', 'mouse_sgr_flag': '0',
               'insert_flag': '0', 'wrap_flag': '1'}


# ---- a bare pty --------------------------------------------------------------------------------


class Pty:
    """A program on a pty: `output` is every byte that it wrote, and nobody answers it.

    size       (columns, lines)
    folder     where it runs
    prepare    called in the program's process, before it begins
    """

    def __init__(self, command, size=(80, 24), term='xterm', variables=None, folder=None,
                 prepare=None):
        self.command = list(map(str, command))
        self.size, self.folder, self.prepare = size, folder, prepare
        self.env = {**sdscope.environment(), 'TERM': term, **(variables or {})}
        self.output = bytearray()
        self.is_open = True

    def __enter__(self):
        self.master, slave = pty.openpty()
        self._set_size(*self.size)
        self.before = termios.tcgetattr(self.master)
        terminal = os.ttyname(slave)

        def own_terminal():
            be_a_child()
            os.close(os.open(terminal, os.O_RDWR))      # a leader's first terminal is its own
            if self.prepare:
                self.prepare()

        self.process = subprocess.Popen(self.command, env=self.env, cwd=self.folder, stdin=slave,
                                        stdout=slave, stderr=slave, start_new_session=True,
                                        preexec_fn=own_terminal)
        # Kept open, so that the modes outlive the program and can be read.
        self.slave = slave
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.close()

    def close(self):
        """Take the terminal away, as a window that is closed."""
        for name in ('master', 'slave'):
            if getattr(self, name) is not None:
                os.close(getattr(self, name))
                setattr(self, name, None)

    def _set_size(self, columns, lines):
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack('HHHH', lines, columns, 0, 0))

    def resize(self, columns, lines):
        self._set_size(columns, lines)          # the kernel sends SIGWINCH

    def read(self, timeout=0.0):
        """Take in what has come; False when nothing did."""
        ready, _, _ = select.select([self.master], [], [], timeout)
        if not ready:
            return False
        self.output += os.read(self.master, 1 << 16)
        return True

    def send(self, data):
        os.write(self.master, data)

    def wait(self, condition, what, timeout=PATIENCE_S):
        """Read until condition(output) holds; what it returned."""
        deadline = time.monotonic() + timeout
        while True:
            value = condition(bytes(self.output))
            if value:
                return value
            left = deadline - time.monotonic()
            if left <= 0:
                raise AssertionError(f'{what} did not happen within {timeout:g} s; the last of '
                                     f'what was written: {bytes(self.output[-600:])!r}')
            self.read(min(left, 0.1))

    def wait_bytes(self, *words, after=0):
        """Read until all of these were written after a place."""
        self.wait(lambda out: all(w in out[after:] for w in words), f'{words} written')

    def quiet(self, silence=0.3):
        """Read until nothing comes for a while; how many bytes were written so far."""
        while self.read(silence):
            pass
        return len(self.output)

    def wait_end(self):
        """Read all until the program ends; its exit status, as Popen has it."""
        self.wait(lambda _: self.process.poll() is not None, 'end of the program')
        while self.read():
            pass
        return self.process.returncode

    def stop(self, number=signal.SIGTERM):
        self.process.send_signal(number)
        return self.wait_end()

    @property
    def stty(self):
        """The modes of the terminal, to be compared with `before`."""
        return termios.tcgetattr(self.master)
