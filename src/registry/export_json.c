/* SPDX-License-Identifier: MIT */
#include "registry/json.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/ascii.h"
#include "base/mem.h"
#include "base/text.h"

#define TITLE_MAX 60 /* characters of a description that is a title, and no prose */

/* Where records go, and what of them. */
struct target {
    FILE *out;
    bool facts;
    const struct sds_registry *persons_of; /* with facts: whose records keep their persons */
};

const struct sds_form_member sds_form_members[] = {
    {"about", SDS_FORM_MEMBER_TEXT, offsetof(struct sds_form, about), 0},
    {"pattern", SDS_FORM_MEMBER_TEXT, offsetof(struct sds_form, pattern), 0},
    {"regex", SDS_FORM_MEMBER_REGEX, offsetof(struct sds_form, regex), 0},
    {"value", SDS_FORM_MEMBER_TEXT, offsetof(struct sds_form, value), 0},
    {"placeholder", SDS_FORM_MEMBER_TEXT, offsetof(struct sds_form, placeholder), 0},
    {"template", SDS_FORM_MEMBER_TEXT, offsetof(struct sds_form, numbering), 0},
    {"default", SDS_FORM_MEMBER_TEXT, offsetof(struct sds_form, fallback), 0},
    {"what", SDS_FORM_MEMBER_TEXT, offsetof(struct sds_form, what), 0},
    {"prefix", SDS_FORM_MEMBER_TEXT, offsetof(struct sds_form, prefix), 0},
    {"sep", SDS_FORM_MEMBER_TEXT, offsetof(struct sds_form, sep), 0},
    {"values", SDS_FORM_MEMBER_TEXTS, offsetof(struct sds_form, values),
     offsetof(struct sds_form, n_values)},
    {"schemes", SDS_FORM_MEMBER_TEXTS, offsetof(struct sds_form, schemes),
     offsetof(struct sds_form, n_schemes)},
    {"digits", SDS_FORM_MEMBER_COUNT, offsetof(struct sds_form, digits), 0},
    {"length", SDS_FORM_MEMBER_COUNT, offsetof(struct sds_form, length), 0},
    {"min_length", SDS_FORM_MEMBER_LIMIT, offsetof(struct sds_form, min_length), 0},
    {"max_length", SDS_FORM_MEMBER_LIMIT, offsetof(struct sds_form, max_length), 0},
    {"mask", SDS_FORM_MEMBER_LIMIT, offsetof(struct sds_form, mask), 0},
    {"absolute", SDS_FORM_MEMBER_MARK, offsetof(struct sds_form, is_absolute), 0},
    {"may_be_empty", SDS_FORM_MEMBER_MARK, offsetof(struct sds_form, may_be_empty), 0},
};
const size_t sds_n_form_members = SDS_COUNT(sds_form_members);

/* Put a member into an object unless it is NULL because it is absent; false when out of memory. */
static bool put(json_t *object, const char *name, json_t *value)
{
    return !json_object_set_new(object, name, value);
}

static bool put_text(json_t *object, const char *name, const char *text)
{
    return !text || put(object, name, json_string(text));
}

static json_t *texts_to_json(const char *const *texts, size_t n)
{
    json_t *array = json_array();

    for (size_t i = 0; array && i < n; i++) {
        if (json_array_append_new(array, json_string(texts[i]))) {
            json_decref(array);
            return NULL;
        }
    }
    return array;
}

static bool put_member(json_t *object, const struct sds_form *form,
                       const struct sds_form_member *member)
{
    const char *at = (const char *)form + member->offset;
    const char *const *texts;
    size_t n;
    int count;

    switch (member->type) {
    case SDS_FORM_MEMBER_TEXT:
    case SDS_FORM_MEMBER_REGEX:
        return put_text(object, member->name, *(const char *const *)at);
    case SDS_FORM_MEMBER_COUNT:
        count = *(const int *)at;
        return count < 0 || put(object, member->name, json_integer(count));
    case SDS_FORM_MEMBER_LIMIT:
        count = *(const int *)at;
        return !count || put(object, member->name, json_integer(count));
    case SDS_FORM_MEMBER_MARK:
        return !*(const bool *)at || put(object, member->name, json_true());
    default:
        texts = *(const char *const *const *)at;
        n = *(const size_t *)((const char *)form + member->n_offset);
        return !n || put(object, member->name, texts_to_json(texts, n));
    }
}

