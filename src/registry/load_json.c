/* SPDX-License-Identifier: MIT */
#include "registry/json.h"

#include <errno.h>
#include <string.h>

#include "base/ascii.h"
#include "base/mem.h"
#include "registry/json_place.h"

#define LIST_DEPTH_MAX 2 /* a list of lists; more is refused */

/* A file that is being read, and the way from its root to the value that is looked at. */
struct reader {
    struct sds_load *load;
    const char *bytes;
    size_t len;
    struct sds_json_path path;
};

/* Say what is wrong with the value that is looked at; returns -EINVAL. */
static int fault(struct reader *reader, const char *what)
{
    size_t line = 0, column = 0;

    if (reader->load->n_messages < SDS_REGISTRY_MESSAGES_MAX) /* else it is only counted */
        sds_json_place(reader->bytes, reader->len, &reader->path, &line, &column);
    sds_load_say(reader->load, line, column, "%s", what);
    return -EINVAL;
}

/* A member, or NULL where it is absent or null, which are the same. Ends with leave(). */
static const json_t *enter(struct reader *reader, const json_t *object, const char *name)
{
    const json_t *value = json_object_get(object, name);

    sds_json_path_push(&reader->path, name, 0);
    return json_is_null(value) ? NULL : value;
}

static const json_t *enter_item(struct reader *reader, const json_t *array, size_t i)
{
    sds_json_path_push(&reader->path, NULL, i);
    return json_array_get(array, i);
}

static void leave(struct reader *reader)
{
    reader->path.n--;
}

static int copy_text(struct reader *reader, const json_t *value, const char **ret)
{
    if (!json_is_string(value))
        return fault(reader, "not a string");
    *ret = sds_arena_text(&reader->load->table->arena, json_string_value(value),
                          json_string_length(value));
    return *ret ? 0 : -ENOMEM;
}

static int read_text(struct reader *reader, const json_t *object, const char *name,
                     const char **ret)
{
    const json_t *value = enter(reader, object, name);
    int r = value ? copy_text(reader, value, ret) : 0;

    leave(reader);
    return r;
}

static int read_texts(struct reader *reader, const json_t *object, const char *name,
                      const char *const **ret, size_t *ret_n)
{
    const json_t *array = enter(reader, object, name);
    size_t n = json_array_size(array);
    const char **texts = sds_arena_alloc(&reader->load->table->arena, n * sizeof(*texts));
    int r = texts ? 0 : -ENOMEM;

    if (array && !json_is_array(array))
        r = fault(reader, "not an array");
    for (size_t i = 0; r == 0 && i < n; i++) {
        r = copy_text(reader, enter_item(reader, array, i), &texts[i]);
        leave(reader);
    }
    leave(reader);
    if (r == 0 && n > 0) {
        *ret = texts;
        *ret_n = n;
    }
    return r;
}

static int read_bool(struct reader *reader, const json_t *object, const char *name, bool *ret)
{
    const json_t *value = enter(reader, object, name);
    int r = 0;

    if (value && !json_is_boolean(value))
        r = fault(reader, "neither true nor false");
    else
        *ret = json_is_true(value);
    leave(reader);
    return r;
}

/* A whole number; *ret_found says whether it is there. */
static int read_number(struct reader *reader, const json_t *object, const char *name, int64_t min,
                       int64_t max, int64_t *ret, bool *ret_found)
{
    const json_t *value = enter(reader, object, name);
    int r = 0;

    *ret_found = value;
    if (value && (!json_is_integer(value) || json_integer_value(value) < min ||
                  json_integer_value(value) > max))
        r = fault(reader, "not a whole number in its range");
    else if (value)
        *ret = json_integer_value(value);
    leave(reader);
    return r;
}

/* A word of an enumeration. */
static int read_word(struct reader *reader, const json_t *object, const char *name,
                     int (*from_name)(const char *), const char *what, int *ret)
{
    const json_t *value = enter(reader, object, name);
    int r = 0;

    if (value) {
        const char *word = json_string_value(value);
        int found = word ? from_name(word) : -1;

        if (found < 0)
            r = fault(reader, what);
        else
            *ret = found;
    }
    leave(reader);
    return r;
}

static int read_member(struct reader *reader, const json_t *object, struct sds_form *form,
                       const struct sds_form_member *member)
{
    char *at = (char *)form + member->offset;
    int64_t count;
    bool is_there;
    int r;

    switch (member->type) {
    case SDS_FORM_MEMBER_TEXT:
        return read_text(reader, object, member->name, (const char **)at);
    case SDS_FORM_MEMBER_MARK:
        return read_bool(reader, object, member->name, (bool *)at);
    case SDS_FORM_MEMBER_COUNT:
        r = read_number(reader, object, member->name, 0, INT32_MAX, &count, &is_there);
        if (r == 0 && is_there)
            *(int *)at = (int)count;
        return r;
    default:
        return read_texts(reader, object, member->name, (const char *const **)at,
                          (size_t *)((char *)form + member->n_offset));
    }
}

