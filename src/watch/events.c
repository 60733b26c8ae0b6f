/* SPDX-License-Identifier: MIT */

/* The log of what happened. */

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/text.h"
#include "report/pen.h"
#include "watch/screen_impl.h"

static const struct {
    const char *sign;
    enum sds_ink ink;
} kinds[SDS_EVENT__COUNT] = {
    [SDS_EVENT_ADDED] = {"+", SDS_INK_GREEN}, [SDS_EVENT_CHANGED] = {"~", SDS_INK_YELLOW},
    [SDS_EVENT_REMOVED] = {"-", SDS_INK_RED}, [SDS_EVENT_SETTLED] = {"=", SDS_INK_DIM},
    [SDS_EVENT_LOST] = {"!", SDS_INK_RED},    [SDS_EVENT_BACK] = {"=", SDS_INK_GREEN},
    [SDS_EVENT_ENDED] = {"=", SDS_INK_DIM},
};

/* Where not all has room, columns for the name: half of them at least, so that what happened can be
 * read. */
static int room_for_name(const struct sds_log_entry *entry, int room)
{
    int what = (int)sds_text_width(entry->text + entry->what);

    return what < room / 2 ? room - what : room - room / 2;
}

static void draw_entry(const struct sds_screen *screen, const struct sds_log_entry *entry, int y)
{
    const struct sds_box *box = &screen->layout.log;
    SDS_CLEANUP(sds_freep) char *name = strndup(entry->text, entry->what);
    enum sds_ink ink = sds_ink_of_severity(entry->worst);
    char time[SDS_TIME_OF_DAY_SIZE];
    int x = box->x + 1, end = box->x + box->columns;

    sds_time_of_day(entry->time_ms, time);
    x += sds_canvas_put(&screen->canvas, y, x, end - x, SDS_INK_DIM, SDS_GROUND_PLAIN, time) + 1;
    x += sds_canvas_put(&screen->canvas, y, x, end - x, kinds[entry->kind].ink, SDS_GROUND_PLAIN,
                        kinds[entry->kind].sign) +
         1;
    if (name && *name)
        x += sds_canvas_put(&screen->canvas, y, x, room_for_name(entry, end - x), ink,
                            SDS_GROUND_PLAIN, name);
    sds_canvas_put(&screen->canvas, y, x, end - x, ink, SDS_GROUND_PLAIN,
                   entry->text + entry->what);
}

void sds_log_draw(struct sds_screen *screen)
{
    const struct sds_box *box = &screen->layout.log;
    size_t n = sds_log_n(screen->log), n_seen = box->lines > 1 ? (size_t)box->lines - 1 : 0, first;
    enum sds_ground ground = screen->focus == SDS_FOCUS_LOG ? SDS_GROUND_CURSOR : SDS_GROUND_BAR;
    char head[64];

    if (box->lines < 1)
        return;
    if (screen->log_back + n_seen > n)
        screen->log_back = n > n_seen ? n - n_seen : 0;
    snprintf(head, sizeof(head), " EVENTS %zu%s",
             sds_log_n_ever(screen->log) + sds_log_n_ever(screen->waiting_log),
             screen->log_back ? " (End: the latest)" : "");
    sds_canvas_fill(&screen->canvas, box->y, box->x, box->columns, SDS_INK_PLAIN, ground, head);
    first = n > n_seen + screen->log_back ? n - n_seen - screen->log_back : 0;
    for (size_t i = 0; i < n_seen && first + i < n; i++)
        draw_entry(screen, sds_log_at(screen->log, first + i), box->y + 1 + (int)i);
}
