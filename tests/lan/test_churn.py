# SPDX-License-Identifier: MIT
"""Services and hosts that come and go by the thousand: a watch tells all, and does not grow."""

import re
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import avahi
import netns
from avahi import avahi_host, ready
from fake import Fake
from probe import REGISTRY, Probe
from rig import sdscope, tap

ROUNDS, WARM = 16, 6            # what a process needs at most, it has after some rounds
SERVICES = 150                  # of a round, with names of their own
TYPES = 10                      # of a round, likewise: a type is forgotten once nobody names it
TTL_S = 10                      # what is replaced within a second is not flushed, but expires (RFC 6762 10.2)
GROWTH_KB = 512                 # of ten rounds: a third of a kilobyte a service, less than any leaves


@contextmanager
def busy_link():
    netns.require(*avahi.TOOLS)
    with netns.Lab() as lab:
        link = lab.link()
        good = lab.host('good', link, ipv6=False)
        fake = lab.enter_context(Fake(good, {
            'hosts': [{'name': 'steady', 'a': good.addresses()[:1]}],
            'services': [{'host': 'steady', 'name': 'steady', 'type': '_http._tcp', 'port': 80}]}))
        served = avahi_host(lab, 'probe-auto', link, ipv6=False)
        ready(served)
        yield SimpleNamespace(fake=fake, address=good.addresses()[0], probes={
            'auto': Probe(served, 'auto'),
            'wire': Probe(lab.host('probe-wire', link, ipv6=False), 'wire')})


def memory_kb(process):
    """What it has in memory that is no file's."""
    status = Path(f'/proc/{process.pid}/status').read_text(encoding='ascii')
    return int(re.search(r'^RssAnon:\s+(\d+) kB', status, re.MULTILINE).group(1))


def wait_for_all(watch, event, names):
    missing = set(names)
    while missing:
        watch.wait(event, lambda e: e['service']['instance'] in missing)
        missing -= {e['service']['instance'] for e in watch.named(event)}


def do_round(lan, watch, number):
    """Everything comes, some of it changes, everything goes."""
    fake, host = lan.fake, f'guest-{number}'
    services = [(f'guest {number}.{n}', f'_{number}-{n % TYPES}._tcp') for n in range(SERVICES)]
    names = [name for name, _ in services]
    watch.mark()
    fake.do('host', name=host, a=[lan.address], ttl=TTL_S)
    for name, type_ in services:
        fake.do('add', service={'host': host, 'name': name, 'type': type_, 'port': 80,
                                'ttl': TTL_S, 'host_ttl': TTL_S,
                                'txt': ['state=new', 'note=' + 'x' * 100]})
    wait_for_all(watch, 'added', names)
    for name, type_ in services[::5]:
        fake.do('update', name=name, type=type_, txt=['state=changed'])
    wait_for_all(watch, 'changed', names[::5])
    for name, type_ in services:
        fake.do('remove', name=name, type=type_)
    wait_for_all(watch, 'removed', names)


@tap.each('wire', 'auto')
def test_a_watch_does_not_grow(lan, source):
    with lan.probes[source].watch('--registry', str(REGISTRY)) as watch:
        watch.wait('settled')
        grown = []
        for number in range(ROUNDS):
            do_round(lan, watch, f'{source}-{number}')
            grown.append(memory_kb(watch.process))
        print(f'# kB of memory after each round: {grown}')
        tap.check(grown[-1] - grown[WARM - 1] <= GROWTH_KB, f'memory after each round: {grown}')
        tap.equal(watch.process.poll(), None, 'it goes on')


if __name__ == '__main__':
    tap.main(setup=busy_link, needs=sdscope.program)
