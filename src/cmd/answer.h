/* SPDX-License-Identifier: MIT */
#ifndef SDS_CMD_ANSWER_H
#define SDS_CMD_ANSWER_H

#include <jansson.h>

#include "cmd/cmd.h"

/* What commands that answer a question, and report no scan, share. */

/* Whether --format asks for JSON. */
bool sds_wants_json(const struct sds_opts *opts);

/**
 * Write an answer as JSON: @members, which is taken, after the version of the program and
 * the registries that answered (NULL: none did). Either may be NULL for lack of memory.
 * Returns enum sds_exit: @status, or SDS_EXIT_USAGE when it has said what is wrong.
 */
int sds_print_json(const struct sds_registry *registry, json_t *members, int status);

/* Title, date, records and where from, of each table, as an array; NULL when out of memory. */
json_t *sds_registry_origins(const struct sds_registry *registry);

/* Say so; returns SDS_EXIT_USAGE. */
int sds_fail_memory(void);

#endif
