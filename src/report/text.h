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

/* The TXT string at which a finding points, among its neighbours and underlined; nothing where it
 * points at none. */
int sds_text_put_excerpt(const struct sds_pen *pen, const struct sds_service *service,
                         const struct sds_finding *f, size_t indent);

/* All findings as a compiler tells them, each with its place; of files alone, unless
 * @with_services. */
int sds_text_put_places(const struct sds_pen *pen, const struct sds_report *report,
                        sds_text_hints *hints, bool with_services);

/* What it all comes to. */
int sds_text_put_summary(const struct sds_pen *pen, const struct sds_report *report);

#endif
