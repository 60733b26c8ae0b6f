/* SPDX-License-Identifier: MIT */

/*
 * IANA's table as plain text, laid out by a browser: columns of characters, and cells of several
 * lines that stand in the middle of their row. Nothing parts the rows. Their names and ports take
 * one line, so each of them tells its row's middle, and leaves two heights to choose from; the
 * other cells, which must stand in the middle too, tell which.
 */
#include "registry/columns.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define TEXT_LINES_MAX 1000000   /* of the table */
#define TEXT_WIDTH_MAX 4096      /* characters of a line */
#define ROW_LINES_MAX  200       /* of a row */
#define SHIFT_MAX      3         /* columns that a cell is off, after characters of odd width */
#define STRAY_SHARE    1000      /* of so many lines, one may be off so */
#define FAULT_WEIGHT   (1 << 18) /* of a cell out of the middle */
#define BREAK_WEIGHT   (1 << 16) /* of a line that ends early; the square of a height is below */

/* The words above the columns. */
static const char *const headings[SDS_COLUMN__COUNT] = {
    "Service Name", "Port Number", "Protocol",  "Description", "Assignee",     "Contact",
    "Date",         "Date",        "Reference", "Code",        "Unauthorized", "Assignment Notes",
};

static const char end_heading[] = "People";
static const char updated_heading[] = "Last Updated";

struct line {
    const char *p;
    uint32_t len;
    uint16_t filled;                /* bits: columns that have text on it */
    uint32_t at[SDS_COLUMN__COUNT]; /* bytes: where each column begins */
    uint64_t best;                  /* way for a row to begin here, and that way; see find_rows() */
    uint32_t from, height;
};

struct text {
    struct sds_load *load;
    size_t first_line; /* number of lines[0] in the file */
    SDS_ARR(struct line) lines;
    size_t starts[SDS_COLUMN__COUNT + 1]; /* characters: where each column begins */
};

/* ---- columns ----------------------------------------------------------------------------------*/

/* The first line that is not before @p, and its end. */
static struct line take_line(const char **p, const char *end)
{
    const char *newline = memchr(*p, '\n', (size_t)(end - *p));
    struct line line = {.p = *p};
    const char *stop = newline ? newline : end;

    *p = newline ? newline + 1 : end;
    while (stop > line.p && (stop[-1] == ' ' || stop[-1] == '\r'))
        stop--;
    line.len = (uint32_t)(stop - line.p);
    return line;
}

static size_t indent_of(const struct line *line)
{
    size_t n = 0;

    while (n < line->len && line->p[n] == ' ')
        n++;
    return n;
}

/* Where the words of the headings begin and end; false where they are not these. */
static bool find_headings(const char *p, size_t len, size_t *begins, size_t *ends)
{
    size_t at = 0;

    for (size_t i = 0; i < SDS_COLUMN__COUNT; i++) {
        const char *found = memmem(p + at, len - at, headings[i], strlen(headings[i]));

        if (!found)
            return false;
        begins[i] = (size_t)(found - p);
        at = ends[i] = begins[i] + strlen(headings[i]);
    }
    return true;
}

static const char *find_heading_line(const char *bytes, size_t len, struct line *ret)
{
    size_t begins[SDS_COLUMN__COUNT], ends[SDS_COLUMN__COUNT];
    const char *found =
        memmem(bytes, len, headings[SDS_COLUMN_NOTES], strlen(headings[SDS_COLUMN_NOTES]));
    const char *start = found;

    if (!found)
        return NULL;
    while (start > bytes && start[-1] != '\n')
        start--;
    found = start;
    *ret = take_line(&start, bytes + len);
    return find_headings(ret->p, ret->len, begins, ends) ? found : NULL;
}

bool sds_is_text_table(const char *bytes, size_t len)
{
    struct line line;

    return find_heading_line(bytes, len, &line) != NULL;
}

static bool begins_character(char c)
{
    return ((uint8_t)c & 0xC0) != 0x80;
}

/* How many lines have text in each place. */
static void count_filled(const struct text *text, uint32_t *filled)
{
    for (size_t i = 0; i < text->lines.n; i++) {
        const struct line *line = &text->lines.v[i];
        size_t place = 0;

        for (uint32_t k = 0; k < line->len; k++) {
            if (!begins_character(line->p[k]))
                continue;
            filled[place++] += line->p[k] != ' ';
        }
    }
}

