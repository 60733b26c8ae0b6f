/* SPDX-License-Identifier: MIT */

/* Faults of packets, as part of what is known of the services of those who sent them. */

#include "discovery/browser_impl.h"
#include "discovery/listener.h"
#include "wire/evidence.h"

#define LOOK_MS 1000 /* how often news are told; they are few, and none of them urgent */

static const struct sds_conduct *conduct_of(const struct browser *b)
{
    const struct sds_listener *listener = sds_browser_listener(b);

    return listener ? sds_listener_conduct(listener) : NULL;
}

int sds_instance_judge_packets(const struct instance *instance, struct sds_service *service)
{
    const struct browser *b = instance->browser;
    const struct sds_conduct *conduct = conduct_of(b);
    struct sds_wire_name name;
    struct sds_name labels;

    if (!conduct || !instance->srv.name)
        return 0;
    sds_name_parse(instance->srv.name, &labels);
    if (!sds_wire_name_from(&labels, &name))
        return 0;
    return sds_evidence_judge(sds_listener_store(sds_browser_listener(b)), conduct,
                              instance->ifindex, sds_wire_name_span(&name), instance->interface,
                              service);
}

void sds_browser_tell_packets(struct browser *b)
{
    const struct sds_conduct *conduct = conduct_of(b);
    uint64_t n_news = conduct ? sds_conduct_n_news(conduct) : 0;
    struct instance *instance;

    if (b->packet_news == n_news)
        return;
    b->packet_news = n_news;
    TAILQ_FOREACH (instance, &b->instances, all)
        if (instance->is_told && (instance->n_ipv4 || instance->n_ipv6))
            sds_instance_tell(instance);
}

int64_t sds_browser_run_packets(struct browser *b, int64_t now)
{
    if (!b->is_settled || !b->source.config.is_continuous || !conduct_of(b))
        return INT64_MAX;
    if (b->packets_due_ms <= now) {
        b->packets_due_ms = now + LOOK_MS;
        sds_browser_tell_packets(b);
    }
    return b->packets_due_ms;
}
