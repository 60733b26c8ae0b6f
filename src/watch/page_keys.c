/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "watch/keys.h"
#include "watch/pages.h"

#define INDENT ((size_t)2)
#define GAP    ((size_t)2)

/* Columns of the longest keys. */
static size_t measure(void)
{
    const struct sds_key *key;
    size_t widest = 0;

    for (size_t i = 0; (key = sds_key_at(i)); i++)
        if (strlen(key->keys) > widest)
            widest = strlen(key->keys);
    return widest;
}

struct sds_page *sds_page_of_keys(size_t width)
{
    struct sds_page *page = sds_page_new(width);
    size_t column = INDENT + measure() + GAP;
    const struct sds_key *key, *last = NULL;

    for (size_t i = 0; page && (key = sds_key_at(i)); i++, last = key) {
        if (last && last->section != key->section)
            sds_page_end_line(page);
        if (!last || last->section != key->section) {
            sds_page_put(page, SDS_INK_BOLD, sds_key_section_name(key->section), 0);
            sds_page_end_line(page);
        }
        sds_page_tab(page, INDENT);
        sds_page_put(page, SDS_INK_CYAN, key->keys, INDENT);
        sds_page_tab(page, column);
        sds_page_put(page, SDS_INK_PLAIN, key->help, column);
        sds_page_end_line(page);
    }
    return page ? sds_page_whole(page) : NULL;
}
