# SPDX-License-Identifier: MIT
"""`registry`: what is built in, what files say, and what comes out again."""

import json
import os

from cli import ROOT, refused, scratch, sdscope, shared, tap, told, validate, write

RECORD = {'name': 'leaf', 'transport': 'tcp', 'status': 'active', 'description': 'Leaves',
          'txt': {'kind': 'keys', 'open': False,
                  'keys': [{'key': 'name', 'form': {'type': 'text'}}]}}
CSV = 'Service Name,Port Number,Transport Protocol,Description,Assignee,Contact,' \
      'Registration Date,Modification Date,Reference,Service Code,Unauthorized Use Reported,' \
      'Assignment Notes\n'
BUILTIN = 14533     # records of the registry that is compiled in


def registry(*records):
    return {'sdscope_registry': 1, 'title': 'Test', 'updated': None, 'records': list(records)}


def export(*files, options=()):
    named = [word for file in files for word in ('--registry', file)]
    return sdscope.run('registry', 'export', *options, *named).expect(0)


def count(*options):
    """The number of records that `stats` tells."""
    text = sdscope.run('registry', 'stats', *options).expect(0).stdout
    return int(next(l for l in text.splitlines() if l.startswith('records ')).split()[1])


def test_what_is_built_in(folder):
    document = export().report
    tap.equal(len(document['records']), BUILTIN, 'records')
    tap.equal(count(), BUILTIN, 'records that stats counts')
    validate(document, 'registry')


def test_the_excerpt_is_exact_field_by_field(folder):
    labels = json.loads(shared('iana-excerpt-rows.json').read_text(encoding='utf-8'))
    records = export(shared('iana-excerpt.txt')).report['records']
    tap.equal(len(records), len(labels), 'records')
    for record, label in zip(records, labels):
        members = 'name', 'transport', 'description', 'assignee', 'contact', 'registered', \
            'modified', 'status'
        tap.equal({m: record[m] for m in members}, {m: label[m] for m in members}, label['name'])
        tap.equal(record['reference'], [label['reference']] if label['reference'] else [],
                  f"reference of {label['name']}")
        tap.equal(record['ports'], [label['port']] if label['port'] else [],
                  f"ports of {label['name']}")
        tap.equal(record['notes'] or '', label['txt']['note'], f"notes of {label['name']}")
        tap.equal(record['txt']['kind'], label['txt']['kind'], f"kind of {label['name']}")
        tap.equal(record['txt']['keys'], label['txt']['keys'], f"keys of {label['name']}")


@tap.each('iana-2026-08-17.xml', 'iana-2024.csv', 'iana-excerpt.txt')
def test_an_export_of_ianas_file_is_whole_and_comes_back(folder, name):
    exported = export(shared(name))
    tap.equal(exported.stderr, '', 'remarks')
    if name.endswith('.xml'):
        tap.equal(len(exported.report['records']), 14533, 'records')
    again = export(write(folder / 'export.json', exported.output))
    tap.check(again.output == exported.output, 'the export of an export differs from it')
    validate(exported.report if name.endswith('.txt') else
             {**exported.report, 'records': exported.report['records'][::50]}, 'registry')


def test_an_export_of_what_is_built_in_comes_back(folder):
    for options in ((), ('--facts',)):
        exported = export(options=options)
        path = write(folder / 'export.json', exported.output)
        tap.equal(export(path, options=options).output, exported.output, ' '.join(options))


def test_registries_add_up(folder):
    path = write(folder / 'one.json', registry(RECORD))
    tap.equal(count('--registry', path), 1, 'records of a file')
    tap.equal(count('--registry', path, '--registry', 'builtin', '--registry', path), BUILTIN + 2, 'all')
    tap.equal(count('--registry', 'none'), 0, 'records of none')
    tap.equal(export('none').report['records'], [], 'export of none')


def test_a_registry_comes_from_standard_input_too(folder):
    result = sdscope.run('registry', 'show', 'leaf', '--registry', '-',
                         given=json.dumps(registry(RECORD)).encode())
    tap.includes(result.expect(0).stdout, ['leaf over tcp', 'Leaves'], 'text')


