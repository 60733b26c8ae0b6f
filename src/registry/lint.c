/* SPDX-License-Identifier: MIT */
#include "registry/lint.h"

#include <string.h>

#include "base/ascii.h"
#include "base/mem.h"
#include "registry/json_read.h"

/* What an object may hold: registry/schema/ says the same to other programs. */
struct shape;

struct member {
    const char *name;
    const struct shape *shape; /* of the member, or of its items; NULL where it is no object */
};

struct shape {
    const struct member *members;
    size_t n;
    void (*check)(struct sds_reader *reader, const json_t *object);
};

/* Say what is wrong with a member of the object that is looked at. */
static void say_of(struct sds_reader *reader, const json_t *object, const char *name,
                   const char *what)
{
    sds_reader_enter(reader, object, name);
    sds_reader_fault(reader, what);
    sds_reader_leave(reader);
}

static bool has(const json_t *object, const char *name)
{
    const json_t *value = json_object_get(object, name);

    return value && !json_is_null(value);
}

static const char *text_of(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));

    return text ? text : "";
}

/* Whether @word is one of several, apart by blanks. */
static bool is_among(const char *words, const char *word)
{
    size_t n = strlen(word);

    for (const char *p = strstr(words, word); n > 0 && p; p = strstr(p + 1, word))
        if ((p == words || p[-1] == ' ') && (p[n] == ' ' || p[n] == '\0'))
            return true;
    return false;
}

static void check_order(struct sds_reader *reader, const json_t *form, const char *min,
                        const char *max)
{
    const json_t *low = json_object_get(form, min), *high = json_object_get(form, max);

    if (json_is_integer(low) && json_is_integer(high) &&
        json_integer_value(low) > json_integer_value(high))
        say_of(reader, form, min, "greater than the maximum");
}

static void check_form(struct sds_reader *reader, const json_t *form)
{
    static const struct {
        const char *member, *types;
    } only_of[] = {{"values", "enum bool"}, {"value", "const"},   {"schemes", "url"},
                   {"relative", "url"},     {"digits", "hex"},    {"prefix", "hex"},
                   {"mask", "int hex"},     {"sep", "list"},      {"of", "list"},
                   {"what", "host"},        {"absolute", "path"}, {"chars", "text"},
                   {"min", "int hex"},      {"max", "int hex"},   {"pattern", "version"}};
    static const struct {
        const char *type, *member, *what;
    } needed[] = {{"enum", "values", "an \"enum\" without \"values\""},
                  {"const", "value", "a \"const\" without \"value\""}};
    const char *type = text_of(form, "type"), *template = text_of(form, "template");

    for (size_t i = 0; i < SDS_COUNT(only_of); i++)
        if (has(form, only_of[i].member) && !is_among(only_of[i].types, type))
            say_of(reader, form, only_of[i].member, "means nothing for this type of form");
    for (size_t i = 0; i < SDS_COUNT(needed); i++)
        if (!strcmp(type, needed[i].type) && !has(form, needed[i].member))
            sds_reader_fault(reader, needed[i].what);
    if (*template && !strchr(template, '<'))
        say_of(reader, form, "template", "has no number, such as <n>");
    check_order(reader, form, "min", "max");
    check_order(reader, form, "min_length", "max_length");
}

static void check_txt(struct sds_reader *reader, const json_t *txt)
{
    bool is_list = !strcmp(text_of(txt, "kind"), "keys");
    size_t n = json_array_size(json_object_get(txt, "keys"));

    if (is_list && n == 0)
        sds_reader_fault(reader, "kind is \"keys\", and there is none");
    if (!is_list && n > 0)
        say_of(reader, txt, "keys", "of use only where kind is \"keys\"");
}

static void check_name(struct sds_reader *reader, const json_t *name)
{
    const char *text = json_string_value(name);

    if (text && *text == '_')
        sds_reader_fault(reader, "a name is written without its underscore");
}

static void check_record(struct sds_reader *reader, const json_t *record)
{
    check_name(reader, sds_reader_enter(reader, record, "name"));
    sds_reader_leave(reader);
}

