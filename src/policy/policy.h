/* SPDX-License-Identifier: MIT */
#ifndef SDS_POLICY_POLICY_H
#define SDS_POLICY_POLICY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "files/input.h"
#include "policy/view.h"
#include "sdscope/check.h"

/* What a site says of its own network: severities, names that it allows, findings that it does not
 * count, services that it expects, and where they may live. It comes from a file in JSON, which
 * sdscope-policy(5) describes. */
struct sds_policy;

/**
 * Read a policy.
 *
 * @wall_ms  the time by which its entries expire
 * Returns 0, -EINVAL with *error set, -ENOMEM.
 */
int sds_policy_read(const char *text, size_t len, int64_t wall_ms, struct sds_policy **ret,
                    struct sds_input_error *error);

struct sds_policy *sds_policy_free(struct sds_policy *policy);

/* Give the rules the severities of the policy. */
void sds_policy_set_severities(const struct sds_policy *policy, struct sds_ruleset *rules);

/**
 * Hold the policy against a service that was checked: what it allows is not found any more, what it
 * forbids is, and what it ignores is marked with the reason, which the policy owns. It remembers
 * which of its entries applied.
 *
 * Returns 0 or -ENOMEM.
 */
int sds_policy_apply(struct sds_policy *policy, const struct sds_ruleset *rules,
                     const struct sds_service *service, struct sds_result *result);

/* Only mark what it ignores; @service is NULL where the findings are of a file. */
void sds_policy_ignore(struct sds_policy *policy, const struct sds_service *service,
                       struct sds_result *result);

/**
 * Once all services were held against it: which are missing that it expects, and which of its
 * entries have expired or never matched.
 *
 * @ret  the findings, placed in the policy's file, are added
 * Returns 0 or -ENOMEM.
 */
int sds_policy_review(struct sds_policy *policy, const struct sds_ruleset *rules,
                      const struct sds_view *view, struct sds_result *ret);

/* The expired entries alone. */
int sds_policy_review_dates(const struct sds_policy *policy, const struct sds_ruleset *rules,
                            struct sds_result *ret);

/* Take out the findings that are ignored; they stay counted. */
void sds_result_drop_ignored(struct sds_result *result);

#endif
