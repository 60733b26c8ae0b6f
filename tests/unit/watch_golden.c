/* SPDX-License-Identifier: MIT */
#include "watch_golden.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "sdscope/check.h"

#define ID_COLUMNS 6 /* of a rule, and a gap */

static void put_words(const struct sds_page_line *line, FILE *out)
{
    for (size_t i = 0; i < line->n; i++)
        fputs(line->v[i].text, out);
    fputc('\n', out);
}

static bool is_coloured(const struct sds_page_line *line)
{
    for (size_t i = 0; i < line->n; i++)
        if (line->v[i].ink != SDS_INK_PLAIN)
            return true;
    return false;
}

static void put_inks(const struct sds_page_line *line, FILE *out)
{
    static const char letters[SDS_INK__COUNT] = " bdrgymc";
    size_t last = line->n;

    while (last > 0 && line->v[last - 1].ink == SDS_INK_PLAIN)
        last--;
    fprintf(out, "%*s", ID_COLUMNS, "");
    for (size_t i = 0; i < last; i++)
        for (size_t n = sds_text_width(line->v[i].text); n > 0; n--)
            fputc(letters[line->v[i].ink], out);
    fputc('\n', out);
}

static char *print(const struct sds_page *page, bool with_inks)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    for (size_t i = 0; out && i < sds_page_n_lines(page); i++) {
        const struct sds_page_line *line = sds_page_line_at(page, i);

        if (with_inks && line->n > 0)
            fprintf(out, "%-*s", ID_COLUMNS, line->rule ? line->rule->id : "");
        put_words(line, out);
        if (with_inks && is_coloured(line))
            put_inks(line, out);
    }
    if (out)
        fclose(out);
    return text;
}

char *page_text(const struct sds_page *page)
{
    return print(page, false);
}

char *page_inks(const struct sds_page *page)
{
    return print(page, true);
}