static bool put_relative(json_t *object, enum sds_relative relative)
{
    if (relative == SDS_RELATIVE_EITHER)
        return put_text(object, "relative", "either");
    return relative == SDS_RELATIVE_UNSAID ||
           put(object, "relative", json_boolean(relative == SDS_RELATIVE_YES));
}

static bool put_chars(json_t *object, const struct sds_form *form)
{
    json_t *chars;

    if (!form->chars)
        return true;
    chars = json_object();
    return put(object, "chars", chars) && put_text(chars, "base", form->chars) &&
           put_text(chars, "extra", form->extra_chars);
}

static json_t *form_to_json(const struct sds_form *form)
{
    json_t *object = json_object();
    bool ok = object && put_text(object, "type", sds_form_type_name(form->type));

    for (size_t i = 0; ok && i < sds_n_form_members; i++)
        ok = put_member(object, form, &sds_form_members[i]);
    ok = ok && put_text(object, "strength", sds_strength_name(form->strength));
    if (ok && form->has_range)
        ok = put(object, "min", json_integer(form->min)) &&
             put(object, "max", json_integer(form->max));
    ok = ok && put_relative(object, form->relative) && put_chars(object, form);
    if (ok && form->need != SDS_NEED_UNSAID)
        ok = put(object, "optional", json_boolean(form->need == SDS_NEED_OPTIONAL));
    if (ok && form->of) /* a list of lists is not made, neither by notes nor by loading */
        ok = put(object, "of", form_to_json(form->of));
    if (!ok) {
        json_decref(object);
        return NULL;
    }
    return object;
}

static json_t *where_to_json(const struct sds_txt_key *key)
{
    json_t *object = json_object();

    if (object && put_text(object, "key", key->where_key) &&
        put_text(object, "regex", key->where_regex))
        return object;
    json_decref(object);
    return NULL;
}

static json_t *key_to_json(const struct sds_txt_key *key)
{
    json_t *object = json_object();

    if (object && put_text(object, "key", key->key) &&
        (!key->is_required || put(object, "required", json_true())) &&
        (!key->where_key || put(object, "where", where_to_json(key))) &&
        put(object, "form", form_to_json(&key->form)))
        return object;
    json_decref(object);
    return NULL;
}

json_t *sds_txt_decl_to_json(const struct sds_txt_decl *decl)
{
    json_t *object = json_object(), *keys = json_array();
    bool ok = object && put_text(object, "kind", sds_txt_kind_name(decl->kind)) &&
              put(object, "open", json_boolean(decl->open));

    for (size_t i = 0; ok && keys && i < decl->n_keys; i++)
        ok = !json_array_append_new(keys, key_to_json(&decl->keys[i]));
    if (!object || json_object_set_new(object, "keys", keys) || !ok) {
        if (!object)
            json_decref(keys);
        json_decref(object);
        return NULL;
    }
    return object;
}

static size_t count_characters(const char *text)
{
    size_t n = 0;

    for (; *text; text++)
        n += ((uint8_t)*text & 0xC0) != 0x80; /* no continuation of one in UTF-8 */
    return n;
}

/* A short title says what a service is; a sentence, which has a verb, is its author's prose. */
static bool is_title(const char *description)
{
    static const char *const verbs[] = {" is ", " are ", " allows ", " provides ", " used for "};
    size_t len = strlen(description);

    if (len == 0 || strchr(".!?", description[len - 1]) || strchr(description, '\n') ||
        count_characters(description) > TITLE_MAX)
        return false;
    for (size_t i = 0; i < SDS_COUNT(verbs); i++)
        if (strstr(description, verbs[i]))
            return false;
    return true;
}

