# SPDX-License-Identifier: MIT
"""Answers into packets: as many as needed, none larger than it may be."""

from .wire import HEADER, RESPONSE, TRUNCATED, write_name

CACHED = 60000


class Packet:
    """A response under construction."""

    def __init__(self, limit, id_=0):
        self.limit = limit
        self.id = id_
        self.buffer = bytearray(HEADER.size)
        self.offsets = {}
        self.questions = self.answers = self.additionals = 0

    def ask(self, name, type_, cls):
        """Repeat a question, as a legacy querier wants it."""
        write_name(self.buffer, name, self.offsets)
        self.buffer += type_.to_bytes(2, 'big') + cls.to_bytes(2, 'big')
        self.questions += 1

    def put(self, record, ttl=None, flush=None):
        """Append if it fits; the first record always does."""
        length = len(self.buffer)
        record.write(self.buffer, self.offsets, ttl, flush)
        if len(self.buffer) <= self.limit or not self.answers:
            return True
        del self.buffer[length:]
        self.offsets = {name: at for name, at in self.offsets.items() if at < length}
        return False

    def answer(self, record, **changes):
        done = self.put(record, **changes)
        self.answers += done
        return done

    def add(self, record, **changes):
        done = self.put(record, **changes)
        self.additionals += done
        return done

    def finish(self, truncated=False):
        HEADER.pack_into(self.buffer, 0, self.id, RESPONSE | (TRUNCATED if truncated else 0),
                         self.questions, self.answers, 0, self.additionals)
        return bytes(self.buffer)


class Packer:
    """Builds multicast responses and remembers those built before."""

    def __init__(self, limit):
        self.limit = limit
        self.built = {}
        self.sizes = {}

    def size(self, answer, additional):
        """An upper bound of what an answer takes with its additional records."""
        known = self.sizes.get(answer.id)
        if known and known[0] >= len(additional):
            return known[1]
        records = max(list(answer.additional), list(additional), key=len)
        buffer, offsets = bytearray(HEADER.size), {}
        for record in [answer, *records]:
            record.write(buffer, offsets)
        self.sizes[answer.id] = len(records), len(buffer) - HEADER.size
        return len(buffer) - HEADER.size

    def build(self, groups):
        """[(answer, [additional])] into [(packet, answers, additionals)]."""
        key = tuple((a.id, tuple(r.id for r in more)) for a, more in groups)
        if key in self.built:
            return self.built[key]
        batches, room = [], 0
        for answer, additional in groups:
            size = self.size(answer, additional)
            if not batches or size > room:
                batches.append([])
                room = self.limit - HEADER.size
            batches[-1].append((answer, additional))
            room -= size
        if len(self.built) > CACHED:
            self.built.clear()
            self.sizes.clear()
        self.built[key] = [self.pack(batch) for batch in batches]
        return self.built[key]

    def pack(self, groups):
        packet = Packet(self.limit)
        packet.limit = 1 << 16              # answers are already counted out
        for answer, _ in groups:
            packet.answer(answer)
        packet.limit = self.limit
        inside = {answer.id for answer, _ in groups}
        for _, additional in groups:
            for record in additional:
                if record.id not in inside and packet.add(record):
                    inside.add(record.id)
        return packet.finish(), packet.answers, packet.additionals

    def plain(self, records, **changes):
        """Only answers, each written with the changes."""
        packet, packets = Packet(self.limit), []
        for record in records:
            if not packet.answer(record, **changes):
                packets.append(packet.finish())
                packet = Packet(self.limit)
                packet.answer(record, **changes)
        return packets + ([packet.finish()] if packet.answers else [])
