/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/text.h"

#define BYTES(literal) (literal), sizeof(literal) - 1

static const struct {
    const char *name, *bytes;
    size_t len;
    const char *safe;
} safe_texts[] = {
    {"nothing", BYTES(""), ""},
    {"ASCII", BYTES("Printer (2) ~"), "Printer (2) ~"},
    {"a backslash", BYTES("\\x1b"), "\\\\x1b"},
    {"escape sequence", BYTES("\033[31m"), "\\x1b[31m"},
    {"C0 controls and DEL", BYTES("\0\a\b\t\n\r\x7f"), "\\x00\\x07\\x08\\x09\\x0a\\x0d\\x7f"},
    {"C1 control",
     BYTES("\xc2\x9b"
           "31m"),
     "\\u{009b}31m"},
    {"UTF-8 of each length", BYTES("\u00fc\u53f0\U0001f4fa"), "\u00fc\u53f0\U0001f4fa"},
    {"combining mark", BYTES("e\u0301"), "e\u0301"},
    {"joined emoji", BYTES("\U0001f469\u200d\U0001f680"), "\U0001f469\u200d\U0001f680"},
    {"emoji style", BYTES("\u2764\ufe0f"), "\u2764\ufe0f"},
    {"bidi override", BYTES("a\u202eb\u2066c"), "a\\u{202e}b\\u{2066}c"},
    {"bidi marks", BYTES("\u200e\u200f\u061c"), "\\u{200e}\\u{200f}\\u{061c}"},
    {"zero-width space and BOM", BYTES("\u200b\ufeff"), "\\u{200b}\\u{feff}"},
    {"line and paragraph separators", BYTES("\u2028\u2029"), "\\u{2028}\\u{2029}"},
    {"soft hyphen", BYTES("\u00ad"), "\\u{00ad}"},
    {"tags", BYTES("\U000e0041"), "\\u{e0041}"},
    {"private use", BYTES("\ue000"), "\\u{e000}"},
    {"noncharacter", BYTES("\xef\xbf\xbf"), "\\u{ffff}"},
    {"fillers that look like nothing", BYTES("\u3164\u115f\u034f"), "\\u{3164}\\u{115f}\\u{034f}"},
    {"stray continuation", BYTES("a\x80z"), "a\\x80z"},
    {"cut off sequence", BYTES("\xe5\x8f"), "\\xe5\\x8f"},
    {"overlong form", BYTES("\xc0\xaf"), "\\xc0\\xaf"},
    {"surrogate", BYTES("\xed\xa0\x80"), "\\xed\\xa0\\x80"},
    {"past the last character", BYTES("\xf4\x90\x80\x80"), "\\xf4\\x90\\x80\\x80"},
    {"not a byte of UTF-8", BYTES("\xfe\xff"), "\\xfe\\xff"},
};

static void makes_text_safe(void **state)
{
    (void)state;
    for (size_t i = 0; i < SDS_COUNT(safe_texts); i++) {
        char *safe = sds_text_dup(safe_texts[i].bytes, safe_texts[i].len);

        print_message("# %s\n", safe_texts[i].name);
        assert_string_equal(safe, safe_texts[i].safe);
        free(safe);
    }
}

/* Whatever the bytes: safe text is UTF-8 without controls, and different bytes differ in it. */
static void makes_every_pair_of_bytes_safe(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 0x10000; i++) {
        const unsigned char bytes[] = {(unsigned char)(i >> 8), (unsigned char)i};
        char *safe = sds_text_dup(bytes, sizeof(bytes));

        assert_true(sds_text_is_utf8(safe, strlen(safe)));
        for (const char *p = safe; *p; p++)
            assert_false((unsigned char)*p < 0x20 || *p == 0x7f);
        free(safe);
    }
}

static void keeps_backslashes_of_names(void **state)
{
    static const struct {
        const char *name, *safe;
    } vectors[] = {
        {"", ""},
        {"printer.local", "printer.local"},
        {"a\\.b\\032c\\\\", "a\\.b\\032c\\\\"},
        {"\\", "\\"},
        {"\033\\\u202e\\\xff", "\\x1b\\\\u{202e}\\\\xff"},
    };

    (void)state;
    for (size_t i = 0; i < SDS_COUNT(vectors); i++) {
        char *safe = sds_text_dup_name(vectors[i].name);

        assert_string_equal(safe, vectors[i].safe);
        free(safe);
    }
}

static void makes_json_safe(void **state)
{
    static const char json[] = "{\n \"a\\u001b\": \"\u00fc\u53f0\x7f\xc2\x9b\u202e\U000e0041\"}";
    char *safe = NULL;
    size_t size;
    FILE *out = open_memstream(&safe, &size);

    (void)state;
    sds_text_put_json(out, json);
    fclose(out);
    assert_string_equal(safe, "{\n \"a\\u001b\": \"\u00fc\u53f0\\u007f\\u009b\\u202e"
                              "\\udb40\\udc41\"}");
    free(safe);
}

