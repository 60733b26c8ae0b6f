# SPDX-License-Identifier: MIT
"""Wait for a condition, with a deadline."""

import time


def wait_for(condition, what, timeout=15.0, every=0.02):
    """Return the first true value of condition(); TimeoutError names what never came."""
    deadline = time.monotonic() + timeout
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise TimeoutError(f'{what} did not happen within {timeout:g} s')
        time.sleep(every)
