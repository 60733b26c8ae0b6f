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

static void draw_entry(const struct sds_screen *screen, const struct sds_log_entry *entry, int y,
                       enum sds_ground ground)
{
    const struct sds_box *box = &screen->layout.log;
    SDS_CLEANUP(sds_freep) char *name = strndup(entry->text, entry->what);
    enum sds_ink ink = sds_ink_of_severity(entry->worst);
    char time[SDS_TIME_OF_DAY_SIZE];
    int x = box->x + 1, end = box->x + box->columns;

    sds_canvas_fill(&screen->canvas, y, box->x, box->columns, SDS_INK_PLAIN, ground, "");
    sds_time_of_day(entry->time_ms, time);
    x += sds_canvas_put(&screen->canvas, y, x, end - x, SDS_INK_DIM, ground, time) + 1;
    x += sds_canvas_put(&screen->canvas, y, x, end - x, kinds[entry->kind].ink, ground,
                        kinds[entry->kind].sign) +
         1;
    if (name && *name)
        x +=
            sds_canvas_put(&screen->canvas, y, x, room_for_name(entry, end - x), ink, ground, name);
    sds_canvas_put(&screen->canvas, y, x, end - x, ink, ground, entry->text + entry->what);
}

static size_t n_seen(const struct sds_screen *screen)
{
    return screen->layout.log.lines > 1 ? (size_t)screen->layout.log.lines - 1 : 0;
}

/* The selected entry is in sight, and no line is empty while there are entries for it. */
static void follow_selected(struct sds_screen *screen)
{
    size_t n = sds_log_n(screen->log), seen = n_seen(screen);

    if (screen->log_at >= n)
        screen->log_at = n ? n - 1 : 0;
    if (screen->log_back > screen->log_at)
        screen->log_back = screen->log_at;
    if (screen->log_at - screen->log_back >= seen)
        screen->log_back = screen->log_at - seen + 1;
    if (screen->log_back + seen > n)
        screen->log_back = n > seen ? n - seen : 0;
}

static void draw_head(const struct sds_screen *screen)
{
    const struct sds_box *box = &screen->layout.log;
    enum sds_ground ground = screen->focus == SDS_FOCUS_LOG ? SDS_GROUND_CURSOR : SDS_GROUND_BAR;
    char head[64];

    snprintf(head, sizeof(head), " EVENTS %zu%s",
             sds_log_n_ever(screen->log) + sds_log_n_ever(screen->waiting_log),
             screen->log_at ? " (End: the latest)" : "");
    sds_canvas_fill(&screen->canvas, box->y, box->x, box->columns, SDS_INK_PLAIN, ground, head);
}

void sds_log_draw(struct sds_screen *screen)
{
    const struct sds_box *box = &screen->layout.log;
    size_t n = sds_log_n(screen->log), seen = n_seen(screen), first;

    if (box->lines < 1)
        return;
    draw_head(screen);
    if (!seen)
        return;
    follow_selected(screen);
    first = n > seen + screen->log_back ? n - seen - screen->log_back : 0;
    for (size_t i = 0; i < seen && first + i < n; i++)
        draw_entry(screen, sds_log_at(screen->log, first + i), box->y + 1 + (int)i,
                   screen->focus == SDS_FOCUS_LOG && first + i + 1 + screen->log_at == n
                       ? SDS_GROUND_CURSOR
                       : SDS_GROUND_PLAIN);
}

/* ---- what is selected --------------------------------------------------------------------- */

void sds_log_follow(struct sds_screen *screen, size_t n_new)
{
    if (!screen->log_at)
        return;
    screen->log_at += n_new;
    screen->log_back += n_new;
}

const struct sds_log_entry *sds_log_selected(const struct sds_screen *screen)
{
    size_t n = sds_log_n(screen->log);

    return screen->log_at < n ? sds_log_at(screen->log, n - 1 - screen->log_at) : NULL;
}

size_t sds_log_line_at(const struct sds_screen *screen, int y, int x)
{
    const struct sds_box *box = &screen->layout.log;
    size_t n = sds_log_n(screen->log), seen = n_seen(screen), line;

    if (!sds_box_holds(box, y, x) || y == box->y)
        return SIZE_MAX;
    line = (size_t)(y - box->y - 1); /* from the first that is seen */
    seen = seen < n ? seen : n;
    return line < seen ? screen->log_back + seen - 1 - line : SIZE_MAX;
}
