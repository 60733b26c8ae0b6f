/* SPDX-License-Identifier: MIT */
#ifndef SDS_BASE_ARENA_H
#define SDS_BASE_ARENA_H

#include <stddef.h>

/* Memory that is given out in pieces and released at once. Zero it to begin. */
struct sds_arena {
    struct sds_arena_chunk *chunks;
};

/* @size bytes aligned for any type, not cleared; NULL when out of memory. */
void *sds_arena_alloc(struct sds_arena *arena, size_t size);

/* A NUL-terminated copy of @len bytes. */
char *sds_arena_text(struct sds_arena *arena, const void *bytes, size_t len);

/* A copy of @len bytes at @bytes, or of nothing when @len is 0. */
void *sds_arena_copy(struct sds_arena *arena, const void *bytes, size_t len);

void sds_arena_done(struct sds_arena *arena);

#endif
