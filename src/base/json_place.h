/* SPDX-License-Identifier: MIT */
#ifndef SDS_BASE_JSON_PLACE_H
#define SDS_BASE_JSON_PLACE_H

#include <stddef.h>

#define SDS_JSON_PATH_MAX 16

/* The way from the root of a JSON text to a value in it. */
struct sds_json_path {
    size_t n;
    struct {
        const char *member; /* of an object; NULL: an item of an array */
        size_t item;
    } steps[SDS_JSON_PATH_MAX];
};

void sds_json_path_push(struct sds_json_path *path, const char *member, size_t item);

#define SDS_JSON_NAME_MAX 64

/* Where a value stands, which no JSON library tells. @bytes are well-formed JSON; of a path that
 * ends nowhere it is the innermost value on the way that is there. */
size_t sds_json_find(const char *bytes, size_t len, const struct sds_json_path *path);

/* A value inside another: an item of an array, or a member of an object and its name, of which no
 * more than SDS_JSON_NAME_MAX bytes are told. Returns 0, or what ends the visit. */
typedef int sds_json_visit(void *userdata, size_t index, const char *name, size_t name_len,
                           size_t offset);

/* Visit what the array or object at @offset holds, in the order of the text, which is well-formed.
 * Returns 0, or what the visit returned. */
int sds_json_each(const char *bytes, size_t len, size_t offset, sds_json_visit *visit,
                  void *userdata);

/**
 * Where a value stands, as an editor shows it.
 *
 * @ret_line, @ret_column  from 1, in bytes
 */
void sds_json_place(const char *bytes, size_t len, const struct sds_json_path *path,
                    size_t *ret_line, size_t *ret_column);

#endif
