# SPDX-License-Identifier: MIT
"""ask.py INTERFACE NAME TYPE - print the RDATA, in hex, of the first answer on the link.

The truth that the tests compare with: an mDNS query and its answer, read without any of the
code under test. In NAME, '\\.' is a dot in a label and '\\DDD' a byte.
"""

import socket
import struct
import sys
import time

from fakelan import wire

GROUP = ('224.0.0.251', 5353)


def ask(interface, name, type_, attempts=30, patience=1.0):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as link:
        group = struct.pack('4s4si', socket.inet_aton(GROUP[0]), bytes(4),
                            socket.if_nametoindex(interface))
        link.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        link.bind(GROUP)            # not to the port alone: that would rob the host's daemon
        for option, value in ((socket.IP_ADD_MEMBERSHIP, group),
                              (socket.IP_MULTICAST_IF, group), (socket.IP_MULTICAST_TTL, 255)):
            link.setsockopt(socket.IPPROTO_IP, option, value)
        query = bytearray(wire.HEADER.pack(0, 0, 1, 0, 0, 0))
        wire.write_name(query, name, {})
        query += struct.pack('>HH', type_, wire.IN)
        for _ in range(attempts):
            link.sendto(query, GROUP)
            deadline = time.monotonic() + patience
            while (left := deadline - time.monotonic()) > 0:
                link.settimeout(left)
                try:
                    message = wire.Message(link.recv(9100))
                except TimeoutError:
                    break
                found = [rdata for owner, kind, _, _, rdata in message.answers
                         if wire.fold(owner) == wire.fold(name) and kind == type_]
                if found:
                    return found
    return []


if __name__ == '__main__':
    for rdata in ask(sys.argv[1], wire.parse_name(sys.argv[2]), getattr(wire, sys.argv[3])):
        print(rdata.hex())
