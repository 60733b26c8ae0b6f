# SPDX-License-Identifier: MIT
"""A small TAP layer.

A test file defines functions called test_*, and ends with

    if __name__ == '__main__':
        tap.main(setup=...)

`setup` is a context manager (optional); what it yields is the first argument of every test.
`@tap.each('avahi', 'embedded')` runs a test once a value, which becomes its last argument.
Names on the command line choose tests by substring.
"""

import contextlib
import json
import signal
import sys
import time
import traceback


class Skip(Exception):
    """Raised by a test, or by the setup for all of them; its text is the reason."""


def each(*values):
    """Run the test once for each value."""
    def mark(function):
        function.tap_values = values
        return function
    return mark


def check(condition, message):
    if not condition:
        raise AssertionError(message)


def _show(value):
    try:
        return json.dumps(value, ensure_ascii=True, sort_keys=True)
    except (TypeError, ValueError):
        return repr(value)


def equal(got, want, what='value'):
    check(got == want, f'{what}\n   got: {_show(got)}\n  want: {_show(want)}')


def includes(got, want, what='value'):
    """Every member of want is in got."""
    missing = [w for w in want if w not in got]
    check(not missing, f'{what}\nmissing: {_show(missing)}\n    got: {_show(list(got))}')


def excludes(got, unwanted, what='value'):
    found = [u for u in unwanted if u in got]
    check(not found, f'{what}\nunwanted: {_show(found)}\n     got: {_show(list(got))}')


def _cases(module, chosen):
    for name, function in list(vars(module).items()):
        if not name.startswith('test_') or not callable(function):
            continue
        for value in getattr(function, 'tap_values', (None,)):
            title = name[5:].replace('_', ' ') + (f' ({value})' if value is not None else '')
            if not chosen or any(c in title or c in name for c in chosen):
                yield title, function, (() if value is None else (value,))


def _diagnose(text):
    for line in text.rstrip().splitlines():
        print('#', line, flush=True)


def _run(number, title, function, arguments):
    started = time.monotonic()
    try:
        function(*arguments)
    except Skip as reason:
        print(f'ok {number} - {title} # SKIP {reason}', flush=True)
        return True
    except AssertionError as failure:
        print(f'not ok {number} - {title}', flush=True)
        where = traceback.extract_tb(failure.__traceback__)[1]
        _diagnose(f'{where.filename}:{where.lineno}: {failure}')
        return False
    except Exception:
        print(f'not ok {number} - {title}', flush=True)
        _diagnose(traceback.format_exc())
        return False
    print(f'ok {number} - {title}', flush=True)
    _diagnose(f'{time.monotonic() - started:.2f} s')
    return True


def unwind_on_signals():
    """Let signals end the program as an exception does: through its context managers."""
    def leave(number, _frame):
        sys.exit(128 + number)

    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, leave)
    signal.signal(signal.SIGINT, signal.default_int_handler)    # also in the background


def main(setup=None, needs=None):
    """Run the tests of the calling program and exit; nothing runs where needs() raises."""
    unwind_on_signals()
    cases = list(_cases(sys.modules['__main__'], sys.argv[1:]))
    try:
        if needs:
            needs()
    except Exception as why:
        print(f'Bail out! {why}', flush=True)
        sys.exit(1)
    with contextlib.ExitStack() as stack:
        try:
            fixture = (stack.enter_context(setup()),) if setup else ()
        except Skip as reason:
            print(f'1..0 # SKIP {reason}', flush=True)
            sys.exit(0)
        print(f'1..{len(cases)}', flush=True)
        results = [_run(n, title, function, fixture + values)
                   for n, (title, function, values) in enumerate(cases, 1)]
    sys.exit(0 if all(results) else 1)
