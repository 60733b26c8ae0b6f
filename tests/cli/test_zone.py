# SPDX-License-Identifier: MIT
"""`check --from`: services in zone files, good and bad."""

from cli import ROOT, fresh, rdata, refused, report, rules, scratch, sdscope, service, tap, write

LOBBY = ROOT / 'tests/corpus/zones/lobby.zone'
ORIGIN = '$ORIGIN example.org.\n'
PAIR = ('_ipp._tcp PTR One._ipp._tcp\n'
        'One._ipp._tcp SRV 0 0 631 host.example.net.\n'
        'One._ipp._tcp TXT "txtvers=1"\n')


def zone(text, *arguments, origin=ORIGIN):
    """The report on a zone."""
    if not isinstance(text, bytes):
        text = text.encode()
    return report('--registry', 'none', '--from', '-', *arguments, given=origin.encode() + text)


def services(text, *arguments, **options):
    return {s['instance']: s for s in zone(text, *arguments, **options)['services']}


def place(item):
    return item['line'], item['column']


def test_a_whole_zone(folder):
    found = {s['instance']: s for s in report('--registry', 'none', '--from', LOBBY)['services']}
    tap.equal(list(found), ['Lobby Printer', 'Café. 2\\3', 'Stale', 'Elsewhere', 'Unbrowsed',
                            'Reserved'], 'instances, in the order of the file')
    lobby = found['Lobby Printer']
    tap.equal({name: lobby[name] for name in ('type', 'domain', 'subtypes', 'host', 'port',
                                              'priority', 'weight', 'addresses', 'ttl')},
              {'type': '_ipp._tcp', 'domain': 'dns-sd.example', 'subtypes': ['_print'],
               'host': 'printer.dns-sd.example', 'port': 631, 'priority': 0, 'weight': 0,
               'addresses': ['192.0.2.7', '2001:db8::7'], 'ttl': 120}, 'printer')
    tap.equal(lobby['txt_hex'], rdata('txtvers=1', 'rp=ipp/print', 'note=1st "floor"; left')
              + '07' + b'bin=\0\xff\xc3'.hex() + '00', 'TXT')
    tap.equal(found['Café. 2\\3']['txt_hex'], '03613d3105623d323300', 'TXT as bytes')
    tap.equal([place(s['file']) for s in found.values()],
              [(11, 1), (12, 1), (15, 1), (16, 1), (28, 1), (30, 1)], 'places')


def test_unknown_is_not_missing(folder):
    found = {s['instance']: s for s in report('--registry', 'none', '--from', LOBBY)['services']}
    stale, elsewhere, reserved = found['Stale'], found['Elsewhere'], found['Reserved']
    tap.equal((stale['host'], stale['port'], stale['txt']), (None, None, None), 'in the zone')
    tap.includes(rules(stale), ['SD301', 'SD401'], 'in the zone')
    tap.excludes(elsewhere, ['host', 'port', 'txt'], 'in another zone')
    tap.equal(elsewhere['domain'], 'example.net', 'in another zone')
    tap.excludes(found['Unbrowsed'], ['addresses'], 'host in another zone')
    tap.excludes(reserved, ['port'], 'a name that is kept for a service (RFC 6763 8)')
    tap.equal(rules(reserved), ['SD301'], 'no rule on its port')


ABSENT = {
    'in the zone': ('', True),
    'delegated': ('_ipp._tcp NS ns.example.net.\n', False),
    'delegated above': ('_tcp NS ns.example.net.\n', False),
    'alias': ('One._ipp._tcp CNAME x.example.net.\n', False),
    'alias of a tree': ('_tcp DNAME x.example.net.\n', False),
    'wildcard': ('*._ipp._tcp TXT "txtvers=1"\n', False),
    'wildcard elsewhere': ('*._http._tcp TXT "txtvers=1"\n', True),
    'name servers of the zone': ('@ NS ns.example.net.\n', True),
    'part of a larger zone': ('@ SOA ns h 1 2 3 4 5\n', True),
    'part of another zone': ('sub SOA ns h 1 2 3 4 5\n', False),
}


