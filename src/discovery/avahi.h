/* SPDX-License-Identifier: MIT */
#ifndef SDS_DISCOVERY_AVAHI_H
#define SDS_DISCOVERY_AVAHI_H

#include <sys/socket.h>

#include <avahi-common/address.h>
#include <avahi-common/defs.h>
#include <avahi-common/watch.h>

#include "discovery/loop.h"
#include "discovery/querier.h"

/* Few packets, and far from a daemon's limit of 1,024 objects. */
#define SDS_AVAHI_OPEN_MAX 256

/* Avahi asks after 0.1, 1.1 and 3.1 s, and the slowest answers (RFC 6762 6: 120 ms, 500 ms after
 * known answers) take their time: everybody was asked twice by then, for types and for records, so
 * that a service which cannot be resolved holds up little more than the silence after a type. What
 * nobody confirms is asked for a third time, since a responder is silent for a second after it has
 * multicast a record (6): whoever lost that one hears nothing of it in the second round. */
#define SDS_AVAHI_SETTLE_MS   2000
#define SDS_AVAHI_PATIENCE_MS 2000
#define SDS_AVAHI_ALONE_MS    3700

/* What Avahi's own objects are given to wait in. */
const AvahiPoll *sds_loop_avahi(struct sds_loop *loop);

/* AF_INET, AF_INET6 or AF_UNSPEC in Avahi's words. */
static inline AvahiProtocol sds_avahi_protocol(int family)
{
    switch (family) {
    case AF_INET:
        return AVAHI_PROTO_INET;
    case AF_INET6:
        return AVAHI_PROTO_INET6;
    default:
        return AVAHI_PROTO_UNSPEC;
    }
}

/* An event about a record in ours; false for the one that tells nothing. */
static inline bool sds_avahi_answer(AvahiBrowserEvent event, AvahiIfIndex interface,
                                    AvahiProtocol protocol, struct sds_answer *ret)
{
    *ret = (struct sds_answer){
        .holder = SDS_HOLDER_ASKED,
        .ifindex = interface,
        .family = protocol == AVAHI_PROTO_INET6 ? AF_INET6 : AF_INET,
    };
    switch (event) {
    case AVAHI_BROWSER_NEW:
        ret->kind = SDS_ANSWER_NEW;
        return true;
    case AVAHI_BROWSER_REMOVE:
        ret->kind = SDS_ANSWER_GONE;
        return true;
    case AVAHI_BROWSER_CACHE_EXHAUSTED:
        ret->kind = SDS_ANSWER_CACHE_DONE;
        return true;
    case AVAHI_BROWSER_FAILURE:
        ret->kind = SDS_ANSWER_FAILED;
        return true;
    case AVAHI_BROWSER_ALL_FOR_NOW: /* a bare one-second timer */
        break;
    }
    return false;
}

#endif
