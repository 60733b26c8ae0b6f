# SPDX-License-Identifier: MIT
"""What only the wire shows of an advertisement: Avahi hides it, or writes it anew."""

from contextlib import contextmanager
from types import SimpleNamespace

import avahi
import netns
from fake import Fake
from probe import REGISTRY, probes, rules
from rig import sdscope, tap, wait_for

WIRE = ('auto', 'wire')             # sources that hear it
META = '_services._dns-sd._udp.local'
PTR, CNAME = 12, 5
FOREIGN = '203.0.113.9'             # on no subnet of the link

# The rules that are off otherwise.
ARGUMENTS = ('--registry', REGISTRY, '--enable', 'SD406', '--enable', 'SD408')


def label(text):
    return text.encode().hex()


# instance, the rules that it breaks, what is special about it.
HIDDEN = [
    ('sound', set(), {}),
    ('txt: zero length', {'SD302'}, {'txt_hex': ''}),
    ('txt: truncated', {'SD303'}, {'txt_hex': '0161' + '0962'}),
    ('txt: empty string', {'SD304'}, {'txt_hex': '0161' + '00' + '0162'}),
    ('txt: two empty strings', {'SD304'}, {'txt_hex': '0000'}),
    ('txt: two', {'SD405'}, {'txts_hex': ['0161', '0162']}),
    ('txt: the same twice', set(), {'txts_hex': ['0161', '0161']}),
    ('srv: two', {'SD404'}, {'srv': [{'port': 1}, {'port': 2, 'weight': 1}]}),
    ('srv: weight', {'SD403'}, {'weight': 1}),
    ('srv: alias', {'SD238', 'SD420'}, {'target': 'alias.local'}),
    ('srv: nobody', {'SD420'}, {'target': 'nobody.local'}),
    ('ttl: of srv', {'SD406'}, {'host_ttl': 240}),
    ('ttl: of ptr and txt', {'SD406'}, {'ttl': 60}),
    ('flush: lacks', {'SD408'}, {'flush': False}),
    ('flush: shared', {'SD407'}, {'omit': ['ptr']}),
    ('ptr: other type', {'SD409'}, {'omit': ['ptr']}),
    ('ptr: subtype is listed', {'SD410'}, {'subtypes': ['_printer']}),
    ('type: three labels', {'SD101', 'SD410'}, {'type': '_daap._http._tcp'}),
    ('type: one label', {'SD101', 'SD410'}, {'type_labels_hex': [label('_solo')]}),
    ('type: no underscore', {'SD101', 'SD410'},
     {'type_labels_hex': [label('plain'), label('_tcp')]}),
    ('type: sctp', {'SD107', 'SD501'}, {'type': '_frob._sctp'}),
    ('type: short', {'SD108', 'SD501'}, {'type': '_q._tcp'}),
    ('type: not UTF-8', {'SD103', 'SD501'}, {'type_labels_hex': ['5f61ff', label('_tcp')]}),
    ('type: not listed', {'SD501'}, {'type': '_silent._tcp', 'meta': False}),
]

RECORDS = [
    {'name': '_http._tcp.local', 'type': PTR, 'ptr': 'flush: shared._http._tcp.local',
     'ttl': 4500, 'flush': True},
    {'name': META, 'type': PTR, 'ptr': '_other._tcp.local', 'ttl': 4500},
    {'name': '_other._tcp.local', 'type': PTR, 'ptr': 'ptr: other type._http._tcp.local',
     'ttl': 4500},
    {'name': META, 'type': PTR, 'ptr': '_printer._sub._http._tcp.local', 'ttl': 4500},
    {'name': 'alias.local', 'type': CNAME, 'ptr': 'mallory.local', 'flush': True},
]

NOT_UTF8 = 'caf\udce9'


def spec_of(instance, special):
    return {'host': 'mallory', 'name': instance, 'type': '_http._tcp', 'port': 8080,
            'txt': ['path=/'], **special}


def host_of(name, host):
    return {'hosts': [{'name': name, 'a': host.addresses(family='inet')[:1],
                       'aaaa': host.addresses(family='inet6')[:1]}]}


def visible():
    """The rows that have to be found when nothing changes."""
    return [row for row in HIDDEN if row[2].get('meta', True)]


