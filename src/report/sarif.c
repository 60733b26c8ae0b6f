/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "base/clock.h"
#include "base/mem.h"
#include "config.h"
#include "report/formats.h"
#include "report/item_json.h"
#include "report/sarif.h"
#include "report/subject.h"
#include "report/uri.h"

/* SARIF 2.1.0, an OASIS standard: one run, all rules, a result a finding. */

#define SCHEMA "https://json.schemastore.org/sarif-2.1.0.json"

/* What the network sent is to be no link: SARIF 2.1.0 3.11.6 reads `[text](target)` as one, and
 * takes a bracket behind a backslash for itself. */
static char *format_message(const char *text)
{
    bool may_link = strstr(text, "](");
    char *message = NULL;
    size_t size;
    FILE *out = open_memstream(&message, &size);

    if (!out)
        return NULL;
    for (; *text; text++) {
        if (may_link && *text == '[')
            fputc('\\', out);
        fputc(*text, out);
    }
    if (fclose(out)) {
        free(message);
        return NULL;
    }
    return message;
}

/* ---- results ------------------------------------------------------------------------------ */

static json_t *region_json(struct sds_place_in_file place)
{
    json_auto_t *object = json_object();

    if (json_object_set_new(object, "startLine", json_integer(place.line)) ||
        (place.column && json_object_set_new(object, "startColumn", json_integer(place.column))))
        return NULL;
    return SDS_TAKE(object);
}

static json_t *physical_json(const struct sds_subject *subject, const struct sds_finding *f)
{
    json_auto_t *object = json_object();
    json_auto_t *artifact = json_object();
    struct sds_place_in_file place = sds_subject_place(subject, f);
    SDS_CLEANUP(sds_freep) char *uri = sds_subject_uri(subject);

    if (!uri || json_object_set_new(artifact, "uri", json_string(uri)) ||
        json_object_set(object, "artifactLocation", artifact) ||
        (subject->file && place.line && json_object_set_new(object, "region", region_json(place))))
        return NULL;
    return SDS_TAKE(object);
}

/* The service, which is what the finding is about wherever it stands. */
static json_t *logical_json(const struct sds_subject *subject)
{
    json_auto_t *array = json_array();
    json_auto_t *object = json_object();
    SDS_CLEANUP(sds_freep) char *name = sds_subject_name(subject);

    if (!name || json_object_set_new(object, "fullyQualifiedName", json_string(name)) ||
        json_object_set_new(object, "kind", json_string("service")) ||
        json_array_append(array, object))
        return NULL;
    return SDS_TAKE(array);
}

static json_t *locations_json(const struct sds_subject *subject, const struct sds_finding *f)
{
    json_auto_t *array = json_array();
    json_auto_t *object = json_object();

    if (json_object_set_new(object, "physicalLocation", physical_json(subject, f)) ||
        (subject->service &&
         json_object_set_new(object, "logicalLocations", logical_json(subject))) ||
        json_array_append(array, object))
        return NULL;
    return SDS_TAKE(array);
}

static json_t *fingerprints_json(const struct sds_subject *subject, size_t i)
{
    json_auto_t *object = json_object();
    char fingerprint[SDS_FINGERPRINT_SIZE];

    sds_finding_fingerprint(subject->service, subject->result, i, fingerprint);
    if (json_object_set_new(object, "sdscope/v1", json_string(fingerprint)))
        return NULL;
    return SDS_TAKE(object);
}

/* What SARIF has no member for. */
static json_t *properties_json(const struct sds_finding *f)
{
    json_auto_t *object = json_object();

    if (json_object_set_new(object, "part", json_string(sds_part_name(f->rule->part))) ||
        (f->key && json_object_set_new(object, "key", json_string(f->key))) ||
        (f->offset >= 0 && json_object_set_new(object, "offset", json_integer(f->offset))))
        return NULL;
    return SDS_TAKE(object);
}

/* Where a policy was heeded, each result says whether it is suppressed: SARIF 2.1.0 3.27.23 wants
 * that of all of them or of none. */
static json_t *suppressions_json(const struct sds_finding *f)
{
    json_auto_t *array = json_array();
    json_auto_t *object = json_object();

    if (f->ignored && (json_object_set_new(object, "kind", json_string("external")) ||
                       json_object_set_new(object, "justification", json_string(f->ignored)) ||
                       json_array_append(array, object)))
        return NULL;
    return SDS_TAKE(array);
}

static json_t *result_json(const struct sds_subject *subject, size_t i, bool has_policy)
{
    const struct sds_finding *f = &subject->result->findings[i];
    json_auto_t *object = json_object();
    long index = sds_sarif_rule_index(f->rule);
    SDS_CLEANUP(sds_freep) char *message = format_message(f->message);

    if (!message || json_object_set_new(object, "ruleId", json_string(f->rule->id)) ||
        (index >= 0 && json_object_set_new(object, "ruleIndex", json_integer(index))) ||
        json_object_set_new(object, "level", json_string(sds_sarif_level(f->severity))) ||
        json_object_set_new(object, "message", sds_sarif_text(message, strlen(message))) ||
        json_object_set_new(object, "locations", locations_json(subject, f)) ||
        json_object_set_new(object, "partialFingerprints", fingerprints_json(subject, i)) ||
        (has_policy && json_object_set_new(object, "suppressions", suppressions_json(f))) ||
        json_object_set_new(object, "properties", properties_json(f)))
        return NULL;
    return SDS_TAKE(object);
}