def test_show_knows_a_name_in_every_spelling(folder):
    path = write(folder / 'one.json', registry(RECORD))
    shown = sdscope.run('registry', 'show', 'leaf', '--registry', path).expect(0).stdout
    tap.includes(shown, ['leaf over tcp', 'Leaves', 'name', 'text'], 'text')
    for word in ('_leaf', '_leaf._tcp', 'LEAF', '_Leaf._udp'):
        tap.equal(sdscope.run('registry', 'show', word, '--registry', path).expect(0).stdout,
                  shown, word)


def test_show_names_the_persons_of_a_record(folder):
    ann = {'id': 'Ann_Ode', 'name': 'Ann Ode', 'organization': 'Ovens \x1b[31m'}
    works = {'id': 'Works', 'organization': 'Oven Works', 'uri': 'mailto:works&'}
    record = dict(RECORD, assignee='Works, Bo', contact='Ann_Ode, Works')
    path = write(folder / 'one.json', {**registry(record), 'people': [works, ann, {'id': 'Cy'}]})
    shown = sdscope.run('registry', 'show', 'leaf', '--registry', path).expect(0).stdout
    tap.includes(shown, ['Oven Works, Bo\n', 'Ann Ode (Ovens ', '), Oven Works\n'], 'text')
    tap.equal('\x1b' in shown, False, 'an escape sequence in text')
    report = sdscope.run('registry', 'show', 'leaf', '-f', 'json', '--registry', path).report
    tap.equal(report['names'][0]['people'], [works, ann], 'people')


def test_show_of_an_unknown_name_finds_nothing(folder):
    for word in ('frobnicate', '_frobnicate._tcp', '', 'leaf ', '\x1b[31m\n', 'x' * 5000):
        result = sdscope.run('registry', 'show', word).expect(1)
        tap.equal(result.stdout, '', 'standard output')
        told(result, 'not registered')


def test_show_of_known_and_unknown_names_tells_both(folder):
    result = sdscope.run('registry', 'show', 'frobnicate', 'leaf').expect(1)
    tap.includes(result.stdout, ['leaf'], 'text')
    told(result, "'frobnicate'")


def test_list_has_a_line_a_record(folder):
    lines = sdscope.run('registry', 'list').expect(0).stdout.splitlines()
    tap.equal(len(lines) - 1, BUILTIN, 'lines below the heading')
    names = {record['name'] for record in export().report['records'] if record['name']}
    tap.equal(sorted(names - {line.split(' ')[0] for line in lines[1:]}), [], 'names not listed')


UNREADABLE = {
    'empty': b'', 'blank': b'\n \n', 'prose': b'Dear Sir or Madam,\n\nno registry here.\n',
    'binary': bytes(range(256)) * 99, 'NULs': bytes(4096), 'other JSON': b'{"a": 1}',
    'JSON that breaks off': b'{"sdscope_registry": 1, "records": [',
    'JSON without records': b'{"sdscope_registry": 1, "records": []}',
    'JSON of another version': b'{"sdscope_registry": 2, "records": []}',
    'deep JSON': b'{"sdscope_registry": 1, "records": ' + b'[' * 1_000_000,
    'other XML': b'<?xml version="1.0"?><a><b/></a>', 'XML that breaks off': b'<registry><',
    'HTML': b'<!DOCTYPE html><html><body>404</body></html>',
    'entities': b'<!DOCTYPE r [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><registry>&b;</registry>',
    'deep XML': b'<a>' * 1_000_000, 'CSV without rows': CSV.encode(),
}


@tap.each(*UNREADABLE)
def test_what_is_no_registry_is_refused(folder, kind):
    path = write(folder / 'none', UNREADABLE[kind])
    for command in (['registry', 'stats'], ['registry', 'export'], ['check', '_ipp._tcp']):
        result = sdscope.run(*command, '--registry', path).expect(2)
        tap.equal(result.stdout, '', f'{result}\nstandard output')
        lines = result.stderr.splitlines()
        tap.check(lines[0].startswith(f'sdscope: {path}:'), f'{result}\nno place')
        tap.includes(lines[-1], [f"cannot load registry '{path}'"], str(result))
        tap.check(all(line.isprintable() for line in lines), f'{result}\nnot safe')


