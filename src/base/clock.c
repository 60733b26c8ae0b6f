/* SPDX-License-Identifier: MIT */
#include "base/clock.h"

#include <stdio.h>
#include <time.h>

static int64_t now_ms(clockid_t id)
{
    struct timespec t;

    clock_gettime(id, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int64_t mono_ms(void)
{
    return now_ms(CLOCK_MONOTONIC);
}

static int64_t wall_ms(void)
{
    return now_ms(CLOCK_REALTIME);
}

const struct sds_clock sds_system_clock = {
    .mono_ms = mono_ms,
    .wall_ms = wall_ms,
};

static size_t put_seconds(int64_t ms, char *ret)
{
    time_t seconds = (time_t)(ms / 1000);
    struct tm tm;

    gmtime_r(&seconds, &tm);
    return strftime(ret, SDS_TIMESTAMP_SIZE, "%Y-%m-%dT%H:%M:%S", &tm);
}

void sds_timestamp(int64_t ms, char *ret)
{
    size_t n = put_seconds(ms, ret);

    snprintf(ret + n, SDS_TIMESTAMP_SIZE - n, "Z");
}

void sds_timestamp_ms(int64_t ms, char *ret)
{
    size_t n = put_seconds(ms, ret);

    snprintf(ret + n, SDS_TIMESTAMP_SIZE - n, ".%03dZ", (int)(ms % 1000));
}
