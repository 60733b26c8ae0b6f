/* SPDX-License-Identifier: MIT */
#ifndef SDS_DISCOVERY_RECORDING_READER_H
#define SDS_DISCOVERY_RECORDING_READER_H

#include "discovery/source.h"
#include "files/recording.h"

/* Where a line begins. */
struct sds_recording_place {
    int64_t offset;     /* bytes */
    unsigned long line; /* lines before it */
};

/* A recording, line by line: memory stays flat however long it is. */
struct sds_recording_reader {
    FILE *in;
    char *name;                /* safe to print */
    struct sds_source *source; /* is told what is wrong with a line */
    char *text;                /* the line that was read last, with its line feed */
    size_t len, cap;
    struct sds_recording_place at, next; /* of that line, and behind it */
};

/* @in is taken, in any case; @source is borrowed. Returns 0 or -ENOMEM. */
int sds_recording_reader_init(struct sds_recording_reader *reader, const char *name, FILE *in,
                              struct sds_source *source);
void sds_recording_reader_done(struct sds_recording_reader *reader);

/* Read a line. Returns 1, 0 at the end, -E2BIG past a line that is too long, another negative
 * errno. */
int sds_recording_reader_line(struct sds_recording_reader *reader);

/* Read up to the next event; what is no event is a reason. @ret is to be released with
 * sds_recording_line_done(). Returns false at the end. */
bool sds_recording_reader_event(struct sds_recording_reader *reader,
                                struct sds_recording_line *ret);

/* Whether it can go on elsewhere; and do so. Returns 0 or a negative errno. */
bool sds_recording_reader_can_seek(const struct sds_recording_reader *reader);
int sds_recording_reader_seek(struct sds_recording_reader *reader,
                              struct sds_recording_place place);

/* When the last event was, as far as the end can be read: of a cut recording, the last that is
 * whole. Only where it can seek; it goes on where it was. Returns 0 with *ret_ms set, 0 where it
 * cannot be told; or a negative errno. */
int sds_recording_reader_find_end(struct sds_recording_reader *reader, int64_t *ret_ms);

/* Say what is wrong with the line that was read last. */
void sds_recording_reader_fault(struct sds_recording_reader *reader, const char *what);

#endif
