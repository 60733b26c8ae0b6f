# SPDX-License-Identifier: MIT
"""Beside the daemon of its host: sdscope takes nothing that is sent to that host alone."""

import sys
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import avahi
import netns
from avahi import avahi_host, ready, service_file
from probe import Probe, by_name
from rig import sdscope, tap, wait_for

HERE = Path(__file__).resolve().parent
SOURCES = ('embedded', 'auto', 'wire')
QUERIES = 64


@contextmanager
def served_lan():
    """Two links, so that one socket must serve both where Avahi has one for all."""
    netns.require(*avahi.TOOLS)
    with netns.Lab() as lab:
        link, other = lab.link(), lab.link()
        served = avahi_host(lab, 'served', link, other)
        vaults = [avahi_host(lab, f'vault{n}', where, services={
            'ssh': service_file(f'vault{n}', {'type': '_ssh._tcp', 'port': 22})})
            for n, where in enumerate((link, other))]
        ready(served, *vaults)
        yield SimpleNamespace(served=served, asking=lab.host('asking', link))


def sockets(host):
    """How many sockets of the host are on the mDNS port."""
    tables = host.run(['cat', '/proc/net/udp', '/proc/net/udp6']).stdout
    return tables.count(':14E9 ')


def answered(lan, family, type_):
    address = lan.served.addresses('eth0', family)[0]
    done = lan.asking.run([sys.executable, str(HERE / 'unicast.py'), address, 'served.local', type_,
                           str(QUERIES)])
    return int(done.stdout)


def is_running(process):
    return process.poll() is None


@tap.each(*SOURCES)
def test_an_audit_leaves_the_daemon_its_unicast_queries(lan, source):
    before = sockets(lan.served)
    process = Probe(lan.served, source).start('audit', '-f', 'json')
    wait_for(lambda: sockets(lan.served) > before or not is_running(process), 'its sockets')
    tap.equal(answered(lan, 'inet', 'A'), QUERIES, 'answers')
    report = sdscope.finish(process).expect(0, 1).report
    tap.includes(by_name(report), [('vault0', '_ssh._tcp'), ('vault1', '_ssh._tcp')], 'services')
    tap.equal(report['scan']['complete'], True, 'scan.complete')


@tap.each(*SOURCES)
def test_a_watch_leaves_the_daemon_its_unicast_queries(lan, source):
    with Probe(lan.served, source).watch() as watch:
        watch.wait('settled')
        for family, type_ in (('inet', 'A'), ('inet6', 'AAAA')):
            tap.equal(answered(lan, family, type_), QUERIES, f'answers ({family})')
        tap.check(is_running(watch.process), 'the watch has ended')


if __name__ == '__main__':
    tap.main(setup=served_lan, needs=sdscope.program)
