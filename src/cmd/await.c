/* SPDX-License-Identifier: MIT */
#include "cmd/await.h"

#include <errno.h>
#include <string.h>

#include "base/ascii.h"
#include "base/text.h"
#include "cmd/answer.h"
#include "cmd/child.h"
#include "cmd/live.h"

/* Long enough for a program to start and to probe its name (RFC 6762 8.1). */
#define TIMEOUT_MS 15000

/* A service that was seen whole is seen on the other links and families soon after. */
#define CALM_MS 300

struct await {
    const struct sds_opts *opts;
    struct sds_live live;
    struct sds_timer *calm, *lost;
    struct sds_child *child;
    SDS_ARR(struct sds_service *) found;  /* by instance, as they are now */
    SDS_ARR(struct sds_service *) before; /* advertised before the program began */
    bool has_begun;                       /* what appears from now on counts */
    char *why_lost;                       /* nobody looks for it at the moment; or NULL */
    char *error;                          /* what went wrong, for the user */
};

/* ---- what is looked for ------------------------------------------------------------------- */

static size_t find(struct sds_service *const *list, size_t n, const struct sds_service *service)
{
    size_t i = 0;

    while (i < n && sds_service_cmp(list[i], service) != 0)
        i++;
    return i;
}

/* Whether it has the name that was given: as it is, or as one label in presentation format, in
 * which other tools show it (`Living\032Room`). Names are compared as DNS does (RFC 6762 16). */
static bool is_named(const struct sds_service *service, const char *name)
{
    struct sds_span own = service->instance, label;
    struct sds_name escaped;

    if (sds_fold_is(own.p, own.len, name))
        return true;
    sds_name_parse(name, &escaped);
    if (escaped.faults || escaped.n_labels != 1)
        return false;
    label = sds_name_label(&escaped, 0);
    return sds_fold_equal(own.p, own.len, label.p, label.len);
}

static bool is_wanted(const struct await *a, const struct sds_service *service)
{
    const struct sds_opts *opts = a->opts;

    if (opts->host && (sds_service_state(service, SDS_PART_HOST) != SDS_PRESENT ||
                       !sds_name_same(service->host, opts->host)))
        return false;
    if (opts->instance)
        return is_named(service, opts->instance);
    return find(a->before.v, a->before.n, service) == a->before.n;
}

static void fail(struct await *a, char *error)
{
    if (!a->error)
        a->error = error;
    else
        free(error);
    sds_loop_quit(a->live.loop);
}

static void fail_memory(struct await *a)
{
    fail(a, sds_text_format("out of memory"));
}

/* ---- what happens ------------------------------------------------------------------------- */

static void remember(struct await *a, const struct sds_service *service)
{
    struct sds_service *copy = sds_service_dup(service);

    if (!copy || !(a->has_begun ? sds_arr_push(&a->found, copy) : sds_arr_push(&a->before, copy))) {
        sds_service_free(copy);
        fail_memory(a);
    }
}

static void forget(struct await *a, size_t at)
{
    sds_service_free(a->found.v[at]);
    a->found.v[at] = a->found.v[--a->found.n];
    if (!a->found.n)
        sds_timer_stop(a->calm);
}

static void on_added(void *userdata, const struct sds_service *service)
{
    struct await *a = userdata;

    if (a->has_begun && !is_wanted(a, service))
        return;
    remember(a, service);
    if (a->has_begun)
        sds_timer_set(a->calm, CALM_MS);
}

/* A host may become known, or another one, after the instance. */
static void on_changed(void *userdata, const struct sds_service *service,
                       const struct sds_service *before, unsigned changes)
{
    struct await *a = userdata;
    size_t at = find(a->found.v, a->found.n, service);

    (void)before, (void)changes;
    if (!a->has_begun)
        return;
    if (at < a->found.n)
        forget(a, at);
    on_added(a, service);
}

static void on_removed(void *userdata, const struct sds_service *service)
{
    struct await *a = userdata;
    size_t at = find(a->found.v, a->found.n, service);

    if (at < a->found.n)
        forget(a, at);
}

static void on_calm(void *userdata)
{
    struct await *a = userdata;

    if (!sds_source_past(a->live.source)) /* a recording is told to its end */
        sds_loop_quit(a->live.loop);
}

static void on_child_end(void *userdata)
{
    struct await *a = userdata;
    int status = sds_child_status(a->child);

    /* A program that becomes a daemon ends well, and advertises later. */
    if (status != 0 && !a->found.n)
        fail(a, sds_text_format("the program ended with status %d before it advertised", status));
}

static void start_program(struct await *a)
{
    int r;

    a->has_begun = true;
    if (!a->opts->exec)
        return;
    r = sds_child_start(a->live.loop, a->opts->exec, on_child_end, a, &a->child);
    if (r < 0)
        fail(a, sds_text_format("cannot start '%s': %s", a->opts->exec, strerror(-r)));
}