static bool is_one_of(const json_t *names, const char *name)
{
    const json_t *item;
    size_t i;

    json_array_foreach(names, i, item)
    {
        if (json_is_string(item) && !strcmp(json_string_value(item), name))
            return true;
    }
    return false;
}

/* Names that "required" gives are names of the family. */
static void check_required(struct sds_reader *reader, const json_t *key, const json_t *names)
{
    const json_t *required = sds_reader_enter(reader, key, "required"), *item;
    size_t i;

    json_array_foreach(required, i, item)
    {
        if (!json_is_string(item) || is_one_of(names, json_string_value(item)))
            continue;
        sds_reader_enter_item(reader, required, i);
        sds_reader_fault(reader, "not one of the profile's names");
        sds_reader_leave(reader);
    }
    sds_reader_leave(reader);
    if (has(key, "where") && !has(key, "required"))
        sds_reader_fault(reader, "\"where\" means nothing without \"required\"");
}

static bool is_key_before(const json_t *keys, size_t i)
{
    const char *key = text_of(json_array_get(keys, i), "key");

    for (size_t j = 0; j < i; j++)
        if (sds_text_fold_equal(text_of(json_array_get(keys, j), "key"), key))
            return true;
    return false;
}

static void check_keys(struct sds_reader *reader, const json_t *profile)
{
    const json_t *txt = sds_reader_enter(reader, profile, "txt");
    const json_t *keys = sds_reader_enter(reader, txt, "keys"), *key;
    size_t i;

    json_array_foreach(keys, i, key)
    {
        sds_reader_enter_item(reader, keys, i);
        if (is_key_before(keys, i))
            sds_reader_fault(reader, "a key that was there before");
        check_required(reader, key, json_object_get(profile, "names"));
        sds_reader_leave(reader);
    }
    sds_reader_leave(reader);
    sds_reader_leave(reader);
}

static void check_profile(struct sds_reader *reader, const json_t *profile)
{
    const json_t *names = json_object_get(profile, "names"), *example;
    size_t i;

    check_record(reader, profile);
    if (!has(profile, "txt"))
        sds_reader_fault(reader, "a profile without \"txt\"");
    if (!has(profile, "description"))
        sds_reader_fault(reader, "a profile without \"description\"");
    check_keys(reader, profile);
    json_array_foreach(json_object_get(profile, "examples"), i, example)
    {
        const char *name = text_of(example, "name");

        if (*name && !is_one_of(names, name) && strcmp(name, text_of(profile, "name")) != 0)
            sds_reader_fault(reader, "an example of a name that is none of the profile's");
    }
}

#define SHAPE(name, check)                                                                         \
    static const struct shape name##_shape = {name##_members, SDS_COUNT(name##_members), check}

static const struct member chars_members[] = {{"base", NULL}, {"extra", NULL}};
SHAPE(chars, NULL);

static const struct shape form_shape;
static const struct member form_members[] = {
    {"type", NULL},     {"strength", NULL},      {"about", NULL},     {"pattern", NULL},
    {"regex", NULL},    {"value", NULL},         {"default", NULL},   {"placeholder", NULL},
    {"template", NULL}, {"what", NULL},          {"prefix", NULL},    {"sep", NULL},
    {"values", NULL},   {"schemes", NULL},       {"digits", NULL},    {"length", NULL},
    {"mask", NULL},     {"min_length", NULL},    {"min", NULL},       {"max_length", NULL},
    {"max", NULL},      {"may_be_empty", NULL},  {"relative", NULL},  {"optional", NULL},
    {"absolute", NULL}, {"chars", &chars_shape}, {"of", &form_shape},
};
SHAPE(form, check_form);

static const struct member where_members[] = {{"key", NULL}, {"regex", NULL}};
SHAPE(where, NULL);

static const struct member key_members[] = {
    {"key", NULL}, {"required", NULL}, {"where", &where_shape}, {"form", &form_shape}};
SHAPE(key, NULL);

static const struct member txt_members[] = {{"kind", NULL}, {"open", NULL}, {"keys", &key_shape}};
SHAPE(txt, check_txt);

