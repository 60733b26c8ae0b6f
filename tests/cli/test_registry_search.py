# SPDX-License-Identifier: MIT
"""`registry list`, `search`, `show` and `stats`: what people ask the registry."""

import json

from cli import refused, scratch, sdscope, tap, told, validate, write


def txt(*keys, kind='keys'):
    return {'kind': kind, 'open': False,
            'keys': [{'key': key, 'form': {'type': 'text', 'about': about}}
                     for key, about in keys]}


RECORDS = [
    {'name': 'ipp', 'transport': 'tcp', 'ports': ['631'], 'description': 'Printing',
     'reference': ['RFC8011', 'RFC7472'], 'txt': txt(('rp', 'queue'), ('Color', 'can do colour'))},
    {'name': 'ipp', 'transport': 'udp', 'ports': ['631'], 'description': 'Printing'},
    {'name': 'ipp-usb', 'transport': 'tcp', 'description': 'Printers at a cable',
     'txt': txt(kind='none')},
    {'name': 'cups-ipp', 'transport': 'tcp', 'status': 'retired', 'description': 'Gone'},
    {'name': 'colors', 'description': 'Colours of the ipp'},
    {'name': 'x11', 'transport': 'tcp', 'ports': ['6000-6063'], 'description': 'Windows'},
    {'name': 'www', 'transport': 'tcp', 'ports': ['80'], 'status': 'alias', 'alias_of': 'http'},
    {'name': 'muxer', 'transport': 'sctp', 'ports': ['81'], 'txt': txt(('rpm', 'speed'))},
    {'transport': 'tcp', 'ports': ['0'], 'status': 'reserved', 'description': 'Reserved'},
]


def path_of(folder):
    return write(folder / 'registry.json', {
        'sdscope_registry': 1, 'title': 'Test', 'updated': '2026-08-17', 'records': RECORDS})


def ask(folder, *words, status=0):
    return sdscope.run('registry', *words, '--registry', path_of(folder)).expect(status)


def ask_json(folder, *words, status=0):
    return ask(folder, *words, '-f', 'json', status=status).report


FILTERS = {
    '': range(9),
    '--dnssd': [0, 2, 4, 7],                            # over SCTP it is _udp (RFC 6763 7)
    '--transport tcp': [0, 2, 3, 4, 5, 6, 8],
    '--transport UDP': [1, 4],
    '--transport sctp': [7],
    '--status retired': [3],
    '--status alias': [6],
    '--status not-a-service': [],
    '--port 631': [0, 1],
    '--port 6000': [5],
    '--port 6063': [5],
    '--port 6064': [],
    '--port 0': [8],
    '--with-txt': [0, 2, 7],
    '--with-txt --transport tcp --port 631': [0],
}


@tap.each(*FILTERS)
def test_list_filters(folder, options):
    wanted = [RECORDS[i] for i in FILTERS[options]]
    got = ask_json(folder, 'list', *options.split())['records']
    tap.equal([(r['name'], r['transport'], r['ports']) for r in got],
              [(w.get('name'), w.get('transport'), w.get('ports', [])) for w in wanted], 'records')
    lines = ask(folder, 'list', *options.split()).stdout.splitlines()
    tap.equal(len(lines), len(wanted) + (1 if wanted else 0), 'lines of text')


def test_json_of_a_list_is_a_registry_of_its_own(folder):
    listed = ask_json(folder, 'list')
    validate({'sdscope_registry': 1, 'title': 'x', 'updated': None,
              'records': listed['records']}, 'registry')
    origin, = listed['registry']
    tap.equal(origin, {'title': 'Test', 'updated': '2026-08-17', 'records': 9,
                       'profiles': 0, 'origin': str(folder / 'registry.json')}, 'origin')
    tap.includes(listed['sdscope'], ['version', 'format'], 'program')


