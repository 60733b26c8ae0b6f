#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""demo.py > demo.ndjson: ten minutes of a busy home office, which `sdscope demo` replays.

Who is there, and what happens when. Nobody lives there: names, serial numbers and keys are made up,
addresses are those of documentation.
"""

import json
import sys
from copy import deepcopy
from datetime import datetime, timedelta, timezone
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / 'tests/lan'))
sys.dont_write_bytecode = True

from home import AIRPLAY_TXT, CAST_TXT, PRINTER, PRINTER_TXT, RAW_TXT       # noqa: E402

STARTED = datetime(2026, 11, 20, 9, 0, tzinfo=timezone.utc)
FAMILIES = {4: ['ipv4'], 6: ['ipv6'], 46: ['ipv4', 'ipv6']}

# host: (last part of its addresses, families)
HOSTS = {
    'laserjet': (11, 46), 'vault': (12, 46), 'livingroom-tv': (13, 46), 'kitchen-speaker': (14, 4),
    'hue-bridge': (15, 4), 'border-router': (16, 46), 'bulb': (17, 6), 'macbook': (21, 46),
    'phone': (22, 46), 'sonos-office': (23, 4), 'homeassistant': (24, 46), 'octopi': (25, 4),
    'workbench': (31, 46), 'old-laptop': (32, 4),
}

SPEAKER_TXT = ['id=1c7a93be5d024f8fa6e07b21c9d4830e', 'cd=5D0B7F12A93C4E86B1F0D27C8E4A6935', 'rm=',
               've=05', 'md=Google Nest Mini', 'ic=/setup/icon.png', 'fn=Kitchen', 'ca=199172',
               'st=0', 'bs=FA8FCA5E3301', 'nf=1', 'rs=']
HAP_TXT = ['c#=5', 'ff=1', 'id=4B:2C:91:7E:0D:A3', 'md=BSB002', 'pv=1.1', 's#=1', 'sf=0', 'ci=2',
           'sh=q1Zs0A==']
MESHCOP_TXT = ['rv=1', 'vn=Example', 'mn=Border Router', 'nn=HomeThread', 'tv=1.3.0']
MATTER_TXT = ['SII=5000', 'SAI=300', 'SAT=4000', 'T=0']
BULB_TXT = ['D=840', 'VP=65521+32769', 'DT=269', 'DN=Desk lamp', 'CM=1', 'SII=5000', 'SAI=300',
            'PH=33', 'PI=']
SONOS_TXT = ['info=/api/v1/players/RINCON_0123456789AB01400/info', 'vers=3', 'protovers=1.38.1',
             'bootseq=17', 'hhid=Sonos_0123456789abcdefghijklmnop', 'mdnssequence=2']
ASSISTANT_TXT = ['location_name=Home', 'uuid=4f9c2e7ab1d84063a95e70c3d8f1b264', 'version=2026.11.1',
                 'external_url=', 'internal_url=http://192.0.2.24:8123',
                 'base_url=http://192.0.2.24:8123', 'requires_api_password=True']
OCTOPI_TXT = ['path=/', 'version=1.10.3', 'api=0.1', 'vendor=OctoPrint', 'model=Mk4']
# What a developer advertises who has not run `sdscope check` yet.
WIDGET_TXT = ['txtvers=1', 'build=214', 'password=hunter2', 'Build=debug', '=enabled']
WIDGET_MENDED = ['txtvers=1', 'build=217', 'mode=debug']

EVENTS = []


def rdata(strings):
    return b''.join(bytes([len(s.encode())]) + s.encode() for s in strings or ['']).hex()


def service(host, instance, type_, port, txt=(), subtypes=()):
    """A service as the link sees it."""
    number, families = HOSTS[host]
    addresses = {4: [f'192.0.2.{number}'], 6: [f'2001:db8::{number:x}']}
    made = {'instance': instance, 'type': type_, 'domain': 'local', 'host': f'{host}.local',
            'port': port, 'priority': 0, 'weight': 0,
            'addresses': [a for f in (4, 6) if str(f) in str(families) for a in addresses[f]],
            'txt_hex': rdata(txt),
            'sightings': [{'interface': 'eth0', 'family': f} for f in FAMILIES[families]]}
    if subtypes:
        made['subtypes'] = list(subtypes)
    return made


def at(seconds, event, **members):
    time = STARTED + timedelta(seconds=seconds)
    text = f'{time:%Y-%m-%dT%H:%M:%S}.{time.microsecond // 1000:03}Z'
    EVENTS.append({'event': event, 'time': text, **members})


def added(seconds, *services):
    for n, made in enumerate(services):
        at(seconds + n * 0.011, 'added', service=deepcopy(made))


def removed(seconds, *services):
    for n, made in enumerate(services):
        at(seconds + n * 0.007, 'removed', service=deepcopy(made))


def changed(seconds, made, **members):
    """The service from now on; `txt` is a list of strings."""
    if 'txt' in members:
        members['txt_hex'] = rdata(members.pop('txt'))
    made.update(members)
    at(seconds, 'changed', service=deepcopy(made))


def with_value(txt, key, value):
    return [f'{key}={value}' if s.split('=')[0] == key else s for s in txt]


def printer():
    return [service('laserjet', PRINTER, '_ipp._tcp', 631, PRINTER_TXT,
                    ['_universal._sub._ipp._tcp']),
            service('laserjet', PRINTER, '_pdl-datastream._tcp', 9100, RAW_TXT),
            service('laserjet', PRINTER, '_http._tcp', 80)]


def nas():
    return [service('vault', 'vault', '_smb._tcp', 445),
            service('vault', 'vault', '_sftp-ssh._tcp', 22),
            service('vault', 'vault', '_http._tcp', 5000, ['path=/']),
            service('vault', 'vault', '_adisk._tcp', 9,
                    ['sys=waMa=0,adVF=0x100', 'dk0=adVN=TimeMachine,adVF=0x82']),
            service('vault', 'vault', '_device-info._tcp', 0, ['model=TimeCapsule8,119'])]


def macbook():
    return [service('macbook', 'Robin’s MacBook', '_ssh._tcp', 22),
            service('macbook', 'Robin’s MacBook', '_sftp-ssh._tcp', 22),
            service('macbook', 'Robin’s MacBook', '_rfb._tcp', 5900)]


def tell():
    """The story; in seconds since the start."""
    cast = service('livingroom-tv', 'Chromecast-8f5b1c0de3a94c6a9b0d7e21f4c3a658',
                   '_googlecast._tcp', 8009, CAST_TXT)
    airplay = service('livingroom-tv', 'Living Room TV', '_airplay._tcp', 7000, AIRPLAY_TXT)
    speaker = service('kitchen-speaker', 'Google-Nest-Mini-1c7a93be5d024f8fa6e07b21c9d4830e',
                      '_googlecast._tcp', 8009, SPEAKER_TXT)
    hue = service('hue-bridge', 'Hue Bridge - 0A1B2C', '_hap._tcp', 8080, HAP_TXT)
    thread = service('border-router', 'Border Router #3A7F', '_meshcop._udp', 49154, MESHCOP_TXT)
    matter = service('border-router', '2906C908D115D362-8FC7772401CD0696', '_matter._tcp', 5540,
                     MATTER_TXT, ['_I2906C908D115D362._sub._matter._tcp'])
    bulb = service('bulb', 'DD200C20D25AE5F7', '_matterc._udp', 5540, BULB_TXT,
                   ['_L840._sub._matterc._udp', '_S3._sub._matterc._udp', '_CM._sub._matterc._udp'])
    sonos = service('sonos-office', 'RINCON_0123456789AB01400@Office', '_sonos._tcp', 1443,
                    SONOS_TXT)
    assistant = service('homeassistant', 'Home', '_home-assistant._tcp', 8123, ASSISTANT_TXT)
    octopi = service('octopi', 'OctoPrint on octopi', '_octoprint._tcp', 80, OCTOPI_TXT)
    octopi_web = service('octopi', 'OctoPrint on octopi', '_http._tcp', 80, ['path=/'])
    widget = service('workbench', 'Widget Server', '_widgetsync._tcp', 7171, WIDGET_TXT)
    media = service('workbench', 'workbench media', '_workbench-media-sync._tcp', 8765,
                    ['version=3'])
    laserjet, vault, mac = printer(), nas(), macbook()
    phone = service('phone', '1c:91:80:a4:3e:5d@fe80::1e91:80ff:fea4:3e5d', '_apple-mobdev2._tcp',
                    32498)
    slides = service('macbook', 'Studio', '_http._tcp', 8000, ['path=/slides'])
    rival = service('old-laptop', 'Studio #2', '_http._tcp', 8000, ['path=/'])

    added(0.04, *vault, cast, airplay, hue, assistant)
    added(0.31, *laserjet, speaker, sonos, thread, matter)
    added(0.62, octopi, octopi_web, *mac, widget)
    at(2.4, 'settled')

    changed(24, cast, txt=with_value(with_value(CAST_TXT, 'st', '1'), 'rs', 'Netflix'))
    changed(41.2, widget, txt=with_value(WIDGET_TXT, 'build', '215'))
    added(55, phone)
    changed(78, hue, txt=with_value(HAP_TXT, 's#', '2'))
    added(96.5, media)                                  # a name that is too long
    changed(112, widget, txt=with_value(WIDGET_TXT, 'build', '216'))
    removed(131, media)                                 # and was noticed
    added(142, bulb)                                    # a lamp to be commissioned
    added(165, slides)
    changed(171.3, slides, srv_count=2)                 # two hosts claim the same name ...
    changed(172.1, slides, srv_count=1)
    added(172.2, rival)                                 # ... and the later one gives way
    removed(200, *laserjet)                             # the printer falls asleep
    changed(214, cast, txt=CAST_TXT)
    changed(233, sonos, txt=with_value(SONOS_TXT, 'bootseq', '18'))
    removed(262, bulb)
    lamp = service('bulb', '2906C908D115D362-00000000000004D2', '_matter._tcp', 5540, MATTER_TXT,
                   ['_I2906C908D115D362._sub._matter._tcp'])
    added(263.4, lamp)                                  # commissioned
    changed(290, widget, txt=WIDGET_MENDED)             # sdscope check was run
    removed(318, phone)
    removed(340, rival, slides)
    removed(355, *mac)                                  # the lid is closed
    changed(377, speaker, txt=with_value(with_value(SPEAKER_TXT, 'st', '1'), 'rs', 'Radio'))
    changed(396, hue, txt=with_value(with_value(HAP_TXT, 's#', '3'), 'sf', '1'))
    added(420, *mac)
    at(433, 'lost', message='the Avahi daemon has stopped')
    at(437.5, 'back')
    at(440, 'settled')
    added(460, *laserjet)                               # somebody prints
    changed(466, laserjet[0], txt=with_value(PRINTER_TXT, 'note', 'Study (toner low)'))
    changed(489, assistant, txt=with_value(ASSISTANT_TXT, 'version', '2026.11.2'))
    removed(512, octopi, octopi_web)
    added(524, octopi, octopi_web)
    changed(541, speaker, txt=SPEAKER_TXT)
    changed(556, octopi, port=5000)
    added(571, phone)
    changed(588, airplay, txt=with_value(AIRPLAY_TXT, 'flags', '0x644'))
    at(600, 'ended')


def main():
    head = {'sdscope_recording': 1, 'version': '0.1.0', 'source': 'avahi+wire', 'host': 'desk',
            'started': f'{STARTED:%Y-%m-%dT%H:%M:%S}.000Z', 'interfaces': ['eth0'],
            'domain': 'local'}
    tell()
    for line in [head, *sorted(EVENTS, key=lambda event: event['time'])]:
        print(json.dumps(line, ensure_ascii=False))


if __name__ == '__main__':
    main()
