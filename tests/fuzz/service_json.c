/* SPDX-License-Identifier: MIT */
#include "files/service_json.h"

#include <errno.h>
#include <string.h>

#include "base/ascii.h"
#include "base/mem.h"
#include "base/text.h"
#include "checked.h"
#include "files/input.h"
#include "fuzz.h"
#include "report/report.h"

static const struct sds_style styles[] = {
    {.width = 0, .group = SDS_GROUP_HOST},
    {.width = 40, .group = SDS_GROUP_TYPE, .details = true},
    {.width = 80, .group = SDS_GROUP_TYPE, .color = true},
};

/* ---- what a reader makes of a report ------------------------------------------------------ */

/* The services of a report, and of its lines, are the services that it was made of. */
static void must_be_read(const struct sds_report *report, const char *text, size_t len)
{
    struct sds_input input = {0};
    struct sds_input_error error;

    MUST(sds_input_read(text, len, "fuzz", &input, &error) == 0);
    MUST(input.services.n == report->n_items);
    for (size_t i = 0; i < input.services.n; i++)
        MUST(!sds_service_diff(input.services.v[i].service, report->items[i].service));
    sds_input_done(&input);
}

static void must_be_json(const char *text, size_t len)
{
    json_t *json = json_loadb(text, len, JSON_ALLOW_NUL, NULL);

    MUST(json);
    json_decref(json);
}

/* UTF-8 without a control but ends of lines; colours are the only other that text has. */
static void must_be_plain(const char *text, size_t len, bool has_color)
{
    MUST(sds_text_is_utf8(text, len));
    for (size_t i = 0; i < len; i++)
        MUST(!sds_is_control(text[i]) || text[i] == '\n' || text[i] == '\r' ||
             (text[i] == '\033' && has_color));
}

/* What people read has nothing invisible either. */
static void must_be_lines(const char *text, size_t len)
{
    char *copy = strndup(text, len);

    MUST(copy);
    for (char *p = copy; *p; p++)
        if (*p == '\n' || *p == '\033')
            *p = ' ';
    fuzz_must_be_safe(copy);
    free(copy);
}

static void check_output(const char *format, const struct sds_report *report, const char *text,
                         size_t len)
{
    must_be_plain(text, len, report->style->color);
    if (strcmp(format, "text") == 0)
        must_be_lines(text, len);
    if (strcmp(format, "json") == 0 || strcmp(format, "sarif") == 0)
        must_be_json(text, len);
    if (strcmp(format, "json") == 0 || (strcmp(format, "ndjson") == 0 && report->n_items))
        must_be_read(report, text, len);
}

/* ---- reports ------------------------------------------------------------------------------ */

static void report_in(const struct sds_format *format, const struct sds_report *report)
{
    char *text = NULL;
    size_t len;
    FILE *out = open_memstream(&text, &len);

    MUST(out);
    MUST(format->report(report, out) == 0);
    MUST(fclose(out) == 0);
    check_output(format->name, report, text, len);
    free(text);
}

static void tell_event(const struct sds_format *format, const struct sds_report_item *item,
                       const struct sds_style *style)
{
    const struct sds_event event = {
        .kind = SDS_EVENT_CHANGED,
        .service = item->service,
        .result = item->result,
        .changes = item->service->present,
    };
    char *text = NULL;
    size_t len;
    FILE *out = open_memstream(&text, &len);

    MUST(out);
    MUST(format->event(&event, style, out) == 0);
    MUST(fclose(out) == 0);
    must_be_plain(text, len, style->color);
    if (strcmp(format->name, "ndjson") == 0)
        must_be_json(text, len);
    free(text);
}

static void tell_in(const struct sds_format *format, struct sds_report *report)
{
    if (format->report)
        report_in(format, report);
    for (size_t i = 0; i < report->n_items && format->event; i++)
        tell_event(format, &report->items[i], report->style);
}

