/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/cur.h"

static const uint8_t bytes[] = {1, 2, 3, 4, 5};

static void takes_what_is_there(void **state)
{
    struct sds_cur cur = sds_cur_over(bytes, sizeof(bytes));
    const uint8_t *p;
    uint32_t u32;
    uint16_t u16;
    uint8_t u8;

    (void)state;
    assert_true(sds_cur_u8(&cur, &u8));
    assert_int_equal(u8, 1);
    assert_true(sds_cur_u16(&cur, &u16));
    assert_int_equal(u16, 0x0203);
    assert_true(sds_cur_take(&cur, 2, &p));
    assert_ptr_equal(p, bytes + 3);
    assert_int_equal(cur.left, 0);
    assert_true(sds_cur_take(&cur, 0, &p));
    cur = sds_cur_over("\xff\xfe\xfd\xfc", 4);
    assert_true(sds_cur_u32(&cur, &u32));
    assert_int_equal(u32, 0xfffefdfc);
    assert_int_equal(cur.left, 0);
}

/* A short read takes nothing, and changes neither the cursor nor the result. */
static void refuses_more_than_is_there(void **state)
{
    static const size_t sizes[] = {6, 7, SIZE_MAX - 1, SIZE_MAX};
    struct sds_cur cur = sds_cur_over(bytes, sizeof(bytes));
    const uint8_t *p = NULL;
    uint16_t u16 = 77;
    uint32_t u32 = 77;
    uint8_t u8 = 77;

    (void)state;
    for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
        assert_false(sds_cur_take(&cur, sizes[i], &p));
        assert_null(p);
        assert_ptr_equal(cur.p, bytes);
        assert_int_equal(cur.left, sizeof(bytes));
    }
    assert_true(sds_cur_take(&cur, 4, &p));
    assert_false(sds_cur_u16(&cur, &u16));
    assert_int_equal(u16, 77);
    assert_false(sds_cur_u32(&cur, &u32));
    assert_int_equal(u32, 77);
    assert_true(sds_cur_u8(&cur, &u8));
    assert_int_equal(u8, 5);
    assert_false(sds_cur_u8(&cur, &u8));
    assert_int_equal(u8, 5);
}

static void may_lie_over_nothing(void **state)
{
    struct sds_cur cur = sds_cur_over(NULL, 0);
    const uint8_t *p;
    uint8_t u8;

    (void)state;
    assert_true(sds_cur_take(&cur, 0, &p));
    assert_false(sds_cur_u8(&cur, &u8));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_what_is_there),
        cmocka_unit_test(refuses_more_than_is_there),
        cmocka_unit_test(may_lie_over_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
