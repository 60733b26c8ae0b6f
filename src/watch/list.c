/* SPDX-License-Identifier: MIT */

/* The list of services. */

#include <stdint.h>
#include <string.h>

#include "base/mem.h"
#include "report/pen.h"
#include "watch/age.h"
#include "watch/screen_impl.h"

static const char *const titles[SDS_CELL__COUNT] = {
    [SDS_CELL_TYPE] = "TYPE",       [SDS_CELL_INSTANCE] = "INSTANCE",
    [SDS_CELL_HOST] = "HOST",       [SDS_CELL_ADDRESS] = "ADDRESS",
    [SDS_CELL_VERDICT] = "VERDICT", [SDS_CELL_FINDING] = "WORST FINDING",
    [SDS_CELL_AGE] = "AGE",
};

static size_t n_seen(const struct sds_screen *screen)
{
    return screen->layout.list.lines > 1 ? (size_t)screen->layout.list.lines - 1 : 0;
}

void sds_scroll_follow(struct sds_scroll *scroll, size_t n, size_t n_seen)
{
    if (n == 0 || n_seen == 0) {
        *scroll = (struct sds_scroll){0, 0};
        return;
    }
    if (scroll->at >= n)
        scroll->at = n - 1;
    if (scroll->top > scroll->at)
        scroll->top = scroll->at;
    if (scroll->at - scroll->top >= n_seen)
        scroll->top = scroll->at - n_seen + 1;
    if (scroll->top > 0 && n - scroll->top < n_seen)
        scroll->top = n > n_seen ? n - n_seen : 0;
}

/* ---- drawing ------------------------------------------------------------------------------ */

static void draw_heads(const struct sds_screen *screen, const struct sds_list_columns *columns)
{
    const struct sds_canvas *canvas = &screen->canvas;
    const struct sds_box *box = &screen->layout.list;
    enum sds_sign sign =
        screen->arrangement.is_descending ? SDS_SIGN_DESCENDING : SDS_SIGN_ASCENDING;

    sds_canvas_fill(canvas, box->y, box->x, box->columns, SDS_INK_PLAIN, SDS_GROUND_BAR, "");
    for (enum sds_cell cell = 0; cell < SDS_CELL__COUNT; cell++) {
        int x = box->x + columns->x[cell], width = columns->width[cell];
        int taken =
            sds_canvas_put(canvas, box->y, x, width, SDS_INK_PLAIN, SDS_GROUND_BAR, titles[cell]);

        if (cell == screen->arrangement.sort)
            sds_canvas_put(canvas, box->y, x + taken, width - taken, SDS_INK_PLAIN, SDS_GROUND_BAR,
                           sds_canvas_sign(canvas, sign));
    }
}

static size_t count_rows(const struct sds_screen *screen, size_t from, size_t to)
{
    size_t n = 0;

    for (size_t i = from; i < to; i++)
        n += screen->lines.v[i].row != NULL;
    return n;
}

/* At the end of a head, where it has room. */
static bool put_beside_head(const struct sds_screen *screen, const struct sds_list_columns *columns,
                            enum sds_cell cell, const char *text)
{
    const struct sds_box *box = &screen->layout.list;
    int len = (int)strlen(text), end = columns->x[cell] + columns->width[cell];
    int taken = (int)strlen(titles[cell]) + (cell == screen->arrangement.sort);

    if (columns->width[cell] - taken <= len)
        return false;
    sds_canvas_put(&screen->canvas, box->y, box->x + end - len, len, SDS_INK_DIM, SDS_GROUND_BAR,
                   text);
    return true;
}

