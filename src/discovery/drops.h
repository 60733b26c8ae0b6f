/* SPDX-License-Identifier: MIT */
#ifndef SDS_DISCOVERY_DROPS_H
#define SDS_DISCOVERY_DROPS_H

#include <stdint.h>

/* Datagrams that the mDNS sockets of this host had no room for since they were opened, whoever
 * owns them (proc(5): the last column of /proc/net/udp and udp6). 0 where nobody can tell. */
uint64_t sds_mdns_drops(void);

#endif
