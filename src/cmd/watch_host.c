/* SPDX-License-Identifier: MIT */
#include "cmd/watch_host.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"

/* ---- time --------------------------------------------------------------------------------- */

static double pace(void *userdata)
{
    const struct sds_watch_host *host = userdata;

    return sds_source_pace(host->live->source);
}

static int64_t now_ms(void *userdata)
{
    const struct sds_watch_host *host = userdata;

    return sds_live_now_ms(host->live);
}

static void quit(void *userdata)
{
    const struct sds_watch_host *host = userdata;

    sds_loop_quit(host->live->loop);
}

static int64_t length_ms(void *userdata)
{
    const struct sds_watch_host *host = userdata;
    const struct sds_past *past = sds_source_past(host->live->source);

    return past && past->ended_ms > past->started_ms ? past->ended_ms - past->started_ms : 0;
}

static void set_pause(void *userdata, bool is_paused)
{
    struct sds_watch_host *host = userdata;

    sds_source_pause(host->live->source, is_paused);
}

static int step(void *userdata, int n_events)
{
    struct sds_watch_host *host = userdata;

    return sds_source_step(host->live->source, n_events);
}

static int travel(void *userdata, int64_t distance_ms)
{
    struct sds_watch_host *host = userdata;

    return sds_source_travel(host->live->source, sds_live_now_ms(host->live) + distance_ms);
}

/* ---- reports ------------------------------------------------------------------------------ */

static void scan(void *userdata, struct sds_scan *ret)
{
    struct sds_watch_host *host = userdata;

    if (host->is_stale) {
        size_t n = 0;
        const struct sds_service **services = sds_inventory_list(host->live->inventory, &n);

        free(host->interfaces);
        host->interfaces = sds_live_scan(host->live, services, n, &host->scan);
        host->is_stale = false;
        free(services);
    }
    host->scan.reasons = sds_source_reasons(host->live->source, &host->scan.n_reasons);
    host->scan.duration_ms = now_ms(userdata) - host->live->started_ms;
    *ret = host->scan;
}

static struct sds_report report_of(struct sds_watch_host *host, const struct sds_report_item *items,
                                   size_t n)
{
    host->is_stale = true;
    scan(host, &(struct sds_scan){0});
    return (struct sds_report){
        .command = host->opts->cmd->name,
        .scan = &host->scan,
        .registry = host->judge->registry,
        .rules = host->judge->rules,
        .policy = host->judge->site.path,
        .items = items,
        .n_items = n,
    };
}

/* What is typed, "~/" and all; never "-", which elsewhere is standard output: that is the screen.
 * NULL when out of memory. */
static char *path_of(const char *typed)
{
    const char *home = getenv("HOME");

    if (strncmp(typed, "~/", 2) == 0 && home)
        return sds_text_format("%s%s", home, typed + 1);
    return sds_text_format("%s%s", *typed == '/' ? "" : "./", typed);
}

/* A pipe would make the screen wait for a reader, and a terminal may be the screen itself. */
static int need_file(const char *path)
{
    struct stat st;

    if (stat(path, &st) < 0 || S_ISREG(st.st_mode))
        return 0;
    return S_ISDIR(st.st_mode) ? -EISDIR : -ENOTSUP;
}

/* The format that the end of a file's name tells: its own name, or what such files are called. NULL
 * where it tells none. */
static const struct sds_format *format_of(const char *path)
{
    static const char *const others[][2] = {{".txt", "text"}, {".xml", "junit"}};
    const char *dot = strrchr(path, '.');
    const struct sds_format *format = dot ? sds_format_find(dot + 1) : NULL;

    for (size_t i = 0; dot && i < SDS_COUNT(others); i++)
        if (strcmp(dot, others[i][0]) == 0)
            format = sds_format_find(others[i][1]);
    return format && format->report ? format : NULL;
}

