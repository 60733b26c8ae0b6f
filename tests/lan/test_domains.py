# SPDX-License-Identifier: MIT
"""Other domains than local: those that a network recommends (RFC 6763 11), and -d."""

import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import avahi
import netns
import still
from avahi import avahi_host, ready, service_file
from fake import Fake
from probe import SOURCES, Probe, by_name, probes, rules, seen_on
from rig import sdscope, tap

HERE = Path(__file__).resolve().parent
PTR = 12
SSH = {'type': '_ssh._tcp', 'port': 22}
LONG = 'l' * 63
ESCAPE = b'\x1b[31m\x0a.'                          # one label: no terminal may get it as it is
SHOWN = r'\027[31m\010\.'
NO_TEXT = r'\255'                                  # not UTF-8: Avahi takes no such packet
CONFIGURED = ['corp.example', 'search.example']     # of the daemons beside avahi and auto
SERVED = ('avahi', 'auto')
SHARP = ('wire', 'auto')                            # who hears what was sent


def hexed(*labels):
    return ''.join(f'{len(label):02x}{label.hex()}' for label in labels) + '00'


def recommends(use, domain=None, host='crowd', rdata=None, of='local'):
    """A record that recommends a domain."""
    rdata = {'ptr': domain} if domain else {'rdata_hex': rdata}
    return {'name': f'{use}._dns-sd._udp.{of}', 'type': PTR, 'flush': False, 'ttl': 4500,
            'host': host, **rdata}


CROWD = {
    'hosts': [{'name': 'crowd'}],
    'services': [{'host': 'crowd', 'name': 'Page', 'type': '_http._tcp', 'port': 80}],
    'records': [
        recommends('db', 'lab.test'),
        recommends('lb', 'lab.test'),
        recommends('b', rdata=hexed(ESCAPE, LONG.encode())),
        recommends('r', 'Grüße.test'),
        recommends('dr', 'Grüße.test'),
        recommends('b', 'nested.example', of='lab.test'),
    ]}

# What hosts of the links recommend: (domain, interface): uses.
HEARD = {
    ('lab.test', 'eth0'): ['browse', 'default-browse', 'legacy-browse'],
    (f'{SHOWN}.{LONG}', 'eth0'): ['browse'],
    ('Grüße.test', 'eth0'): ['register', 'default-register'],
    ('lab.test', 'eth1'): ['browse'],
}


def asker_of_dns(lab, link):
    """A host whose daemon asks a DNS server."""
    server, host = lab.host('dns', link), lab.host('asker', link)
    address = server.addresses(family='inet')[0]
    dns = server.spawn([sys.executable, str(HERE / 'dns.py'), address], stdout=subprocess.PIPE)
    dns.stdout.readline()
    host.write('/run/resolv.conf', f'nameserver {address}\nsearch search.example\n')
    host.run(['mount', '--bind', '/run/resolv.conf', '/etc/resolv.conf'])
    host.bus = lab.enter_context(avahi.Bus(host))
    host.daemon = lab.enter_context(avahi.Daemon(host, is_wide=True))
    ready(host)
    return host


@contextmanager
def recommending_lan():
    netns.require(*avahi.TOOLS)
    with netns.Lab() as lab:
        link, other = lab.link(), lab.link()
        wide = avahi_host(lab, 'wide', link, server='domain-name=lab.test\n',
                          services={'s': service_file('wide', SSH)})
        ready(wide)
        broken = lab.host('broken', link)           # of whose packet Avahi takes nothing
        lab.enter_context(Fake(broken, {
            'hosts': [{'name': 'broken'}],
            'records': [recommends('lb', host='broken', rdata='ff00'),
                        recommends('b', host='broken', rdata=hexed(b'\xff'))]}))
        lab.enter_context(Fake(lab.host('crowd', link), CROWD))
        fake = lab.enter_context(Fake(lab.host('second', other), {
            'hosts': [{'name': 'second'}],
            'records': [recommends('b', 'lab.test', host='second')]}))
        yield SimpleNamespace(
            fake=fake, asker=asker_of_dns(lab, lab.link()), probes=probes(lab, link, other,
                                     server=f'browse-domains={", ".join(CONFIGURED)}\n'))


def domains(report):
    return {(d['domain'], d['interface']): d['uses'] for d in report['domains']}


@tap.each(*SOURCES)
def test_what_the_network_recommends(lan, source):
    report = lan.probes[source].report('browse', '--domains', status=(0,))
    wanted = {**HEARD, (NO_TEXT, 'eth0'): ['browse']}   # which Avahi hides, and the witness does not
    if source in SERVED:
        wanted |= {(name, None): ['browse'] for name in CONFIGURED}
    tap.equal(domains(report), wanted, 'domains')
    tap.equal((report['scan']['complete'], report['scan']['reasons']), (True, []), 'complete')
    tap.check('services' not in report, 'services were not looked for')


@tap.each(*SOURCES)
def test_an_interface_limits_what_is_recommended(lan, source):
    report = lan.probes[source].report('browse', '--domains', '-i', 'eth1', status=(0,))
    tap.equal([key for key in domains(report) if key[1]], [('lab.test', 'eth1')], 'domains')


@tap.each(*SOURCES)
def test_what_another_domain_recommends(lan, source):
    report = lan.probes[source].report('browse', '--domains', '-d', 'lab.test', status=(0,))
    tap.equal(domains(report), {('nested.example', 'eth0'): ['browse']}, 'domains')
    tap.check(any("'lab.test'" in note for note in report['scan']['notes']), 'DNS was not asked')


