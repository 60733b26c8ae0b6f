/* SPDX-License-Identifier: MIT */
#include "discovery/links.h"

#include <errno.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/arr.h"

struct link {
    int ifindex;
    struct sds_wire_link known;
    SDS_ARR(struct sds_prefix) prefixes;
};

struct sds_links {
    SDS_ARR(struct link) list;
};

struct sds_links *sds_links_free(struct sds_links *links)
{
    for (size_t i = 0; links && i < links->list.n; i++)
        free(links->list.v[i].prefixes.v);
    if (links)
        free(links->list.v);
    free(links);
    return NULL;
}

/* 0 where it cannot be told. */
static unsigned mtu_of(const char *interface)
{
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    struct ifreq request = {0};
    bool is_known;

    if (fd < 0)
        return 0;
    snprintf(request.ifr_name, sizeof(request.ifr_name), "%s", interface);
    is_known = ioctl(fd, SIOCGIFMTU, &request) == 0 && request.ifr_mtu > 0;
    close(fd);
    return is_known ? (unsigned)request.ifr_mtu : 0;
}

static struct sds_address address_of(const struct sockaddr *address)
{
    struct sds_address ret = {0};

    if (address->sa_family == AF_INET) {
        ret.len = 4;
        memcpy(ret.bytes, &((const struct sockaddr_in *)(const void *)address)->sin_addr, 4);
    } else {
        ret.len = 16;
        memcpy(ret.bytes, &((const struct sockaddr_in6 *)(const void *)address)->sin6_addr, 16);
    }
    return ret;
}

static uint8_t count_bits(struct sds_address mask)
{
    uint8_t n = 0;

    while (n < mask.len * 8 && mask.bytes[n / 8] & 0x80 >> n % 8)
        n++;
    return n;
}

static struct link *find_link(struct sds_links *links, int ifindex)
{
    for (size_t i = 0; i < links->list.n; i++)
        if (links->list.v[i].ifindex == ifindex)
            return &links->list.v[i];
    return NULL;
}

static bool add_address(struct sds_links *links, const struct ifaddrs *address)
{
    int family = address->ifa_addr ? address->ifa_addr->sa_family : AF_UNSPEC;
    int ifindex = (int)if_nametoindex(address->ifa_name);
    struct sds_prefix prefix = {0};
    struct sds_address mask;
    struct link *link;

    if ((family != AF_INET && family != AF_INET6) || !address->ifa_netmask || !ifindex)
        return true;
    link = find_link(links, ifindex);
    if (!link) {
        if (!sds_arr_push(&links->list,
                          (struct link){ifindex, {.mtu = mtu_of(address->ifa_name)}, {0}}))
            return false;
        link = &links->list.v[links->list.n - 1];
    }
    snprintf(prefix.interface, sizeof(prefix.interface), "%s", address->ifa_name);
    prefix.address = address_of(address->ifa_addr);
    mask = address_of(address->ifa_netmask);
    prefix.len = count_bits(mask);
    for (size_t i = 0; i < mask.len; i++)
        prefix.address.bytes[i] &= mask.bytes[i];
    return sds_arr_push(&link->prefixes, prefix);
}

int sds_links_read(struct sds_links **ret)
{
    struct sds_links *links = calloc(1, sizeof(*links));
    struct ifaddrs *addresses;
    int r = 0;

    if (!links)
        return -ENOMEM;
    if (getifaddrs(&addresses) < 0) {
        r = -errno;
        sds_links_free(links);
        return r;
    }
    for (const struct ifaddrs *address = addresses; address && r == 0; address = address->ifa_next)
        r = add_address(links, address) ? 0 : -ENOMEM;
    freeifaddrs(addresses);
    if (r < 0) {
        sds_links_free(links);
        return r;
    }
    for (size_t i = 0; i < links->list.n; i++) {
        struct link *link = &links->list.v[i];

        link->known.prefixes = link->prefixes.v;
        link->known.n_prefixes = link->prefixes.n;
    }
    *ret = links;
    return 0;
}

const struct sds_wire_link *sds_links_find(const struct sds_links *links, int ifindex)
{
    for (size_t i = 0; links && i < links->list.n; i++)
        if (links->list.v[i].ifindex == ifindex)
            return &links->list.v[i].known;
    return NULL;
}
