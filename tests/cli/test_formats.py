# SPDX-License-Identifier: MIT
"""One recorded set that breaks every rule, reported in every format, and read by others' eyes."""

import csv
import io
import json
import re
import unicodedata
import urllib.parse
import xml.dom.minidom
import xml.etree.ElementTree
from collections import Counter
from contextlib import contextmanager

from cli import ROOT, refused, scratch, sdscope, tap, write

CORPUS = ROOT / 'tests/corpus'
FORMATS = ('json', 'ndjson', 'csv', 'sarif', 'junit', 'github', 'text')
COLUMNS = ('file,line,column,instance,type,domain,host,port,verdict,rule,name,severity,part,key,'
           'offset,message,hint,reference,fingerprint,ignored')
FINDING = re.compile(r'(?:(\d+):(\d+): )?(error|warning|info|ignored): (.*?) \[(SD\d{3})\](?: - (.*))?')

# What other programs' formats might obey.
ODD = [
    b'=1+1', b'+1', b'-1', b'@SUM(A1)', b'\t=1', b'\r=1', b'  =1', '\uff1d1'.encode(), b"'=1",
    b'a,b;"c"', b'a\r\nb', b']]>', b'<x a="1">&amp;</x>', b'%0A::error::x%', b'::error::x',
    b'[a](http://192.0.2.1/)', b'\x00\x01\x1f\x7f', '\x85\x9b\u2028\u2029'.encode(),
    'a\u202etxt.exe\u2066'.encode(), b'\xff\xc0\xaf\xed\xa0\x80', '\U0001f4fa\U0010fffd'.encode(),
    '\ufffe\uffff\ufeff'.encode(), b'\\x1b\\027', b'..', b'.', b'a/b?c#d:e', b'', b"'", b'"', b' ',
]


def services():
    """One for each of them, with more than one thing wrong."""
    return [{'type': '_ipp._tcp', 'instance_hex': name.hex(), 'domain': 'local', 'port': 0,
             'host': 'h.local', 'txt_hex': b''.join(bytes([len(s)]) + s for s in (
                 b'=' + name, b'k' + name + b'=1', b'K' + name + b'=2')).hex()} for name in ODD]


REASON = '=1+1, "\u202e]]>%0A::error::x</x>[a](b) \x1b[31m \\'

# Breaks the rules that no service breaks alone; and what it ignores, some of a service and some of
# a file, is in every format.
POLICY = {
    'sdscope_policy': 1,
    'ignore': [{'rule': 'SD325', 'host': 'h.local', 'reason': REASON},
               {'rule': 'SD951', 'reason': REASON},
               {'rule': 'SD101', 'type': '_nowhere._tcp', 'reason': 'never matches'}],
    'allow': [{'type': '_old._tcp', 'reason': 'is over', 'expires': '2020-01-31'}],
    'expect': [{'type': '_nfs._tcp', 'instance': 'absent', 'reason': REASON}],
    'ports': [{'type': '_ipp._tcp', 'ports': [631]}],
    'hosts': [{'type': '_ipp._tcp', 'hosts': ['print.local']}],
}


@contextmanager
def reports():
    """All formats of one run, as bytes."""
    with scratch() as folder:
        odd = write(folder / 'odd, 100% "é".json', services())
        bad = [path for path in sorted((CORPUS / 'rules').glob('SD*-bad*'))
               if '.expected.' not in path.name and '.policy.' not in path.name]
        recorded = write(folder / 'recorded.json', [
            json.loads(path.read_text()) for path in CORPUS.glob('rules/SD*-bad.expected.json')])
        fine = write(folder / 'fine.json', {'type': '_ipp._tcp', 'instance': 'Fine'})
        words = ['--expect', recorded, '--show-ignored',
                 '--policy', write(folder / 'policy, 100% "é".json', POLICY)]
        words += [word for path in [*bad, odd, fine] for word in ('--from', path)]
        for name in FORMATS:
            words += ['-f', name, '-o', folder / name]
        sdscope.run('check', '--all-rules', '--registry', CORPUS / 'registry.json', *words).expect(1)
        read = {name: (folder / name).read_bytes() for name in FORMATS}
        read['findings'] = findings(json.loads(read['json']))
        yield read


