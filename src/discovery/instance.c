/* SPDX-License-Identifier: MIT */

/* Instances, the records that describe them, and the hosts that their SRV records name. */

#include <net/if.h>
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/mem.h"
#include "discovery/browser_impl.h"

/* A host that told its addresses of one family has told all, or will when asked again. With those
 * that were heard on the wire came the others, if there are any (RFC 6762 6.2). */
#define OTHER_FAMILY_PATIENCE_MS       1300
#define OTHER_FAMILY_HEARD_PATIENCE_MS 300

/* A record is replaced by two events, the new one and the end of the old one. */
#define CHANGE_SETTLES_MS 150

void sds_instance_mark_dirty(struct instance *instance)
{
    struct browser *b = instance->browser;

    if (instance->is_dirty)
        return;
    instance->is_dirty = true;
    instance->due_ms = sds_browser_now_ms(b) + (instance->is_told ? CHANGE_SETTLES_MS : 0);
    TAILQ_INSERT_TAIL(&b->dirty, instance, dirty);
    sds_browser_wake(b);
}

static void on_instance_record(struct sds_question *question, const struct sds_rr *rr, bool is_new)
{
    (void)rr;
    (void)is_new;
    sds_instance_mark_dirty(question->owner);
}

static void on_record_renewed(struct sds_question *question, const struct sds_rr *rr)
{
    (void)rr;
    sds_instance_mark_dirty(question->owner);
}

static void mark_host_dirty(struct host *host)
{
    struct instance *instance;

    TAILQ_FOREACH (instance, &host->instances, of_host)
        sds_instance_mark_dirty(instance);
}

static void on_host_renewed(struct sds_question *question, const struct sds_rr *rr)
{
    (void)rr;
    mark_host_dirty(question->owner);
}

static void on_address(struct sds_question *question, const struct sds_rr *rr, bool is_new)
{
    struct host *host = question->owner;
    struct sds_question *other = question == &host->a ? &host->aaaa : &host->a;

    if (is_new)
        other->patience_ms = rr->holders & SDS_HOLDER_HEARD ? OTHER_FAMILY_HEARD_PATIENCE_MS
                                                            : OTHER_FAMILY_PATIENCE_MS;
    mark_host_dirty(host);
}

static void on_alias(struct sds_question *question, const struct sds_rr *rr, bool is_new)
{
    (void)rr;
    (void)is_new;
    mark_host_dirty(question->owner);
}

/* ---- hosts ------------------------------------------------------------------------------- */

static void host_free(struct host *host)
{
    tdelete(host, &host->browser->hosts_by_key, sds_node_cmp);
    sds_question_done(&host->a);
    sds_question_done(&host->aaaa);
    sds_question_done(&host->cname);
    free(host->node.key);
    free(host);
}

static int ask_address(struct host *host, struct sds_question *question, uint16_t rrtype,
                       const struct sds_name *name, int ifindex)
{
    question->rrtype = rrtype;
    question->ifindex = ifindex;
    question->changed = on_address;
    question->renewed = on_host_renewed;
    question->owner = host;
    return sds_question_ask(&host->browser->asker, question, name);
}

/* Whoever answers a question for addresses answers with an alias, too, where he has one; but not
 * every responder looks. */
static bool may_be_alias(const struct host *host)
{
    return sds_browser_listener(host->browser) && sds_question_state(&host->a) == SDS_MISSING &&
           sds_question_state(&host->aaaa) == SDS_MISSING;
}

/* Ask whether a host without address is an alias (RFC 2782 forbids it). */
static void ask_alias(struct host *host, const struct sds_name *name)
{
    if (host->cname.name || !may_be_alias(host))
        return;
    host->cname.rrtype = SDS_RR_CNAME;
    host->cname.ifindex = host->a.ifindex;
    host->cname.changed = on_alias;
    host->cname.owner = host;
    if (sds_question_ask(&host->browser->asker, &host->cname, name) < 0)
        sds_browser_out_of_memory(host->browser);
    else
        host->cname.patience_ms = OTHER_FAMILY_PATIENCE_MS;
}

