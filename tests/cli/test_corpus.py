# SPDX-License-Identifier: MIT
"""The corpus through the program: each rule finds its bad service and spares its good one."""

import json
import re

from cli import ROOT, report, rules, sdscope, tap

CORPUS = ROOT / 'tests/corpus'
FILES = sorted((CORPUS / 'rules').glob('SD*'))
RULES = sorted({path.name.split('-')[0] for path in FILES})

VECTORS = json.loads((CORPUS / 'boundaries.json').read_text(encoding='utf-8'))
BOUNDARIES = [vector['about'] for vector in VECTORS]

COMMENTS = {'.service': r'<!-- expect:(.*)-->', '.zone': r'; expect:(.*)'}


def expected_of(path):
    """The rules that a file is said to break: a member of JSON, else in a comment of its own."""
    text = path.read_text(encoding='utf-8')
    if path.suffix == '.json':
        return json.loads(text)['expect']
    return re.search(COMMENTS[path.suffix], text).group(1).split()


# What a file may bring along: SDnnn-bad.expected.json is the --expect of SDnnn-bad.json.
COMPANIONS = {'--expect': '.expected.json', '--policy': '.policy.json'}


def companions(path):
    given = {option: path.with_suffix(suffix) for option, suffix in COMPANIONS.items()}
    return [word for option, file in given.items() if file.exists() for word in (option, file)]


def judged(path):
    """The rules that a file is said to break, and those that it and its services break."""
    found = report('--all-rules', '--registry', CORPUS / 'registry.json', '--from', path,
                   *companions(path))
    broken = {rule for part in ('services', 'files') for item in found.get(part, [])
              for rule in rules(item)}
    return sorted(expected_of(path)), sorted(broken)


def needs_reader(path):
    """Zone files are read where ldns was there to build with."""
    if path.suffix == '.zone':
        given = sdscope.run('check', '--from', path)
        if 'without ldns' in given.stderr:
            raise tap.Skip('this build reads no zone files')


@tap.each(*RULES)
def test_rule(rule):
    for kind in ('bad', 'good'):
        paths = [path for path in FILES if path.stem == f'{rule}-{kind}']
        tap.check(paths, f'no file {rule}-{kind}')
        for path in paths:
            needs_reader(path)
            expected, found = judged(path)
            tap.equal(found, expected, f'rules of {path.name}')
            tap.equal(rule in found, kind == 'bad', f'{rule} in {path.name}')


@tap.each(*BOUNDARIES)
def test_boundary(about):
    vector = next(v for v in VECTORS if v['about'] == about)
    found = report('--all-rules', '--registry', CORPUS / 'registry.json', '--from', '-',
                   given=json.dumps(vector).encode())
    tap.equal(sorted(set(rules(found['services'][0]))), sorted(vector['expect']), 'rules')


def test_every_rule_has_its_files():
    listed = [line.split()[0] for line in sdscope.run('rules').expect(0).stdout.splitlines()[1:]]
    tap.equal(RULES, listed, 'rules')


if __name__ == '__main__':
    tap.main(needs=sdscope.program)
