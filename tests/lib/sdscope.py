# SPDX-License-Identifier: MIT
"""The program under test: run it, read its reports, follow its events.

`spawn` is subprocess.Popen or something alike, for example the method of a host in a namespace.
"""

import json
import os
import select
import signal
import subprocess
import time
from pathlib import Path

from .poll import PATIENCE_S

SOURCE_ROOT = Path(__file__).resolve().parents[2]
BUILT = ('build/sdscope', 'build/test/sdscope')
RUN_S = 180             # longer than any scan may take


class NotBuilt(Exception):
    pass


def program():
    """The absolute path of the program: $SDSCOPE, else what the build left."""
    given = os.environ.get('SDSCOPE')
    for path in [given] if given else [SOURCE_ROOT / b for b in BUILT]:
        if os.access(path, os.X_OK):
            return str(Path(path).resolve())
    raise NotBuilt(f'no program at {given or "build/"}; run "./run build", or set SDSCOPE')


def environment():
    """A clean one: no user's registry, policy, colours or locale leaks into a test."""
    kept = {k: v for k, v in os.environ.items()
            if k in ('PATH', 'LD_LIBRARY_PATH', 'LSAN_OPTIONS', 'ASAN_OPTIONS', 'UBSAN_OPTIONS')}
    return {'LC_ALL': 'C.UTF-8', 'TZ': 'UTC', 'TERM': 'dumb', 'HOME': '/nonexistent', **kept}


class Result:
    """What a finished run left: status, stdout, stderr (text) and output (bytes)."""

    def __init__(self, command, status, output, errors):
        self.command = command
        self.status = status
        self.output = output
        self.stdout = output.decode('utf-8', 'backslashreplace')
        self.stderr = errors.decode('utf-8', 'backslashreplace')

    @property
    def report(self):
        """The JSON report, parsed; AssertionError with what came instead."""
        try:
            return json.loads(self.output)
        except ValueError as why:
            raise AssertionError(f'{self}\nstdout is not JSON: {why}: {self.stdout[:500]!r}')

    def expect(self, *statuses):
        """This result, if its exit status is one of these."""
        if self.status not in statuses:
            raise AssertionError(f'{self}\nwanted exit status {statuses}')
        return self

    def __str__(self):
        words = ' '.join(self.command[1:])
        return f'"sdscope {words}": exit status {self.status}\nstderr: {self.stderr[-1500:]}'


def start(*arguments, spawn=subprocess.Popen, variables=None, **options):
    """Start it; `variables` come on top of a clean environment, `options` are those of spawn."""
    command = [program(), *map(str, arguments)]
    streams = {'stdin': subprocess.DEVNULL, 'stdout': subprocess.PIPE, 'stderr': subprocess.PIPE}
    return spawn(command, env={**environment(), **(variables or {})}, **{**streams, **options})


def finish(process, timeout=RUN_S, given=None):
    """Wait for a started program; one that hangs is killed and is a failure."""
    try:
        output, errors = process.communicate(given, timeout=timeout)
    except subprocess.TimeoutExpired:
        process.kill()
        output, errors = process.communicate()
        raise AssertionError(f'still running after {timeout} s: {" ".join(process.args)}\n'
                             f'stdout: {output[-800:]!r}\nstderr: {errors[-800:]!r}')
    return Result(process.args, process.returncode, output or b'', errors or b'')


def run(*arguments, timeout=RUN_S, given=None, **options):
    """Run it to its end; `given` is what it reads from standard input (bytes)."""
    if given is not None:
        options['stdin'] = subprocess.PIPE
    return finish(start(*arguments, **options), timeout, given)


class Watch:
    """A running `sdscope watch -f ndjson`, whose events can be awaited."""

    def __init__(self, *arguments, spawn=subprocess.Popen):
        self.process = start('watch', '-f', 'ndjson', *arguments, spawn=spawn)
        self.events = []
        self.first = 0                     # events before this one no longer count
        self.buffers = {self.process.stdout: b'', self.process.stderr: b''}
        self.open = set(self.buffers)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        for stream in self.buffers:
            stream.close()

    def _read(self, timeout):
        """Take in what has come; False when nothing did."""
        ready, _, _ = select.select(list(self.open), [], [], timeout)
        for stream in ready:
            data = os.read(stream.fileno(), 65536)
            if not data:
                self.open.discard(stream)
            self.buffers[stream] += data
        *lines, self.buffers[self.process.stdout] = \
            self.buffers[self.process.stdout].split(b'\n')
        self.events += [json.loads(line) for line in lines if line.strip()]
        return bool(ready)

    def read_all(self):
        """Take in all that has come, without waiting."""
        while self.open and self._read(0):
            pass

    def mark(self):
        """From here on only new events count."""
        self.read_all()
        self.first = len(self.events)

    def named(self, *names):
        """The events of these names since the mark, without waiting."""
        return [e for e in self.events[self.first:] if e['event'] in names]

    def wait(self, event, predicate=lambda e: True, timeout=PATIENCE_S):
        """The first event of this name since the mark that the predicate accepts."""
        return self.wait_any((event,), predicate, timeout)

    def wait_any(self, names, predicate=lambda e: True, timeout=PATIENCE_S):
        """The first event of one of these names since the mark that the predicate accepts."""
        deadline = time.monotonic() + timeout
        while True:
            for candidate in self.named(*names):
                if predicate(candidate):
                    return candidate
            left = deadline - time.monotonic()
            if left <= 0 or not self.open:
                break
            self._read(left)
        seen = [(e['event'], e.get('service', {}).get('instance')) for e in self.events]
        raise AssertionError(f'no event "{" or ".join(names)}" within {timeout:g} s; '
                             f'{"running" if self.open else "program ended"}\nseen: {seen}\n'
                             f'stderr: {self.stderr[-1500:]}')

    @property
    def stderr(self):
        return self.buffers[self.process.stderr].decode('utf-8', 'backslashreplace')

    def stop(self, number=signal.SIGINT, timeout=PATIENCE_S):
        """Send the signal, read to the end; the exit status."""
        self.process.send_signal(number)
        deadline = time.monotonic() + timeout
        while self.open and time.monotonic() < deadline:
            self._read(0.1)
        try:
            return self.process.wait(timeout=max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            raise AssertionError(f'watch did not end within {timeout:g} s of signal {number}')
