# SPDX-License-Identifier: MIT
"""More services than Avahi can take in: found whole, or called incomplete, never wrong in silence."""

from contextlib import contextmanager

from avahi import avahi_host, ready
from fake import Fake
from netns import Lab
from probe import SOURCES, Probe, probes
from rig import sdscope, tap

# A daemon's cache of 4,096 records ends between 1,060 and 1,180 services.
FITS, TOO_MANY = 500, 1500

# What a setting helps against; that answers were late, or the time up, is the machine's own affair.
WANTS_OF_ROOM = ('datagrams were lost', 'may have been turned away', 'could not be asked')


@contextmanager
def crowded_lans():
    """A link of each size with probes of its own: what a daemon has cached of one would fill it."""
    with Lab() as lab:
        lans = {}
        for size in (FITS, TOO_MANY):
            link = lab.link()
            lab.enter_context(Fake(lab.host(f'crowd{size}', link, ipv6=False), None,
                                   '--services', str(size), '--delay', '0.02,0.5'))
            lans[size] = probes(lab, link, ipv6=False)
            if size == FITS:
                limited = {name: avahi_host(lab, name, link, ipv6=False,
                                            server=f'objects-per-client-max={count}')
                           for name, count in (('sparing', 40), ('mean', 1))}
                ready(*limited.values())
                lans.update({name: Probe(host, 'avahi') for name, host in limited.items()})
        yield lans


@tap.each(*SOURCES)
def test_what_fits_is_found_whole(lans, source):
    report = lans[FITS][source].report('browse', status=(0,))
    tap.equal((len(report['services']), report['scan']['complete'], report['scan']['reasons']),
              (FITS, True, []), 'services')
    bare = [s['instance'] for s in report['services'] if not s['txt'] or not s['addresses']]
    tap.equal(bare, [], 'services that were not resolved')


@tap.each(*SOURCES)
def test_what_does_not_fit_is_called_incomplete(lans, source):
    report = lans[TOO_MANY][source].report('browse', status=(0, 4))
    if len(report['services']) < TOO_MANY:
        tap.equal(report['scan']['complete'], False, 'complete')
        tap.check(report['scan']['reasons'], 'an incomplete scan says why')
    for reason in report['scan']['reasons']:
        if any(want in reason for want in WANTS_OF_ROOM):
            tap.check('; raise ' in reason, f'no setting would have helped: {reason}')


def test_what_a_full_cache_turns_away_is_not_waited_for(lans):
    """One-shot queries bring it: nobody waits for each of its records."""
    report = lans[TOO_MANY]['avahi'].report('browse', status=(4,))
    tap.check(not any('time was up' in r for r in report['scan']['reasons']),
              f'{report["scan"]["duration_s"]} s: {report["scan"]["reasons"]}')
    tap.check(any('cache-entries-max' in r for r in report['scan']['reasons']),
              f'{report["scan"]["reasons"]}')
    bare = [s['instance'] for s in report['services'] if not s['txt'] or not s['addresses']]
    tap.equal((len(report['services']), bare), (TOO_MANY, []), 'services')


def test_a_daemon_that_takes_few_questions_is_asked_by_several_connections(lans):
    report = lans['sparing'].report('browse', status=(0,))
    tap.equal((len(report['services']), report['scan']['reasons']), (FITS, []), 'services')


def test_a_daemon_that_takes_too_few_questions_is_said_to(lans):
    report = lans['mean'].report('browse', '-t', '5', status=(4,))
    tap.includes(report['scan']['reasons'], ['the time was up before everything had answered'])
    tap.check(any('could not be asked' in r and 'objects-per-client-max' in r
                  for r in report['scan']['reasons']), f'{report["scan"]["reasons"]}')


if __name__ == '__main__':
    tap.main(setup=crowded_lans, needs=sdscope.program)
