/* SPDX-License-Identifier: MIT */
#ifndef SDS_WIRE_SHOTS_H
#define SDS_WIRE_SHOTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/siphash.h"
#include "wire/name.h"
#include "wire/query.h"
#include "wire/store.h"
#include "wire/tally.h"

/* One-shot queries (RFC 6762 5.1) beside the rounds of one who asks by multicast: a struct
 * sds_wire_querier, or Avahi. A responder does not multicast a record again within a second (6), so
 * that right after others have asked, or it has announced itself, a round is met with silence; a
 * one-shot query it answers, to us alone (6.7).
 *
 * What was asked in both ways tells what was lost, too: where all was heard twice, nothing was.
 * Else each question is shot again, until all is heard twice, a shot has brought nothing new, and
 * by the share of what was lost (tally.h) hardly anything can be missing; or until there were
 * enough. RFC 6762 has one second between the queries of a series for multicast answers, which
 * these are not.
 *
 * Of a few packets that were all heard, that tells little, and it takes a third way. Who lists a
 * type has instances of it: where the types were asked for ahead, that is one more packet for each
 * host, and where somebody lists a type and was not heard with an instance, it is shot again. Where
 * they were not, all is shot once more.
 *
 * Three packets are the least for types and their instances, each asked in both ways: the types
 * have to be known before their instances can be asked for, so that one packet of four is shared.
 *
 * QU (5.4) would bring the same in fewer packets, but its answers go to port 5353, where the mDNS
 * daemon of this host hears them and we do not.
 *
 * It neither reads a clock nor sends: time is passed in, and packets are handed out. */
struct sds_wire_shots;

/* One question. */
struct sds_wire_shot;

#define SDS_WIRE_SHOTS_MAX 6 /* of a question */

/* Where n packets were heard in both ways, and none was lost, one more may have been lost in both:
 * in 0.135 / n of all scans at the loss for which that is most likely, of one packet in n. With
 * fewer than so many, that is more than one in 500: each is to be heard in three ways. */
#define SDS_WIRE_SHOTS_THIN 68

struct sds_wire_shots_config {
    int ifindex;
    const struct sds_store *store; /* where answers go; outlives the shots */
    uint16_t id;                   /* of all queries: random, not 0 */
    struct sds_siphash_key key;    /* random */
    /* Shoot the very first question at once. Not where an Avahi asks by multicast: it takes a
     * one-shot query that it hears for one that spares it its own (RFC 6762 7.3), whose answers we
     * would hear too. */
    bool is_eager;
    size_t thin_packets; /* SDS_WIRE_SHOTS_THIN */
    /* The first shot of a question, over one protocol where that may do, and the second one. */
    sds_wire_send_fn *send, *send_again;
    /* What another way than ours told of a question, as who asks it knows: how many records, and
     * whether this is one of them. NULL: there is no other way. */
    size_t (*n_told)(void *userdata, void *asker);
    bool (*is_told)(void *userdata, void *asker, struct sds_span rdata);
    void *userdata;
};

/* NULL when out of memory. */
struct sds_wire_shots *sds_wire_shots_new(const struct sds_wire_shots_config *config);

/* After every shot was dropped; returns NULL. @shots may be NULL. */
struct sds_wire_shots *sds_wire_shots_free(struct sds_wire_shots *shots);

/**
 * Shoot a question: one for PTR with others in a moment, when it is known how long the answers are;
 * another in a moment, if nobody has answered it by then.
 *
 * @asker  for n_told() and is_told()
 * Returns 0, -EAGAIN when it can hold no more questions for unique records, -ENOMEM.
 */
int sds_wire_shots_ask(struct sds_wire_shots *shots, const struct sds_wire_name *name,
                       uint16_t type, void *asker, int64_t now_ms, struct sds_wire_shot **ret);

/* Whether it can hold one more question for unique records. */
bool sds_wire_shots_has_room(const struct sds_wire_shots *shots);

/* @shot may be NULL. */
void sds_wire_shot_drop(struct sds_wire_shot *shot);

/* An answer with our id was heard, and its records are in the store. */
void sds_wire_shots_hear(struct sds_wire_shots *shots, struct sds_address sender,
                         const void *message, size_t len, int64_t now_ms);

/* Do what is due. What could not be sent counts as lost. */
void sds_wire_shots_run(struct sds_wire_shots *shots, int64_t now_ms);

/* When something is to be done; INT64_MAX: never. */
int64_t sds_wire_shots_due_ms(const struct sds_wire_shots *shots);

/* When it can be known that everybody has answered the questions for PTR, as far as this can be
 * told now: ahead while answers are awaited. INT64_MAX: that takes another multicast round. */
int64_t sds_wire_shots_sure_ms(const struct sds_wire_shots *shots, int64_t now_ms);

/* Whether that is so, and somebody answers: what multicast lost of it, its next rounds have to
 * tell. */
bool sds_wire_shots_is_alone(const struct sds_wire_shots *shots, int64_t now_ms);

/* How many answers may be missing, by what is known now, where the shots gave up: to be expected
 * after the rounds that were to decide. */
double sds_wire_shots_missing(const struct sds_wire_shots *shots);

struct sds_wire_shots_counts {
    uint64_t packets, bytes; /* sent */
    uint64_t replies;
};

struct sds_wire_shots_counts sds_wire_shots_counts(const struct sds_wire_shots *shots);

#endif
