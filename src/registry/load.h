/* SPDX-License-Identifier: MIT */
#ifndef SDS_REGISTRY_LOAD_H
#define SDS_REGISTRY_LOAD_H

#include <stddef.h>

#include "registry/table.h"

/**
 * Make room behind bytes of a file, in steps that double.
 *
 * @bytes, @size  malloc'ed storage, at first NULL and whatever; both are updated
 * @len           bytes in use
 * Returns 0; -EFBIG when there is none left and they are more than @max already; or -ENOMEM.
 */
int sds_bytes_room(char **bytes, size_t *size, size_t len, size_t max);

/**
 * Read a file, or standard input where @path is "-".
 *
 * @ret  malloc'ed bytes
 * Returns 0, -EFBIG when it exceeds SDS_REGISTRY_BYTES_MAX, or another negative errno.
 */
int sds_read_file(const char *path, char **ret, size_t *ret_len);

/**
 * Make a table of a file's bytes, whose format is recognised by content.
 *
 * @ret  set on success; sds_arena_done() its arena in the end
 * Returns 0, -EINVAL, -EFBIG or -ENOMEM as sds_registry_load() does.
 */
int sds_table_read(const char *origin, const char *bytes, size_t len, sds_load_log *log,
                   void *userdata, struct sds_table *ret);

#endif
