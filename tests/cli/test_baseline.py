# SPDX-License-Identifier: MIT
"""`--write-baseline` and `--baseline`: what is new, what is known, what is gone."""

import json

from cli import ROOT, fresh, refused, rules, scratch, sdscope, tap, validate, write

REGISTRY = '--registry', ROOT / 'tests/corpus/registry.json'
ONE = {'instance': 'One', 'type': '_frob._tcp', 'domain': 'local', 'host': 'one.local', 'port': 80,
       'addresses': ['192.0.2.1'], 'txt': ['a=1', 'a=2'],
       'sightings': [{'interface': 'eth0', 'family': 'ipv4'}]}
TWO = {'instance_hex': '54776fff1b', 'type': '_ipp._tcp', 'txt': ['=x']}


def check(folder, services, *options):
    path = write(folder / 'services.json', services)
    return sdscope.run('check', '-f', 'json', *REGISTRY, '--from', path, *options)


def baseline(folder, services, *options):
    """The baseline of services: its path, and what it holds."""
    path = fresh(folder) / 'baseline.json'
    check(folder, services, '--write-baseline', path, *options).expect(0)
    held = json.loads(path.read_text())
    validate(held, 'baseline')
    return path, held['findings']


def found(result):
    validate(result.report, 'report')
    summary = result.report['summary']['baseline']
    gone = summary['gone']
    return ([rule for service in result.report['services'] for rule in rules(service)],
            summary['known'], [entry['rule'] for entry in gone] if gone is not None else None)


def test_what_a_baseline_holds(folder):
    path, findings = baseline(folder, [ONE, TWO])
    tap.equal(sorted(f['rule'] for f in findings), ['SD202', 'SD203', 'SD321', 'SD325', 'SD501'],
              'rules')
    prints = [f['fingerprint'] for f in findings]
    tap.equal(prints, sorted(set(prints)), 'sorted')
    duplicate = next(f for f in findings if f['rule'] == 'SD325')
    tap.equal({k: v for k, v in duplicate.items() if k != 'fingerprint'},
              {'rule': 'SD325', 'instance': 'One', 'type': '_frob._tcp', 'domain': 'local',
               'key': 'a'}, 'a finding')
    tap.equal(len(path.read_text().splitlines()), len(findings) + 2, 'a finding a line')


def test_nothing_is_new_the_second_time(folder):
    path, findings = baseline(folder, [ONE, TWO])
    result = check(folder, [ONE, TWO], '--baseline', path).expect(0)
    tap.equal(found(result), ([], len(findings), []), 'compared')


def test_addresses_interfaces_and_case_do_not_matter(folder):
    path, findings = baseline(folder, [ONE])
    moved = {**ONE, 'instance': 'ONE', 'host': 'other.local', 'port': 81, 'addresses': ['192.0.2.9'],
             'txt': ['b', 'A=1', 'A=5'], 'sightings': [], 'domain': 'LOCAL'}
    tap.equal(found(check(folder, [moved], '--baseline', path).expect(0)),
              ([], len(findings), []), 'compared')


def test_what_is_new_fails_and_what_is_gone_is_listed(folder):
    path, _ = baseline(folder, [ONE, TWO])
    changed = {**ONE, 'txt': ['a=1', '=y'], 'port': 0}
    result = check(folder, [changed], '--baseline', path).expect(1)
    new, known, gone = found(result)
    tap.equal((new, known, sorted(gone)), (['SD321', 'SD402'], 1,
                                           ['SD202', 'SD203', 'SD321', 'SD325']), 'compared')
    tap.equal(result.report['summary']['severities'], {'error': 1, 'warning': 1, 'info': 0},
              'severities')
    text = sdscope.run('check', *REGISTRY, '--from', folder / 'services.json', '--baseline',
                       path).expect(1).stdout
    tap.includes(text, ['baseline: 1 known, 4 gone\n',
                        "gone: TXT key occurs again: key 'a' of 'One', _frob._tcp [SD325]\n",
                        "'Two\\xff\\x1b', _ipp._tcp [SD321]\n"], 'text')


