/* SPDX-License-Identifier: MIT */
#ifndef SDS_FILES_JSON_VALUE_H
#define SDS_FILES_JSON_VALUE_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <jansson.h>

#include "base/json_place.h"

/* Values of JSON that somebody else wrote: each is what it should be, or told by its place. */

/* Where and why a value is not what it should be. */
struct sds_json_error {
    char text[256];            /* safe to print; names the member, such as "[2].txt[0].value_hex" */
    struct sds_json_path path; /* to the value at fault; its members live as long as the JSON */
};

/* Where in the JSON a value stands, from the inside out; NULL is the whole of it. */
struct sds_json_place {
    const struct sds_json_place *outer;
    const char *member; /* NULL for an item of an array */
    size_t index;
};

/* Say what is wrong with the value at @at; returns -EINVAL, or -ENOMEM. */
int sds_json_fail(struct sds_json_error *error, const struct sds_json_place *at, const char *format,
                  ...) __attribute__((format(printf, 3, 4)));

/* The same where the value is of a wrong kind; it may be NULL, which is absent. */
int sds_json_fail_kind(struct sds_json_error *error, const struct sds_json_place *at,
                       const char *expected, const json_t *value);

/* The same where the kind is right and the text is not. */
int sds_json_fail_text(struct sds_json_error *error, const struct sds_json_place *at,
                       const char *expected, const char *text);

/**
 * Refuse a member that looks like a misspelt one of those known; what looks like none is of a later
 * version, or somebody's own, and is let pass.
 *
 * @known  names, @n of them
 * Returns 0, -EINVAL with *error set, -ENOMEM.
 */
int sds_json_check_members(const json_t *object, const struct sds_json_place *at,
                           const char *const *known, size_t n, struct sds_json_error *error);

/* Each reads @value, which stands at @at and may be NULL; @expected says what it should be. They
 * return 0, -EINVAL with *error set, or -ENOMEM. */

/* A string without NUL, borrowed from @value. */
int sds_json_read_text(const json_t *value, const struct sds_json_place *at, const char *expected,
                       const char **ret, struct sds_json_error *error);

/* An integer from 0 to @max. */
int sds_json_read_number(const json_t *value, const struct sds_json_place *at, uint32_t max,
                         uint32_t *ret, struct sds_json_error *error);

/* Bytes as hex digits, malloc'ed. */
int sds_json_read_hex(const json_t *value, const struct sds_json_place *at, uint8_t **ret,
                      size_t *ret_len, struct sds_json_error *error);

/* Text of a file or of the system, which need not be UTF-8: where it is not, as sds_text_dup() has
 * it. NULL is null; returns NULL when out of memory. */
json_t *sds_text_to_json(const char *text);

/* Write as a line of JSON, or several where @indent is not 0; what a terminal might obey is
 * escaped, other UTF-8 is not. Returns 0 or -ENOMEM. */
int sds_json_write(const json_t *json, size_t indent, FILE *out);

#endif
