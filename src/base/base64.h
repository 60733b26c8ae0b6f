/* SPDX-License-Identifier: MIT */
#ifndef SDS_BASE_BASE64_H
#define SDS_BASE_BASE64_H

#include <stddef.h>
#include <stdint.h>

/**
 * Decode base64 with its padding (RFC 4648 4), without line breaks. Bits that the last character
 * has too many do not matter.
 *
 * @ret  malloc'ed bytes, also when there are none; the caller frees them
 * Returns 0, -EINVAL when it is no base64, -ENOMEM.
 */
int sds_base64_decode(const char *text, size_t len, uint8_t **ret, size_t *ret_len);

/* Encode with padding, in one line: malloc'ed text; NULL when out of memory. */
char *sds_base64_dup(const void *bytes, size_t len);

#endif
