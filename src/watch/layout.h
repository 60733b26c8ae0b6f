/* SPDX-License-Identifier: MIT */
#ifndef SDS_WATCH_LAYOUT_H
#define SDS_WATCH_LAYOUT_H

#include <stdbool.h>

#include "watch/box.h"
#include "watch/row.h"

/* Where things stand on a screen of some size; a box without lines is not shown. */
struct sds_layout {
    struct sds_box status; /* one line, or two where there is room */
    struct sds_box list;   /* the heads of the columns, then rows */
    struct sds_box page;   /* beside the list, or in its place */
    struct sds_box log;    /* its head, then entries */
    struct sds_box keys;   /* one line */
};

struct sds_layout sds_layout_make(int lines, int columns, bool has_page, bool has_log);

/* The signs before a row take columns of their own: mark, event, severity. */
#define SDS_SIGNS_WIDTH 4

/* Columns of the list: where each begins in the box, and how many cells wide it is; those for
 * which there is no room have none. */
struct sds_list_columns {
    int x[SDS_CELL__COUNT], width[SDS_CELL__COUNT];
};

struct sds_list_columns sds_layout_columns(int columns);

#endif
