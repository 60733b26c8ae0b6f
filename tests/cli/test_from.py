# SPDX-License-Identifier: MIT
"""`check --from`: services in files of JSON, good and bad."""

import json
import os

from cli import (ROOT, fresh, rdata, refused, report, rules, scratch, sdscope, service, tap,
                 told, validate, write)

IPP = {'instance': 'One', 'type': '_ipp._tcp', 'port': 631}
WHOLE = {
    'instance': 'Büro', 'type': '_ipp._tcp', 'subtypes': ['_print'], 'domain': 'local',
    'host': 'printer.local', 'port': 631, 'priority': 1, 'weight': 2, 'ttl': 4500,
    'addresses': ['192.0.2.7', '2001:db8::1'], 'txt_hex': '09747874766572733d31026b3d03a13dff00',
    'sightings': [{'interface': 'eth0', 'family': 'ipv4'}], 'order_trusted': False,
}


def names(*arguments, **options):
    return [s.get('instance') for s in report(*arguments, **options)['services']]


def test_one_object(folder):
    tap.equal(names('--from', write(folder / 'one.json', IPP)), ['One'], 'instances')


def test_an_array_and_lines(folder):
    many = [{**IPP, 'instance': name} for name in 'abc']
    array = write(folder / 'array.json', many)
    lines = write(folder / 'lines.json', '\n'.join(map(json.dumps, many)) + '\n\n')
    pretty = write(folder / 'pretty.json', json.dumps(many, indent=4))
    for path in (array, lines, pretty):
        tap.equal(names('--from', path), ['a', 'b', 'c'], path.name)
    tap.equal(names('--from', array, '--from', lines), list('abcabc'), 'several files')


def test_standard_input(folder):
    tap.equal(names('--from', '-', given=json.dumps(IPP).encode()), ['One'], 'instances')


def test_every_member_comes_back_as_it_was(folder):
    found = service('--from', write(folder / 'whole.json', WHOLE))
    tap.equal({k: found[k] for k in WHOLE}, WHOLE, 'service')


RECORDS = {
    'type': '_ipp._tcp', 'srv_count': 2, 'host_cname': 'other.local', 'ptr_type': '_http._tcp.local',
    'txt_hex': '0161', 'txt_records_hex': ['0161', '', '03623d31'],
    'ttl': {'ptr': 4500, 'srv': 10}, 'cache_flush': {'ptr': True, 'srv': False},
    'meta_ptr': ['_a._b._c.local'], 'packet_faults': ['response-id', 'record-updated-often'],
    'packet_senders': [
        {'address': '192.0.2.7', 'interface': 'eth0', 'port': 49152, 'faults': ['response-id']},
        {'address': 'fe80::7', 'faults': ['record-updated-often']}],
    'interface': {'name': 'eth0', 'prefixes': ['192.0.2.0/24', 'fe80::/64']},
}


def test_every_record_comes_back_as_it_was(folder):
    found = service('--from', write(folder / 'records.json', RECORDS))
    tap.equal({k: found[k] for k in RECORDS}, RECORDS, 'service')
    validate(sdscope.run('check', '-f', 'json', '--from', folder / 'records.json').report, 'report')


def test_records_may_be_written_in_capitals(folder):
    given = {'type': '_ipp._tcp', 'ttl': {'SRV': 10, 'PTR': 4500}, 'cache_flush': {'AAAA': False}}
    found = service('--from', write(folder / 'records.json', given))
    tap.equal([found['ttl'], found['cache_flush']],
              [{'ptr': 4500, 'srv': 10}, {'aaaa': False}], 'members')


def test_each_txt_record_is_checked(folder):
    given = {**RECORDS, 'txt_records_hex': [rdata('=a'), rdata('a', '=b', 'A'), '']}
    found = service('--from', write(folder / 'records.json', given), '--registry', 'none')
    tap.equal([(f['rule'], f.get('record'), f['offset']) for f in found['findings']
               if f['part'] == 'txt'],
              [('SD302', 2, None), ('SD321', None, 0), ('SD321', 1, 2), ('SD325', 1, 5),
               ('SD405', None, None)], 'findings')
    tap.equal([f['message'][:13] for f in found['findings'] if f.get('record') == 2],
              ['TXT record 3:'], 'message')


