/* SPDX-License-Identifier: MIT */
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "base/ascii.h"
#include "base/cur.h"
#include "base/mem.h"
#include "wire/store.h"

#define RECORDS_MAX 24
#define BYTES_MAX   8192

/* What the store told, which must agree with what it holds. */
struct told {
    struct sds_store *store;
    size_t n;
};

static void must_be_same(const struct sds_store_record *a, const struct sds_store_record *b)
{
    MUST(a->rdata.len == b->rdata.len && a->fault == b->fault);
    MUST(!a->rdata.len || !memcmp(a->rdata.p, b->rdata.p, a->rdata.len));
}

static void changed(void *userdata, const struct sds_store_change *change)
{
    struct told *told = userdata;
    const struct sds_store_record *record = change->record, *other = NULL;
    const struct sds_store_set *set = record->set;
    bool is_there = false;

    while ((other = sds_store_next(set, other)))
        if (other == record) {
            MUST(!is_there);
            must_be_same(record, other);
            is_there = true;
        }
    MUST(is_there);
    if (change->event == SDS_STORE_ADDED)
        told->n++;
    if (change->event == SDS_STORE_REMOVED)
        told->n--;
    MUST(change->event != SDS_STORE_CHANGED || change->aspects);
}

/* Every set is found by its name in any case, every record is alive, and the numbers agree. */
static void must_be_consistent(const struct told *told, int64_t now)
{
    struct sds_store_counts counts = sds_store_counts(told->store);
    const struct sds_store_set *set = NULL;
    size_t n_sets = 0, n_records = 0;

    while ((set = sds_store_next_set(told->store, set))) {
        const struct sds_store_record *record = NULL;
        uint8_t name[SDS_WIRE_NAME_MAX];
        size_t n = 0;

        for (size_t i = 0; i < set->name.len; i++)
            name[i] = (uint8_t)sds_fold(set->name.p[i]);
        MUST(sds_store_find(told->store, set->ifindex, (struct sds_span){name, set->name.len},
                            set->type, set->class) == set);
        for (bool is_leaving = false; (record = sds_store_next(set, record)); n++) {
            MUST(record->set == set && record->expires_ms > now);
            MUST(record->first_ms <= record->received_ms && record->received_ms <= now);
            MUST(record->n_senders > 0 && record->n_senders <= SDS_STORE_SENDERS_MAX);
            MUST(!record->is_legacy || record->n_one_shot);
            MUST(is_leaving <= record->is_leaving);
            is_leaving = record->is_leaving;
        }
        MUST(n > 0 && n == set->n_records);
        n_records += n;
        n_sets++;
    }
    MUST(n_records == counts.records && n_sets == counts.sets && told->n == n_records);
    MUST(n_records <= RECORDS_MAX && counts.bytes <= BYTES_MAX);
    MUST(sds_store_due_ms(told->store) > now);
    MUST((n_records == 0) == (sds_store_due_ms(told->store) == INT64_MAX));
}

/* A record of few names, types and RDATA, so that they meet. */
static void put_one(struct sds_store *store, const struct sds_store_arrival *arrival,
                    const uint8_t *bytes)
{
    static const struct sds_wire_name names[] = {{3, "\1a"}, {3, "\1A"}, {3, "\1b"}, {1, ""}};
    static const uint16_t types[] = {SDS_RR_PTR, SDS_RR_TXT, SDS_RR_SRV, SDS_RR_OPT};
    static const uint32_t ttls[] = {0, 1, 10, 120, 4500, UINT32_MAX, 2, 0};
    struct sds_wire_item item = {
        .section = SDS_WIRE_ANSWER,
        .name = names[bytes[0] & 3],
        .type = types[bytes[0] >> 2 & 3],
        .class = SDS_CLASS_IN,
        .upper_bit = bytes[0] & 16,
        .ttl_s = ttls[bytes[0] >> 5],
        .flaw.fault = bytes[1] & 1 ? SDS_WIRE_FAULT_RDATA_LONG : SDS_WIRE_FAULT_NONE,
        .parts.head = {bytes + 1, bytes[1] & 3},
    };

    MUST(sds_store_put(store, arrival, &item) == 0);
}

static void put_message(struct sds_store *store, const struct sds_store_arrival *arrival,
                        struct sds_span bytes)
{
    struct sds_wire_reader reader;
    struct sds_wire_item item;
    enum sds_wire_step step;

    if (!sds_wire_read(&reader, bytes.p, bytes.len))
        return;
    while ((step = sds_wire_next(&reader, &item)))
        if (step == SDS_WIRE_ITEM)
            MUST(sds_store_put(store, arrival, &item) == 0);
}

/* One step: time passes, then an interface goes, or a message or a record arrives. */
static bool step(struct sds_store *store, struct sds_cur *cur, struct sds_store_arrival *arrival)
{
    static const int64_t times[] = {0, 1, 500, 1000, 1001, 9000, 100000, 86400000};
    const uint8_t *bytes;
    uint8_t op, len;

    if (!sds_cur_u8(cur, &op))
        return false;
    arrival->now_ms += times[op & 7];
    sds_store_run(store, arrival->now_ms);
    arrival->ifindex = 1 + (op >> 3 & 1);
    arrival->sender.bytes[3] = op >> 4 & 3;
    arrival->is_legacy = op & 64;
    if (!(op & 128)) {
        if (!sds_cur_take(cur, 4, &bytes))
            return false;
        put_one(store, arrival, bytes);
        return true;
    }
    if (!sds_cur_u8(cur, &len) || !sds_cur_take(cur, len, &bytes))
        return false;
    if (len)
        put_message(store, arrival, (struct sds_span){bytes, len});
    else
        sds_store_drop_interface(store, arrival->ifindex);
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct sds_cur cur = sds_cur_over(data, size);
    struct sds_store_arrival arrival = {.ifindex = 1, .sender.len = 4, .now_ms = 1};
    struct told told = {0};
    struct sds_store_config config = {
        .key = {{1, 2}},
        .max_records = RECORDS_MAX,
        .max_bytes = BYTES_MAX,
        .wants_stale = size & 1,
        .changed = changed,
        .userdata = &told,
    };

    told.store = sds_store_new(&config);
    MUST(told.store);
    while (step(told.store, &cur, &arrival)) {
        sds_store_run(told.store, arrival.now_ms);
        must_be_consistent(&told, arrival.now_ms);
    }
    sds_store_drop_interface(told.store, 1);
    sds_store_drop_interface(told.store, 2);
    MUST(told.n == 0 && sds_store_counts(told.store).bytes == 0);
    sds_store_free(told.store);
    return 0;
}
