/* SPDX-License-Identifier: MIT */
#include "cmd/judge.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "cmd/live.h"

/* Long enough for the slowest answer; a LAN that settles ends it much sooner. */
#define TIMEOUT_MS 30000

int sds_judge_init(struct sds_judge *judge, const struct sds_opts *opts)
{
    *judge = (struct sds_judge){0};
    judge->rules = sds_opts_rules(opts);
    if (!judge->rules)
        return sds_fail(-EINVAL, "out of memory");
    return sds_opts_registry(opts, &sds_system_clock, &judge->registry);
}

void sds_judge_done(struct sds_judge *judge)
{
    sds_registry_free(judge->registry);
    sds_ruleset_free(judge->rules);
}

int sds_judge_report(const struct sds_judge *judge, const struct sds_opts *opts,
                     struct sds_outputs *outputs, const struct sds_scan *scan,
                     const struct sds_service *const *services, size_t n)
{
    struct sds_report_item *items = calloc(n + 1, sizeof(*items));
    struct sds_result *results = calloc(n + 1, sizeof(*results));
    struct sds_report report = {
        .command = opts->cmd->name,
        .scan = scan,
        .registry = judge ? judge->registry : NULL,
        .items = items,
        .n_items = n,
    };
    int status = items && results ? 0 : sds_fail(SDS_EXIT_USAGE, "out of memory");

    for (size_t i = 0; i < n && status == 0; i++) {
        items[i].service = services[i];
        if (!judge)
            continue;
        items[i].result = &results[i];
        if (sds_check(judge->rules, judge->registry, services[i], &results[i]) < 0)
            status = sds_fail(SDS_EXIT_USAGE, "out of memory");
    }
    if (status == 0)
        status = sds_outputs_write(outputs, &report) < 0 ? SDS_EXIT_USAGE
                                                         : (int)sds_opts_verdict(opts, &report);
    for (size_t i = 0; results && i < n; i++)
        sds_result_done(&results[i]);
    free(results);
    free(items);
    return status;
}

static int name_cmp(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool has_name(const char *const *names, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}

/* The interfaces on which services were seen, sorted: a malloc'ed array of borrowed names. */
static const char **interfaces_of(const struct sds_service *const *services, size_t n,
                                  size_t *ret_n)
{
    SDS_ARR(const char *) names = {0};

    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < services[i]->n_sightings; j++) {
            const char *name = services[i]->sightings[j].interface;

            if (!has_name(names.v, names.n, name) && !sds_arr_push(&names, name))
                break;
        }
    if (names.n)
        qsort(names.v, names.n, sizeof(*names.v), name_cmp);
    *ret_n = names.n;
    return names.v;
}

static int report_live(const struct sds_judge *judge, const struct sds_opts *opts,
                       struct sds_outputs *outputs, const struct sds_live *live)
{
    struct sds_scan scan = {
        .source = sds_source_name(live->source),
        .types = (const char *const *)opts->args,
        .n_types = (size_t)opts->n_args,
        .domain = opts->domain,
        .started_ms = live->started_ms,
        .duration_ms = live->duration_ms,
    };
    const struct sds_service **services;
    const char **interfaces;
    size_t n;
    int status;

    services = sds_inventory_list(live->inventory, &n);
    if (!services)
        return sds_fail(SDS_EXIT_USAGE, "out of memory");
    interfaces = interfaces_of(services, n, &scan.n_interfaces);
    scan.interfaces = interfaces;
    scan.reasons = sds_source_reasons(live->source, &scan.n_reasons);
    scan.notes = sds_source_notes(live->source, &scan.n_notes);
    scan.is_complete = live->is_settled && !scan.n_reasons;
    status = sds_judge_report(judge, opts, outputs, &scan, services, n);
    free(interfaces);
    free(services);
    return status;
}

int sds_judge_lan(const struct sds_judge *judge, const struct sds_opts *opts)
{
    SDS_CLEANUP(sds_outputs_freep) struct sds_outputs *outputs = NULL;
    struct sds_live live;
    int status;

    if (sds_outputs_open(opts, &outputs) < 0)
        return SDS_EXIT_USAGE;
    status = sds_live_open(&live, opts, NULL, opts->timeout_ms ? opts->timeout_ms : TIMEOUT_MS);
    if (status == 0) {
        int r = sds_live_run(&live);

        status = r < 0 ? sds_fail(SDS_EXIT_NO_SOURCE, "cannot wait for answers: %s", strerror(-r))
                       : report_live(judge, opts, outputs, &live);
    }
    sds_live_done(&live);
    return status;
}
