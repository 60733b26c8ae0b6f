/* SPDX-License-Identifier: MIT */
#ifndef SDS_WATCH_GROUND_H
#define SDS_WATCH_GROUND_H

/* What else the place of a text says, beside its ink. */
enum sds_ground {
    SDS_GROUND_PLAIN,
    SDS_GROUND_BAR,     /* the status line, the heads of columns */
    SDS_GROUND_CURSOR,  /* the selected line of the pane that has the keys */
    SDS_GROUND_SHADOW,  /* ... of a pane that has them not */
    SDS_GROUND_GONE,    /* what is no longer there */
    SDS_GROUND_FRESH_1, /* it has just come, and so on: the light fades */
    SDS_GROUND_FRESH_2,
    SDS_GROUND_FRESH_3,
    SDS_GROUND_CHANGED_1,
    SDS_GROUND_CHANGED_2,
    SDS_GROUND_CHANGED_3,
    SDS_GROUND__COUNT
};

#endif