static int read_relative(struct reader *reader, const json_t *object, struct sds_form *form)
{
    const json_t *value = enter(reader, object, "relative");
    int r = 0;

    if (json_is_string(value) && !strcmp(json_string_value(value), "either"))
        form->relative = SDS_RELATIVE_EITHER;
    else if (json_is_boolean(value))
        form->relative = json_is_true(value) ? SDS_RELATIVE_YES : SDS_RELATIVE_NO;
    else if (value)
        r = fault(reader, "neither true, false nor \"either\"");
    leave(reader);
    return r;
}

static int read_need(struct reader *reader, const json_t *object, struct sds_form *form)
{
    bool is_optional = false;
    int r = read_bool(reader, object, "optional", &is_optional);

    if (r == 0 && json_is_boolean(json_object_get(object, "optional")))
        form->need = is_optional ? SDS_NEED_OPTIONAL : SDS_NEED_REQUIRED;
    return r;
}

static int read_chars(struct reader *reader, const json_t *object, struct sds_form *form)
{
    const json_t *chars = enter(reader, object, "chars");
    int r = 0;

    if (chars && !json_is_object(chars))
        r = fault(reader, "not an object");
    else if (chars)
        r = read_text(reader, chars, "base", &form->chars);
    if (r == 0 && chars)
        r = read_text(reader, chars, "extra", &form->extra_chars);
    leave(reader);
    return r;
}

static int read_range(struct reader *reader, const json_t *object, struct sds_form *form)
{
    bool has_min, has_max;
    int r = read_number(reader, object, "min", INT64_MIN, INT64_MAX, &form->min, &has_min);

    if (r == 0)
        r = read_number(reader, object, "max", INT64_MIN, INT64_MAX, &form->max, &has_max);
    if (r < 0)
        return r;
    if (has_min && !has_max)
        form->max = INT64_MAX;
    if (has_max && !has_min)
        form->min = INT64_MIN;
    form->has_range = has_min || has_max;
    return 0;
}

/* A form, and that of its items: @depth counts lists in lists. */
static int read_form(struct reader *reader, const json_t *object, unsigned depth,
                     struct sds_form *ret)
{
    int type = SDS_FORM_ANY, strength = SDS_STRENGTH_NONE, r;
    const json_t *of;

    *ret = SDS_FORM_EMPTY;
    if (!json_is_object(object))
        return fault(reader, "not an object");
    r = read_word(reader, object, "type", sds_form_type_from_name, "not a type of form", &type);
    if (r == 0)
        r = read_word(reader, object, "strength", sds_strength_from_name,
                      "neither \"stated\" nor \"implied\"", &strength);
    for (size_t i = 0; r == 0 && i < sds_n_form_members; i++)
        r = read_member(reader, object, ret, &sds_form_members[i]);
    if (r == 0)
        r = read_relative(reader, object, ret);
    if (r == 0)
        r = read_need(reader, object, ret);
    if (r == 0)
        r = read_chars(reader, object, ret);
    if (r == 0)
        r = read_range(reader, object, ret);
    ret->type = (enum sds_form_type)type;
    ret->strength = (enum sds_strength)strength;
    of = enter(reader, object, "of");
    if (r == 0 && of) {
        struct sds_form *item = sds_arena_alloc(&reader->load->table->arena, sizeof(*item));

        if (depth == LIST_DEPTH_MAX)
            r = fault(reader, "lists are nested too deeply");
        else
            r = item ? read_form(reader, of, depth + 1, item) : -ENOMEM;
        ret->of = item;
    }
    leave(reader);
    return r;
}

static int read_key(struct reader *reader, const json_t *object, struct sds_txt_key *ret)
{
    const json_t *form;
    int r;

    if (!json_is_object(object))
        return fault(reader, "not an object");
    *ret = (struct sds_txt_key){.form = SDS_FORM_EMPTY};
    r = read_text(reader, object, "key", &ret->key);
    if (r == 0 && !ret->key)
        return fault(reader, "a key without \"key\"");
    form = enter(reader, object, "form");
    if (r == 0 && form)
        r = read_form(reader, form, 0, &ret->form);
    leave(reader);
    return r;
}

static int read_keys(struct reader *reader, const json_t *decl, struct sds_txt_decl *ret)
{
    const json_t *array = enter(reader, decl, "keys");
    size_t n = json_array_size(array);
    struct sds_txt_key *keys = sds_arena_alloc(&reader->load->table->arena, n * sizeof(*keys));
    int r = keys ? 0 : -ENOMEM;

    if (array && !json_is_array(array))
        r = fault(reader, "not an array");
    for (size_t i = 0; r == 0 && i < n; i++) {
        r = read_key(reader, enter_item(reader, array, i), &keys[i]);
        leave(reader);
    }
    leave(reader);
    ret->keys = keys;
    ret->n_keys = n;
    return r;
}

