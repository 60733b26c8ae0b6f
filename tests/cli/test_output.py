# SPDX-License-Identifier: MIT
"""Where reports go: files whole or not at all, pipes that close, terminals that obey nothing."""

import json
import os
import pty
import resource
import shutil
import signal
import subprocess

from cli import ROOT, fresh, refused, report, scratch, sdscope, service, tap, told, validate, write

CHECK = 'check', '--instance', 'Lamp', '_frobnicate._tcp', 'a=1'


def without_time(text):
    """A report but for the moment it was made."""
    document = json.loads(text)
    document['scan'].pop('started')
    return document


def files(folder):
    return sorted(path.name for path in folder.iterdir())


def test_a_file_holds_what_standard_output_would(folder):
    folder = fresh(folder)
    for name in ('text', 'json', 'ndjson'):
        path = folder / name
        result = sdscope.run(*CHECK, '-f', name, '-o', path).expect(1)
        tap.equal(result.stdout, '', 'standard output')
        shown, kept = sdscope.run(*CHECK, '-f', name).stdout, path.read_text()
        tap.equal(*(map(without_time, (kept, shown)) if name == 'json' else (kept, shown)), name)
    tap.equal(files(folder), ['json', 'ndjson', 'text'], 'files')


def test_several_reports_at_once(folder):
    a, b, c = (folder / name for name in 'abc')
    result = sdscope.run(*CHECK, '-f', 'json', '-o', a, '-o', b, '-f', 'ndjson', '-o', c).expect(1)
    tap.equal(result.stdout, '', 'standard output')
    tap.equal(without_time(a.read_text())['summary']['services'], 1, 'JSON')
    tap.includes(b.read_text(), ['[SD501]'], 'text, since no format stands before it')
    tap.equal(json.loads(c.read_text())['type'], '_frobnicate._tcp', 'NDJSON')
    result = sdscope.run(*CHECK, '-f', 'json', '-o', a, '-f', 'text').expect(1)
    tap.includes(result.stdout, ['[SD501]'], 'a format without a file goes to standard output')


def test_one_format_and_one_file_belong_together_in_either_order(folder):
    path = folder / 'either'
    for arguments in (['-o', path, '-f', 'json'], ['-o', path, '-f', 'csv', '-f', 'json'],
                      ['-o', path, '--format=json'], ['-fjson', '-o', path]):
        path.write_text('')
        tap.equal(sdscope.run(*CHECK, *arguments).expect(1).stdout, '', 'standard output')
        tap.equal(json.loads(path.read_text())['summary']['services'], 1, str(arguments))
    result = sdscope.run(*CHECK, '-f', 'text', '-o', path, '-f', 'ndjson').expect(1)
    tap.equal(json.loads(result.stdout)['type'], '_frobnicate._tcp', 'standard output')
    tap.includes(path.read_text(), ['[SD501]'], 'text, as was asked for')


def test_a_format_after_one_of_several_files_is_refused(folder):
    folder = fresh(folder)
    a, b = folder / 'a', folder / 'b'
    for arguments, blamed in ((['-o', a, '-o', b, '-f', 'json'], a),
                              (['-f', 'csv', '-o', a, '-o', b, '-f', 'json'], b),
                              (['-o', a, '-f', 'csv', '-o', b, '-f', 'json'], a)):
        refused(sdscope.run(*CHECK, *arguments), '--format json', f"'{blamed}'", 'before')
    tap.equal(files(folder), [], 'files')


def test_an_existing_file_is_replaced_and_keeps_nothing(folder):
    path = write(folder / 'report', 'x' * 100_000)
    sdscope.run(*CHECK, '-o', path).expect(1)
    tap.equal(path.read_text(), sdscope.run(*CHECK).stdout, 'file')


def test_a_file_has_the_modes_that_the_user_wants(folder):
    for mask in (0o022, 0o077):
        path = folder / f'{mask:o}'
        sdscope.run(*CHECK, '-o', path, preexec_fn=lambda m=mask: os.umask(m)).expect(1)
        tap.equal(oct(path.stat().st_mode & 0o777), oct(0o666 & ~mask), 'mode')