static json_t *results_json(const struct sds_report *report)
{
    json_auto_t *array = json_array();

    for (size_t i = 0; i < sds_n_subjects(report); i++) {
        struct sds_subject subject = sds_subject_at(report, i);

        for (size_t j = 0; subject.result && j < subject.result->n_findings; j++)
            if (json_array_append_new(array, result_json(&subject, j, report->policy)))
                return NULL;
    }
    return SDS_TAKE(array);
}

/* ---- the run ------------------------------------------------------------------------------ */

static int add_notifications(json_t *array, const char *level, const char *const *texts, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        json_auto_t *object = json_object();

        if (json_object_set_new(object, "level", json_string(level)) ||
            json_object_set_new(object, "message", sds_sarif_text(texts[i], strlen(texts[i]))) ||
            json_array_append(array, object))
            return -ENOMEM;
    }
    return 0;
}

static json_t *notifications_json(const struct sds_scan *scan)
{
    static const char *const incomplete[] = {"discovery was incomplete"};
    json_auto_t *array = json_array();

    if ((!scan->is_complete && add_notifications(array, "error", incomplete, 1)) ||
        add_notifications(array, "error", scan->reasons, scan->n_reasons) ||
        add_notifications(array, "note", scan->notes, scan->n_notes))
        return NULL;
    return SDS_TAKE(array);
}

static json_t *invocations_json(const struct sds_scan *scan)
{
    json_auto_t *array = json_array();
    json_auto_t *object = json_object();
    char started[SDS_TIMESTAMP_SIZE], ended[SDS_TIMESTAMP_SIZE];

    sds_timestamp_ms(scan->started_ms, started);
    sds_timestamp_ms(scan->started_ms + scan->duration_ms, ended);
    if (json_object_set_new(object, "executionSuccessful", json_boolean(scan->is_complete)) ||
        json_object_set_new(object, "startTimeUtc", json_string(started)) ||
        json_object_set_new(object, "endTimeUtc", json_string(ended)) ||
        json_object_set_new(object, "toolExecutionNotifications", notifications_json(scan)) ||
        json_array_append(array, object))
        return NULL;
    return SDS_TAKE(array);
}

static json_t *driver_json(const struct sds_report *report)
{
    json_auto_t *tool = json_object();
    json_auto_t *driver = json_object();

    if (json_object_set_new(driver, "name", json_string("sdscope")) ||
        json_object_set_new(driver, "version", json_string(SDS_VERSION)) ||
        json_object_set_new(driver, "semanticVersion", json_string(SDS_VERSION)) ||
        json_object_set_new(driver, "rules", sds_sarif_rules(report->rules)) ||
        json_object_set(tool, "driver", driver))
        return NULL;
    return SDS_TAKE(tool);
}

/* Findings that there was no room for. */
static size_t count_dropped(const struct sds_report *report)
{
    size_t n = 0;

    for (size_t i = 0; i < sds_n_subjects(report); i++) {
        struct sds_subject subject = sds_subject_at(report, i);

        n += subject.result ? subject.result->n_dropped : 0;
    }
    return n;
}

/* What the findings alone do not tell: how much was looked at, and for what. */
static json_t *run_properties_json(const struct sds_report *report)
{
    json_auto_t *object = json_object();
    size_t n_dropped = count_dropped(report);

    if (json_object_set_new(object, "source", sds_text_to_json(report->scan->source)) ||
        json_object_set_new(object, "services", json_integer((json_int_t)report->n_items)) ||
        json_object_set_new(object, "rulesOff", sds_sarif_rules_off(report->rules)) ||
        json_object_set_new(object, "rulesNotEvaluated", sds_not_evaluated_to_json(report)) ||
        (n_dropped &&
         json_object_set_new(object, "findingsDropped", json_integer((json_int_t)n_dropped))))
        return NULL;
    return SDS_TAKE(object);
}

static json_t *runs_json(const struct sds_report *report)
{
    json_auto_t *array = json_array();
    json_auto_t *run = json_object();

    if (json_object_set_new(run, "tool", driver_json(report)) ||
        json_object_set_new(run, "invocations", invocations_json(report->scan)) ||
        json_object_set_new(run, "columnKind", json_string("unicodeCodePoints")) ||
        json_object_set_new(run, "results", results_json(report)) ||
        json_object_set_new(run, "properties", run_properties_json(report)) ||
        json_array_append(array, run))
        return NULL;
    return SDS_TAKE(array);
}

int sds_sarif_report(const struct sds_report *report, FILE *out)
{
    json_auto_t *log = json_object();

    if (json_object_set_new(log, "$schema", json_string(SCHEMA)) ||
        json_object_set_new(log, "version", json_string("2.1.0")) ||
        json_object_set_new(log, "runs", runs_json(report)))
        return -ENOMEM;
    return sds_json_write(log, 2, out);
}