def test_comparing_and_writing_at_once(folder):
    path, _ = baseline(folder, [ONE])
    result = check(folder, [TWO], '--baseline', path, '--write-baseline', path).expect(1)
    new, known, gone = found(result)
    tap.equal((new, known, sorted(gone)), (['SD202', 'SD203', 'SD321'], 0, ['SD325', 'SD501']),
              'with the old one')
    tap.equal(found(check(folder, [TWO], '--baseline', path).expect(0)), ([], 3, []),
              'with the new one')


def test_known_findings_stay_in_a_new_baseline(folder):
    path, findings = baseline(folder, [ONE])
    check(folder, [ONE], '--baseline', path, '--write-baseline', path).expect(0)
    tap.equal(json.loads(path.read_text())['findings'], findings, 'findings')


def test_the_exit_status(folder):
    path = fresh(folder) / 'baseline.json'
    for level in ('info', 'error'):
        check(folder, [TWO], '--write-baseline', path, '--fail-on', level).expect(0)
    empty = write(folder / 'empty.json', {'sdscope_baseline': 1, 'findings': []})
    check(folder, [TWO], '--write-baseline', path, '--baseline', empty).expect(1)
    check(folder, [TWO], '--baseline', empty, '--fail-on', 'never').expect(0)


def test_ignored_findings_are_not_in_it(folder):
    policy = write(folder / 'policy.json', {'sdscope_policy': 1, 'ignore': [
        {'rule': 'SD20*', 'reason': 'x'}], 'expect': [{'type': '_nfs._tcp'}]})
    path, findings = baseline(folder, [TWO], '--policy', policy, '--show-ignored')
    tap.equal(sorted(f['rule'] for f in findings), ['SD321', 'SD951'], 'rules')
    result = check(folder, [TWO], '--baseline', path, '--policy', policy).expect(0)
    tap.equal(result.report['summary']['baseline'], {'known': 2, 'gone': []}, 'with the policy')
    result = check(folder, [TWO], '--baseline', path).expect(1)
    tap.equal(found(result), (['SD202', 'SD203'], 1, ['SD951']), 'without it')


def test_what_is_not_seen_is_not_gone(folder):
    path, _ = baseline(folder, [ONE, TWO])
    result = check(folder, [ONE], '--from', folder / 'absent', '--baseline', path).expect(2)
    tap.equal(found(result), ([], 2, None), 'compared')


def test_a_baseline_of_arguments(folder):
    path = folder / 'arguments.json'
    command = 'check', *REGISTRY, '_leaf._tcp', 'name=x'
    sdscope.run(*command, 'a', 'a', '--write-baseline', path).expect(0)
    sdscope.run(*command, 'a', 'a', '--baseline', path).expect(0)
    text = sdscope.run(*command, '--baseline', path, '--fail-on', 'info').expect(0).stdout
    tap.includes(text, ['no new findings', 'baseline: 2 known, 3 gone', "key 'a' of _leaf._tcp"],
                 'text')


def test_faults_are_told_with_their_place(folder):
    for text, words in (('{', ':1:'), ('{"sdscope_baseline": 1, "findings": [{}]}', 'fingerprint'),
                        ('{"sdscope_policy": 1}', 'sdscope_baseline')):
        path = write(folder / 'bad.json', text)
        refused(sdscope.run('check', '_x._tcp', '--baseline', path), f'{path}:1:', words)
    refused(sdscope.run('check', '_x._tcp', '--baseline', folder / 'absent'), 'cannot read baseline')
    absent = folder / 'no' / 'where'
    refused(sdscope.run('check', '_x._tcp', '--write-baseline', absent), 'cannot write', str(absent))
    refused(sdscope.run('audit', '-t', '20', '--write-baseline', absent, timeout=10), 'cannot write')


def test_a_baseline_is_written_whole_or_not_at_all(folder):
    folder = fresh(folder)
    path = write(folder / 'baseline.json', 'precious')
    refused(sdscope.run('check', '--write-baseline', path, '--from', folder / 'absent'), 'absent')
    refused(sdscope.run('check', '_x._tcp', '-o', '/dev/full', '--write-baseline', path), 'full')
    tap.equal([p.name for p in folder.iterdir()], ['baseline.json'], 'files')
    tap.equal(path.read_text(), 'precious', 'file')


if __name__ == '__main__':
    tap.main(setup=scratch, needs=sdscope.program)
