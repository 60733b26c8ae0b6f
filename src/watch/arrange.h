/* SPDX-License-Identifier: MIT */
#ifndef SDS_WATCH_ARRANGE_H
#define SDS_WATCH_ARRANGE_H

#include <stdbool.h>
#include <stddef.h>

#include "watch/filter.h"
#include "watch/row.h"

/* How rows are grouped; sds_grouping_name() has the words. */
enum sds_grouping {
    SDS_GROUPING_NONE,
    SDS_GROUPING_HOST,
    SDS_GROUPING_TYPE,
    SDS_GROUPING_VERDICT,
    SDS_GROUPING__COUNT
};

const char *sds_grouping_name(enum sds_grouping grouping);

/* What is shown, and in which order: texts as people sort them, addresses by number, verdicts in
 * their order, and what matters most first: the worst finding, then the most of them; what happened
 * last. What is not there is last in either direction. */
struct sds_arrangement {
    const struct sds_filter *filter; /* borrowed; NULL: all */
    enum sds_cell sort;
    bool is_descending;
    enum sds_grouping grouping;
    bool faults_only; /* rows with a finding that counts */
};

/* A line of the list: a row, or the head of the group that follows. */
struct sds_list_line {
    struct sds_row *row; /* NULL: a head */
    const char *head;    /* safe to print, borrowed of a row; "(no host)" and the like */
    size_t n_rows;       /* of a head: in the group */
};

/* Lines in the order of the screen. Zero it to begin. */
struct sds_lines {
    struct sds_list_line *v;
    size_t n, cap;
    size_t n_rows; /* lines that are rows */
};

/**
 * Lay out rows anew. Rows that compare alike stand by type, instance and domain, so that the order
 * never depends on how they came.
 *
 * @lines  its storage is used again; free with sds_lines_done()
 * Returns 0, or -ENOMEM with @lines as they were.
 */
int sds_arrange(const struct sds_rows *rows, const struct sds_arrangement *arrangement,
                struct sds_lines *lines);
void sds_lines_done(struct sds_lines *lines);

/* Which line holds the row; SIZE_MAX where none does. */
size_t sds_lines_find(const struct sds_lines *lines, const struct sds_row *row);

#endif
