/* SPDX-License-Identifier: MIT */

/* How a browser may have missed something without being told: it says so, rather than nothing. */

#include <inttypes.h>
#include <net/if.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/text.h"
#include "discovery/browser_impl.h"
#include "discovery/drops.h"
#include "discovery/listener.h"

/* So many answers may be expected to be missing, in a scan that calls itself complete: one in a
 * hundred scans. Where who asks became sure, it is far less. */
#define MISSING_MAX 0.01

const struct sds_listener *sds_browser_listener(const struct browser *b)
{
    return b->querier->ops->listener ? b->querier->ops->listener(b->querier) : NULL;
}

const struct sds_listener *sds_browser_witness(const struct browser *b)
{
    return b->querier->ops->witness ? b->querier->ops->witness(b->querier)
                                    : sds_browser_listener(b);
}

/* What one of two lost, the other heard. */
uint64_t sds_browser_drops(const struct browser *b)
{
    const struct sds_listener *listener = sds_browser_listener(b);

    return listener ? sds_listener_counts(listener).dropped : sds_mdns_drops();
}

/* How many more there are of something than when that was told last. */
static uint64_t more_than(uint64_t *before, uint64_t count)
{
    uint64_t n = count > *before ? count - *before : 0;

    *before += n;
    return n;
}

/* Answers that nobody read are services that nobody saw. */
static void note_drops(struct browser *b)
{
    uint64_t n = more_than(&b->drops_before, sds_browser_drops(b));
    SDS_CLEANUP(sds_freep) char *reason = NULL;

    if (!n)
        return;
    reason = sds_text_format("%" PRIu64 " datagrams were lost: more answers came at once than "
                             "the receive buffer holds; %s",
                             n, b->querier->ops->buffer_hint);
    if (reason)
        sds_source_add_reason(&b->source, reason);
}

int64_t sds_browser_answers_due_ms(const struct browser *b)
{
    const struct sds_listener *listener = sds_browser_listener(b);
    int64_t held = listener ? sds_listener_held_ms(listener) : 0;
    int64_t rounds = sds_asker_rounds_end_ms(&b->asker);

    return held > rounds ? held : rounds;
}

static void note_lasting_news(struct browser *b)
{
    if (b->asker.has_lasting_news)
        sds_source_add_reason(&b->source, "new answers came each time that was asked: packets get "
                                          "lost, or services come all the time");
}

/* Where it was settled by rounds alone, as one-shot queries could not tell: of those, or of rounds
 * that had nobody to confirm them. */
static void note_doubts(struct browser *b)
{
    const struct sds_querier_ops *ops = b->querier->ops;
    double missing = ops->missing ? ops->missing(b->querier) : 0;

    if (ops->is_alone && ops->is_alone(b->querier))
        missing += sds_asker_missing(&b->asker);
    if (missing > MISSING_MAX)
        sds_source_add_reason(&b->source, "packets get lost, so many of them that some answers may "
                                          "have been missed each time that was asked");
}

static void note_full_cache(struct browser *b, struct sds_fill_cache *cache)
{
    const struct sds_querier *querier = b->querier;
    const char *hint = querier->ops->cache_hint;
    char interface[IF_NAMESIZE] = "?";
    SDS_CLEANUP(sds_freep) char *reason = NULL;

    if_indextoname((unsigned)cache->ifindex, interface);
    reason = sds_text_format(
        "%zu records of %s are known to the source '%s', which keeps about %zu of a link and "
        "protocol: some may have been turned away%s%s%s",
        cache->n_told, interface, querier->ops->name, querier->ops->cache_max,
        querier->is_full ? ", and one-shot queries alone were to bring them" : "", hint ? "; " : "",
        hint ? hint : "");
    if (reason)
        sds_source_add_reason(&b->source, reason);
    cache->is_noted = true;
}

/* Each once: there are more records in it when that is looked at again. */
static void note_full_caches(struct browser *b)
{
    struct sds_fill *fill = &b->asker.fill;

    for (size_t i = 0; i < fill->n_caches; i++) {
        struct sds_fill_cache *cache = &fill->caches[i];
        enum sds_fill_level level = sds_fill_level(cache, b->querier->ops->cache_max);

        if (!cache->is_noted &&
            (level == SDS_FILL_FULL || (level == SDS_FILL_HIGH && b->querier->is_full)))
            note_full_cache(b, cache);
    }
}

static void note_evictions(struct browser *b)
{
    const struct sds_listener *listener = sds_browser_witness(b);
    uint64_t n =
        more_than(&b->evicted_before, listener ? sds_listener_counts(listener).evicted : 0);
    SDS_CLEANUP(sds_freep) char *reason = NULL;

    if (!n)
        return;
    reason = sds_text_format("%" PRIu64 " records had to go for want of room: somebody floods "
                             "the link",
                             n);
    if (reason)
        sds_source_add_reason(&b->source, reason);
}

static void note_turned_away(struct browser *b)
{
    const struct sds_querier_ops *ops = b->querier->ops;
    uint64_t n =
        more_than(&b->turned_away_before, ops->n_turned_away ? ops->n_turned_away(b->querier) : 0);
    SDS_CLEANUP(sds_freep) char *reason = NULL;

    if (!n)
        return;
    reason = sds_text_format("%" PRIu64 " datagrams were turned away: somebody floods the link; "
                             "--source wire stands more",
                             n);
    if (reason)
        sds_source_add_reason(&b->source, reason);
}

/* At the end: questions that there was no room for. */
static void note_unasked(struct browser *b)
{
    size_t n = sds_asker_n_waiting(&b->asker);
    const char *hint = b->querier->ops->questions_hint;
    SDS_CLEANUP(sds_freep) char *reason = NULL;

    if (!n || b->is_lost || b->is_settled || b->asker.n_refused == 0)
        return;
    reason = sds_text_format("%zu question%s could not be asked: the source '%s' takes no more at "
                             "a time%s%s",
                             n, n == 1 ? "" : "s", b->querier->ops->name, hint ? "; " : "",
                             hint ? hint : "");
    if (reason)
        sds_source_add_reason(&b->source, reason);
}

/* RFC 6762 11. That is no loss, but whoever misses a device may want to know. */
static void note_foreign(struct browser *b)
{
    const struct sds_listener *listener = sds_browser_witness(b);
    uint64_t n =
        more_than(&b->foreign_before, listener ? sds_listener_counts(listener).foreign : 0);
    SDS_CLEANUP(sds_freep) char *note = NULL;

    if (!n)
        return;
    note =
        sds_text_format("%" PRIu64 " datagram%s not believed: sent from off the link, and with an "
                        "IP TTL other than 255",
                        n, n == 1 ? " was" : "s were");
    if (note)
        sds_source_add_note(&b->source, note);
}

void sds_browser_note_counts(struct browser *b)
{
    note_foreign(b);
    note_evictions(b);
    note_turned_away(b);
    note_drops(b);
}

void sds_browser_note_losses(struct browser *b)
{
    note_unasked(b);
    sds_browser_note_counts(b);
    note_lasting_news(b);
    note_doubts(b);
    note_full_caches(b);
}
