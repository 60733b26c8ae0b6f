# SPDX-License-Identifier: MIT
"""`check` of a service given as arguments."""

import re

from cli import ROOT, refused, report, rdata, rules, sdscope, service, tap

REGISTRY = '--registry', ROOT / 'tests/corpus/registry.json'
CLEAN = '_leaf._tcp', 'name=Kitchen', 'product=Lamp', 'version=1.2'
WARNS = ('_frobnicate._tcp',)                     # SD501 is a warning
FAILS = '_ipp._tcp', '=x'                         # SD321 is an error
INFORMS = '_leaf._tcp', 'name=Kitchen'            # SD602 is an info, twice


def raw(data):
    """Bytes as an argument of a command."""
    return data.decode('utf-8', 'surrogateescape')


def test_a_clean_advertisement_has_no_finding():
    tap.equal(rules(service(*REGISTRY, *CLEAN)), [], 'rules')
    tap.equal(sdscope.run('check', *REGISTRY, *CLEAN).status, 0, 'exit status')


FINDINGS = (
    (['_frobnicate._tcp'], ['SD501'], 'unregistered'),
    (['_my_app._tcp'], ['SD103', 'SD501'], 'malformed'),
    (['_ipp._sctp'], ['SD107'], 'malformed'),
    (['ipp'], ['SD101'], 'malformed'),
    ([''], ['SD101'], 'malformed'),
    (['_www._tcp'], ['SD505'], 'registered'),
    (['_leaf._tcp', 'nmae=x', 'name=x', 'product=y', 'version=1'], ['SD601'], 'registered'),
    (['_ipp._tcp', 'a=1', 'A=2', '', '=x'], ['SD304', 'SD321', 'SD325'], 'registered'),
    (['_ipp._tcp', '--port', '0'], ['SD402'], 'registered'),
    (['_ipp._tcp', '--instance', ''], ['SD201'], 'registered'),
    (['_ipp._tcp', '--instance', 'a\nb'], ['SD203'], 'registered'),
    (['_ipp._tcp', '--instance', raw(b'a\xff')], ['SD202'], 'registered'),
    (['_ipp._tcp', '--instance', 'x' * 64], ['SD201'], 'registered'),
    (['_ipp._tcp', '--subtype', '_a1', '--subtype', '_A1'], ['SD123'], 'registered'),
    (['_ipp._tcp', '--subtype', '_a1._sub._ipp._udp', '--subtype='], ['SD120', 'SD121'],
     'registered'),
    (['_a1._sub._ipp._tcp', '--subtype', raw(b'_a\xff')], [], 'registered'),
    (['_ipp._tcp', '--domain', ''], ['SD220'], 'registered'),
    (['_ipp._tcp', '--domain', 'a..b', '--host', 'a..b'], ['SD220', 'SD231'], 'registered'),
    (['_ipp._tcp', '--domain', raw(b'b\xfcro.local')], ['SD221'], 'registered'),
    (['_ipp._tcp', '-d', 'example.org', '--host', 'a.local', 'u=http://a.local/'],
     ['SD237', 'SD331'], 'registered'),
    (['_ipp._tcp', '--host', '.'], ['SD230'], 'registered'),
    (['_ipp._tcp', '--host', ''], ['SD231'], 'registered'),
    (['_ipp._tcp', '--host', raw(b'b\xfcro.local')], ['SD232', 'SD233'], 'registered'),
    (['_ipp._tcp', '--host', '192.0.2.7'], ['SD234'], 'registered'),
)


@tap.each(*range(len(FINDINGS)))
def test_findings_are_exact(number):
    arguments, wanted, verdict = FINDINGS[number]
    found = service(*REGISTRY, *arguments)
    tap.equal(rules(found), wanted, f'rules of {arguments!a}')
    tap.equal(found['verdict'], verdict, f'verdict of {arguments!a}')


