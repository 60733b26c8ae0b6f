# SPDX-License-Identifier: MIT
"""The forms that a capture has: the same advertisement in each of them is found, or missed aloud."""

import struct

from cli import fresh, scratch, sdscope, tap, write
from test_pcap import BEGAN, frame, leaf, odd, OTHER, readable

SENDER6, GROUP6 = bytes.fromhex('fe80' + 13 * '00' + '07'), bytes.fromhex('ff02' + 13 * '00' + 'fb')
ETHERNET, RAW, COOKED, COOKED2, NULL, WIRELESS = 1, 101, 113, 276, 0, 105
IPV4, IPV6, VLAN, QINQ = 0x0800, 0x86dd, 0x8100, 0x88a8
UDP, HOP_BY_HOP, ROUTING, FRAGMENT, DESTINATION = 17, 0, 43, 44, 60
MAC = bytes.fromhex('020000000001')
SECTION, INTERFACE, SIMPLE, ENHANCED = 0x0a0d0d0a, 1, 3, 6
LEAF, ODD = 'Leaf', 'Odd'


# ---- frames ------------------------------------------------------------------------------------

def ipv4(payload):
    return frame(payload)[14:]


def ipv6(payload, extensions=(), next_=UDP):
    """@extensions: (protocol number, its bytes behind the first)."""
    body = struct.pack('>HHHH', 5353, 5353, 8 + len(payload), 0) + payload
    for protocol, rest in reversed(extensions):
        body, next_ = bytes([next_]) + rest + body, protocol
    return struct.pack('>IHBB', 6 << 28, len(body), next_, 255) + SENDER6 + GROUP6 + body


def ethernet(packet, type_=IPV4, *tags):
    head = b''.join(struct.pack('>HH', tag, 42) for tag in tags)
    return bytes.fromhex('01005e0000fb') + MAC + head + struct.pack('>H', type_) + packet


def cooked(packet, type_=IPV4):
    return struct.pack('>HHH8sH', 1, 1, 6, MAC, type_) + packet


def cooked2(packet, type_=IPV4, ifindex=3):
    return struct.pack('>HHIHBB8s', type_, 0, ifindex, 1, 1, 6, MAC) + packet


# ---- files -------------------------------------------------------------------------------------

def pcap(link_type, *frames, order='<', magic=0xa1b2c3d4, unit=1e6, snaplen=65535):
    def packet(n, data):
        kept = data[:snaplen]
        return struct.pack(order + 'IIII', BEGAN + n, round(0.25 * unit), len(kept), len(data)) + kept
    return struct.pack(order + 'IHHiIII', magic, 2, 4, 0, 0, snaplen, link_type) + \
        b''.join(packet(n, data) for n, data in enumerate(frames))


def block(order, type_, body):
    body += b'\0' * (-len(body) % 4)
    length = struct.pack(order + 'I', len(body) + 12)
    return struct.pack(order + 'I', type_) + length + body + length


def option(order, code, value):
    return struct.pack(order + 'HH', code, len(value)) + value + b'\0' * (-len(value) % 4)


def section(order='<'):
    return block(order, SECTION, struct.pack(order + 'IHHq', 0x1a2b3c4d, 1, 0, -1))


def interface(link_type, name, order='<', resolution=6, snaplen=0):
    return block(order, INTERFACE, struct.pack(order + 'HHI', link_type, 0, snaplen)
                 + option(order, 2, name.encode()) + option(order, 9, bytes([resolution]))
                 + option(order, 0, b''))


def enhanced(number, data, order='<', unit=10**6):
    time = BEGAN * unit + unit // 4
    return block(order, ENHANCED, struct.pack(order + 'IIIII', number, time >> 32, time & 0xffffffff,
                                              len(data), len(data)) + data)


def simple(data, order='<'):
    return block(order, SIMPLE, struct.pack(order + 'I', len(data)) + data)


# ---- what is found -----------------------------------------------------------------------------

HOP = (HOP_BY_HOP, b'\0\1\4\0\0\0\0')                   # after the next protocol: length, padding
LONG = (DESTINATION, b'\1\1\x0c' + bytes(12))           # sixteen bytes in all
ROUTE = (ROUTING, b'\2\0\0' + bytes(20))
ATOMIC = (FRAGMENT, b'\0\0\0\0\0\0\1')                  # RFC 6946: one that is whole

