/* SPDX-License-Identifier: MIT */
#ifndef SDS_REPORT_PART_H
#define SDS_REPORT_PART_H

#include <stdio.h>

#include "sdscope/service.h"

/* Write the value of a part that is present as people read it, safe to print: all but the TXT
 * record, and what no report names. Returns 0 or -ENOMEM. */
int sds_part_put(const struct sds_service *service, enum sds_part part, FILE *out);

/* A name in presentation format, safe to print. Returns 0 or -ENOMEM. */
int sds_name_put(const char *name, FILE *out);

#endif