/* Text in all its styles, for which machine formats do not care. SARIF takes longer than all else,
 * as it holds the catalogue, so that not every file is told in it. */
static void tell_in_all(struct sds_report *report, bool with_sarif)
{
    const struct sds_format *format;

    for (size_t i = 0; (format = sds_format_at(i)); i++) {
        size_t n = strcmp(format->name, "text") == 0 ? SDS_COUNT(styles) : 1;

        if (strcmp(format->name, "sarif") == 0 && !with_sarif)
            continue;
        for (size_t j = 0; j < n; j++) {
            report->style = &styles[j];
            tell_in(format, report);
        }
    }
}

static void add_faults(const struct sds_input *input, struct sds_result *result)
{
    for (size_t i = 0; i < input->faults.n; i++) {
        const struct sds_input_fault *fault = &input->faults.v[i];
        const struct sds_rule *rule = sds_rule_numbered(fault->rule);

        MUST(rule);
        MUST(sds_result_add(fuzz_rules(SDS_STRICTNESS_AUTHOR), rule, fault->message,
                            fault->place.line, fault->place.column, result) == 0);
    }
}

static void add_service(const struct sds_input_service *service, struct sds_report_item *item,
                        struct sds_result *result)
{
    MUST(sds_check(fuzz_rules(SDS_STRICTNESS_AUTHOR), fuzz_registry(), service->service, result) ==
         0);
    *item = (struct sds_report_item){
        .service = service->service,
        .result = result,
        .file = "fuzz",
        .line = service->place.line,
        .column = service->place.column,
    };
}

static void report_input(const struct sds_input *input, bool with_sarif)
{
    static const struct sds_scan scan = {.source = "file", .is_complete = true};
    size_t n = input->services.n;
    struct sds_report_item *items = calloc(n + 1, sizeof(*items));
    struct sds_result *results = calloc(n + 1, sizeof(*results)); /* the last is of the file */
    struct sds_report_file file = {"fuzz", results + n};
    struct sds_report report = {
        .command = "check",
        .scan = &scan,
        .registry = fuzz_registry(),
        .items = items,
        .n_items = n,
        .files = &file,
        .n_files = input->faults.n > 0,
    };

    MUST(items && results);
    for (size_t i = 0; i < n; i++)
        add_service(&input->services.v[i], &items[i], &results[i]);
    add_faults(input, &results[n]);
    tell_in_all(&report, with_sarif);
    for (size_t i = 0; i <= n; i++)
        sds_result_done(&results[i]);
    free(results);
    free(items);
}

/* ---- services ----------------------------------------------------------------------------- */

static void must_be_in_file(struct sds_input_place place, const char *text, size_t len)
{
    int n_lines = 1;

    for (size_t i = 0; i < len; i++)
        n_lines += text[i] == '\n';
    MUST(place.line >= 1 && place.line <= n_lines);
    MUST(place.column >= 1 && (size_t)place.column <= len + 1);
}

static void check_service(const struct sds_input_service *service, const char *text, size_t len)
{
    must_be_in_file(service->place, text, len);
    for (size_t i = 0; i < service->marks.n; i++)
        must_be_in_file(service->marks.v[i].place, text, len);
    fuzz_through_json(service->service);
    fuzz_check(service->service);
}

/* Any bytes as a file of services: what is read is checked, reported and read again. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *text = (const char *)data;
    struct sds_input input = {0};
    struct sds_input_error error = {0};
    int r = sds_input_read(text, size, "fuzz", &input, &error);

    MUST(r == 0 || r == -EINVAL);
    if (r < 0) {
        MUST(*error.text);
        fuzz_must_be_safe(error.text);
    }
    for (size_t i = 0; i < input.services.n && r == 0; i++)
        check_service(&input.services.v[i], text, size);
    if (r == 0)
        report_input(&input, size % 8 == 0);
    sds_input_done(&input);
    return 0;
}
