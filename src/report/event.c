/* SPDX-License-Identifier: MIT */
#include "base/ascii.h"
#include "dnssd/learnt.h"
#include "report/report.h"

const char *sds_event_sentence(enum sds_event_kind kind)
{
    static const char *const sentences[SDS_EVENT__COUNT] = {
        [SDS_EVENT_SETTLED] = "everything that answers has been seen",
        [SDS_EVENT_LOST] = "discovery has stopped",
        [SDS_EVENT_BACK] = "discovery goes on",
        [SDS_EVENT_ENDED] = "the recording ends",
    };

    return sentences[kind];
}

/* Whether they say the same, in words that may differ: as fingerprints do. */
static bool is_like(const struct sds_finding *a, const struct sds_finding *b)
{
    return a->rule == b->rule && !a->key == !b->key &&
           (!a->key || sds_text_fold_equal(a->key, b->key));
}

static size_t count_like(const struct sds_finding *findings, size_t n, const struct sds_finding *f)
{
    size_t n_like = 0;

    for (size_t i = 0; i < n; i++)
        n_like += !findings[i].ignored && is_like(&findings[i], f);
    return n_like;
}

/* The next finding of @result that counts, and of which @other has fewer. */
static const struct sds_finding *next_unlike(const struct sds_result *result,
                                             const struct sds_result *other, size_t *next)
{
    while (*next < result->n_findings) {
        size_t i = (*next)++;
        const struct sds_finding *f = &result->findings[i];

        if (!f->ignored &&
            count_like(result->findings, i, f) >= count_like(other->findings, other->n_findings, f))
            return f;
    }
    return NULL;
}

const struct sds_finding *sds_event_next_added(const struct sds_event *event, size_t *next)
{
    return event->before ? next_unlike(event->result, event->before, next) : NULL;
}

const struct sds_finding *sds_event_next_gone(const struct sds_event *event, size_t *next)
{
    return event->before ? next_unlike(event->before, event->result, next) : NULL;
}

bool sds_event_is_news(const struct sds_event *event)
{
    size_t added = 0, gone = 0;

    if (event->kind != SDS_EVENT_CHANGED || !event->was || !event->changes)
        return true;
    return event->changes & ~sds_service_learnt(event->was, event->service) ||
           sds_event_next_added(event, &added) || sds_event_next_gone(event, &gone);
}
