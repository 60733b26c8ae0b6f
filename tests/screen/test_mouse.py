# SPDX-License-Identifier: MIT
"""The mouse, as terminals tell it: select, scroll, sort; and none where none is wanted."""

import subprocess

from screen import PATIENCE_S, OFFICE, is_built, office, on_pty, scratch, sequences, tap, wait_for
from test_keys import WIDE, at, instances, selected_event

LEFT, WHEEL_UP, WHEEL_DOWN = 0, 64, 65


def place(screen, word, nth=0):
    """(column, line) of a word on the screen, from 0; of ASCII text before it."""
    hits = [(line.index(word), y) for y, line in enumerate(screen.text.splitlines())
            if word in line]
    return hits[nth]


def is_sgr(term):
    """Whether the terminal is said to tell its mouse by SGR 1006; else it is as of old."""
    sequences.drawing(term)
    listed = subprocess.run(['infocmp', '-1', term], check=True, capture_output=True, text=True)
    return 'kmous=\\E[<' in listed.stdout


def send(screen, button, x, y):
    """Press, and release what can be held."""
    if is_sgr(screen.term):
        pressed, released = f'\x1b[<{button};{x + 1};{y + 1}M', f'\x1b[<{button};{x + 1};{y + 1}m'
    else:
        pressed, released = (f'\x1b[M{chr(b + 32)}{chr(x + 33)}{chr(y + 33)}' for b in (button, 3))
    screen.send(pressed.encode('latin-1'))
    if button == LEFT:
        screen.send(released.encode('latin-1'))


def click(screen, x, y):
    send(screen, LEFT, x, y)


@tap.each('tmux-256color', 'xterm', 'screen')
def test_a_click_selects(_folder, term):
    with office(term=term) as screen:
        name = instances(screen.text)[3]
        click(screen, *place(screen, name))
        at(screen, name)


def test_a_click_on_what_is_selected_opens_it(_folder):
    with office(size=WIDE, term='xterm') as screen:
        name = instances(screen.text)[2]
        where = place(screen, name)
        click(screen, *where)
        at(screen, name)
        click(screen, *where)
        screen.wait_text('DETAILS')


def test_a_click_on_a_selected_event_opens_its_service(_folder):
    with office(term='xterm') as screen:
        where = place(screen, 'Laser Study', nth=-1)
        click(screen, *where)
        wait_for(lambda: 'Laser Study' in selected_event(screen), 'the event selected', PATIENCE_S)
        click(screen, *where)
        screen.wait(lambda text: text.splitlines()[3] == ' Laser Study', 'details of the service')


def test_a_click_on_the_head_of_a_column_sorts(_folder):
    with office(size=WIDE, term='xterm') as screen:
        names = instances(screen.text)
        click(screen, *place(screen, 'TYPE'))
        screen.wait(lambda text: instances(text) != names, 'another order')
        by_type = instances(screen.text)
        click(screen, *place(screen, 'TYPE'))
        screen.wait(lambda text: instances(text) != by_type, 'the order turned around')


def test_the_wheel_scrolls(_folder):
    with office(size=(40, 10), term='xterm') as screen:
        names = instances(screen.text)
        for _ in range(4):
            send(screen, WHEEL_DOWN, 5, 5)
        screen.wait(lambda text: instances(text)[0] != names[0], 'lines further down')
        for _ in range(4):
            send(screen, WHEEL_UP, 5, 5)
        screen.wait(lambda text: instances(text) == names, 'the top')


def test_a_click_anywhere_is_harmless(_folder):
    with office(size=(120, 30), term='xterm') as screen:
        for keys in ([], ['Enter'], ['?'], ['Esc', 'Esc', '/']):
            screen.press(*keys)
            for x, y in ((0, 0), (119, 29), (60, 0), (60, 29), (119, 15), (200, 200), (61, 3)):
                click(screen, x, y)
        screen.press('Esc', 'Esc', 'Esc', 'q')
        tap.equal(screen.wait_end(), 0, 'exit status')


def test_no_mouse(_folder):
    with on_pty(OFFICE, '--no-mouse') as pty:
        pty.wait_bytes(b'Laser Study')
        pty.send(b'q')
        pty.wait_end()
        modes = sequences.dec_modes(pty.output)
        tap.excludes(modes, [1000, 1002, 1003, 1006], 'modes that were touched')


def test_the_mouse_is_asked_for(_folder):
    with on_pty(OFFICE) as pty:
        pty.wait_bytes(b'Laser Study')
        pty.quiet()
        tap.check(sequences.dec_modes(pty.output).get(1000), 'not asked for')


if __name__ == '__main__':
    tap.main(setup=scratch, needs=is_built)
