/* SPDX-License-Identifier: MIT */
#include <assert.h>
#include <stdio.h>

#include "base/mem.h"
#include "rules/rules.h"
#include "sdscope/packet.h"

/* The rule that tells of each fault. */
static const enum sds_rule_index rules[] = {
    [SDS_PACKET_ID] = SDS_RULE_RESPONSE_ID,
    [SDS_PACKET_OPCODE] = SDS_RULE_RESPONSE_OPCODE,
    [SDS_PACKET_NOT_AUTHORITATIVE] = SDS_RULE_RESPONSE_NOT_AUTHORITATIVE,
    [SDS_PACKET_TRUNCATED] = SDS_RULE_RESPONSE_TRUNCATED,
    [SDS_PACKET_RECURSION_DESIRED] = SDS_RULE_RESPONSE_RECURSION_DESIRED,
    [SDS_PACKET_RESERVED_BITS] = SDS_RULE_RESPONSE_RESERVED_BITS,
    [SDS_PACKET_RCODE] = SDS_RULE_RESPONSE_RCODE,
    [SDS_PACKET_QUESTION] = SDS_RULE_RESPONSE_QUESTION,
    [SDS_PACKET_AUTHORITY] = SDS_RULE_RESPONSE_AUTHORITY,
    [SDS_PACKET_PORT] = SDS_RULE_RESPONSE_SOURCE_PORT,
    [SDS_PACKET_IP_TTL] = SDS_RULE_RESPONSE_IP_TTL,
    [SDS_PACKET_OVER_9000] = SDS_RULE_RESPONSE_OVER_9000,
    [SDS_PACKET_FRAGMENTED] = SDS_RULE_RESPONSE_FRAGMENTED,
    [SDS_PACKET_COMPRESSION] = SDS_RULE_MESSAGE_COMPRESSION,
    [SDS_PACKET_NAME_LONG] = SDS_RULE_MESSAGE_NAME_LONG,
    [SDS_PACKET_CUT] = SDS_RULE_MESSAGE_CUT,
    [SDS_PACKET_TRAILING] = SDS_RULE_MESSAGE_TRAILING,
    [SDS_PACKET_RDATA_LENGTH] = SDS_RULE_MESSAGE_RDATA_LENGTH,
    [SDS_PACKET_CLASS] = SDS_RULE_RECORD_CLASS,
    [SDS_PACKET_TTL_RANGE] = SDS_RULE_RECORD_TTL_RANGE,
    [SDS_PACKET_REPEATED] = SDS_RULE_RECORD_REPEATED,
    [SDS_PACKET_UPDATED_OFTEN] = SDS_RULE_RECORD_UPDATED_OFTEN,
    [SDS_PACKET_OTHER_LINK] = SDS_RULE_RECORD_OTHER_LINK,
};
static_assert(SDS_COUNT(rules) == SDS_PACKET__COUNT, "a rule each");

/* Who has a fault: the first of them, and how many there are. */
static const struct sds_packet_sender *find_sender(const struct sds_service *service,
                                                   enum sds_packet_fault fault, size_t *ret_n)
{
    const struct sds_packet_sender *first = NULL;

    *ret_n = 0;
    for (size_t i = service->n_packet_senders; i > 0; i--)
        if (service->packet_senders[i - 1].faults >> fault & 1) {
            first = &service->packet_senders[i - 1];
            ++*ret_n;
        }
    return first;
}

/* ", from 192.0.2.7 port 49152 on eth0, and 2 others" */
static void describe(const struct sds_packet_sender *sender, enum sds_packet_fault fault, size_t n,
                     char *ret, size_t size)
{
    const char *interface = SDS_QUOTED(sds_text_span(sender->interface));
    char address[SDS_ADDRESS_TEXT_SIZE], port[sizeof(" port 65535")] = "";
    char others[sizeof(", and 99 others")] = "";

    sds_address_format(sender->address, address);
    if (fault == SDS_PACKET_PORT && sender->port)
        snprintf(port, sizeof(port), " port %u", sender->port);
    if (n > 1)
        snprintf(others, sizeof(others), ", and %u other%s", (unsigned)(n - 1) % 100,
                 n > 2 ? "s" : "");
    snprintf(ret, size, ", from %s%s%s%s%s", address, port, *interface ? " on " : "", interface,
             others);
}

/* One finding a fault, whoever has it: what is new about a service is not that another of its
 * addresses was heard. */
static void report_fault(struct sds_check *check, enum sds_packet_fault fault)
{
    const char *text = sds_rule_at(rules[fault])->text;
    char senders[256] = "";
    size_t n;
    const struct sds_packet_sender *sender = find_sender(check->service, fault, &n);

    if (sender)
        describe(sender, fault, n, senders, sizeof(senders));
    sds_report(check, rules[fault], SDS_WHOLE, "%s%s", text, senders);
}

/* Who sees a fault by its link: of a captured one neither the MTU nor the nets are known. */
static bool needs_link(enum sds_packet_fault fault)
{
    return fault == SDS_PACKET_FRAGMENTED || fault == SDS_PACKET_OTHER_LINK;
}

void sds_check_packets(struct sds_check *check)
{
    const struct sds_service *service = check->service;

    for (enum sds_packet_fault fault = 0; fault < SDS_PACKET__COUNT; fault++)
        if (service->packet_faults >> fault & 1)
            report_fault(check, fault);
        else if (service->packets_are_judged && !service->n_prefixes && needs_link(fault))
            sds_lacks_evidence(check, rules[fault]);
}
