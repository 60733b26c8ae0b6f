# SPDX-License-Identifier: MIT
"""A simulated LAN: many mDNS/DNS-SD hosts answered for by one process.

It plays H hosts with N services of T types (RFC 6762, RFC 6763), well behaved or, from a file,
as malformed as one likes. It is meant to be run inside a network namespace:

    python3 tests/lan/fakelan --iface eth0 --hosts 200 --services 1000 --types 40

- It answers PTR (_services._dns-sd._udp.<domain>, <type>, <sub>._sub.<type>), SRV, TXT, A, AAAA,
  NSEC and ANY, with additional records as in RFC 6763 section 12, the cache-flush bit on unique
  records only, QU questions, and legacy queries (from a port other than 5353).
- Every host has its own response timer: 20-120 ms when its answer holds a shared record, at once
  when all are unique (RFC 6762 section 6).
- Known answers are suppressed (7.1), also over several packets (7.2), a record is multicast at
  most once a second (6), and NSEC says what does not exist (6.1).
- Packets have at most --max-pkt bytes, with name compression.
- Announcements (--announce); a goodbye on exit (unless --no-goodbye).

Exact services come from --file X.json; bytes may be given in hex, so anything can be served:

 {"hosts": [{"name": "h1", "labels_hex": [..], "a": ["192.0.2.1"], "aaaa": ["fe80::1"],
             "ttl": 120, "delay": [0.02, 0.12], "additional": "full|srv|none", "loss": 0.0,
             "nsec": true, "src": "192.0.2.1",
             "deaf_to": {"_http._tcp.local": number of first questions not heard}}],
  "services": [{"host": "h1", "name": "My thing" | "name_hex": "..",
                "type": "_http._tcp" | "type_labels_hex": ["5f..", ".."], "domain": "local",
                "port": 80, "priority": 0, "weight": 0, "srv": [{several SRV}],
                "txt": ["k=v", ..] | "txt_hex": "rdata" | "txts_hex": ["rdata", ..],
                "target": "other.local" | "target_labels_hex": [..], "subtypes": ["_printer"],
                "meta": true, "omit": ["srv", "txt", "ptr"],
                "ttl": 4500, "host_ttl": 120, "flush": true}],
  "records": [{"labels_hex": [..] | "name": "a.b.local", "type": 16, "class": 1, "flush": true,
               "ttl": 120, "rdata_hex": ".." | "ptr": "c.local", "host": "h1"}]}

With --stdin it follows a script, one JSON object a line, each answered by a line on stdout:

 {"op": "add", "service": {...}}                      announced unless "announce": false
 {"op": "remove", "name": "x", "type": "_y._tcp"}     "goodbye": false vanishes silently
 {"op": "update", "name": "x", "type": "_y._tcp", "txt": ["a=1"], "port": 81}
 {"op": "host", "name": "h1", "a": ["192.0.2.9"]}     adds or changes a host
 {"op": "host-gone", "name": "h1", "back": false}     it and its services fall silent
 {"op": "record", ...}   {"op": "raw", "hex": ".."}   a raw record; a whole message, as it is
 {"op": "asked", "name": "_x._tcp.local"}            how often a question was asked, of any type
 {"op": "sleep", "s": 1.5} {"op": "announce"} {"op": "stats"} {"op": "quit"}

It stops by itself after --duration seconds or --max-packets packets.
"""
