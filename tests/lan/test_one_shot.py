# SPDX-License-Identifier: MIT
"""What `--source wire` hears while nobody multicasts: right after others have asked, from hosts that
answer one way alone, with loss, and amid forged answers."""

import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import avahi
import netns
from avahi import avahi_host, ready, service_file
from fake import Fake
from probe import Probe, by_name, rdata
from rig import tap

HERE = Path(__file__).resolve().parent
CROWD = 50
CROWD_OPTIONS = ('--services', str(CROWD), '--hosts', '10', '--types', '4')
CROWDS = {
    'crowd': (),
    'deaf': ('--no-legacy',),
    'lossy': ('--loss', '0.05', '--src-per-host'),
}

# Of one type a host has more than the 512 bytes of its answer hold.
MANY = 12
TXT = ['path=/a/path/that/takes/some/room', 'txtvers=1']
FEW = [('_ssh._tcp', 22), ('_ipp._tcp', 631), ('_smb._tcp', 445)]
SCANS = 5
ELSEWHERE = '198.51.100.7'


def real_hosts(lab, link):
    few = {type_: service_file('few', {'type': type_, 'port': port, 'txt': TXT})
           for type_, port in FEW}
    many = {f'm{n}': service_file(f'site {n}', {'type': '_http._tcp', 'port': 80 + n, 'txt': TXT})
            for n in range(MANY)}
    hosts = avahi_host(lab, 'few', link, services=few), \
        avahi_host(lab, 'many', link, services=many)
    ready(*hosts)
    return hosts


def desk(lab, link, name):
    return Probe(lab.host(f'desk-{name}', link), 'wire')


@contextmanager
def links():
    netns.require(*avahi.TOOLS)
    with netns.Lab() as lab:
        link = lab.link()
        lan = SimpleNamespace(desks={'real': desk(lab, link, 'real')}, fakes={}, lab=lab)
        real_hosts(lab, link)
        for name, options in CROWDS.items():
            link = lab.link()
            lan.fakes[name] = lab.enter_context(
                Fake(lab.host(name, link), None, *CROWD_OPTIONS, *options))
            lan.desks[name] = desk(lab, link, name)
        yield lan


def has_all(service):
    return service.get('host') and service.get('port') is not None and service['addresses'] and \
        service.get('txt_hex')


def look(lan, name, wanted):
    """A scan that misses nothing, and says so."""
    report = lan.desks[name].report('browse')
    found = by_name(report)
    tap.equal(len(found), wanted, 'services')
    tap.equal([key for key, service in found.items() if not has_all(service)], [],
              'services with something missing')
    tap.equal((report['scan']['complete'], report['scan']['reasons']), (True, []), 'complete')
    return found


def test_real_daemons_are_heard_twice_in_a_row(lan):
    for _ in range(3):
        found = look(lan, 'real', MANY + len(FEW))
        tap.equal({service['txt_hex'] for service in found.values()}, {rdata(TXT)}, 'TXT')
        tap.equal(found['few', '_ipp._tcp']['port'], 631, 'port')


@tap.each('crowd', 'deaf')
def test_a_crowd_is_heard_twice_in_a_row(lan, name):
    for _ in range(3):
        look(lan, name, CROWD)


def test_hardly_anything_is_missed_for_loss(lan):
    """Less than in one scan of 500 (tests/unit/test_wire_loss.c); in two of five, that is no chance."""
    reports = [lan.desks['lossy'].report('browse') for _ in range(5)]
    tap.equal([report['scan']['complete'] for report in reports], [True] * 5, 'complete')
    missed = [len(report['services']) for report in reports if len(report['services']) != CROWD]
    tap.check(len(missed) < 2, f'{missed} of {CROWD} services')


def test_who_lists_a_type_is_asked_for_its_instances_again(lan):
    """One of three does not hear the first two questions for them, and nothing else is lost."""
    link = lan.lab.link()
    hosts = [{'name': f'h{n}', 'a': [f'10.98.0.{n}'], 'src': f'10.98.0.{n}'} for n in (1, 2, 3)]
    hosts[2]['deaf_to'] = {'_http._tcp.local': 2}
    services = [{'host': host['name'], 'name': host['name'], 'type': '_http._tcp', 'port': 80}
                for host in hosts]
    probe = Probe(lan.lab.host('desk-owed', link, ipv6=False), 'wire')
    with Fake(lan.lab.host('owing', link, ipv6=False), {'hosts': hosts, 'services': services},
              '--src-per-host') as fake:
        report = probe.report('browse')
        tap.equal(fake.do('stats')['lost'], 2, 'questions that were not heard')
    tap.equal(sorted(s['instance'] for s in report['services']), ['h1', 'h2', 'h3'], 'services')
    tap.equal(report['scan']['complete'], True, 'complete')


def test_questions_are_few(lan):
    """In one of a few scans: who answers late, on a busy machine, is asked once more."""
    def stats():
        counted = lan.fakes['crowd'].do('stats')
        return counted.get('rx_questions', 0), counted.get('legacy', 0)

    asked = []
    for _ in range(SCANS):
        before = stats()
        look(lan, 'crowd', CROWD)
        asked.append(tuple(b - a for a, b in zip(before, stats())))
        # Five names over two protocols: two shots each at most, and two multicast rounds.
        if asked[-1][0] <= 40 and 0 < asked[-1][1] <= 20:
            return
    tap.check(False, f'(questions, one-shot queries): {asked}')


def test_what_nobody_may_say_is_not_believed(lan):
    link = lan.lab.link()
    host, probe = lan.lab.host('forger', link, ipv6=False), desk(lan.lab, link, 'forger')
    host.run(['ip', 'addr', 'add', f'{ELSEWHERE}/32', 'dev', 'lo'])
    probe.host.run(['ip', 'route', 'add', f'{ELSEWHERE}/32', 'via', host.addresses()[0]])
    forger = host.spawn([sys.executable, str(HERE / 'forger.py'), host.addresses()[0], ELSEWHERE],
                        stdout=subprocess.PIPE, text=True)
    tap.equal(forger.stdout.readline(), 'ready\n', 'the forger')
    found = by_name(probe.report('browse', '_http._tcp'))
    tap.equal(forger.stdout.readline(), 'answered\n', 'the forger')
    tap.equal(sorted(found), [('true', '_http._tcp')], 'services')


if __name__ == '__main__':
    tap.main(setup=links)
