/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "registry/table.h"

#define BYTES(literal) sizeof(literal) - 1, (literal)
#define NO_VALUE       0, NULL

static const char *const words[] = {"T", "F", "two,words"};
static const char *const schemes[] = {"http", "https"};

#define FORM(...)                                                                                  \
    {                                                                                              \
        .digits = -1, .length = -1, __VA_ARGS__                                                    \
    }
#define NUMBER FORM(.type = SDS_FORM_INT)
#define WORD   FORM(.type = SDS_FORM_ENUM, .values = words, .n_values = 3)
#define DIGITS(n)                                                                                  \
    {                                                                                              \
        .type = SDS_FORM_HEX, .digits = (n), .length = -1                                          \
    }
#define DATA(n)                                                                                    \
    {                                                                                              \
        .type = SDS_FORM_BYTES, .digits = -1, .length = (n)                                        \
    }
#define FITS -1

static const struct sds_form number = NUMBER;

static const struct {
    const char *name;
    struct sds_form form;
    size_t len;
    const char *value;
    long offset; /* of the fault */
    const char *what;
} vectors[] = {
    {"any takes all", FORM(.type = SDS_FORM_ANY), BYTES("\xFF\0x"), FITS, NULL},
    {"any takes nothing", FORM(.type = SDS_FORM_ANY), NO_VALUE, FITS, NULL},

    {"text", FORM(.type = SDS_FORM_TEXT), BYTES("J\xC3\xA4ger"), FITS, NULL},
    {"empty text", FORM(.type = SDS_FORM_TEXT), BYTES(""), FITS, NULL},
    {"no text", FORM(.type = SDS_FORM_TEXT), NO_VALUE, 0, "is missing"},
    {"text that must not be empty", FORM(.type = SDS_FORM_TEXT, .min_length = 1), BYTES(""), 0,
     "is empty"},
    {"not UTF-8", FORM(.type = SDS_FORM_TEXT), BYTES("ab\xFF"), 2, "is not UTF-8"},
    {"long text", FORM(.type = SDS_FORM_TEXT, .max_length = 3), BYTES("abcd"), 3, "is too long"},
    {"numeric", FORM(.type = SDS_FORM_TEXT, .chars = "numeric"), BYTES("12a"), 2,
     "has a character that is none of its"},
    {"alphanumeric and more",
     FORM(.type = SDS_FORM_TEXT, .chars = "alphanumeric", .extra_chars = "_"), BYTES("a_1"), FITS,
     NULL},
    {"printable", FORM(.type = SDS_FORM_TEXT, .chars = "printable-ascii"), BYTES("a\t"), 1,
     "has a character that is none of its"},

    {"word", WORD, BYTES("F"), FITS, NULL},
    {"word with a comma", WORD, BYTES("two,words"), FITS, NULL},
    {"other word", WORD, BYTES("two words"), 3, "is another word"},
    {"longer word", WORD, BYTES("True"), 1, "is another word"},
    {"constant", FORM(.type = SDS_FORM_CONST, .value = "1"), BYTES("1"), FITS, NULL},
    {"other constant", FORM(.type = SDS_FORM_CONST, .value = "1"), BYTES("10"), 1,
     "is another word"},

    {"flag", FORM(.type = SDS_FORM_BOOL), NO_VALUE, FITS, NULL},
    {"bool", FORM(.type = SDS_FORM_BOOL), BYTES("True"), FITS, NULL},
    {"no bool", FORM(.type = SDS_FORM_BOOL), BYTES("maybe"), 0, "is another word"},
    {"empty bool", FORM(.type = SDS_FORM_BOOL), BYTES(""), 0, "is empty"},

    {"version", FORM(.type = SDS_FORM_VERSION), BYTES("2024.6.1-dev (x)"), FITS, NULL},
    {"no version", FORM(.type = SDS_FORM_VERSION), BYTES("one"), 3, "has no digit"},

    {"path", FORM(.type = SDS_FORM_PATH), BYTES("ipp/print"), FITS, NULL},
    {"absolute path", FORM(.type = SDS_FORM_PATH, .is_absolute = true), BYTES("/a b"), FITS, NULL},
    {"relative path", FORM(.type = SDS_FORM_PATH, .is_absolute = true), BYTES("a"), 0,
     "does not begin with a slash"},
    {"path with a control", FORM(.type = SDS_FORM_PATH), BYTES("a\n"), 1,
     "has a control character"},

    {"URL", FORM(.type = SDS_FORM_URL, .schemes = schemes, .n_schemes = 2), BYTES("HTTPS://a/"),
     FITS, NULL},
    {"other scheme", FORM(.type = SDS_FORM_URL, .schemes = schemes, .n_schemes = 2),
     BYTES("ftp://a/"), 0, "has another scheme"},
    {"no scheme", FORM(.type = SDS_FORM_URL), BYTES("a.local:80"), FITS, NULL},
    {"nothing like a scheme", FORM(.type = SDS_FORM_URL), BYTES("192.0.2.7:80"), 0,
     "has no scheme"},
    {"either", FORM(.type = SDS_FORM_URL, .relative = SDS_RELATIVE_EITHER), BYTES("icon.png"), FITS,
     NULL},
    {"relative", FORM(.type = SDS_FORM_URL, .relative = SDS_RELATIVE_YES), BYTES("http://a"), 0,
     "is not relative"},
    {"scheme alone", FORM(.type = SDS_FORM_URL), BYTES("http:"), 5, "ends after its scheme"},
    {"blank", FORM(.type = SDS_FORM_URL), BYTES("http://a b"), 8,
     "has a blank or a control character"},

    {"number", NUMBER, BYTES("007"), FITS, NULL},
    {"negative", NUMBER, BYTES("-7"), FITS, NULL},
    {"minus alone", NUMBER, BYTES("-"), 1, "has no digit"},
    {"letter", NUMBER, BYTES("12x"), 2, "has a character that is no digit"},
    {"blank number", NUMBER, BYTES(" 1"), 0, "has a character that is no digit"},
    {"empty number", NUMBER, BYTES(""), 0, "is empty"},
    {"no number", NUMBER, NO_VALUE, 0, "is missing"},
    {"any size", NUMBER, BYTES("99999999999999999999999"), FITS, NULL},
    {"at the edge", FORM(.type = SDS_FORM_INT, .has_range = true, .min = 0, .max = 99), BYTES("99"),
     FITS, NULL},
    {"past it", FORM(.type = SDS_FORM_INT, .has_range = true, .min = 0, .max = 99), BYTES("100"), 0,
     "is too large"},
    {"before it", FORM(.type = SDS_FORM_INT, .has_range = true, .min = 0, .max = 99), BYTES("-1"),
     0, "is too small"},
    {"far past it", FORM(.type = SDS_FORM_INT, .has_range = true, .max = INT64_MAX),
     BYTES("9223372036854775808"), 0, "is too large"},
    {"far before it", FORM(.type = SDS_FORM_INT, .has_range = true, .max = INT64_MAX),
     BYTES("-9223372036854775808"), 0, "is too small"},
    {"bits", FORM(.type = SDS_FORM_INT, .mask = 6), BYTES("6"), FITS, NULL},
    {"other bits", FORM(.type = SDS_FORM_INT, .mask = 6), BYTES("3"), 0,
     "has a bit that means nothing"},

    {"hex", FORM(.type = SDS_FORM_HEX), BYTES("0aF"), FITS, NULL},
    {"no hex", FORM(.type = SDS_FORM_HEX), BYTES("0x1"), 1, "has a character that is no hex digit"},
    {"prefix", FORM(.type = SDS_FORM_HEX, .prefix = "0x"), BYTES("0X1"), FITS, NULL},
    {"prefix lacks", FORM(.type = SDS_FORM_HEX, .prefix = "0x"), BYTES("1f"), 0,
     "lacks what stands before the digits"},
    {"prefix alone", FORM(.type = SDS_FORM_HEX, .prefix = "0x"), BYTES("0x"), 2, "has no digit"},
    {"too few", DIGITS(4), BYTES("123"), 3, "is too short"},
    {"too many", DIGITS(4), BYTES("12345"), 4, "is too long"},
    {"hex bits", FORM(.type = SDS_FORM_HEX, .mask = 0xF), BYTES("10"), 0,
     "has a bit that means nothing"},

    {"MAC", FORM(.type = SDS_FORM_MAC), BYTES("aA:bb:cc:00:11:22"), FITS, NULL},
    {"MAC with hyphens", FORM(.type = SDS_FORM_MAC), BYTES("aA-bb-cc-00-11-22"), FITS, NULL},
    {"MAC without", FORM(.type = SDS_FORM_MAC), BYTES("aAbbcc001122"), FITS, NULL},
    {"MAC of both", FORM(.type = SDS_FORM_MAC), BYTES("aA-bb:cc-00-11-22"), 5, "lacks a separator"},
    {"MAC cut off", FORM(.type = SDS_FORM_MAC), BYTES("aA:bb:cc:00:11:2"), 16, "lacks a hex digit"},
    {"MAC of eight", FORM(.type = SDS_FORM_MAC), BYTES("aA:bb:cc:00:11:22:33"), 17, "is too long"},
    {"a letter", FORM(.type = SDS_FORM_MAC), BYTES("a"), 1, "lacks a hex digit"},

    {"UUID", FORM(.type = SDS_FORM_UUID), BYTES("12345678-9abc-4def-8012-3456789ABCDE"), FITS,
     NULL},
    {"UUID with URN", FORM(.type = SDS_FORM_UUID),
     BYTES("urn:uuid:12345678-9abc-4def-8012-3456789abcde"), 0, "lacks a hex digit"},
    {"UUID without hyphens", FORM(.type = SDS_FORM_UUID), BYTES("123456789abc4def80123456789abcde"),
     8, "lacks a separator"},

    {"address", FORM(.type = SDS_FORM_HOST, .what = "ip"), BYTES("2001:db8::1"), FITS, NULL},
    {"no address", FORM(.type = SDS_FORM_HOST, .what = "ip"), BYTES("a.local"), 0, "is no address"},
    {"name", FORM(.type = SDS_FORM_HOST, .what = "name"), BYTES("192.0.2.7"), 0, "is an address"},
    {"host", FORM(.type = SDS_FORM_HOST), BYTES("a.local"), FITS, NULL},
    {"host with a blank", FORM(.type = SDS_FORM_HOST), BYTES("a local"), 1,
     "has a blank or a control character"},

    {"bytes", DATA(2), BYTES("\0\xFF"), FITS, NULL},
    {"more bytes", DATA(2), BYTES("\0\xFF\0"), 2, "is too long"},
    {"fewer bytes", DATA(2), BYTES("\0"), 1, "is too short"},

    {"list", FORM(.type = SDS_FORM_LIST, .of = &number), BYTES("1,2,3"), FITS, NULL},
    {"list of one", FORM(.type = SDS_FORM_LIST, .of = &number), BYTES("1"), FITS, NULL},
    {"empty item", FORM(.type = SDS_FORM_LIST, .of = &number), BYTES("1,,3"), 2, "is empty"},
    {"empty last item", FORM(.type = SDS_FORM_LIST, .of = &number), BYTES("1,"), 2, "is empty"},
    {"item at fault", FORM(.type = SDS_FORM_LIST, .of = &number, .sep = ", "), BYTES("1, 2, 3x"), 7,
     "has a character that is no digit"},
    {"empty list", FORM(.type = SDS_FORM_LIST, .of = &number), BYTES(""), 0, "is empty"},
    {"empty list that may be", FORM(.type = SDS_FORM_LIST, .of = &number, .may_be_empty = true),
     BYTES(""), FITS, NULL},
    {"list of anything", FORM(.type = SDS_FORM_LIST), BYTES(",,"), FITS, NULL},

    {"expression", FORM(.type = SDS_FORM_TEXT, .regex = "v[0-9]+(,v[0-9]+)*"), BYTES("v1,v2"), FITS,
     NULL},
    {"goes on", FORM(.type = SDS_FORM_TEXT, .regex = "v[0-9]+(,v[0-9]+)*"), BYTES("v1, v2"), 3,
     "goes on differently"},
    {"ends early", FORM(.type = SDS_FORM_TEXT, .regex = "v[0-9]+(,v[0-9]+)*"), BYTES("v1,"), 3,
     "ends too early"},
    {"a newline more", FORM(.type = SDS_FORM_TEXT, .regex = "[0-9]+$"), BYTES("1\n"), 1,
     "goes on differently"},
    {"one that would take for ever", FORM(.type = SDS_FORM_TEXT, .regex = "(a|a|a)*[bc]"),
     BYTES("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"), FITS, NULL},
};