# ---- how text is made safe, once more -----------------------------------------------------------

def is_shown(c):
    return c in '\u200c\u200d\ufe0e\ufe0f' or unicodedata.category(c) not in \
        ('Cc', 'Cf', 'Cs', 'Co', 'Cn', 'Zl', 'Zp')


def safe(data, backslash='\\\\'):
    """As sds_text_put() writes it."""
    def piece(c):
        if 0xdc80 <= ord(c) <= 0xdcff:
            return f'\\x{ord(c) - 0xdc00:02x}'
        if c == '\\':
            return backslash
        if is_shown(c):
            return c
        return f'\\x{ord(c):02x}' if ord(c) < 0x80 else f'\\u{{{ord(c):04x}}}'
    return ''.join(map(piece, data.decode('utf-8', 'surrogateescape')))


def label(data):
    """As DNS writes a label, made safe."""
    def piece(c):
        if 0xdc80 <= ord(c) <= 0xdcff:
            return f'\\{ord(c) - 0xdc00:03}'
        if ord(c) < 0x20 or c == '\x7f':
            return f'\\{ord(c):03}'
        return f'\\{c}' if c in '.\\' else c
    text = ''.join(map(piece, data.decode('utf-8', 'surrogateescape')))
    return safe(text.encode(), '\\')


def instance(service):
    if service.get('instance_hex') is not None:
        return bytes.fromhex(service['instance_hex'])
    return (service.get('instance') or '').encode()


def full_name(service):
    parts = [label(instance(service)), safe(service['type'].encode(), '\\'),
             safe((service.get('domain') or '').encode(), '\\')]
    return '.'.join(filter(None, parts))


def findings(document):
    """Of a JSON report: what all formats have to tell."""
    told = []
    for service in document['services']:
        told += [{**f, 'subject': full_name(service), 'instance': safe(instance(service)),
                  'path': service['file']['path'], 'place': service['file']}
                 for f in service['findings']]
    for file in document.get('files', []):
        told += [{**f, 'subject': safe(file['path'].encode()), 'instance': '',
                  'path': file['path'], 'place': {}} for f in file['findings']]
    return [{**f, 'ignored': f.get('ignored', {}).get('reason')} for f in told]


def reason(finding):
    """Why it is ignored, made safe."""
    return safe(finding['ignored'].encode()) if finding['ignored'] else None


def same(got, wanted, *members):
    """As many findings, with the same of each."""
    wanted = Counter(tuple(f.get(m) for m in members) for f in wanted)
    got = Counter(got)
    tap.equal(sorted(map(str, (got - wanted).elements())), [], 'told but not found')
    tap.equal(sorted(map(str, (wanted - got).elements())), [], 'found but not told')


# ---- the formats --------------------------------------------------------------------------------

def test_the_set_breaks_every_rule(read):
    listed = {line.split()[0] for line in sdscope.run('rules').expect(0).stdout.splitlines()[1:]}
    tap.equal(listed - {f['rule'] for f in read['findings']}, set(), 'rules that are not broken')


def test_the_set_ignores_findings_of_services_and_files(read):
    tap.equal(Counter(f['rule'] for f in read['findings'] if f['ignored']),
              {'SD325': len(ODD), 'SD951': 1}, 'ignored')
    tap.check({'SD954', 'SD955'} <= {f['rule'] for f in read['findings']}, 'others of the file')


def test_ndjson(read):
    document = {'services': [], 'files': []}
    for line in read['ndjson'].splitlines():
        one = json.loads(line)
        if 'type' in one:
            document['services'].append(one)
        else:
            document['files'].append({'path': one['file']['path'], 'findings': one['findings']})
    same([(f['subject'], f['rule'], f['message'], f['ignored']) for f in findings(document)],
         read['findings'], 'subject', 'rule', 'message', 'ignored')


