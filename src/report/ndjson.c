/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>

#include <jansson.h>

#include "base/clock.h"
#include "base/mem.h"
#include "report/domains.h"
#include "report/formats.h"
#include "report/item_json.h"
#include "report/report.h"
#include "report/subject.h"

/* A file that is itself at fault. */
static json_t *file_json(const struct sds_report_file *file)
{
    json_auto_t *object = json_object();
    json_auto_t *path = json_object();

    if (json_object_set_new(path, "path", sds_text_to_json(file->path)) ||
        json_object_set(object, "file", path) || sds_json_set_findings(object, file->result))
        return NULL;
    return SDS_TAKE(object);
}

/* NULL is out of memory. */
static int write_taken(json_t *json, FILE *out)
{
    int r = json ? sds_json_write(json, 0, out) : -ENOMEM;

    json_decref(json);
    return r;
}

/* Services one a line, as `check --from` reads them back, and the files at fault likewise. */
int sds_ndjson_report(const struct sds_report *report, FILE *out)
{
    int r = 0;

    for (size_t i = 0; i < report->n_items && r == 0; i++)
        r = write_taken(sds_item_to_json(&report->items[i]), out);
    for (size_t i = 0; i < report->n_files && r == 0; i++)
        if (sds_has_findings(report->files[i].result))
            r = write_taken(file_json(&report->files[i]), out);
    return r;
}

int sds_ndjson_domains(const struct sds_report *report, FILE *out)
{
    int r = 0;

    for (size_t i = 0; i < report->domains->n && r == 0; i++)
        r = write_taken(sds_domain_to_json(&report->domains->v[i]), out);
    return r;
}

static json_t *changes_json(unsigned changes)
{
    json_auto_t *array = json_array();

    for (unsigned part = 1; part <= SDS_PART__LAST; part <<= 1)
        if (changes & part && json_array_append_new(array, json_string(sds_part_name(part))))
            return NULL;
    return SDS_TAKE(array);
}

/* What tells findings apart, and no more: the service has them whole. */
static json_t *difference_json(const struct sds_event *event, sds_next_finding *next_finding)
{
    json_auto_t *array = json_array();
    const struct sds_finding *f;
    size_t next = 0;

    while ((f = next_finding(event, &next)))
        if (json_array_append_new(array, json_pack("{s:s, s:s?, s:s}", "rule", f->rule->id, "key",
                                                   f->key, "message", f->message)))
            return NULL;
    return SDS_TAKE(array);
}

static int set_changes(json_t *object, const struct sds_event *event)
{
    if (json_object_set_new(object, "changes", changes_json(event->changes)))
        return -ENOMEM;
    if (event->before &&
        (json_object_set_new(object, "findings_added",
                             difference_json(event, sds_event_next_added)) ||
         json_object_set_new(object, "findings_gone", difference_json(event, sds_event_next_gone))))
        return -ENOMEM;
    return 0;
}

static int fill_event(json_t *object, const struct sds_event *event)
{
    const struct sds_report_item item = {.service = event->service, .result = event->result};
    char time[SDS_TIMESTAMP_SIZE];

    sds_timestamp_ms(event->time_ms, time);
    if (json_object_set_new(object, "event", json_string(sds_event_name(event->kind))) ||
        json_object_set_new(object, "time", json_string(time)))
        return -ENOMEM;
    if (event->service && json_object_set_new(object, "service", sds_item_to_json(&item)))
        return -ENOMEM;
    if (event->kind == SDS_EVENT_CHANGED && set_changes(object, event))
        return -ENOMEM;
    if (event->message && json_object_set_new(object, "message", json_string(event->message)))
        return -ENOMEM;
    return 0;
}

int sds_ndjson_event(const struct sds_event *event, const struct sds_style *style, FILE *out)
{
    json_auto_t *object = json_object();
    int r = fill_event(object, event);

    (void)style;
    if (r == 0)
        r = sds_json_write(object, 0, out);
    if (r == 0 && fflush(out)) /* a line is of use only when it arrives */
        r = -EIO;
    return r;
}
