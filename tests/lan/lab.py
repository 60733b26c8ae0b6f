#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""lab.py [COMMAND] [OPTION...] - a small LAN to try sdscope on.

Makes a home office of three hosts with real Avahi daemons, in network namespaces, and runs
`sdscope audit OPTION...` (or another live COMMAND: browse, watch, record) on a fourth. All of it
is gone when the program ends. The exit status is the program's.
"""

import os
import shlex
import shutil
import signal
import sys

sys.dont_write_bytecode = True          # root leaves no files in the user's tree

import avahi                                            # noqa: E402
import netns                                            # noqa: E402
from avahi import avahi_host, publish, ready, service_file      # noqa: E402
from home import BROKEN, BROKEN_HOST, HOSTS             # noqa: E402
from rig import sdscope, tap                            # noqa: E402

KEPT_BY_SUDO = ('SDSCOPE', 'TERM', 'COLORTERM', 'NO_COLOR', 'COLUMNS', 'LANG', 'LC_ALL',
                'LC_CTYPE')
PATIENCE_S = 5


def say(text):
    print(f'lab: {text}', file=sys.stderr, flush=True)


def become_root():
    """Go on as root, or say how; does not return where this is not root already."""
    if os.geteuid() == 0:
        return
    command = [sys.executable, *sys.argv]
    if not shutil.which('sudo'):
        say('network namespaces need root; as root, run')
        say(f'  cd {shlex.quote(os.getcwd())} && SDSCOPE={shlex.quote(sdscope.program())} '
            f'{shlex.join(command)}')
        sys.exit(2)
    say('network namespaces need root; going on with sudo')
    kept = [f'{name}={os.environ[name]}' for name in KEPT_BY_SUDO if name in os.environ]
    os.execvp('sudo', ['sudo', 'env', *kept, *command])


def home_office(lab):
    """Makes the hosts; returns the one to audit from."""
    link = lab.link()
    hosts = {}
    for name, services in HOSTS.items():
        files = {f'{n}': service_file(instance, service)
                 for n, (instance, service) in enumerate(services)}
        hosts[name] = avahi_host(lab, name, link, services=files)
    desk = avahi_host(lab, 'desk', link)
    ready(*hosts.values(), desk)
    publish(hosts[BROKEN_HOST], *BROKEN)
    return desk


def run_on(host, command):
    """Run it on the user's terminal; its exit status, as a shell has it."""
    program = host.spawn(command)

    def pass_on(number, _frame):
        program.send_signal(number)
        signal.alarm(PATIENCE_S)

    signal.signal(signal.SIGALRM, lambda *_: program.kill())
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, pass_on)
    # A ^C on the terminal reaches the program by itself: it decides what that means.
    signal.signal(signal.SIGINT, (lambda *_: None) if os.isatty(0) else pass_on)
    status = program.wait()
    signal.alarm(0)
    return status if status >= 0 else 128 - status


def main(arguments):
    tap.unwind_on_signals()
    if not arguments or arguments[0].startswith('-'):
        arguments = ['audit', *arguments]
    try:
        command = [sdscope.program(), *arguments]
        become_root()
        netns.require(*avahi.TOOLS)
        with netns.Lab() as lab:
            say(f'making a home office: {", ".join(HOSTS)}')
            desk = home_office(lab)
            say(f'on a fourth host: sdscope {shlex.join(arguments)}')
            return run_on(desk, command)
    except tap.Skip as reason:
        say(f'{reason}; "./run setup" installs what is missing')
        return 2
    except sdscope.NotBuilt as reason:
        say(reason)
        return 2
    except KeyboardInterrupt:
        return 128 + signal.SIGINT


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
