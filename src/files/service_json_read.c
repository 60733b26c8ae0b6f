/* SPDX-License-Identifier: MIT */
#include "files/service_json.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <sys/socket.h>

#include "base/arr.h"
#include "base/ascii.h"
#include "base/mem.h"
#include "base/text.h"

#define TXT_STRING_MAX 255   /* bytes; RFC 1035 3.3 */
#define TXT_RDATA_MAX  65535 /* bytes; RFC 1035 3.2.1 */

SDS_DEFINE_FREEP(struct sds_service, sds_service_free)

/* Where in the JSON a value stands, from the inside out. */
struct place {
    const struct place *outer;
    const char *member; /* NULL for an item of an array */
    size_t index;
};

/* Bytes that a member gives, and whose they are. */
struct bytes {
    const uint8_t *p; /* NULL where the member is absent */
    size_t len;
    uint8_t *owned;
};

typedef SDS_ARR(uint8_t) byte_arr;
typedef SDS_ARR(struct sds_service *) service_arr;

static void put_place(FILE *out, const struct place *at)
{
    if (at->outer)
        put_place(out, at->outer);
    if (!at->member)
        fprintf(out, "[%zu]", at->index);
    else
        fprintf(out, "%s%s", at->outer ? "." : "", at->member);
}

/* Keep as much of safe text as fits, whole characters only. */
static void set_text(struct sds_json_error *error, const char *text)
{
    size_t len = strlen(text);

    if (len >= sizeof(error->text)) {
        len = sizeof(error->text) - 1;
        while (len > 0 && ((unsigned char)text[len] & 0xc0) == 0x80)
            len--;
    }
    memcpy(error->text, text, len);
    error->text[len] = '\0';
}

/* Say what is wrong with the value at @at (NULL: the only value there is); returns -EINVAL. */
__attribute__((format(printf, 3, 4))) static int
fail(struct sds_json_error *error, const struct place *at, const char *format, ...)
{
    SDS_CLEANUP(sds_freep) char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    va_list args;

    if (!out)
        return -ENOMEM;
    if (at) {
        put_place(out, at);
        fputs(": ", out);
    }
    va_start(args, format);
    vfprintf(out, format, args);
    va_end(args);
    if (fclose(out))
        return -ENOMEM;
    set_text(error, text);
    return -EINVAL;
}

