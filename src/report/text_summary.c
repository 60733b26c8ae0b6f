/* SPDX-License-Identifier: MIT */
#include "report/text.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/ascii.h"
#include "base/mem.h"
#include "base/text.h"
#include "policy/baseline.h"
#include "sdscope/name.h"

#define INDENT       2
#define RULES_LISTED 6 /* more than these are only counted, but in detail */

static int host_cmp(const void *a, const void *b)
{
    const char *x = *(const char *const *)a, *y = *(const char *const *)b;

    return sds_fold_cmp(x, strlen(x), y, strlen(y));
}

static int count_hosts(const struct sds_report *report, size_t *ret)
{
    SDS_CLEANUP(sds_freep) const char **hosts = calloc(report->n_items + 1, sizeof(*hosts));
    size_t n = 0, distinct = 0;

    if (!hosts)
        return -ENOMEM;
    for (size_t i = 0; i < report->n_items; i++)
        if (report->items[i].service->host)
            hosts[n++] = report->items[i].service->host;
    qsort(hosts, n, sizeof(*hosts), host_cmp);
    for (size_t i = 0; i < n; i++)
        distinct += i == 0 || host_cmp(&hosts[i - 1], &hosts[i]) != 0;
    *ret = distinct;
    return 0;
}

/* Put one of several counts, on a new line where this one is full; returns where the pen stands. */
static size_t put_item(const struct sds_pen *pen, enum sds_ink ink, const char *before, size_t n,
                       const char *word, size_t at)
{
    char text[64];
    size_t len = (size_t)snprintf(text, sizeof(text), "%zu %s", n, word);

    if (pen->style->width && at + strlen(before) + len + strlen(",") > pen->style->width) {
        fprintf(pen->out, "%.*s\n%*s", (int)strcspn(before, " "), before, INDENT, "");
        at = INDENT;
    } else {
        fputs(before, pen->out);
        at += strlen(before);
    }
    sds_pen_put(pen, ink, text);
    return at + len;
}

static void put_services(const struct sds_pen *pen, const struct sds_summary *summary, size_t hosts)
{
    const char *before = ": ";
    size_t at = put_item(pen, SDS_INK_BOLD, "", summary->services,
                         summary->services == 1 ? "service" : "services", 0);

    if (hosts > 0) {
        fputs(" on", pen->out);
        at = put_item(pen, SDS_INK_PLAIN, " ", hosts, hosts == 1 ? "host" : "hosts",
                      at + strlen(" on"));
    }
    for (size_t i = SDS_VERDICT__COUNT; i-- > 0;) {
        enum sds_verdict verdict = (enum sds_verdict)i;

        if (!summary->verdicts[i])
            continue;
        at = put_item(pen, sds_ink_of_verdict(verdict), before, summary->verdicts[i],
                      sds_verdict_name(verdict), at);
        before = ", ";
    }
    fputc('\n', pen->out);
}

static void put_severities(const struct sds_pen *pen, const struct sds_report *report,
                           const struct sds_summary *summary)
{
    static const char *const plurals[SDS_SEV__COUNT] = {
        [SDS_SEV_INFO] = "infos",
        [SDS_SEV_WARNING] = "warnings",
        [SDS_SEV_ERROR] = "errors",
    };
    const char *before = "";
    size_t at = 0;

    for (size_t i = SDS_SEV__COUNT; i-- > SDS_SEV_INFO;) {
        enum sds_severity severity = (enum sds_severity)i;
        size_t n = summary->severities[i];

        if (!n)
            continue;
        at = put_item(pen, sds_ink_of_severity(severity), before, n,
                      n == 1 ? sds_severity_name(severity) : plurals[i], at);
        before = ", ";
    }
    if (!at) {
        const char *none = report->has_baseline ? "no new findings" : "no findings";

        fputs(none, pen->out);
        at = strlen(none);
        before = ", ";
    }
    if (summary->ignored)
        put_item(pen, SDS_INK_DIM, before, summary->ignored, "ignored", at);
    fputc('\n', pen->out);
}

