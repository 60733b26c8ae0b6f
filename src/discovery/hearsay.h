/* SPDX-License-Identifier: MIT */
#ifndef SDS_DISCOVERY_HEARSAY_H
#define SDS_DISCOVERY_HEARSAY_H

#include <sys/queue.h>

#include "base/arr.h"
#include "base/hash.h"
#include "base/siphash.h"
#include "discovery/querier.h"

/* What another tells of a question: which records there are on which interface. Zeroed to begin. */
struct sds_hearsay {
    struct sds_hash by_rdata;
    LIST_HEAD(, sds_hearsay_record) records;
    SDS_ARR(struct sds_hearsay_link) links;
    bool is_whole; /* all that the other knew before has been told */
};

struct sds_hearsay_link {
    int ifindex;
    size_t n;
};

void sds_hearsay_done(struct sds_hearsay *hearsay);

/* Take note of an answer; what there is no memory for is not known to have been told. */
void sds_hearsay_hear(struct sds_hearsay *hearsay, const struct sds_siphash_key *key,
                      const struct sds_answer *answer);

/* Records of an interface. */
size_t sds_hearsay_n(const struct sds_hearsay *hearsay, int ifindex);

bool sds_hearsay_has(const struct sds_hearsay *hearsay, const struct sds_siphash_key *key,
                     int ifindex, struct sds_span rdata);

#endif