@contextmanager
def strange_lan():
    netns.require(*avahi.TOOLS)
    with netns.Lab() as lab:
        link = lab.link()
        mallory, rival = lab.host('mallory', link), lab.host('rival', link)
        services = [spec_of(*row[::2]) for row in HIDDEN]
        services.append(spec_of('', {'name_hex': NOT_UTF8.encode(errors='surrogateescape').hex()}))
        fake = lab.enter_context(Fake(mallory, {
            **host_of('mallory', mallory), 'services': services, 'records': RECORDS}))
        rival = lab.enter_context(Fake(rival, host_of('rival', rival)))
        yield SimpleNamespace(lab=lab, link=link, fake=fake, rival=rival,
                              probes=probes(lab, link), reports={})


def listen(lan, source):
    """A report; None where all was heard by one-shot queries alone, as others had just asked: TTLs
    and cache-flush bits are unknown then."""
    report = lan.probes[source].report('audit', *ARGUMENTS, status=(0, 1, 4))
    is_unknown = {'SD406', 'SD407', 'SD408'} & set(report['summary']['not_evaluated']) or any(
        not {'a', 'aaaa'} <= set(s['ttl']) for s in report['services'] if s.get('instance') == 'sound')
    return None if source == 'wire' and is_unknown else report


def audit(lan, source):
    """{instance: service}; one audit a source serves all tests."""
    if source not in lan.reports:
        lan.reports[source] = wait_for(lambda: listen(lan, source), 'a report with TTLs')
    return {s.get('instance', NOT_UTF8): s for s in lan.reports[source]['services']}


@tap.each(*WIRE)
def test_everything_is_found(lan, source):
    wanted = [row[0] for row in visible()] + [NOT_UTF8]
    tap.equal(sorted(audit(lan, source)), sorted(wanted), 'instances')
    scan = lan.reports[source]['scan']
    reasons = [] if source == 'wire' else [
        "query for '_a\\\\255._tcp.local': Avahi takes no such name"]
    tap.equal((scan['complete'], scan['reasons']), (not reasons, reasons))
    tap.equal(audit(lan, source)[NOT_UTF8]['instance_hex'], '636166e9')


@tap.each(*WIRE)
def test_findings(lan, source):
    found = audit(lan, source)
    wrong = []
    for instance, broken, _ in visible():
        got = rules(found[instance])
        if got != sorted(broken):
            wrong.append(f'{instance!r}: got {got}, want {sorted(broken)}')
    tap.check(not wrong, 'rules of\n' + '\n'.join(wrong))
    tap.equal(rules(found[NOT_UTF8]), ['SD202'])


@tap.each(*WIRE)
def test_a_name_of_two_hosts_is_a_conflict(lan, source):
    """Both announce it: whoever has just answered others is silent (RFC 6762 6)."""
    instance, conflict = 'ours ' + source, ['SD404', 'SD701']

    def is_ours(event):
        return event['service'].get('instance') == instance

    def is_conflict(event):
        return is_ours(event) and rules(event['service']) == conflict

    with lan.probes[source].watch(*ARGUMENTS) as watch:
        watch.wait('settled')
        for fake, host in ((lan.fake, 'mallory'), (lan.rival, 'rival')):
            fake.do('add', service=spec_of(instance, {'host': host}))
        event = watch.wait('added', is_ours)
        if not is_conflict(event):
            event = watch.wait('changed', is_conflict)
    service = event['service']
    tap.equal({service['host'], service['rival_host']}, {'mallory.local', 'rival.local'}, 'hosts')


@tap.each(*WIRE)
def test_records_are_told(lan, source):
    service = audit(lan, source)['sound']
    kinds = ('ptr', 'srv', 'txt', 'a', 'aaaa')
    want = {'srv_count': 1, 'txt_records_hex': [service['txt_hex']], 'host_cname': None,
            'ttl': dict(zip(kinds, (4500, 120, 4500, 120, 120))),
            'cache_flush': {kind: kind != 'ptr' for kind in kinds},
            'ptr_type': '_http._tcp', 'meta_ptr': ['_http._tcp.local']}
    tap.equal({member: service.get(member) for member in want}, want)
    prefixes = service['interface']['prefixes']
    tap.check(f'{lan.link.ipv4}.0/24' in prefixes, f'prefixes: {prefixes}')


@tap.each(*WIRE)
def test_an_alias_is_told(lan, source):
    """And nobody asks of hosts that have an address."""
    found = audit(lan, source)
    tap.equal([found[name].get('host_cname', 'unknown')
               for name in ('srv: alias', 'srv: nobody', 'sound')],
              ['mallory.local', None, None], 'aliases')