static bool is_local(const struct sds_scan *scan)
{
    struct sds_name domain;

    if (!scan->domain)
        return true;
    sds_name_parse(scan->domain, &domain);
    return sds_name_is_local(&domain);
}

/* "No service of type _ipp._tcp or _ipps._tcp found in example.com" */
static void write_not_found(const struct sds_scan *scan, FILE *out)
{
    fputs("No service", out);
    for (size_t i = 0; i < scan->n_types; i++) {
        fputs(i == 0 ? " of type " : i + 1 < scan->n_types ? ", " : " or ", out);
        sds_text_puts(out, scan->types[i]);
    }
    fputs(" found", out);
    if (!is_local(scan)) {
        fputs(" in ", out);
        sds_text_puts(out, scan->domain);
    }
}

static void write_nothing(const struct sds_report *report, FILE *out)
{
    const struct sds_scan *scan = report->scan;

    if (!sds_scan_is_live(scan)) {
        fputs("No service to look at.", out);
        return;
    }
    write_not_found(scan, out);
    if (!scan->is_complete)
        fputs(", but the search was not complete.", out);
    else if (scan->n_types > 0 || !is_local(scan))
        fputs(".", out);
    else
        fputs(": nothing here advertises itself over mDNS, or a firewall keeps UDP port 5353 "
              "closed.",
              out);
}

static void write_scan(const struct sds_report *report, FILE *out)
{
    const struct sds_scan *scan = report->scan;

    fprintf(out, "scan %s: %" PRId64 ".%d s, source ",
            scan->is_complete ? "complete" : "INCOMPLETE", scan->duration_ms / 1000,
            (int)(scan->duration_ms % 1000 / 100));
    sds_text_puts(out, scan->source);
    for (size_t i = 0; i < scan->n_interfaces; i++) {
        fputs(i ? ", " : scan->n_interfaces == 1 ? ", interface " : ", interfaces ", out);
        sds_text_puts(out, scan->interfaces[i]);
    }
}

static void write_policy(const struct sds_report *report, FILE *out)
{
    fputs("policy: ", out);
    sds_text_puts(out, report->policy);
}

/* "gone: TXT key occurs again: key 'rp' of 'Printer', _ipp._tcp [SD325]" */
static int put_gone(const struct sds_pen *pen, const struct sds_baseline_entry *entry)
{
    const struct sds_rule *rule = sds_rule_find(entry->rule); /* NULL: of another version */
    const struct sds_service *s = entry->service;
    SDS_CLEANUP(sds_freep) char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    if (!out)
        return -ENOMEM;
    fputs("gone: ", out);
    if (s && rule)
        fprintf(out, "%s: ", rule->text);
    if (entry->key)
        fprintf(out, s ? "key '%s' of " : "key '%s' ", entry->key);
    if (s && s->instance.len) {
        fputc('\'', out);
        sds_text_put(out, s->instance.p, s->instance.len);
        fputs("', ", out);
    }
    if (s)
        sds_text_puts(out, s->type);
    fprintf(out, "%s [%s]", entry->message ? entry->message : "", entry->rule);
    if (fclose(out))
        return -ENOMEM;
    sds_pen_wrap(pen, SDS_INK_GREEN, text, 0, INDENT);
    fputc('\n', pen->out);
    return 0;
}

static int put_baseline(const struct sds_pen *pen, const struct sds_report *report,
                        const struct sds_summary *summary)
{
    int r = 0;

    fprintf(pen->out, "baseline: %zu known", summary->known);
    if (report->is_gone_known)
        fprintf(pen->out, ", %zu gone", report->n_gone);
    fputc('\n', pen->out);
    for (size_t i = 0; i < report->n_gone && r == 0; i++)
        r = put_gone(pen, report->gone[i]);
    return r;
}

static void write_queries(const struct sds_report *report, FILE *out)
{
    const struct sds_scan *scan = report->scan;

    if (scan->counts_queries && report->style->details)
        fprintf(out, "asked in %" PRIu64 " packet%s of %" PRIu64 " bytes together%s",
                scan->n_query_packets, scan->n_query_packets == 1 ? "" : "s", scan->n_query_bytes,
                scan->is_beside_avahi ? ", and by Avahi" : "");
}

