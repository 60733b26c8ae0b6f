/* SPDX-License-Identifier: MIT */
#include "wire/message.h"

#define UPPER_BIT 0x8000

bool sds_wire_read(struct sds_wire_reader *reader, const void *message, size_t len)
{
    struct sds_wire_header *header = &reader->header;
    struct sds_cur *cur = &reader->place.cur;

    reader->message = (struct sds_span){message, len};
    reader->place = (struct sds_wire_place){sds_cur_over(message, len), len};
    reader->section = 0;
    reader->is_at_end = false;
    if (!sds_cur_u16(cur, &header->id) || !sds_cur_u16(cur, &header->flags))
        return false;
    for (unsigned i = 0; i < SDS_WIRE_SECTION__COUNT; i++) {
        if (!sds_cur_u16(cur, &header->counts[i]))
            return false;
        reader->left[i] = header->counts[i];
    }
    return true;
}

static enum sds_wire_step broken(struct sds_wire_reader *reader, struct sds_wire_item *item,
                                 enum sds_wire_fault fault, size_t at)
{
    sds_wire_note(&item->flaw, fault, at);
    reader->is_at_end = true;
    return SDS_WIRE_BROKEN;
}

/* Name, type and class, which questions and records begin with. */
static bool read_head(struct sds_wire_reader *reader, struct sds_wire_item *item)
{
    if (!sds_wire_name_read(reader->message, &reader->place, &item->name, &item->flaw) ||
        !sds_cur_u16(&reader->place.cur, &item->type) ||
        !sds_cur_u16(&reader->place.cur, &item->class))
        return false;
    item->upper_bit = item->class & UPPER_BIT;
    item->class &= (uint16_t)~UPPER_BIT;
    return true;
}

/* What a record has besides. RDATA that is cut ends the message. */
static bool read_body(struct sds_wire_reader *reader, struct sds_wire_item *item)
{
    struct sds_cur *cur = &reader->place.cur;
    struct sds_wire_place place;
    uint16_t len;

    if (!sds_cur_u32(cur, &item->ttl_s) || !sds_cur_u16(cur, &len))
        return false;
    if (len > cur->left) {
        sds_wire_note(&item->flaw, SDS_WIRE_FAULT_RDATA_CUT, sds_wire_at(&reader->place));
        len = (uint16_t)cur->left;
        reader->is_at_end = true;
    }
    item->rdata.len = len;
    if (!sds_cur_take(cur, len, &item->rdata.p))
        return false;
    place = (struct sds_wire_place){sds_cur_over(item->rdata.p, len), sds_wire_at(&reader->place)};
    sds_wire_rdata_split(reader->message, place, item->type, &item->parts, &item->flaw);
    return true;
}

enum sds_wire_step sds_wire_next(struct sds_wire_reader *reader, struct sds_wire_item *ret)
{
    while (reader->section < SDS_WIRE_SECTION__COUNT && !reader->left[reader->section])
        reader->section++;
    if (reader->is_at_end)
        return SDS_WIRE_END;
    ret->flaw = (struct sds_wire_flaw){0};
    ret->at = sds_wire_at(&reader->place);
    if (reader->section == SDS_WIRE_SECTION__COUNT) {
        reader->is_at_end = true;
        ret->section = SDS_WIRE_ADDITIONAL;
        return reader->place.cur.left ? broken(reader, ret, SDS_WIRE_FAULT_TRAILING, ret->at)
                                      : SDS_WIRE_END;
    }
    ret->section = reader->section;
    if (!reader->place.cur.left)
        return broken(reader, ret, SDS_WIRE_FAULT_COUNT, ret->at);
    reader->left[reader->section]--;
    if (!read_head(reader, ret) || (ret->section != SDS_WIRE_QUESTION && !read_body(reader, ret)))
        return broken(reader, ret, SDS_WIRE_FAULT_RECORD_CUT, sds_wire_at(&reader->place));
    return SDS_WIRE_ITEM;
}
