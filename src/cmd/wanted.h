/* SPDX-License-Identifier: MIT */
#ifndef SDS_CMD_WANTED_H
#define SDS_CMD_WANTED_H

#include "cmd/cmd.h"
#include "discovery/source.h"

/* What a source is to ask for besides the types of the arguments: --deep and --subtype. */
struct sds_wanted {
    SDS_ARR(char *) guesses;
    SDS_ARR(struct sds_source_subtype) subtypes;
    SDS_ARR(char *) texts; /* that the subtypes borrow */
};

/**
 * Settle what the options want.
 *
 * @registry  where --deep finds types and subtypes; NULL: nowhere
 * @ret       cleared; release with sds_wanted_done(), also after an error
 * Returns 0, or the enum sds_exit for which it has said why.
 */
int sds_wanted_init(struct sds_wanted *ret, const struct sds_opts *opts,
                    const struct sds_registry *registry);
void sds_wanted_done(struct sds_wanted *wanted);

#endif
