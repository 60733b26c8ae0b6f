/* SPDX-License-Identifier: MIT */
#include "discovery/interfaces.h"

#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

/* Up, with an address; of the loopback, it counts where nobody says so. */
static bool can_multicast(const struct ifaddrs *i)
{
    return i->ifa_flags & IFF_UP && i->ifa_flags & (IFF_MULTICAST | IFF_LOOPBACK) && i->ifa_addr &&
           (i->ifa_addr->sa_family == AF_INET || i->ifa_addr->sa_family == AF_INET6);
}

bool sds_interface_can_multicast(const char *name)
{
    struct ifaddrs *all;
    bool found = false;

    if (getifaddrs(&all))
        return true; /* nobody can tell: let the source try */
    for (struct ifaddrs *i = all; i && !found; i = i->ifa_next)
        found = can_multicast(i) &&
                (name ? strcmp(i->ifa_name, name) == 0 : !(i->ifa_flags & IFF_LOOPBACK));
    freeifaddrs(all);
    return found;
}

static bool is_listed(char (*names)[IF_NAMESIZE], size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}

size_t sds_interfaces_list(char (*ret)[IF_NAMESIZE], size_t max)
{
    struct ifaddrs *all;
    size_t n = 0;

    if (getifaddrs(&all))
        return 0;
    for (struct ifaddrs *i = all; i && n < max; i = i->ifa_next)
        if (can_multicast(i) && !(i->ifa_flags & IFF_LOOPBACK) && !is_listed(ret, n, i->ifa_name))
            snprintf(ret[n++], IF_NAMESIZE, "%s", i->ifa_name);
    freeifaddrs(all);
    return n;
}

bool sds_interface_exists(const char *name)
{
    return if_nametoindex(name) != 0;
}
