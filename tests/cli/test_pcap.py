# SPDX-License-Identifier: MIT
"""`--pcap`: an audit of a LAN that somebody else captured."""

import struct

from cli import fresh, refused, rules, scratch, sdscope, tap, write

PTR, TXT, SRV, A = 12, 16, 33, 1
GROUP = bytes([224, 0, 0, 251])


def name(text):
    labels = [label.encode() for label in text.split('.')]
    return b''.join(bytes([len(label)]) + label for label in labels) + b'\0'


def record(owner, type_, rdata, flush=True, ttl=120):
    return name(owner) + struct.pack('>HHIH', type_, 0x8001 if flush else 1, ttl, len(rdata)) + rdata


def response(*records):
    return struct.pack('>HHHHHH', 0, 0x8400, 0, len(records), 0, 0) + b''.join(records)


def service(instance, type_, host, txt, address=(192, 0, 2, 7), port=631):
    full = f'{instance}.{type_}.local'
    return response(record(f'{type_}.local', PTR, name(full), flush=False, ttl=4500),
                    record(full, SRV, struct.pack('>HHH', 0, 0, port) + name(f'{host}.local')),
                    record(full, TXT, txt, ttl=4500), record(f'{host}.local', A, bytes(address)))


def frame(payload, source=(192, 0, 2, 7)):
    udp = struct.pack('>HHHH', 5353, 5353, 8 + len(payload), 0) + payload
    ip = struct.pack('>BBHHHBBH', 0x45, 0, 20 + len(udp), 0, 0, 255, 17, 0) + bytes(source) + GROUP
    return bytes.fromhex('01005e0000fb' '020000000001' '0800') + ip + udp


def pcap(*payloads):
    packets = b''.join(struct.pack('<IIII', 1_700_000_000 + n, 0, len(f), len(f)) + f
                       for n, f in enumerate(map(frame, payloads)))
    return struct.pack('<IHHiIII', 0xa1b2c3d4, 2, 4, 0, 0, 65535, 1) + packets


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


if __name__ == '__main__':
    tap.main(setup=scratch, needs=sdscope.program)
