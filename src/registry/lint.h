/* SPDX-License-Identifier: MIT */
#ifndef SDS_REGISTRY_LINT_H
#define SDS_REGISTRY_LINT_H

#include "registry/table.h"

/**
 * Say what is wrong with registry JSON beyond what loading it tells: members that nobody reads, and
 * such as contradict each other.
 *
 * @load  takes the messages; its table is not used
 */
void sds_lint_json(struct sds_load *load, const char *bytes, size_t len);

/* Say what is wrong with one of a profile's examples, or with the profile where @example is NULL.
 */
void sds_lint_say(struct sds_load *load, const char *bytes, size_t len,
                  const struct sds_profile *profile, const struct sds_profile_example *example,
                  const char *what);

#endif
