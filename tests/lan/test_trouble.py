# SPDX-License-Identifier: MIT
"""No daemon, no bus, no network, a taken port, a hanging daemon, ^C: each said clearly."""

import os
import signal
import struct
import subprocess
import sys
import time
from contextlib import contextmanager
from types import SimpleNamespace

import avahi
import netns
import still
from avahi import Bus, avahi_host, ready, service_file
from fake import Fake
from probe import SOURCES, Probe, by_name, probes, rules
from rig import PATIENCE_S, sdscope, tap, wait_for

HOLD_PORT = '''
import socket, sys
held = []
for family, address in ((socket.AF_INET, "0.0.0.0"), (socket.AF_INET6, "::")):
    held.append(socket.socket(family, socket.SOCK_DGRAM))
    if family == socket.AF_INET6:
        held[-1].setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    held[-1].bind((address, 5353))
print("held", flush=True)
sys.stdin.read()
'''


ASKED_BY_ITSELF = 'the Avahi daemon does not answer: sdscope asked by itself'

# What the vault and the crowd of fakelan advertise.
TYPES = ('_ssh._tcp', '_s00000._tcp', '_s00001._tcp')


@contextmanager
def poor_lan():
    netns.require(*avahi.TOOLS)
    with netns.Lab() as lab:
        link = lab.link()
        vault = avahi_host(lab, 'vault', link, services={
            'ssh': service_file('vault', {'type': '_ssh._tcp', 'port': 22})})
        ready(vault)
        crowd = lab.host('crowd', link)
        fake = lab.enter_context(Fake(crowd, None, '--services', '50'))
        island = lab.host('island')
        busy = lab.host('busy', link)
        yield SimpleNamespace(lab=lab, fake=fake, island=island, busy=busy,
                              bare=lab.host('bare', link), probes=probes(lab, link))


def fails(result, status=3):
    """It says why on stderr in a line, and writes no report."""
    result.expect(status)
    tap.equal(result.stdout, '', f'stdout of {result}')
    tap.check(result.stderr.startswith('sdscope: '), f'stderr begins with the name: {result}')
    return result.stderr


@tap.each('audit', 'browse', 'watch')
def test_no_bus(lan, command):
    result = Probe(lan.bare, 'avahi').run(command, '-f', 'json' if command != 'watch' else 'ndjson')
    tap.check('vahi' in fails(result), f'stderr names Avahi: {result}')


def test_a_bus_without_a_daemon(lan):
    host = lan.lab.host('dull', lan.bare.links[0])
    with Bus(host):
        tap.check('vahi' in fails(Probe(host, 'avahi').run('audit')), 'stderr names Avahi')


def test_auto_takes_the_embedded_source_where_no_daemon_is(lan):
    report = Probe(lan.bare, 'auto').report('audit')
    tap.equal(report['scan']['source'], 'embedded+wire', 'scan.source')
    tap.includes(by_name(report), [('vault', '_ssh._tcp')], 'services')


def test_auto_takes_the_daemon_where_one_is(lan):
    report = Probe(lan.probes['avahi'].host, 'auto').report('audit')
    tap.equal(report['scan']['source'], 'avahi+wire', 'scan.source')
    tap.includes(by_name(report), [('vault', '_ssh._tcp')], 'services')


@tap.each('avahi', 'embedded', 'auto')
def test_no_network(lan, source):
    fails(Probe(lan.island, source).run('audit', '-f', 'json'))


@tap.each(*SOURCES)
def test_an_interface_that_is_not_there(lan, source):
    stderr = fails(lan.probes[source].run('audit', '-i', 'eth7'), status=2)
    tap.check('eth7' in stderr, f'stderr names the interface: {stderr}')


def test_the_port_held_by_another_stack(lan):
    holder = lan.busy.spawn([sys.executable, '-c', HOLD_PORT], stdin=subprocess.PIPE,
                            stdout=subprocess.PIPE)
    tap.equal(holder.stdout.readline(), b'held\n')
    try:
        stderr = fails(Probe(lan.busy, 'embedded').run('audit', '-f', 'json'))
        tap.check('5353' in stderr, f'stderr names the port: {stderr}')
    finally:
        holder.communicate(timeout=PATIENCE_S)


def of(name):
    """Accepts the events of a service."""
    return lambda event: event['service']['instance'] == name


def audit(lan, probe, meanwhile, *options, **more):
    """Of all that is there, which stands still, once it asks the link, until that is entered."""
    return still.scan_of_sign(
        lambda sign: probe.start('audit', '-f', 'json', *options, *TYPES, sign), lan.fake,
        meanwhile, **more)


