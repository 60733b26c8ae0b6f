/* SPDX-License-Identifier: MIT */
#include "discovery/roster.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/ascii.h"
#include "base/hash.h"
#include "base/heap.h"
#include "base/mem.h"

#define PATIENCE_MS 1000 /* of a service some of whose records were not heard */

SDS_DEFINE_FREEP(struct sds_service, sds_service_free)

/* An instance on a link. */
struct member {
    struct sds_hash_node by_name, by_host;
    struct sds_heap_node by_due;
    bool is_hosted; /* and in that table: */
    struct sds_wire_name host;
    int ifindex;
    int64_t first_ms;
    bool was_named;           /* by a PTR record */
    struct sds_service *told; /* as it was told last; NULL: not yet */
    size_t len;
    uint8_t name[];
};

struct sds_roster {
    struct sds_roster_config config;
    struct sds_hash by_name, by_host;
    struct sds_heap by_due;
};

struct sds_roster *sds_roster_new(const struct sds_roster_config *config)
{
    struct sds_roster *roster = calloc(1, sizeof(*roster));

    if (roster)
        roster->config = *config;
    return roster;
}

/* ---- members ------------------------------------------------------------------------------ */

static uint64_t hash_of(const struct sds_roster *roster, int ifindex, struct sds_span name)
{
    return sds_siphash(&roster->config.key, name.p, name.len, true) + (uint64_t)ifindex;
}

static struct member *find(const struct sds_roster *roster, int ifindex, struct sds_span name)
{
    struct sds_hash_node *node = sds_hash_first(&roster->by_name, hash_of(roster, ifindex, name));

    for (; node; node = sds_hash_next(node)) {
        struct member *member = SDS_CONTAINER(node, struct member, by_name);

        if (member->ifindex == ifindex &&
            sds_fold_equal(member->name, member->len, name.p, name.len))
            return member;
    }
    return NULL;
}

/* A member enters the heap before it is due, so that its being due needs no memory. */
static struct member *add(struct sds_roster *roster, int ifindex, struct sds_span name,
                          int64_t now_ms)
{
    struct member *member = calloc(1, sizeof(*member) + name.len);

    if (!member)
        return NULL;
    member->ifindex = ifindex;
    member->first_ms = now_ms;
    member->len = name.len;
    memcpy(member->name, name.p, name.len);
    if (!sds_heap_add(&roster->by_due, &member->by_due, INT64_MAX)) {
        free(member);
        return NULL;
    }
    if (!sds_hash_add(&roster->by_name, &member->by_name, hash_of(roster, ifindex, name))) {
        sds_heap_remove(&roster->by_due, &member->by_due);
        free(member);
        return NULL;
    }
    return member;
}

static void leave_host(struct sds_roster *roster, struct member *member)
{
    if (member->is_hosted)
        sds_hash_remove(&roster->by_host, &member->by_host);
    member->is_hosted = false;
}

static void forget(struct sds_roster *roster, struct member *member)
{
    leave_host(roster, member);
    sds_hash_remove(&roster->by_name, &member->by_name);
    sds_heap_remove(&roster->by_due, &member->by_due);
    sds_service_free(member->told);
    free(member);
}

struct sds_roster *sds_roster_free(struct sds_roster *roster)
{
    struct sds_heap_node *first;

    if (!roster)
        return NULL;
    while ((first = sds_heap_first(&roster->by_due)))
        forget(roster, SDS_CONTAINER(first, struct member, by_due));
    sds_heap_done(&roster->by_due);
    sds_hash_done(&roster->by_name);
    sds_hash_done(&roster->by_host);
    free(roster);
    return NULL;
}

/* ---- news --------------------------------------------------------------------------------- */

static void mark(struct sds_roster *roster, struct member *member, int64_t at_ms)
{
    if (at_ms < member->by_due.key)
        sds_heap_move(&roster->by_due, &member->by_due, at_ms);
}

static void note_host(struct sds_roster *roster, const struct sds_store_set *set, int64_t now_ms)
{
    struct sds_hash_node *node =
        sds_hash_first(&roster->by_host, hash_of(roster, set->ifindex, set->name));

    for (; node; node = sds_hash_next(node)) {
        struct member *member = SDS_CONTAINER(node, struct member, by_host);

        if (member->ifindex == set->ifindex &&
            sds_fold_equal(member->host.bytes, member->host.len, set->name.p, set->name.len))
            mark(roster, member, now_ms);
    }
}

