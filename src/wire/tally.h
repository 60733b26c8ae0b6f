/* SPDX-License-Identifier: MIT */
#ifndef SDS_WIRE_TALLY_H
#define SDS_WIRE_TALLY_H

#include <stdbool.h>
#include <stddef.h>

#include "wire/store.h"

/* How often the answers to questions were heard, of the times that they were asked for: by
 * multicast, or from somebody who heard it; and once for each one-shot query. Two ways that lose
 * independently tell how much both of them have lost (Lincoln and Petersen, who counted fish). */
struct sds_wire_tally {
    size_t n;                   /* answers that are known */
    size_t n_once;              /* of them, heard a single time */
    size_t n_deaf;              /* heard by multicast from one who answers no one-shot query */
    size_t n_counted;           /* the others */
    size_t n_multicast;         /* of these, heard by multicast */
    size_t n_shots, n_answered; /* one-shot queries for each of these, and answers to them */
    size_t n_together;          /* answers of one packet, at most: they are lost together */
};

/* Where answers come from. */
struct sds_wire_ways {
    size_t n_told; /* records that another way told of */
    bool (*is_told)(void *userdata, struct sds_span rdata);
    /* After how many one-shot queries that were not answered it is clear that the senders of a
     * record do not answer any, or leave something out. */
    unsigned (*deaf_after)(void *userdata, const struct sds_store_record *record);
    void *userdata;
};

#define SDS_WIRE_DEAF_AFTER 2 /* where nothing is known of them */

/**
 * Count the answers to a question.
 *
 * @set      what was heard; NULL: nothing
 * @n_shots  one-shot queries for it, whose answers have had their time
 */
void sds_wire_tally_add(struct sds_wire_tally *tally, const struct sds_store_set *set,
                        const struct sds_wire_ways *ways, unsigned n_shots);

void sds_wire_tally_join(struct sds_wire_tally *tally, const struct sds_wire_tally *other);

/* Whether multicast lost something, or was silent. */
bool sds_wire_tally_is_multicast_lossy(const struct sds_wire_tally *tally);

/* How many answers nobody has heard, to be expected after so many one-shot queries; 0 where there
 * is no sign of loss. */
double sds_wire_tally_missing(const struct sds_wire_tally *tally, unsigned n_shots);

#endif