def test_a_daemon_that_hangs(lan):
    probe = lan.probes['avahi']
    with probe.host.daemon.hanging():
        result = probe.run('audit').expect(3)
        tap.check('does not answer' in result.stderr, f'stderr says why: {result.stderr}')
        report = Probe(probe.host, 'auto').report('audit')
        tap.equal(report['scan']['source'], 'wire', 'scan.source')
        tap.includes(report['scan']['notes'], [ASKED_BY_ITSELF], 'scan.notes')
        tap.equal(len(report['services']), 51, 'services')


def test_a_daemon_that_begins_to_hang(lan):
    probe = lan.probes['avahi']
    report = audit(lan, probe, lambda _: probe.host.daemon.hanging(), '-t', '15').expect(4).report
    tap.equal(report['scan']['complete'], False, 'scan.complete')
    tap.includes(report['scan']['reasons'], ['the Avahi daemon does not answer'], 'scan.reasons')


def test_auto_goes_on_alone_where_the_daemon_begins_to_hang(lan):
    """With all that there is: what was asked of the daemon is asked anew."""
    probe = lan.probes['auto']
    report = audit(lan, probe, lambda _: probe.host.daemon.hanging()).expect(0, 1).report
    tap.equal(len(report['services']), 51, 'services')
    if report['scan']['source'] == 'wire':      # else it was through before
        tap.includes(report['scan']['notes'], [ASKED_BY_ITSELF], 'scan.notes')
    tap.equal(report['scan']['queries']['beside_avahi'], True, 'asked by Avahi, too')


def labels(*texts):
    return b''.join(bytes([len(text)]) + text.encode() for text in texts)


def point_at(lan, instance, type_):
    """Multicast that the type has this instance, and nothing else of it."""
    owner = labels(*type_.split('.'), 'local') + b'\0'
    rdata = labels(instance) + owner
    lan.fake.do('raw', hex=(struct.pack('>6H', 0, 0x8400, 0, 1, 0, 0) + owner +
                            struct.pack('>HHIH', 12, 1, 4500, len(rdata)) + rdata).hex())


@contextmanager
def guest(lan, name, type_, announce=True):
    lan.fake.do('add', announce=announce, service={'name': name, 'type': type_, 'port': 7})
    try:
        yield
    finally:
        lan.fake.do('remove', name=name, type=type_)


def test_a_check_goes_on_where_the_daemon_begins_to_hang(lan):
    """What it waits for is asked for on the wire, once the daemon was asked for it in vain."""
    probe, type_ = lan.probes['auto'], '_waited._tcp'
    process = probe.start('check', '-f', 'json', '--live', '--instance', 'Late', type_)
    wait_for(lambda: lan.fake.was_asked(type_), 'a first query')
    with probe.host.daemon.hanging(), guest(lan, 'Late', type_, announce=False):
        point_at(lan, 'Late', type_)
        report = sdscope.finish(process).expect(0, 1).report
    tap.equal([s['instance'] for s in report['services']], ['Late'], 'services')
    tap.equal(report['services'][0]['port'], 7, 'port')
    tap.equal(report['scan']['source'], 'wire', 'scan.source')


def test_a_watch_goes_on_where_the_daemon_begins_to_hang(lan):
    """auto asks by the wire then, and tells what comes and goes on the link. That the daemon hangs
    shows when it is asked something, such as who else has a new type."""
    probe = lan.probes['auto']
    with probe.watch() as watch:
        watch.wait('settled')
        tap.equal(len(watch.named('added')), 51, 'added')
        watch.mark()
        with probe.host.daemon.hanging():
            with guest(lan, 'First', '_first._tcp'):
                tap.equal(watch.wait('lost')['message'], 'the Avahi daemon does not answer', 'lost')
                watch.wait('back')
                watch.wait('added', of('First'))
                watch.wait('settled')
                tap.equal(watch.named('removed'), [], 'removed')
            watch.wait('removed', of('First'))
            with guest(lan, 'Second', '_second._tcp'):
                watch.wait('added', of('Second'))
            watch.wait('removed', of('Second'))
        with guest(lan, 'Third', '_third._tcp'):
            watch.wait('added', of('Third'))
        names = [e['service']['instance'] for e in watch.named('added')]
        tap.equal(names, ['First', 'Second', 'Third'], 'added, each once')
        tap.equal(len(watch.named('lost', 'back')), 2, 'lost and back, once')


