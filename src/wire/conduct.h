/* SPDX-License-Identifier: MIT */
#ifndef SDS_WIRE_CONDUCT_H
#define SDS_WIRE_CONDUCT_H

#include <stdbool.h>
#include <stdint.h>

#include "wire/rate.h"
#include "wire/response.h"

/* How those who multicast responses conduct themselves: the faults that were seen of each. */
struct sds_conduct;

/* Those heard least lately are forgotten first. */
#define SDS_CONDUCT_SENDERS_MAX ((size_t)1 << 12)

/* @key is random, where the messages are not the caller's own. NULL when out of memory. */
struct sds_conduct *sds_conduct_new(const struct sds_siphash_key *key);

/* Returns NULL; @conduct may be NULL. */
struct sds_conduct *sds_conduct_free(struct sds_conduct *conduct);

/**
 * Hear a message of any kind that was sent to the group.
 *
 * @link    NULL: nothing is known of it
 * @now_ms  when it came
 * Returns 0, or -ENOMEM with its sender not known.
 */
int sds_conduct_hear(struct sds_conduct *conduct, const struct sds_wire_datagram *datagram,
                     const struct sds_wire_link *link, int64_t now_ms);

/* What was seen of a sender. */
struct sds_conduct_record {
    uint32_t faults; /* bits of enum sds_packet_fault */
    uint16_t port;   /* that his first response came from that was not of 5353; 0: none was */
};

/* Of a sender on a link; false where it sent no response that was heard. */
bool sds_conduct_find(const struct sds_conduct *conduct, int ifindex, struct sds_address sender,
                      struct sds_conduct_record *ret);

/* How many faults were seen of one who had not shown them before: grows with each. */
uint64_t sds_conduct_n_news(const struct sds_conduct *conduct);

#endif
