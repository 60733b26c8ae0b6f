/* SPDX-License-Identifier: MIT */
#ifndef SDSCOPE_PACKET_H
#define SDSCOPE_PACKET_H

#include "sdscope/api.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What can be wrong with the mDNS responses of a host, whatever they tell; places of bits in
 * sds_service.packet_faults. */
enum sds_packet_fault {
    SDS_PACKET_ID,                /* query id not 0 (RFC 6762 18.1) */
    SDS_PACKET_OPCODE,            /* not 0 (18.3) */
    SDS_PACKET_NOT_AUTHORITATIVE, /* AA clear (18.4) */
    SDS_PACKET_TRUNCATED,         /* TC set (18.5) */
    SDS_PACKET_RECURSION_DESIRED, /* RD set (18.6) */
    SDS_PACKET_RESERVED_BITS,     /* RA, Z, AD or CD set (18.7 to 18.10) */
    SDS_PACKET_RCODE,             /* not 0 (18.11) */
    SDS_PACKET_QUESTION,          /* has a question (6) */
    SDS_PACKET_AUTHORITY,         /* has a record in the authority section (8.2) */
    SDS_PACKET_PORT,              /* not sent from port 5353 (6) */
    SDS_PACKET_IP_TTL,            /* not 255 (11) */
    SDS_PACKET_OVER_9000,         /* more than 9,000 bytes with the headers of IP and UDP (17) */
    SDS_PACKET_FRAGMENTED,        /* several records, and more bytes than the link's MTU (17) */
    SDS_PACKET_COMPRESSION,       /* a pointer to no earlier name, or a reserved label type */
    SDS_PACKET_NAME_LONG,         /* a name of more than 255 bytes */
    SDS_PACKET_CUT,               /* ends within a record, or has fewer than it counts */
    SDS_PACKET_TRAILING,          /* bytes behind the last record */
    SDS_PACKET_RDATA_LENGTH,      /* RDATA of a length that its type does not have */
    SDS_PACKET_CLASS,             /* a record of another class than IN */
    SDS_PACKET_TTL_RANGE,         /* a TTL above 2^31 - 1 (RFC 2181 8) */
    SDS_PACKET_REPEATED,          /* a record multicast again too early (RFC 6762 6) */
    SDS_PACKET_UPDATED_OFTEN,     /* a record changed more than ten times in a minute (8.4) */
    SDS_PACKET_OTHER_LINK,        /* an address of the sender that is of another link (6.2) */
    SDS_PACKET__COUNT
};

/* The word for a fault: "response-id"; NULL where there is none. The rule of the same name tells of
 * it. The inverse returns the fault, or -1. */
SDS_PUBLIC const char *sds_packet_fault_name(enum sds_packet_fault fault);
SDS_PUBLIC int sds_packet_fault_from_name(const char *name);

#ifdef __cplusplus
}
#endif

#endif
