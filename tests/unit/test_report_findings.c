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

#define FINDING(rule, severity, key, message)                                                      \
    {                                                                                              \
        &(rule), severity, (char *)(key), (char *)(message), -1                                    \
    }

/* What the text report says of these findings, below the line of their service. */
static void assert_text(struct sds_finding *findings, size_t n, struct sds_style style,
                        const char *expected)
{
    static const struct sds_scan scan = {.source = "arguments", .is_complete = true};
    struct sds_result result = {.findings = findings, .n_findings = n};
    struct sds_service *s = sds_service_new("_a._tcp");
    struct sds_report_item item = {s, &result};
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tells_the_worst_first),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
