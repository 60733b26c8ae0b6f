# SPDX-License-Identifier: MIT
"""`--policy`: what a site says of its own network; see also the corpus of its rules."""

import json
import os
import re

from cli import ROOT, fresh, refused, report, rules, scratch, sdscope, tap, told, validate, write

REGISTRY = '--registry', ROOT / 'tests/corpus/registry.json'
SERVICES = [
    {'instance': 'One', 'type': '_ipp._tcp', 'host': 'one.local', 'port': 631,
     'txt': ['rp=ipp/print', 'a=1', 'a=2', '=x']},
    {'instance': 'Two', 'type': '_corp-disk._tcp', 'host': 'two.local', 'port': 9000},
]


def policy(folder, name='policy.json', **members):
    return write(folder / name, {'sdscope_policy': 1, **members})


def check(folder, *arguments, services=SERVICES, **members):
    """The JSON report of a check of services by a policy of these members."""
    found = report(*REGISTRY, '--from', write(folder / 'services.json', services), '--policy',
                   policy(folder, **members), *arguments)
    validate(found, 'report')
    return found


def broken(found):
    return {service['instance']: rules(service) for service in found['services']}


def in_files(found):
    return [f['rule'] for file in found.get('files', []) for f in file['findings']]


def test_without_a_policy(folder):
    found = check(folder)
    tap.equal(broken(found), {'One': ['SD321', 'SD325'], 'Two': ['SD501']}, 'rules')
    tap.equal(found['summary']['ignored'], 0, 'ignored')
    tap.equal(found['policy'], {'path': str(folder / 'policy.json')}, 'policy')
    tap.excludes(report(*REGISTRY, '_ipp._tcp', '--policy', 'none'), ['policy'], 'with none')


def test_severities(folder):
    found = check(folder, severities={'sd321': 'off', 'txt-key-duplicate': 'error',
                                      'registry-port-differs': 'info'})
    severities = {f['rule']: f['severity'] for s in found['services'] for f in s['findings']}
    tap.equal(severities, {'SD325': 'error', 'SD501': 'warning'}, 'severities')
    tap.equal(found['summary']['severities'], {'error': 1, 'warning': 1, 'info': 0}, 'summary')


def test_the_command_line_stands_above_severities(folder):
    def by(*options, **severities):
        found = check(folder, *options, severities=severities)['services'][0]['findings']
        return {f['rule']: f['severity'] for f in found}
    tap.equal(by('--enable', 'SD321', SD321='off'), {'SD321': 'error', 'SD325': 'warning'}, 'off')
    tap.equal(by('--enable', 'SD325', SD325='error')['SD325'], 'error', 'another severity stays')
    tap.equal(by('--disable', 'SD325', SD325='error'), {'SD321': 'error'}, '--disable')
    tap.excludes(by('--all-rules', SD321='off'), ['SD321'], '--all-rules')


def test_severities_hold_under_both_columns(folder):
    for whose in ('author', 'lan'):
        found = check(folder, '--strictness', whose, severities={'SD501': 'error'})
        tap.equal(found['services'][1]['findings'][0]['severity'], 'error', whose)


def test_allowed_types(folder):
    found = check(folder, allow=[{'type': '_CORP-*._tcp', 'reason': 'ours'}])
    tap.equal(broken(found)['Two'], [], 'rules')
    tap.equal(found['services'][1]['verdict'], 'allowed', 'verdict')
    tap.equal(found['summary']['verdicts'], {'allowed': 1, 'registered': 1}, 'verdicts')


def test_ignored_findings(folder):
    ignore = [{'rule': 'SD321', 'type': '_ipp.*', 'reason': 'firmware\x1b[31m'},
              {'rule': 'txt-key-*', 'key': 'A', 'reason': 'x'},
              {'instance': 'Tw?', 'reason': 'x', 'expires': '9999-12-31'}]
    found = check(folder, ignore=ignore)
    tap.equal(broken(found), {'One': [], 'Two': []}, 'rules')
    tap.equal(found['summary']['ignored'], 3, 'ignored')
    tap.equal(found['summary']['severities'], {'error': 0, 'warning': 0, 'info': 0}, 'severities')
    shown = check(folder, '--show-ignored', ignore=ignore)
    tap.equal(shown['summary'], found['summary'], 'summary with --show-ignored')
    tap.equal([f['ignored'] for f in shown['services'][0]['findings']],
              [{'reason': 'firmware\x1b[31m'}, {'reason': 'x'}], 'reasons')


