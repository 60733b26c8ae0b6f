/* SPDX-License-Identifier: MIT */
#ifndef SDS_TEST_NO_MEMORY_LIBC_H
#define SDS_TEST_NO_MEMORY_LIBC_H

#include <stdarg.h>
#include <stdio.h>

#include "no_memory.h"

/* For a test that also wraps what libc allocates by itself: reallocarray, strdup, open_memstream
 * and vasprintf. */

void *__real_reallocarray(void *p, size_t n, size_t size);
char *__real_strdup(const char *text);
FILE *__real_open_memstream(char **text, size_t *size);
int __real_vasprintf(char **text, const char *format, va_list args);

void *__wrap_reallocarray(void *p, size_t n, size_t size);
char *__wrap_strdup(const char *text);
FILE *__wrap_open_memstream(char **text, size_t *size);
int __wrap_vasprintf(char **text, const char *format, va_list args)
    __attribute__((format(printf, 2, 0)));

void *__wrap_reallocarray(void *p, size_t n, size_t size)
{
    return may_allocate() ? __real_reallocarray(p, n, size) : NULL;
}

char *__wrap_strdup(const char *text)
{
    return may_allocate() ? __real_strdup(text) : NULL;
}

FILE *__wrap_open_memstream(char **text, size_t *size)
{
    return may_allocate() ? __real_open_memstream(text, size) : NULL;
}

int __wrap_vasprintf(char **text, const char *format, va_list args)
{
    return may_allocate() ? __real_vasprintf(text, format, args) : -1;
}

#endif
