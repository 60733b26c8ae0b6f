# SPDX-License-Identifier: MIT
"""Faults of packets: each seen by the sources that listen, and told of its sender alone."""

import json
import signal
import socket
import struct
import subprocess
import sys
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import SimpleNamespace

import avahi
import netns
import still
from avahi import avahi_host, ready, service_file
from fake import Fake
from probe import REGISTRY, Probe, probes, rdata, rules
from rig import sdscope, tap

HERE = Path(__file__).resolve().parent
LISTENING = ('auto', 'wire')
ANSWER = 0x8400
A, TXT, IN, FLUSH = 1, 16, 1, 0x8001


def name(text):
    return b''.join(bytes([len(label)]) + label.encode() for label in text.split('.')) + b'\0'


def record(rdata, owner=name('x.faulty.local'), type_=TXT, class_=FLUSH, ttl=120, length=None):
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

# The rule, and what is sent to break it, by a host of its own.
FAULTS = {
    'SD801': [message(ONE, id_=7)],
    'SD802': [message(ONE, flags=ANSWER | 5 << 11)],
    'SD803': [message(ONE, flags=0x8000)],
    'SD804': [message(ONE, flags=ANSWER | 0x200)],
    'SD805': [message(ONE, flags=ANSWER | 0x100)],
    'SD806': [message(ONE, flags=ANSWER | 0x20)],
    'SD807': [message(ONE, flags=ANSWER | 3)],
    'SD808': [message(name('faulty.local') + struct.pack('>HH', A, IN), ONE, counts=(1, 1, 0, 0))],
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
    'SD830': [{'hex': message(ONE).hex(), 'count': 3, 'interval': 0.02}],
    'SD831': [message(record(bytes([1, 97 + n]))) for n in range(12)],
    'SD832': None,
    'none': [{'hex': message(ONE).hex(), 'count': 2, 'interval': 0.1},
             message(record(text(8800))), message(record(b'\1a', ttl=0)),
             message(ONE, counts=(0, 0, 0, 1))],
}


DECENT = 20         # services of the decent host
SERVICES = DECENT + len(FAULTS)


def host_of(fault):
    return f'{fault.lower()}.local'


@contextmanager
def faulty_lan():
    netns.require(*avahi.TOOLS)
    with netns.Lab() as lab:
        link = lab.link()
        decently = {'type': '_http._tcp', 'port': 80, 'subtypes': ['_a._sub._http._tcp']}
        decent = avahi_host(lab, 'decent', link, services={
            f's{n}': service_file(f'decent {n}', {**decently, 'txt': [f'n={n}']})
            for n in range(DECENT)})
        faulty = lab.host('faulty', link, ipv6=False)
        here = {fault: f'{link.ipv4}.{n}' for n, fault in enumerate(FAULTS, 100)}
        for address in here.values():
            faulty.run(['ip', 'addr', 'add', f'{address}/24', 'dev', 'eth0'])
        spec = {'hosts': [{'name': fault.lower(), 'a': [address], 'src': address}
                          for fault, address in here.items()],
                'services': [{'host': fault.lower(), 'name': fault, 'type': '_http._tcp',
                              'port': 80} for fault in here]}
        lab.enter_context(Fake(faulty, spec))
        own = [record(socket.inet_aton(text), owner=name(host_of('SD832')), type_=A)
               for text in (here['SD832'], '172.17.0.1')]
        ready(decent)
        yield SimpleNamespace(faulty=faulty, here=here, decent=decent, probes=probes(lab, link),
                              faults={**FAULTS, 'SD832': [message(*own)]}, told={})


def lines(lan, fault):
    """What misbehave.py is to send for a fault."""
    for item in lan.faults[fault]:
        yield {'from': lan.here[fault], **(item if isinstance(item, dict) else {'hex': item.hex()})}


