/* SPDX-License-Identifier: MIT */
#include "fuzz.h"

#include <string.h>

#include "base/mem.h"
#include "wire/frame.h"

#define PADDING 8

static void must_be_within(struct sds_span outer, struct sds_span inner)
{
    MUST(inner.p >= outer.p && inner.len <= outer.len);
    MUST((size_t)(inner.p - outer.p) <= outer.len - inner.len);
}

/* Padding behind a frame changes nothing. */
static void must_be_padded(struct sds_frame frame, const struct sds_wire_datagram *datagram)
{
    uint8_t *padded = malloc(frame.bytes.len + PADDING);
    struct sds_wire_datagram again;

    MUST(padded);
    memcpy(padded, frame.bytes.p, frame.bytes.len);
    memset(padded + frame.bytes.len, 0xAA, PADDING);
    frame.bytes = (struct sds_span){padded, frame.bytes.len + PADDING};
    MUST(sds_frame_read(&frame, &again) == SDS_FRAME_MDNS);
    MUST(again.bytes.len == datagram->bytes.len && again.port == datagram->port);
    MUST(!memcmp(again.bytes.p, datagram->bytes.p, again.bytes.len));
    MUST(!memcmp(&again.sender, &datagram->sender, sizeof(again.sender)));
    free(padded);
}

/* A datagram lies within its frame, and is cut only where that is. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const uint16_t link_types[] = {
        SDS_FRAME_ETHERNET, SDS_FRAME_COOKED, SDS_FRAME_COOKED2, SDS_FRAME_NULL,
        SDS_FRAME_LOOP,     SDS_FRAME_RAW,    SDS_FRAME_IPV4,    SDS_FRAME_IPV6,
    };
    struct sds_wire_datagram datagram;
    struct sds_frame frame;
    enum sds_frame_kind kind;

    if (!size)
        return 0;
    frame = (struct sds_frame){.link_type = link_types[data[0] % SDS_COUNT(link_types)],
                               .bytes = {data + 1, size - 1},
                               .is_cut = data[0] & 128};
    kind = sds_frame_read(&frame, &datagram);
    MUST(kind < SDS_FRAME_UNKNOWN_LINK);
    MUST(frame.is_cut ? kind != SDS_FRAME_BROKEN : kind != SDS_FRAME_CUT);
    if (kind != SDS_FRAME_MDNS)
        return 0;
    must_be_within(frame.bytes, datagram.bytes);
    MUST(frame.is_cut || !datagram.is_cut);
    MUST(datagram.sender.len == 4 || datagram.sender.len == 16);
    MUST(datagram.ttl >= 0 && datagram.ttl <= 255 && datagram.ifindex >= 0);
    if (!frame.is_cut)
        must_be_padded(frame, &datagram);
    return 0;
}
