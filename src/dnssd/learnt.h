/* SPDX-License-Identifier: MIT */
#ifndef SDS_DNSSD_LEARNT_H
#define SDS_DNSSD_LEARNT_H

#include "sdscope/service.h"

/* Parts that differ between two states of a service by nothing but evidence that was not known
 * before: TTLs, cache-flush bits, priority and weight, who sent it, and TXT byte for byte. A set of
 * enum sds_part, all of which sds_service_diff() has. */
unsigned sds_service_learnt(const struct sds_service *was, const struct sds_service *is);

#endif
