/* SPDX-License-Identifier: MIT */
#ifndef SDS_BASE_NEAR_H
#define SDS_BASE_NEAR_H

#include <stddef.h>
#include <stdint.h>

#define SDS_NEAR_WORD_MAX  32 /* bytes; longer words have no neighbour */
#define SDS_NEAR_EDITS_MAX 2
#define SDS_NEAR_LETTERS   32 /* bits of sds_near_letters() */

/* A search for the word that was meant in place of a misspelt one. */
struct sds_near {
    size_t len;           /* of the misspelt one */
    uint32_t letters;     /* of it, as of sds_near_letters() */
    uint32_t places[256]; /* of each byte, ASCII case ignored: a bit where it stands in the word */
    int most;             /* edits: what a word may need, or what the best one does need */
    const void *best;     /* NULL while there is none */
    size_t best_len, best_rank;
};

#define SDS_NEAR_RANK_MAX (SIZE_MAX / 4)

struct sds_near sds_near_begin(const void *word, size_t len);

/* Take @candidate, borrowed for the search, where it is nearer than all before: one letter more,
 * fewer or other is one edit, and so is a pair of letters in the wrong order; ASCII case ignored.
 */
void sds_near_offer(struct sds_near *near, const void *candidate, size_t len);

/* The same where the order is another: of two equally near, the one of the lower rank is taken.
 * Before either counts what slips of the finger leave as it was: the set of letters, then the first
 * letter. */
void sds_near_offer_ranked(struct sds_near *near, const void *candidate, size_t len, size_t rank);

/* The set of what occurs in a word: one bit a letter; all else shares the rest of the bits. */
uint32_t sds_near_letters(const void *word, size_t len);

#endif
