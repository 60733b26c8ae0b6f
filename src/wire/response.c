/* SPDX-License-Identifier: MIT */
#include "wire/response.h"

#include <stdbool.h>
#include <string.h>

#include "base/mem.h"
#include "wire/message.h"

#define IPV4_HEADERS 28 /* of IP and UDP */
#define IPV6_HEADERS 48
#define DATAGRAM_MAX 9000       /* RFC 6762 17, headers counted */
#define IP_TTL       255        /* RFC 6762 11 */
#define TTL_MAX      0x7fffffff /* RFC 2181 8 */
#define FOREIGN_MAX  4          /* names with an address of another link that are looked at */

/* Bits of a header, and what is wrong where one of them is set. */
static const struct {
    uint16_t bits;
    enum sds_packet_fault fault;
} header_bits[] = {
    {SDS_WIRE_OPCODE, SDS_PACKET_OPCODE},
    {SDS_WIRE_TRUNCATED, SDS_PACKET_TRUNCATED},
    {1u << 8, SDS_PACKET_RECURSION_DESIRED},
    {15u << 4, SDS_PACKET_RESERVED_BITS}, /* RA, Z, AD, CD */
    {SDS_WIRE_RCODE, SDS_PACKET_RCODE},
};

static uint32_t header_faults(const struct sds_wire_header *header)
{
    uint32_t faults = 0;

    if (header->id)
        faults |= sds_packet_bit(SDS_PACKET_ID);
    if (!(header->flags & SDS_WIRE_AUTHORITATIVE))
        faults |= sds_packet_bit(SDS_PACKET_NOT_AUTHORITATIVE);
    for (size_t i = 0; i < SDS_COUNT(header_bits); i++)
        if (header->flags & header_bits[i].bits)
            faults |= sds_packet_bit(header_bits[i].fault);
    if (header->counts[SDS_WIRE_QUESTION])
        faults |= sds_packet_bit(SDS_PACKET_QUESTION);
    if (header->counts[SDS_WIRE_AUTHORITY])
        faults |= sds_packet_bit(SDS_PACKET_AUTHORITY);
    return faults;
}

static size_t ip_size(const struct sds_wire_datagram *datagram)
{
    return datagram->bytes.len + (datagram->sender.len == 4 ? IPV4_HEADERS : IPV6_HEADERS);
}

static uint32_t transport_faults(const struct sds_wire_datagram *datagram,
                                 const struct sds_wire_header *header,
                                 const struct sds_wire_link *link)
{
    size_t size = ip_size(datagram);
    unsigned n_records = header->counts[SDS_WIRE_ANSWER] + header->counts[SDS_WIRE_AUTHORITY] +
                         header->counts[SDS_WIRE_ADDITIONAL];
    uint32_t faults = 0;

    if (datagram->port != SDS_WIRE_PORT)
        faults |= sds_packet_bit(SDS_PACKET_PORT);
    if (datagram->ttl >= 0 && datagram->ttl != IP_TTL)
        faults |= sds_packet_bit(SDS_PACKET_IP_TTL);
    if (size > DATAGRAM_MAX || datagram->is_cut)
        faults |= sds_packet_bit(SDS_PACKET_OVER_9000);
    if (link && link->mtu && size > link->mtu && n_records > 1)
        faults |= sds_packet_bit(SDS_PACKET_FRAGMENTED);
    return faults;
}

/* ---- records ------------------------------------------------------------------------------ */

