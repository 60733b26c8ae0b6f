/* SPDX-License-Identifier: MIT */
#ifndef SDS_TESTS_WIRE_HEARING_H
#define SDS_TESTS_WIRE_HEARING_H

/* A store that hears records, for what works on one; include it after cmocka.h. */

#include <string.h>

#include "wire/store.h"
#include "wire_naming.h"

static struct sds_store *store;
static int64_t now;

static inline void begin_hearing(struct sds_store_config config, int64_t at_ms)
{
    now = at_ms;
    store = sds_store_new(&config);
    assert_non_null(store);
}

static inline int end_hearing(void **state)
{
    (void)state;
    store = sds_store_free(store);
    return 0;
}

/* An answer that is to be heard: RDATA is @rdata, and then a name where @points_to is one. */
struct heard {
    const char *name;
    uint16_t type;
    const char *rdata;
    size_t rdata_len;
    const char *points_to;
    uint32_t ttl_s; /* 0: a goodbye */
    bool flush;
    bool is_legacy;
    uint32_t sender; /* the number in its address */
    bool is_over_ipv6;
    int ifindex; /* 0: 1 */
    enum sds_wire_fault fault;
};

/* The bytes of a literal, for members `rdata, rdata_len`; NUL bytes count. */
#define RDATA(literal) .rdata = (literal), .rdata_len = sizeof(literal) - 1

static inline struct sds_address ipv4(uint32_t number)
{
    return (struct sds_address){4,
                                {(uint8_t)(number >> 24), (uint8_t)(number >> 16),
                                 (uint8_t)(number >> 8), (uint8_t)number}};
}

static inline int try_to_hear(struct heard heard)
{
    struct sds_store_arrival arrival = {heard.ifindex ? heard.ifindex : 1, ipv4(heard.sender), now,
                                        heard.is_legacy};
    struct sds_wire_item item = {
        .section = SDS_WIRE_ANSWER,
        .name = name_of(heard.name),
        .type = heard.type,
        .class = SDS_CLASS_IN,
        .upper_bit = heard.flush,
        .ttl_s = heard.ttl_s,
        .flaw.fault = heard.fault,
        .parts.head = {(const uint8_t *)heard.rdata, heard.rdata_len},
    };

    if (heard.is_over_ipv6)
        arrival.sender.len = 16;
    if (heard.points_to) {
        item.parts.n_names = 1;
        item.parts.names[0] = name_of(heard.points_to);
    }
    return sds_store_put(store, &arrival, &item);
}

static inline void hear_it(struct heard heard)
{
    assert_int_equal(try_to_hear(heard), 0);
}

static inline const struct sds_store_set *find(const char *text, uint16_t type)
{
    struct sds_wire_name name = name_of(text);

    return sds_store_find(store, 1, sds_wire_name_span(&name), type, SDS_CLASS_IN);
}

#endif
