/* SPDX-License-Identifier: MIT */
#ifndef SDS_WIRE_EVIDENCE_H
#define SDS_WIRE_EVIDENCE_H

#include <stddef.h>

#include "sdscope/service.h"
#include "wire/conduct.h"
#include "wire/store.h"

/* Records of one name and type that are looked at: no honest one has half as many. */
#define SDS_EVIDENCE_RECORDS_MAX 64

/* What the records of an instance stand under: names as struct sds_wire_name has them. */
struct sds_evidence_names {
    struct sds_span instance;      /* in full, as its PTR record has it */
    const struct sds_span *owners; /* of PTR records that named it */
    size_t n_owners;
    struct sds_span
        meta; /* owner of the PTR records that name types; empty: nobody asked for them */
};

/**
 * Give a service what was heard of the records behind it: how many there are, byte for byte, with
 * their TTLs and cache-flush bits. Records that are leaving do not count. What was not heard stays
 * as it is, and a TTL or a bit that a legacy reply made up (RFC 6762 6.7) stays unknown.
 *
 * @service  with the SRV record in it that counts
 * Returns 0 or -ENOMEM.
 */
int sds_evidence_gather(const struct sds_store *store, int ifindex,
                        const struct sds_evidence_names *names, struct sds_service *service);

/**
 * Give a service the faults of those who sent its SRV records, as far as the store knows them.
 *
 * @instance   as above
 * @interface  the name of the link
 * Returns 0 or -ENOMEM.
 */
int sds_evidence_judge(const struct sds_store *store, const struct sds_conduct *conduct,
                       int ifindex, struct sds_span instance, const char *interface,
                       struct sds_service *service);

#endif
