/* SPDX-License-Identifier: MIT */
#include "wire/frame.h"

#include <limits.h>
#include <string.h>

#include "base/cur.h"
#include "base/mem.h"

/* What Ethernet carries. */
enum {
    ETHER_IPV4 = 0x0800,
    ETHER_IPV6 = 0x86DD,
    ETHER_VLAN = 0x8100,        /* 802.1Q */
    ETHER_VLAN_OUTER = 0x88A8,  /* 802.1ad, QinQ */
    ETHER_VLAN_CUSTOM = 0x9100, /* the same before it was a standard */
};

/* What IP carries, or has as extension headers (IANA's protocol numbers). */
enum {
    IP_HOP_BY_HOP = 0,
    IP_UDP = 17,
    IP_ROUTING = 43,
    IP_FRAGMENT = 44,
    IP_AUTHENTICATION = 51,
    IP_DESTINATION = 60,
    IP_MOBILITY = 135,
    IP_HIP = 139,
    IP_SHIM6 = 140,
};

/* AF_INET and AF_INET6 where BSD loopback was captured: Linux, the BSDs, macOS. */
enum {
    FAMILY_IPV4 = 2,
    FAMILY_IPV6_LINUX = 10,
    FAMILY_IPV6_NETBSD = 24,
    FAMILY_IPV6_FREEBSD = 28,
    FAMILY_IPV6_MACOS = 30,
};

#define IPV4_FRAGMENT 0x3FFF /* more fragments, or an offset */
#define IPV6_FRAGMENT 0xFFF9

static const uint8_t group_ipv4[4] = {224, 0, 0, 251};
static const uint8_t group_ipv6[16] = {0xFF, 2, [15] = 0xFB};

const char *sds_frame_kind_text(enum sds_frame_kind kind)
{
    static const char *const texts[SDS_FRAME__COUNT] = {
        [SDS_FRAME_MDNS] = "mDNS",         [SDS_FRAME_OTHER] = "other",
        [SDS_FRAME_FRAGMENT] = "fragment", [SDS_FRAME_BROKEN] = "broken",
        [SDS_FRAME_CUT] = "cut",           [SDS_FRAME_UNKNOWN_LINK] = "unknown link type",
    };

    return kind < SDS_FRAME__COUNT ? texts[kind] : "?";
}

static uint16_t u16_at(const uint8_t *p)
{
    return (uint16_t)(p[0] << 8 | p[1]);
}

/* ---- UDP ----------------------------------------------------------------------------------- */

/* What an IP header says of what follows it. */
struct packet {
    struct sds_cur cur; /* as much as there is of it */
    size_t len;         /* as much as there should be */
    bool is_cut;        /* the capture kept no more of the frame */
};

/* Go over @n bytes of a packet. */
static bool take(struct packet *packet, size_t n, const uint8_t **ret)
{
    if (n > packet->len || !sds_cur_take(&packet->cur, n, ret))
        return false;
    packet->len -= n;
    return true;
}

/* A packet has @len bytes: what follows is padding of the frame. */
static void limit(struct packet *packet, size_t len)
{
    packet->len = len;
    if (len < packet->cur.left)
        packet->cur.left = len;
}

static enum sds_frame_kind read_udp(struct packet packet, bool is_to_group,
                                    struct sds_wire_datagram *ret)
{
    const uint8_t *header;
    uint16_t to;
    size_t len;

    if (!take(&packet, 8, &header))
        return SDS_FRAME_BROKEN;
    ret->port = u16_at(header);
    to = u16_at(header + 2);
    if (ret->port != SDS_WIRE_PORT && to != SDS_WIRE_PORT)
        return SDS_FRAME_OTHER;
    ret->way = to != SDS_WIRE_PORT ? SDS_WIRE_TO_LEGACY
               : is_to_group       ? SDS_WIRE_TO_GROUP
                                   : SDS_WIRE_TO_ONE;
    len = u16_at(header + 4);
    if (len < 8 || len - 8 > packet.len)
        return SDS_FRAME_BROKEN;
    limit(&packet, len - 8);
    ret->bytes = (struct sds_span){packet.cur.p, packet.cur.left};
    ret->is_cut = packet.cur.left < packet.len;
    return ret->is_cut && !packet.is_cut ? SDS_FRAME_BROKEN : SDS_FRAME_MDNS;
}