def test_an_existing_file_is_unchanged_after_a_failure(folder):
    folder = fresh(folder)
    path = write(folder / 'report', 'precious')
    refused(sdscope.run('check', '-o', path, '--from', folder / 'absent'), 'absent')
    refused(sdscope.run('check', '-o', path, '--from', '-', given=b'{"type": 3}'), 'type')
    refused(sdscope.run(*CHECK, '-o', path, '-o', folder / 'no' / 'where'), 'where')
    refused(sdscope.run(*CHECK, '-o', '/dev/full', '-o', path), '/dev/full')
    refused(sdscope.run(*CHECK, '-o', path, '-f', 'json', '-o', '/dev/full'), '/dev/full')
    with open('/dev/full', 'wb') as full:
        told(sdscope.run(*CHECK, '-f', 'text', '-o', path, '-f', 'json', stdout=full).expect(2),
             'No space left')
    tap.equal(files(folder), ['report'], 'files')
    tap.equal(path.read_text(), 'precious', 'file')


def test_a_file_takes_one_report(folder):
    folder = fresh(folder)
    path, link = folder / 'report', folder / 'link'
    again = f'{folder}/./report'
    for other in (path, again):
        refused(sdscope.run(*CHECK, '-f', 'json', '-o', path, '-f', 'csv', '-o', other), 'another')
    tap.equal(files(folder), [], 'files')
    write(path, 'precious')
    link.symlink_to(path)
    for other in (path, again, link):
        refused(sdscope.run(*CHECK, '-f', 'json', '-o', path, '-f', 'csv', '-o', other), 'another')
    refused(sdscope.run(*CHECK, '-o', path, '--write-baseline', path), 'another')
    tap.equal(path.read_text(), 'precious', 'file')
    sdscope.run(*CHECK, '-f', 'json', '-o', '/dev/null', '-o', '/dev/null').expect(1)


RECORDING = (ROOT / 'registry/demo.ndjson').read_bytes()


@tap.each('services', 'link', 'hard link', 'folder', 'expected', 'policy', 'baseline', 'registry',
          'recording', 'standard input')
def test_what_is_read_is_not_written_over(folder, kind):
    folder = fresh(folder)
    service_ = '{"type": "_frobnicate._tcp", "instance": "Lamp"}'
    content = {'policy': '{"sdscope_policy": 1}', 'registry': '{"sdscope_registry": 1, "records": ['
               '{"name": "x", "transport": "tcp"}]}', 'recording': RECORDING}.get(kind, service_)
    path = output = write(folder / 'read.json', content)
    if kind == 'baseline':
        sdscope.run(*CHECK, '--write-baseline', path).expect(0)
    if 'link' in kind:
        output = folder / 'link.json'
        (output.hardlink_to if kind == 'hard link' else output.symlink_to)(path)
    before = path.read_bytes()
    words = {'folder': ['--from', folder], 'expected': ['--expect', path, *CHECK[1:]],
             'policy': ['--policy', path, *CHECK[1:]], 'registry': ['--registry', path, *CHECK[1:]],
             'baseline': ['--baseline', path, *CHECK[1:]], 'standard input': ['--from', '-'],
             'recording': ['--live', '--source', path, '_ipp._tcp']}.get(kind, ['--from', path])
    for options in (['-o', output], ['-f', 'json', '-o', output]):
        with open(path, 'rb') as given:
            refused(sdscope.run('check', *words, *options, stdin=given), str(output), 'read')
    if kind != 'baseline':
        with open(path, 'rb') as given:
            refused(sdscope.run('check', *words, '--write-baseline', output, stdin=given),
                    str(output), 'read')
    tap.equal(path.read_bytes(), before, 'file')


