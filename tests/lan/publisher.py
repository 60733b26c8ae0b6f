# SPDX-License-Identifier: MIT
"""publisher.py NAME TYPE PORT TXT... - publish a service through the Avahi daemon.

A line on standard input replaces its TXT strings, given as a JSON array, which avahi-publish cannot
do; the end of standard input withdraws it. Says "established" when it is there, and "updated".
"""

import ctypes
import json
import os
import sys

ESTABLISHED = 2
LOCAL_ONLY_NOT = -1                     # AVAHI_IF_UNSPEC, AVAHI_PROTO_UNSPEC
CLIENT_CALLBACK = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p)

client_lib = ctypes.CDLL('libavahi-client.so.3')
common_lib = ctypes.CDLL('libavahi-common.so.3')


def function(library, name, result, *arguments):
    found = getattr(library, name)
    found.restype, found.argtypes = result, arguments
    return found


P, INT, TEXT = ctypes.c_void_p, ctypes.c_int, ctypes.c_char_p
poll_new = function(common_lib, 'avahi_simple_poll_new', P)
poll_get = function(common_lib, 'avahi_simple_poll_get', P, P)
poll_iterate = function(common_lib, 'avahi_simple_poll_iterate', INT, P, INT)
list_new = function(common_lib, 'avahi_string_list_new_from_array', P, ctypes.POINTER(TEXT), INT)
client_new = function(client_lib, 'avahi_client_new', P, P, INT, CLIENT_CALLBACK, P,
                      ctypes.POINTER(INT))
group_new = function(client_lib, 'avahi_entry_group_new', P, P, CLIENT_CALLBACK, P)
group_add = function(client_lib, 'avahi_entry_group_add_service_strlst', INT, P, INT, INT, INT,
                     TEXT, TEXT, TEXT, TEXT, ctypes.c_uint16, P)
group_update = function(client_lib, 'avahi_entry_group_update_service_txt_strlst', INT, P, INT,
                        INT, INT, TEXT, TEXT, TEXT, P)
group_commit = function(client_lib, 'avahi_entry_group_commit', INT, P)
group_state = function(client_lib, 'avahi_entry_group_get_state', INT, P)


def strings(txt):
    raw = [t.encode() for t in txt]
    return list_new((TEXT * max(1, len(raw)))(*raw), len(raw))


def demand(status, what):
    if status < 0:
        sys.exit(f'{what}: Avahi says {status}')


def main(name, type_, port, *txt):
    name, type_ = name.encode(), type_.encode()
    everywhere = (LOCAL_ONLY_NOT, LOCAL_ONLY_NOT, 0)
    ignore = CLIENT_CALLBACK(lambda *_: None)
    poll, error = poll_new(), INT()
    client = client_new(poll_get(poll), 0, ignore, None, ctypes.byref(error))
    demand(error.value if not client else 0, 'client')
    group = group_new(client, ignore, None)
    demand(group_add(group, *everywhere, name, type_, None, None, int(port), strings(txt)), 'add')
    demand(group_commit(group), 'commit')
    while group_state(group) != ESTABLISHED:
        demand(-poll_iterate(poll, -1), 'poll')
    print('established', flush=True)
    for line in sys.stdin:
        demand(group_update(group, *everywhere, name, type_, None, strings(json.loads(line))),
               'update')
        print('updated', flush=True)
    os._exit(0)                         # the daemon withdraws what its client leaves behind


if __name__ == '__main__':
    main(*sys.argv[1:])
