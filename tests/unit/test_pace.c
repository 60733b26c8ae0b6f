/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "discovery/pace.h"

#define BURST 150
#define SLOT  240

static struct sds_pace pace;

static int setup(void **state)
{
    (void)state;
    pace = (struct sds_pace){0};
    return 0;
}

/* How many types may be asked for at a time. */
static size_t take_all(bool is_guess, int64_t now)
{
    size_t n = 0;

    while (n < 10000 && sds_pace_take(&pace, BURST, is_guess, now) == 0)
        n++;
    return n;
}

static void answer(size_t n)
{
    while (n--)
        sds_pace_answered(&pace);
}

static void a_home_is_asked_at_once(void **state)
{
    (void)state;
    assert_int_equal(take_all(false, 1000), 12);
    assert_int_equal(sds_pace_take(&pace, BURST, false, 1000), 1000 + SLOT);
    assert_int_equal(sds_pace_take(&pace, BURST, false, 999 + SLOT), 1000 + SLOT);
}

static void a_crowd_is_asked_slowly(void **state)
{
    (void)state;
    take_all(false, 1000);
    answer(12 * 50);
    assert_int_equal(take_all(false, 1000 + SLOT), 3); /* 51 each */
    answer(3 * 50);
    assert_int_equal(take_all(false, 1000 + 2 * SLOT), 3);
}

static void types_with_few_instances_are_asked_fast(void **state)
{
    (void)state;
    take_all(false, 1000);
    answer(12);
    assert_int_equal(take_all(false, 1000 + SLOT), BURST / 2);
}

static void a_large_type_is_asked_alone(void **state)
{
    (void)state;
    take_all(false, 1000);
    answer(12 * 1000);
    assert_int_equal(take_all(false, 1000 + SLOT), 1);
}

static void guesses_are_cheap_and_teach_nothing(void **state)
{
    (void)state;
    assert_int_equal(take_all(true, 1000), 2 * BURST);
    assert_int_equal(take_all(true, 1000 + SLOT), BURST);
    assert_int_equal(take_all(false, 1000 + 2 * SLOT), BURST / 25);
}

static void who_can_hear_any_number_is_not_held_up(void **state)
{
    (void)state;
    for (int i = 0; i < 1000; i++)
        assert_int_equal(sds_pace_take(&pace, 0, false, 1000), 0);
}

int main(void)
{
#define CASE(test) cmocka_unit_test_setup(test, setup)
    const struct CMUnitTest tests[] = {
        CASE(a_home_is_asked_at_once),
        CASE(a_crowd_is_asked_slowly),
        CASE(types_with_few_instances_are_asked_fast),
        CASE(a_large_type_is_asked_alone),
        CASE(guesses_are_cheap_and_teach_nothing),
        CASE(who_can_hear_any_number_is_not_held_up),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
