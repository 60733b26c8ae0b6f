/* SPDX-License-Identifier: MIT */
#ifndef SDS_REPORT_TEXT_H
#define SDS_REPORT_TEXT_H

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

/* What the rules say of it: the worst first, else in the order of the catalogue. Where only keys
 * differ, one finding stands for all. */
int sds_text_put_findings(const struct sds_pen *pen, const struct sds_result *result,
                          sds_text_hints *hints, size_t indent);

/* What it all comes to. */
int sds_text_put_summary(const struct sds_pen *pen, const struct sds_report *report);

#endif
