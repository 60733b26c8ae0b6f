/* SPDX-License-Identifier: MIT */
#include "files/service_json.h"

#include <errno.h>
#include <string.h>

#include "base/mem.h"
#include "files/service_json_parts.h"

/* Of a set such as the addresses, into which each item is sorted. */
#define ITEMS_MAX 1000

SDS_DEFINE_FREEP(struct sds_service, sds_service_free)

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

int sds_json_read_items(struct sds_service *s, const json_t *array, const struct sds_json_place *at,
                        sds_read_member *read, struct sds_json_error *error)
{
    const json_t *item;
    size_t i;

    if (!json_is_array(array))
        return sds_json_fail_kind(error, at, "an array", array);
    if (json_array_size(array) > ITEMS_MAX)
        return sds_json_fail(error, at, "more than %d items", ITEMS_MAX);
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
    return sds_json_read_items(s, value, at, read_subtype, error);
}

static int read_subtypes_hex(struct sds_service *s, const json_t *value,
                             const struct sds_json_place *at, struct sds_json_error *error)
{
    sds_service_set_missing(s, SDS_PART_SUBTYPES);
    return sds_json_read_items(s, value, at, read_subtype_hex, error);
}

static int read_addresses(struct sds_service *s, const json_t *value,
                          const struct sds_json_place *at, struct sds_json_error *error)
{
    sds_service_set_missing(s, SDS_PART_ADDRESSES);
    return sds_json_read_items(s, value, at, read_address, error);
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

static const struct member {
    const char *name;
    enum sds_part part; /* what null says to be missing; 0 where null says nothing */
    sds_read_member *read;
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
    {"txt", SDS_PART_TXT, sds_read_txt},
    {"txt_hex", SDS_PART_TXT, sds_read_txt_hex}, /* likewise, and those below tell more */
    {"txt_strings_hex", SDS_PART_TXT, sds_read_txt_strings},
    {"txt_records_hex", SDS_PART_TXT, sds_read_txt_records},
    {"srv_count", 0, sds_read_srv_count},
    {"rival_host", 0, sds_read_rival_host},
    {"host_cname", SDS_PART_HOST_CNAME, sds_read_host_cname},
    {"ttl", SDS_PART_TTL, sds_read_ttl},
    {"cache_flush", SDS_PART_CACHE_FLUSH, sds_read_cache_flush},
    {"ptr_type", SDS_PART_PTR_TYPE, sds_read_ptr_type},
    {"meta_ptr", SDS_PART_META_PTRS, sds_read_meta_ptrs},
    {"packet_faults", 0, sds_read_packet_faults},
    {"packet_senders", 0, sds_read_packet_senders},
    {"sightings", 0, sds_read_sightings},
    {"interface", 0, sds_read_interfaces},
    {"order_trusted", 0, read_order_trusted},
    {"txt_rewritten", 0, read_txt_rewritten},
};

/* Members that are read, and those that a report adds to them. */
struct known {
    const char *names[SDS_COUNT(members) + 6];
};

static struct known known_members(void)
{
    struct known known = {{"type", "peers", "verdict", "findings", "findings_dropped", "file"}};

    for (size_t i = 0; i < SDS_COUNT(members); i++)
        known.names[6 + i] = members[i].name;
    return known;
}

bool sds_service_json_is_alike(const json_t *object)
{
    const struct known known = known_members();

    for (size_t i = 0; i < SDS_COUNT(known.names); i++)
        if (json_object_get(object, known.names[i]))
            return true;
    return false;
}

int sds_service_from_json(const json_t *object, const struct sds_json_place *at,
                          struct sds_service **ret, struct sds_json_error *error)
{
    SDS_CLEANUP(sds_service_freep) struct sds_service *s = NULL;
    const struct known known = known_members();
    struct sds_json_place type_at = {at, "type", 0};
    const char *type;
    int r;

    if (!json_is_object(object))
        return sds_json_fail_kind(error, at, "an object", object);
    r = sds_json_check_members(object, at, known.names, SDS_COUNT(known.names), error);
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

int sds_peers_from_json(const json_t *object, const struct sds_json_place *at,
                        struct sds_input_peers *ret, struct sds_json_error *error)
{
    const struct sds_json_place peers_at = {at, "peers", 0};
    const json_t *array = json_object_get(object, "peers"), *item;
    size_t i;

    if (!array || json_is_null(array))
        return 0;
    if (!json_is_array(array))
        return sds_json_fail_kind(error, &peers_at, "an array of services", array);
    ret->is_known = true;
    json_array_foreach(array, i, item)
    {
        const struct sds_json_place item_at = {&peers_at, NULL, i};
        SDS_CLEANUP(sds_service_freep) struct sds_service *peer = NULL;
        int r = sds_service_from_json(item, &item_at, &peer, error);

        if (r < 0)
            return r;
        if (!sds_arr_push(&ret->list, peer))
            return -ENOMEM;
        peer = NULL; /* the list has it */
    }
    return 0;
}
