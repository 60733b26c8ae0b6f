/* SPDX-License-Identifier: MIT */
#include "rules/alike.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#include "base/hash.h"
#include "base/mem.h"
#include "rules/peers.h"

SDS_DEFINE_FREEP(struct sds_service, sds_service_free)

struct member {
    struct sds_hash_node node;
    TAILQ_ENTRY(member) in_group;
    struct group *group;
    struct sds_service *name; /* has no more than that */
};

/* All that can be taken for each other. */
struct group {
    struct sds_hash_node node;
    TAILQ_HEAD(, member) members; /* as they came */
    size_t n, len;
    uint8_t key[];
};

struct sds_alike {
    struct sds_siphash_key key;
    struct sds_hash groups, members;
};

struct sds_alike *sds_alike_new(const struct sds_siphash_key *key)
{
    struct sds_alike *alike = calloc(1, sizeof(*alike));

    if (alike)
        alike->key = *key;
    return alike;
}

static uint64_t hash_of(const struct sds_alike *alike, struct sds_span key)
{
    return sds_siphash(&alike->key, key.p, key.len, false);
}

/* The group of a key, or of a service; NULL: there is none, or no memory. */
static struct group *find_key(const struct sds_alike *alike, struct sds_span key)
{
    struct sds_hash_node *node = sds_hash_first(&alike->groups, hash_of(alike, key));

    for (; node; node = sds_hash_next(node)) {
        struct group *group = SDS_CONTAINER(node, struct group, node);

        if (group->len == key.len && memcmp(group->key, key.p, key.len) == 0)
            return group;
    }
    return NULL;
}

static bool has_name(const struct sds_service *service)
{
    return sds_service_state(service, SDS_PART_INSTANCE) == SDS_PRESENT;
}

static struct group *find(const struct sds_alike *alike, const struct sds_service *service)
{
    SDS_CLEANUP(sds_arena_done) struct sds_arena arena = {0};
    struct sds_span key;

    return has_name(service) && sds_peers_key(&arena, service, &key) ? find_key(alike, key) : NULL;
}

static uint64_t hash_of_name(const struct sds_alike *alike, const struct sds_service *service)
{
    return sds_siphash(&alike->key, service->instance.p, service->instance.len, true);
}

static struct member *find_member(const struct sds_alike *alike, const struct group *group,
                                  const struct sds_service *service)
{
    struct sds_hash_node *node = sds_hash_first(&alike->members, hash_of_name(alike, service));

    for (; node; node = sds_hash_next(node)) {
        struct member *member = SDS_CONTAINER(node, struct member, node);

        if (member->group == group && sds_service_cmp(member->name, service) == 0)
            return member;
    }
    return NULL;
}

static struct group *group_new(struct sds_alike *alike, struct sds_span key)
{
    struct group *group = calloc(1, sizeof(*group) + key.len);

    if (!group)
        return NULL;
    TAILQ_INIT(&group->members);
    group->len = key.len;
    memcpy(group->key, key.p, key.len);
    if (!sds_hash_add(&alike->groups, &group->node, hash_of(alike, key))) {
        free(group);
        return NULL;
    }
    return group;
}

static void group_free_if_empty(struct sds_alike *alike, struct group *group)
{
    if (group->n)
        return;
    sds_hash_remove(&alike->groups, &group->node);
    free(group);
}

static void member_free(struct sds_alike *alike, struct member *member)
{
    struct group *group = member->group;

    TAILQ_REMOVE(&group->members, member, in_group);
    sds_hash_remove(&alike->members, &member->node);
    sds_service_free(member->name);
    free(member);
    group->n--;
    group_free_if_empty(alike, group);
}

void sds_alike_clear(struct sds_alike *alike)
{
    for (size_t i = 0; i < alike->members.n_chains; i++)
        while (alike->members.chains[i])
            member_free(alike, SDS_CONTAINER(alike->members.chains[i], struct member, node));
}

struct sds_alike *sds_alike_free(struct sds_alike *alike)
{
    if (!alike)
        return NULL;
    sds_alike_clear(alike);
    sds_hash_done(&alike->members);
    sds_hash_done(&alike->groups);
    free(alike);
    return NULL;
}

static int join(struct sds_alike *alike, struct group *group, const struct sds_service *service)
{
    SDS_CLEANUP(sds_service_freep) struct sds_service *name = sds_service_dup_name(service);
    struct member *member = name ? calloc(1, sizeof(*member)) : NULL;

    if (!member || !sds_hash_add(&alike->members, &member->node, hash_of_name(alike, service))) {
        free(member);
        return -ENOMEM;
    }
    member->name = SDS_TAKE(name);
    member->group = group;
    TAILQ_INSERT_TAIL(&group->members, member, in_group);
    group->n++;
    return 0;
}

int sds_alike_add(struct sds_alike *alike, const struct sds_service *service)
{
    SDS_CLEANUP(sds_arena_done) struct sds_arena arena = {0};
    struct group *group;
    struct sds_span key;
    int r;

    if (!has_name(service))
        return 0;
    if (!sds_peers_key(&arena, service, &key))
        return -ENOMEM;
    group = find_key(alike, key);
    if (!group)
        group = group_new(alike, key);
    if (!group)
        return -ENOMEM;
    r = join(alike, group, service);
    group_free_if_empty(alike, group);
    return r;
}

void sds_alike_remove(struct sds_alike *alike, const struct sds_service *service)
{
    struct group *group = find(alike, service);
    struct member *member = group ? find_member(alike, group, service) : NULL;

    if (member)
        member_free(alike, member);
}

const struct sds_service *sds_alike_other(const struct sds_alike *alike,
                                          const struct sds_service *service, size_t *ret_n)
{
    const struct group *group = find(alike, service);
    const struct member *own, *other;

    *ret_n = 0;
    if (!group)
        return NULL;
    own = find_member(alike, group, service);
    other = TAILQ_FIRST(&group->members);
    if (other == own)
        other = TAILQ_NEXT(other, in_group);
    *ret_n = group->n - (own != NULL);
    return other ? other->name : NULL;
}
