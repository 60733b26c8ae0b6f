/* SPDX-License-Identifier: MIT */
#ifndef SDS_POLICY_BASELINE_JSON_H
#define SDS_POLICY_BASELINE_JSON_H

#include <jansson.h>

#include "policy/baseline.h"

/* An entry as baselines and reports show it: a new reference, or NULL when out of memory. */
json_t *sds_baseline_entry_to_json(const struct sds_baseline_entry *entry);

#endif
