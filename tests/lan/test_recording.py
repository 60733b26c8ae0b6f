# SPDX-License-Identifier: MIT
"""What is recorded on a LAN is, replayed, what a report made there says."""

import json
import signal
import tempfile
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import avahi
import netns
from avahi import avahi_host, publish, ready, service_file
from fake import Fake
from home import BROKEN, BROKEN_HOST, HOSTS
from probe import SOURCES, by_name, probes
from rig import sdscope, tap, wait_for


@contextmanager
def home():
    netns.require(*avahi.TOOLS)
    with netns.Lab() as lab, tempfile.TemporaryDirectory(prefix='sdscope-lan-') as folder:
        links = [lab.link(), lab.link()]
        hosts = [avahi_host(lab, name, *links, services={
            str(n): service_file(*one) for n, one in enumerate(services)})
            for name, services in HOSTS.items()]
        ready(*hosts)
        publish(hosts[list(HOSTS).index(BROKEN_HOST)], *BROKEN)
        fickle = lab.host('fickle', links[0])
        spec = {'hosts': [{'name': 'fickle', 'a': fickle.addresses(family='inet')}],
                'services': [{'host': 'fickle', 'name': 'a \x1b[2J name', 'type': '_http._tcp',
                              'port': 80, 'txt': ['v=1', '=x']}]}
        fake = lab.enter_context(Fake(fickle, spec))
        yield SimpleNamespace(probes=probes(lab, *links), fake=fake, folder=Path(folder))


def lines_of(path):
    return [json.loads(line) for line in path.read_text(encoding='utf-8').splitlines()]


def replayed(path, *arguments):
    return sdscope.run('audit', '-f', 'json', '--source', path, *arguments).expect(0, 1).report


def evidence_apart(service, source):
    """A service without what depends on when, and not on what, was heard; and of whom, where Avahi's
    word is enough."""
    apart = {'ttl', 'txt_rewritten', 'cache_flush', 'ptr_type', 'meta_ptr', 'packet_faults',
             'packet_senders'}
    if source == 'auto':
        apart |= {'srv_count', 'txt_records_hex', 'host_cname'}
    return {k: v for k, v in service.items() if k not in apart}


@tap.each(*SOURCES)
def test_an_audit_of_a_recording_is_the_audit_of_the_lan(lan, source):
    probe, path = lan.probes[source], lan.folder / f'{source}.ndjson'
    recording = probe.start('record', path)
    wait_for(lambda: path.exists() and '"settled"' in path.read_text(encoding='utf-8'),
             'the recording to settle')
    recording.send_signal(signal.SIGINT)
    result = sdscope.finish(recording).expect(0)
    tap.includes(result.stderr, [str(path), ' 13 services at the end'], 'what was done')
    head, *events = lines_of(path)
    tap.equal((head['host'], head['interfaces']), (probe.host.name, ['eth0', 'eth1']), 'head')
    tap.equal(events[-1], {'event': 'ended', 'time': events[-1]['time']}, 'last line')

    live, recorded = probe.report('audit'), replayed(path)
    tap.equal(recorded['scan']['complete'], True, str(recorded['scan']))
    tap.equal(recorded['scan']['interfaces'], live['scan']['interfaces'], 'interfaces')
    live, recorded = by_name(live), by_name(recorded)
    tap.equal(sorted(recorded), sorted(live), 'services')
    tap.equal(len(recorded), 13, 'services')
    for name, service in live.items():
        tap.equal(evidence_apart(recorded[name], source), evidence_apart(service, source), str(name))


@tap.each('auto', 'wire')
def test_what_a_recording_says_is_what_the_watch_saw(lan, source):
    """One and the same run: all evidence is the same, TTLs included."""
    path, again = lan.folder / f'{source}-1.ndjson', lan.folder / f'{source}-2.ndjson'
    lan.probes[source].run('record', path, '-t', '4').expect(0)
    sdscope.run('record', again, '--source', path).expect(0)
    one, two = lines_of(path), lines_of(again)
    tap.equal([e['service'] for e in two if 'service' in e],
              [e['service'] for e in one if 'service' in e], 'services')
    tap.equal([e['time'] for e in two[1:]], [e['time'] for e in one[1:]], 'times')


def test_changes_are_recorded(lan):
    path = lan.folder / 'changes.ndjson'
    recording = lan.probes['wire'].start('record', path, '_http._tcp')
    try:
        wait_for(lambda: path.exists() and '"settled"' in path.read_text(encoding='utf-8'),
                 'the recording to settle')
        guest = {'host': 'fickle', 'name': 'guest', 'type': '_http._tcp', 'port': 81, 'txt': ['a']}
        lan.fake.do('add', service=guest)
        wait_for(lambda: '"guest"' in path.read_text(encoding='utf-8'), 'the guest')
        lan.fake.do('update', name='guest', type='_http._tcp', txt=['b'])
        wait_for(lambda: '"changed"' in path.read_text(encoding='utf-8'), 'its change')
        lan.fake.do('remove', name='guest', type='_http._tcp')
        wait_for(lambda: '"removed"' in path.read_text(encoding='utf-8'), 'its end')
    finally:
        recording.send_signal(signal.SIGTERM)
        sdscope.finish(recording).expect(0)
    watch = sdscope.run('watch', '-f', 'ndjson', '--source', path, '--speed', '0',
                        '--until', 'instance=guest').expect(0)
    tap.check('"guest"' in watch.stdout.splitlines()[-1], 'the watch waits for the guest')
    tap.check('guest' not in [s['instance'] for s in replayed(path)['services']],
              'the guest has gone at the end')


if __name__ == '__main__':
    tap.main(setup=home, needs=sdscope.program)
