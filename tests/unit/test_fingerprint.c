/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "sdscope/check.h"

static struct sds_service *service_of(const char *instance, const char *type, const char *domain)
{
    struct sds_service *s = sds_service_new(type);

    assert_int_equal(sds_service_set_instance(s, instance, strlen(instance)), 0);
    if (domain)
        assert_int_equal(sds_service_set_domain(s, domain), 0);
    return s;
}

/* The value is a promise: baselines of other versions hold it. */
static void is_the_same_for_ever(void **state)
{
    struct sds_finding finding = {
        .rule = sds_rule_find("SD325"), .key = (char *)"rp", .message = (char *)"x"};
    struct sds_result result = {.findings = &finding, .n_findings = 1};
    struct sds_service *s = service_of("Printer", "_ipp._tcp", "local");
    char text[SDS_FINGERPRINT_SIZE];

    (void)state;
    sds_finding_fingerprint(s, &result, 0, text);
    assert_string_equal(text, "7063d7b809cf758b");
    sds_service_free(s);
}

static const struct {
    const char *name, *instance, *type, *domain, *key, *rule;
    bool is_same;
} others[] = {
    {"itself", "Printer", "_ipp._tcp", "local", "rp", "SD325", true},
    {"case", "PRINTER", "_IPP._tcp", "Local", "RP", "SD325", true},
    {"domain not told", "Printer", "_ipp._tcp", NULL, "rp", "SD325", true},
    {"other instance", "Printer2", "_ipp._tcp", "local", "rp", "SD325", false},
    {"other type", "Printer", "_ipps._tcp", "local", "rp", "SD325", false},
    {"other domain", "Printer", "_ipp._tcp", "example.org", "rp", "SD325", false},
    {"other key", "Printer", "_ipp._tcp", "local", "r", "SD325", false},
    {"no key", "Printer", "_ipp._tcp", "local", NULL, "SD325", false},
    {"other rule", "Printer", "_ipp._tcp", "local", "rp", "SD324", false},
    {"bytes moved from name to type", "Printer_", "ipp._tcp", "local", "rp", "SD325", false},
};

static void depends_on_what_it_names(void **state)
{
    char first[SDS_FINGERPRINT_SIZE];

    (void)state;
    for (size_t i = 0; i < SDS_COUNT(others); i++) {
        struct sds_finding finding = {.rule = sds_rule_find(others[i].rule),
                                      .key = (char *)others[i].key,
                                      .message = (char *)others[i].name,
                                      .offset = (long)i,
                                      .line = (int)i};
        struct sds_result result = {.findings = &finding, .n_findings = 1};
        struct sds_service *s = service_of(others[i].instance, others[i].type, others[i].domain);
        char text[SDS_FINGERPRINT_SIZE];

        print_message("# %s\n", others[i].name);
        sds_service_set_port(s, (uint16_t)i);
        sds_finding_fingerprint(s, &result, 0, i ? text : first);
        if (i)
            assert_int_equal(strcmp(text, first) == 0, others[i].is_same);
        sds_service_free(s);
    }
}

static void tells_twins_apart(void **state)
{
    const struct sds_rule *rule = sds_rule_find("SD325");
    struct sds_finding findings[] = {{.rule = rule, .key = (char *)"a"},
                                     {.rule = rule, .key = (char *)"A"},
                                     {.rule = rule, .key = (char *)"b"}};
    struct sds_result result = {.findings = findings, .n_findings = SDS_COUNT(findings)};
    struct sds_service *s = sds_service_new("_ipp._tcp");
    char texts[SDS_COUNT(findings)][SDS_FINGERPRINT_SIZE];

    (void)state;
    for (size_t i = 0; i < SDS_COUNT(findings); i++)
        sds_finding_fingerprint(s, &result, i, texts[i]);
    assert_string_not_equal(texts[0], texts[1]);
    assert_string_not_equal(texts[0], texts[2]);
    assert_string_not_equal(texts[1], texts[2]);
    sds_service_free(s);
}

/* Any number of them: no two numbers are one and the same when case is ignored. */
static void tells_many_twins_apart(void **state)
{
    static char texts[SDS_FINDINGS_MAX][SDS_FINGERPRINT_SIZE];
    static struct sds_finding findings[SDS_FINDINGS_MAX];
    struct sds_result result = {.findings = findings, .n_findings = SDS_FINDINGS_MAX};
    struct sds_service *s = sds_service_new("_ipp._tcp");

    (void)state;
    for (size_t i = 0; i < SDS_FINDINGS_MAX; i++) {
        findings[i].rule = sds_rule_find("SD304");
        sds_finding_fingerprint(s, &result, i, texts[i]);
        for (size_t j = 0; j < i; j++)
            assert_string_not_equal(texts[i], texts[j]);
    }
    sds_service_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_the_same_for_ever),
        cmocka_unit_test(depends_on_what_it_names),
        cmocka_unit_test(tells_twins_apart),
        cmocka_unit_test(tells_many_twins_apart),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
