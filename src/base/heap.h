/* SPDX-License-Identifier: MIT */
#ifndef SDS_BASE_HEAP_H
#define SDS_BASE_HEAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A binary heap with the least key first. Its nodes are members of what it holds; it owns none of
 * them. Zero it to begin, sds_heap_done() to end. */
struct sds_heap {
    struct sds_heap_node **v;
    size_t n, cap;
};

struct sds_heap_node {
    int64_t key;
    size_t at;
};

/* Add a node that is in no heap; false when out of memory. */
bool sds_heap_add(struct sds_heap *heap, struct sds_heap_node *node, int64_t key);

/* Give another key to a node that is in the heap. */
void sds_heap_move(struct sds_heap *heap, struct sds_heap_node *node, int64_t key);

/* Lower every key that is above to @key. */
void sds_heap_lower(struct sds_heap *heap, int64_t key);

/* Take out a node that is in the heap. */
void sds_heap_remove(struct sds_heap *heap, struct sds_heap_node *node);

/* The node of the least key; NULL: there is none. */
struct sds_heap_node *sds_heap_first(const struct sds_heap *heap);

void sds_heap_done(struct sds_heap *heap);

#endif
