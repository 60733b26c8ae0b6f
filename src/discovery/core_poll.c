/* SPDX-License-Identifier: MIT */
#include "discovery/core_poll.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/queue.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"
#include "discovery/avahi.h"
#include "discovery/burden.h"
#include "wire/socket.h"

#define PORTS_MAX 2 /* one a protocol */

/* Datagrams that are read before a timer, and the time that this may take: others want their turn,
 * too. */
#define CATCH_UP_MAX 64
#define CATCH_UP_US  100000

/* A descriptor of Avahi's on port 5353. */
struct port {
    struct sds_core_poll *poll;
    int fd;
    AvahiWatch *watch;
    AvahiWatchCallback callback;
    void *userdata;
};

struct timeout {
    SLIST_ENTRY(timeout) all;
    struct sds_core_poll *poll;
    AvahiTimeoutCallback callback;
    void *userdata;
};

struct sds_core_poll {
    struct sds_core_poll_config config;
    AvahiPoll api; /* the loop's, but for what makes watches and timeouts */
    const AvahiPoll *loop;
    struct port ports[PORTS_MAX];
    size_t n_ports;
    SLIST_HEAD(, timeout) timeouts;
    struct sds_burden burden;
    uint64_t n_turned_away;
    int error;
};

static struct sds_core_poll *poll_of(const AvahiPoll *api)
{
    return SDS_CONTAINER(api, struct sds_core_poll, api);
}

/* The protocol of a socket on the mDNS port; 0: it is another one, such as netlink's. */
static int family_of(int fd)
{
    struct sockaddr_storage address;
    socklen_t len = sizeof(address);

    if (getsockname(fd, (struct sockaddr *)&address, &len) < 0)
        return 0;
    if (address.ss_family == AF_INET &&
        ((const struct sockaddr_in *)&address)->sin_port == htons(SDS_WIRE_PORT))
        return AF_INET;
    if (address.ss_family == AF_INET6 &&
        ((const struct sockaddr_in6 *)&address)->sin6_port == htons(SDS_WIRE_PORT))
        return AF_INET6;
    return 0;
}

/* Put a socket of ours in the place of Avahi's, before it has joined anything. */
static int replace(int fd, int family)
{
    int ours = sds_wire_group_open(family), r;

    if (ours < 0)
        return ours;
    r = dup3(ours, fd, O_CLOEXEC) < 0 ? -errno : 0;
    close(ours);
    return r;
}

