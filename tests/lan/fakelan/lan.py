# SPDX-License-Identifier: MIT
"""What is on the simulated LAN: hosts, services, and their records."""

import ipaddress
import json
import random
import struct

from . import wire
from .wire import Record, fold, parse_name


def unhex(labels):
    return tuple(bytes.fromhex(label) for label in labels)


def qualified(name):
    return name if '.' in name else name + '.local'


def labels_in(spec, field):
    """A name in a spec: `<field>` as text, or `<field>_labels_hex`."""
    if field + '_labels_hex' in spec:
        return unhex(spec[field + '_labels_hex'])
    return parse_name(spec[field])


def instance_in(spec):
    return bytes.fromhex(spec['name_hex']) if 'name_hex' in spec else spec['name'].encode()


def txt_in(spec):
    """The RDATA of each TXT record of a service."""
    if 'txts_hex' in spec:
        return [bytes.fromhex(text) for text in spec['txts_hex']]
    if 'txt_hex' in spec:
        return [bytes.fromhex(spec['txt_hex'])]
    strings = [text.encode() for text in spec.get('txt', [])]
    return [b''.join(bytes([len(s)]) + s for s in strings) or b'\0']


class Host:
    """A host; it answers for its own records, at its own pace."""

    def __init__(self, name):
        self.name = name
        self.labels = parse_name(name)
        self.addresses = []         # A and AAAA records
        self.nsec = None
        self.services = []
        self.delay = None           # (least, most) seconds before an answer
        self.additional = 'full'
        self.loss = 0.0             # the share of packets, to it and from it, that never arrive
        self.dice = None            # what is lost of it, in whatever order hosts have their turns
        self.source = None          # the address that it sends from
        self.gone = False           # fallen silent

    def with_additional(self, record):
        """What this host sends along with a record (RFC 6763 section 12)."""
        if self.additional == 'none':
            return ()
        if self.additional == 'srv':
            return [r for r in record.additional if r.type in (wire.SRV, wire.TXT)]
        return record.additional


class Service:
    """An advertised instance and its records."""

    def __init__(self, spec, host):
        self.spec = spec
        self.host = host
        self.name = instance_in(spec)
        self.type = labels_in(spec, 'type')
        self.domain = parse_name(spec.get('domain', 'local'))
        browse = self.type + self.domain
        instance = (self.name,) + browse
        ttl, host_ttl = spec.get('ttl', 4500), spec.get('host_ttl', 120)
        flush, omit = spec.get('flush', True), spec.get('omit', [])

        def pointer(name):
            return Record(name, wire.PTR, ttl, [instance], False, host)

        self.pointers = [] if 'ptr' in omit else [pointer(browse)]
        self.pointers += [pointer((parse_name(s)[0], b'_sub') + browse)
                          for s in spec.get('subtypes', [])]
        self.srv = [] if 'srv' in omit else [
            Record(instance, wire.SRV, host_ttl, self.srv_rdata(srv), flush, host)
            for srv in spec.get('srv', [spec])]
        self.txt = [] if 'txt' in omit else [
            Record(instance, wire.TXT, ttl, [text], flush, host) for text in txt_in(spec)]
        self.nsec = None
        if self.srv and self.txt:
            self.nsec = wire.nsec(instance, (wire.TXT, wire.SRV), host_ttl, host)
        self.in_meta = spec.get('meta', True) and 'ptr' not in omit
        self.meta = None            # the PTR of its type in the meta-query, shared with others

    def srv_rdata(self, srv):
        named = 'target' in srv or 'target_labels_hex' in srv
        target = labels_in(srv, 'target') if named else self.host.labels
        numbers = [srv.get(field, 0) for field in ('priority', 'weight')]
        return [struct.pack('>HHH', *numbers, srv.get('port', 80)), target]

    @property
    def key(self):
        return self.name, fold(self.type)

    def records(self):
        """All that is its own."""
        return self.pointers + self.srv + self.txt


