# SPDX-License-Identifier: MIT
"""Recordings as a source: replayed, cut, waited for, recorded again; no network is needed."""

import json
import re

from cli import ROOT, fresh, refused, rules, scratch, sdscope, tap, told, validate, write
from lib.poll import wait_for

DEMO = ROOT / 'registry/demo.ndjson'
HEAD = {'sdscope_recording': 1, 'version': '0.1.0', 'source': 'avahi+wire', 'host': 'desk',
        'started': '2026-11-22T10:00:00.000Z', 'interfaces': ['eth0'], 'domain': 'local'}


def service(name, type_='_http._tcp', interface='eth0', families=('ipv4',), **more):
    return {'instance': name, 'type': type_, 'domain': 'local', 'host': 'h.local', 'port': 80,
            'priority': 0, 'weight': 0, 'addresses': ['192.0.2.1'], 'txt_hex': '00',
            'sightings': [{'interface': interface, 'family': f} for f in families], **more}


def at(seconds, event, made=None, **more):
    time = f'2026-11-22T10:{int(seconds // 60):02}:{seconds % 60:06.3f}Z'
    return {'event': event, 'time': time, **({'service': made} if made else {}), **more}


def lines(*events, head=HEAD):
    return ''.join(json.dumps(line) + '\n' for line in (head, *events))


def recording(folder, *events, head=HEAD):
    return write(fresh(folder) / 'a.ndjson', lines(*events, head=head))


def audit(path, *arguments, status=(0, 1)):
    return sdscope.run('audit', '-f', 'json', '--source', path, *arguments).expect(*status).report


def names(report):
    return [s['instance'] for s in report['services']]


def events_of(result):
    return [json.loads(line) for line in result.stdout.splitlines()]


def watch(*arguments, status=(0,)):
    return events_of(sdscope.run('watch', '-f', 'ndjson', *arguments).expect(*status))


SOON = (at(0.1, 'added', service('one')), at(0.2, 'added', service('two')),
        at(2, 'settled'), at(60, 'removed', service('one')), at(90, 'ended'))


@tap.each('csv', 'ndjson')
def test_a_format_without_a_place_for_reasons_leaves_them_to_stderr(folder, name):
    path = recording(folder, *SOON[:2])             # which breaks off
    reasons = audit(path, status=(4,))['scan']['reasons']
    result = sdscope.run('audit', '--source', path, '-f', name).expect(4)
    tap.equal(result.stderr.splitlines(), [f'sdscope: incomplete: {r}' for r in reasons], 'stderr')
    both = sdscope.run('audit', '--source', path, '-f', name, '-f', 'text', '-o', folder / 'text')
    tap.excludes(both.expect(4).stderr, ['incomplete'], 'stderr, where text has them')


@tap.each('Living Room', 'living room', 'Living\\032Room', 'LIVING\\ Room')
def test_an_instance_may_be_named_as_other_tools_show_it(folder, name):
    path = recording(folder, at(0.1, 'added', service('Living Room')),
                     at(0.2, 'added', service('Living\\032Room 2')), at(2, 'settled'),
                     at(3, 'ended'))
    live = 'check', '--live', '-f', 'json', '--source', path, '_http._tcp', '--instance'
    tap.equal(names(sdscope.run(*live, name).expect(0, 1).report), ['Living Room'], 'services')
    tap.equal(names(sdscope.run(*live, 'Living\\032Room 2').expect(1).report),
              ['Living\\032Room 2'], 'as it is')


def test_a_host_may_be_waited_for(folder):
    late = {k: v for k, v in service('late').items() if k != 'host'}
    path = recording(folder, at(0.1, 'added', service('one')), at(0.2, 'added', late),
                     at(0.3, 'added', service('moves', host='other.local')),
                     at(0.4, 'changed', {**late, 'host': 'other.local'}),
                     at(0.5, 'changed', service('moves')), at(2, 'settled'), at(3, 'ended'))
    live = ('check', '--live', '-f', 'json', '--source', path, '_http._tcp')
    found = sdscope.run(*live, '--host', 'OTHER.local.').expect(0, 1).report
    tap.equal(names(found), ['late'], 'services of the host')
    found = sdscope.run(*live, '--host', 'other.local', '--instance', 'one').expect(1).report
    tap.equal([f['rule'] for s in found['services'] for f in s['findings']][:1], ['SD960'], 'absent')