PEER = {'instance': 'One', 'type': '_ipp._tcp', 'host': 'a.local'}
OTHER = {**PEER, 'instance': 'ONE', 'host': 'b.local'}


def compared(folder, *services):
    """The rules that compare services and are broken, or None where one was not evaluated."""
    path = write(folder / 'peers.json', list(services))
    found = report('--registry', 'none', '--from', path)
    unknown = found['summary']['not_evaluated']
    return [[rule for rule in rules(s) if rule.startswith('SD7')] for s in found['services']], \
        [unknown.get('SD701', 0), unknown.get('SD703', 0)]


def test_services_of_a_file_are_compared_on_their_interfaces(folder):
    link = {'interface': {'name': 'eth0'}}
    away = {'sightings': [{'interface': 'wlan0', 'family': 'ipv6'}]}
    both = [['SD701'], ['SD701']], [0, 0]
    tap.equal(compared(folder, {**PEER, **link}, {**OTHER, **link}), both, 'one interface')
    tap.equal(compared(folder, {**PEER, **link}, {**OTHER, **away}), ([[], []], [0, 0]), 'two')
    tap.equal(compared(folder, PEER, OTHER), ([[], []], [2, 2]), 'none known')
    tap.equal(compared(folder, {**PEER, **link}, OTHER), ([[], []], [1, 1]), 'one known')
    tap.equal(compared(folder, {**PEER, **link}), ([[]], [1, 1]), 'one service')
    tap.equal(compared(folder, {**PEER, **link}, {**OTHER, **link, 'host': 'A.Local.'}),
              ([[], []], [0, 0]), 'one host')
    looks = [{**PEER, **link, 'instance': name} for name in ('Stra\u00dfe', 'STRASSE', 'Strase')]
    tap.equal(compared(folder, *looks), ([['SD703'], ['SD703'], []], [0, 0]), 'lookalikes')


def test_the_lines_of_a_stream_are_of_no_scan(folder):
    link = {'interface': {'name': 'eth0'}}
    lines = [{**PEER, **link}, [{**PEER, **link}, {**OTHER, **link}], {**OTHER, **link}]
    path = write(folder / 'lines.ndjson', '\n'.join(map(json.dumps, lines)))
    found = report('--registry', 'none', '--from', path)
    tap.equal([rules(s) for s in found['services']], [[], ['SD701'], ['SD701'], []], 'rules')
    tap.equal(found['summary']['not_evaluated']['SD701'], 2, 'not evaluated')


def test_listed_peers_are_compared_without_an_interface(folder):
    tap.equal(compared(folder, {**PEER, 'peers': [OTHER]}), ([['SD701']], [0, 0]), 'unknown')
    tap.equal(compared(folder, {**PEER, 'peers': []}), ([[]], [0, 0]), 'none')
    tap.equal(compared(folder, {**PEER, 'interface': 'a', 'peers': [OTHER]}),
              ([['SD701']], [0, 0]), 'one known')
    tap.equal(compared(folder, {**PEER, 'interface': 'a', 'peers': [{**OTHER, 'interface': 'b'}]}),
              ([[]], [0, 0]), 'two')
    path = write(folder / 'again.json', {**PEER, 'peers': [OTHER]})
    again = sdscope.run('check', '-f', 'json', '--from', path).expect(1).output
    validate(json.loads(again), 'report')
    tap.equal(compared(folder, *json.loads(again)['services']), ([['SD701']], [0, 0]), 'again')


def placeless(services):
    """Services without the places where they stood in their files."""
    def strip(members, *names):
        return {name: value for name, value in members.items() if name not in names}
    return [{**strip(s, 'file'), 'findings': [strip(f, 'line', 'column') for f in s['findings']]}
            for s in services]


