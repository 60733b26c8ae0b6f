/* SPDX-License-Identifier: MIT */
#ifndef SDS_WIRE_TOLD_H
#define SDS_WIRE_TOLD_H

#include <stdbool.h>

#include "sdscope/service.h"
#include "wire/name.h"
#include "wire/store.h"

/* An instance that the records of a store tell of, on one link; all is borrowed from the store. */
struct sds_told {
    int ifindex;
    struct sds_span name;                  /* of the instance, as struct sds_wire_name has it */
    const struct sds_store_record *ptr;    /* what names it; NULL: nothing does, ... */
    const struct sds_store_set *srv, *txt; /* ... but one of these is there; NULL: not heard */
};

/* Returns 0, or what ends the walk. */
typedef int sds_told_fn(void *userdata, const struct sds_told *told);

/**
 * Tell of every instance: of what PTR records name one label below themselves (RFC 6763 4.1), then
 * of what has SRV or TXT alone. Records that are leaving tell of nothing.
 *
 * The time that it takes is linear in what the store holds. Returns 0, or what @fn returned.
 */
int sds_told_walk(const struct sds_store *store, sds_told_fn *fn, void *userdata);

/* The instance that a record speaks of: one that a PTR record names as above, or the owner of SRV
 * or TXT that has the name of one. False where it speaks of none. */
bool sds_told_subject(const struct sds_store_record *record, struct sds_span *ret);

/* What is heard of an instance; also what is leaving, which may stay. False where nothing is. */
bool sds_told_find(const struct sds_store *store, int ifindex, struct sds_span name,
                   struct sds_told *ret);

/**
 * The service as its newest records say, with all that sds_evidence_gather() tells of them. What
 * was not heard is unknown: nobody may have asked. Subtypes and lists of types are not looked for.
 *
 * @interface  the name of the link; its families are those of who sent the records
 * @ret        set on success; release with sds_service_free()
 * Returns 0, -EINVAL where the name has no type in it, -ENOMEM.
 */
int sds_told_service(const struct sds_store *store, const struct sds_told *told,
                     const char *interface, struct sds_service **ret);

#endif
