/* SPDX-License-Identifier: MIT */

/* Who asks for a browser: what becomes of its questions where he is lost or comes back, and who
 * takes over where he hangs. */

#include <stdlib.h>

#include "base/mem.h"
#include "base/text.h"
#include "discovery/browser_impl.h"
#include "discovery/listener.h"

/* More instances than this that nothing but the name is known of: a flood. */
#define UNTOLD_MAX 4096

static void for_each_question(struct browser *b, void (*fn)(struct sds_question *question))
{
    struct instance *instance;
    struct type *type;

    fn(&b->meta);
    for (size_t i = 0; i < SDS_COUNT(b->domains); i++)
        fn(&b->domains[i]);
    TAILQ_FOREACH (type, &b->types, all) {
        struct subtype *subtype;

        fn(&type->ptr);
        TAILQ_FOREACH (subtype, &type->subtypes, all)
            fn(&subtype->ptr);
    }
    TAILQ_FOREACH (instance, &b->instances, all) {
        fn(&instance->srv);
        fn(&instance->txt);
        if (instance->host && TAILQ_FIRST(&instance->host->instances) == instance) {
            fn(&instance->host->a);
            fn(&instance->host->aaaa);
            fn(&instance->host->cname);
        }
    }
}

static void tell_lost(struct browser *b, const char *why)
{
    b->source.config.events.lost(b->source.config.events.userdata, why);
}

static void on_lost(void *userdata, const char *why)
{
    struct browser *b = userdata;

    b->is_lost = true;
    for_each_question(b, sds_question_suspend);
    if (b->hangs)
        return; /* another one is about to ask */
    sds_source_add_reason(&b->source, why);
    tell_lost(b, why);
}

static void on_back(void *userdata)
{
    struct browser *b = userdata;
    struct instance *instance;
    struct type *type;

    TAILQ_FOREACH (type, &b->types, all)
        type->n_listed = 0;
    TAILQ_FOREACH (instance, &b->instances, all)
        sds_instance_await(instance);
    b->is_lost = b->is_settled = b->querier->is_full = false;
    for_each_question(b, sds_question_reset);
    b->source.config.events.back(b->source.config.events.userdata);
}

/* Of who asks; within its calls, too. */
static void on_hangs(void *userdata, const char *why)
{
    struct browser *b = userdata;

    if (!b->instead_new)
        return; /* there is none but to wait */
    b->hangs = why;
    sds_browser_wake(b);
}

static void on_pointer(void *userdata, struct sds_span owner)
{
    sds_browser_heard_pointer(userdata, owner);
}

static int querier_new(struct browser *b, sds_querier_new_fn *new_fn, struct sds_querier **ret,
                       char **ret_error)
{
    const struct sds_querier_config config = {
        .loop = b->source.config.loop,
        .clock = b->source.config.clock,
        .interface = b->source.config.interface,
        .family = b->source.config.family,
        .judges_packets = b->source.config.judges_packets,
        .events = {on_lost, on_back, on_hangs, on_pointer, b},
    };

    return new_fn(&config, ret, ret_error);
}

static void set_querier(struct browser *b, struct sds_querier *querier)
{
    b->querier = b->asker.querier = querier;
    b->asker.n_refused = 0;
    b->drops_before = sds_browser_drops(b);
    b->evicted_before = b->turned_away_before = b->foreign_before = b->packet_news = 0;
}

/* Names of a flood, which has new ones for whoever asks next: both were too many to keep. */
static void forget_flood(struct browser *b)
{
    SDS_CLEANUP(sds_freep) char *reason = NULL;
    struct instance *instance, *after;
    size_t n = 0;

    if (b->progress.instances - b->progress.resolved <= UNTOLD_MAX)
        return;
    for (instance = TAILQ_FIRST(&b->instances); instance; instance = after) {
        after = TAILQ_NEXT(instance, all);
        if (!instance->is_told) {
            sds_instance_free(instance);
            n++;
        }
    }
    reason = sds_text_format("%zu names of which nothing else was known were forgotten: somebody "
                             "floods the link",
                             n);
    if (reason)
        sds_source_add_reason(&b->source, reason);
}

int sds_browser_take_querier(struct browser *b, sds_querier_new_fn *first_new, char **ret_error)
{
    struct sds_querier *querier;
    int r = querier_new(b, first_new, &querier, ret_error);

    if (r == 0)
        set_querier(b, querier);
    return r;
}

struct sds_traffic sds_browser_traffic(const struct browser *b)
{
    const struct sds_listener *listener = sds_browser_witness(b);
    struct sds_traffic all = b->traffic_before;

    if (listener) {
        struct sds_listener_counts counts = sds_listener_counts(listener);

        all.packets += counts.sent;
        all.bytes += counts.sent_bytes;
    }
    all.is_beside_avahi |= !b->querier->ops->asks_itself;
    return all;
}

/* Another one asks from now on, for everything: what was heard so far is no longer kept alive. */
static void ask_instead(struct browser *b, struct sds_querier *other, const char *why)
{
    SDS_CLEANUP(sds_freep) char *note = sds_text_format("%s: sdscope asked by itself", why);

    if (note)
        sds_source_add_note(&b->source, note);
    sds_browser_tell_packets(b);
    sds_browser_note_counts(b);
    tell_lost(b, why);
    b->traffic_before = sds_browser_traffic(b);
    sds_querier_close(b->querier);
    for_each_question(b, sds_question_suspend);
    b->querier->ops->free(b->querier);
    forget_flood(b);
    set_querier(b, other);
    on_back(b);
}

void sds_browser_leave_querier(struct browser *b)
{
    sds_querier_new_fn *instead_new = SDS_TAKE(b->instead_new);
    const char *why = SDS_TAKE(b->hangs);
    SDS_CLEANUP(sds_freep) char *error = NULL;
    struct sds_querier *other;

    if (querier_new(b, instead_new, &other, &error) == 0)
        ask_instead(b, other, why);
    else if (b->is_lost)
        on_lost(b, why);
}
