/* SPDX-License-Identifier: MIT */

/* A capture of somebody's LAN as a source: what was said in it is what there is. */

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <sys/random.h>

#include "base/mem.h"
#include "base/text.h"
#include "discovery/domains.h"
#include "discovery/roster.h"
#include "discovery/source_impl.h"
#include "wire/capture.h"
#include "wire/evidence.h"
#include "wire/replay.h"
#include "wire/told.h"

#define STEPS_PER_TURN 512 /* signals and deadlines get their turn, too */

#define LOOK_MS 1000 /* after how long faults of packets are told: more of them may follow */

SDS_DEFINE_FREEP(struct sds_service, sds_service_free)

struct capture_source {
    struct sds_source source;
    struct sds_capture *capture;
    struct sds_store *store;
    struct sds_conduct *conduct; /* NULL: nobody wants to know */
    struct sds_roster *roster;   /* NULL: what is there at the end is all that is wanted */
    struct sds_replay replay;
    struct sds_past past;
    bool has_past; /* there is a datagram in it */
    int64_t began_ms;
    int64_t look_ms; /* when to tell of packets; INT64_MAX: there is no news */
    uint64_t packet_news;
    struct sds_timer *turn;
    struct sds_progress progress;
};

/* What is told of an instance; nothing where it is not wanted, or named by what is no type. */
static int make(void *userdata, const struct sds_told *told, struct sds_service **ret)
{
    struct capture_source *c = userdata;
    SDS_CLEANUP(sds_service_freep) struct sds_service *service = NULL;
    char link[SDS_CAPTURE_LINK_SIZE];
    int r;

    sds_capture_link_name(c->capture, told->ifindex, link);
    r = sds_told_service(c->store, told, link, &service);
    if (r == -EINVAL || (r == 0 && !sds_source_wants(&c->source.config, service)))
        return 0;
    if (r == 0 && c->conduct)
        r = sds_evidence_judge(c->store, c->conduct, told->ifindex, told->name, link, service);
    if (r == 0)
        *ret = SDS_TAKE(service);
    return r;
}

static void on_event(void *userdata, enum sds_event_kind kind, const struct sds_service *service)
{
    struct capture_source *c = userdata;
    const struct sds_source_events *events = &c->source.config.events;

    if (kind == SDS_EVENT_ADDED) {
        c->progress.instances++;
        c->progress.resolved++;
        events->added(events->userdata, service);
    } else if (kind == SDS_EVENT_CHANGED) {
        events->changed(events->userdata, service);
    } else {
        c->progress.instances--;
        c->progress.resolved--;
        events->removed(events->userdata, service);
    }
}

static int tell(void *userdata, const struct sds_told *told)
{
    SDS_CLEANUP(sds_service_freep) struct sds_service *service = NULL;
    int r = make(userdata, told, &service);

    if (service)
        on_event(userdata, SDS_EVENT_ADDED, service);
    return r;
}

static void add_reason(struct capture_source *c, uint64_t n, const char *what)
{
    SDS_CLEANUP(sds_freep) char *reason = sds_text_format("%" PRIu64 " %s", n, what);

    if (n && reason)
        sds_source_add_reason(&c->source, reason);
}

static void note_losses(struct capture_source *c)
{
    struct sds_capture_counts counts = sds_capture_counts(c->capture);
    const char *flaw = sds_capture_flaw(c->capture);
    SDS_CLEANUP(sds_freep)
    char *reason = flaw ? sds_text_format("the capture is damaged: %s", flaw) : NULL;

    if (reason)
        sds_source_add_reason(&c->source, reason);
    add_reason(c, counts.cut + counts.kinds[SDS_FRAME_CUT],
               "packets of the capture were cut short (snaplen)");
    add_reason(c, counts.damaged, "packets of the capture were damaged");
    add_reason(c, counts.kinds[SDS_FRAME_FRAGMENT],
               "packets of the capture were fragments, which are not put together");
    add_reason(c, counts.kinds[SDS_FRAME_UNKNOWN_LINK],
               "packets of the capture are of a link type that is not known");
    add_reason(c, sds_store_counts(c->store).evicted, "records had to go for want of room");
}