@contextmanager
def unsettled_watch(lan, probe):
    """One that asks the link already, and stands still before it has settled."""
    for sign in still.SIGNS:
        with probe.watch(*TYPES, sign) as watch:
            wait_for(lambda: lan.fake.was_asked(sign), 'a first query')
            still.stop(watch.process)
            watch.read_all()
            if not watch.named('settled'):
                yield watch
                return


def test_a_watch_waits_for_a_daemon_that_hangs(lan):
    """avahi says that it is lost, and takes up everything when it is back."""
    probe = lan.probes['avahi']
    with unsettled_watch(lan, probe) as watch:
        with probe.host.daemon.hanging():
            still.go_on(watch.process)
            tap.equal(watch.wait('lost')['message'], 'the Avahi daemon does not answer', 'lost')
            tap.equal(watch.named('settled', 'back'), [], 'settled, or back')
        watch.wait('back')
        watch.wait('settled')
        tap.equal(len({e['service']['instance'] for e in watch.named('added')}), 51, 'added')
        tap.equal(watch.named('removed'), [], 'removed')


@tap.each('auto', 'avahi')
def test_a_watch_that_asks_nothing_misses_its_daemon(lan, source):
    probe = lan.probes[source]
    with probe.watch(*TYPES) as watch:
        watch.wait('settled')
        watch.mark()
        with probe.host.daemon.hanging():
            tap.equal(watch.wait('lost')['message'], 'the Avahi daemon does not answer', 'lost')
            tap.equal(watch.named('removed'), [], 'removed')
        watch.wait('settled')


def comes_back(lan, stop, start):
    @contextmanager
    def stopped(_):
        stop()
        yield

    def finish(process):
        try:
            process.wait(timeout=4)     # longer than an audit takes that finds nothing
        except subprocess.TimeoutExpired:
            pass
        has_ended = process.poll() is not None
        start()
        result = sdscope.finish(process)
        result.has_ended = has_ended
        return result

    result = audit(lan, lan.probes['avahi'], stopped, finish=finish).expect(4)
    tap.equal(result.has_ended, False, 'ended while the daemon was away')
    report = result.report
    tap.equal(len(report['services']), 51, 'services')
    tap.check(any('has gone' in reason or 'bus' in reason for reason in report['scan']['reasons']),
              f'scan.reasons: {report["scan"]["reasons"]}')


def test_a_daemon_that_is_killed_and_comes_back(lan):
    """An audit that lost it waits for it, and says that it was away."""
    daemon = lan.probes['avahi'].host.daemon
    comes_back(lan, lambda: daemon.stop(signal.SIGKILL), daemon.start)


def test_a_bus_that_is_killed_and_comes_back(lan):
    host = lan.probes['avahi'].host

    def stop():
        host.bus.stop(signal.SIGKILL)
        host.daemon.stop(signal.SIGKILL)        # without its bus it does not hear of another end

    def start():
        host.bus.start()
        host.daemon.start()

    comes_back(lan, stop, start)


@tap.each(*SOURCES)
def test_an_interrupted_audit_reports_what_was_found(lan, source):
    @contextmanager
    def interrupted(process):
        os.kill(process.pid, signal.SIGINT)
        yield

    report = audit(lan, lan.probes[source], interrupted).expect(4).report
    tap.equal(report['scan']['complete'], False, 'scan.complete')
    tap.check(report['scan']['reasons'], 'scan.reasons says why')


@tap.each(0.15, 0.25, 0.5)
def test_a_process_that_was_stopped_misses_nothing(lan, moment):
    """Answers that came meanwhile are read before anything is called missing, or complete."""
    started = {source: lan.probes[source].start('audit', '-f', 'json') for source in SOURCES}
    for wait, number in ((moment, signal.SIGSTOP), (3, signal.SIGCONT)):
        time.sleep(wait)        # both times are what is tried here
        for process in started.values():
            process.send_signal(number)
    reports = {source: sdscope.finish(process).expect(0, 1).report
               for source, process in started.items()}
    for source, report in reports.items():
        tap.equal(len(report['services']), 51, f'services of {source}')
        for service in report['services']:
            tap.equal({'SD301', 'SD401', 'SD420'} & set(rules(service)), set(),
                      f'missing of {service["instance"]} to {source}')


@tap.each(*SOURCES)
def test_a_deadline_makes_an_audit_incomplete(lan, source):
    report = lan.probes[source].report('audit', '-t', '0.3', status=(4,))
    tap.equal(report['scan']['complete'], False, 'scan.complete')
    tap.check(report['scan']['reasons'], 'scan.reasons says why')
    lan.probes[source].report('audit', '-t', '0.3', '--allow-partial', status=(0, 1))


if __name__ == '__main__':
    tap.main(setup=poor_lan, needs=sdscope.program)
