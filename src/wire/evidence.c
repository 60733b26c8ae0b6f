/* SPDX-License-Identifier: MIT */
#include "wire/evidence.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/ascii.h"
#include "base/mem.h"

#define SRV_HEAD_LEN 6 /* priority, weight and port (RFC 2782) */

/* Where the records of one service are. */
struct place {
    const struct sds_store *store;
    int ifindex;
};

/* The records of a set that are there and stay. */
struct staying {
    const struct sds_store_record *v[SDS_EVIDENCE_RECORDS_MAX];
    size_t n;
};

static const struct sds_store_set *find_set(const struct place *place, struct sds_span name,
                                            uint16_t type)
{
    return sds_store_find(place->store, place->ifindex, name, type, SDS_CLASS_IN);
}

static void find_staying(const struct place *place, struct sds_span name, uint16_t type,
                         struct staying *ret)
{
    const struct sds_store_set *set = find_set(place, name, type);
    const struct sds_store_record *record = NULL;

    ret->n = 0;
    while (set && ret->n < SDS_EVIDENCE_RECORDS_MAX && (record = sds_store_next(set, record)) &&
           !record->is_leaving)
        ret->v[ret->n++] = record;
}

/* The record of that very RDATA, if it stays; else NULL. */
static const struct sds_store_record *find_record(const struct place *place, struct sds_span name,
                                                  uint16_t type, struct sds_span rdata)
{
    const struct sds_store_set *set = find_set(place, name, type);
    const struct sds_store_record *record =
        set ? sds_store_find_rdata(place->store, set, rdata) : NULL;

    return record && !record->is_leaving ? record : NULL;
}

/* ---- TTLs and cache-flush bits ------------------------------------------------------------- */

/* Of several records, the shortest TTL; and the bit where it does not belong, or lacks. */
static void tell_kind(struct sds_service *service, enum sds_record_kind kind,
                      const struct staying *records)
{
    const struct sds_store_record *shortest = NULL;
    bool is_shared = kind == SDS_KIND_PTR, is_set = !is_shared;

    for (size_t i = 0; i < records->n; i++) {
        const struct sds_store_record *record = records->v[i];

        if (record->is_legacy) /* it says nothing of these (RFC 6762 6.7) */
            continue;
        if (!shortest || record->ttl_s < shortest->ttl_s)
            shortest = record;
        if (record->flush == is_shared)
            is_set = is_shared;
    }
    if (!shortest)
        return;
    sds_service_set_record_ttl(service, kind, shortest->ttl_s);
    sds_service_set_cache_flush(service, kind, is_set);
}

/* A name without its first label; the root has none to lose. */
static struct sds_span parent_of(struct sds_span name)
{
    size_t label = (size_t)name.p[0] + 1;

    return (struct sds_span){name.p + label, name.len - label};
}

/* ---- PTR ----------------------------------------------------------------------------------- */

/* How much an owner of a PTR record has to do with the type in its RDATA. */
enum kinship {
    OTHER_TYPE,
    ITS_SUBTYPE,
    ITS_TYPE,
};

/* @type is that of an instance, behind its first label; both may be in any case. */
static enum kinship kinship_of(struct sds_span owner, struct sds_span type)
{
    enum kinship kinship = ITS_TYPE;

    while (owner.len > type.len) {
        owner = parent_of(owner);
        kinship = ITS_SUBTYPE;
    }
    return sds_fold_equal(owner.p, owner.len, type.p, type.len) ? kinship : OTHER_TYPE;
}

static int set_ptr_type(struct sds_service *service, const struct sds_name *owner)
{
    SDS_CLEANUP(sds_freep) char *type = NULL;
    struct sds_name domain;

    sds_name_parse(service->domain ? service->domain : ".", &domain);
    type = sds_name_format(owner, 0, owner->n_labels - domain.n_labels);
    return type ? sds_service_set_ptr_type(service, type) : -ENOMEM;
}

/* RFC 6763 9: say that the type was listed. */
static int add_meta_ptr(const struct place *place, struct sds_span meta, struct sds_span owner,
                        const struct sds_name *labels, struct sds_service *service)
{
    SDS_CLEANUP(sds_freep) char *text = NULL;

    if (!find_record(place, meta, SDS_RR_PTR, owner))
        return 0;
    text = sds_name_format(labels, 0, SDS_LABELS_ALL);
    return text ? sds_service_add_meta_ptr(service, text) : -ENOMEM;
}