/* Columns part where no line has text, or next to none, and many have some right after it. */
static int find_columns(struct text *text, const struct line *heading)
{
    SDS_CLEANUP(sds_freep) uint32_t *filled = calloc(TEXT_WIDTH_MAX + 2, sizeof(*filled));
    size_t begins[SDS_COLUMN__COUNT], ends[SDS_COLUMN__COUNT];
    size_t strays = text->lines.n / STRAY_SHARE;

    if (!filled)
        return -ENOMEM;
    find_headings(heading->p, heading->len, begins, ends);
    count_filled(text, filled);
    for (size_t i = 1; i < SDS_COLUMN__COUNT; i++) {
        uint32_t most = 0;

        text->starts[i] = begins[i];
        for (size_t place = ends[i - 1]; place < begins[i]; place++) {
            if (filled[place] > strays || filled[place + 1] <= most)
                continue;
            most = filled[place + 1];
            text->starts[i] = place + 1;
        }
    }
    for (size_t place = 0; place < TEXT_WIDTH_MAX; place++)
        if (filled[place])
            text->starts[SDS_COLUMN__COUNT] = place + 2;
    return 0;
}

/* A word that reaches over a column's edge belongs to the column that has most of it. */
static uint32_t mend_edge(const struct line *line, uint32_t edge)
{
    uint32_t start = edge;

    while (start > 0 && edge < line->len && line->p[start - 1] != ' ' && line->p[edge] != ' ')
        start--;
    if (edge - start <= SHIFT_MAX)
        return start;
    while (edge < line->len && line->p[edge] != ' ')
        edge++;
    return edge;
}

/* Cut a line into cells. */
static void cut_line(const struct text *text, struct line *line)
{
    size_t column = 0, place = 0;

    for (uint32_t k = 0; k < line->len && column < SDS_COLUMN__COUNT; k++) {
        if (!begins_character(line->p[k]))
            continue;
        if (place++ == text->starts[column])
            line->at[column++] = k;
    }
    for (; column < SDS_COLUMN__COUNT; column++)
        line->at[column] = line->len;
    for (column = 1; column < SDS_COLUMN__COUNT; column++) {
        uint32_t edge = mend_edge(line, line->at[column]);

        line->at[column] = edge < line->at[column - 1] ? line->at[column - 1] : edge;
    }
}

/* The text of a column on a line, without the blanks around it. */
static struct sds_span cell_of(const struct line *line, size_t column)
{
    const char *p = line->p + line->at[column];
    const char *end = line->p + (column + 1 < SDS_COLUMN__COUNT ? line->at[column + 1] : line->len);

    while (p < end && *p == ' ')
        p++;
    while (p < end && end[-1] == ' ')
        end--;
    return (struct sds_span){(const uint8_t *)p, (size_t)(end - p)};
}

static void cut_lines(struct text *text)
{
    for (size_t i = 0; i < text->lines.n; i++) {
        struct line *line = &text->lines.v[i];

        cut_line(text, line);
        for (size_t column = 0; column < SDS_COLUMN__COUNT; column++)
            if (cell_of(line, column).len)
                line->filled |= (uint16_t)(1u << column);
    }
}

/* ---- rows -------------------------------------------------------------------------------------*/

/* Whether a line is the middle of a row: names and ports take one line. */
static bool is_middle(const struct line *line)
{
    return line->filled & (1u << SDS_COLUMN_NAME | 1u << SDS_COLUMN_PORT);
}

static size_t next_middle(const struct text *text, size_t i)
{
    while (i < text->lines.n && !is_middle(&text->lines.v[i]))
        i++;
    return i;
}

/* How many cells of a row do not stand in its middle; one cell at least is as high as the row. */
static uint32_t count_faults(const struct text *text, size_t start, size_t height)
{
    uint32_t n = 0;
    bool is_full = false;

    for (size_t column = 0; column < SDS_COLUMN__COUNT; column++) {
        size_t first = 0, last = height;

        while (first < height && !(text->lines.v[start + first].filled >> column & 1))
            first++;
        if (first == height)
            continue;
        while (!(text->lines.v[start + last - 1].filled >> column & 1))
            last--;
        n += first != (height - (last - first)) / 2;
        is_full |= last - first == height;
    }
    return n + !is_full;
}

