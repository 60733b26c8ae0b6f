/* SPDX-License-Identifier: MIT */
#ifndef SDS_DISCOVERY_FILL_H
#define SDS_DISCOVERY_FILL_H

#include <stdbool.h>
#include <stddef.h>

#define SDS_FILL_CACHES_MAX 128

/* How full the caches of an Avahi may be, by what is known: it has one for each interface and
 * protocol. What is not counted for want of room fills none. */
struct sds_fill {
    struct sds_fill_cache {
        int ifindex, family;
        size_t n_known; /* records */
        size_t n_told;  /* of them, those that Avahi told of: these are in its cache */
        bool is_noted;  /* that it is full */
    } caches[SDS_FILL_CACHES_MAX];
    size_t n_caches;
};

/* Somebody knows a record, or forgot it: sets of enum sds_holder. */
void sds_fill_change(struct sds_fill *fill, int ifindex, int family, unsigned holders_before,
                     unsigned holders);

/* What can be told of a cache that has room for about @max records; 0: for any number. */
enum sds_fill_level {
    SDS_FILL_LOW,
    SDS_FILL_HIGH, /* it may be full, if there is another sign of it */
    SDS_FILL_FULL, /* it may have turned some away */
    SDS_FILL_OVER, /* it has room for more than that */
};

enum sds_fill_level sds_fill_level(const struct sds_fill_cache *cache, size_t max);

/* Whether some cache may be full. */
bool sds_fill_may_be_full(const struct sds_fill *fill, size_t max);

/* Whether some cache may have turned records away, without another sign of it. */
bool sds_fill_may_turn_away(const struct sds_fill *fill, size_t max);

#endif
