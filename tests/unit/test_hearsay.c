/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>

#include <cmocka.h>

#include "discovery/hearsay.h"
#include "no_memory.h"

static const struct sds_siphash_key key = {{1, 2}};
static struct sds_hearsay hearsay;

static int begin(void **state)
{
    (void)state;
    hearsay = (struct sds_hearsay){0};
    return 0;
}

static int end(void **state)
{
    (void)state;
    sds_hearsay_done(&hearsay);
    return 0;
}

static void hear(enum sds_answer_kind kind, int ifindex, int family, const char *rdata)
{
    const struct sds_answer answer = {
        .kind = kind,
        .holder = SDS_HOLDER_ASKED,
        .ifindex = ifindex,
        .family = family,
        .rdata = (const uint8_t *)rdata,
        .rdata_len = rdata ? strlen(rdata) : 0,
    };

    sds_hearsay_hear(&hearsay, &key, &answer);
}

static bool has(int ifindex, const char *rdata)
{
    return sds_hearsay_has(&hearsay, &key, ifindex,
                           (struct sds_span){(const uint8_t *)rdata, strlen(rdata)});
}

static void records_come_and_go(void **state)
{
    (void)state;
    hear(SDS_ANSWER_NEW, 1, AF_INET, "one");
    hear(SDS_ANSWER_NEW, 1, AF_INET, "two");
    assert_int_equal(sds_hearsay_n(&hearsay, 1), 2);
    assert_true(has(1, "one"));
    assert_false(has(1, "three"));
    hear(SDS_ANSWER_GONE, 1, AF_INET, "one");
    hear(SDS_ANSWER_GONE, 1, AF_INET, "three"); /* that nobody told of */
    assert_int_equal(sds_hearsay_n(&hearsay, 1), 1);
    assert_false(has(1, "one"));
}

static void each_interface_has_its_own(void **state)
{
    (void)state;
    hear(SDS_ANSWER_NEW, 1, AF_INET, "one");
    hear(SDS_ANSWER_NEW, 2, AF_INET, "one");
    assert_int_equal(sds_hearsay_n(&hearsay, 1), 1);
    assert_int_equal(sds_hearsay_n(&hearsay, 2), 1);
    assert_int_equal(sds_hearsay_n(&hearsay, 3), 0);
    hear(SDS_ANSWER_GONE, 2, AF_INET, "one");
    assert_true(has(1, "one"));
    assert_false(has(2, "one"));
}

/* What two protocols carry is one record, until both have lost it. */
static void two_protocols_tell_of_one_record(void **state)
{
    (void)state;
    hear(SDS_ANSWER_NEW, 1, AF_INET, "one");
    hear(SDS_ANSWER_NEW, 1, AF_INET6, "one");
    assert_int_equal(sds_hearsay_n(&hearsay, 1), 1);
    hear(SDS_ANSWER_GONE, 1, AF_INET, "one");
    assert_true(has(1, "one"));
    hear(SDS_ANSWER_GONE, 1, AF_INET6, "one");
    assert_int_equal(sds_hearsay_n(&hearsay, 1), 0);
}

static void it_is_whole_once_all_was_told(void **state)
{
    (void)state;
    hear(SDS_ANSWER_NEW, 1, AF_INET, "one");
    assert_false(hearsay.is_whole);
    hear(SDS_ANSWER_CACHE_DONE, 0, 0, NULL);
    assert_true(hearsay.is_whole);
    end(state);
    hear(SDS_ANSWER_FAILED, 0, 0, NULL);
    assert_true(hearsay.is_whole);
    end(state);
    hear(SDS_ANSWER_DENIED, 0, 0, NULL);
    assert_true(hearsay.is_whole);
}

/* What is kept is counted, and goes as it came. */
static void it_knows_nothing_without_memory(void **state)
{
    (void)state;
    for (size_t n = 0; n < 6; n++) {
        allocations_left = n;
        hear(SDS_ANSWER_NEW, 1, AF_INET, "one");
        allocations_left = SIZE_MAX;
        assert_int_equal(sds_hearsay_n(&hearsay, 1), has(1, "one"));
        assert_true(n < 5 || has(1, "one"));
        hear(SDS_ANSWER_NEW, 1, AF_INET, "two");
        hear(SDS_ANSWER_GONE, 1, AF_INET, "one");
        hear(SDS_ANSWER_GONE, 1, AF_INET, "two");
        assert_int_equal(sds_hearsay_n(&hearsay, 1), 0);
        end(state);
    }
}

int main(void)
{
#define CASE(test) cmocka_unit_test_setup_teardown(test, begin, end)
    const struct CMUnitTest tests[] = {
        CASE(records_come_and_go),
        CASE(each_interface_has_its_own),
        CASE(two_protocols_tell_of_one_record),
        CASE(it_is_whole_once_all_was_told),
        CASE(it_knows_nothing_without_memory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
