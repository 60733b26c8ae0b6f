/* SPDX-License-Identifier: MIT */
#ifndef SDS_POLICY_VIEW_H
#define SDS_POLICY_VIEW_H

#include <stdbool.h>
#include <stddef.h>

/* What a run could see of the network. */
struct sds_view {
    bool is_complete;         /* nothing was missed */
    const char *const *types; /* that alone were asked for; none: all */
    size_t n_types;
};

/* Whether all services of a type were seen; a @type of NULL stands for all types. */
bool sds_view_covers(const struct sds_view *view, const char *type);

#endif