def test_avahi_shows_none_of_it(lan):
    for source in ('avahi', 'embedded'):
        # of a packet with a malformed record, Avahi takes nothing: what was in it, others heard
        services = [s for s in audit(lan, source).values() if 'txt_hex' in s]
        tap.check(len(services) > 5, f'services: {len(services)}')
        tap.check('the time was up before everything had answered'
                  not in lan.reports[source]['scan']['reasons'], f'{source} settles')
        for service in services:
            told = {'srv_count', 'txt_records_hex', 'ttl', 'cache_flush', 'ptr_type', 'meta_ptr',
                    'interface'} & set(service)
            tap.equal(told, set(), f'told by {source}')
            tap.equal(service['txt_rewritten'], True, source)
        missing = {'SD302', 'SD303', 'SD304', 'SD404', 'SD405', 'SD406', 'SD407', 'SD409', 'SD410'}
        missing -= set(lan.reports[source]['summary']['not_evaluated'])
        tap.equal(missing, set(), f'evaluated by {source}')


def test_the_wire_evaluates_everything(lan):
    audit(lan, 'wire')
    unknown = set(lan.reports['wire']['summary']['not_evaluated'])
    hidden = {rule for row in HIDDEN for rule in row[1]} | {'SD238', 'SD701'}
    tap.equal(unknown & hidden, set(), 'not evaluated')


def test_queries_are_counted(lan):
    for source, besides in (('wire', False), ('auto', True), ('avahi', True), ('embedded', True)):
        audit(lan, source)
        queries = lan.reports[source]['scan']['queries']
        tap.check(0 < queries['packets'] < 200 and queries['bytes'] > 12 * queries['packets'],
                  f'queries of {source}: {queries}')
        tap.equal(queries['beside_avahi'], besides, f'whether Avahi asks beside {source}')
        text = lan.probes[source].run('audit', '--long', *ARGUMENTS).expect(0, 1, 4).stdout
        tap.check('asked in ' in text, f'the text tells of queries of {source}')
        tap.equal(', and by Avahi' in text, besides, f'whether Avahi asks beside {source}')


@tap.each(*WIRE)
def test_a_type_that_nobody_lists_is_heard_of(lan, source):
    instance, broken, special = HIDDEN[-1]
    with lan.probes[source].watch(*ARGUMENTS) as watch:
        watch.wait('settled')
        lan.fake.do('add', service=spec_of(instance + source, special))
        event = watch.wait(
            'added', lambda e: e['service'].get('instance') == instance + source)
        tap.equal(rules(event['service']), sorted(broken), 'rules')


@tap.each(*WIRE)
def test_a_type_may_be_listed_later_than_it_is_heard_of(lan, source):
    """Here by another host; but nothing says that the list comes first, or in the same packet."""
    type_, first = f'_late-{source}._tcp', f'first {source}'

    def is_first(event):
        return event['service'].get('instance') == first

    with lan.probes[source].watch(*ARGUMENTS) as watch:
        watch.wait('settled')
        lan.fake.do('add', service=spec_of(first, {'type': type_, 'meta': False}))
        event = watch.wait('added', is_first)
        tap.equal(event['service'].get('meta_ptr', 'unknown'), 'unknown', 'before')
        lan.fake.do('add', service=spec_of(f'second {source}', {'type': type_}))
        event = watch.wait('changed', is_first)
        tap.equal(event['service'].get('meta_ptr', 'unknown'), [f'{type_}.local'], 'after')


@tap.each(*WIRE)
def test_what_comes_from_off_the_link(lan, source):
    """It is believed when its TTL says that it passed no router."""
    spec = {'hosts': [{'name': 'far', 'a': [FOREIGN], 'src': FOREIGN}]}

    def near_is_found():
        report = lan.probes[source].report('audit', *ARGUMENTS, status=(0, 1, 4))
        found = {s.get('instance') for s in report['services']}
        return (found, report['scan']['notes']) if 'near' in found else None

    far, near = (lan.lab.host(f'{name}-{source}', lan.link, ipv6=False)
                 for name in ('far', 'near'))
    for host in (far, near):
        host.run(['ip', 'address', 'add', f'{FOREIGN}/32', 'dev', 'eth0'])
    with Fake(far, {**spec, 'services': [spec_of('far', {'host': 'far'})]}, '--ip-ttl', '64'), \
            Fake(near, {**spec, 'services': [spec_of('near', {'host': 'far'})]}):
        # Avahi believes neither, and who has just announced himself is silent (RFC 6762 6).
        found, notes = wait_for(near_is_found, 'a TTL of 255 is believed')
    if source == 'wire':
        tap.check('far' not in found, 'another TTL is not believed')
    tap.check(any('not believed' in note for note in notes), f'notes: {notes}')


if __name__ == '__main__':
    tap.main(setup=strange_lan, needs=sdscope.program)
