/* SPDX-License-Identifier: MIT */
#include "report/text.h"
#include "watch/page_pen.h"
#include "watch/pages.h"

struct sds_page *sds_page_of_rule(const struct sds_rule *rule, size_t width)
{
    struct sds_page *page = sds_page_new(width);
    struct sds_page_pen pen;

    if (!page)
        return NULL;
    sds_page_set_rule(page, rule);
    if (sds_page_pen_begin(&pen, page, false)) {
        sds_text_put_rule(&pen.pen, rule);
        sds_page_pen_end(&pen, page, 0);
    }
    return sds_page_whole(page);
}