def test_places_in_the_file(folder):
    lines = ['[{"type": "_ipp._tcp", "txt": ["a=1",', '   "=b"],', ' "subtypes": ["_x1", "x"],',
             ' "port": 0}, ', '', '{"type": "_http._tcp",', '  "txt_hex": "05"}]']
    path = write(folder / 'places.json', '\n'.join(lines))
    found = report('--registry', 'none', '--from', path)['services']
    tap.equal([s['file'] for s in found], [{'path': str(path), 'line': 1, 'column': 2},
                                           {'path': str(path), 'line': 6, 'column': 1}], 'services')
    tap.equal([(f['rule'], f['line'], f['column']) for s in found for f in s['findings']],
              [('SD122', 3, 22), ('SD321', 2, 4), ('SD402', 4, 10), ('SD303', 7, 14)], 'findings')
    lines = ['{"type": "_ipp._tcp", "txt_strings_hex": [', '  "61",', f'  "{"62" * 256}",', '  "3d"],',
             ' "txt": ["=x"], "host": "a.local", "srv_count": 1,', ' "host_cname": true,',
             ' "cache_flush": true, "meta_ptr": "_a"}']
    found = service('--registry', 'none', '--from', write(path, '\n'.join(lines)))
    tap.equal([(f['rule'], f['line'], f['column']) for f in found['findings']],
              [('SD238', 5, 25), ('SD305', 3, 3), ('SD321', 4, 3), ('SD323', 3, 3), ('SD407', 7, 17),
               ('SD410', 7, 35)], 'findings of records')


def test_a_folder(folder):
    folder = fresh(folder)
    (folder / 'inner').mkdir()
    for name in ('b.json', 'a.ndjson', 'inner/c.json', 'other.txt', '.hidden.json'):
        write(folder / name, {**IPP, 'instance': name})
    tap.equal(names('--from', folder), ['a.ndjson', 'b.json', 'inner/c.json'], 'instances')
    tap.equal([s['file']['path'] for s in report('--from', f'{folder}/')['services']],
              [f'{folder}/{name}' for name in ('a.ndjson', 'b.json', 'inner/c.json')],
              'files of a folder that ends in a slash, as the root does')


SERVICE_GROUP = ('<?xml version="1.0"?><service-group><name>XML</name><service><type>_ipp._tcp'
                 '</type><port>631</port></service></service-group>')
FOREIGN = {
    'systemd unit': ('a.service', '# comment\n\n; another\n[Unit]\nDescription=x\n[Service]\n'),
    'systemd unit without [Unit]': ('a.service', ' [Service] \r\nExecStart=/bin/true\r\n'),
    'D-Bus service': ('a.service', '[D-BUS Service]\nName=org.example\n'),
    'INI file': ('a.db', '[anything at all]\nx=1\n'),
    'binary file': ('a.db', b'SQLite format 3\0' + bytes(range(256))),
    'file of another format': ('a.db', 'root: admin@example.org\n'),
    'JSON file without a service': ('package.json', {'name': 'x', 'version': '1', 'files': []}),
    'JSON file without a service, an array': ('a.json', [{'name': 'x'}]),
    'JSON file without a service, lines': ('a.ndjson', '{"level": 1}\n{"level": 2}\n'),
    'other file of sdscope': ('policy.json', {'sdscope_policy': 1, 'allow': []}),
    'other file of sdscope, a recording': ('a.ndjson', (ROOT / 'registry/demo.ndjson').read_bytes()),
}


