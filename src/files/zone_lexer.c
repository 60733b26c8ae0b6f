/* SPDX-License-Identifier: MIT */
#include "files/zone_lexer.h"

#include <errno.h>
#include <string.h>

/* ldns has a reader of whole files too, but it tells lines alone, of the end of a record, and lets
 * quotes that never close pass. */

#define END (-1)

struct sds_zone_lexer sds_zone_lexer_over(const char *text, size_t len)
{
    return (struct sds_zone_lexer){sds_cur_over(text, len), {1, 1}};
}

static int peek(const struct sds_zone_lexer *lexer)
{
    return lexer->left.left ? *lexer->left.p : END;
}

static void skip(struct sds_zone_lexer *lexer)
{
    uint8_t byte;

    if (sds_cur_u8(&lexer->left, &byte))
        sds_input_advance(&lexer->place, (char)byte);
}

static bool is_blank(int c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

static bool ends_word(int c)
{
    return c == END || c == '\n' || is_blank(c) || c == ';' || c == '(' || c == ')';
}

/* Skip a character of a token, with the one that its backslash escapes. */
static int skip_character(struct sds_zone_lexer *lexer, struct sds_input_error *error)
{
    struct sds_input_place place = lexer->place;
    bool is_escape = peek(lexer) == '\\';

    if (is_escape)
        skip(lexer);
    if (peek(lexer) == '\0')
        return sds_input_fail(error, lexer->place, "a NUL byte, which is written \\000");
    if (is_escape && (peek(lexer) == '\n' || peek(lexer) == END))
        return sds_input_fail(error, place, "a backslash with nothing after it");
    skip(lexer);
    return 0;
}

static int read_token(struct sds_zone_lexer *lexer, struct sds_zone_entry *entry,
                      struct sds_input_error *error)
{
    struct sds_zone_token token = {.place = lexer->place, .is_quoted = peek(lexer) == '"'};

    if (token.is_quoted)
        skip(lexer);
    token.p = (const char *)lexer->left.p;
    for (;;) {
        int c = peek(lexer), r;

        if (token.is_quoted && (c == '\n' || c == END))
            return sds_input_fail(error, token.place, "a quote that does not end on its line");
        if (token.is_quoted ? c == '"' : ends_word(c))
            break;
        r = skip_character(lexer, error);
        if (r < 0)
            return r;
    }
    token.len = (size_t)((const char *)lexer->left.p - token.p);
    if (token.is_quoted)
        skip(lexer);
    return sds_arr_push(&entry->tokens, token) ? 0 : -ENOMEM;
}

static void skip_comment(struct sds_zone_lexer *lexer)
{
    while (peek(lexer) != '\n' && peek(lexer) != END)
        skip(lexer);
}

/* Parentheses that are open, and where the outermost one stands. */
struct parentheses {
    size_t n;
    struct sds_input_place place;
};

static int read_parenthesis(struct sds_zone_lexer *lexer, struct parentheses *open,
                            struct sds_input_error *error)
{
    if (peek(lexer) == '(') {
        if (open->n++ == 0)
            open->place = lexer->place;
    } else if (open->n-- == 0) {
        return sds_input_fail(error, lexer->place, "a parenthesis closes that was never opened");
    }
    skip(lexer);
    return 0;
}

/* Read to the end of the line outside parentheses; what it holds may be nothing. */
static int read_line(struct sds_zone_lexer *lexer, struct sds_zone_entry *entry,
                     struct sds_input_error *error)
{
    struct parentheses open = {0};
    int r = 0;

    while (r == 0) {
        int c = peek(lexer);

        if (c == END)
            return open.n ? sds_input_fail(error, open.place, "a parenthesis is never closed") : 0;
        if (c == ';') {
            skip_comment(lexer);
        } else if (c == '(' || c == ')') {
            r = read_parenthesis(lexer, &open, error);
        } else if (c == '\n' || is_blank(c)) {
            skip(lexer);
            if (c == '\n' && !open.n)
                return 0;
        } else {
            r = read_token(lexer, entry, error);
        }
    }
    return r;
}

int sds_zone_next(struct sds_zone_lexer *lexer, struct sds_zone_entry *entry,
                  struct sds_input_error *error)
{
    entry->tokens.n = 0;
    while (entry->tokens.n == 0 && peek(lexer) != END) {
        int r;

        entry->has_owner = !is_blank(peek(lexer));
        r = read_line(lexer, entry, error);
        if (r < 0)
            return r;
    }
    return entry->tokens.n > 0;
}