def test_ignored_findings_do_not_fail(folder):
    by = policy(folder, ignore=[{'rule': 'SD*', 'reason': 'all is well\x1b[31m'}])
    command = 'check', *REGISTRY, '--policy', by, '--from', write(folder / 'a.json', SERVICES)
    for options in ([], ['--show-ignored'], ['--fail-on', 'info']):
        result = sdscope.run(*command, *options).expect(0)
        tap.includes(result.stdout, ['no findings, 3 ignored', f'policy: {by}'], str(result))
        tap.equal('[SD321]' in result.stdout, '--show-ignored' in options, 'shown')
        tap.excludes(result.stdout, ['\x1b'], 'safe')
    text = sdscope.run(*command, '-l', '--show-ignored', '--color', 'always').stdout
    tap.check(re.search(r'ignored +.*\[SD321\] - all is well\\x1b\[31m', text), text)


def test_a_recorded_key_can_be_ignored(folder):
    recorded = write(folder / 'recorded.json', {**SERVICES[0], 'txt': ['rp=ipp/print', 'id=1']})
    now = {**SERVICES[0], 'txt': ['rp=other', 'id=2']}
    found = check(folder, '--expect', recorded, services=[now],
                  ignore=[{'rule': 'SD963', 'key': 'id', 'reason': 'another one each time'}])
    tap.equal([(f['rule'], f['key']) for f in found['services'][0]['findings']], [('SD963', 'rp')],
              'findings')
    tap.equal(found['summary']['ignored'], 1, 'ignored')


def test_expected_services(folder):
    found = check(folder, expect=[{'type': '_ipp*._tcp', 'host': 'ONE.*'},
                                  {'type': '_nfs._tcp', 'reason': 'backups'}])
    tap.equal(in_files(found), ['SD951'], 'rules')
    missing = found['files'][0]['findings'][0]
    tap.equal(missing['message'], "no service of type '_nfs._tcp' is there: backups", 'message')
    tap.equal((missing['part'], missing['severity'], missing['line']), ('file', 'error', 1), 'place')
    tap.equal(found['files'][0]['path'], str(folder / 'policy.json'), 'file')
    tap.equal(found['summary']['severities']['error'], 2, 'errors')


def test_nothing_is_missed_where_a_file_could_not_be_read(folder):
    by = policy(folder, expect=[{'type': '_nfs._tcp'}],
                allow=[{'type': '_gone._tcp', 'reason': 'x'}])
    result = sdscope.run('check', '-f', 'json', '--policy', by, '--from',
                         write(folder / 'a.json', SERVICES), '--from', folder / 'absent').expect(2)
    tap.equal(in_files(result.report), [], 'rules')
    tap.equal(result.report['summary']['not_evaluated']['SD951'], 1, 'not evaluated')


def test_one_service_in_arguments_is_not_a_network(folder):
    by = policy(folder, expect=[{'type': '_nfs._tcp'}], allow=[
        {'type': '_gone._tcp', 'reason': 'x'},
        {'type': '_old._tcp', 'reason': 'x', 'expires': '2020-01-31'}])
    result = sdscope.run('check', '-f', 'json', *REGISTRY, '--policy', by, '_printer._tcp').expect(0)
    tap.excludes(result.report, ['files'], 'report')
    told(result, f'{by}:1:', "'allow' of type '_old._tcp' expired on 2020-01-31")


def test_places(folder):
    found = check(folder, ports=[{'type': '_ipp._tcp', 'ports': ['632-640', 8631]}],
                  hosts=[{'type': '_corp*', 'hosts': ['nas*.local']}])
    tap.equal(broken(found), {'One': ['SD321', 'SD325', 'SD952'], 'Two': ['SD501', 'SD953']}, 'rules')
    tap.equal([(f['part'], f['line'] > 0) for s in found['services'] for f in s['findings']
               if f['rule'] > 'SD9'], [('port', True), ('host', True)], 'places')


def test_entries_that_do_nothing(folder):
    found = check(folder, allow=[{'type': '_corp*', 'reason': 'x', 'expires': '2020-01-31'}],
                  ignore=[{'rule': 'SD323', 'reason': 'x'}],
                  ports=[{'type': '_nfs._tcp', 'ports': [2049]}])
    tap.equal(in_files(found), ['SD954', 'SD954', 'SD955'], 'rules')
    tap.equal(broken(found)['Two'], ['SD501'], 'what is expired does not apply')
    quiet = check(folder, ignore=[{'rule': 'SD323', 'reason': 'x'}],
                  severities={'policy-entry-unused': 'off'})
    tap.excludes(quiet, ['files'], 'report')


WRONG = {
    'misspelt': ({'ignroe': []}, "unknown member 'ignroe'", "did you mean 'ignore'?"),
    'rule': ({'severities': {'SD999': 'off'}}, "unknown rule 'SD999'"),
    'severity': ({'severities': {'SD101': 'loud'}}, 'error, warning, info or off', "'loud'"),
    'day': ({'allow': [{'type': '_x', 'reason': 'x', 'expires': '2027-02-30'}]}, "'2027-02-30'"),
    'escapes': ({'severities': {'\x1b[31m': 'off'}}, '\\x1b[31m'),
}


