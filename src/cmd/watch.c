/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "base/text.h"
#include "cmd/judge.h"
#include "cmd/live.h"
#include "cmd/watch_host.h"
#include "rules/alike.h"

struct watch {
    struct sds_live live;
    struct sds_judge judge;
    struct sds_alike *alike;         /* what is there now */
    const struct sds_format *format; /* NULL: a screen shows it */
    struct sds_style style;
    struct sds_watch_host host; /* of the screen */
    struct sds_screen *screen;
    struct sds_watch *hangup; /* of the reader */
    int error;                /* of the output; the watch has ended then */
    bool is_over;             /* what it waited for is so, or there is nothing to wait for */
    bool has_come;
};

static void end(struct watch *w)
{
    w->is_over = true;
    sds_loop_quit(w->live.loop);
}

static int write_event(struct watch *w, const struct sds_event *event)
{
    int r;

    errno = 0;
    r = w->format->event(event, &w->style, stdout);
    if (r == 0 && (fflush(stdout) || ferror(stdout)))
        r = -EIO;
    if (r == -EIO && errno) /* why, as far as it is known */
        r = -errno;
    if (r < 0)
        clearerr(stdout); /* status_of() tells it: nobody else shall, who knows less */
    return r;
}

/* @result is the event's, and may be taken; NULL where it has none. */
static void put(struct watch *w, struct sds_event *event, struct sds_result *result)
{
    if (w->is_over)
        return;
    event->time_ms = sds_live_now_ms(&w->live);
    w->error = w->screen ? sds_screen_take(w->screen, event, result) : write_event(w, event);
    if (w->error)
        end(w);
}

/* ---- what is waited for ------------------------------------------------------------------- */

/* Whether a service that the condition speaks of is there; also where nobody can tell. */
static bool is_there(const struct watch *w, const struct sds_until *until)
{
    const struct sds_service **services;
    bool found = false;
    size_t n;

    services = sds_inventory_list(w->live.inventory, &n);
    if (!services)
        return true;
    for (size_t i = 0; i < n && !found; i++)
        found = sds_until_is_of(until, services[i]);
    free(services);
    return found;
}

static bool is_so(const struct watch *w, const struct sds_until *until,
                  const struct sds_event *event)
{
    const struct sds_service *service = event->service;
    bool is_here = service && event->kind != SDS_EVENT_REMOVED;

    switch (until->what) {
    case SDS_UNTIL_THERE:
        return is_here && sds_until_is_of(until, service);
    case SDS_UNTIL_FINDING:
        return is_here && sds_until_is_found(until, event->result);
    case SDS_UNTIL_GONE:
        return w->live.is_settled && !is_here && (!service || sds_until_is_of(until, service)) &&
               !is_there(w, until);
    }
    return false;
}

/* Tell the event, and end where it is what was waited for. */
static void take(struct watch *w, struct sds_event *event, struct sds_result *result)
{
    const struct sds_opts *opts = w->live.opts;

    put(w, event, result);
    for (size_t i = 0; i < opts->until.n && !w->is_over; i++) {
        w->has_come = is_so(w, &opts->until.v[i], event);
        if (w->has_come)
            end(w);
    }
}

/* ---- what happens ------------------------------------------------------------------------- */

/* Check a service beside another that looks like it, or beside none. Of one name there is one. */
static bool check_beside(struct watch *w, const struct sds_service *service,
                         const struct sds_service *other, struct sds_result *ret)
{
    const struct sds_company company = {.listed = &other, .n_listed = other != NULL};

    return sds_judge_service(&w->judge, service, &company, ret) >= 0;
}

static bool check(struct watch *w, const struct sds_service *service, struct sds_result *ret)
{
    size_t n;

    return check_beside(w, service, sds_alike_other(w->alike, service, &n), ret);
}

static void take_service(struct watch *w, struct sds_event *event)
{
    struct sds_result result = {0};

    if (check(w, event->service, &result))
        event->result = &result;
    else
        event->before = NULL; /* nothing to compare it with */
    take(w, event, event->result ? &result : NULL);
    sds_result_done(&result);
}