def test_a_file_that_cannot_be_read(folder):
    for command in (['registry', 'list'], ['check', '_ipp._tcp']):
        for path, why in ((folder / 'absent', 'No such file'), (folder, 'directory'), ('', '')):
            refused(sdscope.run(*command, '--registry', path), f"'{path}'", why)


def test_a_file_that_may_not_be_read(folder):
    locked = write(folder / 'locked', '{}')
    locked.chmod(0)
    if os.access(locked, os.R_OK):
        raise tap.Skip('this user may read every file')
    refused(sdscope.run('registry', 'list', '--registry', locked), 'Permission denied')


def test_a_malformed_row_is_told_and_the_rest_loads(folder):
    rows = {
        'rows.csv': (CSV + 'good,1,tcp,Good,,,,,,,,\nbad,2,quic,Bad,,,,,,,,\nfine,3,udp,,,,,,,,,\n',
                     ':3:'),
        'rows.json': (json.dumps(registry({'name': 'good'})).replace(
            '"records": [', '"records": [\n') .replace(
            ']}', ',\n{"name": 3},\n{"name": "fine"}]}'), ':3:'),
    }
    for name, (text, place) in rows.items():
        path = write(folder / name, text)
        result = sdscope.run('registry', 'export', '--registry', path).expect(0)
        tap.equal([r['name'] for r in result.report['records']], ['good', 'fine'], name)
        told(result, f'{path}{place}')


def test_a_flood_of_bad_rows_is_cut(folder):
    path = write(folder / 'flood.csv', CSV + 'good,1,tcp,,,,,,,,,\n' + 'x,1,quic,,,,,,,,,\n' * 5000)
    result = sdscope.run('registry', 'stats', '--registry', path).expect(0)
    lines = result.stderr.splitlines()
    tap.check(len(lines) < 200, f'{len(lines)} lines of remarks')
    tap.includes(lines[-1], ['more messages left out'], 'last line')


def test_nothing_of_a_file_reaches_the_terminal_raw(folder):
    hostile = 'a\x1b[31m\u202e\x7f\x9b\nb'
    path = write(folder / 'hostile.json', {
        'sdscope_registry': 1, 'title': hostile, 'records': [
            {'name': hostile, 'description': hostile, 'assignee': hostile, 'notes': hostile,
             'reference': [hostile], 'txt': {'kind': 'keys', 'keys': [
                 {'key': hostile, 'form': {'type': 'text', 'about': hostile}}]}}]})
    for action in (['list'], ['stats'], ['show', hostile], ['export']):
        text = sdscope.run('registry', *action, '--registry', path).expect(0).stdout
        raw = {c for c in text if not c.isprintable() and c != '\n'}
        tap.equal(raw, set(), f'{action[0]}: raw characters')
    tap.equal(export(path).report['records'][0]['notes'], hostile, 'notes in JSON')
    report = sdscope.run('check', '_ipp._tcp', '--registry', path).expect(1).stdout
    tap.equal({c for c in report if not c.isprintable() and c != '\n'}, set(), 'in a report')


def test_a_registry_needs_no_title(folder):
    path = write(folder / 'untitled.json', {'sdscope_registry': 1, 'records': [RECORD]})
    text = sdscope.run('check', '_leaf._tcp', '--registry', path).expect(0).stdout
    tap.includes(text, [f'registry: {path} (1 record)'], 'text report')
    report = sdscope.run('check', '-f', 'json', '_leaf._tcp', '--registry', path).report
    tap.equal(report['registry'], [{'title': None, 'updated': None, 'records': 1}], 'JSON report')
    tap.includes(sdscope.run('registry', 'stats', '--registry', path).expect(0).stdout,
                 ['untitled'], 'stats')
    tap.equal(export(path).report['title'], None, 'export')


def test_the_schema_of_the_built_in_source_holds(folder):
    validate(json.loads((ROOT / 'registry/iana.json').read_text(encoding='utf-8')), 'registry')


if __name__ == '__main__':
    tap.main(setup=scratch, needs=sdscope.program)
