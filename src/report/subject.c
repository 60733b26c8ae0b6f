/* SPDX-License-Identifier: MIT */
#include "report/subject.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"

size_t sds_n_subjects(const struct sds_report *report)
{
    return report->n_items + report->n_files;
}

struct sds_subject sds_subject_at(const struct sds_report *report, size_t i)
{
    if (i < report->n_items) {
        const struct sds_report_item *item = &report->items[i];

        return (struct sds_subject){item->service, item->result, item->file, item->line,
                                    item->column};
    }
    return (struct sds_subject){
        .result = report->files[i - report->n_items].result,
        .file = report->files[i - report->n_items].path,
    };
}

/* Labels as DNS writes them, up to the last one that is known. */
static char *format_full_name(const struct sds_service *s)
{
    bool is_named = sds_service_state(s, SDS_PART_INSTANCE) == SDS_PRESENT && s->instance.len > 0;
    SDS_CLEANUP(sds_freep)
    char *label = is_named ? sds_label_format(s->instance.p, s->instance.len) : strdup("");

    if (!label)
        return NULL;
    return sds_text_format("%s%s%s%s%s", label, *label ? "." : "", s->type, s->domain ? "." : "",
                           s->domain ? s->domain : "");
}

char *sds_subject_name(const struct sds_subject *subject)
{
    SDS_CLEANUP(sds_freep) char *name = NULL;
    const char *path;

    if (!subject->service) {
        path = sds_path_shown(subject->file);
        return sds_text_dup(path, strlen(path));
    }
    name = format_full_name(subject->service);
    return name ? sds_text_dup_name(name) : NULL;
}

const char *sds_path_shown(const char *path)
{
    return strcmp(path, "-") == 0 ? "<stdin>" : path;
}

struct sds_place_in_file sds_subject_place(const struct sds_subject *subject,
                                           const struct sds_finding *finding)
{
    if (finding->line)
        return (struct sds_place_in_file){finding->line, finding->column};
    return (struct sds_place_in_file){subject->line, subject->column};
}

bool sds_has_findings(const struct sds_result *result)
{
    return result && (result->n_findings || result->n_dropped);
}

size_t sds_n_counting(const struct sds_result *result)
{
    size_t n = result->n_dropped;

    for (size_t i = 0; i < result->n_findings; i++)
        n += !result->findings[i].ignored;
    return n;
}

char *sds_ignored_format(const struct sds_finding *finding)
{
    SDS_CLEANUP(sds_freep)
    char *reason = sds_text_dup(finding->ignored, strlen(finding->ignored));

    return reason ? sds_text_format("%s [%s] - %s", finding->message, finding->rule->id, reason)
                  : NULL;
}

const struct sds_finding *sds_worst_finding(const struct sds_result *result)
{
    const struct sds_finding *worst = NULL;

    for (size_t i = 0; result && i < result->n_findings; i++)
        if (!result->findings[i].ignored &&
            (!worst || result->findings[i].severity > worst->severity))
            worst = &result->findings[i];
    return worst;
}

char *sds_worst_describe(const struct sds_result *result)
{
    const struct sds_finding *worst = sds_worst_finding(result);
    size_t more = worst ? sds_n_counting(result) - 1 : 0;

    if (!worst)
        return strdup("");
    if (more == 0)
        return sds_text_format("%s [%s]", worst->message, worst->rule->id);
    return sds_text_format("%s [%s] +%zu", worst->message, worst->rule->id, more);
}

char *sds_worst_format(const struct sds_result *result)
{
    const struct sds_finding *worst = sds_worst_finding(result);
    SDS_CLEANUP(sds_freep) char *words = sds_worst_describe(result);

    if (!worst || !words)
        return SDS_TAKE(words);
    return sds_text_format("%s: %s", sds_severity_name(worst->severity), words);
}
