/* SPDX-License-Identifier: MIT */
#include "dnssd/learnt.h"

#include "base/mem.h"
#include "dnssd/records.h"
#include "sdscope/txt.h"

/* What a service carries that it does not advertise: that it gets known is all that can be said of
 * it. A value that takes the place of another one is a change, also of these. */
#define EVIDENCE                                                                                   \
    (SDS_PART_PRIORITY | SDS_PART_WEIGHT | SDS_PART_TTL | SDS_PART_HOST_CNAME |                    \
     SDS_PART_CACHE_FLUSH | SDS_PART_PTR_TYPE | SDS_PART_META_PTRS)

static unsigned known(const struct sds_service *s)
{
    return s->present | s->missing;
}

/* The TTLs of some records were known, and now those of others are too. */
static bool learns_ttls(const struct sds_service *was, const struct sds_service *is)
{
    if (!was->ttl_kinds || was->ttl_kinds & ~is->ttl_kinds)
        return false;
    for (unsigned kind = 0; kind < SDS_KIND__COUNT; kind++)
        if (was->ttl_kinds & 1u << kind && was->ttls_s[kind] != is->ttls_s[kind])
            return false;
    return true;
}

static bool learns_flush_bits(const struct sds_service *was, const struct sds_service *is)
{
    return !(was->flush_kinds & ~is->flush_kinds) &&
           was->flushing_kinds == (is->flushing_kinds & was->flush_kinds);
}

/* How many SRV records there are, and how those behave who send them. */
static bool learns_senders(const struct sds_service *was, const struct sds_service *is)
{
    return !sds_text_differs(was->host, is->host) &&
           !sds_text_differs(was->rival_host, is->rival_host) &&
           (!was->srv_is_counted || (is->srv_is_counted && was->n_srv == is->n_srv)) &&
           (!was->packets_are_judged || !sds_packets_differ(was, is));
}

static bool next_filled(struct sds_txt_iter *iter, struct sds_txt_string *ret)
{
    while (sds_txt_next(iter, ret))
        if (ret->bytes.len || ret->is_truncated)
            return true;
    return false;
}

/* Of a record that was written anew, whole strings in their order are what it tells. */
static bool learns_bytes(const struct sds_service *was, const struct sds_service *is)
{
    struct sds_txt_iter a = sds_txt_begin(was->txt.p, was->txt.len);
    struct sds_txt_iter b = sds_txt_begin(is->txt.p, is->txt.len);
    struct sds_txt_string x, y;

    if (!was->txt_rewritten || is->txt_rewritten || was->n_more_txt || is->n_more_txt)
        return false;
    while (next_filled(&a, &x))
        if (!next_filled(&b, &y) || sds_span_cmp(x.bytes, y.bytes) != 0)
            return false;
    return !next_filled(&b, &y);
}

/* Parts of which some was known before, too. */
static const struct {
    enum sds_part part;
    bool (*learns)(const struct sds_service *was, const struct sds_service *is);
} learners[] = {
    {SDS_PART_TTL, learns_ttls},
    {SDS_PART_CACHE_FLUSH, learns_flush_bits},
    {SDS_PART_HOST, learns_senders},
    {SDS_PART_TXT, learns_bytes},
};

unsigned sds_service_learnt(const struct sds_service *was, const struct sds_service *is)
{
    unsigned diff = sds_service_diff(was, is);
    unsigned learnt = diff & EVIDENCE & ~known(was);

    for (size_t i = 0; i < SDS_COUNT(learners); i++)
        if (diff & was->present & is->present & learners[i].part && learners[i].learns(was, is))
            learnt |= learners[i].part;
    return learnt;
}