def test_evidence_that_comes_late_is_told_to_programs_alone(folder):
    known = service('one', ttl={'srv': 120}, cache_flush={'srv': True})
    path = recording(folder, at(0.1, 'added', service('one')), at(0.2, 'changed', known),
                     at(0.3, 'changed', {**known, 'ttl': {'srv': 120, 'ptr': 4500}}),
                     at(0.4, 'changed', {**known, 'ttl': {'srv': 75, 'ptr': 4500}}),
                     at(2, 'settled'), at(3, 'ended'))
    quick = '--source', path, '--speed', '0'
    text = sdscope.run('watch', '-f', 'text', *quick).expect(0).stdout.splitlines()
    tap.equal([line[9] for line in text], ['+', '~', '=', '='], 'signs')
    tap.check('changed: ttl ptr 4500 s, srv 120 s -> ptr 4500 s, srv 75 s' in text[1], text[1])
    tap.equal([e.get('changes') for e in watch(*quick)],
              [None, ['ttl', 'cache_flush'], ['ttl'], ['ttl'], None, None], 'changes')
    again = fresh(folder) / 'again.ndjson'
    sdscope.run('record', '--source', path, again).expect(0)
    tap.equal([e.get('changes') for e in watch('--source', again, '--speed', '0')],
              [None, ['ttl', 'cache_flush'], ['ttl'], ['ttl'], None, None], 'recorded again')
    tap.equal(audit(path)['services'][0]['ttl'], {'srv': 75, 'ptr': 4500}, 'in the end')


def test_the_name_of_a_recording_is_no_type(folder):
    folder = fresh(folder)
    sdscope.run('record', '--source', recording(folder, *SOON), folder / '_a._b.local',
                '_http._tcp.local.').expect(0)
    tap.equal(names(audit(folder / '_a._b.local')), ['two'], 'services')


def test_an_audit_tells_what_is_there_at_the_end(folder):
    report = audit(recording(folder, *SOON))
    tap.equal(names(report), ['two'], 'services')
    scan = report['scan']
    tap.equal((scan['source'], scan['started'], scan['duration_s'], scan['complete']),
              ('recording', '2026-11-22T10:00:00Z', 90, True), 'scan')
    tap.equal(scan['notes'], ["recorded on host 'desk', source avahi+wire"], 'notes')
    validate(report, 'report')


def test_links_are_put_together_again(folder):
    path = recording(folder, at(0, 'added', service('one')),
                     at(0, 'added', service('one', interface='wlan0', families=('ipv6',))),
                     at(1, 'ended'))
    seen = audit(path)['services'][0]['sightings']
    tap.equal([s['interface'] for s in seen], ['eth0', 'wlan0'], 'interfaces')
    tap.equal(names(audit(path, '-i', 'wlan0')), ['one'], 'on an interface')
    tap.equal(names(audit(path, '-i', 'eth7')), [], 'on another one')
    tap.equal(audit(path, '-6')['scan']['interfaces'], ['wlan0'], 'over a family')
    tap.equal(names(audit(path, '-d', 'example.org', status=[4])), [], 'in another domain')


def test_a_recording_knows_what_it_was_not_asked_for(folder):
    path = recording(folder, at(0, 'added', service('one')), at(1, 'ended'),
                     head={**HEAD, 'types': ['_http._tcp']})
    tap.equal(audit(path, '_HTTP._tcp')['scan']['complete'], True, 'asked')
    reasons = audit(path, '_ipp._tcp', status=[4])['scan']['reasons']
    tap.equal(reasons, ['the recording was not asked for all of these types'], 'not asked')


def test_reasons_and_notes_are_those_of_the_recording(folder):
    path = recording(folder, at(0, 'settled', reasons=['a \x1b[31m reason']),
                     at(1, 'ended', reasons=['late'], notes=['a note']))
    scan = audit(path, status=[4])['scan']
    tap.equal(scan['reasons'], ['a \\x1b[31m reason', 'late'], 'reasons')
    tap.equal(scan['notes'][1:], ['a note'], 'notes')


@tap.each('audit', 'browse', 'watch')
def test_every_command_takes_a_recording(_folder, command):
    sdscope.run(command, '--source', DEMO, *(['--speed', '0'] if command == 'watch' else [])
                ).expect(0, 1)


