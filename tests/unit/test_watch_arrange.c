/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "no_memory.h"
#include "watch/arrange.h"
#include "watching.h"

static struct sds_rows *rows;
static struct sds_lines lines;

/* Each of another letter, to be told by it. */
static int begin(void **state)
{
    (void)state;
    rows = sds_rows_new();
    if (!rows)
        return -1;
    ADD(rows, .type = "_b._tcp", .instance = "a10", .host = "Printer10.local", .port = 80,
        .addresses = {"192.0.2.10"}, .at_ms = 5, .is_judged = true,
        .verdict = SDS_VERDICT_REGISTERED, .severity = SDS_SEV_WARNING);
    ADD(rows, .type = "_a._tcp", .instance = "b2", .host = "printer2.local", .port = 80,
        .addresses = {"192.0.2.9"}, .at_ms = 3, .is_judged = true, .verdict = SDS_VERDICT_MALFORMED,
        .severity = SDS_SEV_ERROR);
    ADD(rows, .type = "_B._tcp", .instance = "c1", .host = "printer10.local", .port = 79,
        .addresses = {"192.0.2.10"}, .at_ms = 9, .is_judged = true,
        .verdict = SDS_VERDICT_REGISTERED, .severity = SDS_SEV_WARNING, .n_dropped = 3);
    ADD(rows, .type = "_a._tcp", .instance = "d", .at_ms = 7);
    ADD(rows, .type = "_c._udp", .instance = "e", .host = "Printer2.local", .port = 1,
        .addresses = {"2001:db8::1"}, .at_ms = 1, .is_judged = true,
        .verdict = SDS_VERDICT_UNREGISTERED);
    return 0;
}

static int end(void **state)
{
    (void)state;
    sds_lines_done(&lines);
    rows = sds_rows_free(rows);
    return 0;
}

/* "ab |head:2 cd", where a letter is a row. */
static const char *laid_out(void)
{
    static char text[512];
    size_t len = 0;

    *text = '\0';
    for (size_t i = 0; i < lines.n; i++) {
        const struct sds_list_line *line = &lines.v[i];

        len += line->row ? (size_t)snprintf(text + len, sizeof(text) - len, "%c",
                                            *line->row->cells[SDS_CELL_INSTANCE])
                         : (size_t)snprintf(text + len, sizeof(text) - len, "%s%s:%zu ",
                                            i ? " " : "", line->head, line->n_rows);
    }
    return text;
}

static const struct {
    struct sds_arrangement arrangement;
    const char *filter, *laid_out;
} orders[] = {
    {{.sort = SDS_CELL_TYPE}, NULL, "bdace"},
    {{.sort = SDS_CELL_TYPE, .is_descending = true}, NULL, "eacbd"},
    {{.sort = SDS_CELL_INSTANCE}, NULL, "abcde"},
    {{.sort = SDS_CELL_INSTANCE, .is_descending = true}, NULL, "edcba"},
    {{.sort = SDS_CELL_HOST}, NULL, "beacd"},
    {{.sort = SDS_CELL_HOST, .is_descending = true}, NULL, "acbed"},
    {{.sort = SDS_CELL_ADDRESS}, NULL, "bcaed"},
    {{.sort = SDS_CELL_ADDRESS, .is_descending = true}, NULL, "eacbd"},
    {{.sort = SDS_CELL_VERDICT}, NULL, "beacd"},
    {{.sort = SDS_CELL_VERDICT, .is_descending = true}, NULL, "acebd"},
    {{.sort = SDS_CELL_FINDING}, NULL, "bcade"},
    {{.sort = SDS_CELL_FINDING, .is_descending = true}, NULL, "acbde"},
    {{.sort = SDS_CELL_AGE}, NULL, "cdabe"},
    {{.sort = SDS_CELL_AGE, .is_descending = true}, NULL, "ebadc"},
    {{.sort = SDS_CELL_TYPE, .faults_only = true}, NULL, "bac"},
    {{.sort = SDS_CELL_TYPE}, "host:printer !verdict:mal", "ace"},
    {{.sort = SDS_CELL_TYPE}, "nothing", ""},
    {{.sort = SDS_CELL_AGE, .grouping = SDS_GROUPING_TYPE},
     NULL,
     "_a._tcp:2 db _B._tcp:2 ca _c._udp:1 e"},
    {{.sort = SDS_CELL_AGE, .is_descending = true, .grouping = SDS_GROUPING_HOST},
     NULL,
     "Printer2.local:2 eb Printer10.local:2 ac (no host):1 d"},
    {{.sort = SDS_CELL_INSTANCE, .grouping = SDS_GROUPING_VERDICT},
     NULL,
     "malformed:1 b unregistered:1 e registered:2 ac (no verdict):1 d"},
    {{.sort = SDS_CELL_INSTANCE, .faults_only = true, .grouping = SDS_GROUPING_VERDICT},
     NULL,
     "malformed:1 b registered:2 ac"},
};

