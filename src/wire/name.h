/* SPDX-License-Identifier: MIT */
#ifndef SDS_WIRE_NAME_H
#define SDS_WIRE_NAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cur.h"
#include "sdscope/name.h"
#include "wire/fault.h"

#define SDS_WIRE_NAME_MAX  (SDS_NAME_MAX + 1) /* the root's zero counted */
#define SDS_WIRE_JUMPS_MAX 128                /* compression pointers in one name */

/* A domain name as the wire has it uncompressed: length bytes, labels, the root's zero. Equal names
 * have equal bytes; with ASCII case ignored sds_fold_equal() tells, for no length byte is a letter.
 * sds_name_read() gives the labels. */
struct sds_wire_name {
    size_t len; /* the root's zero counted; 0: there is no name */
    uint8_t bytes[SDS_WIRE_NAME_MAX];
};

static inline struct sds_span sds_wire_name_span(const struct sds_wire_name *name)
{
    return (struct sds_span){name->bytes, name->len};
}

/* Equal names, ASCII case ignored (RFC 6762 16). */
bool sds_wire_name_equal(const struct sds_wire_name *a, const struct sds_wire_name *b);

/* Whether it is the name, in some domain, whose PTR records are service types (RFC 6763 9). */
bool sds_wire_name_is_of_types(const struct sds_wire_name *name);

/* The other way from labels; false, with nothing written, for a name with faults. */
bool sds_wire_name_from(const struct sds_name *name, struct sds_wire_name *ret);

/* A cursor that knows where in a message it is. */
struct sds_wire_place {
    struct sds_cur cur;
    size_t end; /* offset in the message of the end of @cur */
};

static inline size_t sds_wire_at(const struct sds_wire_place *place)
{
    return place->end - place->cur.left;
}

/**
 * Read a name, through compression (RFC 1035 4.1.4): each pointer leads to before all bytes that
 * were read of the name so far, and behind the header, so that there is no loop.
 *
 * @message  what pointers point into; of no bytes where none may be
 * @place    where the name begins; moves behind it
 * @ret      of length 0 where the name is faulty
 * @flaw     set where the name is faulty and nothing else was found to be before
 * Returns false, with @place as it was, when it cannot be told where the name ends.
 */
bool sds_wire_name_read(struct sds_span message, struct sds_wire_place *place,
                        struct sds_wire_name *ret, struct sds_wire_flaw *flaw);

#endif
