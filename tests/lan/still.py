# SPDX-License-Identifier: MIT
"""A program that stands still while a test changes what is around it: however slow either is, that
is what it finds when it goes on. Time in which it was stopped does not count for it."""

import itertools
import os
import signal
from pathlib import Path

from rig import wait_for

SIGNS = (f'_sign-{n}._tcp' for n in itertools.count())      # types that nobody has


def state(process):
    """T: stopped, Z: over; see proc_pid_stat(5)."""
    return Path(f'/proc/{process.pid}/stat').read_text().rpartition(')')[2].split()[0]


def stop(process):
    """Whether it stands still now; else it was over before. Popen would make its zombie vanish."""
    os.kill(process.pid, signal.SIGSTOP)
    wait_for(lambda: state(process) in 'TZ', 'a program that stands still')
    return state(process) == 'T'


def go_on(process):
    os.kill(process.pid, signal.SIGCONT)


def start(begin, has_asked):
    """A program of begin() that has asked, as has_asked(process) tells, and stands still before it is
    over. Where one was quicker than we, another one is begun."""
    while True:
        process = begin()
        wait_for(lambda: has_asked(process) or state(process) == 'Z', 'a first query')
        if stop(process):
            return process
        process.communicate()


def start_asking(begin, fake):
    """Such a program of begin(TYPE), for a type of which nobody asked the fake before: what a daemon
    still asks for those before is no sign of this one."""
    signs = []

    def begin_another():
        signs.append(next(SIGNS))
        return begin(signs[-1])

    return start(begin_another, lambda _: fake.was_asked(signs[-1]))
