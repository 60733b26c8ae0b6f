/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/text.h"
#include "sample.h"

/* The formats for other programs than ours, byte by byte; tests/cli/test_formats.py reads what they
 * say with the eyes of others. */

static const struct sds_style style = {0};

typedef struct sds_report make_report(const struct sample *sample, const struct sds_style *style);

static const struct {
    const char *golden, *format;
    make_report *make;
} reports[] = {
    {"audit.csv", "csv", sample_audit},         {"check.csv", "csv", sample_check},
    {"browse.csv", "csv", sample_browse},       {"audit.junit.xml", "junit", sample_audit},
    {"check.junit.xml", "junit", sample_check}, {"audit.github", "github", sample_audit},
    {"check.github", "github", sample_check},
};

/* No terminal obeys it, whichever program shows it. */
static void assert_safe(const char *text)
{
    char *copy = strdup(text), *rest = copy;

    for (char *line; (line = strsep(&rest, "\n"));) {
        char *safe;

        line[strcspn(line, "\r")] = '\0';
        safe = sds_text_dup_name(line);
        assert_string_equal(line, safe);
        free(safe);
    }
    free(copy);
}

static void writes_reports(void **state)
{
    struct sample sample;

    (void)state;
    sample_init(&sample);
    for (size_t i = 0; i < SDS_COUNT(reports); i++) {
        struct sds_report report = reports[i].make(&sample, &style);
        size_t len;
        char *text = write_report(&report, reports[i].format, &len);

        print_message("# %s\n", reports[i].golden);
        assert_golden(reports[i].golden, text, len);
        assert_safe(text);
        free(text);
    }
    sample_done(&sample);
}

/* What there is of the sample, and not of the catalogue, which grows. */
static char *leave_catalogue_out(char *text)
{
    char *rest = strstr(text, "\n      \"invocations\": "), *kept = NULL;
    size_t len;
    FILE *out = open_memstream(&kept, &len);

    assert_non_null(rest);
    for (char *line; (line = strsep(&rest, "\n")) && !strstr(line, "\"rulesOff\"");)
        if (!strstr(line, "\"ruleIndex\""))
            fprintf(out, "%s\n", line);
    assert_int_equal(fclose(out), 0);
    return kept;
}

static void writes_sarif(void **state)
{
    static const struct {
        const char *golden;
        make_report *make;
    } logs[] = {{"audit.sarif", sample_audit}, {"check.sarif", sample_check}};
    struct sample sample;

    (void)state;
    sample_init(&sample);
    for (size_t i = 0; i < SDS_COUNT(logs); i++) {
        struct sds_report report = logs[i].make(&sample, &style);
        size_t len;
        char *text = write_report(&report, "sarif", &len);
        char *kept;

        print_message("# %s\n", logs[i].golden);
        assert_safe(text);
        kept = leave_catalogue_out(text);
        assert_golden(logs[i].golden, kept, strlen(kept));
        free(kept);
        free(text);
    }
    sample_done(&sample);
}

/* What was cut short is told, and where nothing was found, all formats are still whole. */
static void tells_an_incomplete_scan(void **state)
{
    static const struct {
        const char *format, *words;
    } vectors[] = {
        {"junit",
         "<error message=\"discovery was incomplete\" type=\"incomplete\">the daemon holds"},
        {"junit", "tests=\"1\" failures=\"0\" errors=\"1\" skipped=\"0\" time=\"5.000\""},
        {"github",
         "::error title=discovery was incomplete::the report may lack services%0Athe dae"},
        {"sarif", "\"executionSuccessful\": false"},
        {"sarif", "2 services did not resolve in time"},
        {"csv", "fingerprint,ignored\r\n"},
    };
    struct sample sample;

    (void)state;
    sample_init(&sample);
    for (size_t i = 0; i < SDS_COUNT(vectors); i++) {
        struct sds_report report = sample_audit(&sample, &style);
        size_t len;
        char *text;

        report.scan = &sample_cut_scan;
        report.n_items = 0;
        text = write_report(&report, vectors[i].format, &len);
        assert_non_null(strstr(text, vectors[i].words));
        free(text);
    }
    sample_done(&sample);
}

static void writes_events(void **state)
{
    struct sample sample;
    size_t len;
    char *text;

    (void)state;
    sample_init(&sample);
    text = write_events(&sample, "csv", &style, &len);
    assert_golden("events.csv", text, len);
    assert_safe(text);
    free(text);
    sample_done(&sample);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writes_reports),
        cmocka_unit_test(writes_sarif),
        cmocka_unit_test(tells_an_incomplete_scan),
        cmocka_unit_test(writes_events),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
