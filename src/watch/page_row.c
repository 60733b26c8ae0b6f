/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/mem.h"
#include "base/text.h"
#include "report/subject.h"
#include "report/text_registry.h"
#include "watch/page_parts.h"
#include "watch/pages.h"

#define INDENT      ((size_t)2)
#define LABEL_WIDTH ((size_t)10) /* "addresses" and a gap */
#define RECORDS_MAX 3            /* of the registry; of more the rest is counted */

/* ---- lines -------------------------------------------------------------------------------- */

void sds_page_put_title(struct sds_page *page, const char *title, const char *note)
{
    sds_page_end_line(page);
    sds_page_put(page, SDS_INK_BOLD, title, 0);
    if (note) {
        sds_page_put(page, SDS_INK_PLAIN, "  ", INDENT);
        sds_page_put(page, SDS_INK_DIM, note, INDENT);
    }
    sds_page_end_line(page);
}

size_t sds_page_fact_column(const struct sds_page *page)
{
    return INDENT + LABEL_WIDTH;
}

void sds_page_put_label(struct sds_page *page, const char *label)
{
    sds_page_tab(page, INDENT);
    sds_page_put(page, SDS_INK_DIM, label, INDENT);
    sds_page_tab(page, sds_page_fact_column(page));
}

void sds_page_put_fact(struct sds_page *page, const char *label, const char *text)
{
    sds_page_put_label(page, label);
    sds_page_put(page, SDS_INK_PLAIN, text, sds_page_fact_column(page));
    sds_page_end_line(page);
}

void sds_page_take_fact(struct sds_page *page, const char *label, char *text)
{
    sds_page_put_fact(page, label, text);
    free(text);
}

/* ---- what it is ----------------------------------------------------------------------------- */

static void put_instance(struct sds_page *page, const struct sds_service *s)
{
    SDS_CLEANUP(sds_freep) char *name = sds_text_dup(s->instance.p, s->instance.len);

    if (sds_service_state(s, SDS_PART_INSTANCE) == SDS_PRESENT && s->instance.len > 0)
        sds_page_put(page, SDS_INK_BOLD, name, 0);
    else
        sds_page_put(page, SDS_INK_DIM, "(no instance name)", 0);
    sds_page_end_line(page);
}

/* How many findings of each severity there are: ", 1 error, 2 warnings". */
static void put_counts(struct sds_page *page, const struct sds_result *result, const char *before)
{
    size_t counts[SDS_SEV__COUNT] = {0};

    for (size_t i = 0; i < result->n_findings; i++)
        counts[result->findings[i].severity] += !result->findings[i].ignored;
    for (unsigned severity = SDS_SEV__COUNT; severity-- > SDS_SEV_INFO;) {
        SDS_CLEANUP(sds_freep) char *text = NULL;
        enum sds_ink ink = sds_ink_of_severity((enum sds_severity)severity);

        if (!counts[severity])
            continue;
        text = sds_text_format("%zu %s%s", counts[severity],
                               sds_severity_name((enum sds_severity)severity),
                               severity > SDS_SEV_INFO && counts[severity] > 1 ? "s" : "");
        sds_page_put(page, SDS_INK_PLAIN, before, sds_page_fact_column(page));
        sds_page_put(page, ink, text, sds_page_fact_column(page));
        before = ", ";
    }
    if (sds_n_counting(result) == 0) {
        sds_page_put(page, SDS_INK_PLAIN, before, sds_page_fact_column(page));
        sds_page_put(page, SDS_INK_PLAIN, "nothing is wrong with it", sds_page_fact_column(page));
    }
}

/* What a verdict means where its word does not say it. */
static const char *about_verdict(enum sds_verdict verdict)
{
    static const char *const texts[SDS_VERDICT__COUNT] = {
        [SDS_VERDICT_MALFORMED] = " (its type is no service type)",
        [SDS_VERDICT_RETIRED] = " (its name was registered once)",
        [SDS_VERDICT_UNREGISTERED] = " (its name is in no registry)",
        [SDS_VERDICT_KNOWN] = " (not registered, but documented by a profile)",
        [SDS_VERDICT_ALLOWED] = " (by local policy)",
    };

    return texts[verdict] ? texts[verdict] : "";
}

static void put_verdict(struct sds_page *page, const struct sds_row *row)
{
    const struct sds_result *result = &row->result;
    size_t column = sds_page_fact_column(page);

    if (!row->is_checked)
        return;
    sds_page_put_label(page, "verdict");
    if (result->has_verdict) {
        sds_page_put(page, sds_ink_of_verdict(result->verdict), sds_verdict_name(result->verdict),
                     column);
        sds_page_put(page, SDS_INK_PLAIN, about_verdict(result->verdict), column);
    }
    put_counts(page, result, result->has_verdict ? "; " : "");
    sds_page_end_line(page);
}

static void put_type(struct sds_page *page, const struct sds_service *s)
{
    SDS_CLEANUP(sds_freep) char *type = sds_text_dup_name(s->type);
    SDS_CLEANUP(sds_freep) char *domain = s->domain ? sds_text_dup_name(s->domain) : NULL;

    sds_page_put_label(page, "type");
    sds_page_put(page, SDS_INK_PLAIN, type, sds_page_fact_column(page));
    if (s->domain) {
        sds_page_put(page, SDS_INK_PLAIN, " in ", sds_page_fact_column(page));
        sds_page_put(page, SDS_INK_PLAIN, domain, sds_page_fact_column(page));
    }
    sds_page_end_line(page);
}

