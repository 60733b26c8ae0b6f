/* SPDX-License-Identifier: MIT */
#ifndef SDS_FILES_SERVICE_JSON_H
#define SDS_FILES_SERVICE_JSON_H

#include <stdbool.h>
#include <stddef.h>

#include <jansson.h>

#include "files/input.h"
#include "files/json_value.h"
#include "sdscope/service.h"

/**
 * A service as a JSON object: the shape that reports write and `check --from` reads.
 *
 * Unknown parts are left out, missing ones are null, "txt" holds the attributes and "txt_hex" the
 * exact RDATA. Bytes that are not UTF-8 stand as hex digits under "instance_hex", "subtypes_hex",
 * "key_hex" and "value_hex", in place of the text. Returns a new reference, or NULL when out of
 * memory.
 */
json_t *sds_service_to_json(const struct sds_service *service);

/**
 * Read a service from a JSON object; the inverse of sds_service_to_json(). Members that it does not
 * know are ignored, unless they look like misspelt ones: these are errors, and so are those of a
 * wrong kind. Where both are there, "instance_hex", "subtypes_hex" and "txt_hex" count, and those
 * without "_hex" do not; "txt_strings_hex" counts before these, and "txt_records_hex" before it.
 * Items of "txt" may also be whole strings, such as "key=value".
 *
 * @at  where the object stands, for messages
 * Returns 0, -EINVAL with *error set, -ENOMEM.
 */
int sds_service_from_json(const json_t *object, const struct sds_json_place *at,
                          struct sds_service **ret, struct sds_json_error *error);

/* Whether an object has any member of a service, or of what a report says of one. */
bool sds_service_json_is_alike(const json_t *object);

/**
 * Read the member "peers" of a service's JSON object: an array of other services of the same scan.
 *
 * @ret  zeroed by the caller, who also releases it, after an error too
 * Returns 0, -EINVAL with *error set, -ENOMEM.
 */
int sds_peers_from_json(const json_t *object, const struct sds_json_place *at,
                        struct sds_input_peers *ret, struct sds_json_error *error);

/* Read all services of a file's text: one object, an array of them, objects one a line (NDJSON), or
 * a report, whose "services" are taken. As sds_input_read(). */
int sds_services_read_json(const char *text, size_t len, struct sds_input *ret,
                           struct sds_input_error *error);

#endif
