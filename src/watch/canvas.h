/* SPDX-License-Identifier: MIT */
#ifndef SDS_WATCH_CANVAS_H
#define SDS_WATCH_CANVAS_H

#include <stdbool.h>
#include <stddef.h>

#include "watch/box.h"
#include "watch/paint.h"

/* Signs of our own, drawn as ASCII where that is asked for. */
enum sds_sign {
    SDS_SIGN_ELLIPSIS,
    SDS_SIGN_BAR,
    SDS_SIGN_ARROW,
    SDS_SIGN_ASCENDING,
    SDS_SIGN_DESCENDING,
    SDS_SIGN__COUNT
};

struct sds_canvas {
    bool is_ascii;
};

const char *sds_canvas_sign(const struct sds_canvas *canvas, enum sds_sign sign);

/**
 * Put text at a place: as much as fits into @columns, with an ellipsis where the rest had to go.
 *
 * @text  safe to print; NULL: nothing
 * Returns columns that it took.
 */
int sds_canvas_put(const struct sds_canvas *canvas, int y, int x, int columns, enum sds_ink ink,
                   enum sds_ground ground, const char *text);

/* The same, with the ground laid out over all @columns. */
void sds_canvas_fill(const struct sds_canvas *canvas, int y, int x, int columns, enum sds_ink ink,
                     enum sds_ground ground, const char *text);

#endif
