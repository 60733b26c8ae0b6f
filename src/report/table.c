/* SPDX-License-Identifier: MIT */
#include "report/table.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/arr.h"
#include "base/mem.h"
#include "base/text.h"

#define GAP      ((size_t)1)  /* columns between cells */
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

/* Put the next line of a cell that begins at column @from and is @width wide; @rest is moved past
 * it. The pen stands at column @at, and spaces are only put before something. Returns where it
 * stands then. */
static size_t put_line(const char **rest, size_t at, size_t from, size_t width, bool is_right,
                       FILE *out)
{
    const char *text = *rest;
    size_t len = line_len(text, width), shown = len, need;

    *rest = text + len + strspn(text + len, " ");
    while (shown > 0 && text[shown - 1] == ' ')
        shown--;
    if (shown == 0)
        return at;
    need = sds_text_width(text) - sds_text_width(text + shown);
    if (is_right && need < width)
        from += width - need;
    fprintf(out, "%*s%.*s", from > at ? (int)(from - at) : 0, "", (int)shown, text);
    return (from > at ? from : at) + need;
}

/* Put a row in as many lines as its longest cell needs. @rest has a text for each column, or NULL,
 * and is used up. */
static void put_row(const struct sds_table *table, const size_t *widths, const char **rest)
{
    bool has_more = true;

    while (has_more) {
        size_t at = 0, from = 0;

        has_more = false;
        for (size_t i = 0; i < table->n_columns; i++) {
            if (rest[i])
                at =
                    put_line(&rest[i], at, from, widths[i], table->columns[i].is_right, table->out);
            has_more |= rest[i] && *rest[i];
            from += widths[i] + GAP;
        }
        fputc('\n', table->out);
    }
}

int sds_table_print(struct sds_table *table)
{
    SDS_CLEANUP(sds_freep) size_t *widths = calloc(table->n_columns, sizeof(*widths));
    SDS_CLEANUP(sds_freep) const char **rest = calloc(table->n_columns, sizeof(*rest));

    if (!widths || !rest)
        return -ENOMEM;
    if (!table->cells.n)
        return 0;
    squeeze(table, widths, measure(table, widths));
    for (size_t i = 0; i < table->n_columns; i++)
        rest[i] = table->columns[i].title;
    put_row(table, widths, rest);
    for (size_t at = 0; at < table->cells.n; at += table->n_columns) {
        for (size_t i = 0; i < table->n_columns; i++)
            rest[i] = table->cells.v[at + i];
        put_row(table, widths, rest);
    }
    return 0;
}