/* Bytes of exactly their size, so that a checker sees what reads past them. */
static struct sds_span copy_of(const char *bytes, size_t len, uint8_t **ret)
{
    *ret = malloc(len ? len : 1);
    assert_non_null(*ret);
    if (len)
        memcpy(*ret, bytes, len);
    return (struct sds_span){bytes ? *ret : NULL, len};
}

static void values_are_held_to_their_form(void **state)
{
    (void)state;
    for (size_t i = 0; i < SDS_COUNT(vectors); i++) {
        struct sds_form_fault fault = {99, "nothing"};
        uint8_t *copy;
        bool fits = sds_form_fits(&vectors[i].form,
                                  copy_of(vectors[i].value, vectors[i].len, &copy), &fault);

        free(copy);
        if (fits != (vectors[i].offset == FITS))
            fail_msg("%s: %s at byte %zu", vectors[i].name, fault.what, fault.offset);
        if (!fits &&
            ((long)fault.offset != vectors[i].offset || strcmp(fault.what, vectors[i].what) != 0))
            fail_msg("%s: at byte %zu it %s", vectors[i].name, fault.offset, fault.what);
    }
}

static const struct {
    struct sds_form form;
    const char *words;
} descriptions[] = {
    {FORM(.type = SDS_FORM_ANY), "any value"},
    {FORM(.type = SDS_FORM_TEXT, .max_length = 32), "text of at most 32 bytes"},
    {FORM(.type = SDS_FORM_TEXT, .min_length = 1), "text that is not empty"},
    {FORM(.type = SDS_FORM_ENUM, .values = words, .n_values = 3), "'T', 'F' or 'two,words'"},
    {FORM(.type = SDS_FORM_CONST, .value = "1"), "'1'"},
    {FORM(.type = SDS_FORM_INT, .has_range = true, .min = 0, .max = 99),
     "a whole number from 0 to 99"},
    {FORM(.type = SDS_FORM_INT, .has_range = true, .min = 1, .max = INT64_MAX),
     "a whole number from 1"},
    {FORM(.type = SDS_FORM_INT, .mask = 7), "a whole number of the bits 0x7"},
    {DIGITS(12), "12 hex digits"},
    {FORM(.type = SDS_FORM_HEX, .prefix = "0x"), "'0x' and hex digits"},
    {FORM(.type = SDS_FORM_PATH, .is_absolute = true), "an absolute path"},
    {FORM(.type = SDS_FORM_URL, .schemes = schemes, .n_schemes = 2),
     "a URL with 'http' or 'https'"},
    {DATA(8), "data of 8 bytes"},
    {FORM(.type = SDS_FORM_BYTES, .min_length = 1, .max_length = 17), "data of 1 to 17 bytes"},
    {FORM(.type = SDS_FORM_LIST, .of = &number),
     "a list, its items apart by ',', each a whole number"},
    {FORM(.type = SDS_FORM_TEXT, .regex = "a+"), "text that matches 'a+'"},
    {FORM(.type = SDS_FORM_TEXT, .regex = "a+", .about = "a few a\033"), "a few a\\x1b"},
};

static void forms_are_put_into_words(void **state)
{
    struct sds_form_words ret;
    char endless[400];

    (void)state;
    for (size_t i = 0; i < SDS_COUNT(descriptions); i++)
        assert_string_equal(sds_form_describe(&descriptions[i].form, &ret), descriptions[i].words);
    memset(endless, 'x', sizeof(endless) - 1);
    endless[sizeof(endless) - 1] = '\0';
    sds_form_describe(&(struct sds_form)FORM(.type = SDS_FORM_CONST, .value = endless), &ret);
    assert_true(strlen(ret.text) < sizeof(ret.text));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_held_to_their_form),
        cmocka_unit_test(forms_are_put_into_words),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
