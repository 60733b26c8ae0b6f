/* SPDX-License-Identifier: MIT */
#include "policy/baseline.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "base/arr.h"
#include "base/ascii.h"
#include "base/mem.h"
#include "base/text.h"
#include "files/json_document.h"
#include "files/service_json.h"
#include "policy/baseline_json.h"
#include "rules/rules.h"

#define BASELINE_VERSION 1

struct sds_baseline {
    SDS_ARR(struct sds_baseline_entry) entries;
};

SDS_DEFINE_FREEP(struct sds_baseline, sds_baseline_free)
SDS_DEFINE_FREEP(struct sds_service, sds_service_free)

static void entry_done(struct sds_baseline_entry *entry)
{
    free(entry->rule);
    sds_service_free(entry->service);
    free(entry->key);
    free(entry->message);
}

struct sds_baseline *sds_baseline_new(void)
{
    return calloc(1, sizeof(struct sds_baseline));
}

struct sds_baseline *sds_baseline_free(struct sds_baseline *baseline)
{
    if (!baseline)
        return NULL;
    for (size_t i = 0; i < baseline->entries.n; i++)
        entry_done(&baseline->entries.v[i]);
    free(baseline->entries.v);
    free(baseline);
    return NULL;
}

/* Takes what the entry holds, also when that fails. */
static int push(struct sds_baseline *baseline, struct sds_baseline_entry entry)
{
    if (sds_arr_push(&baseline->entries, entry))
        return 0;
    entry_done(&entry);
    return -ENOMEM;
}

/* ---- of a run ----------------------------------------------------------------------------- */

static int copy_text(const char *text, char **ret)
{
    if (!text)
        return 0;
    *ret = strdup(text);
    return *ret ? 0 : -ENOMEM;
}

/* What names a service, and nothing else of it. */
static int copy_name(const struct sds_service *service, struct sds_service **ret)
{
    *ret = sds_service_dup_name(service);
    return *ret ? 0 : -ENOMEM;
}

static int add_finding(struct sds_baseline *baseline, const struct sds_service *service,
                       const struct sds_result *result, size_t i)
{
    const struct sds_finding *f = &result->findings[i];
    struct sds_baseline_entry entry = {0};
    int r;

    sds_finding_fingerprint(service, result, i, entry.fingerprint);
    r = copy_text(f->rule->id, &entry.rule);
    if (r == 0)
        r = copy_text(f->key, &entry.key);
    if (r == 0)
        r = service ? copy_name(service, &entry.service) : copy_text(f->message, &entry.message);
    if (r == 0)
        return push(baseline, entry);
    entry_done(&entry);
    return r;
}

int sds_baseline_add(struct sds_baseline *baseline, const struct sds_service *service,
                     const struct sds_result *result)
{
    int r = 0;

    for (size_t i = 0; i < result->n_findings && r == 0; i++)
        if (!result->findings[i].ignored)
            r = add_finding(baseline, service, result, i);
    return r;
}

static int entry_cmp(const void *a, const void *b)
{
    const struct sds_baseline_entry *x = a, *y = b;

    return strcmp(x->fingerprint, y->fingerprint);
}

void sds_baseline_sort(struct sds_baseline *baseline)
{
    struct sds_baseline_entry *entries = baseline->entries.v;
    size_t n = 0;

    if (!baseline->entries.n)
        return;
    qsort(entries, baseline->entries.n, sizeof(*entries), entry_cmp);
    for (size_t i = 0; i < baseline->entries.n; i++) {
        if (n > 0 && entry_cmp(&entries[n - 1], &entries[i]) == 0)
            entry_done(&entries[i]);
        else
            entries[n++] = entries[i];
    }
    baseline->entries.n = n;
}

static bool has(const struct sds_baseline *baseline, const struct sds_baseline_entry *entry)
{
    return baseline->entries.n > 0 &&
           bsearch(entry, baseline->entries.v, baseline->entries.n, sizeof(*entry), entry_cmp);
}

/* ---- compared ----------------------------------------------------------------------------- */

struct known {
    const struct sds_baseline *baseline;
    const struct sds_service *service;
};

static bool is_new(const void *closure, const struct sds_result *result, size_t i)
{
    const struct known *known = closure;
    struct sds_baseline_entry entry = {0};

    sds_finding_fingerprint(known->service, result, i, entry.fingerprint);
    return result->findings[i].ignored || !has(known->baseline, &entry);
}

void sds_baseline_drop_known(const struct sds_baseline *baseline, const struct sds_service *service,
                             struct sds_result *result)
{
    result->n_known += sds_result_filter(result, is_new, &(struct known){baseline, service});
}

const struct sds_baseline_entry **sds_baseline_gone(const struct sds_baseline *baseline,
                                                    const struct sds_baseline *found,
                                                    const struct sds_view *view, size_t *ret_n)
{
    size_t n = 0;
    const struct sds_baseline_entry **gone = calloc(baseline->entries.n + 1, sizeof(*gone));

    for (size_t i = 0; gone && i < baseline->entries.n; i++) {
        const struct sds_baseline_entry *entry = &baseline->entries.v[i];

        if (sds_view_covers(view, entry->service ? entry->service->type : NULL) &&
            !has(found, entry))
            gone[n++] = entry;
    }
    *ret_n = n;
    return gone;
}

/* ---- as JSON ------------------------------------------------------------------------------ */

json_t *sds_baseline_entry_to_json(const struct sds_baseline_entry *entry)
{
    json_auto_t *object = json_object();
    json_auto_t *service = entry->service ? sds_service_to_json(entry->service) : json_object();

    if (json_object_set_new(object, "fingerprint", json_string(entry->fingerprint)) ||
        json_object_set_new(object, "rule", json_string(entry->rule)) ||
        json_object_update(object, service) ||
        (entry->message && json_object_set_new(object, "message", json_string(entry->message))) ||
        json_object_set_new(object, "key", entry->key ? json_string(entry->key) : json_null()))
        return NULL;
    return SDS_TAKE(object);
}

