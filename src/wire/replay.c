/* SPDX-License-Identifier: MIT */
#include "wire/replay.h"

#include "wire/message.h"

static void pass_time(struct sds_replay *replay, int64_t time_ms)
{
    struct sds_replay_counts *counts = &replay->counts;

    if (!counts->datagrams || time_ms < counts->first_ms)
        counts->first_ms = time_ms;
    if (!counts->datagrams || time_ms > counts->last_ms)
        counts->last_ms = time_ms;
    counts->datagrams++;
    if (time_ms > replay->now_ms)
        replay->now_ms = time_ms;
    if (replay->expires)
        sds_store_run(replay->store, replay->now_ms);
}

/* Read all of a message; of a response whose records count, put them into the store. */
static int take_items(struct sds_replay *replay, struct sds_wire_reader *reader,
                      const struct sds_wire_datagram *datagram, bool is_taken)
{
    struct sds_store_arrival arrival = {datagram->ifindex, datagram->sender, replay->now_ms, false};
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
    struct sds_capture_packet packet;
    struct sds_wire_reader reader;
    bool is_response, is_stray;
    int r;

    if (!sds_capture_next(replay->capture, &packet))
        return 0;
    pass_time(replay, packet.time_ms);
    if (!sds_wire_read(&reader, packet.datagram.bytes.p, packet.datagram.bytes.len)) {
        counts->headless++;
        return 1;
    }
    is_response = reader.header.flags & SDS_WIRE_RESPONSE;
    is_stray = is_response && packet.datagram.port != SDS_WIRE_PORT;
    counts->queries += !is_response;
    counts->responses += is_response;
    counts->strays += is_stray;
    r = take_items(replay, &reader, &packet.datagram, is_response && !is_stray);
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