static void on_settled(void *userdata)
{
    struct await *a = userdata;

    if (!a->has_begun)
        start_program(a);
}

static void on_really_lost(void *userdata)
{
    struct await *a = userdata;

    fail(a, SDS_TAKE(a->why_lost));
}

/* Where somebody else takes over, he does so at once. */
static void on_lost(void *userdata, const char *why)
{
    struct await *a = userdata;

    if (sds_source_past(a->live.source))
        return; /* a recording tells what came after */
    free(a->why_lost);
    a->why_lost = strdup(why);
    sds_timer_set(a->lost, 0);
}

static void on_back(void *userdata)
{
    struct await *a = userdata;

    sds_timer_stop(a->lost);
}

/* ---- all of it ---------------------------------------------------------------------------- */

/* What was to appear, as far as the command line tells. */
static struct sds_service *absent_service(const struct sds_opts *opts)
{
    struct sds_service *service = sds_service_new(opts->args[0]);

    if (service && opts->instance &&
        sds_service_set_instance(service, opts->instance, strlen(opts->instance)) < 0)
        service = sds_service_free(service);
    if (service && opts->host && sds_service_set_host(service, opts->host) < 0)
        service = sds_service_free(service);
    return service;
}

/* What was waited for and came is all that matters; what did not may have been missed, and in a
 * recording, so may anything. */
static bool may_have_missed(const struct await *a)
{
    return sds_source_past(a->live.source) || (!a->found.n && a->live.is_settled);
}

static int report(const struct sds_judge *judge, struct await *a, struct sds_outputs *outputs)
{
    SDS_CLEANUP(sds_service_freep)
    struct sds_service *absent = a->found.n ? NULL : absent_service(a->opts);
    struct sds_scan scan = {
        .source = sds_source_name(a->live.source),
        .started_ms = a->live.started_ms,
        .duration_ms = a->live.duration_ms,
        .is_complete = true,
    };
    struct sds_case given = {
        .scan = &scan,
        .services = (const struct sds_service *const *)(a->found.n ? a->found.v : &absent),
        .n_services = a->found.n ? a->found.n : 1,
        .is_absent = !a->found.n,
        .is_single = true,
    };

    if (!a->found.n && !absent)
        return sds_fail_memory();
    if (may_have_missed(a)) {
        scan.reasons = sds_source_reasons(a->live.source, &scan.n_reasons);
        scan.notes = sds_source_notes(a->live.source, &scan.n_notes);
        scan.is_complete = !scan.n_reasons;
    }
    return sds_judge_report(judge, a->opts, outputs, &given);
}

static void await_done(struct await *a)
{
    sds_child_stop(a->child);
    sds_timer_free(a->calm);
    sds_timer_free(a->lost);
    for (size_t i = 0; i < a->found.n; i++)
        sds_service_free(a->found.v[i]);
    for (size_t i = 0; i < a->before.n; i++)
        sds_service_free(a->before.v[i]);
    free(a->found.v);
    free(a->before.v);
    free(a->why_lost);
    free(a->error);
    sds_live_done(&a->live);
}

static int run(const struct sds_judge *judge, struct await *a, struct sds_outputs *outputs)
{
    int r;

    a->calm = sds_timer_new(a->live.loop, on_calm, a);
    a->lost = sds_timer_new(a->live.loop, on_really_lost, a);
    if (!a->calm || !a->lost)
        return sds_fail_memory();
    /* What was there before the program must not be taken for its own, unless it is named. */
    if (!a->opts->exec || a->opts->instance)
        start_program(a);
    r = sds_live_run(&a->live);
    if (r < 0)
        return sds_fail(SDS_EXIT_NO_SOURCE, "cannot wait for answers: %s", strerror(-r));
    if (a->live.is_interrupted)
        return sds_fail(SDS_EXIT_INCOMPLETE, "interrupted");
    if (a->error)
        sds_fail(0, "%s", a->error);
    return report(judge, a, outputs);
}

int sds_await(const struct sds_judge *judge, const struct sds_opts *opts,
              struct sds_outputs *outputs)
{
    struct await a = {.opts = opts};
    const struct sds_live_events events = {
        .inventory = {on_added, on_changed, on_removed, &a},
        .settled = on_settled,
        .lost = on_lost,
        .back = on_back,
    };
    int status = sds_live_open(&a.live, opts, judge->rules, judge->registry, &events,
                               opts->timeout_ms ? opts->timeout_ms : TIMEOUT_MS);

    if (status == 0)
        status = run(judge, &a, outputs);
    await_done(&a);
    return status;
}
