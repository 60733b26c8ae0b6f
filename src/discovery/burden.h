/* SPDX-License-Identifier: MIT */
#ifndef SDS_DISCOVERY_BURDEN_H
#define SDS_DISCOVERY_BURDEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sdscope/service.h"

/* Time that a host may take by what it tells: at once, and of each second from then on. All of them
 * together may take SDS_BURDEN_ALL times as much. */
#define SDS_BURDEN_AT_ONCE_MS 1000
#define SDS_BURDEN_PERCENT    25
#define SDS_BURDEN_ALL        2

#define SDS_BURDEN_SENDERS 16 /* that are told apart: those that took the most */

struct sds_burden_sender {
    struct sds_address address;
    int64_t cost_us; /* at the time as_of_ms; 0: nobody */
    int64_t as_of_ms;
};

/* What those who send cost him who reads, lately: who floods a link takes all of his time. It reads
 * no clock; begins cleared. */
struct sds_burden {
    struct sds_burden_sender all;
    struct sds_burden_sender senders[SDS_BURDEN_SENDERS];
};

/* What a datagram of a sender cost. */
void sds_burden_add(struct sds_burden *burden, const struct sds_address *sender, int64_t cost_us,
                    int64_t now_ms);

/* Whether the next one of that sender is one too many. */
bool sds_burden_is_too_much(const struct sds_burden *burden, const struct sds_address *sender,
                            int64_t now_ms);

#endif
