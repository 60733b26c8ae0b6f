/* SPDX-License-Identifier: MIT */
#include "sdscope/service.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <sys/socket.h>

#include "base/ascii.h"
#include "base/mem.h"
#include "dnssd/records.h"

SDS_DEFINE_FREEP(struct sds_service, sds_service_free)

struct sds_service *sds_service_new(const char *type)
{
    struct sds_service *s = calloc(1, sizeof(*s));

    if (!s)
        return NULL;
    s->type = strdup(type);
    if (!s->type) {
        free(s);
        return NULL;
    }
    s->present = SDS_PART_TYPE;
    return s;
}

static void drop_value(struct sds_service *s, enum sds_part part)
{
    switch (part) {
    case SDS_PART_INSTANCE:
        free((void *)s->instance.p);
        s->instance = (struct sds_span){NULL, 0};
        break;
    case SDS_PART_SUBTYPES:
        sds_texts_done(&s->subtypes, &s->n_subtypes);
        break;
    case SDS_PART_DOMAIN:
        free(SDS_TAKE(s->domain));
        break;
    case SDS_PART_HOST:
        free(SDS_TAKE(s->host));
        sds_records_drop(s, part);
        break;
    case SDS_PART_ADDRESSES:
        free(SDS_TAKE(s->addresses));
        s->n_addresses = 0;
        break;
    case SDS_PART_TXT:
        free((void *)s->txt.p);
        s->txt = (struct sds_span){NULL, 0};
        sds_records_drop(s, part);
        break;
    case SDS_PART_PORT:
        s->port = 0;
        break;
    case SDS_PART_PRIORITY:
        s->priority = 0;
        break;
    case SDS_PART_WEIGHT:
        s->weight = 0;
        break;
    case SDS_PART_TTL:
    case SDS_PART_HOST_CNAME:
    case SDS_PART_CACHE_FLUSH:
    case SDS_PART_PTR_TYPE:
    case SDS_PART_META_PTRS:
        sds_records_drop(s, part);
        break;
    case SDS_PART_TYPE:
    case SDS_PART_FILE:
        break; /* always present, or never */
    }
}

void sds_service_mark_present(struct sds_service *s, enum sds_part part)
{
    s->present |= part;
    s->missing &= ~(unsigned)part;
}

struct sds_service *sds_service_free(struct sds_service *s)
{
    if (!s)
        return NULL;
    for (unsigned part = 1; part <= SDS_PART__LAST; part <<= 1)
        drop_value(s, part);
    free(s->type);
    free(s->sightings);
    free(s->prefixes);
    free(s->packet_senders);
    free(s);
    return NULL;
}

struct sds_service *sds_service_dup_name(const struct sds_service *from)
{
    SDS_CLEANUP(sds_service_freep) struct sds_service *s = sds_service_new(from->type);

    if (!s ||
        (from->present & SDS_PART_INSTANCE &&
         sds_service_set_instance(s, from->instance.p, from->instance.len)) ||
        (from->domain && sds_service_set_domain(s, from->domain)))
        return NULL;
    return SDS_TAKE(s);
}

struct sds_service *sds_service_dup(const struct sds_service *from)
{
    SDS_CLEANUP(sds_service_freep) struct sds_service *s = sds_service_dup_name(from);

    if (!s)
        return NULL;
    if ((from->host && sds_service_set_host(s, from->host)) ||
        (from->present & SDS_PART_TXT && sds_service_set_txt(s, from->txt.p, from->txt.len)))
        return NULL;
    for (size_t i = 0; i < from->n_subtypes; i++)
        if (sds_service_append_subtype(s, from->subtypes[i]))
            return NULL;
    for (size_t i = 0; i < from->n_addresses; i++)
        if (sds_service_add_address(s, from->addresses[i]))
            return NULL;
    for (size_t i = 0; i < from->n_sightings; i++)
        if (sds_service_add_sighting(s, from->sightings[i]))
            return NULL;
    if (sds_records_copy(s, from))
        return NULL;
    s->port = from->port;
    s->priority = from->priority;
    s->weight = from->weight;
    s->order_untrusted = from->order_untrusted;
    s->txt_rewritten = from->txt_rewritten;
    s->present = from->present;
    s->missing = from->missing;
    return SDS_TAKE(s);
}

