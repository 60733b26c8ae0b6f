# SPDX-License-Identifier: MIT
"""Somebody floods the link: what others advertise is found, memory is bounded, and the report tells."""

import os
import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import avahi
import netns
import still
from avahi import avahi_host, ready
from fake import Fake
from probe import Probe
from rig import sdscope, tap, wait_for

SOURCES = ('auto', 'embedded', 'wire')
GOOD = 50
TYPES = ('_s00000._tcp', '_s00001._tcp')
TYPE = f'{TYPES[0]}.local'      # of half of them
META = '_services._dns-sd._udp.local'
NAMES, SECONDS = 100000, 10
AHEAD = 20000       # more than are kept of instances (16384), or asked for of types (4096)
MEMORY_KB = 256 << 10
SANITIZED = os.environ.get('SDSCOPE_SANITIZE', 'none') != 'none'
# By LATE at most, on a slow machine: the loop comes to a deadline some turns later.
DEADLINE, LATE = 30, 30 if SANITIZED else 15
FLOOD = str(Path(__file__).resolve().parent / 'flood.py')


@contextmanager
def flooded_link():
    netns.require(*avahi.TOOLS)
    with netns.Lab() as lab:
        link = lab.link()
        fake = lab.enter_context(Fake(lab.host('good', link, ipv6=False), None,
                                      '--services', str(GOOD), '--hosts', str(GOOD)))
        served = avahi_host(lab, 'probe-auto', link, ipv6=False)
        ready(served)
        alone = lab.host('probe-alone', link, ipv6=False)
        yield SimpleNamespace(fake=fake, mallory=lab.host('mallory', link, ipv6=False),
                              probes={'auto': Probe(served, 'auto'),
                                      'embedded': Probe(alone, 'embedded'),
                                      'wire': Probe(alone, 'wire')})


@contextmanager
def flood(lan, type_, ahead=AHEAD, seconds=SECONDS):
    """While names come, ten thousand a second, and AHEAD of them have come."""
    mallory = lan.mallory
    process = mallory.spawn([sys.executable, FLOOD, mallory.addresses()[0], type_, str(NAMES),
                             str(seconds), str(ahead)],
                            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
    try:
        tap.equal(process.stdout.readline(), b'ahead\n', 'the flood')
        yield
    finally:
        process.kill()
        process.wait()
        process.stdout.close()
        mallory.children.remove(process)


def takes_signals(process):
    """Whether SIGINT is blocked, to be read by the loop: before, it would just end the process."""
    status = Path(f'/proc/{process.pid}/status').read_text()
    blocked = int(status.partition('SigBlk:')[2].split()[0], 16)
    return bool(blocked & 1 << (signal.SIGINT - 1))


def times_asked(lan, probe):
    return lan.fake.do('asked', name=META, by=probe.host.addresses()[0])['times']


def told(lan):
    """Packets that were sent of what is good."""
    return lan.fake.do('stats').get('tx', 0)


def tell_all(lan):
    """Have all that is advertised announced; each host does so twice, in a packet of its own."""
    packets = told(lan) + 2 * GOOD
    lan.fake.do('announce')
    wait_for(lambda: told(lan) >= packets, 'announcements')


def scan(lan, probe, meanwhile, *options):
    """Of everything, which stands still, once it has asked, until meanwhile(process) is entered."""
    before = []

    def begin():
        before.append(times_asked(lan, probe))
        return probe.start('browse', '-f', 'json', *options)

    return still.scan(begin, lambda process: takes_signals(process) and
                      times_asked(lan, probe) > before[-1], meanwhile, finish)


def flooded_scan(lan, probe, type_, *options):
    """The report of a scan in a flood, and the most memory it had. It stands still until others
    have told what they have, and the flood is more than can be kept: however slow either is, that
    is what the scan hears first, and no silence settles it."""
    @contextmanager
    def flooded(_):
        tell_all(lan)
        with flood(lan, type_):
            yield

    result = scan(lan, probe, flooded, *options).expect(0, 4)
    return result.report, result.memory_kb


def finish(process):
    """Its result, with the most memory it had; the status comes too late for communicate()."""
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    result = sdscope.Result(process.args, process.returncode, output, process.stderr.read())
    process.stdout.close()
    process.stderr.close()
    result.memory_kb = usage.ru_maxrss
    return result


def check_good(report):
    good = [s for s in report['services'] if s['instance'].startswith('Device ')]
    tap.equal(len(good), GOOD, 'services of others')
    bare = [s['instance'] for s in good if not s.get('txt') or not s.get('addresses')]
    tap.equal(bare, [], 'services of others that were not resolved')


def check_heard_anew(report):
    """The flood was over when auto asked for everything anew, and everything came."""
    tap.check(any(note.endswith(': sdscope asked by itself') for note in report['scan']['notes']),
              f'complete: {report["scan"]}')
    check_good(report)


def check_bounds(report, memory_kb):
    if report['scan']['complete']:
        check_heard_anew(report)
    else:
        tap.check(report['scan']['reasons'], 'an incomplete scan says why')
    tap.check(report['scan']['duration_s'] < DEADLINE + LATE, f'scan: {report["scan"]}')
    tap.check(SANITIZED or memory_kb < MEMORY_KB, f'{memory_kb} KB of memory')


@tap.each(*SOURCES)
def test_a_flood_of_names(lan, source):
    report, memory_kb = flooded_scan(lan, lan.probes[source], TYPE, '-t', str(DEADLINE))
    # Of the others, Avahi is busy with the flood; and with sanitizers we are ourselves.
    if source == 'wire' and not SANITIZED:
        check_good(report)
    check_bounds(report, memory_kb)


@tap.each(*SOURCES)
def test_a_flood_of_types(lan, source):
    """Of which so many are asked for, those of others that were heard before among them."""
    report, memory_kb = flooded_scan(lan, lan.probes[source], META, '-t', str(DEADLINE))
    if source == 'wire' and not SANITIZED:
        check_good(report)
    if source == 'wire':
        tap.includes(report['scan']['reasons'], ['more service types than are asked for'],
                     'reasons')
    check_bounds(report, memory_kb)


@tap.each(*SOURCES)
def test_an_interrupt_ends_a_flooded_scan(lan, source):
    @contextmanager
    def interrupted(process):
        with flood(lan, TYPE):
            os.kill(process.pid, signal.SIGINT)
            yield

    report = scan(lan, lan.probes[source], interrupted, '-t', '600').expect(4).report
    tap.equal(report['scan']['complete'], False, f'complete: {report["scan"]}')
    tap.check(report['scan']['duration_s'] < 60, f'scan: {report["scan"]}')


@tap.each('names', 'types')
def test_a_flood_that_is_over_when_another_one_asks(lan, what):
    """The daemon hangs: what auto asks anew, it asks on a link that is quiet, and finds it."""
    probe = lan.probes['auto']

    @contextmanager
    def flooded(_):
        with flood(lan, {'names': TYPE, 'types': META}[what], ahead=NAMES, seconds=1), \
                probe.host.daemon.hanging():
            yield

    report = scan(lan, probe, flooded, '-t', '100').expect(0, 4).report
    tap.equal(report['scan']['source'], 'wire', 'scan.source')
    check_good(report)


def test_named_types_are_found_in_a_flood_of_others(lan):
    with flood(lan, META):
        report = lan.probes['wire'].report('browse', *TYPES, status=(0, 4))
    check_good(report)


if __name__ == '__main__':
    tap.main(setup=flooded_link, needs=sdscope.program)
