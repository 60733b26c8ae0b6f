/* SPDX-License-Identifier: MIT */
#include "discovery/ports.h"

#include <errno.h>
#include <ifaddrs.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/mem.h"
#include "discovery/links.h"

/* Rounds of receiving in one turn: timers and other sockets wait meanwhile. */
#define RECEIVE_ROUNDS 8

/* One protocol on one interface. */
struct port {
    TAILQ_ENTRY(port) all;
    struct sds_ports *ports;
    int ifindex, family;
    struct sds_wire_socket *socket, *one_shot; /* NULL where it is not used */
    struct sds_watch *watch, *one_shot_watch;
    bool is_seen; /* while interfaces are compared */
};

struct sds_ports {
    struct sds_ports_config config;
    TAILQ_HEAD(, port) all;
    struct sds_wire_inbox *inbox;
    struct sds_links *links;
    int netlink; /* tells of interfaces that come and go */
    struct sds_watch *netlink_watch;
    struct sds_ports_counts counts;
};

/* ---- receiving ----------------------------------------------------------------------------- */

static void receive(struct sds_ports *p, struct sds_wire_socket *socket, sds_wire_datagram_fn *fn)
{
    int r = SDS_WIRE_RECEIVE_MAX;

    for (int i = 0; i < RECEIVE_ROUNDS && r == SDS_WIRE_RECEIVE_MAX; i++)
        r = sds_wire_socket_receive(socket, p->inbox, fn, p->config.userdata);
    p->config.rest(p->config.userdata);
}

static void on_readable(void *userdata)
{
    struct port *port = userdata;

    receive(port->ports, port->socket, port->ports->config.message);
}

static void on_one_shot_readable(void *userdata)
{
    struct port *port = userdata;

    receive(port->ports, port->one_shot, port->ports->config.reply);
}

/* ---- sending ------------------------------------------------------------------------------- */

static struct port *find_port(const struct sds_ports *p, int ifindex, int family)
{
    struct port *port;

    TAILQ_FOREACH (port, &p->all, all)
        if (port->ifindex == ifindex && port->family == family)
            return port;
    return NULL;
}

/* Send from one of a port's sockets. */
static int send_from(struct port *port, struct sds_wire_socket *socket, const void *message,
                     size_t len)
{
    int r = sds_wire_socket_send(socket, message, len);

    if (r < 0)
        return r;
    port->ports->counts.sent++;
    port->ports->counts.sent_bytes += len;
    return 0;
}

int sds_ports_send(struct sds_ports *p, int ifindex, const void *message, size_t len)
{
    struct port *port;
    int r = -ENETDOWN;

    TAILQ_FOREACH (port, &p->all, all)
        if (port->ifindex == ifindex) {
            int one = send_from(port, port->socket, message, len);

            r = one == 0 || r == 0 ? 0 : one;
        }
    return r;
}

int sds_ports_send_one_shot(struct sds_ports *p, int ifindex, bool everywhere, const void *message,
                            size_t len)
{
    struct port *ports[] = {find_port(p, ifindex, AF_INET), find_port(p, ifindex, AF_INET6)};
    int r = -ENETDOWN;

    for (size_t i = 0; i < SDS_COUNT(ports); i++)
        if (ports[i] && (everywhere || r < 0)) {
            int one = send_from(ports[i], ports[i]->one_shot, message, len);

            r = one == 0 || r == 0 ? 0 : one;
        }
    return r;
}

/* ---- interfaces ---------------------------------------------------------------------------- */

static uint64_t drops_of(const struct port *port)
{
    return (port->socket ? sds_wire_socket_drops(port->socket) : 0) +
           (port->one_shot ? sds_wire_socket_drops(port->one_shot) : 0);
}

static void port_free(struct port *port)
{
    TAILQ_REMOVE(&port->ports->all, port, all);
    port->ports->counts.dropped += drops_of(port);
    sds_watch_free(port->watch);
    sds_watch_free(port->one_shot_watch);
    sds_wire_socket_free(port->socket);
    sds_wire_socket_free(port->one_shot);
    free(port);
}

static int open_group(struct port *port)
{
    int r = sds_wire_socket_open(port->ifindex, port->family, &port->socket);

    if (r < 0)
        return r;
    if (port->ports->config.is_stamped)
        sds_wire_socket_stamp(port->socket);
    port->watch = sds_watch_new(port->ports->config.loop, sds_wire_socket_fd(port->socket),
                                on_readable, port);
    return port->watch ? 0 : -ENOMEM;
}

static int open_one_shot(struct port *port)
{
    int r = sds_wire_socket_open_one_shot(port->ifindex, port->family, &port->one_shot);

    if (r < 0)
        return r;
    port->one_shot_watch = sds_watch_new(
        port->ports->config.loop, sds_wire_socket_fd(port->one_shot), on_one_shot_readable, port);
    return port->one_shot_watch ? 0 : -ENOMEM;
}

static int port_open(struct sds_ports *p, int ifindex, int family)
{
    struct port *port = calloc(1, sizeof(*port));
    int r;

    if (!port)
        return -ENOMEM;
    *port = (struct port){.ports = p, .ifindex = ifindex, .family = family, .is_seen = true};
    TAILQ_INSERT_TAIL(&p->all, port, all);
    r = p->config.has_no_groups ? 0 : open_group(port);
    if (r == 0 && p->config.has_one_shots)
        r = open_one_shot(port);
    if (r < 0)
        port_free(port);
    return r;
}

