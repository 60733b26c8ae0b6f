/* SPDX-License-Identifier: MIT */

/* Asks a link for its service types (type.c), each type for its instances, each instance for its
 * SRV and TXT records, and each SRV target for its addresses (instance.c). */

#include <assert.h>
#include <errno.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "base/ascii.h"
#include "base/mem.h"
#include "base/text.h"
#include "discovery/browser_impl.h"

#define QUIET_MS      300
#define SURE_QUIET_MS 120 /* where all was heard: what a responder waits (RFC 6762 6) */

#define WAKE_MS 2 /* answers come in bursts */

#define UNREAD_MS 10 /* for who asks to read what has come */

/* A process that was stopped, or got no turn, has answers waiting that it did not read, and looks
 * at its timers before or after these. Until everything is settled, it looks this often whether it
 * was. */
#define PULSE_MS 100
#define LATE_MS  150

/* Who is asked nothing does not show that it hangs: a watch looks this often. */
#define ALIVE_EVERY_MS 20000

#define NEVER INT64_MAX

int sds_node_cmp(const void *a, const void *b)
{
    return strcmp(((const struct node *)a)->key, ((const struct node *)b)->key);
}

void *sds_node_find(void *const *tree, char *key)
{
    struct node wanted = {key};
    void **found = tfind(&wanted, tree, sds_node_cmp);

    return found ? *found : NULL;
}

/* A name on an interface as DNS compares it, ASCII case ignored; NULL when out of memory. */
char *sds_node_key(const struct sds_name *name, int ifindex)
{
    SDS_CLEANUP(sds_freep) char *text = sds_name_format(name, 0, SDS_LABELS_ALL);

    if (!text)
        return NULL;
    for (char *p = text; *p; p++)
        *p = (char)sds_fold(*p);
    return sds_text_format("%s%%%d", text, ifindex);
}

void sds_browser_out_of_memory(struct browser *b)
{
    sds_source_add_reason(&b->source, "out of memory: some services were dropped");
}

int64_t sds_browser_now_ms(const struct browser *b)
{
    return b->source.config.clock->mono_ms();
}

static void set_timer(struct browser *b, int64_t now, int64_t delay_ms)
{
    b->due_ms = now + delay_ms;
    sds_timer_set(b->timer, delay_ms);
}

/* How late a timer is that has not ended yet, or ends now: time in which nobody listened. */
static void note_lateness(struct browser *b, int64_t now)
{
    if (b->due_ms != NEVER && now - b->due_ms > b->late_ms)
        b->late_ms = now - b->due_ms;
}

void sds_browser_wake(struct browser *b)
{
    int64_t now = sds_browser_now_ms(b);

    if (b->is_awake)
        return;
    b->is_awake = true;
    note_lateness(b, now); /* a socket may be looked at before the timer */
    set_timer(b, now, WAKE_MS);
}

static void on_wake(void *userdata)
{
    sds_browser_wake(userdata);
}

/* ---- the whole --------------------------------------------------------------------------- */

static int64_t run_dirty(struct browser *b, int64_t now)
{
    struct instance *instance, *after;
    int64_t next = INT64_MAX;

    for (instance = TAILQ_FIRST(&b->dirty); instance; instance = after) {
        after = TAILQ_NEXT(instance, dirty);
        if (instance->due_ms > now) {
            next = instance->due_ms < next ? instance->due_ms : next;
            continue;
        }
        TAILQ_REMOVE(&b->dirty, instance, dirty);
        instance->is_dirty = false;
        sds_instance_update(instance);
    }
    return next;
}

/* After the source was lost and came back, what nobody names again is gone. */
static void drop_unseen(struct browser *b)
{
    struct instance *instance;

    sds_browser_review_types(b);
    TAILQ_FOREACH (instance, &b->instances, all)
        sds_instance_give_up(instance);
}

/* Whoever has a subtype has said so by now. */
static void settle_subtypes(struct browser *b)
{
    struct instance *instance;
    struct subtype *subtype;
    struct type *type;

    TAILQ_FOREACH (type, &b->types, all)
        TAILQ_FOREACH (subtype, &type->subtypes, all)
            subtype->is_settled = true;
    TAILQ_FOREACH (instance, &b->instances, all)
        if (instance->is_told && sds_type_has_subtypes(instance->type))
            sds_instance_tell(instance);
}

