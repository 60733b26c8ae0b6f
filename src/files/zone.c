/* SPDX-License-Identifier: MIT */
#include "files/zone.h"

#include <string.h>

#include "base/ascii.h"
#include "base/mem.h"
#include "config.h"

/* An owner, a TTL and a class may stand before the type. */
#define WORDS_BEFORE_TYPE 3

static bool is_one_of(struct sds_span word, const char *const *words, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (sds_fold_equal(word.p, word.len, words[i], strlen(words[i])))
            return true;
    return false;
}

/* Split the first word off a line; false where it has none before a comment. */
static bool next_word(struct sds_span *line, struct sds_span *ret)
{
    size_t at = 0, end;

    while (at < line->len && (line->p[at] == ' ' || line->p[at] == '\t'))
        at++;
    for (end = at; end < line->len && !memchr(" \t\r;", line->p[end], 4);)
        end++;
    *ret = (struct sds_span){line->p + at, end - at};
    *line = (struct sds_span){line->p + end, line->len - end};
    return ret->len > 0;
}

static bool is_line_of_zone(struct sds_span line)
{
    static const char *const directives[] = {"$ORIGIN", "$TTL", "$INCLUDE"};
    static const char *const types[] = {"PTR", "SRV", "TXT", "SOA", "NS"};
    bool has_owner = line.len > 0 && line.p[0] != ' ' && line.p[0] != '\t';
    struct sds_span word;

    for (int i = 0; i <= WORDS_BEFORE_TYPE && next_word(&line, &word); i++) {
        if (i == 0 && has_owner) {
            if (is_one_of(word, directives, SDS_COUNT(directives)))
                return true;
        } else if (is_one_of(word, types, SDS_COUNT(types))) {
            return true;
        }
    }
    return false;
}

bool sds_is_zone(const char *text, size_t len)
{
    while (len > 0) {
        const char *end = memchr(text, '\n', len);
        size_t n = end ? (size_t)(end - text) : len;

        if (is_line_of_zone((struct sds_span){(const uint8_t *)text, n}))
            return true;
        n += end != NULL;
        text += n;
        len -= n;
    }
    return false;
}

#if !SDS_HAVE_LDNS

int sds_services_read_zone(const char *text, size_t len, const char *origin, struct sds_input *ret,
                           struct sds_input_error *error)
{
    (void)text;
    (void)len;
    (void)origin;
    (void)ret;
    return sds_input_fail(error, SDS_INPUT_NOWHERE,
                          "a zone file, which this build cannot read: it was made without ldns");
}

#endif