SEARCHES = {
    'ipp': ['ipp', 'ipp-usb', 'cups-ipp', 'colors'],    # exact, prefix, inside, description
    'IPP': ['ipp', 'ipp-usb', 'cups-ipp', 'colors'],
    '_ipp': ['ipp', 'ipp-usb', 'cups-ipp', 'colors'],
    'print': ['ipp', 'ipp-usb'],
    'rp': ['ipp', 'muxer'],                             # keys
    'colo': ['colors', 'ipp'],                          # prefix, then a key
    'speed': ['muxer'],                                 # words about a key
    'ipp cable': ['ipp-usb'],                           # all words must fit
    'printing ipp': ['ipp'],
}


@tap.each(*SEARCHES)
def test_search_ranks(folder, words):
    found = ask_json(folder, 'search', *words.split())['names']
    tap.equal([name['name'] for name in found], SEARCHES[words], 'names')
    lines = ask(folder, 'search', *words.split()).stdout.splitlines()
    tap.equal([line.split()[0] for line in lines[1:]], SEARCHES[words], 'names in text')


def test_search_tells_what_fits(folder):
    found = ask_json(folder, 'search', 'ipp')['names']
    tap.equal([name['fits'] for name in found], ['name', 'name', 'name', 'description'], 'fits')
    tap.equal([len(name['records']) for name in found], [2, 1, 1, 1], 'records')
    tap.equal(ask_json(folder, 'search', 'speed')['names'][0]['fits'], 'key', 'fits')
    line = ask(folder, 'search', 'rp').stdout.splitlines()[1]
    tap.includes(line, ['tcp', '631', 'active', 'key', 'Printing'], 'line')


def test_search_that_finds_nothing(folder):
    told(ask(folder, 'search', 'frobnicate', status=1), 'nothing in the registry fits')
    tap.equal(ask_json(folder, 'search', 'frobnicate', status=1)['names'], [], 'names')


def test_show_tells_all(folder):
    text = ask(folder, 'show', '_ipp._tcp').stdout
    tap.includes(text, ['ipp over tcp, port 631 - active', 'ipp over udp', 'Printing', 'RFC8011',
                        'RFC7472', 'rp', 'queue', 'Test, 2026-08-17, 9 records, from '], 'text')
    answer, = ask_json(folder, 'show', '_ipp._tcp')['names']
    tap.equal((answer['name'], len(answer['records']), answer['near']), ('_ipp._tcp', 2, []),
              'answer')
    tap.equal([k['key'] for k in answer['records'][0]['txt']['keys']], ['rp', 'Color'], 'keys')


@tap.each('ip', 'muxor', 'cups', 'x12')
def test_show_of_an_unknown_name_tells_near_ones(folder, word):
    near = {'ip': ['ipp', 'ipp-usb'], 'muxor': ['muxer'], 'cups': ['cups-ipp'], 'x12': ['x11']}
    line = told(ask(folder, 'show', word, status=1), f"not registered: '{word}'")
    tap.includes(line, [f"'{name}'" for name in near[word]], 'near')
    answer, = ask_json(folder, 'show', word, status=1)['names']
    tap.equal(answer['near'], near[word], 'near in JSON')


def test_show_tells_the_profile_beside_ianas_word(folder):
    text = sdscope.run('registry', 'show', 'googlecast').expect(0).stdout
    tap.includes(text, ['googlecast over tcp - active', 'none at all',
                        'googlecast over tcp - profile', 'source', '(required)'], 'text')
    answer, = sdscope.run('registry', 'show', 'googlecast', '-f', 'json').report['names']
    profile, = answer['profiles']
    tap.check(profile['source'] and profile['txt']['keys'], f'profile: {profile}')


def test_lint_tells_faults_with_their_place(folder):
    good = path_of(folder)
    tap.equal(sdscope.run('registry', 'lint', good).expect(0).stdout, '', 'faults')
    bad = write(folder / 'bad.json', '{"sdscope_registry": 1, "records": [\n{"name": 3}]}')
    line = sdscope.run('registry', 'lint', good, bad).expect(1).stdout.splitlines()[0]
    tap.check(line.startswith(f'{bad}:2:'), line)
    faults = sdscope.run('registry', 'lint', bad, '-f', 'json').expect(1).report['faults']
    tap.equal((faults[0]['file'], faults[0]['line']), (str(bad), 2), 'place')
    refused(sdscope.run('registry', 'lint', folder / 'absent'), 'No such file')


