/* SPDX-License-Identifier: MIT */
#include "fuzz.h"

#include <string.h>

#include "base/cur.h"
#include "wire/conduct.h"
#include "wire/message.h"

#define ALL_FAULTS ((UINT32_C(1) << SDS_PACKET__COUNT) - 1)

static const struct sds_prefix prefix = {"eth0", {4, {192, 0, 2, 1}}, 24};
static const struct sds_wire_link ethernet = {1500, &prefix, 1};

/* How a message came: its sender, link and time, and the message behind a length. */
static bool take_datagram(struct sds_cur *cur, struct sds_wire_datagram *ret, int64_t *now_ms)
{
    uint8_t how, delay;
    uint16_t len;

    if (!sds_cur_u8(cur, &how) || !sds_cur_u8(cur, &delay) || !sds_cur_u16(cur, &len))
        return false;
    *ret = (struct sds_wire_datagram){
        .ifindex = 1 + (how & 1),
        .sender = {how & 2 ? 16 : 4, {192, 0, 2, how >> 6}},
        .port = how & 4 ? SDS_WIRE_PORT : 1024,
        .ttl = how & 8 ? 255 : -1,
        .is_cut = how & 16,
    };
    *now_ms += 8 * delay;
    ret->bytes.len = len < cur->left ? len : cur->left;
    return sds_cur_take(cur, ret->bytes.len, &ret->bytes.p);
}

static bool is_response(const struct sds_wire_datagram *datagram)
{
    struct sds_wire_reader reader;

    return sds_wire_read(&reader, datagram->bytes.p, datagram->bytes.len) &&
           reader.header.flags & SDS_WIRE_RESPONSE;
}

/* What a message shows by itself is known of its sender, and nothing is ever forgiven; a query
 * shows nothing. */
static void hear(struct sds_conduct *conduct, const struct sds_wire_datagram *datagram,
                 int64_t now_ms)
{
    struct sds_conduct_record before = {.faults = 0}, after = {.faults = 0};
    uint32_t shown = sds_response_faults(datagram, &ethernet);
    bool was_known = sds_conduct_find(conduct, datagram->ifindex, datagram->sender, &before);
    bool is_known;
    uint64_t n_news = sds_conduct_n_news(conduct);

    MUST(sds_conduct_hear(conduct, datagram, &ethernet, now_ms) == 0);
    is_known = sds_conduct_find(conduct, datagram->ifindex, datagram->sender, &after);
    MUST(!(after.faults & ~ALL_FAULTS) && !(before.faults & ~after.faults));
    MUST(!before.port || after.port == before.port);
    MUST(!after.port == !(after.faults & sds_packet_bit(SDS_PACKET_PORT)));
    MUST(sds_conduct_n_news(conduct) == n_news + (after.faults != before.faults));
    if (is_response(datagram))
        MUST(is_known && !(shown & ~after.faults));
    else
        MUST(!shown && is_known == was_known && after.faults == before.faults);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct sds_siphash_key key = {{1, 2}};
    struct sds_conduct *conduct = sds_conduct_new(&key);
    struct sds_cur cur = sds_cur_over(data, size);
    struct sds_wire_datagram datagram;
    int64_t now_ms = 0;

    MUST(conduct);
    while (take_datagram(&cur, &datagram, &now_ms))
        hear(conduct, &datagram, now_ms);
    sds_conduct_free(conduct);
    return 0;
}
