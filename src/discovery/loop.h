/* SPDX-License-Identifier: MIT */
#ifndef SDS_DISCOVERY_LOOP_H
#define SDS_DISCOVERY_LOOP_H

#include <stdint.h>

/* The one event loop, over Avahi's poll API. Callbacks run from sds_loop_run() only. */
struct sds_loop;
struct sds_timer;
struct sds_watch;

typedef void sds_callback(void *userdata);

/* NULL when out of memory. */
struct sds_loop *sds_loop_new(void);

/* Timers and watches must be gone before. Returns NULL; @loop may be NULL. */
struct sds_loop *sds_loop_free(struct sds_loop *loop);

/* Dispatch until sds_loop_quit(). Returns 0, or a negative errno when polling failed. */
int sds_loop_run(struct sds_loop *loop);
void sds_loop_quit(struct sds_loop *loop);

/* A timer that is not set yet; NULL when out of memory. */
struct sds_timer *sds_timer_new(struct sds_loop *loop, sds_callback *callback, void *userdata);

/* Call back once, @delay_ms from now; a time set before is forgotten. */
void sds_timer_set(struct sds_timer *timer, int64_t delay_ms);
void sds_timer_stop(struct sds_timer *timer);
struct sds_timer *sds_timer_free(struct sds_timer *timer);

/* Call back whenever @fd can be read; it stays the caller's. NULL when out of memory. */
struct sds_watch *sds_watch_new(struct sds_loop *loop, int fd, sds_callback *callback,
                                void *userdata);

/* Call back when nobody reads what is written to @fd any more, without a word from it. */
struct sds_watch *sds_watch_new_hangup(struct sds_loop *loop, int fd, sds_callback *callback,
                                       void *userdata);
struct sds_watch *sds_watch_free(struct sds_watch *watch);

#endif
