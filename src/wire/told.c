/* SPDX-License-Identifier: MIT */
#include "wire/told.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "base/ascii.h"
#include "base/cur.h"
#include "base/mem.h"
#include "wire/evidence.h"
#include "wire/rr.h"

/* ---- walking ------------------------------------------------------------------------------- */

/* A name without its first label; false for the root. */
static bool parent_of(struct sds_span name, struct sds_span *ret)
{
    struct sds_cur cur = sds_cur_over(name.p, name.len);
    const uint8_t *label;
    uint8_t len;

    if (!sds_cur_u8(&cur, &len) || !len || !sds_cur_take(&cur, len, &label))
        return false;
    *ret = (struct sds_span){cur.p, cur.left};
    return true;
}

static bool is_usable(const struct sds_store_record *record)
{
    return !record->fault && !record->is_leaving;
}

static const struct sds_store_set *find(const struct sds_store *store, int ifindex,
                                        struct sds_span name, uint16_t type)
{
    return sds_store_find(store, ifindex, name, type, SDS_CLASS_IN);
}

/* Whether a name is of an instance: a label, and a type. */
static bool is_instance(struct sds_span name)
{
    struct sds_span type, transport;

    return parent_of(name, &type) && parent_of(type, &transport) && type.len >= 2 &&
           type.p[1] == '_' && transport.len >= 5 &&
           (sds_fold_is(transport.p, 5, "\4_tcp") || sds_fold_is(transport.p, 5, "\4_udp"));
}

bool sds_told_subject(const struct sds_store_record *record, struct sds_span *ret)
{
    const struct sds_store_set *set = record->set;
    struct sds_span parent;

    if (set->class != SDS_CLASS_IN)
        return false;
    if (set->type == SDS_RR_PTR) { /* other ones lead elsewhere */
        *ret = record->rdata;
        return !record->fault && parent_of(record->rdata, &parent) &&
               sds_fold_equal(parent.p, parent.len, set->name.p, set->name.len);
    }
    *ret = set->name;
    return (set->type == SDS_RR_SRV || set->type == SDS_RR_TXT) && is_instance(set->name);
}

/* The PTR record that names an instance; NULL: there is none. */
static const struct sds_store_record *find_ptr(const struct sds_store *store, int ifindex,
                                               struct sds_span name)
{
    struct sds_span type;
    const struct sds_store_set *ptrs =
        parent_of(name, &type) ? find(store, ifindex, type, SDS_RR_PTR) : NULL;

    return ptrs ? sds_store_find_rdata(store, ptrs, name) : NULL;
}

bool sds_told_find(const struct sds_store *store, int ifindex, struct sds_span name,
                   struct sds_told *ret)
{
    *ret = (struct sds_told){
        .ifindex = ifindex,
        .name = name,
        .ptr = find_ptr(store, ifindex, name),
        .srv = find(store, ifindex, name, SDS_RR_SRV),
        .txt = find(store, ifindex, name, SDS_RR_TXT),
    };
    return ret->ptr || ret->srv || ret->txt;
}

static int tell(const struct sds_store *store, const struct sds_store_record *ptr, int ifindex,
                struct sds_span name, sds_told_fn *fn, void *userdata)
{
    struct sds_told told;

    (void)sds_told_find(store, ifindex, name, &told);
    told.ptr = ptr;
    return fn(userdata, &told);
}

/* Instances that the records of a set name. */
static int walk_ptrs(const struct sds_store *store, const struct sds_store_set *set,
                     sds_told_fn *fn, void *userdata)
{
    const struct sds_store_record *record = NULL;
    struct sds_span name;
    int r = 0;

    while (r == 0 && (record = sds_store_next(set, record)))
        if (is_usable(record) && sds_told_subject(record, &name))
            r = tell(store, record, set->ifindex, name, fn, userdata);
    return r;
}

static bool has_usable(const struct sds_store_set *set)
{
    const struct sds_store_record *first = set ? sds_store_next(set, NULL) : NULL;

    return first && !first->is_leaving;
}

/* An instance that has SRV, or TXT alone, but that nothing names. */
static int walk_orphan(const struct sds_store *store, const struct sds_store_set *set,
                       sds_told_fn *fn, void *userdata)
{
    const struct sds_store_record *ptr = find_ptr(store, set->ifindex, set->name);

    if (!has_usable(set) || !is_instance(set->name) || (ptr && !ptr->is_leaving))
        return 0;
    if (set->type == SDS_RR_TXT && has_usable(find(store, set->ifindex, set->name, SDS_RR_SRV)))
        return 0; /* that tells of it */
    return tell(store, NULL, set->ifindex, set->name, fn, userdata);
}

int sds_told_walk(const struct sds_store *store, sds_told_fn *fn, void *userdata)
{
    const struct sds_store_set *set = NULL;
    int r = 0;

    while (r == 0 && (set = sds_store_next_set(store, set)))
        if (set->type == SDS_RR_PTR && set->class == SDS_CLASS_IN)
            r = walk_ptrs(store, set, fn, userdata);
    set = NULL;
    while (r == 0 && (set = sds_store_next_set(store, set)))
        if ((set->type == SDS_RR_SRV || set->type == SDS_RR_TXT) && set->class == SDS_CLASS_IN)
            r = walk_orphan(store, set, fn, userdata);
    return r;
}

/* ---- the service --------------------------------------------------------------------------- */

