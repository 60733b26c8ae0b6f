/* SPDX-License-Identifier: MIT */
#ifndef SDS_WIRE_WRITER_H
#define SDS_WIRE_WRITER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sdscope/name.h"
#include "wire/message.h"
#include "wire/name.h"

/* What is to be written; borrows all that it points to. */
struct sds_wire_record {
    const struct sds_wire_name *name;
    uint16_t type, class;
    bool flush; /* RFC 6762 10.2 */
    uint32_t ttl_s;
    struct sds_span rdata; /* names in it uncompressed */
};

/* Names that compression may point to; what comes after so many is written in full. */
#define SDS_WIRE_SUFFIXES_MAX 512

/* A message that is being written into somebody's buffer. */
struct sds_wire_writer {
    uint8_t *p;
    size_t len, size; /* len is the message's, at any time */
    uint16_t counts[SDS_WIRE_SECTION__COUNT];
    bool is_full; /* of what is being written now, some did not fit */

    /* Where names, and ends of names, stand: a hash table of chains. */
    size_t n_suffixes;
    uint16_t chains[256]; /* 1 + index of the newest suffix; 0: none */
    struct {
        uint32_t hash;
        uint16_t at, next;
    } suffixes[SDS_WIRE_SUFFIXES_MAX];
};

/* @size is the most bytes that the message may have: from SDS_WIRE_HEADER_SIZE on. */
void sds_wire_begin(struct sds_wire_writer *writer, void *buffer, size_t size, uint16_t id,
                    uint16_t flags);

/* Set bits of the header's flags besides those that are. */
void sds_wire_set_flags(struct sds_wire_writer *writer, uint16_t flags);

/**
 * Write a question, its name compressed.
 *
 * @wants_unicast  QU (RFC 6762 5.4)
 * Returns false, with nothing written, when it does not fit.
 */
bool sds_wire_put_question(struct sds_wire_writer *writer, const struct sds_wire_name *name,
                           uint16_t type, uint16_t class, bool wants_unicast);

/**
 * Write a record; no section may come after a later one. Names are compressed, also those in RDATA
 * where RFC 6762 18.14 allows it. RDATA that does not fit its type is written as it is.
 *
 * Returns false, with nothing written, when it does not fit.
 */
bool sds_wire_put_record(struct sds_wire_writer *writer, enum sds_wire_section section,
                         const struct sds_wire_record *record);

#endif