static void write_registry(const struct sds_report *report, FILE *out)
{
    size_t n = sds_registry_n_tables(report->registry);

    fputs(n ? "registry: " : "registry: none", out);
    for (size_t i = 0; i < n; i++) {
        struct sds_registry_table table = sds_registry_table_at(report->registry, i);

        fputs(i ? "; " : "", out);
        sds_text_puts(out, table.title ? table.title : table.origin);
        fputs(" (", out);
        if (table.updated) {
            sds_text_puts(out, table.updated);
            fputs(", ", out);
        }
        fprintf(out, "%zu record%s)", table.n_records, table.n_records == 1 ? "" : "s");
    }
}

void sds_text_write_not_evaluated(const struct sds_report *report, FILE *out)
{
    size_t n = 0, listed = 0;

    for (size_t i = 0; i < sds_n_rules(); i++)
        n += sds_report_not_evaluated(report, i) > 0;
    if (n == 0)
        return;
    fprintf(out, "not evaluated for lack of evidence: %zu rule%s", n, n == 1 ? "" : "s");
    if (n > RULES_LISTED && !report->style->details)
        return;
    for (size_t i = 0; i < sds_n_rules(); i++)
        if (sds_report_not_evaluated(report, i) > 0)
            fprintf(out, "%s%s", listed++ ? ", " : " (", sds_rule_at(i)->id);
    fputc(')', out);
}

/* What a function writes, in as many lines as it needs; no line where it writes nothing. */
static int put_line(const struct sds_pen *pen, enum sds_ink ink, const struct sds_report *report,
                    void (*write)(const struct sds_report *report, FILE *out))
{
    SDS_CLEANUP(sds_freep) char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    if (!out)
        return -ENOMEM;
    write(report, out);
    if (fclose(out))
        return -ENOMEM;
    if (*text) {
        sds_pen_wrap(pen, ink, text, 0, INDENT);
        fputc('\n', pen->out);
    }
    return 0;
}

static void put_remarks(const struct sds_pen *pen, const char *mark, const char *const *texts,
                        size_t n)
{
    for (size_t i = 0; i < n; i++) {
        fputs(mark, pen->out);
        sds_pen_wrap(pen, SDS_INK_PLAIN, texts[i], strlen(mark), strlen(mark));
        fputc('\n', pen->out);
    }
}

int sds_text_put_scan(const struct sds_pen *pen, const struct sds_report *report)
{
    const struct sds_scan *scan = report->scan;
    int r = 0;

    if (sds_scan_is_live(scan) || !scan->is_complete) {
        r = put_line(pen, scan->is_complete ? SDS_INK_PLAIN : SDS_INK_RED, report, write_scan);
        if (r == 0)
            r = put_line(pen, SDS_INK_PLAIN, report, write_queries);
        put_remarks(pen, "  - ", scan->reasons, scan->n_reasons);
    }
    put_remarks(pen, "note: ", scan->notes, scan->n_notes);
    return r;
}

int sds_text_put_summary(const struct sds_pen *pen, const struct sds_report *report)
{
    struct sds_summary summary;
    size_t hosts;
    int r = count_hosts(report, &hosts);

    if (r < 0)
        return r;
    sds_report_summarize(report, &summary);
    if (summary.services > 0)
        put_services(pen, &summary, hosts);
    else
        r = put_line(pen, SDS_INK_BOLD, report, write_nothing);
    if (summary.is_checked)
        put_severities(pen, report, &summary);
    if (r == 0 && report->has_baseline)
        r = put_baseline(pen, report, &summary);
    if (r == 0)
        r = sds_text_put_scan(pen, report);
    if (r == 0 && report->policy)
        r = put_line(pen, SDS_INK_DIM, report, write_policy);
    if (r == 0 && report->registry)
        r = put_line(pen, SDS_INK_DIM, report, write_registry);
    return r < 0 ? r : put_line(pen, SDS_INK_DIM, report, sds_text_write_not_evaluated);
}