@tap.each(*FOREIGN)
def test_a_file_of_another_program_is_passed_over_in_a_folder(folder, kind):
    folder = fresh(folder)
    name, content = FOREIGN[kind]
    path = write(folder / name, content)
    refused(sdscope.run('check', '--from', path), name)
    refused(sdscope.run('check', '--from', folder), 'no file in this folder describes services')
    write(folder / 'ours.service', SERVICE_GROUP)
    (folder / 'z').mkdir()
    found = report('--from', folder)
    word = kind.split(',')[0].split(' without [')[0]
    tap.equal(found['scan']['notes'], [f"passed over 1 {word}: '{path}'"], 'notes')
    tap.equal([s['instance'] for s in found['services']], ['XML'], 'instances')
    write(folder / 'z' / name, content)
    result = sdscope.run('check', '--fail-on', 'never', '--from', folder).expect(0)
    tap.includes(' '.join(result.stdout.split()), ['note: passed over 2 ', f"such as '{path}'"],
                 'text')


ILL = {
    'JSON that breaks off': ('a.json', '{"type": "_ipp._tcp"'),
    'a misspelt type': ('a.json', {'typ': '_ipp._tcp', 'instance': 'One'}),
    'no type': ('a.json', {'instance': 'One', 'port': 1}),
    'a misspelt second one': ('a.ndjson', '{"type": "_ipp._tcp"}\n{"typ": "_ipp._tcp"}\n'),
    'no JSON': ('a.json', '[Unit]\n'),
    'an empty file': ('a.service', ''),
    'a zone that breaks off': ('a.db', '$ORIGIN example.org.\nx PTR (\n'),
}


@tap.each(*ILL)
def test_a_file_that_may_be_meant_is_an_error_in_a_folder_too(folder, kind):
    folder = fresh(folder)
    name, content = ILL[kind]
    write(folder / name, content)
    write(folder / 'ours.service', SERVICE_GROUP)
    result = sdscope.run('check', '-f', 'json', '--from', folder).expect(2)
    told(result, name)
    tap.equal(result.report['scan']['notes'], [], 'notes')


def test_a_folder_inside_itself_is_read_once(folder):
    folder = fresh(folder)
    (folder / 'inner').mkdir()
    write(folder / 'inner' / 'a.json', IPP)
    (folder / 'inner' / 'up').symlink_to(folder)
    (folder / 'self').symlink_to('.')
    tap.equal(names('--from', folder), ['One'], 'instances')


def test_only_files_of_a_folder_are_read(folder):
    folder = fresh(folder)
    os.mkfifo(folder / 'pipe.json')
    write(folder / 'a.json', IPP)
    tap.equal(names('--from', folder), ['One'], 'instances')
    (folder / 'b.json').symlink_to('nowhere')
    told(sdscope.run('check', '--from', folder).expect(2), 'b.json', 'No such file')


def test_a_file_that_is_too_large_is_told_the_limit(folder):
    path = write(folder / 'large.json', '')
    os.truncate(path, 64 * 1024 * 1024 + 1)
    for option in ('--from', '--policy', '--baseline'):
        service_ = () if option == '--from' else ('_ipp._tcp',)
        refused(sdscope.run('check', option, path, *service_), 'large.json', 'more than 64 MiB')


def test_an_unreadable_file_among_others(folder):
    folder = fresh(folder)
    write(folder / 'a.json', IPP)
    write(folder / 'b.json', '{')
    write(folder / 'c.json', {**IPP, 'instance': 'Two'})
    result = sdscope.run('check', '-f', 'ndjson', '--from', folder).expect(2)
    tap.includes(result.stderr, ['b.json:1:'], 'standard error')
    tap.equal([json.loads(line)['instance'] for line in result.stdout.splitlines()],
              ['One', 'Two'], 'the others')


