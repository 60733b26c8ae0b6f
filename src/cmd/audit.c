/* SPDX-License-Identifier: MIT */
#include "cmd/judge.h"

int sds_cmd_audit(const struct sds_opts *opts)
{
    struct sds_judge judge;
    int status = SDS_EXIT_USAGE;

    if (sds_judge_init(&judge, opts) == 0)
        status = sds_judge_lan(&judge, opts);
    sds_judge_done(&judge);
    return status;
}
