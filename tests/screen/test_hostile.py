# SPDX-License-Identifier: MIT
"""No byte that somebody else advertised is ever obeyed by the terminal: all that is written is
what the terminal's own description has."""

import base64
import re

from screen import HOSTILE, is_built, on_pty, on_tmux, patient, scratch, sequences, tap

JOINERS = ('\u200c', '\u200d')          # scripts and emoji need them: see sds_text_put()
MOUSE = re.compile(rb'\x1b\[\?(?:1000|1002|1006|1006;1000|1006;1002)[hl]')
COPY = re.compile(rb'\x1b\]52;c;([A-Za-z0-9+/]*=*)(?:\x1b\\|\x07)')
SHOWN = b'_http'
ATTACKED = 24


def foreign(output, term):
    """What was written and is not the screen's own."""
    output = MOUSE.sub(b'', bytes(output))
    return [f for f in sequences.foreign(output, sequences.drawing(term)) if f not in JOINERS]


def visit(pty, keys):
    """Press keys one after the other, each when the frame of the one before has come, most likely."""
    for key in keys:
        pty.send(key)
        pty.quiet(0.04)


@tap.each('xterm', 'xterm-256color', 'tmux-256color', 'vt100', 'linux')
def test_nothing_hostile_is_written(_folder, term):
    for size in ((200, 60), (80, 24), (40, 10)):
        with on_pty(HOSTILE, term=term, size=size, variables=patient(term)) as pty:
            pty.wait_bytes(SHOWN)
            pty.quiet()
            visit(pty, [b'v', b'v', b'\r'] + [b'j'] * ATTACKED + [b'x', b'\x1b', b'\t', b'G'])
            visit(pty, [b'\x1b', b'\x1b', b'ggg', b'f', b'?', b'q'])
            pty.wait_end()
            tap.equal(foreign(pty.output, term), [], f'of others, at {size}')


def test_nothing_hostile_is_written_without_utf_8(_folder):
    """UTF-8 is written whatever the locale says: that is what names are."""
    with on_pty(HOSTILE, variables={'LC_ALL': 'C'}) as pty:
        pty.wait_bytes(SHOWN)
        pty.quiet()
        visit(pty, [b'\r'] + [b'j'] * ATTACKED + [b'q'])
        pty.wait_end()
        tap.equal(foreign(pty.output, 'xterm'), [], 'of others')


def test_only_what_is_copied_reaches_the_clipboard(_folder):
    with on_pty(HOSTILE) as pty:
        pty.wait_bytes(SHOWN)
        pty.quiet()
        visit(pty, [b'm'] * ATTACKED + [b'c', b'q'])
        pty.wait_end()
        copies = COPY.findall(bytes(pty.output))
        tap.equal(len(copies), 1, 'copies')
        tap.equal(foreign(COPY.sub(b'', bytes(pty.output)), 'xterm'), [], 'of others')
        text = base64.b64decode(copies[0], validate=True).decode('utf-8')
        tap.includes(text, ['evil', '\\x1b]52;c;'], 'copied')
        tap.check(all(c.isprintable() or c in '\n' or c in JOINERS for c in text),
                  f'copied: {text!a}')


def test_what_is_typed_is_as_safe(_folder):
    """A paste of the careless: the prompts take in what a terminal sends, and show it."""
    for prompt in (b'/', b'e', b'r'):
        with on_pty(HOSTILE) as pty:
            pty.wait_bytes(SHOWN)
            pty.quiet()
            visit(pty, [prompt, b'\x1b]0;HOSTILE\x07', '\u202e\u009b31m\u2028'.encode(),
                        b'\xff\xc0\x9b31m', b'\x01\x02\x0e', b'\x15', b'\x1b', b'\x1b'])
            pty.send(b'\x03')
            pty.wait_end()
            tap.equal(foreign(pty.output, 'xterm'), [], f'of others, after {prompt}')


def test_the_screen_is_whole(_folder):
    """Nothing that is shown breaks the lines of the screen."""
    with on_tmux(HOSTILE) as screen:
        text = screen.wait_text('sdscope', '\\x1b')
        tap.check(len(text.splitlines()) <= 24, 'lines')


if __name__ == '__main__':
    tap.main(setup=scratch, needs=is_built)
