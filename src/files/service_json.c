/* SPDX-License-Identifier: MIT */
#include "files/service_json.h"

#include <string.h>

#include "base/ascii.h"
#include "base/mem.h"
#include "base/text.h"
#include "files/service_json_parts.h"

json_t *sds_name_to_json(const char *text)
{
    SDS_CLEANUP(sds_freep) char *formatted = NULL;
    struct sds_name name;
    json_t *json = json_string(text);

    if (json)
        return json;
    sds_name_parse(text, &name);
    formatted = sds_name_format(&name, 0, name.n_labels);
    return formatted ? json_string(formatted) : NULL;
}

json_t *sds_hex_to_json(struct sds_span bytes)
{
    SDS_CLEANUP(sds_freep) char *hex = sds_hex_encode(bytes.p, bytes.len);

    return hex ? json_string(hex) : NULL;
}

int sds_json_set_bytes(json_t *object, const char *name, const char *name_hex,
                       struct sds_span bytes)
{
    if (sds_text_is_utf8(bytes.p, bytes.len))
        return json_object_set_new(object, name,
                                   json_stringn(bytes.len ? (const char *)bytes.p : "", bytes.len));
    return json_object_set_new(object, name_hex, sds_hex_to_json(bytes));
}

static json_t *domain_json(const struct sds_service *s)
{
    return sds_name_to_json(s->domain);
}

static json_t *host_json(const struct sds_service *s)
{
    return sds_name_to_json(s->host);
}

static json_t *port_json(const struct sds_service *s)
{
    return json_integer(s->port);
}

static json_t *priority_json(const struct sds_service *s)
{
    return json_integer(s->priority);
}

static json_t *weight_json(const struct sds_service *s)
{
    return json_integer(s->weight);
}

static json_t *subtypes_json(const struct sds_service *s)
{
    json_auto_t *array = json_array();

    for (size_t i = 0; i < s->n_subtypes; i++)
        if (json_array_append_new(array, sds_name_to_json(s->subtypes[i])))
            return NULL;
    return SDS_TAKE(array);
}

static struct sds_span label_of(const struct sds_name *name)
{
    return name->n_labels ? sds_name_label(name, 0) : (struct sds_span){NULL, 0};
}

static json_t *subtypes_hex_json(const struct sds_service *s)
{
    json_auto_t *array = json_array();

    for (size_t i = 0; i < s->n_subtypes; i++) {
        struct sds_name name;

        sds_name_parse(s->subtypes[i], &name);
        if (json_array_append_new(array, sds_hex_to_json(label_of(&name))))
            return NULL;
    }
    return SDS_TAKE(array);
}

static json_t *addresses_json(const struct sds_service *s)
{
    json_auto_t *array = json_array();

    for (size_t i = 0; i < s->n_addresses; i++) {
        char text[SDS_ADDRESS_TEXT_SIZE];

        sds_address_format(s->addresses[i], text);
        if (json_array_append_new(array, json_string(text)))
            return NULL;
    }
    return SDS_TAKE(array);
}

static int set_instance(json_t *object, const struct sds_service *s)
{
    switch (sds_service_state(s, SDS_PART_INSTANCE)) {
    case SDS_PRESENT:
        return sds_json_set_bytes(object, "instance", "instance_hex", s->instance);
    case SDS_MISSING:
        return json_object_set_new(object, "instance", json_null());
    case SDS_UNKNOWN:
        break;
    }
    return 0;
}

/* How the subtypes are written: as hex digits where a label is not UTF-8 and all are no more than
 * their labels, so that nothing is lost; else as text. */
static int choose_hex(const struct sds_service *s, bool *ret)
{
    bool has_bytes = false;

    *ret = false;
    for (size_t i = 0; i < s->n_subtypes; i++) {
        SDS_CLEANUP(sds_freep) char *again = NULL;
        struct sds_name name;
        struct sds_span label;

        sds_name_parse(s->subtypes[i], &name);
        label = label_of(&name);
        again = sds_label_format(label.p, label.len);
        if (!again)
            return -1;
        if (strcmp(again, s->subtypes[i]) != 0)
            return 0;
        has_bytes |= !sds_text_is_utf8(label.p, label.len);
    }
    *ret = has_bytes;
    return 0;
}

static int set_subtypes(json_t *object, const struct sds_service *s)
{
    bool is_hex;

    switch (sds_service_state(s, SDS_PART_SUBTYPES)) {
    case SDS_PRESENT:
        if (choose_hex(s, &is_hex))
            return -1;
        if (is_hex)
            return json_object_set_new(object, "subtypes_hex", subtypes_hex_json(s));
        return json_object_set_new(object, "subtypes", subtypes_json(s));
    case SDS_MISSING:
        return json_object_set_new(object, "subtypes", json_null());
    case SDS_UNKNOWN:
        break;
    }
    return 0;
}

static int set_parts(json_t *object, const struct sds_service *s)
{
    const struct {
        const char *name;
        enum sds_part part;
        json_t *(*make)(const struct sds_service *s);
    } members[] = {
        {"domain", SDS_PART_DOMAIN, domain_json},
        {"host", SDS_PART_HOST, host_json},
        {"port", SDS_PART_PORT, port_json},
        {"priority", SDS_PART_PRIORITY, priority_json},
        {"weight", SDS_PART_WEIGHT, weight_json},
        {"addresses", SDS_PART_ADDRESSES, addresses_json},
        {s->n_long_strings ? "txt_strings_hex" : "txt_hex", SDS_PART_TXT, sds_txt_hex_to_json},
        {"txt", SDS_PART_TXT, sds_txt_to_json},
        {"host_cname", SDS_PART_HOST_CNAME, sds_host_cname_to_json},
        {"ttl", SDS_PART_TTL, sds_ttl_to_json},
        {"cache_flush", SDS_PART_CACHE_FLUSH, sds_cache_flush_to_json},
        {"ptr_type", SDS_PART_PTR_TYPE, sds_ptr_type_to_json},
        {"meta_ptr", SDS_PART_META_PTRS, sds_meta_ptrs_to_json},
    };

    for (size_t i = 0; i < SDS_COUNT(members); i++) {
        enum sds_state state = sds_service_state(s, members[i].part);

        if (state != SDS_UNKNOWN &&
            json_object_set_new(object, members[i].name,
                                state == SDS_PRESENT ? members[i].make(s) : json_null()))
            return -1;
    }
    return 0;
}

json_t *sds_service_to_json(const struct sds_service *s)
{
    json_auto_t *object = json_object();

    if (set_instance(object, s) || json_object_set_new(object, "type", sds_name_to_json(s->type)) ||
        set_subtypes(object, s) || set_parts(object, s) || sds_json_set_txt_records(object, s) ||
        sds_json_set_srv_count(object, s) || sds_json_set_packets(object, s) ||
        sds_json_set_rival_host(object, s) || sds_json_set_links(object, s))
        return NULL;
    if (s->order_untrusted && json_object_set_new(object, "order_trusted", json_false()))
        return NULL;
    if (s->txt_rewritten && json_object_set_new(object, "txt_rewritten", json_true()))
        return NULL;
    return SDS_TAKE(object);
}
