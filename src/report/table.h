/* SPDX-License-Identifier: MIT */
#ifndef SDS_REPORT_TABLE_H
#define SDS_REPORT_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "report/report.h"

/* A column of a table. */
struct sds_column {
    const char *title;
    bool is_right; /* aligned to the right */
    bool may_cut;  /* gives way first where the terminal is too narrow: its cells take more lines */
};

/* A table of words for people. */
struct sds_table;

/* Returns NULL when out of memory. */
struct sds_table *sds_table_new(const struct sds_column *columns, size_t n,
                                const struct sds_style *style, FILE *out);

/* Append a row of @n cells, safe to print and copied; a NULL cell stays empty. 0 or -ENOMEM. */
int sds_table_add(struct sds_table *table, const char *const *cells);

/* Print all of it. Returns 0 or a negative errno. */
int sds_table_print(struct sds_table *table);

/* Returns NULL; @table may be NULL. */
struct sds_table *sds_table_free(struct sds_table *table);

#endif