static bool link_name(const void *userdata, int ifindex, char ret[IF_NAMESIZE])
{
    const struct capture_source *c = userdata;

    sds_capture_link_name(c->capture, ifindex, ret);
    return true;
}

/* List them where they are wanted, and else note which were heard of. */
static void tell_domains(struct capture_source *c)
{
    bool is_wanted = c->source.config.wants_domains;
    struct sds_domains heard = {0}, *domains = is_wanted ? &c->source.domains : &heard;
    int r = sds_domains_heard(c->store, is_wanted ? c->source.config.domain : "local", link_name, c,
                              domains);

    sds_domains_sort(domains);
    if (is_wanted)
        sds_source_note_domains_error(&c->source, r);
    else
        sds_source_note_domains(&c->source, domains);
    sds_domains_done(&heard);
}

/* Returns 0 or -ENOMEM. */
static int tell_services(struct capture_source *c)
{
    return c->roster || c->source.config.wants_domains ? 0 : sds_told_walk(c->store, tell, c);
}

static void finish(struct capture_source *c)
{
    const struct sds_source_events *events = &c->source.config.events;

    if (tell_services(c) < 0)
        sds_source_add_reason(&c->source, "out of memory: some services were dropped");
    note_losses(c);
    tell_domains(c);
    events->settled(events->userdata);
    if (c->roster)
        events->ended(events->userdata);
}

/* ---- time ---------------------------------------------------------------------------------- */

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* When the next thing happens, by the time of the capture; INT64_MAX: nothing does any more. */
static int64_t next_ms(struct capture_source *c)
{
    bool has_next = sds_replay_peek(&c->replay);
    int64_t at = has_next ? c->replay.next.time_ms : INT64_MAX;

    if (!c->roster)
        return at; /* only what was said counts, not when */
    at = earlier(at, sds_store_due_ms(c->store));
    at = earlier(at, sds_roster_due_ms(c->roster));
    at = earlier(at, c->look_ms);
    return at > c->replay.now_ms ? at : c->replay.now_ms;
}

/* How long to wait for that, so that time goes as fast as is wanted. */
static int64_t delay_of(const struct capture_source *c, int64_t at_ms)
{
    const struct sds_source_config *config = &c->source.config;

    if (!c->roster || config->speed <= 0)
        return 0;
    return llround((double)(at_ms - c->past.started_ms) / config->speed) -
           (config->clock->mono_ms() - c->began_ms);
}

static void look_at_packets(struct capture_source *c, int64_t now_ms)
{
    uint64_t n_news = c->conduct ? sds_conduct_n_news(c->conduct) : 0;

    if (c->look_ms <= now_ms) {
        c->look_ms = INT64_MAX;
        sds_roster_note_all(c->roster, now_ms);
    }
    if (n_news != c->packet_news && c->look_ms == INT64_MAX)
        c->look_ms = now_ms + LOOK_MS;
    c->packet_news = n_news;
}

/* Let happen what happens at that time; of several datagrams, one. Returns 0 or -ENOMEM. */
static int step(struct capture_source *c, int64_t at_ms)
{
    int r = 0;

    if (at_ms > c->past.now_ms)
        c->past.now_ms = at_ms;
    if (!c->replay.has_next || c->replay.next.time_ms > at_ms)
        sds_replay_pass(&c->replay, at_ms);
    else
        r = sds_replay_step(&c->replay);
    if (c->roster) {
        look_at_packets(c, at_ms);
        r = sds_roster_run(c->roster, at_ms) < 0 ? -ENOMEM : r;
    }
    return r < 0 ? r : 0;
}

static void on_turn(void *userdata)
{
    struct capture_source *c = userdata;
    int64_t delay_ms = 0;

    for (int i = 0; i < STEPS_PER_TURN && delay_ms <= 0; i++) {
        int64_t at_ms = next_ms(c);

        if (at_ms == INT64_MAX) {
            finish(c);
            return;
        }
        delay_ms = delay_of(c, at_ms);
        if (delay_ms <= 0 && step(c, at_ms) < 0)
            sds_source_add_reason(&c->source, "out of memory: some records were dropped");
    }
    sds_timer_set(c->turn, delay_ms);
}

