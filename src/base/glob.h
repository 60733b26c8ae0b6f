/* SPDX-License-Identifier: MIT */
#ifndef SDS_BASE_GLOB_H
#define SDS_BASE_GLOB_H

#include <stdbool.h>
#include <stddef.h>

/**
 * Whether a name matches a pattern from its beginning to its end, ASCII case ignored: `*` stands
 * for any text, `?` for one character of it, all else for itself; brackets and backslashes occur in
 * names. Takes at most as many steps as the product of both lengths.
 */
bool sds_glob_matches(const char *pattern, const void *bytes, size_t len);

/* Whether it has a wildcard at all. */
bool sds_glob_is_pattern(const char *text);

#endif
