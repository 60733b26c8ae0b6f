# SPDX-License-Identifier: MIT
"""./run bench discovery: what is found of a simulated LAN, how fast, and at what cost.

Every program gets a LAN of its own with a cold daemon, in namespaces; all in one run, so that they
see one load. Nothing here fails on a time, nor on what is found.
"""

import argparse
import json
import math
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[1:1] = [str(ROOT / 'tests/lan'), str(ROOT / 'tests')]

import avahi                                            # noqa: E402
from avahi import avahi_host, ready                     # noqa: E402
from fake import Fake                                   # noqa: E402
from netns import Lab                                   # noqa: E402
from lib import sdscope, tap                            # noqa: E402

SIZES = (50, 500, 1000, 2000, 5000)
PATIENCE_S = 60
SCAN_S = 10         # mdns-scan has no end of its own
TICKS = os.sysconf('SC_CLK_TCK')

# Browses everything as a user of python3-zeroconf would, and resolves what it finds.
ZEROCONF = '''
import time
from zeroconf import ServiceBrowser, Zeroconf, ZeroconfServiceTypes
found, zc = {}, Zeroconf(interfaces=["%s"])
class Listener:
    def add_service(self, zc, type_, name):
        found[name] = zc.get_service_info(type_, name, 1000) is not None
    def update_service(self, *_): pass
    def remove_service(self, *_): pass
types = ZeroconfServiceTypes.find(zc, timeout=2)
browsers = [ServiceBrowser(zc, t, Listener()) for t in types]
before = -1
while len(found) != before:
    before = len(found)
    time.sleep(1)
print(sum(found.values()))
'''


def count_report(output):
    services = json.loads(output)['services']
    return sum(1 for s in services if s.get('host') and s.get('addresses') and 'txt_hex' in s)


def count_avahi(output):
    return len({tuple(line.split(';')[3:6]) for line in output.splitlines()
                if line.startswith('=')})


def count_scan(output):
    return len(set(re.findall(r'^\+ (.*)$', output, re.MULTILINE)))


def programs():
    """(name, needs a daemon, command, how what it prints is counted); of those that are here."""
    for source in ('auto', 'avahi', 'embedded', 'wire'):
        yield (f'sdscope {source}', source in ('auto', 'avahi'),
               lambda host, s=source: [sdscope.program(), 'browse', '--source', s, '-f', 'json'],
               count_report)
    if shutil.which('avahi-browse'):
        yield 'avahi-browse -art', True, lambda host: ['avahi-browse', '-artp'], count_avahi
    if shutil.which('mdns-scan'):
        yield ('mdns-scan', False,
               lambda host: ['sh', '-c', f'timeout -s INT {SCAN_S} mdns-scan 2>&1'], count_scan)
    python = '/usr/bin/python3'
    if subprocess.run([python, '-c', 'import zeroconf'], capture_output=True).returncode == 0:
        yield ('python3-zeroconf', False,
               lambda host: [python, '-c', ZEROCONF % host.addresses()[0]], int)


def cpu_of(pid):
    """Seconds that a process has used."""
    fields = Path(f'/proc/{pid}/stat').read_text(encoding='utf-8').rsplit(')', 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def queries_heard(fake):
    """Packets with questions, and their bytes."""
    stats = fake.do('stats')
    stats = stats if isinstance(stats, dict) else {}        # "ok": none of any kind
    return stats.get('rx_queries', 0), stats.get('rx_bytes', 0)


def measure(size, needs_daemon, command, count):
    """What was found, seconds, CPU of the program and of the daemon, queries on the link."""
    with Lab() as lab:
        link = lab.link()
        fake = lab.enter_context(Fake(lab.host('crowd', link, ipv6=False), None, '--services',
                                      str(size), '--prewarm'))
        if needs_daemon:
            host = avahi_host(lab, 'probe', link, ipv6=False)
            ready(host)
            daemon = host.daemon.process.pid
        else:
            host, daemon = lab.host('probe', link, ipv6=False), None
        queries = queries_heard(fake)
        cpu = cpu_of(daemon) if daemon else 0
        start = time.perf_counter()
        child = host.spawn(command(host), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                           stdin=subprocess.DEVNULL, text=True, start_new_session=True)
        output = child.stdout.read()
        _, _, usage = os.wait4(child.pid, 0)
        took = time.perf_counter() - start
        child.returncode = 0
        asked = [after - before for before, after in zip(queries, queries_heard(fake))]
        return (count(output), took, usage.ru_utime + usage.ru_stime,
                cpu_of(daemon) - cpu if daemon else None, *asked)


def exponent(sizes, values):
    """How something grows from the first size to the last: 1 as they do, 2 as their squares."""
    if sizes[0] == sizes[1] or min(values) <= 0:
        return '-'
    return f'{math.log(values[1] / values[0]) / math.log(sizes[1] / sizes[0]):.2f}'


def print_growth(sizes, rows):
    """Between each size and the next, and from the first to the last: exponents of growth, and what
    a service takes at the larger one."""
    print(f'{"services":>13}  {"program":<20}{"found":>7}{"seconds":>9}{"queries":>9}{"bytes":>8}'
          f'{"ms each":>10}{"queries each":>14}')
    for name in rows:
        for a, b in [*zip(sizes, sizes[1:]), (sizes[0], sizes[-1])]:
            small, large = rows[name][a], rows[name][b]
            grows = [exponent((a, b), (small[i], large[i])) for i in (0, 1, 4, 5)]
            found = max(1, large[0])
            print(f'{a:>6}-{b:<6}  {name:<20}{grows[0]:>7}{grows[1]:>9}{grows[2]:>9}{grows[3]:>8}'
                  f'{large[1] * 1000 / found:>10.2f}{large[4] / found:>14.3f}')
            if len(sizes) == 2:
                break


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('sizes', nargs='*', type=int, default=SIZES, metavar='SERVICES')
    sizes = parser.parse_args().sizes or SIZES
    print(f'{"services":>8}  {"program":<20}{"found":>7}{"seconds":>9}{"CPU s":>8}{"daemon":>8}'
          f'{"queries":>9}{"bytes":>8}')
    rows = {}
    for size in sizes:
        for name, needs_daemon, command, count in programs():
            row = measure(size, needs_daemon, command, count)
            rows.setdefault(name, {})[size] = row
            found, took, cpu, daemon, queries, octets = row
            print(f'{size:>8}  {name:<20}{found:>7}{took:>9.2f}{cpu:>8.2f}'
                  f'{"-" if daemon is None else f"{daemon:.2f}":>8}{queries:>9}{octets:>8}',
                  flush=True)
        print()
    if len(sizes) > 1:
        print_growth(sizes, rows)


if __name__ == '__main__':
    try:
        main()
    except tap.Skip as reason:
        sys.exit(f'discovery is not measured: {reason}')
