/* SPDX-License-Identifier: MIT */
#ifndef SDS_RULES_PEERS_H
#define SDS_RULES_PEERS_H

#include "sdscope/check.h"

/* The services of a scan that have what can be taken for the name of one of them: the same type and
 * domain, and an instance name that is equal after NFC and Unicode case folding. Itself is among
 * them; none where it is not in the scan, or has no name. */
const struct sds_service *const *sds_peers_like(const struct sds_peers *peers,
                                                const struct sds_service *service, size_t *ret_n);

#endif
