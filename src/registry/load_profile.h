/* SPDX-License-Identifier: MIT */
#ifndef SDS_REGISTRY_LOAD_PROFILE_H
#define SDS_REGISTRY_LOAD_PROFILE_H

#include "registry/json_read.h"

/* Read a record of our JSON that is a profile, for each of its names. Returns 0; -EINVAL, said;
 * -E2BIG or -ENOMEM. */
int sds_load_profile(struct sds_reader *reader, const json_t *record);

/* Move the profiles that were read into the table, sorted. Returns 0 or -ENOMEM. */
int sds_profiles_take(struct sds_load *load);

#endif