@contextmanager
def misbehaving(lan, *faults):
    """Somebody on the faulty hosts who sends that as soon as he hears a query."""
    process = lan.faulty.spawn([sys.executable, str(HERE / 'misbehave.py'), 'eth0'],
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    process.stdin.write('\n'.join(json.dumps(line) for fault in faults
                                  for line in lines(lan, fault)))
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


def packet_messages(service):
    return [f['message'] for f in service['findings'] if f['rule'].startswith('SD8')]


def whole(report):
    tap.equal(report['scan']['complete'], True, f'complete: {report["scan"]}')
    return report


def audit(lan, source, *arguments):
    return whole(lan.probes[source].report('audit', '--registry', REGISTRY, *arguments))


def audit_of(lan, source, faults, *arguments):
    """An audit that stands still while this is sent, as it would not wait for it."""
    while True:
        with misbehaving(lan, *faults) as sender:
            process = lan.probes[source].start('audit', '-f', 'json', '--registry', REGISTRY,
                                               *arguments)
            tap.equal(sender.stdout.readline(), 'heard\n', 'the one who misbehaves')
            stopped_s = still.stop(process)
            tap.equal(sender.stdout.readline(), 'done\n', 'the one who misbehaves')
        still.go_on_without_doubt(process, stopped_s)
        result = sdscope.finish(process)
        if still.is_later(result, stopped_s):
            return whole(result.expect(0, 1).report)


def told(report):
    """{host: rules about its packets}."""
    found = {}
    for service in report['services']:
        found.setdefault(service['host'], set()).update(packet_rules(service))
    return found


def told_of_all(lan):
    """What is told while every host misbehaves; one audit serves all tests."""
    if not lan.told:
        lan.told.update(told(audit_of(lan, 'wire', FAULTS, '--wire-rules')))
    return lan.told


@tap.each(*FAULTS)
def test_each_fault(lan, fault):
    wanted = set() if fault == 'none' else {fault}
    tap.equal(told_of_all(lan)[host_of(fault)], wanted, 'rules')


def test_nobody_else_is_blamed(lan):
    tap.equal(sorted(told_of_all(lan)), sorted([*map(host_of, FAULTS), 'decent.local']), 'hosts')
    tap.equal(lan.told['decent.local'], set(), 'rules of the decent one')


@tap.each(('SD801', 0), ('SD810', 49152))
def test_who_sends_is_told(lan, case):
    fault, port = case
    address = lan.here[fault]
    report = audit_of(lan, 'wire', [fault], '--wire-rules')
    service, = [s for s in report['services'] if s['host'] == host_of(fault)]
    message, = packet_messages(service)
    where = f', from {address}{f" port {port}" if port else ""} on eth0'
    tap.check(message.endswith(where), message)
    tap.equal(service['packet_senders'],
              [{'address': address, 'interface': 'eth0', **({'port': port} if port else {}),
                'faults': service['packet_faults']}], 'senders')



def test_a_daemon_has_no_fault(lan):
    none = [[]] * SERVICES
    found = [s['packet_faults'] for s in audit(lan, 'wire', '--wire-rules')['services']]
    tap.equal(found, none, 'faults')
    here = Probe(lan.decent, 'wire').report('audit', '--registry', REGISTRY, '--wire-rules')
    tap.equal([s['packet_faults'] for s in here['services']], none, "faults of one's own host")
    # What a daemon answers from its cache, nobody hears.
    found = [s.get('packet_faults', []) for s in audit(lan, 'auto', '--wire-rules')['services']]
    tap.equal(found, none, 'faults beside a daemon')


def test_a_daemon_has_no_fault_however_it_is_asked(lan):
    """While it starts, changes what it tells, and four ask for everything at once."""
    def change_first(text):
        """A daemon that reads it again says goodbye first, so that it may be gone for a while."""
        lan.decent.daemon.write('s0', service_file('decent 0', {
            'type': '_http._tcp', 'port': 80, 'txt': [text]}))
        lan.decent.daemon.process.send_signal(signal.SIGHUP)
        for watch in watches.values():
            watch.wait_any(('changed', 'added'),
                           lambda e: e['service'].get('txt_hex') == rdata([text]))

    with ExitStack() as stack:
        watches = {source: stack.enter_context(lan.probes[source].watch(
            '--wire-rules', '--registry', str(REGISTRY))) for source in LISTENING}
        for watch in watches.values():
            watch.wait('settled')
        for probe in lan.probes.values():
            probe.report('browse')
        lan.decent.daemon.stop()
        lan.decent.daemon.start()
        asking = [probe.start('browse', '-f', 'json') for probe in lan.probes.values()]
        for process in asking:
            sdscope.finish(process)
        for n in range(5):
            change_first(f'changed={n}')
        for source, watch in watches.items():
            events = [e for e in watch.events
                      if e.get('service', {}).get('host') == 'decent.local']
            tap.check(len(events) > DECENT, f'events of {source}')
            tap.equal([e['service']['packet_faults'] for e in events
                       if e['service'].get('packet_faults')], [], f'faults told by {source}')


def test_one_rule_alone(lan):
    report = audit_of(lan, 'wire', ['SD801'], '--enable', 'response-id')
    tap.equal(told(report)[host_of('SD801')], {'SD801'}, 'rules')
    report = audit_of(lan, 'wire', ['SD803'], '--enable', 'response-id')
    tap.equal(told(report)[host_of('SD803')], set(), 'rules')


@tap.each('avahi', 'wire')
def test_nobody_looked(lan, source):
    """By default, and where nobody hears packets."""
    asked = ('--wire-rules',) if source == 'avahi' else ()
    report = audit_of(lan, source, ['SD801'], *asked)
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
            event = watch.wait('changed', lambda e: e['service']['instance'] == 'SD801')
        tap.equal(packet_rules(event['service']), ['SD801'], 'rules')


if __name__ == '__main__':
    tap.main(setup=faulty_lan, needs=sdscope.program)
