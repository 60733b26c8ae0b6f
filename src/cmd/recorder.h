/* SPDX-License-Identifier: MIT */
#ifndef SDS_CMD_RECORDER_H
#define SDS_CMD_RECORDER_H

#include <stdio.h>

#include "cmd/live.h"
#include "files/recording.h"

/* A recording that is being written, of what a source tells. Zero it to begin. */
struct sds_recorder {
    const struct sds_live *live;
    const char *path;
    FILE *out;         /* NULL: nothing is recorded */
    int64_t origin_ms; /* since 1970, of when it began ... */
    int64_t began_ms;  /* ... and by a clock that nobody sets */
    size_t n_events;
    int error; /* of the output; nothing more is written then */
};

/**
 * Begin a recording with its head.
 *
 * @path         "-" is standard output; borrowed
 * @is_replaced  a file that has something in it gives way
 * Returns 0, -EEXIST where such a file is there, or another negative errno.
 */
int sds_recorder_open(struct sds_recorder *recorder, const struct sds_live *live, const char *path,
                      bool is_replaced);

/* Write an event, at the time of what is told now. Returns 0, or the first error there was. */
int sds_recorder_put(struct sds_recorder *recorder, struct sds_recording_line *line);

/* Write what a source says of a service. */
int sds_recorder_put_service(struct sds_recorder *recorder, enum sds_event_kind kind,
                             const struct sds_service *service);

/* Write that discovery has settled; its reasons, and at the end its notes, are the source's. */
int sds_recorder_put_settled(struct sds_recorder *recorder);
int sds_recorder_put_end(struct sds_recorder *recorder);

/* Returns 0, or the first error there was. Standard output stays open: it is main()'s. */
int sds_recorder_close(struct sds_recorder *recorder);

#endif
