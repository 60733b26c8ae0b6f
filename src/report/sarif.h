/* SPDX-License-Identifier: MIT */
#ifndef SDS_REPORT_SARIF_H
#define SDS_REPORT_SARIF_H

#include <jansson.h>

#include "sdscope/check.h"

/* The catalogue as SARIF shows it. Those that return JSON return a new reference, or NULL when out
 * of memory; @set is the rules that ran, NULL: as the catalogue has it. */

/* An array of reportingDescriptor. */
json_t *sds_sarif_rules(const struct sds_ruleset *set);

/* The ids of those that did not run. */
json_t *sds_sarif_rules_off(const struct sds_ruleset *set);

/* The place of a rule in the array; -1 where it is not in it. */
long sds_sarif_rule_index(const struct sds_rule *rule);

/* The word for a severity: "note". */
const char *sds_sarif_level(enum sds_severity severity);

#endif
