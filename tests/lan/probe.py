# SPDX-License-Identifier: MIT
"""The program under test on a host of the LAN, through one source, and what its reports say."""

from pathlib import Path

from avahi import avahi_host, ready
from rig import sdscope, tap

SOURCES = ('avahi', 'embedded', 'auto', 'wire')
SCANS = ('audit', 'browse', 'check')
TIME_S = 100            # which a slow machine gets for a scan that is to be whole
REGISTRY = Path(__file__).resolve().parent / 'registry.json'


class Probe:
    """`sdscope` on a host; `source` is what --source says."""

    def __init__(self, host, source):
        self.host = host
        self.source = source

    def arguments(self, command, *arguments):
        if command in SCANS and '-t' not in arguments:
            arguments = '-t', TIME_S, *arguments
        return command, '--source', self.source, *arguments

    def start(self, command, *arguments):
        return sdscope.start(*self.arguments(command, *arguments), spawn=self.host.spawn)

    def run(self, command, *arguments):
        return sdscope.run(*self.arguments(command, *arguments), spawn=self.host.spawn)

    def report(self, command, *arguments, status=(0, 1)):
        """The JSON report of a run that ended with one of these."""
        return self.run(command, '-f', 'json', *arguments).expect(*status).report

    def watch(self, *arguments):
        return sdscope.Watch('--source', self.source, *arguments, spawn=self.host.spawn)


def probes(lab, *links, server='', interfaces=None, **options):
    """A probe for each source, on hosts of their own, with a daemon for those that use one, which
    has lines of [server] besides, and more interfaces than its links."""
    served = {source: avahi_host(lab, f'probe-{source}', *links, server=server,
                                 interfaces=interfaces, **options)
              for source in ('avahi', 'auto')}
    ready(*served.values())
    alone = {source: lab.host(f'probe-{source}', *links, **options)
             for source in ('embedded', 'wire')}
    return {source: Probe(host, source) for source, host in {**served, **alone}.items()}


def rdata(strings):
    """TXT strings, text or (key, bytes), as the hex of their RDATA."""
    raw = [s[0].encode() + b'=' + s[1] if isinstance(s, tuple) else s.encode() for s in strings]
    return b''.join(bytes([len(s)]) + s for s in raw).hex() or '00'


def by_name(report):
    """{(instance, type): service}; no service may be there twice."""
    names = [(s['instance'], s['type']) for s in report['services']]
    tap.equal(sorted(names), sorted(set(names)), 'services, each once')
    return dict(zip(names, report['services']))


def rules(service):
    return sorted({f['rule'] for f in service['findings']})


def seen_on(service):
    """The interfaces, and the families, of a service's sightings."""
    return ({s['interface'] for s in service['sightings']},
            {s['family'] for s in service['sightings']})