def test_a_report_is_read_again(folder):
    services = [WHOLE, {**IPP, 'instance': None, 'txt_hex': ''}, {'type': '_x'},
                {'type': '_a._tcp', 'instance_hex': 'ff1b', 'host': 'a\\.b.local', 'txt_hex': '05'},
                {**IPP, 'subtypes': ['_b', '_B', '_b._sub._x._tcp', 'a\\.b']},
                {'type': '_a._tcp', 'subtypes_hex': ['5fff', '', '5f' * 64, '5fff']},
                {'type': '_a._tcp', 'domain': '..', 'host': 'a\\999.' + 'x' * 64},
                {**IPP, 'addresses': [], 'txt': None, 'host': None, 'port': None}]
    given = write(folder / 'services.json', services)
    first = sdscope.run('check', '-f', 'json', '--from', given).expect(1)
    again = sdscope.run('check', '-f', 'json', '--from', write(folder / 'report.json',
                                                               first.output)).expect(1)
    tap.equal(again.report['summary'], first.report['summary'], 'summary')
    tap.equal(placeless(again.report['services']), placeless(first.report['services']), 'services')
    lines = sdscope.run('check', '-f', 'ndjson', '--from', given).expect(1)
    again = sdscope.run('check', '-f', 'ndjson', '--from', '-', given=lines.output).expect(1)
    tap.equal(*(placeless(map(json.loads, result.stdout.splitlines()))
                for result in (again, lines)), 'NDJSON of NDJSON')


def test_unknown_missing_and_present_are_told_apart(folder):
    unknown = service('--from', '-', given=b'{"type": "_ipp._tcp"}')
    missing = service('--from', '-', given=b'{"type": "_ipp._tcp", "txt": null, "host": null}')
    empty = service('--from', '-', given=b'{"type": "_ipp._tcp", "txt_hex": ""}')
    tap.excludes(unknown, ['txt', 'txt_hex', 'host'], 'unknown')
    tap.equal((missing['txt'], missing['host']), (None, None), 'missing')
    tap.equal((empty['txt'], empty['txt_hex']), ([], ''), 'zero-length RDATA')
    tap.equal([[f['rule'] for f in s['findings'] if f['rule'].startswith('SD30')]
               for s in (unknown, missing, empty)], [[], ['SD301'], ['SD302']], 'rules')


def test_txt_as_attributes(folder):
    txt = [{'key': 'a', 'value': '1'}, {'key': 'flag'}, {'key': 'e', 'value': ''},
           {'key': 'b', 'value_hex': 'ff00'}]
    found = service('--from', write(folder / 'txt.json', {**IPP, 'txt': txt}))
    tap.equal(found['txt'], txt, 'txt')
    tap.equal(found['txt_hex'], rdata('a=1', 'flag', 'e=') + '04623dff00', 'txt_hex')


def test_a_byte_order_mark_is_ignored(folder):
    tap.equal(names('--from', '-', given=b'\xef\xbb\xbf' + json.dumps(IPP).encode()), ['One'], 'BOM')
    refused(sdscope.run('check', '--from', '-', given=b'\xef\xbb\xbf{"type": _}'), ':1:10:')
    refused(sdscope.run('check', '--from', '-', given=b'\xef\xbb\xbf'), 'found nothing')


def test_txt_as_strings(folder):
    txt = ['a=1', 'flag', {'key': 'e', 'value': ''}, '', '=x']
    found = service('--from', write(folder / 'txt.json', {**IPP, 'txt': txt}))
    tap.equal(found['txt_hex'], rdata('a=1', 'flag', 'e=', '', '=x'), 'txt_hex')


def test_an_empty_report_is_no_fault(folder):
    result = sdscope.run('check', '--from', write(folder / 'none.json', '[]')).expect(0)
    tap.includes(result.stdout, ['No service'], 'text')


MALFORMED = {
    'word': ('{"type": _ipp}', ':1:10:'),
    'third line': ('[\n {"type": "_ipp._tcp"},\n {"type" "_ipp._tcp"}\n]', ':3:20:'),
    'second value': ('{"type": "_ipp._tcp"}\n{"type": "_ipp._tcp",}\n', ':2:22:'),
    'breaks off': ('{"type": "_ip', ':1:13:'),
    'twice': ('{"type": "_ipp._tcp", "port": 1, "port": 2}', 'port'),
    'not UTF-8': (b'{"type": "_\xff._tcp"}', ':1:'),
    'escape sequence': ('{"type": "\x1b[31m"}', ':1:'),
    'lone surrogate': ('{"type": "\\ud800"}', ':1:'),
    'binary': (bytes(range(256)) * 40, ':1:1:'),
    'image': (b'\x89PNG\r\n\x1a\n' + bytes(1000), ':1:1:'),
    'number': ('3', ':1:1:'),
    'empty': ('', 'a zone file, found nothing'),
    'blank': (' \n\t\n', 'a zone file, found nothing'),
    'prose': ('Dear reader,\n', ':1:1: expected JSON, an Avahi service file or a zone file'),
    'deep array': ('[' * 10_000_000, 'depth'),
    'deep object': ('{"a":' * 2_000_000, 'depth'),
}


