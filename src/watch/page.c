/* SPDX-License-Identifier: MIT */
#include "watch/page.h"

#include <assert.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/arr.h"
#include "base/mem.h"
#include "base/text.h"

struct sds_page {
    size_t width;
    SDS_ARR(struct sds_page_line) lines;
    bool is_open; /* the last line goes on */
    size_t gap;   /* spaces to come before the next words of it */
    const struct sds_rule *rule;
    int error;
};

struct sds_page *sds_page_new(size_t width)
{
    struct sds_page *page = calloc(1, sizeof(*page));

    if (page)
        page->width = width > 0 ? width : 1;
    return page;
}

struct sds_page *sds_page_free(struct sds_page *page)
{
    if (!page)
        return NULL;
    for (size_t i = 0; i < page->lines.n; i++) {
        for (size_t j = 0; j < page->lines.v[i].n; j++)
            free(page->lines.v[i].v[j].text);
        free(page->lines.v[i].v);
    }
    free(page->lines.v);
    free(page);
    return NULL;
}

/* The line that goes on, or a new one; NULL where memory is short, now or before. */
static struct sds_page_line *open_line(struct sds_page *page)
{
    if (page->error)
        return NULL;
    if (!page->is_open) {
        if (!sds_arr_push(&page->lines, (struct sds_page_line){.rule = page->rule})) {
            page->error = -ENOMEM;
            return NULL;
        }
        page->is_open = true;
        page->gap = 0;
    }
    return &page->lines.v[page->lines.n - 1];
}

/* Add a piece to the line that goes on; takes the text, which may be NULL: memory is short. */
static void add_span(struct sds_page *page, enum sds_ink ink, char *text)
{
    struct sds_page_line *line = open_line(page);

    if (!text || !line || !sds_arr_push(line, (struct sds_span_of_line){ink, text})) {
        page->error = -ENOMEM;
        free(text);
        return;
    }
    line->width += sds_text_width(text);
}

static size_t column_of(const struct sds_page *page)
{
    return page->is_open ? page->lines.v[page->lines.n - 1].width + page->gap : 0;
}

/* Put bytes where the page stands, on whatever line; spaces wait for what follows them, lest a line
 * end in some. */
static void put_bytes(struct sds_page *page, enum sds_ink ink, const char *text, size_t len)
{
    size_t n_spaces = 0;

    if (len == 0 || !open_line(page))
        return;
    while (len > 0 && text[len - 1] == ' ') {
        len--;
        n_spaces++;
    }
    if (len > 0 && page->gap > 0) {
        add_span(page, SDS_INK_PLAIN, sds_text_format("%*s", (int)page->gap, ""));
        page->gap = 0;
    }
    if (len > 0)
        add_span(page, ink, strndup(text, len));
    page->gap += n_spaces;
}

/* Go on in a new line. */
static void wrap(struct sds_page *page, size_t indent)
{
    sds_page_end_line(page);
    if (open_line(page))
        page->gap = indent;
}

/* Whether so much of a text ends inside a word. */
static bool is_cut(const char *text, size_t len)
{
    return text[len] && text[len] != ' ';
}

void sds_page_put(struct sds_page *page, enum sds_ink ink, const char *text, size_t indent)
{
    if (!text && !page->error)
        page->error = -ENOMEM;
    if (indent > page->width / 2) /* half of a line is for words, however narrow it is */
        indent = page->width / 2;
    while (!page->error && *text) {
        size_t at = column_of(page), room = page->width > at ? page->width - at : 0;
        size_t len = sds_text_break(text, room);

        if (at > indent && (room == 0 || is_cut(text, len)))
            len = 0; /* a line of its own has more room for the word */
        put_bytes(page, ink, text, len);
        text += len + strspn(text + len, " ");
        if (*text)
            wrap(page, indent);
    }
}

void sds_page_tab(struct sds_page *page, size_t column)
{
    size_t at = column_of(page);

    if (open_line(page))
        page->gap += at < column ? column - at : at > 0;
}

/* Put so much of a cell as its column has room for; returns what is left of it. */
static const char *put_cell(struct sds_page *page, const struct sds_page_cell *cell,
                            const char *text)
{
    size_t len = sds_text_break(text, cell->width);

    if (len == 0)
        return text;
    sds_page_tab(page, cell->column);
    put_bytes(page, cell->ink, text, len);
    return text + len + strspn(text + len, " ");
}

void sds_page_put_cells(struct sds_page *page, const struct sds_page_cell *cells, size_t n)
{
    const char *texts[SDS_PAGE_CELLS_MAX];
    bool is_done = false;

    assert(n <= SDS_PAGE_CELLS_MAX);
    for (size_t i = 0; i < n; i++)
        texts[i] = cells[i].text ? cells[i].text : "";
    while (!is_done && !page->error) {
        is_done = true;
        for (size_t i = 0; i < n; i++) {
            texts[i] = put_cell(page, &cells[i], texts[i]);
            is_done &= !*texts[i];
        }
        sds_page_end_line(page);
    }
}

void sds_page_set_rule(struct sds_page *page, const struct sds_rule *rule)
{
    page->rule = rule;
}

void sds_page_end_line(struct sds_page *page)
{
    (void)open_line(page);
    page->is_open = false;
}

size_t sds_page_n_lines(const struct sds_page *page)
{
    return page->lines.n;
}

const struct sds_page_line *sds_page_line_at(const struct sds_page *page, size_t i)
{
    return &page->lines.v[i];
}

int sds_page_error(const struct sds_page *page)
{
    return page->error;
}

size_t sds_page_width(const struct sds_page *page)
{
    return page->width;
}

struct sds_page *sds_page_whole(struct sds_page *page)
{
    return page->error ? sds_page_free(page) : page;
}
