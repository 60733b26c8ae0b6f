/* SPDX-License-Identifier: MIT */
#include "report/table.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <libsmartcols.h>

#include "base/arr.h"
#include "base/mem.h"
#include "base/text.h"

#define GAP      ((size_t)1)  /* columns between cells, which libsmartcols puts there */
#define SMALLEST ((size_t)12) /* however narrow the terminal, no column gets less */

struct sds_table {
    const struct sds_column *columns;
    size_t n_columns;
    const struct sds_style *style;
    FILE *out;
    SDS_ARR(char *) cells; /* line by line; NULL where one is empty */
};

struct sds_table *sds_table_new(const struct sds_column *columns, size_t n,
                                const struct sds_style *style, FILE *out)
{
    struct sds_table *table = calloc(1, sizeof(*table));

    if (table)
        *table = (struct sds_table){.columns = columns, .n_columns = n, .style = style, .out = out};
    return table;
}

struct sds_table *sds_table_free(struct sds_table *table)
{
    if (!table)
        return NULL;
    for (size_t i = 0; i < table->cells.n; i++)
        free(table->cells.v[i]);
    free(table->cells.v);
    free(table);
    return NULL;
}

int sds_table_add(struct sds_table *table, const char *const *cells)
{
    for (size_t i = 0; i < table->n_columns; i++) {
        SDS_CLEANUP(sds_freep) char *cell = cells[i] ? strdup(cells[i]) : NULL;

        if ((cells[i] && !cell) || !sds_arr_push(&table->cells, cell))
            return -ENOMEM;
        cell = NULL;
    }
    return 0;
}

/* ---- widths ------------------------------------------------------------------------------- */

/* The columns of the terminal that each column of the table needs; returns how many too many. */
static size_t measure(const struct sds_table *table, size_t *widths)
{
    size_t total = 0;

    for (size_t i = 0; i < table->n_columns; i++) {
        widths[i] = strlen(table->columns[i].title);
        for (size_t j = i; j < table->cells.n; j += table->n_columns) {
            size_t width = table->cells.v[j] ? sds_text_width(table->cells.v[j]) : 0;

            if (width > widths[i])
                widths[i] = width;
        }
        total += widths[i] + (i ? GAP : 0);
    }
    return table->style->width && total > table->style->width ? total - table->style->width : 0;
}

/* Columns that may give way do so first; where that is not enough, all that are wide. */
static void squeeze(const struct sds_table *table, size_t *widths, size_t excess)
{
    static const struct {
        bool is_for_all;
        size_t smallest;
    } steps[] = {{false, 20}, {true, 16}, {false, SMALLEST}, {true, SMALLEST}};

    for (size_t step = 0; step < SDS_COUNT(steps); step++) {
        for (size_t i = 0; i < table->n_columns && excess > 0; i++) {
            size_t most = widths[i] > steps[step].smallest ? widths[i] - steps[step].smallest : 0;
            size_t less = excess < most ? excess : most;

            if (!steps[step].is_for_all && !table->columns[i].may_cut)
                continue;
            widths[i] -= less;
            excess -= less;
        }
    }
}

/* Bytes of a cell's next line: to the last place where a reader takes a break well, or as much as
 * fits of one long word. */
static size_t line_len(const char *text, size_t width)
{
    size_t fit = sds_text_fit(text, width, NULL);

    if (!text[fit] || text[fit] == ' ')
        return fit;
    for (size_t len = fit; len > 0; len--)
        if (text[len - 1] == ' ' || text[len - 1] == '-')
            return len;
    return fit > 0 ? fit : strlen(text);
}

/* The cell in lines that fit, malloc'ed; NULL when out of memory. */
static char *wrap(const char *text, size_t width)
{
    char *lines = NULL;
    size_t size;
    FILE *out = open_memstream(&lines, &size);

    if (!out)
        return NULL;
    while (*text) {
        size_t len = line_len(text, width), shown = len;

        while (shown > 0 && text[shown - 1] == ' ')
            shown--;
        fwrite(text, 1, shown, out);
        text += len;
        text += strspn(text, " ");
        fputs(*text ? "\n" : "", out);
    }
    if (fclose(out)) {
        free(lines);
        return NULL;
    }
    return lines;
}

/* ---- output ------------------------------------------------------------------------------- */

/* How wide a cell is: as its column, which is settled. libsmartcols could measure it, but never
 * ends where the locale has no such character (util-linux 2.38). */
static size_t cell_width(const struct libscols_column *column, const char *lines, void *userdata)
{
    (void)column;
    (void)lines;
    return *(const size_t *)userdata;
}

static int set_up(const struct sds_table *table, size_t *widths, struct libscols_table *scols)
{
    scols_table_enable_colors(scols, table->style->color);
    scols_table_enable_noencoding(scols, 1); /* cells are safe already */
    scols_table_set_stream(scols, table->out);
    scols_table_set_termforce(scols, SCOLS_TERMFORCE_NEVER); /* cells fit already */
    for (size_t i = 0; i < table->n_columns; i++) {
        struct libscols_column *column = scols_table_new_column(
            scols, table->columns[i].title, 0,
            SCOLS_FL_WRAP | (table->columns[i].is_right ? SCOLS_FL_RIGHT : 0));

        if (!column || scols_column_set_safechars(column, "\n") ||
            scols_column_set_wrapfunc(column, cell_width, scols_wrapnl_nextchunk, &widths[i]))
            return -ENOMEM;
    }
    return 0;
}

static int add_lines(const struct sds_table *table, const size_t *widths,
                     struct libscols_table *scols)
{
    for (size_t at = 0; at < table->cells.n; at += table->n_columns) {
        struct libscols_line *line = scols_table_new_line(scols, NULL);

        if (!line)
            return -ENOMEM;
        for (size_t i = 0; i < table->n_columns; i++) {
            const char *cell = table->cells.v[at + i];
            char *lines = cell ? wrap(cell, widths[i]) : NULL;

            if (cell && (!lines || scols_line_refer_data(line, i, lines))) {
                free(lines);
                return -ENOMEM;
            }
        }
    }
    return 0;
}

int sds_table_print(struct sds_table *table)
{
    SDS_CLEANUP(sds_freep) size_t *widths = calloc(table->n_columns, sizeof(*widths));
    struct libscols_table *scols = scols_new_table();
    int r = widths && scols ? 0 : -ENOMEM;

    if (r == 0) {
        squeeze(table, widths, measure(table, widths));
        r = set_up(table, widths, scols);
    }
    if (r == 0)
        r = add_lines(table, widths, scols);
    if (r == 0)
        r = scols_print_table(scols);
    scols_unref_table(scols);
    return r;
}
