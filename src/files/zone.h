/* SPDX-License-Identifier: MIT */
#ifndef SDS_FILES_ZONE_H
#define SDS_FILES_ZONE_H

#include <stdbool.h>
#include <stddef.h>

#include "files/input.h"

/* Whether a text looks like a zone file (RFC 1035 5): one of its lines begins with a directive such
 * as $ORIGIN, or holds a record of a kind that no description of services goes without. */
bool sds_is_zone(const char *text, size_t len);

/**
 * Read the services of a zone file: every instance that a PTR record names, or that owns an SRV or
 * a TXT record.
 *
 * @origin  of the names that are relative before the first $ORIGIN; NULL: none, which makes them
 *          errors
 * As sds_input_read(); also -EINVAL where this build has no reader of zone files.
 */
int sds_services_read_zone(const char *text, size_t len, const char *origin, struct sds_input *ret,
                           struct sds_input_error *error);

#endif
