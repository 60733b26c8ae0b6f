/* SPDX-License-Identifier: MIT */
#ifndef SDS_WIRE_LISTING_H
#define SDS_WIRE_LISTING_H

#include <stdbool.h>
#include <sys/queue.h>

#include "base/hash.h"
#include "base/siphash.h"
#include "wire/message.h"
#include "wire/store.h"

/* Which service types each host lists (RFC 6763 9), and of which of these it has named an instance.
 * Who lists a type has an instance of it, as a rule: where one was lost in every way that it was
 * asked for, this shows it, and nothing else does. */
struct sds_wire_listing {
    struct sds_siphash_key key;
    struct sds_hash types_by_name, pairs_by_both;
    TAILQ_HEAD(, sds_listed_type) types;
    TAILQ_HEAD(, sds_listed_pair) pairs;
};

#define SDS_WIRE_LISTING_MAX 8192 /* hosts' types; of more than these, nothing is owed */

/* @key: random. Does not allocate. */
void sds_wire_listing_init(struct sds_wire_listing *listing, struct sds_siphash_key key);
void sds_wire_listing_done(struct sds_wire_listing *listing);

/* A host lists a type: the name of its PTR records. */
void sds_wire_listing_add(struct sds_wire_listing *listing, const struct sds_address *host,
                          struct sds_span type);

/* Take the PTR records of an answer that a host has sent. */
void sds_wire_listing_hear(struct sds_wire_listing *listing, const struct sds_address *host,
                           const void *message, size_t len);

/**
 * Whether a host that lists a type was not heard to name an instance of it.
 *
 * @set  what was heard of its PTR records, from whomever; NULL: nothing
 */
bool sds_wire_listing_is_owed(struct sds_wire_listing *listing, struct sds_span type,
                              const struct sds_store_set *set);

#endif
