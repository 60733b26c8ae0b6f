/* SPDX-License-Identifier: MIT */
#ifndef SDS_BASE_HASH_H
#define SDS_BASE_HASH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A hash table of chains. Its nodes are members of what it holds; it owns none of them. Zero it to
 * begin, sds_hash_done() to end. */
struct sds_hash {
    struct sds_hash_node **chains;
    size_t n, n_chains; /* a power of two */
};

struct sds_hash_node {
    struct sds_hash_node *next;
    uint64_t hash;
};

/* Add a node that is in no table; false when out of memory. */
bool sds_hash_add(struct sds_hash *table, struct sds_hash_node *node, uint64_t hash);

/* Take out a node that is in the table. */
void sds_hash_remove(struct sds_hash *table, struct sds_hash_node *node);

/* The nodes of a hash, one after the other; NULL: no more. */
struct sds_hash_node *sds_hash_first(const struct sds_hash *table, uint64_t hash);
struct sds_hash_node *sds_hash_next(const struct sds_hash_node *node);

void sds_hash_done(struct sds_hash *table);

#endif
