/* SPDX-License-Identifier: MIT */
#include "wire/name.h"

#include <string.h>

#include "base/ascii.h"
#include "wire/message.h"

#define POINTER 0xc0 /* the two upper bits of a length byte, both set */

bool sds_wire_name_equal(const struct sds_wire_name *a, const struct sds_wire_name *b)
{
    return sds_fold_equal(a->bytes, a->len, b->bytes, b->len);
}

bool sds_wire_name_is_of_types(const struct sds_wire_name *name)
{
    static const uint8_t types[] = "\x09_services\x07_dns-sd\x04_udp";
    const size_t len = sizeof(types) - 1;

    return name->len > len && sds_fold_equal(name->bytes, len, types, len);
}

bool sds_wire_name_from(const struct sds_name *name, struct sds_wire_name *ret)
{
    if (name->faults)
        return false;
    ret->len = 0;
    for (size_t i = 0; i < name->n_labels; i++) {
        struct sds_span label = sds_name_label(name, i);

        ret->bytes[ret->len++] = (uint8_t)label.len;
        memcpy(ret->bytes + ret->len, label.p, label.len);
        ret->len += label.len;
    }
    ret->bytes[ret->len++] = 0;
    return true;
}

/* Move behind the name: its root, or its first pointer, wherever that leads. */
static bool skip(struct sds_wire_place *place, struct sds_wire_flaw *flaw)
{
    struct sds_wire_place after = *place;
    const uint8_t *label;
    uint8_t len;

    do {
        size_t at = sds_wire_at(&after);
        bool is_there = sds_cur_u8(&after.cur, &len);

        if (is_there && (len & POINTER) && (len & POINTER) != POINTER) {
            sds_wire_note(flaw, SDS_WIRE_FAULT_NAME_LABEL, at);
            return false;
        }
        if (!is_there || !sds_cur_take(&after.cur, len & POINTER ? 1 : len, &label)) {
            sds_wire_note(flaw, SDS_WIRE_FAULT_NAME_CUT, at);
            return false;
        }
    } while (len && !(len & POINTER));
    *place = after;
    return true;
}

/* Go where a pointer points. False where that is no place that a name may continue at. */
static bool jump(struct sds_span message, struct sds_wire_place *place, size_t target,
                 size_t before)
{
    const uint8_t *skipped;

    if (target < SDS_WIRE_HEADER_SIZE || target >= before)
        return false;
    place->cur = sds_cur_over(message.p, message.len);
    place->end = message.len;
    return sds_cur_take(&place->cur, target, &skipped);
}

/* Collect the labels of a name whose end is known to be there, until a pointer leads astray. */
static enum sds_wire_fault collect(struct sds_span message, struct sds_wire_place place,
                                   struct sds_wire_name *ret, size_t *ret_at)
{
    size_t begin = sds_wire_at(&place); /* of the piece that is being read */
    unsigned jumps = 0;
    const uint8_t *label;
    uint8_t len, low;

    for (;;) {
        *ret_at = sds_wire_at(&place);
        if (!sds_cur_u8(&place.cur, &len))
            return SDS_WIRE_FAULT_NAME_CUT;
        if ((len & POINTER) == POINTER) {
            if (!sds_cur_u8(&place.cur, &low))
                return SDS_WIRE_FAULT_NAME_CUT;
            len &= (uint8_t)~POINTER;
            if (++jumps > SDS_WIRE_JUMPS_MAX ||
                !jump(message, &place, (size_t)len << 8 | low, begin))
                return SDS_WIRE_FAULT_NAME_POINTER;
            begin = sds_wire_at(&place);
            continue;
        }
        if (len & POINTER)
            return SDS_WIRE_FAULT_NAME_LABEL;
        if (!sds_cur_take(&place.cur, len, &label))
            return SDS_WIRE_FAULT_NAME_CUT;
        /* The root's zero must fit behind a label. */
        if (ret->len + 1 + len + (len > 0) > sizeof(ret->bytes))
            return SDS_WIRE_FAULT_NAME_LONG;
        ret->bytes[ret->len++] = len;
        memcpy(ret->bytes + ret->len, label, len);
        ret->len += len;
        if (!len)
            return SDS_WIRE_FAULT_NONE;
    }
}

bool sds_wire_name_read(struct sds_span message, struct sds_wire_place *place,
                        struct sds_wire_name *ret, struct sds_wire_flaw *flaw)
{
    struct sds_wire_place begin = *place;
    enum sds_wire_fault fault;
    size_t at;

    ret->len = 0;
    if (!skip(place, flaw))
        return false;
    fault = collect(message, begin, ret, &at);
    if (fault) {
        ret->len = 0;
        sds_wire_note(flaw, fault, at);
    }
    return true;
}
