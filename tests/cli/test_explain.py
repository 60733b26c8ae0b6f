# SPDX-License-Identifier: MIT
"""`rules` and `explain`: the catalogue as people read it."""

import re

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