def cell(text):
    """The apostrophe keeps spreadsheets from computing."""
    return text[1:] if text.startswith("'") else text


def rows(data):
    """Of CSV, by a strict reader."""
    text = data.decode()
    tap.equal(text.replace('\r\n', '').count('\n') + text.replace('\r\n', '').count('\r'), 0,
              'line ends other than CRLF')
    return list(csv.reader(io.StringIO(text, newline=''), strict=True))


def test_csv(read):
    header, *body = rows(read['csv'])
    tap.equal(','.join(header), COLUMNS, 'header')
    tap.equal({len(row) for row in body}, {len(header)}, 'cells of a line')
    found = [{name: cell(text) for name, text in zip(header, row)} for row in body]
    same([(f['instance'], f['rule'], f['message'], f['hint'] or None, f['reference'] or None)
          for f in found if f['rule']], read['findings'],
         'instance', 'rule', 'message', 'hint', 'reference')
    same([(f['rule'], f['key'], f['severity'], f['line'], f['offset']) for f in found if f['rule']],
         [{**f, 'key': f['key'] or '', 'line': str(f.get('line') or f['place'].get('line') or ''),
           'offset': '' if f['offset'] is None else str(f['offset'])} for f in read['findings']],
         'rule', 'key', 'severity', 'line', 'offset')
    tap.includes([f['instance'] for f in found if not f['rule']], ['Fine'], 'without a finding')
    same([(f['rule'], f['message'], f['ignored'] or None) for f in found if f['rule']],
         [{**f, 'ignored': reason(f)} for f in read['findings']], 'rule', 'message', 'ignored')
    prints = [f['fingerprint'] for f in found if f['rule']]
    tap.check(all(re.fullmatch('[0-9a-f]{16}', p) for p in prints), 'a fingerprint is none')


def test_no_cell_is_a_formula(read):
    for row in rows(read['csv']):
        for text in row:
            tap.check(not re.match('[\\s\u3000]*[-=+@\t\r\uff1d\uff0b\uff0d\uff20]', text),
                      f'a spreadsheet may compute {text!a}')
    tap.includes([row[3] for row in rows(read['csv'])], ["'=1+1", "'@SUM(A1)", "''=1", "'  =1"],
                 'instances')


def plain(message):
    """SARIF 3.11.5: a brace that begins no placeholder stands twice; 3.11.6: a bracket behind a
    backslash is no link."""
    left = message.replace('{{', '').replace('}}', '')
    tap.check('{' not in left and '}' not in left, f'a placeholder in {message!a}')
    message = message.replace('{{', '{').replace('}}', '}')
    return message.replace('\\[', '[') if '](' in message else message


def test_sarif(read):
    run, = json.loads(read['sarif'])['runs']
    rules = run['tool']['driver']['rules']
    levels = {'error': 'error', 'warning': 'warning', 'info': 'note'}
    told = []
    for one in run['results']:
        place = one['locations'][0]
        tap.equal(rules[one['ruleIndex']]['id'], one['ruleId'], 'rule by its index')
        uri = place['physicalLocation']['artifactLocation']['uri']
        path = urllib.parse.unquote(uri.removeprefix('file://'), errors='surrogateescape')
        subject = place['logicalLocations'][0]['fullyQualifiedName'] \
            if 'logicalLocations' in place else safe(path.encode())
        region = place['physicalLocation'].get('region', {})
        ignored = [s['justification'] for s in one['suppressions']] or [None]
        told.append((subject, one['ruleId'], plain(one['message']['text']), path, one['level'],
                     region.get('startLine'), *ignored))
    same(told, [{**f, 'level': levels[f['severity']],
                 'line': f.get('line') or f['place'].get('line')} for f in read['findings']],
         'subject', 'rule', 'message', 'path', 'level', 'line', 'ignored')
    tap.equal([r['id'] for r in rules], [line.split()[0] for line in sdscope.run(
        'rules').stdout.splitlines()[1:]], 'rules')
    for rule in ('SD325', 'SD204'):
        explained = sdscope.run('explain', rule).stdout
        help_ = next(r['help'] for r in rules if r['id'] == rule)
        for paragraph in plain(help_['text']).split('\n\n'):
            tap.includes(' '.join(explained.split()), [' '.join(paragraph.split())], 'explain')
    for rule in rules:
        for text in (rule['shortDescription'], rule['fullDescription'], rule['help']):
            for form in text.values():
                plain(form)