static int64_t later(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

/* When all that can answer the lasting questions has done so, and it is quiet. Answers that are
 * held back or left to another round are none that who is sure has to wait for. */
static int64_t settled_at(const struct browser *b)
{
    const struct sds_querier_ops *ops = b->querier->ops;
    int64_t sure = ops->sure_ms ? ops->sure_ms(b->querier) : INT64_MAX;
    int64_t at = later(b->asker.last_lasting_ms + ops->settle_ms, sds_browser_answers_due_ms(b));

    if (sure < at)
        return later(sure, b->asker.last_event_ms + SURE_QUIET_MS);
    return later(at, b->asker.last_event_ms + QUIET_MS);
}

/* Besides services. */
static void tell_rest(struct browser *b)
{
    sds_browser_note_losses(b);
    sds_browser_note_departed(b);
    sds_browser_note_reach(b);
    sds_browser_tell_domains(b);
    sds_browser_note_domains(b);
}

/* Where nobody confirms what multicast tells, its third round may bring what the first two lost;
 * but nothing that there is no room for. */
static int64_t settled_alone_at(const struct browser *b, int64_t at)
{
    const struct sds_querier_ops *ops = b->querier->ops;

    if (!ops->alone_ms || b->querier->is_full || (ops->is_alone && !ops->is_alone(b->querier)))
        return at;
    return later(at, b->asker.last_lasting_ms + ops->alone_ms);
}

/* Returns when to look again, or INT64_MAX. */
static int64_t run_settling(struct browser *b, int64_t now)
{
    int64_t at;

    if (b->is_settled || b->is_lost || !sds_asker_is_idle(&b->asker) || !TAILQ_EMPTY(&b->dirty))
        return INT64_MAX; /* what is outstanding brings us back */
    at = settled_at(b);
    if (at <= now)
        at = settled_alone_at(b, at);
    if (at > now)
        return at;
    if (sds_querier_has_unread(b->querier))
        return now + UNREAD_MS;
    if (!sds_querier_is_alive(b->querier))
        return INT64_MAX; /* silence of one who hangs means nothing */
    if (b->alive_ms < at) {
        b->alive_ms = now; /* what it had said before is to be read now */
        return now + UNREAD_MS;
    }
    sds_browser_tell_packets(b);
    b->is_settled = true;
    settle_subtypes(b);
    tell_rest(b);
    drop_unseen(b);
    b->source.config.events.settled(b->source.config.events.userdata);
    return INT64_MAX;
}

/* Returns when to look again, or INT64_MAX. */
static int64_t run_alive(struct browser *b, int64_t now)
{
    if (!b->is_settled || b->is_lost || !b->asker.is_continuous || !b->querier->ops->is_alive)
        return INT64_MAX;
    if (b->alive_ms + ALIVE_EVERY_MS <= now) {
        (void)sds_querier_is_alive(b->querier); /* it tells of itself where it is not */
        b->alive_ms = now;
    }
    return b->alive_ms + ALIVE_EVERY_MS;
}

/* ---- its turns --------------------------------------------------------------------------- */

/* Time in which nobody listened does not count; after the first such time, answers get a while. */
static void excuse_lateness(struct browser *b)
{
    bool was_late = b->is_late;

    b->is_late = b->late_ms > LATE_MS;
    if (b->is_late)
        sds_asker_excuse(&b->asker, was_late ? b->late_ms : b->late_ms + QUIET_MS);
    b->late_ms = 0;
}

static void run(void *userdata)
{
    struct browser *b = userdata;
    int64_t now, next, at;

    if (b->hangs)
        sds_browser_leave_querier(b);
    now = sds_browser_now_ms(b);
    b->is_awake = false;
    note_lateness(b, now);
    b->due_ms = NEVER;
    excuse_lateness(b);
    next = sds_asker_run(&b->asker);
    at = run_dirty(b, now);
    next = at < next ? at : next;
    at = run_settling(b, now);
    next = at < next ? at : next;
    at = run_alive(b, now);
    next = at < next ? at : next;
    at = sds_browser_run_packets(b, now);
    next = at < next ? at : next;
    at = sds_browser_forget_types(b, now);
    next = at < next ? at : next;
    if (!b->is_settled && !b->is_lost && next > now + PULSE_MS)
        next = now + PULSE_MS;
    if (next != INT64_MAX && !b->is_awake)
        set_timer(b, now, next > now ? next - now : 0);
    /* Calls to a daemon wait for its answer: this took long where the process was stopped in one.
     */
    at = sds_browser_now_ms(b) - now;
    b->late_ms = at > b->late_ms ? at : b->late_ms;
}

static void on_failed(void *userdata, const char *reason)
{
    struct browser *b = userdata;

    sds_source_add_reason(&b->source, reason);
}

static const char *browser_name(const struct sds_source *source)
{
    return ((const struct browser *)source)->querier->ops->name;
}

static bool browser_queries(const struct sds_source *source, struct sds_traffic *ret)
{
    const struct browser *b = (const struct browser *)source;

    if (!sds_browser_witness(b))
        return false;
    *ret = sds_browser_traffic(b);
    return true;
}

static struct sds_progress browser_progress(const struct sds_source *source)
{
    return ((const struct browser *)source)->progress;
}

static void browser_stop(struct sds_source *source)
{
    struct browser *b = (struct browser *)source;
    SDS_CLEANUP(sds_freep) char *reason = NULL;
    struct instance *instance;
    size_t n_unresolved = 0;

    tell_rest(b);
    sds_browser_tell_packets(b);
    TAILQ_FOREACH (instance, &b->instances, all) {
        if (instance->is_told)
            continue;
        sds_instance_tell(instance);
        n_unresolved++;
    }
    if (!n_unresolved)
        return;
    reason = sds_text_format("%zu service%s not resolved in time", n_unresolved,
                             n_unresolved == 1 ? " was" : "s were");
    if (reason)
        sds_source_add_reason(source, reason);
}

static void keep(void *node)
{
    (void)node; /* the lists own the nodes */
}

static void browser_free(struct sds_source *source)
{
    struct browser *b = (struct browser *)source;
    struct type *type;

    if (b->querier)
        sds_querier_close(b->querier);
    while (!TAILQ_EMPTY(&b->instances))
        sds_instance_free(TAILQ_FIRST(&b->instances)); /* the last one of a host frees it */
    tdestroy(b->types_by_key, keep);
    while ((type = TAILQ_FIRST(&b->types))) {
        TAILQ_REMOVE(&b->types, type, all);
        sds_type_free(type);
    }
    sds_question_done(&b->meta);
    for (size_t i = 0; i < SDS_COUNT(b->domains); i++)
        sds_question_done(&b->domains[i]);
    assert(!b->instances_by_key && !b->hosts_by_key);
    if (b->querier)
        b->querier->ops->free(b->querier);
    sds_timer_free(b->timer);
}

static const struct sds_source_ops ops = {
    .name = browser_name,
    .progress = browser_progress,
    .queries = browser_queries,
    .stop = browser_stop,
    .free = browser_free,
};

int sds_browser_new(const struct sds_source_config *config, sds_querier_new_fn *first_new,
                    sds_querier_new_fn *instead_new, struct sds_source **ret, char **ret_error)
{
    struct browser *b = calloc(1, sizeof(*b));
    int r = -ENOMEM;

    if (!b)
        return -ENOMEM;
    b->source.ops = &ops;
    b->source.config = *config;
    b->due_ms = NEVER;
    TAILQ_INIT(&b->types);
    TAILQ_INIT(&b->gone);
    TAILQ_INIT(&b->instances);
    TAILQ_INIT(&b->dirty);
    sds_name_parse(config->domain, &b->domain);
    sds_browser_note_present(b);
    b->timer = sds_timer_new(config->loop, run, b);
    if (b->timer)
        r = sds_browser_take_querier(b, first_new, ret_error);
    if (r == 0) {
        b->instead_new = instead_new;
        b->asker.clock = config->clock;
        b->asker.is_continuous = config->is_continuous;
        b->asker.wake = on_wake;
        b->asker.failed = on_failed;
        b->asker.userdata = b;
        sds_asker_init(&b->asker);
        r = config->wants_domains ? sds_browser_ask_for_domains(b) : sds_browser_ask_for_types(b);
    }
    if (r < 0) {
        sds_source_free(&b->source);
        return r;
    }
    *ret = &b->source;
    return 0;
}