@tap.each(*MALFORMED)
def test_malformed_json_is_located(folder, kind):
    text, words = MALFORMED[kind]
    path = write(folder / 'malformed.json', text)
    refused(sdscope.run('check', '--from', path), str(path), words)


WRONG = {
    'no type': ({'port': 1}, 'type'),
    'type': ({'type': 3}, 'type'),
    'type null': ({'type': None}, 'type'),
    'port above': ({**IPP, 'port': 70000}, 'port', '0 to 65535', '70000'),
    'port below': ({**IPP, 'port': -1}, 'port', '-1'),
    'port with a fraction': ({**IPP, 'port': 631.5}, 'port'),
    'port as text': ({**IPP, 'port': '631'}, 'port', 'a string'),
    'ttl': ({**IPP, 'ttl': 1 << 32}, 'ttl'),
    'instance': ({**IPP, 'instance': ['x']}, 'instance', 'an array'),
    'instance_hex': ({**IPP, 'instance_hex': 'f'}, 'instance_hex', 'hex'),
    'host': ({**IPP, 'host': True}, 'host'),
    'host with NUL': ({**IPP, 'host': 'a\0b'}, 'host', 'NUL'),
    'addresses': ({**IPP, 'addresses': '192.0.2.7'}, 'addresses', 'an array'),
    'address': ({**IPP, 'addresses': ['192.0.2.7', '192.0.2.700']}, 'addresses[1]', '192.0.2.700'),
    'address with escapes': ({**IPP, 'addresses': ['\x1b[31m']}, 'addresses[0]', '\\x1b'),
    'subtype in hex': ({**IPP, 'subtypes_hex': ['5']}, 'subtypes_hex[0]', 'hex'),
    'subtype': ({**IPP, 'subtypes': [{}]}, 'subtypes[0]', 'an object'),
    'txt_hex': ({**IPP, 'txt_hex': 'xy'}, 'txt_hex', 'hex'),
    'txt_hex too long': ({**IPP, 'txt_hex': '00' * 65536}, 'txt_hex', '65535'),
    'txt': ({**IPP, 'txt': {'a': '1'}}, 'txt', 'an array'),
    'txt without key': ({**IPP, 'txt': [{'value': '1'}]}, 'txt[0]', 'key'),
    'txt key with =': ({**IPP, 'txt': [{'key': 'a=b'}]}, 'txt[0]', '='),
    'txt too long': ({**IPP, 'txt': [{'key': 'a', 'value': 'b' * 32765}] * 2}, 'txt', '65535'),
    'sighting': ({**IPP, 'sightings': [{'interface': 'x' * 99, 'family': 'ipv4'}]}, 'sightings[0]'),
    'family': ({**IPP, 'sightings': [{'interface': 'lo', 'family': 4}]}, 'sightings[0].family'),
    'txt string too long': ({**IPP, 'txt': ['x' * 65535]}, 'txt', '65535'),
    'record of a TTL': ({**IPP, 'ttl': {'src': 1}}, "unknown member 'src'", "'srv'"),
    'prefix': ({**IPP, 'interface': {'prefixes': ['192.0.2.0']}}, 'interface.prefixes[0]'),
    'prefixes': ({**IPP, 'interface': [{'prefixes': ['192.0.2.0/24'] * 999},
                                       {'prefixes': [f'192.0.{n}.0/24' for n in range(256)] * 4}]},
                 'interface[1].prefixes', '1000 prefixes'),
    'addresses of a crowd': ({**IPP, 'addresses': ['192.0.2.7'] * 1001}, 'addresses', '1000 items'),
    'peer': ({**IPP, 'peers': [IPP, {'port': 1}]}, 'peers[1].type'),
    'misspelt': ({**IPP, 'prot': 1}, "unknown member 'prot'", "did you mean 'port'?"),
    'order': ({**IPP, 'order_trusted': 1}, 'order_trusted'),
    'services': ({'services': 3}, 'services'),
    'item': ([IPP, 3], '[1]'),
    'item of a report': ({'services': [IPP, {**IPP, 'port': 'x'}]}, 'services[1].port'),
}


