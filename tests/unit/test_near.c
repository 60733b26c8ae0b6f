/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "rules/suggest.h"

static const struct {
    const char *word, *candidates[3], *best;
} vectors[] = {
    {"ipp", {"http", "ipps"}, "ipps"},
    {"htttp", {"https", "http"}, "http"},
    {"http", {"tthx"}, NULL},      /* a third of a word at most */
    {"chekc", {"check"}, "check"}, /* two letters in the wrong order are one edit */
    {"chekc", {"cehck"}, NULL},
    {"printre", {"printer"}, "printer"},
    {"PRINTRE", {"printer"}, "printer"},
    {"airply", {"raop", "airplay", "airport"}, "airplay"},
    {"abcdef", {"abcdxy", "abcdez"}, "abcdez"}, /* the nearest */
    {"abcdef", {"abcdex", "abcdez"}, "abcdex"}, /* the first of two */
    {"htpt", {"dtpt", "htpq", "http"}, "http"}, /* the same letters go before others */
    {"htps", {"xtps", "hxps"}, "hxps"},         /* the same first letter, too */
    {"abcdef", {"abcxyz"}, NULL},
    {"ab", {"ac"}, NULL}, /* too short to tell */
    {"", {"a"}, NULL},
    {"0123456789012345678901234567890123", {"012345678901234567890123456789012"}, NULL},
};

static void words(void **state)
{
    (void)state;
    for (size_t i = 0; i < SDS_COUNT(vectors); i++) {
        struct sds_near near = sds_near_begin(vectors[i].word, strlen(vectors[i].word));

        for (size_t j = 0; j < SDS_COUNT(vectors[i].candidates) && vectors[i].candidates[j]; j++)
            sds_near_offer(&near, vectors[i].candidates[j], strlen(vectors[i].candidates[j]));
        if (!vectors[i].best) {
            assert_null(near.best);
            continue;
        }
        assert_non_null(near.best);
        assert_string_equal((const char *)near.best, vectors[i].best);
    }
}

static void suggestions_are_safe_to_print(void **state)
{
    struct sds_near near = sds_near_begin("abcdef", 6);
    struct sds_suggestion suggestion;

    (void)state;
    assert_string_equal(sds_near_suggest(&near, &suggestion), "");
    sds_near_offer(&near, "abcde\x1B", 6);
    assert_string_equal(sds_near_suggest(&near, &suggestion), "; did you mean 'abcde\\x1b'?");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words),
        cmocka_unit_test(suggestions_are_safe_to_print),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
