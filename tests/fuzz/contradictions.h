/* SPDX-License-Identifier: MIT */
#ifndef SDS_TEST_FUZZ_CONTRADICTIONS_H
#define SDS_TEST_FUZZ_CONTRADICTIONS_H

#include "sdscope/check.h"

/* Abort where two findings of one service cannot both be true, or one denies the verdict. */
void fuzz_seek_contradictions(const struct sds_result *result);

#endif