/* Which services are seen of how many, unless all are. */
static void draw_position(const struct sds_screen *screen, const struct sds_list_columns *columns)
{
    static const enum sds_cell cells[] = {SDS_CELL_INSTANCE, SDS_CELL_TYPE};
    static const char *const between[] = {" of ", "/"};
    size_t n = screen->lines.n, top = screen->list.top, seen = n_seen(screen);
    size_t before, last;
    char text[64];

    if (n <= seen || !seen)
        return;
    before = count_rows(screen, 0, top);
    last = before + count_rows(screen, top, top + seen);
    for (size_t i = 0; i < SDS_COUNT(cells) * SDS_COUNT(between); i++) {
        snprintf(text, sizeof(text), "%zu-%zu%s%zu", before < last ? before + 1 : last, last,
                 between[i % SDS_COUNT(between)], screen->lines.n_rows);
        if (put_beside_head(screen, columns, cells[i / SDS_COUNT(between)], text))
            return;
    }
}

char sds_severity_sign(enum sds_severity severity)
{
    static const char signs[SDS_SEV__COUNT] = {' ', 'i', 'W', 'E'};

    return signs[severity];
}

/* What a row says by one letter each, so that colour need not say it. */
static void write_signs(const struct sds_row *row, enum sds_ground light, char *ret)
{
    ret[0] = row->is_marked ? '*' : ' ';
    ret[1] = ' ';
    if (light == SDS_GROUND_GONE)
        ret[1] = '-';
    else if (light >= SDS_GROUND_CHANGED_1)
        ret[1] = '~';
    else if (light >= SDS_GROUND_FRESH_1)
        ret[1] = '+';
    ret[2] = sds_severity_sign(row->worst);
    ret[3] = '\0';
}

/* In colours, too: they are what the eye looks for, on narrow screens all that tells of findings.
 */
static void draw_signs(const struct sds_screen *screen, const struct sds_row *row, int y,
                       enum sds_ground light, enum sds_ground ground)
{
    const struct sds_box *box = &screen->layout.list;
    char signs[SDS_SIGNS_WIDTH];
    enum sds_ink inks[SDS_SIGNS_WIDTH - 1] = {SDS_INK_BOLD, SDS_INK_YELLOW};

    write_signs(row, light, signs);
    if (light == SDS_GROUND_GONE)
        inks[1] = SDS_INK_RED;
    else if (light < SDS_GROUND_CHANGED_1)
        inks[1] = SDS_INK_GREEN;
    inks[2] = sds_ink_of_severity(row->worst);
    sds_canvas_fill(&screen->canvas, y, box->x, box->columns, SDS_INK_PLAIN, ground, signs);
    for (int i = 0; i < SDS_SIGNS_WIDTH - 1; i++)
        if (signs[i] != ' ')
            sds_canvas_put(&screen->canvas, y, box->x + i, 1, inks[i], ground,
                           (char[]){signs[i], '\0'});
}

static enum sds_ink ink_of(const struct sds_row *row, enum sds_cell cell)
{
    if (sds_row_is_gone(row) || cell == SDS_CELL_AGE)
        return SDS_INK_DIM;
    if (cell == SDS_CELL_VERDICT && row->result.has_verdict)
        return sds_ink_of_verdict(row->result.verdict);
    return cell == SDS_CELL_FINDING ? sds_ink_of_severity(row->worst) : SDS_INK_PLAIN;
}

static enum sds_ground ground_of(const struct sds_screen *screen, const struct sds_row *row,
                                 enum sds_ground light)
{
    if (row != screen->selected)
        return light;
    return screen->focus == SDS_FOCUS_LIST ? SDS_GROUND_CURSOR : SDS_GROUND_SHADOW;
}

static void draw_row(const struct sds_screen *screen, const struct sds_list_columns *columns,
                     const struct sds_row *row, int y)
{
    const struct sds_box *box = &screen->layout.list;
    int64_t now_ms = sds_screen_now_ms(screen), lasts_ms;
    enum sds_ground light = sds_age_ground(row, now_ms, &lasts_ms);
    enum sds_ground ground = ground_of(screen, row, light);
    char age[SDS_AGE_SIZE];

    sds_age_format(now_ms - row->last_ms, age);
    draw_signs(screen, row, y, light, ground);
    for (enum sds_cell cell = 0; cell < SDS_CELL__COUNT; cell++) {
        const char *text = cell == SDS_CELL_AGE ? age : row->cells[cell];

        sds_canvas_put(&screen->canvas, y, box->x + columns->x[cell], columns->width[cell],
                       ink_of(row, cell), ground, text);
    }
}

