/* SPDX-License-Identifier: MIT */
#include "meter.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#if __has_include(<linux/perf_event.h>)
#include <linux/perf_event.h>
#include <sys/syscall.h>
#endif

/* The linker puts these in the place of what they wrap. */
static size_t n_allocations;

void *__real_malloc(size_t size);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *p, size_t size);
int __real_vasprintf(char **text, const char *format, va_list args);

void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *p, size_t size);
int __wrap_vasprintf(char **text, const char *format, va_list args)
    __attribute__((format(printf, 2, 0)));

void *__wrap_malloc(size_t size)
{
    n_allocations++;
    return __real_malloc(size);
}

void *__wrap_calloc(size_t n, size_t size)
{
    n_allocations++;
    return __real_calloc(n, size);
}

void *__wrap_realloc(void *p, size_t size)
{
    n_allocations++;
    return __real_realloc(p, size);
}

int __wrap_vasprintf(char **text, const char *format, va_list args)
{
    n_allocations++;
    return __real_vasprintf(text, format, args);
}

static double now_ns(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

/* A counter of the processor, from now on; or a negative number. */
static int open_counter(void)
{
#ifdef PERF_FLAG_FD_CLOEXEC
    struct perf_event_attr attr = {
        .type = PERF_TYPE_HARDWARE,
        .size = sizeof(attr),
        .config = PERF_COUNT_HW_INSTRUCTIONS,
        .exclude_kernel = 1,
        .exclude_hv = 1,
    };

    return (int)syscall(SYS_perf_event_open, &attr, 0, -1, -1, PERF_FLAG_FD_CLOEXEC);
#else
    return -1;
#endif
}

static double close_counter(int fd)
{
    uint64_t count;
    bool is_counted = fd >= 0 && read(fd, &count, sizeof(count)) == sizeof(count);

    if (fd >= 0)
        close(fd);
    return is_counted ? (double)count : -1;
}

bool meter_run(bool (*work)(void *userdata), void *userdata, struct meter *ret)
{
    size_t before = n_allocations;
    int fd = open_counter();
    double start = now_ns();
    bool is_done = work(userdata);

    ret->ns = now_ns() - start;
    ret->instructions = close_counter(fd);
    ret->allocations = n_allocations - before;
    return is_done;
}
