# SPDX-License-Identifier: MIT
"""dns.py ADDRESS - a DNS server of example.com, for a daemon that asks one (enable-wide-area)."""

import socket
import struct
import sys

A, PTR, TXT, SRV = 1, 12, 16, 33
NO_ERROR, NO_SUCH_NAME = 0x8580, 0x8583         # authoritative, with recursion


def name(text):
    return b''.join(bytes([len(label)]) + label.encode() for label in text.split('.')) + b'\0'


ZONE = {
    '_services._dns-sd._udp.example.com': {PTR: name('_ipp._tcp.example.com')},
    'b._dns-sd._udp.example.com': {PTR: name('sub.example.com')},
    '_ipp._tcp.example.com': {PTR: name('Office._ipp._tcp.example.com')},
    'office._ipp._tcp.example.com': {SRV: struct.pack('>HHH', 0, 0, 631) + name('p.example.com'),
                                     TXT: b'\x09txtvers=1'},
    'p.example.com': {A: bytes([192, 0, 2, 9])},
}


def question(query):
    """The name and type of the first question, and where it ends."""
    labels, at = [], 12
    while query[at]:
        labels.append(query[at + 1:at + 1 + query[at]].decode())
        at += 1 + query[at]
    return '.'.join(labels), struct.unpack_from('>H', query, at + 1)[0], at + 5


def answer(query):
    owner, type_, end = question(query)
    records = ZONE.get(owner.lower())
    rdata = (records or {}).get(type_)
    flags = NO_SUCH_NAME if records is None else NO_ERROR
    reply = query[:2] + struct.pack('>5H', flags, 1, rdata is not None, 0, 0) + query[12:end]
    if rdata is not None:
        reply += name(owner) + struct.pack('>HHIH', type_, 1, 60, len(rdata)) + rdata
    return reply


def main(address):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind((address, 53))
        print('ready', flush=True)
        while True:
            query, client = server.recvfrom(4096)
            server.sendto(answer(query), client)


if __name__ == '__main__':
    main(*sys.argv[1:])
