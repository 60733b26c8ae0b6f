/* SPDX-License-Identifier: MIT */
#ifndef SDS_FILES_ZONE_INSTANCES_H
#define SDS_FILES_ZONE_INSTANCES_H

#include <stddef.h>

#include "base/arr.h"
#include "files/zone_table.h"
#include "sdscope/name.h"

/* Which instances of services a zone tells of, and by which of its records. */

/* The parts of a name: labels [0, type) name an instance or subtype, those up to the domain the
 * type. */
struct sds_zone_parts {
    struct sds_name name;
    size_t type, domain; /* equal: no type */
};

/* <type>.<domain> or <subtype>._sub.<type>.<domain> (RFC 6763 4.1, 7.1) */
void sds_zone_split_browsed(struct sds_span wire, struct sds_zone_parts *ret);

/* <instance>.<type>.<domain> */
void sds_zone_split_instance(struct sds_span wire, struct sds_zone_parts *ret);

enum sds_zone_mention_kind {
    SDS_MENTION_TYPE,    /* PTR of its type */
    SDS_MENTION_SUBTYPE, /* PTR of a subtype */
    SDS_MENTION_OWN,     /* its SRV or TXT record */
};

/* A record that tells that there is an instance. */
struct sds_zone_mention {
    struct sds_span instance; /* its full name on the wire */
    const struct sds_zone_record *record;
    enum sds_zone_mention_kind kind;
};

/* All mentions of one instance; the first is the one that says most. */
struct sds_zone_group {
    const struct sds_zone_mention *mentions;
    size_t n, order; /* of the first of them in the file */
};

/* All that a zone has. Zero it to begin. */
struct sds_zone_instances {
    SDS_ARR(struct sds_zone_mention) mentions;
    SDS_ARR(struct sds_zone_group) groups; /* in the order of the file */
};

/* Find them; sds_zone_instances_done() also after an error. Returns 0 or -ENOMEM. */
int sds_zone_find_instances(const struct sds_zone_table *table, struct sds_zone_instances *ret);
void sds_zone_instances_done(struct sds_zone_instances *instances);

#endif
