/* SPDX-License-Identifier: MIT */
#include "base/near.h"

#include <stdbool.h>

#include "base/ascii.h"

#define EDITS_MAX 2
#define WORD_MAX  32 /* bytes; longer words have no neighbour */

struct word {
    const uint8_t *p;
    size_t len;
};

/* One bit a letter; all else shares the rest of the bits. */
static uint32_t letters_of(struct word word)
{
    uint32_t set = 0;

    for (size_t i = 0; i < word.len; i++) {
        int c = sds_fold(word.p[i]);

        set |= 1u << (sds_is_letter(c) ? c - 'a' : 26 + c % 6);
    }
    return set;
}

struct sds_near sds_near_begin(const void *word, size_t len)
{
    struct sds_near near = {
        .word = word, .len = len, .letters = letters_of((struct word){word, len})};

    /* a third of a word may be wrong; more of it, and everything looks like everything */
    near.most = len <= WORD_MAX ? (unsigned)(len / 3) : 0;
    if (near.most > EDITS_MAX)
        near.most = EDITS_MAX;
    return near;
}

static size_t min(size_t a, size_t b)
{
    return a < b ? a : b;
}

static bool is_same(struct word a, size_t i, struct word b, size_t j)
{
    return sds_fold(a.p[i]) == sds_fold(b.p[j]);
}

/* The edits that turn one word into the other (optimal string alignment), a row of the table at a
 * time. */
static size_t count_edits(struct word a, struct word b)
{
    size_t rows[3][WORD_MAX + 1], *row = rows[0], *above = rows[1], *above_that = rows[2];

    for (size_t j = 0; j <= b.len; j++)
        row[j] = j;
    for (size_t i = 1; i <= a.len; i++) {
        size_t *oldest = above_that;

        above_that = above;
        above = row;
        row = oldest;
        row[0] = i;
        for (size_t j = 1; j <= b.len; j++) {
            row[j] =
                min(min(above[j], row[j - 1]) + 1, above[j - 1] + !is_same(a, i - 1, b, j - 1));
            if (i > 1 && j > 1 && is_same(a, i - 1, b, j - 2) && is_same(a, i - 2, b, j - 1))
                row[j] = min(row[j], above_that[j - 2] + 1);
        }
    }
    return row[b.len];
}

void sds_near_offer(struct sds_near *near, const void *candidate, size_t len)
{
    const struct word word = {near->word, near->len}, other = {candidate, len};
    size_t longer = word.len > other.len ? word.len - other.len : other.len - word.len;
    size_t edits;

    if (near->most == 0 || longer > near->most || other.len > WORD_MAX)
        return;
    /* an edit adds one letter at most and takes one away: most words end here */
    if ((unsigned)__builtin_popcount(near->letters ^ letters_of(other)) > 2 * near->most)
        return;
    edits = count_edits(word, other);
    if (edits > near->most)
        return;
    near->best = candidate;
    near->best_len = len;
    near->most = edits ? (unsigned)edits - 1 : 0;
}
