/* SPDX-License-Identifier: MIT */
#ifndef SDS_WIRE_RESPONSE_H
#define SDS_WIRE_RESPONSE_H

#include <stdint.h>

#include "sdscope/packet.h"
#include "wire/on_link.h"

/* A fault in a set of them. */
static inline uint32_t sds_packet_bit(enum sds_packet_fault fault)
{
    return UINT32_C(1) << fault;
}

/**
 * What is wrong with a multicast response by itself: bits of enum sds_packet_fault. Queries have no
 * fault; a reply that came by unicast, for which other rules hold (RFC 6762 6.7), is not for here.
 *
 * @link  NULL: nothing is known of it
 */
uint32_t sds_response_faults(const struct sds_wire_datagram *datagram,
                             const struct sds_wire_link *link);

#endif
