/* SPDX-License-Identifier: MIT */
#ifndef SDS_FILES_FOREIGN_H
#define SDS_FILES_FOREIGN_H

#include <stdbool.h>
#include <stddef.h>

/* Files of other programs, which lie beside those that describe services under like names. */

struct sds_foreign {
    const char *one, *many; /* "systemd unit", "systemd units" */
};

/**
 * What a file is that cannot have been meant to describe services; NULL where it may have been,
 * however faulty it is.
 *
 * @is_shared  its name ends as those of other programs do, so that all text may be theirs
 */
const struct sds_foreign *sds_foreign_find(const char *text, size_t len, bool is_shared);

#endif
