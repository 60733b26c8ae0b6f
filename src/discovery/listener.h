/* SPDX-License-Identifier: MIT */
#ifndef SDS_DISCOVERY_LISTENER_H
#define SDS_DISCOVERY_LISTENER_H

#include <sys/queue.h>

#include "base/clock.h"
#include "base/hash.h"
#include "discovery/querier.h"
#include "wire/conduct.h"
#include "wire/name.h"
#include "wire/socket.h"
#include "wire/store.h"

/* Hears what is said on the links, and remembers it; never says anything by itself. */
struct sds_listener;

/* What else can be heard of; members may be NULL. */
struct sds_listener_events {
    /* Called from within sds_listener_new() too. */
    void (*interface)(void *userdata, int ifindex, bool is_there);
    /* A message of any kind, before its records are taken. */
    void (*message)(void *userdata, const struct sds_wire_datagram *datagram);
    /* An answer to a one-shot query, after its records were taken. */
    void (*reply)(void *userdata, const struct sds_wire_datagram *datagram);
    /* The first PTR record of a name, as struct sds_wire_name has it. */
    void (*pointer)(void *userdata, struct sds_span owner);
    void *userdata;
};

struct sds_listener_config {
    struct sds_loop *loop;
    const struct sds_clock *clock;
    const char *interface;   /* only this one; NULL: all that can multicast, as they come and go */
    int family;              /* AF_INET, AF_INET6 or AF_UNSPEC */
    bool judges_packets;     /* see sds_listener_conduct() */
    uint16_t one_shot_id;    /* of the one-shot queries that are sent through it; 0: none are */
    bool hears_replies_only; /* those to one-shot queries: port 5353 is left alone */
    struct sds_listener_events events;
};

/**
 * Open sockets on the links, bound to the groups, so that another mDNS stack of this host keeps
 * every unicast answer.
 *
 * @ret_error  set on failure: one clause that says what is wrong; malloc'ed
 * Returns 0, -ENETDOWN where no interface could be opened, -ENOMEM or another negative errno.
 */
int sds_listener_new(const struct sds_listener_config *config, struct sds_listener **ret,
                     char **ret_error);

/* After every hearer has left. Returns NULL. */
struct sds_listener *sds_listener_free(struct sds_listener *listener);

/* Records on the way to somebody; what it holds lives as long as the listener. */
const struct sds_store *sds_listener_store(const struct sds_listener *listener);

/* The link of an interface, until the next turn of the loop; NULL: nothing is known of it. */
const struct sds_wire_link *sds_listener_link(const struct sds_listener *listener, int ifindex);

/* How those who are heard conduct themselves; NULL where nobody wanted to know. */
const struct sds_conduct *sds_listener_conduct(const struct sds_listener *listener);

/* Have answers to one-shot queries live for two minutes from now on, where nobody else tells what
 * they tell, rather than for SDS_STORE_LEGACY_LIFE_S. */
void sds_listener_keep_replies(struct sds_listener *listener);

/* Forget all that was heard. */
void sds_listener_forget(struct sds_listener *listener);

/* Send a message on an interface, over each protocol it is heard on. Returns 0 when some packet
 * left, or a negative errno. */
int sds_listener_send(struct sds_listener *listener, int ifindex, const void *message, size_t len);

/* The same for a one-shot query, which has the id of the configuration and a port of its own; over
 * one protocol, IPv4 where that is heard, or each. */
int sds_listener_send_one_shot(struct sds_listener *listener, int ifindex, bool everywhere,
                               const void *message, size_t len);

/* The interfaces it hears, each once: *@at begins with 0. Returns 0 at the end. */
int sds_listener_interface(const struct sds_listener *listener, size_t *at);

/* Until when answers may be held back: who hears that more known answers follow waits for them (RFC
 * 6762 7.2), whoever asked. 0: none are. */
int64_t sds_listener_held_ms(const struct sds_listener *listener);

struct sds_listener_counts {
    uint64_t received, received_bytes; /* messages */
    uint64_t sent, sent_bytes;
    uint64_t dropped; /* datagrams that came faster than they were read */
    uint64_t evicted; /* records that the store had no room for */
    uint64_t foreign; /* messages that were passed over because they come from off the link */
};

struct sds_listener_counts sds_listener_counts(const struct sds_listener *listener);

/* Somebody who wants to hear the records of one name and type; embedded in what he is. */
struct sds_hearer {
    struct sds_hash_node node;
    TAILQ_ENTRY(sds_hearer) fresh;
    bool is_fresh; /* has not been told yet what is known */
    int ifindex;   /* 0: every interface */
    uint16_t type;
    struct sds_wire_name name;
    sds_answer_fn *fn;
    /* A record has to be asked for again, or it will expire; or NULL. */
    void (*stale)(struct sds_hearer *hearer, const struct sds_store_set *set);
    void *userdata;
};

/**
 * Hear of records: those that are known now, then an answer of kind SDS_ANSWER_CACHE_DONE, then
 * those that come and go; from the loop, never from here.
 *
 * @hearer  with ifindex, type, fn, stale and userdata set; does not move
 * @name    presentation format
 * Returns 0, -EINVAL where that is no name, -ENOMEM.
 */
int sds_listener_hear(struct sds_listener *listener, struct sds_hearer *hearer, const char *name);

/* Hear no more. Not from within an answer. */
void sds_listener_unhear(struct sds_listener *listener, struct sds_hearer *hearer);

/* One of its records is gone, as another knows: it is told so, and heard anew when it comes again.
 * Not from within an answer. */
void sds_listener_forget_record(struct sds_listener *listener, const struct sds_hearer *hearer,
                                int ifindex, struct sds_span rdata);

/* Whether some record of it is known now. */
bool sds_listener_knows(const struct sds_listener *listener, const struct sds_hearer *hearer);

#endif
