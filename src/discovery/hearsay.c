/* SPDX-License-Identifier: MIT */
#include "discovery/hearsay.h"

#include <stdlib.h>

#include "base/mem.h"

/* A record on an interface, by the hash alone: two of one hash are one in so many that it does not
 * matter. */
struct sds_hearsay_record {
    struct sds_hash_node node;
    LIST_ENTRY(sds_hearsay_record) all;
    int ifindex;
    unsigned n_families; /* that it was told of */
};

static uint64_t hash_of(const struct sds_siphash_key *key, int ifindex, struct sds_span rdata)
{
    return sds_siphash(key, rdata.p, rdata.len, false) + (uint64_t)ifindex;
}

static struct sds_hearsay_record *find(const struct sds_hearsay *hearsay, uint64_t hash)
{
    struct sds_hash_node *node = sds_hash_first(&hearsay->by_rdata, hash);

    return node ? SDS_CONTAINER(node, struct sds_hearsay_record, node) : NULL;
}

static struct sds_hearsay_link *find_link(const struct sds_hearsay *hearsay, int ifindex)
{
    for (size_t i = 0; i < hearsay->links.n; i++)
        if (hearsay->links.v[i].ifindex == ifindex)
            return &hearsay->links.v[i];
    return NULL;
}

static bool count(struct sds_hearsay *hearsay, int ifindex)
{
    struct sds_hearsay_link *link = find_link(hearsay, ifindex);

    if (!link)
        return sds_arr_push(&hearsay->links, (struct sds_hearsay_link){ifindex, 1});
    link->n++;
    return true;
}

static void forget(struct sds_hearsay *hearsay, struct sds_hearsay_record *record)
{
    LIST_REMOVE(record, all);
    sds_hash_remove(&hearsay->by_rdata, &record->node);
    free(record);
}

static void add(struct sds_hearsay *hearsay, uint64_t hash, int ifindex)
{
    struct sds_hearsay_record *record = find(hearsay, hash);

    if (!record) {
        record = calloc(1, sizeof(*record));
        if (!record || !sds_hash_add(&hearsay->by_rdata, &record->node, hash)) {
            free(record);
            return;
        }
        LIST_INSERT_HEAD(&hearsay->records, record, all);
        record->ifindex = ifindex;
        if (!count(hearsay, ifindex)) {
            forget(hearsay, record);
            return;
        }
    }
    record->n_families++;
}

static void take_out(struct sds_hearsay *hearsay, uint64_t hash)
{
    struct sds_hearsay_record *record = find(hearsay, hash);
    struct sds_hearsay_link *link;

    if (!record || --record->n_families)
        return;
    link = find_link(hearsay, record->ifindex);
    link->n--;
    forget(hearsay, record);
}

void sds_hearsay_done(struct sds_hearsay *hearsay)
{
    while (!LIST_EMPTY(&hearsay->records))
        forget(hearsay, LIST_FIRST(&hearsay->records));
    sds_hash_done(&hearsay->by_rdata);
    free(hearsay->links.v);
    *hearsay = (struct sds_hearsay){0};
}

void sds_hearsay_hear(struct sds_hearsay *hearsay, const struct sds_siphash_key *key,
                      const struct sds_answer *answer)
{
    uint64_t hash;

    if (answer->kind == SDS_ANSWER_CACHE_DONE || answer->kind == SDS_ANSWER_DENIED ||
        answer->kind == SDS_ANSWER_FAILED)
        hearsay->is_whole = true;
    if (answer->kind != SDS_ANSWER_NEW && answer->kind != SDS_ANSWER_GONE)
        return;
    hash = hash_of(key, answer->ifindex, (struct sds_span){answer->rdata, answer->rdata_len});
    if (answer->kind == SDS_ANSWER_NEW)
        add(hearsay, hash, answer->ifindex);
    else
        take_out(hearsay, hash);
}

size_t sds_hearsay_n(const struct sds_hearsay *hearsay, int ifindex)
{
    const struct sds_hearsay_link *link = find_link(hearsay, ifindex);

    return link ? link->n : 0;
}

bool sds_hearsay_has(const struct sds_hearsay *hearsay, const struct sds_siphash_key *key,
                     int ifindex, struct sds_span rdata)
{
    return find(hearsay, hash_of(key, ifindex, rdata)) != NULL;
}
