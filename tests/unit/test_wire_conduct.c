/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "no_memory.h"
#include "wire/conduct.h"
#include "wire_datagram.h"

#define RESPONSE           "\0\0\x84\0\0\0\0\1\0\0\0\0"
#define GOODBYE            "\0\0\0\0"
#define TTL                "\0\0\0\x78"
#define TXT(x, ttl, value) RESPONSE "\1" x "\0\0\x10\x80\1" ttl "\0\2\1" value

/* A TXT record of x with a value is announced. */
#define SAYS(value) BYTES(TXT("x", TTL, value))

#define PTR "\0\0\x84\0\0\0\0\1\0\0\0\0\1a\0\0\x0c\0\1" TTL "\0\3\1x\0"
#define META                                                                                       \
    "\0\0\x84\0\0\0\0\1\0\0\0\0\x09_services\7_dns-sd\4_udp\5local\0\0\x0c\0\1" TTL "\0\3\1x\0"
#define ADDITIONAL "\0\0\x84\0\0\0\0\0\0\0\0\1\1x\0\0\x10\x80\1" TTL "\0\2\1a"
#define TWICE                                                                                      \
    "\0\0\x84\0\0\0\0\2\0\0\0\0\1x\0\0\x10\x80\1" TTL "\0\2\1a"                                    \
    "\1x\0\0\x10\x80\1" TTL "\0\2\1a"
#define QUERY "\0\0\0\0\0\1\0\0\0\0\0\0\1x\0\0\x10\0\1"
#define PROBE "\0\0\0\0\0\1\0\0\0\1\0\0\1x\0\0\xff\0\1\1x\0\0\x10\0\1" TTL "\0\2\1a"

static const struct sds_siphash_key key = {{1, 2}};

struct said {
    int64_t at_ms;
    const uint8_t *message;
    size_t len;
};

/* Of one record, in ten milliseconds. */
// clang-format off
#define TEN_CHANGES                                                                                \
    {0, SAYS("a")}, {1, SAYS("b")}, {2, SAYS("c")}, {3, SAYS("d")}, {4, SAYS("e")},                \
    {5, SAYS("f")}, {6, SAYS("g")}, {7, SAYS("h")}, {8, SAYS("i")}, {9, SAYS("j")}, {10, SAYS("k")}
// clang-format on

#define EARLY (1u << SDS_PACKET_REPEATED)
#define OFTEN (1u << SDS_PACKET_UPDATED_OFTEN)

static const struct {
    const char *name;
    uint32_t faults;
    struct said said[16];
} vectors[] = {
    {"announced as the RFC says", 0, {{0, SAYS("a")}, {1000, SAYS("a")}, {3000, SAYS("a")}}},
    {"a packet that the network repeats",
     0,
     {{0, SAYS("a")}, {0, SAYS("a")}, {1000, SAYS("a")}, {1000, SAYS("a")}}},
    {"three in a second", EARLY, {{0, SAYS("a")}, {400, SAYS("a")}, {800, SAYS("a")}}},
    {"three in a second, shared", EARLY, {{0, BYTES(PTR)}, {400, BYTES(PTR)}, {800, BYTES(PTR)}}},
    {"half a second apart",
     0,
     {{0, SAYS("a")}, {500, SAYS("a")}, {1000, SAYS("a")}, {1500, SAYS("a")}}},
    {"name in another case",
     EARLY,
     {{0, SAYS("a")}, {1, BYTES(TXT("X", TTL, "a"))}, {2, SAYS("a")}}},
    {"other names",
     0,
     {{0, SAYS("a")}, {1, BYTES(TXT("y", TTL, "a"))}, {2, BYTES(TXT("z", TTL, "a"))}}},
    {"other RDATA", 0, {{0, SAYS("a")}, {1, SAYS("b")}, {2, SAYS("c")}}},
    {"as a clock says that was set back",
     0,
     {{0, SAYS("a")}, {3000, SAYS("a")}, {-600000, SAYS("a")}, {-590000, SAYS("a")}}},
    {"goodbyes",
     0,
     {{0, BYTES(TXT("x", GOODBYE, "a"))},
      {1, BYTES(TXT("x", GOODBYE, "a"))},
      {2, BYTES(TXT("x", GOODBYE, "a"))}}},
    {"in one message", 0, {{0, BYTES(TWICE)}, {1, BYTES(TWICE)}}},
    {"additional records",
     0,
     {{0, BYTES(ADDITIONAL)}, {1, BYTES(ADDITIONAL)}, {2, BYTES(ADDITIONAL)}}},
    {"types, which everybody has", 0, {{0, BYTES(META)}, {1, BYTES(META)}, {2, BYTES(META)}}},
    {"answers to probes",
     0,
     {{0, SAYS("a")}, {10, BYTES(PROBE)}, {250, SAYS("a")}, {510, SAYS("a")}}},
    {"answers to queries",
     EARLY,
     {{0, SAYS("a")}, {10, BYTES(QUERY)}, {250, SAYS("a")}, {510, SAYS("a")}}},
    {"long after a probe",
     EARLY,
     {{0, BYTES(PROBE)}, {1000, SAYS("a")}, {1001, SAYS("a")}, {1002, SAYS("a")}}},
    {"ten changes in a minute", 0, {TEN_CHANGES}},
    {"eleven changes in a minute", OFTEN, {TEN_CHANGES, {59999, SAYS("l")}}},
    {"eleven changes, and the clock set back", 0, {TEN_CHANGES, {-600000, SAYS("l")}}},
    {"eleven changes in more", 0, {TEN_CHANGES, {60000, SAYS("l")}}},
};