/* "Internet Printing Protocol, port 631 (retired)" */
static char *format_record(const struct sds_record *record)
{
    const char *about = record->description ? record->description : "";
    SDS_CLEANUP(sds_freep) char *safe = sds_text_dup(about, strlen(about));
    SDS_CLEANUP(sds_freep)
    char *port = record->port ? sds_text_dup(record->port, strlen(record->port)) : NULL;
    bool is_active = record->status == SDS_RECORD_ACTIVE;

    if (!safe || (record->port && !port))
        return NULL;
    return sds_text_format("%s%s%s%s%s%s", *safe ? safe : "(no description)", port ? ", port " : "",
                           port ? port : "", is_active ? "" : " (",
                           is_active ? "" : sds_record_status_name(record->status),
                           is_active ? "" : ")");
}

static void put_record(const struct sds_page_of *of, const struct sds_record *record)
{
    SDS_CLEANUP(sds_freep)
    char *assignee = sds_text_of_persons(of->check->registry, record->assignee);

    sds_page_take_fact(of->page, "is", format_record(record));
    if (!assignee || *assignee)
        sds_page_put_fact(of->page, "assignee", assignee);
}

/* What the registry says that the type is. */
static void put_registered(const struct sds_page_of *of)
{
    struct sds_record_iter iter = of->check->standing.records;
    const struct sds_record *record;
    size_t n = 0;

    if (!of->check->standing.n_records)
        return;
    while ((record = sds_record_next(&iter)))
        if (sds_record_fits(record, of->check->type.transport) && n++ < RECORDS_MAX)
            put_record(of, record);
    if (n > RECORDS_MAX)
        sds_page_take_fact(of->page, "",
                           sds_text_format("and %zu more registrations", n - RECORDS_MAX));
}

static void put_profile(const struct sds_page_of *of)
{
    const struct sds_profile *profile = of->check->profile;
    const char *about = profile && profile->description ? profile->description : NULL;

    if (profile)
        sds_page_take_fact(of->page, "profile",
                           about ? sds_text_dup(about, strlen(about)) : strdup("yes"));
}

/* ---- times -------------------------------------------------------------------------------- */

/* The reader's own clock; the date where it is not today's. */
static char *format_time(int64_t time_ms, int64_t now_ms)
{
    time_t seconds = (time_t)(time_ms / 1000), now = (time_t)(now_ms / 1000);
    struct tm tm = {0}, today = {0};
    bool is_today;
    char text[sizeof("-2147483648-12-31 23:59:59")];

    localtime_r(&seconds, &tm);
    localtime_r(&now, &today);
    is_today = tm.tm_year == today.tm_year && tm.tm_yday == today.tm_yday;
    strftime(text, sizeof(text), is_today ? "%H:%M:%S" : "%Y-%m-%d %H:%M:%S", &tm);
    return strdup(text);
}

static void put_time(const struct sds_page_of *of, const char *label, int64_t time_ms)
{
    SDS_CLEANUP(sds_freep) char *time = format_time(time_ms, of->now_ms);

    sds_page_put_label(of->page, label);
    sds_page_put(of->page, SDS_INK_PLAIN, time, sds_page_fact_column(of->page));
}

/* ": port, txt" */
static void put_changes(struct sds_page *page, unsigned changes)
{
    const char *before = ": ";

    for (unsigned part = 1; part <= SDS_PART__LAST; part <<= 1) {
        if (!(changes & part))
            continue;
        sds_page_put(page, SDS_INK_PLAIN, before, sds_page_fact_column(page));
        sds_page_put(page, SDS_INK_PLAIN, sds_part_name((enum sds_part)part),
                     sds_page_fact_column(page));
        before = ", ";
    }
}

static void put_gone(const struct sds_page_of *of)
{
    if (!sds_row_is_gone(of->row))
        return;
    put_time(of, "gone", of->row->last_ms);
    sds_page_end_line(of->page);
}

void sds_page_put_times(const struct sds_page_of *of)
{
    const struct sds_row *row = of->row;

    sds_page_put_title(of->page, "Times", NULL);
    put_time(of, "came", row->added_ms);
    sds_page_end_line(of->page);
    if (row->last == SDS_EVENT_CHANGED) {
        put_time(of, "changed", row->last_ms);
        put_changes(of->page, row->changes);
        sds_page_end_line(of->page);
    } else if (row->last_ms != row->added_ms) {
        put_time(of, sds_row_is_gone(row) ? "went" : "came back", row->last_ms);
        sds_page_end_line(of->page);
    }
}

/* ---- head, and all of it ------------------------------------------------------------------- */

void sds_page_put_head(const struct sds_page_of *of)
{
    put_instance(of->page, of->row->service);
    put_gone(of);
    put_verdict(of->page, of->row);
    put_type(of->page, of->row->service);
    put_registered(of);
    put_profile(of);
    sds_page_put_not_evaluated(of);
}

struct sds_page *sds_page_of_row(const struct sds_row *row, const struct sds_registry *registry,
                                 int64_t now_ms, size_t width, bool is_ascii)
{
    struct sds_check check = {.service = row->service, .registry = registry};
    struct sds_page_of of = {sds_page_new(width), row, &check, now_ms, is_ascii};

    if (!of.page)
        return NULL;
    sds_type_parse(row->service->type, &check.type);
    sds_find_standing(&check);
    sds_page_put_head(&of);
    sds_page_put_findings(&of);
    sds_page_put_records(&of);
    sds_page_put_txt(&of);
    sds_page_put_times(&of);
    return sds_page_whole(of.page);
}
