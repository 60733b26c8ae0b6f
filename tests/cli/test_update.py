# SPDX-License-Identifier: MIT
"""`registry update` against a real HTTPS server: whatever goes wrong, what served still serves."""

import contextlib
import gzip
import json
import os
import pty
import signal
import subprocess
import tempfile
import time
from pathlib import Path

from cli import sdscope, tap
from lib import https
from lib.poll import wait_for

N = 300                     # records: more than are built in, where only an excerpt is
NEWER = '2099-01-01'        # than anything that is built in


def registry(date=NEWER, n=None, mark=''):
    """A registry in IANA's XML, as large as what is built in unless @n says otherwise."""
    n = size() if n is None else n
    rows = ''.join(f'<record><name>leaf-{i}</name><protocol>tcp</protocol>'
                   f'<description>Leaf {i}{mark}</description></record>\n' for i in range(n))
    return (f'<?xml version="1.0" encoding="UTF-8"?>\n<registry '
            f'xmlns="http://www.iana.org/assignments" id="service-names-port-numbers">\n'
            f'<title>Leaves</title>\n<updated>{date}</updated>\n{rows}</registry>\n').encode()


def size():
    """Records to serve: at least as many as are built in."""
    if not Rig.n:
        stats = sdscope.run('registry', 'stats', '-f', 'json', '--registry', 'builtin')
        Rig.n = max(N, stats.expect(0).report['records'])
    return Rig.n


class Rig:
    """A server, a data folder, and the program that uses both."""

    n = 0

    def __init__(self, folder):
        self.folder = folder
        self.certificates = https.make_certificates(folder)
        self.server = None

    def fresh(self):
        """A new server and a new folder."""
        self.close()
        self.server = https.Server(*self.certificates[1:])
        self.server.body = registry()
        self.home = Path(tempfile.mkdtemp(dir=self.folder))
        self.data = self.home / 'sdscope'
        self.file = self.data / 'updated'

    def close(self):
        if self.server:
            self.server.close()
        self.server = None

    def start(self, *options, url=None, ca=True, action='update', variables=None, **more):
        words = ['--url', url or self.server.url] if action == 'update' else []
        words += ['--cacert', self.certificates[0]] if ca and action == 'update' else []
        return sdscope.start('registry', action, *words, *options,
                             variables={'XDG_DATA_HOME': str(self.home), **(variables or {})},
                             **more)

    def update(self, *options, **more):
        return sdscope.finish(self.start(*options, **more))

    def serves(self):
        """What serves now: (title, origin) of the only table."""
        stats = sdscope.finish(self.start('-f', 'json', action='stats')).expect(0).report
        table, = stats['registry']
        return table['title'], table['origin']

    def files(self):
        return sorted(path.name for path in self.data.iterdir()) if self.data.exists() else []

    def with_old(self):
        """Store a registry, of which every byte must survive."""
        self.server.body = registry(mark=' (old)')
        self.update().expect(0)
        self.old = self.file.read_bytes()
        self.server.body, self.server.etag = registry(), '"2"'

    def fresh_with_old(self):
        self.fresh()
        self.with_old()

    def by_date(self, date):
        """What is served is told from another version by its date alone."""
        self.server.etag, self.server.modified = None, date

    def updates(self):
        """It works, and the file is as it was served."""
        result = self.update().expect(0)
        tap.check(self.file.read_bytes() == self.server.body, 'the file is not what was served')
        return result

    def breaks_off(self, *words):
        """A transfer does, and what came of it is kept; the next one will not."""
        self.server.cut = 10000
        self.survived(self.update(), 'broke off after 10000 bytes', *words, part=True)
        self.server.cut = None

    def survived(self, result, *words, status=3, part=False):
        """It failed, told why and what serves in two lines, and the old registry is as it was."""
        result.expect(status)
        lines = result.stderr.splitlines()
        tap.equal(len(lines), 2, f'{result}\nlines on standard error')
        tap.includes(lines[0], words, str(result))
        tap.includes(lines[1], ['the updated registry, of 2099-01-01', 'still serves'], 'serves')
        tap.equal(result.stdout, '', 'standard output')
        tap.check(self.file.read_bytes() == self.old, 'the old registry is not as it was')
        tap.equal(self.serves(), ('Leaves', str(self.file)), 'what serves')
        tap.equal('partial' in self.files(), part, f'a part is kept: {self.files()}')


