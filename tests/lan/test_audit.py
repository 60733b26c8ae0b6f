# SPDX-License-Identifier: MIT
"""Three hosts with real Avahi daemons, audited from a fourth, through each source."""

import json
import tempfile
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import avahi
import netns
from avahi import avahi_host, ready, service_file
from probe import SOURCES, by_name, probes, rdata, rules, seen_on
from rig import sdscope, tap

PRINTER_TXT = [
    'txtvers=1', 'qtotal=1', 'rp=ipp/print', 'ty=HP LaserJet M404dn', 'note=2nd floor, hall',
    'pdl=application/pdf,image/urf,image/pwg-raster,application/PCLm,application/vnd.hp-PCL',
    'adminurl=http://laserjet.local/', 'UUID=e3248000-80ce-11db-8000-00215a9f7b1c',
    'URF=V1.4,W8,CP1,DM1,PQ3-4-5,RS300-600,OB10,IS1-4-5', 'Duplex=T', 'Color=F', 'kind=document',
    'air=', 'product=(HP LaserJet Pro M404dn)', 'usb_MDL=HP LaserJet Pro M404-M405',
    'mopria-certified=2.0', 'x=' + 'y' * 253]
ODD_TXT = ['b', 'a=1', 'flag', 'empty=', 'expr=x=y==', 'A=2', ('bin', b'\0\1\xfe\xff=\n'), 'z=Zoë']
LEAF_TXT = ['name=Cabinet', 'product=Leaf 2', 'version=7']

SERVICES = {
    'laserjet': {('HP LaserJet M404dn', '_ipp._tcp'): (631, PRINTER_TXT)},
    'vault': {('vault', '_ssh._tcp'): (22, []),
              ('Vault "admin" & <more>', '_http._tcp'): (5000, ['path=/admin?x=1&y=2']),
              ('Odd strings', '_lsys-oamp._tcp'): (8080, ODD_TXT)},
    'cellar': {('frob', '_frobnicate._tcp'): (4711, ['v=1']),
               ('leaf', '_leaf._tcp'): (5555, LEAF_TXT),
               ('imp', '_la-maint._tcp'): (51, [])},
}


@contextmanager
def home():
    netns.require(*avahi.TOOLS)
    with netns.Lab() as lab:
        link = lab.link()
        hosts = {}
        for host, services in SERVICES.items():
            files = {f'file{n}': service_file(name, {'type': type_, 'port': port, 'txt': txt})
                     for n, ((name, type_), (port, txt)) in enumerate(services.items())}
            hosts[host] = avahi_host(lab, host, link, services=files)
        ready(*hosts.values())
        yield SimpleNamespace(hosts=hosts, probes=probes(lab, link))


@tap.each(*SOURCES)
def test_every_service_is_found_with_every_record(lan, source):
    report = lan.probes[source].report('audit')
    found = by_name(report)
    tap.equal(sorted(found), sorted(key for s in SERVICES.values() for key in s), 'services')
    for host, services in SERVICES.items():
        for key, (port, txt) in services.items():
            service = found[key]
            tap.equal(service['host'], f'{host}.local', f'host of {key}')
            tap.equal(service['port'], port, f'port of {key}')
            tap.equal((service['priority'], service['weight']), (0, 0), f'weight of {key}')
            tap.equal(service['domain'], 'local', f'domain of {key}')
            tap.equal(sorted(service['addresses']), sorted(lan.hosts[host].addresses()),
                      f'addresses of {key}')
            tap.equal(service['txt_hex'], rdata(txt), f'txt of {key}')


@tap.each(*SOURCES)
def test_the_scan_is_complete(lan, source):
    report = lan.probes[source].report('audit')
    tap.equal(report['scan']['source'], {'auto': 'avahi+wire'}.get(source, source), 'scan.source')
    tap.equal((report['scan']['complete'], report['scan']['reasons']), (True, []), 'complete')
    tap.equal(report['scan']['interfaces'], ['eth0'], 'scan.interfaces')
    tap.equal(report['summary']['services'], len(report['services']), 'summary.services')


