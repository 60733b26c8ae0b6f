/* SPDX-License-Identifier: MIT */
#include "watch/arrange.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/arr.h"
#include "base/ascii.h"
#include "base/mem.h"
#include "base/natural.h"

const char *sds_grouping_name(enum sds_grouping grouping)
{
    static const char *const names[SDS_GROUPING__COUNT] = {
        [SDS_GROUPING_NONE] = "none",
        [SDS_GROUPING_HOST] = "host",
        [SDS_GROUPING_TYPE] = "type",
        [SDS_GROUPING_VERDICT] = "verdict",
    };

    return names[grouping];
}

/* ---- order -------------------------------------------------------------------------------- */

#define CMP(a, b) (((a) > (b)) - ((a) < (b)))

/* Texts that only look alike as numbers, such as "a1" and "a01", stand apart. */
static int text_cmp(const char *a, const char *b)
{
    int order;

    if (strcmp(a, b) == 0) /* as most types are, and the fastest to tell */
        return 0;
    order = sds_natural_cmp(a, b);
    return order ? order : sds_fold_cmp(a, strlen(a), b, strlen(b));
}

static int cell_cmp(const struct sds_row *a, const struct sds_row *b, enum sds_cell cell)
{
    return text_cmp(a->cells[cell], b->cells[cell]);
}

static int address_cmp(const struct sds_row *a, const struct sds_row *b)
{
    const struct sds_address *x = sds_row_address(a->service), *y = sds_row_address(b->service);
    int order = x && y ? sds_address_cmp(x, y) : 0;

    return order ? order : CMP(a->service->port, b->service->port);
}

/* The worst first. */
static int finding_cmp(const struct sds_row *a, const struct sds_row *b)
{
    int order = CMP(b->worst, a->worst);

    return order ? order : CMP(b->n_findings, a->n_findings);
}

/* Whether the row has what a column compares. */
static bool has_value(const struct sds_row *row, enum sds_cell cell)
{
    switch (cell) {
    case SDS_CELL_INSTANCE:
        return sds_service_state(row->service, SDS_PART_INSTANCE) == SDS_PRESENT;
    case SDS_CELL_HOST:
        return row->service->host;
    case SDS_CELL_ADDRESS:
        return row->service->n_addresses > 0;
    case SDS_CELL_VERDICT:
        return row->result.has_verdict;
    case SDS_CELL_FINDING:
        return row->worst != SDS_SEV_OFF;
    default:
        return true;
    }
}

static int column_cmp(const struct sds_row *a, const struct sds_row *b, enum sds_cell cell)
{
    switch (cell) {
    case SDS_CELL_ADDRESS:
        return address_cmp(a, b);
    case SDS_CELL_VERDICT:
        return CMP(a->result.verdict, b->result.verdict);
    case SDS_CELL_FINDING:
        return finding_cmp(a, b);
    case SDS_CELL_AGE:
        return CMP(b->last_ms, a->last_ms);
    default:
        return cell_cmp(a, b, cell);
    }
}

/* What is not there stands last, whatever the direction. */
static int sort_cmp(const struct sds_row *a, const struct sds_row *b, enum sds_cell cell,
                    bool is_descending)
{
    bool has_a = has_value(a, cell), has_b = has_value(b, cell);
    int order;

    if (!has_a || !has_b)
        return has_b - has_a;
    order = column_cmp(a, b, cell);
    return is_descending ? -order : order;
}

static const enum sds_cell group_cells[SDS_GROUPING__COUNT] = {
    [SDS_GROUPING_NONE] = SDS_CELL__COUNT,
    [SDS_GROUPING_HOST] = SDS_CELL_HOST,
    [SDS_GROUPING_TYPE] = SDS_CELL_TYPE,
    [SDS_GROUPING_VERDICT] = SDS_CELL_VERDICT,
};

static int group_cmp(const struct sds_row *a, const struct sds_row *b, enum sds_grouping grouping)
{
    return grouping == SDS_GROUPING_NONE ? 0 : sort_cmp(a, b, group_cells[grouping], false);
}

/* No two rows have the same name. */
static int name_cmp(const struct sds_row *a, const struct sds_row *b)
{
    int order = cell_cmp(a, b, SDS_CELL_TYPE);

    if (!order)
        order = cell_cmp(a, b, SDS_CELL_INSTANCE);
    return order ? order : sds_service_cmp(a->service, b->service);
}

