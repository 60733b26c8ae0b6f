/* SPDX-License-Identifier: MIT */
#ifndef SDS_CMD_TYPE_WORD_H
#define SDS_CMD_TYPE_WORD_H

#include <stddef.h>

/* Service types as people write them. */

/**
 * How much of a word is the type: not one dot at the end, and not the domain that follows a type.
 *
 * @domain  that may follow it, in presentation format; NULL: none
 * Returns bytes, at most the word's length.
 */
size_t sds_type_word_len(const char *word, const char *domain);

/* Whether the word is a type that can be looked for. Returns 0, or the enum sds_exit for which it
 * has said what may have been meant. */
int sds_type_word_need(const char *word);

#endif