static bool has_news(const struct sds_event *event)
{
    size_t added = 0, gone = 0;

    return sds_event_next_added(event, &added) || sds_event_next_gone(event, &gone);
}

/* A service is not alone with its name any more, or is so again: of what is found at it, that is
 * news too. Where there are more than two, nothing changes for those that stay, however many. */
static void take_other(struct watch *w, const struct sds_service *name,
                       const struct sds_service *peer, bool is_new)
{
    const struct sds_service *service = sds_inventory_find(w->live.inventory, name);
    struct sds_event event = {.kind = SDS_EVENT_CHANGED, .service = service, .was = service};
    struct sds_result before = {0}, after = {0};

    if (service && check_beside(w, service, is_new ? NULL : peer, &before) &&
        check_beside(w, service, is_new ? peer : NULL, &after)) {
        event.before = &before;
        event.result = &after;
        if (has_news(&event))
            take(w, &event, &after);
    }
    sds_result_done(&before);
    sds_result_done(&after);
}

static void on_added(void *userdata, const struct sds_service *service)
{
    struct watch *w = userdata;
    const struct sds_service *other;
    size_t n;

    take_service(w, &(struct sds_event){.kind = SDS_EVENT_ADDED, .service = service});
    if (sds_alike_add(w->alike, service) < 0)
        sds_source_add_reason(w->live.source, "out of memory: some names were not compared");
    other = sds_alike_other(w->alike, service, &n);
    if (n == 1)
        take_other(w, other, service, true);
}

static void on_changed(void *userdata, const struct sds_service *service,
                       const struct sds_service *before, unsigned changes)
{
    struct sds_result result = {0};
    struct sds_event event = {
        .kind = SDS_EVENT_CHANGED, .service = service, .was = before, .changes = changes};

    if (check(userdata, before, &result))
        event.before = &result;
    take_service(userdata, &event);
    sds_result_done(&result);
}

static void on_removed(void *userdata, const struct sds_service *service)
{
    struct watch *w = userdata;
    const struct sds_service *other;
    size_t n;

    take_service(w, &(struct sds_event){.kind = SDS_EVENT_REMOVED, .service = service});
    sds_alike_remove(w->alike, service);
    other = sds_alike_other(w->alike, service, &n);
    if (n == 1)
        take_other(w, other, service, false);
}

/* What the host of the screen knows, it has to hear before the screen asks for it. */
static void tell_host(struct watch *w, enum sds_event_kind kind, const struct sds_service *service,
                      const char *message)
{
    int r = w->screen ? sds_watch_host_told(&w->host, kind, service, message) : 0;

    if (r < 0)
        sds_screen_end_recording(w->screen, r);
}

static void on_told(void *userdata, enum sds_event_kind kind, const struct sds_service *service)
{
    tell_host(userdata, kind, service, NULL);
}

static void on_reset(void *userdata, int64_t time_ms)
{
    struct watch *w = userdata;

    if (sds_watch_host_reset(&w->host))
        sds_screen_end_recording(w->screen, 0);
    sds_alike_clear(w->alike);
    sds_screen_reset(w->screen, time_ms);
}

/* All reasons for which something may be missing, in one text; NULL where there is none. */
static char *join_reasons(const struct sds_source *source)
{
    size_t n;
    const char *const *reasons = sds_source_reasons(source, &n);
    char *text = NULL;

    for (size_t i = 0; i < n; i++) {
        char *joined = text ? sds_text_format("%s; %s", text, reasons[i])
                            : sds_text_format("incomplete: %s", reasons[i]);

        free(text);
        text = joined;
    }
    return text;
}

static void on_settled(void *userdata)
{
    struct watch *w = userdata;
    SDS_CLEANUP(sds_freep) char *message = join_reasons(w->live.source);

    tell_host(w, SDS_EVENT_SETTLED, NULL, NULL);
    take(w, &(struct sds_event){.kind = SDS_EVENT_SETTLED, .message = message}, NULL);
}

