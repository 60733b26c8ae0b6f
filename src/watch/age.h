/* SPDX-License-Identifier: MIT */
#ifndef SDS_WATCH_AGE_H
#define SDS_WATCH_AGE_H

#include <stdint.h>

#include "watch/ground.h"
#include "watch/row.h"

#define SDS_AGE_SIZE sizeof("9999d")

/* How long ago something happened, in at most four cells: "now", "5m", "23h", "364d", "9y". It is
 * as coarse as that so that nothing has to be drawn anew all the time. */
void sds_age_format(int64_t age_ms, char *ret);

/* After how long the text will be another one. */
int64_t sds_age_lasts_ms(int64_t age_ms);

#define SDS_AGE_EXACT_SIZE sizeof("999999:59:59")

/* A time since something began, as players tell it: "2:05", "1:02:05". */
void sds_age_format_exact(int64_t age_ms, char *ret);

/* The light in which a row stands at a time, and for how long; INT64_MAX: until it changes. */
enum sds_ground sds_age_ground(const struct sds_row *row, int64_t now_ms, int64_t *ret_lasts_ms);

/* What is gone is shown for so long. */
#define SDS_AGE_GONE_MS 60000

#endif
