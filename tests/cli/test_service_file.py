# SPDX-License-Identifier: MIT
"""`check --from` of Avahi's service files: the group, the places, the faults of the file itself."""

import xml.etree.ElementTree as ElementTree

from cli import ROOT, fresh, rdata, report, rules, scratch, sdscope, service, tap, write

GROUP = '''<?xml version="1.0" standalone="no"?>
<!DOCTYPE service-group SYSTEM "avahi-service.dtd">
<service-group>
  <name replace-wildcards="yes">Office on %h</name>
  <service>
    <type>_ipp._tcp</type>
    <subtype>_universal._sub._ipp._tcp</subtype>
    <domain-name>local</domain-name>
    <host-name>printer.local</host-name>
    <port>631</port>
    <txt-record>rp=ipp/print</txt-record>
    <txt-record value-format="binary-hex">bits=00ff</txt-record>
    <txt-record value-format="binary-base64">word=dmFsdWU=</txt-record>
  </service>
  <service protocol="ipv4">
    <type>_http._tcp</type>
    <port>80</port>
  </service>
</service-group>
'''

BROKEN = '''<service-group>
  <name>Büro %h</name>
  <service>
    <type>_http._tcp</type><port>0</port>
    <txt-record>path=/</txt-record>
    <txt-record>=x</txt-record>
    <txt-record>path=/a</txt-record> <txt-record> b</txt-record>
  </service>
  <servce/>
  <service>
    <type>_leaf._tcp</type>
  </service>
'''

BROKEN_FAULTS = [('SD901', 10, 3), ('SD904', 7, 38), ('SD905', 2, 3), ('SD906', 9, 3),
                 ('SD906', 13, 1)]
BROKEN_FINDINGS = [('SD321', 6, 5), ('SD325', 7, 5), ('SD402', 4, 28)]


def placed(item, *wanted):
    return [(f['rule'], f['line'], f['column']) for f in item['findings']
            if not wanted or f['rule'] in wanted]


def judged(path, **options):
    return report('--registry', 'none', '--from', path, **options)


def test_every_service_of_a_group(folder):
    path = write(folder / 'group.service', GROUP)
    found = judged(path)
    tap.excludes(found, ['files'], 'faults of the file')
    printer, web = found['services']
    tap.equal({name: printer[name] for name in ('instance', 'type', 'domain', 'host', 'port',
                                                'subtypes', 'file')},
              {'instance': 'Office on host', 'type': '_ipp._tcp', 'domain': 'local',
               'host': 'printer.local', 'port': 631, 'subtypes': ['_universal._sub._ipp._tcp'],
               'file': {'path': str(path), 'line': 5, 'column': 3}}, 'the first')
    tap.equal(printer['txt_hex'], rdata('rp=ipp/print') + '07626974733d00ff' + rdata('word=value'),
              'TXT of the first')
    tap.equal((web['instance'], web['type'], web['port'], web['txt_hex'], web['file']['line']),
              ('Office on host', '_http._tcp', 80, '00', 15), 'the second')
    tap.excludes(web, ['domain', 'host', 'priority', 'weight', 'addresses'], 'unknown parts')


@tap.each('lines of LF', 'lines of CRLF', 'a byte order mark', 'UTF-16', 'ISO 8859-1')
def test_places_of_what_is_wrong(folder, kind):
    text = {
        'lines of LF': BROKEN.encode(),
        'lines of CRLF': BROKEN.replace('\n', '\r\n').encode(),
        'a byte order mark': b'\xef\xbb\xbf' + BROKEN.encode(),
        'UTF-16': BROKEN.encode('utf-16'),
        'ISO 8859-1': b'<?xml version="1.0" encoding="iso-8859-1"?>' + BROKEN.encode('latin-1'),
    }[kind]
    path = write(folder / 'broken.service', text)
    found = judged(path)
    tap.equal([f['path'] for f in found['files']], [str(path)], 'files')
    tap.equal(placed(found['files'][0]), BROKEN_FAULTS, 'faults of the file')
    tap.equal([s['type'] for s in found['services']], ['_http._tcp', '_leaf._tcp'], 'types')
    tap.equal([s['instance'] for s in found['services']], ['Büro %h'] * 2, 'names')
    tap.equal(placed(found['services'][0], 'SD321', 'SD325', 'SD402'), BROKEN_FINDINGS, 'findings')


