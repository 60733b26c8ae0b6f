/* SPDX-License-Identifier: MIT */
#include "cmd/watch_host.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

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

/* The format that the end of a file's name tells; NULL where it tells none. */
static const struct sds_format *format_of(const char *path)
{
    static const char *const formats[][2] = {
        {".txt", "text"}, {".json", "json"},   {".ndjson", "ndjson"},
        {".csv", "csv"},  {".sarif", "sarif"}, {".xml", "junit"},
    };
    const char *dot = strrchr(path, '.');

    for (size_t i = 0; dot && i < SDS_COUNT(formats); i++)
        if (strcmp(dot, formats[i][0]) == 0)
            return sds_format_find(formats[i][1]);
    return NULL;
}

static int export(void *userdata, const struct sds_report_item *items, size_t n, const char *path)
{
    struct sds_watch_host *host = userdata;
    struct sds_report report = report_of(host, items, n);
    const struct sds_format *format = format_of(path);

    return format ? sds_output_write(host->opts, format, path, &report) : -EINVAL;
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
    int r;

    sds_recorder_put_end(&host->recorder);
    r = sds_recorder_close(&host->recorder);
    free(SDS_TAKE(host->record_path));
    return r;
}

static int record(void *userdata, const char *path)
{
    struct sds_watch_host *host = userdata;
    int r;

    if (!path)
        return end_recording(host);
    host->record_path = strdup(path);
    r = host->record_path ? sds_recorder_open(&host->recorder, host->live, host->record_path, false)
                          : -ENOMEM;
    if (r < 0) {
        free(SDS_TAKE(host->record_path));
        return r;
    }
    sds_inventory_tell(host->live->inventory, put_sighting, &host->recorder);
    return host->live->is_settled ? sds_recorder_put_settled(&host->recorder)
                                  : host->recorder.error;
}

void sds_watch_host_told(struct sds_watch_host *host, enum sds_event_kind kind,
                         const struct sds_service *service, const char *message)
{
    struct sds_recording_line line = {.kind = kind, .message = message};

    host->is_stale = true;
    if (!host->recorder.out)
        return;
    if (service)
        sds_recorder_put_service(&host->recorder, kind, service);
    else if (kind == SDS_EVENT_SETTLED)
        sds_recorder_put_settled(&host->recorder);
    else if (kind != SDS_EVENT_ENDED) /* that is the other recording's */
        sds_recorder_put(&host->recorder, &line);
}

void sds_watch_host_reset(struct sds_watch_host *host)
{
    host->is_stale = true; /* the names of interfaces are those of services that have gone */
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
    ret->pause = set_pause;
    ret->step = step;
    ret->travel = travel;
}

void sds_watch_host_done(struct sds_watch_host *host)
{
    if (host->recorder.out)
        end_recording(host);
    free(host->interfaces);
}
