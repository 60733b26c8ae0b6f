/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "report/formats.h"
#include "report/subject.h"

/* Workflow commands of GitHub Actions, a line each: `::error file=a,line=1,title=b::message`. */

static void put_byte(FILE *out, char c)
{
    fprintf(out, "%%%02X", (unsigned char)c);
}

/* What would end the message. */
static void put_message(FILE *out, const char *text)
{
    for (; *text; text++) {
        if (strchr("%\r\n", *text))
            put_byte(out, *text);
        else
            fputc(*text, out);
    }
}

/* What would end the value of a property. */
static void put_property(FILE *out, const char *name, const char *text)
{
    fprintf(out, "%s=", name);
    for (; *text; text++) {
        if (strchr("%\r\n:,", *text))
            put_byte(out, *text);
        else
            fputc(*text, out);
    }
}

/* Standard input is no file that anybody could open. */
static int put_place(FILE *out, const struct sds_subject *subject, const struct sds_finding *f)
{
    struct sds_place_in_file place = sds_subject_place(subject, f);
    SDS_CLEANUP(sds_freep) char *path = NULL;

    if (!subject->file || strcmp(subject->file, "-") == 0)
        return 0;
    path = sds_text_dup_name(subject->file); /* backslashes stay: it is to be found */
    if (!path)
        return -ENOMEM;
    put_property(out, "file", path);
    if (place.line)
        fprintf(out, ",line=%d", place.line);
    if (place.line && place.column)
        fprintf(out, ",col=%d", place.column);
    fputc(',', out);
    return 0;
}

static int put_finding(FILE *out, const struct sds_subject *subject, const char *name,
                       const struct sds_finding *f)
{
    static const char *const commands[SDS_SEV__COUNT] = {
        [SDS_SEV_INFO] = "notice",
        [SDS_SEV_WARNING] = "warning",
        [SDS_SEV_ERROR] = "error",
    };
    SDS_CLEANUP(sds_freep)
    char *reason = f->ignored ? sds_text_dup(f->ignored, strlen(f->ignored)) : NULL;

    if (f->ignored && !reason)
        return -ENOMEM;
    fprintf(out, "::%s ", commands[f->ignored ? SDS_SEV_INFO : f->severity]);
    if (put_place(out, subject, f) < 0)
        return -ENOMEM;
    put_property(out, "title", f->rule->id);
    fprintf(out, " %s::", f->rule->name);
    put_message(out, name);
    fputs(": ", out);
    put_message(out, f->message);
    if (reason) {
        put_message(out, "\nignored: ");
        put_message(out, reason);
    } else if (f->rule->hint) {
        put_message(out, "\nhint: ");
        put_message(out, f->rule->hint);
    }
    fputc('\n', out);
    return 0;
}

static int put_subject(FILE *out, const struct sds_subject *subject)
{
    const struct sds_result *result = subject->result;
    SDS_CLEANUP(sds_freep) char *name = NULL;
    int r = 0;

    if (!sds_has_findings(result))
        return 0;
    name = sds_subject_name(subject);
    if (!name)
        return -ENOMEM;
    for (size_t i = 0; i < result->n_findings && r == 0; i++)
        r = put_finding(out, subject, name, &result->findings[i]);
    if (result->n_dropped) {
        fputs("::notice title=more findings::", out);
        put_message(out, name);
        fprintf(out, ": and %zu more\n", result->n_dropped);
    }
    return r;
}

static void put_incomplete(FILE *out, const struct sds_scan *scan)
{
    fputs("::error title=discovery was incomplete::the report may lack services", out);
    for (size_t i = 0; i < scan->n_reasons; i++) {
        put_message(out, "\n");
        put_message(out, scan->reasons[i]);
    }
    fputc('\n', out);
}

int sds_github_report(const struct sds_report *report, FILE *out)
{
    int r = 0;

    if (!report->scan->is_complete)
        put_incomplete(out, report->scan);
    for (size_t i = 0; i < sds_n_subjects(report) && r == 0; i++) {
        struct sds_subject subject = sds_subject_at(report, i);

        r = put_subject(out, &subject);
    }
    return r;
}
