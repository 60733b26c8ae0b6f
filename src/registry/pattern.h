/* SPDX-License-Identifier: MIT */
#ifndef SDS_REGISTRY_PATTERN_H
#define SDS_REGISTRY_PATTERN_H

#include <stdbool.h>
#include <stddef.h>

#include "sdscope/name.h"

#define SDS_PATTERN_LEN_MAX 1000 /* bytes of a regular expression */

/* Regular expressions of PCRE2 over bytes, which match the whole of a subject or do not. Each is
 * compiled when it is first asked for, and kept. */
struct sds_patterns;

/* Holds memory for as many as the built-in profiles have, so that a clean service costs no
 * allocation. Returns NULL when out of memory. */
struct sds_patterns *sds_patterns_new(void);

/* Returns NULL; @patterns may be NULL. */
struct sds_patterns *sds_patterns_free(struct sds_patterns *patterns);

/**
 * Whether a subject matches. One that would take too long or too much memory counts as matching:
 * nothing wrong is known of it.
 *
 * @patterns    NULL, for lack of memory, matches everything
 * @regex       compiles; known again by its address, so it stays as long as @patterns do
 * @ret_viable  may be NULL; else set, where it does not match, to the length of the longest start
 *              of the subject that could have become a match
 */
bool sds_pattern_matches(struct sds_patterns *patterns, const char *regex, struct sds_span subject,
                         size_t *ret_viable);

struct sds_pattern_error {
    char text[120];
};

/* Whether this is a regular expression; @ret says why it is none. */
bool sds_pattern_compiles(const char *regex, struct sds_pattern_error *ret);

#endif
