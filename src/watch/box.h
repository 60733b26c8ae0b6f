/* SPDX-License-Identifier: MIT */
#ifndef SDS_WATCH_BOX_H
#define SDS_WATCH_BOX_H

#include <stdbool.h>

/* A rectangle of the screen. */
struct sds_box {
    int y, x, lines, columns;
};

static inline bool sds_box_holds(const struct sds_box *box, int y, int x)
{
    return y >= box->y && y < box->y + box->lines && x >= box->x && x < box->x + box->columns;
}

#endif
