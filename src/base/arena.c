/* SPDX-License-Identifier: MIT */
#include "base/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define CHUNK_SIZE ((size_t)64 * 1024)

struct sds_arena_chunk {
    struct sds_arena_chunk *next;
    size_t used, size; /* bytes of data[] */
    alignas(max_align_t) unsigned char data[];
};

static struct sds_arena_chunk *chunk_new(size_t size)
{
    struct sds_arena_chunk *chunk;

    if (size < CHUNK_SIZE)
        size = CHUNK_SIZE;
    if (size > SIZE_MAX - sizeof(*chunk))
        return NULL;
    chunk = malloc(sizeof(*chunk) + size);
    if (!chunk)
        return NULL;
    chunk->next = NULL;
    chunk->used = 0;
    chunk->size = size;
    return chunk;
}

void *sds_arena_alloc(struct sds_arena *arena, size_t size)
{
    struct sds_arena_chunk *chunk = arena->chunks;
    void *p;

    if (size > SIZE_MAX - alignof(max_align_t))
        return NULL;
    size = (size + alignof(max_align_t) - 1) & ~(alignof(max_align_t) - 1);
    if (!chunk || size > chunk->size - chunk->used) {
        chunk = chunk_new(size);
        if (!chunk)
            return NULL;
        chunk->next = arena->chunks;
        arena->chunks = chunk;
    }
    p = chunk->data + chunk->used;
    chunk->used += size;
    return p;
}

char *sds_arena_text(struct sds_arena *arena, const void *bytes, size_t len)
{
    char *p = len < SIZE_MAX ? sds_arena_alloc(arena, len + 1) : NULL;

    if (p) {
        if (len)
            memcpy(p, bytes, len);
        p[len] = '\0';
    }
    return p;
}

void *sds_arena_copy(struct sds_arena *arena, const void *bytes, size_t len)
{
    void *p = sds_arena_alloc(arena, len);

    if (p && len)
        memcpy(p, bytes, len);
    return p;
}

void sds_arena_done(struct sds_arena *arena)
{
    while (arena->chunks) {
        struct sds_arena_chunk *chunk = arena->chunks;

        arena->chunks = chunk->next;
        free(chunk);
    }
}
