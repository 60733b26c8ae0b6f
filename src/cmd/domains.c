/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <string.h>

#include "cmd/answer.h"
#include "cmd/live.h"
#include "cmd/output.h"

#define TIMEOUT_MS 30000

/* Returns 0, or SDS_EXIT_USAGE when it has said what does not go together. */
static int check_options(const struct sds_opts *opts)
{
    const char *stray = sds_opts_stray(opts, "domains domain source pcap interface ipv4 ipv6 "
                                             "timeout allow-partial format output long");

    if (stray)
        return sds_fail(SDS_EXIT_USAGE, "browse: --%s is for services: not with --domains", stray);
    if (opts->n_args)
        return sds_fail(SDS_EXIT_USAGE, "browse: --domains takes no TYPE: '%s'",
                        opts->args[0]);
    if (sds_opts_replay(opts))
        return sds_fail(SDS_EXIT_USAGE, "browse: a recording does not hold which domains were "
                                        "recommended; a capture may: --pcap");
    return 0;
}

static int report(const struct sds_opts *opts, struct sds_outputs *outputs,
                  const struct sds_live *live)
{
    struct sds_scan scan;
    struct sds_report report = {
        .command = opts->cmd->name,
        .scan = &scan,
        .domains = sds_source_domains(live->source),
    };

    free(sds_live_scan(live, NULL, 0, &scan)); /* no interfaces of services */
    return sds_outputs_write(outputs, &report) < 0 ? SDS_EXIT_USAGE
                                                   : (int)sds_opts_verdict(opts, &report);
}

static int run(const struct sds_opts *opts, struct sds_outputs *outputs, struct sds_live *live)
{
    int status = sds_live_open(live, opts, NULL, NULL, NULL,
                               opts->timeout_ms ? opts->timeout_ms : TIMEOUT_MS);
    int r;

    if (status)
        return status;
    r = sds_live_run(live);
    return r < 0 ? sds_fail(SDS_EXIT_NO_SOURCE, "cannot wait for answers: %s", strerror(-r))
                 : report(opts, outputs, live);
}

int sds_browse_domains(const struct sds_opts *opts)
{
    SDS_CLEANUP(sds_outputs_freep) struct sds_outputs *outputs = NULL;
    struct sds_live live;
    int status = check_options(opts);

    if (status)
        return status;
    if (sds_outputs_open(opts, NULL, &outputs) < 0)
        return SDS_EXIT_USAGE;
    status = run(opts, outputs, &live);
    sds_live_done(&live);
    return status;
}
