/* SPDX-License-Identifier: MIT */
#include "report/table.h"

#include <errno.h>
#include <stdlib.h>

#include <libsmartcols.h>

struct sds_table {
    struct libscols_table *scols;
    size_t n_columns;
};

static int set_up(struct libscols_table *scols, const struct sds_column *columns, size_t n,
                  const struct sds_style *style, FILE *out)
{
    scols_table_enable_colors(scols, style->color);
    scols_table_enable_noencoding(scols, 1); /* cells are safe already */
    scols_table_set_stream(scols, out);
    if (style->width) {
        scols_table_set_termforce(scols, SCOLS_TERMFORCE_ALWAYS);
        scols_table_set_termwidth(scols, style->width);
    } else {
        scols_table_set_termforce(scols, SCOLS_TERMFORCE_NEVER);
    }
    for (size_t i = 0; i < n; i++) {
        int flags = (columns[i].is_right ? SCOLS_FL_RIGHT : 0) |
                    (columns[i].may_cut ? SCOLS_FL_TRUNC : 0);

        if (!scols_table_new_column(scols, columns[i].title, 0, flags))
            return -ENOMEM;
    }
    return 0;
}

struct sds_table *sds_table_new(const struct sds_column *columns, size_t n,
                                const struct sds_style *style, FILE *out)
{
    struct sds_table *table = calloc(1, sizeof(*table));

    if (!table)
        return NULL;
    table->n_columns = n;
    table->scols = scols_new_table();
    if (!table->scols || set_up(table->scols, columns, n, style, out) < 0)
        return sds_table_free(table);
    return table;
}

int sds_table_add(struct sds_table *table, const char *const *cells)
{
    struct libscols_line *line = scols_table_new_line(table->scols, NULL);

    if (!line)
        return -ENOMEM;
    for (size_t i = 0; i < table->n_columns; i++)
        if (cells[i] && scols_line_set_data(line, i, cells[i]))
            return -ENOMEM;
    return 0;
}

int sds_table_print(struct sds_table *table)
{
    return scols_print_table(table->scols);
}

struct sds_table *sds_table_free(struct sds_table *table)
{
    if (table && table->scols)
        scols_unref_table(table->scols);
    free(table);
    return NULL;
}
