# SPDX-License-Identifier: MIT
"""The watch beside avahi-browse on one host: what Avahi tells is on the screen and in the stream
within a second.

Each step is taken a few times: the machine may be busy, but not always.
"""

import json
import os
import select
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import avahi
import netns
from avahi import avahi_host, ready, service_file
from rig import PATIENCE_S, Tmux, sdscope, tap, wait_for

TYPE = '_http._tcp'
WITHIN_S = 1
ROUNDS = 5
PUBLISHER = Path(__file__).resolve().with_name('publisher.py')


@contextmanager
def two_hosts():
    if os.environ.get('SDSCOPE_SCREEN', '1') == '0':
        raise tap.Skip('this build has no screen: ncursesw is off')
    netns.require('tmux', *avahi.TOOLS)
    with netns.Lab() as lab:
        link = lab.link()
        shop = avahi_host(lab, 'shop', link, services={
            'steady': service_file('steady', {'type': TYPE, 'port': 80})})
        desk = avahi_host(lab, 'desk', link)
        ready(shop, desk)
        yield SimpleNamespace(shop=shop, desk=desk)


class Browse:
    """avahi-browse, whose lines are kept with the time at which they came."""

    def __init__(self, host):
        self.process = host.spawn(['avahi-browse', '-p', '-r', TYPE], stdin=subprocess.DEVNULL,
                                  stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.rest, self.lines = b'', []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()

    def read(self):
        while select.select([self.process.stdout], [], [], 0)[0]:
            data = os.read(self.process.stdout.fileno(), 65536)
            if not data:
                return
            *lines, self.rest = (self.rest + data).split(b'\n')
            self.lines += [line.decode() for line in lines]


class Eyes:
    """The screen, the stream and avahi-browse, side by side on one host."""

    def __init__(self, screen, stream, browse):
        self.screen, self.stream, self.browse = screen, stream, browse

    def mark(self):
        self.browse.read()
        self.browse.lines.clear()
        self.stream.mark()

    def see(self, browse, stream, screen):
        """Wait until each has seen it; {who: when}, by conditions on lines, events and text.
        Of what avahi-browse does not tell `browse` is when the daemon was told itself."""
        seen = {} if callable(browse) else {'avahi': browse}

        def all_seen():
            self.browse.read()
            while self.stream.open and self.stream._read(0):
                pass
            conditions = {'avahi': lambda: browse(self.browse.lines),
                          'stream': lambda: stream(self.stream.events[self.stream.first:]),
                          'screen': lambda: screen(self.screen.text)}
            for who, condition in conditions.items():
                if who not in seen and condition():
                    seen[who] = time.monotonic()
            return len(seen) == len(conditions)

        try:
            wait_for(all_seen, 'what was done being seen', PATIENCE_S, every=0.005)
        except TimeoutError:
            raise AssertionError(f'seen: {list(seen)}; lines: {self.browse.lines[-5:]}; events: '
                                 f'{self.stream.events[self.stream.first:]}; the screen:\n'
                                 f'{self.screen.text}')
        return seen


@contextmanager
def watched(lan):
    command = [sdscope.program(), 'watch', '--source', 'avahi', TYPE]
    with Tmux(command, size=(120, 40), spawn=lan.desk.spawn) as screen, \
            sdscope.Watch('--source', 'avahi', TYPE, spawn=lan.desk.spawn) as stream, \
            Browse(lan.desk) as browse:
        stream.wait('settled')
        screen.wait_text('steady', 'complete')
        yield Eyes(screen, stream, browse)


def publisher(host, name, *txt):
    child = host.spawn([sys.executable, '-B', str(PUBLISHER), name, TYPE, '80', *txt],
                       stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    told(child, 'established')
    return child


def told(child, word):
    line = child.stdout.readline().strip()
    tap.equal(line, word, 'what the publisher says')


def withdraw(child):
    child.stdin.close()
    child.wait(timeout=PATIENCE_S)
    child.stdout.close()


def of(name, kind):
    """Accepts events of a kind about a service."""
    return lambda events: any(e['event'] == kind and e.get('service', {}).get('instance') == name
                              for e in events)


def line_of(sign, name):
    """Accepts lines of avahi-browse -p."""
    return lambda lines: any(line.startswith(sign) and f';{name};' in line for line in lines)


def log_of(sign, *words):
    """Accepts a screen whose log has such a line."""
    return lambda text: any(f' {sign} ' in line and all(w in line for w in words)
                            for line in text.rpartition('EVENTS')[2].splitlines())


def timely(delays):
    """Of several rounds, one must have been as fast as is promised: others may have had to wait
    for a busy machine."""
    for who in ('stream', 'screen'):
        late = [seen[who] - seen['avahi'] for seen in delays]
        print(f'# {who} after Avahi: {", ".join(f"{d:.2f}" for d in late)} s')
        tap.check(min(late) <= WITHIN_S, f'the {who} is late by {late} s')


def test_what_avahi_tells_is_shown_within_a_second(lan):
    delays = {'comes': [], 'changes': [], 'goes': []}
    with watched(lan) as eyes:
        for n in range(ROUNDS):
            name = f'guest-{n}'
            eyes.mark()
            child = publisher(lan.shop, name, 'v=1')
            delays['comes'].append(eyes.see(line_of('=', name), of(name, 'added'),
                                            log_of('+', name)))
            eyes.mark()
            child.stdin.write(json.dumps([f'v={n + 2}', 'new']) + '\n')
            child.stdin.flush()
            told(child, 'updated')
            delays['changes'].append(eyes.see(time.monotonic(), of(name, 'changed'),
                                              log_of('~', name, f"'{n + 2}'")))
            eyes.mark()
            withdraw(child)
            delays['goes'].append(eyes.see(line_of('-', name), of(name, 'removed'),
                                           log_of('-', name)))
        for what, seen in delays.items():
            print(f'# {what}:')
            timely(seen)
        tap.check('steady' in eyes.screen.text, 'what stays is shown')


def test_a_daemon_that_stops_and_comes_back(lan):
    with watched(lan) as eyes:
        eyes.mark()
        stopped = time.monotonic()
        lan.desk.daemon.stop()
        eyes.screen.wait_text('LOST')
        print(f'# the screen says so {time.monotonic() - stopped:.2f} s after the stop')
        eyes.stream.wait('lost')
        tap.check('steady' in eyes.screen.text, 'what is known stays')
        child = publisher(lan.shop, 'meanwhile')
        lan.desk.daemon.start()
        eyes.stream.wait('back')
        eyes.screen.wait_no_text('LOST')
        eyes.stream.wait('added', lambda e: e['service']['instance'] == 'meanwhile')
        eyes.screen.wait_text('meanwhile', 'complete')
        withdraw(child)
        eyes.screen.wait(log_of('-', 'meanwhile'), 'the guest gone')
        eyes.screen.press('q')
        tap.equal(eyes.screen.wait_end(), 0, 'exit status')


if __name__ == '__main__':
    tap.main(setup=two_hosts, needs=sdscope.program)
