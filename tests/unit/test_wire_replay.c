/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/mem.h"
#include "capture_file.h"
#include "wire/replay.h"

#define BYTES(literal) (const uint8_t *)(literal), sizeof(literal) - 1

/* Messages: of the header, flags and the count of answers; records of a.local. */
#define MESSAGE(flags, answers) "\0\0" flags "\0\0\0\0" answers "\0\0\0\0"
#define RESPONSE(answers)       MESSAGE("\x84", answers)
#define TXT(ttl, data)          "\1a\5local\0\0\x10\0\1\0\0\0" ttl "\0\2\1" data

static const uint8_t x_for_10_s[] = RESPONSE("\1") TXT("\x0a", "x");
static const uint8_t y_for_100_s[] = RESPONSE("\1") TXT("\x64", "y");
static const uint8_t x_goodbye[] = RESPONSE("\1") TXT("\0", "x");

static struct capture_file file;
static struct sds_replay replay;

/* Whom the next datagrams are sent to. */
static uint32_t destination;
static unsigned to_port;

static void begin_with(bool is_lasting)
{
    struct sds_store_config config = {
        .key = {{1, 2}}, .max_records = 100, .max_bytes = 100000, .is_lasting = is_lasting};

    file.n = 0;
    destination = 0xE00000FB;
    to_port = 5353;
    put_section(&file);
    put_interface(&file, SDS_FRAME_IPV4, "eth0", 6);
    replay = (struct sds_replay){.store = sds_store_new(&config)};
    assert_non_null(replay.store);
}

static int begin(void **state)
{
    (void)state;
    begin_with(true);
    return 0;
}

static int begin_expiring(void **state)
{
    (void)state;
    begin_with(false);
    return 0;
}

static int end(void **state)
{
    (void)state;
    sds_capture_free(replay.capture);
    sds_store_free(replay.store);
    sds_conduct_free(replay.conduct);
    return 0;
}

/* A datagram, of which the capture kept all but the last bytes. */
static void put_cut(unsigned s, unsigned port, const uint8_t *message, size_t len, size_t cut)
{
    struct capture_file packet = {.is_big = true};

    put_u16(&packet, 0x4500);
    put_u16(&packet, (unsigned)len + 28);
    put_u32(&packet, 0);
    put_u32(&packet, 0xFF110000);
    put_u32(&packet, 0xC0000201);
    put_u32(&packet, destination);
    put_u16(&packet, port);
    put_u16(&packet, to_port);
    put_u16(&packet, (unsigned)len + 8);
    put_u16(&packet, 0);
    put_bytes(&packet, message, len);
    put_packet(&file, 0, s * UINT64_C(1000000), packet.bytes, packet.n - cut, packet.n);
}

static void put(unsigned s, unsigned port, const uint8_t *message, size_t len)
{
    put_cut(s, port, message, len, 0);
}

static void run(void)
{
    char path[] = "/tmp/sdscope-capture-XXXXXX", *error;
    int fd = mkstemp(path);

    assert_true(fd >= 0);
    assert_int_equal(write(fd, file.bytes, file.n), file.n);
    close(fd);
    assert_int_equal(sds_capture_open(path, &replay.capture, &error), 0);
    unlink(path);
    assert_int_equal(sds_replay_run(&replay), 0);
    assert_null(sds_capture_flaw(replay.capture));
}

/* The TXT records of a.local that the store holds: their texts, those that are leaving in (). */
static void assert_holds(const char *expected)
{
    const struct sds_store_set *set = sds_store_find(
        replay.store, 1, (struct sds_span){BYTES("\1a\5local\0")}, SDS_RR_TXT, SDS_CLASS_IN);
    const struct sds_store_record *record = NULL;
    char text[64] = "";

    while (set && (record = sds_store_next(set, record)))
        snprintf(text + strlen(text), sizeof(text) - strlen(text),
                 record->is_leaving ? "(%c)" : "%c", record->rdata.p[1]);
    assert_string_equal(text, expected);
}

static void keeps_what_was_said(void **state)
{
    (void)state;
    put(1000, 5353, x_for_10_s, sizeof(x_for_10_s) - 1);
    put(1050, 5353, y_for_100_s, sizeof(y_for_100_s) - 1);
    run();
    assert_holds("xy");
    assert_int_equal(replay.counts.first_ms, 1000000);
    assert_int_equal(replay.counts.last_ms, 1050000);
    assert_int_equal(replay.counts.responses, 2);
    assert_int_equal(replay.counts.records, 2);
}

static void keeps_no_record_past_its_time(void **state)
{
    (void)state;
    put(1000, 5353, x_for_10_s, sizeof(x_for_10_s) - 1);
    put(1050, 5353, y_for_100_s, sizeof(y_for_100_s) - 1);
    run();
    assert_holds("y");
}

static void takes_back_what_said_goodbye(void **state)
{
    (void)state;
    put(1000, 5353, x_for_10_s, sizeof(x_for_10_s) - 1);
    put(1000, 5353, y_for_100_s, sizeof(y_for_100_s) - 1);
    put(1100, 5353, x_goodbye, sizeof(x_goodbye) - 1);
    run();
    assert_holds("y(x)");
    sds_replay_pass(&replay, 1100999);
    assert_holds("y(x)");
    sds_replay_pass(&replay, 1101000);
    assert_holds("y");
}