/* Text, or null where all members are to be seen. */
static bool put_field(json_t *object, const char *name, const char *text, bool facts)
{
    if (text)
        return put(object, name, json_string(text));
    return facts || put(object, name, json_null());
}

static bool put_unauthorized(json_t *object, const char *text, bool facts)
{
    if (text && (facts || !*text)) /* a mark, without the prose */
        return put(object, "unauthorized", json_true());
    return put_field(object, "unauthorized", text, facts);
}

/* Whether a registry has a record of this one's name and transport. */
static bool has_like(const struct sds_registry *registry, const struct sds_record *row)
{
    struct sds_record_iter iter;
    const struct sds_record *found;

    if (!registry || !row->name)
        return false;
    iter = sds_registry_find(registry, sds_text_span(row->name));
    while ((found = sds_record_next(&iter)))
        if (found->transport && row->transport ? !strcmp(found->transport, row->transport)
                                               : found->transport == row->transport)
            return true;
    return false;
}

static json_t *record_to_json(const struct sds_record *row, const struct target *target)
{
    bool facts = target->facts;
    bool persons = !facts || has_like(target->persons_of, row);
    bool described = row->description && (!facts || is_title(row->description));
    json_t *object = json_object();
    bool ok = object && put_field(object, "name", row->name, facts) &&
              put_field(object, "transport", row->transport, facts);

    if (ok && (row->port || !facts))
        ok = put(object, "ports", texts_to_json(&row->port, row->port != NULL));
    ok = ok && put_field(object, "description", described ? row->description : NULL, facts) &&
         put_field(object, "assignee", persons ? row->assignee : NULL, facts) &&
         put_field(object, "contact", persons ? row->contact : NULL, facts) &&
         put_field(object, "registered", row->registered, facts) &&
         put_field(object, "modified", row->modified, facts);
    if (ok && (row->n_references || !facts))
        ok = put(object, "reference", texts_to_json(row->references, row->n_references));
    ok = ok && put_field(object, "service_code", row->service_code, facts) &&
         put_unauthorized(object, row->unauthorized, facts) &&
         put_text(object, "status", sds_record_status_name(row->status)) &&
         put_field(object, "alias_of", row->alias_of, facts) &&
         put_field(object, "notes", facts ? NULL : row->notes, facts);
    if (ok && row->is_unassigned)
        ok = put(object, "unassigned", json_true());
    if (ok && (row->txt.kind != SDS_TXT_UNSPECIFIED || !facts))
        ok = put(object, "txt", sds_txt_decl_to_json(&row->txt));
    if (!ok) {
        json_decref(object);
        return NULL;
    }
    return object;
}

json_t *sds_record_to_json(const struct sds_record *record)
{
    return record_to_json(record, &(struct target){0});
}

json_t *sds_person_to_json(const struct sds_person *person)
{
    json_t *object = json_object();

    if (object && put_text(object, "id", person->id) && put_text(object, "name", person->name) &&
        put_text(object, "organization", person->organization) &&
        put_text(object, "uri", person->uri) && put_text(object, "updated", person->updated))
        return object;
    json_decref(object);
    return NULL;
}

/* Write a JSON value; returns 0, -ENOMEM or -EIO. */
static int write_json(json_t *value, FILE *out)
{
    SDS_CLEANUP(sds_freep) char *text = NULL;

    if (!value)
        return -ENOMEM;
    text = json_dumps(value, JSON_ENCODE_ANY);
    json_decref(value);
    if (!text)
        return -ENOMEM;
    sds_text_put_json(out, text);
    return ferror(out) ? -EIO : 0;
}

