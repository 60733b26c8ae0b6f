/* SPDX-License-Identifier: MIT */
#ifndef SDS_REGISTRY_NOTE_WORDS_H
#define SDS_REGISTRY_NOTE_WORDS_H

#include "registry/note_lexer.h"
#include "sdscope/name.h"

/* What a token is in a list of keys. None of these looks further than two tokens ahead. */

/* A sign or a word between items, or the end. */
bool sds_token_is_separator(const struct sds_token *t);

/* `-`, `*`, `a.`, `1)` before an item. */
bool sds_token_is_bullet(const struct sds_token *t);

/* Round or square: what stands in them is a remark. */
bool sds_token_is_bracket(const struct sds_token *t);

/* In brackets of any kind, or in quotes. */
bool sds_token_is_enclosed(const struct sds_token *t);

/* A word of sentences, which no key of several words has. */
bool sds_token_is_prose(const struct sds_token *t);

/* A word that tells of further things. */
bool sds_token_is_more(const struct sds_token *t);

/* A word that stands for keys which are not listed. */
bool sds_token_is_remainder(const struct sds_token *t);

/* A word or bracket that names another document: an address, a file, a specification. */
bool sds_token_is_document(const struct sds_token *t);

/* `_name._tcp`, with or without a domain. */
bool sds_token_is_service_type(const struct sds_token *t);

/* "Example:", or "e.g." before an assignment: what follows are no declarations. */
bool sds_token_is_example(const struct sds_token *t);

/* A word that may stand before a colon and is no key. */
bool sds_token_is_label(const struct sds_token *t);

bool sds_token_has_letter(const struct sds_token *t);
bool sds_token_has_text(const struct sds_token *t, const char *text);

/* ASCII case ignored; a token does not end in all of itself. */
bool sds_token_begins_with(const struct sds_token *t, const char *text);
bool sds_token_ends_in(const struct sds_token *t, const char *text);

/* A token without its brackets; all of a run of tokens, with the brackets at its ends. */
struct sds_span sds_token_span(const struct sds_token *t);
struct sds_span sds_tokens_span(const struct sds_token *first, const struct sds_token *end);

#endif
