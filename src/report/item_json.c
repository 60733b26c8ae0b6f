/* SPDX-License-Identifier: MIT */
#include "report/item_json.h"

#include <errno.h>

#include "base/mem.h"
#include "files/service_json.h"
#include "report/report.h"
#include "sdscope/check.h"

/* json_string() of text that may be NULL, which is null. */
static json_t *text_or_null(const char *text)
{
    return text ? json_string(text) : json_null();
}

static json_t *reason_json(const char *reason)
{
    json_auto_t *object = json_object();

    return json_object_set_new(object, "reason", json_string(reason)) ? NULL : SDS_TAKE(object);
}

static json_t *finding_json(const struct sds_finding *f)
{
    json_auto_t *object = json_object();

    if (json_object_set_new(object, "rule", json_string(f->rule->id)) ||
        json_object_set_new(object, "name", json_string(f->rule->name)) ||
        json_object_set_new(object, "severity", json_string(sds_severity_name(f->severity))) ||
        json_object_set_new(object, "part", json_string(sds_part_name(f->rule->part))) ||
        json_object_set_new(object, "key", text_or_null(f->key)) ||
        json_object_set_new(object, "message", json_string(f->message)) ||
        json_object_set_new(object, "hint", text_or_null(f->rule->hint)) ||
        json_object_set_new(object, "reference", text_or_null(f->rule->reference)) ||
        json_object_set_new(object, "offset",
                            f->offset < 0 ? json_null() : json_integer(f->offset)))
        return NULL;
    if (f->record && json_object_set_new(object, "record", json_integer(f->record)))
        return NULL;
    if (f->line && (json_object_set_new(object, "line", json_integer(f->line)) ||
                    json_object_set_new(object, "column", json_integer(f->column))))
        return NULL;
    if (f->ignored && json_object_set_new(object, "ignored", reason_json(f->ignored)))
        return NULL;
    return SDS_TAKE(object);
}

static json_t *findings_json(const struct sds_result *result)
{
    json_auto_t *array = json_array();

    for (size_t i = 0; i < result->n_findings; i++)
        if (json_array_append_new(array, finding_json(&result->findings[i])))
            return NULL;
    return SDS_TAKE(array);
}

int sds_json_set_findings(json_t *object, const struct sds_result *result)
{
    if (json_object_set_new(object, "findings", findings_json(result)))
        return -ENOMEM;
    if (result->n_dropped > 0 && json_object_set_new(object, "findings_dropped",
                                                     json_integer((json_int_t)result->n_dropped)))
        return -ENOMEM;
    return 0;
}

/* Where the service was read from. */
static json_t *place_json(const struct sds_report_item *item)
{
    json_auto_t *object = json_object();

    if (json_object_set_new(object, "path", sds_text_to_json(item->file)) ||
        (item->line && (json_object_set_new(object, "line", json_integer(item->line)) ||
                        json_object_set_new(object, "column", json_integer(item->column)))))
        return NULL;
    return SDS_TAKE(object);
}

/* What the service was compared with, so that the report says the same when it is read again. */
static json_t *peers_json(const struct sds_report_item *item)
{
    json_auto_t *array = json_array();

    for (size_t i = 0; i < item->n_peers; i++)
        if (json_array_append_new(array, sds_service_to_json(item->peers[i])))
            return NULL;
    return SDS_TAKE(array);
}

json_t *sds_item_to_json(const struct sds_report_item *item)
{
    const struct sds_result *result = item->result;
    json_auto_t *object = sds_service_to_json(item->service);
    const char *verdict;

    if (object && item->peers && json_object_set_new(object, "peers", peers_json(item)))
        return NULL;
    if (object && item->file && json_object_set_new(object, "file", place_json(item)))
        return NULL;
    if (!object || !result)
        return SDS_TAKE(object);
    verdict = result->has_verdict ? sds_verdict_name(result->verdict) : NULL;
    if (json_object_set_new(object, "verdict", text_or_null(verdict)) ||
        sds_json_set_findings(object, result))
        return NULL;
    return SDS_TAKE(object);
}

json_t *sds_not_evaluated_to_json(const struct sds_report *report)
{
    json_auto_t *object = json_object();

    for (size_t i = 0; i < sds_n_rules(); i++) {
        size_t n = sds_report_not_evaluated(report, i);

        if (n > 0 && json_object_set_new(object, sds_rule_at(i)->id, json_integer((json_int_t)n)))
            return NULL;
    }
    return SDS_TAKE(object);
}

json_t *sds_texts_to_json(const char *const *texts, size_t n)
{
    json_auto_t *array = json_array();

    for (size_t i = 0; i < n; i++)
        if (json_array_append_new(array, json_string(texts[i])))
            return NULL;
    return SDS_TAKE(array);
}
