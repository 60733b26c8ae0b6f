/* SPDX-License-Identifier: MIT */
#include "sdscope/packet.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "dnssd/records.h"

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

/* ---- of a service -------------------------------------------------------------------------- */

void sds_service_add_packet_faults(struct sds_service *s, uint32_t faults)
{
    s->packets_are_judged = true;
    s->packet_faults |= faults;
}

static bool is_same_sender(const struct sds_packet_sender *a, const struct sds_packet_sender *b)
{
    return strcmp(a->interface, b->interface) == 0 &&
           sds_address_cmp(&a->address, &b->address) == 0;
}

int sds_service_add_packet_sender(struct sds_service *s, const struct sds_packet_sender *sender)
{
    struct sds_packet_sender *grown;

    sds_service_add_packet_faults(s, sender->faults);
    for (size_t i = 0; i < s->n_packet_senders; i++) {
        struct sds_packet_sender *known = &s->packet_senders[i];

        if (!is_same_sender(known, sender))
            continue;
        known->faults |= sender->faults;
        known->port = known->port ? known->port : sender->port;
        return 0;
    }
    if (!sender->faults || s->n_packet_senders == SDS_PACKET_SENDERS_MAX)
        return 0;
    grown = reallocarray(s->packet_senders, s->n_packet_senders + 1, sizeof(*grown));
    if (!grown)
        return -ENOMEM;
    s->packet_senders = grown;
    s->packet_senders[s->n_packet_senders++] = *sender;
    return 0;
}

bool sds_packets_differ(const struct sds_service *a, const struct sds_service *b)
{
    if (a->packets_are_judged != b->packets_are_judged || a->packet_faults != b->packet_faults ||
        a->n_packet_senders != b->n_packet_senders)
        return true;
    for (size_t i = 0; i < a->n_packet_senders; i++) {
        const struct sds_packet_sender *x = &a->packet_senders[i], *y = &b->packet_senders[i];

        if (!is_same_sender(x, y) || x->port != y->port || x->faults != y->faults)
            return true;
    }
    return false;
}