/* How many lines of a row's cells end although the next word had room on them, or blank lines
 * follow: there, most likely, one row ends and another begins. */
static uint32_t count_breaks(const struct text *text, size_t start, size_t height)
{
    uint32_t n = 0;

    for (size_t column = SDS_COLUMN_DESCRIPTION; column < SDS_COLUMN__COUNT; column++) {
        size_t width = text->starts[column + 1] - text->starts[column] - 1;
        size_t last = start, last_len = 0; /* the line above that has text */

        for (size_t i = start; i < start + height; i++) {
            struct sds_span cell = cell_of(&text->lines.v[i], column);
            const uint8_t *blank = cell.len ? memchr(cell.p, ' ', cell.len) : NULL;
            size_t word = blank ? (size_t)(blank - cell.p) : cell.len;

            if (!cell.len)
                continue;
            n += last_len && (last + 1 < i || last_len + 1 + word <= width);
            last = i;
            last_len = cell.len;
        }
    }
    return n;
}

/* Let a row from one line end before another, where that is the best known way to there. */
static void try_row(struct text *text, size_t start, size_t height, uint64_t weight)
{
    struct line *end = &text->lines.v[start + height];
    uint64_t sum = text->lines.v[start].best + weight;

    if (sum >= end->best)
        return;
    end->best = sum;
    end->from = (uint32_t)start;
    end->height = (uint32_t)height;
}

static uint64_t weigh_row(const struct text *text, size_t start, size_t height)
{
    return (uint64_t)count_faults(text, start, height) * FAULT_WEIGHT +
           (uint64_t)count_breaks(text, start, height) * BREAK_WEIGHT + height * height;
}

/**
 * Part the lines into rows, with as few cells out of the middle as can be, as few lines that end
 * early, and then with heights as even as can be, since a name has alike rows for tcp and udp.
 * line->best of a line that a row may begin with sums that up over all rows before it. There is one
 * line more than the table has, which ends the last row.
 */
static void find_rows(struct text *text)
{
    size_t end = text->lines.n - 1;

    for (size_t i = 0; i <= end; i++)
        text->lines.v[i].best = UINT64_MAX;
    text->lines.v[0].best = 0;
    for (size_t start = 0; start < end; start++) {
        size_t middle = next_middle(text, start), next, height;

        if (text->lines.v[start].best == UINT64_MAX)
            continue;
        if (middle >= end)
            break;
        next = next_middle(text, middle + 1);
        next = next > end ? end : next;
        /* the way out where a row is none, and for text that belongs to nothing */
        try_row(text, start, next - start, (uint64_t)SDS_COLUMN__COUNT * FAULT_WEIGHT);
        height = 2 * (middle - start) + 1;
        for (size_t more = 0; more < 2 && height + more <= ROW_LINES_MAX; more++)
            if (start + height + more <= next)
                try_row(text, start, height + more, weigh_row(text, start, height + more));
    }
}

/* A cell's lines as one text: blanks between lines, and a line's end for each blank line. */
static int join_cell(struct text *text, size_t start, size_t height, size_t column,
                     struct sds_span *ret)
{
    size_t len = 0;
    char *to;

    for (size_t i = start; i < start + height; i++)
        len += cell_of(&text->lines.v[i], column).len + 1;
    to = sds_arena_alloc(&text->load->table->arena, len);
    if (!to)
        return -ENOMEM;
    *ret = (struct sds_span){(const uint8_t *)to, len};
    for (size_t i = start; i < start + height; i++) {
        struct sds_span cell = cell_of(&text->lines.v[i], column);

        to = mempcpy(to, cell.p, cell.len);
        *to++ = cell.len ? ' ' : '\n';
    }
    return 0;
}