@tap.each(*SOURCES)
def test_a_network_that_recommends_nothing(lan, source):
    run = lan.probes[source].run('browse', '--domains', '-d', 'none.local').expect(0)
    tap.check(run.stdout.startswith('No domain is recommended.\n'), run.stdout)


@tap.each(*SHARP)
def test_a_terminal_gets_no_name_as_it_is(lan, source):
    for option in ('text', 'json', 'ndjson', 'csv'):
        run = lan.probes[source].run('browse', '--domains', '-f', option).expect(0)
        raw = run.stdout.encode(errors='surrogateescape')
        tap.check(b'\x1b' not in raw and b'\xff' not in raw, f'{option}: no such bytes')
        tap.includes(run.stdout.replace('\\\\', '\\'), [f'{SHOWN}.{LONG}', NO_TEXT], option)


@tap.each(*SOURCES)
def test_services_of_another_domain_that_hosts_of_the_link_answer_for(lan, source):
    report = lan.probes[source].report('browse', '-d', 'Lab.Test', status=(0,))
    found = by_name(report)
    tap.equal(list(found), [('wide', '_ssh._tcp')], 'services')
    tap.equal(seen_on(found['wide', '_ssh._tcp']), ({'eth0'}, {'ipv4', 'ipv6'}), 'sightings')
    tap.equal(found['wide', '_ssh._tcp']['domain'].lower(), 'lab.test', 'domain')
    tap.check(any("'Lab.Test'" in note for note in report['scan']['notes']),
              f'what DNS servers know is not: {report["scan"]["notes"]}')


@tap.each(*SOURCES)
def test_a_domain_that_nobody_answers_for_is_not_known_to_be_empty(lan, source):
    for command in ('browse', 'audit'):
        report = lan.probes[source].report(command, '-d', 'example.com', status=(4,))
        tap.equal((report['services'], report['scan']['complete']), ([], False), command)
        tap.check(any("'example.com'" in r and 'DNS servers' in r
                      for r in report['scan']['reasons']), f'{report["scan"]["reasons"]}')
    report = lan.probes[source].report('browse', '-d', 'example.com', '_ipp._tcp', status=(4,))
    tap.equal(report['scan']['complete'], False, 'of one type')


@tap.each(*SOURCES)
def test_what_is_absent_from_a_domain_that_nobody_answers_for_may_be_there(lan, source):
    report = lan.probes[source].report('check', '--live', '-t', '5', '-d', 'example.com', '_ipp._tcp',
                                       status=(4,))
    service, = report['services']
    tap.equal(rules(service), ['SD960'], 'rules')
    tap.check(any("'example.com'" in r for r in report['scan']['reasons']),
              f'{report["scan"]["reasons"]}')
    report = lan.probes[source].report('check', '--live', '-t', '5', '_none._tcp', status=(1,))
    tap.equal((report['scan']['complete'], report['scan']['reasons']), (True, []), 'of local')


@tap.each(*SOURCES)
def test_domains_of_the_link_are_asked_for_there_alone(lan, source):
    for domain in ('local.', '254.169.in-addr.arpa', 'printers.local'):
        report = lan.probes[source].report('browse', '-d', domain, status=(0,))
        tap.equal((report['scan']['complete'], report['scan']['reasons']), (True, []), domain)


@tap.each(*SHARP)
def test_who_was_heard_to_recommend_a_domain_is_told_of(lan, source):
    """Where nobody asks for domains, an announcement may be heard all the same."""
    domain = hexed(b'announced', b'test')
    announcement = '000084000000000100000000' + hexed(b'b', b'_dns-sd', b'_udp', b'local') + \
        f'000c000100001194{len(domain) // 2:04x}' + domain

    @contextmanager
    def announced(_):
        lan.fake.do('raw', hex=announcement)
        yield

    report = still.scan_of_sign(lambda sign: lan.probes[source].start(
        'audit', '-f', 'json', '--policy', 'none', sign), lan.fake, announced).expect(0).report
    note = next((n for n in report['scan']['notes'] if 'recommends' in n), '')
    tap.includes(note, ["'announced.test'", '--domains'], 'note')
    tap.check(report['scan']['complete'], f'complete: {report["scan"]}')


@tap.each(*SERVED)
def test_a_daemon_that_asks_dns_servers(lan, source):
    probe = Probe(lan.asker, source)
    report = probe.report('browse', '-d', 'example.com', status=(0,))
    office = by_name(report)['Office', '_ipp._tcp']
    tap.equal((office['port'], office['addresses'], office['txt_hex']),
              (631, ['192.0.2.9'], '09747874766572733d31'), 'Office')
    tap.equal(seen_on(office)[0], {'(DNS)'}, 'interface')
    tap.equal(report['scan']['notes'], [], 'notes')
    report = probe.report('browse', '-d', 'other.example', status=(0,))
    tap.equal((report['services'], report['scan']['complete']), ([], True), 'of nobody')
    report = probe.report('browse', '--domains', '-d', 'example.com', status=(0,))
    tap.equal(domains(report), {('sub.example.com', '(DNS)'): ['browse']}, 'domains')


@tap.each(*SERVED)
def test_the_search_list_of_a_host_is_recommended_by_its_daemon(lan, source):
    report = Probe(lan.asker, source).report('browse', '--domains', status=(0,))
    tap.equal(domains(report), {('search.example', None): ['browse']}, 'domains')


def test_a_watch_of_a_domain_that_nobody_answers_for(lan):
    with lan.probes['wire'].watch('-d', 'example.com') as watch:
        settled = watch.wait('settled')
        tap.includes(settled.get('message') or '', ["'example.com'"], 'what may be missing')


if __name__ == '__main__':
    tap.main(setup=recommending_lan, needs=sdscope.program)