/* ---- the source ---------------------------------------------------------------------------- */

static const char *name(const struct sds_source *source)
{
    (void)source;
    return "capture";
}

static struct sds_progress progress(const struct sds_source *source)
{
    return ((const struct capture_source *)source)->progress;
}

static const struct sds_past *past(const struct sds_source *source)
{
    const struct capture_source *c = (const struct capture_source *)source;

    return c->has_past ? &c->past : NULL;
}

static void stop(struct sds_source *source)
{
    (void)source; /* what was read in part would only mislead */
}

static void source_free(struct sds_source *source)
{
    struct capture_source *c = (struct capture_source *)source;

    sds_timer_free(c->turn);
    sds_roster_free(c->roster);
    sds_conduct_free(c->conduct);
    sds_store_free(c->store);
    sds_capture_free(c->capture);
}

static const struct sds_source_ops ops = {
    .name = name,
    .progress = progress,
    .past = past,
    .stop = stop,
    .free = source_free,
};

static void on_change(void *userdata, const struct sds_store_change *change)
{
    struct capture_source *c = userdata;

    if (c->roster && sds_roster_note(c->roster, change, c->replay.now_ms) < 0)
        sds_source_add_reason(&c->source, "out of memory: some services were dropped");
}

static int prepare_stores(struct capture_source *c)
{
    const struct sds_source_config *config = &c->source.config;
    struct sds_store_config store = {
        .max_records = SDS_STORE_RECORDS_MAX,
        .max_bytes = SDS_STORE_BYTES_MAX,
        .is_lasting = true,
        .changed = on_change,
        .userdata = c,
    };
    struct sds_roster_config roster = {.make = make, .event = on_event, .userdata = c};

    if (getrandom(&store.key, sizeof(store.key), 0) != sizeof(store.key))
        return -EIO;
    c->store = sds_store_new(&store);
    roster.store = c->store;
    roster.key = store.key;
    if (config->judges_packets)
        c->conduct = sds_conduct_new(&store.key);
    if (config->is_continuous)
        c->roster = sds_roster_new(&roster);
    return c->store && (c->conduct || !config->judges_packets) &&
                   (c->roster || !config->is_continuous)
               ? 0
               : -ENOMEM;
}

/* The time that a capture tells of begins with its first datagram. */
static void prepare_time(struct capture_source *c)
{
    const struct sds_source_config *config = &c->source.config;

    c->look_ms = INT64_MAX;
    c->began_ms = config->clock->mono_ms();
    c->has_past = sds_replay_peek(&c->replay);
    if (c->has_past)
        c->past = (struct sds_past){
            .started_ms = c->replay.next.time_ms,
            .now_ms = c->replay.next.time_ms,
            .domain = config->domain,
            .types = config->types,
            .n_types = config->n_types,
        };
}

static int prepare(struct capture_source *c, const char *path, char **ret_error)
{
    int r = sds_capture_open(path, &c->capture, ret_error);

    if (r == 0)
        r = prepare_stores(c);
    if (r < 0)
        return r;
    c->turn = sds_timer_new(c->source.config.loop, on_turn, c);
    if (!c->turn)
        return -ENOMEM;
    c->replay =
        (struct sds_replay){.capture = c->capture, .store = c->store, .conduct = c->conduct};
    prepare_time(c);
    sds_timer_set(c->turn, 0);
    return 0;
}

int sds_source_open_capture(const char *path, const struct sds_source_config *config,
                            struct sds_source **ret, char **ret_error)
{
    struct capture_source *c = calloc(1, sizeof(*c));
    int r;

    *ret_error = NULL;
    if (!c)
        return -ENOMEM;
    c->source.ops = &ops;
    c->source.config = *config;
    r = prepare(c, path, ret_error);
    if (r < 0)
        sds_source_free(&c->source);
    else
        *ret = &c->source;
    return r;
}
