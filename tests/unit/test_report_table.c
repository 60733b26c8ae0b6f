/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/text.h"
#include "report/table.h"

static const struct sds_column columns[] = {
    {.title = "NAME"}, {.title = "PORT", .is_right = true}, {.title = "WORDS", .may_cut = true}};
static const char *const rows[][SDS_COUNT(columns)] = {
    {"txt-key-charset", "9", "TXT key has a byte that is not printable ASCII"},
    {"srv-port-zero", NULL, "SRV port is 0"},
    {"srv-missing", "65535", NULL},
    {"a-name-without-end-or-aim", "1", "\u53f0\u6240\u306e\u30c6\u30ec\u30d3\u53f0\u6240\u306e"},
};

static char *print(size_t width)
{
    struct sds_style style = {.width = width};
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    struct sds_table *table = sds_table_new(columns, SDS_COUNT(columns), &style, out);

    for (size_t i = 0; i < SDS_COUNT(rows); i++)
        assert_int_equal(sds_table_add(table, rows[i]), 0);
    assert_int_equal(sds_table_print(table), 0);
    assert_null(sds_table_free(table));
    assert_int_equal(fclose(out), 0);
    return text;
}

/* Where there is room, or no terminal, a row is a line. */
static void keeps_rows_whole(void **state)
{
    static const size_t widths[] = {0, 79, 200};

    (void)state;
    for (size_t i = 0; i < SDS_COUNT(widths); i++) {
        char *text = print(widths[i]);

        assert_string_equal(text, "NAME                       PORT WORDS\n"
                                  "txt-key-charset               9 TXT key has a byte that is not "
                                  "printable ASCII\n"
                                  "srv-port-zero                   SRV port is 0\n"
                                  "srv-missing               65535\n"
                                  "a-name-without-end-or-aim     1 "
                                  "\u53f0\u6240\u306e\u30c6\u30ec\u30d3\u53f0\u6240\u306e\n");
        free(text);
    }
}

static void breaks_between_words(void **state)
{
    char *text = print(44);

    (void)state;
    assert_string_equal(text, "NAME               PORT WORDS\n"
                              "txt-key-charset       9 TXT key has a byte\n"
                              "                        that is not\n"
                              "                        printable ASCII\n"
                              "srv-port-zero           SRV port is 0\n"
                              "srv-missing       65535\n"
                              "a-name-without-       1 \u53f0\u6240\u306e\u30c6\u30ec\u30d3\u53f0"
                              "\u6240\u306e\n"
                              "end-or-aim\n");
    free(text);
}

/* No line is wider than the terminal, and no word gets lost, however narrow that is. */
static void keeps_to_the_width(void **state)
{
    (void)state;
    for (size_t width = 1; width < 100; width++) {
        char *text = print(width), *rest = text;
        size_t n = 0;

        for (const char *p = text; *p; p++)
            n += *p != ' ' && *p != '\n';
        assert_int_equal(n, 158);
        for (char *line; width >= 31 && (line = strsep(&rest, "\n"));)
            assert_in_range(sds_text_width(line), 0, width);
        free(text);
    }
}

static void prints_an_empty_table(void **state)
{
    static const struct sds_style style = {.width = 80};
    struct sds_table *table = sds_table_new(columns, SDS_COUNT(columns), &style, stdout);

    (void)state;
    assert_int_equal(sds_table_print(table), 0);
    assert_null(sds_table_free(table));
    assert_null(sds_table_free(NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keeps_rows_whole),
        cmocka_unit_test(breaks_between_words),
        cmocka_unit_test(keeps_to_the_width),
        cmocka_unit_test(prints_an_empty_table),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