/* ---- IP ------------------------------------------------------------------------------------ */

static void set_sender(const uint8_t *bytes, uint8_t len, struct sds_wire_datagram *ret)
{
    ret->sender.len = len;
    memcpy(ret->sender.bytes, bytes, len);
}

/* RFC 791 3.1. */
static enum sds_frame_kind read_ipv4(struct packet packet, struct sds_wire_datagram *ret)
{
    const uint8_t *header, *options;
    size_t header_len, len;
    bool is_to_group;

    if (!take(&packet, 20, &header) || header[0] >> 4 != 4)
        return SDS_FRAME_BROKEN;
    header_len = (size_t)(header[0] & 15) * 4;
    len = u16_at(header + 2);
    if (header_len < 20 || len < header_len)
        return SDS_FRAME_BROKEN;
    limit(&packet, len - 20);
    if (header[9] != IP_UDP)
        return SDS_FRAME_OTHER;
    is_to_group = memcmp(header + 16, group_ipv4, sizeof(group_ipv4)) == 0;
    if (u16_at(header + 6) & IPV4_FRAGMENT)
        return is_to_group ? SDS_FRAME_FRAGMENT : SDS_FRAME_OTHER;
    if (!take(&packet, header_len - 20, &options))
        return SDS_FRAME_BROKEN;
    ret->ttl = header[8];
    set_sender(header + 12, 4, ret);
    return read_udp(packet, is_to_group, ret);
}

/* Go over an extension header (RFC 8200 4, RFC 4302 2.2); false where the packet ends within. An
 * atomic fragment is a whole datagram (RFC 6946). */
static bool skip_extension(struct packet *packet, uint8_t *protocol, bool *ret_is_fragment)
{
    const uint8_t *header, *rest;
    size_t len;

    if (!take(packet, 8, &header))
        return false;
    len = *protocol == IP_FRAGMENT         ? 0
          : *protocol == IP_AUTHENTICATION ? (size_t)header[1] * 4
                                           : (size_t)header[1] * 8;
    *ret_is_fragment = *protocol == IP_FRAGMENT && u16_at(header + 2) & IPV6_FRAGMENT;
    *protocol = header[0];
    return take(packet, len, &rest);
}

static bool is_extension(uint8_t protocol)
{
    static const uint8_t extensions[] = {
        IP_HOP_BY_HOP,  IP_ROUTING,  IP_FRAGMENT, IP_AUTHENTICATION,
        IP_DESTINATION, IP_MOBILITY, IP_HIP,      IP_SHIM6};

    return memchr(extensions, protocol, sizeof(extensions));
}

/* RFC 8200 3. */
static enum sds_frame_kind read_ipv6(struct packet packet, struct sds_wire_datagram *ret)
{
    const uint8_t *header;
    uint8_t protocol;
    bool is_fragment, is_to_group;

    if (!take(&packet, 40, &header) || header[0] >> 4 != 6)
        return SDS_FRAME_BROKEN;
    limit(&packet, u16_at(header + 4));
    is_to_group = memcmp(header + 24, group_ipv6, sizeof(group_ipv6)) == 0;
    for (protocol = header[6]; is_extension(protocol);) {
        if (!skip_extension(&packet, &protocol, &is_fragment))
            return SDS_FRAME_BROKEN;
        if (is_fragment)
            return is_to_group ? SDS_FRAME_FRAGMENT : SDS_FRAME_OTHER;
    }
    if (protocol != IP_UDP)
        return SDS_FRAME_OTHER;
    ret->ttl = header[7];
    set_sender(header + 8, 16, ret);
    return read_udp(packet, is_to_group, ret);
}

/* Its version tells. */
static enum sds_frame_kind read_ip(struct packet packet, struct sds_wire_datagram *ret)
{
    struct sds_cur cur = packet.cur;
    uint8_t version;

    if (!sds_cur_u8(&cur, &version))
        return SDS_FRAME_BROKEN;
    switch (version >> 4) {
    case 4:
        return read_ipv4(packet, ret);
    case 6:
        return read_ipv6(packet, ret);
    default:
        return SDS_FRAME_BROKEN;
    }
}

