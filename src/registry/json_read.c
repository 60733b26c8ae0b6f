/* SPDX-License-Identifier: MIT */
#include "registry/json_read.h"

#include <errno.h>

#include "registry/pattern.h"

int sds_reader_fault(struct sds_reader *reader, const char *what)
{
    size_t line = 0, column = 0;

    if (reader->load->n_messages < SDS_REGISTRY_MESSAGES_MAX) /* else it is only counted */
        sds_json_place(reader->bytes, reader->len, &reader->path, &line, &column);
    sds_load_say(reader->load, line, column, "%s", what);
    return -EINVAL;
}

const json_t *sds_reader_enter(struct sds_reader *reader, const json_t *object, const char *name)
{
    const json_t *value = json_object_get(object, name);

    sds_json_path_push(&reader->path, name, 0);
    return json_is_null(value) ? NULL : value;
}

const json_t *sds_reader_enter_item(struct sds_reader *reader, const json_t *array, size_t i)
{
    sds_json_path_push(&reader->path, NULL, i);
    return json_array_get(array, i);
}

void sds_reader_leave(struct sds_reader *reader)
{
    reader->path.n--;
}

int sds_reader_copy_text(struct sds_reader *reader, const json_t *value, const char **ret)
{
    if (!json_is_string(value))
        return sds_reader_fault(reader, "not a string");
    *ret = sds_arena_text(&reader->load->table->arena, json_string_value(value),
                          json_string_length(value));
    return *ret ? 0 : -ENOMEM;
}

int sds_reader_text(struct sds_reader *reader, const json_t *object, const char *name,
                    const char **ret)
{
    const json_t *value = sds_reader_enter(reader, object, name);
    int r = value ? sds_reader_copy_text(reader, value, ret) : 0;

    sds_reader_leave(reader);
    return r;
}

int sds_reader_texts(struct sds_reader *reader, const json_t *object, const char *name,
                     const char *const **ret, size_t *ret_n)
{
    const json_t *array = sds_reader_enter(reader, object, name);
    size_t n = json_array_size(array);
    const char **texts = sds_arena_alloc(&reader->load->table->arena, n * sizeof(*texts));
    int r = texts ? 0 : -ENOMEM;

    if (array && !json_is_array(array))
        r = sds_reader_fault(reader, "not an array");
    for (size_t i = 0; r == 0 && i < n; i++) {
        r = sds_reader_copy_text(reader, sds_reader_enter_item(reader, array, i), &texts[i]);
        sds_reader_leave(reader);
    }
    sds_reader_leave(reader);
    if (r == 0 && n > 0) {
        *ret = texts;
        *ret_n = n;
    }
    return r;
}

int sds_reader_bool(struct sds_reader *reader, const json_t *object, const char *name, bool *ret)
{
    const json_t *value = sds_reader_enter(reader, object, name);
    int r = 0;

    if (value && !json_is_boolean(value))
        r = sds_reader_fault(reader, "neither true nor false");
    else
        *ret = json_is_true(value);
    sds_reader_leave(reader);
    return r;
}

int sds_reader_number(struct sds_reader *reader, const json_t *object, const char *name,
                      int64_t min, int64_t max, int64_t *ret, bool *ret_found)
{
    const json_t *value = sds_reader_enter(reader, object, name);
    int r = 0;

    *ret_found = value;
    if (value && (!json_is_integer(value) || json_integer_value(value) < min ||
                  json_integer_value(value) > max))
        r = sds_reader_fault(reader, "not a whole number in its range");
    else if (value)
        *ret = json_integer_value(value);
    sds_reader_leave(reader);
    return r;
}

int sds_reader_word(struct sds_reader *reader, const json_t *object, const char *name,
                    int (*from_name)(const char *), const char *what, int *ret)
{
    const json_t *value = sds_reader_enter(reader, object, name);
    int r = 0;

    if (value) {
        const char *word = json_string_value(value);
        int found = word ? from_name(word) : -1;

        if (found < 0)
            r = sds_reader_fault(reader, what);
        else
            *ret = found;
    }
    sds_reader_leave(reader);
    return r;
}

int sds_reader_regex(struct sds_reader *reader, const json_t *object, const char *name,
                     const char **ret)
{
    struct sds_pattern_error error;
    int r = sds_reader_text(reader, object, name, ret);

    if (r < 0 || !*ret || sds_pattern_compiles(*ret, &error))
        return r;
    sds_reader_enter(reader, object, name);
    r = sds_reader_fault(reader, error.text);
    sds_reader_leave(reader);
    return r;
}

int sds_reader_transport(struct sds_reader *reader, const json_t *record, const char **ret)
{
    const json_t *value = sds_reader_enter(reader, record, "transport");
    int r = 0;

    if (value) {
        *ret = json_is_string(value)
                   ? sds_transport_word(json_string_value(value), json_string_length(value))
                   : NULL;
        if (!*ret)
            r = sds_reader_fault(reader, "not a transport protocol");
    }
    sds_reader_leave(reader);
    return r;
}
