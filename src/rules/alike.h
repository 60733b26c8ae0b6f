/* SPDX-License-Identifier: MIT */
#ifndef SDS_RULES_ALIKE_H
#define SDS_RULES_ALIKE_H

#include "base/siphash.h"
#include "sdscope/service.h"

/* Services that come and go, by what can be taken for their names: see struct sds_peers, which is
 * of those that are there at one time. */
struct sds_alike;

/* @key is random, where the names are not the caller's own. NULL when out of memory. */
struct sds_alike *sds_alike_new(const struct sds_siphash_key *key);

/* Returns NULL; @alike may be NULL. */
struct sds_alike *sds_alike_free(struct sds_alike *alike);

/* Forget them all. */
void sds_alike_clear(struct sds_alike *alike);

/* Take in a service that is not there, or is of no name; only its name is kept. Returns 0 or
 * -ENOMEM. */
int sds_alike_add(struct sds_alike *alike, const struct sds_service *service);

/* Forget the service of that name; nothing where it is not there. */
void sds_alike_remove(struct sds_alike *alike, const struct sds_service *service);

/**
 * Another service that can be taken for this one, the one that came first: type, domain and
 * instance, borrowed until something changes. NULL: there is none.
 *
 * @ret_n  how many there are
 */
const struct sds_service *sds_alike_other(const struct sds_alike *alike,
                                          const struct sds_service *service, size_t *ret_n);

#endif
