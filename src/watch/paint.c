/* SPDX-License-Identifier: MIT */
#include "watch/paint.h"

#include "base/mem.h"

/* A ground is a colour behind the text where there are many, and an attribute where not. */
static const struct {
    short deep;     /* of 256 colours; -1: the terminal's own */
    attr_t always;  /* attributes with any number of colours */
    attr_t shallow; /* ... with fewer than 256, and none */
} grounds[SDS_GROUND__COUNT] = {
    [SDS_GROUND_PLAIN] = {-1, A_NORMAL, A_NORMAL},
    [SDS_GROUND_BAR] = {237, A_BOLD, A_REVERSE},
    [SDS_GROUND_CURSOR] = {-1, A_REVERSE, A_NORMAL},
    [SDS_GROUND_SHADOW] = {239, A_NORMAL, A_UNDERLINE},
    [SDS_GROUND_GONE] = {-1, A_DIM, A_NORMAL},
    [SDS_GROUND_FRESH_1] = {28, A_BOLD, A_BOLD},
    [SDS_GROUND_FRESH_2] = {22, A_NORMAL, A_BOLD},
    [SDS_GROUND_FRESH_3] = {235, A_NORMAL, A_NORMAL},
    [SDS_GROUND_CHANGED_1] = {94, A_BOLD, A_BOLD},
    [SDS_GROUND_CHANGED_2] = {58, A_NORMAL, A_BOLD},
    [SDS_GROUND_CHANGED_3] = {235, A_NORMAL, A_NORMAL},
};

static const struct {
    short color; /* of 8; -1: the terminal's own */
    attr_t attributes;
} inks[SDS_INK__COUNT] = {
    [SDS_INK_PLAIN] = {-1, A_NORMAL},
    [SDS_INK_BOLD] = {-1, A_BOLD},
    [SDS_INK_DIM] = {-1, A_DIM},
    [SDS_INK_RED] = {COLOR_RED, A_NORMAL},
    [SDS_INK_GREEN] = {COLOR_GREEN, A_NORMAL},
    [SDS_INK_YELLOW] = {COLOR_YELLOW, A_NORMAL},
    [SDS_INK_MAGENTA] = {COLOR_MAGENTA, A_NORMAL},
    [SDS_INK_CYAN] = {COLOR_CYAN, A_NORMAL},
};

#define DEEP    256
#define BRIGHT  16
#define LIGHTER 8 /* from a colour to its bright one */

/* Terminals of millions of colours number them by their red, green and blue; the first 8 are as
 * everywhere. */
static int n_colors(void)
{
    return COLORS > DEEP ? 8 : COLORS;
}

static bool is_deep(void)
{
    return n_colors() == DEEP;
}

static short pair_of(enum sds_ink ink, enum sds_ground ground)
{
    return (short)(1 + (is_deep() ? ground : 0) * SDS_INK__COUNT + ink);
}

/* The dim colours of old are hard to read on black: the bright ones serve where there are any. */
static short color_of(enum sds_ink ink)
{
    short color = inks[ink].color;

    return color >= 0 && n_colors() >= BRIGHT ? (short)(color + LIGHTER) : color;
}

void sds_paint_begin(void)
{
    for (enum sds_ground ground = 0; ground < SDS_GROUND__COUNT && COLORS > 1; ground++)
        for (enum sds_ink ink = 0; ink < SDS_INK__COUNT; ink++)
            init_pair(pair_of(ink, ground), color_of(ink), is_deep() ? grounds[ground].deep : -1);
}

attr_t sds_paint(enum sds_ink ink, enum sds_ground ground, short *ret_pair)
{
    attr_t attributes = inks[ink].attributes | grounds[ground].always;

    *ret_pair = COLORS > 1 ? pair_of(ink, ground) : 0;
    return is_deep() ? attributes : attributes | grounds[ground].shallow;
}