/* Of the PTR records that name the instance, the one with the strangest owner is told. */
static int gather_ptrs(const struct place *place, const struct sds_evidence_names *names,
                       struct sds_service *service)
{
    const struct sds_span instance = names->instance, type = parent_of(instance);
    struct staying heard = {.n = 0};
    enum kinship least = ITS_TYPE;
    struct sds_name labels;
    int r = 0;

    for (size_t i = 0; i < names->n_owners && heard.n < SDS_EVIDENCE_RECORDS_MAX && r == 0; i++) {
        const struct sds_span owner = names->owners[i];
        const struct sds_store_record *record = find_record(place, owner, SDS_RR_PTR, instance);
        enum kinship kinship;

        if (!record || sds_name_read(owner.p, owner.len, &labels) < 0)
            continue;
        heard.v[heard.n++] = record;
        kinship = kinship_of(owner, type);
        if (heard.n == 1 || kinship < least) {
            least = kinship;
            r = set_ptr_type(service, &labels);
        }
        if (r == 0 && names->meta.len)
            r = add_meta_ptr(place, names->meta, owner, &labels, service);
    }
    tell_kind(service, SDS_KIND_PTR, &heard);
    return r;
}

/* ---- SRV ----------------------------------------------------------------------------------- */

static struct sds_span target_of(const struct sds_store_record *srv)
{
    return (struct sds_span){srv->rdata.p + SRV_HEAD_LEN, srv->rdata.len - SRV_HEAD_LEN};
}

static bool has_target(const struct sds_store_record *srv, struct sds_span target)
{
    struct sds_span own = target_of(srv);

    return sds_fold_equal(own.p, own.len, target.p, target.len);
}

static bool has_sender(const struct sds_store_record *record, const struct sds_address *sender)
{
    for (size_t i = 0; i < record->n_senders; i++)
        if (sds_address_cmp(&record->senders[i], sender) == 0)
            return true;
    return record->has_more_senders; /* it may be one of them */
}

/* Whether somebody sent the one and not the other. */
static bool has_own_sender(const struct sds_store_record *record,
                           const struct sds_store_record *other)
{
    for (size_t i = 0; i < record->n_senders; i++)
        if (!has_sender(other, &record->senders[i]))
            return true;
    return false;
}

/* RFC 6762 9: records of two hosts that each claim the name. Several of one host are its choice,
 * however many addresses it sends from; and who repeats all that he hears sends both. */
static int find_rival(const struct staying *srvs, struct sds_span host, struct sds_service *service)
{
    SDS_CLEANUP(sds_freep) char *text = NULL;
    struct sds_name target;

    for (size_t i = 0; i < srvs->n && !text; i++)
        for (size_t j = 0; j < srvs->n && !text; j++) {
            const struct sds_store_record *own = srvs->v[i], *other = srvs->v[j];
            struct sds_span rival = target_of(other);

            if (!has_target(own, host) || has_target(other, host) || !has_own_sender(own, other) ||
                !has_own_sender(other, own) || sds_name_read(rival.p, rival.len, &target) < 0)
                continue;
            text = sds_name_format(&target, 0, SDS_LABELS_ALL);
            if (!text)
                return -ENOMEM;
        }
    return text ? sds_service_set_rival_host(service, text) : 0;
}

static int gather_srvs(const struct place *place, struct sds_span instance, struct sds_span host,
                       struct sds_service *service)
{
    struct staying srvs;
    size_t n_sound = 0;

    find_staying(place, instance, SDS_RR_SRV, &srvs);
    for (size_t i = 0; i < srvs.n; i++)
        if (!srvs.v[i]->fault)
            srvs.v[n_sound++] = srvs.v[i];
    srvs.n = n_sound;
    if (!srvs.n)
        return 0;
    sds_service_set_n_srv(service, (uint32_t)srvs.n);
    tell_kind(service, SDS_KIND_SRV, &srvs);
    return host.len ? find_rival(&srvs, host, service) : 0;
}

/* ---- TXT ----------------------------------------------------------------------------------- */

/* The newest first, as it was first heard: an order that no repetition changes. */
static int cmp_records(const void *a, const void *b)
{
    const struct sds_store_record *x = *(const struct sds_store_record *const *)a;
    const struct sds_store_record *y = *(const struct sds_store_record *const *)b;
    size_t n = x->rdata.len < y->rdata.len ? x->rdata.len : y->rdata.len;
    int order = (x->first_ms < y->first_ms) - (x->first_ms > y->first_ms);

    if (!order && n)
        order = memcmp(x->rdata.p, y->rdata.p, n);
    return order ? order : (x->rdata.len > y->rdata.len) - (x->rdata.len < y->rdata.len);
}