/* ---- links --------------------------------------------------------------------------------- */

/* @protocol is the type that Ethernet gives to what follows. */
static enum sds_frame_kind read_ether(struct packet packet, uint16_t protocol,
                                      struct sds_wire_datagram *ret)
{
    const uint8_t *tag;

    while (protocol == ETHER_VLAN || protocol == ETHER_VLAN_OUTER ||
           protocol == ETHER_VLAN_CUSTOM) {
        if (!take(&packet, 4, &tag))
            return SDS_FRAME_BROKEN;
        protocol = u16_at(tag + 2);
    }
    return protocol == ETHER_IPV4   ? read_ipv4(packet, ret)
           : protocol == ETHER_IPV6 ? read_ipv6(packet, ret)
                                    : SDS_FRAME_OTHER;
}

/* Read a header of @len bytes, with the type of what follows at @at. */
static enum sds_frame_kind read_link(struct packet packet, size_t len, size_t at,
                                     struct sds_wire_datagram *ret)
{
    const uint8_t *header;

    if (!take(&packet, len, &header))
        return SDS_FRAME_BROKEN;
    return read_ether(packet, u16_at(header + at), ret);
}

static enum sds_frame_kind read_cooked2(struct packet packet, struct sds_wire_datagram *ret)
{
    struct sds_cur cur = packet.cur;
    const uint8_t *protocol;
    uint32_t ifindex;

    if (!sds_cur_take(&cur, 4, &protocol) || !sds_cur_u32(&cur, &ifindex))
        return SDS_FRAME_BROKEN;
    ret->ifindex = ifindex <= INT_MAX ? (int)ifindex : 0;
    return read_link(packet, 20, 0, ret);
}

/* The address family is in the byte order of the host that captured, or of the network. */
static enum sds_frame_kind read_loopback(struct packet packet, struct sds_wire_datagram *ret)
{
    struct sds_cur cur = packet.cur;
    const uint8_t *header;
    uint32_t family;

    if (!sds_cur_u32(&cur, &family) || !take(&packet, 4, &header))
        return SDS_FRAME_BROKEN;
    switch (family > UINT16_MAX ? __builtin_bswap32(family) : family) {
    case FAMILY_IPV4:
        return read_ipv4(packet, ret);
    case FAMILY_IPV6_LINUX:
    case FAMILY_IPV6_NETBSD:
    case FAMILY_IPV6_FREEBSD:
    case FAMILY_IPV6_MACOS:
        return read_ipv6(packet, ret);
    default:
        return SDS_FRAME_OTHER;
    }
}

static enum sds_frame_kind read_frame(struct packet packet, unsigned link_type,
                                      struct sds_wire_datagram *ret)
{
    switch (link_type) {
    case SDS_FRAME_ETHERNET:
        return read_link(packet, 14, 12, ret);
    case SDS_FRAME_COOKED:
        return read_link(packet, 16, 14, ret);
    case SDS_FRAME_COOKED2:
        return read_cooked2(packet, ret);
    case SDS_FRAME_NULL:
    case SDS_FRAME_LOOP:
        return read_loopback(packet, ret);
    case SDS_FRAME_RAW_BSD:
    case SDS_FRAME_RAW_OPENBSD:
    case SDS_FRAME_RAW:
        return read_ip(packet, ret);
    case SDS_FRAME_IPV4:
        return read_ipv4(packet, ret);
    case SDS_FRAME_IPV6:
        return read_ipv6(packet, ret);
    default:
        return SDS_FRAME_UNKNOWN_LINK;
    }
}

enum sds_frame_kind sds_frame_read(const struct sds_frame *frame, struct sds_wire_datagram *ret)
{
    struct packet packet = {sds_cur_over(frame->bytes.p, frame->bytes.len), frame->bytes.len,
                            frame->is_cut};
    enum sds_frame_kind kind;

    *ret = (struct sds_wire_datagram){.ttl = -1};
    if (frame->is_cut) /* how long it was is for the headers within to say */
        packet.len = SIZE_MAX;
    kind = read_frame(packet, frame->link_type, ret);
    return kind == SDS_FRAME_BROKEN && frame->is_cut ? SDS_FRAME_CUT : kind;
}
