# SPDX-License-Identifier: MIT
"""count.py RUN TESTLOG.JSON: what a meson test run came to.

Prints `passed failed skipped`, its cases; and on stderr what failed, program by program, under
the name RUN. TAP tells each case. A program that ended before its plan was through, or that
printed none, counts as one failure more.
"""

import json
import re
import sys

CASE = re.compile(r'^(not )?ok\b(?:.*# (SKIP)\b)?', re.IGNORECASE | re.MULTILINE)
EXITED = re.compile(r'\n*^\(test program exited with .*\)$', re.MULTILINE)   # meson's own word
GOOD = ('OK', 'SKIP', 'EXPECTEDFAIL')
MOST = 40       # lines about a program that failed
LEAST = 4       # lines of a case that failed, however many did
LAST = 10       # lines of a program that tells of no case that failed


def count(test):
    passed = failed = skipped = 0
    for match in CASE.finditer(test.get('stdout') or ''):
        if match.group(2):
            skipped += 1
        elif match.group(1):
            failed += 1
        else:
            passed += 1
    if test['result'] == 'SKIP' and not skipped:
        skipped = 1
    elif test['result'] not in GOOD and not failed:
        failed = 1
    return passed, failed, skipped


def failed_cases(lines):
    """Each case that failed, and a bail-out: its line and the diagnostics that follow it."""
    cases, case = [], []
    for line in lines:
        match = CASE.match(line)
        if match or line.startswith('Bail out!'):
            case = [line]
            if not match or match.group(1) and not match.group(2):
                cases.append(case)
        else:
            case.append(line)
    return cases


def clip(lines, most):
    """The first and the last of lines that are too many."""
    if len(lines) <= most:
        return lines
    head = most // 2
    tail = most - head - 1
    return [*lines[:head], f'... {len(lines) - head - tail} lines ...', *lines[-tail:]]


def failure(test):
    """What a program that failed has to say, in lines; [] when it did not fail."""
    if test['result'] in GOOD and not count(test)[1]:
        return []
    output = (test.get('stdout') or '').splitlines()
    parts = failed_cases(output) or [output[-LAST:]]
    errors = EXITED.sub('', test.get('stderr') or '').splitlines()
    if errors:
        parts.append(['stderr:', *errors])
    most = max(LEAST, MOST // len(parts))
    told = [line for part in parts for line in clip(part, most)]
    status = test.get('returncode')
    return [f'{test["name"]}: {test["result"]}, exit status {status}, {test["duration"]:.0f} s',
            *('  ' + line for line in told)]


def main(run, path):
    with open(path, encoding='utf-8') as log:
        tests = [json.loads(line) for line in log if line.strip()]
    print(*(sum(column) for column in zip(*map(count, tests))) if tests else (0, 1, 0))
    for test in tests:
        for number, line in enumerate(failure(test)):
            print(line if number else f'{run}: {line}', file=sys.stderr)


if __name__ == '__main__':
    main(*sys.argv[1:])
