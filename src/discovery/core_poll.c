/* SPDX-License-Identifier: MIT */
#include "discovery/core_poll.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/queue.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/mem.h"
#include "discovery/avahi.h"
#include "wire/socket.h"

#define PORTS_MAX 2 /* one a protocol */

/* Datagrams that are read before a timer: others want their turn, too. */
#define CATCH_UP_MAX 64

/* A descriptor of Avahi's on port 5353. */
struct port {
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
    AvahiPoll api; /* the loop's, but for what makes watches and timeouts */
    const AvahiPoll *loop;
    struct port ports[PORTS_MAX];
    size_t n_ports;
    SLIST_HEAD(, timeout) timeouts;
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

static AvahiWatch *new_watch(const AvahiPoll *api, int fd, AvahiWatchEvent event,
                             AvahiWatchCallback callback, void *userdata)
{
    struct sds_core_poll *poll = poll_of(api);
    int family = poll->n_ports < PORTS_MAX ? family_of(fd) : 0;
    int r = family ? replace(fd, family) : 0;
    AvahiWatch *watch = poll->loop->watch_new(poll->loop, fd, event, callback, userdata);

    if (r < 0)
        poll->error = r;
    if (family && watch)
        poll->ports[poll->n_ports++] = (struct port){fd, watch, callback, userdata};
    return watch;
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

static void catch_up(const struct port *port)
{
    for (int i = 0; i < CATCH_UP_MAX && has_unread(port); i++)
        port->callback(port->watch, port->fd, AVAHI_WATCH_IN, port->userdata);
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

struct sds_core_poll *sds_core_poll_new(struct sds_loop *loop)
{
    struct sds_core_poll *poll = calloc(1, sizeof(*poll));

    if (!poll)
        return NULL;
    poll->loop = sds_loop_avahi(loop);
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