static void on_ended(void *userdata)
{
    struct watch *w = userdata;
    SDS_CLEANUP(sds_freep) char *message = join_reasons(w->live.source);

    tell_host(w, SDS_EVENT_ENDED, NULL, NULL);
    take(w, &(struct sds_event){.kind = SDS_EVENT_ENDED, .message = message}, NULL);
    if (!w->screen) /* which stays, to be looked at */
        end(w);
}

static void on_hangup(void *userdata)
{
    end(userdata);
}

static void on_lost(void *userdata, const char *why)
{
    tell_host(userdata, SDS_EVENT_LOST, NULL, why);
    put(userdata, &(struct sds_event){.kind = SDS_EVENT_LOST, .message = why}, NULL);
}

static void on_back(void *userdata)
{
    tell_host(userdata, SDS_EVENT_BACK, NULL, NULL);
    put(userdata, &(struct sds_event){.kind = SDS_EVENT_BACK}, NULL);
}

/* The exit status of a watch that ran to its end. */
static int status_of(const struct watch *w)
{
    if (w->error == -ENOMEM)
        return sds_fail(SDS_EXIT_USAGE, "out of memory");
    if (w->error && w->error != -EPIPE)
        return sds_fail(SDS_EXIT_USAGE, "cannot write to standard output: %s", strerror(-w->error));
    if (w->has_come || !w->live.opts->until.n)
        return SDS_EXIT_OK;
    return w->live.is_interrupted ? SDS_EXIT_INCOMPLETE : SDS_EXIT_FINDINGS;
}

static int open_screen(struct watch *w, const struct sds_opts *opts)
{
    struct sds_screen_config config = {
        .loop = w->live.loop,
        .registry = w->judge.registry,
        .has_color = w->style.color,
        .has_mouse = !opts->no_mouse,
        .is_ascii = opts->ascii,
    };
    int r;

    sds_watch_host_init(&w->host, opts, &w->live, &w->judge, &config.host);
    r = sds_screen_open(&config, &w->screen);
    return r < 0 ? sds_fail(SDS_EXIT_USAGE, "cannot use the terminal as a screen: %s", strerror(-r))
                 : 0;
}

static int run(struct watch *w, const struct sds_opts *opts)
{
    const struct sds_live_events events = {
        .inventory = {on_added, on_changed, on_removed, w},
        .settled = on_settled,
        .lost = on_lost,
        .back = on_back,
        .ended = on_ended,
        .told = on_told,
        .reset = w->format ? NULL : on_reset,
    };
    struct sds_siphash_key key;
    int status, r;

    if (getrandom(&key, sizeof(key), 0) != sizeof(key) || !(w->alike = sds_alike_new(&key)))
        return sds_fail(SDS_EXIT_USAGE, "out of memory");
    status =
        sds_live_open(&w->live, opts, w->judge.rules, w->judge.registry, &events, opts->timeout_ms);
    if (status == 0 && !w->format)
        status = open_screen(w, opts);
    if (status == 0) {
        w->hangup = sds_watch_new_hangup(w->live.loop, STDOUT_FILENO, on_hangup, w);
        r = sds_live_run(&w->live);
        w->screen = sds_screen_free(w->screen); /* what is to be said is said on a line */
        status = r < 0 ? sds_fail(SDS_EXIT_NO_SOURCE, "cannot wait for events: %s", strerror(-r))
                       : status_of(w);
    }
    sds_watch_free(w->hangup);
    sds_screen_free(w->screen);
    sds_watch_host_done(&w->host);
    sds_live_done(&w->live);
    sds_alike_free(w->alike);
    return status;
}

int sds_cmd_watch(const struct sds_opts *opts)
{
    struct watch w = {
        .format = opts->format,
        .style = sds_output_style(opts, stdout),
    };
    int status = SDS_EXIT_USAGE;

    if (!w.format && (opts->until.n || !sds_screen_is_possible()))
        w.format = sds_format_find(isatty(STDOUT_FILENO) ? "text" : "ndjson");
    if (sds_judge_init(&w.judge, opts) == 0) {
        sds_judge_say_expired(&w.judge);
        status = run(&w, opts);
    }
    sds_judge_done(&w.judge);
    return status;
}
