/* SPDX-License-Identifier: MIT */
#ifndef SDS_CMD_WATCH_HOST_H
#define SDS_CMD_WATCH_HOST_H

#include "cmd/judge.h"
#include "cmd/live.h"
#include "cmd/recorder.h"
#include "watch/screen.h"

/* What the screen of a watch asks of the command: time, reports, recordings. */
struct sds_watch_host {
    const struct sds_opts *opts;
    struct sds_live *live;
    const struct sds_judge *judge;

    struct sds_recorder recorder;
    char *record_path;
    int record_error; /* that ended it, to be said again when the screen is gone */

    struct sds_scan scan; /* as of the last event */
    const char **interfaces;
    bool is_stale;
};

/* @live and the rest are borrowed; @ret is what the screen gets. */
void sds_watch_host_init(struct sds_watch_host *host, const struct sds_opts *opts,
                         struct sds_live *live, const struct sds_judge *judge,
                         struct sds_screen_host *ret);
void sds_watch_host_done(struct sds_watch_host *host);

/* Something was told: of a service before links are put together, or else. Returns 0, or what
 * befell a recording, which has ended then. */
int sds_watch_host_told(struct sds_watch_host *host, enum sds_event_kind kind,
                        const struct sds_service *service, const char *message);

/* Time went back. Returns whether a recording has ended for that. */
bool sds_watch_host_reset(struct sds_watch_host *host);

#endif
