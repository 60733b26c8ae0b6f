# SPDX-License-Identifier: MIT
"""What `check --from` reads in a service file is what the Avahi daemon makes of it."""

from contextlib import contextmanager
from types import SimpleNamespace

import avahi
import netns
from avahi import avahi_host, ready
from probe import SOURCES, by_name, probes
from rig import sdscope, tap

HOST = 'host'           # which is what `%h` counts as

FILES = {
    'wildcards': '''<?xml version="1.0" standalone="no"?>
<!DOCTYPE service-group SYSTEM "avahi-service.dtd">
<service-group>
  <name replace-wildcards="yes">%h on 100%% of %h</name>
  <service protocol="any"><type>_ssh._tcp</type><port>22</port></service>
</service-group>''',
    'formats': '''<service-group><name>Formats</name><service>
  <type>_http._tcp</type>
  <port>80abc</port>
  <txt-record>text=6f</txt-record>
  <txt-record value-format="binary-hex">hex=00ff3D</txt-record>
  <txt-record value-format="binary-hex">no-value</txt-record>
  <txt-record value-format="binary-base64">one=+/8=</txt-record>
  <txt-record value-format="binary-base64">two=YR==</txt-record>
  <txt-record value-format="binary-base64">none=</txt-record>
  <txt-record>two=
  lines </txt-record>
  <txt-record>a=&lt;&#98;&gt;<![CDATA[<&>]]><!-- c --></txt-record>
</service></service-group>''',
    'order': '''<service-group>
  <service><port> 515
  </port><type>_printer._tcp</type></service>\r
  <service><txt-record>a</txt-record><port>0</port><type>_ipp._tcp</type></service>\r
  <service><type>_device-info._tcp</type></service>
  <name> Order </name>
</service-group>''',
}


@contextmanager
def published():
    netns.require(*avahi.TOOLS)
    with netns.Lab() as lab:
        link = lab.link()
        ready(avahi_host(lab, HOST, link, services=FILES))
        yield SimpleNamespace(probes=probes(lab, link))


def told(service):
    return service['instance'], service['type'], service['port'], service['txt_hex']


@tap.each(*SOURCES)
def test_a_file_holds_what_its_daemon_publishes(lan, source):
    found = by_name(lan.probes[source].report('browse'))
    for name, text in FILES.items():
        report = sdscope.run('check', '-f', 'json', '--registry', 'none', '--from', '-',
                             given=text.encode()).report
        for service in report['services']:
            key = service['instance'], service['type']
            tap.includes(found, [key], f'published of {name}')
            tap.equal(told(service), told(found.pop(key)), f'{key} of {name}')
    tap.equal(list(found), [], 'what else is published')


if __name__ == '__main__':
    tap.main(setup=published, needs=sdscope.program)
