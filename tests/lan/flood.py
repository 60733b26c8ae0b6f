# SPDX-License-Identifier: MIT
"""flood.py ADDRESS TYPE NAMES SECONDS AHEAD - tell a link of so many instances of a type that nobody
has; of so many types where TYPE is the name of the meta-query. Says so once AHEAD of them are told."""

import socket
import sys
import time

from fakelan import wire

AT_ONCE = 40        # records of a packet
META = wire.parse_name('_services._dns-sd._udp.local')
GROUP = ('224.0.0.251', 5353)


def packet(type_, numbers):
    buffer, offsets = bytearray(wire.HEADER.pack(0, wire.RESPONSE, 0, len(numbers), 0, 0)), {}
    for number in numbers:
        name = (f'flood {number:06d}'.encode(), *type_)
        if type_ == META:
            name = (f'_f{number:06d}'.encode(), b'_tcp', b'local')
        wire.Record(type_, wire.PTR, 4500, [name], False).write(buffer, offsets)
    return buffer


def main(address, type_, names, seconds, ahead):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as link:
        here = socket.inet_aton(address)
        for level, option, value in ((socket.SOL_SOCKET, socket.SO_REUSEADDR, 1),
                                     (socket.IPPROTO_IP, socket.IP_MULTICAST_IF, here),
                                     (socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, 255)):
            link.setsockopt(level, option, value)
        link.bind((address, GROUP[1]))
        started = time.monotonic()
        for first in range(0, names, AT_ONCE):
            link.sendto(packet(type_, range(first, min(first + AT_ONCE, names))), GROUP)
            if first < ahead <= first + AT_ONCE:
                print('ahead', flush=True)
            time.sleep(max(0.0, started + seconds * first / names - time.monotonic()))


if __name__ == '__main__':
    main(sys.argv[1], wire.parse_name(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4]),
         int(sys.argv[5]))
