# SPDX-License-Identifier: MIT
"""What the screen looks like, to the last character, at three sizes."""

from screen import (HOSTILE, OFFICE, clock, golden, is_built, office, on_tmux, scratch, tap,
                    wait_drawn)

SIZES = {'80x24': (80, 24), '40x10': (40, 10), '200x60': (200, 60)}


def shown(name, *keys, size='80x24', recording=OFFICE, typed='', then=(), arguments=(), **options):
    """Press keys, type a line, press more; the screen is the golden one."""
    with on_tmux(recording, *arguments, size=SIZES[size], **options) as screen:
        wait_drawn(screen, recording)
        screen.press(*keys)
        if typed:
            screen.type(typed)
        screen.press(*then)
        golden(f'{name}-{size}', lambda: screen.text)


@tap.each(*SIZES)
def test_the_list(_folder, size):
    shown('list', size=size)


@tap.each(*SIZES)
def test_the_last_line(_folder, size):
    shown('end', 'End', size=size)


@tap.each(*SIZES)
def test_details(_folder, size):
    shown('details', '/', typed='widget', then=('Enter', 'Enter'), size=size)


def test_details_of_one_with_much_to_tell(_folder):
    shown('printer', '/', typed='_ipp', then=('Enter', 'Enter'), size='200x60')


@tap.each(*SIZES)
def test_an_explanation(_folder, size):
    shown('rule', '/', typed='relic', then=('Enter', 'x'), size=size)


@tap.each(*SIZES)
def test_all_keys(_folder, size):
    shown('keys', '?', size=size)


@tap.each(*SIZES)
def test_a_filter(_folder, size):
    shown('filter', '/', typed='!verdict:registered', then=('Enter',), size=size)


@tap.each(*SIZES)
def test_a_filter_while_it_is_typed(_folder, size):
    shown('typing', '/', typed='host:laser', size=size)


def test_a_filter_that_none_passes(_folder):
    shown('none', '/', typed='nothing of the kind', then=('Enter',))


@tap.each('host', 'type', 'verdict')
def test_groups(_folder, by):
    keys = ['g'] * (1 + ['host', 'type', 'verdict'].index(by))
    with office(size=SIZES['200x60']) as screen:
        screen.press(*keys)
        screen.wait_text(f'grouped by {by}')
        screen.press('Down')                # which takes the message away
        golden(f'groups-{by}-200x60', lambda: screen.text)


@tap.each(*SIZES)
def test_faults_only(_folder, size):
    shown('faults', 'f', size=size)


@tap.each(*SIZES)
def test_names_that_mean_harm(_folder, size):
    shown('hostile', 'Down', size=size, recording=HOSTILE)


def test_details_that_mean_harm(_folder):
    shown('harm', 'End', 'Enter', size='200x60', recording=HOSTILE)


@tap.each(*SIZES)
def test_a_minute_ago(_folder, size):
    shown('ago', '{', size=size)


def test_while_the_daemon_is_gone(_folder):
    shown('lost', *['['] * 6)


@tap.each(*SIZES)
def test_ascii(_folder, size):
    shown('ascii', 'S', 'Down', size=size, arguments=['--ascii'])


def test_a_policy(folder):
    path = folder / 'policy.json'
    path.write_text('{"sdscope_policy": 1, "allow": [{"type": "_widgetsync._tcp", '
                    '"reason": "ours"}]}')
    shown('policy', arguments=['--policy', path], size='200x60')


def test_a_resize_at_once(_folder):
    """Down to less than it is made for, and back: the same screen."""
    with office() as screen:
        golden('list-80x24', lambda: screen.text)
        for columns, lines in ((40, 10), (20, 5), (1, 1), (200, 60), (7, 3), (80, 2), (2, 24)):
            screen.resize(columns, lines)
            screen.press('Down', 'Up')
            if f'{columns}x{lines}' in SIZES:
                golden(f'list-{columns}x{lines}', lambda: screen.text)
        screen.resize(80, 24)
        golden('list-80x24', lambda: screen.text)


def test_every_pane_at_any_size(_folder):
    """Nothing overruns its place: each step is waited for, and the program lives."""
    with office(size=(120, 40)) as screen:
        for keys in (['Enter'], ['x'], ['?'], ['Esc', 'Esc', 'Esc', '/'], ['Esc', 'g'], ['v']):
            screen.press(*keys)
            for size in ((20, 5), (1, 1), (3, 60), (220, 2), (100, 16), (99, 15), (120, 40)):
                screen.resize(*size)
                screen.press('Down')
            screen.wait(clock('09:02:00'), 'the status line')
        screen.press('Esc', 'Esc', 'q')
        tap.equal(screen.wait_end(), 0, 'exit status')


def test_where_one_is(_folder):
    """Of a list that is longer than the screen, and of a recording."""
    with office(size=(40, 10)) as screen:
        screen.wait(lambda text: ' 1-7/12' in text.splitlines()[1], 'where one is')
        screen.press('End')
        screen.wait(lambda text: ' 6-12/12' in text.splitlines()[1], 'the end of the list')
        screen.press('/')
        screen.type('vault')
        screen.wait(lambda text: '/' not in text.splitlines()[1], 'a list that is seen whole')
    with office(size=(80, 16)) as screen:
        screen.wait(lambda text: ' 1-8 of 12' in text.splitlines()[2], 'where one is')
        screen.wait(lambda text: 'replay 2:00/2:00' in text.splitlines()[0], 'where one is')
        screen.press('g')
        screen.wait_text('grouped by host')
        screen.wait(lambda text: ' of 12' in text.splitlines()[2], 'services are counted, no heads')
        screen.press('{')
        screen.wait_text('replay 1:00/2:00')
        screen.press('[')
        screen.wait_no_text('replay 1:00')


if __name__ == '__main__':
    tap.main(setup=scratch, needs=is_built)
