/* SPDX-License-Identifier: MIT */
#include "dnssd/records.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "sdscope/txt.h"

/* ---- sets of texts ------------------------------------------------------------------------- */

int sds_texts_append(char ***texts, size_t *n, const char *text)
{
    char *copy = strdup(text);
    char **grown = copy ? reallocarray(*texts, *n + 1, sizeof(*grown)) : NULL;

    if (!grown) {
        free(copy);
        return -ENOMEM;
    }
    *texts = grown;
    grown[(*n)++] = copy;
    return 0;
}

int sds_texts_add(char ***texts, size_t *n, const char *text)
{
    for (size_t i = 0; i < *n; i++)
        if (strcmp((*texts)[i], text) == 0)
            return 0;
    return sds_texts_append(texts, n, text);
}

bool sds_texts_differ(char *const *a, size_t n_a, char *const *b, size_t n_b)
{
    if (n_a != n_b)
        return true;
    for (size_t i = 0; i < n_a; i++)
        if (strcmp(a[i], b[i]) != 0)
            return true;
    return false;
}

void sds_texts_done(char ***texts, size_t *n)
{
    for (size_t i = 0; i < *n; i++)
        free((*texts)[i]);
    free(*texts);
    *texts = NULL;
    *n = 0;
}

/* ---- TXT records --------------------------------------------------------------------------- */

static void free_long_strings(struct sds_long_string *strings, size_t n)
{
    for (size_t i = 0; i < n; i++)
        free((void *)strings[i].bytes.p);
    free(strings);
}

static void free_spans(struct sds_span *spans, size_t n)
{
    for (size_t i = 0; i < n; i++)
        free((void *)spans[i].p);
    free(spans);
}

/* A copy of an array of spans; NULL when out of memory. */
static struct sds_span *dup_spans(const struct sds_span *from, size_t n)
{
    struct sds_span *spans = calloc(n + 1, sizeof(*spans));

    for (size_t i = 0; spans && i < n; i++)
        if (!sds_span_dup(from[i], &spans[i])) {
            free_spans(spans, i);
            return NULL;
        }
    return spans;
}

static struct sds_long_string *dup_long_strings(const struct sds_long_string *from, size_t n)
{
    struct sds_long_string *strings = calloc(n + 1, sizeof(*strings));

    for (size_t i = 0; strings && i < n; i++) {
        strings[i].offset = from[i].offset;
        if (!sds_span_dup(from[i].bytes, &strings[i].bytes)) {
            free_long_strings(strings, i);
            return NULL;
        }
    }
    return strings;
}

/* What strings come to on the wire, were there a way to send all of them whole. */
static bool fit_together(const struct sds_span *strings, size_t n)
{
    size_t left = SDS_TXT_RDATA_MAX;

    for (size_t i = 0; i < n; i++) {
        if (strings[i].len >= left)
            return false;
        left -= strings[i].len + 1;
    }
    return true;
}

/* Write strings behind their length bytes, the long ones cut; returns how many bytes that takes. */
static size_t write_strings(const struct sds_span *strings, size_t n, uint8_t *rdata,
                            struct sds_long_string *cut, size_t *n_cut)
{
    size_t at = 0;

    for (size_t i = 0; i < n; i++) {
        size_t len = strings[i].len;

        if (len > SDS_TXT_STRING_MAX) {
            cut[(*n_cut)++] = (struct sds_long_string){at, strings[i]};
            len = SDS_TXT_STRING_MAX;
        }
        rdata[at++] = (uint8_t)len;
        if (len)
            memcpy(&rdata[at], strings[i].p, len);
        at += len;
    }
    return at;
}

int sds_service_set_txt_strings(struct sds_service *s, const struct sds_span *strings, size_t n)
{
    static const struct sds_span empty = {(const uint8_t *)"", 0};
    struct sds_long_string cut[SDS_TXT_RDATA_MAX / (SDS_TXT_STRING_MAX + 1) + 1], *long_strings;
    SDS_CLEANUP(sds_freep) uint8_t *rdata = NULL;
    size_t n_cut = 0, len;
    int r;

    if (n == 0)
        return sds_service_set_txt_strings(s, &empty, 1);
    if (!fit_together(strings, n))
        return -E2BIG;
    rdata = malloc(SDS_TXT_RDATA_MAX);
    if (!rdata)
        return -ENOMEM;
    len = write_strings(strings, n, rdata, cut, &n_cut);
    long_strings = dup_long_strings(cut, n_cut);
    if (!long_strings)
        return -ENOMEM;
    r = sds_service_set_txt(s, rdata, len);
    if (r < 0) {
        free_long_strings(long_strings, n_cut);
        return r;
    }
    s->long_strings = long_strings;
    s->n_long_strings = n_cut;
    return 0;
}

