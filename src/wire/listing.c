/* SPDX-License-Identifier: MIT */
#include "wire/listing.h"

#include <stdlib.h>

#include "base/mem.h"

/* By the hash of its name alone: two types of one hash are one in so many that it does not matter;
 * and likewise below. */
struct sds_listed_type {
    struct sds_hash_node by_name;
    TAILQ_ENTRY(sds_listed_type) all;
    size_t n_owed; /* hosts that list it and have named no instance */
};

/* A host and a type. */
struct sds_listed_pair {
    struct sds_hash_node by_both;
    TAILQ_ENTRY(sds_listed_pair) all;
    bool is_listed, is_named;
};

void sds_wire_listing_init(struct sds_wire_listing *listing, struct sds_siphash_key key)
{
    *listing = (struct sds_wire_listing){.key = key};
    TAILQ_INIT(&listing->types);
    TAILQ_INIT(&listing->pairs);
}

void sds_wire_listing_done(struct sds_wire_listing *listing)
{
    struct sds_listed_type *type;
    struct sds_listed_pair *pair;

    while ((type = TAILQ_FIRST(&listing->types))) {
        TAILQ_REMOVE(&listing->types, type, all);
        free(type);
    }
    while ((pair = TAILQ_FIRST(&listing->pairs))) {
        TAILQ_REMOVE(&listing->pairs, pair, all);
        free(pair);
    }
    sds_hash_done(&listing->types_by_name);
    sds_hash_done(&listing->pairs_by_both);
}

/* ---- types --------------------------------------------------------------------------------- */

static uint64_t hash_name(const struct sds_wire_listing *listing, struct sds_span name)
{
    return sds_siphash(&listing->key, name.p, name.len, true);
}

static struct sds_listed_type *find_type(const struct sds_wire_listing *listing, uint64_t hash)
{
    struct sds_hash_node *node = sds_hash_first(&listing->types_by_name, hash);

    return node ? SDS_CONTAINER(node, struct sds_listed_type, by_name) : NULL;
}

static struct sds_listed_type *add_type(struct sds_wire_listing *listing, uint64_t hash)
{
    struct sds_listed_type *type = calloc(1, sizeof(*type));

    if (!type || !sds_hash_add(&listing->types_by_name, &type->by_name, hash)) {
        free(type);
        return NULL;
    }
    TAILQ_INSERT_TAIL(&listing->types, type, all);
    return type;
}

/* ---- hosts and types ----------------------------------------------------------------------- */

static uint64_t hash_pair(const struct sds_wire_listing *listing, const struct sds_address *host,
                          uint64_t type)
{
    struct sds_siphash_key key = listing->key;

    key.k[1] ^= type;
    return sds_siphash(&key, host->bytes, host->len, false);
}

static struct sds_listed_pair *find_pair(const struct sds_wire_listing *listing, uint64_t hash)
{
    struct sds_hash_node *node = sds_hash_first(&listing->pairs_by_both, hash);

    return node ? SDS_CONTAINER(node, struct sds_listed_pair, by_both) : NULL;
}

static struct sds_listed_pair *add_pair(struct sds_wire_listing *listing, uint64_t hash)
{
    struct sds_listed_pair *pair = calloc(1, sizeof(*pair));

    if (!pair || !sds_hash_add(&listing->pairs_by_both, &pair->by_both, hash)) {
        free(pair);
        return NULL;
    }
    TAILQ_INSERT_TAIL(&listing->pairs, pair, all);
    return pair;
}

/* Where there is no room for it, nothing is owed. */
static void note(struct sds_wire_listing *listing, const struct sds_address *host,
                 struct sds_span name, bool is_listed)
{
    uint64_t by_name = hash_name(listing, name), by_both = hash_pair(listing, host, by_name);
    struct sds_listed_pair *pair = find_pair(listing, by_both);
    struct sds_listed_type *type = find_type(listing, by_name);
    bool was_owed = pair && pair->is_listed && !pair->is_named;

    if (!pair && listing->pairs_by_both.n == SDS_WIRE_LISTING_MAX)
        return;
    if (!type)
        type = add_type(listing, by_name);
    if (!pair && type)
        pair = add_pair(listing, by_both);
    if (!pair)
        return;
    pair->is_listed |= is_listed;
    pair->is_named |= !is_listed;
    type->n_owed -= was_owed;
    type->n_owed += pair->is_listed && !pair->is_named;
}

void sds_wire_listing_add(struct sds_wire_listing *listing, const struct sds_address *host,
                          struct sds_span type)
{
    note(listing, host, type, true);
}

static void hear(struct sds_wire_listing *listing, const struct sds_address *host,
                 const struct sds_wire_item *item)
{
    if (item->section != SDS_WIRE_ANSWER || item->flaw.fault || item->type != SDS_RR_PTR)
        return;
    if (!sds_wire_name_is_of_types(&item->name))
        note(listing, host, sds_wire_name_span(&item->name), false);
    else if (item->parts.n_names)
        sds_wire_listing_add(listing, host, sds_wire_name_span(&item->parts.names[0]));
}

void sds_wire_listing_hear(struct sds_wire_listing *listing, const struct sds_address *host,
                           const void *message, size_t len)
{
    struct sds_wire_reader reader;
    struct sds_wire_item item;

    if (!sds_wire_read(&reader, message, len))
        return;
    while (sds_wire_next(&reader, &item) == SDS_WIRE_ITEM)
        hear(listing, host, &item);
}

/* Who has named an instance in other answers than those. */
static void hear_set(struct sds_wire_listing *listing, struct sds_span type,
                     const struct sds_store_set *set)
{
    uint64_t by_name = hash_name(listing, type);
    const struct sds_store_record *record = NULL;

    while (set && (record = sds_store_next(set, record)))
        for (size_t i = 0; i < record->n_senders; i++)
            if (find_pair(listing, hash_pair(listing, &record->senders[i], by_name)))
                note(listing, &record->senders[i], type, false);
}

bool sds_wire_listing_is_owed(struct sds_wire_listing *listing, struct sds_span name,
                              const struct sds_store_set *set)
{
    const struct sds_listed_type *type = find_type(listing, hash_name(listing, name));

    if (type && type->n_owed)
        hear_set(listing, name, set);
    return type && type->n_owed;
}