/* Time that this process took, however many others the machine has. */
static int64_t cpu_us(void)
{
    struct timespec t;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

/* Who sent what is to be read next; of no length where that cannot be told. */
static struct sds_address next_sender(const struct port *port)
{
    union {
        struct sockaddr any;
        struct sockaddr_in ipv4;
        struct sockaddr_in6 ipv6;
    } from = {.any.sa_family = AF_UNSPEC};
    struct sds_address address = {0};
    socklen_t len = sizeof(from);
    uint8_t byte;

    if (recvfrom(port->fd, &byte, sizeof(byte), MSG_PEEK | MSG_DONTWAIT, &from.any, &len) < 0)
        return address;
    if (from.any.sa_family == AF_INET) {
        address.len = 4;
        memcpy(address.bytes, &from.ipv4.sin_addr, address.len);
    } else if (from.any.sa_family == AF_INET6) {
        address.len = 16;
        memcpy(address.bytes, &from.ipv6.sin6_addr, address.len);
    }
    return address;
}

static void turn_away(struct port *port)
{
    struct sds_core_poll *poll = port->poll;
    uint8_t byte;

    if (recv(port->fd, &byte, sizeof(byte), MSG_DONTWAIT) < 0)
        return;
    poll->n_turned_away++;
    poll->config.swamped(poll->config.userdata);
}

/* Have Avahi read a datagram, unless it has no time for its sender: it compares each record with
 * all that it has of that name, and with all that it heard in the last second. */
static void read_next(struct port *port)
{
    struct sds_core_poll *poll = port->poll;
    struct sds_address sender = next_sender(port);
    int64_t began = cpu_us();

    if (sds_burden_is_too_much(&poll->burden, &sender, poll->config.clock->mono_ms())) {
        turn_away(port);
        return;
    }
    port->callback(port->watch, port->fd, AVAHI_WATCH_IN, port->userdata);
    sds_burden_add(&poll->burden, &sender, cpu_us() - began, poll->config.clock->mono_ms());
}

static void on_readable(AvahiWatch *watch, int fd, AvahiWatchEvent event, void *userdata)
{
    (void)watch;
    (void)fd;
    (void)event;
    read_next(userdata);
}

static AvahiWatch *new_watch(const AvahiPoll *api, int fd, AvahiWatchEvent event,
                             AvahiWatchCallback callback, void *userdata)
{
    struct sds_core_poll *poll = poll_of(api);
    int family = poll->n_ports < PORTS_MAX ? family_of(fd) : 0;
    int r = family ? replace(fd, family) : 0;
    struct port *port;

    if (r < 0)
        poll->error = r;
    if (!family)
        return poll->loop->watch_new(poll->loop, fd, event, callback, userdata);
    port = &poll->ports[poll->n_ports];
    *port = (struct port){.poll = poll, .fd = fd, .callback = callback, .userdata = userdata};
    port->watch = poll->loop->watch_new(poll->loop, fd, event, on_readable, port);
    poll->n_ports += port->watch != NULL;
    return port->watch;
}

static bool has_unread(const struct port *port)
{
    int n = 0;

    return ioctl(port->fd, FIONREAD, &n) == 0 && n > 0;
}

bool sds_core_poll_has_unread(const struct sds_core_poll *poll)
{
    for (size_t i = 0; i < poll->n_ports; i++)
        if (has_unread(&poll->ports[i]))
            return true;
    return false;
}

static void catch_up(struct port *port)
{
    int64_t end_us = cpu_us() + CATCH_UP_US;

    for (int i = 0; i < CATCH_UP_MAX && has_unread(port) && cpu_us() < end_us; i++)
        read_next(port);
}

static void on_timeout(AvahiTimeout *timeout, void *userdata)
{
    const struct timeout *t = userdata;

    for (size_t i = 0; i < t->poll->n_ports; i++)
        catch_up(&t->poll->ports[i]);
    t->callback(timeout, t->userdata);
}

static AvahiTimeout *new_timeout(const AvahiPoll *api, const struct timeval *at,
                                 AvahiTimeoutCallback callback, void *userdata)
{
    struct sds_core_poll *poll = poll_of(api);
    struct timeout *timeout = calloc(1, sizeof(*timeout));

    if (!timeout)
        return NULL;
    *timeout = (struct timeout){.poll = poll, .callback = callback, .userdata = userdata};
    SLIST_INSERT_HEAD(&poll->timeouts, timeout, all);
    return poll->loop->timeout_new(poll->loop, at, on_timeout, timeout);
}

struct sds_core_poll *sds_core_poll_new(const struct sds_core_poll_config *config)
{
    struct sds_core_poll *poll = calloc(1, sizeof(*poll));

    if (!poll)
        return NULL;
    poll->config = *config;
    poll->loop = sds_loop_avahi(config->loop);
    poll->api = *poll->loop;
    poll->api.watch_new = new_watch;
    poll->api.timeout_new = new_timeout;
    SLIST_INIT(&poll->timeouts);
    return poll;
}

struct sds_core_poll *sds_core_poll_free(struct sds_core_poll *poll)
{
    struct timeout *timeout;

    while (poll && (timeout = SLIST_FIRST(&poll->timeouts))) {
        SLIST_REMOVE_HEAD(&poll->timeouts, all);
        free(timeout);
    }
    free(poll);
    return NULL;
}

const AvahiPoll *sds_core_poll_api(struct sds_core_poll *poll)
{
    return &poll->api;
}

int sds_core_poll_error(const struct sds_core_poll *poll)
{
    return poll->error;
}

uint64_t sds_core_poll_n_turned_away(const struct sds_core_poll *poll)
{
    return poll->n_turned_away;
}
