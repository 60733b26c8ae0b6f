/* SPDX-License-Identifier: MIT */
#ifndef SDS_DISCOVERY_PACE_H
#define SDS_DISCOVERY_PACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * When to ask for the next type, so that those who answer at once are no more than who asks can
 * read: in each slot of time, types with so many instances together as that, by what the types
 * before them had. Cleared to begin with.
 */
struct sds_pace {
    int64_t slot_ms;     /* when the slot began; 0: none did yet */
    size_t left;         /* instances that may still answer in it */
    size_t n_asked;      /* types that the estimate rests on: of the slots before */
    size_t n_slot_asked; /* and those of this one, whose answers are on the way */
    size_t n_answers;    /* instances of both */
    size_t n_expected;   /* of a type, in this slot */
};

/**
 * Take leave to ask for a type now.
 *
 * @burst     instances that may answer in a slot; 0: any number
 * @is_guess  nobody has named the type: it hardly has any
 * Returns 0, or the time at which to come again.
 */
int64_t sds_pace_take(struct sds_pace *pace, size_t burst, bool is_guess, int64_t now_ms);

/* An instance was named by a type that was no guess. */
void sds_pace_answered(struct sds_pace *pace);

#endif
