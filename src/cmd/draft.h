/* SPDX-License-Identifier: MIT */
#ifndef SDS_CMD_DRAFT_H
#define SDS_CMD_DRAFT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arr.h"
#include "cmd/services.h"
#include "policy/baseline.h"
#include "policy/view.h"
#include "report/report.h"
#include "sdscope/check.h"

struct sds_case;

/* A report while it is made. */
struct sds_draft {
    SDS_ARR(struct sds_report_item) items;
    SDS_ARR(const struct sds_input_service *) inputs; /* beside the items; NULL: from no file */
    SDS_ARR(const struct sds_peers *) scans;          /* likewise; NULL: it is of none */
    SDS_ARR(struct sds_peers *) all_scans;
    SDS_ARR(struct sds_report_file) files;
    SDS_ARR(struct sds_result *) results; /* of items and files, in this order */
    struct sds_view view;
    struct sds_baseline *found;
    const struct sds_baseline_entry **gone;
    size_t n_gone;
};

/* One that is empty; release with sds_draft_done(). */
struct sds_draft sds_draft_begin(const struct sds_case *given);
void sds_draft_done(struct sds_draft *draft);

/* Add the services of a case, which the draft borrows, and say which are of one scan. False when
 * out of memory, as all below. */
bool sds_draft_fill(struct sds_draft *draft, const struct sds_case *given);

/* An empty result, which is the draft's; NULL when out of memory. */
struct sds_result *sds_draft_add_result(struct sds_draft *draft);

/* Collect what was found; and part what is new from what @baseline has, unless that is NULL. */
bool sds_draft_compare(struct sds_draft *draft, const struct sds_baseline *baseline);

#endif