@tap.each(*SOURCES)
def test_attributes_keep_order_repeats_and_bytes(lan, source):
    service = by_name(lan.probes[source].report('browse'))['Odd strings', '_lsys-oamp._tcp']
    tap.equal(service['txt'], [
        {'key': 'b'}, {'key': 'a', 'value': '1'}, {'key': 'flag'}, {'key': 'empty', 'value': ''},
        {'key': 'expr', 'value': 'x=y=='}, {'key': 'A', 'value': '2'},
        {'key': 'bin', 'value_hex': '0001feff3d0a'}, {'key': 'z', 'value': 'Zoë'}])


@tap.each(*SOURCES)
def test_one_service_seen_over_ipv4_and_ipv6_is_one_service(lan, source):
    for service in lan.probes[source].report('browse')['services']:
        tap.equal(seen_on(service), ({'eth0'}, {'ipv4', 'ipv6'}),
                  f'sightings of {service["instance"]}')


@tap.each(*SOURCES)
def test_verdicts(lan, source):
    found = by_name(lan.probes[source].report('audit', '--registry', 'builtin', status=(1,)))
    for key, verdict, rule in ((('frob', '_frobnicate._tcp'), 'unregistered', 'SD501'),
                               (('imp', '_la-maint._tcp'), 'retired', 'SD504'),
                               (('Odd strings', '_lsys-oamp._tcp'), 'registered', 'SD325')):
        tap.equal(found[key]['verdict'], verdict, f'verdict of {key}')
        tap.includes(rules(found[key]), [rule], f'rules of {key}')
    leaf = found['leaf', '_leaf._tcp']
    tap.equal((leaf['verdict'], leaf['findings']), ('registered', []), 'leaf')


@tap.each(*SOURCES)
def test_exit_status_follows_the_findings(lan, source):
    probe = lan.probes[source]
    probe.run('audit').expect(1)
    probe.run('audit', '--fail-on', 'error').expect(0)
    probe.run('browse').expect(0)


@tap.each(*SOURCES)
def test_browse_of_a_type_finds_only_that(lan, source):
    report = lan.probes[source].report('browse', '_ssh._tcp', '_leaf._tcp', status=(0,))
    tap.equal(sorted(by_name(report)), [('leaf', '_leaf._tcp'), ('vault', '_ssh._tcp')])


@tap.each(*SOURCES)
def test_browse_of_a_type_that_nobody_has(lan, source):
    report = lan.probes[source].report('browse', '_nobody._tcp', status=(0,))
    tap.equal((report['services'], report['scan']['complete']), ([], True))


def test_a_policy_and_a_baseline(lan):
    probe = lan.probes['embedded']
    with tempfile.TemporaryDirectory(prefix='sdscope-lan-') as folder:
        policy, baseline = Path(folder) / 'policy.json', Path(folder) / 'baseline.json'
        policy.write_text(json.dumps({
            'sdscope_policy': 1, 'allow': [{'type': '_frob*', 'reason': 'ours'}],
            'expect': [{'type': '_nfs._tcp'}, {'type': '_ssh._tcp', 'host': 'vault.local'}]}))
        options = '--registry', 'builtin', '--policy', policy
        report = probe.report('audit', *options, '--write-baseline', baseline, status=(0,))
        tap.equal(by_name(report)['frob', '_frobnicate._tcp']['verdict'], 'allowed', 'verdict')
        tap.equal([rules(file) for file in report['files']], [['SD951']], 'the policy')
        text = probe.run('audit', *options).expect(1).stdout
        tap.check(-1 < text.find('\n  vault ') < text.find(f'\n{policy}:1:'),
                  f'the policy is to stand below the services: {text}')
        again = probe.report('audit', *options, '--baseline', baseline, status=(0,))
        tap.equal(again['summary']['baseline']['gone'], [], 'gone')
        tap.equal([rules(s) for s in again['services'] if s['findings']], [], 'new')
        few = probe.report('audit', *options, '--baseline', baseline, '_ssh._tcp', status=(0,))
        tap.equal((few['summary']['baseline']['gone'], few['summary']['not_evaluated']['SD951']),
                  ([], 1), 'of other types nothing is known')


if __name__ == '__main__':
    tap.main(setup=home, needs=sdscope.program)