static const struct member record_members[] = {
    {"profile", NULL},    {"name", NULL},         {"transport", NULL}, {"ports", NULL},
    {"assignee", NULL},   {"contact", NULL},      {"modified", NULL},  {"description", NULL},
    {"reference", NULL},  {"registered", NULL},   {"status", NULL},    {"service_code", NULL},
    {"notes", NULL},      {"unauthorized", NULL}, {"alias_of", NULL},  {"txt", &txt_shape},
    {"unassigned", NULL},
};
SHAPE(record, check_record);

static const struct member instance_members[] = {{"regex", NULL}, {"about", NULL}};
SHAPE(instance, NULL);

static const struct member subtype_members[] = {
    {"regex", NULL}, {"about", NULL}, {"required", NULL}};
SHAPE(subtype, NULL);

static const struct member source_members[] = {{"cite", NULL}, {"backs", NULL}};
SHAPE(source, NULL);

static const struct member example_members[] = {
    {"name", NULL}, {"instance", NULL}, {"subtypes", NULL},
    {"txt", NULL},  {"hex", NULL},      {"breaks", NULL},
};
SHAPE(example, NULL);

static const struct member profile_members[] = {
    {"profile", NULL},
    {"name", NULL},
    {"names", NULL},
    {"transport", NULL},
    {"description", NULL},
    {"txt", &txt_shape},
    {"any_port", NULL},
    {"source", &source_shape},
    {"instance_form", &instance_shape},
    {"subtypes", &subtype_shape},
    {"examples", &example_shape},
};
SHAPE(profile, check_profile);

static const struct member root_members[] = {
    {"sdscope_registry", NULL}, {"title", NULL}, {"updated", NULL}, {"records", &record_shape}};
SHAPE(root, NULL);

static const struct member *find_member(const struct shape *shape, const char *name)
{
    for (size_t i = 0; i < shape->n; i++)
        if (!strcmp(shape->members[i].name, name))
            return &shape->members[i];
    return NULL;
}

static void lint_object(struct sds_reader *reader, const json_t *object, const struct shape *shape);

static void lint_items(struct sds_reader *reader, const json_t *value, const struct shape *shape)
{
    const json_t *item;
    size_t i;

    json_array_foreach(value, i, item)
    {
        sds_reader_enter_item(reader, value, i);
        lint_object(reader, item, shape);
        sds_reader_leave(reader);
    }
}

/* The shapes nest a few levels deep, and lists of lists are refused when they are loaded. */
static void lint_object(struct sds_reader *reader, const json_t *object, const struct shape *shape)
{
    const char *name;
    json_t *value;

    if (shape == &record_shape && json_is_true(json_object_get(object, "profile")))
        shape = &profile_shape;
    if (!json_is_object(object) || reader->path.n + 2 >= SDS_JSON_PATH_MAX)
        return;
    if (shape->check)
        shape->check(reader, object);
    json_object_foreach((json_t *)object, name, value)
    {
        const struct member *member = find_member(shape, name);

        sds_reader_enter(reader, object, name);
        if (!member)
            sds_reader_fault(reader, "a member that nobody reads");
        else if (member->shape && json_is_array(value))
            lint_items(reader, value, member->shape);
        else if (member->shape)
            lint_object(reader, value, member->shape);
        sds_reader_leave(reader);
    }
}

void sds_lint_json(struct sds_load *load, const char *bytes, size_t len)
{
    struct sds_reader reader = {.load = load, .bytes = bytes, .len = len};
    json_t *json = json_loadb(bytes, len, JSON_REJECT_DUPLICATES, NULL);

    lint_object(&reader, json, &root_shape);
    json_decref(json);
}

void sds_lint_say(struct sds_load *load, const char *bytes, size_t len,
                  const struct sds_profile *profile, const struct sds_profile_example *example,
                  const char *what)
{
    struct sds_json_path path = {0};
    size_t line, column;

    sds_json_path_push(&path, "records", 0);
    sds_json_path_push(&path, NULL, profile->number);
    if (example) {
        sds_json_path_push(&path, "examples", 0);
        sds_json_path_push(&path, NULL, example->number);
    }
    sds_json_place(bytes, len, &path, &line, &column);
    sds_load_say(load, line, column, "%s", what);
}
