/* SPDX-License-Identifier: MIT */
#include "files/json_value.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/ascii.h"
#include "base/mem.h"
#include "base/near.h"
#include "base/text.h"

static void put_place(FILE *out, const struct sds_json_place *at)
{
    if (at->outer)
        put_place(out, at->outer);
    if (!at->member)
        fprintf(out, "[%zu]", at->index);
    else
        fprintf(out, "%s%s", at->outer ? "." : "", at->member);
}

static void set_path(struct sds_json_path *path, const struct sds_json_place *at)
{
    if (at->outer)
        set_path(path, at->outer);
    else
        path->n = 0;
    sds_json_path_push(path, at->member, at->index);
}

int sds_json_fail(struct sds_json_error *error, const struct sds_json_place *at, const char *format,
                  ...)
{
    SDS_CLEANUP(sds_freep) char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    va_list args;

    if (!out)
        return -ENOMEM;
    error->path.n = 0;
    if (at) {
        set_path(&error->path, at);
        put_place(out, at);
        fputs(": ", out);
    }
    va_start(args, format);
    vfprintf(out, format, args);
    va_end(args);
    if (fclose(out))
        return -ENOMEM;
    sds_text_copy(error->text, sizeof(error->text), text);
    return -EINVAL;
}

static const char *kind_name(const json_t *value)
{
    if (!value)
        return "nothing";
    switch (json_typeof(value)) {
    case JSON_OBJECT:
        return "an object";
    case JSON_ARRAY:
        return "an array";
    case JSON_STRING:
        return "a string";
    case JSON_INTEGER:
        return "a number";
    case JSON_REAL:
        return "a number with a fraction";
    case JSON_TRUE:
        return "true";
    case JSON_FALSE:
        return "false";
    case JSON_NULL:
        break;
    }
    return "null";
}

int sds_json_fail_kind(struct sds_json_error *error, const struct sds_json_place *at,
                       const char *expected, const json_t *value)
{
    return sds_json_fail(error, at, "expected %s, found %s", expected, kind_name(value));
}

int sds_json_fail_text(struct sds_json_error *error, const struct sds_json_place *at,
                       const char *expected, const char *text)
{
    SDS_CLEANUP(sds_freep) char *safe = sds_text_dup(text, strlen(text));

    if (!safe)
        return -ENOMEM;
    return sds_json_fail(error, at, "expected %s, found '%s'", expected, safe);
}

/* The known name that was meant in place of this one; NULL where it is known itself, or like none.
 */
static const char *find_meant(const char *name, size_t len, const char *const *known, size_t n)
{
    struct sds_near near = sds_near_begin(name, len);

    for (size_t i = 0; i < n; i++) {
        if (strcmp(name, known[i]) == 0)
            return NULL;
        sds_near_offer(&near, known[i], strlen(known[i]));
    }
    return near.best;
}

int sds_json_check_members(const json_t *object, const struct sds_json_place *at,
                           const char *const *known, size_t n, struct sds_json_error *error)
{
    const json_t *value;
    const char *name;

    json_object_foreach((json_t *)object, name, value)
    {
        const char *meant = find_meant(name, strlen(name), known, n);
        SDS_CLEANUP(sds_freep) char *safe = meant ? sds_text_dup(name, strlen(name)) : NULL;
        int r;
        if (!meant)
            continue;
        if (!safe)
            return -ENOMEM;
        r = sds_json_fail(error, at, "unknown member '%s': did you mean '%s'?", safe, meant);
        if (r == -EINVAL)
            sds_json_path_push(&error->path, name, 0);
        return r;
    }
    return 0;
}

int sds_json_read_text(const json_t *value, const struct sds_json_place *at, const char *expected,
                       const char **ret, struct sds_json_error *error)
{
    if (!json_is_string(value))
        return sds_json_fail_kind(error, at, expected, value);
    *ret = json_string_value(value);
    if (strlen(*ret) != json_string_length(value))
        return sds_json_fail(error, at, "expected %s, found a NUL character", expected);
    return 0;
}

int sds_json_read_number(const json_t *value, const struct sds_json_place *at, uint32_t max,
                         uint32_t *ret, struct sds_json_error *error)
{
    json_int_t number = json_integer_value(value);

    if (!json_is_integer(value))
        return sds_json_fail(error, at, "expected an integer from 0 to %" PRIu32 ", found %s", max,
                             kind_name(value));
    if (number < 0 || number > max)
        return sds_json_fail(
            error, at, "expected an integer from 0 to %" PRIu32 ", found %" JSON_INTEGER_FORMAT,
            max, number);
    *ret = (uint32_t)number;
    return 0;
}

int sds_json_read_hex(const json_t *value, const struct sds_json_place *at, uint8_t **ret,
                      size_t *ret_len, struct sds_json_error *error)
{
    static const char expected[] = "an even number of hex digits";
    const char *hex = NULL;
    int r = sds_json_read_text(value, at, expected, &hex, error);

    if (r < 0)
        return r;
    r = sds_hex_decode(hex, ret, ret_len);
    return r == -EINVAL ? sds_json_fail_text(error, at, expected, hex) : r;
}

json_t *sds_text_to_json(const char *text)
{
    SDS_CLEANUP(sds_freep) char *safe = NULL;
    json_t *json = text ? json_string(text) : json_null();

    if (json)
        return json;
    safe = sds_text_dup(text, strlen(text));
    return safe ? json_string(safe) : NULL;
}

int sds_json_write(const json_t *json, size_t indent, FILE *out)
{
    /* 15 digits are what a double holds: 1.42 does not become 1.4199999999999999. */
    SDS_CLEANUP(sds_freep)
    char *text = json_dumps(json, JSON_INDENT(indent) | JSON_REAL_PRECISION(15));

    if (!text)
        return -ENOMEM;
    sds_text_put_json(out, text);
    fputc('\n', out);
    return 0;
}
