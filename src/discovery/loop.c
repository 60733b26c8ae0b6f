/* SPDX-License-Identifier: MIT */
#include "discovery/loop.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/queue.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <avahi-common/simple-watch.h>

#include "base/arr.h"
#include "base/clock.h"
#include "discovery/avahi.h"

/* Avahi's loop makes one call a turn, of its own timers before all others: a flood gives it so many
 * that neither a deadline nor a signal would ever be its turn. This often, all of ours are. */
#define FAIR_MS 50

struct sds_loop {
    AvahiSimplePoll *poll;
    TAILQ_HEAD(, sds_watch) watches;
    SDS_ARR(struct pollfd) fds; /* of the watches, while they are looked at */
    int64_t fair_ms;            /* when to look at them next */
};

/* Avahi's own timers follow the wall clock, and sleep for as long as that is set back. */
struct sds_timer {
    int fd; /* of timerfd_create(2) */
    struct sds_watch *watch;
    sds_callback *callback;
    void *userdata;
};

struct sds_watch {
    TAILQ_ENTRY(sds_watch) all;
    struct sds_loop *loop;
    int fd;
    short events; /* of poll(2) */
    bool is_ready;
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
    TAILQ_INIT(&loop->watches);
    loop->poll = avahi_simple_poll_new();
    return loop->poll ? loop : sds_loop_free(loop);
}

struct sds_loop *sds_loop_free(struct sds_loop *loop)
{
    if (loop && loop->poll)
        avahi_simple_poll_free(loop->poll);
    if (loop)
        free(loop->fds.v);
    free(loop);
    return NULL;
}

const AvahiPoll *sds_loop_avahi(struct sds_loop *loop)
{
    return avahi_simple_poll_get(loop->poll);
}

/* Find out which watches have something to tell. */
static void look(struct sds_loop *loop)
{
    struct sds_watch *watch;
    size_t i = 0;

    loop->fds.n = 0;
    TAILQ_FOREACH (watch, &loop->watches, all)
        if (!sds_arr_push(&loop->fds, (struct pollfd){.fd = watch->fd, .events = watch->events}))
            return; /* Avahi's loop comes to them some time */
    if (poll(loop->fds.v, loop->fds.n, 0) <= 0)
        return;
    TAILQ_FOREACH (watch, &loop->watches, all)
        watch->is_ready = loop->fds.v[i++].revents != 0;
}

static struct sds_watch *find_ready(struct sds_loop *loop)
{
    struct sds_watch *watch;

    TAILQ_FOREACH (watch, &loop->watches, all)
        if (watch->is_ready)
            return watch;
    return NULL;
}

/* Any of them may free any other. */
static void be_fair(struct sds_loop *loop)
{
    int64_t now = sds_system_clock.mono_ms();
    struct sds_watch *watch;

    if (now < loop->fair_ms)
        return;
    loop->fair_ms = now + FAIR_MS;
    look(loop);
    while ((watch = find_ready(loop))) {
        watch->is_ready = false;
        watch->callback(watch->userdata);
    }
}

int sds_loop_run(struct sds_loop *loop)
{
    int r;

    do {
        be_fair(loop);
        r = avahi_simple_poll_iterate(loop->poll, -1);
    } while (r == 0 || (r < 0 && errno == EINTR));
    return r < 0 ? -errno : 0;
}

void sds_loop_quit(struct sds_loop *loop)
{
    avahi_simple_poll_quit(loop->poll);
}

static void on_watch(AvahiWatch *w, int fd, AvahiWatchEvent event, void *userdata)
{
    struct sds_watch *watch = userdata;

    (void)w;
    (void)fd;
    (void)event;
    watch->callback(watch->userdata);
}

static struct sds_watch *watch_new(struct sds_loop *loop, int fd, AvahiWatchEvent events,
                                   sds_callback *callback, void *userdata)
{
    struct sds_watch *watch = calloc(1, sizeof(*watch));

    if (!watch)
        return NULL;
    TAILQ_INSERT_TAIL(&loop->watches, watch, all);
    watch->loop = loop;
    watch->fd = fd;
    watch->events = events & AVAHI_WATCH_IN ? POLLIN : 0;
    watch->api = sds_loop_avahi(loop);
    watch->callback = callback;
    watch->userdata = userdata;
    watch->watch = watch->api->watch_new(watch->api, fd, events, on_watch, watch);
    return watch->watch ? watch : sds_watch_free(watch);
}

struct sds_watch *sds_watch_new(struct sds_loop *loop, int fd, sds_callback *callback,
                                void *userdata)
{
    return watch_new(loop, fd, AVAHI_WATCH_IN, callback, userdata);
}

/* poll(2) tells of POLLERR and POLLHUP unasked. */
struct sds_watch *sds_watch_new_hangup(struct sds_loop *loop, int fd, sds_callback *callback,
                                       void *userdata)
{
    return watch_new(loop, fd, (AvahiWatchEvent)0, callback, userdata);
}

struct sds_watch *sds_watch_free(struct sds_watch *watch)
{
    if (!watch)
        return NULL;
    if (watch->watch)
        watch->api->watch_free(watch->watch);
    TAILQ_REMOVE(&watch->loop->watches, watch, all);
    free(watch);
    return NULL;
}

static void on_timeout(void *userdata)
{
    struct sds_timer *timer = userdata;
    uint64_t n_expirations;

    if (read(timer->fd, &n_expirations, sizeof(n_expirations)) == sizeof(n_expirations))
        timer->callback(timer->userdata);
}

struct sds_timer *sds_timer_new(struct sds_loop *loop, sds_callback *callback, void *userdata)
{
    struct sds_timer *timer = calloc(1, sizeof(*timer));

    if (!timer)
        return NULL;
    timer->callback = callback;
    timer->userdata = userdata;
    timer->fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
    if (timer->fd >= 0)
        timer->watch = sds_watch_new(loop, timer->fd, on_timeout, timer);
    return timer->watch ? timer : sds_timer_free(timer);
}

void sds_timer_set(struct sds_timer *timer, int64_t delay_ms)
{
    struct itimerspec at = {.it_value.tv_nsec = 1}; /* all 0 would stop it */

    if (delay_ms > 0) {
        at.it_value.tv_sec = delay_ms / 1000;
        at.it_value.tv_nsec = delay_ms % 1000 * 1000000;
    }
    timerfd_settime(timer->fd, 0, &at, NULL);
}

void sds_timer_stop(struct sds_timer *timer)
{
    timerfd_settime(timer->fd, 0, &(struct itimerspec){0}, NULL);
}

struct sds_timer *sds_timer_free(struct sds_timer *timer)
{
    if (!timer)
        return NULL;
    sds_watch_free(timer->watch);
    if (timer->fd >= 0)
        close(timer->fd);
    free(timer);
    return NULL;
}
