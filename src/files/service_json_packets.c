/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/mem.h"
#include "files/service_json_parts.h"
#include "sdscope/packet.h"

/* ---- reading ------------------------------------------------------------------------------- */

static int read_fault(const json_t *value, const struct sds_json_place *at, uint32_t *faults,
                      struct sds_json_error *error)
{
    static const char expected[] = "a fault of packets such as \"response-id\"";
    const char *word;
    int fault, r = sds_json_read_text(value, at, expected, &word, error);

    if (r < 0)
        return r;
    fault = sds_packet_fault_from_name(word);
    if (fault < 0)
        return sds_json_fail_text(error, at, expected, word);
    *faults |= UINT32_C(1) << fault;
    return 0;
}

static int read_faults(const json_t *array, const struct sds_json_place *at, uint32_t *ret,
                       struct sds_json_error *error)
{
    const json_t *item;
    size_t i;

    *ret = 0;
    if (!json_is_array(array))
        return sds_json_fail_kind(error, at, "an array", array);
    json_array_foreach(array, i, item)
    {
        const struct sds_json_place item_at = {at, NULL, i};
        int r = read_fault(item, &item_at, ret, error);

        if (r < 0)
            return r;
    }
    return 0;
}

/* An empty set says that they are right. */
int sds_read_packet_faults(struct sds_service *s, const json_t *value,
                           const struct sds_json_place *at, struct sds_json_error *error)
{
    uint32_t faults;
    int r = read_faults(value, at, &faults, error);

    if (r == 0)
        sds_service_add_packet_faults(s, faults);
    return r;
}

/* What may be absent. */
static int read_origin(const json_t *object, const struct sds_json_place *at,
                       struct sds_packet_sender *ret, struct sds_json_error *error)
{
    const struct sds_json_place interface_at = {at, "interface", 0}, port_at = {at, "port", 0};
    const json_t *interface = json_object_get(object, "interface");
    const json_t *number = json_object_get(object, "port");
    uint32_t port = 0;
    int r = 0;

    if (interface && !json_is_null(interface))
        r = sds_json_read_interface(interface, &interface_at, ret->interface, error);
    if (r == 0 && number && !json_is_null(number))
        r = sds_json_read_number(number, &port_at, UINT16_MAX, &port, error);
    ret->port = (uint16_t)port;
    return r;
}

static int read_sender(struct sds_service *s, const json_t *value, const struct sds_json_place *at,
                       struct sds_json_error *error)
{
    static const char *const known[] = {"address", "interface", "port", "faults"};
    static const char expected[] = "an address such as \"192.0.2.7\"";
    const struct sds_json_place address_at = {at, "address", 0}, faults_at = {at, "faults", 0};
    struct sds_packet_sender sender = {.port = 0};
    const char *address;
    int r;

    if (!json_is_object(value))
        return sds_json_fail_kind(error, at, "an object", value);
    r = sds_json_check_members(value, at, known, SDS_COUNT(known), error);
    if (r == 0)
        r = sds_json_read_text(json_object_get(value, "address"), &address_at, expected, &address,
                               error);
    if (r == 0 && !sds_address_parse(address, &sender.address))
        r = sds_json_fail_text(error, &address_at, expected, address);
    if (r == 0)
        r = read_origin(value, at, &sender, error);
    if (r == 0)
        r = read_faults(json_object_get(value, "faults"), &faults_at, &sender.faults, error);
    return r == 0 ? sds_service_add_packet_sender(s, &sender) : r;
}

int sds_read_packet_senders(struct sds_service *s, const json_t *value,
                            const struct sds_json_place *at, struct sds_json_error *error)
{
    return sds_json_read_items(s, value, at, read_sender, error);
}

/* ---- writing ------------------------------------------------------------------------------- */

static json_t *faults_json(uint32_t faults)
{
    json_auto_t *array = json_array();

    for (enum sds_packet_fault fault = 0; fault < SDS_PACKET__COUNT; fault++)
        if (faults >> fault & 1 &&
            json_array_append_new(array, json_string(sds_packet_fault_name(fault))))
            return NULL;
    return SDS_TAKE(array);
}

static json_t *sender_json(const struct sds_packet_sender *sender)
{
    json_auto_t *object = json_object();
    char address[SDS_ADDRESS_TEXT_SIZE];

    sds_address_format(sender->address, address);
    if (json_object_set_new(object, "address", json_string(address)) ||
        (*sender->interface &&
         json_object_set_new(object, "interface", sds_text_to_json(sender->interface))) ||
        (sender->port && json_object_set_new(object, "port", json_integer(sender->port))) ||
        json_object_set_new(object, "faults", faults_json(sender->faults)))
        return NULL;
    return SDS_TAKE(object);
}

static json_t *senders_json(const struct sds_service *s)
{
    json_auto_t *array = json_array();

    for (size_t i = 0; i < s->n_packet_senders; i++)
        if (json_array_append_new(array, sender_json(&s->packet_senders[i])))
            return NULL;
    return SDS_TAKE(array);
}

int sds_json_set_packets(json_t *object, const struct sds_service *s)
{
    if (s->packets_are_judged &&
        json_object_set_new(object, "packet_faults", faults_json(s->packet_faults)))
        return -1;
    return s->n_packet_senders ? json_object_set_new(object, "packet_senders", senders_json(s)) : 0;
}
