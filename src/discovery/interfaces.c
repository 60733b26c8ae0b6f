/* SPDX-License-Identifier: MIT */
#include "discovery/interfaces.h"

#include <ifaddrs.h>
#include <net/if.h>
#include <string.h>
#include <sys/socket.h>

bool sds_interface_can_multicast(const char *name)
{
    struct ifaddrs *all;
    bool found = false;

    if (getifaddrs(&all))
        return true; /* nobody can tell: let the source try */
    for (struct ifaddrs *i = all; i && !found; i = i->ifa_next) {
        bool is_loopback = i->ifa_flags & IFF_LOOPBACK;

        if (!(i->ifa_flags & IFF_UP) || !i->ifa_addr ||
            (i->ifa_addr->sa_family != AF_INET && i->ifa_addr->sa_family != AF_INET6))
            continue;
        if (name)
            found = strcmp(i->ifa_name, name) == 0 && (is_loopback || i->ifa_flags & IFF_MULTICAST);
        else
            found = !is_loopback && i->ifa_flags & IFF_MULTICAST;
    }
    freeifaddrs(all);
    return found;
}

bool sds_interface_exists(const char *name)
{
    return if_nametoindex(name) != 0;
}
