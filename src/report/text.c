/* SPDX-License-Identifier: MIT */
#include "report/text.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/ascii.h"
#include "base/mem.h"
#include "base/text.h"
#include "report/formats.h"
#include "sdscope/type.h"

#define INDENT     ((size_t)2)
#define GAP        ((size_t)2) /* columns between cells */
#define MORE_WIDTH strlen("  +9999 more")

/* What a row shows, in this order. */
enum cell {
    CELL_INSTANCE,
    CELL_OTHER, /* the type in a group of one host, and the other way round */
    CELL_PORT,
    CELL_VERDICT,
    CELL__COUNT
};

struct row {
    const struct sds_report_item *item;
    const char *group;        /* host or type, borrowed; NULL where it is not known */
    size_t index;             /* in the report */
    char *cells[CELL__COUNT]; /* safe to print; NULL where there is nothing to show */
};

/* All rows, grouped, and the columns that their cells share. */
struct layout {
    const struct sds_report *report;
    struct row *rows;
    size_t n;
    size_t widths[CELL__COUNT];
    size_t indent;  /* of rows */
    bool shows_txt; /* below the findings in it */
    sds_text_hints hints;
};

static int row_cmp(const void *a, const void *b)
{
    const struct row *x = a, *y = b;
    int order = (x->group == NULL) - (y->group == NULL);

    if (!order && x->group)
        order = sds_fold_cmp(x->group, strlen(x->group), y->group, strlen(y->group));
    return order ? order : (x->index > y->index) - (x->index < y->index);
}

static bool is_same_group(const struct row *a, const struct row *b)
{
    if (!a->group || !b->group)
        return a->group == b->group;
    return sds_text_fold_equal(a->group, b->group);
}

static size_t group_len(const struct row *rows, size_t n)
{
    size_t len = 1;

    while (len < n && is_same_group(&rows[0], &rows[len]))
        len++;
    return len;
}

static char *instance_cell(const struct sds_service *s)
{
    switch (sds_service_state(s, SDS_PART_INSTANCE)) {
    case SDS_PRESENT:
        return s->instance.len ? sds_text_dup(s->instance.p, s->instance.len)
                               : strdup("(empty name)");
    case SDS_MISSING:
        return strdup("(no name)");
    case SDS_UNKNOWN:
        break;
    }
    return strdup("");
}

static char *host_cell(const struct sds_service *s)
{
    switch (sds_service_state(s, SDS_PART_HOST)) {
    case SDS_PRESENT:
        return sds_text_dup_name(s->host);
    case SDS_MISSING:
        return strdup("(no host)");
    case SDS_UNKNOWN:
        break;
    }
    return strdup("");
}

static char *port_cell(const struct sds_service *s)
{
    switch (sds_service_state(s, SDS_PART_PORT)) {
    case SDS_PRESENT:
        return sds_text_format("%u", s->port);
    case SDS_MISSING:
        return strdup("-");
    case SDS_UNKNOWN:
        break;
    }
    return strdup("");
}

static char *verdict_cell(const struct sds_result *result)
{
    return strdup(result && result->has_verdict ? sds_verdict_name(result->verdict) : "");
}

static int fill_cells(struct row *row, enum sds_group group)
{
    const struct sds_service *s = row->item->service;

    row->cells[CELL_INSTANCE] = instance_cell(s);
    row->cells[CELL_OTHER] = group == SDS_GROUP_HOST ? sds_text_dup_name(s->type) : host_cell(s);
    row->cells[CELL_PORT] = port_cell(s);
    row->cells[CELL_VERDICT] = verdict_cell(row->item->result);
    for (size_t i = 0; i < CELL__COUNT; i++)
        if (!row->cells[i])
            return -ENOMEM;
    return 0;
}

static void layout_done(struct layout *layout)
{
    for (size_t i = 0; i < layout->n; i++)
        for (size_t j = 0; j < CELL__COUNT; j++)
            free(layout->rows[i].cells[j]);
    free(layout->rows);
    free(layout->hints.v);
}

