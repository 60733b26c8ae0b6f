/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/text.h"
#include "cmd/await.h"
#include "cmd/judge.h"
#include "cmd/services.h"
#include "sdscope/txt.h"

/* ---- a service in arguments --------------------------------------------------------------- */

/* Each argument is a TXT string, in order. */
static int set_txt(struct sds_service *service, char **strings, int n)
{
    SDS_CLEANUP(sds_freep) struct sds_span *spans = calloc((size_t)n, sizeof(*spans));
    int r;

    if (!spans)
        return -ENOMEM;
    for (int i = 0; i < n; i++)
        spans[i] = sds_text_span(strings[i]);
    r = sds_service_set_txt_strings(service, spans, (size_t)n);
    return r == -E2BIG ? sds_fail(-EINVAL, "the TXT strings have more than %d bytes together",
                                  SDS_TXT_RDATA_MAX)
                       : r;
}

static int service_of_args(const struct sds_opts *opts, struct sds_service **ret)
{
    SDS_CLEANUP(sds_service_freep) struct sds_service *service = sds_service_new(opts->args[0]);
    int r = 0;

    if (!service)
        return -ENOMEM;
    if (opts->instance)
        r = sds_service_set_instance(service, opts->instance, strlen(opts->instance));
    for (size_t i = 0; i < opts->subtypes.n && r == 0; i++)
        r = sds_service_append_subtype(service, opts->subtypes.v[i]);
    if (r == 0 && opts->domain)
        r = sds_service_set_domain(service, opts->domain);
    if (r == 0 && opts->host)
        r = sds_service_set_host(service, opts->host);
    if (opts->port >= 0)
        sds_service_set_port(service, (uint16_t)opts->port);
    if (r == 0 && opts->n_args > 1)
        r = set_txt(service, opts->args + 1, opts->n_args - 1);
    if (r == 0)
        *ret = SDS_TAKE(service);
    return r;
}

/* ---- all of them -------------------------------------------------------------------------- */

/* The first option among those given that this kind of check does not know. */
static const char *stray_option(const struct sds_opts *opts)
{
    static const char everywhere[] =
        "format output group long registry enable disable all-rules strictness fail-on expect "
        "policy show-ignored baseline write-baseline ";
    static const char *const kinds[] = {
        "from origin", "live exec instance host subtype source interface ipv4 ipv6 domain timeout",
        "instance subtype domain host port"};
    const char *kind = opts->from.n ? kinds[0] : opts->live ? kinds[1] : kinds[2];
    SDS_CLEANUP(sds_freep) char *known = sds_text_format("%s%s", everywhere, kind);

    return known ? sds_opts_stray(opts, known) : NULL;
}

/* What was given, with which a stray option does not go. */
static const char *kind_of(const struct sds_opts *opts, const char *stray)
{
    if (opts->from.n)
        return "--from";
    if (opts->live)
        return "--live";
    return strcmp(stray, "origin") == 0 ? "a TYPE: it is for files, of --from"
                                        : "a TYPE without --live";
}

/* `check services.json` is meant for --from, and no service type looks like it; `..` may be one. */
static bool is_file(const char *type)
{
    return *type != '_' && type[strspn(type, ".")] && access(type, F_OK) == 0;
}

static int validate_options(const struct sds_opts *opts)
{
    const char *stray;

    if (!opts->from.n && !opts->n_args)
        return sds_fail(-EINVAL, "check: nothing to check: give a TYPE, or --from FILE");
    if (opts->from.n && opts->n_args)
        return sds_fail(-EINVAL, "check: give a TYPE or --from, not both");
    if (opts->n_args && is_file(opts->args[0]))
        return sds_fail(-EINVAL, "check: '%s' is no service type, but a file: give --from %s",
                        opts->args[0], opts->args[0]);
    if (opts->live && opts->n_args > 1)
        return sds_fail(-EINVAL,
                        "check: --live and --exec take a TYPE alone; --expect names a file "
                        "of TXT strings to compare with");
    if (opts->exec && sds_opts_replay(opts))
        return sds_fail(-EINVAL, "check: --exec needs the network, not a recording");
    stray = stray_option(opts);
    if (stray)
        return sds_fail(-EINVAL, "check: --%s does not go with %s", stray, kind_of(opts, stray));
    return 0;
}