@tap.each(*WRONG)
def test_a_fault_is_told_with_its_place(folder, kind):
    members, *words = WRONG[kind]
    path = policy(folder, **members)
    for command in (('check', '_ipp._tcp'), ('audit', '-t', '20'), ('watch', '-t', '20')):
        line = refused(sdscope.run(*command, '--policy', path, timeout=10), *words)
        tap.check(re.match(f'sdscope: {re.escape(str(path))}:1:[0-9]+: ', line), line)


def test_what_cannot_be_read(folder):
    refused(sdscope.run('check', '_x._tcp', '--policy', folder / 'absent'), 'cannot read policy',
            'No such file')
    refused(sdscope.run('check', '_x._tcp', '--policy', folder), 'cannot read policy')
    for text in ('', '{', '[]', '{"services": []}'):
        path = write(folder / 'bad.json', text)
        refused(sdscope.run('check', '_x._tcp', '--policy', path), f'{path}:1:')


def test_where_it_is_searched(folder):
    here, home, config = fresh(folder), fresh(folder), fresh(folder)
    for place in (home / '.config', config):
        (place / 'sdscope').mkdir(parents=True)

    def used(**variables):
        command = 'check', '-f', 'json', '_ipp._tcp'
        result = sdscope.run(*command, cwd=here, variables={'HOME': str(home), **variables})
        return result.expect(0).report.get('policy', {}).get('path')
    tap.equal(used(), None, 'nowhere')
    at_home = policy(home / '.config/sdscope')
    tap.equal(used(), str(at_home), 'in the home folder')
    configured = {'XDG_CONFIG_HOME': str(config)}
    tap.equal(used(**configured), None, 'XDG_CONFIG_HOME stands for ~/.config')
    in_config = policy(config / 'sdscope')
    tap.equal(used(**configured), str(in_config), 'in the configuration')
    tap.equal(used(XDG_CONFIG_HOME='relative'), str(at_home), 'a relative one is none')
    policy(here, '.sdscope.json')
    tap.equal(used(**configured), '.sdscope.json', 'in the current folder')
    tap.equal(sdscope.run('check', '-f', 'json', '--policy', 'none', '_ipp._tcp', cwd=here).report
              .get('policy'), None, 'none')
    write(here / '.sdscope.json', '{}')
    refused(sdscope.run('check', '_ipp._tcp', cwd=here), '.sdscope.json:1:1: sdscope_policy')


def test_one_that_is_there_is_not_passed_over(folder):
    here, closed = fresh(folder), fresh(folder)
    nobody = {'user': 65534, 'group': 65534, 'extra_groups': []} if os.geteuid() == 0 else {}
    for place in (folder, here):
        os.chmod(place, 0o755)
    (closed / 'sdscope').mkdir()
    os.chmod(policy(closed / 'sdscope'), 0)
    os.chmod(closed, 0)
    variables = {'XDG_CONFIG_HOME': str(closed), 'HOME': str(here)}
    options = {'cwd': here, 'variables': variables, **nobody}
    sdscope.run('check', '_ipp._tcp', **options).expect(0)
    os.chmod(policy(here, '.sdscope.json'), 0)
    refused(sdscope.run('check', '_ipp._tcp', **options), '.sdscope.json', 'Permission denied')
    os.chmod(closed, 0o755)


def example():
    """The policy in the manual."""
    manual = (ROOT / 'man/sdscope-policy.5').read_text(encoding='utf-8')
    return manual.split('.Bd -literal -offset indent\n')[1].split('.Ed\n')[0]


def test_the_example_of_the_manual(folder):
    validate(json.loads(example()), 'policy')
    path = write(folder / 'example.json', example())
    sdscope.run('check', *REGISTRY, '--policy', path, '_ipp._tcp').expect(0)


@tap.each(*sorted(path.name for path in (ROOT / 'tests/corpus/rules').glob('*.policy.json')))
def test_the_corpus_follows_the_schema(folder, name):
    validate(json.loads((ROOT / 'tests/corpus/rules' / name).read_text()), 'policy')


def test_the_manual_names_every_member(folder):
    manual = (ROOT / 'man/sdscope-policy.5').read_text(encoding='utf-8')
    schema = json.loads((ROOT / 'registry/schema/policy.schema.json').read_text())['properties']
    members = set(schema) - {'$schema'}
    for section in ('allow', 'ignore', 'expect', 'ports', 'hosts'):
        members |= set(schema[section]['items']['properties'])
    words = set(re.findall(r'\w+', '\n'.join(re.findall(r'^\.(?:It )?Li .*', manual, re.MULTILINE))))
    tap.equal(sorted(members - words), [], 'members that the manual does not explain')


if __name__ == '__main__':
    tap.main(setup=scratch, needs=sdscope.program)
