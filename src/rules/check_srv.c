/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/ascii.h"
#include "base/mem.h"
#include "rules/rules.h"

/* Whether the SRV record is there; each of its members tells. */
static enum sds_state srv_state(const struct sds_service *service)
{
    const unsigned srv = SDS_PART_HOST | SDS_PART_PORT;

    if (service->missing & srv)
        return SDS_MISSING;
    if (service->srv_is_counted)
        return service->n_srv ? SDS_PRESENT : SDS_MISSING;
    return service->present & srv ? SDS_PRESENT : SDS_UNKNOWN;
}

/* What would stand in the record, or be found through it. */
static bool is_of_srv(enum sds_rule_index rule)
{
    const unsigned parts = SDS_PART_HOST | SDS_PART_PORT | SDS_PART_ADDRESSES;

    return rule == SDS_RULE_TXT_REPEATS_SRV ||
           (rule != SDS_RULE_SRV_MISSING && sds_rule_at(rule)->part & parts);
}

void sds_silence_srv(struct sds_check *check)
{
    if (srv_state(check->service) != SDS_MISSING)
        return;
    for (enum sds_rule_index i = 0; i < SDS_RULE__COUNT; i++)
        if (is_of_srv(i))
            check->severity[i] = SDS_SEV_OFF;
}

/* A TXT record that says nothing; a missing one is none. */
static bool is_empty_txt(const struct sds_service *service)
{
    struct sds_txt_iter iter = sds_txt_begin(service->txt.p, service->txt.len);
    struct sds_txt_string string;

    if (sds_service_state(service, SDS_PART_TXT) != SDS_PRESENT)
        return false;
    while (sds_txt_next(&iter, &string))
        if (string.bytes.len > 0)
            return false;
    return true;
}

static void check_port(struct sds_check *check)
{
    const struct sds_service *service = check->service;

    if (sds_service_state(service, SDS_PART_PORT) != SDS_PRESENT || service->port != 0 ||
        sds_name_of_type_is(check, "device-info"))
        return;
    if (sds_name_of_type_is(check, "printer")) {
        if (sds_service_state(service, SDS_PART_TXT) == SDS_UNKNOWN) {
            sds_lacks_evidence(check, SDS_RULE_SRV_PORT_ZERO);
            return;
        }
        if (is_empty_txt(
                service)) /* RFC 6763 8: a printer that does not speak LPR keeps its name */
            return;
    }
    sds_report(check, SDS_RULE_SRV_PORT_ZERO, SDS_WHOLE, "SRV port is 0");
}

/* RFC 6763 5: of a single SRV record, both are to be 0. */
static void check_priority(struct sds_check *check)
{
    const unsigned parts = SDS_PART_PRIORITY | SDS_PART_WEIGHT;
    const struct sds_service *service = check->service;

    if (srv_state(service) == SDS_MISSING || (service->srv_is_counted && service->n_srv != 1))
        return;
    if (service->priority != 0 || service->weight != 0)
        sds_report(check, SDS_RULE_SRV_PRIORITY_WEIGHT, SDS_WHOLE,
                   "priority is %u and weight %u in a single SRV record", service->priority,
                   service->weight);
    else if (parts & ~(service->present | service->missing))
        sds_lacks_evidence(check, SDS_RULE_SRV_PRIORITY_WEIGHT);
}

/* RFC 2782: the target must not be an alias. */
static void check_alias(struct sds_check *check)
{
    const struct sds_service *service = check->service;

    if (sds_service_state(service, SDS_PART_HOST_CNAME) != SDS_PRESENT)
        return;
    if (service->host_cname)
        sds_report(check, SDS_RULE_TARGET_IS_ALIAS, SDS_WHOLE, "SRV target is an alias of '%s'",
                   SDS_QUOTED(sds_text_span(service->host_cname)));
    else
        sds_report(check, SDS_RULE_TARGET_IS_ALIAS, SDS_WHOLE, "SRV target is an alias");
}

static bool begins_with(const struct sds_address *address, size_t len, const uint8_t *prefix,
                        size_t prefix_len)
{
    return address->len == len && memcmp(address->bytes, prefix, prefix_len) == 0;
}

/* 127/8 and ::1 */
static bool is_loopback(const struct sds_address *address)
{
    static const uint8_t v6[16] = {[15] = 1};

    return (address->len == 4 && address->bytes[0] == 127) ||
           begins_with(address, 16, v6, sizeof(v6));
}

