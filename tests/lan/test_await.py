# SPDX-License-Identifier: MIT
"""`check --live` and `check --exec`: an advertisement that is, will be, or never is there."""

import json
import os
import signal
import tempfile
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import avahi
import netns
from avahi import avahi_host, publish, ready, service_file
from probe import Probe, rules
from rig import sdscope, tap, wait_for

LEAF = {'type': '_leaf._tcp', 'port': 5555, 'txt': ['name=Cabinet', 'product=Leaf 2', 'version=7']}
SHIPPED = "avahi-publish -s Shipped _leaf._tcp 5555 name=New 'product=Leaf 3' version=8"


@contextmanager
def home():
    netns.require(*avahi.TOOLS)
    with netns.Lab() as lab:
        link = lab.link()
        cellar = avahi_host(lab, 'cellar', link, services={'leaf': service_file('Leaf', LEAF)})
        desk = avahi_host(lab, 'desk', link)
        ready(cellar, desk)
        with tempfile.TemporaryDirectory(prefix='sdscope-await-') as folder:
            yield SimpleNamespace(cellar=cellar, desk=Probe(desk, 'avahi'), folder=Path(folder))


def check(lan, *arguments, status):
    return lan.desk.report('check', *arguments, status=[status])['services']


def is_running(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_what_is_there_is_checked(lan):
    found, = check(lan, '--live', '_leaf._tcp', status=0)
    tap.equal((found['instance'], found['port'], found['findings']), ('Leaf', 5555, []), 'service')


def test_what_comes_later_is_waited_for(lan):
    running = lan.desk.start('check', '-f', 'json', '--live', '--instance', 'Late', '_leaf._tcp')
    child = publish(lan.cellar, 'Late', {**LEAF, 'txt': ['nmae=x', 'product=y', 'version=1']})
    result = sdscope.finish(running).expect(1)
    child.kill()
    child.wait()
    found, = result.report['services']
    tap.equal(found['instance'], 'Late', 'instance')
    tap.includes(rules(found), ['SD601'], 'rules')


def test_what_never_comes_is_an_error(lan):
    found, = check(lan, '--live', '-t', '1', '--instance', 'Nobody', '_leaf._tcp', status=1)
    tap.equal((found['instance'], found['type']), ('Nobody', '_leaf._tcp'), 'service')
    tap.includes(rules(found), ['SD960'], 'rules')


def test_a_program_is_run_and_stopped(lan):
    pid = lan.folder / 'pid'
    found, = check(lan, '--exec', f'echo $$ >{pid}; echo noise; {SHIPPED}', '_leaf._tcp',
                   status=0)
    tap.equal(found['instance'], 'Shipped', 'the new one, not the one that was there before')
    tap.equal([a['value'] for a in found['txt']], ['New', 'Leaf 3', '8'], 'txt')
    tap.check(not is_running(-int(pid.read_text())), 'something of the program is left')


def test_a_program_that_advertises_nothing(lan):
    found, = check(lan, '--exec', 'sleep 60', '-t', '3', '_leaf._tcp', status=1)
    tap.includes(rules(found), ['SD960'], 'rules')


def test_a_program_that_ends_at_once(lan):
    result = lan.desk.run('check', '-f', 'json', '--exec', 'exit 3', '_leaf._tcp').expect(1)
    tap.includes(result.stderr, ['the program ended with status 3'], 'standard error')
    tap.includes(rules(result.report['services'][0]), ['SD960'], 'rules')


def test_a_program_that_does_not_listen(lan):
    found, = check(lan, '--exec', f"trap '' TERM; {SHIPPED} & wait; sleep 60", '--instance',
                   'Shipped', '_leaf._tcp', status=0)
    tap.equal(found['instance'], 'Shipped', 'instance')


def test_an_interrupt_stops_the_program_too(lan):
    pid = lan.folder / 'sleeper'
    running = lan.desk.start('check', '--exec', f'echo $$ >{pid}; exec sleep 60', '--instance', 'x',
                             '_leaf._tcp')
    wait_for(lambda: pid.exists() and pid.read_text(), 'the program')
    running.send_signal(signal.SIGINT)
    sdscope.finish(running).expect(4)
    tap.check(not is_running(int(pid.read_text())), 'the program is left')


def test_a_recorded_service_is_the_measure(lan):
    recorded = lan.folder / 'recorded.json'
    recorded.write_text(json.dumps({'type': '_leaf._tcp', 'txt': ['name=Cabinet', 'version=6',
                                                                  'gone']}))
    found, = check(lan, '--live', '--instance', 'Leaf', '--expect', recorded, '_leaf._tcp',
                   status=1)
    tap.equal([(f['rule'], f['key']) for f in found['findings']],
              [('SD961', 'gone'), ('SD962', 'product'), ('SD963', 'version')], 'findings')


if __name__ == '__main__':
    tap.main(setup=home, needs=sdscope.program)
