/* SPDX-License-Identifier: MIT */
#ifndef SDS_WATCH_PAGE_PEN_H
#define SDS_WATCH_PAGE_PEN_H

#include "report/report.h"
#include "watch/page.h"

/* A pen that writes into a page, so that what reports have words for needs no others. It stays
 * where it was begun. */
struct sds_page_pen {
    struct sds_pen pen;
    struct sds_style style;
    char *text;
    size_t size;
};

/* @is_ascii  see struct sds_style. Returns false where memory is short, which the page tells then.
 */
bool sds_page_pen_begin(struct sds_page_pen *pen, struct sds_page *page, bool is_ascii);

/* Take what the pen wrote, whole lines, into the page. @error  of the writer, 0 or negative */
void sds_page_pen_end(struct sds_page_pen *pen, struct sds_page *page, int error);

#endif