const struct sds_long_string *sds_service_long_string(const struct sds_service *s, size_t offset)
{
    for (size_t i = 0; i < s->n_long_strings; i++)
        if (s->long_strings[i].offset == offset)
            return &s->long_strings[i];
    return NULL;
}

int sds_service_set_txt_records(struct sds_service *s, const struct sds_span *rdata, size_t n)
{
    struct sds_span *more = NULL;
    int r = 0;

    if (n > 0) {
        more = dup_spans(&rdata[1], n - 1);
        r = more ? sds_service_set_txt(s, rdata[0].p, rdata[0].len) : -ENOMEM;
    } else {
        sds_service_set_missing(s, SDS_PART_TXT);
    }
    if (r < 0) {
        if (more)
            free_spans(more, n - 1);
        return r;
    }
    s->more_txt = more;
    s->n_more_txt = n > 0 ? n - 1 : 0;
    s->txt_is_counted = true;
    return 0;
}

static void drop_txt(struct sds_service *s)
{
    free_long_strings(SDS_TAKE(s->long_strings), s->n_long_strings);
    s->n_long_strings = 0;
    free_spans(SDS_TAKE(s->more_txt), s->n_more_txt);
    s->n_more_txt = 0;
    s->txt_is_counted = false;
}

static int copy_txt(struct sds_service *to, const struct sds_service *from)
{
    if (from->n_long_strings) {
        to->long_strings = dup_long_strings(from->long_strings, from->n_long_strings);
        if (!to->long_strings)
            return -ENOMEM;
        to->n_long_strings = from->n_long_strings;
    }
    if (from->n_more_txt) {
        to->more_txt = dup_spans(from->more_txt, from->n_more_txt);
        if (!to->more_txt)
            return -ENOMEM;
        to->n_more_txt = from->n_more_txt;
    }
    to->txt_is_counted = from->txt_is_counted;
    return 0;
}

static bool txt_differs(const struct sds_service *a, const struct sds_service *b)
{
    if (a->n_long_strings != b->n_long_strings || a->n_more_txt != b->n_more_txt)
        return true;
    for (size_t i = 0; i < a->n_long_strings; i++)
        if (sds_span_cmp(a->long_strings[i].bytes, b->long_strings[i].bytes) != 0)
            return true;
    for (size_t i = 0; i < a->n_more_txt; i++)
        if (sds_span_cmp(a->more_txt[i], b->more_txt[i]) != 0)
            return true;
    return false;
}

/* ---- other records ------------------------------------------------------------------------- */

void sds_service_set_n_srv(struct sds_service *s, uint32_t n)
{
    s->n_srv = n;
    s->srv_is_counted = true;
}

void sds_service_set_ttl(struct sds_service *s, uint32_t ttl_s)
{
    sds_records_drop(s, SDS_PART_TTL);
    s->ttl_s = ttl_s;
    sds_service_mark_present(s, SDS_PART_TTL);
}

void sds_service_set_record_ttl(struct sds_service *s, enum sds_record_kind kind, uint32_t ttl_s)
{
    s->ttl_s = 0;
    s->ttls_s[kind] = ttl_s;
    s->ttl_kinds |= 1u << kind;
    sds_service_mark_present(s, SDS_PART_TTL);
}

void sds_service_set_cache_flush(struct sds_service *s, enum sds_record_kind kind, bool is_set)
{
    s->flush_kinds |= 1u << kind;
    s->flushing_kinds &= ~(1u << kind);
    if (is_set)
        s->flushing_kinds |= 1u << kind;
    sds_service_mark_present(s, SDS_PART_CACHE_FLUSH);
}

int sds_service_set_host_cname(struct sds_service *s, const char *name)
{
    return sds_service_set_text(s, SDS_PART_HOST_CNAME, &s->host_cname, name);
}

int sds_service_set_rival_host(struct sds_service *s, const char *host)
{
    char *copy = strdup(host);

    if (!copy)
        return -ENOMEM;
    free(s->rival_host);
    s->rival_host = copy;
    return 0;
}

int sds_service_set_ptr_type(struct sds_service *s, const char *type)
{
    return sds_service_set_text(s, SDS_PART_PTR_TYPE, &s->ptr_type, type);
}

int sds_service_add_meta_ptr(struct sds_service *s, const char *name)
{
    int r = sds_texts_add(&s->meta_ptrs, &s->n_meta_ptrs, name);

    if (r == 0)
        sds_service_mark_present(s, SDS_PART_META_PTRS);
    return r;
}

static bool same_prefix(const struct sds_prefix *a, const struct sds_prefix *b)
{
    return a->len == b->len && sds_address_cmp(&a->address, &b->address) == 0 &&
           strcmp(a->interface, b->interface) == 0;
}

