# SPDX-License-Identifier: MIT
"""However the watch ends, or is stopped for a while, the terminal is what it was."""

import re
import shlex
import signal

from screen import (OFFICE, PATIENCE_S, PLAIN_MODES, command, is_built, office, on_pty, on_tmux,
                    patient, scratch, sequences, tap, wait_for)

DRAWN = re.compile(rb'\x1b\[\?|\x1b\[[0-9;]*H|\x1b\(B')       # a screen, not a stream
SHOWN = b'Laser Study'
PASSED_BY = {'^C': b'\x03', '^\\': b'\x1c', 'q': b'q'}
# What kills a program, or what a sanitizer makes of it.
DEADLY = {'SIGSEGV': (-signal.SIGSEGV, 1), 'SIGABRT': (-signal.SIGABRT, 1),
          'SIGBUS': (-signal.SIGBUS, 1), 'SIGQUIT': (-signal.SIGQUIT,)}


def shown(pty):
    """Wait until the screen is there, and has the terminal in its own modes."""
    pty.wait_bytes(SHOWN)
    tap.check(pty.stty != pty.before, 'the screen left the modes of the terminal as they were')


def given_back(pty):
    tap.equal(pty.stty, pty.before, 'modes of the terminal')
    left_on = [n for n, is_on in sequences.dec_modes(pty.output).items() if is_on]
    tap.excludes(left_on, [1, 1000, 1002, 1003, 1006, 1049, 2004], 'modes that were left on')
    tap.check(sequences.dec_modes(pty.output).get(25, True), 'the cursor stays hidden')
    if b'\x1b[?1049h' in pty.output:
        after = bytes(pty.output).rpartition(b'\x1b[?1049l')[2]
        tap.check(SHOWN not in after, f'after the screen was left: {after[:200]!r}')


@tap.each('q', '^C', 'SIGTERM', 'SIGINT', 'SIGHUP')
def test_an_orderly_end(_folder, way):
    with on_pty() as pty:
        shown(pty)
        if way in PASSED_BY:
            pty.send(PASSED_BY[way])
            status = pty.wait_end()
        else:
            status = pty.stop(getattr(signal, way))
        tap.check(status in ((0, -signal.SIGHUP) if way == 'SIGHUP' else (0,)),
                  f'exit status {status}')
        given_back(pty)


@tap.each(*DEADLY)
def test_a_crash(_folder, name):
    with on_pty() as pty:
        shown(pty)
        status = pty.stop(getattr(signal, name))
        tap.check(status in DEADLY[name], f'exit status {status}')
        given_back(pty)


def test_a_crash_by_the_keyboard(_folder):
    with on_pty() as pty:
        shown(pty)
        pty.send(PASSED_BY['^\\'])
        tap.equal(pty.wait_end(), -signal.SIGQUIT, 'exit status')
        given_back(pty)


def test_every_terminal_is_given_back(_folder):
    for term in ('tmux-256color', 'vt100', 'linux', 'screen', 'xterm-256color'):
        with on_pty(term=term, variables=patient(term)) as pty:
            shown(pty)
            pty.send(b'q')
            tap.equal(pty.wait_end(), 0, f'exit status on {term}')
            given_back(pty)


@tap.each('HUP', 'no HUP')
def test_a_terminal_that_is_closed_ends_it(_folder, way):
    """A window that is closed; and one whose going nobody tells, as under nohup."""
    prefix = ['sh', '-c', 'trap "" HUP; exec "$@"', 'sh'] if way == 'no HUP' else []
    pty = on_pty()
    pty.command = prefix + pty.command
    with pty:
        shown(pty)
        pty.close()
        wait_for(lambda: pty.process.poll() is not None, 'end of the program', PATIENCE_S)
        tap.check(pty.process.returncode in (0, 2, -signal.SIGHUP),
                  f'exit status {pty.process.returncode}')


def test_stopped_and_continued(_folder):
    line = shlex.join(map(str, command(OFFICE)))
    with on_tmux(shell=True) as screen:
        screen.type('stty -g; echo A')
        screen.press('Enter')
        stty = screen.wait_text('\nA\n').split('\n')[1]
        screen.type(line)
        screen.press('Enter')
        for _ in range(2):
            screen.wait_text('Laser Study')
            tap.check(screen.modes() != PLAIN_MODES, 'the screen has modes of its own')
            screen.press('^Z')
            screen.wait(lambda text: 'topped' in text and 'Laser Study' not in text, 'the shell')
            tap.equal(screen.modes(), PLAIN_MODES, 'modes while stopped')
            screen.type('clear; stty -g; fg %1')
            screen.press('Enter')
        screen.wait_text('Laser Study')
        screen.press('q')
        text = screen.wait_text('$')
        screen.wait(lambda _: screen.modes() == PLAIN_MODES, 'modes at the end')
        tap.includes(text, [stty], 'stty while stopped')
        screen.type('clear; stty -g; echo B')
        screen.press('Enter')
        tap.equal(screen.wait_text('\nB\n').split('\n')[0].strip('$ '), stty, 'stty at the end')


def test_stopped_by_another_and_continued(_folder):
    """kill -STOP cannot be caught: what comes back finds its screen overwritten."""
    with office() as screen:
        screen.signal(signal.SIGSTOP)
        screen.tmux('send-keys', '-R')          # forget all that was drawn
        screen.wait_no_text('Laser Study')
        screen.signal(signal.SIGCONT)
        screen.wait_text('Laser Study')


# ---- no screen at all --------------------------------------------------------------------------


@tap.each('dumb', '', 'no-such-terminal')
def test_a_terminal_that_cannot_gets_a_stream(_folder, term):
    with on_pty(term=term) as pty:
        tap.equal(pty.wait_end(), 0, 'exit status')
        tap.check(SHOWN in pty.output and b'the recording ends' in pty.output, 'no stream')
        tap.check(not DRAWN.search(pty.output), f'drawn: {bytes(pty.output)!r}')
        tap.equal(pty.stty, pty.before, 'modes of the terminal')


@tap.each('text', 'ndjson', 'csv')
def test_a_format_is_a_stream(_folder, format_):
    with on_pty(OFFICE, '-f', format_) as pty:
        tap.equal(pty.wait_end(), 0, 'exit status')
        tap.check(not DRAWN.search(pty.output), f'drawn: {bytes(pty.output)!r}')


def test_output_that_is_no_terminal_gets_a_stream(folder):
    path = folder / 'stream'
    pty = on_pty()
    pty.command = ['sh', '-c', f'exec "$@" >{path}', 'sh', *pty.command]
    with pty:
        tap.equal(pty.wait_end(), 0, 'exit status')
    tap.equal(path.read_text().count('\n'), 22, 'events')


def test_a_script_that_waits_gets_a_stream(_folder):
    with on_pty(OFFICE, '--until', 'instance=Guest Laptop') as pty:
        tap.equal(pty.wait_end(), 0, 'exit status')
        tap.check(b'Guest Laptop' in pty.output and b'\x1b[H' not in pty.output, 'no stream')
        tap.equal(pty.stty, pty.before, 'modes of the terminal')


if __name__ == '__main__':
    tap.main(setup=scratch, needs=is_built)
