/* SPDX-License-Identifier: MIT */
#ifndef SDS_FILES_ZONE_TABLE_H
#define SDS_FILES_ZONE_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arr.h"
#include "files/zone_record.h"

/* The records of a zone, by name. Zero it to begin, free records.v to end. */
struct sds_zone_table {
    SDS_ARR(struct sds_zone_record) records;
    struct sds_span apex; /* p is NULL: not known */
    bool is_whole;        /* it has the SOA record, without which it may be a piece of a zone */
};

/**
 * Sort the records once all are there, and see which names are the zone's.
 *
 * @origin  the first one; p is NULL where the file has none
 */
void sds_zone_table_sort(struct sds_zone_table *table, struct sds_span origin);

/* The @n records of a name, ASCII case ignored, and a type, in the order of the file. */
const struct sds_zone_record *sds_zone_find(const struct sds_zone_table *table,
                                            struct sds_span owner, enum sds_zone_type type,
                                            size_t *n);

/* Whether the zone tells all that there is of a name, so that what it does not tell is missing: the
 * name is the zone's own, not delegated, no alias, and covered by no wildcard. */
bool sds_zone_is_complete_for(const struct sds_zone_table *table, struct sds_span name);

#endif
