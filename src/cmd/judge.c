/* SPDX-License-Identifier: MIT */
#include "cmd/judge.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/ascii.h"
#include "base/clock.h"
#include "cmd/draft.h"
#include "cmd/live.h"

/* Long enough for the slowest answer; a LAN that settles ends it much sooner. */
#define TIMEOUT_MS 30000

static int read_expected(const char *path, struct sds_files *ret)
{
    int r = sds_files_read(ret, path);

    if (r == -ENOMEM)
        return sds_fail(-EINVAL, "out of memory");
    for (size_t i = 0; r == 0 && i < ret->list.n; i++)
        if (ret->list.v[i].input.services.n)
            return 0;
    return r < 0 ? r : sds_fail(-EINVAL, "'%s' has no service to compare with", path);
}

int sds_judge_init(struct sds_judge *judge, const struct sds_opts *opts)
{
    *judge = (struct sds_judge){.shows_ignored = opts->shows_ignored};
    if (sds_site_open(&judge->site, opts, &sds_system_clock) < 0)
        return -EINVAL;
    judge->rules = sds_opts_rules(opts, judge->site.policy);
    if (!judge->rules)
        return sds_fail(-EINVAL, "out of memory");
    judge->expected.origin = opts->origin;
    if (opts->expect && read_expected(opts->expect, &judge->expected) < 0)
        return -EINVAL;
    return sds_opts_registry(opts, &sds_system_clock, &judge->registry);
}

void sds_judge_done(struct sds_judge *judge)
{
    sds_files_done(&judge->expected);
    sds_registry_free(judge->registry);
    sds_ruleset_free(judge->rules);
    sds_site_close(&judge->site);
}

/* What the policy ignores is shown where that is asked for. */
static void hide_ignored(const struct sds_judge *judge, struct sds_result *result)
{
    if (!judge->shows_ignored)
        sds_result_drop_ignored(result);
}

/* Hold the policy against what was found, once all is found. */
static int apply_policy(const struct sds_judge *judge, const struct sds_service *service,
                        struct sds_result *result)
{
    int r = judge->site.policy ? sds_policy_apply(judge->site.policy, judge->rules, service, result)
                               : 0;

    hide_ignored(judge, result);
    return r;
}

int sds_judge_service(const struct sds_judge *judge, const struct sds_service *service,
                      const struct sds_company *company, struct sds_result *ret)
{
    int r = sds_check_among(judge->rules, judge->registry, service, company, ret);

    return r < 0 ? r : apply_policy(judge, service, ret);
}

void sds_judge_say_expired(const struct sds_judge *judge)
{
    struct sds_result result = {0};

    if (judge->site.policy)
        sds_policy_review_dates(judge->site.policy, judge->rules, &result);
    for (size_t i = 0; i < result.n_findings; i++)
        sds_fail(0, "%s:%d:%d: %s", judge->site.path, result.findings[i].line,
                 result.findings[i].column, result.findings[i].message);
    sds_result_done(&result);
}

/* Say where in its file each finding has its cause. */
static void place_findings(struct sds_result *result, const struct sds_input_service *input)
{
    for (size_t i = 0; i < result->n_findings; i++) {
        struct sds_finding *f = &result->findings[i];
        long at = f->record ? -1 : f->offset; /* the places are of the first TXT record */
        struct sds_input_place place = sds_input_find(input, f->rule->part, at);

        f->line = place.line;
        f->column = place.column;
    }
}

static int add_absence(const struct sds_judge *judge, struct sds_input_place place,
                       const char *message, struct sds_result *result)
{
    static const unsigned service_not_advertised = 960;

    return sds_result_add(judge->rules, sds_rule_numbered(service_not_advertised), message,
                          place.line, place.column, result);
}

/* The recorded service that this one is to be like: of its name, or else of its type. */
static const struct sds_service *expected_of(const struct sds_files *files,
                                             const struct sds_service *service)
{
    const struct sds_service *of_type = NULL;

    for (size_t i = 0; i < files->list.n; i++) {
        const struct sds_input *input = &files->list.v[i].input;

        for (size_t j = 0; j < input->services.n; j++) {
            const struct sds_service *expected = input->services.v[j].service;

            if (!sds_text_fold_equal(expected->type, service->type))
                continue;
            if (expected->instance.len == service->instance.len &&
                sds_service_cmp(expected, service) == 0)
                return expected;
            if (!of_type)
                of_type = expected;
        }
    }
    return of_type;
}

