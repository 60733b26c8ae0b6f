/* SPDX-License-Identifier: MIT */

/* What the records of an instance and of its host make of it: a service. */

#include <assert.h>
#include <errno.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/cur.h"
#include "base/mem.h"
#include "discovery/browser_impl.h"
#include "discovery/listener.h"
#include "wire/evidence.h"

/* Whose records come before others: they were heard as they are, where somebody listens; a mere
 * witness hears of no change. */
static enum sds_holder better_holder(const struct instance *instance)
{
    return sds_browser_listener(instance->browser) ? SDS_HOLDER_HEARD : SDS_HOLDER_ASKED;
}

/* The record that counts: the newest, because an old one lingers for a second; but of the better
 * ones where there are any. */
static const struct sds_rr *newest(const struct instance *instance,
                                   const struct sds_question *question)
{
    unsigned better = better_holder(instance);

    for (size_t i = question->rrs.n; i > 0; i--)
        if (question->rrs.v[i - 1]->holders & better)
            return question->rrs.v[i - 1];
    return question->rrs.n ? question->rrs.v[question->rrs.n - 1] : NULL;
}

/* RFC 2782. */
static bool read_srv(const struct sds_rr *rr, struct instance_srv *ret)
{
    struct sds_cur cur = sds_cur_over(rr->rdata, rr->rdata_len);

    return sds_cur_u16(&cur, &ret->priority) && sds_cur_u16(&cur, &ret->weight) &&
           sds_cur_u16(&cur, &ret->port) && sds_name_read(cur.p, cur.left, &ret->target) == 0;
}

bool sds_instance_srv(const struct instance *instance, struct instance_srv *ret)
{
    const unsigned holders[] = {better_holder(instance), SDS_HOLDER_BOTH};
    const struct sds_question *question = &instance->srv;

    for (size_t holder = 0; holder < SDS_COUNT(holders); holder++)
        for (size_t i = question->rrs.n; i > 0; i--)
            if (question->rrs.v[i - 1]->holders & holders[holder] &&
                read_srv(question->rrs.v[i - 1], ret))
                return true;
    return false;
}

static int set_srv(const struct instance *instance, struct sds_service *service)
{
    static const enum sds_part parts[] = {SDS_PART_HOST, SDS_PART_PORT, SDS_PART_PRIORITY,
                                          SDS_PART_WEIGHT};
    SDS_CLEANUP(sds_freep) char *host = NULL;
    struct instance_srv srv;

    if (sds_instance_srv(instance, &srv)) {
        host = sds_name_format(&srv.target, 0, SDS_LABELS_ALL);
        sds_service_set_port(service, srv.port);
        sds_service_set_priority(service, srv.priority);
        sds_service_set_weight(service, srv.weight);
        return host ? sds_service_set_host(service, host) : -ENOMEM;
    }
    if (sds_question_state(&instance->srv) == SDS_MISSING)
        for (size_t i = 0; i < SDS_COUNT(parts); i++)
            sds_service_set_missing(service, parts[i]);
    return 0;
}

static int set_txt(const struct instance *instance, struct sds_service *service)
{
    const struct sds_rr *rr = newest(instance, &instance->txt);

    /* Avahi drops empty strings, and writes the rest anew. What a mere witness heard is not known
     * to be otherwise: which records these are is chance, and findings are not. */
    service->txt_rewritten =
        !rr || !(rr->holders & SDS_HOLDER_HEARD) || !sds_browser_listener(instance->browser);
    if (rr)
        return sds_service_set_txt(service, rr->rdata, rr->rdata_len);
    if (sds_question_state(&instance->txt) == SDS_MISSING)
        sds_service_set_missing(service, SDS_PART_TXT);
    return 0;
}

static int add_addresses(const struct sds_question *question, size_t len,
                         struct sds_service *service)
{
    for (size_t i = 0; i < question->rrs.n; i++) {
        const struct sds_rr *rr = question->rrs.v[i];
        struct sds_address address = {.len = (uint8_t)len};

        if (rr->rdata_len != len)
            continue;
        memcpy(address.bytes, rr->rdata, len);
        if (sds_service_add_address(service, address))
            return -ENOMEM;
    }
    return 0;
}

static int set_addresses(const struct instance *instance, struct sds_service *service)
{
    const struct host *host = instance->host;

    if (!host)
        return 0;
    if (add_addresses(&host->a, 4, service) || add_addresses(&host->aaaa, 16, service))
        return -ENOMEM;
    if (sds_question_state(&host->a) == SDS_MISSING &&
        sds_question_state(&host->aaaa) == SDS_MISSING)
        sds_service_set_missing(service, SDS_PART_ADDRESSES);
    return 0;
}

static_assert(sizeof(((struct sds_sighting *)0)->interface) >= IF_NAMESIZE, "every name fits");

static int set_sightings(const struct instance *instance, struct sds_service *service)
{
    struct sds_sighting sighting = {0};
    int r = 0;

    memcpy(sighting.interface, instance->interface, sizeof(instance->interface));
    if (instance->n_ipv4) {
        sighting.family = AF_INET;
        r = sds_service_add_sighting(service, sighting);
    }
    if (instance->n_ipv6 && r == 0) {
        sighting.family = AF_INET6;
        r = sds_service_add_sighting(service, sighting);
    }
    return r;
}