/* Labels behind the instance that make the type: up to the last that begins with '_'. */
static size_t n_type_labels(const struct sds_name *name)
{
    size_t n = 0;

    for (size_t i = 1; i < name->n_labels; i++) {
        struct sds_span label = sds_name_label(name, i);

        if (label.len && label.p[0] == '_')
            n = i;
    }
    return n;
}

static int service_of_name(struct sds_span bytes, struct sds_service **ret)
{
    SDS_CLEANUP(sds_freep) char *type = NULL;
    SDS_CLEANUP(sds_freep) char *domain = NULL;
    struct sds_service *service;
    struct sds_span label;
    struct sds_name name;
    size_t n;

    if (sds_name_read(bytes.p, bytes.len, &name) < 0 || !(n = n_type_labels(&name)))
        return -EINVAL;
    label = sds_name_label(&name, 0);
    type = sds_name_format(&name, 1, n);
    domain = sds_name_format(&name, 1 + n, SDS_LABELS_ALL);
    service = type && domain ? sds_service_new(type) : NULL;
    if (service && (sds_service_set_instance(service, label.p, label.len) ||
                    sds_service_set_domain(service, domain)))
        service = sds_service_free(service);
    *ret = service;
    return service ? 0 : -ENOMEM;
}

/* The newest record of a set that can be read; NULL: there is none. */
static const struct sds_store_record *newest(const struct sds_store_set *set)
{
    const struct sds_store_record *record = NULL, *found = NULL;

    for (size_t n = 0;
         set && n < SDS_EVIDENCE_RECORDS_MAX && (record = sds_store_next(set, record)); n++)
        if (is_usable(record))
            found = record; /* they come with the newest last */
    return found;
}

/* Over which protocols a record came. */
static int see(struct sds_service *service, const struct sds_store_record *record,
               const char *interface)
{
    struct sds_sighting sighting = {0};
    int r = 0;

    snprintf(sighting.interface, sizeof(sighting.interface), "%s", interface);
    for (size_t i = 0; record && i < record->n_senders && r == 0; i++) {
        sighting.family = record->senders[i].len == 4 ? AF_INET : AF_INET6;
        r = sds_service_add_sighting(service, sighting);
    }
    return r;
}

static int set_srv(struct sds_service *service, const struct sds_store_record *record,
                   struct sds_span *ret_host)
{
    struct sds_cur cur = sds_cur_over(record->rdata.p, record->rdata.len);
    SDS_CLEANUP(sds_freep) char *host = NULL;
    uint16_t priority, weight, port;
    struct sds_name target;

    if (!sds_cur_u16(&cur, &priority) || !sds_cur_u16(&cur, &weight) || !sds_cur_u16(&cur, &port) ||
        sds_name_read(cur.p, cur.left, &target) < 0)
        return 0; /* no sound SRV record is like that */
    sds_service_set_priority(service, priority);
    sds_service_set_weight(service, weight);
    sds_service_set_port(service, port);
    *ret_host = (struct sds_span){cur.p, cur.left};
    host = sds_name_format(&target, 0, SDS_LABELS_ALL);
    return host ? sds_service_set_host(service, host) : -ENOMEM;
}

static int add_addresses(struct sds_service *service, const struct sds_store_set *set, uint8_t len,
                         const char *interface)
{
    const struct sds_store_record *record = NULL;
    int r = see(service, newest(set), interface);

    for (size_t n = 0; r == 0 && set && n < SDS_EVIDENCE_RECORDS_MAX; n++) {
        struct sds_address address = {.len = len};

        record = sds_store_next(set, record);
        if (!record)
            break;
        if (!is_usable(record) || record->rdata.len != len)
            continue;
        memcpy(address.bytes, record->rdata.p, len);
        r = sds_service_add_address(service, address);
    }
    return r;
}

/* SRV, and the addresses of its target. */
static int add_srv(struct sds_service *service, const struct sds_store *store,
                   const struct sds_told *told, const char *interface)
{
    const struct sds_store_record *srv = newest(told->srv);
    struct sds_span host = {NULL, 0};

    if (!srv)
        return 0;
    if (set_srv(service, srv, &host) < 0 || see(service, srv, interface) < 0)
        return -ENOMEM;
    if (add_addresses(service, find(store, told->ifindex, host, SDS_RR_A), 4, interface))
        return -ENOMEM;
    return add_addresses(service, find(store, told->ifindex, host, SDS_RR_AAAA), 16, interface);
}

/* What else its records say, as of a service that somebody listens to. */
static int add_evidence(struct sds_service *service, const struct sds_store *store,
                        const struct sds_told *told)
{
    struct sds_evidence_names names = {.instance = told->name};

    if (told->ptr) {
        names.owners = &told->ptr->set->name;
        names.n_owners = 1;
    }
    return sds_evidence_gather(store, told->ifindex, &names, service);
}

int sds_told_service(const struct sds_store *store, const struct sds_told *told,
                     const char *interface, struct sds_service **ret)
{
    struct sds_service *service = NULL;
    int r = service_of_name(told->name, &service);

    if (r == 0)
        r = see(service, told->ptr, interface);
    if (r == 0)
        r = see(service, newest(told->txt), interface);
    if (r == 0)
        r = add_srv(service, store, told, interface);
    if (r == 0)
        r = add_evidence(service, store, told);
    if (r < 0) {
        sds_service_free(service);
        return r;
    }
    *ret = service;
    return 0;
}