def test_txt_strings_keep_order_and_bytes():
    strings = 'b', 'a=', '', 'c=1=2', 'B=again', 'é=ü', ' s = t '
    found = service('_ipp._tcp', *strings)
    encoded = b''.join(bytes([len(s.encode())]) + s.encode() for s in strings)
    tap.equal(found['txt_hex'], encoded.hex(), 'txt_hex')
    tap.equal(found['txt'], [{'key': 'b'}, {'key': 'a', 'value': ''},
                             {'key': 'c', 'value': '1=2'}, {'key': 'B', 'value': 'again'},
                             {'key': 'é', 'value': 'ü'}, {'key': ' s ', 'value': ' t '}], 'txt')


def test_bytes_that_are_no_text_are_kept_in_hex():
    found = service('_ipp._tcp', raw(b'k=\xff\x01'), raw(b'\xfe=v'))
    tap.equal(found['txt_hex'], '046b3dff01' + '03fe3d76', 'txt_hex')
    tap.equal(found['txt'], [{'key': 'k', 'value_hex': 'ff01'}, {'key_hex': 'fe', 'value': 'v'}],
              'txt')


def test_an_argument_after_two_hyphens_is_no_option():
    found = service('-f', 'json', '--', '_ipp._tcp', '-a=1', '--help')
    tap.equal(found['txt_hex'], rdata('-a=1', '--help'), 'txt_hex')


def test_options_may_stand_after_the_arguments():
    found = service('_ipp._tcp', 'a=1', '--port', '631', 'b=2')
    tap.equal((found['txt_hex'], found['port']), (rdata('a=1', 'b=2'), 631), 'TXT and port')


def test_what_is_not_given_is_unknown():
    found = service('_ipp._tcp')
    tap.excludes(found, ['instance', 'subtypes', 'domain', 'host', 'port', 'txt', 'txt_hex', 'addresses'], 'members')
    not_evaluated = report('_ipp._tcp')['summary']['not_evaluated']
    tap.includes(not_evaluated, ['SD201', 'SD301', 'SD402', 'SD420'], 'rules without evidence')


def test_a_string_of_255_bytes_fits_and_one_of_256_does_not():
    longest = 'k=' + 'v' * 253
    fits = service('_ipp._tcp', longest)
    tap.equal(fits['txt_hex'], 'ff' + longest.encode().hex(), 'txt_hex')
    tap.excludes(rules(fits), ['SD305'], 'rules')
    found = service('_ipp._tcp', 'a=1', longest + 'v')
    tap.equal([(f['offset'], f['key']) for f in found['findings'] if f['rule'] == 'SD305'],
              [(4, 'k')], 'findings')
    tap.equal(found['txt_strings_hex'], [s.encode().hex() for s in ('a=1', longest + 'v')],
              'strings')
    tap.equal(found['txt'][1], {'key': 'k', 'value': 'v' * 254}, 'attribute')
    tap.includes(rules(service('_ipp._tcp', 'ü' * 128)), ['SD305'], 'rules')
    refused(sdscope.run('check', '_ipp._tcp', *['k=' + 'v' * 10000] * 7), '65535 bytes')


def test_parts_are_taken_as_they_are():
    found = service('_ipp._tcp', '--instance', 'Büro 2\\ ', '--host', 'Büro.local', '--port',
                    '65535', '--domain', 'Büro, 2.\\255.', '--subtype', '_b', '--subtype', '_b')
    tap.equal([found[k] for k in ('instance', 'host', 'port', 'domain', 'subtypes')],
              ['Büro 2\\ ', 'Büro.local', 65535, 'Büro, 2.\\255.', ['_b', '_b']], 'parts')


@tap.each('65536', '-1', '70000', '99999999999999999999', '', 'http', '80x', '0x50', ' 80', '+80')
def test_what_is_no_port_is_refused(value):
    refused(sdscope.run('check', '_ipp._tcp', f'--port={value}'), f"'{value}'", '0 to 65535')


