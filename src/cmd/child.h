/* SPDX-License-Identifier: MIT */
#ifndef SDS_CMD_CHILD_H
#define SDS_CMD_CHILD_H

#include <stdbool.h>

#include "discovery/loop.h"

/* A program of the user's that runs while we look at what it advertises. */
struct sds_child;

/**
 * Start a command of the shell in a process group of its own. Its standard output goes to standard
 * error, so that it does not mix with reports; it has no input.
 *
 * @ended  called once from the loop when the shell has ended
 * Returns 0 or a negative errno.
 */
int sds_child_start(struct sds_loop *loop, const char *command, sds_callback *ended, void *userdata,
                    struct sds_child **ret);

/* How the shell ended: its exit status, or 128 and the number of the signal as shells say it; -1
 * while it runs. */
int sds_child_status(const struct sds_child *child);

/* Ask the whole group to end, insist after a few seconds, and release. Returns NULL; @child may be
 * NULL. */
struct sds_child *sds_child_stop(struct sds_child *child);

#endif
