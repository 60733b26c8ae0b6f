/* SPDX-License-Identifier: MIT */
#include "cmd/judge.h"

int sds_cmd_browse(const struct sds_opts *opts)
{
    return sds_judge_lan(NULL, opts);
}