int sds_roster_note(struct sds_roster *roster, const struct sds_store_change *change,
                    int64_t now_ms)
{
    const struct sds_store_set *set = change->record->set;
    struct member *member;
    struct sds_span name;

    if (set->type == SDS_RR_A || set->type == SDS_RR_AAAA || set->type == SDS_RR_CNAME)
        note_host(roster, set, now_ms);
    if (!sds_told_subject(change->record, &name))
        return 0;
    member = find(roster, set->ifindex, name);
    if (!member && change->event == SDS_STORE_REMOVED)
        return 0;
    if (!member)
        member = add(roster, set->ifindex, name, now_ms);
    if (!member)
        return -ENOMEM;
    mark(roster, member, now_ms);
    return 0;
}

void sds_roster_note_all(struct sds_roster *roster, int64_t now_ms)
{
    sds_heap_lower(&roster->by_due, now_ms);
}

int64_t sds_roster_due_ms(const struct sds_roster *roster)
{
    struct sds_heap_node *first = sds_heap_first(&roster->by_due);

    return first ? first->key : INT64_MAX;
}

/* ---- telling ------------------------------------------------------------------------------ */

/* Hear of the addresses of a service's host from now on. */
static int join_host(struct sds_roster *roster, struct member *member,
                     const struct sds_service *service)
{
    struct sds_wire_name host = {0};
    struct sds_name labels;

    if (service->host) {
        sds_name_parse(service->host, &labels);
        (void)sds_wire_name_from(&labels, &host); /* of length 0 where it is faulty */
    }
    if (member->is_hosted && sds_wire_name_equal(&host, &member->host))
        return 0;
    leave_host(roster, member);
    if (!host.len)
        return 0;
    member->host = host;
    member->is_hosted =
        sds_hash_add(&roster->by_host, &member->by_host,
                     hash_of(roster, member->ifindex, sds_wire_name_span(&member->host)));
    return member->is_hosted ? 0 : -ENOMEM;
}

static bool is_complete(const struct sds_service *service)
{
    return sds_service_state(service, SDS_PART_HOST) == SDS_PRESENT &&
           sds_service_state(service, SDS_PART_TXT) == SDS_PRESENT &&
           (sds_service_state(service, SDS_PART_ADDRESSES) == SDS_PRESENT ||
            sds_service_state(service, SDS_PART_HOST_CNAME) == SDS_PRESENT);
}

static bool is_news(const struct member *member, const struct sds_service *service)
{
    return sds_service_diff(member->told, service) != 0 ||
           member->told->n_sightings != service->n_sightings;
}

static void tell(struct sds_roster *roster, struct member *member, struct sds_service *service)
{
    enum sds_event_kind kind = member->told ? SDS_EVENT_CHANGED : SDS_EVENT_ADDED;

    if (member->told && !is_news(member, service)) {
        sds_service_free(service);
        return;
    }
    sds_service_free(member->told);
    member->told = service;
    roster->config.event(roster->config.userdata, kind, service);
}

static void retire(struct sds_roster *roster, struct member *member)
{
    if (member->told)
        roster->config.event(roster->config.userdata, SDS_EVENT_REMOVED, member->told);
    forget(roster, member);
}

static int update(struct sds_roster *roster, struct member *member, int64_t now_ms)
{
    SDS_CLEANUP(sds_service_freep) struct sds_service *service = NULL;
    struct sds_told told;
    int r;

    sds_heap_move(&roster->by_due, &member->by_due, INT64_MAX);
    if (!sds_told_find(roster->config.store, member->ifindex,
                       (struct sds_span){member->name, member->len}, &told) ||
        (member->was_named && !told.ptr)) {
        retire(roster, member);
        return 0;
    }
    member->was_named |= told.ptr != NULL;
    r = roster->config.make(roster->config.userdata, &told, &service);
    if (r == 0 && !service) {
        retire(roster, member);
        return 0;
    }
    if (r == 0)
        r = join_host(roster, member, service);
    if (r < 0)
        return r;
    if (!member->told && !is_complete(service) && now_ms - member->first_ms < PATIENCE_MS)
        mark(roster, member, member->first_ms + PATIENCE_MS);
    else
        tell(roster, member, SDS_TAKE(service));
    return 0;
}

int sds_roster_run(struct sds_roster *roster, int64_t now_ms)
{
    int r = 0;

    while (r == 0 && sds_roster_due_ms(roster) <= now_ms)
        r = update(roster, SDS_CONTAINER(sds_heap_first(&roster->by_due), struct member, by_due),
                   now_ms);
    return r;
}
