# SPDX-License-Identifier: MIT
"""The command line and the loop."""

import argparse
import collections
import json
import os
import select
import signal
import socket
import time

from . import __doc__ as manual
from .lan import Lan
from .responder import Responder, now
from .script import Script
from .transport import Transport


def range_of(text):
    least, most = text.split(',')
    return float(least), float(most)


def parse(arguments):
    parser = argparse.ArgumentParser(
        prog='fakelan', description='A simulated LAN of mDNS/DNS-SD hosts.', epilog=manual,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    option = parser.add_argument

    def flag(name, help_):
        option(name, action='store_true', help=help_)

    option('--iface', required=True, help='the interface to be on')
    option('--services', type=int, default=0, metavar='N', help='so many services by number')
    option('--hosts', type=int, default=0, metavar='H', help='on so many hosts (N/5)')
    option('--types', type=int, default=0, metavar='T', help='of so many types (N/25)')
    option('--file', help='JSON with exact hosts, services and records')
    flag('--no-aaaa', 'hosts by number have IPv4 addresses only')
    flag('--no-nsec', 'no negative answers')
    flag('--nsec-additional', 'NSEC in the additional section, as Apple does')
    option('--additional', choices=['full', 'srv', 'none'], default='full')
    option('--no-meta-types', help='comma list of types that the meta-query never names')
    option('--no-meta-count', type=int, default=0, help='hide so many types from it')
    flag('--announce', 'announce everything at start')
    option('--announce-spread', type=float, default=1.0, metavar='S')
    flag('--no-goodbye', 'vanish silently at the end')
    option('--delay', type=range_of, default=(0.020, 0.120), metavar='LO,HI',
           help='seconds before a shared answer')
    option('--tc-delay', type=range_of, default=(0.400, 0.500), metavar='LO,HI',
           help='seconds to wait for more known answers')
    option('--one-second', type=float, default=1.0, metavar='S',
           help='a record is multicast once in so many seconds; 0 = no limit')
    option('--max-pkt', type=int, default=1440, metavar='BYTES')
    flag('--no-legacy', 'no answer to queries from a port other than 5353')
    option('--loss', type=float, default=0.0,
           help='lose this share of the packets to and from each host')
    flag('--src-per-host', "send from each host's own address (ip route add local ... dev lo)")
    option('--ip-ttl', type=int, default=255, metavar='N', help='of the packets (RFC 6762 11)')
    flag('--ipv6', 'on IPv6 too')
    flag('--no-ipv4', 'not on IPv4')
    option('--seed', type=int, help='of everything random')
    flag('--stdin', 'follow a script')
    option('--stats', metavar='FILE', help='write the counters at the end')
    option('--ready-file', metavar='FILE', help='written once it answers')
    flag('--trace', 'show queries on stderr')
    flag('--prewarm', 'encode the usual responses before starting')
    option('--duration', type=float, default=600.0, metavar='S')
    option('--max-packets', type=int, default=2000000, metavar='N')
    return parser.parse_args(arguments)


def say(**what):
    print(json.dumps(what), flush=True)


class Loop:
    """Sockets, timers and the script, until one of them says it is enough."""

    def __init__(self, responder, options):
        self.responder = responder
        self.options = options
        self.script = Script(responder)
        self.lines = collections.deque()
        self.partial = b''
        self.script_resumes = 0.0
        self.stopped = False
        self.poll = select.poll()
        self.readers = {}
        for transport in responder.transports:
            self.watch(transport.socket.fileno(), lambda t=transport: responder.receive(t))
        if options.stdin:
            os.set_blocking(0, False)
            self.watch(0, self.read_script)

    def watch(self, fd, reader):
        self.poll.register(fd, select.POLLIN)
        self.readers[fd] = reader

    def read_script(self):
        data = os.read(0, 65536)
        if not data:
            self.poll.unregister(0)
        *lines, self.partial = (self.partial + data).split(b'\n')
        for line in filter(bytes.strip, lines):
            try:
                self.lines.append(json.loads(line))
            except ValueError as why:
                say(error=f'bad script line: {why}')

    def run_script(self):
        """Up to the next sleep; seconds until the script goes on, None when it has no more."""
        while self.lines and now() >= self.script_resumes:
            line = self.lines.popleft()
            if line.get('op') == 'sleep':
                self.script_resumes = now() + float(line['s'])
            else:
                say(op=line.get('op'), result=self.script.run(line), t=time.time())
        return max(0.0, self.script_resumes - now()) if self.lines else None

    def stop(self, *_):
        self.stopped = True

    def run(self):
        end = now() + self.options.duration
        while not self.stopped and not self.script.ended:
            if now() > end or self.responder.stats['tx'] > self.options.max_packets:
                say(stop='limit')
                break
            waits = [end - now() + 0.01, 1.0, self.responder.run_timers(), self.run_script()]
            timeout = max(0.0, min(w for w in waits if w is not None))
            for fd, _ in self.poll.poll(timeout * 1000):
                self.readers[fd]()


def main(arguments=None):
    options = parse(arguments)
    lan = Lan(options)
    if options.services:
        lan.generate()
    if options.file:
        lan.load(options.file)
    responder = Responder(lan, options)
    if options.prewarm:
        responder.prewarm()
    families = [socket.AF_INET] * (not options.no_ipv4) + [socket.AF_INET6] * options.ipv6
    responder.transports = [Transport(f, options.iface, responder.stats, options.ip_ttl)
                            for f in families]
    loop = Loop(responder, options)
    signal.signal(signal.SIGTERM, loop.stop)
    signal.signal(signal.SIGINT, loop.stop)
    signal.signal(signal.SIGUSR1, lambda *_: say(**responder.stats))
    if options.announce:
        responder.announce_all()
    if options.ready_file:
        with open(options.ready_file, 'w', encoding='utf-8') as file:
            print(os.getpid(), file=file)
    say(ready=1, hosts=len(lan.hosts), services=len(lan.services), types=len(lan.meta))
    loop.run()
    if not options.no_goodbye:
        responder.goodbye_all()
    if options.stats:
        with open(options.stats, 'w', encoding='utf-8') as file:
            json.dump(responder.stats, file)
    say(**responder.stats)
    return 0