def test_sarif_has_no_placeholder_of_somebody_else(_):
    run, = sdscope.run('check', '-f', 'sarif', '_http._tcp', 'path={0}', '"{0}{{1}}"=x',
                       '"{0}{{1}}"=y').report['runs']
    messages = [one['message']['text'] for one in run['results']]
    tap.check(any('{{0}}{{{{1}}}}' in m for m in messages), str(messages))


def test_sarif_keeps_to_the_standard(read):
    hold(json.loads(read['sarif']))
    for words in (['_ipp._tcp', '--instance', '..'], ['_ipp._tcp', '--instance', ''],
                  ['_ipp._tcp', '--instance', '\u202e /%:'], ['..', '--instance', '..'],
                  ['x', '--registry', 'none', '--disable', 'SD101']):
        log = sdscope.run('check', '-f', 'sarif', *words).expect(0, 1).report
        hold(log)
        for one in log['runs'][0]['results']:
            uri = one['locations'][0]['physicalLocation']['artifactLocation']['uri']
            inside = urllib.parse.urljoin('https://192.0.2.1/repository/', uri)
            tap.check(inside.startswith('https://192.0.2.1/repository/lan/'), f'{uri} leads out')
    properties = log['runs'][0]['properties']
    tap.includes(properties['rulesOff'], ['SD101'], 'rules that are off')
    tap.includes(properties['rulesNotEvaluated'], ['SD501'], 'rules without evidence')
    tap.check(all('suppressions' not in one for one in log['runs'][0]['results']),
              'a suppression without a policy')


def hold(log):
    """Hold a log to the subset of SARIF that is written."""
    try:
        import jsonschema
    except ImportError:
        raise tap.Skip('python3-jsonschema is not installed') from None
    schema = json.loads((ROOT / 'tests/cli/sarif.schema.json').read_text(encoding='utf-8'))
    jsonschema.Draft202012Validator.check_schema(schema)
    errors = jsonschema.Draft202012Validator(schema).iter_errors(log)
    tap.equal([f'{e.json_path}: {e.message}' for e in errors], [], 'SARIF')


def told_in(text):
    """The findings in a text of JUnit's: (rule, message, severity, why it is ignored)."""
    return [(m[5], m[4], m[3], m[6]) for m in map(FINDING.fullmatch, (text or '').split('\n')) if m]


def test_junit(read):
    xml.dom.minidom.parseString(read['junit'])
    top = xml.etree.ElementTree.fromstring(read['junit'])
    tap.equal(top.tag, 'testsuites', 'root')
    told = []
    for suite in top:
        tap.equal(suite.tag, 'testsuite', 'suite')
        for case in suite.findall('testcase'):
            subject = case.get('name') if suite.get('name') == 'files' else case.get('classname')
            failures, others = case.findall('failure'), case.findall('system-out')
            tap.check(len(failures) <= 1 and len(others) <= 1, 'more elements than readers show')
            for text in failures + others:
                for rule, message, severity, why in told_in(text.text):
                    tap.equal(severity in ('error', 'warning'), text.tag == 'failure',
                              f'{rule} is a failure')
                    tap.equal(severity == 'ignored', why is not None, f'{rule} has a reason')
                    told.append((subject, rule, message, why))
            for failure in failures:
                tap.includes([m for _, m, *_ in told_in(failure.text)], [failure.get('message')],
                             'messages')
    same(told, [{**f, 'ignored': reason(f)} for f in read['findings']],
         'subject', 'rule', 'message', 'ignored')


