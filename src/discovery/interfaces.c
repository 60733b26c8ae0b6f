/* SPDX-License-Identifier: MIT */
#include "discovery/interfaces.h"

#include <errno.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

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

bool sds_mdns_port_is_taken(void)
{
    const struct sockaddr_in any = {.sin_family = AF_INET, .sin_port = htons(5353)};
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    bool is_taken;

    if (fd < 0)
        return false;
    is_taken = bind(fd, (const struct sockaddr *)&any, sizeof(any)) < 0 && errno == EADDRINUSE;
    close(fd);
    return is_taken;
}
