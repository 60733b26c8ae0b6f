/* SPDX-License-Identifier: MIT */
#ifndef SDS_WIRE_REPLIERS_H
#define SDS_WIRE_REPLIERS_H

#include <stdbool.h>
#include <sys/queue.h>

#include "base/hash.h"
#include "base/siphash.h"
#include "sdscope/service.h"

/* Who answers one-shot queries. */
struct sds_wire_repliers {
    struct sds_siphash_key key;
    struct sds_hash by_address;
    TAILQ_HEAD(, sds_wire_replier) all;
};

struct sds_wire_replier {
    struct sds_hash_node by_address;
    TAILQ_ENTRY(sds_wire_replier) all;
    struct sds_address address;
    bool is_cut; /* some answer may have been longer */
};

#define SDS_WIRE_REPLIERS_MAX                                                                      \
    1024 /* whoever is more than these is taken for one who answers none */

/* @key: random. Does not allocate. */
void sds_wire_repliers_init(struct sds_wire_repliers *repliers, struct sds_siphash_key key);
void sds_wire_repliers_done(struct sds_wire_repliers *repliers);

/* NULL: has answered none. */
const struct sds_wire_replier *sds_wire_repliers_find(const struct sds_wire_repliers *repliers,
                                                      const struct sds_address *address);

/* One has answered. */
void sds_wire_repliers_note(struct sds_wire_repliers *repliers, const struct sds_address *address,
                            bool is_cut);

#endif
