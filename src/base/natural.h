/* SPDX-License-Identifier: MIT */
#ifndef SDS_BASE_NATURAL_H
#define SDS_BASE_NATURAL_H

/* Order of two texts as people expect it: ASCII case ignored, and digits that follow each other are
 * one number, so that "printer2" stands before "printer10". Leading zeros do not count. */
int sds_natural_cmp(const char *a, const char *b);

#endif