static void knows_what_is_too_often(void **state)
{
    (void)state;
    for (size_t i = 0; i < SDS_COUNT(vectors); i++) {
        struct sds_rate *rate = sds_rate_new(&key);
        uint32_t faults = 0;

        assert_non_null(rate);
        for (const struct said *said = vectors[i].said; said->message; said++) {
            const struct sds_wire_datagram datagram = datagram_of(said->message, said->len);

            faults |= sds_rate_hear(rate, &datagram, 1000000 + said->at_ms);
        }
        if (faults != vectors[i].faults)
            fail_msg("%s: expected %#x, got %#x", vectors[i].name, vectors[i].faults, faults);
        sds_rate_free(rate);
    }
    assert_null(sds_rate_free(NULL));
}

/* A service that leaves and comes back changes, too. */
static void counts_comings_and_goings(void **state)
{
    struct sds_rate *rate = sds_rate_new(&key);
    const struct sds_wire_datagram there = datagram_of(SAYS("a"));
    const struct sds_wire_datagram gone = datagram_of(BYTES(TXT("x", GOODBYE, "a")));
    uint32_t faults = 0;

    (void)state;
    for (int i = 0; i < 11; i++) {
        assert_int_equal(faults, 0);
        faults |= sds_rate_hear(rate, &there, 2000 * i);
        faults |= sds_rate_hear(rate, &gone, 2000 * i + 1000);
    }
    assert_int_equal(faults, 0);
    assert_int_equal(sds_rate_hear(rate, &there, 22000), OFTEN);
    sds_rate_free(rate);
}

static void tells_senders_and_links_apart(void **state)
{
    struct sds_wire_datagram datagrams[3];
    struct sds_rate *rate = sds_rate_new(&key);

    (void)state;
    for (size_t i = 0; i < SDS_COUNT(datagrams); i++)
        datagrams[i] = datagram_of(SAYS("a"));
    datagrams[1].sender.bytes[3]++;
    datagrams[2].ifindex++;
    for (size_t i = 0; i < 2 * SDS_COUNT(datagrams); i++)
        assert_int_equal(sds_rate_hear(rate, &datagrams[i % 3], 0), 0);
    assert_int_equal(sds_rate_hear(rate, &datagrams[2], 0), EARLY);
    sds_rate_free(rate);
}

static uint32_t faults_of(const struct sds_conduct *conduct,
                          const struct sds_wire_datagram *datagram)
{
    struct sds_conduct_record seen;

    return sds_conduct_find(conduct, datagram->ifindex, datagram->sender, &seen) ? seen.faults
                                                                                 : UINT32_MAX;
}

