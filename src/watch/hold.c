/* SPDX-License-Identifier: MIT */

/* The screen held still: what happens meanwhile waits, a row for each service, so that memory
 * stays flat however long that is. */

#include <string.h>

#include "watch/screen_impl.h"

/* Returns false where memory was short, and some of it is lost. */
static bool let_go(struct sds_screen *screen)
{
    size_t n;
    struct sds_row *const *rows = sds_rows_list(screen->waiting, &n);
    bool is_whole = true;

    for (size_t i = 0; i < n; i++) {
        const struct sds_event event = {
            .kind = rows[i]->last,
            .time_ms = rows[i]->last_ms,
            .service = rows[i]->service,
            .changes = rows[i]->changes,
        };
        struct sds_row *row;

        is_whole &= sds_rows_take(screen->rows, &event,
                                  rows[i]->is_checked ? &rows[i]->result : NULL, &row) == 0;
    }
    sds_rows_clear(screen->waiting);
    sds_log_follow(screen, sds_log_n(screen->waiting_log));
    sds_log_move(screen->log, screen->waiting_log);
    screen->n_waiting = 0;
    return is_whole;
}

bool sds_hold_is_waiting(const struct sds_screen *screen)
{
    return screen->is_held && !screen->config.host.pause;
}

int sds_hold_take(struct sds_screen *screen, const struct sds_event *event,
                  struct sds_result *result)
{
    const struct sds_event before = {.kind = SDS_EVENT_ADDED, .service = event->service};
    struct sds_row *row;
    int r = 0;

    screen->n_waiting += sds_event_is_news(event);
    if (event->kind == SDS_EVENT_REMOVED && !sds_rows_find(screen->waiting, event->service))
        r = sds_rows_take(screen->waiting, &before, NULL, &row);
    return r < 0 ? r : sds_rows_take(screen->waiting, event, result, &row);
}

void sds_hold(struct sds_screen *screen, bool is_held)
{
    const struct sds_screen_host *host = &screen->config.host;

    if (screen->is_held == is_held)
        return;
    screen->is_held = is_held;
    if (host->pause)
        host->pause(host->userdata, is_held);
    else if (!is_held && !let_go(screen))
        sds_screen_warn(screen, strdup("out of memory: some of what happened is not shown"));
    sds_screen_rearrange(screen);
}
