# SPDX-License-Identifier: MIT
"""Makes tests/lib importable, so that every test here runs by its path; `sdscope watch` on
terminals, the recordings that it replays, and golden screens.

UPDATE=1 in the environment writes the golden screens anew: look at what git says then.
"""

import difflib
import os
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(1, str(HERE.parent))

from lib import sdscope, sequences, tap                     # noqa: E402,F401
from lib.poll import wait_for                               # noqa: E402,F401
from lib.terminal import PATIENCE_S, PLAIN_MODES, Pty, Tmux          # noqa: E402,F401

ROOT = HERE.parents[1]
RECORDINGS = HERE / 'recordings'
GOLDEN = HERE / 'golden'
OFFICE, HOSTILE = (RECORDINGS / f'{name}.ndjson' for name in ('office', 'hostile'))
OFFICE_END = '09:02:00'         # on the status line, when all of it has been told
ENDS = {OFFICE: OFFICE_END, HOSTILE: '09:00:20'}
STILL = 25              # captures alike, one after the other, before a golden screen is written


def is_built():
    """For tap.main(needs=...): the program."""
    sdscope.program()


@contextmanager
def scratch():
    """A folder that goes away; skipped where the program has no screen."""
    if os.environ.get('SDSCOPE_SCREEN', '1') == '0':
        raise tap.Skip('this build has no screen: ncursesw is off')
    with tempfile.TemporaryDirectory(prefix='sdscope-screen-') as path:
        yield Path(path)


def command(recording, *arguments):
    """`sdscope watch` of a recording, told at once."""
    return [sdscope.program(), 'watch', '--source', recording, '--speed', '0', *arguments]


def patient(term):
    """Variables for a terminal: on a console curses loads libgpm, which leaks."""
    return {'LSAN_OPTIONS': 'detect_leaks=0'} if term == 'linux' else {}


def on_tmux(recording=OFFICE, *arguments, **options):
    return Tmux(command(recording, *arguments), **options)


def on_pty(recording=OFFICE, *arguments, **options):
    return Pty(command(recording, *arguments), **options)


def clock(time):
    """Accepts a screen whose first line tells this time."""
    return lambda text: text.split('\n')[0].rstrip().endswith(time)


def wait_drawn(screen, recording=OFFICE):
    """Wait until all has been told, and the last frame is there down to its last line: a terminal may
    show the upper part of one before the lower."""
    def is_drawn(text):
        return clock(ENDS[recording])(text) and \
            ('EVENTS' not in text or 'the recording ends' in text)

    screen.wait(is_drawn, 'the end of the recording')


@contextmanager
def office(*arguments, **options):
    """The screen of the office, when all of it has been told."""
    with on_tmux(OFFICE, *arguments, **options) as screen:
        wait_drawn(screen)
        yield screen


def settled(see):
    """What is seen, once it stays as it is: to write, never to compare."""
    seen = []

    def stands():
        seen.append(see())
        return len(seen) >= STILL and len(set(seen[-STILL:])) == 1

    wait_for(stands, 'a screen that stands still', PATIENCE_S)
    return seen[-1]


def golden(name, see):
    """Wait until what is seen is the golden screen of this name."""
    path = GOLDEN / f'{name}.txt'
    if os.environ.get('UPDATE') == '1':
        path.write_text(settled(see), encoding='utf-8')
        return
    want = path.read_text(encoding='utf-8')
    seen = ['']

    def is_so():
        seen[0] = see()
        return seen[0] == want

    try:
        wait_for(is_so, name, PATIENCE_S)
    except TimeoutError:
        diff = difflib.unified_diff(want.splitlines(), seen[0].splitlines(), f'golden/{name}.txt',
                                    'the screen', lineterm='')
        raise AssertionError('not as it was; UPDATE=1 writes it anew\n' + '\n'.join(diff))
