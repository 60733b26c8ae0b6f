/* SPDX-License-Identifier: MIT */
#ifndef SDS_CMD_AWAIT_H
#define SDS_CMD_AWAIT_H

#include "cmd/judge.h"

/* Wait for an instance of the type in the arguments to be advertised, by the program of --exec
 * where that is given; check and report it. Returns enum sds_exit. */
int sds_await(const struct sds_judge *judge, const struct sds_opts *opts,
              struct sds_outputs *outputs);

#endif
