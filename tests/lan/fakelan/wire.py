# SPDX-License-Identifier: MIT
"""DNS on the wire: names, records, messages.

A name is a tuple of labels (bytes) without the root.
"""

import itertools
import struct

A, PTR, TXT, AAAA, SRV, NSEC, ANY = 1, 12, 16, 28, 33, 47, 255
IN = 1
TOP_BIT = 0x8000            # cache-flush in a record's class, QU in a question's
RESPONSE = 0x8400           # flags: an authoritative answer
TRUNCATED = 0x0200
HEADER = struct.Struct('>HHHHHH')


class Malformed(Exception):
    """A message that cannot be read."""


def fold(name):
    """The name as it is compared (RFC 6762 section 16)."""
    return tuple(label.lower() for label in name)


def parse_name(text):
    """'a.b.local' as labels; '\\.' is a dot in a label, '\\DDD' a byte."""
    data = text.encode('utf-8', 'surrogateescape')
    labels, label, i = [], bytearray(), 0
    while i < len(data):
        digits = data[i + 1:i + 4]
        if data[i] == 0x5c and len(digits) == 3 and digits.isdigit():
            label.append(int(digits) & 255)
            i += 4
        elif data[i] == 0x5c and digits:
            label.append(digits[0])
            i += 2
        else:
            if data[i] == 0x2e:
                labels.append(bytes(label))
                label.clear()
            else:
                label.append(data[i])
            i += 1
    if label:
        labels.append(bytes(label))
    return tuple(labels)


def flat_name(name):
    """A name in wire form, uncompressed and folded."""
    return b''.join(bytes([len(label) & 255]) + label for label in fold(name)) + b'\0'


def write_name(buffer, name, offsets):
    """Append a name, compressed against the offsets of the names before it."""
    for i in range(len(name)):
        suffix = name[i:]
        known = offsets.get(suffix)
        if known is not None:
            buffer += struct.pack('>H', 0xC000 | known)
            return
        if len(buffer) < 0x4000:
            offsets[suffix] = len(buffer)
        buffer.append(len(name[i]) & 255)
        buffer += name[i]
    buffer.append(0)


def read_name(packet, offset):
    """The name at the offset, and where the next thing begins."""
    labels, end, lowest = [], None, offset
    while True:
        length = packet[offset]
        if length >= 0xC0:
            if end is None:
                end = offset + 2
            offset = (length & 0x3F) << 8 | packet[offset + 1]
            if offset >= lowest:
                raise Malformed('a pointer that does not point back')
            lowest = offset
            continue
        if length > 63:
            raise Malformed('a label type that does not exist')
        offset += 1
        if length == 0:
            return tuple(labels), offset if end is None else end
        labels.append(packet[offset:offset + length])
        offset += length


class Record:
    """A resource record; rdata is a list of bytes and of names, the latter compressible."""

    __slots__ = ('id', 'name', 'key', 'type', 'cls', 'flush', 'ttl', 'rdata', 'flat', 'tail',
                 'host', 'owners', 'additional')
    numbers = itertools.count(1)

    def __init__(self, name, type_, ttl, rdata, flush, host=None, cls=IN):
        self.id = next(self.numbers)
        self.name, self.key = name, fold(name)
        self.type, self.cls, self.ttl, self.flush = type_, cls, ttl, flush
        self.rdata = rdata
        self.host = host            # who answers with it
        self.owners = None          # {host: services} where several do: the meta-query's PTR
        self.additional = ()        # what goes along with it
        self.flat = b''.join(p if isinstance(p, bytes) else flat_name(p) for p in rdata)
        self.tail = None            # all after the name, where no name is in the rdata
        if len(rdata) == 1 and isinstance(rdata[0], bytes):
            self.tail = self.fixed(ttl, flush) + struct.pack('>H', len(rdata[0])) + rdata[0]

    def fixed(self, ttl, flush):
        return struct.pack('>HHI', self.type, self.cls | (TOP_BIT if flush else 0), ttl)

    def write(self, buffer, offsets, ttl=None, flush=None):
        write_name(buffer, self.name, offsets)
        if ttl is None and flush is None and self.tail is not None:
            buffer += self.tail
            return
        buffer += self.fixed(self.ttl if ttl is None else ttl,
                             self.flush if flush is None else flush)
        start = len(buffer)
        buffer += b'\0\0'
        for part in self.rdata:
            if isinstance(part, bytes):
                buffer += part
            else:
                write_name(buffer, part, offsets)
        struct.pack_into('>H', buffer, start, len(buffer) - start - 2)


def nsec(name, types, ttl, host):
    """The record that says which types a name has (RFC 6762 6.1)."""
    bitmap = bytearray(6)
    for type_ in types:
        bitmap[type_ >> 3] |= 0x80 >> (type_ & 7)
    bitmap = bytes(bitmap).rstrip(b'\0')
    return Record(name, NSEC, ttl, [name, bytes([0, len(bitmap)]) + bitmap], True, host)


def read_records(packet, offset, count):
    """(name, type, class, ttl, flat rdata) of each, and where the next thing begins."""
    records = []
    for _ in range(count):
        name, offset = read_name(packet, offset)
        type_, cls, ttl, length = struct.unpack_from('>HHIH', packet, offset)
        offset += 10
        rdata = packet[offset:offset + length]
        if type_ == PTR:
            rdata = flat_name(read_name(packet, offset)[0])
        elif type_ == SRV:
            rdata = rdata[:6] + flat_name(read_name(packet, offset + 6)[0])
        offset += length
        records.append((name, type_, cls, ttl, rdata))
    return records, offset


class Message:
    """A message as far as a responder, or a test, looks into it."""

    def __init__(self, packet):
        try:
            self.id, self.flags, questions, answers, _, _ = HEADER.unpack_from(packet)
            offset = HEADER.size
            self.questions = []             # (name, type, class)
            for _ in range(questions):
                name, offset = read_name(packet, offset)
                self.questions.append((name, *struct.unpack_from('>HH', packet, offset)))
                offset += 4
            self.answers, _ = read_records(packet, offset, answers)
        except (IndexError, struct.error) as why:
            raise Malformed(str(why)) from why

    @property
    def is_query(self):
        return not self.flags & 0x8000

    @property
    def truncated(self):
        return bool(self.flags & TRUNCATED)

    def known_answers(self):
        """{(name, type, rdata): ttl}"""
        return {(fold(name), type_, rdata): ttl for name, type_, _, ttl, rdata in self.answers}
