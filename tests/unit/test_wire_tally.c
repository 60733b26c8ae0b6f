/* SPDX-License-Identifier: MIT */
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "wire/tally.h"
#include "wire_hearing.h"

#define TYPE "_http._tcp.local"

/* What another told, a letter a record; and those whose senders answer no one-shot query. */
static const char *told, *deaf;

static int begin(void **state)
{
    (void)state;
    told = deaf = "";
    begin_hearing((struct sds_store_config){.max_records = 100, .max_bytes = 100000}, 0);
    return 0;
}

/* Records, a letter each, are heard by multicast or in a round of one-shot queries. */
static void hear(const char *letters, bool is_legacy)
{
    for (; *letters; letters++)
        hear_it((struct heard){TYPE, SDS_RR_PTR, letters, 1, .ttl_s = is_legacy ? 10 : 4500,
                               .is_legacy = is_legacy});
    now += 2 * SDS_STORE_ONE_ROUND_MS;
}

static bool is_told(void *userdata, struct sds_span rdata)
{
    (void)userdata;
    return strchr(told, rdata.p[0]) != NULL;
}

static unsigned deaf_after(void *userdata, const struct sds_store_record *record)
{
    (void)userdata;
    return strchr(deaf, record->rdata.p[0]) ? SDS_WIRE_DEAF_AFTER : UINT_MAX;
}

static struct sds_wire_tally count(unsigned n_shots)
{
    const struct sds_wire_ways ways = {strlen(told), is_told, deaf_after, NULL};
    struct sds_wire_tally tally = {0};

    sds_wire_tally_add(&tally, find(TYPE, SDS_RR_PTR), &ways, n_shots);
    return tally;
}

static void counts_the_ways(void **state)
{
    struct sds_wire_tally tally = count(1);

    (void)state;
    assert_int_equal(tally.n, 0);
    hear("abc", false);
    hear("bcd", true);
    tally = count(1);
    assert_int_equal(tally.n, 4);
    assert_int_equal(tally.n_once, 2);
    assert_int_equal(tally.n_multicast, 3);
    assert_int_equal(tally.n_shots, 4);
    assert_int_equal(tally.n_answered, 3);
    assert_true(sds_wire_tally_is_multicast_lossy(&tally));
    hear("abcd", true);
    tally = count(2);
    assert_int_equal(tally.n_once, 0);
    assert_int_equal(tally.n_answered, 7);
    /* More answers than questions are to others. */
    assert_int_equal(count(1).n_answered, 4);
}

static void counts_what_another_has_told(void **state)
{
    struct sds_wire_tally tally;

    (void)state;
    told = "abx";
    hear("a", false);
    hear("bc", true);
    tally = count(1);
    assert_int_equal(tally.n, 4);
    assert_int_equal(tally.n_multicast, 3); /* a, b, x */
    assert_int_equal(tally.n_once, 3);      /* a, c, x */
    hear("abc", true);
    tally = count(2);
    assert_int_equal(tally.n_deaf, 1); /* x may be in the other's cache alone */
    assert_int_equal(tally.n_once, 0);
}

static void passes_over_who_answers_no_one_shot_query(void **state)
{
    struct sds_wire_tally tally;

    (void)state;
    deaf = "z";
    hear("az", false);
    hear("a", true);
    assert_int_equal(count(1).n_once, 1);
    tally = count(2);
    assert_int_equal(tally.n_deaf, 1);
    assert_int_equal(tally.n_counted, 1);
    assert_int_equal(tally.n_once, 0);
}

static void expects_what_both_have_lost(void **state)
{
    static const struct {
        struct sds_wire_tally tally;
        unsigned n_shots;
        double least, most;
    } vectors[] = {
        {{0}, 1, 0, 0},
        {{.n_counted = 100, .n_multicast = 100, .n_shots = 100, .n_answered = 100}, 1, 0, 0},
        {{.n_counted = 99, .n_multicast = 90, .n_shots = 99, .n_answered = 90}, 1, .90, .91},
        {{.n_counted = 99, .n_multicast = 90, .n_shots = 199, .n_answered = 180}, 2, .090, .091},
        {{.n_counted = 99, .n_multicast = 90, .n_shots = 99, .n_answered = 99}, 1, .047, .048},
        {{.n_counted = 100, .n_multicast = 0, .n_shots = 200, .n_answered = 200}, 2, 0, 0},
        {{.n_counted = 99, .n_multicast = 0, .n_shots = 99, .n_answered = 99}, 1, .49, .5},
        /* Half a packet more than was seen may be lost. */
        {{.n_counted = 495, .n_multicast = 495, .n_shots = 995, .n_answered = 940, .n_together = 5},
         2,
         .0082,
         .0083},
        {{.n_counted = 499, .n_multicast = 499, .n_shots = 999, .n_answered = 940},
         2,
         .0017,
         .0018},
        {{.n_counted = 4, .n_multicast = 2, .n_shots = 4, .n_answered = 3, .n_together = 30},
         1,
         3,
         4},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(vectors) / sizeof(*vectors); i++) {
        double missing = sds_wire_tally_missing(&vectors[i].tally, vectors[i].n_shots);

        assert_true(missing >= vectors[i].least && missing <= vectors[i].most);
    }
}

static void joins(void **state)
{
    struct sds_wire_tally all = {0}, one;

    (void)state;
    hear("ab", false);
    hear("a", true);
    one = count(1);
    sds_wire_tally_join(&all, &one);
    sds_wire_tally_join(&all, &one);
    assert_int_equal(all.n, 4);
    assert_int_equal(all.n_once, 2);
    assert_int_equal(all.n_counted, 4);
    assert_int_equal(all.n_multicast, 4);
    assert_int_equal(all.n_shots, 4);
    assert_int_equal(all.n_answered, 2);
    assert_int_equal(all.n_deaf, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(counts_the_ways, begin, end_hearing),
        cmocka_unit_test_setup_teardown(counts_what_another_has_told, begin, end_hearing),
        cmocka_unit_test_setup_teardown(passes_over_who_answers_no_one_shot_query, begin,
                                        end_hearing),
        cmocka_unit_test_setup_teardown(expects_what_both_have_lost, begin, end_hearing),
        cmocka_unit_test_setup_teardown(joins, begin, end_hearing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
