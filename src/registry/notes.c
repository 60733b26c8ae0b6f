/* SPDX-License-Identifier: MIT */
#include "registry/table.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/ascii.h"
#include "base/mem.h"
#include "registry/note_items.h"
#include "registry/note_lexer.h"
#include "registry/note_words.h"

#define OPENING_WORDS_MAX 4

/* How a declaration begins that is not a list of keys. */
static const struct {
    const char *words[OPENING_WORDS_MAX];
    enum sds_txt_kind kind;
} openings[] = {
    {{"none"}, SDS_TXT_NONE},
    {{"no", "keys"}, SDS_TXT_NONE},
    {{"no", "txt"}, SDS_TXT_NONE},
    {{"not", "applicable"}, SDS_TXT_NONE},
    {{"not", "used"}, SDS_TXT_NONE},
    {{"n/a"}, SDS_TXT_NONE},
    {{"there", "is", "no"}, SDS_TXT_NONE},
    {{"there", "are", "no"}, SDS_TXT_NONE},
    {{"0"}, SDS_TXT_NONE}, /* so many */
    {{"proprietary"}, SDS_TXT_PROPRIETARY},
    {{"private"}, SDS_TXT_PROPRIETARY},
    {{"see"}, SDS_TXT_SEE_REFERENCE},
    {{"refer", "to"}, SDS_TXT_SEE_REFERENCE},
    {{"defined", "in"}, SDS_TXT_SEE_REFERENCE},
    {{"defined", "by"}, SDS_TXT_SEE_REFERENCE},
    {{"described", "in"}, SDS_TXT_SEE_REFERENCE},
    {{"specified", "in"}, SDS_TXT_SEE_REFERENCE},
    {{"documented", "in"}, SDS_TXT_SEE_REFERENCE},
    {{"as", "defined", "in"}, SDS_TXT_SEE_REFERENCE},
    {{"as", "described", "in"}, SDS_TXT_SEE_REFERENCE},
    {{"as", "specified", "in"}, SDS_TXT_SEE_REFERENCE},
    {{"will", "be", "described"}, SDS_TXT_SEE_REFERENCE},
    {{"tbd"}, SDS_TXT_UNSPECIFIED},
    {{"not", "yet"}, SDS_TXT_UNSPECIFIED},
    {{"to", "be"}, SDS_TXT_UNSPECIFIED},
    {{"varies"}, SDS_TXT_UNSPECIFIED},
    {{"unknown"}, SDS_TXT_UNSPECIFIED},
};

/* Take a word in whatever case, and the blanks behind it; false where another stands there. */
static bool take_word(const char **p, const char *word)
{
    size_t n = strlen(word);

    if (strnlen(*p, n) < n || !sds_fold_equal(*p, n, word, n))
        return false;
    *p += n;
    *p += strspn(*p, " \t\r\n");
    return true;
}

/* What follows "TXT keys:", wrapped wherever; NULL where that is not said. */
static const char *find_declaration(const char *notes)
{
    for (; *notes; notes++) {
        const char *p = notes;

        if (!take_word(&p, "TXT"))
            continue;
        take_word(&p, "record");
        if (!take_word(&p, "keys") && !take_word(&p, "key"))
            continue;
        if (*p == ':')
            return p + 1;
    }
    return NULL;
}

/* The tokens that an opening takes, or 0 where these do not begin with it. */
static size_t match_opening(const struct sds_token *tokens, const char *const *words)
{
    size_t n = 0;

    while (n < OPENING_WORDS_MAX && words[n]) {
        if (!sds_token_is(&tokens[n], words[n]))
            return 0;
        n++;
    }
    /* `none, port` and `see=<...>` are lists with such a key */
    return tokens[n].type == SDS_TOKEN_COMMA || tokens[n].type == SDS_TOKEN_EQUALS ? 0 : n;
}

static bool has_assignments(const struct sds_token *tokens)
{
    while (tokens->type != SDS_TOKEN_END)
        if (tokens++->type == SDS_TOKEN_EQUALS)
            return true;
    return false;
}

static bool names_document(const struct sds_token *tokens)
{
    while (tokens->type != SDS_TOKEN_END)
        if (sds_token_is_document(tokens++))
            return true;
    return false;
}

static int read_tokens(struct sds_arena *arena, const struct sds_token *tokens,
                       struct sds_txt_decl *ret)
{
    int r;

    while (tokens->type == SDS_TOKEN_NEWLINE)
        tokens++;
    for (size_t i = 0; i < SDS_COUNT(openings); i++) {
        size_t n = match_opening(tokens, openings[i].words);

        if (!n)
            continue;
        ret->kind = openings[i].kind;
        if (ret->kind != SDS_TXT_NONE || !has_assignments(tokens))
            return 0;
        tokens += n; /* "None" and then keys: none that are required */
        break;
    }
    r = sds_note_items(arena, tokens, ret);
    if (r < 0)
        return r;
    if (ret->n_keys > 0)
        ret->kind = SDS_TXT_KEYS;
    else
        ret->kind = names_document(tokens) ? SDS_TXT_SEE_REFERENCE : SDS_TXT_UNSPECIFIED;
    return 0;
}

int sds_notes_read(struct sds_arena *arena, const char *notes, struct sds_txt_decl *ret)
{
    SDS_CLEANUP(sds_freep) struct sds_token *tokens = NULL;
    const char *text = notes ? find_declaration(notes) : NULL;
    int r;

    *ret = (struct sds_txt_decl){.kind = SDS_TXT_UNSPECIFIED};
    if (!text)
        return 0;
    r = sds_note_lex(text, &tokens);
    return r < 0 ? r : read_tokens(arena, tokens, ret);
}
