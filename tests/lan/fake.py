# SPDX-License-Identifier: MIT
"""Runs the simulated LAN in a host, and asks the link what is really sent."""

import json
import select
import subprocess
import sys
from pathlib import Path

from rig import PATIENCE_S

HERE = Path(__file__).resolve().parent


class Fake:
    """fakelan in a host, with the spec of its JSON file; scripted with do()."""

    def __init__(self, host, spec=None, *options):
        self.host = host
        self.spec = spec
        self.options = options

    def __enter__(self):
        command = [sys.executable, str(HERE / 'fakelan'), '--iface', 'eth0', '--stdin',
                   '--no-nsec', *self.options]
        if self.host.use_ipv6:
            command.append('--ipv6')
        if '--src-per-host' in self.options:    # of hosts by number
            self.host.run(['ip', 'route', 'replace', 'local', '10.98.0.0/16', 'dev', 'lo'])
        if self.spec:
            self.host.write('/run/fakelan.json', json.dumps(self.spec))
            command += ['--file', '/run/fakelan.json']
        self.process = self.host.spawn(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                       text=True, start_new_session=True)
        self.read('ready')
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.terminate()
        self.process.communicate(timeout=PATIENCE_S)
        self.host.children.remove(self.process)

    def read(self, field, timeout=PATIENCE_S):
        """The next line that has the field."""
        while select.select([self.process.stdout], [], [], timeout)[0]:
            line = json.loads(self.process.stdout.readline() or '{"ended": 1}')
            if field in line:
                return line
            if 'ended' in line:
                break
        raise RuntimeError(f'fakelan said nothing of "{field}"')

    def do(self, op, **line):
        """Run one script line."""
        self.process.stdin.write(json.dumps({'op': op, **line}) + '\n')
        self.process.stdin.flush()
        result = self.read('op')['result']
        if isinstance(result, str) and result != 'ok':
            raise RuntimeError(f'{op} {line}: {result}')
        return result

    def was_asked(self, type_):
        return self.do('asked', name=f'{type_}.local')['times'] > 0


def ask(host, name, type_, interface='eth0'):
    """The RDATA (hex) of the records of a name, by a query of our own on the wire."""
    return host.run([sys.executable, str(HERE / 'ask.py'), interface, name, type_]).stdout.split()
