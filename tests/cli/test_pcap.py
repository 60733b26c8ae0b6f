# SPDX-License-Identifier: MIT
"""`--pcap`: an audit of a LAN that somebody else captured."""

import json
import struct
from datetime import datetime

from cli import fresh, refused, rules, scratch, sdscope, tap, validate, write

PTR, TXT, SRV, A, CNAME = 12, 16, 33, 1, 5
GROUP = (224, 0, 0, 251)
HOST, OTHER = (192, 0, 2, 7), (192, 0, 2, 8)
BEGAN = 1_700_000_000                       # 2023-11-14T22:13:20Z


def name(text):
    labels = [label.encode() for label in text.split('.')]
    return b''.join(bytes([len(label)]) + label for label in labels) + b'\0'


def record(owner, type_, rdata, flush=True, ttl=120):
    return name(owner) + struct.pack('>HHIH', type_, 0x8001 if flush else 1, ttl, len(rdata)) + rdata


def response(*records, id_=0):
    return struct.pack('>HHHHHH', id_, 0x8400, 0, len(records), 0, 0) + b''.join(records)


def pointer(instance, type_, ttl=4500):
    return record(f'{type_}.local', PTR, name(f'{instance}.{type_}.local'), flush=False, ttl=ttl)


def service(instance, type_, host, txt, address=HOST, port=631, ttl=120, **options):
    full = f'{instance}.{type_}.local'
    return response(pointer(instance, type_, ttl and 4500),
                    record(full, SRV, struct.pack('>HHH', 0, 0, port) + name(f'{host}.local'), ttl=ttl),
                    record(full, TXT, txt, ttl=ttl and 4500),
                    record(f'{host}.local', A, bytes(address), ttl=ttl), **options)


def frame(payload, source=HOST, to=GROUP, ports=(5353, 5353), ip_ttl=255, fragment=0):
    udp = struct.pack('>HHHH', *ports, 8 + len(payload), 0) + payload
    ip = struct.pack('>BBHHHBBH', 0x45, 0, 20 + len(udp), 0, fragment, ip_ttl, 17, 0) + \
        bytes(source) + bytes(to)
    return bytes.fromhex('01005e0000fb' '020000000001' '0800') + ip + udp


def pcap_of(*frames):
    """A capture of (seconds, frame)."""
    packets = b''.join(struct.pack('<IIII', BEGAN + int(s), round(s % 1 * 1e6), len(f), len(f)) + f
                       for s, f in frames)
    return struct.pack('<IHHiIII', 0xa1b2c3d4, 2, 4, 0, 0, 65535, 1) + packets


def pcap(*payloads):
    return pcap_of(*enumerate(map(frame, payloads)))


HOME = pcap(service('Leaf', '_leaf._tcp', 'cabinet', b'\x0cname=Cabinet\x09product=2\x09version=7'),
            service('Empty', '_leaf._tcp', 'hut', b''),
            service('Odd', '_frobnicate._tcp', 'shed', b'\x03a=1\0\x03b=2'))


def readable(folder):
    """Classic captures are read where libpcap was there to build with."""
    if 'without libpcap' in sdscope.run('audit', '--pcap', write(folder / 'x', HOME)).stderr:
        raise tap.Skip('this build reads no pcap files')


def audit(folder, content, *arguments, status=(0, 1)):
    path = write(fresh(folder) / 'home.pcap', content)
    return sdscope.run('audit', '-f', 'json', '--pcap', path, *arguments).expect(*status).report


def test_services_are_found_with_the_bytes_that_were_sent(folder):
    readable(folder)
    found = audit(folder, HOME)
    tap.equal((found['scan']['source'], found['scan']['complete']), ('capture', True), 'scan')
    by_name = {s['instance']: s for s in found['services']}
    tap.equal(sorted(by_name), ['Empty', 'Leaf', 'Odd'], 'instances')
    leaf = by_name['Leaf']
    tap.equal((leaf['host'], leaf['port'], leaf['addresses'], leaf['verdict'], leaf['findings']),
              ('cabinet.local', 631, ['192.0.2.7'], 'registered', []), 'leaf')
    tap.includes(rules(by_name['Empty']), ['SD302'], 'zero-length RDATA, which Avahi hides')
    tap.includes(rules(by_name['Odd']), ['SD304', 'SD501'], 'an empty string, which Avahi hides')


