/* SPDX-License-Identifier: MIT */
#include "wire/replay.h"

#include "wire/message.h"

bool sds_replay_peek(struct sds_replay *replay)
{
    if (!replay->has_next)
        replay->has_next = sds_capture_next(replay->capture, &replay->next);
    return replay->has_next;
}

void sds_replay_pass(struct sds_replay *replay, int64_t now_ms)
{
    if (now_ms > replay->now_ms)
        replay->now_ms = now_ms;
    sds_store_run(replay->store, replay->now_ms);
}

static void count_time(struct sds_replay *replay, int64_t time_ms)
{
    struct sds_replay_counts *counts = &replay->counts;

    if (!counts->datagrams || time_ms < counts->first_ms)
        counts->first_ms = time_ms;
    if (!counts->datagrams || time_ms > counts->last_ms)
        counts->last_ms = time_ms;
    counts->datagrams++;
}

/* What else is wrong with a message than what it tells. */
static int judge(struct sds_replay *replay, const struct sds_wire_datagram *datagram)
{
    if (!replay->conduct || datagram->way != SDS_WIRE_TO_GROUP || datagram->is_cut)
        return 0;
    return sds_conduct_hear(replay->conduct, datagram, NULL, replay->now_ms);
}

/* Read all of a message; of a response whose records count, put them into the store. */
static int take_items(struct sds_replay *replay, struct sds_wire_reader *reader,
                      const struct sds_wire_datagram *datagram, bool is_taken)
{
    struct sds_store_arrival arrival = {
        .ifindex = datagram->ifindex,
        .sender = datagram->sender,
        .now_ms = replay->now_ms,
        .is_legacy = datagram->way == SDS_WIRE_TO_LEGACY,
    };
    struct sds_wire_item item;
    enum sds_wire_step step;
    int r = 0;

    while (r == 0 && (step = sds_wire_next(reader, &item))) {
        if (item.flaw.fault && !datagram->is_cut)
            replay->counts.faults[item.flaw.fault]++;
        if (step != SDS_WIRE_ITEM || !is_taken)
            continue;
        /* What the capture cut off is no fault of the sender's, and no record. */
        if (datagram->is_cut && item.flaw.fault == SDS_WIRE_FAULT_RDATA_CUT)
            continue;
        replay->counts.records++;
        r = sds_store_put(replay->store, &arrival, &item);
    }
    return r;
}

int sds_replay_step(struct sds_replay *replay)
{
    struct sds_replay_counts *counts = &replay->counts;
    const struct sds_wire_datagram *datagram = &replay->next.datagram;
    struct sds_wire_reader reader;
    bool is_response, is_stray;
    int r;

    if (!sds_replay_peek(replay))
        return 0;
    replay->has_next = false; /* its bytes are there until another one is read */
    count_time(replay, replay->next.time_ms);
    sds_replay_pass(replay, replay->next.time_ms);
    r = judge(replay, datagram);
    if (r < 0)
        return r;
    if (!sds_wire_read(&reader, datagram->bytes.p, datagram->bytes.len)) {
        counts->headless++;
        return 1;
    }
    is_response = reader.header.flags & SDS_WIRE_RESPONSE;
    is_stray = is_response && datagram->port != SDS_WIRE_PORT;
    counts->queries += !is_response;
    counts->responses += is_response;
    counts->strays += is_stray;
    r = take_items(replay, &reader, datagram, is_response && !is_stray);
    return r < 0 ? r : 1;
}

int sds_replay_run(struct sds_replay *replay)
{
    int r;

    do
        r = sds_replay_step(replay);
    while (r > 0);
    return r;
}
