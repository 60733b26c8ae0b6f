/* SPDX-License-Identifier: MIT */
#ifndef SDS_REPORT_DOMAINS_H
#define SDS_REPORT_DOMAINS_H

#include <jansson.h>

#include "dnssd/domain.h"

/* The words of its uses, with @separator between them; malloc'ed, NULL when out of memory. */
char *sds_domain_uses(const struct sds_domain *domain, const char *separator);

/* A domain as every format that is JSON shows it; NULL when out of memory. */
json_t *sds_domain_to_json(const struct sds_domain *domain);

#endif
