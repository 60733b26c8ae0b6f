/* SPDX-License-Identifier: MIT */
#ifndef SDS_RULES_SUGGEST_H
#define SDS_RULES_SUGGEST_H

#include "base/near.h"

/* "; did you mean 'word'?" for the end of a message, or nothing. */
struct sds_suggestion {
    char text[64];
};

const char *sds_near_suggest(const struct sds_near *near, struct sds_suggestion *ret);

#endif
