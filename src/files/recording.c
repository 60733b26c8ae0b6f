/* SPDX-License-Identifier: MIT */
#include "files/recording.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/text.h"
#include "files/json_value.h"
#include "files/service_json.h"

/* The member by which a recording is known, and which holds its format. */
#define FORMAT_MEMBER "sdscope_recording"

static bool has_service(enum sds_event_kind kind)
{
    return kind == SDS_EVENT_ADDED || kind == SDS_EVENT_CHANGED || kind == SDS_EVENT_REMOVED;
}

/* ---- writing ------------------------------------------------------------------------------ */

static int set_text(json_t *object, const char *member, const char *text)
{
    return text ? json_object_set_new(object, member, sds_text_to_json(text)) : 0;
}

static int set_time(json_t *object, const char *member, int64_t time_ms)
{
    char text[SDS_TIMESTAMP_SIZE];

    sds_timestamp_ms(time_ms, text);
    return json_object_set_new(object, member, json_string(text));
}

static int set_texts(json_t *object, const char *member, struct sds_recording_texts texts)
{
    json_auto_t *array = json_array();

    for (size_t i = 0; i < texts.n; i++)
        if (json_array_append_new(array, sds_text_to_json(texts.v[i])))
            return -1;
    return texts.n ? json_object_set(object, member, array) : 0;
}

int sds_recording_write_head(const struct sds_recording_head *head, FILE *out)
{
    json_auto_t *object = json_object();

    if (json_object_set_new(object, FORMAT_MEMBER, json_integer(SDS_RECORDING_FORMAT)) ||
        set_text(object, "version", head->version) || set_text(object, "source", head->source) ||
        set_text(object, "host", head->host) || set_time(object, "started", head->started_ms) ||
        set_texts(object, "interfaces", head->interfaces) ||
        set_text(object, "domain", head->domain) || set_texts(object, "types", head->types))
        return -ENOMEM;
    return sds_json_write(object, 0, out);
}

int sds_recording_write_line(const struct sds_recording_line *line, FILE *out)
{
    json_auto_t *object = json_object();

    if (json_object_set_new(object, "event", json_string(sds_event_name(line->kind))) ||
        set_time(object, "time", line->time_ms) ||
        (line->service &&
         json_object_set_new(object, "service", sds_service_to_json(line->service))) ||
        set_text(object, "message", line->message) || set_texts(object, "reasons", line->reasons) ||
        set_texts(object, "notes", line->notes))
        return -ENOMEM;
    return sds_json_write(object, 0, out);
}

/* ---- reading ------------------------------------------------------------------------------ */

/* The line as an object that has only members of these. */
static int read_object(const char *text, size_t len, const char *const *known, size_t n,
                       json_t **ret, struct sds_json_error *error)
{
    json_error_t e;
    json_auto_t *object = json_loadb(text, len, JSON_ALLOW_NUL | JSON_REJECT_DUPLICATES, &e);
    int r;

    if (!object && (!*e.text || json_error_code(&e) == json_error_out_of_memory))
        return -ENOMEM; /* jansson is mostly silent about it */
    if (!object) {
        SDS_CLEANUP(sds_freep) char *safe = sds_text_dup(e.text, strlen(e.text));

        return safe ? sds_json_fail(error, NULL, "no JSON: %s", safe) : -ENOMEM;
    }
    if (!json_is_object(object))
        return sds_json_fail_kind(error, NULL, "an object", object);
    r = sds_json_check_members(object, NULL, known, n, error);
    if (r == 0)
        *ret = SDS_TAKE(object);
    return r;
}

/* A member that may be absent, or null. */
static int read_text(const json_t *object, const char *member, const char **ret,
                     struct sds_json_error *error)
{
    const struct sds_json_place at = {NULL, member, 0};
    const json_t *value = json_object_get(object, member);

    if (!value || json_is_null(value))
        return 0;
    return sds_json_read_text(value, &at, "a string", ret, error);
}

static int read_time(const json_t *object, const char *member, int64_t *ret,
                     struct sds_json_error *error)
{
    static const char expected[] = "a time such as \"2026-11-22T10:00:00.000Z\"";
    const struct sds_json_place at = {NULL, member, 0};
    const char *text;
    int r = sds_json_read_text(json_object_get(object, member), &at, expected, &text, error);

    if (r == 0 && !sds_timestamp_parse(text, ret))
        r = sds_json_fail_text(error, &at, expected, text);
    return r;
}

static int read_texts(const json_t *object, const char *member, struct sds_recording_texts *ret,
                      struct sds_json_error *error)
{
    const struct sds_json_place at = {NULL, member, 0};
    const json_t *array = json_object_get(object, member), *item;
    const char **texts;
    size_t i;

    if (!array || json_is_null(array))
        return 0;
    if (!json_is_array(array))
        return sds_json_fail_kind(error, &at, "an array", array);
    texts = calloc(json_array_size(array) + 1, sizeof(*texts));
    if (!texts)
        return -ENOMEM;
    *ret = (struct sds_recording_texts){texts, json_array_size(array)};
    json_array_foreach(array, i, item)
    {
        const struct sds_json_place item_at = {&at, NULL, i};
        int r = sds_json_read_text(item, &item_at, "a string", &texts[i], error);

        if (r < 0)
            return r;
    }
    return 0;
}

