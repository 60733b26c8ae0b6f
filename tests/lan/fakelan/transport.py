# SPDX-License-Identifier: MIT
"""A multicast socket of one address family."""

import errno
import socket
import struct
import time

PORT = 5353
GROUPS = {socket.AF_INET: '224.0.0.251', socket.AF_INET6: 'ff02::fb'}
SO_SNDBUFFORCE, SO_RCVBUFFORCE, IP_PKTINFO = 32, 33, 8      # Python's socket has no names
BUFFER = 16 << 20


class Transport:
    def __init__(self, family, interface, stats, ttl=255):
        self.family = family
        self.stats = stats
        self.ttl = ttl              # of IP
        self.index = socket.if_nametoindex(interface)
        self.last = {}              # record id: when it was last multicast
        self.pending = {}           # host: [due, {id: record}]
        self.held = {}              # querier: queries waiting for more known answers
        self.socket = socket.socket(family, socket.SOCK_DGRAM)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        for option in (SO_SNDBUFFORCE, SO_RCVBUFFORCE):
            try:
                self.socket.setsockopt(socket.SOL_SOCKET, option, BUFFER)
            except OSError:
                pass                # not root: a large LAN will lose queries
        if family == socket.AF_INET:
            self.join_ipv4()
        else:
            self.join_ipv6()
        self.socket.setblocking(False)

    def join_ipv4(self):
        group = GROUPS[self.family]
        request = struct.pack('4s4si', socket.inet_aton(group), bytes(4), self.index)
        self.socket.bind(('', PORT))
        for option, value in ((socket.IP_ADD_MEMBERSHIP, request),
                              (socket.IP_MULTICAST_IF, request),
                              (socket.IP_MULTICAST_TTL, self.ttl), (socket.IP_TTL, self.ttl),
                              (socket.IP_MULTICAST_LOOP, 0)):
            self.socket.setsockopt(socket.IPPROTO_IP, option, value)
        self.group = (group, PORT)

    def join_ipv6(self):
        group = GROUPS[self.family]
        request = socket.inet_pton(self.family, group) + struct.pack('@I', self.index)
        self.socket.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        self.socket.bind(('::', PORT))
        for option, value in ((socket.IPV6_JOIN_GROUP, request),
                              (socket.IPV6_MULTICAST_IF, self.index),
                              (socket.IPV6_MULTICAST_HOPS, self.ttl),
                              (socket.IPV6_UNICAST_HOPS, self.ttl), (socket.IPV6_MULTICAST_LOOP, 0)):
            self.socket.setsockopt(socket.IPPROTO_IPV6, option, value)
        self.group = (group, PORT, 0, self.index)

    def packets(self, most=64):
        """What has come: (packet, sender)."""
        for _ in range(most):
            try:
                yield self.socket.recvfrom(9100)
            except BlockingIOError:
                return

    def send(self, packet, host=None, to=None):
        """Multicast, or to one querier; from the host's own address where it has one."""
        self.stats['tx'] += 1
        self.stats['tx_bytes'] += len(packet)
        source = []
        if host and host.source and self.family == socket.AF_INET:
            info = struct.pack('@i4s4s', self.index, socket.inet_aton(host.source), bytes(4))
            source = [(socket.IPPROTO_IP, IP_PKTINFO, info)]
        for _ in range(50):
            try:
                self.socket.sendmsg([packet], source, 0, to or self.group)
                return
            except OSError as why:
                if why.errno not in (errno.EAGAIN, errno.ENOBUFS):
                    break
                time.sleep(0.001)           # the queue of the interface is full
        self.stats['send_errors'] += 1
