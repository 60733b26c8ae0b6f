/* SPDX-License-Identifier: MIT */
#ifndef SDS_TEST_FUZZ_CHECKED_H
#define SDS_TEST_FUZZ_CHECKED_H

#include "sdscope/check.h"

/* The built-in registry, loaded once. */
const struct sds_registry *fuzz_registry(void);

/* All rules, loaded once; those that a LAN hides too. */
const struct sds_ruleset *fuzz_rules(enum sds_strictness strictness);

/**
 * Check a service for an author and for a LAN, with a registry and without. Whatever it holds, what
 * is told of it is in order, in its place, safe to print, told once, and contradicts nothing.
 */
void fuzz_check(const struct sds_service *service);

/* The service as JSON is read as the same service. */
void fuzz_through_json(const struct sds_service *service);

/* Text that no terminal obeys; what fuzz_check() asks of messages. */
void fuzz_must_be_safe(const char *text);

#endif
