/* SPDX-License-Identifier: MIT */
#include "files/service_json.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <sys/socket.h>

#include "base/arr.h"
#include "base/mem.h"

#define TXT_STRING_MAX 255   /* bytes; RFC 1035 3.3 */
#define TXT_RDATA_MAX  65535 /* bytes; RFC 1035 3.2.1 */

SDS_DEFINE_FREEP(struct sds_service, sds_service_free)

/* Bytes that a member gives, and whose they are. */
struct bytes {
    const uint8_t *p; /* NULL where the member is absent */
    size_t len;
    uint8_t *owned;
};

typedef SDS_ARR(uint8_t) byte_arr;

/* One function a member; each gets a value that is not null. */
typedef int read_member(struct sds_service *s, const json_t *value, const struct sds_json_place *at,
                        struct sds_json_error *error);

static int read_instance(struct sds_service *s, const json_t *value,
                         const struct sds_json_place *at, struct sds_json_error *error)
{
    if (!json_is_string(value))
        return sds_json_fail_kind(error, at, "a string", value);
    return sds_service_set_instance(s, json_string_value(value), json_string_length(value));
}

static int read_instance_hex(struct sds_service *s, const json_t *value,
                             const struct sds_json_place *at, struct sds_json_error *error)
{
    SDS_CLEANUP(sds_freep) uint8_t *bytes = NULL;
    size_t len;
    int r = sds_json_read_hex(value, at, &bytes, &len, error);

    return r < 0 ? r : sds_service_set_instance(s, bytes, len);
}

static int read_domain(struct sds_service *s, const json_t *value, const struct sds_json_place *at,
                       struct sds_json_error *error)
{
    const char *text;
    int r = sds_json_read_text(value, at, "a domain name", &text, error);

    return r < 0 ? r : sds_service_set_domain(s, text);
}

static int read_host(struct sds_service *s, const json_t *value, const struct sds_json_place *at,
                     struct sds_json_error *error)
{
    const char *text;
    int r = sds_json_read_text(value, at, "a host name", &text, error);

    return r < 0 ? r : sds_service_set_host(s, text);
}

static int read_port(struct sds_service *s, const json_t *value, const struct sds_json_place *at,
                     struct sds_json_error *error)
{
    uint32_t number;
    int r = sds_json_read_number(value, at, UINT16_MAX, &number, error);

    if (r == 0)
        sds_service_set_port(s, (uint16_t)number);
    return r;
}

static int read_priority(struct sds_service *s, const json_t *value,
                         const struct sds_json_place *at, struct sds_json_error *error)
{
    uint32_t number;
    int r = sds_json_read_number(value, at, UINT16_MAX, &number, error);

    if (r == 0)
        sds_service_set_priority(s, (uint16_t)number);
    return r;
}

static int read_weight(struct sds_service *s, const json_t *value, const struct sds_json_place *at,
                       struct sds_json_error *error)
{
    uint32_t number;
    int r = sds_json_read_number(value, at, UINT16_MAX, &number, error);

    if (r == 0)
        sds_service_set_weight(s, (uint16_t)number);
    return r;
}

static int read_ttl(struct sds_service *s, const json_t *value, const struct sds_json_place *at,
                    struct sds_json_error *error)
{
    uint32_t number;
    int r = sds_json_read_number(value, at, UINT32_MAX, &number, error);

    if (r == 0)
        sds_service_set_ttl(s, number);
    return r;
}

static int read_subtype(struct sds_service *s, const json_t *value, const struct sds_json_place *at,
                        struct sds_json_error *error)
{
    const char *text;
    int r = sds_json_read_text(value, at, "a subtype such as \"_print\"", &text, error);

    return r < 0 ? r : sds_service_append_subtype(s, text);
}

static int read_subtype_hex(struct sds_service *s, const json_t *value,
                            const struct sds_json_place *at, struct sds_json_error *error)
{
    SDS_CLEANUP(sds_freep) uint8_t *bytes = NULL;
    SDS_CLEANUP(sds_freep) char *label = NULL;
    size_t len;
    int r = sds_json_read_hex(value, at, &bytes, &len, error);

    if (r < 0)
        return r;
    label = sds_label_format(bytes, len);
    return label ? sds_service_append_subtype(s, label) : -ENOMEM;
}

static int read_address(struct sds_service *s, const json_t *value, const struct sds_json_place *at,
                        struct sds_json_error *error)
{
    static const char expected[] = "an IPv4 or IPv6 address";
    struct sds_address address;
    const char *text;
    int r = sds_json_read_text(value, at, expected, &text, error);

