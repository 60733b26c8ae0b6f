# SPDX-License-Identifier: MIT
"""Crowded links, each source on one of its own: all is found, or the report says why it may not be.

A daemon is cold, or has been asked for everything before: then few packets fly, and what its cache
had no room for is known to nobody but the link.
"""

from contextlib import contextmanager

import avahi
import netns
from avahi import avahi_host, ready
from fake import Fake
from probe import SOURCES, Probe, by_name
from rig import sdscope, tap

SIZES = (50, 500, 1000, 2000, 5000)
ALL_ASK = (50, 500, 1000, 5000)     # by every source
DAEMON = ('avahi', 'auto')
HEARS = ('auto', 'wire')        # complete at any size
FITS = 500                      # what Avahi takes in at once, always
TRIES = 3                       # a busy machine answers late, which looks like loss


@contextmanager
def crowd(size, *sources):
    """{source: its probe}, on a link with so many services for each."""
    with netns.Lab() as lab:
        probes = {}
        for source in sources:
            link = lab.link()
            served = source in DAEMON
            host = avahi_host(lab, 'probe', link, ipv6=False) if served \
                else lab.host('probe', link, ipv6=False)
            lab.enter_context(Fake(lab.host('crowd', link, ipv6=False), None,
                                   '--services', str(size)))
            probes[source] = Probe(host, source)
        ready(*(probes[source].host for source in sources if source in DAEMON))
        yield probes


def wanted(size):
    """What fakelan says of each service of a crowd: {instance: (port, TXT)}."""
    return {f'Device {n:05d} (room {n % 97})':
            (1024 + n, [('txtvers', '1'), ('id', f'{n * 2654435761 & 0xffffffff:08x}'),
                        ('path', f'/svc/{n}'), ('note', 'fakelan')]) for n in range(size)}


def told(report):
    """The same of a report, as far as services were resolved."""
    return {name: (s['port'], [(t['key'], t['value']) for t in s['txt']])
            for (name, _), s in by_name(report).items()
            if s.get('host') and s.get('addresses') and s.get('txt')}


def is_whole(report, size):
    tap.equal((len(report['services']), report['scan']['complete'], report['scan']['reasons']),
              (size, True, []), 'services, complete, reasons')
    tap.equal(told(report), wanted(size), 'what the services say')


def is_a_part(report, size):
    """And says why."""
    tap.check(report['scan']['reasons'], 'it is incomplete and says not why')
    found = told(report)
    tap.equal(found, {name: says for name, says in wanted(size).items() if name in found},
              'what the services say that were found')


def is_as_wanted(probe, size):
    """Whether a scan is as complete as its source can be; what it says is right in any case."""
    report = probe.report('browse', status=(0, 4))
    if report['scan']['complete']:
        is_whole(report, size)
        return True
    is_a_part(report, size)
    return probe.source not in HEARS and size > FITS


@tap.each(*SIZES)
def test_cold(_, size):
    sources = SOURCES if size in ALL_ASK else HEARS
    for _ in range(TRIES):
        with crowd(size, *sources) as probes:
            sources = [s for s, probe in probes.items() if not is_as_wanted(probe, size)]
        if not sources:
            return
    tap.equal(sources, [], f'sources that were incomplete {TRIES} times')


@tap.each(*SIZES)
def test_warm(_, size):
    with crowd(size, 'auto') as probes:
        probe = probes['auto']
        for _ in range(TRIES):
            probe.host.run(['avahi-browse', '-at'])
            if is_as_wanted(probe, size):
                return
        tap.check(False, f'incomplete {TRIES} times')


@contextmanager
def needs_root():
    netns.require(*avahi.TOOLS, 'avahi-browse')
    yield None


if __name__ == '__main__':
    tap.main(setup=needs_root, needs=sdscope.program)
