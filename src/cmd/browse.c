/* SPDX-License-Identifier: MIT */
#include "cmd/judge.h"

int sds_cmd_browse(const struct sds_opts *opts)
{
    return opts->domains ? sds_browse_domains(opts) : sds_judge_lan(NULL, opts);
}