static struct host *host_new(struct browser *b, const struct sds_name *name, int ifindex, char *key)
{
    struct host *host = calloc(1, sizeof(*host));

    if (!host) {
        free(key);
        return NULL;
    }
    host->node.key = key;
    host->browser = b;
    TAILQ_INIT(&host->instances);
    if (!tsearch(host, &b->hosts_by_key, sds_node_cmp) ||
        ask_address(host, &host->a, SDS_RR_A, name, ifindex) ||
        ask_address(host, &host->aaaa, SDS_RR_AAAA, name, ifindex)) {
        host_free(host);
        return NULL;
    }
    return host;
}

static void leave_host(struct instance *instance)
{
    struct host *host = SDS_TAKE(instance->host);

    if (!host)
        return;
    TAILQ_REMOVE(&host->instances, instance, of_host);
    if (TAILQ_EMPTY(&host->instances))
        host_free(host);
}

/* Follow the SRV record to its target. */
static void join_host(struct instance *instance, const struct sds_name *target)
{
    struct browser *b = instance->browser;
    char *key = sds_node_key(target, instance->ifindex);
    struct host *host = key ? sds_node_find(&b->hosts_by_key, key) : NULL;

    if (host && host == instance->host) {
        free(key);
        return;
    }
    leave_host(instance);
    host = key ? sds_node_find(&b->hosts_by_key, key) : NULL;
    if (host)
        free(key);
    else if (key)
        host = host_new(b, target, instance->ifindex, key);
    if (!host) {
        sds_browser_out_of_memory(b);
        return;
    }
    instance->host = host;
    TAILQ_INSERT_TAIL(&host->instances, instance, of_host);
}

/* ---- instances --------------------------------------------------------------------------- */

void sds_instance_free(struct instance *instance)
{
    struct browser *b = instance->browser;

    tdelete(instance, &b->instances_by_key, sds_node_cmp);
    TAILQ_REMOVE(&b->instances, instance, all);
    if (instance->is_dirty)
        TAILQ_REMOVE(&b->dirty, instance, dirty);
    b->progress.instances--;
    if (instance->is_told)
        b->progress.resolved--;
    leave_host(instance);
    sds_question_done(&instance->srv);
    sds_question_done(&instance->txt);
    for (size_t i = 0; i < instance->named_by.n; i++)
        sds_type_leave(instance->named_by.v[i]);
    free(instance->named_by.v);
    sds_service_free(instance->named);
    free(instance->memberships.v);
    free(instance->node.key);
    free(instance);
}

/* What its name says: the first label is the instance, the last ones are the domain. */
static struct sds_service *service_of_name(const struct browser *b, const struct sds_name *name)
{
    size_t n_type = name->n_labels - b->domain.n_labels - 1;
    struct sds_span label = sds_name_label(name, 0);
    SDS_CLEANUP(sds_freep) char *type = sds_name_format(name, 1, n_type);
    SDS_CLEANUP(sds_freep) char *domain = sds_name_format(name, 1 + n_type, SDS_LABELS_ALL);
    struct sds_service *service = type && domain ? sds_service_new(type) : NULL;

    if (service && (sds_service_set_instance(service, label.p, label.len) ||
                    sds_service_set_domain(service, domain)))
        service = sds_service_free(service);
    return service;
}

static int ask_instance(struct instance *instance, struct sds_question *question, uint16_t rrtype,
                        const struct sds_name *name)
{
    question->rrtype = rrtype;
    question->ifindex = instance->ifindex;
    question->changed = on_instance_record;
    question->renewed = on_record_renewed;
    question->owner = instance;
    return sds_question_ask(&instance->browser->asker, question, name);
}

