/* SPDX-License-Identifier: MIT */
#ifndef SDS_DNSSD_DOMAIN_H
#define SDS_DNSSD_DOMAIN_H

#include "base/arr.h"
#include "sdscope/name.h"

#define SDS_DOMAINS_MAX 1024 /* anybody on a link can recommend as many as he likes */

/* What a domain is recommended for (RFC 6763 11), in the order in which that is told. */
enum sds_domain_use {
    SDS_DOMAIN_BROWSE,
    SDS_DOMAIN_DEFAULT_BROWSE,
    SDS_DOMAIN_LEGACY_BROWSE,
    SDS_DOMAIN_REGISTER,
    SDS_DOMAIN_DEFAULT_REGISTER,
    SDS_DOMAIN_USE__COUNT
};

/* Uses for which somebody looks for services there. */
#define SDS_DOMAIN_BROWSES                                                                         \
    (1u << SDS_DOMAIN_BROWSE | 1u << SDS_DOMAIN_DEFAULT_BROWSE | 1u << SDS_DOMAIN_LEGACY_BROWSE)

/* The word for it in reports: "default-browse". */
const char *sds_domain_use_name(enum sds_domain_use use);

/* Who asks a domain, in presentation format, for the domains that it recommends asks for this name,
 * such as b._dns-sd._udp.local. Returns 0, -EINVAL where the name is too long, -ENOMEM. */
int sds_domain_question(enum sds_domain_use use, const char *domain, struct sds_name *ret);

/* A domain that is recommended. */
struct sds_domain {
    char *name;      /* presentation format */
    char *interface; /* of the link that recommends it; NULL: this host is set up so */
    unsigned uses;   /* set of 1u << enum sds_domain_use */
};

/* Each of them once an interface; zero it to begin. */
struct sds_domains {
    struct sds_domain *v;
    size_t n, cap;
};

/* Note that a domain is recommended for a use. @interface may be NULL. Returns 0, -E2BIG where
 * there are too many, -ENOMEM. */
int sds_domains_add(struct sds_domains *domains, const struct sds_name *name,
                    enum sds_domain_use use, const char *interface);

/* By name, then by interface. */
void sds_domains_sort(struct sds_domains *domains);

void sds_domains_done(struct sds_domains *domains);

#endif
