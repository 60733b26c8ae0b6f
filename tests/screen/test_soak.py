# SPDX-License-Identifier: MIT
"""A hundred thousand events: memory stays flat, only what changed is drawn, and where nothing
happens the program sleeps."""

import os
import re
import shutil
import sys
import time
from pathlib import Path

from screen import (OFFICE, OFFICE_END, PATIENCE_S, RECORDINGS, Tmux, command, is_built, on_pty,
                    on_tmux, scratch, sdscope, tap, wait_for)

sys.path.insert(1, str(RECORDINGS))
from make import soak                       # noqa: E402

FEW, MANY = 1000, 100_000
ROOM_KB = 16 << 10      # what allocators, and a log of a thousand entries, may take
COLUMNS = 200
SOAK_S = 300            # a sanitized build on a busy machine
FRAMES_A_SECOND = 30
IDLE_S = 3
MOVES = 5               # of which a busy machine may have held up one, in the middle of a frame
SLEEP = re.compile(r'p?poll\(.*\], [2-9],')       # of the loop, not curses' look for a key
# A sanitizer keeps what was freed, to catch its use: that would be all that is measured here.
LITTLE = {'ASAN_OPTIONS': ':'.join(filter(None, (os.environ.get('ASAN_OPTIONS'),
                                                 'quarantine_size_mb=1',
                                                 'thread_local_quarantine_size_kb=64')))}


def write_soak(folder, n):
    path = folder / f'soak-{n}.ndjson'
    with open(path, 'w', encoding='utf-8') as out:
        out.writelines(soak(n))
    return path


def rss_kb(pid):
    return int(re.search(r'VmRSS:\s*(\d+)', Path(f'/proc/{pid}/status').read_text()).group(1))


def told(folder, n):
    """RSS in kB when n events have been told."""
    path = write_soak(folder, n)
    with on_tmux(path, variables=LITTLE) as screen:
        screen.wait_text(f'EVENTS {n + 2}', timeout=SOAK_S)
        taken = rss_kb(screen.pid)
        screen.press('q')
        tap.equal(screen.wait_end(), 0, 'exit status')
    path.unlink()
    return taken


def test_memory_stays_flat(folder):
    few, many = told(folder, FEW), told(folder, MANY)
    print(f'# RSS {few} kB after {FEW} events, {many} kB after {MANY}')
    tap.check(many <= few + ROOM_KB, f'{few} kB have become {many} kB')


def move(pty):
    """The bytes that it takes to move the cursor by a line."""
    before = len(pty.output)
    pty.send(b'j')
    pty.wait(lambda out: len(out) > before, 'the cursor moving')
    return pty.quiet() - before


def test_only_what_changed_is_drawn(_folder):
    with on_pty(OFFICE, size=(200, 60)) as pty:
        pty.wait_bytes(b'the recording ends')
        first = pty.quiet()
        moved = [move(pty) for _ in range(MOVES)]
        print(f'# {first} bytes for the first frames, {moved} to move the cursor by a line')
        tap.check(sorted(moved)[MOVES // 2] < 6 * COLUMNS,
                  f'{moved} bytes to move the cursor by a line')


# ---- system calls ------------------------------------------------------------------------------


def traced(folder, *arguments):
    """(the program under strace on a terminal, the file of its system calls)."""
    log = folder / 'strace'
    log.unlink(missing_ok=True)
    variables = {'ASAN_OPTIONS': 'detect_leaks=0'}      # which cannot be sought under strace
    return Tmux(['strace', '-f', '-ttt', '-o', log, *arguments], variables=variables), log


def calls(log):
    """[(time, words)] of system calls."""
    lines = [line.split(maxsplit=2) for line in log.read_text(errors='replace').splitlines()]
    return [(float(words[1]), words[2]) for words in lines if len(words) == 3]


def may_trace(folder):
    if not shutil.which('strace'):
        raise tap.Skip('not installed: strace')
    terminal, log = traced(folder, 'true')
    with terminal as screen:
        if screen.wait_end() != 0 or not calls(log):
            raise tap.Skip('strace may not trace here')


def test_it_sleeps_where_nothing_happens(folder):
    may_trace(folder)
    terminal, log = traced(folder, *command(OFFICE))
    with terminal as screen:
        screen.wait_text(OFFICE_END, 'EVENTS 22')
        # It has drawn all there is when it falls asleep; then nothing may wake it.
        wait_for(lambda: time.time() - log.stat().st_mtime > IDLE_S, 'silence', PATIENCE_S)
        asleep = log.stat().st_mtime
        screen.press('q')
        screen.wait_end()
    woken = [words for when, words in calls(log) if asleep + 0.5 < when < asleep + IDLE_S]
    tap.equal(woken, [], f'system calls in {IDLE_S} s')


def frames_of(called):
    """When each frame began: curses writes it in pieces, and the loop sleeps between two."""
    frames, has_slept = [], True
    for when, words in called:
        if words.startswith('write(1,') and has_slept:
            frames.append(when)
            has_slept = False
        elif SLEEP.match(words):
            has_slept = True
    return frames


def test_frames_are_few(folder):
    """However much happens: 34 ms lie between two frames."""
    may_trace(folder)
    path = write_soak(folder, FEW)
    terminal, log = traced(folder, sdscope.program(), 'watch', '--source', path, '--speed', '2')
    with terminal as screen:
        screen.wait_text(f'EVENTS {FEW + 2}')
        screen.press('q')
        screen.wait_end()
    path.unlink()
    frames = frames_of(calls(log))
    seconds = frames[-1] - frames[0]
    print(f'# {len(frames)} frames in {seconds:.1f} s')
    tap.check(seconds > 2, 'it was told at once')
    tap.check(len(frames) <= FRAMES_A_SECOND * seconds + 10,
              f'{len(frames)} frames in {seconds:.1f} s')


if __name__ == '__main__':
    tap.main(setup=scratch, needs=is_built)
