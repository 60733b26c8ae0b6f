/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/recorder.h"
#include "cmd/services.h"

struct record {
    struct sds_live live;
    struct sds_recorder recorder;
    struct sds_watch *hangup; /* of the reader */
    bool is_hung_up;
};

/* ---- events ------------------------------------------------------------------------------- */

/* Where nothing more can be written, the recording has ended. */
static void end_on_error(struct record *r, int error)
{
    if (error < 0)
        sds_loop_quit(r->live.loop);
}

static void put(struct record *r, struct sds_recording_line line)
{
    end_on_error(r, sds_recorder_put(&r->recorder, &line));
}

static void on_told(void *userdata, enum sds_event_kind kind, const struct sds_service *service)
{
    struct record *r = userdata;

    end_on_error(r, sds_recorder_put_service(&r->recorder, kind, service));
}

static void on_settled(void *userdata)
{
    struct record *r = userdata;

    end_on_error(r, sds_recorder_put_settled(&r->recorder));
}

static void on_lost(void *userdata, const char *why)
{
    put(userdata, (struct sds_recording_line){.kind = SDS_EVENT_LOST, .message = why});
}

static void on_back(void *userdata)
{
    put(userdata, (struct sds_recording_line){.kind = SDS_EVENT_BACK});
}

static void on_hangup(void *userdata)
{
    struct record *r = userdata;

    r->is_hung_up = true;
    sds_loop_quit(r->live.loop);
}

/* ---- the command -------------------------------------------------------------------------- */

static bool is_stdout(const char *path)
{
    return strcmp(path, "-") == 0;
}

static int cannot_write(const char *path, int error)
{
    if (is_stdout(path))
        return sds_fail(SDS_EXIT_USAGE, "cannot write to standard output: %s", strerror(-error));
    return sds_fail(SDS_EXIT_USAGE, "cannot write '%s': %s", path, strerror(-error));
}

static int say_what_was_done(const struct record *r)
{
    size_t n;
    const struct sds_service **services = sds_inventory_list(r->live.inventory, &n);
    const char *name = is_stdout(r->recorder.path) ? "standard output" : r->recorder.path;

    free(services);
    return sds_fail(SDS_EXIT_OK, "%s: %zu event%s in %.1f s, %zu service%s at the end", name,
                    r->recorder.n_events, r->recorder.n_events == 1 ? "" : "s",
                    (double)r->live.duration_ms / 1000, services ? n : 0,
                    services && n == 1 ? "" : "s");
}

static int run(struct record *r)
{
    int error;

    r->hangup = sds_watch_new_hangup(r->live.loop, fileno(r->recorder.out), on_hangup, r);
    error = r->recorder.error ? 0 : sds_live_run(&r->live);
    if (error < 0)
        return sds_fail(SDS_EXIT_NO_SOURCE, "cannot wait for events: %s", strerror(-error));
    if (!r->live.is_settled)
        sds_source_stop(r->live.source); /* what is known in part is told */
    if (!r->is_hung_up && sds_recorder_put_end(&r->recorder) == 0)
        return say_what_was_done(r);
    return SDS_EXIT_OK;
}

static int open_recorder(struct record *r, const struct sds_opts *opts)
{
    const char *path = opts->args[0];
    int error;

    if (sds_opts_replay(opts) && !is_stdout(path) && sds_file_is_same(path, opts->source))
        return sds_fail(SDS_EXIT_USAGE, "cannot write '%s': it is the --source, which is read",
                        path);
    error = sds_recorder_open(&r->recorder, &r->live, path, opts->force);
    if (error == -EEXIST)
        return sds_fail(SDS_EXIT_USAGE, "'%s' is there already: --force replaces it", path);
    if (error < 0 && !r->recorder.out)
        return cannot_write(path, error);
    return SDS_EXIT_OK; /* what else went wrong is told at the end */
}

int sds_cmd_record(const struct sds_opts *opts)
{
    struct sds_opts rest = *opts; /* what follows the file */
    struct record r = {0};
    const struct sds_live_events events = {
        .inventory = {.userdata = &r},
        .settled = on_settled,
        .lost = on_lost,
        .back = on_back,
        .told = on_told,
    };
    int status, error;

    rest.args++;
    rest.n_args--;
    status = sds_live_open(&r.live, &rest, NULL, NULL, &events, opts->timeout_ms);
    if (status == SDS_EXIT_OK)
        status = open_recorder(&r, opts);
    if (status == SDS_EXIT_OK)
        status = run(&r);
    sds_watch_free(r.hangup);
    error = sds_recorder_close(&r.recorder);
    if (status == SDS_EXIT_OK && error && error != -EPIPE)
        status = cannot_write(opts->args[0], error);
    sds_live_done(&r.live);
    return status;
}