@contextlib.contextmanager
def rig():
    with tempfile.TemporaryDirectory(prefix='sdscope-update-') as folder:
        made = Rig(Path(folder))
        os.chmod(folder, 0o755)
        yield made
        made.close()


def test_a_fresh_one_is_stored_and_serves(rig):
    rig.fresh()
    result = rig.updates()
    tap.equal(result.stderr, '', 'standard error')
    tap.includes(result.stdout, ['updated', 'Leaves', NEWER, str(rig.file)], 'told')
    tap.equal(rig.files(), ['lock', 'updated', 'updated.receipt'], 'files')
    tap.equal(rig.serves(), ('Leaves', str(rig.file)), 'what serves')
    receipt = json.loads((rig.data / 'updated.receipt').read_text())
    tap.equal({k: receipt[k] for k in ('etag', 'url', 'updated', 'size')},
              {'etag': '"1"', 'url': rig.server.url, 'updated': NEWER,
               'size': len(rig.server.body)}, 'receipt')


def test_the_words_name_what_they_say(rig):
    rig.fresh()
    absent = sdscope.finish(rig.start('--registry', 'updated', action='stats')).expect(2)
    tap.includes(absent.stderr, ['there is no updated registry'], 'told')
    rig.update().expect(0)
    for word, origin in (('updated', str(rig.file)), ('builtin', 'builtin')):
        result = sdscope.finish(rig.start('--registry', word, '-f', 'json', action='stats'))
        tap.equal(result.expect(0).report['registry'][0]['origin'], origin, word)


def test_json_tells_before_and_after(rig):
    rig.fresh()
    told = rig.update('-f', 'json').expect(0).report
    tap.equal(told['outcome'], 'updated', 'outcome')
    tap.equal(told['registry'][0]['records'], size(), 'records')
    tap.equal(told['before'][0]['origin'], 'builtin', 'before')
    tap.equal(rig.update('-f', 'json').expect(0).report['outcome'], 'current', 'again')


def test_an_updated_one_keeps_the_profiles(rig):
    rig.fresh()
    before = rig.update('-f', 'json').expect(0).report
    n = before['before'][0]['profiles']
    tap.check(n > 0, 'no profile is built in')
    tap.equal(before['registry'][0]['profiles'], n, 'profiles at once')
    for words in ((), ('--registry', 'updated')):
        stats = sdscope.finish(rig.start('-f', 'json', *words, action='stats')).expect(0).report
        tap.equal(stats['registry'][0]['profiles'], n, f'profiles {words}')


def test_what_is_current_is_not_fetched_again(rig):
    rig.fresh_with_old()
    rig.server.etag, rig.server.body = '"1"', b'not to be fetched'
    result = rig.update().expect(0)
    tap.includes(result.stdout, ['nothing newer', 'Leaves'], 'told')
    asked = rig.server.requests[-1]
    tap.equal(asked['If-None-Match'], '"1"', 'tag')
    tap.equal(asked['If-Modified-Since'], rig.server.modified, 'date')
    tap.check(rig.file.read_bytes() == rig.old, 'the file')


def test_another_address_is_asked_without_conditions(rig):
    rig.fresh_with_old()
    rig.update(url=rig.server.url + '?elsewhere').expect(0)
    tap.excludes(rig.server.requests[-1], ['If-None-Match', 'If-Modified-Since'], 'headers')


