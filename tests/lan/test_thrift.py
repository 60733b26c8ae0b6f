# SPDX-License-Identifier: MIT
"""How little is asked, though all of it is heard in three ways.

Of a link with a few services, avahi-browse has its daemon ask for the types, for their instances,
and a second later for the types again: three packets. `wire` needs no more; `auto` needs one more,
for Avahi asks for the types by multicast, where one host may speak for all who have the same. On a
busy machine answers come late, and some of them are asked for once more; of a few scans one is as
it should be.
"""

from contextlib import contextmanager

import avahi
import netns
from avahi import avahi_host, ready, service_file
from fake import Fake
from probe import Probe
from rig import sdscope, tap

SCANS = 12
FEWEST = {'auto': 4, 'wire': 3}
AT_MOST = 12        # of any scan that loses nothing
FEW = 12
TYPES = ('_ssh._tcp', '_ipp._tcp', '_smb._tcp')


@contextmanager
def lab():
    netns.require(*avahi.TOOLS)
    with netns.Lab() as new:
        yield new


def prober(lab, source, link, **options):
    """A probe that has heard nothing yet, before each scan."""
    host = avahi_host(lab, 'probe', link, **options) if source == 'auto' \
        else lab.host('probe', link, **options)
    while True:
        if source == 'auto':
            host.daemon.stop()
            host.daemon.start()
            ready(host)
        yield Probe(host, source)


def scan(lab, probe, crowd, size):
    """Packets and bytes of queries that a crowd of its own hears of a scan."""
    with Fake(crowd, None, '--services', str(size), '--prewarm', '--no-goodbye') as fake:
        report = probe.report('browse')
        stats = fake.do('stats')
    tap.equal((len(report['services']), report['scan']['complete']), (size, True), 'services')
    tap.check(stats['rx_queries'] <= AT_MOST, f'{stats["rx_queries"]} packets of queries')
    return stats['rx_queries']


@tap.each('auto', 'wire')
def test_a_quiet_link_is_asked_in_few_packets(lab, source):
    for size in (1, FEW):
        link = lab.link()
        crowd = lab.host('crowd', link, ipv6=False)
        heard = []
        for probe in prober(lab, source, link, ipv6=False):
            heard.append(scan(lab, probe, crowd, size))
            if heard[-1] <= FEWEST[source] or len(heard) == SCANS:
                break
        tap.equal(min(heard), FEWEST[source], f'packets of queries for {size} services, of {heard}')


def test_addresses_that_cannot_be_are_not_asked_for(lab):
    """Of real daemons, whose hosts have no IPv6 address and do not say so."""
    link = lab.link()
    hosts = [avahi_host(lab, f'host{n}', link, ipv6=False, services={
        t: service_file(f'host{n}', {'type': t, 'port': 1000}) for t in TYPES}) for n in range(3)]
    ready(*hosts)
    probe = Probe(lab.host('probe', link, ipv6=False), 'wire')
    packets = []
    while len(packets) < SCANS and FEWEST['wire'] not in packets:
        report = probe.report('browse')
        tap.equal((len(report['services']), report['scan']['complete']),
                  (len(hosts) * len(TYPES), True), 'services')
        packets.append(report['scan']['queries']['packets'])
    tap.includes(packets, [FEWEST['wire']], 'packets of queries')


@tap.each('auto', 'wire')
def test_silence_is_asked_three_times(lab, source):
    link = lab.link()
    probe = next(prober(lab, source, link, ipv6=False))
    with Fake(lab.host('deaf', link, ipv6=False)) as fake:
        tap.equal(probe.report('browse')['services'], [], 'services')
        tap.check(fake.do('stats')['rx_queries'] <= 3, 'packets of queries')


if __name__ == '__main__':
    tap.main(setup=lab, needs=sdscope.program)
