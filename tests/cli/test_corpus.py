# SPDX-License-Identifier: MIT
"""The corpus through the program: each rule finds its bad service and spares its good one."""

import json

from cli import ROOT, report, rules, sdscope, tap

CORPUS = ROOT / 'tests/corpus'
RULES = sorted({path.name.split('-')[0] for path in (CORPUS / 'rules').glob('SD*')})


def companions(path):
    """What a file brings along: SDnnn-bad.expected.json is the --expect of SDnnn-bad.json."""
    expected = path.with_suffix('.expected.json')
    return ['--expect', expected] if expected.exists() else []


def judged(path):
    """The rules that a file is said to break, and those that it breaks."""
    found = report('--all-rules', '--registry', CORPUS / 'registry.json', '--from', path,
                   *companions(path))
    broken = {rule for part in ('services', 'files') for item in found.get(part, [])
              for rule in rules(item)}
    return sorted(json.loads(path.read_text(encoding='utf-8'))['expect']), sorted(broken)


@tap.each(*RULES)
def test_rule(rule):
    for kind in ('bad', 'good'):
        expected, found = judged(CORPUS / 'rules' / f'{rule}-{kind}.json')
        tap.equal(found, expected, f'rules of {rule}-{kind}.json')
        tap.equal(rule in found, kind == 'bad', f'{rule} in {rule}-{kind}.json')


def test_every_rule_has_its_files():
    listed = [line.split()[0] for line in sdscope.run('rules').expect(0).stdout.splitlines()[1:]]
    tap.equal(RULES, listed, 'rules')


if __name__ == '__main__':
    tap.main(needs=sdscope.program)