static void name_interface(struct instance *instance)
{
    if (instance->ifindex <= 0)
        snprintf(instance->interface, sizeof(instance->interface), "%s", NO_LINK);
    else if (!if_indextoname((unsigned)instance->ifindex, instance->interface))
        snprintf(instance->interface, sizeof(instance->interface), "if%d", instance->ifindex);
}

/* Takes @key. */
static struct instance *instance_new(struct type *type, const struct sds_name *name, int ifindex,
                                     char *key)
{
    struct browser *b = type->browser;
    struct instance *instance = calloc(1, sizeof(*instance));

    if (!instance) {
        free(key);
        return NULL;
    }
    instance->node.key = key;
    instance->browser = b;
    instance->type = type;
    instance->ifindex = ifindex;
    name_interface(instance);
    TAILQ_INSERT_TAIL(&b->instances, instance, all);
    b->progress.instances++;
    instance->named = service_of_name(b, name);
    if (!instance->named || !tsearch(instance, &b->instances_by_key, sds_node_cmp) ||
        ask_instance(instance, &instance->srv, SDS_RR_SRV, name) ||
        ask_instance(instance, &instance->txt, SDS_RR_TXT, name)) {
        sds_instance_free(instance);
        return NULL;
    }
    return instance;
}

/* What is told already does not wait for an alias that its host may be now. */
static bool is_host_resolved(const struct instance *instance)
{
    const struct host *host = instance->host;

    return host->a.is_decided && host->aaaa.is_decided &&
           (instance->is_told || !may_be_alias(host) || host->cname.is_decided);
}

static bool is_resolved(const struct instance *instance)
{
    return instance->srv.is_decided && instance->txt.is_decided &&
           (!instance->host || is_host_resolved(instance));
}

static void tell(struct instance *instance,
                 void (*event)(void *userdata, const struct sds_service *service))
{
    struct browser *b = instance->browser;
    struct sds_service *service = sds_instance_service(instance);

    if (service)
        event(b->source.config.events.userdata, service);
    else
        sds_browser_out_of_memory(b);
    sds_service_free(service);
}

static bool is_named(const struct instance *instance)
{
    return instance->n_ipv4 || instance->n_ipv6;
}

void sds_instance_tell(struct instance *instance)
{
    const struct sds_source_events *events = &instance->browser->source.config.events;

    /* Without a sighting, the inventory takes it for that of another link. */
    if (!is_named(instance) && (instance->is_told || !instance->is_awaited))
        return;
    tell(instance, instance->is_told ? events->changed : events->added);
    if (!instance->is_told)
        instance->browser->progress.resolved++;
    instance->is_told = true;
}

/* Nobody names it any more. */
static void retire(struct instance *instance)
{
    if (instance->is_told) {
        /* The interface it was seen on is what the inventory knows it by. */
        instance->n_ipv4 = 1;
        tell(instance, instance->browser->source.config.events.removed);
    }
    sds_instance_free(instance);
}

void sds_instance_update(struct instance *instance)
{
    struct instance_srv srv;

    if (!is_named(instance)) {
        if (!instance->is_awaited)
            retire(instance);
        return;
    }
    if (sds_instance_srv(instance, &srv) && srv.target.n_labels)
        join_host(instance, &srv.target);
    else
        leave_host(instance);
    if (instance->host)
        ask_alias(instance->host, &srv.target);
    if (is_resolved(instance))
        sds_instance_tell(instance);
}

static void count_membership(struct instance *instance, const struct subtype *subtype, bool is_new)
{
    struct membership *membership = NULL;

    for (size_t i = 0; i < instance->memberships.n && !membership; i++)
        if (instance->memberships.v[i].subtype == subtype)
            membership = &instance->memberships.v[i];
    if (membership && is_new)
        membership->is_awaited = false;
    if (membership && (is_new || membership->n))
        membership->n += is_new ? 1 : -1u;
    else if (is_new &&
             !sds_arr_push(&instance->memberships, (struct membership){.subtype = subtype, .n = 1}))
        sds_browser_out_of_memory(instance->browser);
}

