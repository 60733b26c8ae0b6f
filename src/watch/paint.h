/* SPDX-License-Identifier: MIT */
#ifndef SDS_WATCH_PAINT_H
#define SDS_WATCH_PAINT_H

#include <curses.h>

#include "report/pen.h"
#include "watch/ground.h"

/* Choose colours for what the terminal has: 256, 16, 8 or none. After start_color(). */
void sds_paint_begin(void);

/* The attributes of a text. Only words and signs carry a meaning; these help the eye. */
attr_t sds_paint(enum sds_ink ink, enum sds_ground ground, short *ret_pair);

#endif
