# SPDX-License-Identifier: MIT
"""`registry draft`: an application to IANA by RFC 6335 section 8.1.1."""

from cli import fresh, rdata, refused, scratch, sdscope, tap, write

WHOLE = ['--assignee', 'A <a@example.org>', '--contact', 'C <c@example.org>', '--description',
         'Leaves that fall', '--reference', 'https://example.org/leaf']
FIELDS = ['Service Name', 'Transport Protocol(s)', 'Assignee', 'Contact', 'Description',
          'Reference', 'Port Number', 'Service Code', 'Known Unauthorized Uses',
          'Assignment Notes']


def draft(*words, status=0, **options):
    return sdscope.run('registry', 'draft', *words, '-f', 'json', **options).expect(status).report


def test_a_whole_one(folder):
    text = sdscope.run('registry', 'draft', '_fall-leaf._udp', *WHOLE).expect(0).stdout
    lines = dict(line.split(': ', 1) for line in text.splitlines()[3:])
    tap.equal(list(lines), FIELDS, 'fields')
    tap.equal([lines[f] for f in FIELDS[:6]],
              ['fall-leaf', 'UDP', *WHOLE[1::2]], 'values')
    tap.excludes(text, ['MISSING', 'PROBLEM'], 'marks')
    told = draft('_fall-leaf._udp', *WHOLE)
    tap.equal((told['missing'], told['problems']), ([], []), 'JSON')
    tap.equal(told['template']['service_name'], 'fall-leaf', 'name')


def test_what_is_missing_is_marked(folder):
    text = sdscope.run('registry', 'draft', 'fall-leaf').expect(1).stdout
    marked = [line.split(':')[0] for line in text.splitlines() if '[MISSING' in line]
    tap.equal(marked, FIELDS[1:6], 'marked')
    tap.equal(draft(status=1)['missing'],
              ['service_name', 'transport_protocols', 'assignee', 'contact', 'description',
               'reference'], 'missing')


def test_options_fill_it(folder):
    told = draft('_fall-leaf._udp', '--transport', 'dccp', '--port', '4711', *WHOLE, status=1)
    tap.equal(told['template']['transport_protocols'], 'DCCP', 'transport')
    tap.equal(told['template']['port_number'], '4711', 'port')
    tap.equal(told['missing'], ['service_code'], 'missing')       # DCCP alone needs one
    tap.equal(draft('x-leaf', '--transport', 'tcp', '--assignee', '', status=1)['missing'][0],
              'assignee', 'an empty value is none')


def test_a_service_fills_it(folder):
    path = write(fresh(folder) / 'service.json', {
        'type': '_fall-leaf._tcp', 'port': 4711, 'instance': 'Mine',
        'txt_hex': rdata('txtvers=1', 'Name=x', '', '=odd', 'name=again', 'flag')})
    told = draft('--from', path, *WHOLE)
    tap.equal(told['template']['service_name'], 'fall-leaf', 'name')
    tap.equal(told['template']['assignment_notes'], 'Defined TXT keys: txtvers, Name, flag', 'keys')
    tap.equal(told['template']['port_number'], None, 'the port of one service is no application')
    tap.equal(draft('_other._udp', '--from', path, *WHOLE)['template']['service_name'], 'other',
              'arguments count more')
    piped = draft('--from', '-', *WHOLE, given=path.read_bytes())
    tap.equal(piped['template'], told['template'], 'from standard input')


def test_its_notes_are_understood_when_registered(folder):
    path = write(fresh(folder) / 'service.json',
                 {'type': '_fall-leaf._tcp', 'txt_hex': rdata('a=1', 'b=2')})
    notes = draft('--from', path, *WHOLE)['template']['assignment_notes']
    csv = write(folder / 'r.csv', 'Service Name,Port Number,Transport Protocol,Description,'
                'Assignee,Contact,Registration Date,Modification Date,Reference,Service Code,'
                f'Unauthorized Use Reported,Assignment Notes\nfall-leaf,,tcp,,,,,,,,,"{notes}"\n')
    record, = sdscope.run('registry', 'list', '-f', 'json', '--registry', csv).report['records']
    tap.equal([k['key'] for k in record['txt']['keys']], ['a', 'b'], 'keys')


def test_no_keys_and_unknown_keys(folder):
    for service, notes in (({'txt_hex': ''}, 'Defined TXT keys: None'), ({}, None)):
        path = write(fresh(folder) / 'service.json', {'type': '_fall-leaf._tcp', **service})
        tap.equal(draft('--from', path, *WHOLE)['template']['assignment_notes'], notes, 'notes')


PROBLEMS = {
    'a-name-of-17-byte': '15 bytes', '1234': 'letter', 'two--hyphens': 'hyphens',
    'under_score': '', 'edge-': 'ends with',
}


@tap.each(*PROBLEMS)
def test_a_name_that_cannot_be_had(folder, name):
    told = draft(name, '--transport', 'tcp', *WHOLE, status=1)
    tap.equal(told['missing'], [], 'missing')
    tap.check(told['problems'] and PROBLEMS[name] in ' '.join(told['problems']),
              f"problems: {told['problems']}")


def test_a_name_that_others_have(folder):
    told = draft('leaf', '--transport', 'tcp', *WHOLE, status=1)
    tap.includes(told['problems'][0], ['registered already'], 'problem')
    text = sdscope.run('registry', 'draft', 'leaf').expect(1).stdout
    tap.includes(text, ['[PROBLEM: the name is registered already'], 'text')


def test_it_is_for_one_service(folder):
    path = write(fresh(folder) / 'two.json', [{'type': '_a._tcp'}, {'type': '_b._tcp'}])
    refused(sdscope.run('registry', 'draft', '--from', path), 'has 2 services')
    refused(sdscope.run('registry', 'draft', '--from', path, '--from', path), 'one --from')
    refused(sdscope.run('registry', 'draft', '--from', folder / 'absent'), 'No such file')


if __name__ == '__main__':
    tap.main(setup=scratch, needs=sdscope.program)
