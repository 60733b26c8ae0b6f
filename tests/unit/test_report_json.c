/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "files/service_json.h"
#include "sample.h"

static const struct sds_style style = {0};

/* What a report says of services is what `check --from` reads. */
static void assert_reads_back(const struct sample *sample, const char *text, size_t len)
{
    struct sds_input input = {0};
    struct sds_input_error error;

    assert_int_equal(sds_input_read(text, len, NULL, &input, &error), 0);
    assert_int_equal(input.services.n, SAMPLE_SERVICES);
    for (size_t i = 0; i < input.services.n; i++)
        assert_int_equal(sds_service_diff(input.services.v[i].service, sample->services[i]), 0);
    sds_input_done(&input);
}

static const struct {
    const char *golden, *format;
    bool is_checked;
} reports[] = {
    {"audit.json", "json", true},
    {"browse.json", "json", false},
    {"audit.ndjson", "ndjson", true},
    {"browse.ndjson", "ndjson", false},
};

static void writes_reports(void **state)
{
    struct sample sample;

    (void)state;
    sample_init(&sample);
    for (size_t i = 0; i < SDS_COUNT(reports); i++) {
        struct sds_report report =
            reports[i].is_checked ? sample_audit(&sample, &style) : sample_browse(&sample, &style);
        size_t len;
        char *text = write_report(&report, reports[i].format, &len);

        print_message("# %s\n", reports[i].golden);
        assert_golden(reports[i].golden, text, len);
        assert_reads_back(&sample, text, len);
        free(text);
    }
    sample_done(&sample);
}

static void writes_nothing_found(void **state)
{
    struct sample sample;
    struct sds_report report;
    size_t len;
    char *text;

    (void)state;
    sample_init(&sample);
    report = sample_audit(&sample, &style);
    report.n_items = 0;
    text = write_report(&report, "json", &len);
    assert_golden("empty.json", text, len);
    free(text);
    text = write_report(&report, "ndjson", &len);
    assert_string_equal(text, "");
    free(text);
    sample_done(&sample);
}

/* Without a registry, a well-formed type has no verdict. */
static void writes_no_verdict(void **state)
{
    struct sample sample;
    struct sds_report report;
    json_t *json;
    size_t len;
    char *text;

    (void)state;
    sample_init(&sample);
    sample.results[1].has_verdict = false;
    report = sample_audit(&sample, &style);
    report.items = &sample.checked[1];
    report.n_items = 1;
    report.registry = NULL;
    text = write_report(&report, "json", &len);
    json = json_loads(text, 0, NULL);
    assert_non_null(json);
    assert_int_equal(json_array_size(json_object_get(json, "registry")), 0);
    assert_true(json_is_null(
        json_object_get(json_array_get(json_object_get(json, "services"), 0), "verdict")));
    json_decref(json);
    free(text);
    sample_done(&sample);
}

static void writes_events(void **state)
{
    struct sample sample;
    size_t len;
    char *text;

    (void)state;
    sample_init(&sample);
    text = write_events(&sample, "ndjson", &style, &len);
    assert_golden("events.ndjson", text, len);
    free(text);
    sample_done(&sample);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writes_reports),
        cmocka_unit_test(writes_nothing_found),
        cmocka_unit_test(writes_no_verdict),
        cmocka_unit_test(writes_events),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
