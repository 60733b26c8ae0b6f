/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "report/formats.h"
#include "report/subject.h"
#include "report/xml.h"

/* JUnit's XML as CI systems read it: a suite a service and a case for each of its parts, one suite
 * for files that are themselves at fault, one for how discovery went. */

/* Rules go together by their numbers. */
struct part {
    const char *name;
    unsigned first; /* number; up to the next part's */
};

enum { TYPE, INSTANCE, TXT, SRV, ADDRESSES, REGISTRY, KEYS, NETWORK, FILES, EXPECTED, PART__COUNT };

static const struct part parts[PART__COUNT] = {
    [TYPE] = {"type", 100},
    [INSTANCE] = {"instance", 200},
    [TXT] = {"txt", 300},
    [SRV] = {"srv", 400},
    [ADDRESSES] = {"addresses", 420},
    [REGISTRY] = {"registry", 500},
    [KEYS] = {"keys", 600},
    [NETWORK] = {"network", 700},
    [FILES] = {"file", 900},
    [EXPECTED] = {"expected", 960},
};

static const struct part *part_of(const struct sds_rule *rule)
{
    size_t i = PART__COUNT - 1;

    if (rule->part == SDS_PART_FILE)
        return &parts[FILES];
    if (rule->part == SDS_PART_INSTANCE && rule->number < parts[NETWORK].first)
        return &parts[INSTANCE]; /* also where a profile tells its form */
    while (i > 0 && rule->number < parts[i].first)
        i--;
    return &parts[i];
}

enum outcome { PASSED, FAILED, SKIPPED, OUTCOME__COUNT };

/* A case of a suite: all that one part gave. */
struct trial {
    const struct sds_subject *subject;
    const struct part *part;
    size_t n_failures, n_remarks; /* errors and warnings; infos, and what the policy ignores */
    enum outcome outcome;
};

struct counts {
    size_t tests, failures, errors, skipped;
};

static bool is_failure(const struct sds_finding *f)
{
    return f->severity > SDS_SEV_INFO && !f->ignored;
}

/* What is said of a file is one case, whichever rule says it. */
static bool is_about(const struct sds_subject *subject, const struct part *part,
                     const struct sds_finding *f)
{
    return !subject->service || part_of(f->rule) == part;
}

/* Whether none of the rules of a part that were to run had its evidence. */
static bool lacks_evidence(const struct sds_report *report, const struct sds_result *result,
                           const struct part *part)
{
    size_t n_running = 0, n_lacking = 0;

    for (size_t i = 0; i < sds_n_rules(); i++) {
        const struct sds_rule *rule = sds_rule_at(i);

        if (part_of(rule) != part)
            continue;
        n_running +=
            report->rules ? sds_ruleset_severity(report->rules, rule) != SDS_SEV_OFF : rule->is_on;
        n_lacking += sds_result_lacks_evidence(result, i);
    }
    return n_lacking >= n_running;
}

static struct trial try(const struct sds_report *report, const struct sds_subject *subject,
                        const struct part *part)
{
    struct trial trial = {.subject = subject, .part = part};
    const struct sds_result *result = subject->result;

    for (size_t i = 0; i < result->n_findings; i++) {
        const struct sds_finding *f = &result->findings[i];

        if (!is_about(subject, part, f))
            continue;
        trial.n_failures += is_failure(f);
        trial.n_remarks += !is_failure(f);
    }
    if (trial.n_failures)
        trial.outcome = FAILED;
    else if (subject->service && !trial.n_remarks && lacks_evidence(report, result, part))
        trial.outcome = SKIPPED;
    return trial;
}

/* Every service has a case for each of its own parts, and for others, such as its neighbours on the
 * network, where something is wrong with them. */
static bool is_tried(const struct sds_subject *subject, const struct part *part)
{
    if (!subject->service)
        return part == &parts[FILES] && sds_has_findings(subject->result);
    for (size_t i = 0; i < subject->result->n_findings; i++)
        if (part_of(subject->result->findings[i].rule) == part)
            return true;
    return part < &parts[NETWORK];
}

static void count(struct counts *counts, const struct sds_report *report,
                  const struct sds_subject *subject)
{
    if (!subject->result)
        return;
    for (size_t i = 0; i < SDS_COUNT(parts); i++) {
        struct trial trial;

        if (!is_tried(subject, &parts[i]))
            continue;
        trial = try(report, subject, &parts[i]);
        counts->tests++;
        counts->failures += trial.outcome == FAILED;
        counts->skipped += trial.outcome == SKIPPED;
    }
}

