/* SPDX-License-Identifier: MIT */
#ifndef SDS_DISCOVERY_RECORDING_MARKS_H
#define SDS_DISCOVERY_RECORDING_MARKS_H

#include "discovery/recording_reader.h"

/* What was told of a recording up to a place. */
struct sds_recording_state {
    struct sds_recording_place place; /* of what comes next */
    size_t n_events;
    int64_t time_ms;                 /* of the last of them, since 1970 */
    struct sds_recording_place lost; /* the line that says why the source is gone; 0: it is there */
    bool is_settled, has_end;
    struct sds_progress progress;
};

/* What a link tells of a service that is there. */
struct sds_recording_sighting {
    struct sds_recording_place place; /* of the line that told it last */
    int64_t since_ms;                 /* when the first link told of the service */
    uint64_t number;                  /* of the service, in the order in which they came */
};

struct sds_recording_mark {
    struct sds_recording_state state;
    struct sds_recording_sighting *sightings; /* in the order in which they came */
    size_t n_sightings;
};

/**
 * Places of a recording to go back to, a bounded number of them however long it is, and what is
 * there now. They name lines of the recording, and keep no service.
 */
struct sds_recording_marks;

/* NULL when out of memory. */
struct sds_recording_marks *sds_recording_marks_new(void);
struct sds_recording_marks *sds_recording_marks_free(struct sds_recording_marks *marks);

/* The line at @place tells of a service on a link, at a time. Returns 0 or -ENOMEM. */
int sds_recording_marks_see(struct sds_recording_marks *marks, const struct sds_service *service,
                            struct sds_recording_place place, int64_t time_ms);

/* The link does not see it any more. Returns whether it did. */
bool sds_recording_marks_lose(struct sds_recording_marks *marks, const struct sds_service *service);

/* Nothing is there any more, as far as is known; the marks stay. */
void sds_recording_marks_forget(struct sds_recording_marks *marks);

/* Make a mark, where one is due. The first always is; and must be, or there is none to go back to.
 * Returns 0 or -ENOMEM. */
int sds_recording_marks_put(struct sds_recording_marks *marks,
                            const struct sds_recording_state *state);

/* The last mark up to a time, or up to so many events; else the first one. Borrowed until the next
 * one is made. */
const struct sds_recording_mark *sds_recording_marks_at(const struct sds_recording_marks *marks,
                                                        int64_t time_ms, size_t n_events);

#endif