static int row_cmp(const void *a, const void *b, void *closure)
{
    const struct sds_row *x = *(struct sds_row *const *)a, *y = *(struct sds_row *const *)b;
    const struct sds_arrangement *arrangement = closure;
    int order = group_cmp(x, y, arrangement->grouping);

    if (!order && arrangement->sort != group_cells[arrangement->grouping])
        order = sort_cmp(x, y, arrangement->sort, arrangement->is_descending);
    return order ? order : name_cmp(x, y);
}

/* ---- lines -------------------------------------------------------------------------------- */

/* Rows that are shown, in their order. */
struct shown {
    SDS_ARR(struct sds_row *) rows;
    size_t n_groups;
};

static void shown_done(struct shown *shown)
{
    free(shown->rows.v);
}

static bool passes(const struct sds_arrangement *arrangement, const struct sds_row *row)
{
    return (!arrangement->faults_only || row->worst != SDS_SEV_OFF) &&
           sds_filter_passes(arrangement->filter, row);
}

/* Whether a group begins with this row. */
static bool begins_group(const struct shown *shown, size_t i, enum sds_grouping grouping)
{
    return grouping != SDS_GROUPING_NONE &&
           (i == 0 || group_cmp(shown->rows.v[i - 1], shown->rows.v[i], grouping) != 0);
}

static int choose(const struct sds_rows *rows, const struct sds_arrangement *arrangement,
                  struct shown *ret)
{
    size_t n;
    struct sds_row *const *all = sds_rows_list(rows, &n);

    for (size_t i = 0; i < n; i++)
        if (passes(arrangement, all[i]) && !sds_arr_push(&ret->rows, all[i]))
            return -ENOMEM;
    if (ret->rows.n)
        qsort_r(ret->rows.v, ret->rows.n, sizeof(*ret->rows.v), row_cmp, (void *)arrangement);
    for (size_t i = 0; i < ret->rows.n; i++)
        ret->n_groups += begins_group(ret, i, arrangement->grouping);
    return 0;
}

static const char *head_of(const struct sds_row *row, enum sds_grouping grouping)
{
    static const char *const nameless[SDS_GROUPING__COUNT] = {
        [SDS_GROUPING_HOST] = "(no host)",
        [SDS_GROUPING_VERDICT] = "(no verdict)",
    };

    return has_value(row, group_cells[grouping]) ? row->cells[group_cells[grouping]]
                                                 : nameless[grouping];
}

/* There is room for all. */
static void put_lines(const struct shown *shown, enum sds_grouping grouping,
                      struct sds_lines *lines)
{
    struct sds_list_line *head = NULL;

    lines->n = 0;
    for (size_t i = 0; i < shown->rows.n; i++) {
        struct sds_row *row = shown->rows.v[i];

        if (begins_group(shown, i, grouping)) {
            head = &lines->v[lines->n++];
            *head = (struct sds_list_line){.head = head_of(row, grouping)};
        }
        lines->v[lines->n++] = (struct sds_list_line){.row = row};
        if (head)
            head->n_rows++;
    }
    lines->n_rows = shown->rows.n;
}

static int make_room(struct sds_lines *lines, size_t n)
{
    struct sds_list_line *grown;

    if (n <= lines->cap)
        return 0;
    grown = realloc(lines->v, n * sizeof(*grown));
    if (!grown)
        return -ENOMEM;
    lines->v = grown;
    lines->cap = n;
    return 0;
}

int sds_arrange(const struct sds_rows *rows, const struct sds_arrangement *arrangement,
                struct sds_lines *lines)
{
    SDS_CLEANUP(shown_done) struct shown shown = {0};
    int r = choose(rows, arrangement, &shown);

    if (r == 0)
        r = make_room(lines, shown.rows.n + shown.n_groups);
    if (r == 0)
        put_lines(&shown, arrangement->grouping, lines);
    return r;
}

void sds_lines_done(struct sds_lines *lines)
{
    free(lines->v);
    *lines = (struct sds_lines){0};
}

size_t sds_lines_find(const struct sds_lines *lines, const struct sds_row *row)
{
    for (size_t i = 0; i < lines->n; i++)
        if (lines->v[i].row == row && row)
            return i;
    return SIZE_MAX;
}
