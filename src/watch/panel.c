/* SPDX-License-Identifier: MIT */

/* The page beside the list, or in its place: details, a rule, the keys. */

#include "base/text.h"
#include "watch/pages.h"
#include "watch/screen_impl.h"

#define LEAST_COLUMNS 3 /* an edge on both sides */

static struct sds_page *make_empty(size_t width)
{
    struct sds_page *page = sds_page_new(width);

    if (page)
        sds_page_put(page, SDS_INK_DIM, "no service is selected", 0);
    return page ? sds_page_whole(page) : NULL;
}

static struct sds_page *make(const struct sds_screen *screen)
{
    size_t width = (size_t)screen->layout.page.columns - 2;

    switch (screen->page_kind) {
    case SDS_PAGE_DETAIL:
        return screen->selected
                   ? sds_page_of_row(screen->selected, screen->config.registry,
                                     sds_screen_now_ms(screen), width, screen->config.is_ascii)
                   : make_empty(width);
    case SDS_PAGE_RULE:
        return sds_page_of_rule(screen->rule, width);
    case SDS_PAGE_KEYS:
    case SDS_PAGE_NONE:
        break;
    }
    return sds_page_of_keys(width);
}

static const char *title_of(const struct sds_screen *screen)
{
    switch (screen->page_kind) {
    case SDS_PAGE_DETAIL:
        return "DETAILS";
    case SDS_PAGE_RULE:
        return screen->rule->id;
    case SDS_PAGE_KEYS:
    case SDS_PAGE_NONE:
        break;
    }
    return "KEYS";
}

static void draw_head(const struct sds_screen *screen, size_t n, size_t n_seen)
{
    const struct sds_box *box = &screen->layout.page;
    enum sds_ground ground = screen->focus == SDS_FOCUS_PAGE ? SDS_GROUND_CURSOR : SDS_GROUND_BAR;
    size_t last = screen->page_scroll.top + n_seen;
    char head[64];

    if (n > n_seen)
        snprintf(head, sizeof(head), " %s  lines %zu to %zu of %zu", title_of(screen),
                 screen->page_scroll.top + 1, last < n ? last : n, n);
    else
        snprintf(head, sizeof(head), " %s", title_of(screen));
    sds_canvas_fill(&screen->canvas, box->y, box->x, box->columns, SDS_INK_PLAIN, ground, head);
}

static void draw_line(const struct sds_screen *screen, const struct sds_page_line *line, int y,
                      bool is_selected)
{
    const struct sds_box *box = &screen->layout.page;
    enum sds_ground ground = is_selected ? SDS_GROUND_CURSOR : SDS_GROUND_PLAIN;
    int x = box->x + 1, end = box->x + box->columns;

    if (is_selected)
        sds_canvas_fill(&screen->canvas, y, box->x, box->columns, SDS_INK_PLAIN, ground, "");
    for (size_t i = 0; i < line->n; i++)
        x +=
            sds_canvas_put(&screen->canvas, y, x, end - x, line->v[i].ink, ground, line->v[i].text);
}

static void draw_edge(const struct sds_screen *screen)
{
    const struct sds_box *box = &screen->layout.page;

    for (int y = 0; box->x > 0 && y < box->lines; y++)
        sds_canvas_put(&screen->canvas, box->y + y, box->x - 1, 1, SDS_INK_DIM, SDS_GROUND_PLAIN,
                       sds_canvas_sign(&screen->canvas, SDS_SIGN_BAR));
}

void sds_page_catch_up(struct sds_screen *screen)
{
    struct sds_scroll *scroll = &screen->page_scroll;
    size_t n;

    if (screen->layout.page.columns < LEAST_COLUMNS || (screen->page && !screen->needs_page))
        return;
    sds_page_free(screen->page);
    screen->page = make(screen);
    screen->needs_page = false;
    n = screen->page ? sds_page_n_lines(screen->page) : 0;
    if (scroll->at >= n) /* it was longer */
        scroll->at = n ? n - 1 : 0;
}

void sds_page_draw(struct sds_screen *screen)
{
    const struct sds_box *box = &screen->layout.page;
    size_t n, n_seen = box->lines > 1 ? (size_t)box->lines - 1 : 0;

    if (box->lines < 1 || box->columns < LEAST_COLUMNS)
        return;
    sds_page_catch_up(screen);
    if (!screen->page)
        return;
    n = sds_page_n_lines(screen->page);
    sds_scroll_follow(&screen->page_scroll, n, n_seen);
    draw_edge(screen);
    draw_head(screen, n, n_seen);
    for (size_t i = 0; i < n_seen && screen->page_scroll.top + i < n; i++) {
        size_t at = screen->page_scroll.top + i;

        draw_line(screen, sds_page_line_at(screen->page, at), box->y + 1 + (int)i,
                  at == screen->page_scroll.at && screen->focus == SDS_FOCUS_PAGE &&
                      screen->page_kind == SDS_PAGE_DETAIL);
    }
}
