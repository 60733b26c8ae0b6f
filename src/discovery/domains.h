/* SPDX-License-Identifier: MIT */
#ifndef SDS_DISCOVERY_DOMAINS_H
#define SDS_DISCOVERY_DOMAINS_H

#include <net/if.h>
#include <stdbool.h>

#include "discovery/source_impl.h"
#include "dnssd/domain.h"
#include "wire/store.h"

/* How the link of an interface is called; false where it is gone. */
typedef bool sds_link_name_fn(const void *userdata, int ifindex, char ret[IF_NAMESIZE]);

/* The domains that records recommend which were heard in @domain, in presentation format; added to
 * @ret. Returns 0, -E2BIG or -ENOMEM. */
int sds_domains_heard(const struct sds_store *store, const char *domain,
                      sds_link_name_fn *link_name, const void *userdata, struct sds_domains *ret);

/* Say which domains a network recommends to browse besides the one that was looked at. */
void sds_source_note_domains(struct sds_source *source, const struct sds_domains *domains);

/* Say what sds_domains_add() or sds_domains_heard() returned, where it is an error. */
void sds_source_note_domains_error(struct sds_source *source, int r);

#endif