def counted(element):
    cases = list(element.iter('testcase'))
    return [str(n) for n in (len(cases), *(sum(c.find(tag) is not None for c in cases)
                                           for tag in ('failure', 'error', 'skipped')))]


def test_junit_counts(read):
    top = xml.etree.ElementTree.fromstring(read['junit'])
    for element in (top, *top):
        tap.equal([element.get(n) for n in ('tests', 'failures', 'errors', 'skipped')],
                  counted(element), f'counts of {element.get("name")}')
    for case in top.iter('testcase'):
        tap.check(len([c for c in case if c.tag in ('failure', 'skipped', 'error')]) <= 1,
                  'two outcomes of one case')
    fine = next(s for s in top if s.get('name') == 'Fine._ipp._tcp')
    tap.equal({c.get('name'): [e.tag for e in c] for c in fine.findall('testcase')},
              {'type': [], 'instance': [], 'txt': ['skipped'], 'srv': ['skipped'],
               'addresses': ['skipped'], 'registry': [], 'keys': ['skipped']}, 'cases')


def unescape(text, *more):
    for code, c in (*more, ('%0D', '\r'), ('%0A', '\n'), ('%25', '%')):
        text = text.replace(code, c)
    return text


def commands(data):
    """As the runner of GitHub Actions reads them."""
    for line in data.decode().split('\n')[:-1]:
        match = re.fullmatch(r'::(\w+) ([^:]*)::(.*)', line)
        tap.check(match, f'no workflow command: {line!a}')
        tap.check(line.isprintable(), f'not safe to print: {line!a}')
        properties = {name: unescape(value, ('%3A', ':'), ('%2C', ',')) for name, _, value in
                      (p.partition('=') for p in match[2].split(','))}
        yield match[1], properties, unescape(match[3])


def test_github(read):
    levels = {'error': 'error', 'warning': 'warning', 'info': 'notice'}
    told = []
    for command, properties, text in commands(read['github']):
        tap.excludes(properties, [p for p in properties if p not in (
            'file', 'line', 'col', 'title')], 'properties')
        tap.check(re.fullmatch('[1-9][0-9]*', properties['line']), 'line')
        rule = properties['title'].split()[0]
        ignored = text.partition('\nignored: ')[2] or None
        told.append((re.split('\n(?:hint|ignored): ', text)[0], rule, command, properties['file'],
                     ignored))
    same(told, [{**f, 'text': f'{f["subject"]}: {f["message"]}', 'ignored': reason(f),
                 'level': 'notice' if f['ignored'] else levels[f['severity']]}
                for f in read['findings']], 'text', 'rule', 'level', 'path', 'ignored')
    alone = list(commands(sdscope.run('check', '-f', 'github', '_ipp._tcp', '=x').output))
    tap.check(alone and all('file' not in p for _, p, _ in alone), 'a file, where there is none')


def test_text(read):
    told, subject = [], None
    shown = {safe(path.encode()): path for path in {f['path'] for f in read['findings']}}
    for line in read['text'].decode().split('\n'):
        name = next((name for name in shown if line.startswith(name + ':')), None)
        if not name:
            continue
        path, rest = shown[name], line[len(name) + 1:]
        if heading := re.fullmatch(r" in service '(.*)':", rest):
            subject = heading[1]
        elif match := FINDING.fullmatch(rest):
            told.append((subject or name, match[5], match[4], path, int(match[1]),
                         match[3] if match[3] != 'ignored' else match[6]))
    same(told, [{**f, 'line': f.get('line') or f['place'].get('line'),
                 'how': reason(f) or f['severity']} for f in read['findings']],
         'subject', 'rule', 'message', 'path', 'line', 'how')


