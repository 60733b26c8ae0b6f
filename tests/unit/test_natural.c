/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/natural.h"

/* Each before the next. */
static const char *const ascending[] = {
    "",
    "-",
    "0",
    "1",
    "2",
    "10",
    "18446744073709551616",
    "18446744073709551617",
    "?",
    "a",
    "a 1",
    "a 2",
    "A1",
    "a1b",
    "a2",
    "a10",
    "A10a",
    "ab",
    "printer9",
    "Printer10",
    "printer10 b",
    "z",
    "\xc3\xbc",
};

static int sign(int order)
{
    return (order > 0) - (order < 0);
}

static void orders_numbers_by_value(void **state)
{
    (void)state;
    for (size_t i = 0; i < SDS_COUNT(ascending); i++)
        for (size_t j = 0; j < SDS_COUNT(ascending); j++)
            if (sign(sds_natural_cmp(ascending[i], ascending[j])) != (i > j) - (i < j))
                fail_msg("'%s' and '%s'", ascending[i], ascending[j]);
}

static void ignores_case_and_leading_zeros(void **state)
{
    (void)state;
    assert_int_equal(sds_natural_cmp("Printer 7", "pRINTER 007"), 0);
    assert_int_equal(sds_natural_cmp("0", "000"), 0);
    assert_true(sds_natural_cmp("a", "a0") < 0);
    assert_true(sds_natural_cmp("a01b", "a1c") < 0);
    assert_true(sds_natural_cmp("\xc3\x9c", "\xc3\xbc") < 0); /* ASCII alone is folded */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(orders_numbers_by_value),
        cmocka_unit_test(ignores_case_and_leading_zeros),
    };

    return cmocka_run_group_tests_name("natural", tests, NULL, NULL);
}
