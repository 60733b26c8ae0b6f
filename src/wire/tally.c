/* SPDX-License-Identifier: MIT */
#include "wire/tally.h"

static void add(struct sds_wire_tally *tally, bool is_multicast, unsigned n_answered,
                unsigned n_shots, bool is_deaf)
{
    tally->n++;
    if (is_deaf && is_multicast && !n_answered) {
        tally->n_deaf++;
        return;
    }
    tally->n_counted++;
    tally->n_multicast += is_multicast;
    tally->n_shots += n_shots;
    tally->n_answered += n_answered;
    tally->n_once += is_multicast + n_answered < 2;
}

void sds_wire_tally_add(struct sds_wire_tally *tally, const struct sds_store_set *set,
                        const struct sds_wire_ways *ways, unsigned n_shots)
{
    const struct sds_store_record *record = NULL;
    size_t n_both = 0;

    while (set && (record = sds_store_next(set, record))) {
        unsigned n_answered = record->n_one_shot < n_shots ? record->n_one_shot : n_shots;
        bool is_told = ways->n_told && ways->is_told(ways->userdata, record->rdata);

        n_both += is_told;
        if (!record->is_leaving)
            add(tally, !record->is_legacy || is_told, n_answered, n_shots,
                n_shots >= ways->deaf_after(ways->userdata, record));
    }
    for (size_t i = n_both; i < ways->n_told; i++)
        add(tally, true, 0, n_shots, n_shots >= SDS_WIRE_DEAF_AFTER);
}

void sds_wire_tally_join(struct sds_wire_tally *tally, const struct sds_wire_tally *other)
{
    tally->n += other->n;
    tally->n_once += other->n_once;
    tally->n_deaf += other->n_deaf;
    tally->n_counted += other->n_counted;
    tally->n_multicast += other->n_multicast;
    tally->n_shots += other->n_shots;
    tally->n_answered += other->n_answered;
    if (other->n_together > tally->n_together)
        tally->n_together = other->n_together;
}

bool sds_wire_tally_is_multicast_lossy(const struct sds_wire_tally *tally)
{
    return tally->n_multicast < tally->n_counted;
}

/* The share that is lost, by what was lost of so many, and half a packet more: where few were seen,
 * none lost means little. */
static double share(size_t n_lost, size_t n, size_t n_together)
{
    double another = n_together ? (double)n_together / 2 : 0.5;

    return ((double)n_lost + another) / ((double)n + another);
}

double sds_wire_tally_missing(const struct sds_wire_tally *tally, unsigned n_shots)
{
    size_t n_lost = tally->n_counted - tally->n_multicast;
    size_t n_unanswered = tally->n_shots - tally->n_answered;
    double missing = (double)tally->n_counted;

    if (!tally->n_shots || (!n_unanswered && (!n_lost || n_shots > 1)))
        return 0;
    missing *= share(n_lost, tally->n_counted, tally->n_together);
    for (unsigned i = 0; i < n_shots; i++)
        missing *= share(n_unanswered, tally->n_shots, tally->n_together);
    return missing;
}
