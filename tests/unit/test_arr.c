/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/arr.h"

static void grows_and_keeps_values(void **state)
{
    SDS_ARR(int) a = {0};

    (void)state;
    for (int i = 0; i < 1000; i++)
        assert_true(sds_arr_push(&a, i));
    assert_int_equal(a.n, 1000);
    for (int i = 0; i < 1000; i++)
        assert_int_equal(a.v[i], i);
    free(a.v);
}

static void refuses_what_cannot_be_counted(void **state)
{
    size_t cap = SIZE_MAX / 8;

    (void)state;
    assert_null(sds_arr_room(NULL, &cap, SIZE_MAX / 8, 16));
    assert_int_equal(cap, SIZE_MAX / 8);
}

static void arena_gives_aligned_pieces(void **state)
{
    struct sds_arena arena = {0};
    char *text;

    (void)state;
    for (size_t size = 1; size < 200000; size *= 3)
        assert_int_equal((uintptr_t)sds_arena_alloc(&arena, size) % sizeof(void *), 0);
    text = sds_arena_text(&arena, "abc", 2);
    assert_string_equal(text, "ab");
    assert_null(sds_arena_alloc(&arena, SIZE_MAX));
    assert_null(sds_arena_text(&arena, "", SIZE_MAX));
    assert_string_equal(text, "ab");
    sds_arena_done(&arena);
    assert_null(arena.chunks);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(grows_and_keeps_values),
        cmocka_unit_test(refuses_what_cannot_be_counted),
        cmocka_unit_test(arena_gives_aligned_pieces),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
