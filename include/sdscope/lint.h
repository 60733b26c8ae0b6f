/* SPDX-License-Identifier: MIT */
#ifndef SDSCOPE_LINT_H
#define SDSCOPE_LINT_H

#include <stddef.h>

#include "sdscope/api.h"
#include "sdscope/registry.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Examine a registry or a profile that somebody writes: whether it loads without a complaint, has
 * no unknown or contradictory member, whether each profile names its sources, its regular
 * expressions compile, and its examples behave as they say.
 *
 * @path   "-" is standard input
 * @log    receives one located message a fault, in the order of their discovery; may be NULL
 * @ret_n  set to the number of faults whenever the file could be read
 * Returns 0 also where there are faults; -EFBIG, -ENOMEM or another negative errno when the file
 * cannot be read at all.
 */
SDS_PUBLIC int sds_lint(const char *path, sds_load_log *log, void *userdata, size_t *ret_n);

/* The same for bytes that the caller holds; @origin names them in messages. */
SDS_PUBLIC int sds_lint_bytes(const char *origin, const void *bytes, size_t len, sds_load_log *log,
                              void *userdata, size_t *ret_n);

#ifdef __cplusplus
}
#endif

#endif