static void lays_out(void **state)
{
    (void)state;
    for (size_t i = 0; i < SDS_COUNT(orders); i++) {
        struct sds_arrangement arrangement = orders[i].arrangement;
        struct sds_filter *filter = orders[i].filter ? sds_filter_new(orders[i].filter) : NULL;

        arrangement.filter = filter;
        assert_int_equal(sds_arrange(rows, &arrangement, &lines), 0);
        if (strcmp(laid_out(), orders[i].laid_out) != 0)
            fail_msg("%zu: expected '%s', got '%s'", i, orders[i].laid_out, laid_out());
        sds_filter_free(filter);
    }
}

static void does_not_depend_on_how_rows_came(void **state)
{
    static const char *const names[] = {"x1", "x01", "X001", "x2"};

    (void)state;
    for (size_t first = 0; first < SDS_COUNT(names); first++) {
        sds_rows_clear(rows);
        for (size_t i = 0; i < SDS_COUNT(names); i++)
            ADD(rows, .instance = names[(first + i) % SDS_COUNT(names)]);
        assert_int_equal(sds_arrange(rows, &(struct sds_arrangement){0}, &lines), 0);
        assert_int_equal(lines.n, SDS_COUNT(names));
        assert_string_equal(lines.v[0].row->cells[SDS_CELL_INSTANCE], "X001");
        assert_string_equal(lines.v[1].row->cells[SDS_CELL_INSTANCE], "x01");
        assert_string_equal(lines.v[2].row->cells[SDS_CELL_INSTANCE], "x1");
        assert_string_equal(lines.v[3].row->cells[SDS_CELL_INSTANCE], "x2");
    }
}

static void keeps_hosts_apart_that_look_like_one_number(void **state)
{
    (void)state;
    sds_rows_clear(rows);
    ADD(rows, .instance = "a", .host = "h1.local");
    ADD(rows, .instance = "b", .host = "h01.local");
    ADD(rows, .instance = "c", .host = "H1.local");
    assert_int_equal(
        sds_arrange(rows, &(struct sds_arrangement){.grouping = SDS_GROUPING_HOST}, &lines), 0);
    assert_string_equal(laid_out(), "h01.local:1 b h1.local:2 ac");
}

static void finds_lines(void **state)
{
    const struct sds_arrangement arrangement = {.grouping = SDS_GROUPING_TYPE, .faults_only = true};
    size_t n;
    struct sds_row *const *list = sds_rows_list(rows, &n);

    (void)state;
    assert_int_equal(sds_arrange(rows, &arrangement, &lines), 0);
    assert_int_equal(lines.n_rows, 3);
    assert_int_equal(sds_lines_find(&lines, list[1]), 1);
    assert_int_equal(sds_lines_find(&lines, list[0]), 3);
    assert_int_equal(sds_lines_find(&lines, list[3]), SIZE_MAX);
    assert_int_equal(sds_lines_find(&lines, NULL), SIZE_MAX);
}

static void names_groupings(void **state)
{
    static const char *const names[] = {"none", "host", "type", "verdict"};

    (void)state;
    assert_int_equal(SDS_COUNT(names), SDS_GROUPING__COUNT);
    for (enum sds_grouping i = 0; i < SDS_GROUPING__COUNT; i++)
        assert_string_equal(sds_grouping_name(i), names[i]);
}

static void survives_want_of_memory(void **state)
{
    const struct sds_arrangement arrangement = {.grouping = SDS_GROUPING_TYPE};
    int r = -ENOMEM;

    (void)state;
    for (size_t n = 0; r < 0; n++) {
        size_t n_before = lines.n;

        allocations_left = n;
        r = sds_arrange(rows, &arrangement, &lines);
        allocations_left = SIZE_MAX;
        assert_true(r == 0 || (r == -ENOMEM && lines.n == n_before));
        assert_true(n < 20);
    }
    assert_int_equal(lines.n, 8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(lays_out, begin, end),
        cmocka_unit_test_setup_teardown(does_not_depend_on_how_rows_came, begin, end),
        cmocka_unit_test_setup_teardown(keeps_hosts_apart_that_look_like_one_number, begin, end),
        cmocka_unit_test_setup_teardown(finds_lines, begin, end),
        cmocka_unit_test_setup_teardown(names_groupings, begin, end),
        cmocka_unit_test_setup_teardown(survives_want_of_memory, begin, end),
    };

    return cmocka_run_group_tests_name("watch_arrange", tests, NULL, NULL);
}
