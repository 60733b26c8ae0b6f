/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/text.h"
#include "report/domains.h"
#include "report/formats.h"
#include "report/subject.h"

/* Comma-separated values by RFC 4180. The columns are a contract with scripts: sdscope(1) lists
 * them, and new ones come last. */

static const char header[] = "file,line,column,instance,type,domain,host,port,verdict,rule,name,"
                             "severity,part,key,offset,message,hint,reference,fingerprint,"
                             "ignored\r\n";

/* A line while it is written. */
struct line {
    FILE *out;
    bool has_cell;
    int error; /* the first one: 0 or -ENOMEM */
};

/* ---- cells -------------------------------------------------------------------------------- */

static size_t skip_any(const char *text, const char *const *starts, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (strncmp(text, starts[i], strlen(starts[i])) == 0)
            return strlen(starts[i]);
    return 0;
}

/* Whether a spreadsheet may take a text for a formula. Blanks before it, and the wide forms of the
 * characters, do not keep all of them from that. A text that begins with an apostrophe counts
 * too: so each apostrophe that begins a cell, taken away, leaves what was there. */
static bool may_compute(const char *text)
{
    static const char *const blanks[] = {" ", "\u00a0", "\u3000"};
    static const char *const starts[] = {"=",      "+",      "-",      "@",  "\uff1d",
                                         "\uff0b", "\uff0d", "\uff20", "\t", "\r"};
    size_t n;

    if (*text == '\'')
        return true;
    while ((n = skip_any(text, blanks, SDS_COUNT(blanks))))
        text += n;
    return skip_any(text, starts, SDS_COUNT(starts)) > 0;
}

static void begin_cell(struct line *line)
{
    if (line->has_cell)
        fputc(',', line->out);
    line->has_cell = true;
}

/* @text is safe to print; NULL leaves the cell empty. */
static void put_text(struct line *line, const char *text)
{
    bool is_quoted = text && (strpbrk(text, ",\"\r\n") || *text == ' ');

    begin_cell(line);
    if (!text)
        return;
    fputs(is_quoted ? "\"" : "", line->out);
    fputs(may_compute(text) ? "'" : "", line->out);
    for (; *text; text++) {
        if (*text == '"')
            fputc('"', line->out);
        fputc(*text, line->out);
    }
    fputs(is_quoted ? "\"" : "", line->out);
}

/* The same for malloc'ed text, which is freed; NULL is out of memory. */
static void put_taken(struct line *line, char *text)
{
    if (!text)
        line->error = -ENOMEM;
    put_text(line, text);
    free(text);
}

/* Text of a file or of the system, which need not be UTF-8. */
static void put_foreign(struct line *line, const char *text)
{
    if (text)
        put_taken(line, sds_text_dup(text, strlen(text)));
    else
        put_text(line, NULL);
}

static void put_name(struct line *line, const char *name)
{
    if (name)
        put_taken(line, sds_text_dup_name(name));
    else
        put_text(line, NULL);
}

/* A negative number leaves the cell empty. */
static void put_number(struct line *line, long number)
{
    begin_cell(line);
    if (number >= 0)
        fprintf(line->out, "%ld", number);
}

static void put_nothing(struct line *line, size_t n)
{
    while (n-- > 0)
        begin_cell(line);
}

static int end_line(struct line *line)
{
    fputs("\r\n", line->out);
    return line->error;
}

/* ---- a report ----------------------------------------------------------------------------- */

/* instance, type, domain, host, port, verdict */
static void put_service(struct line *line, const struct sds_service *s,
                        const struct sds_result *result)
{
    if (!s) {
        put_nothing(line, 6);
        return;
    }
    put_taken(line, sds_text_dup(s->instance.p, s->instance.len));
    put_name(line, s->type);
    put_name(line, s->domain);
    put_name(line, s->host);
    put_number(line, sds_service_state(s, SDS_PART_PORT) == SDS_PRESENT ? s->port : -1);
    put_text(line, result && result->has_verdict ? sds_verdict_name(result->verdict) : NULL);
}

static void put_subject(struct line *line, const struct sds_subject *subject,
                        struct sds_place_in_file place)
{
    put_foreign(line, subject->file);
    put_number(line, place.line ? place.line : -1);
    put_number(line, place.column ? place.column : -1);
    put_service(line, subject->service, subject->result);
}

