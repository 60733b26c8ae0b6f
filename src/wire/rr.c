/* SPDX-License-Identifier: MIT */
#include "wire/rr.h"

#include <string.h>

#include "base/mem.h"

#define ANY 0xff

/* How RDATA is made: so many bytes, names, bytes. The types whose names may be compressed (RFC 6762
 * 18.14, without those that nobody uses), and those of a fixed length. */
static const struct layout {
    uint16_t type;
    uint8_t head, n_names, tail;
} layouts[] = {
    {SDS_RR_A, 4, 0, 0},    {SDS_RR_NS, 0, 1, 0},    {SDS_RR_CNAME, 0, 1, 0},
    {SDS_RR_SOA, 0, 2, 20}, {SDS_RR_PTR, 0, 1, 0},   {SDS_RR_MX, 2, 1, 0},
    {SDS_RR_RP, 0, 2, 0},   {SDS_RR_AFSDB, 2, 1, 0}, {SDS_RR_RT, 2, 1, 0},
    {SDS_RR_PX, 2, 2, 0},   {SDS_RR_AAAA, 16, 0, 0}, {SDS_RR_SRV, 6, 1, 0},
    {SDS_RR_KX, 2, 1, 0},   {SDS_RR_DNAME, 0, 1, 0}, {SDS_RR_NSEC, 0, 1, ANY},
};

static const struct layout *layout_of(uint16_t type)
{
    for (size_t i = 0; i < SDS_COUNT(layouts); i++)
        if (layouts[i].type == type)
            return &layouts[i];
    return NULL;
}

static bool take_span(struct sds_cur *cur, size_t len, struct sds_span *ret)
{
    ret->len = len;
    return sds_cur_take(cur, len, &ret->p);
}

static bool split(struct sds_span message, struct sds_wire_place *place,
                  const struct layout *layout, struct sds_wire_rdata *ret,
                  struct sds_wire_flaw *flaw)
{
    if (!take_span(&place->cur, layout->head, &ret->head)) {
        sds_wire_note(flaw, SDS_WIRE_FAULT_RDATA_SHORT, sds_wire_at(place));
        return false;
    }
    for (; ret->n_names < layout->n_names; ret->n_names++)
        if (!sds_wire_name_read(message, place, &ret->names[ret->n_names], flaw) ||
            !ret->names[ret->n_names].len)
            return false;
    if (!take_span(&place->cur, layout->tail == ANY ? place->cur.left : layout->tail, &ret->tail)) {
        sds_wire_note(flaw, SDS_WIRE_FAULT_RDATA_SHORT, sds_wire_at(place));
        return false;
    }
    if (place->cur.left)
        sds_wire_note(flaw, SDS_WIRE_FAULT_RDATA_LONG, sds_wire_at(place));
    return !place->cur.left;
}

void sds_wire_rdata_split(struct sds_span message, struct sds_wire_place place, uint16_t type,
                          struct sds_wire_rdata *ret, struct sds_wire_flaw *flaw)
{
    const struct layout *layout = layout_of(type);
    struct sds_cur all = place.cur;

    ret->n_names = 0;
    if (layout && split(message, &place, layout, ret, flaw))
        return;
    ret->n_names = 0;
    ret->head = (struct sds_span){all.p, all.left};
    ret->tail = (struct sds_span){NULL, 0};
}

size_t sds_wire_rdata_len(const struct sds_wire_rdata *rdata)
{
    size_t len = rdata->head.len + rdata->tail.len;

    for (size_t i = 0; i < rdata->n_names; i++)
        len += rdata->names[i].len;
    return len;
}

static uint8_t *put(uint8_t *to, struct sds_span bytes)
{
    if (bytes.len)
        memcpy(to, bytes.p, bytes.len);
    return to + bytes.len;
}

void sds_wire_rdata_put(const struct sds_wire_rdata *rdata, uint8_t *ret)
{
    ret = put(ret, rdata->head);
    for (size_t i = 0; i < rdata->n_names; i++)
        ret = put(ret, sds_wire_name_span(&rdata->names[i]));
    put(ret, rdata->tail);
}
