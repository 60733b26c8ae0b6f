/* SPDX-License-Identifier: MIT */
#ifndef SDS_CMD_UNTIL_H
#define SDS_CMD_UNTIL_H

#include <stdbool.h>

#include "sdscope/check.h"
#include "sdscope/service.h"

/* What a watch waits for; all is borrowed from the command line. */
struct sds_until {
    enum {
        SDS_UNTIL_THERE,   /* such a service is there */
        SDS_UNTIL_GONE,    /* none is, now that everything that answers has been seen */
        SDS_UNTIL_FINDING, /* some service has a finding of the rule */
    } what;
    const char *type, *instance; /* one of them, of there and gone */
    size_t type_len;             /* without a dot at the end */
    const struct sds_rule *rule;
};

/**
 * Read a condition:
 *
 *     condition = service | "gone:" service | "finding:" rule
 *     service   = type | "instance=" name
 *
 * Returns 0, or -EINVAL when it has said what is wrong.
 */
int sds_until_parse(const char *text, struct sds_until *ret);

/* Whether it speaks of this service, there or gone. */
bool sds_until_is_of(const struct sds_until *until, const struct sds_service *service);

/* Whether the rule it waits for found something that counts; @result may be NULL. */
bool sds_until_is_found(const struct sds_until *until, const struct sds_result *result);

#endif
