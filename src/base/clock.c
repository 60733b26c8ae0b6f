/* SPDX-License-Identifier: MIT */
#include "base/clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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

void sds_time_of_day(int64_t wall_ms, char *ret)
{
    time_t seconds = (time_t)(wall_ms / 1000);
    struct tm tm = {0};

    localtime_r(&seconds, &tm);
    strftime(ret, SDS_TIME_OF_DAY_SIZE, "%H:%M:%S", &tm);
}

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

/* strptime(3) takes blanks, and days that no month has: only what is written the same is right. */
bool sds_timestamp_parse(const char *text, int64_t *ret_ms)
{
    char whole[SDS_TIMESTAMP_SIZE], fine[SDS_TIMESTAMP_SIZE];
    struct tm tm = {0};
    const char *rest = strptime(text, "%Y-%m-%dT%H:%M:%S", &tm);
    int64_t ms = rest ? (int64_t)timegm(&tm) * 1000 : -1;

    if (ms < 0 || strlen(text) >= SDS_TIMESTAMP_SIZE)
        return false;
    if (rest[0] == '.')
        ms += strtol(rest + 1, NULL, 10);
    sds_timestamp(ms, whole);
    sds_timestamp_ms(ms, fine);
    *ret_ms = ms;
    return strcmp(text, whole) == 0 || strcmp(text, fine) == 0;
}
