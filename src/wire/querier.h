/* SPDX-License-Identifier: MIT */
#ifndef SDS_WIRE_QUERIER_H
#define SDS_WIRE_QUERIER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "wire/name.h"
#include "wire/query.h"
#include "wire/store.h"

/* Who asks one link, as RFC 6762 5.2 wants it: a short random wait, intervals that double, known
 * answers, silence where another has just asked the same.
 *
 * It never wants unicast answers (QU, 5.4). They come to port 5353, where they reach one socket
 * alone (15.1): beside a daemon, or one that starts later, they or its own would be lost. One-shot
 * queries (shots.h) bring the same to a port of ours.
 *
 * It neither reads a clock nor sends: time
 * is passed in, and packets are handed out. */
struct sds_wire_querier;

/* One question that is being asked. */
struct sds_wire_ask;

#define SDS_WIRE_ROUNDS_ALL ((unsigned)-1) /* ask until the question is dropped */

struct sds_wire_querier_config {
    int ifindex;
    const struct sds_store *store; /* whose records are known; outlives the querier */
    struct sds_siphash_key key;    /* random */
    size_t packet_size;            /* SDS_WIRE_PACKET_SIZE */
    size_t max_asks;               /* questions at a time */

    /* The very first questions wait for so long at least: a one-shot query has gone ahead, and its
     * answers name more to ask, which then goes in one packet with them. */
    int64_t first_ms;

    /* Takes a packet for the link; what is said of it there is of no consequence for others. */
    sds_wire_send_fn *send;
    void *userdata;
};

struct sds_wire_querier_counts {
    uint64_t packets, bytes, questions, known_answers;
    uint64_t spared; /* questions that others asked in our place (RFC 6762 7.3) */
    uint64_t failed; /* packets that could not be sent */
};

/* NULL when out of memory. */
struct sds_wire_querier *sds_wire_querier_new(const struct sds_wire_querier_config *config);

/* Drops all questions; returns NULL. @querier may be NULL. */
struct sds_wire_querier *sds_wire_querier_free(struct sds_wire_querier *querier);

/**
 * Ask, first in 20 to 120 ms, or as the configuration says, together with what else is to be asked
 * then, again after 1.13 s, and after twice as long each time, up to an hour.
 *
 * @rounds  how often, or SDS_WIRE_ROUNDS_ALL
 * @ret     the question; valid until it is dropped, also when all rounds are over
 * Returns 0, -EEXIST when it is being asked already, -EAGAIN when it can hold no more questions,
 * -ENOMEM.
 */
int sds_wire_querier_ask(struct sds_wire_querier *querier, const struct sds_wire_name *name,
                         uint16_t type, unsigned rounds, int64_t now_ms, struct sds_wire_ask **ret);

/* Stop asking. */
void sds_wire_ask_drop(struct sds_wire_ask *ask);

/* How often it was asked, by us or by others in our place. */
unsigned sds_wire_ask_rounds(const struct sds_wire_ask *ask);

/**
 * Ask for a set of records once more, whether it is being asked for or not: for one that is stale,
 * or that somebody said to be gone.
 *
 * Returns 0, -EAGAIN, -ENOMEM.
 */
int sds_wire_querier_renew(struct sds_wire_querier *querier, const struct sds_store_set *set,
                           int64_t now_ms);

/* A query of somebody else on the link was heard; or one of our own, which changes nothing. */
void sds_wire_querier_hear(struct sds_wire_querier *querier, const void *message, size_t len,
                           int64_t now_ms);

/* Ask what is due. Returns 0, -ENOMEM, or what send() returned; what could not be asked counts as
 * asked, so that the next try is not at once. */
int sds_wire_querier_run(struct sds_wire_querier *querier, int64_t now_ms);

/* When something is to be asked; INT64_MAX: never. */
int64_t sds_wire_querier_due_ms(const struct sds_wire_querier *querier);

struct sds_wire_querier_counts sds_wire_querier_counts(const struct sds_wire_querier *querier);

#endif
