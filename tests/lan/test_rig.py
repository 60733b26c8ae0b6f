# SPDX-License-Identifier: MIT
"""The rig itself, proven without the program under test: what the LANs of the other tests
advertise is really there, and nothing of a LAN outlives the program that made it."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import avahi
import netns
import test_audit
import test_hostile
from avahi import avahi_host, ready
from contextlib import contextmanager
from fake import Fake, ask
from probe import rdata
from rig import PATIENCE_S, tap, wait_for

HOLD = '''
import signal, sys
sys.path.insert(0, sys.argv[1])
from rig import tap
from netns import Lab
from avahi import avahi_host, service_file
from fake import Fake
tap.unwind_on_signals()
with Lab() as lab:
    link = lab.link()
    host = avahi_host(lab, "host", link, services={"s": service_file("s", {"type": "_s0._tcp"})})
    crowd = lab.host("crowd", link)
    fake = lab.enter_context(Fake(crowd, None, "--services", "3"))
    print(link.pid, host.pid, crowd.pid, host.bus.process.pid, host.daemon.process.pid,
          fake.process.pid, flush=True)
    signal.pause()
'''


@contextmanager
def able():
    netns.require(*avahi.TOOLS)
    yield


def escaped(label):
    """A label of any bytes, as ask.py reads it."""
    return ''.join(f'\\{byte:03}' for byte in label.encode())


def seen_by_avahi(host, wanted):
    """avahi-browse sees so many services on the host."""
    def browse():
        lines = host.run(['avahi-browse', '-apt', '--no-db-lookup']).stdout.splitlines()
        names = {tuple(line.split(';')[3:5]) for line in lines if line.startswith('+')}
        # of the meta-query, where one names it, every type is an instance: ('_http', '_tcp')
        return {(name, type_) for name, type_ in names
                if '.' in type_ and type_ != '_dns-sd._udp'}
    wait_for(lambda: len(browse()) >= wanted, f'{wanted} services seen by avahi-browse')
    tap.equal(len(browse()), wanted, 'services seen by avahi-browse')


def test_avahi_publishes_txt_as_it_is_written(_):
    with test_audit.home() as lan:
        host = lan.probes['avahi'].host
        seen_by_avahi(host, sum(len(s) for s in test_audit.SERVICES.values()))
        for services in test_audit.SERVICES.values():
            for (name, type_), (_, txt) in services.items():
                tap.equal(ask(host, f'{escaped(name)}.{type_}.local', 'TXT'), [rdata(txt)], name)


def test_hostile_services_are_on_the_wire(_):
    with test_hostile.hostile_lan() as lan:
        host = lan.probes['avahi'].host
        seen_by_avahi(host, len(test_hostile.HOSTILE))
        for instance, _, special in test_hostile.HOSTILE:
            txt = test_hostile.txt_of(special)
            if txt is not None:
                name = f'{escaped(instance)}.{special.get("type", "_http._tcp")}.local'
                tap.equal(ask(host, name, 'TXT'), [txt], instance)


def test_a_hundred_services_are_seen(_):
    with netns.Lab() as lab:
        link = lab.link()
        probe = avahi_host(lab, 'probe', link)
        ready(probe)
        lab.enter_context(Fake(lab.host('crowd', link), None, '--services', '100'))
        seen_by_avahi(probe, 100)


def test_two_lans_side_by_side_do_not_meet(_):
    with netns.Lab() as one, netns.Lab() as other:
        for lab in (one, other):
            link = lab.link()
            probe = avahi_host(lab, 'probe', link)
            ready(probe)
            lab.enter_context(Fake(lab.host('crowd', link), None, '--services', '5'))
            seen_by_avahi(probe, 5)


def outside():
    """What a LAN could leave on the machine."""
    links = subprocess.run(['ip', '-o', 'link'], capture_output=True, check=True).stdout
    return links, Path('/proc/self/mountinfo').read_text(), sorted(os.listdir('/run'))


def end_a_lan(name):
    """Make a LAN, end its program by a signal, and wait until all its processes have gone."""
    holder = subprocess.Popen([sys.executable, '-c', HOLD, str(Path(__file__).parent)],
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    with holder:
        pids = holder.stdout.readline().split()
        tap.equal(len(pids), 6, 'processes of the LAN')
        holder.send_signal(getattr(signal, name))
        holder.wait(timeout=PATIENCE_S)
        wait_for(lambda: not [p for p in pids if Path('/proc', p.decode()).exists()],
                 'end of all processes')


@tap.each('SIGINT', 'SIGTERM', 'SIGHUP', 'SIGKILL')
def test_nothing_is_left_behind_after(_, name):
    for _ in range(5):      # others change the machine, too, but not every time
        before = outside()
        end_a_lan(name)
        after = outside()
        if after == before:
            return
    tap.equal(after, before, 'links, mounts and files outside')


if __name__ == '__main__':
    tap.main(setup=able)
