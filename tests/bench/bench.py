# SPDX-License-Identifier: MIT
"""./run bench: what sdscope costs beside a peer that does the like, measured in the same run.

A line is a measurement: ours, the peer's, and how they compare. Nothing here fails on a time.
The files are IANA's where ../shared has them, else made of the registry that is built in.
"""

import csv
import json
import os
import re
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
COUNT_ROUNDS = 10    # under valgrind
BUDGET_NS = 5000
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


def collected(helper, name, rounds):
    """The instructions of a whole run of the helper, as valgrind counts them."""
    out = subprocess.run(['valgrind', '--tool=callgrind', '--callgrind-out-file=/dev/null', helper,
                          name, str(rounds)], check=True, capture_output=True, text=True).stderr
    return int(re.search(r'Collected : (\d+)', out)[1])


def count_instructions(helper, name, n_services):
    """Of a service: what more rounds cost, so that all else is left out."""
    if not shutil.which('valgrind'):
        return None
    few, many = (collected(helper, name, rounds) for rounds in (1, 1 + COUNT_ROUNDS))
    return (many - few) / COUNT_ROUNDS / n_services


def line_inside(helper, name, took, instructions, allocations, n, service_type):
    what = {'lookup': 'look a name up', 'unregistered': 'check one that is not registered'}.get(
        name, f'check a {name} service, of {n}' if service_type == '-' else
        f'  the slowest: {service_type}')
    counted = float(instructions) if instructions != '-' else count_instructions(
        helper, name, int(n))
    words = f'{counted:,.0f} instructions' if counted is not None else 'instructions: not counted'
    took = float(took)
    line(what, f'{took:,.0f} ns', words, f'{1e9 / took:,.0f} a second' if name == 'lookup' else
         f'{took / BUDGET_NS:.2f} of the budget, {allocations} allocations')


def bench_inside(program):
    """What the helper beside the program tells: see lookups.c."""
    helper = Path(program).resolve().parent / 'tests/bench/lookups'
    if not helper.exists():
        line('lookups and checks', 'not built', f'ninja -C {helper.parents[2]} tests/bench/lookups')
        return
    out = subprocess.run([helper], check=True, capture_output=True, text=True).stdout
    print(f'\nOne service, all rules, whole registry and profiles; budget {BUDGET_NS:,} ns')
    rows = [text.split() for text in out.splitlines()]
    if any(row[2] == '-' for row in rows):
        print("The processor's counter is not to be had: " +
              ('valgrind counts.' if shutil.which('valgrind') else 'no instructions are counted.'))
    for row in rows:
        line_inside(helper, *row)


def main():
    program = sdscope.program()
    with tempfile.TemporaryDirectory() as folder:
        bench_loading(program, folder)
    bench_start(program)
    bench_inside(program)


if __name__ == '__main__':
    main()