FOUND = [
    ('Ethernet', pcap(ETHERNET, ethernet(ipv4(leaf())))),
    ('padding of a short frame', pcap(ETHERNET, ethernet(ipv4(leaf())) + bytes(20))),
    ('big-endian', pcap(ETHERNET, ethernet(ipv4(leaf())), order='>')),
    ('nanoseconds', pcap(ETHERNET, ethernet(ipv4(leaf())), magic=0xa1b23c4d, unit=1e9)),
    ('nanoseconds, big-endian',
     pcap(ETHERNET, ethernet(ipv4(leaf())), order='>', magic=0xa1b23c4d, unit=1e9)),
    ('VLAN', pcap(ETHERNET, ethernet(ipv4(leaf()), IPV4, VLAN))),
    ('QinQ', pcap(ETHERNET, ethernet(ipv4(leaf()), IPV4, QINQ, VLAN))),
    ('QinQ over IPv6', pcap(ETHERNET, ethernet(ipv6(leaf()), IPV6, QINQ, VLAN))),
    ('Linux cooked', pcap(COOKED, cooked(ipv4(leaf())))),
    ('Linux cooked, VLAN',
     pcap(COOKED, cooked(struct.pack('>HH', 42, IPV4) + ipv4(leaf()), VLAN))),
    ('Linux cooked 2', pcap(COOKED2, cooked2(ipv4(leaf())))),
    ('Linux cooked 2 over IPv6', pcap(COOKED2, cooked2(ipv6(leaf()), IPV6))),
    ('raw', pcap(RAW, ipv4(leaf()))),
    ('loopback', pcap(NULL, struct.pack('<I', 2) + ipv4(leaf()))),
    ('IPv6', pcap(ETHERNET, ethernet(ipv6(leaf()), IPV6))),
    ('IPv6, hop by hop', pcap(ETHERNET, ethernet(ipv6(leaf(), [HOP]), IPV6))),
    ('IPv6, four extensions',
     pcap(ETHERNET, ethernet(ipv6(leaf(), [HOP, LONG, ROUTE, ATOMIC]), IPV6))),
    ('pcapng', section() + interface(ETHERNET, 'en0') + enhanced(0, ethernet(ipv4(leaf())))),
    ('pcapng, big-endian', section('>') + interface(ETHERNET, 'en0', '>')
     + enhanced(0, ethernet(ipv4(leaf())), '>')),
    ('pcapng, nanoseconds', section() + interface(ETHERNET, 'en0', resolution=9)
     + enhanced(0, ethernet(ipv4(leaf())), unit=10**9)),
    ('pcapng, a simple packet', section() + interface(ETHERNET, 'en0')
     + simple(ethernet(ipv4(leaf())))),
]


def audit(folder, content, *arguments, status=(0, 1)):
    path = write(fresh(folder) / 'lan', content)
    return sdscope.run('audit', '-f', 'json', '--pcap', path, *arguments).expect(*status).report


def test_every_form_is_read(folder):
    readable(folder)
    for what, content in FOUND:
        found = audit(folder, content)
        tap.equal([(s['instance'], s['host'], s['port'], s['addresses'], s['txt'][2]['value'])
                   for s in found['services']],
                  [(LEAF, 'cabinet.local', 631, ['192.0.2.7'], '7')], what)
        tap.equal((found['scan']['complete'], found['scan']['reasons']), (True, []), what)
        if 'simple' not in what:                # which has no time
            tap.equal(found['scan']['started'], '2023-11-14T22:13:20Z', what)


def test_several_interfaces_are_several_links(folder):
    """Each with a link type and a resolution of its own; the same instance is there once."""
    content = (section() + interface(ETHERNET, 'en0') + interface(COOKED, 'any', resolution=9)
               + enhanced(0, ethernet(ipv4(leaf()))) + enhanced(1, cooked(ipv4(leaf())), unit=10**9)
               + enhanced(1, cooked(ipv4(odd())), unit=10**9)
               + section('>') + interface(RAW, 'tun0', '>') + enhanced(0, ipv4(leaf()), '>'))
    by_name = {s['instance']: s for s in audit(folder, content)['services']}
    tap.equal({name: sorted(seen['interface'] for seen in s['sightings'])
               for name, s in by_name.items()},
              {LEAF: ['any', 'en0', 'tun0'], ODD: ['any']}, 'links')


# ---- what is missed ----------------------------------------------------------------------------

WHOLE = ethernet(ipv4(leaf()))
OF_FRAGMENTS = ethernet(ipv6(odd(), [(FRAGMENT, b'\0\0\1\0\0\0\1')]), IPV6)

# What is in the file, the services that are found all the same, what the reason tells of.
MISSED = [
    ('a fragment of IPv4', pcap(ETHERNET, WHOLE, frame(odd(), OTHER, fragment=0x2000)),
     [LEAF], 'fragment'),
    ('a fragment of IPv6', pcap(ETHERNET, WHOLE, OF_FRAGMENTS), [LEAF], 'fragment'),
    ('a snaplen within the message', pcap(ETHERNET, WHOLE, snaplen=len(WHOLE) - 4), [LEAF],
     'cut short'),
    ('a snaplen within the header of UDP', pcap(ETHERNET, WHOLE, snaplen=40), [], 'cut short'),
    ('a snaplen within the header of IP', pcap(ETHERNET, WHOLE, snaplen=20), [], 'cut short'),
    ('a link type that is not known', pcap(WIRELESS, WHOLE), [], 'link type'),
    ('a file that breaks off', pcap(ETHERNET, WHOLE, WHOLE)[:-5], [LEAF], 'damaged'),
    ('pcapng that breaks off', (section() + interface(ETHERNET, 'en0') + enhanced(0, WHOLE)
                                + enhanced(0, WHOLE))[:-5], [LEAF], 'damaged'),
    ('an interface that nobody described', section() + interface(ETHERNET, 'en0')
     + enhanced(0, WHOLE) + enhanced(7, ethernet(ipv4(odd()))), [LEAF], 'damaged'),
]


def test_what_cannot_be_read_is_told(folder):
    readable(folder)
    for what, content, names, reason in MISSED:
        found = audit(folder, content, status=[4])
        tap.equal([s['instance'] for s in found['services']], names, what)
        tap.check(any(reason in r for r in found['scan']['reasons']),
                  f'{what}: {found["scan"]["reasons"]}')


if __name__ == '__main__':
    tap.main(setup=scratch, needs=sdscope.program)
