/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "files/service_json_parts.h"
#include "files/txt_strings.h"
#include "sdscope/txt.h"

#define TXT_RECORDS_MAX 1000 /* of one name */

/* ---- reading ------------------------------------------------------------------------------- */

/* Bytes that a member gives, and whose they are. */
struct bytes {
    const uint8_t *p; /* NULL where the member is absent */
    size_t len;
    uint8_t *owned;
};

/* A function that appends what an item of an array says. */
typedef int push_item(const json_t *item, const struct sds_json_place *at,
                      struct sds_txt_strings *strings, struct sds_json_error *error);

static int read_strings(const json_t *array, const struct sds_json_place *at, push_item *push,
                        struct sds_txt_strings *ret, struct sds_json_error *error)
{
    const json_t *item;
    size_t i;

    if (!json_is_array(array))
        return sds_json_fail_kind(error, at, "an array", array);
    json_array_foreach(array, i, item)
    {
        struct sds_json_place item_at = {at, NULL, i};
        int r = push(item, &item_at, ret, error);

        if (r < 0)
            return r;
    }
    return 0;
}

/* Make the TXT record of an array; none at all is one empty string (RFC 6763 6.1). */
static int set_strings(struct sds_service *s, const json_t *array, const struct sds_json_place *at,
                       push_item *push, struct sds_json_error *error)
{
    SDS_CLEANUP(sds_txt_strings_done) struct sds_txt_strings strings = {0};
    SDS_CLEANUP(sds_freep) struct sds_span *spans = NULL;
    int r = read_strings(array, at, push, &strings, error);

    if (r < 0)
        return r;
    spans = sds_txt_strings_spans(&strings);
    r = spans ? sds_service_set_txt_strings(s, spans, strings.lens.n) : -ENOMEM;
    return r == -E2BIG ? sds_json_fail(error, at, "longer than %d bytes", SDS_TXT_RDATA_MAX) : r;
}

static void bytes_done(struct bytes *bytes)
{
    free(bytes->owned);
}

/* The bytes of one half of an attribute: exactly, as hex digits, or else as text. */
static int read_half(const json_t *attribute, const struct sds_json_place *at, const char *name,
                     const char *name_hex, struct bytes *ret, struct sds_json_error *error)
{
    const json_t *hex = json_object_get(attribute, name_hex);
    const json_t *text = json_object_get(attribute, name);
    struct sds_json_place text_at = {at, name, 0}, hex_at = {at, name_hex, 0};

    *ret = (struct bytes){0};
    if (hex && !json_is_null(hex)) {
        int r = sds_json_read_hex(hex, &hex_at, &ret->owned, &ret->len, error);

        ret->p = ret->owned;
        return r;
    }
    if (!text || json_is_null(text))
        return 0;
    if (!json_is_string(text))
        return sds_json_fail_kind(error, &text_at, "a string", text);
    ret->p = (const uint8_t *)json_string_value(text);
    ret->len = json_string_length(text);
    return 0;
}

/* An attribute as one string. */
static int push_attribute(const json_t *attribute, const struct sds_json_place *at,
                          struct sds_txt_strings *strings, struct sds_json_error *error)
{
    static const char *const known[] = {"key", "key_hex", "value", "value_hex"};
    static const struct sds_span equals = {(const uint8_t *)"=", 1};
    SDS_CLEANUP(bytes_done) struct bytes key = {0};
    SDS_CLEANUP(bytes_done) struct bytes value = {0};
    int r = sds_json_check_members(attribute, at, known, SDS_COUNT(known), error);

    if (r == 0)
        r = read_half(attribute, at, "key", "key_hex", &key, error);
    if (r == 0)
        r = read_half(attribute, at, "value", "value_hex", &value, error);
    if (r < 0)
        return r;
    if (!key.p)
        return sds_json_fail(error, at, "expected a member \"key\"");
    if (memchr(key.p, '=', key.len))
        return sds_json_fail(error, at, "a key cannot contain '='");
    if (!sds_txt_strings_push(strings, (struct sds_span){key.p, key.len}) ||
        (value.p && (!sds_txt_strings_push(strings, equals) ||
                     !sds_txt_strings_push(strings, (struct sds_span){value.p, value.len}))))
        return -ENOMEM;
    return sds_txt_strings_end(strings) ? 0 : -ENOMEM;
}

/* An attribute, or a string as it is to be sent: "name=value", or whatever else. */
static int push_txt_item(const json_t *item, const struct sds_json_place *at,
                         struct sds_txt_strings *strings, struct sds_json_error *error)
{
    struct sds_span bytes;

    if (json_is_object(item))
        return push_attribute(item, at, strings, error);
    if (!json_is_string(item))
        return sds_json_fail_kind(error, at, "an object or a string", item);
    bytes = (struct sds_span){(const uint8_t *)json_string_value(item), json_string_length(item)};
    return sds_txt_strings_push(strings, bytes) && sds_txt_strings_end(strings) ? 0 : -ENOMEM;
}

int sds_read_txt(struct sds_service *s, const json_t *value, const struct sds_json_place *at,
                 struct sds_json_error *error)
{
    return set_strings(s, value, at, push_txt_item, error);
}

