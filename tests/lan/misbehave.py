# SPDX-License-Identifier: MIT
"""misbehave.py INTERFACE - multicast what stands on standard input, when somebody asks something.

One JSON object a line, sent one after the other once the first query was heard:

    {"hex": "..", "from": "192.0.2.1", "ttl": 255, "port": 5353, "count": 1, "interval": 0}
"""

import json
import socket
import struct
import sys
import time

GROUP = ('224.0.0.251', 5353)
RESPONSE = 0x8000


def member(interface, port):
    link = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    group = struct.pack('4s4si', socket.inet_aton(GROUP[0]), bytes(4),
                        socket.if_nametoindex(interface))
    link.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    link.bind(('' if port != GROUP[1] else GROUP[0], port))
    link.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, group)
    return link


def await_query(link):
    while True:
        header = link.recv(9100)[:12]
        if len(header) == 12 and not struct.unpack('>H', header[2:4])[0] & RESPONSE:
            return


def main(interface):
    links = {port: member(interface, port) for port in (GROUP[1], 49152)}
    lines = [json.loads(line) for line in sys.stdin]
    print('ready', flush=True)
    await_query(links[GROUP[1]])
    print('heard', flush=True)
    for line in lines:
        link = links[line.get('port', GROUP[1])]
        link.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton(line['from']))
        link.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, line.get('ttl', 255))
        for _ in range(line.get('count', 1)):
            link.sendto(bytes.fromhex(line['hex']), GROUP)
            time.sleep(line.get('interval', 0))
    print('done', flush=True)


if __name__ == '__main__':
    main(sys.argv[1])
