# SPDX-License-Identifier: MIT
"""`registry diff`: what was added, removed and changed."""

import copy

from cli import refused, scratch, sdscope, shared, tap, write

OLD = [
    {'name': 'alpha', 'transport': 'tcp', 'ports': ['1'], 'assignee': 'A', 'description': 'One',
     'notes': 'Defined TXT keys: u, p', 'txt': {'kind': 'keys', 'open': False, 'keys': [
         {'key': 'u', 'form': {'type': 'text'}}, {'key': 'p', 'form': {'type': 'text'}}]}},
    {'name': 'alpha', 'transport': 'udp', 'ports': ['1'], 'assignee': 'A'},
    {'name': 'beta', 'transport': 'tcp', 'ports': ['7'], 'description': 'A long word about it.'},
    {'name': 'beta', 'transport': 'tcp', 'ports': ['8']},
    {'name': 'gamma'},
    {'transport': 'tcp', 'ports': ['100']},
]


def document(records, title='Test'):
    return {'sdscope_registry': 1, 'title': title, 'updated': None, 'records': records}


def diff(folder, new, old=OLD, status=1):
    paths = [write(folder / f'{name}.json', document(records))
             for name, records in (('old', old), ('new', new))]
    told = sdscope.run('registry', 'diff', *paths, '-f', 'json').expect(status).report
    text = sdscope.run('registry', 'diff', *paths).expect(status).stdout
    counts = ', '.join(f'{len(told[k])} {k}' for k in ('added', 'removed', 'changed'))
    tap.includes(text, [f'\n{counts}\n'], 'text')
    return told, text


def changed(**members):
    new = copy.deepcopy(OLD)
    new[0].update(members)
    return new


def test_no_difference(folder):
    told, _ = diff(folder, OLD, status=0)
    tap.equal([told['added'], told['removed'], told['changed']], [[], [], []], 'differences')


def test_the_order_of_records_is_none(folder):
    diff(folder, OLD[::-1], status=0)


def test_added_and_removed(folder):
    told, text = diff(folder, OLD[1:4] + OLD[5:] + [{'name': 'delta', 'transport': 'sctp'},
                                                    {'transport': 'tcp', 'ports': ['101']}],
                      old=[r for r in OLD if r.get('name') != 'alpha' or r['transport'] == 'udp'])
    tap.equal([r['name'] for r in told['added']], ['delta', None], 'added')
    tap.equal([r['name'] for r in told['removed']], ['gamma'], 'removed')
    tap.includes(text, ['- gamma\n', '+ delta over sctp\n', '+ (no name) over tcp, port 101\n'],
                 'text')


MEMBERS = {
    'description': ('Uno', 'description: One -> Uno'),
    'assignee': (None, 'assignee: A -> nothing'),
    'registered': ('2020-02-02', None),
    'reference': (['RFC1'], None),
    'status': ('retired', 'status: active -> retired'),
    'txt': ({'kind': 'none', 'open': False, 'keys': []}, 'txt: keys: u (text), p (text) -> none'),
    'notes': ('None any more', 'notes: Defined TXT keys: u, p -> None any more'),
}


@tap.each(*MEMBERS)
def test_a_changed_member(folder, member):
    value, line = MEMBERS[member]
    old = copy.deepcopy(OLD)
    old[2].update({'registered': '2000-01-01', 'reference': ['RFC9'], 'assignee': 'B'})
    new = copy.deepcopy(old)
    new[0][member] = value
    new[2]['notes'] = old[2]['notes'] = 'kept'
    told, text = diff(folder, new, old=old)
    tap.equal((told['added'], told['removed']), ([], []), 'others')
    entry, = told['changed']
    tap.equal([entry[k] for k in ('name', 'transport', 'ports')], ['alpha', 'tcp', ['1']], 'record')
    tap.equal(list(entry['changes']), [member], 'members')
    tap.includes(text, ['! alpha over tcp, port 1\n'] + ([f'    {line}\n'] if line else []), 'text')


def test_a_changed_port_is_no_other_record(folder):
    new = copy.deepcopy(OLD)
    new[3]['ports'] = ['9']
    told, text = diff(folder, new)
    entry, = told['changed']
    tap.equal(entry['changes'], {'ports': {'from': ['8'], 'to': ['9']}}, 'changes')
    tap.includes(text, ['! beta over tcp, port 9\n    ports: 8 -> 9\n'], 'text')


def test_lines_may_break_elsewhere(folder):
    diff(folder, changed(notes='Defined  TXT\n keys: u, p '), status=0)


def test_what_one_side_never_has_is_not_compared(folder):
    facts = [{k: v for k, v in r.items() if k not in ('notes', 'assignee')} for r in OLD]
    facts[2].pop('description')                  # no short title
    told, text = diff(folder, facts, status=0)
    tap.equal(told['changed'], [], 'changed')
    tap.includes(text, ['not compared: assignee, of which the new one has nothing\n',
                        'not compared: notes, of which the new one has nothing\n'], 'text')


def test_facts_of_ianas_registry_differ_in_nothing(folder):
    path = shared('iana-2026-08-17.xml')
    facts = sdscope.run('registry', 'export', '--facts', '--registry', path).expect(0)
    told = sdscope.run('registry', 'diff', path, write(folder / 'facts.json', facts.output), '-f',
                       'json').report
    tap.equal([len(told[k]) for k in ('added', 'removed', 'changed')], [0, 0, 0], 'differences')


def test_two_years_of_iana(folder):
    old, new = shared('iana-2024.csv'), shared('iana-2026-08-17.xml')
    told = sdscope.run('registry', 'diff', old, new, '-f', 'json').expect(1).report
    counts = {k: len(told[k]) for k in ('added', 'removed', 'changed')}
    grown = told['new'][0]['records'] - told['old'][0]['records']
    tap.equal(counts['added'] - counts['removed'], grown, 'growth')
    tap.check(0 < counts['changed'] < 200, f'changed: {counts}')


@tap.each('none', 'absent', '')
def test_what_cannot_be_read(folder, word):
    if word == 'none':
        sdscope.run('registry', 'diff', 'none', 'none').expect(0)
    else:
        refused(sdscope.run('registry', 'diff', 'builtin', word), repr(word))


if __name__ == '__main__':
    tap.main(setup=scratch, needs=sdscope.program)
