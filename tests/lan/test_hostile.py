# SPDX-License-Identifier: MIT
"""Advertisements that no decent host would send, byte for byte, through each source."""

import re
import unicodedata
from contextlib import contextmanager
from types import SimpleNamespace

import avahi
import netns
from fake import Fake
from probe import REGISTRY, SOURCES, probes, rdata, rules
from rig import sdscope, tap

META = '_services._dns-sd._udp.local'
PTR = 12

LONG_TXT = [f'k{n}=' + chr(97 + n) * 252 for n in range(5)] + ['end=' + 'x' * 15]

# instance, the rules that it breaks, what is special about it.
HOSTILE = [
    ('\x1b[31mred\x1b[0m\x1b]0;owned\x07', {'SD203'}, {}),
    ('two\nlines', {'SD203'}, {}),
    ('tab\tdel\x7f\r', {'SD203'}, {}),
    ('c1\x9b31m', {'SD204'}, {}),
    ('evil\u202egnp.exe\u2066', {'SD209'}, {}),
    ('v1.2.local', set(), {}),
    ('back\\slash "quoted" <b>&amp; %s \'', set(), {}),
    ('é' * 31 + 'x', set(), {}),
    (unicodedata.normalize('NFD', 'Café'), {'SD205'}, {}),
    ('漢字 🖨', set(), {}),
    ('txt: leading =', {'SD321'}, {'txt': ['=v', '=', 'a=1']}),
    ('txt: duplicates', {'SD325'}, {'txt': ['a=1', 'b=2', 'A=3', 'a']}),
    ('txt: key not ASCII', {'SD322'}, {'txt': ['clé=1']}),
    ('txt: key with control', {'SD322'}, {'txt': ['k\x02y=1']}),
    ('txt: key with NUL', {'SD322'}, {'txt': ['k\0y=1']}),
    ('txt: key with edge space', {'SD324'}, {'txt': ['c# = 1']}),
    ('txt: long key', {'SD323'}, {'txt': ['averylongkey=1']}),
    ('txt: 255 bytes', set(), {'txt': ['k=' + 'x' * 253]}),
    ('txt: 1300 bytes', {'SD312'}, {'txt': LONG_TXT}),
    ('txt: binary', set(), {'txt_hex': '0862696e3d00ff1b0a' + '0166' + '02653d'}),
    ('txt: none in it', set(), {'txt': []}),
    ('srv without txt', {'SD301'}, {'omit': ['txt']}),
    ('txt without srv', {'SD401'}, {'omit': ['srv']}),
    ('no address', {'SD420'}, {'target': 'nowhere.local'}),
    ('port 0', {'SD402'}, {'port': 0}),
    ('unregistered', {'SD501'}, {'type': '_frobnicate._tcp'}),
    ('retired', {'SD504'}, {'type': '_old._tcp'}),
    ('other transport', {'SD502'}, {'type': '_quiet._tcp'}),
    ('capitals', set(), {'type': '_HTTP._TCP'}),
    ('type: long', {'SD102', 'SD501'}, {'type': '_averyverylongname._tcp'}),
    ('type: double hyphen', {'SD106', 'SD501'}, {'type': '_my--app._tcp'}),
    ('type: digits', {'SD104', 'SD501'}, {'type': '_8080._tcp'}),
    ('type: edge hyphen', {'SD105', 'SD501'}, {'type': '_-edge._tcp'}),
    ('type: underscore', {'SD103', 'SD501'}, {'type': '_my_app._tcp'}),
    ('type: space', {'SD103', 'SD501'}, {'type': r'_my\032app._tcp'}),
    ('type: escape', {'SD103', 'SD501'}, {'type': r'_a\027[31m._tcp'}),
]


def spec_of(instance, special):
    return {'host': 'mallory', 'name': instance, 'type': '_http._tcp', 'port': 8080,
            'txt': ['path=/'], **special}


def txt_of(special):
    if 'txt' in special.get('omit', ()):
        return None
    return special.get('txt_hex') or rdata(special.get('txt', ['path=/']))


@contextmanager
def hostile_lan():
    netns.require(*avahi.TOOLS)
    with netns.Lab() as lab:
        link = lab.link()
        mallory = lab.host('mallory', link)
        address = mallory.addresses(family='inet')
        fake = lab.enter_context(Fake(mallory, {
            'hosts': [{'name': 'mallory', 'a': address}],
            'services': [spec_of(instance, special) for instance, _, special in HOSTILE],
            'records': [{'name': META, 'type': PTR, 'ptr': META}]}))
        yield SimpleNamespace(address=address, fake=fake, probes=probes(lab, link), reports={})


def audit(lan, source):
    """{instance: service}; one audit a source serves all tests."""
    if source not in lan.reports:
        report = lan.probes[source].report('audit', '--registry', REGISTRY, status=(1,))
        tap.equal(report['scan']['complete'], True, f'complete: {report["scan"]}')
        lan.reports[source] = report
    return {s['instance']: s for s in lan.reports[source]['services']}


@tap.each(*SOURCES)
def test_every_service_is_found(lan, source):
    tap.equal(sorted(audit(lan, source)), sorted(row[0] for row in HOSTILE), 'instances')
    tap.equal(len(lan.reports[source]['services']), len(HOSTILE), 'number of services')


@tap.each(*SOURCES)
def test_bytes_are_kept(lan, source):
    found = audit(lan, source)
    for instance, _, special in HOSTILE:
        tap.equal(found[instance].get('txt_hex'), txt_of(special), f'txt of {instance!r}')


@tap.each(*SOURCES)
def test_what_is_missing_is_null(lan, source):
    found = audit(lan, source)
    wanted = {'host': 'mallory.local', 'port': 8080, 'addresses': lan.address}
    for instance, changes in (('srv without txt', {}), ('v1.2.local', {}), ('port 0', {'port': 0}),
                              ('no address', {'host': 'nowhere.local', 'addresses': None}),
                              ('txt without srv', {'host': None, 'port': None})):
        service, want = found[instance], {**wanted, **changes}
        if instance == 'txt without srv':
            want.pop('addresses')           # whose they would be, nobody knows
        tap.equal({field: service.get(field) for field in want}, want, instance)


@tap.each(*SOURCES)
def test_findings(lan, source):
    found = audit(lan, source)
    wrong = []
    for instance, broken, _ in HOSTILE:
        got = rules(found[instance])
        if got != sorted(broken):
            wrong.append(f'{instance!r}: got {got}, want {sorted(broken)}')
    tap.check(not wrong, 'rules of\n' + '\n'.join(wrong))


@tap.each(*SOURCES)
def test_malformed_types_have_that_verdict(lan, source):
    found = audit(lan, source)
    wrong = [i for i in found if i.startswith('type: ') and found[i]['verdict'] != 'malformed']
    tap.equal(wrong, [], 'types not called malformed')


@tap.each(*SOURCES)
def test_no_raw_control_reaches_a_text_report(lan, source):
    for command in ('browse', 'audit'):
        result = lan.probes[source].run(command, '-f', 'text').expect(0, 1)
        raw = re.findall('[\0-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]', result.stdout)
        tap.equal(raw, [], f'control characters in {command}')
        tap.check('two\nlines' not in result.stdout, 'a newline of a name ends a line')
        tap.check('two' in result.stdout, 'the name is shown')


if __name__ == '__main__':
    tap.main(setup=hostile_lan, needs=sdscope.program)
