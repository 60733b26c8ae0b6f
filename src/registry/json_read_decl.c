/* SPDX-License-Identifier: MIT */
#include "registry/json_read.h"

#include <errno.h>
#include <string.h>

#include "registry/json.h"

#define LIST_DEPTH_MAX 2 /* a list of lists; more is refused */

static int read_member(struct sds_reader *reader, const json_t *object, struct sds_form *form,
                       const struct sds_form_member *member)
{
    char *at = (char *)form + member->offset;
    int64_t count;
    bool is_there;
    int r;

    switch (member->type) {
    case SDS_FORM_MEMBER_TEXT:
        return sds_reader_text(reader, object, member->name, (const char **)at);
    case SDS_FORM_MEMBER_REGEX:
        return sds_reader_regex(reader, object, member->name, (const char **)at);
    case SDS_FORM_MEMBER_MARK:
        return sds_reader_bool(reader, object, member->name, (bool *)at);
    case SDS_FORM_MEMBER_COUNT:
    case SDS_FORM_MEMBER_LIMIT:
        r = sds_reader_number(reader, object, member->name, 0, INT32_MAX, &count, &is_there);
        if (r == 0 && is_there)
            *(int *)at = (int)count;
        return r;
    default:
        return sds_reader_texts(reader, object, member->name, (const char *const **)at,
                                (size_t *)((char *)form + member->n_offset));
    }
}

static int read_relative(struct sds_reader *reader, const json_t *object, struct sds_form *form)
{
    const json_t *value = sds_reader_enter(reader, object, "relative");
    int r = 0;

    if (json_is_string(value) && !strcmp(json_string_value(value), "either"))
        form->relative = SDS_RELATIVE_EITHER;
    else if (json_is_boolean(value))
        form->relative = json_is_true(value) ? SDS_RELATIVE_YES : SDS_RELATIVE_NO;
    else if (value)
        r = sds_reader_fault(reader, "neither true, false nor \"either\"");
    sds_reader_leave(reader);
    return r;
}

static int read_need(struct sds_reader *reader, const json_t *object, struct sds_form *form)
{
    bool is_optional = false;
    int r = sds_reader_bool(reader, object, "optional", &is_optional);

    if (r == 0 && json_is_boolean(json_object_get(object, "optional")))
        form->need = is_optional ? SDS_NEED_OPTIONAL : SDS_NEED_REQUIRED;
    return r;
}

static int read_chars(struct sds_reader *reader, const json_t *object, struct sds_form *form)
{
    const json_t *chars = sds_reader_enter(reader, object, "chars");
    int r = 0;

    if (chars && !json_is_object(chars))
        r = sds_reader_fault(reader, "not an object");
    else if (chars)
        r = sds_reader_text(reader, chars, "base", &form->chars);
    if (r == 0 && chars)
        r = sds_reader_text(reader, chars, "extra", &form->extra_chars);
    sds_reader_leave(reader);
    return r;
}

