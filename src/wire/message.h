/* SPDX-License-Identifier: MIT */
#ifndef SDS_WIRE_MESSAGE_H
#define SDS_WIRE_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sdscope/name.h"
#include "wire/fault.h"
#include "wire/name.h"
#include "wire/rr.h"

#define SDS_WIRE_HEADER_SIZE 12
#define SDS_WIRE_MESSAGE_MAX 65535 /* bytes; mDNS sends 9,000 at most (RFC 6762 17) */

/* Bits of the header's flags (RFC 1035 4.1.1). */
enum {
    SDS_WIRE_RESPONSE = 1u << 15,
    SDS_WIRE_AUTHORITATIVE = 1u << 10,
    SDS_WIRE_TRUNCATED = 1u << 9,
    SDS_WIRE_OPCODE = 15u << 11,
    SDS_WIRE_RCODE = 15u,
};

enum sds_wire_section {
    SDS_WIRE_QUESTION,
    SDS_WIRE_ANSWER,
    SDS_WIRE_AUTHORITY,
    SDS_WIRE_ADDITIONAL,
    SDS_WIRE_SECTION__COUNT
};

struct sds_wire_header {
    uint16_t id, flags;
    uint16_t counts[SDS_WIRE_SECTION__COUNT]; /* as the message claims */
};

/* A question, or a record. Faulty ones are told too, with all that could be read of them. */
struct sds_wire_item {
    enum sds_wire_section section;
    struct sds_wire_name name; /* of length 0 where it is faulty */
    uint16_t type, class;      /* of the class, all but its upper bit */
    bool upper_bit;            /* QU of a question (RFC 6762 5.4), cache-flush of a record (10.2) */
    size_t at;                 /* offset in the message */
    struct sds_wire_flaw flaw; /* the first one */

    /* Of a record: */
    uint32_t ttl_s;
    struct sds_span rdata;       /* as it was sent; borrowed from the message */
    struct sds_wire_rdata parts; /* the same, its names uncompressed */
};

enum sds_wire_step {
    SDS_WIRE_END,
    SDS_WIRE_ITEM,
    SDS_WIRE_BROKEN, /* the rest cannot be read: of the item only section, place and flaw are set */
};

/* A message that is being read; borrows its bytes. */
struct sds_wire_reader {
    struct sds_wire_header header;
    struct sds_span message;
    struct sds_wire_place place;
    unsigned section;                       /* enum sds_wire_section */
    uint16_t left[SDS_WIRE_SECTION__COUNT]; /* items that the header still promises */
    bool is_at_end;
};

/* Read a message's header (RFC 1035 4.1.1); false when it has fewer bytes than that. */
bool sds_wire_read(struct sds_wire_reader *reader, const void *message, size_t len);

/**
 * Read the next question or record, allocating nothing. A faulty name or RDATA costs its own record
 * alone: the lengths lead on to the next. Time is linear in the bytes of the message.
 */
enum sds_wire_step sds_wire_next(struct sds_wire_reader *reader, struct sds_wire_item *ret);

#endif
