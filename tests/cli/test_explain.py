# SPDX-License-Identifier: MIT
"""`rules` and `explain`: the catalogue as people read it."""

import re
import shutil
import subprocess
from pathlib import Path

from cli import refused, sdscope, tap

COLUMNS = re.compile(r'^(SD\d{3}) +(\S+) +(\w+) +(\w+) +(yes|no) +(\S.*)$')


def listed():
    """(id, name, author's severity, LAN's severity, runs, text) of each rule."""
    head, *lines = sdscope.run('rules').expect(0).stdout.splitlines()
    tap.equal(head.split(), ['ID', 'NAME', 'CHECK', 'AUDIT', 'RUNS', 'FAULT'], 'heading')
    matches = [COLUMNS.match(line) for line in lines]
    tap.check(all(matches), f'lines: {[l for l, m in zip(lines, matches) if not m]}')
    return [m.groups() for m in matches]


def explained(*words):
    return sdscope.run('explain', *words).expect(0).stdout


def test_rules_are_in_order_and_named_once():
    ids, names = zip(*(row[:2] for row in listed()))
    tap.equal(list(ids), sorted(set(ids)), 'ids')
    tap.equal(len(set(names)), len(names), 'names')
    tap.check(len(ids) > 50, 'rules')


def test_every_rule_explains():
    for id_, name, author, lan, runs, text in listed():
        told = explained(id_)
        tap.check(told.startswith(f'{id_} {name}\n{text}\n'), f'{id_}: {told[:120]!r}')
        for pattern in (rf'^  check +{author}$', rf'^  audit +{lan}$', r'^  reference +\S'):
            tap.check(re.search(pattern, told, re.MULTILINE), f'{id_}: no {pattern!r}')
        tap.equal(f'--enable {id_}' in told, runs == 'no', f'{id_} tells how to run it')
        tap.check(len(told.splitlines()) > 8, f'{id_}: {told}')


def test_a_rule_goes_by_id_and_name_in_any_case():
    for id_, name, *_ in listed():
        tap.equal(explained(name), explained(id_), name)
    tap.equal(explained('sd325'), explained('SD325'), 'sd325')
    tap.equal(explained('TXT-Key-Duplicate'), explained('SD325'), 'TXT-Key-Duplicate')


def test_several_rules_stand_apart():
    tap.equal(explained('SD101', 'SD102'), explained('SD101') + '\n' + explained('SD102'), 'two')


def test_an_unknown_rule_among_others_does_not_hide_them():
    result = sdscope.run('explain', 'SD101', 'SD000', 'SD102').expect(2)
    tap.equal(result.stdout, explained('SD101', 'SD102'), 'those that are known')
    tap.includes(result.stderr, ["unknown rule 'SD000'"], 'standard error')


def test_rules_as_json():
    rules = sdscope.run('rules', '-f', 'json').expect(0).report['rules']
    tap.equal([(r['rule'], r['name'], r['check'], r['audit'], 'yes' if r['enabled'] else 'no',
                r['text']) for r in rules], listed(), 'rules')
    for rule in rules:
        tap.check(all(rule['needs']), f'{rule["rule"]}: evidence without a name: {rule["needs"]}')
        tap.check(rule['hint'] and rule['reference'], f'{rule["rule"]}: no hint or no reference')
    one = sdscope.run('explain', '-f', 'json', 'sd325', 'SD101').expect(0).report['rules']
    tap.equal(one, [r for id_ in ('SD325', 'SD101') for r in rules if r['rule'] == id_], 'explain')


def test_an_unknown_rule_in_json():
    result = sdscope.run('explain', '-f', 'json', 'SD000', 'SD101').expect(2)
    tap.equal([r['rule'] for r in result.report['rules']], ['SD101'], 'those that are known')


def test_the_manual_has_every_rule():
    page = Path(sdscope.program()).parent / 'man/sdscope-rules.7'
    if not page.exists():
        raise tap.Skip(f'no {page}')
    text = page.read_text(encoding='utf-8')
    tap.equal(re.findall(r'^\.Ss (SD\d{3}) (\S+)$', text, re.MULTILINE),
              [row[:2] for row in listed()], 'sections')
    tap.equal([line for line in text.splitlines() if not line], [], 'empty lines')
    if shutil.which('groff'):
        said = subprocess.run(['groff', '-mdoc', '-ww', '-z', page], capture_output=True, text=True,
                              check=True)
        tap.equal(said.stderr, '', 'what groff says of it')


@tap.each('', 'SD', '101', 'SD1O1', 'SD0101', 'SD101 ', 'x' * 100_000)
def test_what_is_no_rule_is_refused(word):
    refused(sdscope.run('explain', word), 'unknown rule')


def test_colour_is_for_those_who_ask():
    plain, coloured = explained('SD101'), explained('--color', 'always', 'SD101')
    tap.excludes(plain, ['\x1b'], 'without')
    tap.equal(re.sub(r'\x1b\[[0-9;]*m', '', coloured), plain, 'text')
    tap.includes(coloured, ['\x1b[1m'], 'with')


if __name__ == '__main__':
    tap.main(needs=sdscope.program)
