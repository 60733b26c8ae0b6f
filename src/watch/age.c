/* SPDX-License-Identifier: MIT */
#include "watch/age.h"

#include <stdio.h>

#include "base/mem.h"

#define MINUTE ((int64_t)60 * 1000)
#define HOUR   (60 * MINUTE)
#define DAY    (24 * HOUR)
#define YEAR   (365 * DAY)

#define GLOW_MS ((int64_t)1000) /* of each of its shades */

static const struct {
    int64_t unit_ms;
    char sign;
} units[] = {{YEAR, 'y'}, {DAY, 'd'}, {HOUR, 'h'}, {MINUTE, 'm'}};

/* The unit that an age is told in; NULL where it is less than the smallest one. */
static const char *unit_of(int64_t age_ms, int64_t *ret_ms)
{
    for (size_t i = 0; i < SDS_COUNT(units); i++) {
        *ret_ms = units[i].unit_ms;
        if (age_ms >= units[i].unit_ms)
            return &units[i].sign;
    }
    return NULL;
}

void sds_age_format(int64_t age_ms, char *ret)
{
    int64_t unit_ms;
    const char *sign = unit_of(age_ms, &unit_ms);
    int64_t n = sign ? age_ms / unit_ms : 0;

    if (sign)
        snprintf(ret, SDS_AGE_SIZE, "%u%c", (unsigned)(n > 999 ? 999 : n), *sign);
    else
        snprintf(ret, SDS_AGE_SIZE, "now");
}

int64_t sds_age_lasts_ms(int64_t age_ms)
{
    int64_t unit_ms;

    if (age_ms < 0)
        return MINUTE - age_ms;
    unit_of(age_ms, &unit_ms);
    return unit_ms - age_ms % unit_ms;
}

void sds_age_format_exact(int64_t age_ms, char *ret)
{
    int64_t s = age_ms < 0 ? 0 : age_ms / 1000;
    unsigned h = s / 3600 > 999999 ? 999999 : (unsigned)(s / 3600);
    unsigned m = (unsigned)(s / 60 % 60);

    if (h)
        snprintf(ret, SDS_AGE_EXACT_SIZE, "%u:%02u:%02u", h, m, (unsigned)(s % 60));
    else
        snprintf(ret, SDS_AGE_EXACT_SIZE, "%u:%02u", m, (unsigned)(s % 60));
}

enum sds_ground sds_age_ground(const struct sds_row *row, int64_t now_ms, int64_t *ret_lasts_ms)
{
    int64_t age_ms = now_ms - row->last_ms, shade = age_ms < 0 ? 0 : age_ms / GLOW_MS;

    *ret_lasts_ms = INT64_MAX;
    if (sds_row_is_gone(row)) {
        *ret_lasts_ms = age_ms < SDS_AGE_GONE_MS ? SDS_AGE_GONE_MS - age_ms : 0;
        return SDS_GROUND_GONE;
    }
    if (shade > SDS_GROUND_FRESH_3 - SDS_GROUND_FRESH_1 ||
        (row->last == SDS_EVENT_ADDED && !row->is_new))
        return SDS_GROUND_PLAIN;
    *ret_lasts_ms = (shade + 1) * GLOW_MS - age_ms;
    return (row->last == SDS_EVENT_ADDED ? SDS_GROUND_FRESH_1 : SDS_GROUND_CHANGED_1) +
           (enum sds_ground)shade;
}
