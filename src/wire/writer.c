/* SPDX-License-Identifier: MIT */
#include "wire/writer.h"

#include <assert.h>
#include <string.h>

#include "base/ascii.h"
#include "base/mem.h"

#define FLAGS_AT    2
#define COUNTS_AT   4
#define POINTER     0xc000
#define POINTER_MAX 0x3fff
#define UPPER_BIT   0x8000
#define LABELS_MAX  (SDS_NAME_MAX / 2)

static void put_bytes(struct sds_wire_writer *writer, const void *bytes, size_t len)
{
    if (writer->is_full || len > writer->size - writer->len) {
        writer->is_full = true;
        return;
    }
    if (len)
        memcpy(writer->p + writer->len, bytes, len);
    writer->len += len;
}

static void store_u16(uint8_t *to, uint16_t value)
{
    to[0] = (uint8_t)(value >> 8);
    to[1] = (uint8_t)value;
}

static void put_u16(struct sds_wire_writer *writer, uint16_t value)
{
    uint8_t bytes[2];

    store_u16(bytes, value);
    put_bytes(writer, bytes, sizeof(bytes));
}

static void put_u32(struct sds_wire_writer *writer, uint32_t value)
{
    put_u16(writer, (uint16_t)(value >> 16));
    put_u16(writer, (uint16_t)value);
}

void sds_wire_begin(struct sds_wire_writer *writer, void *buffer, size_t size, uint16_t id,
                    uint16_t flags)
{
    static const uint8_t no_counts[SDS_WIRE_HEADER_SIZE - COUNTS_AT];

    assert(size >= SDS_WIRE_HEADER_SIZE);
    writer->p = buffer;
    writer->len = 0;
    writer->size = size;
    writer->is_full = false;
    writer->n_suffixes = 0;
    memset(writer->counts, 0, sizeof(writer->counts));
    memset(writer->chains, 0, sizeof(writer->chains));
    put_u16(writer, id);
    put_u16(writer, flags);
    put_bytes(writer, no_counts, sizeof(no_counts));
}

void sds_wire_set_flags(struct sds_wire_writer *writer, uint16_t flags)
{
    flags |= (uint16_t)(writer->p[FLAGS_AT] << 8 | writer->p[FLAGS_AT + 1]);
    store_u16(writer->p + FLAGS_AT, flags);
}

/* ---- names ------------------------------------------------------------------------------- */

static uint16_t *chain_of(struct sds_wire_writer *writer, uint32_t hash)
{
    return &writer->chains[hash % SDS_COUNT(writer->chains)];
}

/* Note that a name goes on at the end of what is written. */
static void add_suffix(struct sds_wire_writer *writer, uint32_t hash)
{
    uint16_t *chain = chain_of(writer, hash);
    size_t i = writer->n_suffixes;

    if (i >= SDS_WIRE_SUFFIXES_MAX || writer->len > POINTER_MAX)
        return;
    writer->suffixes[i].hash = hash;
    writer->suffixes[i].at = (uint16_t)writer->len;
    writer->suffixes[i].next = *chain;
    *chain = (uint16_t)++writer->n_suffixes;
}

/* Forget all suffixes but the first @n: the newest stand first in their chains. */
static void drop_suffixes(struct sds_wire_writer *writer, size_t n)
{
    while (writer->n_suffixes > n) {
        size_t i = --writer->n_suffixes;

        *chain_of(writer, writer->suffixes[i].hash) = writer->suffixes[i].next;
    }
}

/* Whether the name at an offset has these very bytes, case included. */
static bool is_name_at(const struct sds_wire_writer *writer, size_t at, struct sds_span bytes)
{
    struct sds_span message = {writer->p, writer->len};
    struct sds_wire_place place = {sds_cur_over(writer->p, writer->len), writer->len};
    struct sds_wire_flaw flaw = {0};
    struct sds_wire_name name;
    const uint8_t *skipped;

    return sds_cur_take(&place.cur, at, &skipped) &&
           sds_wire_name_read(message, &place, &name, &flaw) && name.len == bytes.len &&
           memcmp(name.bytes, bytes.p, bytes.len) == 0;
}

/* Where these bytes stand as a name or the end of one; 0: nowhere. */
static size_t find_suffix(struct sds_wire_writer *writer, uint32_t hash, struct sds_span bytes)
{
    for (uint16_t i = *chain_of(writer, hash); i; i = writer->suffixes[i - 1].next)
        if (writer->suffixes[i - 1].hash == hash &&
            is_name_at(writer, writer->suffixes[i - 1].at, bytes))
            return writer->suffixes[i - 1].at;
    return 0;
}