/* Read every file, also after one that cannot be read: its fault is told, theirs are too. */
static int read_files(const struct sds_opts *opts, struct sds_files *ret)
{
    int r = 0;

    for (size_t i = 0; i < opts->from.n; i++) {
        int one = sds_files_read(ret, opts->from.v[i]);

        if (one == -ENOMEM)
            return sds_fail(one, "out of memory");
        if (one < 0)
            r = one;
    }
    return r;
}

static bool has_content(const struct sds_files *files)
{
    for (size_t i = 0; i < files->list.n; i++)
        if (files->list.v[i].input.services.n || files->list.v[i].input.faults.n)
            return true;
    return false;
}

static int report_files(const struct sds_judge *judge, const struct sds_opts *opts,
                        struct sds_outputs *outputs, const struct sds_files *files,
                        struct sds_scan scan, bool is_partial)
{
    char **notes = sds_files_notes(files);
    int status;

    if (!notes)
        return sds_fail(SDS_EXIT_USAGE, "out of memory");
    scan.notes = (const char *const *)notes;
    scan.n_notes = files->passed.n;
    status = sds_judge_report(
        judge, opts, outputs,
        &(struct sds_case){.scan = &scan, .files = files, .is_partial = is_partial});
    sds_files_notes_free(notes);
    return status;
}

static int check_files(const struct sds_judge *judge, const struct sds_opts *opts,
                       struct sds_outputs *outputs, const struct sds_scan *scan)
{
    struct sds_files files = {.origin = opts->origin};
    int r = read_files(opts, &files), status = SDS_EXIT_USAGE;

    if (r != -ENOMEM && sds_outputs_spare(outputs, &files) < 0)
        r = -EEXIST;
    if (r == 0 || (r == -EINVAL && has_content(&files)))
        status = report_files(judge, opts, outputs, &files, *scan, r < 0);
    sds_files_done(&files);
    return r < 0 ? SDS_EXIT_USAGE : status;
}

static int check_arguments(const struct sds_judge *judge, const struct sds_opts *opts,
                           struct sds_outputs *outputs, const struct sds_scan *scan)
{
    SDS_CLEANUP(sds_service_freep) struct sds_service *service = NULL;
    const struct sds_service *const *services = (const struct sds_service *const *)&service;
    int r = service_of_args(opts, &service);

    if (r == -ENOMEM)
        return sds_fail(SDS_EXIT_USAGE, "out of memory");
    if (r < 0)
        return SDS_EXIT_USAGE;
    return sds_judge_report(
        judge, opts, outputs,
        &(struct sds_case){.scan = scan, .services = services, .n_services = 1, .is_single = true});
}

int sds_cmd_check(const struct sds_opts *opts)
{
    SDS_CLEANUP(sds_outputs_freep) struct sds_outputs *outputs = NULL;
    struct sds_judge judge;
    struct sds_scan scan = {
        .source = opts->from.n ? "file" : "arguments",
        .started_ms = sds_system_clock.wall_ms(),
        .is_complete = true,
    };
    int status = SDS_EXIT_USAGE;

    if (validate_options(opts) < 0)
        return status;
    if (sds_judge_init(&judge, opts) == 0 &&
        sds_outputs_open(opts, judge.site.path, &outputs) == 0 &&
        sds_outputs_spare(outputs, &judge.expected) == 0)
        status = opts->from.n ? check_files(&judge, opts, outputs, &scan)
                 : opts->live ? sds_await(&judge, opts, outputs)
                              : check_arguments(&judge, opts, outputs, &scan);
    sds_judge_done(&judge);
    return status;
}
