/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/glob.h"
#include "base/mem.h"

static const struct {
    const char *pattern, *text;
    bool matches;
} vectors[] = {
    {"", "", true},
    {"", "a", false},
    {"a", "", false},
    {"*", "", true},
    {"*", "anything", true},
    {"**", "", true},
    {"?", "", false},
    {"?", "a", true},
    {"?", "ab", false},
    {"?", "\xc3\xbc", true}, /* a character, not a byte */
    {"??", "\xc3\xbc", false},
    {"?", "\xff", true},
    {"B\xc3\xbcro*", "b\xc3\xbcro 2", true},
    {"\xc3\x9c", "\xc3\xbc", false}, /* only A-Z folds */
    {"_ipp._tcp", "_IPP._TCP", true},
    {"_ipp._tcp", "_ipps._tcp", false},
    {"_ipp*._tcp", "_ipp._tcp", true},
    {"_ipp*._tcp", "_ipps._tcp", true},
    {"_ipp*._tcp", "_ipp._udp", false},
    {"*._tcp", "_a._tcp._tcp", true},
    {"a*b*c", "abbbc", true},
    {"a*b*c", "acb", false},
    {"*ab", "aab", true},
    {"*ab", "aabx", false},
    {"[ab]", "a", false}, /* brackets occur in names */
    {"[ab]*", "[AB] printer", true},
    {"a\\*", "a\\b", true},
    {"a*", "b", false},
};

static void matches_from_beginning_to_end(void **state)
{
    (void)state;
    for (size_t i = 0; i < SDS_COUNT(vectors); i++)
        if (sds_glob_matches(vectors[i].pattern, vectors[i].text, strlen(vectors[i].text)) !=
            vectors[i].matches)
            fail_msg("'%s' and '%s'", vectors[i].pattern, vectors[i].text);
}

/* Bytes of the network may hold a NUL, and be none at all. */
static void matches_any_bytes(void **state)
{
    (void)state;
    assert_true(sds_glob_matches("a?c", "a\0c", 3));
    assert_false(sds_glob_matches("a", "a\0c", 3));
    assert_true(sds_glob_matches("*", NULL, 0));
    assert_false(sds_glob_matches("?*", NULL, 0));
}

/* Each star gives up its text a byte at a time, but only the last one does. */
static void takes_no_exponential_time(void **state)
{
    static char text[20000];
    static const char pattern[] = "*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*b";

    (void)state;
    memset(text, 'a', sizeof(text));
    assert_false(sds_glob_matches(pattern, text, sizeof(text)));
}

static void knows_a_pattern(void **state)
{
    (void)state;
    assert_true(sds_glob_is_pattern("a*"));
    assert_true(sds_glob_is_pattern("?"));
    assert_false(sds_glob_is_pattern("txt-key-long"));
    assert_false(sds_glob_is_pattern(""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(matches_from_beginning_to_end),
        cmocka_unit_test(matches_any_bytes),
        cmocka_unit_test(takes_no_exponential_time),
        cmocka_unit_test(knows_a_pattern),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
