# SPDX-License-Identifier: MIT
"""./run bench: what sdscope costs beside a peer that does the like, measured in the same run.

A line is a measurement: ours, the peer's, and how they compare. Nothing here fails on a time.
The files are IANA's where ../shared has them, else made of the registry that is built in.
"""

import csv
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from xml.sax.saxutils import escape

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(1, str(ROOT / 'tests'))

from lib import sdscope     # noqa: E402

ROUNDS = 20
START_ROUNDS = 200
CSV_HEADINGS = ('Service Name,Port Number,Transport Protocol,Description,Assignee,Contact,'
                'Registration Date,Modification Date,Reference,Service Code,'
                'Unauthorized Use Reported,Assignment Notes').split(',')


def shared(name):
    """A file of IANA's beside the project, or None."""
    for place in filter(None, [os.environ.get('SDSCOPE_SHARED'), ROOT / '../shared']):
        path = Path(place) / 'data' / name
        if path.exists():
            return path
    return None


def facts():
    with open(ROOT / 'registry/iana.json', encoding='utf-8') as file:
        return json.load(file)['records']


def make_csv(path):
    with open(path, 'w', encoding='utf-8', newline='') as file:
        writer = csv.writer(file)
        writer.writerow(CSV_HEADINGS)
        for r in facts():
            writer.writerow([r.get('name'), *r.get('ports', [None]), r.get('transport'),
                             r.get('description'), '', '', r.get('registered'), r.get('modified'),
                             ''.join(f'[{x}]' for x in r.get('reference', ()))])
    return path


def make_xml(path):
    tags = {'name': 'name', 'transport': 'protocol', 'description': 'description'}
    with open(path, 'w', encoding='utf-8') as file:
        file.write('<registry xmlns="http://www.iana.org/assignments"><title>Facts</title>\n')
        for r in facts():
            file.write('<record>')
            for member, tag in tags.items():
                file.write(f'<{tag}>{escape(r.get(member) or "")}</{tag}>')
            file.write(f'<number>{"".join(r.get("ports", ()))}</number></record>\n')
        file.write('</registry>\n')
    return path


def run(command):
    """Seconds and peak memory in KiB of one run."""
    start = time.perf_counter()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                             env=sdscope.environment())
    _, _, usage = os.wait4(child.pid, 0)
    child.returncode = 0
    return time.perf_counter() - start, usage.ru_maxrss


def best(commands, rounds=ROUNDS):
    """The best time of each command, and its peak memory; in turns, so that all see one load."""
    found = [[run(c) for c in commands] for _ in range(rounds)]
    return [(min(t for t, _ in column), max(m for _, m in column)) for column in zip(*found)]


def best_of(function, rounds=ROUNDS):
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        function()
        times.append(time.perf_counter() - start)
    return min(times)


def line(what, ours, peer='', verdict=''):
    print(f'{what:<44}{ours:>14}  {peer:<34}{verdict}')


def ms(seconds):
    return f'{seconds * 1000:.1f} ms'


def compare(what, ours, peer_name, peer):
    line(what, ms(ours), f'{peer_name} {ms(peer)}', f'{ours / peer:.2f} of it')


def bench_loading(program, folder):
    xml = shared('iana-2026-08-17.xml') or make_xml(Path(folder) / 'facts.xml')
    table = shared('iana-2024.csv') or make_csv(Path(folder) / 'facts.csv')
    load = [program, 'registry', 'stats', '--registry']
    (ours, memory), = best([[*load, xml]])
    if shutil.which('xmllint'):
        (ours, memory), (peer, peer_memory) = best([[*load, xml], ['xmllint', '--noout', xml]])
        compare('load the XML', ours, 'xmllint --noout', peer)
        line('  peak memory', f'{memory / 1024:.1f} MiB', f'xmllint {peer_memory / 1024:.1f} MiB')
    else:
        line('load the XML', ms(ours), 'no xmllint here')
        line('  peak memory', f'{memory / 1024:.1f} MiB')
    (ours, memory), = best([[*load, table]])

    def read_by_python():
        with open(table, encoding='utf-8', newline='') as file:
            list(csv.reader(file))

    compare('load the CSV', ours, "Python's csv", best_of(read_by_python))
    line('  peak memory', f'{memory / 1024:.1f} MiB')


def bench_start(program):
    check = [program, 'check', '_ipp._tcp', '--registry']
    (true, _), (bare, _), (none, none_memory), (builtin, memory) = best(
        [['/bin/true'], [program, '--version'], [*check, 'none'], [*check, 'builtin']],
        START_ROUNDS)
    compare('start, --version', bare, '/bin/true', true)
    compare('check with the registry built in', builtin, 'without a registry', none)
    line('  peak memory', f'{memory / 1024:.1f} MiB', f'without {none_memory / 1024:.1f} MiB')


def bench_inside(program):
    """What the helper beside the program tells, a line "name nanoseconds" each."""
    helper = Path(program).resolve().parent / 'tests/bench/lookups'
    if not helper.exists():
        line('lookups and checks', 'not built', f'ninja -C {helper.parents[2]} tests/bench/lookups')
        return
    out = subprocess.run([helper], check=True, capture_output=True, text=True).stdout
    took = dict(words.split() for words in out.splitlines())
    line('look a name up', f'{took["lookup"]} ns', f'{1e9 / float(took["lookup"]):,.0f} a second')
    for name in 'clean', 'dirty':
        line(f'check a {name} service, all rules', f'{took[name]} ns', 'budget 5,000 ns',
             f'{float(took[name]) / 5000:.2f} of it')


def main():
    program = sdscope.program()
    with tempfile.TemporaryDirectory() as folder:
        bench_loading(program, folder)
    bench_start(program)
    bench_inside(program)


if __name__ == '__main__':
    main()