static void draw_group(const struct sds_screen *screen, const struct sds_list_line *line, int y)
{
    const struct sds_box *box = &screen->layout.list;
    char count[32];
    int taken = sds_canvas_put(&screen->canvas, y, box->x, box->columns, SDS_INK_BOLD,
                               SDS_GROUND_PLAIN, line->head);

    snprintf(count, sizeof(count), "  %zu", line->n_rows);
    sds_canvas_put(&screen->canvas, y, box->x + taken, box->columns - taken, SDS_INK_DIM,
                   SDS_GROUND_PLAIN, count);
}

static const char *why_empty(const struct sds_screen *screen)
{
    if (sds_rows_count(screen->rows).here == 0)
        return screen->is_settled ? "nobody advertises a service here" : "looking around ...";
    if (screen->arrangement.faults_only)
        return "no service that passes has a finding: f shows all";
    return "no service passes the filter: Esc drops it";
}

void sds_list_draw(struct sds_screen *screen)
{
    const struct sds_box *box = &screen->layout.list;
    struct sds_list_columns columns = sds_layout_columns(box->columns);

    if (box->lines < 1)
        return;
    draw_heads(screen, &columns);
    sds_scroll_follow(&screen->list, screen->lines.n, n_seen(screen));
    draw_position(screen, &columns);
    for (size_t i = 0; i < n_seen(screen) && screen->list.top + i < screen->lines.n; i++) {
        const struct sds_list_line *line = &screen->lines.v[screen->list.top + i];
        int y = box->y + 1 + (int)i;

        if (line->row)
            draw_row(screen, &columns, line->row, y);
        else
            draw_group(screen, line, y);
    }
    if (!screen->lines.n && box->lines > 1)
        sds_canvas_put(&screen->canvas, box->y + 1, box->x + 1, box->columns - 1, SDS_INK_DIM,
                       SDS_GROUND_PLAIN, why_empty(screen));
}

/* ---- time --------------------------------------------------------------------------------- */

int64_t sds_list_next_ms(const struct sds_screen *screen)
{
    int64_t now_ms = sds_screen_now_ms(screen), next_ms = INT64_MAX;

    for (size_t i = 0; i < n_seen(screen) && screen->list.top + i < screen->lines.n; i++) {
        const struct sds_row *row = screen->lines.v[screen->list.top + i].row;
        int64_t lasts_ms, ages_ms;

        if (!row)
            continue;
        sds_age_ground(row, now_ms, &lasts_ms);
        ages_ms = sds_age_lasts_ms(now_ms - row->last_ms);
        if (ages_ms < lasts_ms)
            lasts_ms = ages_ms;
        if (lasts_ms < next_ms)
            next_ms = lasts_ms;
    }
    return next_ms;
}

/* ---- the mouse ---------------------------------------------------------------------------- */

size_t sds_list_line_at(const struct sds_screen *screen, int y, int x)
{
    const struct sds_box *box = &screen->layout.list;
    size_t line;

    if (!sds_box_holds(box, y, x) || y == box->y)
        return SIZE_MAX;
    line = screen->list.top + (size_t)(y - box->y - 1);
    return line < screen->lines.n ? line : SIZE_MAX;
}

int sds_list_head_at(const struct sds_screen *screen, int y, int x)
{
    const struct sds_box *box = &screen->layout.list;
    struct sds_list_columns columns = sds_layout_columns(box->columns);

    if (!sds_box_holds(box, y, x) || y != box->y)
        return -1;
    for (enum sds_cell cell = 0; cell < SDS_CELL__COUNT; cell++) {
        int from = box->x + columns.x[cell];

        if (columns.width[cell] && x >= from && x <= from + columns.width[cell])
            return (int)cell;
    }
    return -1;
}
