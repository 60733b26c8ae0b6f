/* SPDX-License-Identifier: MIT */
#ifndef SDS_TESTS_CHECKING_H
#define SDS_TESTS_CHECKING_H

/* What the tests of the rules share; include it after cmocka.h. */

#include <stdio.h>
#include <string.h>

#include "sdscope/check.h"

/* So many bytes, and names of 255 and 256 on the wire, the root not counted. */
#define TEN      "0123456789"
#define SIXTY    TEN TEN TEN TEN TEN TEN
#define NAME_255 SIXTY "." SIXTY "." SIXTY "." SIXTY "." TEN
#define NAME_256 NAME_255 "x"

/* The length of a literal and its bytes, for members `len, bytes`; NUL bytes count. */
#define BYTES(literal) sizeof(literal) - 1, (literal)

static struct sds_registry *registry;
static struct sds_ruleset *rules;

/* A registry of a few rows, and all rules with the author's severities. */
static inline int begin_checking(void **state)
{
    (void)state;
    registry = sds_registry_new();
    rules = sds_ruleset_new(SDS_STRICTNESS_AUTHOR);
    assert_non_null(registry);
    assert_non_null(rules);
    for (size_t i = 0; i < sds_n_rules(); i++)
        sds_ruleset_enable(rules, sds_rule_at(i));
    assert_int_equal(sds_registry_load(registry, SDS_CORPUS "/registry.json", NULL, NULL), 0);
    return 0;
}

static inline int end_checking(void **state)
{
    (void)state;
    registry = sds_registry_free(registry);
    rules = sds_ruleset_free(rules);
    return 0;
}

/* The rules that are broken, in the order of the findings: "SD301 SD325 SD325". */
static inline const char *broken_rules(const struct sds_result *result)
{
    static char text[SDS_FINDINGS_MAX * sizeof("SD999")];
    size_t len = 0;

    *text = '\0';
    for (size_t i = 0; i < result->n_findings; i++)
        len += (size_t)snprintf(text + len, sizeof(text) - len, "%s%s", i ? " " : "",
                                result->findings[i].rule->id);
    return text;
}

static inline void assert_broken(const struct sds_result *result, const char *name,
                                 const char *expected)
{
    if (strcmp(broken_rules(result), expected) != 0)
        fail_msg("%s: expected '%s', got '%s'", name, expected, broken_rules(result));
}

/* Check a service among others, and compare what is wrong with it. */
static inline void assert_breaks_among(const struct sds_service *service,
                                       const struct sds_registry *with,
                                       const struct sds_company *company, const char *name,
                                       const char *expected)
{
    struct sds_result result;

    assert_int_equal(sds_check_among(rules, with, service, company, &result), 0);
    assert_broken(&result, name, expected);
    sds_result_done(&result);
}

/* The same alone; the service is freed. */
static inline void assert_breaks(struct sds_service *service, const struct sds_registry *with,
                                 const char *name, const char *expected)
{
    assert_breaks_among(service, with, NULL, name, expected);
    sds_service_free(service);
}

/* One rule is broken, so severely; the service is freed. */
static inline void assert_breaks_as(struct sds_service *service, const char *name,
                                    const char *expected, enum sds_severity severity)
{
    struct sds_result result;

    assert_int_equal(sds_check(rules, NULL, service, &result), 0);
    assert_broken(&result, name, expected);
    assert_int_equal(result.findings[0].severity, severity);
    sds_result_done(&result);
    sds_service_free(service);
}

/* Whether a rule is counted as not evaluated. */
static inline bool lacks_evidence(const struct sds_result *result, const char *id)
{
    const struct sds_rule *rule = sds_rule_find(id);

    assert_non_null(rule);
    return sds_result_lacks_evidence(result, (size_t)(rule - sds_rule_at(0)));
}

#endif
