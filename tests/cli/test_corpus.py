# SPDX-License-Identifier: MIT
"""The corpus through the program: each rule finds its bad service and spares its good one."""

import json

from cli import ROOT, rules, sdscope, service, tap

CORPUS = ROOT / 'tests/corpus'
RULES = sorted({path.name.split('-')[0] for path in (CORPUS / 'rules').glob('*.json')})


def judged(path):
    """The rules that a file is said to break, and those that it breaks."""
    found = service('--all-rules', '--registry', CORPUS / 'registry.json', '--from', path)
    return sorted(json.loads(path.read_text(encoding='utf-8'))['expect']), sorted(set(rules(found)))


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
