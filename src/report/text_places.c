/* SPDX-License-Identifier: MIT */
#include "report/text.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "report/subject.h"

#define INDENT ((size_t)4) /* of what belongs to the line before */

/* Findings as a compiler tells them: each begins with its place, and is one line for grep. */

static int place_cmp(const void *a, const void *b, void *userdata)
{
    const struct sds_subject *subject = userdata;
    const struct sds_finding *f = &subject->result->findings[*(const size_t *)a];
    const struct sds_finding *g = &subject->result->findings[*(const size_t *)b];
    struct sds_place_in_file p = sds_subject_place(subject, f), q = sds_subject_place(subject, g);

    if (p.line != q.line)
        return p.line - q.line;
    return p.column != q.column ? p.column - q.column : (f > g) - (f < g);
}

/* Which finding comes first in the file, which next: a malloc'ed array. */
static size_t *sort_by_place(const struct sds_subject *subject)
{
    size_t n = subject->result->n_findings, *order = malloc((n + 1) * sizeof(*order));

    if (!order)
        return NULL;
    for (size_t i = 0; i < n; i++)
        order[i] = i;
    qsort_r(order, n, sizeof(*order), place_cmp, (void *)subject);
    return order;
}

static void put_place(const struct sds_pen *pen, const char *path, struct sds_place_in_file place)
{
    sds_pen_put(pen, SDS_INK_BOLD, path);
    if (place.line)
        sds_pen_format(pen, SDS_INK_BOLD, ":%d", place.line);
    if (place.line && place.column)
        sds_pen_format(pen, SDS_INK_BOLD, ":%d", place.column);
    fputs(": ", pen->out);
}

static void put_line(const struct sds_pen *pen, const struct sds_finding *f)
{
    sds_pen_put(pen, sds_ink_of_severity(f->severity), sds_severity_name(f->severity));
    fprintf(pen->out, ": %s", f->message);
    sds_pen_format(pen, SDS_INK_DIM, " [%s]", f->rule->id);
    fputc('\n', pen->out);
}

/* What the policy does not count, and why. */
static int put_ignored(const struct sds_pen *pen, const struct sds_finding *f)
{
    SDS_CLEANUP(sds_freep) char *text = sds_ignored_format(f);

    if (!text)
        return -ENOMEM;
    sds_pen_format(pen, SDS_INK_DIM, "ignored: %s", text);
    fputc('\n', pen->out);
    return 0;
}

static int put_findings(const struct sds_pen *pen, const struct sds_subject *subject,
                        const char *path, sds_text_hints *hints)
{
    const struct sds_result *result = subject->result;
    SDS_CLEANUP(sds_freep) size_t *order = sort_by_place(subject);
    int r = order ? 0 : -ENOMEM;

    for (size_t i = 0; r == 0 && i < result->n_findings; i++) {
        const struct sds_finding *f = &result->findings[order[i]];

        put_place(pen, path, sds_subject_place(subject, f));
        if (f->ignored) {
            r = put_ignored(pen, f);
            continue;
        }
        put_line(pen, f);
        if (subject->service)
            r = sds_text_put_excerpt(pen, subject->service, f, INDENT);
        sds_text_put_hint(pen, f->rule, hints, INDENT);
    }
    if (r == 0 && result->n_dropped) {
        sds_pen_spaces(pen, INDENT);
        sds_pen_format(pen, SDS_INK_DIM, "and %zu more\n", result->n_dropped);
    }
    return r;
}

/* Which service the lines below it are about. */
static int put_heading(const struct sds_pen *pen, const struct sds_subject *subject,
                       const char *path)
{
    SDS_CLEANUP(sds_freep) char *name = sds_subject_name(subject);

    if (!name)
        return -ENOMEM;
    sds_pen_put(pen, SDS_INK_BOLD, path);
    fputs(": in service '", pen->out);
    sds_pen_put(pen, SDS_INK_BOLD, name);
    fputs("':\n", pen->out);
    return 0;
}

/* Returns 1, or 0 where there is nothing to tell. */
static int put_subject(const struct sds_pen *pen, const struct sds_subject *subject,
                       sds_text_hints *hints)
{
    SDS_CLEANUP(sds_freep) char *path = NULL;
    int r = 0;

    if (!sds_has_findings(subject->result))
        return 0;
    assert(subject->file);
    path = sds_subject_name(&(struct sds_subject){.file = subject->file});
    if (!path)
        return -ENOMEM;
    if (subject->service)
        r = put_heading(pen, subject, path);
    if (r == 0)
        r = put_findings(pen, subject, path, hints);
    return r < 0 ? r : 1;
}

int sds_text_put_places(const struct sds_pen *pen, const struct sds_report *report,
                        sds_text_hints *hints, bool with_services)
{
    size_t n = with_services ? sds_n_subjects(report) : report->n_files;
    bool has_any = false;

    for (size_t i = 0; i < n; i++) {
        /* Files first: what follows the heading of a service is about that service. */
        size_t at = i < report->n_files ? report->n_items + i : i - report->n_files;
        const struct sds_subject subject = sds_subject_at(report, at);
        int r = put_subject(pen, &subject, hints);

        if (r < 0)
            return r;
        has_any |= r > 0;
    }
    if (has_any)
        fputc('\n', pen->out);
    return 0;
}