    if (r < 0)
        return r;
    if (!sds_address_parse(text, &address))
        return sds_json_fail_text(error, at, expected, text);
    return sds_service_add_address(s, address);
}

static int read_sighting(struct sds_service *s, const json_t *value,
                         const struct sds_json_place *at, struct sds_json_error *error)
{
    static const char *const known[] = {"interface", "family"};
    struct sds_json_place interface_at = {at, "interface", 0}, family_at = {at, "family", 0};
    struct sds_sighting seen = {0};
    const char *interface, *family;
    int r;

    if (!json_is_object(value))
        return sds_json_fail_kind(error, at, "an object", value);
    r = sds_json_check_members(value, at, known, SDS_COUNT(known), error);
    if (r == 0)
        r = sds_json_read_text(json_object_get(value, "interface"), &interface_at,
                               "the name of an interface", &interface, error);
    if (r == 0)
        r = sds_json_read_text(json_object_get(value, "family"), &family_at, "\"ipv4\" or \"ipv6\"",
                               &family, error);
    if (r < 0)
        return r;
    if (strlen(interface) >= sizeof(seen.interface))
        return sds_json_fail(error, &interface_at, "longer than %zu bytes",
                             sizeof(seen.interface) - 1);
    memcpy(seen.interface, interface, strlen(interface));
    if (strcmp(family, "ipv4") == 0)
        seen.family = AF_INET;
    else if (strcmp(family, "ipv6") == 0)
        seen.family = AF_INET6;
    else
        return sds_json_fail_text(error, &family_at, "\"ipv4\" or \"ipv6\"", family);
    return sds_service_add_sighting(s, seen);
}

static int read_items(struct sds_service *s, const json_t *array, const struct sds_json_place *at,
                      read_member *read, struct sds_json_error *error)
{
    const json_t *item;
    size_t i;

    if (!json_is_array(array))
        return sds_json_fail_kind(error, at, "an array", array);
    json_array_foreach(array, i, item)
    {
        struct sds_json_place item_at = {at, NULL, i};
        int r = read(s, item, &item_at, error);

        if (r < 0)
            return r;
    }
    return 0;
}

/* An empty set says that there is none. */
static int read_subtypes(struct sds_service *s, const json_t *value,
                         const struct sds_json_place *at, struct sds_json_error *error)
{
    sds_service_set_missing(s, SDS_PART_SUBTYPES);
    return read_items(s, value, at, read_subtype, error);
}

static int read_subtypes_hex(struct sds_service *s, const json_t *value,
                             const struct sds_json_place *at, struct sds_json_error *error)
{
    sds_service_set_missing(s, SDS_PART_SUBTYPES);
    return read_items(s, value, at, read_subtype_hex, error);
}

static int read_addresses(struct sds_service *s, const json_t *value,
                          const struct sds_json_place *at, struct sds_json_error *error)
{
    sds_service_set_missing(s, SDS_PART_ADDRESSES);
    return read_items(s, value, at, read_address, error);
}

static int read_sightings(struct sds_service *s, const json_t *value,
                          const struct sds_json_place *at, struct sds_json_error *error)
{
    return read_items(s, value, at, read_sighting, error);
}

static int read_order_trusted(struct sds_service *s, const json_t *value,
                              const struct sds_json_place *at, struct sds_json_error *error)
{
    if (!json_is_boolean(value))
        return sds_json_fail_kind(error, at, "true or false", value);
    s->order_untrusted = json_is_false(value);
    return 0;
}

static int read_txt_rewritten(struct sds_service *s, const json_t *value,
                              const struct sds_json_place *at, struct sds_json_error *error)
{
    if (!json_is_boolean(value))
        return sds_json_fail_kind(error, at, "true or false", value);
    s->txt_rewritten = json_is_true(value);
    return 0;
}

static int read_txt_hex(struct sds_service *s, const json_t *value, const struct sds_json_place *at,
                        struct sds_json_error *error)
{
    SDS_CLEANUP(sds_freep) uint8_t *bytes = NULL;
    size_t len;
    int r = sds_json_read_hex(value, at, &bytes, &len, error);

