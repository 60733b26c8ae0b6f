/* SPDX-License-Identifier: MIT */
#include "report/report.h"

#include <string.h>

#include "base/mem.h"
#include "report/formats.h"

static const struct sds_format formats[] = {
    {"text", "for people: services by host or type, with what is wrong beneath", false, false,
     sds_text_report, sds_text_event, sds_text_domains},
    {"json", "one document that holds everything", false, false, sds_json_report, NULL,
     sds_json_domains},
    {"ndjson", "one JSON object a line: a service, or an event of a watch", false, true,
     sds_ndjson_report, sds_ndjson_event, sds_ndjson_domains},
    {"csv", "one line a finding, or an event of a watch, for spreadsheets", false, true,
     sds_csv_report, sds_csv_event, sds_csv_domains},
    {"sarif", "SARIF 2.1.0, for code scanning", true, false, sds_sarif_report, NULL, NULL},
    {"junit", "JUnit's XML, for CI: a test case for each part of a service", true, false,
     sds_junit_report, NULL, NULL},
    {"github", "annotations of GitHub Actions", true, false, sds_github_report, NULL, NULL},
};

const struct sds_format *sds_format_at(size_t i)
{
    return i < SDS_COUNT(formats) ? &formats[i] : NULL;
}

const struct sds_format *sds_format_find(const char *name)
{
    for (size_t i = 0; i < SDS_COUNT(formats); i++)
        if (strcmp(formats[i].name, name) == 0)
            return &formats[i];
    return NULL;
}

bool sds_scan_is_live(const struct sds_scan *scan)
{
    return strcmp(scan->source, "file") != 0 && strcmp(scan->source, "arguments") != 0;
}

static void count_findings(const struct sds_result *result, struct sds_summary *summary)
{
    for (size_t i = 0; i < result->n_findings; i++)
        summary->severities[result->findings[i].severity] += !result->findings[i].ignored;
    summary->ignored += result->n_ignored;
    summary->known += result->n_known;
}

void sds_report_summarize(const struct sds_report *report, struct sds_summary *ret)
{
    *ret = (struct sds_summary){.services = report->n_items};
    for (size_t i = 0; i < report->n_items; i++) {
        const struct sds_result *result = report->items[i].result;

        if (!result)
            continue;
        ret->is_checked = true;
        if (result->has_verdict)
            ret->verdicts[result->verdict]++;
        count_findings(result, ret);
    }
    ret->is_checked |= report->n_files > 0;
    for (size_t i = 0; i < report->n_files; i++)
        count_findings(report->files[i].result, ret);
}

size_t sds_report_not_evaluated(const struct sds_report *report, size_t rule)
{
    size_t n = 0;

    for (size_t i = 0; i < report->n_items; i++)
        if (report->items[i].result && sds_result_lacks_evidence(report->items[i].result, rule))
            n++;
    for (size_t i = 0; i < report->n_files; i++)
        n += sds_result_lacks_evidence(report->files[i].result, rule);
    return n;
}
