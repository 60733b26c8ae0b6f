/* SPDX-License-Identifier: MIT */
#include "wire/on_link.h"

#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>

#define TTL_OF_LINK 255

static struct sds_address address_of(const struct sockaddr *address)
{
    struct sds_address ret = {0};
    struct sockaddr_in ipv4;
    struct sockaddr_in6 ipv6;

    if (address && address->sa_family == AF_INET) {
        memcpy(&ipv4, address, sizeof(ipv4));
        ret.len = sizeof(ipv4.sin_addr);
        memcpy(ret.bytes, &ipv4.sin_addr, ret.len);
    } else if (address && address->sa_family == AF_INET6) {
        memcpy(&ipv6, address, sizeof(ipv6));
        ret.len = sizeof(ipv6.sin6_addr);
        memcpy(ret.bytes, &ipv6.sin6_addr, ret.len);
    }
    return ret;
}

/* The net of an interface's address. */
static struct sds_prefix net_of(const struct ifaddrs *one)
{
    struct sds_address mask = address_of(one->ifa_netmask);
    struct sds_prefix net = {.address = address_of(one->ifa_addr)};

    for (size_t i = 0; i < mask.len; i++)
        net.len = (uint8_t)(net.len + __builtin_popcount(mask.bytes[i]));
    return net;
}

/* Asked for the few that do not say 255, so that interfaces may be renumbered meanwhile. */
static bool is_in_net_of(int ifindex, const struct sds_address *address)
{
    struct ifaddrs *all, *one;
    bool is_in = false;

    if (getifaddrs(&all) < 0)
        return false;
    for (one = all; one && !is_in; one = one->ifa_next) {
        struct sds_prefix net = net_of(one);

        is_in = net.len && sds_prefix_covers(&net, *address) &&
                (int)if_nametoindex(one->ifa_name) == ifindex;
    }
    freeifaddrs(all);
    return is_in;
}

bool sds_wire_is_on_link(const struct sds_wire_datagram *datagram)
{
    return datagram->ttl == TTL_OF_LINK || sds_address_is_link_local(datagram->sender) ||
           is_in_net_of(datagram->ifindex, &datagram->sender);
}
