# SPDX-License-Identifier: MIT
"""Advertisements as devices send them, with names and numbers that are invented: nothing is wrong
with them but what their files expect.

`expect` of a service lists the rules that it breaks as an author's: by their letter, since such
names are too long or too odd for RFC 6335, or with warnings that are right.
"""

import json

from cli import ROOT, report, tap

WORLD = {path.stem: path for path in sorted((ROOT / 'tests/corpus/world').glob('*.json'))}
BY_LETTER = {'SD102', 'SD103'}          # names of types, which nobody can change any more


def broken(service, *severities):
    return sorted({f['rule'] for f in service['findings'] if f['severity'] in severities})


def judged(device, strictness):
    """The services of a file as they are there, each with what was found in it."""
    path = WORLD[device]
    found = report('--registry', 'builtin', '--strictness', strictness, '--from', path)
    tap.equal(found.get('files', []), [], 'faults of the file')
    services = json.loads(path.read_text(encoding='utf-8'))
    tap.equal(len(found['services']), len(services), 'services')
    for service in services:
        name = f"{service['instance']}.{service['type']}"
        same = [s for s in found['services'] if f"{s['instance']}.{s['type']}" == name]
        tap.equal(len(same), 1, f'services called {name}')
        yield name, set(service.get('expect', [])), same[0]


@tap.each(*WORLD)
def test_an_author_is_told_what_is_wrong_and_no_more(device):
    for name, expected, service in judged(device, 'author'):
        tap.equal(broken(service, 'error', 'warning'), sorted(expected), f'rules broken by {name}')
        tap.equal(broken(service, 'error'), sorted(expected & BY_LETTER), f'errors of {name}')


@tap.each(*WORLD)
def test_a_lan_is_told_less(device):
    for name, expected, service in judged(device, 'lan'):
        more = set(broken(service, 'error', 'warning')) - expected
        tap.equal(sorted(more), [], f'rules broken by {name} that an author is not told')
        tap.equal(broken(service, 'error'), sorted(expected & BY_LETTER), f'errors of {name}')


def test_the_world_is_large():
    types = {s['type'] for path in WORLD.values()
             for s in json.loads(path.read_text(encoding='utf-8'))}
    tap.check(len(types) >= 150, f'{len(types)} types')


if __name__ == '__main__':
    from lib import sdscope
    tap.main(needs=sdscope.program)
