/* SPDX-License-Identifier: MIT */
#ifndef SDS_REGISTRY_JSON_READ_H
#define SDS_REGISTRY_JSON_READ_H

#include <jansson.h>

#include "base/json_place.h"
#include "registry/table.h"

/* A file that is being read, and the way from its root to the value that is looked at. */
struct sds_reader {
    struct sds_load *load;
    const char *bytes;
    size_t len;
    struct sds_json_path path;
};

/* Say what is wrong with the value that is looked at; returns -EINVAL. */
int sds_reader_fault(struct sds_reader *reader, const char *what);

/* Look at a member, or at NULL where it is absent or null, which are the same; at an array's item.
 * Ends with sds_reader_leave(). */
const json_t *sds_reader_enter(struct sds_reader *reader, const json_t *object, const char *name);
const json_t *sds_reader_enter_item(struct sds_reader *reader, const json_t *array, size_t i);
void sds_reader_leave(struct sds_reader *reader);

/**
 * Read a value, or a member of @object, into the table's arena. Each returns 0, with what an absent
 * member stands for left in *ret; -EINVAL, said; or -ENOMEM.
 */
int sds_reader_copy_text(struct sds_reader *reader, const json_t *value, const char **ret);
int sds_reader_text(struct sds_reader *reader, const json_t *object, const char *name,
                    const char **ret);
int sds_reader_texts(struct sds_reader *reader, const json_t *object, const char *name,
                     const char *const **ret, size_t *ret_n);
int sds_reader_bool(struct sds_reader *reader, const json_t *object, const char *name, bool *ret);

/* A whole number; *ret_found says whether it is there. */
int sds_reader_number(struct sds_reader *reader, const json_t *object, const char *name,
                      int64_t min, int64_t max, int64_t *ret, bool *ret_found);

/* A word of an enumeration. */
int sds_reader_word(struct sds_reader *reader, const json_t *object, const char *name,
                    int (*from_name)(const char *), const char *what, int *ret);

/* A regular expression, which compiles. */
int sds_reader_regex(struct sds_reader *reader, const json_t *object, const char *name,
                     const char **ret);

/* "tcp", "udp", "sctp" or "dccp". */
int sds_reader_transport(struct sds_reader *reader, const json_t *object, const char **ret);

/* The member "txt" of a record. */
int sds_reader_decl(struct sds_reader *reader, const json_t *record, struct sds_txt_decl *ret);

#endif
