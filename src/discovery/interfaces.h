/* SPDX-License-Identifier: MIT */
#ifndef SDS_DISCOVERY_INTERFACES_H
#define SDS_DISCOVERY_INTERFACES_H

#include <net/if.h>
#include <stdbool.h>
#include <stddef.h>

/* Whether some interface but the loopback is up and can multicast; or the one of that name. */
bool sds_interface_can_multicast(const char *name);

/* The names of those that are up and can multicast, the loopback left out: at most @max, each of
 * which fits. Returns how many. */
size_t sds_interfaces_list(char (*ret)[IF_NAMESIZE], size_t max);

/* Whether there is an interface of that name. */
bool sds_interface_exists(const char *name);

#endif
