/* SPDX-License-Identifier: MIT */
#include "discovery/fill.h"

#include "discovery/querier.h"

/* Nobody asks for all that a cache holds; and on a crowded link, what others told first may be in
 * it, too, as Avahi is not asked for long then. */
#define HIGH_PERCENT 75 /* of what is known */
#define FULL_PERCENT 88 /* of what Avahi told */
#define OVER_PERCENT 112

static struct sds_fill_cache *find(struct sds_fill *fill, int ifindex, int family)
{
    for (size_t i = 0; i < fill->n_caches; i++)
        if (fill->caches[i].ifindex == ifindex && fill->caches[i].family == family)
            return &fill->caches[i];
    if (fill->n_caches == SDS_FILL_CACHES_MAX)
        return NULL;
    fill->caches[fill->n_caches] = (struct sds_fill_cache){.ifindex = ifindex, .family = family};
    return &fill->caches[fill->n_caches++];
}

static void count(size_t *n, bool was_there, bool is_there)
{
    if (is_there && !was_there)
        ++*n;
    else if (was_there && !is_there && *n)
        --*n;
}

void sds_fill_change(struct sds_fill *fill, int ifindex, int family, unsigned holders_before,
                     unsigned holders)
{
    struct sds_fill_cache *cache = find(fill, ifindex, family);

    if (!cache)
        return;
    count(&cache->n_known, holders_before, holders);
    count(&cache->n_told, holders_before & SDS_HOLDER_ASKED, holders & SDS_HOLDER_ASKED);
}

enum sds_fill_level sds_fill_level(const struct sds_fill_cache *cache, size_t max)
{
    if (!max)
        return SDS_FILL_LOW;
    if (cache->n_told * 100 > max * OVER_PERCENT)
        return SDS_FILL_OVER;
    if (cache->n_told * 100 >= max * FULL_PERCENT)
        return SDS_FILL_FULL;
    return cache->n_known * 100 >= max * HIGH_PERCENT ? SDS_FILL_HIGH : SDS_FILL_LOW;
}

static bool has_level(const struct sds_fill *fill, size_t max, enum sds_fill_level level)
{
    for (size_t i = 0; i < fill->n_caches; i++)
        if (sds_fill_level(&fill->caches[i], max) == level)
            return true;
    return false;
}

bool sds_fill_may_be_full(const struct sds_fill *fill, size_t max)
{
    return has_level(fill, max, SDS_FILL_HIGH) || has_level(fill, max, SDS_FILL_FULL);
}

bool sds_fill_may_turn_away(const struct sds_fill *fill, size_t max)
{
    return has_level(fill, max, SDS_FILL_FULL);
}
