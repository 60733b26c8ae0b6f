/* SPDX-License-Identifier: MIT */
#ifndef SDS_WATCH_PAGE_PARTS_H
#define SDS_WATCH_PAGE_PARTS_H

#include "rules/rules.h"
#include "watch/page.h"
#include "watch/row.h"

/* What the parts of a service's page are made of. */
struct sds_page_of {
    struct sds_page *page;
    const struct sds_row *row;
    const struct sds_check *check; /* what is known of its type */
    int64_t now_ms;
    bool is_ascii;
};

void sds_page_put_head(const struct sds_page_of *of);
void sds_page_put_records(const struct sds_page_of *of);
void sds_page_put_txt(const struct sds_page_of *of);
/* Where there are any. */
void sds_page_put_findings(const struct sds_page_of *of);
void sds_page_put_not_evaluated(const struct sds_page_of *of);
void sds_page_put_times(const struct sds_page_of *of);

/* The head of a part, after an empty line. @note  what stands beside it; may be NULL */
void sds_page_put_title(struct sds_page *page, const char *title, const char *note);

/* A label; words that follow begin at sds_page_fact_column(). "" goes on with the one before. */
void sds_page_put_label(struct sds_page *page, const char *label);
size_t sds_page_fact_column(const struct sds_page *page);

/* A line of a label and words. @text  safe to print; NULL: memory was short where it was made */
void sds_page_put_fact(struct sds_page *page, const char *label, const char *text);

/* The same; takes malloc'ed text. */
void sds_page_take_fact(struct sds_page *page, const char *label, char *text);

#endif