def test_check_takes_a_recording(_folder):
    result = sdscope.run('check', '--live', '--source', 'demo', '--instance', 'Widget Server',
                         '_widgetsync._tcp', '-f', 'json').expect(1)
    tap.equal(names(result.report), ['Widget Server'], 'services')
    gone = sdscope.run('check', '--live', '--source', 'demo', '_matterc._udp', '-f', 'json')
    tap.equal([f['rule'] for f in gone.expect(1).report['services'][0]['findings']], ['SD960'],
              'findings of what is not there at the end')
    refused(sdscope.run('check', '--exec', 'true', '--source', 'demo', '_ipp._tcp'), '--exec')


def test_a_watch_tells_recorded_times(_folder):
    events = watch('--source', DEMO, '--speed', '0')
    for event in events:
        validate(event, 'event')
    recorded = [json.loads(line) for line in DEMO.read_text(encoding='utf-8').splitlines()][1:]
    tap.equal([(e['event'], e['time']) for e in events],
              [(e['event'], e['time']) for e in recorded], 'events')


def test_a_watch_tells_findings_that_come_and_go(folder):
    path = recording(folder, at(0, 'added', service('w')),
                     at(1, 'changed', service('w', txt_hex='033d7878' + '03613d31')),
                     at(2, 'changed', service('w', txt_hex='033d7879' + '03613d31')),
                     at(3, 'changed', service('w', txt_hex='03613d31')), at(4, 'ended'))
    changes = [e for e in watch('--source', path, '--speed', '0') if e['event'] == 'changed']
    tap.equal([[f['rule'] for f in e['findings_added']] for e in changes], [['SD321'], [], []],
              'findings added')
    tap.equal([[f['rule'] for f in e['findings_gone']] for e in changes], [[], [], ['SD321']],
              'findings gone')
    tap.check('=xy' in changes[2]['findings_gone'][0]['message'], 'the message tells which')
    text = sdscope.run('watch', '-f', 'text', '--source', path, '--speed', '0').expect(0).stdout
    tap.includes(text, ['; new: SD321', '; mended: SD321'], 'text')
    rows = sdscope.run('watch', '-f', 'csv', '--source', path, '--speed', '0').expect(0).stdout
    tap.check(rows.splitlines()[1].endswith(',SD321,'), rows)
    tap.check(rows.splitlines()[3].endswith(',,SD321'), rows)


def test_text_tells_what_changed_from_what_to_what(_folder):
    text = sdscope.run('watch', '-f', 'text', '--source', DEMO, '--speed', '0').expect(0).stdout
    tap.includes(text, [
        "  changed: txt rs '' -> 'Netflix', st '0' -> '1'\n",
        "  changed: txt build '216' -> '217', +mode='debug', -password; "
        'mended: SD321, SD325, SD620  ',
        '  changed: port 80 -> 5000  ',
    ], 'changes')


def test_what_a_policy_ignores_does_not_come_or_go(folder):
    policy = write(fresh(folder) / 'policy.json', {'sdscope_policy': 1, 'ignore': [
        {'rule': 'SD321', 'reason': 'old firmware'}]})
    path = recording(folder, at(0, 'added', service('w')),
                     at(1, 'changed', service('w', txt_hex='033d7878')), at(2, 'ended'))
    events = watch('--source', path, '--speed', '0', '--policy', policy)
    tap.equal(events[1]['findings_added'], [], 'findings added')
    watch('--source', path, '--speed', '0', '--policy', policy, '--until', 'finding:SD321',
          status=[1])


def test_speed_makes_time_run(folder):
    path = recording(folder, at(0, 'added', service('one')), at(59, 'removed', service('one')),
                     at(59.5, 'ended'))
    tap.equal(len(watch('--source', path, '--speed', '500')), 3, 'events at 500 times its speed')
    events = watch('--source', path, '-t', '0.3')
    tap.equal([e['event'] for e in events], ['added'], 'events of the first 0.3 s')


@tap.each('-1', '0.001', '1e9', 'nan', 'inf', '2x', '')
def test_what_is_no_speed_is_refused(_folder, value):
    refused(sdscope.run('watch', '--source', 'demo', '--speed', value), 'not a speed')


