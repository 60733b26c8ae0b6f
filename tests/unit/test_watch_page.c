/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/text.h"
#include "watch/page.h"
#include "watch_golden.h"

static void assert_page(struct sds_page *page, const char *wanted)
{
    char *text = page_text(page);

    assert_int_equal(sds_page_error(page), 0);
    assert_string_equal(text, wanted);
    for (size_t i = 0; i < sds_page_n_lines(page); i++) {
        const struct sds_page_line *line = sds_page_line_at(page, i);
        size_t width = 0;

        for (size_t j = 0; j < line->n; j++)
            width += sds_text_width(line->v[j].text);
        assert_int_equal(line->width, width);
    }
    free(text);
    assert_null(sds_page_free(page));
}

static const struct {
    const char *text;
    size_t width, indent;
    const char *wanted;
} vectors[] = {
    {"", 10, 0, ""},
    {"ten fit it", 10, 0, "ten fit it\n"},
    {"eleven do not", 10, 2, "eleven do\n  not\n"},
    {"blanks   go     where lines end  ", 12, 0, "blanks   go\nwhere lines\nend\n"},
    {"a-word-of-twenty-two-c", 10, 1, "a-word-of-\n twenty-tw\n o-c\n"},
    {"no indent is past half", 8, 7, "no\n    inde\n    nt\n    is\n    past\n    half\n"},
    {"\u53f0\u6240\u306e\u30c6\u30ec\u30d3", 5, 0, "\u53f0\u6240\n\u306e\u30c6\n\u30ec\u30d3\n"},
    {"e\u0301e\u0301e\u0301", 2, 0, "e\u0301e\u0301\ne\u0301\n"},
    {"\u53f0\u6240", 1, 0, "\u53f0\n\u6240\n"},
};

static void wraps(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(vectors) / sizeof(*vectors); i++) {
        struct sds_page *page = sds_page_new(vectors[i].width);

        sds_page_put(page, SDS_INK_PLAIN, vectors[i].text, vectors[i].indent);
        assert_page(page, vectors[i].wanted);
    }
}

/* A word goes to the next line whole, with what follows it there. */
static void goes_on_where_it_stands(void **state)
{
    struct sds_page *page = sds_page_new(20);

    (void)state;
    sds_page_put(page, SDS_INK_RED, "error", 0);
    sds_page_tab(page, 9);
    sds_page_put(page, SDS_INK_PLAIN, "no such thing", 9);
    sds_page_put(page, SDS_INK_DIM, " [SD101]", 9);
    sds_page_end_line(page);
    sds_page_end_line(page);
    sds_page_put(page, SDS_INK_PLAIN, "end", 0);
    assert_page(page, "error    no such\n         thing\n         [SD101]\n\nend\n");
}

static void tabs(void **state)
{
    struct sds_page *page = sds_page_new(12);

    (void)state;
    sds_page_tab(page, 2);
    sds_page_put(page, SDS_INK_PLAIN, "ab", 0);
    sds_page_tab(page, 4);
    sds_page_put(page, SDS_INK_PLAIN, "c", 0);
    sds_page_tab(page, 8); /* no line ends in blanks */
    sds_page_end_line(page);
    sds_page_put(page, SDS_INK_PLAIN, "past", 0);
    sds_page_tab(page, 3);
    sds_page_put(page, SDS_INK_PLAIN, "it", 0);
    sds_page_tab(page, 40);
    sds_page_put(page, SDS_INK_PLAIN, "out", 1);
    assert_page(page, "  ab c\npast it\n out\n");
}

static void lines_know_their_rule(void **state)
{
    const struct sds_rule *rule = (const struct sds_rule *)(const void *)vectors;
    struct sds_page *page = sds_page_new(4);

    (void)state;
    sds_page_put(page, SDS_INK_BOLD, "none", 0);
    sds_page_end_line(page);
    sds_page_set_rule(page, rule);
    sds_page_put(page, SDS_INK_PLAIN, "two lines", 0);
    sds_page_end_line(page);
    sds_page_set_rule(page, NULL);
    sds_page_put(page, SDS_INK_PLAIN, "more", 0);
    assert_int_equal(sds_page_n_lines(page), 5);
    for (size_t i = 0; i < 5; i++)
        assert_ptr_equal(sds_page_line_at(page, i)->rule, i >= 1 && i <= 3 ? rule : NULL);
    assert_int_equal(sds_page_line_at(page, 0)->v[0].ink, SDS_INK_BOLD);
    assert_page(page, "none\ntwo\nline\ns\nmore\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wraps),
        cmocka_unit_test(goes_on_where_it_stands),
        cmocka_unit_test(tabs),
        cmocka_unit_test(lines_know_their_rule),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