enum sds_state sds_service_state(const struct sds_service *s, enum sds_part part)
{
    if (s->present & part)
        return SDS_PRESENT;
    return s->missing & part ? SDS_MISSING : SDS_UNKNOWN;
}

void sds_service_set_missing(struct sds_service *s, enum sds_part part)
{
    drop_value(s, part);
    s->present &= ~(unsigned)part;
    s->missing |= part;
}

void sds_service_set_unknown(struct sds_service *s, enum sds_part part)
{
    drop_value(s, part);
    s->present &= ~(unsigned)part;
    s->missing &= ~(unsigned)part;
}

bool sds_span_dup(struct sds_span from, struct sds_span *ret)
{
    uint8_t *copy = malloc(from.len + 1); /* one more, so that nothing at all is not NULL */

    if (!copy)
        return false;
    if (from.len)
        memcpy(copy, from.p, from.len);
    copy[from.len] = 0;
    *ret = (struct sds_span){copy, from.len};
    return true;
}

static int set_bytes(struct sds_service *s, enum sds_part part, struct sds_span *to,
                     const void *bytes, size_t len)
{
    struct sds_span copy;

    if (!sds_span_dup((struct sds_span){bytes, len}, &copy))
        return -ENOMEM;
    free((void *)to->p);
    *to = copy;
    sds_service_mark_present(s, part);
    return 0;
}

int sds_service_set_text(struct sds_service *s, enum sds_part part, char **to, const char *text)
{
    char *copy = text ? strdup(text) : NULL;

    if (text && !copy)
        return -ENOMEM;
    free(*to);
    *to = copy;
    sds_service_mark_present(s, part);
    return 0;
}

int sds_service_set_instance(struct sds_service *s, const void *bytes, size_t len)
{
    return set_bytes(s, SDS_PART_INSTANCE, &s->instance, bytes, len);
}

int sds_service_set_txt(struct sds_service *s, const void *rdata, size_t len)
{
    int r = set_bytes(s, SDS_PART_TXT, &s->txt, rdata, len);

    if (r == 0)
        sds_records_drop(s, SDS_PART_TXT);
    return r;
}

int sds_service_set_domain(struct sds_service *s, const char *domain)
{
    return sds_service_set_text(s, SDS_PART_DOMAIN, &s->domain, domain);
}

int sds_service_set_host(struct sds_service *s, const char *host)
{
    return sds_service_set_text(s, SDS_PART_HOST, &s->host, host);
}

void sds_service_set_port(struct sds_service *s, uint16_t port)
{
    s->port = port;
    sds_service_mark_present(s, SDS_PART_PORT);
}

void sds_service_set_priority(struct sds_service *s, uint16_t priority)
{
    s->priority = priority;
    sds_service_mark_present(s, SDS_PART_PRIORITY);
}

void sds_service_set_weight(struct sds_service *s, uint16_t weight)
{
    s->weight = weight;
    sds_service_mark_present(s, SDS_PART_WEIGHT);
}

int sds_service_append_subtype(struct sds_service *s, const char *subtype)
{
    int r = sds_texts_append(&s->subtypes, &s->n_subtypes, subtype);

    if (r == 0)
        sds_service_mark_present(s, SDS_PART_SUBTYPES);
    return r;
}

int sds_service_add_subtype(struct sds_service *s, const char *subtype)
{
    for (size_t i = 0; i < s->n_subtypes; i++)
        if (strcmp(s->subtypes[i], subtype) == 0)
            return 0;
    return sds_service_append_subtype(s, subtype);
}

int sds_service_add_address(struct sds_service *s, struct sds_address address)
{
    struct sds_address *grown;
    size_t at = 0;

    while (at < s->n_addresses && sds_address_cmp(&s->addresses[at], &address) < 0)
        at++;
    if (at < s->n_addresses && sds_address_cmp(&s->addresses[at], &address) == 0)
        return 0;
    grown = reallocarray(s->addresses, s->n_addresses + 1, sizeof(*grown));
    if (!grown)
        return -ENOMEM;
    s->addresses = grown;
    memmove(&grown[at + 1], &grown[at], (s->n_addresses++ - at) * sizeof(*grown));
    grown[at] = address;
    sds_service_mark_present(s, SDS_PART_ADDRESSES);
    return 0;
}

