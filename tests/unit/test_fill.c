/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#include <cmocka.h>

#include "base/mem.h"
#include "discovery/fill.h"
#include "discovery/querier.h"

#define MAX 1000

static struct sds_fill fill;

static int setup(void **state)
{
    (void)state;
    fill = (struct sds_fill){0};
    return 0;
}

static void change(int ifindex, int family, size_t n, unsigned before, unsigned after)
{
    while (n--)
        sds_fill_change(&fill, ifindex, family, before, after);
}

static const struct {
    size_t n_told, n_heard;
    enum sds_fill_level level;
    bool may_be_full;
} levels[] = {
    {0, 0, SDS_FILL_LOW, false},        {749, 0, SDS_FILL_LOW, false},
    {750, 0, SDS_FILL_HIGH, true},      {400, 349, SDS_FILL_LOW, false},
    {400, 350, SDS_FILL_HIGH, true},    {400, 4000, SDS_FILL_HIGH, true},
    {879, 0, SDS_FILL_HIGH, true},      {880, 0, SDS_FILL_FULL, true},
    {1120, 0, SDS_FILL_FULL, true},     {1121, 0, SDS_FILL_OVER, false},
    {1121, 4000, SDS_FILL_OVER, false},
};

static void records_fill_a_cache(void **state)
{
    (void)state;
    for (size_t i = 0; i < SDS_COUNT(levels); i++) {
        fill = (struct sds_fill){0};
        change(1, AF_INET, levels[i].n_told, 0, SDS_HOLDER_ASKED);
        change(1, AF_INET, levels[i].n_heard, 0, SDS_HOLDER_HEARD);
        assert_int_equal(sds_fill_may_be_full(&fill, MAX), levels[i].may_be_full);
        if (fill.n_caches)
            assert_int_equal(sds_fill_level(&fill.caches[0], MAX), levels[i].level);
    }
}

static void a_record_of_both_is_counted_once(void **state)
{
    (void)state;
    change(1, AF_INET, 700, 0, SDS_HOLDER_HEARD);
    change(1, AF_INET, 700, SDS_HOLDER_HEARD, SDS_HOLDER_BOTH);
    assert_false(sds_fill_may_be_full(&fill, MAX));
    assert_int_equal(fill.caches[0].n_known, 700);
    assert_int_equal(fill.caches[0].n_told, 700);
    change(1, AF_INET, 600, SDS_HOLDER_BOTH, SDS_HOLDER_HEARD);
    assert_int_equal(fill.caches[0].n_known, 700);
    assert_int_equal(fill.caches[0].n_told, 100);
    change(1, AF_INET, 600, SDS_HOLDER_HEARD, 0);
    change(1, AF_INET, 100, SDS_HOLDER_BOTH, 0);
    assert_int_equal(fill.caches[0].n_known, 0);
    assert_int_equal(fill.caches[0].n_told, 0);
}

static void each_interface_and_protocol_has_a_cache(void **state)
{
    (void)state;
    change(1, AF_INET, 700, 0, SDS_HOLDER_ASKED);
    change(1, AF_INET6, 700, 0, SDS_HOLDER_ASKED);
    change(2, AF_INET, 700, 0, SDS_HOLDER_ASKED);
    assert_int_equal(fill.n_caches, 3);
    assert_false(sds_fill_may_be_full(&fill, MAX));
    change(1, AF_INET6, 50, 0, SDS_HOLDER_ASKED);
    assert_true(sds_fill_may_be_full(&fill, MAX));
}

static void one_of_any_size_is_never_full(void **state)
{
    (void)state;
    change(1, AF_INET, 700, 0, SDS_HOLDER_ASKED);
    change(2, AF_INET, 700, 0, SDS_HOLDER_HEARD);
    assert_false(sds_fill_may_be_full(&fill, 0));
}

static void few_caches_are_counted(void **state)
{
    (void)state;
    for (int ifindex = 1; ifindex < 1000; ifindex++)
        change(ifindex, AF_INET, 1, 0, SDS_HOLDER_ASKED);
    assert_int_equal(fill.n_caches, SDS_FILL_CACHES_MAX);
    change(999, AF_INET, 1, SDS_HOLDER_ASKED, 0);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(records_fill_a_cache, setup),
        cmocka_unit_test_setup(a_record_of_both_is_counted_once, setup),
        cmocka_unit_test_setup(each_interface_and_protocol_has_a_cache, setup),
        cmocka_unit_test_setup(one_of_any_size_is_never_full, setup),
        cmocka_unit_test_setup(few_caches_are_counted, setup),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
