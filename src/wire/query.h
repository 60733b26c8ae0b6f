/* SPDX-License-Identifier: MIT */
#ifndef SDS_WIRE_QUERY_H
#define SDS_WIRE_QUERY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "wire/writer.h"

/* The most bytes that go into a packet of Ethernet behind the headers of IPv6 and UDP, with some
 * spare for tunnels (RFC 6762 17: no fragments). */
#define SDS_WIRE_PACKET_SIZE     1440
#define SDS_WIRE_PACKET_SIZE_MAX 9000
#define SDS_WIRE_PACKET_SIZE_MIN 512

/* A question of class IN, and the answers that need not be given again (RFC 6762 7.1). */
struct sds_wire_question {
    const struct sds_wire_name *name;
    uint16_t type;
    const struct sds_wire_record *known;
    size_t n_known;
};

/* Takes a packet, borrowed for the call; a negative errno ends the query. */
typedef int sds_wire_send_fn(void *userdata, const uint8_t *packet, size_t len);

/**
 * Write questions, as many to a packet as fit together with their known answers. Where a question
 * and its answers need several packets, all but the last have TC set, and those after the first
 * hold answers alone (RFC 6762 7.2). An answer that fits into no packet is left out.
 *
 * @size  bytes of a packet, SDS_WIRE_PACKET_SIZE_MIN to SDS_WIRE_PACKET_SIZE_MAX
 * Returns the number of packets, or what @send returned.
 */
int sds_wire_write_query(const struct sds_wire_question *questions, size_t n, size_t size,
                         sds_wire_send_fn *send, void *userdata);

/**
 * Write a one-shot query (RFC 6762 5.1), for a port other than 5353. It has no known answers: Avahi
 * takes no query of the kind that has.
 *
 * @questions  their known answers are passed over; those that do not fit into 512 bytes, too
 * @id         not 0, to be repeated by responders
 * Returns what @send returned.
 */
int sds_wire_write_one_shot(const struct sds_wire_question *questions, size_t n, uint16_t id,
                            sds_wire_send_fn *send, void *userdata);

#endif
