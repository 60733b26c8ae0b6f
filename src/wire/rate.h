/* SPDX-License-Identifier: MIT */
#ifndef SDS_WIRE_RATE_H
#define SDS_WIRE_RATE_H

#include <stdint.h>

#include "base/siphash.h"
#include "wire/socket.h"

/* How often each sender multicasts each record, and changes it. */
struct sds_rate;

/* Those heard of least lately are forgotten first. */
#define SDS_RATE_RECORDS_MAX ((size_t)1 << 16)

/* @key is random, where the records are not the caller's own. NULL when out of memory. */
struct sds_rate *sds_rate_new(const struct sds_siphash_key *key);

/* Returns NULL; @rate may be NULL. */
struct sds_rate *sds_rate_free(struct sds_rate *rate);

/**
 * Hear a message: a response; or a query, of which it matters whether it is a probe.
 *
 * @now_ms  when it came, by a clock that may be set
 * Returns what the sender of a response did too often: bits of enum sds_packet_fault.
 */
uint32_t sds_rate_hear(struct sds_rate *rate, const struct sds_wire_datagram *datagram,
                       int64_t now_ms);

#endif
