/* SPDX-License-Identifier: MIT */
#include "base/heap.h"

#include <stdlib.h>

#include "base/arr.h"

static void set(struct sds_heap *heap, size_t at, struct sds_heap_node *node)
{
    heap->v[at] = node;
    node->at = at;
}

static void rise(struct sds_heap *heap, struct sds_heap_node *node)
{
    size_t at = node->at;

    for (; at > 0 && node->key < heap->v[(at - 1) / 2]->key; at = (at - 1) / 2)
        set(heap, at, heap->v[(at - 1) / 2]);
    set(heap, at, node);
}

static void sink(struct sds_heap *heap, struct sds_heap_node *node)
{
    size_t at = node->at;

    for (;;) {
        size_t child = 2 * at + 1;

        if (child + 1 < heap->n && heap->v[child + 1]->key < heap->v[child]->key)
            child++;
        if (child >= heap->n || heap->v[child]->key >= node->key)
            break;
        set(heap, at, heap->v[child]);
        at = child;
    }
    set(heap, at, node);
}

bool sds_heap_add(struct sds_heap *heap, struct sds_heap_node *node, int64_t key)
{
    node->key = key;
    node->at = heap->n;
    if (!sds_arr_push(heap, node))
        return false;
    rise(heap, node);
    return true;
}

void sds_heap_move(struct sds_heap *heap, struct sds_heap_node *node, int64_t key)
{
    node->key = key;
    rise(heap, node);
    sink(heap, node);
}

void sds_heap_remove(struct sds_heap *heap, struct sds_heap_node *node)
{
    struct sds_heap_node *last = heap->v[--heap->n];

    if (last == node)
        return;
    set(heap, node->at, last);
    rise(heap, last);
    sink(heap, last);
}

/* No key passes another one by it, so that the order holds. */
void sds_heap_lower(struct sds_heap *heap, int64_t key)
{
    for (size_t i = 0; i < heap->n; i++)
        if (heap->v[i]->key > key)
            heap->v[i]->key = key;
}

struct sds_heap_node *sds_heap_first(const struct sds_heap *heap)
{
    return heap->n ? heap->v[0] : NULL;
}

void sds_heap_done(struct sds_heap *heap)
{
    free(heap->v);
    *heap = (struct sds_heap){0};
}
