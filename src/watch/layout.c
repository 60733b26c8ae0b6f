/* SPDX-License-Identifier: MIT */
#include "watch/layout.h"

#define TWO_LINES_OF_STATUS 14 /* lines of a screen that has room for them */
#define LINES_WITH_LOG      16
#define LOG_SHARE           4 /* of the lines */
#define LOG_MIN             4
#define LOG_MAX             12
#define COLUMNS_OF_TWO      100 /* of a screen that has room for the list and a page */

struct sds_layout sds_layout_make(int lines, int columns, bool has_page, bool has_log)
{
    int status = lines < TWO_LINES_OF_STATUS ? 1 : 2;
    int log = has_log && lines >= LINES_WITH_LOG ? lines / LOG_SHARE : 0;
    int middle;
    struct sds_layout layout;

    if (log && log < LOG_MIN)
        log = LOG_MIN;
    if (log > LOG_MAX)
        log = LOG_MAX;
    middle = lines > status ? lines - status - log - 1 : 0;
    layout = (struct sds_layout){
        .status = {0, 0, status, columns},
        .list = {status, 0, middle, columns},
        .log = {status + middle, 0, log, columns},
        .keys = {lines - 1, 0, lines > status ? 1 : 0, columns},
    };
    if (!has_page)
        return layout;
    layout.page = layout.list;
    if (columns < COLUMNS_OF_TWO) {
        layout.list.lines = 0;
        return layout;
    }
    layout.list.columns = columns * 2 / 5; /* names, to choose by; what is said of one needs more */
    layout.page.x = layout.list.columns + 1; /* a line between them */
    layout.page.columns = columns - layout.page.x;
    return layout;
}

/* How columns share a line: those of a screen that is wide enough, each with what it needs, and
 * what is left goes by shares. */
static const struct {
    enum sds_cell cell;
    int from;  /* columns of the list from which on it is shown */
    int least; /* cells */
    int most;
    int share; /* of what is left */
} plan[] = {
    {SDS_CELL_INSTANCE, 0, 10, 48, 4}, {SDS_CELL_TYPE, 0, 10, 21, 3},
    {SDS_CELL_HOST, 130, 12, 32, 2},   {SDS_CELL_ADDRESS, 110, 20, 28, 1},
    {SDS_CELL_VERDICT, 60, 12, 12, 0}, {SDS_CELL_FINDING, 72, 12, 999, 4},
    {SDS_CELL_AGE, 0, 4, 4, 0},
};

#define N_PLANNED ((int)(sizeof(plan) / sizeof(*plan)))

static bool is_shown(int i, int columns)
{
    return columns >= plan[i].from;
}

/* Hand out what is left by shares, until nobody takes more. */
static void share(int width[SDS_CELL__COUNT], int columns, int left)
{
    for (bool is_taken = true; left > 0 && is_taken;) {
        is_taken = false;
        for (int i = 0; i < N_PLANNED; i++) {
            int *cells = &width[plan[i].cell];
            int more = is_shown(i, columns) ? plan[i].share : 0;

            if (more > plan[i].most - *cells)
                more = plan[i].most - *cells;
            if (more > left)
                more = left;
            *cells += more;
            left -= more;
            is_taken |= more > 0;
        }
    }
}

struct sds_list_columns sds_layout_columns(int columns)
{
    struct sds_list_columns ret = {0};
    int left = columns - SDS_SIGNS_WIDTH, x = SDS_SIGNS_WIDTH;

    for (int i = 0; i < N_PLANNED; i++) {
        if (!is_shown(i, columns))
            continue;
        ret.width[plan[i].cell] = plan[i].least;
        left -= plan[i].least + (x > SDS_SIGNS_WIDTH);
        x++;
    }
    share(ret.width, columns, left);
    x = SDS_SIGNS_WIDTH;
    for (int i = 0; i < N_PLANNED; i++) {
        if (!is_shown(i, columns))
            continue;
        ret.x[plan[i].cell] = x;
        x += ret.width[plan[i].cell] + 1;
    }
    return ret;
}
