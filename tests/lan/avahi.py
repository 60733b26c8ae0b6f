# SPDX-License-Identifier: MIT
"""A real D-Bus bus and a real avahi-daemon in each host."""

import signal
import subprocess
from contextlib import contextmanager
from xml.sax.saxutils import escape, quoteattr

from netns import Host
from rig import PATIENCE_S, wait_for

TOOLS = ('dbus-daemon', 'dbus-send', 'avahi-daemon', 'avahi-browse', 'avahi-publish')
BUS_SOCKET = '/run/dbus/system_bus_socket'
SERVICES = '/etc/avahi/services'

BUS_CONFIG = f'''<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-BUS Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <listen>unix:path={BUS_SOCKET}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow user="*"/>
    <allow own="*"/>
    <allow send_destination="*"/>
    <allow receive_sender="*"/>
  </policy>
</busconfig>
'''

DAEMON_CONFIG = '''[server]
host-name={name}
use-ipv4={ipv4}
use-ipv6={ipv6}
allow-interfaces={interfaces}
{server}
[wide-area]
enable-wide-area={wide_area}
[publish]
publish-hinfo=no
publish-workstation=no
[rlimits]
'''


def service_file(name, *services):
    """A .service file. A service: {'type', 'port', 'txt': [...], 'subtypes': [...]}; a TXT
    string is text, or (key, bytes)."""
    lines = ['<?xml version="1.0" standalone="no"?>',
             '<!DOCTYPE service-group SYSTEM "avahi-service.dtd">', '<service-group>',
             f'<name>{escape(name)}</name>']
    for service in services:
        lines += ['<service>', f'<type>{escape(service["type"])}</type>']
        lines += [f'<subtype>{escape(s)}</subtype>' for s in service.get('subtypes', [])]
        lines.append(f'<port>{service.get("port", 0)}</port>')
        for text in service.get('txt', []):
            form = 'text'
            if isinstance(text, tuple):
                form, text = 'binary-hex', f'{text[0]}={text[1].hex()}'
            lines.append(f'<txt-record value-format={quoteattr(form)}>{escape(text)}</txt-record>')
        lines.append('</service>')
    return '\n'.join(lines + ['</service-group>', ''])


class Process:
    """A daemon of a host: started, hanging, stopped. launch() and wait_ready() are its own."""

    def __init__(self, host: Host):
        self.host = host
        self.process = None

    def __enter__(self):
        self.launch()
        return self

    def __exit__(self, *_):
        self.stop()

    def start(self):
        self.launch()
        self.wait_ready()

    def spawn(self, *command):
        with open(self.log, 'ab') as log:
            self.process = self.host.spawn(list(command), stdin=subprocess.DEVNULL,
                                           stdout=log, stderr=log,
                                           start_new_session=True)      # a ^C is not for it

    @property
    def log(self):
        return self.host.path(f'/run/{type(self).__name__.lower()}.log')

    def check(self, command):
        """Whether the command works; says what the log says when the daemon has died."""
        if self.process.poll() is not None:
            raise RuntimeError(f'{self.process.args[0]} on {self.host.name} ended with '
                               f'{self.process.returncode}:\n{self.log.read_text()}')
        return self.host.run(command, check=False)

    def stop(self, number=signal.SIGTERM):
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGCONT)
            self.process.send_signal(number)
            try:
                self.process.wait(timeout=PATIENCE_S)
            except subprocess.TimeoutExpired:
                self.process.kill()
        if self.process:
            self.process.wait()
            self.host.children.remove(self.process)
            self.process = None

    @contextmanager
    def hanging(self):
        self.process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self.process.send_signal(signal.SIGCONT)


class Bus(Process):
    """The private system bus of a host."""

    def __init__(self, host):
        super().__init__(host)
        host.env['DBUS_SYSTEM_BUS_ADDRESS'] = f'unix:path={BUS_SOCKET}'
        host.write('/run/dbus/bus.conf', BUS_CONFIG)

    def launch(self):
        self.host.path(BUS_SOCKET).unlink(missing_ok=True)
        self.spawn('dbus-daemon', '--nofork', '--nopidfile', '--config-file=/run/dbus/bus.conf')
        self.wait_ready()

    def wait_ready(self):
        ping = ['dbus-send', '--system', '--print-reply', '--dest=org.freedesktop.DBus', '/',
                'org.freedesktop.DBus.GetId']
        wait_for(lambda: self.check(ping).returncode == 0, f'the bus of {self.host.name}')


class Daemon(Process):
    """The avahi-daemon of a host, with static services: {file name: text}, on its links, or on the
    interfaces that are named; of other domains it asks DNS servers where it is wide."""

    def __init__(self, host, services=None, server='', interfaces=None, is_wide=False):
        super().__init__(host)
        self.offset = 0
        self.services = set()
        for name, text in (services or {}).items():
            self.write(name, text)
        config = DAEMON_CONFIG.format(
            name=host.name, wide_area='yes' if is_wide else 'no', ipv4='yes' if host.ipv4 else 'no',
            ipv6='yes' if host.use_ipv6 else 'no', server=server,
            interfaces=','.join(interfaces or [f'eth{n}' for n in range(len(host.links))]))
        host.write('/run/avahi-daemon.conf', config)
        host.write('/etc/avahi/hosts', '')
        host.path(SERVICES).mkdir(exist_ok=True)

    def write(self, name, text):
        """A service file, new or changed; seen at the next start or reload."""
        self.services.add(name)
        self.host.write(f'{SERVICES}/{name}.service', text)

    def launch(self):
        self.offset = self.log.stat().st_size if self.log.exists() else 0
        self.spawn('avahi-daemon', '-f', '/run/avahi-daemon.conf', '--no-drop-root',
                   '--no-chroot', '--no-rlimits', '--no-proc-title')

    def wait_ready(self):
        """Until it runs, and every static service has been probed and announced."""
        state = ['dbus-send', '--system', '--print-reply=literal',
                 '--dest=org.freedesktop.Avahi', '/', 'org.freedesktop.Avahi.Server.GetState']
        running = 'int32 2'
        wait_for(lambda: running in self.check(state).stdout,
                 f'avahi-daemon of {self.host.name} running')
        self.wait_established()

    def wait_established(self):
        def established():
            new = self.log.read_bytes()[self.offset:]
            return new.count(b'successfully established') >= len(self.services)
        wait_for(established, f'services of {self.host.name} established')

    def reload(self):
        """Read the service files again."""
        self.offset = self.log.stat().st_size
        self.process.send_signal(signal.SIGHUP)
        self.wait_established()


def publish(host, name, service):
    """Publish with avahi-publish, which unlike a .service file takes a TXT string as it is."""
    child = host.spawn(
        ['avahi-publish', '-s', name, service['type'], str(service['port']), *service['txt']],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        start_new_session=True)
    if not any('Established' in line for line in child.stderr):
        raise RuntimeError(f'{name} cannot be published on {host.name}')
    return child


def avahi_host(lab, name, *links, services=None, server='', interfaces=None, **options):
    """A host with its own bus and daemon, as host.bus and host.daemon; ready() waits for it."""
    host = lab.host(name, *links, **options)
    host.bus = lab.enter_context(Bus(host))
    host.daemon = lab.enter_context(Daemon(host, services, server, interfaces))
    return host


def ready(*hosts):
    """Wait for the daemons of hosts that were started side by side."""
    for host in hosts:
        host.daemon.wait_ready()
