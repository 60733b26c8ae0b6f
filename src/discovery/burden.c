/* SPDX-License-Identifier: MIT */
#include "discovery/burden.h"

#include "base/mem.h"

#define AT_ONCE_US ((int64_t)SDS_BURDEN_AT_ONCE_MS * 1000)

/* What is left of it now, where so many percent of the time are forgiven. */
static int64_t cost_of(const struct sds_burden_sender *sender, int64_t percent, int64_t now_ms)
{
    int64_t left = sender->cost_us - (now_ms - sender->as_of_ms) * 10 * percent;

    return left > 0 ? left : 0;
}

static int64_t cost_of_one(const struct sds_burden_sender *sender, int64_t now_ms)
{
    return cost_of(sender, SDS_BURDEN_PERCENT, now_ms);
}

static int64_t cost_of_all(const struct sds_burden *burden, int64_t now_ms)
{
    return cost_of(&burden->all, SDS_BURDEN_PERCENT * SDS_BURDEN_ALL, now_ms);
}

static const struct sds_burden_sender *find(const struct sds_burden *burden,
                                            const struct sds_address *address)
{
    for (size_t i = 0; i < SDS_COUNT(burden->senders); i++)
        if (burden->senders[i].cost_us &&
            sds_address_cmp(&burden->senders[i].address, address) == 0)
            return &burden->senders[i];
    return NULL;
}

/* Where to keep another one: in the place of him who took the least. */
static struct sds_burden_sender *cheapest(struct sds_burden *burden, int64_t now_ms)
{
    struct sds_burden_sender *found = &burden->senders[0];

    for (size_t i = 1; i < SDS_COUNT(burden->senders); i++)
        if (cost_of_one(&burden->senders[i], now_ms) < cost_of_one(found, now_ms))
            found = &burden->senders[i];
    return found;
}

void sds_burden_add(struct sds_burden *burden, const struct sds_address *sender, int64_t cost_us,
                    int64_t now_ms)
{
    const struct sds_burden_sender *known = find(burden, sender);
    struct sds_burden_sender *place = known ? &burden->senders[known - burden->senders] : NULL;
    int64_t before = known ? cost_of_one(known, now_ms) : 0;

    burden->all.cost_us = cost_of_all(burden, now_ms) + cost_us;
    burden->all.as_of_ms = now_ms;
    if (!place)
        place = cheapest(burden, now_ms);
    if (known || cost_of_one(place, now_ms) <= cost_us)
        *place = (struct sds_burden_sender){*sender, before + cost_us, now_ms};
}

bool sds_burden_is_too_much(const struct sds_burden *burden, const struct sds_address *sender,
                            int64_t now_ms)
{
    const struct sds_burden_sender *known = find(burden, sender);

    return (known && cost_of_one(known, now_ms) > AT_ONCE_US) ||
           cost_of_all(burden, now_ms) > AT_ONCE_US * SDS_BURDEN_ALL;
}
