/* SPDX-License-Identifier: MIT */
#include <string.h>
#include <strings.h>

#include <sys/socket.h>

#include "base/ascii.h"
#include "base/mem.h"
#include "base/text.h"
#include "watch/page_parts.h"

#define KIND_WIDTH ((size_t)6) /* "AAAA" and a gap */

/* Whether a part is there; says so where it is not. */
static bool has_part(struct sds_page *page, const struct sds_service *s, enum sds_part part)
{
    switch (sds_service_state(s, part)) {
    case SDS_UNKNOWN:
        sds_page_put_fact(page, sds_part_name(part), "(not known)");
        return false;
    case SDS_MISSING:
        sds_page_put_fact(page, sds_part_name(part), "(none)");
        return false;
    case SDS_PRESENT:
        break;
    }
    return true;
}

static void put_host(struct sds_page *page, const struct sds_service *s)
{
    if (has_part(page, s, SDS_PART_HOST))
        sds_page_take_fact(page, "host", sds_text_dup_name(s->host));
    if (s->rival_host)
        sds_page_take_fact(page, "rival", sds_text_dup_name(s->rival_host));
    if (s->host_cname)
        sds_page_take_fact(page, "alias of", sds_text_dup_name(s->host_cname));
    else if (sds_service_state(s, SDS_PART_HOST_CNAME) == SDS_PRESENT)
        sds_page_put_fact(page, "alias of", "(another name)");
}

static void put_number(struct sds_page *page, const struct sds_service *s, enum sds_part part,
                       uint16_t number)
{
    SDS_CLEANUP(sds_freep) char *text = sds_text_format(", %s %u", sds_part_name(part), number);

    if (sds_service_state(s, part) == SDS_PRESENT)
        sds_page_put(page, SDS_INK_PLAIN, text, sds_page_fact_column(page));
}

static void put_port(struct sds_page *page, const struct sds_service *s)
{
    SDS_CLEANUP(sds_freep) char *port = sds_text_format("%u", s->port);

    if (has_part(page, s, SDS_PART_PORT)) {
        sds_page_put_label(page, "port");
        sds_page_put(page, SDS_INK_PLAIN, port, sds_page_fact_column(page));
        put_number(page, s, SDS_PART_PRIORITY, s->priority);
        put_number(page, s, SDS_PART_WEIGHT, s->weight);
        sds_page_end_line(page);
    }
    if (s->srv_is_counted && s->n_srv > 1)
        sds_page_take_fact(page, "srv",
                           sds_text_format("the first of %lu records", (unsigned long)s->n_srv));
}

static void put_addresses(struct sds_page *page, const struct sds_service *s)
{
    if (!has_part(page, s, SDS_PART_ADDRESSES))
        return;
    for (size_t i = 0; i < s->n_addresses; i++) {
        char text[SDS_ADDRESS_TEXT_SIZE];

        sds_address_format(s->addresses[i], text);
        sds_page_put_fact(page, i ? "" : "addresses", text);
    }
}

/* Names of a set, one a line. */
static void put_names(struct sds_page *page, const char *label, char *const *names, size_t n)
{
    for (size_t i = 0; i < n; i++)
        sds_page_take_fact(page, i ? "" : label, sds_text_dup_name(names[i]));
}

/* The families of an interface that comes for the first time: " IPv4, IPv6". */
static char *format_families(const struct sds_service *s, const char *interface)
{
    bool has[2] = {false};

    for (size_t i = 0; i < s->n_sightings; i++) {
        if (strcmp(s->sightings[i].interface, interface) != 0)
            continue;
        has[0] |= s->sightings[i].family == AF_INET;
        has[1] |= s->sightings[i].family == AF_INET6;
    }
    return sds_text_format("%s%s%s", has[0] ? " IPv4" : "", has[0] && has[1] ? "," : "",
                           has[1] ? " IPv6" : "");
}

static bool was_seen_before(const struct sds_service *s, size_t n, const char *interface)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(s->sightings[i].interface, interface) == 0)
            return true;
    return false;
}

static void put_sightings(struct sds_page *page, const struct sds_service *s)
{
    const char *label = "seen on";

    for (size_t i = 0; i < s->n_sightings; i++) {
        const char *interface = s->sightings[i].interface;
        SDS_CLEANUP(sds_freep) char *families = NULL;
        SDS_CLEANUP(sds_freep) char *safe = NULL;

        if (was_seen_before(s, i, interface))
            continue;
        families = format_families(s, interface);
        safe = sds_text_dup(interface, strlen(interface));
        sds_page_take_fact(page, label,
                           families && safe ? sds_text_format("%s%s", safe, families) : NULL);
        label = "";
    }
}

static void put_kind(struct sds_page *page, const struct sds_service *s, enum sds_record_kind kind,
                     const char *label)
{
    unsigned bit = 1u << kind;
    size_t column = sds_page_fact_column(page);
    SDS_CLEANUP(sds_freep)
    char *ttl = sds_text_format("%lu s", (unsigned long)s->ttls_s[kind]);

    sds_page_put_label(page, label);
    sds_page_put(page, SDS_INK_PLAIN, sds_record_kind_name(kind), column);
    sds_page_tab(page, column + KIND_WIDTH);
    if (s->ttl_kinds & bit)
        sds_page_put(page, SDS_INK_PLAIN, ttl, column);
    if (s->flush_kinds & bit) {
        sds_page_put(page, SDS_INK_PLAIN, s->ttl_kinds & bit ? ", " : "", column);
        sds_page_put(page, SDS_INK_PLAIN,
                     s->flushing_kinds & bit ? "cache-flush" : "no cache-flush", column);
    }
    sds_page_end_line(page);
}

/* How long each record may be kept, and whether it takes the place of others. */
static void put_ttls(struct sds_page *page, const struct sds_service *s)
{
    const char *label = "ttl";

    if (sds_service_state(s, SDS_PART_TTL) == SDS_PRESENT && !s->ttl_kinds) {
        sds_page_take_fact(page, label, sds_text_format("%lu s", (unsigned long)s->ttl_s));
        label = "";
    }
    for (enum sds_record_kind kind = 0; kind < SDS_KIND__COUNT; kind++) {
        if (!((s->ttl_kinds | s->flush_kinds) & 1u << kind))
            continue;
        put_kind(page, s, kind, label);
        label = "";
    }
}

/* Whether the type is in the list of types as it should be, which goes without saying. */
static bool is_listed_once(const struct sds_service *s)
{
    size_t len = strlen(s->type);

    return s->n_meta_ptrs == 1 && strncasecmp(s->meta_ptrs[0], s->type, len) == 0 &&
           s->meta_ptrs[0][len] == '.';
}

void sds_page_put_records(const struct sds_page_of *of)
{
    const struct sds_service *s = of->row->service;
    struct sds_page *page = of->page;

    sds_page_put_title(page, "Records", NULL);
    put_host(page, s);
    put_port(page, s);
    put_addresses(page, s);
    put_sightings(page, s);
    put_names(page, "subtypes", s->subtypes, s->n_subtypes);
    if (s->ptr_type && !sds_text_fold_equal(s->ptr_type, s->type))
        sds_page_take_fact(page, "found as", sds_text_dup_name(s->ptr_type));
    if (!is_listed_once(s))
        put_names(page, "listed as", s->meta_ptrs, s->n_meta_ptrs);
    if (sds_service_state(s, SDS_PART_META_PTRS) == SDS_MISSING)
        sds_page_put_fact(page, "listed as", "(no service type at all)");
    put_ttls(page, s);
}