static int compare_with_expected(const struct sds_judge *judge, const struct sds_service *service,
                                 struct sds_result *result)
{
    const struct sds_service *expected = expected_of(&judge->expected, service);

    return expected ? sds_check_expected(judge->rules, expected, service, result) : 0;
}

static bool check_item(const struct sds_judge *judge, const struct sds_service *service,
                       const struct sds_company *company, bool is_absent, struct sds_result *ret)
{
    int r = sds_check_among(judge->rules, judge->registry, service, company, ret);

    if (r == 0)
        r = is_absent ? add_absence(judge, SDS_INPUT_NOWHERE, "service did not appear in time", ret)
                      : compare_with_expected(judge, service, ret);
    return r == 0 && apply_policy(judge, service, ret) == 0;
}

static bool check_items(const struct sds_judge *judge, bool is_absent, struct sds_draft *draft)
{
    for (size_t i = 0; i < draft->items.n; i++) {
        struct sds_report_item *item = &draft->items.v[i];
        struct sds_result *result = sds_draft_add_result(draft);
        const struct sds_company company = {draft->scans.v[i], item->peers, item->n_peers};

        item->result = result;
        if (!result || !check_item(judge, item->service, &company, is_absent, result))
            return false;
        if (draft->inputs.v[i])
            place_findings(result, draft->inputs.v[i]);
    }
    return true;
}

/* A file is in the report where there is something to say of it. */
static bool add_checked(const struct sds_judge *judge, struct sds_draft *draft, const char *path,
                        struct sds_result *result)
{
    struct sds_report_file file = {.path = path, .result = result};
    bool is_clean = !result->n_findings;

    if (judge->site.policy)
        sds_policy_ignore(judge->site.policy, NULL, result);
    for (size_t i = 0; i < sds_n_rules() && is_clean; i++)
        is_clean = !sds_result_lacks_evidence(result, i);
    hide_ignored(judge, result);
    return is_clean || sds_arr_push(&draft->files, file);
}

static bool check_file(const struct sds_judge *judge, const struct sds_file *file,
                       struct sds_draft *draft)
{
    struct sds_result *result = sds_draft_add_result(draft);

    for (size_t i = 0; i < file->input.faults.n && result; i++) {
        const struct sds_input_fault *fault = &file->input.faults.v[i];

        if (sds_result_add(judge->rules, sds_rule_numbered(fault->rule), fault->message,
                           fault->place.line, fault->place.column, result) < 0)
            return false;
    }
    return result && add_checked(judge, draft, file->path, result);
}

/* What the policy misses, and what is wrong with itself. */
static bool review_policy(const struct sds_judge *judge, struct sds_draft *draft)
{
    struct sds_result *result = sds_draft_add_result(draft);

    return result &&
           sds_policy_review(judge->site.policy, judge->rules, &draft->view, result) == 0 &&
           add_checked(judge, draft, judge->site.path, result);
}

static bool has_type(const struct sds_draft *draft, const char *type)
{
    for (size_t i = 0; i < draft->items.n; i++)
        if (sds_text_fold_equal(draft->items.v[i].service->type, type))
            return true;
    return false;
}

static bool has_like(const struct sds_file *recording, const struct sds_draft *draft)
{
    for (size_t i = 0; i < recording->input.services.n; i++)
        if (has_type(draft, recording->input.services.v[i].service->type))
            return true;
    return false;
}

/* Say which recorded services have no like among those checked. */
static bool check_recording(const struct sds_judge *judge, const struct sds_file *recording,
                            struct sds_draft *draft)
{
    struct sds_result *result = sds_draft_add_result(draft);

    for (size_t i = 0; i < recording->input.services.n && result; i++) {
        const struct sds_input_service *expected = &recording->input.services.v[i];

        if (!has_type(draft, expected->service->type) &&
            add_absence(judge, expected->place, "no service of this type is there", result) < 0)
            return false;
    }
    return result && add_checked(judge, draft, recording->path, result);
}

/* Nobody asked for the other types of a recording where one was given, if only it is there. */
static bool check_recordings(const struct sds_judge *judge, bool is_single, struct sds_draft *draft)
{
    const struct sds_file *files = judge->expected.list.v;
    size_t n = judge->expected.list.n;

    for (size_t i = 0; i < n && is_single; i++)
        if (has_like(&files[i], draft))
            return true;
    for (size_t i = 0; i < n; i++)
        if (!check_recording(judge, &files[i], draft))
            return false;
    return true;
}

