/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "report/subject.h"
#include "report/text.h"
#include "watch/page_parts.h"
#include "watch/page_pen.h"

#define INDENT ((size_t)2)

/* Each finding's lines speak of its rule, which can be explained then. */
static void put_all(const struct sds_page_of *of)
{
    struct sds_text_told told = sds_text_begin(&of->row->result, true);
    sds_text_hints hints = {0};
    const struct sds_finding *f;

    while ((f = sds_text_next(&told))) {
        struct sds_page_pen pen;

        sds_page_set_rule(of->page, f->rule);
        if (sds_page_pen_begin(&pen, of->page, of->is_ascii))
            sds_page_pen_end(
                &pen, of->page,
                sds_text_put_finding(&pen.pen, &told, of->row->service, &hints, INDENT));
    }
    sds_page_set_rule(of->page, NULL);
    free(hints.v);
}

static void put_line(struct sds_page *page, char *text)
{
    sds_page_tab(page, INDENT);
    sds_page_put(page, SDS_INK_DIM, text, INDENT);
    sds_page_end_line(page);
    free(text);
}

void sds_page_put_not_evaluated(const struct sds_page_of *of)
{
    const struct sds_style style = {.details = false};
    const struct sds_report_item item = {.service = of->row->service, .result = &of->row->result};
    const struct sds_report report = {.items = &item, .n_items = 1, .style = &style};
    char *text = NULL;
    size_t size;
    FILE *out;

    if (!of->row->is_checked)
        return;
    out = open_memstream(&text, &size);
    if (out)
        sds_text_write_not_evaluated(&report, out);
    if (out && fclose(out)) {
        free(text);
        text = NULL;
    }
    if (!text || *text)
        put_line(of->page, text);
    else
        free(text);
}

void sds_page_put_findings(const struct sds_page_of *of)
{
    const struct sds_result *result = &of->row->result;

    if (!of->row->is_checked || !sds_has_findings(result))
        return;
    sds_page_put_title(of->page, "Findings", NULL);
    put_all(of);
    if (result->n_dropped > 0)
        put_line(of->page, sds_text_format("and %zu more", result->n_dropped));
}
