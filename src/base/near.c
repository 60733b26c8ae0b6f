/* SPDX-License-Identifier: MIT */
#include "base/near.h"

#include <stdbool.h>

#include "base/ascii.h"

uint32_t sds_near_letters(const void *word, size_t len)
{
    const uint8_t *p = word;
    uint32_t set = 0;

    for (size_t i = 0; i < len; i++) {
        int c = sds_fold(p[i]);

        set |= 1u << (sds_is_letter(c) ? c - 'a' : 26 + c % 6);
    }
    return set;
}

struct sds_near sds_near_begin(const void *word, size_t len)
{
    const uint8_t *p = word;
    struct sds_near near = {.len = len};

    if (len > SDS_NEAR_WORD_MAX)
        return near;
    /* a third of a word may be wrong; more of it, and everything looks like everything */
    near.most = len / 3 < SDS_NEAR_EDITS_MAX ? (int)(len / 3) : SDS_NEAR_EDITS_MAX;
    near.letters = sds_near_letters(word, len);
    for (size_t i = 0; i < len; i++)
        near.places[sds_fold(p[i])] |= 1u << i;
    return near;
}

/* The edits that turn one word into the other (optimal string alignment), a column of the table at
 * a time: in words of bits, where cells differ by one from their neighbours (Hyyro 2003). More than
 * @most are not counted to their end. */
static int count_edits(const struct sds_near *near, int most, const uint8_t *candidate, size_t len)
{
    uint32_t more = UINT32_MAX, less = 0; /* than the cell above */
    uint32_t same = 0, places_before = 0; /* as the cell above and to the left */
    int edits = (int)near->len;

    /* each letter that follows makes good one edit at most */
    for (size_t i = 0; i < len && edits <= most + (int)(len - i); i++) {
        uint32_t places = near->places[sds_fold(candidate[i])];
        uint32_t swapped = (~same & places) << 1 & places_before;
        uint32_t more_than_left, less_than_left;

        same = (((places & more) + more) ^ more) | places | less | swapped;
        more_than_left = less | ~(same | more);
        less_than_left = same & more;
        edits += (int)(more_than_left >> (near->len - 1) & 1);
        edits -= (int)(less_than_left >> (near->len - 1) & 1);
        more_than_left = more_than_left << 1 | 1;
        more = less_than_left << 1 | ~(same | more_than_left);
        less = more_than_left & same;
        places_before = places;
    }
    return edits;
}

/* The rank among all words: what fingers do not do counts most. */
static size_t full_rank(const struct sds_near *near, const uint8_t *candidate, size_t len,
                        size_t rank)
{
    bool is_same_set = near->letters == sds_near_letters(candidate, len);
    bool is_same_first = len && near->places[sds_fold(candidate[0])] & 1;

    return (size_t)(!is_same_set * 2 + !is_same_first) * SDS_NEAR_RANK_MAX +
           (rank < SDS_NEAR_RANK_MAX ? rank : SDS_NEAR_RANK_MAX - 1);
}

void sds_near_offer_ranked(struct sds_near *near, const void *candidate, size_t len, size_t rank)
{
    size_t longer = near->len > len ? near->len - len : len - near->len;
    int most, edits;

    rank = full_rank(near, candidate, len, rank);
    most = near->most - (near->best && rank >= near->best_rank);
    if (near->most == 0 || most < 0 || longer > (size_t)most || len > SDS_NEAR_WORD_MAX)
        return;
    edits = count_edits(near, most, candidate, len);
    if (edits > most)
        return;
    near->best = candidate;
    near->best_len = len;
    near->best_rank = rank;
    near->most = edits;
}

void sds_near_offer(struct sds_near *near, const void *candidate, size_t len)
{
    /* an edit adds one letter at most and takes one away: most words end here */
    if (__builtin_popcount(near->letters ^ sds_near_letters(candidate, len)) <= 2 * near->most)
        sds_near_offer_ranked(near, candidate, len, SIZE_MAX);
}