int sds_service_add_sighting(struct sds_service *s, struct sds_sighting sighting)
{
    struct sds_sighting *grown;

    for (size_t i = 0; i < s->n_sightings; i++) {
        struct sds_sighting *known = &s->sightings[i];

        if (strcmp(known->interface, sighting.interface) != 0)
            continue;
        if (known->family == AF_UNSPEC)
            known->family = sighting.family;
        if (known->family == sighting.family || sighting.family == AF_UNSPEC)
            return 0;
    }
    grown = reallocarray(s->sightings, s->n_sightings + 1, sizeof(*grown));
    if (!grown)
        return -ENOMEM;
    s->sightings = grown;
    s->sightings[s->n_sightings++] = sighting;
    return 0;
}

static int text_cmp(const char *a, const char *b)
{
    a = a ? a : "";
    b = b ? b : "";
    return sds_fold_cmp(a, strlen(a), b, strlen(b));
}

int sds_span_cmp(struct sds_span a, struct sds_span b)
{
    size_t n = a.len < b.len ? a.len : b.len;
    int order = n ? memcmp(a.p, b.p, n) : 0;

    return order ? order : (a.len > b.len) - (a.len < b.len);
}

int sds_service_cmp(const struct sds_service *a, const struct sds_service *b)
{
    int order = sds_fold_cmp(a->instance.p, a->instance.len, b->instance.p, b->instance.len);

    if (!order)
        order = text_cmp(a->type, b->type);
    if (!order)
        order = text_cmp(a->domain, b->domain);
    return order;
}

bool sds_text_differs(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) != 0 : a != b;
}

static bool subtypes_differ(const struct sds_service *a, const struct sds_service *b)
{
    return sds_texts_differ(a->subtypes, a->n_subtypes, b->subtypes, b->n_subtypes);
}

static bool addresses_differ(const struct sds_service *a, const struct sds_service *b)
{
    if (a->n_addresses != b->n_addresses)
        return true;
    for (size_t i = 0; i < a->n_addresses; i++)
        if (sds_address_cmp(&a->addresses[i], &b->addresses[i]) != 0)
            return true;
    return false;
}

unsigned sds_service_diff(const struct sds_service *a, const struct sds_service *b)
{
    unsigned diff = (a->present ^ b->present) | (a->missing ^ b->missing);

    if (sds_span_cmp(a->instance, b->instance))
        diff |= SDS_PART_INSTANCE;
    if (sds_text_differs(a->type, b->type))
        diff |= SDS_PART_TYPE;
    if (sds_text_differs(a->domain, b->domain))
        diff |= SDS_PART_DOMAIN;
    if (sds_text_differs(a->host, b->host))
        diff |= SDS_PART_HOST;
    if (sds_span_cmp(a->txt, b->txt))
        diff |= SDS_PART_TXT;
    if (subtypes_differ(a, b))
        diff |= SDS_PART_SUBTYPES;
    if (addresses_differ(a, b))
        diff |= SDS_PART_ADDRESSES;
    if (a->port != b->port)
        diff |= SDS_PART_PORT;
    if (a->priority != b->priority)
        diff |= SDS_PART_PRIORITY;
    if (a->weight != b->weight)
        diff |= SDS_PART_WEIGHT;
    return diff | sds_records_diff(a, b);
}

bool sds_service_is_local(const struct sds_service *s)
{
    struct sds_name domain;

    if (!s->domain)
        return true;
    sds_name_parse(s->domain, &domain);
    return sds_name_is_local(&domain);
}

const char *sds_part_name(enum sds_part part)
{
    switch (part) {
    case SDS_PART_INSTANCE:
        return "instance";
    case SDS_PART_SUBTYPES:
        return "subtypes";
    case SDS_PART_DOMAIN:
        return "domain";
    case SDS_PART_HOST:
        return "host";
    case SDS_PART_PORT:
        return "port";
    case SDS_PART_PRIORITY:
        return "priority";
    case SDS_PART_WEIGHT:
        return "weight";
    case SDS_PART_ADDRESSES:
        return "addresses";
    case SDS_PART_TXT:
        return "txt";
    case SDS_PART_TTL:
        return "ttl";
    case SDS_PART_TYPE:
        return "type";
    case SDS_PART_FILE:
        return "file";
    case SDS_PART_HOST_CNAME:
        return "host_cname";
    case SDS_PART_CACHE_FLUSH:
        return "cache_flush";
    case SDS_PART_PTR_TYPE:
        return "ptr_type";
    case SDS_PART_META_PTRS:
        return "meta_ptr";
    }
    return NULL;
}
