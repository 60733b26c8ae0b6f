/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/mem.h"
#include "watch/layout.h"

static int end_of(struct sds_box box)
{
    return box.y + box.lines;
}

/* Boxes stand one below the other, and fill the screen. */
static void boxes_fill_any_screen(void **state)
{
    (void)state;
    for (int lines = 1; lines < 120; lines++)
        for (int columns = 1; columns < 300; columns += 7) {
            struct sds_layout l = sds_layout_make(lines, columns, false, true);

            assert_int_equal(l.status.y, 0);
            assert_int_equal(l.list.y, end_of(l.status));
            assert_int_equal(l.log.y, end_of(l.list));
            assert_true(l.list.lines >= 0);
            assert_int_equal(l.page.lines, 0);
            if (lines < 3)
                continue;
            assert_int_equal(l.keys.y, end_of(l.log));
            assert_int_equal(end_of(l.keys), lines);
            assert_int_equal(l.list.columns, columns);
        }
}

static void a_page_takes_the_place_of_the_list(void **state)
{
    struct sds_layout alone = sds_layout_make(24, 80, false, true);
    struct sds_layout l = sds_layout_make(24, 80, true, true);

    (void)state;
    assert_int_equal(l.list.lines, 0);
    assert_memory_equal(&l.page, &alone.list, sizeof(l.page));
}

static void a_page_stands_beside_the_list(void **state)
{
    struct sds_layout l = sds_layout_make(50, 160, true, false);

    (void)state;
    assert_int_equal(l.log.lines, 0);
    assert_int_equal(l.list.columns, 64);
    assert_int_equal(l.page.x, 65);
    assert_int_equal(l.page.x + l.page.columns, 160);
    assert_int_equal(l.page.lines, l.list.lines);
    assert_int_equal(l.page.y, l.list.y);
}

/* What is shown at a width. */
static const struct {
    int columns;
    unsigned shown; /* bits 1u << enum sds_cell */
} widths[] = {
#define BIT(cell) (1u << SDS_CELL_##cell)
#define LEAST     (BIT(INSTANCE) | BIT(TYPE) | BIT(AGE))
    {40, LEAST},
    {59, LEAST},
    {60, LEAST | BIT(VERDICT)},
    {80, LEAST | BIT(VERDICT) | BIT(FINDING)},
    {110, LEAST | BIT(VERDICT) | BIT(FINDING) | BIT(ADDRESS)},
    {200, (1u << SDS_CELL__COUNT) - 1},
};

static void narrow_screens_leave_out_columns(void **state)
{
    (void)state;
    for (size_t i = 0; i < SDS_COUNT(widths); i++) {
        struct sds_list_columns columns = sds_layout_columns(widths[i].columns);
        unsigned shown = 0;

        for (int cell = 0; cell < SDS_CELL__COUNT; cell++)
            if (columns.width[cell])
                shown |= 1u << cell;
        assert_int_equal(shown, widths[i].shown);
    }
}

/* A space at least between any two, none past the edge, and from 60 columns on no waste. */
static void columns_fit(void **state)
{
    (void)state;
    for (int width = 40; width < 400; width++) {
        struct sds_list_columns columns = sds_layout_columns(width);
        int end = 0;

        for (int a = 0; a < SDS_CELL__COUNT; a++) {
            int a_end = columns.x[a] + columns.width[a];

            if (!columns.width[a])
                continue;
            assert_true(columns.x[a] >= SDS_SIGNS_WIDTH);
            if (a_end > end)
                end = a_end;
            for (int b = 0; b < SDS_CELL__COUNT; b++)
                if (columns.width[b] && columns.x[b] > columns.x[a])
                    assert_true(columns.x[b] > a_end);
        }
        assert_true(end <= width);
        if (width >= 72)
            assert_int_equal(end, width);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(boxes_fill_any_screen),
        cmocka_unit_test(a_page_takes_the_place_of_the_list),
        cmocka_unit_test(a_page_stands_beside_the_list),
        cmocka_unit_test(narrow_screens_leave_out_columns),
        cmocka_unit_test(columns_fit),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