/* Columns that the text takes, and bytes that fit into some columns. */
static const struct {
    const char *text;
    size_t width, columns, fit, fit_width;
} widths[] = {
    {"", 0, 5, 0, 0},
    {"abc", 3, 2, 2, 2},
    {"abc", 3, 3, 3, 3},
    {"abc", 3, 0, 0, 0},
    {"\u53f0\u6240", 4, 3, 3, 2}, /* a wide character is not halved */
    {"\u53f0\u6240", 4, 1, 0, 0},
    {"e\u0301x", 2, 1, 3, 1}, /* the mark stays with its base */
    {"\U0001f4fax", 3, 2, 4, 2},
    {"\u00fc", 1, 1, 2, 1},
    {"\u2026", 1, 1, 3, 1},
};

static void measures_columns(void **state)
{
    (void)state;
    for (size_t i = 0; i < SDS_COUNT(widths); i++) {
        size_t width;

        assert_int_equal(sds_text_width(widths[i].text), widths[i].width);
        assert_int_equal(sds_text_fit(widths[i].text, widths[i].columns, &width), widths[i].fit);
        assert_int_equal(width, widths[i].fit_width);
        assert_int_equal(sds_text_fit(widths[i].text, widths[i].columns, NULL), widths[i].fit);
    }
}

static void breaks_lines(void **state)
{
    static const struct {
        const char *text;
        size_t columns, len;
    } vectors[] = {
        {"", 5, 0},
        {"", 0, 0},
        {"one two", 7, 7},
        {"one two", 6, 3},
        {"one two", 3, 3},
        {"one  two", 5, 3}, /* no line ends in spaces */
        {"one two", 2, 2},
        {" one", 3, 3},
        {"one", 0, 1}, /* a character at least */
        {"\u53f0\u6240", 1, 3},
        {"e\u0301x", 0, 3},
    };

    (void)state;
    for (size_t i = 0; i < SDS_COUNT(vectors); i++)
        assert_int_equal(sds_text_break(vectors[i].text, vectors[i].columns), vectors[i].len);
}

static void knows_utf8(void **state)
{
    static const struct {
        const char *bytes;
        size_t len;
        bool is_utf8;
    } vectors[] = {
        {NULL, 0, true},
        {BYTES("\0"), true},
        {BYTES("\x7f\xc2\x80\xdf\xbf\xe0\xa0\x80\xef\xbf\xbf\xf0\x90\x80\x80\xf4\x8f\xbf\xbf"),
         true},
        {BYTES("\xed\x9f\xbf\xee\x80\x80"), true},
        {BYTES("\x80"), false},
        {BYTES("\xc1\xbf"), false},
        {BYTES("\xe0\x9f\xbf"), false},
        {BYTES("\xf0\x8f\xbf\xbf"), false},
        {BYTES("\xed\xa0\x80"), false},
        {BYTES("\xed\xbf\xbf"), false},
        {BYTES("\xf4\x90\x80\x80"), false},
        {BYTES("\xf5"), false},
        {BYTES("a\xe5\x8f"), false},
    };

    (void)state;
    for (size_t i = 0; i < SDS_COUNT(vectors); i++)
        assert_int_equal(sds_text_is_utf8(vectors[i].bytes, vectors[i].len), vectors[i].is_utf8);
}

static void formats(void **state)
{
    char *text = sds_text_format("%s:%u", "host", 80u);

    (void)state;
    assert_string_equal(text, "host:80");
    free(text);
}

static const struct {
    size_t size;
    const char *text, *shortened;
} cuts[] = {
    {6, "abcde", "abcde"},
    {6, "abcdef", "ab..."},
    {4, "abcd", "..."},
    {9, "abcd\n", "abcd\\x0a"},
    {8, "abcd\n", "abcd..."},
    {8, "ab\n\n", "ab..."}, /* never a part of an escape */
    {7, "a\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4", "a\xC3\xA4..."},
};

static void long_text_is_cut_between_characters(void **state)
{
    (void)state;
    for (size_t i = 0; i < SDS_COUNT(cuts); i++) {
        char room[16];

        memset(room, '!', sizeof(room));
        sds_text_shorten(room, cuts[i].size, cuts[i].text, strlen(cuts[i].text));
        assert_string_equal(room, cuts[i].shortened);
        assert_int_equal(room[cuts[i].size], '!');
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(makes_text_safe),
        cmocka_unit_test(makes_every_pair_of_bytes_safe),
        cmocka_unit_test(keeps_backslashes_of_names),
        cmocka_unit_test(makes_json_safe),
        cmocka_unit_test(measures_columns),
        cmocka_unit_test(breaks_lines),
        cmocka_unit_test(knows_utf8),
        cmocka_unit_test(long_text_is_cut_between_characters),
        cmocka_unit_test(formats),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
