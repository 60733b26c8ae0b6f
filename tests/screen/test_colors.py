# SPDX-License-Identifier: MIT
"""What stands in which colour, with many colours, few and none; and never in colour alone."""

import re

from screen import OFFICE, golden, is_built, office, on_pty, scratch, sequences, tap

TERMS = {'256': 'tmux-256color', '16': 'xterm-16color', '8': 'xterm', 'none': 'vt100'}
SGR = re.compile(rb'\x1b\[([0-9;:]*)m')
COLORED = re.compile(r'\b(?:3[0-8]|4[0-8]|9[0-7]|10[0-7])\b')


@tap.each(*TERMS)
def test_the_list(_folder, colors):
    with office(term=needed(TERMS[colors])) as screen:
        golden(f'colors-{colors}', lambda: screen.painted)


@tap.each(*TERMS)
def test_the_details(_folder, colors):
    with office(term=needed(TERMS[colors]), size=(120, 30)) as screen:
        screen.press('/')
        screen.type('widget')
        screen.press('Enter', 'Enter', 'Down')
        screen.wait_text('DETAILS')
        golden(f'colors-details-{colors}', lambda: screen.painted)


def needed(term):
    """The terminal's name, where it is known here."""
    sequences.drawing(term)
    return term


def colored(output):
    return [codes for codes in SGR.findall(bytes(output)) if COLORED.search(codes.decode())
            and codes not in (b'39;49', b'39', b'49')]


def written(*arguments, **options):
    with on_pty(*arguments, **options) as pty:
        pty.wait_bytes(b'Laser Study')
        pty.quiet()
        pty.send(b'q')
        pty.wait_end()
        return pty.output


def test_there_is_colour(_folder):
    tap.check(colored(written()), 'no colour at all')


@tap.each('NO_COLOR', 'never')
def test_there_is_none_where_none_is_wanted(_folder, way):
    output = (written(OFFICE, '--color', 'never') if way == 'never' else
              written(variables={'NO_COLOR': '1'}))
    tap.equal(colored(output), [], 'colours')


def test_colour_carries_no_meaning_alone(_folder):
    """The text is the same with and without colours, but for what the cursor is drawn with."""
    texts = []
    for term in ('tmux-256color', 'vt100'):
        with office(term=needed(term)) as screen:
            texts.append(screen.text)
    tap.equal(texts[1], texts[0], 'text')


def test_ascii(_folder):
    """Of its own it writes nothing but ASCII; names stay what they are."""
    names = set('会議室プリンター' + 'Cafe\u0301 \U0001f389 Küche' + 'שלום')
    with on_pty(OFFICE, '--ascii', size=(120, 40)) as pty:
        pty.wait_bytes(b'Laser Study')
        for key in (b'\r', b'x', b'?', b'\x1b', b'\x1b', b'g', b'S', b'/x'):
            pty.send(key)
            pty.quiet(0.1)
        text = bytes(pty.output).decode()
        tap.excludes(bytes(pty.output), [b'\x0e', b'\x1b(0'], 'line drawing')
    tap.equal(sorted({c for c in text if not c.isascii()} - names), [], 'characters')


if __name__ == '__main__':
    tap.main(setup=scratch, needs=is_built)
