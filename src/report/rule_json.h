/* SPDX-License-Identifier: MIT */
#ifndef SDS_REPORT_RULE_JSON_H
#define SDS_REPORT_RULE_JSON_H

#include <jansson.h>

struct sds_rule;

/* All that the catalogue says of a rule; a new reference, or NULL when out of memory. */
json_t *sds_rule_to_json(const struct sds_rule *rule);

#endif
