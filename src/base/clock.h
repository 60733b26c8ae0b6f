/* SPDX-License-Identifier: MIT */
#ifndef SDS_BASE_CLOCK_H
#define SDS_BASE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

/* Time is passed in, so that a test or a replay can bring its own. */
struct sds_clock {
    int64_t (*mono_ms)(void); /* milliseconds that never go back */
    int64_t (*wall_ms)(void); /* milliseconds since 1970, UTC */
};

extern const struct sds_clock sds_system_clock;

#define SDS_TIMESTAMP_SIZE sizeof("2026-11-22T10:00:00.000Z")

/* RFC 3339, UTC, into SDS_TIMESTAMP_SIZE bytes; whole seconds or with milliseconds. */
void sds_timestamp(int64_t wall_ms, char *ret);
void sds_timestamp_ms(int64_t wall_ms, char *ret);

#define SDS_TIME_OF_DAY_SIZE sizeof("10:00:00")

/* HH:MM:SS of the reader's own clock, into SDS_TIME_OF_DAY_SIZE bytes. */
void sds_time_of_day(int64_t wall_ms, char *ret);

/* Read what either of them wrote; false when it is anything else, or before 1970. */
bool sds_timestamp_parse(const char *text, int64_t *ret_ms);

#endif
