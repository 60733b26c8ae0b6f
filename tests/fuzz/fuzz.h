/* SPDX-License-Identifier: MIT */
#ifndef SDS_TEST_FUZZ_H
#define SDS_TEST_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/* Whatever happens here is a bug, with assertions compiled in or not. */
#define MUST(condition)                                                                            \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition);                        \
            abort();                                                                               \
        }                                                                                          \
    } while (0)

/* What each target defines, as libFuzzer calls it. Returns 0; a property that fails aborts. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/**
 * Load bytes behind a prefix that makes their format recognised. What was read of them must come
 * back: its export loads without a message, and exports to the same.
 */
int fuzz_load(const char *prefix, const uint8_t *data, size_t size);

#endif
