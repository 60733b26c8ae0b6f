/* SPDX-License-Identifier: MIT */
#include "discovery/inventory.h"

#include <errno.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "base/arr.h"
#include "base/ascii.h"
#include "base/mem.h"
#include "base/tree.h"

SDS_DEFINE_FREEP(struct sds_service, sds_service_free)

/* One service, and what each link says of it. */
struct item {
    struct sds_service *merged;          /* key of the tree, and what others see */
    SDS_ARR(struct sds_service *) links; /* by the name of their interface */
};

struct sds_inventory {
    struct sds_inventory_events events;
    void *tree; /* of struct item, by tsearch(3) */
    size_t n;
};

static int item_cmp(const void *a, const void *b)
{
    const struct item *x = a, *y = b;

    return sds_service_cmp(x->merged, y->merged);
}

struct sds_inventory *sds_inventory_new(const struct sds_inventory_events *events)
{
    struct sds_inventory *inventory = calloc(1, sizeof(*inventory));

    if (inventory)
        inventory->events = *events;
    return inventory;
}

static void item_free(void *p)
{
    struct item *item = p;

    for (size_t i = 0; i < item->links.n; i++)
        sds_service_free(item->links.v[i]);
    free(item->links.v);
    sds_service_free(item->merged);
    free(item);
}

void sds_inventory_clear(struct sds_inventory *inventory)
{
    tdestroy(SDS_TAKE(inventory->tree), item_free);
    inventory->n = 0;
}

struct sds_inventory *sds_inventory_free(struct sds_inventory *inventory)
{
    if (inventory)
        sds_inventory_clear(inventory);
    free(inventory);
    return NULL;
}

static struct item *find(const struct sds_inventory *inventory, const struct sds_service *service)
{
    struct item key = {.merged = (struct sds_service *)service};
    struct item **node = tfind(&key, &inventory->tree, item_cmp);

    return node ? *node : NULL;
}

const struct sds_service *sds_inventory_find(const struct sds_inventory *inventory,
                                             const struct sds_service *name)
{
    const struct item *item = find(inventory, name);

    return item ? item->merged : NULL;
}

static const char *interface_of(const struct sds_service *sighting)
{
    return sighting->n_sightings ? sighting->sightings[0].interface : "";
}

static int link_cmp(const struct sds_service *a, const struct sds_service *b)
{
    return strcmp(interface_of(a), interface_of(b));
}

/* The place of the sighting's link in the item, or where it would have to stand. */
static size_t find_link(const struct item *item, const struct sds_service *sighting)
{
    size_t i = 0;

    while (i < item->links.n && link_cmp(item->links.v[i], sighting) < 0)
        i++;
    return i;
}

static bool has_link(const struct item *item, size_t at, const struct sds_service *sighting)
{
    return at < item->links.n && link_cmp(item->links.v[at], sighting) == 0;
}

static bool is_same_host(const struct sds_service *a, const struct sds_service *b)
{
    return a->host && b->host && sds_text_fold_equal(a->host, b->host);
}

/* The word of the first interface counts, in the order of their names. Where another one names
 * the same host, its addresses count, too; where it names another host, the two disagree. */
static struct sds_service *merge(const struct item *item)
{
    SDS_CLEANUP(sds_service_freep) struct sds_service *merged = sds_service_dup(item->links.v[0]);

    if (!merged)
        return NULL;
    for (size_t i = 1; i < item->links.n; i++) {
        const struct sds_service *link = item->links.v[i];

        for (size_t j = 0; is_same_host(merged, link) && j < link->n_addresses; j++)
            if (sds_service_add_address(merged, link->addresses[j]))
                return NULL;
        if (link->rival_host && !merged->rival_host && is_same_host(merged, link) &&
            sds_service_set_rival_host(merged, link->rival_host))
            return NULL;
        for (size_t j = 0; j < link->n_sightings; j++)
            if (sds_service_add_sighting(merged, link->sightings[j]))
                return NULL;
        for (size_t j = 0; j < link->n_prefixes; j++)
            if (sds_service_add_prefix(merged, link->prefixes[j]))
                return NULL;
        if (link->packets_are_judged)
            sds_service_add_packet_faults(merged, link->packet_faults);
        for (size_t j = 0; j < link->n_packet_senders; j++)
            if (sds_service_add_packet_sender(merged, &link->packet_senders[j]))
                return NULL;
    }
    return SDS_TAKE(merged);
}

