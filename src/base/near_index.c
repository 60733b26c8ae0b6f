/* SPDX-License-Identifier: MIT */
#include "base/near_index.h"

#include <errno.h>
#include <string.h>

/* A count for each word of a block, a bit of it in each member: at_least[1] are those who counted
 * two or more. */
struct tally {
    sds_near_set at_least[SDS_NEAR_EDITS_MAX + 1];
};

static inline void count(struct tally *tally, sds_near_set words)
{
    for (int i = SDS_NEAR_EDITS_MAX; i > 0; i--)
        tally->at_least[i] |= tally->at_least[i - 1] & words;
    tally->at_least[0] |= words;
}

/* The words of a block that lack no more of the letters, and have no more others, than there may be
 * edits: each takes one away at most, and adds one. */
static sds_near_set find_similar(const struct sds_near *near, const sds_near_set *having)
{
    struct tally lacks = {{{0}}}, has = {{{0}}};

    for (uint32_t set = near->letters; set; set &= set - 1)
        count(&lacks, ~having[__builtin_ctz(set)]);
    for (uint32_t set = ~near->letters; set; set &= set - 1)
        count(&has, having[__builtin_ctz(set)]);
    return ~(lacks.at_least[near->most] | has.at_least[near->most]);
}

/* A search that goes on: words of one length after another. */
struct search {
    struct sds_near *near;
    const struct sds_near_index *index;
    size_t rank, len, end; /* the words of @len end there */
    sds_near_text *text;
    const void *userdata;
};

static void offer(struct search *search, size_t at)
{
    uint32_t number = search->index->numbers[at];

    while (at >= search->index->starts[search->len + 1])
        search->len++;
    sds_near_offer_ranked(search->near, search->text(search->userdata, number), search->len,
                          search->rank + number);
}

/* Offer those of 64 words that are similar, where they are not outside the search. */
static void offer_similar(struct search *search, uint64_t similar, size_t first, size_t start)
{
    for (; similar; similar &= similar - 1) {
        size_t at = first + (size_t)__builtin_ctzll(similar);

        if (at >= start && at < search->end)
            offer(search, at);
    }
}

void sds_near_search(struct sds_near *near, const struct sds_near_index *index, size_t rank,
                     sds_near_text *text, const void *userdata)
{
    struct search search = {
        .near = near, .index = index, .rank = rank, .text = text, .userdata = userdata};
    size_t most = (size_t)near->most, longest = near->len + most, start;

    if (most == 0 || !index->numbers)
        return;
    search.len = near->len - most;
    start = index->starts[search.len];
    search.end = index->starts[(longest < SDS_NEAR_WORD_MAX ? longest : SDS_NEAR_WORD_MAX) + 1];
    for (size_t at = start - start % SDS_NEAR_BLOCK; at < search.end; at += SDS_NEAR_BLOCK) {
        sds_near_set similar = find_similar(near, index->having[at / SDS_NEAR_BLOCK]);

        for (size_t i = 0; i < SDS_NEAR_BLOCK / 64; i++)
            offer_similar(&search, similar[i], at + i * 64, start);
    }
}

/* Where the words of each length go; returns how many have one that is short enough. */
static uint32_t count_lengths(const uint32_t *numbers, size_t n, sds_near_text *text,
                              const void *userdata, uint32_t *starts)
{
    uint32_t sum = 0;

    memset(starts, 0, (SDS_NEAR_WORD_MAX + 2) * sizeof(*starts));
    for (size_t i = 0; i < n; i++) {
        size_t len = strlen(text(userdata, numbers[i]));

        if (len <= SDS_NEAR_WORD_MAX)
            starts[len]++;
    }
    for (size_t len = 0; len < SDS_NEAR_WORD_MAX + 2; len++) {
        uint32_t here = starts[len];

        starts[len] = sum;
        sum += here;
    }
    return sum;
}

int sds_near_index_make(struct sds_arena *arena, const uint32_t *numbers, size_t n,
                        sds_near_text *text, const void *userdata, struct sds_near_index *ret)
{
    uint32_t next[SDS_NEAR_WORD_MAX + 2];
    uint32_t n_words = count_lengths(numbers, n, text, userdata, next);
    size_t n_blocks = (n_words + SDS_NEAR_BLOCK - 1) / SDS_NEAR_BLOCK;
    uint32_t *sorted = sds_arena_alloc(arena, n_words * sizeof(*sorted));
    uint32_t *starts = sds_arena_copy(arena, next, sizeof(next));
    sds_near_set(*having)[SDS_NEAR_LETTERS] = sds_arena_alloc(arena, n_blocks * sizeof(*having));

    if (!sorted || !starts || !having)
        return -ENOMEM;
    memset(having, 0, n_blocks * sizeof(*having));
    for (size_t i = 0; i < n; i++) {
        const char *word = text(userdata, numbers[i]);
        size_t len = strlen(word), at;
        uint32_t letters;

        if (len > SDS_NEAR_WORD_MAX)
            continue;
        at = next[len]++;
        sorted[at] = numbers[i];
        letters = sds_near_letters(word, len);
        for (; letters; letters &= letters - 1)
            having[at / SDS_NEAR_BLOCK][__builtin_ctz(letters)][at % SDS_NEAR_BLOCK / 64] |=
                UINT64_C(1) << at % 64;
    }
    *ret = (struct sds_near_index){sorted, starts, (const sds_near_set(*)[SDS_NEAR_LETTERS])having};
    return 0;
}