def test_types_choose(folder):
    readable(folder)
    found = audit(folder, HOME, '_frobnicate._tcp')
    tap.equal([s['instance'] for s in found['services']], ['Odd'], 'instances')


def test_browse_and_standard_input(folder):
    readable(folder)
    found = sdscope.run('browse', '-f', 'json', '--pcap', '-', given=HOME).expect(0).report
    tap.equal(len(found['services']), 3, 'services')


def test_a_truncated_capture_is_incomplete(folder):
    readable(folder)
    found = audit(folder, HOME[:-10], status=[4])
    tap.equal(sorted(s['instance'] for s in found['services']), ['Empty', 'Leaf'], 'the others')
    tap.check(found['scan']['reasons'], 'reasons')


def test_what_is_no_capture(folder):
    refused(sdscope.run('audit', '--pcap', write(folder / 'no.pcap', b'{"type": "_x._tcp"}')),
            'no.pcap')
    refused(sdscope.run('audit', '--pcap', '-', '-4', given=HOME), '--ipv4')
    refused(sdscope.run('audit', '--pcap', folder / 'absent'), 'No such file')


# ---- in the time of the capture ----------------------------------------------------------------

LATER = b'\x0cname=Cabinet\x09product=2\x09version=8'


def leaf(txt=b'\x0cname=Cabinet\x09product=2\x09version=7', **options):
    return service('Leaf', '_leaf._tcp', 'cabinet', txt, **options)


def odd(**options):
    return service('Odd', '_frobnicate._tcp', 'shed', b'\x03a=1\0\x03b=2', address=OTHER, **options)


DAY = pcap_of((0, frame(leaf())), (10.25, frame(odd(), OTHER)), (5000, frame(leaf(LATER))),
              (5000.5, frame(leaf(LATER))), (6000, frame(odd(ttl=0), OTHER)), (9000, frame(leaf(LATER))))


def seconds(event):
    """Since the capture began."""
    time = datetime.fromisoformat(event['time'].replace('Z', '+00:00'))
    return round(time.timestamp() - BEGAN, 3)


def story(text):
    return [(seconds(e), e['event'], e.get('service', {}).get('instance'))
            for e in map(json.loads, text.splitlines()) if 'event' in e]


STORY = [(0, 'added', 'Leaf'), (10.25, 'added', 'Odd'), (5000, 'changed', 'Leaf'),
         (6001, 'removed', 'Odd'), (9000, 'settled', None), (9000, 'ended', None)]


def test_a_watch_tells_when_it_happened(folder):
    readable(folder)
    path = write(fresh(folder) / 'day.pcap', DAY)
    result = sdscope.run('watch', '-f', 'ndjson', '--speed', '0', '--pcap', path).expect(0)
    tap.equal(story(result.stdout), STORY, 'events')
    changed = [json.loads(line) for line in result.stdout.splitlines()][2]
    tap.equal(changed['changes'], ['txt'], 'changes')
    tap.includes(sdscope.run('watch', '-f', 'text', '--speed', '1e4', '--pcap', path).expect(0).stdout,
                 ['Leaf', 'changed: txt'], 'text')


def test_a_watch_waits_for_a_condition(folder):
    readable(folder)
    path = write(fresh(folder) / 'day.pcap', DAY)
    watch = ('watch', '-f', 'ndjson', '--speed', '0', '--pcap', path, '--until')
    tap.equal(story(sdscope.run(*watch, 'instance=Odd').expect(0).stdout), STORY[:2], 'events')
    sdscope.run(*watch, 'instance=Nobody').expect(1)


