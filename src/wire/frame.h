/* SPDX-License-Identifier: MIT */
#ifndef SDS_WIRE_FRAME_H
#define SDS_WIRE_FRAME_H

#include <stdbool.h>
#include <stdint.h>

#include "sdscope/name.h"
#include "wire/socket.h"

/* What a frame begins with, as captures number it (pcap-linktype(7)). */
enum {
    SDS_FRAME_NULL = 0, /* BSD loopback */
    SDS_FRAME_ETHERNET = 1,
    SDS_FRAME_RAW_BSD = 12, /* IP, as the systems number it that are not OpenBSD; */
    SDS_FRAME_RAW_OPENBSD = 14,
    SDS_FRAME_RAW = 101, /* and as files do */
    SDS_FRAME_LOOP = 108,
    SDS_FRAME_COOKED = 113, /* Linux's interface "any" */
    SDS_FRAME_IPV4 = 228,
    SDS_FRAME_IPV6 = 229,
    SDS_FRAME_COOKED2 = 276,
};

/* A frame as it was captured. */
struct sds_frame {
    unsigned link_type;
    int link;              /* where it was captured */
    int64_t time_ms;       /* since 1970 */
    struct sds_span bytes; /* borrowed */
    bool is_cut;           /* the capture kept no more of it */
};

/* What is in a frame. */
enum sds_frame_kind {
    SDS_FRAME_MDNS,
    SDS_FRAME_OTHER,        /* no UDP over IP to or from port 5353 */
    SDS_FRAME_FRAGMENT,     /* of a datagram to an mDNS group; fragments are not put together */
    SDS_FRAME_BROKEN,       /* headers end too early, or contradict each other */
    SDS_FRAME_CUT,          /* the capture kept too little of it to tell which of these it was */
    SDS_FRAME_UNKNOWN_LINK, /* none of the link types above */
    SDS_FRAME__COUNT
};

/* One word or two, lower case; "?" for what is no kind of the list. */
const char *sds_frame_kind_text(enum sds_frame_kind kind);

/**
 * Find the mDNS datagram in a frame, behind VLAN tags (802.1Q, 802.1ad), IPv4 options and IPv6
 * extension headers. Checksums are not verified: where a host captures what it sends, its network
 * card has not yet written them.
 *
 * @ret  of SDS_FRAME_MDNS: borrows from the frame. Its ifindex is that of the capturing host where
 *       the frame tells (SDS_FRAME_COOKED2), else 0.
 */
enum sds_frame_kind sds_frame_read(const struct sds_frame *frame, struct sds_wire_datagram *ret);

#endif
