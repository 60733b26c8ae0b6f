/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "watch/age.h"

#define S ((int64_t)1000)
#define M (60 * S)
#define H (60 * M)
#define D (24 * H)
#define Y (365 * D)

static const struct {
    int64_t age_ms;
    const char *text;
    int64_t lasts_ms;
} ages[] = {
    {0, "now", M},
    {59999, "now", 1},
    {M, "1m", M},
    {M + 1, "1m", M - 1},
    {H - 1, "59m", 1},
    {H, "1h", H},
    {23 * H + M, "23h", H - M},
    {D, "1d", D},
    {Y - 1, "364d", 1},
    {Y, "1y", Y},
    {999 * Y, "999y", Y},
    {5000 * Y, "999y", Y},
    {-1, "now", M + 1},
    {-3 * H, "now", M + 3 * H},
};

static void ages_are_coarse(void **state)
{
    (void)state;
    for (size_t i = 0; i < SDS_COUNT(ages); i++) {
        char text[SDS_AGE_SIZE];

        sds_age_format(ages[i].age_ms, text);
        assert_string_equal(text, ages[i].text);
        assert_int_equal(sds_age_lasts_ms(ages[i].age_ms), ages[i].lasts_ms);
    }
}

/* When the text is said to become another one, it does, and not before. */
static void times_are_exact(void **state)
{
    static const struct {
        int64_t age_ms;
        const char *text;
    } times[] = {
        {-1, "0:00"},
        {999, "0:00"},
        {125 * 1000, "2:05"},
        {3599 * 1000, "59:59"},
        {3600 * 1000, "1:00:00"},
        {(int64_t)100 * 3600 * 1000, "100:00:00"},
        {INT64_MAX, "999999:12:55"},
    };

    (void)state;
    for (size_t i = 0; i < SDS_COUNT(times); i++) {
        char text[SDS_AGE_EXACT_SIZE];

        sds_age_format_exact(times[i].age_ms, text);
        assert_string_equal(text, times[i].text);
    }
}

static void ages_last(void **state)
{
    (void)state;
    for (int64_t age_ms = 0; age_ms < 40 * D;) {
        int64_t lasts_ms = sds_age_lasts_ms(age_ms);
        char text[SDS_AGE_SIZE], before[SDS_AGE_SIZE], after[SDS_AGE_SIZE];

        sds_age_format(age_ms, text);
        sds_age_format(age_ms + lasts_ms - 1, before);
        sds_age_format(age_ms + lasts_ms, after);
        assert_string_equal(before, text);
        assert_string_not_equal(after, text);
        age_ms += lasts_ms;
    }
}

static const struct {
    enum sds_event_kind last;
    bool is_new;
    int64_t age_ms;
    enum sds_ground ground;
    int64_t lasts_ms;
} lights[] = {
    {SDS_EVENT_ADDED, true, 0, SDS_GROUND_FRESH_1, S},
    {SDS_EVENT_ADDED, true, 1500, SDS_GROUND_FRESH_2, 500},
    {SDS_EVENT_ADDED, true, 2 * S, SDS_GROUND_FRESH_3, S},
    {SDS_EVENT_ADDED, true, 3 * S, SDS_GROUND_PLAIN, INT64_MAX},
    {SDS_EVENT_ADDED, false, 0, SDS_GROUND_PLAIN, INT64_MAX},
    {SDS_EVENT_CHANGED, false, 0, SDS_GROUND_CHANGED_1, S},
    {SDS_EVENT_CHANGED, true, 2999, SDS_GROUND_CHANGED_3, 1},
    {SDS_EVENT_CHANGED, true, 3000, SDS_GROUND_PLAIN, INT64_MAX},
    {SDS_EVENT_REMOVED, true, 0, SDS_GROUND_GONE, SDS_AGE_GONE_MS},
    {SDS_EVENT_REMOVED, false, 59 * S, SDS_GROUND_GONE, S},
    {SDS_EVENT_REMOVED, false, 2 * M, SDS_GROUND_GONE, 0},
    {SDS_EVENT_ADDED, true, -5, SDS_GROUND_FRESH_1, S + 5},
};

static void light_fades(void **state)
{
    (void)state;
    for (size_t i = 0; i < SDS_COUNT(lights); i++) {
        const struct sds_row row = {.last = lights[i].last, .is_new = lights[i].is_new};
        int64_t lasts_ms = 0;

        assert_int_equal(sds_age_ground(&row, lights[i].age_ms, &lasts_ms), lights[i].ground);
        assert_int_equal(lasts_ms, lights[i].lasts_ms);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ages_are_coarse),
        cmocka_unit_test(times_are_exact),
        cmocka_unit_test(ages_last),
        cmocka_unit_test(light_fades),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
