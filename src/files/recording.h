/* SPDX-License-Identifier: MIT */
#ifndef SDS_FILES_RECORDING_H
#define SDS_FILES_RECORDING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "files/event.h"
#include "sdscope/service.h"

/* A recording: NDJSON of what a source told, in the order of time. The first line is its head, the
 * last one an event SDS_EVENT_ENDED; services stand in it as each link sees them. */

#define SDS_RECORDING_FORMAT     1
#define SDS_RECORDING_LINE_MAX   ((size_t)4 * 1024 * 1024) /* bytes */
#define SDS_RECORDING_ERROR_SIZE 256

struct json_t;

struct sds_recording_texts {
    const char *const *v;
    size_t n;
};

/* How it was made. All but the time may be NULL or empty, which is not told. */
struct sds_recording_head {
    const char *version; /* of the program */
    const char *source;  /* "avahi+wire" */
    const char *host;    /* that it was made on */
    int64_t started_ms;  /* since 1970, UTC */
    const char *domain;
    struct sds_recording_texts types; /* that were asked for; none: all */
    struct sds_recording_texts interfaces;
    struct json_t *json; /* has what the others borrow, where it was read */
};

/* What happened. */
struct sds_recording_line {
    enum sds_event_kind kind;
    int64_t time_ms;                    /* since 1970, UTC */
    const struct sds_service *service;  /* of added, changed and removed; else NULL */
    const char *message;                /* lost: why; else NULL */
    struct sds_recording_texts reasons; /* settled, ended: why something may be missing */
    struct sds_recording_texts notes;   /* ended: what is worth knowing besides */
    struct sds_service *read_service;   /* is @service, where that was read */
    struct json_t *json;                /* as above */
};

/* Write a line. Returns 0 or -ENOMEM; whether @out took it is for the caller to ask of @out. */
int sds_recording_write_head(const struct sds_recording_head *head, FILE *out);
int sds_recording_write_line(const struct sds_recording_line *line, FILE *out);

/**
 * Read a line, with or without its line feed.
 *
 * @ret    set on success; release with the _done() of its kind
 * @error  of SDS_RECORDING_ERROR_SIZE bytes; says what is wrong, safe to print
 * Returns 0, -EINVAL with *error set, -ENOTSUP with *error set where the recording is of a later
 * format, -ENOMEM.
 */
int sds_recording_read_head(const char *text, size_t len, struct sds_recording_head *ret,
                            char *error);
int sds_recording_read_line(const char *text, size_t len, struct sds_recording_line *ret,
                            char *error);

void sds_recording_head_done(struct sds_recording_head *head);
void sds_recording_line_done(struct sds_recording_line *line);

#endif
