/* SPDX-License-Identifier: MIT */
#include "wire/on_link.h"

#define TTL_OF_LINK 255

bool sds_wire_link_covers(const struct sds_wire_link *link, struct sds_address address)
{
    for (size_t i = 0; link && i < link->n_prefixes; i++)
        if (link->prefixes[i].len && sds_prefix_covers(&link->prefixes[i], address))
            return true;
    return false;
}

bool sds_wire_is_on_link(const struct sds_wire_datagram *datagram, const struct sds_wire_link *link)
{
    return datagram->ttl == TTL_OF_LINK || sds_address_is_link_local(datagram->sender) ||
           sds_wire_link_covers(link, datagram->sender);
}