def test_a_damaged_one_is_told_does_not_serve_and_is_fetched_anew(rig):
    rig.fresh_with_old()
    rig.server.etag = '"1"'                      # the same, the server would say
    rig.file.write_bytes(b'<' + b'x' * (len(rig.old) - 1))
    stats = sdscope.finish(rig.start('-f', 'json', action='stats')).expect(0)
    tap.equal(stats.report['registry'][0]['origin'], 'builtin', 'what serves')
    tap.includes(stats.stderr, [str(rig.file)], 'told')
    rig.update().expect(0)
    tap.equal(rig.serves(), ('Leaves', str(rig.file)), 'what serves')


def test_an_older_one_than_is_built_in_does_not_serve(rig):
    rig.fresh()
    rig.data.mkdir()
    rig.file.write_bytes(registry('1999-01-01'))
    origin = rig.serves()[1]
    with_date = sdscope.finish(rig.start('-f', 'json', '--registry', 'builtin', action='stats'))
    if with_date.report['registry'][0]['updated']:
        tap.equal(origin, 'builtin', 'what serves')
    old = sdscope.finish(rig.start('--registry', 'updated', action='stats')).expect(0)
    tap.includes(old.stderr, ['1999-01-01', 'more than a year old', 'registry update'], 'warning')


def test_a_csv_is_taken_too(rig):
    rig.fresh()
    head = 'Service Name,Port Number,Transport Protocol,Description,Assignee,Contact,' \
           'Registration Date,Modification Date,Reference,Service Code,' \
           'Unauthorized Use Reported,Assignment Notes\n'
    rows = ''.join(f'leaf-{i},,tcp,Leaf,,,2099-01-01,,,,,\n' for i in range(size()))
    rig.server.body = (head + rows).encode()
    result = rig.update().expect(0)
    tap.includes(result.stdout, ['undated, newest record of 2099-01-01'], 'told')
    tap.equal(rig.serves()[1], str(rig.file), 'what serves')
    rig.server.body, rig.server.etag = registry(), '"2"'
    rig.update().expect(0)                       # from one format to the other


def test_a_compressed_one_is_taken_too(rig):
    rig.fresh()
    rig.server.body = gzip.compress(registry())
    result = rig.update()
    if 'without zlib' in result.stderr:
        raise tap.Skip('gzip is not read')
    result.expect(0)
    tap.check(rig.file.read_bytes() == rig.server.body, 'the file differs from what was served')
    tap.equal(rig.serves(), ('Leaves', str(rig.file)), 'what serves')


