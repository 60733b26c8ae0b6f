# SPDX-License-Identifier: MIT
"""unicast.py ADDRESS NAME TYPE COUNT - print how many of so many unicast queries are answered.

Each asks the mDNS port of one host, from a port of its own (RFC 6762 section 6.7).
"""

import socket
import struct
import sys

from fakelan import wire


def is_answered(address, name, type_, patience=20.0):
    family = socket.AF_INET6 if ':' in address else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as link:
        link.settimeout(patience)
        query = bytearray(wire.HEADER.pack(1, 0, 1, 0, 0, 0))
        wire.write_name(query, name, {})
        query += struct.pack('>HH', type_, wire.IN)
        link.sendto(query, socket.getaddrinfo(address, 5353, family)[0][4])
        try:
            return bool(wire.Message(link.recv(9100)).answers)
        except TimeoutError:
            return False


if __name__ == '__main__':
    asked = sys.argv[1], wire.parse_name(sys.argv[2]), getattr(wire, sys.argv[3])
    print(sum(is_answered(*asked) for _ in range(int(sys.argv[4]))))