    if (r < 0)
        return r;
    if (len > TXT_RDATA_MAX)
        return sds_json_fail(error, at, "longer than %d bytes", TXT_RDATA_MAX);
    return sds_service_set_txt(s, bytes, len);
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

static bool push_bytes(byte_arr *rdata, struct bytes bytes)
{
    for (size_t i = 0; i < bytes.len; i++)
        if (!sds_arr_push(rdata, bytes.p[i]))
            return false;
    return true;
}

/* Append an attribute to RDATA as one string, its length before it. */
static int read_attribute(const json_t *attribute, const struct sds_json_place *at, byte_arr *rdata,
                          struct sds_json_error *error)
{
    static const char *const known[] = {"key", "key_hex", "value", "value_hex"};
    static const struct bytes equals = {(const uint8_t *)"=", 1, NULL};
    SDS_CLEANUP(bytes_done) struct bytes key = {0};
    SDS_CLEANUP(bytes_done) struct bytes value = {0};
    size_t len;
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
    len = key.len + (value.p ? value.len + 1 : 0);
    if (len > TXT_STRING_MAX)
        return sds_json_fail(error, at, "key and value are longer than %d bytes", TXT_STRING_MAX);
    if (!sds_arr_push(rdata, (uint8_t)len) || !push_bytes(rdata, key) ||
        (value.p && (!push_bytes(rdata, equals) || !push_bytes(rdata, value))))
        return -ENOMEM;
    return 0;
}

/* The same for a string as it is to be sent: "name=value", or whatever else. */
static int read_string(const json_t *string, const struct sds_json_place *at, byte_arr *rdata,
                       struct sds_json_error *error)
{
    struct bytes bytes = {(const uint8_t *)json_string_value(string), json_string_length(string),
                          NULL};

    if (bytes.len > TXT_STRING_MAX)
        return sds_json_fail(error, at, "longer than %d bytes", TXT_STRING_MAX);
    return sds_arr_push(rdata, (uint8_t)bytes.len) && push_bytes(rdata, bytes) ? 0 : -ENOMEM;
}

static int read_txt_item(const json_t *item, const struct sds_json_place *at, byte_arr *rdata,
                         struct sds_json_error *error)
{
    if (json_is_string(item))
        return read_string(item, at, rdata, error);
    if (json_is_object(item))
        return read_attribute(item, at, rdata, error);
    return sds_json_fail_kind(error, at, "an object or a string", item);
}

/* RDATA from attributes and strings; none at all is one empty string (RFC 6763 6.1). */
static int read_txt(struct sds_service *s, const json_t *value, const struct sds_json_place *at,
                    struct sds_json_error *error)
{
    byte_arr rdata = {0};
    const json_t *item;
    size_t i;
    int r = 0;

    if (!json_is_array(value))
        return sds_json_fail_kind(error, at, "an array", value);
    json_array_foreach(value, i, item)
    {
        struct sds_json_place item_at = {at, NULL, i};

        r = read_txt_item(item, &item_at, &rdata, error);
        if (r == 0 && rdata.n > TXT_RDATA_MAX)
            r = sds_json_fail(error, at, "longer than %d bytes", TXT_RDATA_MAX);
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
    {"subtypes_hex", SDS_PART_SUBTYPES, read_subtypes_hex}, /* likewise */
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

/* Members that are read, and those that a report adds to them. */
static int check_members(const json_t *object, const struct sds_json_place *at,
                         struct sds_json_error *error)
{
    const char *known[SDS_COUNT(members) + 5] = {"type", "verdict", "findings", "findings_dropped",
                                                 "file"};

    for (size_t i = 0; i < SDS_COUNT(members); i++)
        known[5 + i] = members[i].name;
    return sds_json_check_members(object, at, known, SDS_COUNT(known), error);
}

int sds_service_from_json(const json_t *object, const struct sds_json_place *at,
                          struct sds_service **ret, struct sds_json_error *error)
{
    SDS_CLEANUP(sds_service_freep) struct sds_service *s = NULL;
    struct sds_json_place type_at = {at, "type", 0};
    const char *type;
    int r;

    if (!json_is_object(object))
        return sds_json_fail_kind(error, at, "an object", object);
    r = check_members(object, at, error);
    if (r == 0)
        r = sds_json_read_text(json_object_get(object, "type"), &type_at,
                               "a service type such as \"_ipp._tcp\"", &type, error);
    if (r < 0)
        return r;
    s = sds_service_new(type);
    if (!s)
        return -ENOMEM;
    for (size_t i = 0; i < SDS_COUNT(members); i++) {
        const struct member *m = &members[i];
        const json_t *value = json_object_get(object, m->name);
        struct sds_json_place member_at = {at, m->name, 0};

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