# ---- files of which there is nothing to tell ----------------------------------------------------

QUIET = {
    'all ignored': ([{'rule': 'SD9*', 'reason': 'x'}], [], 0),
    'not evaluated': ([], ['--from', '/nonexistent'], 2),
}


@tap.each(*QUIET)
def test_no_format_has_an_empty_group(read, kind):
    ignore, words, status = QUIET[kind]
    with scratch() as folder:
        fine = write(folder / 'fine.json', {'type': '_ipp._tcp', 'instance': 'Fine'})
        policy = write(folder / 'policy.json', {'sdscope_policy': 1, 'ignore': ignore,
                                                'expect': [{'type': '_nfs._tcp'}]})
        for name in FORMATS:
            words = [*words, '-f', name, '-o', folder / name]
        sdscope.run('check', '--registry', 'none', '--policy', policy, '--from', fine, *words) \
            .expect(status)
        told = {name: (folder / name).read_bytes() for name in FORMATS}
    tap.excludes(json.loads(told['json']), ['files'], 'JSON')
    tap.equal(len(told['ndjson'].splitlines()), 1, 'lines of NDJSON')
    tap.equal([row[3] for row in rows(told['csv'])], ['instance', 'Fine'], 'lines of CSV')
    tap.equal(json.loads(told['sarif'])['runs'][0]['results'], [], 'results of SARIF')
    tap.equal([s.get('name') for s in xml.etree.ElementTree.fromstring(told['junit'])],
              ['Fine._ipp._tcp'], 'suites')
    tap.equal(told['github'], b'', 'annotations')
    tap.excludes(told['text'].decode(), [f'{policy}:'], 'text')


# ---- what is underlined -------------------------------------------------------------------------

UNDERLINED = {
    'no key': (['a=1', '=b'], 'SD321', '^~', '=b'),
    'byte of a key': (['café=1'], 'SD322', '~~~^', 'café'),
    'long key': (['averylongkey=1'], 'SD323', '^~~~~~~~~~~~', 'averylongkey'),
    'space at the end of a key': (['a =1'], 'SD324', '~^', 'a '),
    'second of two': (['日本語', 'a=1', '台=所', 'A=2'], 'SD325', '^', 'A'),
    'quoted value': (['a="b"'], 'SD327', '^~~', '"b"'),
    'undeclared': (['name=x', 'colour=red'], 'SD601', '^~~~~~', 'colour'),
    'in a flood': ([f'k{n}=1' for n in range(100)] + ['=x'] + ['y=1'] * 50, 'SD321', '^~', '=x'),
    'wide': (['=日本語'], 'SD321', '^~~~~~~', '=日本語'),
    'longer than a line': (['x' * 120 + '=' + 'y' * 100, '=z'], 'SD321', '^~', '=z'),
}


def columns(text):
    return sum(2 if unicodedata.east_asian_width(c) in 'WF' else 1 for c in text)


def under(line, mark):
    """What stands in the columns of a mark."""
    begin = len(mark) - len(mark.lstrip())
    end = len(mark)
    return ''.join(c for n, c in enumerate(line) if begin <= columns(line[:n]) < end)


@tap.each(*UNDERLINED)
def test_underlines(read, kind):
    strings, rule, wanted, what = UNDERLINED[kind]
    given = json.dumps({'type': '_leaf._tcp', 'txt': strings}).encode()
    for words, options in ((['--from', '-'], {'given': given}), (['_leaf._tcp', *strings], {})):
        lines = sdscope.run('check', *words, **options).expect(1).stdout.splitlines()
        at = next(n for n, text in enumerate(lines) if f'[{rule}]' in text)
        tap.equal(lines[at + 2].strip(), wanted, 'mark')
        tap.equal(under(lines[at + 1], lines[at + 2]), what, 'what is underlined')
        tap.check(columns(lines[at + 1]) <= 110, f'{columns(lines[at + 1])} columns')