def test_speed_is_for_recordings(_folder):
    refused(sdscope.run('watch', '--speed', '1'), '--speed', '--source')


# ---- damage ------------------------------------------------------------------------------------


def test_a_cut_recording_gives_what_it_has(folder):
    whole = lines(*SOON)
    path = write(fresh(folder) / 'cut.ndjson', whole[:whole.index('"two"')])
    report = audit(path, status=[4])
    tap.equal(names(report), ['one'], 'services')
    tap.equal(report['scan']['reasons'],
              [f'{path}:3: the recording breaks off within this line',
               f'{path}:3: the recording breaks off: what came after is not known'], 'reasons')


def test_a_recording_without_its_end_says_so(folder):
    path = recording(folder, *SOON[:-1])
    report = audit(path, status=[4])
    tap.equal(names(report), ['two'], 'services')
    tap.equal(report['scan']['reasons'],
              [f'{path}:5: the recording breaks off: what came after is not known'], 'reasons')
    last = watch('--source', path, '--speed', '0')[-1]
    tap.equal(last['event'], 'ended', 'last event')
    tap.includes(last['message'], ['incomplete', 'breaks off'], 'message')


def test_a_check_of_a_damaged_recording_is_incomplete(folder):
    path = recording(folder, *SOON[:-1])
    wanted = ('check', '--live', '--source', path, '-f', 'json', '_http._tcp', '--instance')
    for name in ('two', 'three'):
        scan = sdscope.run(*wanted, name).expect(4).report['scan']
        tap.equal((scan['complete'], len(scan['reasons'])), (False, 1), f'scan for {name}')
        tap.includes(scan['reasons'][0], ['breaks off'], 'reason')
    whole = recording(folder, *SOON)
    scan = sdscope.run(*('check', '--live', '--source', whole, '-f', 'json', '_http._tcp',
                         '--instance', 'two')).expect(0, 1).report['scan']
    tap.equal((scan['complete'], scan['reasons']), (True, []), 'scan of a whole one')


def test_damaged_lines_are_told_and_left_out(folder):
    text = lines(SOON[0]) + '\n{"event": "added"\x1b}\n' + '{"a": 1}\n' + 'x' * 5_000_000 + '\n' + \
        lines(*SOON[1:])[len(lines()):]
    path = write(fresh(folder) / 'x\ty.ndjson', text)
    report = audit(path, status=[4])
    tap.equal(names(report), ['two'], 'services')
    reasons = report['scan']['reasons']
    tap.equal([re.search(r':(\d+): ', r).group(1) for r in reasons], ['4', '5', '6'], 'lines')
    tap.includes(reasons[2], ['longer than 4194304 bytes'], 'the long line')
    for reason in reasons:
        tap.check(reason.isprintable(), f'{reason!a}')


@tap.each('empty', 'no head', 'a report', 'binary', 'later', 'folder', 'missing')
def test_what_is_no_recording_is_refused(folder, kind):
    content = {'empty': '', 'no head': json.dumps(SOON[0]) + '\n', 'a report': '{"sdscope": 1}\n',
               'binary': b'\x7fELF\0\1', 'later': lines(head={**HEAD, 'sdscope_recording': 2}),
               'folder': None, 'missing': None}[kind]
    words = {'later': 'format 2', 'folder': 'not a file', 'missing': 'No such file'}
    path = fresh(folder) / 'it'
    if content is not None:
        write(path, content)
    if kind == 'folder':
        path.mkdir()
    for command in ('audit', 'browse', 'watch'):
        refused(sdscope.run(command, '--source', path), str(path), words.get(kind, 'recording'))


# ---- waiting -----------------------------------------------------------------------------------

STORY = (at(0, 'added', service('one')), at(0, 'added', service('two', '_ssh._tcp')),
         at(1, 'settled'),
         at(2, 'added', service('printer', '_ipp._tcp', txt_hex='033d7878')),
         at(3, 'removed', service('one')), at(4, 'ended'))

COMES = {'_http._tcp': 1, '_HTTP._tcp': 1, 'instance=one': 1, '_ipp._tcp': 4,
         'instance=printer': 4, 'gone:_http._tcp': 5, 'gone:instance=one': 5,
         'gone:_nothing._udp': 3, 'finding:SD321': 4, 'finding:txt-key-missing': 4}


