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

/* {"text": ...} of a message without placeholders. */
json_t *sds_sarif_text(const char *text, size_t len);

/* A string of JSON with braces as SARIF wants them where none is a placeholder: twice each
 * (SARIF 2.1.0 3.11.5). */
json_t *sds_sarif_string(const char *text, size_t len);

/* The word for a severity: "note". */
const char *sds_sarif_level(enum sds_severity severity);

#endif