static bool check_all(const struct sds_judge *judge, const struct sds_case *given,
                      struct sds_draft *draft)
{
    if (!check_items(judge, given->is_absent, draft))
        return false;
    for (size_t i = 0; given->files && i < given->files->list.n; i++)
        if (!check_file(judge, &given->files->list.v[i], draft))
            return false;
    if (!check_recordings(judge, given->is_single, draft))
        return false;
    if (given->is_single)
        sds_judge_say_expired(judge);
    return given->is_single || !judge->site.policy || review_policy(judge, draft);
}

static struct sds_report report_of(const struct sds_judge *judge, const struct sds_opts *opts,
                                   const struct sds_case *given, const struct sds_draft *draft)
{
    return (struct sds_report){
        .command = opts->cmd->name,
        .scan = given->scan,
        .registry = judge ? judge->registry : NULL,
        .rules = judge ? judge->rules : NULL,
        .policy = judge ? judge->site.path : NULL,
        .items = draft->items.v,
        .n_items = draft->items.n,
        .files = draft->files.v,
        .n_files = draft->files.n,
        .found = draft->found,
        .has_baseline = judge && judge->site.baseline,
        .is_gone_known = draft->view.is_complete,
        .gone = draft->gone,
        .n_gone = draft->n_gone,
    };
}

int sds_judge_report(const struct sds_judge *judge, const struct sds_opts *opts,
                     struct sds_outputs *outputs, const struct sds_case *given)
{
    struct sds_draft draft = sds_draft_begin(given);
    int status = SDS_EXIT_OK;

    if (!sds_draft_fill(&draft, given) || (judge && !check_all(judge, given, &draft)) ||
        (judge && (opts->write_baseline || judge->site.baseline) &&
         !sds_draft_compare(&draft, judge->site.baseline)))
        status = sds_fail(SDS_EXIT_USAGE, "out of memory");
    if (status == SDS_EXIT_OK) {
        struct sds_report report = report_of(judge, opts, given, &draft);

        status = sds_outputs_write(outputs, &report) < 0 ? SDS_EXIT_USAGE
                                                         : (int)sds_opts_verdict(opts, &report);
    }
    sds_draft_done(&draft);
    return status;
}

static int report_live(const struct sds_judge *judge, const struct sds_opts *opts,
                       struct sds_outputs *outputs, const struct sds_live *live)
{
    struct sds_scan scan;
    const struct sds_service **services;
    const char **interfaces;
    size_t n;
    int status;

    services = sds_inventory_list(live->inventory, &n);
    if (!services)
        return sds_fail(SDS_EXIT_USAGE, "out of memory");
    interfaces = sds_live_scan(live, services, n, &scan);
    status = sds_judge_report(
        judge, opts, outputs,
        &(struct sds_case){
            .scan = &scan, .services = services, .n_services = n, .is_lan = judge != NULL});
    free(interfaces);
    free(services);
    return status;
}

int sds_judge_lan(const struct sds_judge *judge, const struct sds_opts *opts)
{
    SDS_CLEANUP(sds_outputs_freep) struct sds_outputs *outputs = NULL;
    SDS_CLEANUP(sds_registry_freep) struct sds_registry *own = NULL;
    const struct sds_registry *registry = judge ? judge->registry : NULL;
    struct sds_live live;
    int status;

    if (sds_outputs_open(opts, judge ? judge->site.path : NULL, &outputs) < 0)
        return SDS_EXIT_USAGE;
    if (!judge && opts->deep) { /* to know what to ask for; nothing is judged by it */
        if (sds_opts_registry(opts, &sds_system_clock, &own) < 0)
            return SDS_EXIT_USAGE;
        registry = own;
    }
    status = sds_live_open(&live, opts, judge ? judge->rules : NULL, registry, NULL,
                           opts->timeout_ms ? opts->timeout_ms : TIMEOUT_MS);
    if (status == 0) {
        int r = sds_live_run(&live);

        status = r < 0 ? sds_fail(SDS_EXIT_NO_SOURCE, "cannot wait for answers: %s", strerror(-r))
                       : report_live(judge, opts, outputs, &live);
    }
    sds_live_done(&live);
    return status;
}
