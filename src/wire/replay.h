/* SPDX-License-Identifier: MIT */
#ifndef SDS_WIRE_REPLAY_H
#define SDS_WIRE_REPLAY_H

#include <stdbool.h>
#include <stdint.h>

#include "wire/capture.h"
#include "wire/conduct.h"
#include "wire/fault.h"
#include "wire/store.h"

/* What the messages of a capture were. */
struct sds_replay_counts {
    uint64_t datagrams;
    uint64_t headless; /* shorter than the header of a message */
    uint64_t queries, responses;
    uint64_t strays;                        /* responses from another port than 5353 */
    uint64_t records;                       /* that the store was given */
    uint64_t faults[SDS_WIRE_FAULT__COUNT]; /* in messages that the capture did not cut */
    int64_t first_ms, last_ms;              /* since 1970: the times that it covers */
};

/* A capture on its way into a store; caller's storage, begun with all else zero. */
struct sds_replay {
    struct sds_capture *capture; /* borrowed, like the store */
    struct sds_store *store;     /* its config.is_lasting says whether records go unasked */
    struct sds_conduct *conduct; /* borrowed, too; NULL: nobody wants to know */

    struct sds_replay_counts counts;
    int64_t now_ms; /* the store's time: that of the capture, but it never goes back */

    bool has_next; /* what is to be taken next has been read: */
    struct sds_capture_packet next;
};

/* Read the next datagram into @replay->next, unless it is there. Returns false at the end. */
bool sds_replay_peek(struct sds_replay *replay);

/* Let time pass up to @now_ms, if that is later: records that are due leave the store. */
void sds_replay_pass(struct sds_replay *replay, int64_t now_ms);

/**
 * Take the next datagram. The store gets the records of responses; from another port than 5353 they
 * are to be ignored (RFC 6762 6). What was sent to one host alone, or is cut, is not judged.
 *
 * Returns 1, 0 at the end, -ENOMEM with some of its records not taken.
 */
int sds_replay_step(struct sds_replay *replay);

/* Take all. Returns 0 or -ENOMEM. */
int sds_replay_run(struct sds_replay *replay);

#endif
