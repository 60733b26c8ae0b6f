/* SPDX-License-Identifier: MIT */
#ifndef SDS_WATCH_PAGE_H
#define SDS_WATCH_PAGE_H

#include <stddef.h>

#include "report/pen.h"

struct sds_rule;

/* A piece of a line. */
struct sds_span_of_line {
    enum sds_ink ink;
    char *text; /* safe to print */
};

struct sds_page_line {
    struct sds_span_of_line *v;
    size_t n, cap;
    size_t width;                /* columns */
    const struct sds_rule *rule; /* that it speaks of; NULL: none */
};

/* Text to be scrolled: what the detail, help and explanation panes show. Everything put into it is
 * copied, and must be safe to print. Memory that fails is told once, by sds_page_error(). */
struct sds_page;

/* @width  columns; what is longer is wrapped. NULL when out of memory. */
struct sds_page *sds_page_new(size_t width);
struct sds_page *sds_page_free(struct sds_page *page);

/**
 * Put words on the current line, broken at spaces where it is full.
 *
 * @text    NULL: memory was short where it was made
 * @indent  column where further lines begin; no more than half of the page
 */
void sds_page_put(struct sds_page *page, enum sds_ink ink, const char *text, size_t indent);

/* Spaces up to a column; one where words are there already. */
void sds_page_tab(struct sds_page *page, size_t column);

/* Lines from here on speak of a rule; NULL: of none. */
void sds_page_set_rule(struct sds_page *page, const struct sds_rule *rule);

#define SDS_PAGE_CELLS_MAX 4

/* A cell: text in lines of a column of its own. */
struct sds_page_cell {
    const char *text; /* NULL: empty */
    enum sds_ink ink;
    size_t column, width;
};

/* Lines of cells that stand side by side, as many as the longest needs; @n is at most
 * SDS_PAGE_CELLS_MAX. */
void sds_page_put_cells(struct sds_page *page, const struct sds_page_cell *cells, size_t n);

void sds_page_end_line(struct sds_page *page);

size_t sds_page_n_lines(const struct sds_page *page);
const struct sds_page_line *sds_page_line_at(const struct sds_page *page, size_t i);
int sds_page_error(const struct sds_page *page);
size_t sds_page_width(const struct sds_page *page);

/* The page, or where memory was short, NULL with the page freed. */
struct sds_page *sds_page_whole(struct sds_page *page);

#endif
