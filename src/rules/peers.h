/* SPDX-License-Identifier: MIT */
#ifndef SDS_RULES_PEERS_H
#define SDS_RULES_PEERS_H

#include "base/arena.h"
#include "sdscope/check.h"

/**
 * What services have in common whose names can be taken for each other: type, domain and instance,
 * as bytes to be compared.
 *
 * @arena  has the bytes
 * Returns false when out of memory.
 */
bool sds_peers_key(struct sds_arena *arena, const struct sds_service *service,
                   struct sds_span *ret);

/* The services of a scan that have what can be taken for the name of one of them: the same type and
 * domain, and an instance name that is equal after NFC and Unicode case folding. Itself is among
 * them; none where it is not in the scan, or has no name. */
const struct sds_service *const *sds_peers_like(const struct sds_peers *peers,
                                                const struct sds_service *service, size_t *ret_n);

#endif