/* ---- a case ------------------------------------------------------------------------------- */

static int put_ignored(FILE *out, const struct sds_finding *f)
{
    SDS_CLEANUP(sds_freep) char *text = sds_ignored_format(f);

    if (!text)
        return -ENOMEM;
    fputs("ignored: ", out);
    sds_xml_text(out, text);
    fputc('\n', out);
    return 0;
}

static int put_finding(FILE *out, const struct sds_subject *subject, const struct sds_finding *f)
{
    struct sds_place_in_file place = sds_subject_place(subject, f);

    if (subject->file && place.line)
        fprintf(out, "%d:%d: ", place.line, place.column);
    if (f->ignored)
        return put_ignored(out, f);
    fprintf(out, "%s: ", sds_severity_name(f->severity));
    sds_xml_text(out, f->message);
    fprintf(out, " [%s]\n", f->rule->id);
    if (!f->rule->hint)
        return 0;
    fputs("  hint: ", out);
    sds_xml_text(out, f->rule->hint);
    fputc('\n', out);
    return 0;
}

/* The findings of a trial that count as failures, or the others. */
static int put_findings(FILE *out, const struct trial *trial, bool are_failures)
{
    const struct sds_result *result = trial->subject->result;
    int r = 0;

    for (size_t i = 0; i < result->n_findings && r == 0; i++) {
        const struct sds_finding *f = &result->findings[i];

        if (is_about(trial->subject, trial->part, f) && is_failure(f) == are_failures)
            r = put_finding(out, trial->subject, f);
    }
    return r;
}

static const struct sds_finding *worst_of(const struct trial *trial)
{
    const struct sds_result *result = trial->subject->result;
    const struct sds_finding *worst = NULL;

    for (size_t i = 0; i < result->n_findings; i++) {
        const struct sds_finding *f = &result->findings[i];

        if (is_about(trial->subject, trial->part, f) && is_failure(f) &&
            (!worst || f->severity > worst->severity))
            worst = f;
    }
    return worst;
}

/* One element, whatever it holds: many readers show only the first of several. */
static int put_failure(FILE *out, const struct trial *trial)
{
    const struct sds_finding *worst = worst_of(trial);
    int r;

    fputs("      <failure", out);
    sds_xml_attribute(out, "message", worst->message);
    sds_xml_attribute(out, "type", worst->rule->name);
    fputc('>', out);
    r = put_findings(out, trial, true);
    fputs("</failure>\n", out);
    return r;
}

static int put_place(FILE *out, const struct sds_subject *subject)
{
    SDS_CLEANUP(sds_freep) char *path = NULL;

    if (!subject->file)
        return 0;
    path = sds_subject_name(&(struct sds_subject){.file = subject->file});
    if (!path)
        return -ENOMEM;
    sds_xml_attribute(out, "file", path);
    if (subject->line)
        fprintf(out, " line=\"%d\"", subject->line);
    return 0;
}

static int put_trial(FILE *out, const struct trial *trial, const char *class, const char *name)
{
    int r;

    fputs("    <testcase", out);
    sds_xml_attribute(out, "classname", class);
    sds_xml_attribute(out, "name", name);
    fputs(" time=\"0\"", out);
    r = put_place(out, trial->subject);
    if (trial->outcome == PASSED && !trial->n_remarks) {
        fputs("/>\n", out);
        return r;
    }
    fputs(">\n", out);
    if (r == 0 && trial->outcome == FAILED)
        r = put_failure(out, trial);
    if (trial->outcome == SKIPPED)
        fputs("      <skipped message=\"not evaluated for lack of evidence\"/>\n", out);
    if (r == 0 && trial->n_remarks) {
        fputs("      <system-out>", out);
        r = put_findings(out, trial, false);
        fputs("</system-out>\n", out);
    }
    fputs("    </testcase>\n", out);
    return r;
}

/* ---- suites ------------------------------------------------------------------------------- */

static void put_counts(FILE *out, const struct sds_report *report, const struct counts *counts)
{
    fprintf(out, " tests=\"%zu\" failures=\"%zu\" errors=\"%zu\" skipped=\"%zu\"", counts->tests,
            counts->failures, counts->errors, counts->skipped);
    fprintf(out, " time=\"%" PRId64 ".%03d\"", report->scan->duration_ms / 1000,
            (int)(report->scan->duration_ms % 1000));
}

