/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <jansson.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/text.h"
#include "config.h"
#include "policy/baseline_json.h"
#include "report/domains.h"
#include "report/formats.h"
#include "report/item_json.h"
#include "report/report.h"
#include "report/subject.h"

#define FORMAT_VERSION 1 /* grows when a member changes its meaning or goes away */

static json_t *program_json(void)
{
    json_auto_t *object = json_object();

    if (json_object_set_new(object, "version", json_string(SDS_VERSION)) ||
        json_object_set_new(object, "format", json_integer(FORMAT_VERSION)))
        return NULL;
    return SDS_TAKE(object);
}

static json_t *queries_json(const struct sds_scan *scan)
{
    json_auto_t *object = json_object();

    if (json_object_set_new(object, "packets", json_integer((json_int_t)scan->n_query_packets)) ||
        json_object_set_new(object, "bytes", json_integer((json_int_t)scan->n_query_bytes)) ||
        json_object_set_new(object, "beside_avahi", json_boolean(scan->is_beside_avahi)))
        return NULL;
    return SDS_TAKE(object);
}

static json_t *scan_json(const struct sds_scan *scan)
{
    json_auto_t *object = json_object();
    char started[SDS_TIMESTAMP_SIZE];
    double duration_s = (double)scan->duration_ms / 1000;

    sds_timestamp(scan->started_ms, started);
    if (json_object_set_new(object, "source", sds_text_to_json(scan->source)) ||
        json_object_set_new(object, "started", json_string(started)) ||
        json_object_set_new(object, "duration_s", json_real(duration_s)) ||
        json_object_set_new(object, "complete", json_boolean(scan->is_complete)) ||
        json_object_set_new(object, "reasons", sds_texts_to_json(scan->reasons, scan->n_reasons)) ||
        json_object_set_new(object, "notes", sds_texts_to_json(scan->notes, scan->n_notes)) ||
        json_object_set_new(object, "interfaces",
                            sds_texts_to_json(scan->interfaces, scan->n_interfaces)) ||
        (scan->counts_queries && json_object_set_new(object, "queries", queries_json(scan))))
        return NULL;
    return SDS_TAKE(object);
}

static json_t *table_json(const struct sds_registry_table *table)
{
    json_auto_t *object = json_object();

    if (json_object_set_new(object, "title", sds_text_to_json(table->title)) ||
        json_object_set_new(object, "updated", sds_text_to_json(table->updated)) ||
        json_object_set_new(object, "records", json_integer((json_int_t)table->n_records)))
        return NULL;
    return SDS_TAKE(object);
}

static json_t *registry_json(const struct sds_registry *registry)
{
    json_auto_t *array = json_array();
    size_t n = registry ? sds_registry_n_tables(registry) : 0;

    for (size_t i = 0; i < n; i++) {
        struct sds_registry_table table = sds_registry_table_at(registry, i);

        if (json_array_append_new(array, table_json(&table)))
            return NULL;
    }
    return SDS_TAKE(array);
}

static json_t *verdicts_json(const struct sds_summary *summary)
{
    json_auto_t *object = json_object();

    for (size_t i = 0; i < SDS_VERDICT__COUNT; i++)
        if (summary->verdicts[i] &&
            json_object_set_new(object, sds_verdict_name((enum sds_verdict)i),
                                json_integer((json_int_t)summary->verdicts[i])))
            return NULL;
    return SDS_TAKE(object);
}

static json_t *severities_json(const struct sds_summary *summary)
{
    json_auto_t *object = json_object();

    for (size_t i = SDS_SEV__COUNT; i-- > SDS_SEV_INFO;)
        if (json_object_set_new(object, sds_severity_name((enum sds_severity)i),
                                json_integer((json_int_t)summary->severities[i])))
            return NULL;
    return SDS_TAKE(object);
}

