/* SPDX-License-Identifier: MIT */
#ifndef SDS_REGISTRY_NOTE_LEXER_H
#define SDS_REGISTRY_NOTE_LEXER_H

#include <stdbool.h>
#include <stddef.h>

#define SDS_TOKENS_MAX 2048 /* of a note */

/* Pieces of a declaration's prose. */
enum sds_token_type {
    SDS_TOKEN_WORD,
    SDS_TOKEN_ANGLE,  /* <...> */
    SDS_TOKEN_ROUND,  /* (...) */
    SDS_TOKEN_SQUARE, /* [...] */
    SDS_TOKEN_CURLY,  /* {...} */
    SDS_TOKEN_QUOTED, /* "..." or '...' */
    SDS_TOKEN_EQUALS, /* = or == */
    SDS_TOKEN_COLON,
    SDS_TOKEN_COMMA,
    SDS_TOKEN_SEMICOLON,
    SDS_TOKEN_BAR,
    SDS_TOKEN_NEWLINE,
    SDS_TOKEN_END, /* after the last one */
};

struct sds_token {
    enum sds_token_type type;
    const char *p; /* in the note; brackets and quotes are left out */
    size_t len;
    unsigned blanks; /* before it on its line */
};

/**
 * Split prose; a bracket runs to its partner, a round or square one without partner to the end.
 *
 * @ret  malloc'ed array that ends with SDS_TOKEN_END; tokens beyond SDS_TOKENS_MAX are left out
 * Returns 0 or -ENOMEM.
 */
int sds_note_lex(const char *text, struct sds_token **ret);

/* Whether a token is this word, ASCII case and a full stop behind it ignored. */
bool sds_token_is(const struct sds_token *token, const char *word);

#endif
