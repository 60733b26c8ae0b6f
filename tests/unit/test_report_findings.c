/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/mem.h"
#include "report/report.h"

static const struct sds_rule one = {.id = "SD001", .hint = "mend it"}, two = {.id = "SD002"};

#define FINDING(of, level, of_key, text)                                                           \
    {                                                                                              \
        .rule = &(of), .severity = (level), .key = (char *)(of_key), .message = (char *)(text),    \
        .offset = -1,                                                                              \
    }

/* What the text report says of these findings, below the line of their service. */
static void assert_text(struct sds_finding *findings, size_t n, struct sds_style style,
                        const char *expected)
{
    static const struct sds_scan scan = {.source = "arguments", .is_complete = true};
    struct sds_result result = {.findings = findings, .n_findings = n};
    struct sds_service *s = sds_service_new("_a._tcp");
    struct sds_report_item item = {.service = s, .result = &result};
    struct sds_report report = {
        .command = "check", .scan = &scan, .items = &item, .n_items = 1, .style = &style};
    char *text = NULL, *end;
    size_t len;
    FILE *out = open_memstream(&text, &len);

    assert_int_equal(sds_format_find("text")->report(&report, out), 0);
    assert_int_equal(fclose(out), 0);
    assert_memory_equal(text, "_a._tcp\n", 8);
    end = strstr(text, "\n\n");
    assert_non_null(end);
    end[1] = '\0';
    assert_string_equal(text + 8, expected);
    free(text);
    sds_service_free(s);
}

static void tells_the_worst_first(void **state)
{
    static struct sds_finding findings[] = {
        FINDING(two, SDS_SEV_INFO, NULL, "a"),
        FINDING(two, SDS_SEV_ERROR, NULL, "b"),
        FINDING(one, SDS_SEV_WARNING, NULL, "c"),
        FINDING(two, SDS_SEV_ERROR, NULL, "d"),
    };

    (void)state;
    assert_text(findings, SDS_COUNT(findings), (struct sds_style){.width = 80},
                "  error    b [SD002]\n"
                "  error    d [SD002]\n"
                "  warning  c [SD001]\n"
                "           hint: mend it\n"
                "  info     a [SD002]\n");
}

/* Three or more that differ in nothing but the key, or a number that goes with it. */
static void folds_what_differs_in_the_key(void **state)
{
    static struct sds_finding findings[] = {
        FINDING(one, SDS_SEV_INFO, "acl", "key 'acl' has 12 bytes"),
        FINDING(one, SDS_SEV_INFO, "e", "key 'e' has 9 bytes"),
        FINDING(one, SDS_SEV_INFO, "x", "key 'x' has 9 bytes; did you mean 'y'?"),
        FINDING(one, SDS_SEV_INFO, "ipp everywhere", "key 'ipp everywhere' has 999 bytes"),
        FINDING(one, SDS_SEV_INFO, "bytes", "key 'bytes' has 1 bytes"),
        FINDING(one, SDS_SEV_WARNING, "w", "key 'w' has 1 bytes"),
        FINDING(two, SDS_SEV_INFO, "a", "key 'a' is absent"),
        FINDING(two, SDS_SEV_INFO, "b", "key 'b' is absent"),
        FINDING(two, SDS_SEV_INFO, NULL, "nothing of a key"),
        FINDING(two, SDS_SEV_INFO, NULL, "nothing of a key"),
        FINDING(two, SDS_SEV_INFO, NULL, "nothing of a key"),
    };

    (void)state;
    assert_text(findings, SDS_COUNT(findings), (struct sds_style){.width = 44},
                "  warning  key 'w' has 1 bytes [SD001]\n"
                "           hint: mend it\n"
                "  info     key 'acl' has 12 bytes [SD001]\n"
                "           and 3 more keys: e, ipp\n"
                "           everywhere, bytes\n"
                "  info     key 'x' has 9 bytes; did you mean\n"
                "           'y'? [SD001]\n"
                "  info     key 'a' is absent [SD002]\n"
                "  info     key 'b' is absent [SD002]\n"
                "  info     nothing of a key [SD002]\n"
                "  info     nothing of a key [SD002]\n"
                "  info     nothing of a key [SD002]\n");
    assert_text(findings, 2, (struct sds_style){0},
                "  info     key 'acl' has 12 bytes [SD001]\n"
                "           hint: mend it\n"
                "  info     key 'e' has 9 bytes [SD001]\n");
}

static void tells_all_in_detail(void **state)
{
    static struct sds_finding findings[] = {
        FINDING(one, SDS_SEV_INFO, "a", "key 'a' is absent"),
        FINDING(one, SDS_SEV_INFO, "b", "key 'b' is absent"),
        FINDING(two, SDS_SEV_INFO, "b", "key 'b' is short"),
        FINDING(one, SDS_SEV_INFO, "c", "key 'c' is absent"),
    };

    (void)state;
    assert_text(findings, SDS_COUNT(findings), (struct sds_style){.details = true},
                "  info     key 'a' is absent [SD001]\n"
                "           hint: mend it\n"
                "  info     key 'b' is absent [SD001]\n"
                "           hint: mend it\n"
                "  info     key 'b' is short [SD002]\n"
                "  info     key 'c' is absent [SD001]\n"
                "           hint: mend it\n");
    assert_text(findings, SDS_COUNT(findings), (struct sds_style){0},
                "  info     key 'a' is absent [SD001]\n"
                "           and 2 more keys: b, c\n"
                "           hint: mend it\n"
                "  info     key 'b' is short [SD002]\n");
}

static void lists_so_many_keys(void **state)
{
    static struct sds_finding findings[SDS_FINDINGS_MAX];
    static char texts[SDS_COUNT(findings)][2][32];

    (void)state;
    for (size_t i = 0; i < SDS_COUNT(findings); i++) {
        snprintf(texts[i][0], sizeof(texts[i][0]), "k%zu", i);
        snprintf(texts[i][1], sizeof(texts[i][1]), "key 'k%zu' is absent", i);
        findings[i] = (struct sds_finding)FINDING(two, SDS_SEV_INFO, texts[i][0], texts[i][1]);
    }
    assert_text(findings, SDS_COUNT(findings), (struct sds_style){.width = 80},
                "  info     key 'k0' is absent [SD002]\n"
                "           and 255 more keys: k1, k2, k3, k4, k5, k6, k7, k8, k9, k10, k11, k12,\n"
                "           k13, k14, k15, k16, k17, k18, k19, k20, \u2026\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tells_the_worst_first),
        cmocka_unit_test(folds_what_differs_in_the_key),
        cmocka_unit_test(tells_all_in_detail),
        cmocka_unit_test(lists_so_many_keys),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