static void keeps_what_it_saw(void **state)
{
    struct sds_conduct *conduct = sds_conduct_new(&key);
    struct sds_wire_datagram good = datagram_of(SAYS("a"));
    struct sds_wire_datagram bad = good, other = good, query = datagram_of(BYTES(QUERY));

    (void)state;
    bad.ttl = 1;
    other.sender.bytes[3]++;
    assert_int_equal(sds_conduct_hear(conduct, &query, NULL, 0), 0);
    assert_int_equal(faults_of(conduct, &query), UINT32_MAX);
    assert_int_equal(sds_conduct_hear(conduct, &good, NULL, 0), 0);
    assert_int_equal(faults_of(conduct, &good), 0);
    assert_int_equal(sds_conduct_n_news(conduct), 0);
    assert_int_equal(sds_conduct_hear(conduct, &bad, NULL, 1000), 0);
    assert_int_equal(faults_of(conduct, &good), sds_packet_bit(SDS_PACKET_IP_TTL));
    assert_int_equal(sds_conduct_n_news(conduct), 1);
    assert_int_equal(sds_conduct_hear(conduct, &good, NULL, 2000), 0);
    assert_int_equal(sds_conduct_hear(conduct, &bad, NULL, 3000), 0);
    assert_int_equal(faults_of(conduct, &good), sds_packet_bit(SDS_PACKET_IP_TTL));
    assert_int_equal(sds_conduct_n_news(conduct), 1);
    assert_int_equal(faults_of(conduct, &other), UINT32_MAX);
    assert_int_equal(sds_conduct_hear(conduct, &other, NULL, 0), 0);
    assert_int_equal(faults_of(conduct, &other), 0);
    other.ifindex++;
    assert_int_equal(faults_of(conduct, &other), UINT32_MAX);
    sds_conduct_free(conduct);
    assert_null(sds_conduct_free(NULL));
}

/* A flood costs what was heard least lately, no more. */
static void is_bounded(void **state)
{
    struct sds_conduct *conduct = sds_conduct_new(&key);
    struct sds_wire_datagram first = datagram_of(SAYS("a")), flood = first;
    uint8_t message[64];

    (void)state;
    memcpy(message, flood.bytes.p, flood.bytes.len);
    flood.bytes.p = message;
    assert_int_equal(sds_conduct_hear(conduct, &first, NULL, 0), 0);
    for (uint32_t i = 0; i < 2 * SDS_RATE_RECORDS_MAX; i++) {
        flood.sender.bytes[0] = 10;
        flood.sender.bytes[1] = (uint8_t)(i >> 16);
        flood.sender.bytes[2] = (uint8_t)(i >> 8);
        flood.sender.bytes[3] = (uint8_t)i;
        assert_int_equal(sds_conduct_hear(conduct, &flood, NULL, 0), 0);
        if (i + 2 == SDS_CONDUCT_SENDERS_MAX)
            assert_int_equal(faults_of(conduct, &first), 0);
    }
    assert_int_equal(faults_of(conduct, &first), UINT32_MAX);
    assert_int_equal(faults_of(conduct, &flood), 0);
    sds_conduct_free(conduct);
}

static int hear_without_memory(void)
{
    struct sds_wire_datagram datagram = datagram_of(SAYS("a"));
    struct sds_wire_datagram probe = datagram_of(BYTES(PROBE));
    struct sds_conduct *conduct = sds_conduct_new(&key);
    int r = conduct ? sds_conduct_hear(conduct, &probe, NULL, 0) : -ENOMEM;

    if (r == 0)
        r = sds_conduct_hear(conduct, &datagram, NULL, 0);
    if (r == 0)
        assert_int_equal(faults_of(conduct, &datagram), 0);
    sds_conduct_free(conduct);
    return r;
}

static void survives_a_lack_of_memory(void **state)
{
    int r = -ENOMEM;

    (void)state;
    for (size_t n = 0; r < 0; n++) {
        assert_true(n < 100);
        allocations_left = n;
        r = hear_without_memory();
        allocations_left = SIZE_MAX;
        assert_true(r == 0 || r == -ENOMEM);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(knows_what_is_too_often),
        cmocka_unit_test(counts_comings_and_goings),
        cmocka_unit_test(tells_senders_and_links_apart),
        cmocka_unit_test(keeps_what_it_saw),
        cmocka_unit_test(is_bounded),
        cmocka_unit_test(survives_a_lack_of_memory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
