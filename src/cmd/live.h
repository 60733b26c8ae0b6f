/* SPDX-License-Identifier: MIT */
#ifndef SDS_CMD_LIVE_H
#define SDS_CMD_LIVE_H

#include "cmd/cmd.h"
#include "cmd/wanted.h"
#include "discovery/inventory.h"
#include "discovery/loop.h"
#include "discovery/source.h"
#include "files/event.h"

/* What else a command wants to hear of a running source. */
struct sds_live_events {
    struct sds_inventory_events inventory;
    void (*settled)(void *userdata);
    void (*lost)(void *userdata, const char *why);
    void (*back)(void *userdata);
    void (*ended)(void *userdata); /* NULL: the loop ends with a recording */
    /* See struct sds_source_events; the inventory is empty then. NULL: a recording never goes back,
     * and keeps no marks to do so. */
    void (*reset)(void *userdata, int64_t time_ms);
    /* What a source says of a service, before links are put together; NULL: nothing is heard. */
    void (*told)(void *userdata, enum sds_event_kind kind, const struct sds_service *service);
};

/* A source, the inventory that it fills, and what ends it: a deadline, or a signal. */
struct sds_live {
    const struct sds_opts *opts;
    const struct sds_live_events *events;
    struct sds_wanted wanted;
    struct sds_loop *loop;
    struct sds_source *source;
    struct sds_inventory *inventory;
    struct sds_timer *deadline, *ticker;
    struct sds_watch *signals;
    int signal_fd;
    int64_t started_ms, duration_ms; /* since 1970; how long it took, or the recording told of */
    unsigned n_ticks;
    double speed; /* of a recording */
    bool shows_progress, is_settled, is_interrupted, is_late;
};

/**
 * Open the source that the options name.
 *
 * @live       release with sds_live_done(), also after an error; does not move
 * @rules      what is sought beside the services' own records is what these need; may be NULL
 * @registry   what --deep asks for; may be NULL
 * @events     may be NULL: nothing is heard, and the loop ends when the source has settled
 * @timeout_ms 0: no deadline
 * Returns 0, or the enum sds_exit for which it has said why.
 */
int sds_live_open(struct sds_live *live, const struct sds_opts *opts,
                  const struct sds_ruleset *rules, const struct sds_registry *registry,
                  const struct sds_live_events *events, long timeout_ms);

/* Run until it has settled (without events), the deadline, SIGINT or SIGTERM. Returns 0 or a
 * negative errno. */
int sds_live_run(struct sds_live *live);

/* The time of what is told now: of a recording, when it happened. Milliseconds since 1970. */
int64_t sds_live_now_ms(const struct sds_live *live);

/**
 * How discovery goes, or went.
 *
 * @services  of the inventory
 * @ret       borrows from @live and from what is returned
 * Returns the interfaces on which they were seen, for free(); NULL where there are none.
 */
const char **sds_live_scan(const struct sds_live *live, const struct sds_service *const *services,
                           size_t n, struct sds_scan *ret);

void sds_live_done(struct sds_live *live);

#endif