def test_other_files_that_are_read_are_kept_too(folder):
    folder = fresh(folder)
    path = write(folder / 'recording', RECORDING)
    for command in (['browse', '-o', path], ['audit', '-o', path], ['record', '--force', path]):
        refused(sdscope.run(*command, '--source', path), str(path), '--source')
    searched = write(folder / '.sdscope.json', '{"sdscope_policy": 1}')
    refused(sdscope.run(*CHECK, '-o', '.sdscope.json', cwd=folder), 'the policy')
    broken = write(folder / 'broken.json', '{')
    write(folder / 'whole.json', '{"type": "_frobnicate._tcp"}')
    result = sdscope.run('check', '--from', folder, '-o', broken).expect(2)
    tap.includes(result.stderr, ['broken.json:1:', f"cannot write '{broken}'"], 'standard error')
    tap.equal([p.read_bytes() for p in (path, searched, broken)],
              [RECORDING, b'{"sdscope_policy": 1}', b'{'], 'files')


def test_a_word_is_no_file_that_is_read(folder):
    folder = fresh(folder)
    for name in ('builtin', 'none', 'auto'):
        write(folder / name, 'x')
        sdscope.run(*CHECK, '--registry', 'builtin', '--policy', 'none', '-o', name,
                    cwd=folder).expect(1)


def limit_file_size():
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))


@tap.each('text', 'json', 'ndjson', 'csv', 'sarif', 'junit', 'github')
def test_why_a_file_could_not_be_written(folder, name):
    folder = fresh(folder)
    many = write(folder / 'many', [{'type': f'_n{n}._tcp'} for n in range(200)])
    refused(sdscope.run('check', '--from', many, '-f', name, '-o', folder / 'report',
                        preexec_fn=limit_file_size), 'report', 'File too large')
    tap.equal(files(folder), ['many'], 'files')


def test_what_cannot_be_written_is_told_before_the_work(folder):
    absent = folder / 'no' / 'where'
    line = refused(sdscope.run('check', '-o', absent, '--from', folder / 'absent'), str(absent))
    tap.includes(line, ['cannot write', 'No such file or directory'], 'message')
    refused(sdscope.run(*CHECK, '-o', folder), str(folder), 'directory')
    refused(sdscope.run(*CHECK, '-o', ''), "cannot write ''")
    for command in ('audit', 'browse'):
        refused(sdscope.run(command, '-t', '20', '-o', absent, timeout=10), str(absent))


def test_a_device_and_a_pipe_are_written_to(folder):
    sdscope.run(*CHECK, '-o', '/dev/null').expect(1)
    tap.equal(sdscope.run(*CHECK, '-o', '/dev/stdout').expect(1).stdout,
              sdscope.run(*CHECK).stdout, '/dev/stdout')


def test_a_full_disk_is_told(folder):
    refused(sdscope.run(*CHECK, '-o', '/dev/full'), "'/dev/full'", 'No space left')
    for command in (CHECK, (*CHECK, '-f', 'json'), (*CHECK, '-f', 'ndjson'), ['registry', 'list'],
                    ['registry', 'export'], ['registry', 'stats'], ['registry', 'show', 'leaf'],
                    ['rules'], ['explain', 'SD101'], ['--help'], ['check', '--help'],
                    ['--version']):
        with open('/dev/full', 'wb') as full:
            result = sdscope.run(*command, stdout=full).expect(2)
        told(result, 'standard output', 'No space left')


def test_a_closed_standard_output_is_told(folder):
    for command in (CHECK, ['registry', 'export'], ['rules'], ['--version']):
        result = sdscope.run(*command, stdout=None, preexec_fn=lambda: os.close(1)).expect(2)
        told(result, 'standard output')


def test_other_closed_descriptors_do_no_harm(folder):
    path = folder / 'report'
    for descriptors in ((0,), (2,), (0, 2), (0, 1, 2)):
        def close(descriptors=descriptors):
            for descriptor in descriptors:
                os.close(descriptor)
        sdscope.run(*CHECK, '-o', path, stdin=None, preexec_fn=close).expect(1)
        tap.equal(path.read_text(), sdscope.run(*CHECK).stdout, f'without {descriptors}')


