# SPDX-License-Identifier: MIT
"""Children that do not outlive the program that started them, however it ends."""

import ctypes
import signal

PR_SET_PDEATHSIG = 1
libc = ctypes.CDLL(None, use_errno=True)


def die_with_parent():
    """For preexec_fn of Popen."""
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def hear_signals():
    """For preexec_fn of Popen: signals do what they do to a program that somebody starts. What a
    script runs beside itself ignores those of the keyboard, and so would all that it starts."""
    for number in (signal.SIGINT, signal.SIGQUIT):
        signal.signal(number, signal.SIG_DFL)
