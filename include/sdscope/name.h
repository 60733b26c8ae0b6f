/* SPDX-License-Identifier: MIT */
#ifndef SDSCOPE_NAME_H
#define SDSCOPE_NAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "sdscope/api.h"

#ifdef __cplusplus
extern "C" {
#endif

#define SDS_LABEL_MAX 63  /* bytes; RFC 1035 2.3.4 */
#define SDS_NAME_MAX  255 /* bytes with one length byte a label, the root not counted */

/* What can be wrong with a name as text; bits of sds_name.faults. */
enum sds_name_fault {
    SDS_NAME_EMPTY_LABEL = 1u << 0,
    SDS_NAME_LONG_LABEL = 1u << 1, /* more than 63 bytes */
    SDS_NAME_BAD_ESCAPE = 1u << 2, /* a backslash without a character, or \DDD above 255 */
    SDS_NAME_LONG = 1u << 3,       /* more than 255 bytes */
    SDS_NAME_CUT = 1u << 4,        /* more than this structure holds; the rest is dropped */
};

/* A piece of bytes that belongs to somebody else; not NUL-terminated. */
struct sds_span {
    const uint8_t *p;
    size_t len;
};

/* The bytes of a text, borrowed from it. */
static inline struct sds_span sds_text_span(const char *text)
{
    struct sds_span span = {(const uint8_t *)text, strlen(text)};

    return span;
}

/* A domain name: its labels as raw bytes, the root left out. Roomy enough to hold faulty names. */
struct sds_name {
    size_t n_labels;
    struct {
        uint16_t at, len; /* in bytes[] */
    } labels[128];
    size_t n_bytes;
    uint8_t bytes[1024];
    unsigned faults; /* enum sds_name_fault */
};

/**
 * Read a name in presentation format: labels between dots, `\.` and `\\` literal, `\DDD` a byte in
 * decimal (RFC 1035 5.1). One dot at the end is the root and is ignored. Never fails: what is wrong
 * is said in ret->faults, and a faulty label is kept as far as it can be read.
 */
SDS_PUBLIC void sds_name_parse(const char *text, struct sds_name *ret);

/**
 * Read an uncompressed name from RDATA.
 *
 * @rdata  exactly the bytes of the name
 * Returns 0, or -EBADMSG when it is truncated, compressed or followed by other bytes.
 */
SDS_PUBLIC int sds_name_read(const uint8_t *rdata, size_t len, struct sds_name *ret);

/* Label @i, borrowed from @name. */
SDS_PUBLIC struct sds_span sds_name_label(const struct sds_name *name, size_t i);

/* Bytes on the wire without the root: the sum of 1 + length over all labels (RFC 1035 3.1). */
SDS_PUBLIC size_t sds_name_wire_len(const struct sds_name *name);

#define SDS_LABELS_ALL ((size_t)-1)

/**
 * Presentation format of at most @n labels from @from on, without a dot at the end: `.` and `\`
 * escaped, controls and bytes that are not UTF-8 as \DDD, other UTF-8 as it is. No label at all is
 * the root, ".". Returns malloc'ed text, or NULL when out of memory.
 */
SDS_PUBLIC char *sds_name_format(const struct sds_name *name, size_t from, size_t n);

/* The same for one label that is not part of a name yet. */
SDS_PUBLIC char *sds_label_format(const void *label, size_t len);

/* Whether two texts are one name, in whatever spelling, as DNS compares them: ASCII case ignored. */
SDS_PUBLIC bool sds_name_same(const char *a, const char *b);

/* True for a name that ends in `local`, ASCII case ignored (RFC 6762 3). */
SDS_PUBLIC bool sds_name_is_local(const struct sds_name *name);

#ifdef __cplusplus
}
#endif

#endif