def test_a_reader_that_goes_early_is_no_error(folder):
    many = write(folder / 'many.json', [{'type': '_frob._tcp', 'instance': f'{n:0100}'}
                                        for n in range(3000)])
    records = write(folder / 'records.json', {'sdscope_registry': 1, 'records': [
        {'name': f'n{n}', 'description': 'x' * 100} for n in range(3000)]})
    for command in (*(('check', '-f', f, '--from', many) for f in ('text', 'json', 'ndjson')),
                    ('registry', 'list', '--registry', records),
                    ('registry', 'export', '--registry', records)):
        process = sdscope.start(*command)
        process.stdout.read(1)
        process.stdout.close()
        errors = process.stderr.read()
        process.stderr.close()
        status = 1 if command[0] == 'check' else 0
        tap.equal((process.wait(30), errors), (status, b''), ' '.join(map(str, command)))


def on_terminal(*arguments, **variables):
    """What a terminal of 80 columns gets."""
    ours, theirs = pty.openpty()
    process = sdscope.start(*arguments, stdout=theirs, stderr=subprocess.DEVNULL,
                            variables={'TERM': 'xterm', 'COLUMNS': '80', **variables})
    os.close(theirs)
    data = b''
    try:
        while piece := os.read(ours, 65536):
            data += piece
    except OSError:                                   # how Linux says that nobody is there
        pass
    os.close(ours)
    process.wait(30)
    return data


def test_colour_is_for_terminals_that_want_it(folder):
    for shown, arguments, variables in (
            (True, [], {}), (False, [], {'NO_COLOR': '1'}), (True, [], {'NO_COLOR': ''}),
            (False, [], {'TERM': 'dumb'}), (False, [], {'TERM': ''}),
            (False, ['--color', 'never'], {}), (True, ['--color', 'always'], {'NO_COLOR': '1'}),
            (True, ['--color', 'always'], {'TERM': 'dumb'})):
        got = on_terminal(*CHECK, *arguments, **variables)
        tap.equal(b'\x1b[' in got, shown, f'colour with {arguments} {variables}')
    tap.excludes(sdscope.run(*CHECK).stdout, ['\x1b'], 'on a pipe')
    tap.includes(sdscope.run(*CHECK, '--color', 'always').stdout, ['\x1b['], 'on a pipe, asked for')
    for name in ('json', 'ndjson'):
        tap.excludes(sdscope.run(*CHECK, '--color', 'always', '-f', name).stdout, ['\x1b'], name)


HOSTILE = {
    'escape sequence': b'\x1b[2J\x1b]0;title\x07', 'newlines': b'a\nb\r\nc\tsd\x0b',
    'bidi': 'a\u202etxt.exe\u2066\u200f'.encode(), 'C1': 'a\x9b31m\x85b'.encode(),
    'DEL and NUL': b'a\x7fb\x00c', 'not UTF-8': b'\xff\xfe\xc0\xaf\xed\xa0\x80',
    '63 bytes': ('ü' * 31 + 'x').encode(), 'line separators': 'a\u2028b\u2029c'.encode(),
    'invisible': 'a\u200b\ufeff\U000e0041b'.encode(), 'backslashes': b'\\x1b\\027 a\\.b',
}


