/* SPDX-License-Identifier: MIT */
#ifndef SDS_REPORT_PEN_H
#define SDS_REPORT_PEN_H

#include <stddef.h>
#include <stdio.h>

#include "sdscope/check.h"

struct sds_style;

/* What text is written in. Words alone tell as much: colour only helps the eye. */
enum sds_ink {
    SDS_INK_PLAIN,
    SDS_INK_BOLD,
    SDS_INK_DIM,
    SDS_INK_RED,
    SDS_INK_GREEN,
    SDS_INK_YELLOW,
    SDS_INK_MAGENTA,
    SDS_INK_CYAN,
    SDS_INK__COUNT
};

/* Writes text for people: coloured where wanted, and in lines that fit. Everything it is given must
 * be safe to print already. */
struct sds_pen {
    FILE *out;
    const struct sds_style *style;
};

enum sds_ink sds_ink_of_severity(enum sds_severity severity);
enum sds_ink sds_ink_of_verdict(enum sds_verdict verdict);

/* The ink to which an escape of a coloured pen switches; *@text stands at it, and behind it then.
 */
enum sds_ink sds_ink_take(const char **text);

void sds_pen_put(const struct sds_pen *pen, enum sds_ink ink, const char *text);
void sds_pen_format(const struct sds_pen *pen, enum sds_ink ink, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void sds_pen_spaces(const struct sds_pen *pen, size_t n);

/* What stands for what had to go: one column, whatever the style. */
const char *sds_pen_ellipsis(const struct sds_pen *pen);

/* At most @columns of text, with an ellipsis where the rest had to go; returns columns taken. */
size_t sds_pen_cut(const struct sds_pen *pen, enum sds_ink ink, const char *text, size_t columns);

/**
 * Text in as many lines as it needs, broken at spaces where there are any.
 *
 * @at      the column where the pen stands
 * @indent  where further lines begin
 * Returns the column where the pen stands then.
 */
size_t sds_pen_wrap(const struct sds_pen *pen, enum sds_ink ink, const char *text, size_t at,
                    size_t indent);

/* Lines of their own, each wrapped; those that begin with a space are examples, and stay whole. */
void sds_pen_paragraphs(const struct sds_pen *pen, const char *text);

#endif