static int read_format(const json_t *object, struct sds_json_error *error)
{
    const struct sds_json_place at = {NULL, FORMAT_MEMBER, 0};
    const json_t *value = json_object_get(object, FORMAT_MEMBER);
    uint32_t format;
    int r;

    if (!value)
        return sds_json_fail(error, NULL, "no recording: there is no \"" FORMAT_MEMBER "\"");
    r = sds_json_read_number(value, &at, UINT32_MAX, &format, error);
    if (r == 0 && format > SDS_RECORDING_FORMAT) {
        r = sds_json_fail(error, &at,
                          "the recording is of format %" PRIu32 ", this sdscope reads %d: a later "
                          "one is needed",
                          format, SDS_RECORDING_FORMAT);
        return r == -EINVAL ? -ENOTSUP : r;
    }
    if (r == 0 && !format)
        r = sds_json_fail(error, &at, "expected an integer from 1 on, found 0");
    return r;
}

static int fill_head(struct sds_recording_head *head, struct sds_json_error *error)
{
    int r = read_format(head->json, error);

    if (r == 0)
        r = read_time(head->json, "started", &head->started_ms, error);
    if (r == 0)
        r = read_text(head->json, "version", &head->version, error);
    if (r == 0)
        r = read_text(head->json, "source", &head->source, error);
    if (r == 0)
        r = read_text(head->json, "host", &head->host, error);
    if (r == 0)
        r = read_text(head->json, "domain", &head->domain, error);
    if (r == 0)
        r = read_texts(head->json, "types", &head->types, error);
    return r == 0 ? read_texts(head->json, "interfaces", &head->interfaces, error) : r;
}

int sds_recording_read_head(const char *text, size_t len, struct sds_recording_head *ret,
                            char *error)
{
    static const char *const known[] = {FORMAT_MEMBER, "version", "source", "host",
                                        "started",     "domain",  "types",  "interfaces"};
    struct sds_recording_head head = {0};
    struct sds_json_error fault = {0};
    int r = read_object(text, len, known, SDS_COUNT(known), &head.json, &fault);

    if (r == 0)
        r = fill_head(&head, &fault);
    if (r == 0) {
        *ret = head;
        return 0;
    }
    sds_recording_head_done(&head);
    sds_text_copy(error, SDS_RECORDING_ERROR_SIZE, fault.text);
    return r;
}

static int read_kind(const json_t *object, enum sds_event_kind *ret, struct sds_json_error *error)
{
    static const char expected[] = "an event such as \"added\"";
    const struct sds_json_place at = {NULL, "event", 0};
    const char *word;
    int r = sds_json_read_text(json_object_get(object, "event"), &at, expected, &word, error);
    int kind = r == 0 ? sds_event_from_name(word) : -1;

    if (r < 0)
        return r;
    if (kind < 0)
        return sds_json_fail_text(error, &at, expected, word);
    *ret = (enum sds_event_kind)kind;
    return 0;
}

static int read_service(struct sds_recording_line *line, struct sds_json_error *error)
{
    const struct sds_json_place at = {NULL, "service", 0};
    const json_t *object = json_object_get(line->json, "service");
    int r = 0;

    if (has_service(line->kind))
        r = sds_service_from_json(object, &at, &line->read_service, error);
    else if (object)
        r = sds_json_fail(error, &at, "an event of this kind has no service");
    if (r == 0 && line->read_service && !(line->read_service->present & SDS_PART_INSTANCE))
        r = sds_json_fail(error, &at, "it has no instance");
    line->service = line->read_service;
    return r;
}

static int fill_line(struct sds_recording_line *line, struct sds_json_error *error)
{
    int r = read_kind(line->json, &line->kind, error);

    if (r == 0)
        r = read_time(line->json, "time", &line->time_ms, error);
    if (r == 0)
        r = read_service(line, error);
    if (r == 0)
        r = read_text(line->json, "message", &line->message, error);
    if (r == 0)
        r = read_texts(line->json, "reasons", &line->reasons, error);
    return r == 0 ? read_texts(line->json, "notes", &line->notes, error) : r;
}

int sds_recording_read_line(const char *text, size_t len, struct sds_recording_line *ret,
                            char *error)
{
    /* The last three are of a watch, whose lines are read as well. */
    static const char *const known[] = {"event",   "time",           "service",
                                        "message", "reasons",        "notes",
                                        "changes", "findings_added", "findings_gone"};
    struct sds_recording_line line = {0};
    struct sds_json_error fault = {0};
    int r = read_object(text, len, known, SDS_COUNT(known), &line.json, &fault);

    if (r == 0)
        r = fill_line(&line, &fault);
    if (r == 0) {
        *ret = line;
        return 0;
    }
    sds_recording_line_done(&line);
    sds_text_copy(error, SDS_RECORDING_ERROR_SIZE, fault.text);
    return r;
}

void sds_recording_head_done(struct sds_recording_head *head)
{
    free((void *)head->types.v);
    free((void *)head->interfaces.v);
    json_decref(head->json);
    *head = (struct sds_recording_head){0};
}

void sds_recording_line_done(struct sds_recording_line *line)
{
    free((void *)line->reasons.v);
    free((void *)line->notes.v);
    sds_service_free(line->read_service);
    json_decref(line->json);
    *line = (struct sds_recording_line){0};
}
