/* SPDX-License-Identifier: MIT */
#include "cmd/live.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "cmd/services.h"
#include "cmd/type_word.h"

#define TICK_MS 100

#define DEMO_SPEED 30 /* something happens at once, and there is time to read it */

static void on_deadline(void *userdata)
{
    struct sds_live *live = userdata;

    live->is_late = true;
    sds_loop_quit(live->loop);
}

static void on_signal(void *userdata)
{
    struct sds_live *live = userdata;
    struct signalfd_siginfo info;

    if (read(live->signal_fd, &info, sizeof(info)) != sizeof(info))
        return;
    live->is_interrupted = true;
    sds_loop_quit(live->loop);
}

static void clear_progress(struct sds_live *live)
{
    if (live->shows_progress)
        fputs("\r\033[K", stderr);
}

static void on_tick(void *userdata)
{
    static const char *const frames[] = {"⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"};
    struct sds_live *live = userdata;
    struct sds_progress progress = sds_source_progress(live->source);
    const char *frame = frames[live->n_ticks++ % SDS_COUNT(frames)];

    fprintf(stderr, "\r\033[K%s %.1f s  %zu type%s, %zu service%s, %zu resolved", frame,
            live->n_ticks * TICK_MS / 1000.0, progress.types, progress.types == 1 ? "" : "s",
            progress.instances, progress.instances == 1 ? "" : "s", progress.resolved);
    sds_timer_set(live->ticker, TICK_MS);
}

/* ---- what the source tells ---------------------------------------------------------------- */

static void tell(struct sds_live *live, enum sds_event_kind kind, const struct sds_service *service)
{
    if (live->events && live->events->told)
        live->events->told(live->events->inventory.userdata, kind, service);
}

static void see(struct sds_live *live, const struct sds_service *service)
{
    if (sds_inventory_see(live->inventory, service) < 0)
        sds_source_add_reason(live->source, "out of memory: some services were dropped");
}

static void on_added(void *userdata, const struct sds_service *service)
{
    tell(userdata, SDS_EVENT_ADDED, service);
    see(userdata, service);
}

static void on_changed(void *userdata, const struct sds_service *service)
{
    tell(userdata, SDS_EVENT_CHANGED, service);
    see(userdata, service);
}

static void on_removed(void *userdata, const struct sds_service *service)
{
    struct sds_live *live = userdata;

    tell(live, SDS_EVENT_REMOVED, service);
    if (sds_inventory_lose(live->inventory, service) < 0)
        sds_source_add_reason(live->source, "out of memory: some services were dropped");
}

static void on_settled(void *userdata)
{
    struct sds_live *live = userdata;

    live->is_settled = true;
    if (live->events)
        live->events->settled(live->events->inventory.userdata);
    else
        sds_loop_quit(live->loop);
}

static void on_lost(void *userdata, const char *why)
{
    struct sds_live *live = userdata;

    if (live->events)
        live->events->lost(live->events->inventory.userdata, why);
}

static void on_back(void *userdata)
{
    struct sds_live *live = userdata;

    if (live->events)
        live->events->back(live->events->inventory.userdata);
}

static void on_ended(void *userdata)
{
    struct sds_live *live = userdata;

    if (live->events && live->events->ended)
        live->events->ended(live->events->inventory.userdata);
    else
        sds_loop_quit(live->loop);
}

static void on_reset(void *userdata, int64_t time_ms)
{
    struct sds_live *live = userdata;

    live->is_settled = false;
    sds_inventory_clear(live->inventory);
    live->events->reset(live->events->inventory.userdata, time_ms);
}

/* ---- beginning and end -------------------------------------------------------------------- */

static int watch_signals(struct sds_live *live)
{
    sigset_t set;

    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGHUP);
    sigprocmask(SIG_BLOCK, &set, NULL);
    live->signal_fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    if (live->signal_fd < 0)
        return -errno;
    live->signals = sds_watch_new(live->loop, live->signal_fd, on_signal, live);
    return live->signals ? 0 : -ENOMEM;
}

static bool can_show_progress(void)
{
    const char *term = getenv("TERM");

    return isatty(STDERR_FILENO) && term && strcmp(term, "dumb") != 0;
}

static int prepare(struct sds_live *live, const struct sds_live_events *events, long timeout_ms)
{
    static const struct sds_inventory_events silent;

    live->loop = sds_loop_new();
    live->inventory = sds_inventory_new(events ? &events->inventory : &silent);
    if (!live->loop || !live->inventory)
        return -ENOMEM;
    live->deadline = sds_timer_new(live->loop, on_deadline, live);
    live->ticker = sds_timer_new(live->loop, on_tick, live);
    if (!live->deadline || !live->ticker)
        return -ENOMEM;
    if (timeout_ms)
        sds_timer_set(live->deadline, timeout_ms);
    return watch_signals(live);
}

/* Whether a rule about packets runs. */
static bool judges_packets(const struct sds_ruleset *rules)
{
    for (size_t i = 0; i < sds_n_rules(); i++) {
        const struct sds_rule *rule = sds_rule_at(i);

        if (rule->needs & SDS_EVIDENCE_PACKETS && sds_ruleset_severity(rules, rule))
            return true;
    }
    return false;
}

/* A recording is watched as it was, and else read at once. */
static double speed_of(const struct sds_opts *opts)
{
    if (opts->speed >= 0)
        return opts->speed;
    if (opts->cmd->bit == SDS_CMD_DEMO)
        return DEMO_SPEED;
    return opts->cmd->bit == SDS_CMD_WATCH ? 1 : 0;
}