/* Null where services may have been missed: nobody knows then what is gone. */
static json_t *gone_json(const struct sds_report *report)
{
    json_auto_t *array = json_array();

    if (!report->is_gone_known)
        return json_null();
    for (size_t i = 0; i < report->n_gone; i++)
        if (json_array_append_new(array, sds_baseline_entry_to_json(report->gone[i])))
            return NULL;
    return SDS_TAKE(array);
}

static json_t *baseline_json(const struct sds_report *report, const struct sds_summary *summary)
{
    json_auto_t *object = json_object();

    if (json_object_set_new(object, "known", json_integer((json_int_t)summary->known)) ||
        json_object_set_new(object, "gone", gone_json(report)))
        return NULL;
    return SDS_TAKE(object);
}

static json_t *policy_json(const char *path)
{
    json_auto_t *object = json_object();

    return json_object_set_new(object, "path", sds_text_to_json(path)) ? NULL : SDS_TAKE(object);
}

static json_t *summary_json(const struct sds_report *report)
{
    json_auto_t *object = json_object();
    struct sds_summary summary;

    sds_report_summarize(report, &summary);
    if (json_object_set_new(object, "services", json_integer((json_int_t)summary.services)) ||
        json_object_set_new(object, "verdicts", verdicts_json(&summary)) ||
        json_object_set_new(object, "severities", severities_json(&summary)) ||
        json_object_set_new(object, "ignored", json_integer((json_int_t)summary.ignored)) ||
        json_object_set_new(object, "not_evaluated", sds_not_evaluated_to_json(report)) ||
        (report->has_baseline &&
         json_object_set_new(object, "baseline", baseline_json(report, &summary))))
        return NULL;
    return SDS_TAKE(object);
}

static json_t *services_json(const struct sds_report *report)
{
    json_auto_t *array = json_array();

    for (size_t i = 0; i < report->n_items; i++)
        if (json_array_append_new(array, sds_item_to_json(&report->items[i])))
            return NULL;
    return SDS_TAKE(array);
}

static json_t *file_json(const struct sds_report_file *file)
{
    json_auto_t *object = json_object();

    if (json_object_set_new(object, "path", sds_text_to_json(file->path)) ||
        sds_json_set_findings(object, file->result))
        return NULL;
    return SDS_TAKE(object);
}

static json_t *files_json(const struct sds_report *report)
{
    json_auto_t *array = json_array();

    for (size_t i = 0; i < report->n_files; i++)
        if (sds_has_findings(report->files[i].result) &&
            json_array_append_new(array, file_json(&report->files[i])))
            return NULL;
    return SDS_TAKE(array);
}

int sds_json_report(const struct sds_report *report, FILE *out)
{
    json_auto_t *envelope = json_object();
    json_auto_t *files = files_json(report);

    if (json_object_set_new(envelope, "sdscope", program_json()) ||
        json_object_set_new(envelope, "scan", scan_json(report->scan)) ||
        json_object_set_new(envelope, "registry", registry_json(report->registry)) ||
        (report->policy && json_object_set_new(envelope, "policy", policy_json(report->policy))) ||
        json_object_set_new(envelope, "summary", summary_json(report)) ||
        json_object_set_new(envelope, "services", services_json(report)) || !files ||
        (json_array_size(files) && json_object_set(envelope, "files", files)))
        return -ENOMEM;
    return sds_json_write(envelope, 2, out);
}

static json_t *domains_json(const struct sds_domains *domains)
{
    json_auto_t *array = json_array();

    for (size_t i = 0; i < domains->n; i++)
        if (json_array_append_new(array, sds_domain_to_json(&domains->v[i])))
            return NULL;
    return SDS_TAKE(array);
}

int sds_json_domains(const struct sds_report *report, FILE *out)
{
    json_auto_t *envelope = json_object();

    if (json_object_set_new(envelope, "sdscope", program_json()) ||
        json_object_set_new(envelope, "scan", scan_json(report->scan)) ||
        json_object_set_new(envelope, "domains", domains_json(report->domains)))
        return -ENOMEM;
    return sds_json_write(envelope, 2, out);
}