static int read_range(struct sds_reader *reader, const json_t *object, struct sds_form *form)
{
    bool has_min, has_max;
    int r = sds_reader_number(reader, object, "min", INT64_MIN, INT64_MAX, &form->min, &has_min);

    if (r == 0)
        r = sds_reader_number(reader, object, "max", INT64_MIN, INT64_MAX, &form->max, &has_max);
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
static int read_form(struct sds_reader *reader, const json_t *object, unsigned depth,
                     struct sds_form *ret)
{
    int type = SDS_FORM_ANY, strength = SDS_STRENGTH_NONE, r;
    const json_t *of;

    *ret = SDS_FORM_EMPTY;
    if (!json_is_object(object))
        return sds_reader_fault(reader, "not an object");
    r = sds_reader_word(reader, object, "type", sds_form_type_from_name, "not a type of form",
                        &type);
    if (r == 0)
        r = sds_reader_word(reader, object, "strength", sds_strength_from_name,
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
    of = sds_reader_enter(reader, object, "of");
    if (r == 0 && of) {
        struct sds_form *item = sds_arena_alloc(&reader->load->table->arena, sizeof(*item));

        if (depth == LIST_DEPTH_MAX)
            r = sds_reader_fault(reader, "lists are nested too deeply");
        else
            r = item ? read_form(reader, of, depth + 1, item) : -ENOMEM;
        ret->of = item;
    }
    sds_reader_leave(reader);
    return r;
}

/* True or false, or the names of a profile's types for which it is true: load_profile.c. */
static int read_required(struct sds_reader *reader, const json_t *object, bool *ret)
{
    if (json_is_array(json_object_get(object, "required")))
        return 0;
    return sds_reader_bool(reader, object, "required", ret);
}

/* When a key is required: where another one has such a value. */
static int read_where(struct sds_reader *reader, const json_t *object, struct sds_txt_key *ret)
{
    const json_t *where = sds_reader_enter(reader, object, "where");
    int r = 0;

    if (where && !json_is_object(where))
        r = sds_reader_fault(reader, "not an object");
    if (r == 0 && where)
        r = sds_reader_text(reader, where, "key", &ret->where_key);
    if (r == 0 && where)
        r = sds_reader_regex(reader, where, "regex", &ret->where_regex);
    if (r == 0 && where && (!ret->where_key || !ret->where_regex))
        r = sds_reader_fault(reader, "a condition without \"key\" or \"regex\"");
    sds_reader_leave(reader);
    return r;
}

static int read_key(struct sds_reader *reader, const json_t *object, struct sds_txt_key *ret)
{
    const json_t *form;
    int r;

    if (!json_is_object(object))
        return sds_reader_fault(reader, "not an object");
    *ret = (struct sds_txt_key){.form = SDS_FORM_EMPTY};
    r = sds_reader_text(reader, object, "key", &ret->key);
    if (r == 0 && !ret->key)
        return sds_reader_fault(reader, "a key without \"key\"");
    if (r == 0)
        r = read_required(reader, object, &ret->is_required);
    if (r == 0)
        r = read_where(reader, object, ret);
    form = sds_reader_enter(reader, object, "form");
    if (r == 0 && form)
        r = read_form(reader, form, 0, &ret->form);
    sds_reader_leave(reader);
    return r;
}

static int read_keys(struct sds_reader *reader, const json_t *decl, struct sds_txt_decl *ret)
{
    const json_t *array = sds_reader_enter(reader, decl, "keys");
    size_t n = json_array_size(array);
    struct sds_txt_key *keys;
    int r = 0;

    if (array && !json_is_array(array))
        r = sds_reader_fault(reader, "not an array");
    if (n > SDS_REGISTRY_KEYS_MAX) {
        r = sds_reader_fault(reader, "more than 1000 keys");
        n = 0;
    }
    keys = sds_arena_alloc(&reader->load->table->arena, n * sizeof(*keys));
    if (!keys)
        r = -ENOMEM;
    for (size_t i = 0; r == 0 && i < n; i++) {
        r = read_key(reader, sds_reader_enter_item(reader, array, i), &keys[i]);
        sds_reader_leave(reader);
    }
    sds_reader_leave(reader);
    ret->keys = keys;
    ret->n_keys = n;
    return r;
}

int sds_reader_decl(struct sds_reader *reader, const json_t *record, struct sds_txt_decl *ret)
{
    const json_t *decl = sds_reader_enter(reader, record, "txt");
    int kind = SDS_TXT_UNSPECIFIED, r = 0;

    if (decl && !json_is_object(decl))
        r = sds_reader_fault(reader, "not an object");
    if (r == 0 && decl)
        r = sds_reader_word(reader, decl, "kind", sds_txt_kind_from_name,
                            "not a kind of declaration", &kind);
    if (r == 0 && decl)
        r = sds_reader_bool(reader, decl, "open", &ret->open);
    if (r == 0 && decl)
        r = read_keys(reader, decl, ret);
    ret->kind = (enum sds_txt_kind)kind;
    sds_reader_leave(reader);
    return r;
}
