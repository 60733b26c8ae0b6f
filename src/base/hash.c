/* SPDX-License-Identifier: MIT */
#include "base/hash.h"

#include <stdlib.h>

#define CHAINS_MIN 64

static struct sds_hash_node **chain_of(const struct sds_hash *table, uint64_t hash)
{
    return &table->chains[hash & (table->n_chains - 1)];
}

static void link_node(struct sds_hash *table, struct sds_hash_node *node)
{
    struct sds_hash_node **chain = chain_of(table, node->hash);

    node->next = *chain;
    *chain = node;
}

/* Double the chains. Where there is no memory for it, longer chains do. */
static void grow(struct sds_hash *table)
{
    struct sds_hash grown = {.n_chains = table->n_chains ? table->n_chains * 2 : CHAINS_MIN};

    grown.chains = calloc(grown.n_chains, sizeof(struct sds_hash_node *));
    if (!grown.chains)
        return;
    for (size_t i = 0; i < table->n_chains; i++)
        while (table->chains[i]) {
            struct sds_hash_node *node = table->chains[i];

            table->chains[i] = node->next;
            link_node(&grown, node);
        }
    free(table->chains);
    table->chains = grown.chains;
    table->n_chains = grown.n_chains;
}

bool sds_hash_add(struct sds_hash *table, struct sds_hash_node *node, uint64_t hash)
{
    if (table->n >= table->n_chains)
        grow(table);
    if (!table->n_chains)
        return false;
    node->hash = hash;
    link_node(table, node);
    table->n++;
    return true;
}

void sds_hash_remove(struct sds_hash *table, struct sds_hash_node *node)
{
    struct sds_hash_node **at = chain_of(table, node->hash);

    while (*at != node)
        at = &(*at)->next;
    *at = node->next;
    table->n--;
}

static struct sds_hash_node *of_hash(struct sds_hash_node *node, uint64_t hash)
{
    while (node && node->hash != hash)
        node = node->next;
    return node;
}

struct sds_hash_node *sds_hash_first(const struct sds_hash *table, uint64_t hash)
{
    return table->n_chains ? of_hash(*chain_of(table, hash), hash) : NULL;
}

struct sds_hash_node *sds_hash_next(const struct sds_hash_node *node)
{
    return of_hash(node->next, node->hash);
}

void sds_hash_done(struct sds_hash *table)
{
    free(table->chains);
    *table = (struct sds_hash){0};
}