@tap.each(*ABSENT)
def test_what_a_zone_does_not_tell(folder, kind):
    text, is_missing = ABSENT[kind]
    found = services(text + '_ipp._tcp PTR One._ipp._tcp\n')['One']
    tap.equal('host' in found, is_missing, 'SRV record is known to be missing')
    tap.equal('txt' in found, is_missing, 'TXT record is known to be missing')


def test_addresses_are_missing_from_a_whole_zone_alone(folder):
    text = PAIR.replace('host.example.net.', 'host')
    tap.excludes(services(text)['One'], ['addresses'], 'a piece of a zone')
    whole = services('@ SOA ns h 1 2 3 4 5\n' + text)['One']
    tap.equal(whole['addresses'], None, 'a whole zone')
    tap.includes(rules(whole), ['SD420'], 'a whole zone')


def test_findings_have_places(folder):
    text = ('_ipp._tcp PTR One._ipp._tcp\n_Print._sub._ipp._tcp PTR One._ipp._tcp\n'
            'One._ipp._tcp SRV 0 0 0 192.0.2.7.\n   TXT ( "a=1"\n      "=b" "é"\n  )\n')
    found = services(text)['One']['findings']
    places = {f['rule']: place(f) for f in found}
    tap.equal(places['SD402'], (4, 23), 'port')
    tap.equal(places['SD321'], (6, 7), 'TXT string')
    tap.equal(places['SD322'], (6, 12), 'the next')


def test_a_repeated_subtype(folder):
    text = PAIR + '_xx._sub._ipp._tcp PTR One._ipp._tcp\n_XX._sub._ipp._tcp PTR One._ipp._tcp\n'
    tap.equal([(f['rule'], place(f)) for f in services(text)['One']['findings']
               if f['rule'].startswith('SD1')], [('SD123', (6, 1))], 'the second')


def test_the_domain_is_the_zones(folder):
    instance = 'e\u0301._ipp._tcp'
    text = f'_ipp._tcp PTR {instance}\n'
    severities = {origin: [f['severity'] for s in zone(text, origin=f'$ORIGIN {origin}\n')['services']
                           for f in s['findings'] if f['rule'] == 'SD205']
                  for origin in ('local.', 'LOCAL.', 'example.org.')}
    tap.equal(severities, {'local.': ['error'], 'LOCAL.': ['error'], 'example.org.': ['warning']},
              'instance-not-nfc')


def test_doubled_origin(folder):
    text = PAIR.replace('One._ipp._tcp\nOne', 'One._ipp._tcp.EXAMPLE.org\nOne')
    found = zone(text)
    fault, = found['files'][0]['findings']
    tap.equal((fault['rule'], place(fault)), ('SD908', (2, 15)), 'fault')
    tap.includes(fault['message'], ['One._ipp._tcp.EXAMPLE.org.example.org'], 'message')
    tap.equal(len(found['services']), 2, 'services: the one pointed at, and the one described')
    tap.equal(rules(found['services'][0]), [], 'one cause, one finding')
    found = zone('@ SOA ns h 1 2 3 4 5\n' + PAIR.replace('example.net.', 'example.org'))
    tap.equal([place(f) for f in found['files'][0]['findings']], [(4, 27)], 'SRV')
    tap.excludes(found['services'][0], ['addresses'], 'addresses of the SRV target')
    for name in ('One._ipp._tcp.example.org.', 'One._ipp._tcp.xexample.org', '@', 'example'):
        tap.equal(zone(f'_ipp._tcp PTR {name}\n').get('files', []), [], name)


def test_the_origin_of_the_command_line(folder):
    for origin in ('example.org', 'example.org.'):
        found = services(PAIR, '--origin', origin, origin='')['One']
        tap.equal(found['domain'], 'example.org', origin)
    found = services('$ORIGIN sub\n' + PAIR, '--origin', 'example.org', origin='')['One']
    tap.equal(found['domain'], 'sub.example.org', '$ORIGIN relative to it')
    refused(sdscope.run('check', '--from', '-', given=PAIR.encode()),
            "standard input:1:1: '_ipp._tcp' is relative", '--origin')
    refused(sdscope.run('check', '--from', '-', '--origin', 'a..b'), 'not an origin')
    refused(sdscope.run('check', '_ipp._tcp', '--origin', 'a.b'), '--origin')


