/* SPDX-License-Identifier: MIT */
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "policy/policy.h"
#include "sdscope/check.h"

/* 2026-11-23T12:00:00Z */
static const int64_t now_ms = INT64_C(1795435200000);

static struct sds_service *make_service(void)
{
    struct sds_service *service = sds_service_new("_ipp._tcp");

    MUST(service);
    MUST(sds_service_set_instance(service, "a\xff\x1b", 3) == 0);
    MUST(sds_service_set_host(service, "host.local.") == 0);
    MUST(sds_service_set_txt(service, "\2=x\1a\1a", 7) == 0);
    sds_service_set_port(service, 631);
    return service;
}

/* All that a policy can do to a service and to itself. What it ignores is counted, and what it
 * finds of itself has a place. */
static void use(struct sds_policy *policy)
{
    static const struct sds_view all = {.is_complete = true};
    struct sds_ruleset *rules = sds_ruleset_new(SDS_STRICTNESS_AUTHOR);
    struct sds_service *service = make_service();
    struct sds_result result, review = {0};
    size_t n_ignored = 0;

    MUST(rules);
    sds_policy_set_severities(policy, rules);
    MUST(sds_check(rules, NULL, service, &result) == 0);
    MUST(sds_policy_apply(policy, rules, service, &result) == 0);
    MUST(sds_policy_review(policy, rules, &all, &review) == 0);
    for (size_t i = 0; i < result.n_findings; i++)
        n_ignored += result.findings[i].ignored && *result.findings[i].ignored;
    MUST(n_ignored == result.n_ignored);
    sds_result_drop_ignored(&result);
    MUST(sds_result_worst(&result) != SDS_SEV_OFF || !result.n_findings);
    for (size_t i = 0; i < review.n_findings; i++)
        MUST(review.findings[i].line > 0 && review.findings[i].column > 0);
    sds_result_done(&result);
    sds_result_done(&review);
    sds_service_free(service);
    sds_ruleset_free(rules);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct sds_input_error error = {0};
    struct sds_policy *policy = NULL;

    if (sds_policy_read((const char *)data, size, now_ms, &policy, &error) == 0)
        use(policy);
    else
        MUST(*error.text && !policy);
    sds_policy_free(policy);
    return 0;
}
