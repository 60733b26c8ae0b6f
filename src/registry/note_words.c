/* SPDX-License-Identifier: MIT */
#include "registry/note_words.h"

#include <string.h>

#include "base/ascii.h"
#include "base/mem.h"

bool sds_token_is_separator(const struct sds_token *t)
{
    return t->type == SDS_TOKEN_COMMA || t->type == SDS_TOKEN_SEMICOLON ||
           t->type == SDS_TOKEN_NEWLINE || t->type == SDS_TOKEN_END || sds_token_is(t, "and") ||
           sds_token_is(t, "+") || sds_token_is(t, "&");
}

bool sds_token_is_bracket(const struct sds_token *t)
{
    return t->type == SDS_TOKEN_ROUND || t->type == SDS_TOKEN_SQUARE;
}

bool sds_token_is_enclosed(const struct sds_token *t)
{
    return t->type >= SDS_TOKEN_ANGLE && t->type <= SDS_TOKEN_QUOTED;
}

struct sds_span sds_tokens_span(const struct sds_token *first, const struct sds_token *end)
{
    const char *start, *stop;

    if (first == end)
        return (struct sds_span){0};
    start = first->p - sds_token_is_enclosed(first);
    stop = end[-1].p + end[-1].len + sds_token_is_enclosed(&end[-1]);
    return (struct sds_span){(const uint8_t *)start, (size_t)(stop - start)};
}

struct sds_span sds_token_span(const struct sds_token *t)
{
    return (struct sds_span){(const uint8_t *)t->p, t->len};
}

bool sds_token_has_text(const struct sds_token *t, const char *text)
{
    return memmem(t->p, t->len, text, strlen(text));
}

bool sds_token_ends_in(const struct sds_token *t, const char *text)
{
    size_t n = strlen(text);

    return t->len > n && sds_fold_equal(t->p + t->len - n, n, text, n);
}

bool sds_token_begins_with(const struct sds_token *t, const char *text)
{
    size_t n = strlen(text);

    return t->len >= n && sds_fold_equal(t->p, n, text, n);
}

static bool is_one_of(const struct sds_token *t, const char *const *words, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (sds_token_is(t, words[i]))
            return true;
    return false;
}

bool sds_token_is_prose(const struct sds_token *t)
{
    static const char *const words[] = {
        "a",    "all",   "an",    "any",  "are",  "as",  "at",   "be", "by",
        "eg",   "for",   "from",  "i.e.", "e.g.", "if",  "in",   "is", "key",
        "keys", "may",   "of",    "on",   "or",   "the", "this", "to", "txt",
        "upon", "where", "which", "will", "with", "via", "not",  "no",
    };

    return is_one_of(t, words, SDS_COUNT(words));
}

bool sds_token_is_more(const struct sds_token *t)
{
    static const char *const words[] = {"additional", "further", "more", "other"};

    return is_one_of(t, words, SDS_COUNT(words));
}

bool sds_token_is_remainder(const struct sds_token *t)
{
    static const char *const words[] = {"etc", "others", "proprietary"};

    return is_one_of(t, words, SDS_COUNT(words));
}

static bool is_address(const struct sds_token *t)
{
    return sds_token_has_text(t, "://") || (t->len > 4 && !memcmp(t->p, "www.", 4));
}

/* "RFC1234" or "RFC 1234". */
static bool is_rfc(const struct sds_token *t)
{
    if (sds_token_is(t, "rfc"))
        return t[1].type == SDS_TOKEN_WORD && sds_is_digit(t[1].p[0]);
    return t->len > 3 && !memcmp(t->p, "RFC", 3) && sds_is_digit(t->p[3]);
}

bool sds_token_is_document(const struct sds_token *t)
{
    static const char *const words[] = {"specification", "section", "document", "documentation",
                                        "standard"};
    static const char *const files[] = {".htm", ".html", ".pdf", ".txt", ".doc"};
    struct sds_token stripped = {t->type, t->p, t->len - sds_token_ends_in(t, "."), 0};

    if (t->type != SDS_TOKEN_WORD && !sds_token_is_bracket(t))
        return false;
    if (is_rfc(t))
        return true;
    for (size_t i = 0; i < SDS_COUNT(files); i++)
        if (sds_token_ends_in(&stripped, files[i]))
            return true;
    return is_address(t) || is_one_of(&stripped, words, SDS_COUNT(words));
}

bool sds_token_is_service_type(const struct sds_token *t)
{
    return t->len && t->p[0] == '_' &&
           (sds_token_has_text(t, "._") || sds_token_has_text(t, ".tcp") ||
            sds_token_has_text(t, ".udp"));
}

bool sds_token_has_letter(const struct sds_token *t)
{
    for (size_t i = 0; i < t->len; i++)
        if (sds_is_letter(t->p[i]))
            return true;
    return false;
}

bool sds_token_is_bullet(const struct sds_token *t)
{
    if (t->type != SDS_TOKEN_WORD || t->len > 2)
        return false;
    if (sds_token_is_separator(&t[1])) /* a key at the end of a sentence */
        return false;
    if (t->len == 1)
        return t->p[0] == '-' || t->p[0] == '*';
    return t->p[1] == '.' || t->p[1] == ')';
}

bool sds_token_is_example(const struct sds_token *t)
{
    if (sds_token_is(t, "example") || sds_token_is(t, "examples"))
        return t[1].type == SDS_TOKEN_COLON;
    if (sds_token_is(t, "eg") || sds_token_is(t, "e.g."))
        return t[1].type == SDS_TOKEN_WORD && t[2].type == SDS_TOKEN_EQUALS;
    return false;
}

bool sds_token_is_label(const struct sds_token *t)
{
    return sds_token_is(t, "note") || sds_token_is(t, "see") || sds_token_is(t, "subtypes");
}