static bool has_subtype(const struct instance *instance, const struct subtype *subtype)
{
    for (size_t i = 0; i < instance->memberships.n; i++)
        if (instance->memberships.v[i].subtype == subtype)
            return instance->memberships.v[i].n || instance->memberships.v[i].is_awaited;
    return false;
}

/* Subtypes cannot be listed (RFC 6763 7.1): those that were asked for are known, when all are. */
static int set_subtypes(const struct instance *instance, struct sds_service *service)
{
    struct subtype *subtype;

    if (!sds_type_has_subtypes(instance->type))
        return 0;
    TAILQ_FOREACH (subtype, &instance->type->subtypes, all)
        if (!has_subtype(instance, subtype) && !sds_subtype_is_settled(subtype))
            return 0;
    TAILQ_FOREACH (subtype, &instance->type->subtypes, all)
        if (has_subtype(instance, subtype) && sds_service_add_subtype(service, subtype->label))
            return -ENOMEM;
    if (!service->n_subtypes)
        sds_service_set_missing(service, SDS_PART_SUBTYPES);
    return 0;
}

/* What was heard of it counts; nothing where nobody asked. */
static int set_alias(const struct instance *instance, struct sds_service *service)
{
    const struct sds_question *question = instance->host ? &instance->host->cname : NULL;
    const struct sds_rr *rr = question ? newest(instance, question) : NULL;
    SDS_CLEANUP(sds_freep) char *text = NULL;
    struct sds_name name;

    if (!question || !question->name || sds_service_state(service, SDS_PART_HOST_CNAME))
        return 0;
    if (!rr) {
        if (sds_question_state(question) == SDS_MISSING)
            sds_service_set_missing(service, SDS_PART_HOST_CNAME);
        return 0;
    }
    if (sds_name_read(rr->rdata, rr->rdata_len, &name) < 0)
        return sds_service_set_host_cname(service, NULL);
    text = sds_name_format(&name, 0, SDS_LABELS_ALL);
    return text ? sds_service_set_host_cname(service, text) : -ENOMEM;
}

static int set_prefixes(const struct instance *instance, const struct sds_listener *listener,
                        struct sds_service *service)
{
    const struct sds_wire_link *link = sds_listener_link(listener, instance->ifindex);

    for (size_t i = 0; link && i < link->n_prefixes; i++)
        if (sds_service_add_prefix(service, link->prefixes[i]))
            return -ENOMEM;
    return 0;
}

/* Where somebody looked and found none, their number is known. */
static void count_missing(const struct instance *instance, struct sds_service *service)
{
    if (!service->srv_is_counted && sds_question_state(&instance->srv) == SDS_MISSING)
        sds_service_set_n_srv(service, 0);
    if (!service->txt_is_counted && sds_question_state(&instance->txt) == SDS_MISSING) {
        service->txt_rewritten = false;
        (void)sds_service_set_txt_records(service, NULL, 0); /* allocates nothing */
    }
}

static struct sds_span wire_name_of(const char *text, struct sds_wire_name *ret)
{
    struct sds_name labels;

    sds_name_parse(text, &labels);
    return sds_wire_name_from(&labels, ret) ? sds_wire_name_span(ret) : (struct sds_span){NULL, 0};
}

/* What was heard of it; nothing where nobody listens. */
static int set_evidence(const struct instance *instance, struct sds_service *service)
{
    const struct browser *b = instance->browser;
    const struct sds_listener *listener = sds_browser_listener(b);
    struct sds_wire_name name, meta, names_of_owners[INSTANCE_NAMED_BY_MAX];
    struct sds_span owners[INSTANCE_NAMED_BY_MAX];
    struct sds_evidence_names names = {.owners = owners};

    if (!listener)
        return 0;
    count_missing(instance, service);
    if (set_prefixes(instance, listener, service))
        return -ENOMEM;
    names.instance = wire_name_of(instance->srv.name, &name);
    if (b->meta.name)
        names.meta = wire_name_of(b->meta.name, &meta);
    for (size_t i = 0; i < instance->named_by.n; i++) {
        const char *owner = instance->named_by.v[i]->type->ptr.name;

        if (!owner)
            continue; /* only subtypes of it are asked for */
        owners[names.n_owners] = wire_name_of(owner, &names_of_owners[names.n_owners]);
        names.n_owners++;
    }
    return sds_evidence_gather(sds_listener_store(listener), instance->ifindex, &names, service);
}

struct sds_service *sds_instance_service(const struct instance *instance)
{
    struct sds_service *service = sds_service_dup(instance->named);

    if (service && (set_srv(instance, service) || set_txt(instance, service) ||
                    set_addresses(instance, service) || set_subtypes(instance, service) ||
                    set_sightings(instance, service) || set_evidence(instance, service) ||
                    set_alias(instance, service) || sds_instance_judge_packets(instance, service)))
        service = sds_service_free(service);
    return service;
}
