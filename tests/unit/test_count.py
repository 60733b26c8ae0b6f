# SPDX-License-Identifier: MIT
"""What ./run test reads from the log of a meson test run."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(1, str(ROOT / 'tests'))

from lib import count, tap     # noqa: E402


def ran(stdout, result='FAIL', **more):
    """A line of the log."""
    return {'name': 'lan / lan-x', 'stdout': stdout, 'result': result, 'returncode': 1,
            'duration': 3.2, **more}


HEAD = 'lan / lan-x: FAIL, exit status 1, 3 s'
MIXED = '1..4\nok 1 - a\n# 0.1 s\nnot ok 2 - b\n# got: 1\n# want: 2\nok 3 - c # SKIP no root\n' \
        'not ok 4 - d\n# why\n'


def test_cases_are_counted():
    for name, test, counts in (
            ('mixed', ran(MIXED), (1, 2, 1)),
            ('all good', ran('1..2\nok 1 - a\nok 2 - b\n', 'OK'), (2, 0, 0)),
            ('skipped whole', ran('1..0 # SKIP no root\n', 'SKIP'), (0, 0, 1)),
            ('ended early', ran('1..3\nok 1 - a\n', 'ERROR'), (1, 1, 0)),
            ('took too long', ran('1..3\nok 1 - a\n', 'TIMEOUT'), (1, 1, 0)),
            ('said nothing', ran(None, 'ERROR'), (0, 1, 0))):
        tap.equal(count.count(test), counts, name)


def test_what_failed_is_told():
    bail = 'Bail out! no program'
    for name, test, told in (
            ('good', ran('1..1\nok 1 - a\n', 'OK'), []),
            ('skipped', ran('1..0 # SKIP no root\n', 'SKIP'), []),
            ('its cases, and no others', ran(MIXED),
             [HEAD, '  not ok 2 - b', '  # got: 1', '  # want: 2', '  not ok 4 - d', '  # why']),
            ('that it bailed out', ran(bail + '\n'), [HEAD, '  ' + bail]),
            ('what it said last', ran('1..3\nok 1 - a\n# 1 s\n'),
             [HEAD, '  1..3', '  ok 1 - a', '  # 1 s']),
            ('what it said of itself', ran('not ok 1 - a\n', stderr='==1== ERROR\n\nat main\n'),
             [HEAD, '  not ok 1 - a', '  stderr:', '  ==1== ERROR', '  ', '  at main']),
            ('what meson says of it, once',
             ran('not ok 1 - a\n', stderr='why\n\n(test program exited with status code 1)'),
             [HEAD, '  not ok 1 - a', '  stderr:', '  why']),
            ('nothing', ran(None), [HEAD])):
        tap.equal(count.failure(test), told, name)


def test_no_case_is_lost_where_much_is_said():
    def case(number, lines):
        return f'not ok {number} - case\n' + ''.join(f'# line {n}\n' for n in range(lines))

    told = count.failure(ran(case(1, 1000)))
    tap.equal(len(told), count.MOST + 1, 'lines of one')
    tap.equal((told[1], told[2], told[-1]), ('  not ok 1 - case', '  # line 0', '  # line 999'))
    tap.includes(told, ['  ... 962 lines ...'])
    told = count.failure(ran(''.join(case(n, 1000) for n in range(100))))
    tap.equal(len(told), 100 * count.LEAST + 1, 'lines of many')
    tap.includes(told, [f'  not ok {n} - case' for n in range(100)])


def test_a_log_is_read():
    tests = [ran('ok 1 - a\n', 'OK'), ran(MIXED), ran('\u2603 \ud800', 'ERROR')]
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / 'testlog.json'
        log.write_text('\n'.join(map(json.dumps, tests)) + '\n', encoding='utf-8')
        done = subprocess.run([sys.executable, count.__file__, 'lan in build/x', log],
                              capture_output=True, check=True)
    tap.equal(done.stdout, b'2 3 1\n', 'counts')
    tap.includes(done.stderr.decode().splitlines(),
                 [f'lan in build/x: {HEAD}', '  not ok 2 - b', '  not ok 4 - d'], 'failures')
    tap.excludes(done.stderr.decode().splitlines(), ['  ok 1 - a'], 'failures')


def test_an_empty_log_is_a_failure():
    with tempfile.NamedTemporaryFile() as log:
        done = subprocess.run([sys.executable, count.__file__, 'x', log.name],
                              capture_output=True, check=True)
    tap.equal(done.stdout, b'0 1 0\n', 'counts')


if __name__ == '__main__':
    tap.main()
