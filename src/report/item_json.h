/* SPDX-License-Identifier: MIT */
#ifndef SDS_REPORT_ITEM_JSON_H
#define SDS_REPORT_ITEM_JSON_H

#include <stddef.h>

#include <jansson.h>

#include "files/json_value.h"

struct sds_report;
struct sds_report_item;
struct sds_result;

/* Those that return JSON return a new reference, or NULL when out of memory. */

/* A service with its verdict and findings, as every format that is JSON shows it; where nothing was
 * checked, the service alone. */
json_t *sds_item_to_json(const struct sds_report_item *item);

/* Set the members that hold the findings of a service or of a file. Returns 0 or -ENOMEM. */
int sds_json_set_findings(json_t *object, const struct sds_result *result);

/* Rules that lacked evidence, by id, with the number of services. */
json_t *sds_not_evaluated_to_json(const struct sds_report *report);

/* An array of texts, each safe to print. */
json_t *sds_texts_to_json(const char *const *texts, size_t n);

#endif
