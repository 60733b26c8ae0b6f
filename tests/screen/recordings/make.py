#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""make.py [FOLDER]: writes the recordings that the tests of the screen replay.

    office      twelve services with every verdict, and all that can happen to them
    hostile     names, hosts and TXT of those who want to harm the terminal
    soak(n)     n events, which tests write into a folder of their own

All names are made up, addresses are those of documentation.
"""

import json
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path

STARTED = datetime(2026, 11, 20, 9, 0, tzinfo=timezone.utc)
HEAD = {'sdscope_recording': 1, 'started': '2026-11-20T09:00:00.000Z', 'version': '0.1.0',
        'source': 'avahi+wire', 'host': 'desk', 'interfaces': ['eth0'], 'domain': 'local'}


def rdata(strings):
    raw = [s if isinstance(s, bytes) else s.encode() for s in strings or ['']]
    return b''.join(bytes([len(s)]) + s for s in raw).hex()


def service(name, type_, host, port, txt=(), number=7, **more):
    """`name` is text, or bytes of whatever kind."""
    made = {'type': type_, 'domain': 'local', 'host': f'{host}.local', 'port': port,
            'priority': 0, 'weight': 0, 'addresses': [f'192.0.2.{number}'],
            'txt_hex': rdata(txt), 'sightings': [{'interface': 'eth0', 'family': 'ipv4'}], **more}
    if isinstance(name, bytes):
        return {'instance_hex': name.hex(), **made}
    return {'instance': name, **made}


def at(seconds, event, made=None, **members):
    time = STARTED + timedelta(seconds=seconds)
    text = f'{time:%Y-%m-%dT%H:%M:%S}.{time.microsecond // 1000:03}Z'
    return {'event': event, 'time': text, **({'service': made} if made else {}), **members}


def lines(events, head=HEAD):
    return ''.join(json.dumps(line) + '\n' for line in (head, *events))


# ---- the office --------------------------------------------------------------------------------

PRINTER_TXT = ['txtvers=1', 'qtotal=1', 'rp=ipp/print', 'ty=Example Laser', 'note=Study',
               'pdl=application/pdf,image/urf']


def office():
    printer = service('Laser Study', '_ipp._tcp', 'laser', 631, PRINTER_TXT, 11)
    web = service('Laser Study', '_http._tcp', 'laser', 80, number=11)
    vault = service('vault', '_smb._tcp', 'vault', 445, number=12,
                    addresses=['192.0.2.12', '2001:db8::c'],
                    sightings=[{'interface': 'eth0', 'family': f} for f in ('ipv4', 'ipv6')])
    ssh = service('vault', '_ssh._tcp', 'vault', 22, number=12)
    # Known, but nobody registered it; unregistered; too long; withdrawn by IANA.
    prints = service('OctoPrint', '_octoprint._tcp', 'octopi', 5000,
                     ['path=/', 'version=1.10.3', 'api=0.1'], 13)
    widget = service('Widget Server', '_widgetsync._tcp', 'bench', 7171,
                     ['txtvers=1', 'build=214', 'Build=debug', '=enabled'], 14)
    media = service('bench media', '_bench-media-syncing._tcp', 'bench', 8765, ['v=1'], 14)
    old = service('Relic', '_iad1._tcp', 'attic', 18, number=15)
    # Wide, combining, from right to left.
    wide = service('会議室プリンター', '_http._tcp', 'kaigi', 80, number=16)
    coffee = service('Cafe\u0301 \U0001f389 Küche', '_http._tcp', 'kaffee', 80, number=17)
    shalom = service('שלום', '_http._tcp', 'shalom', 8080, number=18)
    guest = service('Guest Laptop', '_ssh._tcp', 'guest', 22, number=31)
    start = (printer, web, vault, ssh, prints, widget, media, old, wide, coffee, shalom)
    moved = {**web, 'port': 8631}
    mended = {**widget, 'txt_hex': rdata(['txtvers=1', 'build=217'])}
    noted = {**printer, 'txt_hex': rdata([t.replace('Study', 'Hall') for t in PRINTER_TXT])}
    return [
        *(at(0.25 + n * 0.01, 'added', made) for n, made in enumerate(start)),
        at(2, 'settled'),
        at(20, 'added', guest),
        at(45, 'changed', moved),
        at(60, 'changed', mended),
        at(75, 'lost', message='the Avahi daemon has stopped'),
        at(78, 'back'),
        at(80, 'settled'),
        at(90, 'removed', guest),
        at(100, 'removed', media),
        at(110, 'changed', noted),
        at(120, 'ended'),
    ]


# ---- those who mean harm -----------------------------------------------------------------------

# Each would be seen in what the program writes: no terminal's description has such sequences.
ATTACKS = [
    bytes(range(1, 32)), b'\x7f\x80\x9b31m\xff\xc0\x80',
    b'\x1b[31;5;47mred', b'\x1b[2J\x1b[666;77H', b'\x1b[6n\x1b[c\x1b[5n', b'\x1b[?1049h\x1b[?25l',
    b'\x1b]0;HOSTILE title\x07', b'\x1b]52;c;SE9TVElMRQ==\x07', b'\x1b]8;;http://hostile\x1b\\x',
    b'\x1bP$qm\x1b\\\x1bP+q544e\x1b\\', b'\x1b_APC\x1b\\\x1b^PM\x1b\\\x1bXSOS\x1b\\',
    b'\x1bc\x1b#8\x1b(0\x0e', '\x9b31m\x9d0;HOSTILE\x9c\x90\x84\x85'.encode(),
    '\u202egnp.exe\u2066\u2067\u2068\u2069\u200e\u200f'.encode(),
    'a\u2028b\u2029c\u00adsoft\ufeff\u200bzero\u200djoin'.encode(),
    'z\u0300\u0301\u0302\u0303\u0304\u0305\u0306\u0307\u0308\u0309'.encode(),
    '\U000e0041\U000e007f\ue000\ufff9\ufffb'.encode(), '\u0301begins with an accent'.encode(),
    b'two\nlines\r\nand\ta\x0btab\x0c', b'%s%n%x \\E[31m \\033[31m ^[[31m',
    b'\xed\xa0\x80\xf4\x90\x80\x80', '漢'.encode() * 21, b'\x1b' * 63, b'',
]


def presented(label):
    """Bytes as a label in presentation format: \\DDD where it is no plain letter or digit."""
    return ''.join(chr(b) if chr(b).isalnum() and b < 128 else f'\\{b:03}' for b in label)


def hostile():
    events = []
    for n, attack in enumerate(ATTACKS):
        txt = [attack[:255], attack[:99].replace(b'=', b'-') + b'=' + attack[:99], b'k=' + attack]
        first = service(attack[:63] or b' ', '_http._tcp', presented(attack[:63]) or 'evil', 80,
                        txt, 40 + n)
        then = {**first, 'txt_hex': rdata(txt[1:])}
        events.append(at(n * 0.1, 'added', first))
        if n % 3 == 0:
            events.append(at(n * 0.1 + 0.03, 'changed', then))
        if n % 6 == 0:
            events.append(at(n * 0.1 + 0.06, 'removed', then))
    return [*events, at(10, 'settled', reasons=['\x1b]0;HOSTILE reason\x07\u202e']),
            at(11, 'lost', message='why \x1b[31m\x07\u202e'), at(12, 'back'), at(20, 'ended')]


# ---- many --------------------------------------------------------------------------------------


def soak(n):
    """n events of a thousand services that come, change and go; a generator of lines."""
    names = 1000
    yield json.dumps(HEAD) + '\n'
    for i in range(n):
        turn, who = divmod(i, names)
        made = service(f'Device {who:04}', ('_http._tcp', '_ipp._tcp', '_widgetsync._tcp')[who % 3],
                       f'host{who:04}', 80 + who % 50, [f'v={turn}', f'n={who}'], 1 + who % 250)
        kind = 'added' if turn % 10 == 0 else 'removed' if turn % 10 == 9 else 'changed'
        yield json.dumps(at(i * 0.005, kind, made)) + '\n'
    yield json.dumps(at(n * 0.005, 'settled')) + '\n'
    yield json.dumps(at(n * 0.005 + 1, 'ended')) + '\n'


RECORDINGS = {'office': office, 'hostile': hostile}


def main(folder=Path(__file__).resolve().parent):
    for name, story in RECORDINGS.items():
        (Path(folder) / f'{name}.ndjson').write_text(lines(story()), encoding='utf-8')


if __name__ == '__main__':
    main(*sys.argv[1:])
