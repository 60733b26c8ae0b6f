/* SPDX-License-Identifier: MIT */

/* A build without curses: events are told in lines. */

#include <assert.h>
#include <errno.h>
#include <stddef.h>

#include "watch/screen.h"

bool sds_screen_is_possible(void)
{
    return false;
}

int sds_screen_open(const struct sds_screen_config *config, struct sds_screen **ret)
{
    (void)config, (void)ret;
    return -ENOTSUP;
}

struct sds_screen *sds_screen_free(struct sds_screen *screen)
{
    assert(!screen);
    return NULL;
}

int sds_screen_take(struct sds_screen *screen, const struct sds_event *event,
                    struct sds_result *result)
{
    (void)screen, (void)event, (void)result;
    return -ENOTSUP;
}

void sds_screen_end_recording(struct sds_screen *screen, int error)
{
    (void)screen, (void)error;
}

void sds_screen_reset(struct sds_screen *screen, int64_t time_ms)
{
    (void)screen, (void)time_ms;
}
