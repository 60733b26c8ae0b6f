/* SPDX-License-Identifier: MIT */

/* Faults of packets, as part of what is known of the services of those who sent them. */

#include "discovery/browser_impl.h"
#include "discovery/listener.h"

#define LOOK_MS 1000 /* how often news are told; they are few, and none of them urgent */

static const struct sds_conduct *conduct_of(const struct browser *b)
{
    const struct sds_listener *listener = sds_browser_listener(b);

    return listener ? sds_listener_conduct(listener) : NULL;
}

/* All who sent a record, as far as the store knows them. */
static void add_faults(const struct sds_conduct *conduct, const struct sds_store_record *record,
                       struct sds_service *service)
{
    for (size_t i = 0; i < record->n_senders; i++) {
        uint32_t faults;

        if (sds_conduct_find(conduct, record->set->ifindex, record->senders[i], &faults))
            sds_service_add_packet_faults(service, faults);
    }
}

void sds_instance_judge_packets(const struct instance *instance, struct sds_service *service)
{
    const struct browser *b = instance->browser;
    const struct sds_conduct *conduct = conduct_of(b);
    const struct sds_store_record *record = NULL;
    const struct sds_store_set *set;
    struct sds_wire_name name;
    struct sds_name labels;

    if (!conduct || !instance->srv.name)
        return;
    sds_name_parse(instance->srv.name, &labels);
    if (!sds_wire_name_from(&labels, &name))
        return;
    set = sds_store_find(sds_listener_store(sds_browser_listener(b)), instance->ifindex,
                         sds_wire_name_span(&name), SDS_RR_SRV, SDS_CLASS_IN);
    while (set && (record = sds_store_next(set, record)))
        add_faults(conduct, record, service);
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
