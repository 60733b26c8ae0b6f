/* SPDX-License-Identifier: MIT */
#ifndef SDS_WATCH_SCREEN_H
#define SDS_WATCH_SCREEN_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "discovery/loop.h"
#include "report/report.h"

/* What the screen asks of the command that runs it. */
struct sds_screen_host {
    int64_t (*now_ms)(void *userdata); /* of what is told now: of a recording, when it happened */
    double (*pace)(void *userdata);    /* how fast that time runs: 1 as clocks do, 0: it stands */
    void (*quit)(void *userdata);

    /* How discovery goes; all is borrowed until the next call. Where it is not complete, and gives
     * no reason, it has not settled yet. */
    void (*scan)(void *userdata, struct sds_scan *ret);

    /* Travel in the time of a recording; NULL where the source tells of now. */
    int64_t (*length_ms)(void *userdata); /* 0: not known */
    void (*pause)(void *userdata, bool is_paused);
    int (*step)(void *userdata, int n_events);          /* negative: back */
    int (*travel)(void *userdata, int64_t distance_ms); /* negative: back */

    /* Write a report of these services, into a file whose name tells the format, whole or not at
     * all; or into a stream, as text. Returns 0, or a negative errno: -EINVAL where the name tells
     * none, -EEXIST where the file is there already, and may not be replaced. */
    int (*export)(void *userdata, const struct sds_report_item *items, size_t n, const char *path,
                  bool may_replace);
    int (*print)(void *userdata, const struct sds_report_item *items, size_t n, FILE *out);

    /* Record into a new file what there is and happens from now on, or end that with NULL. Returns
     * 0 or a negative errno; sds_screen_end_recording() tells what befalls it later. */
    int (*record)(void *userdata, const char *path);
    void *userdata;
};

struct sds_screen_config {
    struct sds_loop *loop;
    struct sds_screen_host host;
    const struct sds_registry *registry; /* NULL: none */
    bool has_color, has_mouse;
    bool is_ascii; /* nothing but ASCII of our own; names stay what they are */
};

/* A terminal that shows what there is, until it is freed. */
struct sds_screen;

/* Whether a screen can be shown: input and output are a terminal that can address its cursor. */
bool sds_screen_is_possible(void);

/* @config is copied, what it points at borrowed. Returns 0 or a negative errno. */
int sds_screen_open(const struct sds_screen_config *config, struct sds_screen **ret);

/* Give the terminal back. Returns NULL; @screen may be NULL. */
struct sds_screen *sds_screen_free(struct sds_screen *screen);

/**
 * Show what happened.
 *
 * @result  see sds_rows_take()
 * Returns 0 or -ENOMEM.
 */
int sds_screen_take(struct sds_screen *screen, const struct sds_event *event,
                    struct sds_result *result);

/* The recording that the user asked for has ended by itself: @error is what befell it, a negative
 * errno; 0: time went back, and a recording cannot. */
void sds_screen_end_recording(struct sds_screen *screen, int error);

/* A recording goes back to a time: what was told is void, and told anew up to then. */
void sds_screen_reset(struct sds_screen *screen, int64_t time_ms);

#endif