static int export(void *userdata, const struct sds_report_item *items, size_t n, const char *path,
                  bool may_replace)
{
    struct sds_watch_host *host = userdata;
    struct sds_report report = report_of(host, items, n);
    const struct sds_format *format = format_of(path);
    SDS_CLEANUP(sds_freep) char *file = path_of(path);
    int r = file ? need_file(file) : -ENOMEM;

    if (r == 0 && !format)
        r = -EINVAL;
    if (r == 0 && !may_replace && access(file, F_OK) == 0)
        r = -EEXIST;
    return r < 0 ? r : sds_output_write(host->opts, format, file, &report);
}

static int print(void *userdata, const struct sds_report_item *items, size_t n, FILE *out)
{
    struct sds_report report = report_of(userdata, items, n);
    const struct sds_style plain = {.details = true};

    report.style = &plain;
    return sds_format_find("text")->report(&report, out);
}

/* ---- recordings --------------------------------------------------------------------------- */

static void put_sighting(void *userdata, const struct sds_service *sighting)
{
    sds_recorder_put_service(userdata, SDS_EVENT_ADDED, sighting);
}

static int end_recording(struct sds_watch_host *host)
{
    sds_recorder_put_end(&host->recorder);
    return sds_recorder_close(&host->recorder);
}

/* End it where nothing more can be written. */
static int end_on_error(struct sds_watch_host *host, int error)
{
    if (error < 0)
        end_recording(host);
    return error;
}

static int begin_recording(struct sds_watch_host *host)
{
    int r = sds_recorder_open(&host->recorder, host->live, host->record_path, false);

    if (r == 0)
        sds_inventory_tell(host->live->inventory, put_sighting, &host->recorder);
    if (r == 0 && host->live->is_settled)
        r = sds_recorder_put_settled(&host->recorder);
    return end_on_error(host, r < 0 ? r : host->recorder.error);
}

static int record(void *userdata, const char *path)
{
    struct sds_watch_host *host = userdata;
    int r;

    if (!path)
        return end_recording(host);
    free(host->record_path);
    host->record_path = path_of(path);
    r = host->record_path ? need_file(host->record_path) : -ENOMEM;
    if (r == 0)
        r = begin_recording(host);
    host->record_error = 0;
    return r;
}

int sds_watch_host_told(struct sds_watch_host *host, enum sds_event_kind kind,
                        const struct sds_service *service, const char *message)
{
    struct sds_recording_line line = {.kind = kind, .message = message};
    int r = 0;

    host->is_stale = true;
    if (!host->recorder.out)
        return 0;
    if (service)
        r = sds_recorder_put_service(&host->recorder, kind, service);
    else if (kind == SDS_EVENT_SETTLED)
        r = sds_recorder_put_settled(&host->recorder);
    else if (kind != SDS_EVENT_ENDED) /* that is the other recording's */
        r = sds_recorder_put(&host->recorder, &line);
    if (r < 0)
        host->record_error = end_on_error(host, r);
    return r;
}

bool sds_watch_host_reset(struct sds_watch_host *host)
{
    bool was_recording = host->recorder.out;

    host->is_stale = true; /* the names of interfaces are those of services that have gone */
    if (was_recording)
        end_recording(host);
    return was_recording;
}

/* ---- beginning and end -------------------------------------------------------------------- */

void sds_watch_host_init(struct sds_watch_host *host, const struct sds_opts *opts,
                         struct sds_live *live, const struct sds_judge *judge,
                         struct sds_screen_host *ret)
{
    *host = (struct sds_watch_host){.opts = opts, .live = live, .judge = judge, .is_stale = true};
    *ret = (struct sds_screen_host){
        .now_ms = now_ms,
        .pace = pace,
        .quit = quit,
        .scan = scan,
        .export = export,
        .print = print,
        .record = record,
        .userdata = host,
    };
    if (!sds_source_can_travel(live->source))
        return;
    ret->length_ms = length_ms;
    ret->pause = set_pause;
    ret->step = step;
    ret->travel = travel;
}

void sds_watch_host_done(struct sds_watch_host *host)
{
    if (host->recorder.out)
        host->record_error = end_recording(host);
    if (host->record_error)
        sds_fail(0, "cannot write '%s': %s", host->record_path, strerror(-host->record_error));
    free(host->record_path);
    free(host->interfaces);
}
