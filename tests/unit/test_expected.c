/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "checking.h"

static const struct {
    const char *name;
    size_t expected_len;
    const char *expected;
    size_t len;
    const char *txt;
    const char *findings; /* "SD961 note" */
} vectors[] = {
    {"the same", BYTES("\3a=1\1b"), BYTES("\3a=1\1b"), ""},
    {"another order and case", BYTES("\3a=1\1b"), BYTES("\1B\3A=1"), ""},
    {"both empty", BYTES("\0"), BYTES("\0"), ""},
    {"a key gone", BYTES("\3a=1\1b"), BYTES("\3a=1"), "SD961 b"},
    {"all gone", BYTES("\3a=1\1b"), BYTES("\0"), "SD961 a SD961 b"},
    {"a key more", BYTES("\3a=1"), BYTES("\1z\3a=1\1c"), "SD962 z SD962 c"},
    {"another value", BYTES("\3a=1"), BYTES("\3a=2"), "SD963 a"},
    {"case of a value", BYTES("\3a=x"), BYTES("\3a=X"), "SD963 a"},
    {"empty for none", BYTES("\1a"), BYTES("\2a="), "SD963 a"},
    {"none for empty", BYTES("\2a="), BYTES("\1a"), "SD963 a"},
    {"NUL counts", BYTES("\4a=\0b"), BYTES("\4a=\0c"), "SD963 a"},
    {"the first counts", BYTES("\3a=1\3a=2"), BYTES("\3a=1\3A=3"), ""},
    {"a renamed key", BYTES("\5nmae="), BYTES("\5name="), "SD961 nmae SD962 name"},
    {"no key", BYTES("\2=a"), BYTES("\2=b"), ""},
    {"a cut string", BYTES("\3a=1"), BYTES("\3a=1\11b"), ""},
};

static struct sds_service *service_of(const void *txt, size_t len)
{
    struct sds_service *s = sds_service_new("_ipp._tcp");

    assert_int_equal(sds_service_set_txt(s, txt, len), 0);
    return s;
}

static void finds_what_differs(void **state)
{
    (void)state;
    for (size_t i = 0; i < SDS_COUNT(vectors); i++) {
        struct sds_service *expected = service_of(vectors[i].expected, vectors[i].expected_len);
        struct sds_service *service = service_of(vectors[i].txt, vectors[i].len);
        struct sds_result result = {0};
        char found[256] = "";

        print_message("# %s\n", vectors[i].name);
        assert_int_equal(sds_check_expected(rules, expected, service, &result), 0);
        for (size_t j = 0; j < result.n_findings; j++)
            snprintf(found + strlen(found), sizeof(found) - strlen(found), "%s%s %s", j ? " " : "",
                     result.findings[j].rule->id, result.findings[j].key);
        assert_string_equal(found, vectors[i].findings);
        sds_result_done(&result);
        sds_service_free(expected);
        sds_service_free(service);
    }
}

static void points_at_the_string(void **state)
{
    struct sds_service *expected = service_of("\3a=1\3b=1", 8);
    struct sds_service *service = service_of("\3a=1\3b=\xff", 8);
    struct sds_result result = {0};

    (void)state;
    assert_int_equal(sds_check_expected(rules, expected, service, &result), 0);
    assert_int_equal(result.n_findings, 1);
    assert_int_equal(result.findings[0].offset, 4);
    assert_string_equal(result.findings[0].message, "key 'b' has '\\xff', expected was '1'");
    sds_result_done(&result);
    sds_service_free(expected);
    sds_service_free(service);
}

/* Of an unknown record nothing can be said; of a missing one, that its keys are. */
static void tells_unknown_from_missing(void **state)
{
    struct sds_service *expected = service_of("\3a=1", 4), *service = sds_service_new("_ipp._tcp");
    struct sds_result result = {0};

    (void)state;
    assert_int_equal(sds_check_expected(rules, expected, service, &result), 0);
    assert_int_equal(result.n_findings, 0);
    for (size_t i = 0; i < sds_n_rules(); i++)
        assert_int_equal(sds_result_lacks_evidence(&result, i),
                         sds_rule_at(i)->number >= 961 && sds_rule_at(i)->number <= 963);
    sds_result_done(&result);
    sds_service_set_missing(service, SDS_PART_TXT);
    assert_int_equal(sds_check_expected(rules, expected, service, &result), 0);
    assert_int_equal(result.n_findings, 1);
    sds_result_done(&result);
    sds_service_free(expected);
    sds_service_free(service);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_what_differs),
        cmocka_unit_test(points_at_the_string),
        cmocka_unit_test(tells_unknown_from_missing),
    };

    return cmocka_run_group_tests(tests, begin_checking, end_checking);
}
