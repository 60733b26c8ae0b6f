# SPDX-License-Identifier: MIT
"""The wire: sockets bound to the mDNS groups, beside each other and beside a daemon."""

import json
import os
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import avahi
import netns
from avahi import avahi_host, ready, service_file
from fake import Fake
from rig import PATIENCE_S, tap, wait_for

FAMILIES = ('4', '6')
SERVICES = 1000
TYPES = 40
SSH = '_ssh._tcp.local'
META = '_services._dns-sd._udp.local'
HERE = Path(__file__).resolve().parent


class Tool:
    """wire_tool on a host."""

    def __init__(self, host, family='4', interface='eth0'):
        self.host = host
        self.command = [os.environ['SDS_WIRE_TOOL'], interface, family]

    def __enter__(self):
        self.process = self.host.spawn(self.command, stdin=subprocess.PIPE,
                                       stdout=subprocess.PIPE, text=True)
        self.read()
        return self

    def __exit__(self, *_):
        self.process.communicate(timeout=PATIENCE_S)
        self.host.children.remove(self.process)
        tap.equal(self.process.returncode, 0, 'exit status of wire_tool')

    def read(self):
        return SimpleNamespace(**json.loads(self.process.stdout.readline() or '{}'))

    def do(self, line):
        self.process.stdin.write(line + '\n')
        self.process.stdin.flush()

    def tell(self):
        self.do('tell')
        return self.read()

    def ask(self, name):
        self.do(f'ask {name}')

    def wait(self, condition, what):
        return wait_for(lambda: condition(told := self.tell()) and told, what)

    def ask_until(self, condition, what, name):
        self.ask(name)
        return self.wait(condition, what)


@contextmanager
def link_with_daemon():
    netns.require(*avahi.TOOLS)
    with netns.Lab() as lab:
        link, other = lab.link(), lab.link()
        served = avahi_host(lab, 'served', link,
                            services={'s': service_file('served', {'type': '_ssh._tcp'})})
        ready(served)
        both = lab.host('both', link, other)
        crowd = lab.host('crowd', other)
        lab.enter_context(Fake(crowd, None, '--services', str(SERVICES), '--hosts', '100',
                               '--types', str(TYPES)))
        yield SimpleNamespace(served=served, both=both, crowd=crowd)


def is_heard(told):
    """A question and an answer; the daemon's announcements come unasked for some seconds."""
    return told.queries and told.ptr and told.srv


@tap.each(*FAMILIES)
def test_a_query_leaves_from_the_mdns_port_and_is_answered(lan, family):
    with Tool(lan.both, family) as asking, Tool(lan.served, family) as beside:
        told = asking.ask_until(is_heard, 'the answer, and the question itself', SSH)
        tap.equal((told.other_ports, told.other_ttls, told.other_links), (0, 0, 0),
                  'datagrams from other ports, with another TTL, from other links')
        # One beside the daemon hears the question, and what the daemon answers.
        told = beside.wait(is_heard, 'the question and the answer beside the daemon')
        tap.equal((told.other_ports, told.other_ttls, told.other_links), (0, 0, 0),
                  'datagrams from other ports, with another TTL, from other links')


@tap.each(*FAMILIES)
def test_a_socket_hears_its_own_link_alone(lan, family):
    with Tool(lan.both, family) as first, Tool(lan.both, family, 'eth1') as second:
        second.ask_until(lambda t: t.ptr == TYPES, f'{TYPES} types', META)
        told = first.ask_until(lambda t: t.srv, 'the answer', SSH)
        tap.equal((told.srv, told.other_links), (1, 0), 'SRV, and datagrams of other links')
        told = second.tell()
        tap.equal((told.ptr, told.other_links), (TYPES, 0), 'PTR, and datagrams of other links')


def test_several_sockets_hear_the_same(lan):
    with Tool(lan.both, '4', 'eth1') as first, Tool(lan.both, '4', 'eth1') as second, \
            Tool(lan.both) as other:
        second.ask_until(lambda t: t.ptr == TYPES, f'{TYPES} types', META)
        first.wait(lambda t: t.ptr == TYPES, f'{TYPES} types for the one beside it')
        told = other.tell()     # the daemon there may just announce what it has
        tap.check(told.ptr < TYPES, f'{told.ptr} PTR on the other link')
        tap.equal(told.other_links, 0, 'datagrams of other links')


def test_the_daemon_keeps_its_unicast_answers(lan):
    asked = [sys.executable, str(HERE / 'unicast.py'), lan.served.addresses()[0],
             'served.local', 'A', '64']
    with Tool(lan.served) as tool, Tool(lan.served), Tool(lan.served, '6'):
        tool.ask(SSH)
        tap.equal(lan.both.run(asked).stdout.strip(), '64', 'answers of 64')


def test_browsing_finds_everything(lan):
    with Tool(lan.both, '4', 'eth1') as tool:
        tool.do('browse')
        told = tool.wait(lambda t: t.srv == t.txt == SERVICES, f'{SERVICES} services')
        tap.equal((told.drops, told.faults), (0, 0), 'drops and faults')
        # A type is asked for once before the answers are there, and never alone.
        tap.check(told.questions <= 4 * (TYPES + 1), f'{told.questions} questions')
        tap.check(told.packets < told.questions, f'{told.packets} packets')


def test_lost_datagrams_are_counted(lan):
    count = 40000
    here = lan.both.addresses('eth1')[0]
    flood = f'''
import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton('{here}'))
for i in range({count}):
    s.sendto(bytes(12), ('224.0.0.251', 5353))
'''
    with Tool(lan.both, '4', 'eth1') as tool:
        tool.do('hold')
        before = tool.tell()
        lan.both.run([sys.executable, '-c', flood])
        told = tool.tell()
        tap.equal(told.datagrams, before.datagrams, 'read while holding')
        tap.check(told.drops > 0, 'nothing was lost')
        tool.do('go')
        tool.wait(lambda t: t.datagrams + t.drops >= before.datagrams + count,
                  'every datagram is read or counted')
        tap.equal(tool.tell().drops, told.drops, 'drops')


def test_an_interface_that_is_not_there(lan):
    done = lan.both.run([os.environ['SDS_WIRE_TOOL'], 'eth7', '4'], check=False)
    tap.equal((done.returncode, done.stderr), (1, 'wire_tool: eth7: No such device\n'))


if __name__ == '__main__':
    tap.main(setup=link_with_daemon)