static int write_head(const struct sds_registry *registry, FILE *out)
{
    struct sds_registry_table about = {0};
    int r;

    for (size_t i = 0; i < sds_registry_n_tables(registry); i++) {
        struct sds_registry_table table = sds_registry_table_at(registry, i);

        if (!about.title)
            about.title = table.title;
        if (table.updated && (!about.updated || strcmp(table.updated, about.updated) > 0))
            about.updated = table.updated;
    }
    fprintf(out, "{\"sdscope_registry\": %d, \"title\": ", SDS_REGISTRY_JSON_VERSION);
    r = write_json(about.title ? json_string(about.title) : json_null(), out);
    if (r == 0 && fputs(", \"updated\": ", out) < 0)
        return -EIO;
    if (r == 0)
        r = write_json(about.updated ? json_string(about.updated) : json_null(), out);
    return r == 0 && fputs(", \"records\": [", out) < 0 ? -EIO : r;
}

/* A row, and its place among all of them. */
struct numbered_row {
    const struct sds_record *row;
    size_t number;
};

/* By name, those without one last; rows of a name stay as they are. */
static int compare_rows(const void *a, const void *b)
{
    const struct numbered_row *x = a, *y = b;
    const char *x_name = x->row->name, *y_name = y->row->name;
    int order = !x_name - !y_name;

    if (x_name && y_name)
        order = sds_fold_cmp(x_name, strlen(x_name), y_name, strlen(y_name));
    return order ? order : (x->number > y->number) - (x->number < y->number);
}

static int collect_rows(const struct sds_registry *registry, struct numbered_row **ret,
                        size_t *ret_n)
{
    struct sds_record_iter iter = sds_registry_all(registry);
    SDS_ARR(struct numbered_row) rows = {0};
    const struct sds_record *row;

    while ((row = sds_record_next(&iter))) {
        if (!sds_arr_push(&rows, (struct numbered_row){row, rows.n})) {
            free(rows.v);
            return -ENOMEM;
        }
    }
    *ret = rows.v;
    *ret_n = rows.n;
    return 0;
}

/* Those of all tables, of which the first of an id is found first again; nothing where none is. */
static int write_people(const struct sds_registry *registry, FILE *out)
{
    size_t n = 0;
    int r = 0;

    for (size_t table = 0; table < sds_registry_n_tables(registry); table++) {
        struct sds_people people = sds_registry_people_at(registry, table);

        for (size_t i = 0; r == 0 && i < people.n; i++) {
            if (fputs(n++ ? ",\n" : "\n], \"people\": [\n", out) < 0)
                return -EIO;
            r = write_json(sds_person_to_json(&people.v[i]), out);
        }
    }
    return r;
}

static int export_to(const struct target *target, const struct sds_registry *registry)
{
    SDS_CLEANUP(sds_freep) struct numbered_row *rows = NULL;
    size_t n;
    int r = collect_rows(registry, &rows, &n);

    if (r == 0 && target->facts && n > 0)
        qsort(rows, n, sizeof(*rows), compare_rows);
    if (r == 0)
        r = write_head(registry, target->out);
    for (size_t i = 0; r == 0 && i < n; i++) {
        if (fputs(i ? ",\n" : "\n", target->out) < 0)
            return -EIO;
        r = write_json(record_to_json(rows[i].row, target), target->out);
    }
    if (r == 0 && !target->facts)
        r = write_people(registry, target->out);
    if (r == 0 && (fputs("\n]}\n", target->out) < 0 || ferror(target->out)))
        r = -EIO;
    return r;
}

int sds_registry_export(const struct sds_registry *registry, FILE *out, unsigned flags)
{
    const struct target target = {.out = out, .facts = flags & SDS_EXPORT_FACTS};

    return export_to(&target, registry);
}

int sds_registry_export_facts(const struct sds_registry *registry,
                              const struct sds_registry *persons_of, FILE *out)
{
    const struct target target = {.out = out, .facts = true, .persons_of = persons_of};

    return export_to(&target, registry);
}
