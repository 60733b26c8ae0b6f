/* SPDX-License-Identifier: MIT */
#include "rules/suggest.h"

#include <stdio.h>

#include "rules/rules.h"

const char *sds_near_suggest(const struct sds_near *near, struct sds_suggestion *ret)
{
    const struct sds_span best = {near->best, near->best_len};

    *ret->text = '\0';
    if (near->best)
        snprintf(ret->text, sizeof(ret->text), "; did you mean '%.40s'?", SDS_QUOTED(best));
    return ret->text;
}