@tap.each(*COMES)
def test_what_is_waited_for_comes(folder, condition):
    path = recording(folder, *STORY)
    events = watch('--source', path, '--speed', '0', '--until', condition)
    tap.equal(len(events), COMES[condition], 'events until then')


@tap.each('_ftp._tcp', 'instance=three', 'gone:_ssh._tcp', 'finding:SD203')
def test_what_is_waited_for_does_not_come(folder, condition):
    path = recording(folder, *STORY)
    events = watch('--source', path, '--speed', '0', '--until', condition, status=[1])
    tap.equal(len(events), len(STORY), 'events')
    watch('--source', path, '-t', '0.1', '--until', condition, status=[1])


def test_any_of_several_conditions_will_do(folder):
    events = watch('--source', recording(folder, *STORY), '--speed', '0', '--until', '_ftp._tcp',
                   '--until', '_ipp._tcp')
    tap.equal(len(events), 4, 'events until then')


@tap.each('', 'ipp', '_ipp', 'gone:', 'gone:ipp', 'instance=', 'finding:', 'finding:SD999',
          'gone:finding:SD321')
def test_what_is_no_condition_is_refused(_folder, value):
    refused(sdscope.run('watch', '--source', 'demo', '--until', value))


def test_a_watch_ends_when_its_reader_goes(folder):
    path = recording(folder, at(0, 'added', service('one')), at(3000, 'ended'))
    process = sdscope.start('watch', '-f', 'ndjson', '--source', path)
    tap.check(b'"one"' in process.stdout.readline(), 'the first event')
    process.stdout.close()
    wait_for(lambda: process.poll() is not None, 'end of the watch')
    tap.equal((process.returncode, process.stderr.read()), (0, b''), 'status and errors')
    process.stderr.close()


# ---- recording ---------------------------------------------------------------------------------


def test_a_recording_of_a_recording_is_the_same(folder):
    path = fresh(folder) / 'again.ndjson'
    result = sdscope.run('record', path, '--source', DEMO).expect(0)
    told(result, str(path), '71 events in 600.0 s, 24 services at the end')
    first, *rest = [json.loads(line) for line in path.read_text(encoding='utf-8').splitlines()]
    validate(first, 'recording')
    tap.equal((first['source'], first['started']), ('recording', '2026-11-20T09:00:00.000Z'),
              'head')
    for line in rest:
        validate(line, 'recording')
        if 'service' in line:
            line['service'].pop('txt')
        line.pop('notes', None)
    recorded = [json.loads(line) for line in DEMO.read_text(encoding='utf-8').splitlines()][1:]
    tap.equal(rest, recorded, 'events')
    reports = [audit(p) for p in (DEMO, path)]
    tap.equal(reports[0]['services'], reports[1]['services'], 'services of both')
    piped = sdscope.run('record', '-', '--source', DEMO).expect(0)
    tap.equal(piped.output, path.read_bytes(), 'standard output')


def test_types_are_recorded(folder):
    path = fresh(folder) / 'ipp.ndjson'
    sdscope.run('record', path, '_ipp._tcp', '--source', DEMO).expect(0)
    tap.equal({s['type'] for s in audit(path)['services']}, {'_ipp._tcp'}, 'types')
    tap.equal(json.loads(path.read_text().splitlines()[0])['types'], ['_ipp._tcp'], 'head')


def test_a_recording_is_not_overwritten(folder):
    path = recording(folder, *SOON)
    before = path.read_bytes()
    refused(sdscope.run('record', path, '--source', 'demo'), str(path), '--force')
    tap.equal(path.read_bytes(), before, 'content')
    sdscope.run('record', '--force', path, '--source', 'demo').expect(0)
    tap.equal(len(audit(path)['services']), 24, 'services of the new one')
    empty = write(fresh(folder) / 'empty', '')
    sdscope.run('record', empty, '--source', 'demo').expect(0)