static int read_row(struct text *text, size_t start, size_t height)
{
    size_t middle = next_middle(text, start);
    struct sds_span cells[SDS_COLUMN__COUNT];

    for (size_t i = 0; i < SDS_COLUMN__COUNT; i++) {
        bool is_one_line = i <= SDS_COLUMN_TRANSPORT;
        int r = 0;

        if (is_one_line)
            cells[i] = cell_of(&text->lines.v[middle], i);
        else
            r = join_cell(text, start, height, i, &cells[i]);
        if (r < 0)
            return r;
    }
    return sds_columns_add(text->load, text->first_line + middle, cells);
}

static int read_rows(struct text *text)
{
    size_t at = text->lines.n - 1, next = text->lines.n - 1;
    int r = 0;

    while (at > 0 && text->lines.v[at].best == UINT64_MAX)
        at--;        /* lines below the last row */
    while (at > 0) { /* turn the way round: from each row to the next */
        size_t from = text->lines.v[at].from;

        text->lines.v[at].from = (uint32_t)next;
        next = at;
        at = from;
    }
    for (size_t i = next; r == 0 && at < text->lines.n - 1; i = text->lines.v[i].from) {
        if (next_middle(text, at) >= i)
            break;
        r = read_row(text, at, text->lines.v[i].height);
        at = i;
    }
    return r;
}

/* ---- the file ---------------------------------------------------------------------------------*/

/* What stands above the table: its title, and the line below "Last Updated". */
static int read_head(struct sds_load *load, const char *p, const char *end)
{
    struct sds_table *table = load->table;
    bool is_date_next = false;
    int r = 0;

    while (r == 0 && p < end) {
        struct line line = take_line(&p, end);
        const char *start = line.p + indent_of(&line);
        size_t len = line.len - indent_of(&line);

        if (line.len == 0 || !sds_load_is_text(start, len))
            continue;
        if (!table->title)
            r = sds_load_field(load, start, len, true, &table->title);
        else if (is_date_next && !table->updated && sds_is_date(start, len))
            r = sds_load_field(load, start, len, true, &table->updated);
        is_date_next = len == strlen(updated_heading) && !memcmp(start, updated_heading, len);
    }
    return r;
}

/* The lines of the table, from below the headings to the list of persons. */
static int read_lines(struct text *text, const char *p, const char *end)
{
    size_t number = text->first_line;

    for (; p < end; number++) {
        struct line line = take_line(&p, end);
        size_t indent = indent_of(&line);

        if (line.len - indent == strlen(end_heading) &&
            !memcmp(line.p + indent, end_heading, strlen(end_heading)))
            break;
        if (line.len > TEXT_WIDTH_MAX) {
            sds_load_say(text->load, number, 0, "a line is too long");
            line.len = 0;
        }
        if (text->lines.n == TEXT_LINES_MAX) {
            sds_load_say(text->load, number, 0, "too many lines: the rest is left out");
            break;
        }
        if (!sds_arr_push(&text->lines, line))
            return -ENOMEM;
    }
    while (text->lines.n > 0 && text->lines.v[text->lines.n - 1].len == 0)
        text->lines.n--;
    return sds_arr_push(&text->lines, (struct line){.p = ""}) ? 0 : -ENOMEM;
}

static size_t count_lines(const char *p, const char *end)
{
    size_t n = 0;

    for (; p < end; p++)
        n += *p == '\n';
    return n;
}

int sds_load_text(struct sds_load *load, const char *bytes, size_t len)
{
    const char *end = bytes + len, *p;
    struct text text = {.load = load};
    struct line heading;
    int r;

    p = find_heading_line(bytes, len, &heading);
    if (!p)
        return -EINVAL;
    r = read_head(load, bytes, p);
    take_line(&p, end);
    while (p < end && *p == ' ') { /* headings go on below, far from the first column */
        const char *next = p;
        struct line line = take_line(&next, end);

        if (line.len == 0 || indent_of(&line) < heading.len / 2)
            break;
        p = next;
    }
    text.first_line = count_lines(bytes, p) + 1;
    if (r == 0)
        r = read_lines(&text, p, end);
    if (r == 0)
        r = find_columns(&text, &heading);
    if (r == 0) {
        cut_lines(&text);
        find_rows(&text);
        r = read_rows(&text);
    }
    free(text.lines.v);
    return r;
}