class Lan:
    """All hosts and services, and an index of their records."""

    def __init__(self, options):
        self.options = options
        self.hosts = {}
        self.services = {}
        self.index = {}             # (folded name, type): [Record]
        self.present = set()        # the numbers of these records
        self.types = {}             # folded name: {type}
        self.meta = {}              # (folded type, folded domain): Record
        self.unlisted = set(filter(None, (options.no_meta_types or '').split(',')))

    # Records

    def insert(self, record):
        self.index.setdefault((record.key, record.type), []).append(record)
        self.types.setdefault(record.key, set()).add(record.type)
        self.present.add(record.id)

    def drop(self, record):
        self.present.discard(record.id)
        records = self.index.get((record.key, record.type), [])
        if record in records:
            records.remove(record)
        if not records and self.index.pop((record.key, record.type), None) is not None:
            self.types[record.key].discard(record.type)
            if not self.types[record.key]:
                del self.types[record.key]

    def __contains__(self, record):
        return record.id in self.present

    def lookup(self, key, type_):
        if type_ == wire.ANY:
            return [r for t in self.types.get(key, ()) for r in self.index[key, t]]
        return self.index.get((key, type_), ())

    def denial(self, key):
        """The NSEC of a name that exists without the type asked for."""
        for record in self.lookup(key, wire.SRV) or self.lookup(key, wire.TXT):
            service = self.services.get((record.name[0], key[1:-1]))
            return [service.nsec] if service and service.nsec else []
        for record in self.addresses(key):
            return [record.host.nsec] if record.host.nsec else []
        return []

    def addresses(self, key):
        return [*self.lookup(key, wire.A), *self.lookup(key, wire.AAAA)]

    # Hosts

    def add_host(self, spec):
        """A new host, or new addresses of a known one."""
        name = qualified(spec['name'])
        host = self.hosts.setdefault(name, Host(name))
        for record in host.addresses:
            self.drop(record)
        if 'labels_hex' in spec:
            host.labels = unhex(spec['labels_hex'])
        ttl = spec.get('ttl', 120)
        host.addresses = [
            Record(host.labels, type_, ttl, [ipaddress.ip_address(text).packed], True, host)
            for field, type_ in (('a', wire.A), ('aaaa', wire.AAAA))
            for text in spec.get(field, [])]
        for record in host.addresses:
            self.insert(record)
        host.nsec = None
        if host.addresses and spec.get('nsec', True):
            types = {r.type for r in host.addresses}
            host.nsec = wire.nsec(host.labels, types, ttl, host)
        for record in host.addresses:
            record.additional = [r for r in host.addresses if r is not record]
            record.additional += self.also(host.nsec)
        host.delay = tuple(spec['delay']) if 'delay' in spec else None
        host.additional = spec.get('additional', self.options.additional)
        host.loss = spec.get('loss', self.options.loss)
        host.deaf_to = {fold(parse_name(n)): times for n, times in spec.get('deaf_to', {}).items()}
        host.dice = random.Random(self.options.seed and f'{self.options.seed} {name}')
        own = spec['a'][0] if self.options.src_per_host and spec.get('a') else None
        host.source = spec.get('src', own)
        host.gone = False
        for service in self.services.values():
            if any(srv.rdata[1] == host.labels for srv in service.srv):
                self.link_additional(service)
        return host

    def also(self, record):
        """An NSEC, where these ride in the additional section."""
        return [record] if record and self.options.nsec_additional else []

    # Services

    def add_service(self, spec):
        name = qualified(spec.get('host', 'host-00000'))
        host = self.hosts.get(name) or self.add_host({'name': name, 'a': ['10.98.0.1']})
        service = Service(spec, host)
        self.link_additional(service)
        for record in service.records():
            self.insert(record)
        if service.in_meta and b'.'.join(service.type).decode('latin-1') not in self.unlisted:
            self.list_type(service)
        host.services.append(service)
        self.services[service.key] = service
        return service

    def link_additional(self, service):
        """What goes along with the records of a service (RFC 6763 section 12)."""
        addresses = []
        for srv in service.srv:
            addresses += self.addresses(fold(srv.rdata[1]))
            srv.additional = list(addresses)
        if addresses:
            addresses += self.also(service.host.nsec)
        for pointer in service.pointers:
            pointer.additional = service.srv + service.txt + addresses + self.also(service.nsec)

    def list_type(self, service):
        """Name its type in the answer to the meta-query, once for all services of the type."""
        key = fold(service.type), fold(service.domain)
        record = self.meta.get(key)
        if not record:
            name = (b'_services', b'_dns-sd', b'_udp') + service.domain
            record = Record(name, wire.PTR, service.spec.get('ttl', 4500),
                            [service.type + service.domain], False)
            record.owners = {}
            self.meta[key] = record
            self.insert(record)
        record.owners[service.host] = record.owners.get(service.host, 0) + 1
        service.meta = record

    def remove_service(self, service):
        """Returns the records that nobody answers with any more."""
        gone = service.records()
        for record in gone:
            self.drop(record)
        if service.meta:
            owners = service.meta.owners
            owners[service.host] -= 1
            if not owners[service.host]:
                del owners[service.host]
            if not owners:
                self.drop(service.meta)
                del self.meta[fold(service.type), fold(service.domain)]
                gone.append(service.meta)
        service.host.services.remove(service)
        del self.services[service.key]
        return gone

    def find(self, spec):
        """The service that a script line names; KeyError when there is none."""
        return self.services[instance_in(spec), fold(labels_in(spec, 'type'))]

    # Whole LANs

    def generate(self):
        """Many ordinary hosts and services, by number."""
        options = self.options
        hosts = options.hosts or max(1, options.services // 5)
        types = options.types or max(1, options.services // 25)
        names = [f'host-{i:05d}.local' for i in range(hosts)]
        for i, name in enumerate(names):
            spec = {'name': name, 'a': [f'10.98.{i // 250}.{1 + i % 250}']}
            if not options.no_aaaa:
                spec['aaaa'] = [f'fe80::98:{i >> 12:x}:{1 + (i & 0xfff):x}']
            self.add_host(spec)
        for j in range(options.services):
            number = (j + j // hosts) % types
            transport = 'udp' if number % 10 == 9 else 'tcp'
            self.add_service({
                'host': names[j % hosts], 'name': f'Device {j:05d} (room {j % 97})',
                'type': f'_s{number:05d}._{transport}', 'port': 1024 + j % 60000,
                'txt': ['txtvers=1', f'id={j * 2654435761 & 0xffffffff:08x}',
                        f'path=/svc/{j}', 'note=fakelan']})
        for key in sorted(self.meta)[:options.no_meta_count]:
            self.drop(self.meta[key])

    def load(self, path):
        with open(path, encoding='utf-8') as file:
            spec = json.load(file)
        for host in spec.get('hosts', []):
            self.add_host(host)
        for service in spec.get('services', []):
            self.add_service(service)
        for record in spec.get('records', []):
            self.add_record(record)

    def add_record(self, spec):
        """A raw record, which may say anything."""
        name = unhex(spec['labels_hex']) if 'labels_hex' in spec else parse_name(spec['name'])
        host = next(iter(self.hosts.values()))
        if 'host' in spec:
            host = self.hosts[qualified(spec['host'])]
        rdata = parse_name(spec['ptr']) if 'ptr' in spec else bytes.fromhex(spec['rdata_hex'])
        self.insert(Record(name, spec['type'], spec.get('ttl', 120), [rdata],
                           spec.get('flush', False), host, spec.get('class', wire.IN)))