/* Unspecified, multicast and broadcast addresses belong to no host (RFC 1122 3.2.1.3). */
static bool is_unusable(const struct sds_address *address)
{
    static const uint8_t zeros[16], ones[4] = {255, 255, 255, 255};

    return begins_with(address, address->len, zeros, address->len) ||
           begins_with(address, 4, ones, sizeof(ones)) ||
           (address->len == 4 && (address->bytes[0] & 0xF0) == 0xE0) ||
           (address->len == 16 && address->bytes[0] == 0xFF);
}

/* "lo", "lo0" as the BSDs number it, "lo:1": whatever begins so. */
static bool is_seen_on_loopback(const struct sds_service *service)
{
    for (size_t i = 0; i < service->n_sightings; i++)
        if (strncmp(service->sightings[i].interface, "lo", 2) == 0)
            return true;
    return false;
}

/* Link-local addresses are on link by definition (RFC 3927 2.8, RFC 4291 2.5.6). */
static bool is_on_link(const struct sds_service *service, const struct sds_address *address)
{
    for (size_t i = 0; i < service->n_prefixes; i++)
        if (sds_prefix_covers(&service->prefixes[i], *address))
            return true;
    return sds_address_is_link_local(*address);
}

static void check_prefixes(struct sds_check *check)
{
    const struct sds_service *service = check->service;

    for (size_t i = 0; i < service->n_addresses; i++)
        if (is_on_link(service, &service->addresses[i]))
            return;
    if (service->n_addresses > 0)
        sds_report(check, SDS_RULE_ADDRESS_OFF_SUBNET, SDS_WHOLE,
                   "no address is in a subnet of the receiving interface");
}

static void report_address(struct sds_check *check, enum sds_rule_index rule,
                           const struct sds_address *address, const char *fault)
{
    char text[SDS_ADDRESS_TEXT_SIZE];

    sds_address_format(*address, text);
    sds_report(check, rule, SDS_WHOLE, "address %s %s", text, fault);
}

static void check_addresses(struct sds_check *check)
{
    const struct sds_service *service = check->service;
    bool is_on_loopback = is_seen_on_loopback(service);
    size_t n_link_local = 0;

    for (size_t i = 0; i < service->n_addresses; i++) {
        const struct sds_address *address = &service->addresses[i];

        if (sds_address_is_link_local(*address))
            n_link_local++;
        else if (is_loopback(address) && !is_on_loopback)
            report_address(check, SDS_RULE_ADDRESS_LOOPBACK, address, "is a loopback address");
        else if (is_unusable(address))
            report_address(check, SDS_RULE_ADDRESS_UNUSABLE, address, "is not a host's address");
    }
    if (n_link_local > 0 && n_link_local == service->n_addresses)
        sds_report(check, SDS_RULE_ADDRESS_LINK_LOCAL_ONLY, SDS_WHOLE,
                   "SRV target has link-local addresses only");
}

void sds_check_srv(struct sds_check *check)
{
    const struct sds_service *service = check->service;
    enum sds_state srv = srv_state(service);

    if (srv == SDS_UNKNOWN)
        sds_lacks_evidence(check, SDS_RULE_SRV_MISSING);
    else if (srv == SDS_MISSING && !sds_name_of_type_is(check, "device-info"))
        sds_report(check, SDS_RULE_SRV_MISSING, SDS_WHOLE, "service has no SRV record");
    check_port(check);
    check_priority(check);
    if (service->n_srv > 1)
        sds_report(check, SDS_RULE_SRV_MULTIPLE, SDS_WHOLE, "service has %lu SRV records",
                   (unsigned long)service->n_srv);
    check_alias(check);

    /* without a target, there is nothing whose addresses could be missing */
    if (!(service->srv_is_counted && service->n_srv == 0) &&
        sds_service_state(service, SDS_PART_HOST) != SDS_MISSING &&
        !(service->host && sds_is_root(service->host)) &&
        sds_service_state(service, SDS_PART_ADDRESSES) != SDS_UNKNOWN && service->n_addresses == 0)
        sds_report(check, SDS_RULE_ADDRESS_NONE, SDS_WHOLE, "SRV target '%s' has no address",
                   SDS_QUOTED(sds_text_span(service->host ? service->host : "")));
    check_addresses(check);
    check_prefixes(check);
}
