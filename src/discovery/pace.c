/* SPDX-License-Identifier: MIT */
#include "discovery/pace.h"

/* Answers come within 20 to 120 ms (RFC 6762 6), after Avahi has asked within 100. */
#define SLOT_MS 240

/* Instances of a type, before anything is known: more than homes have, and crowds of hosts. */
#define EXPECTED_AT_FIRST 25

/* The first slot may be larger: nothing is waiting to be read, nor to be worked on. */
#define FIRST_SLOT_BURSTS 2

static void begin_slot(struct sds_pace *pace, size_t burst, int64_t now_ms)
{
    bool is_first = !pace->slot_ms;

    pace->n_asked += pace->n_slot_asked;
    pace->n_slot_asked = 0;
    pace->n_expected = pace->n_asked ? pace->n_answers / pace->n_asked + 1 : EXPECTED_AT_FIRST;
    pace->left = is_first ? FIRST_SLOT_BURSTS * burst : burst;
    pace->slot_ms = now_ms;
}

int64_t sds_pace_take(struct sds_pace *pace, size_t burst, bool is_guess, int64_t now_ms)
{
    size_t cost;

    if (!burst)
        return 0;
    if (!pace->slot_ms || now_ms >= pace->slot_ms + SLOT_MS)
        begin_slot(pace, burst, now_ms);
    cost = is_guess ? 1 : pace->n_expected;
    if (!pace->left)
        return pace->slot_ms + SLOT_MS;
    pace->left = pace->left > cost ? pace->left - cost : 0; /* the last one may be too much */
    pace->n_slot_asked += !is_guess;
    return 0;
}

void sds_pace_answered(struct sds_pace *pace)
{
    pace->n_answers++;
}
