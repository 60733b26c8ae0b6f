/* SPDX-License-Identifier: MIT */
#ifndef SDS_DISCOVERY_LINKS_H
#define SDS_DISCOVERY_LINKS_H

#include "wire/response.h"

/* What this host knows of its links now: a snapshot. */
struct sds_links;

/* Returns 0, -ENOMEM or another negative errno. */
int sds_links_read(struct sds_links **ret);

/* Returns NULL; @links may be NULL. */
struct sds_links *sds_links_free(struct sds_links *links);

/* The link of an interface; NULL: nothing is known of it. @links may be NULL. */
const struct sds_wire_link *sds_links_find(const struct sds_links *links, int ifindex);

#endif
