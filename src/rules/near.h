/* SPDX-License-Identifier: MIT */
#ifndef SDS_RULES_NEAR_H
#define SDS_RULES_NEAR_H

#include <stdint.h>

#include "sdscope/name.h"

/* A search for the word that was meant in place of a misspelt one. */
struct sds_near {
    struct sds_span word;
    uint32_t letters;     /* set of what occurs in the word; see near.c */
    unsigned most;        /* a nearer word needs at most so many edits */
    struct sds_span best; /* p is NULL while there is none */
};

/* @word is borrowed for the search. */
struct sds_near sds_near_begin(struct sds_span word);

/* Take @candidate, borrowed likewise, where it is nearer than all before: one letter more, fewer or
 * other is one edit, and so is a pair of letters in the wrong order; ASCII case ignored. */
void sds_near_offer(struct sds_near *near, struct sds_span candidate);

/* "; did you mean `word`?" for the end of a message, or nothing. */
struct sds_suggestion {
    char text[64];
};

const char *sds_near_suggest(const struct sds_near *near, struct sds_suggestion *ret);

#endif
