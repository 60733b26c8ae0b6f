/* SPDX-License-Identifier: MIT */
#ifndef SDS_DISCOVERY_RECORDING_H
#define SDS_DISCOVERY_RECORDING_H

#include "discovery/source.h"

/**
 * A source that tells again what `sdscope record` wrote, as fast as config->speed says.
 *
 * What cannot be read is left out, and a reason why the result is not complete. One who does not
 * ask for changes (config->is_continuous) hears that it has settled at its end, else where it had.
 *
 * Returns 0, -EINVAL where the file is no recording, -ENOTSUP where a later version made it,
 * another negative errno where it cannot be opened.
 */
int sds_recording_open(const char *path, const struct sds_source_config *config,
                       struct sds_source **ret, char **ret_error);

/* The same of a text, which is borrowed for the life of the source; @name stands for its path. */
int sds_recording_open_text(const char *name, const char *text, size_t len,
                            const struct sds_source_config *config, struct sds_source **ret,
                            char **ret_error);

#endif
