/* SPDX-License-Identifier: MIT */
#include "sdscope/packet.h"

#include <assert.h>
#include <string.h>

#include "base/mem.h"

static const char *const names[] = {
    [SDS_PACKET_ID] = "response-id",
    [SDS_PACKET_OPCODE] = "response-opcode",
    [SDS_PACKET_NOT_AUTHORITATIVE] = "response-not-authoritative",
    [SDS_PACKET_TRUNCATED] = "response-truncated",
    [SDS_PACKET_RECURSION_DESIRED] = "response-recursion-desired",
    [SDS_PACKET_RESERVED_BITS] = "response-reserved-bits",
    [SDS_PACKET_RCODE] = "response-rcode",
    [SDS_PACKET_QUESTION] = "response-question",
    [SDS_PACKET_AUTHORITY] = "response-authority",
    [SDS_PACKET_PORT] = "response-source-port",
    [SDS_PACKET_IP_TTL] = "response-ip-ttl",
    [SDS_PACKET_OVER_9000] = "response-over-9000",
    [SDS_PACKET_FRAGMENTED] = "response-fragmented",
    [SDS_PACKET_COMPRESSION] = "message-compression",
    [SDS_PACKET_NAME_LONG] = "message-name-long",
    [SDS_PACKET_CUT] = "message-cut",
    [SDS_PACKET_TRAILING] = "message-trailing",
    [SDS_PACKET_RDATA_LENGTH] = "message-rdata-length",
    [SDS_PACKET_CLASS] = "record-class",
    [SDS_PACKET_TTL_RANGE] = "record-ttl-range",
    [SDS_PACKET_REPEATED] = "record-repeated",
    [SDS_PACKET_UPDATED_OFTEN] = "record-updated-often",
    [SDS_PACKET_OTHER_LINK] = "record-other-link",
};
static_assert(SDS_COUNT(names) == SDS_PACKET__COUNT, "one name each");
static_assert(SDS_PACKET__COUNT <= 32, "a bit each");

const char *sds_packet_fault_name(enum sds_packet_fault fault)
{
    return fault < SDS_PACKET__COUNT ? names[fault] : NULL;
}

int sds_packet_fault_from_name(const char *name)
{
    for (int i = 0; i < SDS_PACKET__COUNT; i++)
        if (strcmp(names[i], name) == 0)
            return i;
    return -1;
}
