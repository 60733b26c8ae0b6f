/* SPDX-License-Identifier: MIT */
#ifndef SDS_WIRE_SHARE_H
#define SDS_WIRE_SHARE_H

#include <stddef.h>
#include <sys/queue.h>

#include "base/hash.h"
#include "base/heap.h"
#include "base/siphash.h"
#include "sdscope/service.h"

/* What each sender takes of a store, so that one who floods it pays for it. */

#define SDS_SHARES_MAX 1024 /* senders; all beyond count as one */

/* One record's part in a share. */
struct sds_share_entry {
    struct sds_share *share;
    TAILQ_ENTRY(sds_share_entry) in_share;
};

struct sds_share {
    struct sds_hash_node node;
    struct sds_heap_node by_size;
    struct sds_address sender;
    size_t n;
    TAILQ_HEAD(, sds_share_entry) entries; /* the one heard longest ago first */
};

struct sds_shares {
    struct sds_siphash_key key;
    struct sds_hash table;
    struct sds_heap by_size; /* the largest first */
    struct sds_share others; /* of the senders that have no share of their own */
};

void sds_shares_init(struct sds_shares *shares, struct sds_siphash_key key);

/* All entries must have left. */
void sds_shares_done(struct sds_shares *shares);

/* Returns 0, or -ENOMEM. */
int sds_share_join(struct sds_shares *shares, struct sds_address sender,
                   struct sds_share_entry *entry);

/* The entry was heard again. */
void sds_share_renew(struct sds_share_entry *entry);

void sds_share_leave(struct sds_shares *shares, struct sds_share_entry *entry);

/* Who has to go next: of the largest share, the one heard longest ago; NULL: there is none. */
struct sds_share_entry *sds_share_victim(struct sds_shares *shares);

#endif
