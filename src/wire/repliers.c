/* SPDX-License-Identifier: MIT */
#include "wire/repliers.h"

#include <stdlib.h>

#include "base/mem.h"

void sds_wire_repliers_init(struct sds_wire_repliers *repliers, struct sds_siphash_key key)
{
    *repliers = (struct sds_wire_repliers){.key = key};
    TAILQ_INIT(&repliers->all);
}

void sds_wire_repliers_done(struct sds_wire_repliers *repliers)
{
    struct sds_wire_replier *replier;

    while ((replier = TAILQ_FIRST(&repliers->all))) {
        TAILQ_REMOVE(&repliers->all, replier, all);
        free(replier);
    }
    sds_hash_done(&repliers->by_address);
}

static uint64_t hash_of(const struct sds_wire_repliers *repliers, const struct sds_address *address)
{
    return sds_siphash(&repliers->key, address->bytes, address->len, false);
}

static struct sds_wire_replier *find(const struct sds_wire_repliers *repliers,
                                     const struct sds_address *address)
{
    struct sds_hash_node *node = sds_hash_first(&repliers->by_address, hash_of(repliers, address));

    for (; node; node = sds_hash_next(node)) {
        struct sds_wire_replier *replier = SDS_CONTAINER(node, struct sds_wire_replier, by_address);

        if (sds_address_cmp(&replier->address, address) == 0)
            return replier;
    }
    return NULL;
}

static struct sds_wire_replier *add(struct sds_wire_repliers *repliers,
                                    const struct sds_address *address)
{
    struct sds_wire_replier *replier =
        repliers->by_address.n < SDS_WIRE_REPLIERS_MAX ? calloc(1, sizeof(*replier)) : NULL;

    if (!replier)
        return NULL;
    replier->address = *address;
    if (!sds_hash_add(&repliers->by_address, &replier->by_address, hash_of(repliers, address))) {
        free(replier);
        return NULL;
    }
    TAILQ_INSERT_TAIL(&repliers->all, replier, all);
    return replier;
}

const struct sds_wire_replier *sds_wire_repliers_find(const struct sds_wire_repliers *repliers,
                                                      const struct sds_address *address)
{
    return find(repliers, address);
}

void sds_wire_repliers_note(struct sds_wire_repliers *repliers, const struct sds_address *address,
                            bool is_cut)
{
    struct sds_wire_replier *replier = find(repliers, address);

    if (!replier)
        replier = add(repliers, address);
    if (replier)
        replier->is_cut |= is_cut;
}
