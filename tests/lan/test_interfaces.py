# SPDX-License-Identifier: MIT
"""Interfaces that come and go, and the one of the host alone: through each source."""

from contextlib import contextmanager
from types import SimpleNamespace

import avahi
import netns
import still
from avahi import avahi_host, ready, service_file
from fake import Fake
from probe import SOURCES, Probe, by_name, probes, seen_on
from rig import sdscope, tap, wait_for

TYPE = '_http._tcp'
SSH = {'type': '_ssh._tcp', 'port': 22}


def of(name):
    """Accepts the events of a service."""
    return lambda event: event['service']['instance'] == name


def fake_of(lab, name, link):
    """A host with one service of its name on a link."""
    host = lab.host(name, link)
    return lab.enter_context(Fake(host, {
        'hosts': [{'name': name, 'a': host.addresses(family='inet')}],
        'services': [{'host': name, 'name': name, 'type': TYPE, 'port': 80, 'txt': ['v=1']}]}))


@contextmanager
def moving_lan():
    netns.require(*avahi.TOOLS)
    with netns.Lab() as lab:
        home, garden, attic = lab.link(), lab.link(), lab.link()
        fakes = [fake_of(lab, name, link)
                 for name, link in (('home', home), ('garden', garden), ('attic', attic))]
        recluse = avahi_host(lab, 'recluse', home, interfaces=['lo', 'eth0'],
                             services={'s': service_file('recluse', SSH)})
        ready(recluse)
        yield SimpleNamespace(garden=fakes[1], attic=attic, recluse=recluse,
                              probes=probes(lab, home, garden,
                                            interfaces=['eth0', 'eth1', 'eth2']))


@contextmanager
def down(host, interface):
    host.run(['ip', 'link', 'set', interface, 'down'])
    try:
        yield
    finally:
        host.run(['ip', 'link', 'set', interface, 'up'])
        wait_for(lambda: host.addresses(interface, 'inet6', 'link'), f'fe80 on {interface}')


@tap.each(*SOURCES)
def test_a_watch_follows_a_link_down_and_up(lan, source):
    probe = lan.probes[source]
    with probe.watch() as watch:
        watch.wait('settled')
        tap.includes([e['service']['instance'] for e in watch.named('added')],
                     ['home', 'garden'], 'added')
        watch.mark()
        with down(probe.host, 'eth1'):
            watch.wait('removed', of('garden'))
        watch.wait('added', of('garden'))
        tap.excludes([e['service']['instance'] for e in watch.named('removed')], ['home'],
                     'removed')


@tap.each(*SOURCES)
def test_a_watch_sees_an_interface_that_comes_and_goes(lan, source):
    probe = lan.probes[source]
    with probe.watch() as watch:
        watch.wait('settled')
        probe.host.plug('eth2', lan.attic)
        watch.wait('added', of('attic'))
        probe.host.run(['ip', 'link', 'del', 'eth2'])
        watch.wait('removed', of('attic'))


@tap.each(*SOURCES)
def test_a_link_that_goes_meanwhile_makes_a_scan_incomplete(lan, source):
    probe = lan.probes[source]
    for options, names in (((), ['home']), (('-i', 'eth1'), [])):
        report = still.scan_of_sign(
            lambda sign, options=options: probe.start('browse', '-f', 'json', *options, TYPE, sign),
            lan.garden, lambda _: down(probe.host, 'eth1')).expect(4).report
        tap.equal([s['instance'] for s in report['services'] if s['instance'] in names], names,
                  'services of the other link')
        tap.check(any("'eth1'" in reason for reason in report['scan']['reasons']),
                  f'reasons: {report["scan"]["reasons"]}')


@tap.each(*SOURCES)
def test_services_that_a_host_keeps_to_itself(lan, source):
    """Seen from that host, through its daemon and beside it."""
    probe = Probe(lan.recluse, source)
    found = by_name(probe.report('browse', '-i', 'lo', status=(0,)))
    tap.equal(list(found), [('recluse', '_ssh._tcp')], 'services')
    service = found['recluse', '_ssh._tcp']
    tap.equal(seen_on(service), ({'lo'}, {'ipv4'}), 'sightings')
    tap.includes(service['addresses'], ['127.0.0.1'], 'addresses')


@tap.each('avahi', 'embedded', 'auto')
def test_the_loopback_is_one_of_all_links_to_avahi(lan, source):
    def is_on_both(event):
        return seen_on(event['service'])[0] == {'eth0', 'lo'}

    with Probe(lan.recluse, source).watch('_ssh._tcp') as watch:
        watch.wait_any(('added', 'changed'), is_on_both)


if __name__ == '__main__':
    tap.main(setup=moving_lan, needs=sdscope.program)
