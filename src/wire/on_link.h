/* SPDX-License-Identifier: MIT */
#ifndef SDS_WIRE_ON_LINK_H
#define SDS_WIRE_ON_LINK_H

#include <stdbool.h>
#include <stddef.h>

#include "wire/socket.h"

/* The link on which a datagram was heard. */
struct sds_wire_link {
    unsigned mtu;                      /* bytes; 0: not known */
    const struct sds_prefix *prefixes; /* that the receiving interface has on link; borrowed */
    size_t n_prefixes;                 /* 0: not known */
};

/* Whether an address lies in a net of the link. @link may be NULL: nothing is known of it. */
bool sds_wire_link_covers(const struct sds_wire_link *link, struct sds_address address);

/* Whether a datagram comes from the link itself (RFC 6762 11): no router lets an IP TTL of
 * 255 be, IPv6 has addresses for the link alone, and the rest belongs to a net of the link. */
bool sds_wire_is_on_link(const struct sds_wire_datagram *datagram,
                         const struct sds_wire_link *link);

#endif