@tap.each(*HOSTILE)
def test_a_hostile_name_is_shown_safely_and_kept_exactly(folder, kind):
    name = HOSTILE[kind]
    given = write(folder / 'hostile.json', [
        {'type': '_ipp._tcp', 'instance_hex': name.hex(), 'host': 'h.local', 'port': 1,
         'txt_hex': (bytes([len(name) + 2]) + b'k=' + name).hex()},
        {'type': '_ipp._tcp', 'instance': 'x', 'txt_hex': (bytes([len(name)]) + name).hex()}])
    for options in ([], ['-l'], ['-g', 'type', '-l']):
        text = sdscope.run('check', '--from', given, *options).expect(0, 1).output.decode()
        raw = {c for c in text if not c.isprintable() and c != '\n'}
        tap.equal(raw, set(), f'raw characters with {options}')
        tap.check(all(line.isprintable() for line in text.split('\n')), f'lines with {options}')
    if kind != 'newlines':
        lines = sdscope.run('check', '--from', given).stdout.count('\n')
        tap.check(lines < 40, f'{lines} lines')
    raw = sdscope.run('check', '-f', 'json', '--from', given).expect(0, 1).output.decode()
    tap.equal({c for c in raw if not c.isprintable() and c != '\n'}, set(), 'raw in JSON')
    found = json.loads(raw)['services'][0]
    kept = bytes.fromhex(found['instance_hex']) if 'instance_hex' in found else \
        found['instance'].encode()
    tap.equal(kept.hex(), name.hex(), 'instance')
    tap.equal(found['txt_hex'], (bytes([len(name) + 2]) + b'k=' + name).hex(), 'txt_hex')


def test_reports_keep_to_the_schema(folder):
    given = write(folder / 'given.json', [
        {'type': '_ipp._tcp', 'instance_hex': 'ff', 'txt_hex': '05', 'host': None},
        {'type': '_ipp._tcp', 'subtypes_hex': ['5fff', ''], 'domain': '', 'host': '.'},
        {'type': '_frob._tcp', 'instance': 'x', 'port': 0, 'addresses': ['::1', '0.0.0.0']},
        {'type': 'x', 'txt': None, 'txt_hex': None, 'subtypes': ['_a'], 'ttl': 10,
         'sightings': [{'interface': 'eth0', 'family': 'ipv6'}], 'order_trusted': False},
        {'type': '_ipp._tcp', 'txt_hex': '00' * 3000}])
    for options in (['--from', given], ['--from', given, '--registry', 'none', '--all-rules'],
                    ['_leaf._tcp', 'a=1', '--instance', '']):
        validate(report(*options), 'report')
    for line in sdscope.run('check', '-f', 'ndjson', '--from', given).stdout.splitlines():
        validate(json.loads(line), 'service')


def test_the_locale_changes_nothing(folder):
    given = write(folder / 'given.json', {'type': '_IPP._TCP', 'instance': 'ıİi Büro 日本',
                                          'host': 'IPP.local', 'txt': [{'key': 'TITLE'}]})
    locales = ['C', 'POSIX', 'C.UTF-8', 'nonsense']
    made = folder / 'tr_TR.UTF-8'
    if shutil.which('localedef') and not subprocess.run(
            ['localedef', '-i', 'tr_TR', '-f', 'UTF-8', made], capture_output=True).returncode:
        locales.append('tr_TR.UTF-8')
    for command in (['check', '--from', given, '-l'], ['check', '-f', 'ndjson', '--from', given],
                    ['registry', 'list'], ['explain', 'SD101'], ['check', '--from', '/nowhere']):
        wanted = sdscope.run(*command)
        for name in locales:
            for variables in ({'LC_ALL': name}, {'LC_ALL': '', 'LANG': name}):
                result = sdscope.run(*command, variables={
                    **variables, 'LOCPATH': str(folder), 'LANGUAGE': 'tr',
                    'ASAN_OPTIONS': 'detect_leaks=0'})      # glibc's own, of LOCPATH: 21 bytes
                tap.equal(result.status, wanted.status, f'status of {command} in {name}')
                tap.check(result.output == wanted.output, f'{command} says other bytes in {name}')


def test_a_service_is_the_same_in_every_format(folder):
    line = json.loads(sdscope.run(*CHECK, '-f', 'ndjson').stdout)
    whole = service(*CHECK[1:])
    tap.equal({k: line[k] for k in whole}, whole, 'service')


if __name__ == '__main__':
    tap.main(setup=scratch, needs=sdscope.program)
