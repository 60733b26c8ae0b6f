# SPDX-License-Identifier: MIT
"""Who answers what, when: RFC 6762 sections 6 and 7, for every host of a LAN."""

import collections
import heapq
import random
import sys
import time

from . import wire
from .packets import Packer, Packet
from .transport import PORT
from .wire import Message, fold

LONG_AGO = -1e9
now = time.monotonic


class Query:
    """A query that waits for the rest of its known answers (RFC 6762 7.2)."""

    def __init__(self, questions, known, due):
        self.questions, self.known, self.due = questions, known, due


class Responder:
    def __init__(self, lan, options):
        self.lan = lan
        self.options = options
        self.random = random.Random(options.seed)
        self.packer = Packer(options.max_pkt)
        self.transports = []
        self.timers = []
        self.stats = collections.Counter()
        self.asked = collections.Counter()      # (address, folded name): questions

    # Timers

    def at(self, due, function, *arguments):
        # The number keeps the order of equal times, and functions from being compared.
        self.stats['timers'] += 1
        heapq.heappush(self.timers, (due, self.stats['timers'], function, arguments))

    def run_timers(self):
        """Run what is due; seconds until the next, None when there is none."""
        while self.timers and self.timers[0][0] <= now():
            _, _, function, arguments = heapq.heappop(self.timers)
            function(*arguments)
        return max(0.0, self.timers[0][0] - now()) if self.timers else None

    # Queries

    def receive(self, transport):
        for packet, sender in transport.packets():
            self.stats['rx'] += 1
            self.stats['rx_bytes'] += len(packet)
            try:
                message = Message(packet)
            except wire.Malformed:
                self.stats['bad'] += 1
                continue
            if message.is_query:
                self.on_query(transport, message, sender)

    def on_query(self, transport, message, sender):
        known = message.known_answers()
        self.stats['rx_queries'] += 1
        self.stats['rx_questions'] += len(message.questions)
        self.stats['rx_known'] += len(known)
        self.asked.update((sender[0], fold(name)) for name, _, _ in message.questions)
        if self.options.trace:
            asked = ' '.join(f'{b".".join(name).decode("latin-1")[:40]}/{type_}'
                             for name, type_, _ in message.questions[:6])
            print(f'{time.time():.3f} {sender[0]}: {len(message.questions)} questions, '
                  f'{len(known)} known, tc={message.truncated:d} {asked}', file=sys.stderr)
        if sender[1] != PORT:
            self.stats['legacy'] += 1
            if self.options.no_legacy:
                return
            self.answer(transport, message.questions, known, sender, message)
            return
        held = transport.held.get(sender, [])
        for query in held:
            query.known.update(known)
        if message.truncated:
            self.stats['rx_tc'] += 1
            due = now() + self.random.uniform(*self.options.tc_delay)
            if message.questions:
                query = Query(message.questions, known, due)
                transport.held.setdefault(sender, []).append(query)
                self.at(due, self.release, transport, sender, query)
            elif held:
                held[-1].due = due          # each further packet prolongs the wait
        elif message.questions:
            self.answer(transport, message.questions, known, sender)

    def release(self, transport, sender, query):
        if query.due > now() + 0.0005:
            self.at(query.due, self.release, transport, sender, query)
            return
        transport.held[sender].remove(query)
        if not transport.held[sender]:
            del transport.held[sender]
        self.answer(transport, query.questions, query.known, sender)

    # Answers

    def matching(self, name, type_, cls):
        """The records that answer a question, or the one that denies it."""
        if cls not in (wire.IN, wire.ANY):
            return ()
        key = fold(name)
        records = self.lan.lookup(key, type_)
        if not records and key in self.lan.types and not self.options.no_nsec:
            return self.lan.denial(key)
        return records

    def is_known(self, record, known):
        """Known answer suppression (RFC 6762 7.1)."""
        ttl = known.get((record.key, record.type, record.flat)) if known else None
        suppressed = ttl is not None and ttl * 2 >= record.ttl
        self.stats['ka_suppressed'] += suppressed
        return suppressed

    def answer(self, transport, questions, known, sender, legacy=None):
        """Have each host answer in its own time what it owns."""
        time_ = now()
        answers = {}                        # (host, unicast): {id: record}
        for name, type_, cls in questions:
            wants_unicast = bool(cls & wire.TOP_BIT)
            self.stats['qu'] += wants_unicast
            deaf = self.deaf_hosts(fold(name))
            for record in self.matching(name, type_, cls & ~wire.TOP_BIT):
                if self.is_known(record, known):
                    continue
                recent = time_ - transport.last.get(record.id, LONG_AGO) < record.ttl / 4
                unicast = legacy is not None or (wants_unicast and recent)
                for host in record.owners or (record.host,):
                    if not host.gone and host not in deaf:
                        answers.setdefault((host, unicast), {})[record.id] = record
        for (host, unicast), records in answers.items():
            if self.lost(host):
                continue                    # the question, on its way to this host
            shared = any(not record.flush for record in records.values())
            delay = host.delay or (self.options.delay if shared else (0.0, 0.0))
            due = time_ + self.random.uniform(*delay)
            if unicast:
                self.at(due, self.send_unicast, transport, host, records, sender, legacy)
            else:
                self.queue(transport, host, records, due)

    def deaf_hosts(self, key):
        """Those that do not hear this question for a name, as their spec says."""
        deaf = {host for host in self.lan.hosts.values() if host.deaf_to.get(key)}
        for host in deaf:
            host.deaf_to[key] -= 1
            self.stats['lost'] += 1
        return deaf

    def queue(self, transport, host, records, due):
        """Put records into the host's next multicast response."""
        pending = transport.pending.get(host)
        if pending is None:
            transport.pending[host] = [due, records]
        else:
            pending[1].update(records)
            if due >= pending[0] - 0.001:
                return
            pending[0] = due
        self.at(due, self.send_pending, transport, host, due)

    def send_pending(self, transport, host, due):
        if transport.pending.get(host, (None,))[0] != due:
            return                          # sent earlier
        records = self.still_there(transport.pending.pop(host)[1])
        if host.gone:
            return
        time_ = now()

        def recent(record):
            return time_ - transport.last.get(record.id, LONG_AGO) < self.options.one_second

        answers = [r for r in records if not recent(r)]
        self.stats['one_second'] += len(records) - len(answers)
        used = {r.id for r in answers}
        groups = []
        for record in answers:
            more = [r for r in host.with_additional(record)
                    if r.id not in used and not recent(r)]
            used.update(r.id for r in more)
            groups.append((record, more))
        for packet, answers, additionals in self.packer.build(groups):
            if self.lost(host):
                continue
            transport.send(packet, host)
            self.stats['tx_answers'] += answers
            self.stats['tx_additional'] += additionals
        transport.last.update(dict.fromkeys(used, time_))

    def still_there(self, records):
        """Those that nobody has said goodbye to while they waited."""
        return [r for r in records.values() if r in self.lan or r.type == wire.NSEC]

    def lost(self, host):
        lost = host.loss > 0 and host.dice.random() < host.loss
        self.stats['lost'] += lost
        return lost

    def send_unicast(self, transport, host, records, sender, legacy):
        """To one querier; a legacy one gets one packet, its question back, short TTLs."""
        packet, truncated = Packet(self.options.max_pkt, legacy.id if legacy else 0), False
        for question in legacy.questions if legacy else ():
            packet.ask(*question)

        def changes(record):
            return {'ttl': min(record.ttl, 10), 'flush': False} if legacy else {}

        records = self.still_there(records)
        if not records:
            return
        for record in records:
            if packet.answer(record, **changes(record)):
                continue
            if legacy:
                truncated = True
                break
            transport.send(packet.finish(), host, sender)
            packet = Packet(self.options.max_pkt)
            packet.answer(record)
        sent = {record.id for record in records}
        for answer in records:
            for record in host.with_additional(answer):
                if record.id not in sent and packet.add(record, **changes(record)):
                    sent.add(record.id)
        if not self.lost(host):
            transport.send(packet.finish(truncated), host, sender)

    # Announcements and goodbyes

    def announce(self, host, records, again=True):
        """Twice, one second apart (RFC 6762 8.3), unless gone or replaced meanwhile."""
        records = [r for r in records if r in self.lan]
        for transport in self.transports:
            for packet, answers, _ in self.packer.build([(r, ()) for r in records]):
                transport.send(packet, host)
                self.stats['tx_answers'] += answers
            transport.last.update(dict.fromkeys((r.id for r in records), now()))
        if again:
            self.at(now() + 1.0, self.announce, host, records, False)

    def announce_service(self, service):
        meta = [service.meta] if service.meta else []
        self.announce(service.host, service.records() + meta + service.host.addresses)

    def announce_all(self):
        for host in self.lan.hosts.values():
            records = host.addresses + [r for s in host.services for r in s.records()]
            due = now() + self.random.uniform(0, self.options.announce_spread)
            self.at(due, self.announce, host, records)

    def goodbye(self, records, host=None):
        """The records with a TTL of 0 (RFC 6762 10.1)."""
        for transport in self.transports:
            for packet in self.packer.plain(records, ttl=0):
                transport.send(packet, host)

    def goodbye_all(self):
        pointers = [p for s in self.lan.services.values() if not s.host.gone for p in s.pointers]
        self.goodbye([*self.lan.meta.values(), *pointers])

    def multicast(self, packet):
        """A whole message, as it is."""
        for transport in self.transports:
            transport.send(packet)

    def prewarm(self):
        """Build the usual responses before anybody asks."""
        for host in self.lan.hosts.values():
            groups, used = [], set()
            for service in host.services:
                for pointer in service.pointers[:1]:
                    additional = list(host.with_additional(pointer))
                    self.packer.build([(pointer, additional)])
                    more = [r for r in additional if r.id not in used]
                    used.update(r.id for r in more)
                    groups.append((pointer, more))
            self.packer.build(groups)
