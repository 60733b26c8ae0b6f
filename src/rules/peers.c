/* SPDX-License-Identifier: MIT */
#include "rules/peers.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <unicase.h>
#include <uninorm.h>

#include "base/arena.h"
#include "base/ascii.h"
#include "base/mem.h"
#include "base/text.h"

/* A service and what it is found by, while the index is made. */
struct entry {
    const struct sds_service *service;
    struct sds_span key;
    size_t number; /* as they were given */
};

/* Where the group of a service is. */
struct member {
    const struct sds_service *service;
    size_t first, n; /* in the array of services */
};

struct sds_peers {
    const struct sds_service **services; /* by groups */
    struct member *members;              /* sorted by the service's address */
    size_t n;
};

/* A name's labels as they go over the wire, in lower case, so that all spellings are one. */
static size_t put_name(const char *text, uint8_t *ret)
{
    struct sds_name name;
    size_t n = 0;

    sds_name_parse(text, &name);
    for (size_t i = 0; i < name.n_labels; i++) {
        struct sds_span label = sds_name_label(&name, i);

        ret[n++] = (uint8_t)(label.len >> 8);
        ret[n++] = (uint8_t)label.len;
        for (size_t j = 0; j < label.len; j++)
            ret[n++] = (uint8_t)sds_fold(label.p[j]);
    }
    ret[n++] = 0;
    ret[n++] = 0;
    return n;
}

/* An instance name as people see it, malloc'ed; bytes that are no text are compared as DNS does. */
static uint8_t *fold_instance(struct sds_span instance, size_t *ret_len)
{
    uint8_t *folded;

    if (!sds_is_ascii(instance.p, instance.len) && sds_text_is_utf8(instance.p, instance.len))
        return u8_casefold(instance.p, instance.len, NULL, UNINORM_NFC, NULL, ret_len);
    folded = malloc(instance.len + 1);
    for (size_t i = 0; folded && i < instance.len; i++)
        folded[i] = (uint8_t)sds_fold(instance.p[i]);
    *ret_len = instance.len;
    return folded;
}

bool sds_peers_key(struct sds_arena *arena, const struct sds_service *s, struct sds_span *ret)
{
    uint8_t names[2 * (sizeof(((struct sds_name *)0)->bytes) + 2 * 129)];
    size_t len = put_name(s->type, names), folded_len;
    SDS_CLEANUP(sds_freep) uint8_t *folded = fold_instance(s->instance, &folded_len);
    uint8_t *key;

    len += put_name(s->domain ? s->domain : "local", &names[len]);
    key = folded ? sds_arena_alloc(arena, len + folded_len + 1) : NULL;
    if (!key)
        return false;
    memcpy(key, names, len);
    memcpy(key + len, folded, folded_len);
    *ret = (struct sds_span){key, len + folded_len};
    return true;
}

static int cmp_keys(struct sds_span a, struct sds_span b)
{
    size_t n = a.len < b.len ? a.len : b.len;
    int order = memcmp(a.p, b.p, n);

    return order ? order : (a.len > b.len) - (a.len < b.len);
}

static int cmp_entries(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;
    int order = cmp_keys(x->key, y->key);

    return order ? order : (x->number > y->number) - (x->number < y->number);
}

static int cmp_members(const void *a, const void *b)
{
    uintptr_t x = (uintptr_t)((const struct member *)a)->service;
    uintptr_t y = (uintptr_t)((const struct member *)b)->service;

    return (x > y) - (x < y);
}

/* Entries of the services that have a name; returns how many, or SIZE_MAX when out of memory. */
static size_t make_entries(struct sds_arena *arena, const struct sds_service *const *services,
                           size_t n, struct entry *ret)
{
    size_t n_entries = 0;

    for (size_t i = 0; i < n; i++) {
        struct entry *entry = &ret[n_entries];

        if (sds_service_state(services[i], SDS_PART_INSTANCE) != SDS_PRESENT)
            continue;
        *entry = (struct entry){.service = services[i], .number = i};
        if (!sds_peers_key(arena, services[i], &entry->key))
            return SIZE_MAX;
        n_entries++;
    }
    return n_entries;
}

static void index_groups(struct sds_peers *peers, const struct entry *entries)
{
    for (size_t first = 0, end; first < peers->n; first = end) {
        for (end = first; end < peers->n && !cmp_keys(entries[first].key, entries[end].key); end++)
            peers->services[end] = entries[end].service;
        for (size_t i = first; i < end; i++)
            peers->members[i] = (struct member){entries[i].service, first, end - first};
    }
    qsort(peers->members, peers->n, sizeof(*peers->members), cmp_members);
}

static bool index_services(struct sds_peers *peers, const struct sds_service *const *services,
                           size_t n)
{
    SDS_CLEANUP(sds_freep) struct entry *entries = calloc(n + 1, sizeof(*entries));
    SDS_CLEANUP(sds_arena_done) struct sds_arena arena = {0};

    peers->services = calloc(n + 1, sizeof(const struct sds_service *));
    peers->members = calloc(n + 1, sizeof(*peers->members));
    peers->n = entries ? make_entries(&arena, services, n, entries) : SIZE_MAX;
    if (!peers->services || !peers->members || peers->n == SIZE_MAX)
        return false;
    qsort(entries, peers->n, sizeof(*entries), cmp_entries);
    index_groups(peers, entries);
    return true;
}

struct sds_peers *sds_peers_new(const struct sds_service *const *services, size_t n)
{
    struct sds_peers *peers = calloc(1, sizeof(*peers));

    if (peers && !index_services(peers, services, n))
        return sds_peers_free(peers);
    return peers;
}

struct sds_peers *sds_peers_free(struct sds_peers *peers)
{
    if (!peers)
        return NULL;
    free(peers->services);
    free(peers->members);
    free(peers);
    return NULL;
}

const struct sds_service *const *sds_peers_like(const struct sds_peers *peers,
                                                const struct sds_service *service, size_t *ret_n)
{
    const struct member key = {.service = service};
    const struct member *found = bsearch(&key, peers->members, peers->n, sizeof(key), cmp_members);

    *ret_n = found ? found->n : 0;
    return found ? &peers->services[found->first] : NULL;
}