int sds_service_add_prefix(struct sds_service *s, struct sds_prefix prefix)
{
    struct sds_prefix *grown;

    for (size_t i = 0; i < s->n_prefixes; i++)
        if (same_prefix(&s->prefixes[i], &prefix))
            return 0;
    grown = reallocarray(s->prefixes, s->n_prefixes + 1, sizeof(*grown));
    if (!grown)
        return -ENOMEM;
    s->prefixes = grown;
    s->prefixes[s->n_prefixes++] = prefix;
    return 0;
}

const char *sds_record_kind_name(enum sds_record_kind kind)
{
    static const char *const names[] = {
        [SDS_KIND_PTR] = "ptr", [SDS_KIND_SRV] = "srv",   [SDS_KIND_TXT] = "txt",
        [SDS_KIND_A] = "a",     [SDS_KIND_AAAA] = "aaaa",
    };

    return kind < SDS_COUNT(names) ? names[kind] : NULL;
}

/* ---- all of them --------------------------------------------------------------------------- */

void sds_records_drop(struct sds_service *s, enum sds_part part)
{
    switch (part) {
    case SDS_PART_TXT:
        drop_txt(s);
        break;
    case SDS_PART_HOST:
        free(SDS_TAKE(s->rival_host));
        break;
    case SDS_PART_TTL:
        s->ttl_s = 0;
        s->ttl_kinds = 0;
        memset(s->ttls_s, 0, sizeof(s->ttls_s));
        break;
    case SDS_PART_HOST_CNAME:
        free(SDS_TAKE(s->host_cname));
        break;
    case SDS_PART_CACHE_FLUSH:
        s->flush_kinds = s->flushing_kinds = 0;
        break;
    case SDS_PART_PTR_TYPE:
        free(SDS_TAKE(s->ptr_type));
        break;
    case SDS_PART_META_PTRS:
        sds_texts_done(&s->meta_ptrs, &s->n_meta_ptrs);
        break;
    default:
        break;
    }
}

int sds_records_copy(struct sds_service *to, const struct sds_service *from)
{
    if (copy_txt(to, from) < 0 ||
        (from->rival_host && sds_service_set_rival_host(to, from->rival_host)) ||
        (from->host_cname && sds_service_set_host_cname(to, from->host_cname)) ||
        (from->ptr_type && sds_service_set_ptr_type(to, from->ptr_type)))
        return -ENOMEM;
    for (size_t i = 0; i < from->n_meta_ptrs; i++)
        if (sds_service_add_meta_ptr(to, from->meta_ptrs[i]))
            return -ENOMEM;
    for (size_t i = 0; i < from->n_prefixes; i++)
        if (sds_service_add_prefix(to, from->prefixes[i]))
            return -ENOMEM;
    for (size_t i = 0; i < from->n_packet_senders; i++)
        if (sds_service_add_packet_sender(to, &from->packet_senders[i]))
            return -ENOMEM;
    to->srv_is_counted = from->srv_is_counted;
    to->n_srv = from->n_srv;
    to->packets_are_judged = from->packets_are_judged;
    to->packet_faults = from->packet_faults;
    to->ttl_s = from->ttl_s;
    to->ttl_kinds = from->ttl_kinds;
    memcpy(to->ttls_s, from->ttls_s, sizeof(to->ttls_s));
    to->flush_kinds = from->flush_kinds;
    to->flushing_kinds = from->flushing_kinds;
    return 0;
}

unsigned sds_records_diff(const struct sds_service *a, const struct sds_service *b)
{
    unsigned diff = 0;

    if (txt_differs(a, b))
        diff |= SDS_PART_TXT;
    if (a->srv_is_counted != b->srv_is_counted || a->n_srv != b->n_srv ||
        sds_packets_differ(a, b) || sds_text_differs(a->rival_host, b->rival_host))
        diff |= SDS_PART_HOST;
    if (a->ttl_s != b->ttl_s || a->ttl_kinds != b->ttl_kinds ||
        memcmp(a->ttls_s, b->ttls_s, sizeof(a->ttls_s)) != 0)
        diff |= SDS_PART_TTL;
    if (sds_text_differs(a->host_cname, b->host_cname))
        diff |= SDS_PART_HOST_CNAME;
    if (a->flush_kinds != b->flush_kinds || a->flushing_kinds != b->flushing_kinds)
        diff |= SDS_PART_CACHE_FLUSH;
    if (sds_text_differs(a->ptr_type, b->ptr_type))
        diff |= SDS_PART_PTR_TYPE;
    if (sds_texts_differ(a->meta_ptrs, a->n_meta_ptrs, b->meta_ptrs, b->n_meta_ptrs))
        diff |= SDS_PART_META_PTRS;
    return diff;
}
