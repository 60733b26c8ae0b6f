# SPDX-License-Identifier: MIT
"""A LAN of network namespaces.

A namespace has no name: it lives as long as one small process that this program starts and
holds by a pipe. When this program ends, however it ends, the pipe closes, the kernel kills what
was started inside, and namespaces, links and mounts go with it. Nothing is ever made in the
host's own namespace, so that any number of LANs exist side by side.
"""

import json
import os
import shutil
import subprocess
from contextlib import ExitStack
from pathlib import Path

from rig import PATIENCE_S, die_with_parent, tap, wait_for

TOOLS = ('ip', 'unshare', 'nsenter')
os.environ['PATH'] = os.environ.get('PATH', '') + ':/usr/sbin:/sbin'     # not a user's, on Debian


def require(*tools):
    """Skip, with the reason, where a LAN cannot be made."""
    if os.geteuid() != 0:
        raise tap.Skip('network namespaces need root')
    missing = [t for t in TOOLS + tools if not shutil.which(t)]
    if missing:
        raise tap.Skip(f'not installed: {" ".join(missing)}')
    attempt = subprocess.run(['unshare', '--net', '--mount', '--uts', 'true'],
                             capture_output=True, text=True)
    if attempt.returncode != 0:
        raise tap.Skip(f'no network namespaces here: {attempt.stderr.strip()}')


class Namespace:
    """A network, mount and host-name namespace, held by a process."""

    setup = ''

    def __init__(self, name):
        self.name = name
        self.env = {}
        self.children = []

    def __enter__(self):
        script = f'set -e\necho {self.name} > /proc/sys/kernel/hostname\nip link set lo up\n' \
                 f'{self.setup}\necho ready\nexec cat'
        self.holder = subprocess.Popen(
            ['unshare', '--net', '--mount', '--uts', 'sh', '-c', script], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, start_new_session=True, preexec_fn=die_with_parent)
        if self.holder.stdout.readline() != b'ready\n':
            raise tap.Skip(f'the namespace of {self.name} cannot be set up')
        return self

    def __exit__(self, *_):
        for child in self.children:
            if child.poll() is None:
                child.kill()
            child.wait()
        self.holder.kill()
        self.holder.wait()
        self.holder.stdin.close()
        self.holder.stdout.close()

    @property
    def pid(self):
        return self.holder.pid

    def path(self, path):
        """A path inside, as seen from outside."""
        return Path(f'/proc/{self.pid}/root{path}')

    def spawn(self, command, env=None, **options):
        """Popen inside; the process is the command itself, so that it can be signalled."""
        enter = ['nsenter', '-t', str(self.pid), '-m', '-n', '-u', '--',
                 'env', f'--chdir={os.getcwd()}']
        child = subprocess.Popen(
            enter + command, env={**(os.environ if env is None else env), **self.env},
            preexec_fn=die_with_parent, **options)
        child.args = command
        self.children.append(child)
        return child

    def run(self, command, check=True, timeout=PATIENCE_S, **options):
        """Run to the end; a CompletedProcess with stdout and stderr as text."""
        child = self.spawn(command, text=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                           stderr=subprocess.PIPE, **options)
        try:
            out, err = child.communicate(timeout=timeout)
        except subprocess.TimeoutExpired:
            child.kill()
            child.communicate()
            raise
        self.children.remove(child)
        done = subprocess.CompletedProcess(command, child.returncode, out, err)
        if check and done.returncode != 0:
            raise RuntimeError(f'{self.name}: {" ".join(command)}: {done.returncode}: {err}')
        return done


class Link(Namespace):
    """One segment: a bridge. Its hosts get <ipv4>.N and <ipv6>N, in the order they come."""

    setup = '''
ip link add br0 type bridge mcast_snooping 0 forward_delay 0
ip link set br0 up'''

    def __init__(self, number=1):
        super().__init__(f'link{number}')
        self.number = number
        self.ipv4 = f'192.168.{number}'
        self.ipv6 = f'fd00:0:0:{number:x}::'
        self.hosts = 0


class Host(Namespace):
    """A host: eth0 on the first of its links, eth1 on the second. /run and /etc/avahi are its
    own; the rest of the file system is the machine's."""

    setup = '''
for f in /proc/sys/net/ipv6/conf/default /proc/sys/net/ipv6/conf/all; do
    test -d $f || continue
    echo 0 > $f/accept_dad
    echo $disable_ipv6 > $f/disable_ipv6
done
mount -t tmpfs -o mode=755 tmpfs /run
mkdir -p /run/avahi-daemon /run/dbus
test ! -d /etc/avahi || mount -t tmpfs -o mode=755 tmpfs /etc/avahi'''

    def __init__(self, name, *links, ipv4=True, ipv6=True):
        super().__init__(name)
        self.links = links
        self.ipv4 = ipv4
        self.setup = f'disable_ipv6={0 if ipv6 else 1}{self.setup}'
        self.use_ipv6 = ipv6

    def __enter__(self):
        super().__enter__()
        for number, link in enumerate(self.links):
            self.plug(f'eth{number}', link)
        return self

    def plug(self, interface, link):
        link.hosts += 1
        n = link.hosts
        ends = f'ip link add {interface} netns {self.pid} address 02:00:00:00:{link.number:02x}:' \
               f'{n:02x} type veth peer name port{n} netns {link.pid}'
        subprocess.run(ends.split(), check=True)
        link.run(['ip', 'link', 'set', f'port{n}', 'master', 'br0', 'up'])
        self.run(['ip', 'link', 'set', interface, 'up', 'multicast', 'on'])
        if self.ipv4:
            self.run(['ip', 'addr', 'add', f'{link.ipv4}.{n}/24', 'dev', interface])
            if interface == 'eth0':
                self.run(['ip', 'route', 'add', 'default', 'via', f'{link.ipv4}.254'])
        if self.use_ipv6:
            self.run(['ip', 'addr', 'add', f'{link.ipv6}{n:x}/64', 'dev', interface, 'nodad'])
            wait_for(lambda: self.addresses(interface, 'inet6', 'link'), f'fe80 on {interface}')

    def addresses(self, interface='eth0', family=None, scope='global'):
        shown = json.loads(self.run(['ip', '-j', 'addr', 'show', 'dev', interface]).stdout)
        return [a['local'] for a in shown[0]['addr_info']
                if a['scope'] == scope and family in (None, a['family'])]

    def write(self, path, text):
        target = self.path(path)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)


class Lab(ExitStack):
    """Links and hosts that are gone when it is left."""

    links = 0

    def link(self):
        self.links += 1
        return self.enter_context(Link(self.links))

    def host(self, name, *links, **options):
        return self.enter_context(Host(name, *links, **options))