static int open_source(struct sds_live *live, const struct sds_ruleset *rules)
{
    const struct sds_opts *opts = live->opts;
    const struct sds_source_config config = {
        .loop = live->loop,
        .clock = &sds_system_clock,
        .interface = opts->interface,
        .family = opts->family,
        .domain = opts->domain,
        .types = (const char *const *)opts->args,
        .n_types = (size_t)opts->n_args,
        /* whoever replays a recording chooses rules then */
        .judges_packets = opts->cmd->bit == SDS_CMD_RECORD || (rules && judges_packets(rules)),
        .wants_domains = opts->domains,
        .guesses = (const char *const *)live->wanted.guesses.v,
        .n_guesses = live->wanted.guesses.n,
        .subtypes = live->wanted.subtypes.v,
        .n_subtypes = live->wanted.subtypes.n,
        .is_continuous = live->events != NULL,
        .speed = live->speed,
        .events = {on_added, on_changed, on_removed, on_settled, on_lost, on_back, on_ended,
                   live->events && live->events->reset ? on_reset : NULL, live},
    };
    SDS_CLEANUP(sds_freep) char *error = NULL;
    int r = opts->pcap ? sds_source_open_capture(opts->pcap, &config, &live->source, &error)
                       : sds_source_open(opts->source, &config, &live->source, &error);

    if (r < 0 && opts->pcap)
        return sds_fail(SDS_EXIT_USAGE, "cannot read '%s': %s", sds_file_name(opts->pcap),
                        error ? error : strerror(-r));
    if (r < 0)
        return sds_fail(sds_source_is_recording(opts->source) ? SDS_EXIT_USAGE : SDS_EXIT_NO_SOURCE,
                        "%s", error ? error : strerror(-r));
    if (sds_source_past(live->source))
        live->started_ms = sds_source_past(live->source)->started_ms;
    return 0;
}

static int check_types(const struct sds_opts *opts)
{
    int r = 0;

    for (int i = 0; i < opts->n_args && r == 0; i++)
        r = sds_type_word_need(opts->args[i]);
    return r;
}

int sds_live_open(struct sds_live *live, const struct sds_opts *opts,
                  const struct sds_ruleset *rules, const struct sds_registry *registry,
                  const struct sds_live_events *events, long timeout_ms)
{
    int r = check_types(opts);

    *live = (struct sds_live){.opts = opts, .events = events, .signal_fd = -1};
    if (r == 0)
        r = sds_wanted_init(&live->wanted, opts, registry);
    if (r)
        return r;
    if (opts->pcap && (opts->interface || opts->family != AF_UNSPEC))
        return sds_fail(SDS_EXIT_USAGE, "a capture has links of its own: --pcap does not go with "
                                        "--interface, --ipv4 or --ipv6");
    r = prepare(live, events, timeout_ms);
    if (r < 0)
        return sds_fail(SDS_EXIT_NO_SOURCE, "cannot begin: %s", strerror(-r));
    live->started_ms = sds_system_clock.wall_ms();
    live->speed = speed_of(opts);
    live->shows_progress = !events && !opts->domains && can_show_progress();
    return open_source(live, rules);
}

int64_t sds_live_now_ms(const struct sds_live *live)
{
    const struct sds_past *past = sds_source_past(live->source);

    return past ? past->now_ms : sds_system_clock.wall_ms();
}

int sds_live_run(struct sds_live *live)
{
    int64_t started = sds_system_clock.mono_ms();
    int r;

    if (live->shows_progress)
        on_tick(live);
    r = sds_loop_run(live->loop);
    clear_progress(live);
    if (!live->is_settled && live->is_late)
        sds_source_add_reason(live->source, "the time was up before everything had answered");
    if (!live->is_settled && live->is_interrupted)
        sds_source_add_reason(live->source, "interrupted");
    if (!live->is_settled && !live->events)
        sds_source_stop(live->source);
    live->duration_ms = sds_source_past(live->source) ? sds_live_now_ms(live) - live->started_ms
                                                      : sds_system_clock.mono_ms() - started;
    return r;
}

/* ---- how it went -------------------------------------------------------------------------- */

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

const char **sds_live_scan(const struct sds_live *live, const struct sds_service *const *services,
                           size_t n, struct sds_scan *ret)
{
    const struct sds_past *past = sds_source_past(live->source);
    struct sds_traffic queries = {0};
    const char **interfaces;

    *ret = (struct sds_scan){
        .source = sds_source_name(live->source),
        .types = (const char *const *)live->opts->args,
        .n_types = (size_t)live->opts->n_args,
        .domain = live->opts->domain,
        .started_ms = live->started_ms,
        .duration_ms = live->duration_ms,
    };
    ret->counts_queries = sds_source_queries(live->source, &queries);
    ret->n_query_packets = queries.packets;
    ret->n_query_bytes = queries.bytes;
    ret->is_beside_avahi = queries.is_beside_avahi;
    if (past && !ret->domain)
        ret->domain = past->domain;
    if (past && !ret->n_types) {
        ret->types = past->types;
        ret->n_types = past->n_types;
    }
    interfaces = interfaces_of(services, n, &ret->n_interfaces);
    ret->interfaces = interfaces;
    ret->reasons = sds_source_reasons(live->source, &ret->n_reasons);
    ret->notes = sds_source_notes(live->source, &ret->n_notes);
    ret->is_complete = live->is_settled && !ret->n_reasons;
    return interfaces;
}

void sds_live_done(struct sds_live *live)
{
    sds_source_free(live->source);
    sds_wanted_done(&live->wanted);
    sds_inventory_free(live->inventory);
    sds_timer_free(live->deadline);
    sds_timer_free(live->ticker);
    sds_watch_free(live->signals);
    if (live->signal_fd >= 0)
        close(live->signal_fd);
    sds_loop_free(live->loop);
}
