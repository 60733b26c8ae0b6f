/* SPDX-License-Identifier: MIT */
#include "registry/note_lexer.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/arr.h"
#include "base/ascii.h"

#define BRACKET_MAX 1024 /* bytes between brackets that belong together */

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v';
}

static bool ends_word(char c)
{
    return !c || is_blank(c) || strchr("\n<>(){}[]\"=,;|", c);
}

/* The bracket that closes the one at @open, or NULL where it is not near. */
static const char *find_partner(const char *open, char close)
{
    size_t depth = 0;

    for (const char *p = open; *p && p - open < BRACKET_MAX; p++) {
        if (*p == *open)
            depth++;
        else if (*p == close && --depth == 0)
            return p;
    }
    return NULL;
}

/* The quote that closes the one at @open on its line, or NULL. */
static const char *find_quote(const char *open)
{
    const char *p = open + 1;

    while (*p && *p != '\n' && *p != *open)
        p++;
    return *p == *open && p > open + 1 ? p : NULL;
}

/* A bracketed or quoted piece; returns what follows it, or NULL where @p begins none. */
static const char *take_enclosed(const char *p, struct sds_token *token)
{
    static const struct {
        char open, close;
        enum sds_token_type type;
        bool may_be_unclosed;
    } pairs[] = {
        {'<', '>', SDS_TOKEN_ANGLE, false},
        {'(', ')', SDS_TOKEN_ROUND, true},
        {'[', ']', SDS_TOKEN_SQUARE, true},
        {'{', '}', SDS_TOKEN_CURLY, false},
    };
    const char *close = NULL;

    token->p = p + 1;
    if (*p == '"' || *p == '\'') {
        token->type = SDS_TOKEN_QUOTED;
        close = find_quote(p);
    }
    for (size_t i = 0; i < sizeof(pairs) / sizeof(*pairs); i++) {
        if (*p != pairs[i].open)
            continue;
        token->type = pairs[i].type;
        close = find_partner(p, pairs[i].close);
        if (!close && pairs[i].may_be_unclosed) {
            token->len = strlen(p + 1);
            return p + 1 + token->len;
        }
    }
    if (!close)
        return NULL;
    token->len = (size_t)(close - token->p);
    return close + 1;
}

static const char *take_sign(const char *p, struct sds_token *token)
{
    static const char signs[] = "=:,;|\n";
    static const enum sds_token_type types[] = {
        SDS_TOKEN_EQUALS,    SDS_TOKEN_COLON, SDS_TOKEN_COMMA,
        SDS_TOKEN_SEMICOLON, SDS_TOKEN_BAR,   SDS_TOKEN_NEWLINE,
    };
    const char *sign = *p ? strchr(signs, *p) : NULL;

    if (!sign)
        return NULL;
    token->type = types[sign - signs];
    token->p = p;
    token->len = *p == '=' && p[1] == '=' ? 2 : 1;
    return p + token->len;
}

/* A web address keeps the signs that would end another word. */
static bool is_address(const char *p, size_t len)
{
    return memmem(p, len, "://", 3) || (len > 4 && !memcmp(p, "www.", 4));
}

static const char *take_word(const char *p, struct sds_token *token)
{
    const char *end = p + 1;

    while (!ends_word(*end) && !(*end == ':' && (ends_word(end[1]) || end[1] == ':')))
        end++;
    if (is_address(p, (size_t)(end - p)))
        while (*end && *end != '\n' && !is_blank(*end) && !strchr("<>()[]\"", *end))
            end++;
    token->type = SDS_TOKEN_WORD;
    token->p = p;
    token->len = (size_t)(end - p);
    return end;
}

int sds_note_lex(const char *text, struct sds_token **ret)
{
    SDS_ARR(struct sds_token) tokens = {0};
    bool is_end = false;

    while (!is_end) {
        struct sds_token token = {.type = SDS_TOKEN_END, .p = text};
        const char *next;

        while (is_blank(*text))
            text++, token.blanks++;
        is_end = !*text || tokens.n == SDS_TOKENS_MAX;
        if (!is_end) {
            next = take_enclosed(text, &token);
            if (!next)
                next = take_sign(text, &token);
            if (!next)
                next = take_word(text, &token);
            text = next;
        }
        if (!sds_arr_push(&tokens, token)) {
            free(tokens.v);
            return -ENOMEM;
        }
    }
    *ret = tokens.v;
    return 0;
}

bool sds_token_is(const struct sds_token *token, const char *word)
{
    size_t n = strlen(word);

    if (token->type != SDS_TOKEN_WORD)
        return false;
    if (token->len == n + 1 && token->p[n] == '.') /* the end of a sentence */
        return sds_fold_equal(token->p, n, word, n);
    return sds_fold_equal(token->p, token->len, word, n);
}
