/* SPDX-License-Identifier: MIT */
#ifndef SDS_CMD_SITE_H
#define SDS_CMD_SITE_H

#include "cmd/cmd.h"
#include "policy/baseline.h"
#include "policy/policy.h"

/* What is known of the site before it is looked at. */
struct sds_site {
    struct sds_policy *policy;     /* NULL: none */
    char *path;                    /* of the policy */
    struct sds_baseline *baseline; /* NULL: none */
};

/* Read the policy and the baseline that the options name, or the policy that lies where policies
 * are searched. Returns 0, or -EINVAL when it has said what is wrong; release with sds_site_close()
 * then too. */
int sds_site_open(struct sds_site *site, const struct sds_opts *opts,
                  const struct sds_clock *clock);
void sds_site_close(struct sds_site *site);

#endif
