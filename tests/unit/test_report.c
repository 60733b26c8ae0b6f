/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "sample.h"

static void finds_every_format(void **state)
{
    size_t n = 0;

    (void)state;
    for (const struct sds_format *f; (f = sds_format_at(n)); n++) {
        assert_ptr_equal(sds_format_find(f->name), f);
        assert_true(f->report || f->event);
        assert_true(f->help && *f->help);
    }
    assert_in_range(n, 3, 100);
    assert_string_equal(sds_format_at(0)->name, "text"); /* the default comes first */
    assert_null(sds_format_find("Text"));
    assert_null(sds_format_find(""));
}

static void names_every_event(void **state)
{
    (void)state;
    for (int i = 0; i < SDS_EVENT__COUNT; i++)
        assert_non_null(sds_event_name((enum sds_event_kind)i));
    assert_string_equal(sds_event_name(SDS_EVENT_ADDED), "added");
    assert_string_equal(sds_event_name(SDS_EVENT_BACK), "back");
    assert_null(sds_event_name(SDS_EVENT__COUNT));
    assert_null(sds_event_name((enum sds_event_kind) - 1));
}

static void counts(void **state)
{
    static const struct sds_style style = {0};
    struct sample sample;
    struct sds_report report;
    struct sds_summary summary;

    (void)state;
    sample_init(&sample);
    report = sample_audit(&sample, &style);
    sds_report_summarize(&report, &summary);
    assert_int_equal(summary.services, SAMPLE_SERVICES);
    assert_int_equal(summary.verdicts[SDS_VERDICT_REGISTERED], 4);
    assert_int_equal(summary.verdicts[SDS_VERDICT_ALLOWED], 0);
    assert_int_equal(summary.severities[SDS_SEV_ERROR], 4);
    assert_int_equal(summary.severities[SDS_SEV_WARNING], 3);
    assert_int_equal(summary.severities[SDS_SEV_INFO], 2);
    assert_true(summary.is_checked);
    for (size_t i = 0; i < sds_n_rules(); i++) {
        size_t n = sds_report_not_evaluated(&report, i);

        if (strcmp(sds_rule_at(i)->id, "SD303") == 0)
            assert_int_equal(n, SAMPLE_SERVICES / 2);
        else if (strcmp(sds_rule_at(i)->id, "SD304") == 0)
            assert_int_equal(n, SAMPLE_SERVICES);
        else
            assert_int_equal(n, 0);
    }
    report = sample_browse(&sample, &style);
    sds_report_summarize(&report, &summary);
    assert_int_equal(summary.services, SAMPLE_SERVICES);
    assert_int_equal(summary.verdicts[SDS_VERDICT_REGISTERED], 0);
    assert_false(summary.is_checked);
    sample_done(&sample);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_every_format),
        cmocka_unit_test(names_every_event),
        cmocka_unit_test(counts),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