static void begin_suite(FILE *out, const struct sds_report *report, const char *name,
                        const struct counts *counts)
{
    char started[SDS_TIMESTAMP_SIZE];

    sds_timestamp(report->scan->started_ms, started);
    started[strcspn(started, "Z")] = '\0'; /* strict readers want none */
    fputs("  <testsuite", out);
    sds_xml_attribute(out, "name", name);
    put_counts(out, report, counts);
    fprintf(out, " timestamp=\"%s\">\n", started);
}

/* Findings that there was no room for. */
static void put_dropped(FILE *out, size_t n)
{
    fprintf(out, "    <system-out>and %zu more findings</system-out>\n", n);
}

static int put_service(FILE *out, const struct sds_report *report,
                       const struct sds_subject *subject)
{
    SDS_CLEANUP(sds_freep) char *name = sds_subject_name(subject);
    const struct sds_result *result = subject->result;
    struct counts counts = {0};
    int r = 0;

    if (!name)
        return -ENOMEM;
    count(&counts, report, subject);
    begin_suite(out, report, name, &counts);
    if (result->has_verdict)
        fprintf(out, "    <properties><property name=\"verdict\" value=\"%s\"/></properties>\n",
                sds_verdict_name(result->verdict));
    for (size_t i = 0; i < SDS_COUNT(parts) && r == 0; i++) {
        struct trial trial;

        if (!is_tried(subject, &parts[i]))
            continue;
        trial = try(report, subject, &parts[i]);
        r = put_trial(out, &trial, name, parts[i].name);
    }
    if (result->n_dropped)
        put_dropped(out, result->n_dropped);
    fputs("  </testsuite>\n", out);
    return r;
}

static int put_files(FILE *out, const struct sds_report *report)
{
    struct counts counts = {0};
    size_t n_dropped = 0;
    int r = 0;

    for (size_t i = report->n_items; i < sds_n_subjects(report); i++) {
        struct sds_subject subject = sds_subject_at(report, i);

        count(&counts, report, &subject);
    }
    if (!counts.tests)
        return 0;
    begin_suite(out, report, "files", &counts);
    for (size_t i = report->n_items; i < sds_n_subjects(report) && r == 0; i++) {
        struct sds_subject subject = sds_subject_at(report, i);
        struct trial trial = try(report, &subject, &parts[FILES]);
        SDS_CLEANUP(sds_freep) char *name = sds_subject_name(&subject);

        if (!is_tried(&subject, &parts[FILES]))
            continue;
        r = name ? put_trial(out, &trial, "files", name) : -ENOMEM;
        n_dropped += subject.result->n_dropped;
    }
    if (n_dropped)
        put_dropped(out, n_dropped);
    fputs("  </testsuite>\n", out);
    return r;
}

/* A search that was cut short is no success, whatever it found. */
static void put_discovery(FILE *out, const struct sds_report *report)
{
    const struct sds_scan *scan = report->scan;
    struct counts counts = {.tests = 1, .errors = !scan->is_complete};

    begin_suite(out, report, "discovery", &counts);
    fputs("    <testcase classname=\"discovery\" name=\"complete\" time=\"0\"", out);
    if (scan->is_complete) {
        fputs("/>\n", out);
    } else {
        fputs(">\n      <error message=\"discovery was incomplete\" type=\"incomplete\">", out);
        for (size_t i = 0; i < scan->n_reasons; i++) {
            sds_xml_text(out, scan->reasons[i]);
            fputc('\n', out);
        }
        fputs("</error>\n    </testcase>\n", out);
    }
    fputs("  </testsuite>\n", out);
}

int sds_junit_report(const struct sds_report *report, FILE *out)
{
    bool is_live = sds_scan_is_live(report->scan);
    struct counts counts = {.tests = is_live, .errors = is_live && !report->scan->is_complete};
    int r = 0;

    for (size_t i = 0; i < sds_n_subjects(report); i++) {
        struct sds_subject subject = sds_subject_at(report, i);

        count(&counts, report, &subject);
    }
    fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"sdscope\"", out);
    put_counts(out, report, &counts);
    fputs(">\n", out);
    if (is_live)
        put_discovery(out, report);
    for (size_t i = 0; i < report->n_items && r == 0; i++) {
        struct sds_subject subject = sds_subject_at(report, i);

        if (subject.result)
            r = put_service(out, report, &subject);
    }
    if (r == 0)
        r = put_files(out, report);
    fputs("</testsuites>\n", out);
    return r;
}
