/* SPDX-License-Identifier: MIT */
#ifndef SDS_WATCH_FILTER_H
#define SDS_WATCH_FILTER_H

#include <stdbool.h>

#include "watch/row.h"

/**
 * What the list is to show. Terms stand between spaces, and all of them must hold; double quotes
 * keep spaces in one term. `word` is sought in all that the row shows, in its TXT record, addresses
 * and findings; `type:`, `host:`, `name:`, `address:`, `rule:` in that alone, `verdict:` and
 * `severity:` are how the word begins; `key=value` is a TXT attribute, `key=` that it has the key;
 * `is:gone`, `is:marked`, `is:new`, `is:changed`, which may be cut short. `!` before a term inverts
 * it. ASCII case is ignored; values are parts of what is compared, and may hold * and ?. A term
 * without a value, such as `host:`, lets all pass: somebody is about to type it.
 */
struct sds_filter;

/* Anything is a filter: what is not understood is sought as a word. Empty text lets all pass. NULL
 * when out of memory. */
struct sds_filter *sds_filter_new(const char *text);
struct sds_filter *sds_filter_free(struct sds_filter *filter);

/* @filter may be NULL: all pass. */
bool sds_filter_passes(const struct sds_filter *filter, const struct sds_row *row);

#endif
