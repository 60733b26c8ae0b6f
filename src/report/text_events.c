/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/text.h"
#include "report/change.h"
#include "report/formats.h"
#include "report/pen.h"
#include "report/report.h"
#include "report/subject.h"

#define INDENT     (sizeof("HH:MM:SS + ") - 1) /* where an event's words begin */
#define GAP        ((size_t)2)
#define TYPE_WIDTH strlen("_fifteen-letters._tcp") /* RFC 6335 5.1: the longest legal one */

static const struct {
    char sign;
    enum sds_ink ink;
} kinds[SDS_EVENT__COUNT] = {
    [SDS_EVENT_ADDED] = {'+', SDS_INK_GREEN}, [SDS_EVENT_CHANGED] = {'~', SDS_INK_YELLOW},
    [SDS_EVENT_REMOVED] = {'-', SDS_INK_RED}, [SDS_EVENT_SETTLED] = {'=', SDS_INK_DIM},
    [SDS_EVENT_LOST] = {'!', SDS_INK_RED},    [SDS_EVENT_BACK] = {'=', SDS_INK_GREEN},
    [SDS_EVENT_ENDED] = {'=', SDS_INK_DIM},
};

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

static int write_changes(const struct sds_event *event, FILE *out)
{
    SDS_CLEANUP(sds_freep) char *changes = sds_change_describe(event, " -> ");

    if (!changes)
        return -ENOMEM;
    if (*changes)
        fprintf(out, "  changed: %s", changes);
    return 0;
}

static int write_event(const struct sds_event *event, FILE *out)
{
    int r = 0;

    if (event->service)
        r = write_service(event->service, out);
    else
        fputs(sds_event_sentence(event->kind), out);
    if (event->kind == SDS_EVENT_CHANGED && r == 0)
        r = write_changes(event, out);
    if (event->message)
        fprintf(out, ": %s", event->message);
    return r;
}

/* The worst of what is wrong: on the same line where it fits, else on one of its own. */
static int put_worst(const struct sds_pen *pen, const struct sds_result *result, size_t at)
{
    const struct sds_finding *worst = sds_worst_finding(result);
    const char *word = worst ? sds_severity_name(worst->severity) : NULL;
    SDS_CLEANUP(sds_freep) char *rest = NULL;
    size_t more;

    if (!worst)
        return 0;
    more = sds_n_counting(result) - 1;
    rest = more > 0
               ? sds_text_format(": %s [%s] and %zu more", worst->message, worst->rule->id, more)
               : sds_text_format(": %s [%s]", worst->message, worst->rule->id);
    if (!rest)
        return -ENOMEM;
    if (pen->style->width && at + GAP + strlen(word) + sds_text_width(rest) > pen->style->width) {
        fputc('\n', pen->out);
        at = INDENT;
        sds_pen_spaces(pen, at);
    } else {
        at += GAP;
        sds_pen_spaces(pen, GAP);
    }
    sds_pen_put(pen, sds_ink_of_severity(worst->severity), word);
    sds_pen_wrap(pen, SDS_INK_PLAIN, rest, at + strlen(word), INDENT);
    return 0;
}

int sds_text_event(const struct sds_event *event, const struct sds_style *style, FILE *out)
{
    const struct sds_pen pen = {out, style};
    SDS_CLEANUP(sds_freep) char *text = NULL;
    char time[SDS_TIME_OF_DAY_SIZE];
    size_t size, at;
    FILE *words;
    int r;

    if (!sds_event_is_news(event))
        return 0;
    words = open_memstream(&text, &size);
    if (!words)
        return -ENOMEM;
    r = write_event(event, words);
    if (fclose(words) || r < 0)
        return -ENOMEM;
    sds_time_of_day(event->time_ms, time);
    sds_pen_put(&pen, SDS_INK_DIM, time);
    sds_pen_format(&pen, kinds[event->kind].ink, " %c ", kinds[event->kind].sign);
    at = sds_pen_wrap(&pen, SDS_INK_PLAIN, text, INDENT, INDENT);
    if (event->kind != SDS_EVENT_REMOVED)
        r = put_worst(&pen, event->result, at);
    fputc('\n', out);
    if (r == 0 && fflush(out)) /* a line is of use only when it arrives */
        r = -EIO;
    return r;
}