def test_parts_go_with_a_type_only():
    for option in ('--port', '--host', '--instance', '--subtype', '--domain'):
        refused(sdscope.run('check', option, '1'), 'TYPE')
        refused(sdscope.run('check', option, '1', '--from', '-'), option, '--from')
    refused(sdscope.run('check', '--from', '-', '_ipp._tcp'), 'not both')


STATUS = (
    (CLEAN, {'error': 0, 'warning': 0, 'info': 0, 'never': 0}),
    (INFORMS, {'error': 0, 'warning': 0, 'info': 1, 'never': 0}),
    (WARNS, {'error': 0, 'warning': 1, 'info': 1, 'never': 0}),
    (FAILS, {'error': 1, 'warning': 1, 'info': 1, 'never': 0}),
)


@tap.each('error', 'warning', 'info', 'never')
def test_the_exit_status_follows_fail_on(level):
    for arguments, status in STATUS:
        for format_ in ('text', 'json', 'ndjson'):
            result = sdscope.run('check', *REGISTRY, '--fail-on', level, '-f', format_, *arguments)
            tap.equal(result.status, status[level], str(result))
            tap.equal(result.stderr, '', str(result))


def test_without_fail_on_a_warning_fails():
    for arguments, status in STATUS:
        tap.equal(sdscope.run('check', *REGISTRY, *arguments).status, status['warning'],
                  ' '.join(arguments))


def test_rules_are_enabled_and_disabled():
    swapped = '_ipp._tcp', '--port', '632'        # SD506, off by default
    tap.equal(rules(service(*REGISTRY, *swapped)), [], 'by default')
    for option in (['--enable', 'SD506'], ['--enable', 'registry-port-differs'],
                   ['--enable', 'sd506'], ['--all-rules']):
        tap.equal(rules(service(*REGISTRY, *swapped, *option)), ['SD506'], ' '.join(option))
    tap.equal(rules(service(*REGISTRY, *swapped, '--all-rules', '--disable', 'SD506')), [],
              'disabled again')
    tap.equal(rules(service(*REGISTRY, *WARNS, '--disable', 'SD501')), [], '--disable')
    tap.equal(rules(service(*REGISTRY, *FAILS, 'a', 'a', '--disable', 'SD321', '--disable',
                            'txt-key-duplicate')), [], '--disable twice')


def test_strictness_chooses_the_severity():
    severities = {whose: {f['rule']: f['severity'] for f in service(
        *REGISTRY, '_leaf._tcp', 'x=1', '--strictness', whose)['findings']}
        for whose in ('author', 'lan')}
    tap.equal(severities['author']['SD601'], 'warning', 'for an author')
    tap.equal(severities['lan']['SD601'], 'info', 'for a LAN')
    default = service(*REGISTRY, '_leaf._tcp', 'x=1')['findings']
    tap.equal({f['rule']: f['severity'] for f in default}, severities['author'], 'by default')


def test_registries_add_up_and_none_is_none():
    tap.equal(service('--registry', 'none', '_ipp._tcp')['verdict'], None, 'without a registry')
    both = report('--registry', 'builtin', *REGISTRY, '_printer._tcp')
    tap.equal(both['services'][0]['verdict'], 'registered', 'of two registries')
    tap.equal(len(both['registry']), 2, 'tables')
    tap.equal(report('--registry', 'none', '_ipp._tcp')['registry'], [], 'tables')


def test_the_text_report_says_it_all():
    text = sdscope.run('check', *REGISTRY, *FAILS).expect(1).stdout
    for pattern in (r'^_ipp\._tcp +registered$', r'^  error +.*\[SD321\]$', r'^ +hint: ',
                    r'^1 service: 1 registered$', r'^1 error$'):
        tap.check(re.search(pattern, text, re.MULTILINE), f'no {pattern!r} in\n{text}')


def test_strings_that_begin_with_a_hyphen():
    found = service('_leaf._tcp', '--', '-name=a', '--host', 'b')
    tap.equal([attribute['key'] for attribute in found['txt']], ['-name', '--host', 'b'], 'keys')


if __name__ == '__main__':
    tap.main(needs=sdscope.program)