static int read_decl(struct reader *reader, const json_t *record, struct sds_txt_decl *ret)
{
    const json_t *decl = enter(reader, record, "txt");
    int kind = SDS_TXT_UNSPECIFIED, r = 0;

    if (decl && !json_is_object(decl))
        r = fault(reader, "not an object");
    if (r == 0 && decl)
        r = read_word(reader, decl, "kind", sds_txt_kind_from_name, "not a kind of declaration",
                      &kind);
    if (r == 0 && decl)
        r = read_bool(reader, decl, "open", &ret->open);
    if (r == 0 && decl)
        r = read_keys(reader, decl, ret);
    ret->kind = (enum sds_txt_kind)kind;
    leave(reader);
    return r;
}

/* Prose, or true where it is only known that there is some. */
static int read_unauthorized(struct reader *reader, const json_t *record, const char **ret)
{
    if (!json_is_boolean(json_object_get(record, "unauthorized")))
        return read_text(reader, record, "unauthorized", ret);
    *ret = json_is_true(json_object_get(record, "unauthorized")) ? "" : NULL;
    return 0;
}

static int read_transport(struct reader *reader, const json_t *record, const char **ret)
{
    const json_t *value = enter(reader, record, "transport");
    int r = 0;

    if (value) {
        *ret = json_is_string(value)
                   ? sds_transport_word(json_string_value(value), json_string_length(value))
                   : NULL;
        if (!*ret)
            r = fault(reader, "not a transport protocol");
    }
    leave(reader);
    return r;
}

/* Rows merge, and each has one port: a record of several becomes as many rows. */
static int add_rows(struct reader *reader, const json_t *record, struct sds_record row)
{
    const char *const *ports = NULL;
    size_t n = 0;
    int r = read_texts(reader, record, "ports", &ports, &n);

    for (size_t i = 0; r == 0 && i < n; i++)
        if (!sds_is_port(ports[i], strlen(ports[i])))
            r = fault(reader, "\"ports\" has what is no port number and no range of them");
    if (r == 0 && n == 0)
        r = sds_load_add(reader->load, row, true);
    for (size_t i = 0; r == 0 && i < n; i++) {
        row.port = ports[i];
        r = sds_load_add(reader->load, row, true);
    }
    return r;
}

static int read_record(struct reader *reader, const json_t *record)
{
    struct sds_record row = {0};
    const struct {
        const char *name, **ret;
    } texts[] = {
        {"name", &row.name},
        {"description", &row.description},
        {"assignee", &row.assignee},
        {"contact", &row.contact},
        {"registered", &row.registered},
        {"modified", &row.modified},
        {"service_code", &row.service_code},
        {"alias_of", &row.alias_of},
        {"notes", &row.notes},
    };
    int status = SDS_RECORD_ACTIVE, r = 0;

    if (!json_is_object(record))
        return fault(reader, "not an object");
    for (size_t i = 0; r == 0 && i < SDS_COUNT(texts); i++)
        r = read_text(reader, record, texts[i].name, texts[i].ret);
    if (r == 0)
        r = read_transport(reader, record, &row.transport);
    if (r == 0)
        r = read_texts(reader, record, "reference", &row.references, &row.n_references);
    if (r == 0)
        r = read_unauthorized(reader, record, &row.unauthorized);
    if (r == 0)
        r = read_word(reader, record, "status", sds_record_status_from_name, "not a status",
                      &status);
    if (r == 0)
        r = read_decl(reader, record, &row.txt);
    row.status = (enum sds_record_status)status;
    return r < 0 ? r : add_rows(reader, record, row);
}

static int read_root(struct reader *reader, const json_t *root)
{
    struct sds_table *table = reader->load->table;
    const json_t *records;
    int64_t version = 0;
    bool is_there;
    int r = read_number(reader, root, "sdscope_registry", SDS_REGISTRY_JSON_VERSION,
                        SDS_REGISTRY_JSON_VERSION, &version, &is_there);

    if (r == 0 && !is_there)
        r = fault(reader, "no registry: it lacks \"sdscope_registry\"");
    if (r == 0)
        r = read_text(reader, root, "title", &table->title);
    if (r == 0)
        r = read_text(reader, root, "updated", &table->updated);
    if (r < 0)
        return r;
    records = enter(reader, root, "records");
    if (!json_is_array(records))
        r = fault(reader, "\"records\" is not an array");
    for (size_t i = 0; r == 0 && i < json_array_size(records); i++) {
        size_t depth = reader->path.n;

        r = read_record(reader, enter_item(reader, records, i));
        reader->path.n = depth;
        if (r == -EINVAL) /* said; the other records stay */
            r = 0;
    }
    return r;
}

int sds_load_json(struct sds_load *load, const char *bytes, size_t len)
{
    struct reader reader = {.load = load, .bytes = bytes, .len = len};
    json_error_t error;
    json_t *root = json_loadb(bytes, len, JSON_REJECT_DUPLICATES, &error);
    int r;

    if (!root && !*error.text) /* jansson has no word for this */
        return -ENOMEM;
    if (!root) {
        sds_load_say(load, error.line > 0 ? (size_t)error.line : 0,
                     error.column > 0 ? (size_t)error.column : 0, "%s", error.text);
        return -EINVAL;
    }
    r = read_root(&reader, root);
    json_decref(root);
    return r;
}
