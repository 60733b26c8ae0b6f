# SPDX-License-Identifier: MIT
"""Hosts on two links, one family of addresses or both, and a crowded link."""

from contextlib import contextmanager
from types import SimpleNamespace

import avahi
import netns
from avahi import avahi_host, ready, service_file
from fake import Fake
from probe import SOURCES, by_name, probes, seen_on
from rig import sdscope, tap

SSH = {'type': '_ssh._tcp', 'port': 22}
CROWD = 100


@contextmanager
def two_links():
    netns.require(*avahi.TOOLS)
    with netns.Lab() as lab:
        first, second = lab.link(), lab.link()
        both = avahi_host(lab, 'both', first, second, services={'s': service_file('both', SSH)})
        modern = avahi_host(lab, 'modern', first, ipv4=False,
                            services={'s': service_file('modern', SSH)})
        old = avahi_host(lab, 'old', first, ipv6=False, services={'s': service_file('old', SSH)})
        ready(both, modern, old)
        crowded = lab.link()
        crowd = lab.host('crowd', crowded)
        lab.enter_context(Fake(crowd, None, '--services', str(CROWD), '--hosts', '20',
                               '--types', '8'))
        yield SimpleNamespace(both=both, modern=modern, old=old,
                              probes=probes(lab, first, second), crowd=probes(lab, crowded))


@tap.each(*SOURCES)
def test_a_host_on_two_links_is_one_service_with_sightings(lan, source):
    report = lan.probes[source].report('audit')
    found = by_name(report)
    tap.equal(sorted(name for name, _ in found), ['both', 'modern', 'old'], 'services')
    tap.equal(sorted(report['scan']['interfaces']), ['eth0', 'eth1'], 'scan.interfaces')
    service = found['both', '_ssh._tcp']
    tap.equal(seen_on(service), ({'eth0', 'eth1'}, {'ipv4', 'ipv6'}), 'sightings')
    tap.equal(sorted(service['addresses']),
              sorted(lan.both.addresses('eth0') + lan.both.addresses('eth1')), 'addresses')


@tap.each(*SOURCES)
def test_an_interface_limits_the_scan(lan, source):
    found = by_name(lan.probes[source].report('audit', '-i', 'eth1'))
    tap.equal(list(found), [('both', '_ssh._tcp')], 'services on eth1')
    service = found['both', '_ssh._tcp']
    tap.equal(seen_on(service)[0], {'eth1'}, 'sightings')
    tap.equal(sorted(service['addresses']), sorted(lan.both.addresses('eth1')), 'addresses')


@tap.each(*SOURCES)
def test_a_family_limits_the_scan(lan, source):
    for option, family, names in (('-4', 'ipv4', ['both', 'old']),
                                  ('-6', 'ipv6', ['both', 'modern'])):
        found = by_name(lan.probes[source].report('audit', option))
        tap.equal(sorted(name for name, _ in found), names, f'services with {option}')
        tap.equal(seen_on(found['both', '_ssh._tcp'])[1], {family}, f'families with {option}')


@tap.each(*SOURCES)
def test_hosts_of_one_family(lan, source):
    found = by_name(lan.probes[source].report('browse', '-i', 'eth0'))
    for host, family in ((lan.modern, 'ipv6'), (lan.old, 'ipv4')):
        service = found[host.name, '_ssh._tcp']
        tap.equal(sorted(service['addresses']), sorted(host.addresses()), f'of {host.name}')
        tap.equal(seen_on(service)[1], {family}, f'families of {host.name}')


@tap.each(*SOURCES)
def test_a_hundred_services(lan, source):
    report = lan.crowd[source].report('audit')
    tap.equal(report['scan']['complete'], True, f'complete: {report["scan"]}')
    names = {s['instance'] for s in report['services']}
    want = {f'Device {n:05d} (room {n % 97})' for n in range(CROWD)}
    tap.equal(sorted(want - names), [], 'not found')
    tap.equal(len(report['services']), CROWD, 'number of services')
    for service in report['services']:
        number = int(service['instance'][7:12])
        tap.equal((service['port'], len(service['addresses']), len(service['txt'])),
                  (1024 + number, 2, 4), service['instance'])


if __name__ == '__main__':
    tap.main(setup=two_links, needs=sdscope.program)