def test_a_recording_of_a_capture_has_its_times(folder):
    readable(folder)
    path, made = write(fresh(folder) / 'day.pcap', DAY), fresh(folder) / 'day.ndjson'
    told = sdscope.run('record', made, '--pcap', path).expect(0)
    tap.includes(told.stderr, ['6 events in 9000.0 s, 1 service at the end'], 'what was done')
    text = made.read_text(encoding='utf-8')
    tap.equal(story(text), STORY, 'events')
    head = json.loads(text.splitlines()[0])
    tap.equal({k: v for k, v in head.items() if k != 'version'},
              {'sdscope_recording': 1, 'source': 'capture', 'started': '2023-11-14T22:13:20.000Z',
               'domain': 'local'}, 'head')
    for line in text.splitlines():
        validate(json.loads(line), 'recording')
    again = sdscope.run('audit', '-f', 'json', '--source', made, '--wire-rules').expect(0, 1).report
    first = audit(folder, DAY, '--wire-rules')
    tap.equal(again['services'], first['services'], 'an audit of it is that of the capture')
    tap.equal((first['scan']['started'], first['scan']['duration_s']), ('2023-11-14T22:13:20Z', 9000),
              'time of the scan')


def test_services_come_when_they_are_whole(folder):
    """Or a second after the first record; and what comes back at once never went."""
    readable(folder)
    parts = pcap_of((0, frame(response(pointer('Leaf', '_leaf._tcp')))), (0.4, frame(leaf())),
                    (10, frame(response(pointer('Odd', '_frobnicate._tcp')))),
                    (20, frame(leaf(ttl=0))), (20.9, frame(leaf())))
    result = sdscope.run('watch', '-f', 'ndjson', '--speed', '0', '--pcap', '-', given=parts).expect(0)
    tap.equal(story(result.stdout),
              [(0.4, 'added', 'Leaf'), (11, 'added', 'Odd'), (20.9, 'settled', None),
               (20.9, 'ended', None)], 'events')


def test_an_address_that_comes_later_is_told(folder):
    readable(folder)
    full = 'Leaf._leaf._tcp.local'
    srv = record(full, SRV, struct.pack('>HHH', 0, 0, 631) + name('cabinet.local'))
    parts = pcap_of((0, frame(response(pointer('Leaf', '_leaf._tcp'), srv, record(full, TXT, b'\0')))),
                    (60, frame(response(record('cabinet.local', A, bytes(HOST))))),
                    (120, frame(response(record('cabinet.local', A, bytes(OTHER))))))
    result = sdscope.run('watch', '-f', 'ndjson', '--speed', '0', '--pcap', '-', given=parts).expect(0)
    events = [json.loads(line) for line in result.stdout.splitlines()][:3]
    tap.equal([(seconds(e), e['event'], e['service'].get('addresses')) for e in events],
              [(1, 'added', None), (60, 'changed', ['192.0.2.7']), (120, 'changed', ['192.0.2.8'])],
              'events')


def test_an_empty_capture_ends_at_once(folder):
    readable(folder)
    result = sdscope.run('watch', '-f', 'ndjson', '--pcap', '-', given=pcap_of()).expect(0)
    tap.equal([json.loads(line)['event'] for line in result.stdout.splitlines()],
              ['settled', 'ended'], 'events')


# ---- packets -----------------------------------------------------------------------------------

def packet_findings(found):
    return {s['instance']: [(f['rule'], f['message']) for f in s['findings']
                            if f['rule'].startswith('SD8')] for s in found['services']}


def test_packets_are_judged(folder):
    readable(folder)
    found = audit(folder, pcap_of((0, frame(leaf(id_=7))), (60, frame(odd(), OTHER)),
                                  (120, frame(leaf(), ports=(49152, 5353)))), '--wire-rules')
    tap.equal(packet_findings(found), {
        'Leaf': [('SD801', 'mDNS response has a query id, from 192.0.2.7 on link1'),
                 ('SD810', 'mDNS response comes from another port than 5353, '
                           'from 192.0.2.7 port 49152 on link1')],
        'Odd': []}, 'findings')
    tap.includes(found['summary']['not_evaluated'], ['SD813', 'SD832'], 'what the link would tell')
    tap.check('SD801' not in found['summary']['not_evaluated'], 'the others are evaluated')


