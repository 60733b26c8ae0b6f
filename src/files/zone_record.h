/* SPDX-License-Identifier: MIT */
#ifndef SDS_FILES_ZONE_RECORD_H
#define SDS_FILES_ZONE_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "files/input.h"
#include "files/zone_lexer.h"
#include "sdscope/name.h"

/* Types of records that say something of services; others are passed over (RFC 1035 3.2.2, 3596,
 * 2782, 6672). */
enum sds_zone_type {
    SDS_ZONE_A = 1,
    SDS_ZONE_NS = 2,
    SDS_ZONE_CNAME = 5,
    SDS_ZONE_SOA = 6,
    SDS_ZONE_PTR = 12,
    SDS_ZONE_TXT = 16,
    SDS_ZONE_AAAA = 28,
    SDS_ZONE_SRV = 33,
    SDS_ZONE_DNAME = 39,
};

/* A record of a zone; what it points at lives in the reader's arena. */
struct sds_zone_record {
    struct sds_span owner; /* absolute, as on the wire */
    enum sds_zone_type type;
    size_t order; /* in the file, from 0 */
    bool has_ttl;
    uint32_t ttl_s;
    struct sds_span rdata; /* as on the wire, names not compressed; empty for NS, SOA and DNAME */
    bool is_doubled;       /* its name ends in the origin twice: no one meant that name */
    struct sds_input_place place;
    struct sds_input_place *fields; /* where each field of the RDATA stands */
    size_t n_fields;                /* at least 1 */
};

/* What the lines before a record say of it. */
struct sds_zone_reader {
    struct sds_arena *arena;
    struct sds_input *input; /* receives faults */
    struct sds_input_error *error;
    struct sds_zone_lexer lexer;
    struct sds_zone_entry entry;
    struct sds_span origin, first_origin; /* p is NULL: none yet */
    struct sds_span owner;                /* of the last record; the same */
    bool has_default_ttl, has_last_ttl;   /* $TTL (RFC 2308 4), else that of the last record */
    uint32_t default_ttl_s, last_ttl_s;
    size_t n_records;
    struct sds_zone_bytes {
        size_t n;
        uint8_t v[UINT16_MAX];
    } rdata; /* of the record that is being read */
};

/**
 * Begin to read a zone.
 *
 * @reader  zeroed but for arena, input and error; sds_zone_reader_done() also after an error
 * @origin  in presentation format, absolute with or without its dot; or NULL
 * Returns 0, -EINVAL with *error set, -ENOMEM.
 */
int sds_zone_reader_begin(struct sds_zone_reader *reader, const char *text, size_t len,
                          const char *origin);
void sds_zone_reader_done(struct sds_zone_reader *reader);

/* The next record of a type above: 1, 0 at the end, -EINVAL with the error set, -ENOMEM. */
int sds_zone_read_record(struct sds_zone_reader *reader, struct sds_zone_record *ret);

/* Where field @i of the RDATA stands, or the last one before it. */
static inline struct sds_input_place sds_zone_field(const struct sds_zone_record *record, size_t i)
{
    return record->fields[i < record->n_fields ? i : record->n_fields - 1];
}

#endif
