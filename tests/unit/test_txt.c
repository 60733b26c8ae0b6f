/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "sdscope/txt.h"

#define BYTES(literal) (literal), sizeof(literal) - 1

/* What one string ought to be; a NULL value is none, unlike an empty one. */
struct expected {
    size_t offset;
    const char *key, *value;
    bool is_truncated;
};

static const struct {
    const char *name, *rdata;
    size_t len, n;
    struct expected strings[4];
} vectors[] = {
    {"no bytes at all", NULL, 0, 0, {{0}}},
    {"one empty string", BYTES("\0"), 1, {{0, "", NULL, false}}},
    {"key without value", BYTES("\4flag"), 1, {{0, "flag", NULL, false}}},
    {"value may be empty", BYTES("\2a="), 1, {{0, "a", "", false}}},
    {"key and value", BYTES("\3a=b"), 1, {{0, "a", "b", false}}},
    {"value keeps equals signs", BYTES("\5a==b="), 1, {{0, "a", "=b=", false}}},
    {"missing key", BYTES("\2=x"), 1, {{0, "", "x", false}}},
    {"only an equals sign", BYTES("\1="), 1, {{0, "", "", false}}},
    {"spaces are kept", BYTES("\5 a = "), 1, {{0, " a ", " ", false}}},
    {"repeats and order",
     BYTES("\3b=2\3a=1\3B=3"),
     3,
     {{0, "b", "2", false}, {4, "a", "1", false}, {8, "B", "3", false}}},
    {"empty strings between",
     BYTES("\0\1a\0"),
     3,
     {{0, "", NULL, false}, {1, "a", NULL, false}, {3, "", NULL, false}}},
    {"length byte past the end", BYTES("\011ab=c"), 1, {{0, "ab", "c", true}}},
    {"length byte and nothing more",
     BYTES("\1a\5"),
     2,
     {{0, "a", NULL, false}, {2, "", NULL, true}}},
    {"truncated in the value", BYTES("\1a\4b=c"), 2, {{0, "a", NULL, false}, {2, "b", "c", true}}},
    {"bytes that are not text", BYTES("\4\xff=\xfe\x01"), 1, {{0, "\xff", "\xfe\x01", false}}},
};

static void assert_span(struct sds_span span, const char *text)
{
    assert_int_equal(span.len, strlen(text));
    assert_memory_equal(span.p, text, span.len);
}

static void splits_strings(void **state)
{
    (void)state;
    for (size_t i = 0; i < SDS_COUNT(vectors); i++) {
        struct sds_txt_iter iter = sds_txt_begin(vectors[i].rdata, vectors[i].len);
        struct sds_txt_string s;
        size_t n = 0;

        print_message("# %s\n", vectors[i].name);
        for (; sds_txt_next(&iter, &s); n++) {
            const struct expected *e = &vectors[i].strings[n];

            assert_in_range(n, 0, vectors[i].n - 1);
            assert_int_equal(s.offset, e->offset);
            assert_int_equal(s.is_truncated, e->is_truncated);
            assert_span(s.key, e->key);
            if (e->value)
                assert_span(s.value, e->value);
            else
                assert_null(s.value.p);
            assert_int_equal(s.bytes.len, s.key.len + (s.value.p ? 1 + s.value.len : 0));
        }
        assert_int_equal(n, vectors[i].n);
        assert_false(sds_txt_next(&iter, &s));
    }
}

static void keeps_nul_bytes(void **state)
{
    struct sds_txt_iter iter = sds_txt_begin(BYTES("\5k\0=\0v"));
    struct sds_txt_string s;

    (void)state;
    assert_true(sds_txt_next(&iter, &s));
    assert_int_equal(s.key.len, 2);
    assert_memory_equal(s.key.p, "k\0", 2);
    assert_int_equal(s.value.len, 2);
    assert_memory_equal(s.value.p, "\0v", 2);
}

static void reads_the_longest_string(void **state)
{
    uint8_t rdata[256] = {255};
    struct sds_txt_iter iter = sds_txt_begin(rdata, sizeof(rdata));
    struct sds_txt_string s;

    (void)state;
    memset(rdata + 1, 'x', 255);
    assert_true(sds_txt_next(&iter, &s));
    assert_int_equal(s.bytes.len, 255);
    assert_false(s.is_truncated);
    assert_false(sds_txt_next(&iter, &s));
}

static void finds_the_first(void **state)
{
    static const char rdata[] = "\0\4Key=\3key\5KEY=2\2=x\6lost=1";
    const size_t len = sizeof(rdata) - 1 - 2; /* the last one is truncated */
    static const struct {
        const char *key;
        bool is_found;
        size_t offset;
    } keys[] = {
        {"key", true, 1},   {"KEY", true, 1},  {"ke", false, 0}, {"keys", false, 0},
        {"lost", false, 0}, {"=x", false, 0},
    };

    (void)state;
    for (size_t i = 0; i < SDS_COUNT(keys); i++) {
        struct sds_txt_string s;

        assert_int_equal(sds_txt_find(rdata, len, keys[i].key, &s), keys[i].is_found);
        if (keys[i].is_found)
            assert_int_equal(s.offset, keys[i].offset);
    }
}

/* Any bytes: strings follow each other without a gap and end with the RDATA. */
static void walks_over_anything(void **state)
{
    (void)state;
    for (unsigned seed = 0; seed < 20000; seed++) {
        uint8_t rdata[24];
        size_t len = seed % (sizeof(rdata) + 1), at = 0;
        struct sds_txt_iter iter;
        struct sds_txt_string s;
        unsigned random = seed;

        for (size_t i = 0; i < len; i++) {
            random = random * 1103515245u + 12345u;
            rdata[i] = (uint8_t)(random >> 16 & (seed & 1 ? 7 : 0xff));
        }
        iter = sds_txt_begin(rdata, len);
        while (sds_txt_next(&iter, &s)) {
            assert_int_equal(s.offset, at);
            assert_ptr_equal(s.bytes.p, rdata + at + 1);
            at += 1 + s.bytes.len;
            assert_int_equal(s.is_truncated, rdata[s.offset] > s.bytes.len);
        }
        assert_int_equal(at, len);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(splits_strings),
        cmocka_unit_test(keeps_nul_bytes),
        cmocka_unit_test(reads_the_longest_string),
        cmocka_unit_test(finds_the_first),
        cmocka_unit_test(walks_over_anything),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
