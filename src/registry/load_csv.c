/* SPDX-License-Identifier: MIT */
#include "registry/columns.h"

#include <errno.h>
#include <string.h>

#include "base/ascii.h"
#include "base/mem.h"

#define CSV_FIELDS_MAX 64 /* of a row */

/* Headings, which IANA has reworded over the years; the file decides their order. */
static const struct {
    const char *heading;
    enum sds_column column;
} headings[] = {
    {"Service Name", SDS_COLUMN_NAME},
    {"Port Number", SDS_COLUMN_PORT},
    {"Transport Protocol", SDS_COLUMN_TRANSPORT},
    {"Description", SDS_COLUMN_DESCRIPTION},
    {"Assignee", SDS_COLUMN_ASSIGNEE},
    {"Contact", SDS_COLUMN_CONTACT},
    {"Registration Date", SDS_COLUMN_REGISTERED},
    {"Modification Date", SDS_COLUMN_MODIFIED},
    {"Reference", SDS_COLUMN_REFERENCE},
    {"Service Code", SDS_COLUMN_SERVICE_CODE},
    {"Unauthorized Use Reported", SDS_COLUMN_UNAUTHORIZED},
    {"Known Unauthorized Uses", SDS_COLUMN_UNAUTHORIZED},
    {"Assignment Notes", SDS_COLUMN_NOTES},
};

/* A row of RFC 4180: fields without their quotes, in @text. */
struct csv_row {
    size_t line, n_fields;
    struct {
        char *p;
        size_t len;
    } fields[CSV_FIELDS_MAX];
};

struct csv {
    struct sds_load *load;
    char *at, *end; /* a copy that quotes are taken out of */
    size_t line;
    int fields_of[SDS_COLUMN__COUNT]; /* -1 where the file lacks the column */
};

/* Take a quoted field, doubled quotes made single; false when it never ends. */
static bool take_quoted(struct csv *csv, struct csv_row *row, size_t i)
{
    char *to = ++csv->at;

    row->fields[i].p = to;
    while (csv->at < csv->end) {
        if (*csv->at == '"') {
            if (csv->at + 1 == csv->end || csv->at[1] != '"') {
                csv->at++;
                row->fields[i].len = (size_t)(to - row->fields[i].p);
                return true;
            }
            csv->at++;
        }
        csv->line += *csv->at == '\n';
        *to++ = *csv->at++;
    }
    return false;
}

static void take_bare(struct csv *csv, struct csv_row *row, size_t i)
{
    row->fields[i].p = csv->at;
    while (csv->at < csv->end && *csv->at != ',' && *csv->at != '\r' && *csv->at != '\n')
        csv->at++;
    row->fields[i].len = (size_t)(csv->at - row->fields[i].p);
}

static void skip_line(struct csv *csv)
{
    char *newline = memchr(csv->at, '\n', (size_t)(csv->end - csv->at));

    csv->at = newline ? newline : csv->end;
}

/* Why a row is no row; NULL when it is. */
static const char *take_fields(struct csv *csv, struct csv_row *row)
{
    row->line = csv->line;
    row->n_fields = 0;
    for (;;) {
        if (row->n_fields == CSV_FIELDS_MAX)
            return "too many fields";
        if (csv->at < csv->end && *csv->at == '"') {
            if (!take_quoted(csv, row, row->n_fields))
                return "quotes are never closed";
        } else {
            take_bare(csv, row, row->n_fields);
        }
        row->n_fields++;
        if (csv->at == csv->end || *csv->at == '\r' || *csv->at == '\n')
            return NULL;
        if (*csv->at != ',')
            return "text after closing quotes";
        csv->at++;
    }
}

/* The next row into *row; false at the end. What is no row is said and skipped. */
static bool take_row(struct csv *csv, struct csv_row *row)
{
    while (csv->at < csv->end) {
        const char *fault = take_fields(csv, row);

        if (fault) {
            sds_load_say(csv->load, row->line, 0, "%s", fault);
            skip_line(csv);
        }
        if (csv->at < csv->end && *csv->at == '\r')
            csv->at++;
        if (csv->at < csv->end && *csv->at == '\n') {
            csv->at++;
            csv->line++;
        }
        if (!fault && (row->n_fields > 1 || row->fields[0].len > 0))
            return true;
    }
    return false;
}

static bool read_headings(struct csv *csv)
{
    struct csv_row row;

    for (size_t i = 0; i < SDS_COLUMN__COUNT; i++)
        csv->fields_of[i] = -1;
    if (!take_row(csv, &row))
        return false;
    for (size_t i = 0; i < row.n_fields; i++)
        for (size_t k = 0; k < SDS_COUNT(headings); k++)
            if (sds_fold_equal(row.fields[i].p, row.fields[i].len, headings[k].heading,
                               strlen(headings[k].heading)))
                csv->fields_of[headings[k].column] = (int)i;
    return csv->fields_of[SDS_COLUMN_NAME] >= 0;
}

static int add_row(struct csv *csv, const struct csv_row *row)
{
    struct sds_span cells[SDS_COLUMN__COUNT];

    for (size_t column = 0; column < SDS_COLUMN__COUNT; column++) {
        int i = csv->fields_of[column];

        cells[column] = (struct sds_span){(const uint8_t *)"", 0};
        if (i >= 0 && (size_t)i < row->n_fields)
            cells[column] =
                (struct sds_span){(const uint8_t *)row->fields[i].p, row->fields[i].len};
    }
    return sds_columns_add(csv->load, row->line, cells);
}

bool sds_is_csv(const char *bytes, size_t len)
{
    const char *newline = memchr(bytes, '\n', len);
    size_t line_len = newline ? (size_t)(newline - bytes) : len;

    return memchr(bytes, ',', line_len) && memmem(bytes, line_len, "Service Name", 12) &&
           memmem(bytes, line_len, "Transport Protocol", 18);
}

int sds_load_csv(struct sds_load *load, const char *bytes, size_t len)
{
    struct csv csv = {.load = load, .line = 1};
    struct csv_row row;
    int r = 0;

    load->table->title = "Service Name and Transport Protocol Port Number Registry";
    csv.at = sds_arena_copy(&load->table->arena, bytes, len);
    if (!csv.at)
        return -ENOMEM;
    csv.end = csv.at + len;
    if (!read_headings(&csv)) {
        sds_load_say(load, 1, 0, "the headings name no column \"Service Name\"");
        return -EINVAL;
    }
    while (r == 0 && take_row(&csv, &row))
        r = add_row(&csv, &row);
    return r;
}
