/* SPDX-License-Identifier: MIT */
#ifndef SDSCOPE_TXT_H
#define SDSCOPE_TXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sdscope/api.h"
#include "sdscope/name.h"

#ifdef __cplusplus
extern "C" {
#endif

#define SDS_TXT_STRING_MAX 255   /* bytes; RFC 1035 3.3 */
#define SDS_TXT_RDATA_MAX  65535 /* bytes; RFC 1035 3.2.1 */

/* One string of TXT RDATA, read as an attribute (RFC 6763 6.3, 6.4). Borrowed from the RDATA. */
struct sds_txt_string {
    size_t offset;         /* of the length byte in the RDATA */
    struct sds_span bytes; /* the whole string, without its length byte; NUL bytes are legal */
    struct sds_span key;   /* up to the first `=`, or all; empty where the string begins with `=` */
    struct sds_span value; /* p is NULL without `=`; `key=` has a value of 0 bytes */
    bool is_truncated;     /* the length byte points past the end: bytes holds what is there */
};

/* A walk over TXT RDATA in wire order; nothing is allocated. */
struct sds_txt_iter {
    const uint8_t *rdata;
    size_t len, at; /* bytes */
};

/**
 * Begin a walk.
 *
 * @rdata  borrowed for the walk; may be NULL when @len is 0, which is zero-length RDATA and yields
 *         no string, unlike one zero byte, which yields one empty string (RFC 6763 6.1)
 */
SDS_PUBLIC struct sds_txt_iter sds_txt_begin(const void *rdata, size_t len);

/* The next string, empty, truncated and repeated ones too; false at the end of the RDATA. */
SDS_PUBLIC bool sds_txt_next(struct sds_txt_iter *iter, struct sds_txt_string *ret);

/**
 * The first string with this key, ASCII case ignored: the one that counts (RFC 6763 6.4).
 * False where no complete string has it.
 */
SDS_PUBLIC bool sds_txt_find(const void *rdata, size_t len, const char *key,
                             struct sds_txt_string *ret);

#ifdef __cplusplus
}
#endif

#endif
