/* SPDX-License-Identifier: MIT */
#ifndef SDS_TESTS_WATCH_GOLDEN_H
#define SDS_TESTS_WATCH_GOLDEN_H

#include "watch/page.h"

/* The words of a page, malloc'ed. */
char *page_text(const struct sds_page *page);

/* The same, each line after the rule that it speaks of, and beneath it a letter for each column of
 * an ink: b, d, r, g, y, m, c for bold, dim, red, green, yellow, magenta, cyan. */
char *page_inks(const struct sds_page *page);

#endif