static int update(struct sds_inventory *inventory, struct item *item)
{
    SDS_CLEANUP(sds_service_freep) struct sds_service *before = NULL;
    struct sds_service *merged = merge(item);
    unsigned changes;

    if (!merged)
        return -ENOMEM;
    before = item->merged;
    changes = sds_service_diff(before, merged);
    item->merged = merged;
    if (changes && inventory->events.changed)
        inventory->events.changed(inventory->events.userdata, merged, before, changes);
    return 0;
}

static int add(struct sds_inventory *inventory, const struct sds_service *sighting)
{
    struct item *item = calloc(1, sizeof(*item));
    struct sds_service *link = sds_service_dup(sighting);

    if (!item || !link || !sds_arr_push(&item->links, link)) {
        sds_service_free(link);
        free(item);
        return -ENOMEM;
    }
    item->merged = sds_service_dup(sighting);
    if (!item->merged || !tsearch(item, &inventory->tree, item_cmp)) {
        item_free(item);
        return -ENOMEM;
    }
    inventory->n++;
    if (inventory->events.added)
        inventory->events.added(inventory->events.userdata, item->merged);
    return 0;
}

int sds_inventory_see(struct sds_inventory *inventory, const struct sds_service *sighting)
{
    struct item *item = find(inventory, sighting);
    struct sds_service *link;
    size_t at;

    if (!item)
        return add(inventory, sighting);
    link = sds_service_dup(sighting);
    if (!link)
        return -ENOMEM;
    at = find_link(item, sighting);
    if (has_link(item, at, sighting)) {
        sds_service_free(item->links.v[at]);
    } else if (sds_arr_push(&item->links, NULL)) {
        memmove(&item->links.v[at + 1], &item->links.v[at],
                (item->links.n - 1 - at) * sizeof(*item->links.v));
    } else {
        sds_service_free(link);
        return -ENOMEM;
    }
    item->links.v[at] = link;
    return update(inventory, item);
}

int sds_inventory_lose(struct sds_inventory *inventory, const struct sds_service *sighting)
{
    struct item *item = find(inventory, sighting);
    size_t at = item ? find_link(item, sighting) : 0;

    if (!item || !has_link(item, at, sighting))
        return 0;
    if (item->links.n > 1) {
        sds_service_free(item->links.v[at]);
        memmove(&item->links.v[at], &item->links.v[at + 1],
                (--item->links.n - at) * sizeof(*item->links.v));
        return update(inventory, item);
    }
    tdelete(item, &inventory->tree, item_cmp);
    inventory->n--;
    if (inventory->events.removed)
        inventory->events.removed(inventory->events.userdata, item->merged);
    item_free(item);
    return 0;
}

struct listing {
    const struct sds_service **list;
    size_t n;
};

static void collect(const void *item, void *closure)
{
    struct listing *listing = closure;

    listing->list[listing->n++] = ((const struct item *)item)->merged;
}

const struct sds_service **sds_inventory_list(const struct sds_inventory *inventory, size_t *ret_n)
{
    struct listing listing = {.list = calloc(inventory->n + 1, sizeof(*listing.list))};

    if (!listing.list)
        return NULL;
    sds_tree_walk(inventory->tree, collect, &listing);
    *ret_n = listing.n;
    return listing.list;
}

struct telling {
    void (*tell)(void *userdata, const struct sds_service *sighting);
    void *userdata;
};

static void tell_links(const void *p, void *closure)
{
    const struct item *item = p;
    const struct telling *telling = closure;

    for (size_t i = 0; i < item->links.n; i++)
        telling->tell(telling->userdata, item->links.v[i]);
}

void sds_inventory_tell(const struct sds_inventory *inventory,
                        void (*tell)(void *userdata, const struct sds_service *sighting),
                        void *userdata)
{
    struct telling telling = {tell, userdata};

    sds_tree_walk(inventory->tree, tell_links, &telling);
}
