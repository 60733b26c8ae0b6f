/* SPDX-License-Identifier: MIT */
#ifndef SDS_DISCOVERY_AVAHI_DOMAINS_H
#define SDS_DISCOVERY_AVAHI_DOMAINS_H

#include <stdint.h>

#include <avahi-client/client.h>

#include "discovery/querier.h"

/* Domains to browse that a daemon knows of its configuration, `browse-domains` and the search list
 * of resolv.conf: it answers no question for a record with them. */
struct sds_avahi_domains;

/**
 * Have them told as answers to the question for b._dns-sd._udp.local, of interface 0.
 *
 * @ifindex, @protocol  that are asked
 * @ret                 NULL where that is not the question
 * Returns AVAHI_OK or what Avahi says.
 */
int sds_avahi_domains_new(AvahiClient *client, AvahiIfIndex ifindex, AvahiProtocol protocol,
                          const char *name, uint16_t rrtype, sds_answer_fn *fn, void *userdata,
                          struct sds_avahi_domains **ret);

/* @is_connected  Avahi's part went with its client where that is gone. Returns NULL; @domains may
 *                be NULL. */
struct sds_avahi_domains *sds_avahi_domains_free(struct sds_avahi_domains *domains,
                                                 bool is_connected);

#endif
