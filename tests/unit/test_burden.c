/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "discovery/burden.h"

#define MS  1000
#define NOW 50000
#define FORGET                                                                                     \
    (100 / SDS_BURDEN_PERCENT) /* of what was taken at once: so much time for each ms              \
                                */

static struct sds_burden burden;

static int setup(void **state)
{
    (void)state;
    burden = (struct sds_burden){0};
    return 0;
}

static struct sds_address host(uint8_t number)
{
    return (struct sds_address){4, {192, 0, 2, number}};
}

static void add(uint8_t number, int64_t cost_ms, int64_t now)
{
    struct sds_address sender = host(number);

    sds_burden_add(&burden, &sender, cost_ms * MS, now);
}

static bool is_too_much(uint8_t number, int64_t now)
{
    struct sds_address sender = host(number);

    return sds_burden_is_too_much(&burden, &sender, now);
}

static void who_tells_little_is_heard(void **state)
{
    (void)state;
    assert_false(is_too_much(1, NOW));
    add(1, SDS_BURDEN_AT_ONCE_MS, NOW);
    assert_false(is_too_much(1, NOW));
}

static void who_floods_is_heard_no_more(void **state)
{
    (void)state;
    for (int i = 0; i < SDS_BURDEN_AT_ONCE_MS / 10; i++)
        add(1, 10, NOW);
    assert_false(is_too_much(1, NOW));
    add(1, 1, NOW);
    assert_true(is_too_much(1, NOW));
    assert_false(is_too_much(2, NOW));
}

static void it_is_forgiven_in_time(void **state)
{
    (void)state;
    add(1, SDS_BURDEN_AT_ONCE_MS + 100, NOW);
    assert_true(is_too_much(1, NOW + 100 * FORGET - 1));
    assert_false(is_too_much(1, NOW + 100 * FORGET));
    add(1, 100, NOW + 200 * FORGET);
    assert_false(is_too_much(1, NOW + 200 * FORGET));
    add(1, 1, NOW + 200 * FORGET);
    assert_true(is_too_much(1, NOW + 200 * FORGET));
}

static void a_share_of_the_time_is_nobodys_flood(void **state)
{
    (void)state;
    for (int64_t now = NOW; now < NOW + 60000; now += 100) {
        add(1, SDS_BURDEN_PERCENT, now);
        assert_false(is_too_much(1, now));
    }
}

/* With a new address for each packet. */
static void many_together_are_a_flood(void **state)
{
    (void)state;
    for (int i = 0; i < 200; i++)
        add((uint8_t)i, SDS_BURDEN_AT_ONCE_MS * SDS_BURDEN_ALL / 200, NOW);
    assert_false(is_too_much(250, NOW));
    add(201, 1, NOW);
    assert_true(is_too_much(250, NOW));
}

/* Those who take little do not drive him out of mind who takes the most. */
static void the_worst_is_remembered(void **state)
{
    (void)state;
    add(1, SDS_BURDEN_AT_ONCE_MS + 1, NOW);
    for (uint8_t i = 2; i < 10 * SDS_BURDEN_SENDERS; i++)
        add(i, 1, NOW);
    assert_true(is_too_much(1, NOW));
    assert_false(is_too_much(2, NOW));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(who_tells_little_is_heard, setup),
        cmocka_unit_test_setup(who_floods_is_heard_no_more, setup),
        cmocka_unit_test_setup(it_is_forgiven_in_time, setup),
        cmocka_unit_test_setup(a_share_of_the_time_is_nobodys_flood, setup),
        cmocka_unit_test_setup(many_together_are_a_flood, setup),
        cmocka_unit_test_setup(the_worst_is_remembered, setup),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
