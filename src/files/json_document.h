/* SPDX-License-Identifier: MIT */
#ifndef SDS_FILES_JSON_DOCUMENT_H
#define SDS_FILES_JSON_DOCUMENT_H

#include <stddef.h>

#include <jansson.h>

#include "base/json_place.h"
#include "files/input.h"
#include "files/json_value.h"

/* A JSON document that somebody wrote, such as a configuration. */

/**
 * Parse a text that holds one value, perhaps after a byte order mark.
 *
 * @ret  a new reference
 * Returns 0, -EINVAL with *error set, -ENOMEM.
 */
int sds_json_document_read(const char *text, size_t len, json_t **ret,
                           struct sds_input_error *error);

/* Where a value of such a text stands. */
struct sds_input_place sds_json_document_place(const char *text, size_t len,
                                               const struct sds_json_path *path);

/* Say what is wrong with a value of it; returns -EINVAL, or -ENOMEM. */
int sds_json_document_fail(const char *text, size_t len, const struct sds_json_error *fault,
                           struct sds_input_error *error);

#endif