def test_only_what_was_sent_to_all_is_judged(folder):
    """A reply to a one-shot query repeats its id, and its TTLs are made up (RFC 6762 6.7)."""
    readable(folder)
    found = audit(folder, pcap_of((0, frame(leaf(id_=7, ttl=10), to=OTHER, ports=(5353, 40000))),
                                  (60, frame(odd(id_=7), OTHER, to=HOST))), '--wire-rules')
    tap.equal(packet_findings(found), {'Leaf': [], 'Odd': []}, 'findings')
    by_name = {s['instance']: s for s in found['services']}
    tap.check('ttl' not in by_name['Leaf'] and 'ttl' in by_name['Odd'], 'TTLs')


def test_a_watch_tells_of_packets(folder):
    readable(folder)
    day = pcap_of((0, frame(leaf())), (60, frame(leaf(id_=7))), (70, frame(leaf(id_=7))))
    result = sdscope.run('watch', '-f', 'ndjson', '--speed', '0', '--wire-rules', '--pcap', '-',
                         given=day).expect(0)
    tap.equal(story(result.stdout)[:3],
              [(0, 'added', 'Leaf'), (61, 'changed', 'Leaf'), (70, 'settled', None)], 'events')
    changed = json.loads(result.stdout.splitlines()[1])
    tap.equal([f['rule'] for f in changed['findings_added']], ['SD801'], 'findings')


def test_fragments_are_no_silent_loss(folder):
    readable(folder)
    found = audit(folder, pcap_of((0, frame(leaf())), (1, frame(odd(), fragment=0x2000))), status=[4])
    tap.equal([s['instance'] for s in found['services']], ['Leaf'], 'services')
    tap.includes(found['scan']['reasons'][0], ['1 packet', 'fragment'], 'reason')


def test_an_alias_is_told(folder):
    readable(folder)
    full = 'Leaf._leaf._tcp.local'
    srv = record(full, SRV, struct.pack('>HHH', 0, 0, 631) + name('cabinet.local'))
    found = audit(folder, pcap(response(pointer('Leaf', '_leaf._tcp'), srv, record(full, TXT, b'\0'),
                                        record('cabinet.local', CNAME, name('real.local')))))
    tap.includes(rules(found['services'][0]), ['SD238'], 'rules')


def recommended(use, domain, of='local'):
    return record(f'{use}._dns-sd._udp.{of}', PTR, name(domain), flush=False, ttl=4500)


WIDE = pcap(service('Leaf', '_leaf._tcp', 'cabinet', b'\x0cname=Cabinet\x09product=2\x09version=7'),
            response(recommended('b', 'lab.test'), recommended('db', 'lab.test')),
            response(recommended('r', 'other.test'), recommended('b', 'inner.test', of='lab.test')))


def test_domains_that_were_recommended(folder):
    readable(folder)
    found = sdscope.run('browse', '--domains', '-f', 'json', '--pcap', '-', given=WIDE).expect(0).report
    validate(found, 'report')
    tap.equal({d['domain']: d['uses'] for d in found['domains']},
              {'lab.test': ['browse', 'default-browse'], 'other.test': ['register']}, 'domains')
    found = sdscope.run('browse', '--domains', '-f', 'json', '-d', 'lab.test', '--pcap', '-',
                        given=WIDE).expect(0).report
    tap.equal([d['domain'] for d in found['domains']], ['inner.test'], 'of lab.test')


def test_services_say_where_others_may_be(folder):
    readable(folder)
    found = audit(folder, WIDE)
    tap.equal([s['instance'] for s in found['services']], ['Leaf'], 'services')
    tap.equal([n for n in found['scan']['notes'] if 'recommends' in n],
              ["the network recommends to browse 'lab.test' too, which was not done: see --domain "
               "and browse --domains"], 'note')
    tap.equal([n for n in audit(folder, HOME)['scan']['notes'] if 'recommends' in n], [], 'none')


if __name__ == '__main__':
    tap.main(setup=scratch, needs=sdscope.program)