static void time_never_goes_back(void **state)
{
    const struct sds_store_set *set;

    (void)state;
    put(1000, 5353, y_for_100_s, sizeof(y_for_100_s) - 1);
    put(900, 5353, x_for_10_s, sizeof(x_for_10_s) - 1);
    run();
    assert_int_equal(replay.now_ms, 1000000);
    assert_int_equal(replay.counts.first_ms, 900000);
    assert_int_equal(replay.counts.last_ms, 1000000);
    set = sds_store_next_set(replay.store, NULL);
    assert_non_null(set);
    for (const struct sds_store_record *r = NULL; (r = sds_store_next(set, r));)
        assert_int_equal(r->received_ms, 1000000);
}

static void counts_what_is_no_response(void **state)
{
    static const uint8_t query[] = MESSAGE("\0", "\1") TXT("\x0a", "x");

    (void)state;
    put(1, 5353, query, sizeof(query) - 1);
    put(2, 5354, x_for_10_s, sizeof(x_for_10_s) - 1);
    put(3, 5353, (const uint8_t *)"short", 5);
    run();
    assert_holds("");
    assert_int_equal(replay.counts.datagrams, 3);
    assert_int_equal(replay.counts.queries, 1);
    assert_int_equal(replay.counts.responses, 1);
    assert_int_equal(replay.counts.strays, 1);
    assert_int_equal(replay.counts.headless, 1);
    assert_int_equal(replay.counts.records, 0);
}

static void counts_faults(void **state)
{
    static const uint8_t trailing[] = RESPONSE("\1") TXT("\x0a", "x") "more";
    static const uint8_t short_a[] = RESPONSE("\1") "\1a\5local\0\0\1\0\1\0\0\0\x0a\0\1x";

    (void)state;
    put(1, 5353, trailing, sizeof(trailing) - 1);
    put(2, 5353, x_for_10_s, sizeof(x_for_10_s) - 2);
    put(3, 5353, short_a, sizeof(short_a) - 1);
    run();
    assert_int_equal(replay.counts.faults[SDS_WIRE_FAULT_TRAILING], 1);
    assert_int_equal(replay.counts.faults[SDS_WIRE_FAULT_RDATA_CUT], 1);
    assert_int_equal(replay.counts.faults[SDS_WIRE_FAULT_RDATA_SHORT], 1);
    assert_int_equal(replay.counts.records, 3);
}

/* Nobody is to blame for what the capture did not keep. */
static void blames_no_sender_for_a_cut(void **state)
{
    static const uint8_t both[] = RESPONSE("\2") TXT("\x0a", "x") TXT("\x0a", "y");

    (void)state;
    for (size_t cut = 1; cut <= sizeof(both) - 1; cut++)
        put_cut(1, 5353, both, sizeof(both) - 1, cut);
    run();
    assert_holds("x");
    assert_int_equal(replay.counts.datagrams, sizeof(both) - 1);
    for (unsigned i = 0; i < SDS_WIRE_FAULT__COUNT; i++)
        assert_int_equal(replay.counts.faults[i], 0);
}

/* RFC 6762 6.7: TTLs of legacy replies are made up, and their TTL of 0 is no goodbye. */
static void tells_legacy_replies_apart(void **state)
{
    const struct sds_store_set *set;

    (void)state;
    put(1000, 5353, y_for_100_s, sizeof(y_for_100_s) - 1);
    destination = 0xC0000202;
    to_port = 40000;
    put(1001, 5353, x_for_10_s, sizeof(x_for_10_s) - 1);
    run();
    assert_holds("yx");
    set = sds_store_next_set(replay.store, NULL);
    for (const struct sds_store_record *r = NULL; (r = sds_store_next(set, r));)
        assert_int_equal(r->is_legacy, r->rdata.p[1] == 'x');
}

/* The faults of whoever sends, 0 where no response of his was judged. */
static uint32_t faults_of_sender(void)
{
    struct sds_conduct_record seen = {.faults = 0};

    (void)sds_conduct_find(replay.conduct, 1, (struct sds_address){4, {192, 0, 2, 1}}, &seen);
    return seen.faults;
}

static void judges_what_was_sent_to_all(void **state)
{
    static const struct sds_siphash_key key = {{1, 2}};
    static const uint8_t faulty[] = "\0\7\x84\0\0\0\0\1\0\0\0\0" TXT("\x0a", "x");

    for (unsigned way = SDS_WIRE_TO_GROUP; way <= SDS_WIRE_TO_LEGACY; way++)
        for (size_t cut = 0; cut <= 1; cut++) {
            begin(state);
            replay.conduct = sds_conduct_new(&key);
            assert_non_null(replay.conduct);
            if (way != SDS_WIRE_TO_GROUP)
                destination = 0xC0000202;
            if (way == SDS_WIRE_TO_LEGACY)
                to_port = 40000;
            put_cut(1000, 5353, faulty, sizeof(faulty) - 1, cut);
            run();
            assert_int_equal(faults_of_sender(),
                             way == SDS_WIRE_TO_GROUP && !cut ? 1u << SDS_PACKET_ID : 0);
            end(state);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(keeps_what_was_said, begin, end),
        cmocka_unit_test_setup_teardown(keeps_no_record_past_its_time, begin_expiring, end),
        cmocka_unit_test_setup_teardown(takes_back_what_said_goodbye, begin, end),
        cmocka_unit_test_setup_teardown(time_never_goes_back, begin, end),
        cmocka_unit_test_setup_teardown(counts_what_is_no_response, begin, end),
        cmocka_unit_test_setup_teardown(counts_faults, begin, end),
        cmocka_unit_test_setup_teardown(blames_no_sender_for_a_cut, begin, end),
        cmocka_unit_test_setup_teardown(tells_legacy_replies_apart, begin, end),
        cmocka_unit_test(judges_what_was_sent_to_all),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
