/* SPDX-License-Identifier: MIT */
#ifndef SDS_FILES_ZONE_LEXER_H
#define SDS_FILES_ZONE_LEXER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arr.h"
#include "base/cur.h"
#include "files/input.h"

/* A word or quoted string of a zone file, borrowed from its text. */
struct sds_zone_token {
    const char *p; /* as it stands there, escapes and all, but without its quotes; no NUL in it */
    size_t len;    /* bytes */
    struct sds_input_place place;
    bool is_quoted;
};

/* A record or a directive: one line, or what parentheses hold together (RFC 1035 5.1). */
struct sds_zone_entry {
    SDS_ARR(struct sds_zone_token) tokens; /* at least one */
    bool has_owner; /* the first token is a name or a directive: no white space stands before it */
};

struct sds_zone_lexer {
    struct sds_cur left;
    struct sds_input_place place; /* of the next byte */
};

struct sds_zone_lexer sds_zone_lexer_over(const char *text, size_t len);

/**
 * Read the next entry, past blank lines and comments.
 *
 * @entry  zeroed at first, then used again; free tokens.v in the end
 * Returns 1, 0 at the end of the file, -EINVAL with *error set, -ENOMEM.
 */
int sds_zone_next(struct sds_zone_lexer *lexer, struct sds_zone_entry *entry,
                  struct sds_input_error *error);

#endif
