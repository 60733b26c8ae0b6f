# SPDX-License-Identifier: MIT
"""Wait for a condition, with a deadline."""

import time

PATIENCE_S = 60         # of a sanitized build on a machine that is slow, and busy besides


def wait_for(condition, what, timeout=PATIENCE_S, every=0.02):
    """Return the first true value of condition(); TimeoutError names what never came."""
    deadline = time.monotonic() + timeout
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise TimeoutError(f'{what} did not happen within {timeout:g} s')
        time.sleep(every)
