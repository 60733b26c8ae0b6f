/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/mem.h"
#include "base/text.h"
#include "report/formats.h"
#include "report/pen.h"
#include "report/report.h"

#define TYPE_WIDTH ((size_t)16) /* longer types push their line to the right */

static const struct {
    char sign;
    enum sds_ink ink;
    const char *text; /* NULL where a service tells more */
} kinds[SDS_EVENT__COUNT] = {
    [SDS_EVENT_ADDED] = {'+', SDS_INK_GREEN, NULL},
    [SDS_EVENT_CHANGED] = {'~', SDS_INK_YELLOW, NULL},
    [SDS_EVENT_REMOVED] = {'-', SDS_INK_RED, NULL},
    [SDS_EVENT_SETTLED] = {'=', SDS_INK_DIM, "everything that answers has been seen"},
    [SDS_EVENT_LOST] = {'!', SDS_INK_RED, "the source is gone"},
    [SDS_EVENT_BACK] = {'=', SDS_INK_GREEN, "the source is back"},
};

static const struct sds_finding *worst_finding(const struct sds_result *result)
{
    const struct sds_finding *worst = NULL;

    for (size_t i = 0; result && i < result->n_findings; i++)
        if (!worst || result->findings[i].severity > worst->severity)
            worst = &result->findings[i];
    return worst;
}

static int write_service(const struct sds_service *s, FILE *out)
{
    SDS_CLEANUP(sds_freep) char *type = sds_text_dup_name(s->type);
    SDS_CLEANUP(sds_freep) char *host = s->host ? sds_text_dup_name(s->host) : NULL;
    size_t width;

    if (!type || (s->host && !host))
        return -ENOMEM;
    width = sds_text_width(type);
    fprintf(out, "%s%*s  ", type, width < TYPE_WIDTH ? (int)(TYPE_WIDTH - width) : 0, "");
    sds_text_put(out, s->instance.p, s->instance.len);
    if (host)
        fprintf(out, "  %s", host);
    if (host && sds_service_state(s, SDS_PART_PORT) == SDS_PRESENT)
        fprintf(out, ":%u", s->port);
    return 0;
}

static void write_changes(unsigned changes, FILE *out)
{
    const char *before = "  changed: ";

    for (unsigned part = 1; part <= SDS_PART_TYPE; part <<= 1) {
        if (!(changes & part))
            continue;
        fprintf(out, "%s%s", before, sds_part_name(part));
        before = ", ";
    }
}

static int write_event(const struct sds_event *event, FILE *out)
{
    int r = 0;

    if (event->service)
        r = write_service(event->service, out);
    else
        fputs(kinds[event->kind].text, out);
    if (event->kind == SDS_EVENT_CHANGED)
        write_changes(event->changes, out);
    if (event->message)
        fprintf(out, ": %s", event->message);
    return r;
}

/* Put as much as the line still takes; returns columns left. */
static size_t put_fitting(const struct sds_pen *pen, enum sds_ink ink, const char *text,
                          size_t left)
{
    return left - sds_pen_cut(pen, ink, text, left);
}

static int put_worst(const struct sds_pen *pen, const struct sds_result *result, size_t left)
{
    const struct sds_finding *worst = worst_finding(result);
    SDS_CLEANUP(sds_freep) char *rest = NULL;

    if (!worst)
        return 0;
    rest = result->n_findings > 1
               ? sds_text_format(": %s [%s] and %zu more", worst->message, worst->rule->id,
                                 result->n_findings + result->n_dropped - 1)
               : sds_text_format(": %s [%s]", worst->message, worst->rule->id);
    if (!rest)
        return -ENOMEM;
    left = put_fitting(pen, SDS_INK_PLAIN, "  ", left);
    left = put_fitting(pen, sds_ink_of_severity(worst->severity),
                       sds_severity_name(worst->severity), left);
    put_fitting(pen, SDS_INK_PLAIN, rest, left);
    return 0;
}

/* HH:MM:SS of the reader's own clock. */
static void format_time(int64_t time_ms, char *ret, size_t size)
{
    time_t seconds = (time_t)(time_ms / 1000);
    struct tm tm = {0};

    localtime_r(&seconds, &tm);
    strftime(ret, size, "%H:%M:%S", &tm);
}

int sds_text_event(const struct sds_event *event, const struct sds_style *style, FILE *out)
{
    const struct sds_pen pen = {out, style};
    SDS_CLEANUP(sds_freep) char *text = NULL;
    size_t size, left = style->width ? style->width : SIZE_MAX;
    char time[sizeof("HH:MM:SS")], sign[] = {kinds[event->kind].sign, '\0'};
    FILE *line = open_memstream(&text, &size);
    int r;

    if (!line)
        return -ENOMEM;
    r = write_event(event, line);
    if (fclose(line) || r < 0)
        return -ENOMEM;
    format_time(event->time_ms, time, sizeof(time));
    left = put_fitting(&pen, SDS_INK_DIM, time, left);
    left = put_fitting(&pen, SDS_INK_PLAIN, " ", left);
    left = put_fitting(&pen, kinds[event->kind].ink, sign, left);
    left = put_fitting(&pen, SDS_INK_PLAIN, " ", left);
    left = put_fitting(&pen, SDS_INK_PLAIN, text, left);
    if (event->kind != SDS_EVENT_REMOVED)
        r = put_worst(&pen, event->result, left);
    fputc('\n', out);
    if (r == 0 && fflush(out)) /* a line is of use only when it arrives */
        r = -EIO;
    return r;
}
