/* SPDX-License-Identifier: MIT */
#ifndef SDS_WIRE_ON_LINK_H
#define SDS_WIRE_ON_LINK_H

#include <stdbool.h>

#include "wire/socket.h"

/* Whether a datagram comes from the link itself (RFC 6762 11): no router lets an IP TTL of
 * 255 be, IPv6 has addresses for the link alone, and the rest belongs to a net of the interface. */
bool sds_wire_is_on_link(const struct sds_wire_datagram *datagram);

#endif