def test_absolute_names_need_no_origin(folder):
    text = PAIR.replace('_tcp ', '_tcp.local. ').replace('_tcp\n', '_tcp.local.\n')
    tap.equal(services(text, origin='')['One']['domain'], 'local', 'domain')
    text = '_ipp._tcp.local. PTR One._ipp._tcp.{}.\n'
    for domain, is_missing in (('local', True), ('example.org', False)):
        found = services(text.format(domain), origin='')['One']
        tap.equal('txt' in found, is_missing, f'TXT record in {domain} is known to be missing')


def test_ttl(folder):
    for line, ttl in (('', None), ('$TTL 2h30m\n', 9000), ('$TTL 7\n', 7)):
        tap.equal(services(line + PAIR)['One'].get('ttl'), ttl, line)
    tap.equal(services(PAIR.replace(' PTR', ' 5 PTR'))['One']['ttl'], 5, 'the last one stated')
    tap.equal(services(PAIR.replace('SRV', 'IN 9 SRV'))['One']['ttl'], 9, 'after the class')
    tap.equal(services(PAIR.replace('SRV', '9 in srv'))['One']['ttl'], 9, 'before the class')


def test_the_first_of_several_records_counts(folder):
    text = PAIR + 'ONE._ipp._TCP SRV 0 0 1 other\nOne._ipp._tcp TXT "second=1"\n'
    found = services(text)
    tap.equal(list(found), ['One'], 'case makes no other instance')
    tap.equal((found['One']['port'], found['One']['txt_hex']), (631, rdata('txtvers=1')), 'first')


ALIAS = PAIR.replace('host.example.net.', 'host') + 'host CNAME printer.example.net.\n'
RECORDS = {
    'one of each': (PAIR, [], ['SD404', 'SD405', 'SD409']),
    'one, written twice': (PAIR + PAIR, [], []),
    'two SRV records': (PAIR + 'One._ipp._tcp SRV 0 5 632 other.example.net.\n', ['SD404'], []),
    'a weight in one': (PAIR.replace('SRV 0 0', 'SRV 0 5'), ['SD403'], []),
    'two TXT records': (PAIR + 'One._ipp._tcp TXT "second=1"\n', ['SD405'], []),
    'an alias': (ALIAS, ['SD238'], []),
    'no alias': (ALIAS.replace('CNAME printer.example.net.', 'A 192.0.2.7'), [], ['SD238']),
    'a PTR record of another type': ('_http._tcp PTR One._ipp._tcp\n' + PAIR, ['SD409'], []),
    'one of a subtype': ('_x._sub._ipp._tcp PTR One._ipp._tcp\n' + PAIR, [], ['SD409']),
}


@tap.each(*RECORDS)
def test_records_behind_a_service(folder, kind):
    text, broken, evaluated = RECORDS[kind]
    found = zone(text)
    told = ('SD238', 'SD403', 'SD404', 'SD405', 'SD409')
    tap.equal([rule for rule in rules(found['services'][0]) if rule in told], broken, 'rules')
    tap.excludes(found['summary']['not_evaluated'], evaluated, 'not evaluated')


def test_types_that_are_malformed(folder):
    text = ('http._tcp PTR a.http._tcp\n_a._b._tcp PTR b._a._b._tcp\n_x._sctp PTR c._x._sctp\n'
            '_ipp._tcp PTR d\n')
    tap.equal({name: s['type'] for name, s in services(text).items()},
              {'a': 'http._tcp', 'b': '_a._b._tcp', 'c': '_x._sctp', 'd': '_ipp._tcp'}, 'types')


def test_hostile_bytes(folder):
    text = (b'_ipp._tcp PTR \x1b[31m\\010\xff\\.\\\\._ipp._tcp\n'
            b'\x1b[31m\\010\xff\\.\\\\._ipp._tcp TXT "\x07\\000=\xfe" \x9b\n')
    found, = zone(text)['services']
    tap.equal(found['instance_hex'], b'\x1b[31m\x0a\xff.\\'.hex(), 'instance')
    tap.equal(found['txt_hex'], '04070' + '03dfe' + '019b', 'TXT')
    result = sdscope.run('check', '--from', '-', given=ORIGIN.encode() + text).expect(1)
    tap.check('\x1b' not in result.stdout, 'no escape sequence reaches the terminal')
    refused(sdscope.run('check', '--from', '-', given=ORIGIN.encode() + b'x PTR \x1b[31m..\xff\n'),
            ':2:7:', '\\x1b[31m..\\xff')


