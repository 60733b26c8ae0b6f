/* SPDX-License-Identifier: MIT */
#ifndef SDS_WATCH_PAGES_H
#define SDS_WATCH_PAGES_H

#include <stdint.h>

#include "sdscope/registry.h"
#include "watch/page.h"
#include "watch/row.h"

/* What panes show. Each returns a page for sds_page_free(), NULL when out of memory. */

/**
 * All of a service: its records, the keys of its TXT record with what is wrong with each, its
 * findings with their hints, where and when it was seen.
 *
 * @registry  what declares its keys; may be NULL
 * @now_ms    since 1970
 * @is_ascii  see struct sds_style
 */
struct sds_page *sds_page_of_row(const struct sds_row *row, const struct sds_registry *registry,
                                 int64_t now_ms, size_t width, bool is_ascii);

/* What `explain` says of a rule. */
struct sds_page *sds_page_of_rule(const struct sds_rule *rule, size_t width);

/* All keys, from the table of keys. */
struct sds_page *sds_page_of_keys(size_t width);

#endif