static int gather_txts(const struct place *place, struct sds_span instance,
                       struct sds_service *service)
{
    struct sds_span rdata[SDS_EVIDENCE_RECORDS_MAX];
    struct staying txts;

    find_staying(place, instance, SDS_RR_TXT, &txts);
    if (!txts.n)
        return 0;
    qsort(txts.v, txts.n, sizeof(txts.v[0]), cmp_records);
    for (size_t i = 0; i < txts.n; i++)
        rdata[i] = txts.v[i]->rdata;
    tell_kind(service, SDS_KIND_TXT, &txts);
    service->txt_rewritten = false;
    return sds_service_set_txt_records(service, rdata, txts.n);
}

/* ---- the host ------------------------------------------------------------------------------ */

/* RFC 2181 10.1: an alias has no records besides, so who has an address is none. */
static int gather_alias(const struct place *place, struct sds_span host, bool has_address,
                        struct sds_service *service)
{
    SDS_CLEANUP(sds_freep) char *text = NULL;
    struct sds_name canonical;
    struct staying aliases;

    find_staying(place, host, SDS_RR_CNAME, &aliases);
    if (aliases.n == 0) {
        if (has_address)
            sds_service_set_missing(service, SDS_PART_HOST_CNAME);
        return 0;
    }
    if (sds_name_read(aliases.v[0]->rdata.p, aliases.v[0]->rdata.len, &canonical) < 0)
        return sds_service_set_host_cname(service, NULL);
    text = sds_name_format(&canonical, 0, SDS_LABELS_ALL);
    return text ? sds_service_set_host_cname(service, text) : -ENOMEM;
}

static int gather_host(const struct place *place, struct sds_span host, struct sds_service *service)
{
    struct staying ipv4, ipv6;

    find_staying(place, host, SDS_RR_A, &ipv4);
    find_staying(place, host, SDS_RR_AAAA, &ipv6);
    tell_kind(service, SDS_KIND_A, &ipv4);
    tell_kind(service, SDS_KIND_AAAA, &ipv6);
    return gather_alias(place, host, ipv4.n + ipv6.n > 0, service);
}

int sds_evidence_gather(const struct sds_store *store, int ifindex,
                        const struct sds_evidence_names *names, struct sds_service *service)
{
    const struct place place = {store, ifindex};
    const struct sds_span instance = names->instance;
    struct sds_wire_name host = {0};
    struct sds_name labels;
    int r;

    if (!instance.len)
        return 0;
    if (service->host) {
        sds_name_parse(service->host, &labels);
        (void)sds_wire_name_from(&labels, &host); /* of length 0 where it is faulty */
    }
    r = gather_ptrs(&place, names, service);
    if (r == 0)
        r = gather_srvs(&place, instance, sds_wire_name_span(&host), service);
    if (r == 0)
        r = gather_txts(&place, instance, service);
    return r == 0 && host.len ? gather_host(&place, sds_wire_name_span(&host), service) : r;
}

/* ---- packets ------------------------------------------------------------------------------- */

static int judge_senders(const struct sds_conduct *conduct, const struct sds_store_record *srv,
                         const char *interface, struct sds_service *service)
{
    struct sds_packet_sender sender = {.port = 0};
    struct sds_conduct_record seen;
    int r = 0;

    snprintf(sender.interface, sizeof(sender.interface), "%s", interface);
    for (size_t i = 0; i < srv->n_senders && r == 0; i++) {
        if (!sds_conduct_find(conduct, srv->set->ifindex, srv->senders[i], &seen))
            continue;
        sender.address = srv->senders[i];
        sender.port = seen.port;
        sender.faults = seen.faults;
        r = sds_service_add_packet_sender(service, &sender);
    }
    return r;
}

int sds_evidence_judge(const struct sds_store *store, const struct sds_conduct *conduct,
                       int ifindex, struct sds_span instance, const char *interface,
                       struct sds_service *service)
{
    const struct place place = {store, ifindex};
    struct staying srvs;
    int r = 0;

    if (!instance.len)
        return 0;
    find_staying(&place, instance, SDS_RR_SRV, &srvs);
    for (size_t i = 0; i < srvs.n && r == 0; i++)
        r = judge_senders(conduct, srvs.v[i], interface, service);
    return r;
}