LONG = 'x' * 256
MALFORMED = {
    'port': ('x SRV 0 0 70000 h', ':2:11:', "'70000' is not a number from 0 to 65535"),
    'port as a word': ('x SRV 0 0 http h', ':2:11:', "'http'"),
    'priority': ('x SRV -1 0 80 h', ':2:7:', "'-1'"),
    'too few': ('x SRV 0 0 80', ':2:11:', "'80' ends the record too early"),
    'too many': ('x PTR a b', ':2:9:', "'b' is more than this record holds"),
    'lines of a record': ('x SRV (\n 0 0\n 99999 ; comment\n h )\ny A 1.2.3.4', ':4:2:', "'99999'"),
    'after it': ('x TXT ( "a\tb"\n b\n)\n\n;\ny PTR a..b', ':7:7:', 'Empty label'),
    'long label': (f'x PTR {LONG[:64]}', ':2:7:', 'Label length overflow'),
    'long name': ('x PTR ' + (LONG[:60] + '.') * 5, ':2:7:', 'Domainname length overflow'),
    'long with the origin': ('x PTR ' + '.'.join([LONG[:60]] * 4), ':2:7:', 'exceeds 255 bytes'),
    'long string': (f'x TXT a "{LONG}"', ':2:9:', 'a string of at most 255 bytes'),
    'very long string': (f'x TXT a "{LONG * 9}"', ':2:9:', 'a string of at most 255 bytes'),
    'escape above 255': ('x TXT a\\300', ':2:7:', 'bad escape sequence'),
    'half an escape': ('x TXT "a\\25"', ':2:7:', 'bad escape sequence'),
    'backslash at the end': ('x TXT a\\', ':2:8:', 'backslash'),
    'quote': ('x TXT a "b\ny TXT c"', ':2:9:', 'quote'),
    'open': ('x TXT ( a\n\n', ':2:7:', 'never closed'),
    'closed': ('x TXT a )\n', ':2:9:', 'never opened'),
    'address': ('x TXT a\ny A 300.1.1.1', ':3:5:', "'300.1.1.1' is not an IPv4 address"),
    'IPv6 address': ('x TXT a\ny AAAA fe80::1%lo', ':3:8:', 'not an IPv6 address'),
    'quoted name': ('x PTR "a b"', ':2:7:', 'name in quotes'),
    'space in a name': ('x PTR My Printer._ipp._tcp', ':2:10:', 'more than this record holds'),
    'type': ('x TXT a\ny PRT b', ':3:3:', "'PRT' is not a type"),
    'no type': ('x TXT a\ny 3600 IN', ':3:8:', 'without a type'),
    'no data': ('x IN TXT', ':2:6:', 'without data'),
    'no owner': (' TXT a', ':2:2:', 'no owner'),
    'class': ('x CH TXT a', ':2:3:', "'CH' is not the class IN"),
    'TTL': ('x 99999999999 TXT a', ':2:3:', 'not a TTL'),
    'TTL of no unit': ('x 5y TXT a', ':2:3:', 'not a TTL'),
    '$TTL': ('$TTL x', ':2:6:', 'not a TTL'),
    '$TTL of nothing': ('$TTL', ':2:1:', 'lacks its value'),
    '$ORIGIN of two': ('$ORIGIN a b', ':2:11:', 'more than the directive takes'),
    '$INCLUDE': ('$INCLUDE /etc/passwd', ':2:1:', '$INCLUDE', 'refused'),
    '$GENERATE': ('x TXT a\n$GENERATE 1-9 a$ PTR b', ':3:1:', 'refused'),
    'directive': ('$ORIGN a', ':2:1:', 'not a directive'),
    'NUL': ('x TXT a\0b', ':2:8:', 'NUL'),
    'bytes': ('x TXT \\# 2 ff', ':2:10:', "'2' is not the number of bytes"),
    'bytes of no hex': ('x TXT \\# 2 f fzz', ':2:12:', 'hex'),
    'bytes of no length': ('x TXT \\#', ':2:7:', 'length'),
    'bytes of another form': ('x PTR \\# 2 0561', ':2:12:', 'form'),
    'too long a record': ('x TXT' + f' {LONG[:255]}' * 257, ':2:', 'exceeds 65535 bytes'),
}