static uint32_t flaw_fault(enum sds_wire_fault flaw)
{
    switch (flaw) {
    case SDS_WIRE_FAULT_NAME_LABEL:
    case SDS_WIRE_FAULT_NAME_POINTER:
        return sds_packet_bit(SDS_PACKET_COMPRESSION);
    case SDS_WIRE_FAULT_NAME_LONG:
        return sds_packet_bit(SDS_PACKET_NAME_LONG);
    case SDS_WIRE_FAULT_NAME_CUT:
    case SDS_WIRE_FAULT_RECORD_CUT:
    case SDS_WIRE_FAULT_RDATA_CUT:
    case SDS_WIRE_FAULT_COUNT:
        return sds_packet_bit(SDS_PACKET_CUT);
    case SDS_WIRE_FAULT_RDATA_SHORT:
    case SDS_WIRE_FAULT_RDATA_LONG:
        return sds_packet_bit(SDS_PACKET_RDATA_LENGTH);
    case SDS_WIRE_FAULT_TRAILING:
        return sds_packet_bit(SDS_PACKET_TRAILING);
    case SDS_WIRE_FAULT_NONE:
    case SDS_WIRE_FAULT__COUNT:
        break;
    }
    return 0;
}

static uint32_t record_faults(const struct sds_wire_item *item)
{
    uint32_t faults = 0;

    /* OPT has other things in the places of class and TTL (RFC 6891 6.1.2). */
    if (item->section == SDS_WIRE_QUESTION || item->type == SDS_RR_OPT)
        return 0;
    if (item->class != SDS_CLASS_IN)
        faults |= sds_packet_bit(SDS_PACKET_CLASS);
    if (item->ttl_s > TTL_MAX)
        faults |= sds_packet_bit(SDS_PACKET_TTL_RANGE);
    return faults;
}

/* ---- addresses ---------------------------------------------------------------------------- */

/* The IPv4 addresses of a response: whose is the one that it was sent from, and which names have
 * one of another link. */
struct addresses {
    const struct sds_wire_link *link;
    struct sds_address sender;
    struct sds_wire_name own; /* of length 0: not seen */
    size_t n_foreign;
    struct sds_wire_name foreign[FOREIGN_MAX];
};

static void take_address(struct addresses *all, const struct sds_wire_item *item)
{
    struct sds_address address = {.len = 4};

    if (item->section == SDS_WIRE_QUESTION || item->type != SDS_RR_A || item->flaw.fault ||
        item->class != SDS_CLASS_IN || !item->ttl_s)
        return;
    memcpy(address.bytes, item->rdata.p, 4);
    if (memcmp(address.bytes, all->sender.bytes, 4) == 0)
        all->own = item->name;
    else if (all->n_foreign < FOREIGN_MAX && !sds_wire_link_covers(all->link, address) &&
             !sds_address_is_link_local(address)) /* valid on every link (RFC 3927 2.7) */
        all->foreign[all->n_foreign++] = item->name;
}

static uint32_t address_faults(const struct addresses *all)
{
    for (size_t i = 0; all->own.len && i < all->n_foreign; i++)
        if (sds_wire_name_equal(&all->own, &all->foreign[i]))
            return sds_packet_bit(SDS_PACKET_OTHER_LINK);
    return 0;
}

/* ---- all of it ---------------------------------------------------------------------------- */

uint32_t sds_response_faults(const struct sds_wire_datagram *datagram,
                             const struct sds_wire_link *link)
{
    struct addresses addresses = {.link = link, .sender = datagram->sender};
    bool knows_subnet = datagram->sender.len == 4 && sds_wire_link_covers(link, datagram->sender);
    struct sds_wire_reader reader;
    struct sds_wire_item item;
    uint32_t faults;

    if (!sds_wire_read(&reader, datagram->bytes.p, datagram->bytes.len) ||
        !(reader.header.flags & SDS_WIRE_RESPONSE))
        return 0;
    faults = header_faults(&reader.header) | transport_faults(datagram, &reader.header, link);
    if (datagram->is_cut)
        return faults; /* by us, so that its end means nothing */
    for (;;) {
        enum sds_wire_step step = sds_wire_next(&reader, &item);

        if (step == SDS_WIRE_END)
            break;
        faults |= flaw_fault(item.flaw.fault);
        if (step == SDS_WIRE_BROKEN)
            break;
        faults |= record_faults(&item);
        if (knows_subnet)
            take_address(&addresses, &item);
    }
    return faults | address_faults(&addresses);
}
