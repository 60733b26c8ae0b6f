/* SPDX-License-Identifier: MIT */
#ifndef SDS_REPORT_TEXT_H
#define SDS_REPORT_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arr.h"
#include "report/pen.h"
#include "report/report.h"

/* The parts of the text report. Those that return int return 0 or -ENOMEM. */

/* Everything that the records of a service say. */
int sds_text_put_details(const struct sds_pen *pen, const struct sds_service *service,
                         size_t indent);

/* Rules whose hint has been given: once in a report is enough, but for one with all details. Zero
 * it to begin, free(v) to end. */
typedef SDS_ARR(const struct sds_rule *) sds_text_hints;

/* The rule's hint in lines of its own, unless it has none or was given. */
void sds_text_put_hint(const struct sds_pen *pen, const struct sds_rule *rule,
                       sds_text_hints *hints, size_t indent);

/**
 * What the rules say of it: the worst first, else in the order of the catalogue. Where only keys
 * differ, one finding stands for all.
 *
 * @service  of which to show what is at fault; NULL: words are enough
 */
int sds_text_put_findings(const struct sds_pen *pen, const struct sds_result *result,
                          const struct sds_service *service, sds_text_hints *hints, size_t indent);

/* A walk over findings in that order; treat as opaque. */
struct sds_text_told {
    const struct sds_result *result;
    bool folds;            /* one stands for all of which only keys differ */
    unsigned n_severities; /* to come, the worst first */
    size_t next, n;        /* n: that the last one stands for */
    bool is_told[SDS_FINDINGS_MAX];
};

struct sds_text_told sds_text_begin(const struct sds_result *result, bool folds);

/* The next finding; after those that count those that the policy ignores. NULL at the end. */
const struct sds_finding *sds_text_next(struct sds_text_told *told);

/* The finding where the walk stands; for the rest see sds_text_put_findings(). */
int sds_text_put_finding(const struct sds_pen *pen, const struct sds_text_told *told,
                         const struct sds_service *service, sds_text_hints *hints, size_t indent);

/* The TXT string at which a finding points, among its neighbours and underlined; nothing where it
 * points at none. */
int sds_text_put_excerpt(const struct sds_pen *pen, const struct sds_service *service,
                         const struct sds_finding *f, size_t indent);

/* All findings as a compiler tells them, each with its place; of files alone, unless
 * @with_services. */
int sds_text_put_places(const struct sds_pen *pen, const struct sds_report *report,
                        sds_text_hints *hints, bool with_services);

/* A rule of the catalogue: what `explain` prints. */
void sds_text_put_rule(const struct sds_pen *pen, const struct sds_rule *rule);

/* Rules whose evidence was unknown of some service: by id while they are few, or in detail; nothing
 * where there are none. */
void sds_text_write_not_evaluated(const struct sds_report *report, FILE *out);

/* How discovery went: nothing of what was complete, and not of the network. */
int sds_text_put_scan(const struct sds_pen *pen, const struct sds_report *report);

/* What it all comes to. */
int sds_text_put_summary(const struct sds_pen *pen, const struct sds_report *report);

#endif