@tap.each(*WRONG)
def test_a_wrong_member_is_named(folder, kind):
    value, *words = WRONG[kind]
    path = write(folder / 'wrong.json', value)
    line = refused(sdscope.run('check', '--from', path), str(path), *words)
    tap.excludes(line, [':0:'], 'place')


def test_the_line_of_a_wrong_value_is_told(folder):
    path = write(folder / 'lines.json', '{"type": "_ipp._tcp"}\n\n{"type": 3}\n')
    refused(sdscope.run('check', '--from', path), f'{path}:3:10: type')
    write(path, '{"services": [\n  {"type": "_ipp._tcp", "instance": "Büro", "port": [631]}\n]}')
    refused(sdscope.run('check', '--from', path), f'{path}:2:53: services[0].port')


def test_a_fault_in_one_file_spares_the_others(folder):
    good, bad = write(folder / 'good.json', IPP), write(folder / 'bad.json', '{')
    for order in ([good, bad], [bad, good]):
        paths = [word for path in order for word in ('--from', path)]
        result = sdscope.run('check', '-f', 'json', *paths).expect(2)
        tap.includes(result.stderr, [f'{bad}:1:'], 'standard error')
        tap.equal([s['instance'] for s in result.report['services']], ['One'], 'services')


def test_what_cannot_be_read(folder):
    refused(sdscope.run('check', '--from', folder / 'absent'), 'cannot read', 'No such file')
    refused(sdscope.run('check', '--from', fresh(folder)), 'no file')
    refused(sdscope.run('check', '--from', ''), "cannot read ''")
    refused(sdscope.run('check', '--from', '/proc/self/mem'), 'cannot read')
    refused(sdscope.run('check', '--from', '-'), 'standard input', 'found nothing')


def test_ten_thousand_services_are_checked(folder):
    many = [{**IPP, 'instance': f'printer {n}'} for n in range(10_000)]
    found = report('--from', write(folder / 'many.json', many))
    tap.equal(found['summary']['services'], 10_000, 'services')


def test_the_corpus_as_one_stream(folder):
    paths = sorted(path for path in (ROOT / 'tests/corpus/rules').glob('*.json')
                   if not path.name.endswith('.policy.json'))
    text = b'\n'.join(path.read_bytes() for path in paths)
    tap.equal(len(names('--from', '-', given=text)), len(paths), 'services')


def test_only_the_type_that_was_given_is_missed(folder):
    recorded = write(folder / 'recorded.json', [{'type': '_leaf._tcp', 'txt': ['name=a']},
                                                {'type': '_ipp._tcp'}])

    def missed(*arguments):
        given = report('--expect', recorded, '--registry', 'none', *arguments)
        return [f['rule'] for file in given.get('files', []) for f in file['findings']]

    tap.equal(missed('_leaf._tcp', 'name=a'), [], 'recorded')
    tap.equal(missed('_http._tcp'), ['SD960'] * 2, 'not recorded')
    tap.equal(missed('--from', write(folder / 'leaf.json', {'type': '_leaf._tcp'})), ['SD960'],
              'a file')


if __name__ == '__main__':
    tap.main(setup=scratch, needs=sdscope.program)