/* Where each label begins, and the hash of the name from there on. Returns the number of labels. */
static size_t hash_suffixes(const struct sds_wire_name *name, uint8_t *ret_starts,
                            uint32_t *ret_hashes)
{
    uint32_t hash = 0;
    size_t n = 0;

    assert(name->len);
    for (size_t at = 0; name->bytes[at]; at += 1u + name->bytes[at])
        ret_starts[n++] = (uint8_t)at;
    for (size_t i = n; i > 0; i--) {
        const uint8_t *label = name->bytes + ret_starts[i - 1];

        hash = hash * 31 + sds_fold_hash(label, 1u + label[0]);
        ret_hashes[i - 1] = hash;
    }
    return n;
}

static void put_name(struct sds_wire_writer *writer, const struct sds_wire_name *name)
{
    uint8_t starts[LABELS_MAX];
    uint32_t hashes[LABELS_MAX];
    size_t n = hash_suffixes(name, starts, hashes);

    for (size_t i = 0; i < n && !writer->is_full; i++) {
        const uint8_t *label = name->bytes + starts[i];
        size_t at = find_suffix(writer, hashes[i], (struct sds_span){label, name->len - starts[i]});

        if (at) {
            put_u16(writer, (uint16_t)(POINTER | at));
            return;
        }
        add_suffix(writer, hashes[i]);
        put_bytes(writer, label, 1u + label[0]);
    }
    put_bytes(writer, "", 1);
}

/* ---- questions and records ----------------------------------------------------------------- */

static void put_head(struct sds_wire_writer *writer, const struct sds_wire_name *name,
                     uint16_t type, uint16_t class, bool upper_bit)
{
    put_name(writer, name);
    put_u16(writer, type);
    put_u16(writer, upper_bit ? class | UPPER_BIT : class);
}

static void put_rdata(struct sds_wire_writer *writer, uint16_t type, struct sds_span rdata)
{
    struct sds_wire_place place = {sds_cur_over(rdata.p, rdata.len), rdata.len};
    struct sds_wire_flaw flaw = {0};
    struct sds_wire_rdata parts;
    size_t at = writer->len;

    sds_wire_rdata_split((struct sds_span){NULL, 0}, place, type, &parts, &flaw);
    put_u16(writer, 0);
    put_bytes(writer, parts.head.p, parts.head.len);
    for (size_t i = 0; i < parts.n_names; i++)
        put_name(writer, &parts.names[i]);
    put_bytes(writer, parts.tail.p, parts.tail.len);
    if (!writer->is_full)
        store_u16(writer->p + at, (uint16_t)(writer->len - at - 2));
}

/* Count what was written since, or take it back where it did not fit. */
static bool finish(struct sds_wire_writer *writer, enum sds_wire_section section, size_t len,
                   size_t n_suffixes)
{
    if (writer->counts[section] == UINT16_MAX)
        writer->is_full = true;
    if (writer->is_full) {
        drop_suffixes(writer, n_suffixes);
        writer->len = len;
        writer->is_full = false;
        return false;
    }
    store_u16(writer->p + COUNTS_AT + 2 * (size_t)section, ++writer->counts[section]);
    return true;
}

bool sds_wire_put_question(struct sds_wire_writer *writer, const struct sds_wire_name *name,
                           uint16_t type, uint16_t class, bool wants_unicast)
{
    size_t len = writer->len, n_suffixes = writer->n_suffixes;

    put_head(writer, name, type, class, wants_unicast);
    return finish(writer, SDS_WIRE_QUESTION, len, n_suffixes);
}

bool sds_wire_put_record(struct sds_wire_writer *writer, enum sds_wire_section section,
                         const struct sds_wire_record *record)
{
    size_t len = writer->len, n_suffixes = writer->n_suffixes;

    for (unsigned i = section + 1; i < SDS_WIRE_SECTION__COUNT; i++)
        assert(!writer->counts[i]);
    put_head(writer, record->name, record->type, record->class, record->flush);
    put_u32(writer, record->ttl_s);
    if (record->rdata.len > UINT16_MAX)
        writer->is_full = true;
    put_rdata(writer, record->type, record->rdata);
    return finish(writer, section, len, n_suffixes);
}
