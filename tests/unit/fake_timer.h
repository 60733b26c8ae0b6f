/* SPDX-License-Identifier: MIT */
#ifndef SDS_TESTS_FAKE_TIMER_H
#define SDS_TESTS_FAKE_TIMER_H

/* Time that the test moves, and one timer by it, in place of those of a loop. For a test that wraps
 * sds_timer_new, sds_timer_set, sds_timer_stop and sds_timer_free; include it after cmocka.h. */

#include <stdlib.h>

#include "base/clock.h"
#include "discovery/loop.h"

static int64_t now;

struct sds_timer {
    sds_callback *callback;
    void *userdata;
    int64_t due_ms; /* INT64_MAX: it is not set */
};

static struct sds_timer *timer;

struct sds_timer *__wrap_sds_timer_new(struct sds_loop *loop, sds_callback *callback,
                                       void *userdata);
void __wrap_sds_timer_set(struct sds_timer *t, int64_t delay_ms);
void __wrap_sds_timer_stop(struct sds_timer *t);
struct sds_timer *__wrap_sds_timer_free(struct sds_timer *t);

struct sds_timer *__wrap_sds_timer_new(struct sds_loop *loop, sds_callback *callback,
                                       void *userdata)
{
    (void)loop;
    assert_null(timer);
    timer = malloc(sizeof(*timer));
    if (timer)
        *timer = (struct sds_timer){callback, userdata, INT64_MAX};
    return timer;
}

void __wrap_sds_timer_set(struct sds_timer *t, int64_t delay_ms)
{
    t->due_ms = now + (delay_ms > 0 ? delay_ms : 0);
}

void __wrap_sds_timer_stop(struct sds_timer *t)
{
    t->due_ms = INT64_MAX;
}

struct sds_timer *__wrap_sds_timer_free(struct sds_timer *t)
{
    assert_ptr_equal(t, timer);
    free(t);
    timer = NULL;
    return NULL;
}

static inline void run_until(int64_t until)
{
    while (timer->due_ms <= until) {
        now = timer->due_ms > now ? timer->due_ms : now;
        timer->due_ms = INT64_MAX;
        timer->callback(timer->userdata);
    }
    now = until;
}

static int64_t fake_ms(void)
{
    return now;
}

static const struct sds_clock fake_clock = {fake_ms, fake_ms};

#endif