BAD = {
    'garbage': (lambda: bytes(range(256)) * 500, 'no whole registry'),
    'nothing': (lambda: b'', ''),
    'a page for people': (lambda: b'<!DOCTYPE html><html><body>Log in</body></html>',
                          'no whole registry'),
    'cut, and the server does not know': (lambda: registry()[:-40], 'no whole registry'),
    'compressed, and cut': (lambda: gzip.compress(registry())[:-9], 'no whole registry'),
    'compressed after a cut': (lambda: gzip.compress(registry()[:-40]), 'no whole registry'),
    'far fewer records': (lambda: registry(n=size() * 9 // 10), 'more than 5 % of them'),
    'an older date': (lambda: registry('2098-12-31'), 'older'),
}


@tap.each(*BAD)
def test_what_is_no_good_registry_is_refused(rig, kind):
    make, words = BAD[kind]
    rig.fresh_with_old()
    rig.server.body = make()
    rig.survived(rig.update(), words, status=2 if words else 3)


def test_a_little_smaller_is_no_loss(rig):
    rig.fresh_with_old()
    rig.server.body = registry(n=size() * 97 // 100)
    rig.updates()


def test_a_malformed_row_is_told(rig):
    rig.fresh()
    rig.server.body = registry().replace(b'<protocol>tcp<', b'<protocol>morse<', 1)
    result = rig.update().expect(0)
    tap.includes(result.stderr, ['1 of its records could not be read'], 'told')


@tap.each('with a tag', 'with a date')
def test_a_transfer_that_breaks_off_is_gone_on_with(rig, kind):
    rig.fresh_with_old()
    if kind == 'with a date':
        rig.by_date('Fri, 01 Jan 2027 00:00:00 GMT')
    rig.breaks_off('goes on')
    rig.updates()
    tap.equal(rig.server.requests[-1]['Range'], 'bytes=10000-', 'what was asked for')
    tap.equal(rig.files(), ['lock', 'updated', 'updated.receipt'], 'files')


def test_what_changed_meanwhile_is_fetched_whole(rig):
    rig.fresh_with_old()
    rig.breaks_off()
    rig.server.etag, rig.server.body = '"3"', registry(mark=' (new)')
    rig.updates()


@tap.each('by its tag', 'by its date')
def test_parts_of_two_versions_are_not_joined(rig, kind):
    """Not every server heeds If-Range."""
    rig.fresh_with_old()
    if kind == 'by its date':
        rig.by_date('Fri, 01 Jan 2027 00:00:00 GMT')
    rig.breaks_off()
    rig.server.careless, rig.server.body = True, registry(mark=' (new)')
    if kind == 'by its date':
        rig.server.modified = 'Sat, 02 Jan 2027 00:00:00 GMT'
    else:
        rig.server.etag = '"3"'
    rig.updates()


def test_a_part_that_is_not_all_the_rest_is_gone_on_with(rig):
    rig.fresh_with_old()
    rig.breaks_off()
    rig.server.most = 10000
    rig.survived(rig.update(), 'broke off after 20000 bytes', part=True)
    rig.server.most = None
    rig.updates()
    tap.equal(rig.server.requests[-1]['Range'], 'bytes=20000-', 'what was asked for')


def test_a_part_with_a_weak_tag_is_compared_by_date(rig):
    rig.fresh_with_old()
    rig.server.etag = 'W/"2"'
    rig.breaks_off()
    rig.update().expect(0)
    tap.equal(rig.server.requests[-1]['If-Range'], rig.server.modified, 'validator')


@tap.each('whole', 'more than there is')
def test_a_part_that_is_of_no_use_is_dropped(rig, kind):
    rig.fresh_with_old()
    rig.breaks_off()
    surplus = 0 if kind == 'whole' else 77
    (rig.data / 'partial').write_bytes(rig.server.body + bytes(surplus))
    rig.updates()
    tap.excludes(rig.server.requests[-1], ['Range'], 'headers of the last request')


def test_killed_half_way_then_gone_on_with(rig):
    rig.fresh_with_old()
    rig.server.chunk, rig.server.pause = 2000, 0.05
    process = rig.start()
    part = rig.data / 'partial'
    wait_for(lambda: part.exists() and part.stat().st_size >= 4000, 'a part of the file')
    process.send_signal(signal.SIGKILL)
    process.communicate()
    kept = part.stat().st_size
    tap.check(rig.file.read_bytes() == rig.old, 'the old registry is not as it was')
    tap.equal(rig.serves(), ('Leaves', str(rig.file)), 'what serves')
    rig.server.pause = 0
    rig.updates()
    tap.equal(rig.server.requests[-1]['Range'], f'bytes={kept}-', 'what was asked for')


def test_two_at_once(rig):
    rig.fresh_with_old()
    rig.server.chunk, rig.server.pause = 4000, 0.05
    first = rig.start()
    wait_for(lambda: len(rig.server.requests) == 2, 'the first request')
    second = rig.update()
    rig.survived(second, 'another update runs', status=2, part=True)
    rig.server.pause = 0
    sdscope.finish(first).expect(0)
    tap.check(rig.file.read_bytes() == rig.server.body, 'the file')


def test_a_redirection_is_followed(rig):
    rig.fresh()
    other = https.Server(*rig.certificates[1:])
    other.status, other.location = 302, rig.server.url
    with contextlib.closing(other):
        rig.update(url=other.url).expect(0)
    tap.check(rig.file.read_bytes() == rig.server.body, 'the file')


def test_a_redirection_away_from_https_is_refused(rig):
    rig.fresh_with_old()
    plain = https.Server()
    rig.server.status, rig.server.location = 301, plain.url
    with contextlib.closing(plain):
        rig.survived(rig.update(), 'not HTTPS', status=2)
        tap.equal(plain.requests, [], 'what was asked without HTTPS')


def test_redirections_without_end(rig):
    rig.fresh_with_old()
    rig.server.status, rig.server.location = 302, rig.server.url
    rig.survived(rig.update(), 'redirect')


@tap.each('http://localhost/', 'ftp://localhost/', 'file:///etc/services', 'localhost', '')
def test_only_https_is_an_address(rig, url):
    result = sdscope.run('registry', 'update', '--url', url).expect(2)
    tap.includes(result.stderr, ['begins with https://'], 'told')


def test_a_certificate_of_an_unknown_authority(rig):
    rig.fresh_with_old()
    rig.survived(rig.update(ca=False), 'certificate')
    tap.equal(len(rig.server.requests), 1, 'requests')


def test_a_certificate_of_another_host(rig):
    rig.fresh_with_old()
    rig.survived(rig.update(url=rig.server.url.replace('localhost', '127.0.0.1')), 'certificate')


@tap.each(404, 500, 503)
def test_a_server_that_has_it_not(rig, status):
    rig.fresh_with_old()
    rig.server.status = status
    rig.survived(rig.update(), f'status {status}')


def test_a_server_that_is_not_there(rig):
    rig.fresh_with_old()
    url = rig.server.url
    rig.close()
    rig.survived(rig.update(url=url), 'cannot fetch')


def test_a_server_that_is_too_slow(rig):
    rig.fresh_with_old()
    rig.server.chunk, rig.server.pause = 100, 0.3
    started = time.monotonic()
    rig.survived(rig.update('-t', '1'), 'broke off', part=True)
    tap.check(time.monotonic() - started < 20, 'it did not stop in time')


@tap.each('told', 'not told')
def test_more_than_anybody_needs_is_refused(rig, kind):
    rig.fresh_with_old()
    if kind == 'told':
        rig.server.length = 65 << 20
    else:
        rig.server.body, rig.server.length = b'<!--' + b'x' * (65 << 20), 0
    rig.survived(rig.update(), 'more than 64 MiB', status=2)


def test_a_full_disk(rig):
    if os.geteuid() != 0:
        raise tap.Skip('only root can mount a small disk')
    rig.fresh()
    rig.server.body = registry()
    room = 2 * len(rig.server.body)
    mount = ['mount', '-t', 'tmpfs', '-o', f'size={room}', 'tmpfs', rig.home]
    if subprocess.run(mount, capture_output=True).returncode:
        raise tap.Skip('a small disk cannot be mounted here')
    try:
        rig.with_old()
        rig.server.body += b'<!--' + b'x' * room + b'-->\n'
        rig.survived(rig.update(), 'No space left', status=2)
    finally:
        subprocess.run(['umount', rig.home], check=True)


def test_a_folder_that_may_not_be_written(rig):
    rig.fresh_with_old()
    nobody = {'user': 65534, 'group': 65534} if os.geteuid() == 0 else {}
    os.chmod(rig.home, 0o755)
    os.chmod(rig.data, 0o555)
    try:
        rig.survived(rig.update(**nobody), 'Permission denied', status=2)
    finally:
        os.chmod(rig.data, 0o755)


def test_a_folder_that_cannot_be_made(rig):
    rig.fresh()
    (rig.home / 'sdscope').write_text('in the way')
    result = rig.update().expect(2)
    tap.includes(result.stderr, ['built in', 'still serves'], 'told')


def test_the_bar_is_for_a_terminal(rig):
    rig.fresh()
    rig.server.chunk, rig.server.pause = 4000, 0.02
    master, slave = pty.openpty()
    process = rig.start(variables={'TERM': 'xterm'}, stderr=slave)
    os.close(slave)
    shown = b''
    with contextlib.suppress(OSError):           # the terminal ends with the process
        while chunk := os.read(master, 4096):
            shown += chunk
    os.close(master)
    sdscope.finish(process).expect(0)
    tap.includes(shown.decode(), ['\r[=', '100 %', '\r\x1b[K'], 'the bar')


if __name__ == '__main__':
    tap.main(setup=rig, needs=sdscope.program)
