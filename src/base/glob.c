/* SPDX-License-Identifier: MIT */
#include "base/glob.h"

#include <stdint.h>
#include <string.h>

#include "base/ascii.h"
#include "base/cur.h"

/* The byte that begins here, and with @is_whole what else belongs to its character in UTF-8. */
static void skip(struct sds_cur *text, bool is_whole)
{
    uint8_t byte;

    sds_cur_u8(text, &byte);
    while (is_whole && text->left > 0 && (*text->p & 0xc0) == 0x80)
        sds_cur_u8(text, &byte);
}

/* Match one item of the pattern that is no star; false where it does not. */
static bool match_one(const char *item, struct sds_cur *text)
{
    bool is_any = *item == '?';

    if (!*item || !text->left)
        return false;
    if (!is_any && sds_fold((uint8_t)*item) != sds_fold(*text->p))
        return false;
    skip(text, is_any);
    return true;
}

bool sds_glob_matches(const char *pattern, const void *bytes, size_t len)
{
    struct sds_cur text = sds_cur_over(bytes, len), retry = {0};
    const char *after_star = NULL;

    while (*pattern || text.left) {
        if (*pattern == '*') {
            after_star = ++pattern;
            retry = text;
        } else if (match_one(pattern, &text)) {
            pattern++;
        } else if (after_star && retry.left) { /* the last star takes a byte more */
            skip(&retry, false);
            text = retry;
            pattern = after_star;
        } else {
            return false;
        }
    }
    return true;
}

bool sds_glob_is_pattern(const char *text)
{
    return strpbrk(text, "*?") != NULL;
}
