/* SPDX-License-Identifier: MIT */
#ifndef SDS_DISCOVERY_CORE_POLL_H
#define SDS_DISCOVERY_CORE_POLL_H

#include <stdbool.h>
#include <stdint.h>

#include <avahi-common/watch.h>

#include "base/clock.h"
#include "discovery/loop.h"

/**
 * The loop as Avahi inside this process is to see it. Avahi binds its sockets to port 5353 of every
 * address, and so takes what is sent to this host alone from the daemon that serves it: here they
 * become sockets bound to the mDNS groups, with a large buffer. And what is waiting to be read is
 * read before Avahi's timers end, which would have it ask in vain, or expire what was renewed; but
 * who tells so much that Avahi has no time for others is not heard for a while.
 */
struct sds_core_poll;

struct sds_core_poll_config {
    struct sds_loop *loop;
    const struct sds_clock *clock;
    sds_callback *swamped; /* a datagram was turned away; to be noted, no more */
    void *userdata;
};

/* NULL when out of memory. */
struct sds_core_poll *sds_core_poll_new(const struct sds_core_poll_config *config);

/* After the AvahiServer. Returns NULL; @poll may be NULL. */
struct sds_core_poll *sds_core_poll_free(struct sds_core_poll *poll);

/* What to make an AvahiServer with; lives as long as @poll. */
const AvahiPoll *sds_core_poll_api(struct sds_core_poll *poll);

/* 0, or the negative errno for which a socket could not be replaced. */
int sds_core_poll_error(const struct sds_core_poll *poll);

/* Whether a datagram waits to be read. */
bool sds_core_poll_has_unread(const struct sds_core_poll *poll);

/* Datagrams that Avahi had no time for. */
uint64_t sds_core_poll_n_turned_away(const struct sds_core_poll *poll);

#endif
