# SPDX-License-Identifier: MIT
"""forger.py INTERFACE-ADDRESS OFF-LINK-ADDRESS - answers one-shot queries for PTR as RFC 6762 6.7
wants it, naming the instance "true", and besides as nobody may: with another id, from another port,
from off the link. Says "ready", and a line for each query that it answered."""

import socket
import struct
import sys

GROUP, PORT = '224.0.0.251', 5353
TTL_S = 10
OTHER_HOPS = 64


def answer(query, id_, instance):
    """The question, and its only PTR record."""
    label = instance.encode()
    record = b'\xc0\x0c' + struct.pack('>HHIH', 12, 1, TTL_S, len(label) + 3)
    header = struct.pack('>6H', id_, 0x8400, 1, 1, 0, 0)
    return header + query[12:] + record + bytes([len(label)]) + label + b'\xc0\x0c'


def socket_at(address, port, hops):
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.setsockopt(socket.IPPROTO_IP, socket.IP_TTL, hops)
    s.bind((address, port))
    return s


def main(here, elsewhere):
    group = socket_at(GROUP, PORT, 255)
    group.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP,
                     socket.inet_aton(GROUP) + socket.inet_aton(here))
    true, off_link = socket_at(here, PORT, 255), socket_at(elsewhere, PORT, OTHER_HOPS)
    other_port = socket_at(here, PORT + 1, 255)
    print('ready', flush=True)
    while True:
        query, sender = group.recvfrom(9000)
        if sender[1] == PORT or query[2] & 0x80:
            continue
        id_ = int.from_bytes(query[:2], 'big')
        off_link.sendto(answer(query, id_, 'off link'), sender)
        other_port.sendto(answer(query, id_, 'other port'), sender)
        true.sendto(answer(query, id_ ^ 1, 'other id'), sender)
        true.sendto(answer(query, id_, 'true'), sender)
        print('answered', flush=True)


if __name__ == '__main__':
    main(*sys.argv[1:])
