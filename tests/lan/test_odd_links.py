# SPDX-License-Identifier: MIT
"""Links as they should not be, and as they are: through each source."""

from contextlib import contextmanager
from types import SimpleNamespace

import avahi
import netns
import still
from avahi import avahi_host, ready
from fake import Fake
from probe import SOURCES, by_name, probes, seen_on
from rig import sdscope, tap, wait_for

HOSTS, FEW = 200, 50
HIDDEN = ('secretive printer', '_ipp._tcp')
TWIN = ('twin', '_http._tcp')


def spec(name, address, *services):
    return {'hosts': [{'name': name, 'a': [address]}],
            'services': [{'host': name, 'txt': ['v=1'], **s} for s in services]}


def named(key, **more):
    return {'name': key[0], 'type': key[1], 'port': 80, **more}


@contextmanager
def odd_lans():
    netns.require(*avahi.TOOLS)
    with netns.Lab() as lab:
        many, far, near, left, right = (lab.link() for _ in range(5))
        lab.enter_context(Fake(lab.host('many', many, ipv6=False), None, '--hosts', str(HOSTS),
                               '--services', str(HOSTS), '--types', '8'))
        lab.enter_context(Fake(lab.host('far', far, ipv6=False), None, '--services', str(FEW)))
        mirror = avahi_host(lab, 'mirror', far, near, ipv6=False,
                            server='[reflector]\nenable-reflector=yes\n')
        ready(mirror)
        fakes = {}
        for link, name, port in ((left, 'left', 81), (right, 'right', 82)):
            host = lab.host(name, link, ipv6=False)
            fakes[name] = lab.enter_context(Fake(host, spec(
                name, host.addresses()[0], named(TWIN, port=port),
                *([named(HIDDEN, meta=False)] if name == 'left' else []))))
        yield SimpleNamespace(
            fake=fakes['left'],
            many=probes(lab, many, ipv6=False), near=probes(lab, near, ipv6=False),
            both=probes(lab, left, right, ipv6=False))


@tap.each(*SOURCES)
def test_two_hundred_hosts(lans, source):
    report = lans.many[source].report('browse', status=(0,))
    tap.equal(len({s['host'] for s in report['services']}), HOSTS, 'hosts')
    tap.equal((len(report['services']), report['scan']['complete']), (HOSTS, True), 'services')


@tap.each(*SOURCES)
def test_what_a_reflector_repeats_is_there_once(lans, source):
    found = by_name(lans.near[source].report('browse', status=(0, 4)))
    tap.equal(len(found), FEW, 'services of the link behind the reflector')


@tap.each(*SOURCES)
def test_two_hosts_of_two_links_with_one_name(lans, source):
    found = by_name(lans.both[source].report('audit'))
    tap.equal(seen_on(found[TWIN])[0], {'eth0', 'eth1'}, 'sightings')
    tap.equal((found[TWIN]['host'], found[TWIN]['port'], len(found[TWIN]['addresses'])),
              ('left.local', 81, 1), 'the word of the first link')


@tap.each(*SOURCES)
def test_a_type_that_the_meta_query_hides(lans, source):
    probe = lans.both[source]
    if '--deep' not in probe.run('browse', '--help').stdout:
        raise tap.Skip('browse does not know --deep')
    tap.includes(by_name(probe.report('browse', '--deep', status=(0,))), [HIDDEN], 'services')


def browse(host):
    """What the daemon of the host knows."""
    return host.run(['avahi-browse', '-ptc', '_http._tcp']).stdout


@tap.each(*SOURCES)
def test_services_that_come_and_go_meanwhile(lans, source):
    """Who comes after the first query is told; who says goodbye is not, a second later (RFC 6762
    10.1): a daemon has forgotten him when its client goes on, who else is sure may not wait for it."""
    fake, probe = lans.fake, lans.both[source]

    def begin(sign):
        fake.do('add', service=named(('leaver', '_http._tcp'), host='left'))
        return probe.start('browse', '-f', 'json', '_http._tcp', sign)

    @contextmanager
    def changed(_):
        fake.do('remove', name='leaver', type='_http._tcp')
        fake.do('add', service=named(('comer', '_http._tcp'), host='left'))
        if source == 'avahi':
            wait_for(lambda: 'leaver' not in browse(probe.host), 'a goodbye')
        try:
            yield
        finally:
            fake.do('remove', name='comer', type='_http._tcp')

    found = by_name(still.scan_of_sign(begin, fake, changed).expect(0, 4).report)
    if source != 'avahi':
        found.pop(('leaver', '_http._tcp'), None)
    tap.equal(sorted(found), [('comer', '_http._tcp'), TWIN], 'services')


if __name__ == '__main__':
    tap.main(setup=odd_lans, needs=sdscope.program)
