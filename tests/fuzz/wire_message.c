/* SPDX-License-Identifier: MIT */
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "wire/writer.h"

static void must_be_name(const struct sds_wire_name *name)
{
    struct sds_name labels;

    MUST(name->len <= sizeof(name->bytes));
    MUST(!name->len || sds_name_read(name->bytes, name->len, &labels) == 0);
}

/* What is told lies within the message, item behind item. */
static void must_be_sound(const struct sds_wire_reader *reader, const struct sds_wire_item *item,
                          size_t *at)
{
    struct sds_span message = reader->message;

    MUST(item->at >= *at && item->at <= message.len && item->flaw.at <= message.len);
    *at = item->at;
    MUST(item->flaw.fault < SDS_WIRE_FAULT__COUNT);
    must_be_name(&item->name);
    MUST(item->name.len || item->flaw.fault);
    if (item->section == SDS_WIRE_QUESTION)
        return;
    MUST(item->rdata.p >= message.p && item->rdata.len <= message.len &&
         (size_t)(item->rdata.p - message.p) <= message.len - item->rdata.len);
    for (size_t i = 0; i < item->parts.n_names; i++) {
        MUST(item->parts.names[i].len);
        must_be_name(&item->parts.names[i]);
    }
}

static uint8_t *expand(const struct sds_wire_item *item, size_t *ret_len)
{
    uint8_t *rdata = malloc(sds_wire_rdata_len(&item->parts) + 1);

    MUST(rdata);
    *ret_len = sds_wire_rdata_len(&item->parts);
    sds_wire_rdata_put(&item->parts, rdata);
    return rdata;
}

/* Write an item; false where the message is full. */
static bool put(struct sds_wire_writer *writer, const struct sds_wire_item *item)
{
    struct sds_wire_record record = {&item->name,     item->type,  item->class,
                                     item->upper_bit, item->ttl_s, {NULL, 0}};
    uint8_t *rdata;
    bool fits;

    if (item->section == SDS_WIRE_QUESTION)
        return sds_wire_put_question(writer, &item->name, item->type, item->class, item->upper_bit);
    rdata = expand(item, &record.rdata.len);
    record.rdata.p = rdata;
    fits = sds_wire_put_record(writer, item->section, &record);
    free(rdata);
    return fits;
}

static void must_be_same(const struct sds_wire_item *a, const struct sds_wire_item *b)
{
    size_t a_len, b_len;
    uint8_t *a_rdata, *b_rdata;

    MUST(a->section == b->section && a->type == b->type && a->class == b->class);
    MUST(a->upper_bit == b->upper_bit && b->flaw.fault == SDS_WIRE_FAULT_NONE);
    MUST(a->name.len == b->name.len && !memcmp(a->name.bytes, b->name.bytes, a->name.len));
    if (a->section == SDS_WIRE_QUESTION)
        return;
    MUST(a->ttl_s == b->ttl_s);
    a_rdata = expand(a, &a_len);
    b_rdata = expand(b, &b_len);
    MUST(a_len == b_len && !memcmp(a_rdata, b_rdata, a_len));
    free(a_rdata);
    free(b_rdata);
}

static enum sds_wire_step next_sound(struct sds_wire_reader *reader, struct sds_wire_item *item)
{
    enum sds_wire_step step;

    do
        step = sds_wire_next(reader, item);
    while (step == SDS_WIRE_ITEM && item->flaw.fault);
    return step;
}

/* Nothing past the end is read, and what is sound of a message comes back when it is written. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static uint8_t written[SDS_WIRE_MESSAGE_MAX];
    struct sds_wire_reader reader, again;
    struct sds_wire_item item, copy;
    struct sds_wire_writer writer;
    enum sds_wire_step step;
    size_t at = 0, n = 0;

    if (!sds_wire_read(&reader, data, size)) {
        MUST(size < SDS_WIRE_HEADER_SIZE);
        return 0;
    }
    sds_wire_begin(&writer, written, sizeof(written), reader.header.id, reader.header.flags);
    while ((step = sds_wire_next(&reader, &item))) {
        if (step == SDS_WIRE_BROKEN) {
            MUST(item.flaw.fault && item.flaw.at <= size);
            continue;
        }
        must_be_sound(&reader, &item, &at);
        if (!item.flaw.fault && !put(&writer, &item))
            break;
        n += !item.flaw.fault;
    }
    MUST(sds_wire_read(&reader, data, size) && sds_wire_read(&again, written, writer.len));
    MUST(again.header.id == reader.header.id && again.header.flags == reader.header.flags);
    for (; n > 0; n--) {
        MUST(next_sound(&reader, &item) == SDS_WIRE_ITEM);
        MUST(sds_wire_next(&again, &copy) == SDS_WIRE_ITEM);
        must_be_same(&item, &copy);
    }
    MUST(sds_wire_next(&again, &copy) == SDS_WIRE_END);
    return 0;
}
