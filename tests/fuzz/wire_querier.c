/* SPDX-License-Identifier: MIT */
#include "fuzz.h"

#include <stdlib.h>

#include "base/cur.h"
#include "base/mem.h"
#include "wire/querier.h"

#define NAMES 4

static const struct sds_wire_name names[NAMES] = {{3, "\1a"}, {3, "\1b"}, {5, "\1c\1a"}, {1, ""}};

/* Who asks, what, and when each was asked last. */
struct asking {
    struct sds_wire_querier *querier;
    struct sds_wire_ask *asks[NAMES];
    int64_t now_ms, asked_ms[NAMES];
};

static size_t index_of(const struct sds_wire_name *name)
{
    for (size_t i = 0; i < NAMES; i++)
        if (sds_wire_name_equal(&names[i], name))
            return i;
    MUST(false);
    return 0;
}

/* A packet is sound, says that it is a query, and asks nothing that was asked within a second. */
static int take_packet(void *userdata, const uint8_t *packet, size_t len)
{
    struct asking *asking = userdata;
    struct sds_wire_reader reader;
    struct sds_wire_item item;
    enum sds_wire_step step;

    MUST(len <= SDS_WIRE_PACKET_SIZE_MIN && sds_wire_read(&reader, packet, len));
    MUST(!(reader.header.flags & SDS_WIRE_RESPONSE) && !reader.header.id);
    while ((step = sds_wire_next(&reader, &item))) {
        size_t i;

        MUST(step == SDS_WIRE_ITEM && !item.flaw.fault);
        if (item.section != SDS_WIRE_QUESTION) {
            MUST(item.section == SDS_WIRE_ANSWER && !item.upper_bit && item.ttl_s > 0);
            continue;
        }
        i = index_of(&item.name);
        MUST(asking->now_ms >= asking->asked_ms[i] + 1000);
        asking->asked_ms[i] = asking->now_ms;
    }
    return 0;
}

static void run(struct asking *asking, struct sds_store *store, int64_t until_ms)
{
    int64_t due;

    while ((due = sds_wire_querier_due_ms(asking->querier)) <= until_ms) {
        if (due > asking->now_ms)
            asking->now_ms = due;
        sds_store_run(store, asking->now_ms);
        MUST(sds_wire_querier_run(asking->querier, asking->now_ms) == 0);
        MUST(sds_wire_querier_due_ms(asking->querier) > asking->now_ms);
    }
    asking->now_ms = until_ms;
    sds_store_run(store, until_ms);
}

static void toggle(struct asking *asking, size_t i, unsigned rounds)
{
    if (asking->asks[i]) {
        sds_wire_ask_drop(asking->asks[i]);
        asking->asks[i] = NULL;
    } else {
        MUST(sds_wire_querier_ask(asking->querier, &names[i], SDS_RR_PTR, rounds, asking->now_ms,
                                  &asking->asks[i]) == 0);
    }
}

static void renew(struct asking *asking, const struct sds_store *store, size_t i)
{
    const struct sds_store_set *set =
        sds_store_find(store, 1, sds_wire_name_span(&names[i]), SDS_RR_PTR, SDS_CLASS_IN);

    if (set)
        MUST(sds_wire_querier_renew(asking->querier, set, asking->now_ms) == 0);
}

/* A message is a response to be kept, or a query of somebody else. */
static void hear(struct asking *asking, struct sds_store *store, struct sds_span bytes)
{
    struct sds_store_arrival arrival = {1, {.len = 4}, asking->now_ms, false};
    struct sds_wire_reader reader;
    struct sds_wire_item item;
    enum sds_wire_step step;

    if (!sds_wire_read(&reader, bytes.p, bytes.len))
        return;
    sds_wire_querier_hear(asking->querier, bytes.p, bytes.len, asking->now_ms);
    if (!(reader.header.flags & SDS_WIRE_RESPONSE))
        return;
    while ((step = sds_wire_next(&reader, &item)))
        if (step == SDS_WIRE_ITEM)
            MUST(sds_store_put(store, &arrival, &item) == 0);
}

static bool step(struct asking *asking, struct sds_store *store, struct sds_cur *cur)
{
    static const int64_t times[] = {0, 1, 60, 500, 1000, 2500, 20000, 4000000};
    const uint8_t *bytes;
    uint8_t op, len;

    if (!sds_cur_u8(cur, &op))
        return false;
    run(asking, store, asking->now_ms + times[op & 7]);
    switch (op >> 3 & 3) {
    case 0:
        toggle(asking, op >> 5 & 3, op & 128 ? 2 : SDS_WIRE_ROUNDS_ALL);
        return true;
    case 1:
        renew(asking, store, op >> 5 & 3);
        return true;
    default:
        if (!sds_cur_u8(cur, &len) || !sds_cur_take(cur, len, &bytes))
            return false;
        hear(asking, store, (struct sds_span){bytes, len});
        return true;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct sds_cur cur = sds_cur_over(data, size);
    struct sds_store_config stored = {.max_records = 100, .max_bytes = 100000};
    struct asking asking = {.asked_ms = {-1000, -1000, -1000, -1000}};
    struct sds_wire_querier_config config = {
        .ifindex = 1,
        .store = sds_store_new(&stored),
        .packet_size = SDS_WIRE_PACKET_SIZE_MIN,
        .max_asks = 100,
        .first_ms = size & 1 ? 125 : 0,
        .send = take_packet,
        .userdata = &asking,
    };
    struct sds_store *store = (struct sds_store *)config.store;

    asking.querier = store ? sds_wire_querier_new(&config) : NULL;
    MUST(asking.querier);
    while (step(&asking, store, &cur))
        ;
    sds_wire_querier_free(asking.querier);
    sds_store_free(store);
    return 0;
}