@tap.each(*MALFORMED)
def test_malformed_zones_are_located(folder, kind):
    text, *words = MALFORMED[kind]
    refused(sdscope.run('check', '--from', '-', given=(ORIGIN + text).encode()), *words)


def test_empty_txt(folder):
    for text, rdata_hex, expected in (('""', '00', []), ('\\# 0', '', ['SD302']),
                                      ('\\# 2 0561', '0561', ['SD303'])):
        found = services(f'_ipp._tcp PTR One._ipp._tcp\nOne._ipp._tcp SRV 0 0 1 h\n TXT {text}\n')
        tap.equal(found['One']['txt_hex'], rdata_hex, text)
        tap.equal(rules(found['One']), expected, text)


def test_long_txt(folder):
    strings = ['x' * 255] * 255 + ['y' * 254]
    text = ' '.join(f'"{s}"' for s in strings)
    tap.equal(services(f'x._ipp._tcp TXT {text}\n')['x']['txt_hex'], rdata(*strings), '65535 bytes')
    escaped = '\\255' * 255
    found = services(f'x._ipp._tcp TXT {escaped}\n')['x']
    tap.equal(found['txt_hex'], 'ff' * 256, '255 bytes, all escaped')


def test_line_ends_and_byte_order_mark(folder):
    text = (ORIGIN + PAIR).replace('\n', '\r\n').encode()
    for start in (b'', b'\xef\xbb\xbf'):
        found = services(start + text, origin='')
        tap.equal(list(found), ['One'], 'instances')
    refused(sdscope.run('check', '--from', '-', given=text + b'x PTR a..b'), ':5:7:')


def test_a_folder(folder):
    folder = fresh(folder)
    for name in ('a.zone', 'b.db', 'c.txt'):
        write(folder / name, (ORIGIN + PAIR).replace('One', name[0]))
    found = report('--registry', 'none', '--from', folder)['services']
    tap.equal([s['instance'] for s in found], ['a', 'b'], 'instances')


def test_expect_reads_a_zone(folder):
    path = write(folder / 'expect.zone', PAIR)
    found = service('--registry', 'none', '--from', path, '--expect', path,
                    '--origin', 'example.org')
    tap.equal(rules(found), [], 'findings')


def test_limits(folder):
    many = ''.join(f'h A 192.0.2.{n % 256}\nh A 198.51.100.{n % 256}\n' for n in range(40))
    refused(sdscope.run('check', '--from', '-', given=(
        ORIGIN + PAIR.replace('host.example.net.', 'h') + many).encode()), 'addresses of a host')
    many = ''.join(f'_s{n}._sub._ipp._tcp PTR One._ipp._tcp\n' for n in range(300))
    refused(sdscope.run('check', '--from', '-', given=(ORIGIN + PAIR + many).encode()),
            'subtypes of a service')
    many = ''.join(f'One._ipp._tcp TXT "n={n}"\n' for n in range(300))
    refused(sdscope.run('check', '--from', '-', given=(ORIGIN + PAIR + many).encode()),
            'records of a service')


def test_ten_thousand_services(folder):
    text = ''.join(f'_ipp._tcp PTR p\\032{n}._ipp._tcp\np\\032{n}._ipp._tcp SRV 0 0 631 h{n}\n'
                   f' TXT "txtvers=1" "n={n}"\nh{n} A 10.0.{n >> 8}.{n & 255}\n'
                   for n in range(10_000))
    found = zone('@ SOA ns h 1 2 3 4 5\n' + text)
    tap.equal(found['summary']['services'], 10_000, 'services')
    tap.equal(found['services'][9_999]['addresses'], ['10.0.39.15'], 'addresses of the last')


if __name__ == '__main__':
    tap.main(setup=scratch, needs=sdscope.program)
