/* SPDX-License-Identifier: MIT */
#ifndef SDS_REGISTRY_NOTE_PHRASES_H
#define SDS_REGISTRY_NOTE_PHRASES_H

#include <stdbool.h>
#include <stdint.h>

#include "sdscope/registry.h"

#define SDS_PLAIN_MAX 512 /* bytes of a description that are looked at */

/*
 * A description in plain words: lower case, single blanks between and around them, and a blank
 * where camelCase or a digit begins a new word. "portForHTTP" becomes " port for http ".
 */
struct sds_plain {
    char text[SDS_PLAIN_MAX];
};

struct sds_plain sds_plain_words(struct sds_span text);

/* Whether these words stand in a description, next to each other. */
bool sds_plain_says(const struct sds_plain *plain, const char *words);

/* Whether a description has these words and no others. */
bool sds_plain_is(const struct sds_plain *plain, const char *words);

/* The number right before a word, as in "12 hex digits" and "4 bytes"; -1 where there is none. */
int sds_plain_count(const struct sds_plain *plain, const char *word);

/* "0-4", "0..4", "from 0 to 4". */
bool sds_plain_range(const struct sds_plain *plain, int64_t *min, int64_t *max);

/* Set type and strength by the first phrase that fits; false where none does. */
bool sds_plain_form(const struct sds_plain *plain, struct sds_form *form);

#endif