static const char *kind_name(const json_t *value)
{
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

static int fail_kind(struct sds_json_error *error, const struct place *at, const char *expected,
                     const json_t *value)
{
    return fail(error, at, "expected %s, found %s", expected, value ? kind_name(value) : "nothing");
}

/* The same where the kind is right and the text is not. */
static int fail_text(struct sds_json_error *error, const struct place *at, const char *expected,
                     const char *text)
{
    SDS_CLEANUP(sds_freep) char *safe = sds_text_dup(text, strlen(text));

    if (!safe)
        return -ENOMEM;
    return fail(error, at, "expected %s, found '%s'", expected, safe);
}

/* A string without NUL, borrowed from @value. */
static int read_text(const json_t *value, const struct place *at, const char *expected,
                     const char **ret, struct sds_json_error *error)
{
    if (!json_is_string(value))
        return fail_kind(error, at, expected, value);
    *ret = json_string_value(value);
    if (strlen(*ret) != json_string_length(value))
        return fail(error, at, "expected %s, found a NUL character", expected);
    return 0;
}

static int read_number(const json_t *value, const struct place *at, uint32_t max, uint32_t *ret,
                       struct sds_json_error *error)
{
    json_int_t number = json_integer_value(value);

    if (!json_is_integer(value))
        return fail(error, at, "expected an integer from 0 to %" PRIu32 ", found %s", max,
                    kind_name(value));
    if (number < 0 || number > max)
        return fail(error, at,
                    "expected an integer from 0 to %" PRIu32 ", found %" JSON_INTEGER_FORMAT, max,
                    number);
    *ret = (uint32_t)number;
    return 0;
}

static int read_hex(const json_t *value, const struct place *at, uint8_t **ret, size_t *ret_len,
                    struct sds_json_error *error)
{
    static const char expected[] = "an even number of hex digits";
    const char *hex;
    int r = read_text(value, at, expected, &hex, error);

    if (r < 0)
        return r;
    r = sds_hex_decode(hex, ret, ret_len);
    return r == -EINVAL ? fail_text(error, at, expected, hex) : r;
}

/* One function a member; each gets a value that is not null. */
typedef int read_member(struct sds_service *s, const json_t *value, const struct place *at,
                        struct sds_json_error *error);

static int read_instance(struct sds_service *s, const json_t *value, const struct place *at,
                         struct sds_json_error *error)
{
    if (!json_is_string(value))
        return fail_kind(error, at, "a string", value);
    return sds_service_set_instance(s, json_string_value(value), json_string_length(value));
}

static int read_instance_hex(struct sds_service *s, const json_t *value, const struct place *at,
                             struct sds_json_error *error)
{
    SDS_CLEANUP(sds_freep) uint8_t *bytes = NULL;
    size_t len;
    int r = read_hex(value, at, &bytes, &len, error);

    return r < 0 ? r : sds_service_set_instance(s, bytes, len);
}

static int read_domain(struct sds_service *s, const json_t *value, const struct place *at,
                       struct sds_json_error *error)
{
    const char *text;
    int r = read_text(value, at, "a domain name", &text, error);

    return r < 0 ? r : sds_service_set_domain(s, text);
}

static int read_host(struct sds_service *s, const json_t *value, const struct place *at,
                     struct sds_json_error *error)
{
    const char *text;
    int r = read_text(value, at, "a host name", &text, error);

    return r < 0 ? r : sds_service_set_host(s, text);
}

static int read_port(struct sds_service *s, const json_t *value, const struct place *at,
                     struct sds_json_error *error)
{
    uint32_t number;
    int r = read_number(value, at, UINT16_MAX, &number, error);

    if (r == 0)
        sds_service_set_port(s, (uint16_t)number);
    return r;
}

static int read_priority(struct sds_service *s, const json_t *value, const struct place *at,
                         struct sds_json_error *error)
{
    uint32_t number;
    int r = read_number(value, at, UINT16_MAX, &number, error);

    if (r == 0)
        sds_service_set_priority(s, (uint16_t)number);
    return r;
}

static int read_weight(struct sds_service *s, const json_t *value, const struct place *at,
                       struct sds_json_error *error)
{
    uint32_t number;
    int r = read_number(value, at, UINT16_MAX, &number, error);

    if (r == 0)
        sds_service_set_weight(s, (uint16_t)number);
    return r;
}

static int read_ttl(struct sds_service *s, const json_t *value, const struct place *at,
                    struct sds_json_error *error)
{
    uint32_t number;
    int r = read_number(value, at, UINT32_MAX, &number, error);

    if (r == 0)
        sds_service_set_ttl(s, number);
    return r;
}

static int read_subtype(struct sds_service *s, const json_t *value, const struct place *at,
                        struct sds_json_error *error)
{
    const char *text;
    int r = read_text(value, at, "a subtype such as \"_print\"", &text, error);

    return r < 0 ? r : sds_service_add_subtype(s, text);
}

static int read_address(struct sds_service *s, const json_t *value, const struct place *at,
                        struct sds_json_error *error)
{
    static const char expected[] = "an IPv4 or IPv6 address";
    struct sds_address address;
    const char *text;
    int r = read_text(value, at, expected, &text, error);

    if (r < 0)
        return r;
    if (!sds_address_parse(text, &address))
        return fail_text(error, at, expected, text);
    return sds_service_add_address(s, address);
}

static int read_sighting(struct sds_service *s, const json_t *value, const struct place *at,
                         struct sds_json_error *error)
{
    struct place interface_at = {at, "interface", 0}, family_at = {at, "family", 0};
    struct sds_sighting seen = {0};
    const char *interface, *family;
    int r;

    if (!json_is_object(value))
        return fail_kind(error, at, "an object", value);
    r = read_text(json_object_get(value, "interface"), &interface_at, "the name of an interface",
                  &interface, error);
    if (r == 0)
        r = read_text(json_object_get(value, "family"), &family_at, "\"ipv4\" or \"ipv6\"", &family,
                      error);
    if (r < 0)
        return r;
    if (strlen(interface) >= sizeof(seen.interface))
        return fail(error, &interface_at, "longer than %zu bytes", sizeof(seen.interface) - 1);
    strcpy(seen.interface, interface);
    if (strcmp(family, "ipv4") == 0)
        seen.family = AF_INET;
    else if (strcmp(family, "ipv6") == 0)
        seen.family = AF_INET6;
    else
        return fail_text(error, &family_at, "\"ipv4\" or \"ipv6\"", family);
    return sds_service_add_sighting(s, seen);
}

static int read_items(struct sds_service *s, const json_t *array, const struct place *at,
                      read_member *read, struct sds_json_error *error)
{
    const json_t *item;
    size_t i;

    if (!json_is_array(array))
        return fail_kind(error, at, "an array", array);
    json_array_foreach(array, i, item)
    {
        struct place item_at = {at, NULL, i};
        int r = read(s, item, &item_at, error);

        if (r < 0)
            return r;
    }
    return 0;
}

/* An empty set says that there is none. */
static int read_subtypes(struct sds_service *s, const json_t *value, const struct place *at,
                         struct sds_json_error *error)
{
    sds_service_set_missing(s, SDS_PART_SUBTYPES);
    return read_items(s, value, at, read_subtype, error);
}

static int read_addresses(struct sds_service *s, const json_t *value, const struct place *at,
                          struct sds_json_error *error)
{
    sds_service_set_missing(s, SDS_PART_ADDRESSES);
    return read_items(s, value, at, read_address, error);
}

static int read_sightings(struct sds_service *s, const json_t *value, const struct place *at,
                          struct sds_json_error *error)
{
    return read_items(s, value, at, read_sighting, error);
}

static int read_order_trusted(struct sds_service *s, const json_t *value, const struct place *at,
                              struct sds_json_error *error)
{
    if (!json_is_boolean(value))
        return fail_kind(error, at, "true or false", value);
    s->order_untrusted = json_is_false(value);
    return 0;
}

static int read_txt_rewritten(struct sds_service *s, const json_t *value, const struct place *at,
                              struct sds_json_error *error)
{
    if (!json_is_boolean(value))
        return fail_kind(error, at, "true or false", value);
    s->txt_rewritten = json_is_true(value);
    return 0;
}

static int read_txt_hex(struct sds_service *s, const json_t *value, const struct place *at,
                        struct sds_json_error *error)
{
    SDS_CLEANUP(sds_freep) uint8_t *bytes = NULL;
    size_t len;
    int r = read_hex(value, at, &bytes, &len, error);

    if (r < 0)
        return r;
    if (len > TXT_RDATA_MAX)
        return fail(error, at, "longer than %d bytes", TXT_RDATA_MAX);
    return sds_service_set_txt(s, bytes, len);
}

static void bytes_done(struct bytes *bytes)
{
    free(bytes->owned);
}

/* The bytes of one half of an attribute: exactly, as hex digits, or else as text. */
static int read_half(const json_t *attribute, const struct place *at, const char *name,
                     const char *name_hex, struct bytes *ret, struct sds_json_error *error)
{
    const json_t *hex = json_object_get(attribute, name_hex);
    const json_t *text = json_object_get(attribute, name);
    struct place text_at = {at, name, 0}, hex_at = {at, name_hex, 0};

    *ret = (struct bytes){0};
    if (hex && !json_is_null(hex)) {
        int r = read_hex(hex, &hex_at, &ret->owned, &ret->len, error);

        ret->p = ret->owned;
        return r;
    }
    if (!text || json_is_null(text))
        return 0;
    if (!json_is_string(text))
        return fail_kind(error, &text_at, "a string", text);
    ret->p = (const uint8_t *)json_string_value(text);
    ret->len = json_string_length(text);
    return 0;
}

static bool push_bytes(byte_arr *rdata, struct bytes bytes)
{
    for (size_t i = 0; i < bytes.len; i++)
        if (!sds_arr_push(rdata, bytes.p[i]))
            return false;
    return true;
}

/* Append an attribute to RDATA as one string, its length before it. */
static int read_attribute(const json_t *attribute, const struct place *at, byte_arr *rdata,
                          struct sds_json_error *error)
{
    static const struct bytes equals = {(const uint8_t *)"=", 1, NULL};
    SDS_CLEANUP(bytes_done) struct bytes key = {0};
    SDS_CLEANUP(bytes_done) struct bytes value = {0};
    size_t len;
    int r;

    if (!json_is_object(attribute))
        return fail_kind(error, at, "an object", attribute);
    r = read_half(attribute, at, "key", "key_hex", &key, error);
    if (r == 0)
        r = read_half(attribute, at, "value", "value_hex", &value, error);
    if (r < 0)
        return r;
    if (!key.p)
        return fail(error, at, "expected a member \"key\"");
    if (memchr(key.p, '=', key.len))
        return fail(error, at, "a key cannot contain '='");
    len = key.len + (value.p ? value.len + 1 : 0);
    if (len > TXT_STRING_MAX)
        return fail(error, at, "key and value are longer than %d bytes", TXT_STRING_MAX);
    if (!sds_arr_push(rdata, (uint8_t)len) || !push_bytes(rdata, key) ||
        (value.p && (!push_bytes(rdata, equals) || !push_bytes(rdata, value))))
        return -ENOMEM;
    return 0;
}

/* RDATA from attributes; none at all is one empty string (RFC 6763 6.1). */
static int read_txt(struct sds_service *s, const json_t *value, const struct place *at,
                    struct sds_json_error *error)
{
    byte_arr rdata = {0};
    const json_t *attribute;
    size_t i;
    int r = 0;

    if (!json_is_array(value))
        return fail_kind(error, at, "an array", value);
    json_array_foreach(value, i, attribute)
    {
        struct place item_at = {at, NULL, i};

        r = read_attribute(attribute, &item_at, &rdata, error);
        if (r == 0 && rdata.n > TXT_RDATA_MAX)
            r = fail(error, at, "longer than %d bytes", TXT_RDATA_MAX);
        if (r < 0)
            break;
    }
    if (r == 0 && rdata.n == 0 && !sds_arr_push(&rdata, 0))
        r = -ENOMEM;
    if (r == 0)
        r = sds_service_set_txt(s, rdata.v, rdata.n);
    free(rdata.v);
    return r;
}

static const struct member {
    const char *name;
    enum sds_part part; /* what null says to be missing; 0 where null says nothing */
    read_member *read;
} members[] = {
    {"instance", SDS_PART_INSTANCE, read_instance},
    {"instance_hex", SDS_PART_INSTANCE, read_instance_hex}, /* exact, so it has the last word */
    {"subtypes", SDS_PART_SUBTYPES, read_subtypes},
    {"domain", SDS_PART_DOMAIN, read_domain},
    {"host", SDS_PART_HOST, read_host},
    {"port", SDS_PART_PORT, read_port},
    {"priority", SDS_PART_PRIORITY, read_priority},
    {"weight", SDS_PART_WEIGHT, read_weight},
    {"addresses", SDS_PART_ADDRESSES, read_addresses},
    {"txt", SDS_PART_TXT, read_txt},
    {"txt_hex", SDS_PART_TXT, read_txt_hex}, /* likewise */
    {"ttl", SDS_PART_TTL, read_ttl},
    {"sightings", 0, read_sightings},
    {"order_trusted", 0, read_order_trusted},
    {"txt_rewritten", 0, read_txt_rewritten},
};

static int read_service(const json_t *object, const struct place *at, struct sds_service **ret,
                        struct sds_json_error *error)
{
    SDS_CLEANUP(sds_service_freep) struct sds_service *s = NULL;
    struct place type_at = {at, "type", 0};
    const char *type;
    int r;

    if (!json_is_object(object))
        return fail_kind(error, at, "an object", object);
    r = read_text(json_object_get(object, "type"), &type_at, "a service type such as \"_ipp._tcp\"",
                  &type, error);
    if (r < 0)
        return r;
    s = sds_service_new(type);
    if (!s)
        return -ENOMEM;
    for (size_t i = 0; i < SDS_COUNT(members); i++) {
        const struct member *m = &members[i];
        const json_t *value = json_object_get(object, m->name);
        struct place member_at = {at, m->name, 0};

        if (!value)
            continue;
        if (!json_is_null(value)) {
            r = m->read(s, value, &member_at, error);
            if (r < 0)
                return r;
        } else if (m->part && sds_service_state(s, m->part) == SDS_UNKNOWN) {
            sds_service_set_missing(s, m->part);
        }
    }
    *ret = SDS_TAKE(s);
    return 0;
}

int sds_service_from_json(const json_t *object, struct sds_service **ret,
                          struct sds_json_error *error)
{
    error->line = error->column = 0;
    return read_service(object, NULL, ret, error);
}

static int push_service(service_arr *list, const json_t *object, const struct place *at,
                        struct sds_json_error *error)
{
    SDS_CLEANUP(sds_service_freep) struct sds_service *s = NULL;
    int r = read_service(object, at, &s, error);

    if (r < 0)
        return r;
    if (!sds_arr_push(list, s))
        return -ENOMEM;
    s = NULL;
    return 0;
}

/* One value of the file: a service, an array of them, or a report. */
static int push_value(service_arr *list, const json_t *value, struct sds_json_error *error)
{
    static const struct place services_at = {NULL, "services", 0};
    const json_t *services = json_object_get(value, "services");
    const struct place *at = services ? &services_at : NULL;
    const json_t *item;
    size_t i;

    if (!services && json_is_object(value))
        return push_service(list, value, NULL, error);
    if (!services)
        services = value;
    if (!json_is_array(services))
        return fail_kind(error, at, "an array of services", services);
    json_array_foreach(services, i, item)
    {
        struct place item_at = {at, NULL, i};
        int r = push_service(list, item, &item_at, error);

        if (r < 0)
            return r;
    }
    return 0;
}

/* A place in the text, as an editor shows it. */
struct mark {
    const char *p;
    size_t left;
    int line, column; /* of p, from 1 */
};

static void advance(struct mark *m, size_t n)
{
    for (; n > 0; n--, m->p++, m->left--) {
        if (*m->p == '\n') {
            m->line++;
            m->column = 1;
        } else if (((unsigned char)*m->p & 0xc0) != 0x80) { /* not inside a character */
            m->column++;
        }
    }
}

static void skip_space(struct mark *m)
{
    while (m->left > 0 && memchr(" \t\r\n", *m->p, 4))
        advance(m, 1);
}

static int fail_syntax(const struct mark *from, const json_error_t *e, struct sds_json_error *error)
{
    SDS_CLEANUP(sds_freep) char *safe = sds_text_dup(e->text, strlen(e->text));

    if (!safe)
        return -ENOMEM;
    error->line = from->line + e->line - 1;
    error->column = e->line == 1 ? from->column + e->column - 1 : e->column;
    if (error->column < 1)
        error->column = 1;
    set_text(error, safe);
    return -EINVAL;
}

static int read_values(struct mark *m, service_arr *list, struct sds_json_error *error)
{
    const size_t flags = JSON_ALLOW_NUL | JSON_REJECT_DUPLICATES | JSON_DISABLE_EOF_CHECK;

    do {
        json_auto_t *value = NULL;
        struct mark start = *m;
        json_error_t e;
        int r;

        value = json_loadb(m->p, m->left, flags, &e);
        if (!value && json_error_code(&e) == json_error_out_of_memory)
            return -ENOMEM;
        if (!value)
            return fail_syntax(m, &e, error);
        advance(m, (size_t)e.position);
        error->line = m->line == start.line ? m->line : 0; /* of a value in one line, we know it */
        r = push_value(list, value, error);
        if (r < 0)
            return r;
        skip_space(m);
    } while (m->left > 0);
    return 0;
}

int sds_services_read_json(const char *text, size_t len, struct sds_service ***ret, size_t *ret_n,
                           struct sds_json_error *error)
{
    struct mark m = {text, len, 1, 1};
    service_arr list = {0};
    int r;

    *error = (struct sds_json_error){0};
    if (len > INT_MAX) /* jansson counts in int */
        return fail(error, NULL, "larger than 2 GiB");
    skip_space(&m);
    if (!m.left)
        return fail(error, NULL, "expected JSON, found nothing");
    r = read_values(&m, &list, error);
    if (r < 0) {
        while (list.n > 0)
            sds_service_free(list.v[--list.n]);
        free(list.v);
        return r;
    }
    *ret = list.v;
    *ret_n = list.n;
    return 0;
}
