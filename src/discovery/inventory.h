/* SPDX-License-Identifier: MIT */
#ifndef SDS_DISCOVERY_INVENTORY_H
#define SDS_DISCOVERY_INVENTORY_H

#include <stddef.h>

#include "discovery/source.h"
#include "sdscope/service.h"

/* What is on the LAN now: what each link tells of an instance, put together into one service. */
struct sds_inventory;

/* What changes. Services are borrowed for the call. */
struct sds_inventory_events {
    void (*added)(void *userdata, const struct sds_service *service);
    /* @before is what it was; @changes is a set of enum sds_part */
    void (*changed)(void *userdata, const struct sds_service *service,
                    const struct sds_service *before, unsigned changes);
    void (*removed)(void *userdata, const struct sds_service *service);
    void *userdata;
};

/* @events may be all NULL. Returns NULL when out of memory. */
struct sds_inventory *sds_inventory_new(const struct sds_inventory_events *events);
struct sds_inventory *sds_inventory_free(struct sds_inventory *inventory);

/* Take in what a source tells of one link; for both added and changed. Returns 0 or -ENOMEM. */
int sds_inventory_see(struct sds_inventory *inventory, const struct sds_service *sighting);

/* The link of @sighting does not see it any more. Returns 0 or -ENOMEM. */
int sds_inventory_lose(struct sds_inventory *inventory, const struct sds_service *sighting);

/* Forget everything, without a word. */
void sds_inventory_clear(struct sds_inventory *inventory);

/* The service of that instance, type and domain; NULL: it is not there. */
const struct sds_service *sds_inventory_find(const struct sds_inventory *inventory,
                                             const struct sds_service *name);

/**
 * All services, in the order of sds_service_cmp().
 *
 * @ret_n  how many
 * Returns a malloc'ed array of borrowed services, valid until the inventory changes; NULL when out
 * of memory.
 */
const struct sds_service **sds_inventory_list(const struct sds_inventory *inventory, size_t *ret_n);

/* Tell what each link says of each service, in the same order; borrowed for the call. */
void sds_inventory_tell(const struct sds_inventory *inventory,
                        void (*tell)(void *userdata, const struct sds_service *sighting),
                        void *userdata);

#endif
