/* SPDX-License-Identifier: MIT */
#ifndef SDS_TEST_NO_MEMORY_H
#define SDS_TEST_NO_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Memory that ends after so many allocations. For a test that wraps malloc, calloc and realloc. */
static size_t allocations_left = SIZE_MAX;      /* SIZE_MAX: no end */
__attribute__((unused)) static bool has_failed; /* the end was met */

static inline bool may_allocate(void)
{
    if (allocations_left == 0) {
        has_failed = true;
        return false;
    }
    if (allocations_left != SIZE_MAX)
        allocations_left--;
    return true;
}

void *__real_malloc(size_t size);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *p, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *p, size_t size);

void *__wrap_malloc(size_t size)
{
    return may_allocate() ? __real_malloc(size) : NULL;
}

void *__wrap_calloc(size_t n, size_t size)
{
    return may_allocate() ? __real_calloc(n, size) : NULL;
}

void *__wrap_realloc(void *p, size_t size)
{
    return may_allocate() ? __real_realloc(p, size) : NULL;
}

#endif
