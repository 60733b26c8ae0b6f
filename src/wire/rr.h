/* SPDX-License-Identifier: MIT */
#ifndef SDS_WIRE_RR_H
#define SDS_WIRE_RR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "wire/name.h"

/* Record types (RFC 1035 3.2.2 and 3.2.3, RFC 3596 2.1, RFC 2782, RFC 6891 6.1.1, RFC 4034 4). */
enum {
    SDS_RR_A = 1,
    SDS_RR_NS = 2,
    SDS_RR_CNAME = 5,
    SDS_RR_SOA = 6,
    SDS_RR_PTR = 12,
    SDS_RR_HINFO = 13,
    SDS_RR_MX = 15,
    SDS_RR_TXT = 16,
    SDS_RR_RP = 17,
    SDS_RR_AFSDB = 18,
    SDS_RR_RT = 21,
    SDS_RR_PX = 26,
    SDS_RR_AAAA = 28,
    SDS_RR_SRV = 33,
    SDS_RR_KX = 36,
    SDS_RR_DNAME = 39,
    SDS_RR_OPT = 41,
    SDS_RR_NSEC = 47,
    SDS_RR_ANY = 255,
};

enum { SDS_CLASS_IN = 1, SDS_CLASS_ANY = 255 };

#define SDS_WIRE_RDATA_NAMES_MAX 2

/* RDATA taken apart at the names in it, where its type has some; otherwise all of it is @head. */
struct sds_wire_rdata {
    struct sds_span head; /* bytes before the names */
    size_t n_names;
    struct sds_wire_name names[SDS_WIRE_RDATA_NAMES_MAX];
    struct sds_span tail; /* bytes behind them */
};

/**
 * Take RDATA apart.
 *
 * @message  what its names may point into; of no bytes where they are uncompressed
 * @place    exactly the RDATA
 * @ret      borrows from it; where there is a fault, all of it is head
 * @flaw     set where RDATA is faulty and nothing else was found to be before
 */
void sds_wire_rdata_split(struct sds_span message, struct sds_wire_place place, uint16_t type,
                          struct sds_wire_rdata *ret, struct sds_wire_flaw *flaw);

/* The same RDATA with its names uncompressed: its length, and its bytes. */
size_t sds_wire_rdata_len(const struct sds_wire_rdata *rdata);
void sds_wire_rdata_put(const struct sds_wire_rdata *rdata, uint8_t *ret);

#endif