/* The loopback takes multicast though it does not say so; nobody but this host is there. */
static bool is_wanted(const struct sds_ports *p, const struct ifaddrs *address)
{
    const unsigned needed = IFF_UP | IFF_RUNNING, either = IFF_MULTICAST | IFF_LOOPBACK;
    int family = address->ifa_addr ? address->ifa_addr->sa_family : AF_UNSPEC;

    if (family != AF_INET && family != AF_INET6)
        return false;
    if (p->config.family != AF_UNSPEC && p->config.family != family)
        return false;
    if ((address->ifa_flags & needed) != needed || !(address->ifa_flags & either))
        return false;
    if (p->config.interface)
        return strcmp(address->ifa_name, p->config.interface) == 0;
    return !(address->ifa_flags & (IFF_LOOPBACK | IFF_POINTOPOINT));
}

static bool has_interface(const struct sds_ports *p, int ifindex)
{
    return find_port(p, ifindex, AF_INET) || find_port(p, ifindex, AF_INET6);
}

/* Close the ports of interfaces that are gone. */
static void close_unseen(struct sds_ports *p)
{
    struct port *port, *after;

    for (port = TAILQ_FIRST(&p->all); port; port = after) {
        int ifindex = port->ifindex;

        after = TAILQ_NEXT(port, all);
        if (port->is_seen)
            continue;
        port_free(port);
        if (!has_interface(p, ifindex))
            p->config.interface_changed(p->config.userdata, ifindex, false);
    }
}

/* Learn what the links are like now; where that cannot be told, what was known before goes on. */
static void update_links(struct sds_ports *p)
{
    struct sds_links *links;

    if (sds_links_read(&links) < 0)
        return;
    sds_links_free(p->links);
    p->links = links;
}

/* Make the ports those of the interfaces that are there. Returns the first failure, or 0. */
static int update(struct sds_ports *p)
{
    struct ifaddrs *addresses, *address;
    struct port *port;
    int r = 0;

    if (getifaddrs(&addresses) < 0)
        return -errno;
    TAILQ_FOREACH (port, &p->all, all)
        port->is_seen = false;
    for (address = addresses; address; address = address->ifa_next) {
        int ifindex, one;
        bool is_new;

        if (!is_wanted(p, address))
            continue;
        ifindex = (int)if_nametoindex(address->ifa_name);
        port = find_port(p, ifindex, address->ifa_addr->sa_family);
        if (port)
            port->is_seen = true;
        if (port || !ifindex)
            continue;
        is_new = !has_interface(p, ifindex);
        one = port_open(p, ifindex, address->ifa_addr->sa_family);
        r = r < 0 ? r : one;
        if (is_new && one == 0)
            p->config.interface_changed(p->config.userdata, ifindex, true);
    }
    freeifaddrs(addresses);
    close_unseen(p);
    update_links(p);
    return r;
}

static void on_netlink(void *userdata)
{
    struct sds_ports *p = userdata;
    char news[8192];

    while (recv(p->netlink, news, sizeof(news), MSG_DONTWAIT) > 0)
        ; /* whatever it says, what matters is how things are now */
    update(p);
}

static int watch_interfaces(struct sds_ports *p)
{
    const struct sockaddr_nl address = {
        .nl_family = AF_NETLINK,
        .nl_groups = RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR,
    };

    p->netlink = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE);
    if (p->netlink < 0 || bind(p->netlink, (const struct sockaddr *)&address, sizeof(address)) < 0)
        return -errno;
    p->netlink_watch = sds_watch_new(p->config.loop, p->netlink, on_netlink, p);
    return p->netlink_watch ? 0 : -ENOMEM;
}

int sds_ports_interface(const struct sds_ports *p, size_t *at)
{
    const struct port *port;
    size_t i = 0;

    TAILQ_FOREACH (port, &p->all, all) {
        const struct port *first = find_port(p, port->ifindex, AF_INET);

        /* An interface with both protocols has two ports, of which the one of IPv4 counts. */
        if (port->family == AF_INET6 && first)
            continue;
        if (i++ < *at)
            continue;
        ++*at;
        return port->ifindex;
    }
    return 0;
}

const struct sds_wire_link *sds_ports_link(const struct sds_ports *p, int ifindex)
{
    return sds_links_find(p->links, ifindex);
}

/* ---- beginning and end --------------------------------------------------------------------- */

struct sds_ports_counts sds_ports_counts(const struct sds_ports *p)
{
    struct sds_ports_counts counts = p->counts;
    const struct port *port;

    TAILQ_FOREACH (port, &p->all, all)
        counts.dropped += drops_of(port);
    return counts;
}

int sds_ports_new(const struct sds_ports_config *config, struct sds_ports **ret)
{
    struct sds_ports *p = calloc(1, sizeof(*p));
    int r;

    if (!p)
        return -ENOMEM;
    *p = (struct sds_ports){.config = *config, .netlink = -1};
    TAILQ_INIT(&p->all);
    p->inbox = sds_wire_inbox_new();
    r = p->inbox ? watch_interfaces(p) : -ENOMEM;
    if (r == 0)
        r = update(p);
    if (!TAILQ_EMPTY(&p->all))
        r = 0; /* some interface is heard, and others may come */
    else if (r == 0)
        r = -ENETDOWN;
    if (r < 0)
        sds_ports_free(p);
    else
        *ret = p;
    return r;
}

struct sds_ports *sds_ports_free(struct sds_ports *p)
{
    if (!p)
        return NULL;
    while (!TAILQ_EMPTY(&p->all))
        port_free(TAILQ_FIRST(&p->all));
    sds_watch_free(p->netlink_watch);
    if (p->netlink >= 0)
        close(p->netlink);
    sds_links_free(p->links);
    sds_wire_inbox_free(p->inbox);
    free(p);
    return NULL;
}
