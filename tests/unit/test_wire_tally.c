/* SPDX-License-Identifier: MIT */
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "wire/tally.h"

static struct sds_store *store;
static struct sds_wire_name name;
static int64_t now;

/* What another told, a letter a record; and those whose senders answer no one-shot query. */
static const char *told, *deaf;

static int begin(void **state)
{
    const struct sds_store_config config = {.max_records = 100, .max_bytes = 100000};
    struct sds_name labels;

    (void)state;
    now = 0;
    told = deaf = "";
    sds_name_parse("_http._tcp.local", &labels);
    assert_true(sds_wire_name_from(&labels, &name));
    store = sds_store_new(&config);
    assert_non_null(store);
    return 0;
}

static int end(void **state)
{
    (void)state;
    store = sds_store_free(store);
    return 0;
}

/* Records, a letter each, are heard by multicast or in a round of one-shot queries. */
static void hear(const char *letters, bool is_legacy)
{
    struct sds_store_arrival arrival = {1, {.len = 4}, now, is_legacy};
    struct sds_wire_item item = {.section = SDS_WIRE_ANSWER,
                                 .name = name,
                                 .type = SDS_RR_PTR,
                                 .class = SDS_CLASS_IN,
                                 .ttl_s = is_legacy ? 10 : 4500};

    for (; *letters; letters++) {
        item.parts.head = (struct sds_span){(const uint8_t *)letters, 1};
        assert_int_equal(sds_store_put(store, &arrival, &item), 0);
    }
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

    sds_wire_tally_add(
        &tally, sds_store_find(store, 1, sds_wire_name_span(&name), SDS_RR_PTR, SDS_CLASS_IN),
        &ways, n_shots);
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
        {{.n_counted = 100, .n_multicast = 90, .n_shots = 100, .n_answered = 90}, 1, .99, 1.01},
        {{.n_counted = 100, .n_multicast = 90, .n_shots = 200, .n_answered = 180}, 2, .099, .101},
        {{.n_counted = 100, .n_multicast = 90, .n_shots = 100, .n_answered = 100}, 1, .049, .051},
        {{.n_counted = 100, .n_multicast = 0, .n_shots = 200, .n_answered = 200}, 2, 0, 0},
        {{.n_counted = 100, .n_multicast = 0, .n_shots = 100, .n_answered = 100}, 1, .49, .51},
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
        cmocka_unit_test_setup_teardown(counts_the_ways, begin, end),
        cmocka_unit_test_setup_teardown(counts_what_another_has_told, begin, end),
        cmocka_unit_test_setup_teardown(passes_over_who_answers_no_one_shot_query, begin, end),
        cmocka_unit_test_setup_teardown(expects_what_both_have_lost, begin, end),
        cmocka_unit_test_setup_teardown(joins, begin, end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