static int push_hex(const json_t *item, const struct sds_json_place *at,
                    struct sds_txt_strings *strings, struct sds_json_error *error)
{
    SDS_CLEANUP(sds_freep) uint8_t *bytes = NULL;
    size_t len;
    int r = sds_json_read_hex(item, at, &bytes, &len, error);

    if (r < 0)
        return r;
    return sds_txt_strings_push(strings, (struct sds_span){bytes, len}) &&
                   sds_txt_strings_end(strings)
               ? 0
               : -ENOMEM;
}

int sds_read_txt_strings(struct sds_service *s, const json_t *value,
                         const struct sds_json_place *at, struct sds_json_error *error)
{
    return set_strings(s, value, at, push_hex, error);
}

/* RDATA of a record. */
static int push_rdata(const json_t *item, const struct sds_json_place *at,
                      struct sds_txt_strings *strings, struct sds_json_error *error)
{
    int r = push_hex(item, at, strings, error);

    if (r == 0 && strings->lens.v[strings->lens.n - 1] > SDS_TXT_RDATA_MAX)
        return sds_json_fail(error, at, "longer than %d bytes", SDS_TXT_RDATA_MAX);
    return r;
}

int sds_read_txt_hex(struct sds_service *s, const json_t *value, const struct sds_json_place *at,
                     struct sds_json_error *error)
{
    SDS_CLEANUP(sds_txt_strings_done) struct sds_txt_strings rdata = {0};
    int r = push_rdata(value, at, &rdata, error);

    return r < 0 ? r : sds_service_set_txt(s, rdata.bytes.v, rdata.bytes.n);
}

int sds_read_txt_records(struct sds_service *s, const json_t *value,
                         const struct sds_json_place *at, struct sds_json_error *error)
{
    SDS_CLEANUP(sds_txt_strings_done) struct sds_txt_strings records = {0};
    SDS_CLEANUP(sds_freep) struct sds_span *spans = NULL;
    int r;

    if (json_array_size(value) > TXT_RECORDS_MAX)
        return sds_json_fail(error, at, "more than %d records", TXT_RECORDS_MAX);
    r = read_strings(value, at, push_rdata, &records, error);
    if (r < 0)
        return r;
    spans = sds_txt_strings_spans(&records);
    return spans ? sds_service_set_txt_records(s, spans, records.lens.n) : -ENOMEM;
}

/* ---- writing ------------------------------------------------------------------------------- */

/* A string as its author gave it: where it is too long, the RDATA has only its beginning. */
static struct sds_span whole_string(const struct sds_service *s,
                                    const struct sds_txt_string *string)
{
    const struct sds_long_string *whole = sds_service_long_string(s, string->offset);

    return whole ? whole->bytes : string->bytes;
}

static json_t *attribute_json(struct sds_span string)
{
    const uint8_t *equals = memchr(string.p, '=', string.len);
    struct sds_span key = {string.p, equals ? (size_t)(equals - string.p) : string.len};
    json_auto_t *object = json_object();

    if (sds_json_set_bytes(object, "key", "key_hex", key))
        return NULL;
    if (equals && sds_json_set_bytes(object, "value", "value_hex",
                                     (struct sds_span){equals + 1, string.len - key.len - 1}))
        return NULL;
    return SDS_TAKE(object);
}

/* The attributes: strings that are empty or truncated are none, and stand in txt_hex alone. */
json_t *sds_txt_to_json(const struct sds_service *s)
{
    struct sds_txt_iter iter = sds_txt_begin(s->txt.p, s->txt.len);
    struct sds_txt_string string;
    json_auto_t *array = json_array();

    while (sds_txt_next(&iter, &string))
        if (string.bytes.len && !string.is_truncated &&
            json_array_append_new(array, attribute_json(whole_string(s, &string))))
            return NULL;
    return SDS_TAKE(array);
}

/* The RDATA; or, where strings are too long for one, an array of the strings. */
json_t *sds_txt_hex_to_json(const struct sds_service *s)
{
    struct sds_txt_iter iter = sds_txt_begin(s->txt.p, s->txt.len);
    struct sds_txt_string string;
    json_auto_t *array = NULL;

    if (!s->n_long_strings)
        return sds_hex_to_json(s->txt);
    array = json_array();
    while (sds_txt_next(&iter, &string))
        if (json_array_append_new(array, sds_hex_to_json(whole_string(s, &string))))
            return NULL;
    return SDS_TAKE(array);
}

int sds_json_set_txt_records(json_t *object, const struct sds_service *s)
{
    json_auto_t *array = NULL;

    if (!s->txt_is_counted)
        return 0;
    array = json_array();
    if (sds_service_state(s, SDS_PART_TXT) == SDS_PRESENT &&
        json_array_append_new(array, sds_hex_to_json(s->txt)))
        return -1;
    for (size_t i = 0; i < s->n_more_txt; i++)
        if (json_array_append_new(array, sds_hex_to_json(s->more_txt[i])))
            return -1;
    return json_object_set(object, "txt_records_hex", array);
}