static int layout_init(struct layout *layout, const struct sds_report *report)
{
    enum sds_group group = report->style->group;

    *layout = (struct layout){.report = report};
    layout->rows = calloc(report->n_items + 1, sizeof(*layout->rows));
    if (!layout->rows)
        return -ENOMEM;
    layout->n = report->n_items;
    for (size_t i = 0; i < layout->n; i++) {
        const struct sds_report_item *item = &report->items[i];
        struct row *row = &layout->rows[i];

        row->item = item;
        row->group = group == SDS_GROUP_HOST ? item->service->host : item->service->type;
        row->index = i;
        if (fill_cells(row, group))
            return -ENOMEM;
    }
    qsort(layout->rows, layout->n, sizeof(*layout->rows), row_cmp);
    return 0;
}

/* Take columns away until @excess is gone or the cell is at its smallest; returns what is left. */
static size_t shrink(size_t *width, size_t smallest, size_t excess)
{
    size_t most = *width > smallest ? *width - smallest : 0;
    size_t less = excess < most ? excess : most;

    *width -= less;
    return excess - less;
}

/* Give each cell the columns of its longest text; where that is too much, names are cut. */
static void measure(struct layout *layout)
{
    static const struct {
        enum cell cell;
        size_t smallest;
    } steps[] = {
        {CELL_INSTANCE, 30}, {CELL_OTHER, 22},   {CELL_INSTANCE, 16},
        {CELL_OTHER, 12},    {CELL_INSTANCE, 8},
    };
    size_t width = layout->report->style->width, total = layout->indent, excess;

    for (size_t i = 0; i < CELL__COUNT; i++) {
        for (size_t j = 0; j < layout->n; j++) {
            size_t need = sds_text_width(layout->rows[j].cells[i]);

            if (need > layout->widths[i])
                layout->widths[i] = need;
        }
        if (layout->widths[i] > 0)
            total += layout->widths[i] + (total > layout->indent ? GAP : 0);
    }
    excess = width > 0 && total > width ? total - width : 0;
    for (size_t i = 0; i < SDS_COUNT(steps) && excess > 0; i++)
        excess = shrink(&layout->widths[steps[i].cell], steps[i].smallest, excess);
}

static void put_row(const struct sds_pen *pen, const struct layout *layout, const struct row *row)
{
    const struct sds_result *result = row->item->result;
    size_t pending = layout->indent; /* no line ends in spaces */

    for (size_t i = 0; i < CELL__COUNT; i++) {
        enum sds_ink ink = SDS_INK_PLAIN;
        size_t width = layout->widths[i], need = sds_text_width(row->cells[i]);

        if (width == 0)
            continue;
        if (i == CELL_PORT && need < width)
            pending += width - need; /* to the right */
        if (i == CELL_VERDICT && need > 0)
            ink = sds_ink_of_verdict(result->verdict);
        if (need > 0) {
            sds_pen_spaces(pen, pending);
            pending = 0;
            need = sds_pen_cut(pen, ink, row->cells[i], width);
        }
        if (i != CELL_PORT)
            pending += width - need;
        pending += GAP;
    }
    fputc('\n', pen->out);
}

/* The addresses of a host, as many as the line takes. */
static void put_addresses(const struct sds_pen *pen, const struct sds_service *s, size_t at)
{
    size_t width = pen->style->width;

    for (size_t i = 0; i < s->n_addresses; i++) {
        char text[SDS_ADDRESS_TEXT_SIZE];
        size_t left = s->n_addresses - i;

        sds_address_format(s->addresses[i], text);
        at += GAP + strlen(text);
        if (width && at + (left > 1 ? MORE_WIDTH : 0) > width) {
            sds_pen_format(pen, SDS_INK_DIM, "  +%zu more", left);
            break;
        }
        sds_pen_format(pen, SDS_INK_DIM, "  %s", text);
    }
}

static int put_host(const struct sds_pen *pen, const struct row *rows, size_t n)
{
    const struct sds_service *s = rows[0].item->service;
    SDS_CLEANUP(sds_freep) char *host = host_cell(s);
    size_t width = pen->style->width ? pen->style->width : SIZE_MAX, at;

    if (!host)
        return -ENOMEM;
    for (size_t i = 1; i < n; i++) /* the one that knows most addresses */
        if (rows[i].item->service->n_addresses > s->n_addresses)
            s = rows[i].item->service;
    if (s->n_addresses > 0 && width > 2 * MORE_WIDTH)
        width -= MORE_WIDTH;
    at = sds_pen_cut(pen, SDS_INK_BOLD, *host ? host : "(host unknown)", width);
    put_addresses(pen, s, at);
    return 0;
}