void sds_instance_await(struct instance *instance)
{
    instance->n_ipv4 = instance->n_ipv6 = 0;
    instance->is_awaited = true;
    for (size_t i = 0; i < instance->memberships.n; i++) {
        struct membership *membership = &instance->memberships.v[i];

        membership->is_awaited |= membership->n > 0;
        membership->n = 0;
    }
}

void sds_instance_give_up(struct instance *instance)
{
    bool was_awaited = instance->is_awaited;

    instance->is_awaited = false;
    for (size_t i = 0; i < instance->memberships.n; i++) {
        was_awaited |= instance->memberships.v[i].is_awaited;
        instance->memberships.v[i].is_awaited = false;
    }
    if (was_awaited)
        sds_instance_mark_dirty(instance);
}

/* What hints said of it before it came. */
static void take_hints(struct instance *instance, const struct sds_rr *ptr)
{
    const struct subtype *subtype;

    TAILQ_FOREACH (subtype, &instance->type->subtypes, all)
        for (size_t i = 0; subtype->is_hint && i < subtype->ptr.rrs.n; i++) {
            const struct sds_rr *rr = subtype->ptr.rrs.v[i];

            if (rr->ifindex == ptr->ifindex && rr->rdata_len == ptr->rdata_len &&
                memcmp(rr->rdata, ptr->rdata, rr->rdata_len) == 0)
                count_membership(instance, subtype, true);
        }
}

/* False when out of memory. */
static bool add_naming(struct instance *instance, struct type *type)
{
    struct naming *naming = malloc(sizeof(*naming));

    if (!naming || !sds_arr_push(&instance->named_by, naming)) {
        free(naming);
        return false;
    }
    *naming = (struct naming){.type = type, .instance = instance};
    TAILQ_INSERT_TAIL(&type->namings, naming, of_type);
    return true;
}

static void note_namer(struct instance *instance, struct type *type)
{
    for (size_t i = 0; i < instance->named_by.n; i++)
        if (instance->named_by.v[i]->type == type)
            return;
    if (instance->named_by.n == INSTANCE_NAMED_BY_MAX || !add_naming(instance, type))
        type->is_pinned = true; /* and the evidence of it is missing */
}

static void count_sighting(struct instance *instance, const struct sds_rr *ptr, bool is_new)
{
    unsigned *count = ptr->family == AF_INET6 ? &instance->n_ipv6 : &instance->n_ipv4;

    if (is_new) {
        instance->is_awaited = false;
        ++*count;
    } else if (*count) {
        --*count;
    }
}

void sds_instance_named(struct type *type, const struct subtype *subtype,
                        const struct sds_name *name, const struct sds_rr *ptr, bool is_new)
{
    struct browser *b = type->browser;
    char *key = sds_node_key(name, ptr->ifindex);
    struct instance *instance = key ? sds_node_find(&b->instances_by_key, key) : NULL;
    bool is_hint = subtype && subtype->is_hint;

    if (!instance && is_new && !is_hint) {
        instance = key ? instance_new(type, name, ptr->ifindex, SDS_TAKE(key)) : NULL;
        if (instance)
            take_hints(instance, ptr);
        else
            sds_browser_out_of_memory(b);
    }
    free(key);
    if (!instance)
        return;
    if (is_new)
        note_namer(instance, type);
    if (!is_hint)
        count_sighting(instance, ptr, is_new);
    if (subtype)
        count_membership(instance, subtype, is_new);
    sds_instance_mark_dirty(instance);
}

void sds_instance_renewed(struct browser *b, const struct sds_name *name, const struct sds_rr *ptr)
{
    SDS_CLEANUP(sds_freep) char *key = sds_node_key(name, ptr->ifindex);
    struct instance *instance = key ? sds_node_find(&b->instances_by_key, key) : NULL;

    if (instance)
        sds_instance_mark_dirty(instance);
}