def test_a_string_that_breaks_off_is_underlined(read):
    for rdata, text in (('05613d31', '"a=1'), ('03613d31ff', '"a=1" "'), ('03613d310562', '"a=1" "b')):
        given = json.dumps({'type': '_leaf._tcp', 'txt_hex': rdata}).encode()
        lines = sdscope.run('check', '--from', '-', given=given).expect(1).stdout.splitlines()
        at = next(n for n, line in enumerate(lines) if '[SD303]' in line)
        tap.equal(lines[at + 1].strip(), text, 'record')
        tap.equal(len(lines[at + 2]), len(lines[at + 1]) + 1, 'the caret is behind the end')


def test_places_of_text(read):
    given = b'{"type": "_ipp._tcp",\n "port": 0}'
    result = sdscope.run('check', '--registry', 'none', '--from', '-', given=given).expect(1)
    tap.equal(result.stdout.splitlines()[:3], [
        "<stdin>: in service '_ipp._tcp':", '<stdin>:2:10: warning: SRV port is 0 [SD402]',
        '    hint: set the port; 0 marks a placeholder, which is not to be browsed'], 'text')
    result = sdscope.run('check', '-l', '--registry', 'none', '--from', '-', given=given).expect(1)
    tap.includes(result.stdout.splitlines(), ['  warning  SRV port is 0 [SD402]'], 'in detail')
    result = sdscope.run('check', '--color', 'always', '--registry', 'none', '--from', '-',
                         given=given).expect(1)
    tap.includes(result.stdout, ['\x1b[33mwarning\x1b[0m'], 'in colour')


def test_what_is_ignored_in_text(read):
    with scratch() as folder:
        policy = write(folder / 'policy.json', {'sdscope_policy': 1, 'ignore': [
            {'rule': 'SD402', 'reason': 'a\x1b[31m'}]})
        command = ['check', '--registry', 'none', '--policy', policy, '--from', '-', '--show-ignored']
        given = b'{"type": "_ipp._tcp",\n "port": 0}'
        result = sdscope.run(*command, given=given).expect(0)
        told = '<stdin>:2:10: ignored: SRV port is 0 [SD402] - a\\x1b[31m'
        tap.equal(result.stdout.splitlines()[1:3], [told, ''], 'no hint')
        shown = sdscope.run(*command, '--color', 'always', given=given).expect(0).stdout
        tap.includes(shown.splitlines()[1], [f'\x1b[2m{told.partition(": ")[2]}\x1b[0m'], 'in colour')
        tap.excludes(sdscope.run(*command[:-1], given=given).expect(0).stdout, ['SD402'], 'hidden')


# ---- how formats are asked for ------------------------------------------------------------------

def test_format_help_lists_the_formats(read):
    shown = sdscope.run('check', '-f', 'help').expect(0).stdout
    tap.equal(re.findall('^  (\\w+)', shown, re.M), ['text', *[f for f in FORMATS if f != 'text']],
              'formats of check')
    tap.equal(re.findall('^  (\\w+)', sdscope.run('registry', 'list', '-f', 'help').stdout, re.M),
              ['text', 'json'], 'formats of registry')
    refused(sdscope.run('check', '-f', 'xml', '_a._tcp'), 'text, json, ndjson, csv, sarif, junit')
    refused(sdscope.run('browse', '-f', 'sarif'), "'sarif'", 'text, json, ndjson, csv')
    refused(sdscope.run('watch', '-f', 'junit'), "'junit'", 'text, ndjson, csv')


def test_the_manual_lists_the_columns(read):
    manual = (ROOT / 'man/sdscope.1').read_text(encoding='utf-8').replace('\n', '')
    tap.check(COLUMNS in manual, 'sdscope(1) does not list the columns of CSV')


if __name__ == '__main__':
    tap.main(setup=reports, needs=sdscope.program)
