# SPDX-License-Identifier: MIT
"""What nobody names: types hidden from the meta-query, and subtypes, which cannot be listed."""

from contextlib import contextmanager
from types import SimpleNamespace

import avahi
import netns
from fake import Fake
from probe import SOURCES, by_name, probes, rules
from rig import sdscope, tap

PRINT = {'type': '_ipp._tcp', 'port': 631, 'txt': ['txtvers=1']}
SERVICES = [
    {'name': 'Desk', 'type': '_ssh._tcp', 'port': 22},
    {'name': 'Speaker', 'type': '_airplay._tcp', 'port': 7000, 'meta': False},
    {'name': 'Own', 'type': '_frobnicate._tcp', 'port': 4711, 'meta': False},
    {'name': 'Bare', **PRINT},
    {'name': 'Everywhere', 'subtypes': ['_print'], **PRINT},
    {'name': 'Both', 'subtypes': ['_print', '_universal'], **PRINT},
    {'name': 'Other', 'subtypes': ['_attic'], **PRINT},
]
PRINTERS = [(s['name'], s['type']) for s in SERVICES if s['type'] == '_ipp._tcp']
GUESSED_IN = 1000       # packets, over both protocols; 4,160 where each guess is asked apart
SPEAKER = ('Speaker', '_airplay._tcp')


@contextmanager
def silent_lan():
    netns.require(*avahi.TOOLS)
    with netns.Lab() as lab:
        link = lab.link()
        crowd = lab.host('crowd', link)
        lab.enter_context(Fake(crowd, {'hosts': [{'name': 'crowd'}], 'services': [
            {**s, 'host': 'crowd'} for s in SERVICES]}))
        yield SimpleNamespace(probes=probes(lab, link))


def subtypes(report):
    return {s['instance']: s.get('subtypes', 'unknown') for s in report['services']
            if s['type'] == '_ipp._tcp'}


@tap.each(*SOURCES)
def test_deep_finds_types_that_nobody_names(lan, source):
    shallow = by_name(lan.probes[source].report('audit'))
    tap.equal(sorted(shallow), sorted(PRINTERS + [('Desk', '_ssh._tcp')]), 'without --deep')
    report = lan.probes[source].report('audit', '--deep')
    tap.equal(sorted(by_name(report)), sorted(PRINTERS + [('Desk', '_ssh._tcp'), SPEAKER]))
    tap.equal((report['scan']['complete'], report['scan']['reasons']), (True, []), 'complete')
    packets = report['scan']['queries']['packets']
    tap.check(packets <= GUESSED_IN, f'{packets} packets of queries')


@tap.each(*SOURCES)
def test_deep_tells_which_subtypes_there_are(lan, source):
    report = lan.probes[source].report('audit', '--deep', '--enable', 'SD615', '_ipp._tcp')
    tap.equal(subtypes(report), {'Bare': None, 'Everywhere': ['_print'], 'Other': None,
                                 'Both': ['_print', '_universal']}, 'subtypes')
    missing = [key for key, service in by_name(report).items() if 'SD615' in rules(service)]
    tap.equal(sorted(missing), [('Bare', '_ipp._tcp'), ('Other', '_ipp._tcp')], 'SD615')


@tap.each(*SOURCES)
def test_without_deep_subtypes_are_unknown(lan, source):
    report = lan.probes[source].report('audit', '--enable', 'SD615', '_ipp._tcp')
    tap.equal(set(subtypes(report).values()), {'unknown'}, 'subtypes')
    tap.check('SD615' in report['summary']['not_evaluated'], 'SD615 is not evaluated')


@tap.each(*SOURCES)
def test_a_subtype_chooses_its_instances(lan, source):
    report = lan.probes[source].report('browse', '_ipp._tcp', '--subtype', '_print')
    tap.equal(subtypes(report), {'Everywhere': ['_print'], 'Both': ['_print']}, '_print')
    report = lan.probes[source].report('browse', '_ipp._tcp', '--subtype', '_UNIVERSAL',
                                       '--subtype', '_attic._sub._ipp._tcp')
    tap.equal(subtypes(report), {'Other': ['_attic'], 'Both': ['_UNIVERSAL']}, 'two')


@tap.each(*SOURCES)
def test_an_audit_by_a_subtype_asks_for_the_others_that_matter(lan, source):
    report = lan.probes[source].report('audit', '--enable', 'SD615', '_ipp._tcp',
                                       '--subtype', '_attic')
    tap.equal(subtypes(report), {'Other': ['_attic']}, 'subtypes')
    tap.includes(rules(report['services'][0]), ['SD615'], 'rules')
    report = lan.probes[source].report('audit', '--enable', 'SD615', '_ipp._tcp',
                                       '--subtype', '_universal')
    tap.equal(subtypes(report), {'Both': ['_universal', '_print']}, 'subtypes')
    tap.excludes(rules(report['services'][0]), ['SD615'], 'rules')


def test_a_watch_of_a_subtype(lan):
    with lan.probes['wire'].watch('_ipp._tcp', '--subtype', '_universal') as watch:
        watch.wait('settled')
        added = [e['service']['instance'] for e in watch.named('added')]
        tap.equal(added, ['Both'], 'added')


def test_a_check_waits_for_an_instance_of_a_subtype(lan):
    report = lan.probes['wire'].report('check', '--live', '_ipp._tcp', '--subtype', '_attic')
    tap.equal([s['instance'] for s in report['services']], ['Other'], 'services')


if __name__ == '__main__':
    tap.main(setup=silent_lan, needs=sdscope.program)