static int put_finding(const struct sds_subject *subject, size_t i, FILE *out)
{
    const struct sds_finding *f = &subject->result->findings[i];
    struct line line = {.out = out};
    char fingerprint[SDS_FINGERPRINT_SIZE];

    sds_finding_fingerprint(subject->service, subject->result, i, fingerprint);
    put_subject(&line, subject, sds_subject_place(subject, f));
    put_text(&line, f->rule->id);
    put_text(&line, f->rule->name);
    put_text(&line, sds_severity_name(f->severity));
    put_text(&line, sds_part_name(f->rule->part));
    put_text(&line, f->key);
    put_number(&line, f->offset);
    put_text(&line, f->message);
    put_text(&line, f->rule->hint);
    put_text(&line, f->rule->reference);
    put_text(&line, fingerprint);
    put_foreign(&line, f->ignored);
    return end_line(&line);
}

/* A line without a finding: nothing is wrong with a service, or, by a message, there was no room
 * for more. */
static int put_remark(const struct sds_subject *subject, const char *message, FILE *out)
{
    struct line line = {.out = out};

    put_subject(&line, subject, (struct sds_place_in_file){subject->line, subject->column});
    put_nothing(&line, 6);
    put_text(&line, message);
    put_nothing(&line, 4);
    return end_line(&line);
}

static int put_all(const struct sds_subject *subject, FILE *out)
{
    const struct sds_result *result = subject->result;
    char more[64];
    int r = 0;

    if (!sds_has_findings(result))
        return subject->service ? put_remark(subject, NULL, out) : 0;
    for (size_t i = 0; i < result->n_findings && r == 0; i++)
        r = put_finding(subject, i, out);
    if (r < 0 || !result->n_dropped)
        return r;
    snprintf(more, sizeof(more), "and %zu more", result->n_dropped);
    return put_remark(subject, more, out);
}

int sds_csv_report(const struct sds_report *report, FILE *out)
{
    int r = 0;

    fputs(header, out);
    for (size_t i = 0; i < sds_n_subjects(report) && r == 0; i++) {
        struct sds_subject subject = sds_subject_at(report, i);

        r = put_all(&subject, out);
    }
    return r;
}

/* ---- domains ------------------------------------------------------------------------------ */

static int put_domain(const struct sds_domain *domain, FILE *out)
{
    struct line line = {.out = out};

    put_name(&line, domain->name);
    put_foreign(&line, domain->interface);
    put_taken(&line, sds_domain_uses(domain, " "));
    return end_line(&line);
}

int sds_csv_domains(const struct sds_report *report, FILE *out)
{
    int r = 0;

    fputs("domain,interface,uses\r\n", out);
    for (size_t i = 0; i < report->domains->n && r == 0; i++)
        r = put_domain(&report->domains->v[i], out);
    return r;
}

/* ---- an event ----------------------------------------------------------------------------- */

/* txt and port: "port txt" */
static void put_changes(struct line *line, unsigned changes)
{
    const char *space = "";

    begin_cell(line);
    for (unsigned part = 1; part <= SDS_PART_TYPE; part <<= 1) {
        if (!(changes & part))
            continue;
        fprintf(line->out, "%s%s", space, sds_part_name(part));
        space = " ";
    }
}

/* SD301 and SD325: "SD301 SD325" */
static void put_difference(struct line *line, const struct sds_event *event,
                           sds_next_finding *next_finding)
{
    const struct sds_finding *f;
    const char *space = "";
    size_t next = 0;

    begin_cell(line);
    while ((f = next_finding(event, &next))) {
        fprintf(line->out, "%s%s", space, f->rule->id);
        space = " ";
    }
}

/* time, event, changes, the service, number of findings, the worst one's rule, severity, message,
 * rules of the findings that came and went */
int sds_csv_event(const struct sds_event *event, const struct sds_style *style, FILE *out)
{
    const struct sds_result *result = event->result;
    const struct sds_finding *worst = sds_worst_finding(result);
    struct line line = {.out = out};
    char time[SDS_TIMESTAMP_SIZE];
    int r;

    (void)style;
    sds_timestamp_ms(event->time_ms, time);
    put_text(&line, time);
    put_text(&line, sds_event_name(event->kind));
    put_changes(&line, event->kind == SDS_EVENT_CHANGED ? event->changes : 0);
    put_service(&line, event->service, result);
    put_number(&line, result ? (long)sds_n_counting(result) : -1);
    put_text(&line, worst ? worst->rule->id : NULL);
    put_text(&line, worst ? sds_severity_name(worst->severity) : NULL);
    put_text(&line, worst ? worst->message : event->message);
    put_difference(&line, event, sds_event_next_added);
    put_difference(&line, event, sds_event_next_gone);
    r = end_line(&line);
    if (r == 0 && fflush(out)) /* a line is of use only when it arrives */
        r = -EIO;
    return r;
}
