# SPDX-License-Identifier: MIT
"""count.py TESTLOG.JSON: prints `passed failed skipped`, the cases of a meson test run.

TAP tells each case. A program that ended before its plan was through, or that printed none,
counts as one failure more.
"""

import json
import re
import sys

CASE = re.compile(r'^(not )?ok\b(?:.*# (SKIP)\b)?', re.IGNORECASE | re.MULTILINE)


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
    elif test['result'] not in ('OK', 'SKIP', 'EXPECTEDFAIL') and not failed:
        failed = 1
    return passed, failed, skipped


def main():
    with open(sys.argv[1], encoding='utf-8') as log:
        counts = [count(json.loads(line)) for line in log if line.strip()]
    print(*(sum(column) for column in zip(*counts)) if counts else (0, 1, 0))


if __name__ == '__main__':
    main()