def test_standard_input(_):
    found = judged('-', given=BROKEN.encode())
    tap.equal(placed(found['files'][0]), BROKEN_FAULTS, 'faults of the file')
    tap.equal(len(found['services']), 2, 'services')


def test_a_folder_of_avahi(folder):
    folder = fresh(folder)
    write(folder / 'b.service', GROUP)
    write(folder / 'a.service', BROKEN)
    write(folder / 'c.json', {'type': '_ipp._tcp'})
    write(folder / 'd.service~', GROUP)
    tap.equal([s['type'] for s in judged(folder)['services']],
              ['_http._tcp', '_leaf._tcp', '_ipp._tcp', '_http._tcp', '_ipp._tcp'], 'types')


def test_the_content_tells_the_format(folder):
    tap.equal(len(judged(write(folder / 'group.json', GROUP))['services']), 2, 'XML')
    tap.equal(len(judged(write(folder / 'one.service', {'type': '_ipp._tcp'}))['services']), 1,
              'JSON')


def test_a_fault_of_a_file_fails_the_check(folder):
    path = write(folder / 'none.service', '<service-group><name>N</name></service-group>')
    sdscope.run('check', '--from', path).expect(1)
    sdscope.run('check', '--disable', 'SD906', '--from', path).expect(0)
    sdscope.run('check', '--fail-on', 'never', '--from', path).expect(0)


def test_the_rest_is_read_where_the_file_breaks_off(folder):
    end = GROUP.index('</service-group>')
    for cut in range(len(GROUP.split('?>')[0]), end, 7):
        found = judged(write(folder / 'cut.service', GROUP[:cut]))
        whole = GROUP[:cut].count('</service>')
        tap.equal(len(found['services']), whole, f'services of {cut} bytes')
        tap.equal(set(rules(found['files'][0])), {'SD906'}, f'faults of {cut} bytes')


def test_hostile_bytes_are_safe(_):
    evil = '\u202e\u009b31m\u200b'
    text = GROUP.replace('631', evil).replace('"ipv4"', f'"{evil}"').replace('bits=00ff', f'k={evil}')
    result = sdscope.run('check', '-f', 'json', '--from', '-', given=text.encode()).expect(1)
    tap.equal(rules(result.report['files'][0]), ['SD902', 'SD906', 'SD907'], 'rules')
    for finding in result.report['files'][0]['findings']:
        tap.check(finding['message'].isprintable(), f'not safe: {finding["message"]!a}')
    text = sdscope.run('check', '--from', '-', given=text.encode()).expect(1).stdout
    tap.check(text.replace('\n', '').isprintable(), 'text')


def test_laughs_are_refused(_):
    laughs = ''.join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(9))
    text = (f'<!DOCTYPE service-group [<!ENTITY l0 "ha">{laughs}]>'
            '<service-group><name>&l9;</name></service-group>')
    found = judged('-', given=text.encode())
    tap.equal((found['services'], rules(found['files'][0])), ([], ['SD906']), 'laughs')


def test_the_corpus_is_well_formed(_):
    paths = sorted((ROOT / 'tests/corpus/rules').glob('*.service'))
    tap.check(len(paths) >= 14, 'files')
    for path in paths:
        tap.equal(ElementTree.parse(path).getroot().tag, 'service-group', path.name)


def test_a_string_that_is_too_long_is_found_in_its_place(_folder):
    found = service('--registry', 'none', '--from', ROOT / 'tests/corpus/rules/SD305-bad.service')
    tap.equal([(f['rule'], f['line'], f['offset']) for f in found['findings']],
              [('SD305', 10, 0), ('SD321', 11, 256)], 'findings')
    tap.equal([len(s) for s in found['txt_strings_hex']], [512, 4], 'strings')


if __name__ == '__main__':
    tap.main(setup=scratch, needs=sdscope.program)
