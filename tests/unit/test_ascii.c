/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/ascii.h"
#include "base/mem.h"

#define BYTES(literal) (literal), sizeof(literal) - 1

/* Every value of a char, signed or not, and EOF. */
static void classifies(void **state)
{
    (void)state;
    for (int c = -128; c < 256; c++) {
        bool is_upper = c >= 'A' && c <= 'Z', is_lower = c >= 'a' && c <= 'z';

        assert_int_equal(sds_is_digit(c), c >= '0' && c <= '9');
        assert_int_equal(sds_is_letter(c), is_upper || is_lower);
        assert_int_equal(sds_fold(c), is_upper ? c + 32 : c);
    }
}

static void knows_hex_digits(void **state)
{
    static const char digits[] = "0123456789abcdef";

    (void)state;
    for (int c = -128; c < 256; c++) {
        const char *at = c > 0 ? strchr(digits, sds_fold(c)) : NULL;

        assert_int_equal(sds_hex_digit(c), at ? at - digits : -1);
    }
}

static const struct {
    const char *a;
    size_t a_len;
    const char *b;
    size_t b_len;
    int order; /* its sign */
} pairs[] = {
    {NULL, 0, NULL, 0, 0},
    {NULL, 0, BYTES("a"), -1},
    {BYTES("_IPP"), BYTES("_ipp"), 0},
    {BYTES("ab"), BYTES("abc"), -1},
    {BYTES("b"), BYTES("Abc"), 1},
    {BYTES("[A"), BYTES("{a"), -1},             /* 0x20 apart, and no letters */
    {BYTES("\xc4"), BYTES("\xe4"), -1},         /* A and a with dots in Latin-1 */
    {BYTES("\xc3\x84"), BYTES("\xc3\xa4"), -1}, /* and in UTF-8 */
    {BYTES("a\0b"), BYTES("a\0C"), -1},
    {BYTES("\xff"), BYTES("a"), 1},
};

static int sign(int n)
{
    return (n > 0) - (n < 0);
}

static void compares_without_case(void **state)
{
    (void)state;
    for (size_t i = 0; i < SDS_COUNT(pairs); i++) {
        const char *a = pairs[i].a, *b = pairs[i].b;
        size_t a_len = pairs[i].a_len, b_len = pairs[i].b_len;

        assert_int_equal(sign(sds_fold_cmp(a, a_len, b, b_len)), pairs[i].order);
        assert_int_equal(sign(sds_fold_cmp(b, b_len, a, a_len)), -pairs[i].order);
        assert_int_equal(sds_fold_equal(a, a_len, b, b_len), pairs[i].order == 0);
        if (b && strlen(b) == b_len)
            assert_int_equal(sign(sds_fold_cmp_text(a, a_len, b)), pairs[i].order);
        if (pairs[i].order == 0)
            assert_int_equal(sds_fold_hash(a, a_len), sds_fold_hash(b, b_len));
    }
    assert_true(sds_text_fold_equal("HTTP", "http"));
    assert_false(sds_text_fold_equal("http", "https"));
    assert_true(sds_fold_cmp_text("a\0", 2, "a") > 0);
    assert_true(sds_fold_cmp_text("\0", 1, "") > 0);
    assert_true(sds_fold_cmp_text("a", 1, "ab") < 0);
    assert_true(sds_fold_is("TXTvers", 7, "txtvers"));
    assert_false(sds_fold_is("txtvers", 6, "txtvers"));
    assert_false(sds_fold_is("a\0", 2, "a"));
    assert_int_not_equal(sds_fold_hash("a", 1), sds_fold_hash("b", 1));
}

static void writes_and_reads_hex(void **state)
{
    uint8_t bytes[256], *back;
    size_t len;
    char *hex;

    (void)state;
    for (size_t i = 0; i < sizeof(bytes); i++)
        bytes[i] = (uint8_t)i;
    for (size_t n = 0; n <= sizeof(bytes); n++) {
        hex = sds_hex_encode(bytes, n);
        assert_int_equal(strlen(hex), n * 2);
        assert_int_equal(sds_hex_decode(hex, &back, &len), 0);
        assert_int_equal(len, n);
        assert_memory_equal(back, bytes, n);
        free(hex);
        free(back);
    }
    hex = sds_hex_encode(NULL, 0);
    assert_string_equal(hex, "");
    free(hex);
    assert_int_equal(sds_hex_decode("aBFf", &back, &len), 0);
    assert_memory_equal(back, "\xab\xff", 2);
    free(back);
}

static void refuses_what_is_not_hex(void **state)
{
    static const char *const texts[] = {"0", "000", "0g", "g0", " 00", "0x00", "00 ", "\xc3\xa4"};

    (void)state;
    for (size_t i = 0; i < SDS_COUNT(texts); i++) {
        uint8_t *bytes = NULL;
        size_t len = 77;

        assert_int_equal(sds_hex_decode(texts[i], &bytes, &len), -EINVAL);
        assert_null(bytes);
        assert_int_equal(len, 77);
    }
}

static void finds_words_without_case(void **state)
{
    static const struct {
        const char *bytes;
        size_t len;
        const char *word;
        bool is_held;
    } searches[] = {
        {"Office", 6, "office", true},
        {"Office", 6, "ice", true},
        {"Office", 5, "ice", false},
        {"Office", 6, "offices", false},
        {"", 0, "a", false},
        {"", 0, "", true},
        {NULL, 0, "", true},
        {NULL, 0, "a", false},
        {"aab", 3, "ab", true},
        {"a\0B", 3, "b", true},
        {"\xc3\x9c", 2, "\xc3\xbc", false},
    };

    (void)state;
    for (size_t i = 0; i < SDS_COUNT(searches); i++)
        assert_int_equal(sds_fold_holds(searches[i].bytes, searches[i].len, searches[i].word,
                                        strlen(searches[i].word)),
                         searches[i].is_held);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(classifies),
        cmocka_unit_test(knows_hex_digits),
        cmocka_unit_test(compares_without_case),
        cmocka_unit_test(finds_words_without_case),
        cmocka_unit_test(writes_and_reads_hex),
        cmocka_unit_test(refuses_what_is_not_hex),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
