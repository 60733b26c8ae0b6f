# SPDX-License-Identifier: MIT
"""Faults of packets: each seen by the sources that listen, and told of its sender alone."""

import json
import signal
import socket
import struct
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import avahi
import netns
from avahi import avahi_host, ready, service_file
from fake import Fake
from probe import REGISTRY, Probe, probes, rules
from rig import sdscope, tap

HERE = Path(__file__).resolve().parent
LISTENING = ('auto', 'wire')
FAULTY = 'faulty.local'
ANSWER = 0x8400
A, TXT, IN, FLUSH = 1, 16, 1, 0x8001


def name(text):
    return b''.join(bytes([len(label)]) + label.encode() for label in text.split('.')) + b'\0'


def record(rdata, owner=name('x.' + FAULTY), type_=TXT, class_=FLUSH, ttl=120, length=None):
    return owner + struct.pack('>HHIH', type_, class_, ttl,
                               len(rdata) if length is None else length) + rdata


def message(*answers, flags=ANSWER, id_=0, counts=None, behind=b''):
    return struct.pack('>HH4H', id_, flags, *(counts or (0, len(answers), 0, 0))) + \
        b''.join(answers) + behind


def text(size):
    """TXT strings of so many bytes, a multiple of 100."""
    return (bytes([99]) + b'x' * 99) * (size // 100)


ONE = record(b'\1a')
LONG = b''.join(bytes([63]) + b'x' * 63 for _ in range(4)) + b'\0'

# The rule, and what is sent to break it.
FAULTS = {
    'SD801': [message(ONE, id_=7)],
    'SD802': [message(ONE, flags=ANSWER | 5 << 11)],
    'SD803': [message(ONE, flags=0x8000)],
    'SD804': [message(ONE, flags=ANSWER | 0x200)],
    'SD805': [message(ONE, flags=ANSWER | 0x100)],
    'SD806': [message(ONE, flags=ANSWER | 0x20)],
    'SD807': [message(ONE, flags=ANSWER | 3)],
    'SD808': [message(name(FAULTY) + struct.pack('>HH', A, IN), ONE, counts=(1, 1, 0, 0))],
    'SD809': [message(ONE, counts=(0, 0, 1, 0))],
    'SD810': [{'hex': message(ONE).hex(), 'port': 49152}],
    'SD811': [{'hex': message(ONE).hex(), 'ttl': 1}],
    'SD812': [message(record(text(9000)))],
    'SD813': [message(ONE, record(text(2000)))],
    'SD820': [message(record(b'\1a', owner=b'\xc0\x0c'))],
    'SD821': [message(record(b'\1a', owner=LONG))],
    'SD822': [message(ONE, counts=(0, 2, 0, 0))],
    'SD823': [message(ONE, behind=b'\0')],
    'SD824': [message(record(b'\1\2\3\4\5', type_=A))],
    'SD825': [message(record(b'\1a', class_=256))],
    'SD826': [message(record(b'\1a', ttl=1 << 31))],
    'SD830': [{'hex': message(ONE).hex(), 'count': 3, 'interval': 0.1}],
    'SD831': [message(record(bytes([1, 97 + n]))) for n in range(12)],
    'SD832': None,
    'none': [{'hex': message(ONE).hex(), 'count': 2, 'interval': 0.1},
             message(record(text(8800))), message(record(b'\1a', ttl=0)),
             message(ONE, counts=(0, 0, 0, 1))],
}


@contextmanager
def faulty_lan():
    netns.require(*avahi.TOOLS)
    with netns.Lab() as lab:
        link = lab.link()
        decently = {'type': '_http._tcp', 'port': 80, 'subtypes': ['_a._sub._http._tcp']}
        decent = avahi_host(lab, 'decent', link, services={
            f's{n}': service_file(f'decent {n}', {**decently, 'txt': [f'n={n}']})
            for n in range(20)})
        faulty = lab.host('faulty', link, ipv6=False)
        here = faulty.addresses(family='inet')
        spec = {'hosts': [{'name': 'faulty', 'a': here}],
                'services': [{'host': 'faulty', 'name': 'faulty', 'type': '_http._tcp',
                              'port': 80}]}
        lab.enter_context(Fake(faulty, spec))
        own = [record(socket.inet_aton(text), owner=name(FAULTY), type_=A)
               for text in (here[0], '172.17.0.1')]
        ready(decent)
        yield SimpleNamespace(faulty=faulty, decent=decent, probes=probes(lab, link),
                              faults={**FAULTS, 'SD832': [message(*own)]})


@contextmanager
def misbehaving(lan, fault):
    """Somebody on the faulty host who sends that as soon as he hears a query."""
    process = lan.faulty.spawn([sys.executable, str(HERE / 'misbehave.py'), 'eth0'],
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    lines = [item if isinstance(item, dict) else {'hex': item.hex()}
             for item in lan.faults[fault]]
    process.stdin.write('\n'.join(map(json.dumps, lines)))
    process.stdin.close()
    tap.equal(process.stdout.readline(), 'ready\n', 'the one who misbehaves')
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        process.stdout.close()
        lan.faulty.children.remove(process)


def packet_rules(service):
    return [rule for rule in rules(service) if rule.startswith('SD8')]


def audit(lan, source, *arguments):
    report = lan.probes[source].report('audit', '--registry', REGISTRY, *arguments)
    tap.equal(report['scan']['complete'], True, f'complete: {report["scan"]}')
    return report


def told(report):
    """{host: rules about its packets}."""
    found = {}
    for service in report['services']:
        found.setdefault(service['host'], set()).update(packet_rules(service))
    return found


@tap.each(*FAULTS)
def test_each_fault(lan, fault):
    with misbehaving(lan, fault):
        report = audit(lan, 'wire', '--wire-rules')
    wanted = set() if fault == 'none' else {fault}
    tap.equal(told(report), {FAULTY: wanted, 'decent.local': set()}, 'rules by host')
    tap.equal(len(report['services']), 21, 'services')


def test_a_daemon_has_no_fault(lan):
    found = [s['packet_faults'] for s in audit(lan, 'wire', '--wire-rules')['services']]
    tap.equal(found, [[]] * 21, 'faults')
    here = Probe(lan.decent, 'wire').report('audit', '--registry', REGISTRY, '--wire-rules')
    tap.equal([s['packet_faults'] for s in here['services']], [[]] * 21, "faults of one's own host")
    # What a daemon answers from its cache, nobody hears.
    found = [s.get('packet_faults', []) for s in audit(lan, 'auto', '--wire-rules')['services']]
    tap.equal(found, [[]] * 21, 'faults beside a daemon')


@tap.each(*LISTENING)
def test_a_daemon_has_no_fault_however_it_is_asked(lan, source):
    """While it starts, changes what it tells, and four ask for everything at once."""
    def services(text):
        return service_file('decent 0', {'type': '_http._tcp', 'port': 80, 'txt': [text]})

    def of_first(event):
        return event['service']['instance'] == 'decent 0'

    with lan.probes[source].watch('--wire-rules', '--registry', str(REGISTRY)) as watch:
        watch.wait('settled')
        for probe in lan.probes.values():
            probe.report('browse')
        lan.decent.daemon.stop()
        lan.decent.daemon.start()
        asking = [probe.start('browse', '-f', 'json') for probe in lan.probes.values()]
        for process in asking:
            sdscope.finish(process)
        for n in range(5):
            watch.mark()
            lan.decent.daemon.write('s0', services(f'changed={n}'))
            lan.decent.daemon.process.send_signal(signal.SIGHUP)
            watch.wait('changed', of_first)
        events = [e for e in watch.events if e.get('service', {}).get('host') == 'decent.local']
        tap.check(len(events) > 20, 'events')
        tap.equal([e['service']['packet_faults'] for e in events
                   if e['service'].get('packet_faults')], [], 'faults')


def test_one_rule_alone(lan):
    with misbehaving(lan, 'SD801'):
        report = audit(lan, 'wire', '--enable', 'response-id')
    tap.equal(told(report)[FAULTY], {'SD801'}, 'rules')
    with misbehaving(lan, 'SD803'):
        report = audit(lan, 'wire', '--enable', 'response-id')
    tap.equal(told(report)[FAULTY], set(), 'rules')


@tap.each('avahi', 'wire')
def test_nobody_looked(lan, source):
    """By default, and where nobody hears packets."""
    asked = ('--wire-rules',) if source == 'avahi' else ()
    with misbehaving(lan, 'SD801'):
        report = audit(lan, source, *asked)
    tap.equal([s for s in report['services'] if 'packet_faults' in s], [], 'services judged')
    unknown = [rule for rule in report['summary']['not_evaluated'] if rule.startswith('SD8')]
    tap.equal(len(unknown), len(FAULTS) - 1 if asked else 0, 'rules not evaluated')


@tap.each(*LISTENING)
def test_a_watch_tells_when_it_sees_it(lan, source):
    with lan.probes[source].watch('--wire-rules', '--registry', str(REGISTRY)) as watch:
        watch.wait('settled')
        watch.mark()
        with misbehaving(lan, 'SD801'):
            lan.probes['embedded'].report('browse')         # asks something
            event = watch.wait('changed', lambda e: e['service']['instance'] == 'faulty')
        tap.equal(packet_rules(event['service']), ['SD801'], 'rules')


if __name__ == '__main__':
    tap.main(setup=faulty_lan, needs=sdscope.program)
