/* SPDX-License-Identifier: MIT */
#ifndef SDS_TESTS_WIRE_DATAGRAM_H
#define SDS_TESTS_WIRE_DATAGRAM_H

#include "wire/socket.h"

/* The bytes of a literal and their number; NUL bytes count. */
#define BYTES(literal) (const uint8_t *)(literal), sizeof(literal) - 1

/* As a responder on the first link sends it. */
static inline struct sds_wire_datagram datagram_of(const uint8_t *message, size_t len)
{
    return (struct sds_wire_datagram){
        .bytes = {message, len},
        .ifindex = 1,
        .sender = {4, {192, 0, 2, 7}},
        .port = SDS_WIRE_PORT,
        .ttl = 255,
    };
}

#endif
