/* SPDX-License-Identifier: MIT */
#ifndef SDS_REGISTRY_GZIP_H
#define SDS_REGISTRY_GZIP_H

#include <stdbool.h>
#include <stddef.h>

/* Whether bytes begin as gzip(1) writes them. */
bool sds_is_gzip(const char *bytes, size_t len);

/**
 * Undo the compression of gzip(1), of one member or of several.
 *
 * @max       most bytes to give
 * @ret       malloc'ed bytes
 * @ret_fault NULL, or what is wrong behind the bytes that could be had
 * Returns 0, -EFBIG when there are more than @max, -ENOMEM, or -EOPNOTSUPP when built without zlib.
 */
int sds_gunzip(const char *bytes, size_t len, size_t max, char **ret, size_t *ret_len,
               const char **ret_fault);

#endif