int sds_baseline_write(const struct sds_baseline *baseline, FILE *out)
{
    fprintf(out, "{\"sdscope_baseline\": %d, \"findings\": [", BASELINE_VERSION);
    for (size_t i = 0; i < baseline->entries.n; i++) {
        json_auto_t *json = sds_baseline_entry_to_json(&baseline->entries.v[i]);
        SDS_CLEANUP(sds_freep) char *text = json ? json_dumps(json, 0) : NULL;

        if (!text)
            return -ENOMEM;
        fputs(i ? ",\n  " : "\n  ", out);
        sds_text_put_json(out, text);
    }
    fputs(baseline->entries.n ? "\n]}\n" : "]}\n", out);
    return 0;
}

static bool is_fingerprint(const char *text)
{
    if (strlen(text) != SDS_FINGERPRINT_SIZE - 1)
        return false;
    for (; *text; text++)
        if (sds_hex_digit(*text) < 0 || sds_fold(*text) != *text)
            return false;
    return true;
}

static int read_fingerprint(const json_t *object, const struct sds_json_place *outer,
                            struct sds_baseline_entry *entry, struct sds_json_error *error)
{
    static const char expected[] = "16 lower-case hex digits";
    const struct sds_json_place at = {outer, "fingerprint", 0};
    const char *text = NULL;
    int r = sds_json_read_text(json_object_get(object, at.member), &at, expected, &text, error);

    if (r == 0 && !is_fingerprint(text))
        return sds_json_fail_text(error, &at, expected, text);
    if (r == 0)
        memcpy(entry->fingerprint, text, SDS_FINGERPRINT_SIZE);
    return r;
}

/* A text that is there for people only: somebody may have changed it, so it is made safe again. */
static int read_text(const json_t *object, const struct sds_json_place *outer, const char *name,
                     char **ret, struct sds_json_error *error)
{
    const struct sds_json_place at = {outer, name, 0};
    const json_t *value = json_object_get(object, name);
    const char *text = NULL;
    int r;

    if (!value || json_is_null(value))
        return 0;
    r = sds_json_read_text(value, &at, "a text", &text, error);
    if (r == 0) {
        *ret = sds_text_dup_name(text);
        r = *ret ? 0 : -ENOMEM;
    }
    return r;
}

static int read_service(const json_t *object, const struct sds_json_place *at,
                        struct sds_service **ret, struct sds_json_error *error)
{
    SDS_CLEANUP(sds_service_freep) struct sds_service *service = NULL;
    int r = sds_service_from_json(object, at, &service, error);

    return r < 0 ? r : copy_name(service, ret); /* whatever else somebody wrote there */
}

static int read_entry(const json_t *object, const struct sds_json_place *at,
                      struct sds_baseline_entry *entry, struct sds_json_error *error)
{
    const struct sds_json_place rule_at = {at, "rule", 0};
    int r;

    if (!json_is_object(object))
        return sds_json_fail_kind(error, at, "an object", object);
    r = read_fingerprint(object, at, entry, error);
    if (r == 0)
        r = read_text(object, at, "rule", &entry->rule, error);
    if (r == 0 && !entry->rule)
        r = sds_json_fail_kind(error, &rule_at, "a text", NULL);
    if (r == 0)
        r = read_text(object, at, "key", &entry->key, error);
    if (r == 0)
        r = read_text(object, at, "message", &entry->message, error);
    if (r == 0 && json_object_get(object, "type"))
        r = read_service(object, at, &entry->service, error);
    return r;
}

static int read_findings(struct sds_baseline *baseline, const json_t *json,
                         struct sds_json_error *error)
{
    const struct sds_json_place version_at = {NULL, "sdscope_baseline", 0};
    const struct sds_json_place at = {NULL, "findings", 0};
    const json_t *version = json_object_get(json, version_at.member);
    const json_t *array = json_object_get(json, at.member), *item;
    size_t i;

    if (!json_is_object(json))
        return sds_json_fail_kind(error, NULL, "an object", json);
    if (!json_is_integer(version))
        return sds_json_fail_kind(error, &version_at, "1, the version of the format", version);
    if (json_integer_value(version) != BASELINE_VERSION)
        return sds_json_fail(error, &version_at, "this sdscope reads version 1 only");
    if (!json_is_array(array))
        return sds_json_fail_kind(error, &at, "an array", array);
    json_array_foreach(array, i, item)
    {
        const struct sds_json_place item_at = {&at, NULL, i};
        struct sds_baseline_entry entry = {0};
        int r = read_entry(item, &item_at, &entry, error);

        if (r < 0) {
            entry_done(&entry);
            return r;
        }
        if (push(baseline, entry) < 0)
            return -ENOMEM;
    }
    return 0;
}

int sds_baseline_read(const char *text, size_t len, struct sds_baseline **ret,
                      struct sds_input_error *error)
{
    SDS_CLEANUP(sds_baseline_freep) struct sds_baseline *baseline = sds_baseline_new();
    json_auto_t *json = NULL;
    struct sds_json_error fault = {0};
    int r;

    if (!baseline)
        return -ENOMEM;
    r = sds_json_document_read(text, len, &json, error);
    if (r < 0)
        return r;
    r = read_findings(baseline, json, &fault);
    if (r == -EINVAL)
        return sds_json_document_fail(text, len, &fault, error);
    if (r < 0)
        return r;
    sds_baseline_sort(baseline);
    *ret = SDS_TAKE(baseline);
    return 0;
}
