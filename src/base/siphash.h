/* SPDX-License-Identifier: MIT */
#ifndef SDS_BASE_SIPHASH_H
#define SDS_BASE_SIPHASH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* SipHash-2-4 (Aumasson and Bernstein, 2012): without its key nobody finds bytes whose hashes
 * collide, so that a table of what strangers sent stays fast. Random bytes make a key. */
struct sds_siphash_key {
    uint64_t k[2];
};

/* @fold hashes A-Z as a-z. */
uint64_t sds_siphash(const struct sds_siphash_key *key, const void *bytes, size_t len, bool fold);

#endif
