/* SPDX-License-Identifier: MIT */
#ifndef SDS_BASE_NEAR_INDEX_H
#define SDS_BASE_NEAR_INDEX_H

#include "base/arena.h"
#include "base/near.h"

#define SDS_NEAR_BLOCK 128 /* words whose letters are compared at a time */

/* A bit for each word of a block. */
typedef uint64_t sds_near_set __attribute__((vector_size(SDS_NEAR_BLOCK / 8)));

/* Words in an order in which few of them have to be compared with a misspelt one: sorted by length.
 * registry/compile.py makes one too. Zero it for no words at all. */
struct sds_near_index {
    const uint32_t *numbers; /* of each word, whatever the caller numbers */
    const uint32_t *starts;  /* of the words of each length up to SDS_NEAR_WORD_MAX; the last one
                                is where all end */
    const sds_near_set (
        *having)[SDS_NEAR_LETTERS]; /* of a block and a letter, those that have it */
};

/* The text of the word of a number. */
typedef const char *sds_near_text(const void *userdata, uint32_t number);

/**
 * Offer all words of an index that may be near; of two equally near, that of the lower number is
 * taken. What was offered before goes first.
 *
 * @rank  of the word that has the number 0
 */
void sds_near_search(struct sds_near *near, const struct sds_near_index *index, size_t rank,
                     sds_near_text *text, const void *userdata);

/**
 * Make an index of words.
 *
 * @numbers  borrowed for the call
 * @arena    holds the index
 * Returns 0 or -ENOMEM.
 */
int sds_near_index_make(struct sds_arena *arena, const uint32_t *numbers, size_t n,
                        sds_near_text *text, const void *userdata, struct sds_near_index *ret);

#endif
