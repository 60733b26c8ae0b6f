/* SPDX-License-Identifier: MIT */
#ifndef SDS_BASE_NEAR_H
#define SDS_BASE_NEAR_H

#include <stddef.h>
#include <stdint.h>

/* A search for the word that was meant in place of a misspelt one. */
struct sds_near {
    const void *word;
    size_t len;
    uint32_t letters; /* set of what occurs in the word; see near.c */
    unsigned most;    /* a nearer word needs at most so many edits */
    const void *best; /* NULL while there is none */
    size_t best_len;
};

/* @word is borrowed for the search. */
struct sds_near sds_near_begin(const void *word, size_t len);

/* Take @candidate, borrowed likewise, where it is nearer than all before: one letter more, fewer or
 * other is one edit, and so is a pair of letters in the wrong order; ASCII case ignored. */
void sds_near_offer(struct sds_near *near, const void *candidate, size_t len);

#endif
