# SPDX-License-Identifier: MIT
"""A link that loses packets is asked again, until what 50 services lost is found all the same.

What is lost of a host is in its dice, with a fixed seed; the hosts are ten, and each is asked and
answers by itself. A host that is not heard, whatever is asked, cannot be told from none: what is
promised is that a link where somebody answers only when asked again is asked once more.
"""

from contextlib import contextmanager

import avahi
import netns
from avahi import avahi_host, ready
from fake import Fake
from probe import SOURCES, Probe, by_name, probes
from rig import sdscope, tap

FEW = 50
# Of the first questions for their type, hosts hear none: of 'late' it is one, by which it is known
# that there is loss; 'last' hears neither the multicast query nor the first one-shot query.
TYPE = '_http._tcp'
LOSERS = {'late': 1, 'last': 2}
LOSSES = ('0.01', '0.03', '0.05')
DEAF_LOSS = '0.03'      # where nobody answers one-shot queries, and rounds have to tell
SEED = '4'


@contextmanager
def lossy_lans():
    """A link of each loss."""
    netns.require(*avahi.TOOLS)
    with netns.Lab() as lab:
        lans = {}
        for loss in LOSSES:
            link = lab.link()
            lab.enter_context(Fake(lab.host('lossy', link, ipv6=False), None, '--services',
                                   str(FEW), '--loss', loss, '--seed', SEED))
            lans[loss] = probes(lab, link, ipv6=False)
        link = lab.link()
        lab.enter_context(Fake(lab.host('deaf', link, ipv6=False), None, '--services', str(FEW),
                               '--loss', DEAF_LOSS, '--seed', SEED, '--no-legacy'))
        lans['deaf'] = probes(lab, link, ipv6=False)
        yield lans


def losers():
    """Twelve hosts of one type, of which two do not hear what is asked first."""
    hosts = [{'name': f'sound-{n}', 'a': [f'192.0.2.{n}']} for n in range(1, 11)]
    hosts += [{'name': name, 'a': [f'192.0.2.{100 + times}'], 'deaf_to': {f'{TYPE}.local': times}}
              for name, times in LOSERS.items()]
    return {'hosts': hosts,
            'services': [{'host': host['name'], 'name': host['name'], 'type': TYPE,
                          'port': 80, 'txt': ['v=1']} for host in hosts]}


@tap.each(*SOURCES)
def test_who_hears_nothing_at_first_is_found(lans, source):
    del lans
    with netns.Lab() as lab:
        link, spec = lab.link(), losers()
        is_served = source in ('auto', 'avahi')
        host = (avahi_host if is_served else netns.Lab.host)(lab, 'probe', link, ipv6=False)
        if is_served:
            ready(host)
        fake = lab.enter_context(Fake(lab.host('losers', link, ipv6=False), spec))
        report = Probe(host, source).report('browse', status=(0,))
        tap.equal(sorted(s['instance'] for s in report['services']),
                  sorted(h['name'] for h in spec['hosts']), 'services')
        check_resolved(report, 'the beginning')
        tap.equal(fake.do('stats')['lost'], sum(LOSERS.values()), 'questions that were lost')


def reports(lans, source):
    """{loss: report} of all links, at the same time."""
    started = {loss: lans[loss][source].start('browse', '-f', 'json') for loss in lans}
    return {loss: sdscope.finish(process).expect(0, 4).report
            for loss, process in started.items()}


def check_resolved(report, loss):
    bare = [key for key, s in by_name(report).items() if not s['txt'] or not s['addresses']]
    tap.equal(bare, [], f'services that were not resolved at a loss of {loss}')


@tap.each(*SOURCES)
def test_few_services_are_all_found(lans, source):
    """On the link where nobody answers one-shot queries, too."""
    for loss, report in reports(lans, source).items():
        tap.equal(len(report['services']), FEW, f'services at a loss of {loss}')
        check_resolved(report, loss)


if __name__ == '__main__':
    tap.main(setup=lossy_lans, needs=sdscope.program)
