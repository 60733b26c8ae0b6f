# SPDX-License-Identifier: MIT
"""A scan that stands still, once it has asked, while a test changes what is around it: however slow
either is, that is what it finds when it goes on. Time in which it was stopped does not count for it."""

import itertools
import os
import signal
import time
from calendar import timegm
from contextlib import nullcontext
from pathlib import Path

from rig import sdscope, wait_for

DOUBT_S = 1             # how much later than a report says its scan may have begun
SIGNS = (f'_sign-{n}._tcp' for n in itertools.count())      # types that nobody has


def state(process):
    """T: stopped, Z: over; see proc_pid_stat(5)."""
    return Path(f'/proc/{process.pid}/stat').read_text().rpartition(')')[2].split()[0]


def stop(process):
    """When it stood still, or was over; through Popen, its zombie would vanish."""
    os.kill(process.pid, signal.SIGSTOP)
    wait_for(lambda: state(process) in 'TZ', 'a program that stands still')
    return time.time()


def go_on(process):
    os.kill(process.pid, signal.SIGCONT)


def is_later(result, stopped_s):
    """Whether the scan was over after it had been stopped then, for DOUBT_S at least: what is stopped
    may have been through with its scan, and on its way out."""
    scan = result.report['scan']
    began_s = timegm(time.strptime(scan['started'], '%Y-%m-%dT%H:%M:%SZ'))
    return began_s + scan['duration_s'] > stopped_s


def go_on_without_doubt(process, stopped_s):
    wait_for(lambda: time.time() > stopped_s + DOUBT_S, 'the time')
    go_on(process)


def scan(begin, has_asked, meanwhile=nullcontext, finish=sdscope.finish):
    """The result of a scan of begin() that stood still, once it had asked as has_asked(process) says,
    until meanwhile(process) was entered. Where one was quicker than we, another one is begun."""
    while True:
        process = begin()
        wait_for(lambda: has_asked(process) or state(process) == 'Z', 'a first query')
        stopped_s = stop(process)
        with meanwhile(process):
            go_on_without_doubt(process, stopped_s)
            result = finish(process)
        if is_later(result, stopped_s):
            return result


def scan_of_sign(begin, fake, meanwhile, **options):
    """Of begin(TYPE), for a type of which nobody asked the fake before: what a daemon still asks for
    those before is no sign of this one."""
    signs = []

    def begin_another():
        signs.append(next(SIGNS))
        return begin(signs[-1])

    return scan(begin_another, lambda _: fake.was_asked(signs[-1]), meanwhile, **options)
