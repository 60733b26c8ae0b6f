/* SPDX-License-Identifier: MIT */
#include "wire/share.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>

#include "base/mem.h"

static uint64_t hash_of(const struct sds_shares *shares, const struct sds_address *sender)
{
    return sds_siphash(&shares->key, sender->bytes, sender->len, false);
}

void sds_shares_init(struct sds_shares *shares, struct sds_siphash_key key)
{
    *shares = (struct sds_shares){.key = key};
    TAILQ_INIT(&shares->others.entries);
}

void sds_shares_done(struct sds_shares *shares)
{
    assert(shares->table.n == 0 && shares->others.n == 0);
    sds_hash_done(&shares->table);
    sds_heap_done(&shares->by_size);
}

static struct sds_share *find(struct sds_shares *shares, const struct sds_address *sender)
{
    struct sds_hash_node *node = sds_hash_first(&shares->table, hash_of(shares, sender));

    for (; node; node = sds_hash_next(node)) {
        struct sds_share *share = SDS_CONTAINER(node, struct sds_share, node);

        if (sds_address_cmp(&share->sender, sender) == 0)
            return share;
    }
    return NULL;
}

/* A share of one's own. */
static struct sds_share *add(struct sds_shares *shares, struct sds_address sender)
{
    struct sds_share *share = calloc(1, sizeof(*share));

    if (!share)
        return NULL;
    share->sender = sender;
    TAILQ_INIT(&share->entries);
    if (!sds_hash_add(&shares->table, &share->node, hash_of(shares, &sender))) {
        free(share);
        return NULL;
    }
    if (!sds_heap_add(&shares->by_size, &share->by_size, 0)) {
        sds_hash_remove(&shares->table, &share->node);
        free(share);
        return NULL;
    }
    return share;
}

/* Its number of entries has changed. */
static void resize(struct sds_shares *shares, struct sds_share *share)
{
    if (share == &shares->others)
        return;
    if (share->n) {
        sds_heap_move(&shares->by_size, &share->by_size, -(int64_t)share->n);
        return;
    }
    sds_heap_remove(&shares->by_size, &share->by_size);
    sds_hash_remove(&shares->table, &share->node);
    free(share);
}

int sds_share_join(struct sds_shares *shares, struct sds_address sender,
                   struct sds_share_entry *entry)
{
    struct sds_share *share = find(shares, &sender);

    if (!share)
        share = shares->table.n < SDS_SHARES_MAX ? add(shares, sender) : &shares->others;
    if (!share)
        return -ENOMEM;
    entry->share = share;
    TAILQ_INSERT_TAIL(&share->entries, entry, in_share);
    share->n++;
    resize(shares, share);
    return 0;
}

void sds_share_renew(struct sds_share_entry *entry)
{
    TAILQ_REMOVE(&entry->share->entries, entry, in_share);
    TAILQ_INSERT_TAIL(&entry->share->entries, entry, in_share);
}

void sds_share_leave(struct sds_shares *shares, struct sds_share_entry *entry)
{
    struct sds_share *share = entry->share;

    TAILQ_REMOVE(&share->entries, entry, in_share);
    share->n--;
    resize(shares, share);
}

struct sds_share_entry *sds_share_victim(struct sds_shares *shares)
{
    struct sds_heap_node *node = sds_heap_first(&shares->by_size);
    struct sds_share *largest = node ? SDS_CONTAINER(node, struct sds_share, by_size) : NULL;

    if (!largest || shares->others.n > largest->n)
        largest = &shares->others;
    return TAILQ_FIRST(&largest->entries);
}