def test_stats_count(folder):
    stats = ask_json(folder, 'stats')
    tap.equal({k: stats[k] for k in ('records', 'named', 'names', 'dnssd', 'keys')},
              {'records': 9, 'named': 8, 'names': 7, 'dnssd': 4, 'keys': 3}, 'counts')
    tap.equal(stats['status'], {'active': 6, 'retired': 1, 'reserved': 1, 'alias': 1,
                                'not-a-service': 0}, 'statuses')
    tap.equal(sum(stats['txt'].values()), 9, 'declarations')
    text = ask(folder, 'stats').stdout
    tap.includes(text, ['Test, 2026-08-17, 9 records, from ', 'records                 9'], 'text')


def test_several_registries_are_all_told(folder):
    path = path_of(folder)
    stats = sdscope.run('registry', 'stats', '--registry', path, '--registry', 'builtin', '-f',
                        'json').expect(0).report
    tap.equal([table['origin'] for table in stats['registry']], [str(path), 'builtin'], 'origins')


@tap.each('stats --dnssd', 'show ipp --port 3', 'search x --facts', 'list --url https://x/',
          'export -f json', 'update --registry none', 'diff a b --registry none')
def test_an_option_of_another_action_is_refused(folder, line):
    action, *words = line.split()
    refused(sdscope.run('registry', action, *words), f'registry {action} has no option')


@tap.each('list x', 'stats x', 'export x', 'update x', 'show', 'search', 'diff a', 'diff a b c',
          'draft a b')
def test_the_number_of_arguments(folder, line):
    refused(sdscope.run('registry', *line.split()), f'registry {line.split()[0]}: ')


@tap.each('--transport morse', '--status fine', '--port 65536', '--port x', '-f csv')
def test_values_that_make_no_sense(folder, options):
    refused(sdscope.run('registry', 'list', *options.split()), repr(options.split()[1]))


def test_help_of_an_action_names_its_options_alone(folder):
    text = sdscope.run('registry', 'list', '--help').expect(0).stdout
    tap.check(text.startswith('Usage: sdscope registry list [OPTION...]\n'), text[:60])
    tap.includes(text, ['--dnssd', '--with-txt', '--color', '--help'], 'options')
    tap.excludes(text, ['--url', '--assignee', '--facts'], 'options')
    tap.equal(sdscope.run('help', 'registry', 'list').expect(0).stdout, text, 'help')


@tap.each('list', 'search', 'show', 'stats', 'diff', 'draft')
def test_nothing_of_a_file_reaches_the_terminal_raw(folder, action):
    hostile = 'a\x1b[31m\u202e\x7f\x9b\nb'
    record = {'name': hostile, 'description': hostile, 'assignee': hostile, 'notes': hostile,
              'reference': [hostile], 'alias_of': hostile, 'txt': txt((hostile, hostile))}
    paths = [write(folder / f'{i}.json', {
        'sdscope_registry': 1, 'title': hostile, 'records': [
            record, {**record, 'name': 'same', 'description': f'{i}{hostile}'}]}) for i in (1, 2)]
    words = {'search': [hostile], 'show': [hostile], 'diff': paths,
             'draft': [hostile, '--assignee', hostile]}.get(action, [])
    named = [] if action == 'diff' else ['--registry', paths[0]]
    for form in ('text', 'json'):
        result = sdscope.run('registry', action, *words, *named, '-f', form).expect(0, 1)
        raw = {c for c in result.stdout + result.stderr if not c.isprintable() and c != '\n'}
        tap.equal(raw, set(), f'{form}: raw characters')
        if form == 'json':
            json.loads(result.stdout)


if __name__ == '__main__':
    tap.main(setup=scratch, needs=sdscope.program)