def test_a_recording_that_cannot_be_written_is_told(folder):
    refused(sdscope.run('record', folder / 'none/such', '--source', 'demo'), 'cannot write')
    refused(sdscope.run('record', '/dev/full', '--source', 'demo'), '/dev/full', 'No space')
    with open('/dev/full', 'wb') as full:
        for command in (['record', '-', '--source', 'demo'], ['demo', '--speed', '0'],
                        ['demo', '--speed', '0', '-f', 'text'], ['demo', '--speed', '0', '-f', 'csv']):
            done = sdscope.run(*command, stdout=full)
            tap.equal(done.status, 2, f'status of {command}')
            tap.equal(done.stderr, 'sdscope: cannot write to standard output: No space left on '
                      'device\n', f'words of {command}')
    refused(sdscope.run('record'), 'FILE')
    refused(sdscope.run('record', 'x', 'ipp', '--source', 'demo'), '_ipp._tcp')


# ---- the demo ----------------------------------------------------------------------------------


def test_the_demo_shows_what_can_happen(_folder):
    events = events_of(sdscope.run('demo', '--speed', '0').expect(0))
    tap.equal({e['event'] for e in events},
              {'added', 'changed', 'removed', 'settled', 'lost', 'back', 'ended'}, 'events')
    added = {f['rule'] for e in events for f in e.get('service', {}).get('findings', [])}
    tap.includes(added, ['SD102', 'SD321', 'SD325', 'SD404', 'SD501', 'SD620'], 'findings')
    gone = {f['rule'] for e in events for f in e.get('findings_gone', [])}
    tap.includes(gone, ['SD321', 'SD325', 'SD404', 'SD620'], 'findings that went')


def test_the_demo_waits_and_filters(_folder):
    events = events_of(sdscope.run('demo', '--speed', '0', '_ipp._tcp').expect(0))
    tap.equal({e['service']['type'] for e in events if 'service' in e}, {'_ipp._tcp'}, 'types')
    sdscope.run('demo', '--until', '_widgetsync._tcp', '-t', '20').expect(0)
    refused(sdscope.run('demo', '--source', 'auto'), '--source')


def test_the_demo_is_what_its_script_makes(_folder):
    made = sdscope.subprocess.run(['python3', '-B', ROOT / 'registry/demo.py'], check=True,
                                  capture_output=True).stdout
    tap.equal(made, DEMO.read_bytes(), 'demo.ndjson')


LOBBY, LIKE, THIRD = 'Lobb\u00fd', 'LOBB\u00dd', 'Lobby\u0301'


def news(event):
    """What happened, to whom, and the findings that came and went."""
    made = event.get('service', {})
    kinds = [[f['rule'] for f in event.get(k, [])] for k in ('findings_added', 'findings_gone')]
    return event['event'], made.get('instance'), 'SD703' in rules(made), *kinds


def test_a_watch_compares_names(folder):
    """Whoever is there already is told of anew where a newcomer looks like it, and where that goes; of
    more than two nothing changes for the others."""
    made = [(0.1, 'added', LOBBY), (0.2, 'added', LIKE), (0.3, 'added', THIRD), (0.4, 'removed', LOBBY),
            (0.5, 'removed', THIRD), (0.6, 'removed', LIKE)]
    path = recording(folder, *(at(when, event, service(name)) for when, event, name in made), at(90, 'ended'))
    events = watch('--source', path, '--speed', '0', '--registry', 'none')
    tap.equal([news(e) for e in events if 'service' in e], [
        ('added', LOBBY, False, [], []),
        ('added', LIKE, True, [], []), ('changed', LOBBY, True, ['SD703'], []),
        ('added', THIRD, True, [], []),
        ('removed', LOBBY, True, [], []),
        ('removed', THIRD, True, [], []), ('changed', LIKE, False, [], ['SD703']),
        ('removed', LIKE, False, [], [])], 'events')
    for event in events:
        validate(event, 'event')
    tap.equal([e.get('changes') for e in events if e['event'] == 'changed'], [[], []], 'no part changed')


def test_a_watch_waits_for_a_likeness(folder):
    path = recording(folder, at(0.1, 'added', service(LOBBY)), at(0.2, 'added', service(LIKE)),
                     at(90, 'ended'))
    watch('--source', path, '--speed', '0', '--registry', 'none', '--until', 'finding:SD703')
    quiet = watch('--source', path, '--speed', '0', '--registry', 'none', '--disable', 'SD703')
    tap.equal([e['event'] for e in quiet], ['added', 'added', 'ended'], 'events without the rule')


if __name__ == '__main__':
    tap.main(setup=scratch, needs=sdscope.program)
