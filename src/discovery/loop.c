/* SPDX-License-Identifier: MIT */
#include "discovery/loop.h"

#include <errno.h>
#include <stdlib.h>

#include <avahi-common/simple-watch.h>
#include <avahi-common/timeval.h>

#include "discovery/avahi.h"

struct sds_loop {
    AvahiSimplePoll *poll;
};

struct sds_timer {
    const AvahiPoll *api;
    AvahiTimeout *timeout;
    sds_callback *callback;
    void *userdata;
};

struct sds_watch {
    const AvahiPoll *api;
    AvahiWatch *watch;
    sds_callback *callback;
    void *userdata;
};

struct sds_loop *sds_loop_new(void)
{
    struct sds_loop *loop = calloc(1, sizeof(*loop));

    if (!loop)
        return NULL;
    loop->poll = avahi_simple_poll_new();
    return loop->poll ? loop : sds_loop_free(loop);
}

struct sds_loop *sds_loop_free(struct sds_loop *loop)
{
    if (loop && loop->poll)
        avahi_simple_poll_free(loop->poll);
    free(loop);
    return NULL;
}

const AvahiPoll *sds_loop_avahi(struct sds_loop *loop)
{
    return avahi_simple_poll_get(loop->poll);
}

int sds_loop_run(struct sds_loop *loop)
{
    int r;

    do
        r = avahi_simple_poll_iterate(loop->poll, -1);
    while (r == 0 || (r < 0 && errno == EINTR));
    return r < 0 ? -errno : 0;
}

void sds_loop_quit(struct sds_loop *loop)
{
    avahi_simple_poll_quit(loop->poll);
}

static void on_timeout(AvahiTimeout *t, void *userdata)
{
    struct sds_timer *timer = userdata;

    (void)t;
    timer->callback(timer->userdata);
}

struct sds_timer *sds_timer_new(struct sds_loop *loop, sds_callback *callback, void *userdata)
{
    struct sds_timer *timer = calloc(1, sizeof(*timer));

    if (!timer)
        return NULL;
    timer->api = sds_loop_avahi(loop);
    timer->callback = callback;
    timer->userdata = userdata;
    timer->timeout = timer->api->timeout_new(timer->api, NULL, on_timeout, timer);
    return timer->timeout ? timer : sds_timer_free(timer);
}

void sds_timer_set(struct sds_timer *timer, int64_t delay_ms)
{
    struct timeval at;

    avahi_elapse_time(&at, delay_ms > 0 ? (unsigned)delay_ms : 0, 0);
    timer->api->timeout_update(timer->timeout, &at);
}

void sds_timer_stop(struct sds_timer *timer)
{
    timer->api->timeout_update(timer->timeout, NULL);
}

struct sds_timer *sds_timer_free(struct sds_timer *timer)
{
    if (timer && timer->timeout)
        timer->api->timeout_free(timer->timeout);
    free(timer);
    return NULL;
}

static void on_readable(AvahiWatch *w, int fd, AvahiWatchEvent event, void *userdata)
{
    struct sds_watch *watch = userdata;

    (void)w;
    (void)fd;
    (void)event;
    watch->callback(watch->userdata);
}

struct sds_watch *sds_watch_new(struct sds_loop *loop, int fd, sds_callback *callback,
                                void *userdata)
{
    struct sds_watch *watch = calloc(1, sizeof(*watch));

    if (!watch)
        return NULL;
    watch->api = sds_loop_avahi(loop);
    watch->callback = callback;
    watch->userdata = userdata;
    watch->watch = watch->api->watch_new(watch->api, fd, AVAHI_WATCH_IN, on_readable, watch);
    return watch->watch ? watch : sds_watch_free(watch);
}

struct sds_watch *sds_watch_free(struct sds_watch *watch)
{
    if (watch && watch->watch)
        watch->api->watch_free(watch->watch);
    free(watch);
    return NULL;
}