/* What the registry calls a type; NULL when it does not know. */
static const char *describe(const struct sds_registry *registry, const char *text)
{
    const struct sds_record *record;
    struct sds_record_iter iter;
    struct sds_type type;

    sds_type_parse(text, &type);
    if (!registry || !type.is_pair)
        return NULL;
    iter = sds_registry_find(registry, type.name);
    while ((record = sds_record_next(&iter)))
        if (record->description && sds_record_fits(record, type.transport))
            return record->description;
    return NULL;
}

static int put_type(const struct sds_pen *pen, const struct row *row,
                    const struct sds_registry *registry)
{
    SDS_CLEANUP(sds_freep) char *type = sds_text_dup_name(row->group);
    const char *description = describe(registry, row->group);
    SDS_CLEANUP(sds_freep) char *about = NULL;
    size_t width = pen->style->width ? pen->style->width : SIZE_MAX, at;

    if (!type)
        return -ENOMEM;
    at = sds_pen_cut(pen, SDS_INK_BOLD, type, width);
    if (!description)
        return 0;
    about = sds_text_dup(description, strlen(description));
    if (!about)
        return -ENOMEM;
    if (at + GAP < width) {
        sds_pen_spaces(pen, GAP);
        sds_pen_cut(pen, SDS_INK_DIM, about, width - at - GAP);
    }
    return 0;
}

static int put_heading(const struct sds_pen *pen, const struct layout *layout,
                       const struct row *rows, size_t n)
{
    int r = layout->report->style->group == SDS_GROUP_HOST
                ? put_host(pen, rows, n)
                : put_type(pen, &rows[0], layout->report->registry);

    fputc('\n', pen->out);
    return r;
}

static int put_rows(const struct sds_pen *pen, struct layout *layout, const struct row *rows,
                    size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const struct sds_report_item *item = rows[i].item;
        int r = 0;

        put_row(pen, layout, &rows[i]);
        if (pen->style->details)
            r = sds_text_put_details(pen, item->service, layout->indent + INDENT);
        if (r == 0 && item->result)
            r = sds_text_put_findings(pen, item->result, layout->shows_txt ? item->service : NULL,
                                      &layout->hints, layout->indent + INDENT);
        if (r < 0)
            return r;
    }
    return 0;
}

static int put_groups(const struct sds_pen *pen, struct layout *layout)
{
    /* Arguments of `check` name no host: a heading that says so would only be in the way. */
    bool has_headings = layout->n > 0 && layout->rows[0].group;
    int r = 0;

    layout->indent = has_headings ? INDENT : 0;
    measure(layout);
    for (size_t i = 0; i < layout->n && r == 0;) {
        size_t n = group_len(&layout->rows[i], layout->n - i);

        r = has_headings ? put_heading(pen, layout, &layout->rows[i], n) : 0;
        if (r == 0)
            r = put_rows(pen, layout, &layout->rows[i], n);
        fputc('\n', pen->out);
        i += n;
    }
    return r;
}

/* Services that somebody wrote are looked at in his editor; what the network sent is not. */
static bool is_from_files(const struct sds_report *report)
{
    return report->n_items > 0 && report->items[0].file;
}

int sds_text_report(const struct sds_report *report, FILE *out)
{
    const struct sds_pen pen = {out, report->style};
    SDS_CLEANUP(layout_done) struct layout layout = {0};
    bool is_by_place = is_from_files(report) && !report->style->details;
    int r = layout_init(&layout, report);

    /* For an author, who can mend it; in detail, the TXT record is there already. */
    layout.shows_txt = strcmp(report->command, "check") == 0 && !report->style->details;
    if (r == 0 && !is_by_place)
        r = put_groups(&pen, &layout);
    if (r == 0)
        r = sds_text_put_places(&pen, report, &layout.hints, is_by_place);
    return r < 0 ? r : sds_text_put_summary(&pen, report);
}
