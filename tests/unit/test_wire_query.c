/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "wire/query.h"
#include "wire_naming.h"

#define TYPES_MAX 300
#define KNOWN_MAX 400

static struct sds_wire_name types[TYPES_MAX];
static struct sds_wire_name instances[KNOWN_MAX];
static struct sds_wire_record known[KNOWN_MAX];
static struct sds_wire_question questions[TYPES_MAX];

/* What was sent. */
static size_t size;
static struct packet {
    bool has_more; /* TC */
    size_t n_questions, n_answers, len;
} packets[64];
static size_t n_packets;
static int answer;

static void prepare(size_t n_types, size_t n_known)
{
    char text[64];

    for (size_t i = 0; i < n_types; i++) {
        snprintf(text, sizeof(text), "_type-%03zu._tcp.local", i);
        types[i] = name_of(text);
        questions[i] = (struct sds_wire_question){.name = &types[i], .type = SDS_RR_PTR};
    }
    for (size_t i = 0; i < n_known; i++) {
        snprintf(text, sizeof(text), "Instance %03zu._type-000._tcp.local", i);
        instances[i] = name_of(text);
        known[i] = (struct sds_wire_record){
            &types[0], SDS_RR_PTR, SDS_CLASS_IN, false, 4500, sds_wire_name_span(&instances[i])};
    }
    questions[0].known = known;
    questions[0].n_known = n_known;
    n_packets = 0;
    answer = 0;
}

static int take_packet(void *userdata, const uint8_t *bytes, size_t len)
{
    struct packet *packet = &packets[n_packets];
    struct sds_wire_reader reader;
    struct sds_wire_item item;
    enum sds_wire_step step;

    assert_ptr_equal(userdata, &size);
    assert_true(n_packets < SDS_COUNT(packets));
    assert_true(len <= size);
    assert_true(sds_wire_read(&reader, bytes, len));
    assert_int_equal(reader.header.id, 0);
    assert_int_equal(reader.header.flags & ~SDS_WIRE_TRUNCATED, 0);
    *packet = (struct packet){.has_more = reader.header.flags & SDS_WIRE_TRUNCATED, .len = len};
    while ((step = sds_wire_next(&reader, &item))) {
        assert_int_equal(step, SDS_WIRE_ITEM);
        assert_int_equal(item.flaw.fault, SDS_WIRE_FAULT_NONE);
        if (item.section == SDS_WIRE_QUESTION)
            packet->n_questions++;
        else
            packet->n_answers++;
    }
    n_packets++;
    return answer;
}

static int write_query(size_t n_types)
{
    return sds_wire_write_query(questions, n_types, size, take_packet, &size);
}

static void says_all_in_one_packet(void **state)
{
    (void)state;
    size = SDS_WIRE_PACKET_SIZE;
    prepare(3, 5);
    assert_int_equal(write_query(3), 1);
    assert_int_equal(n_packets, 1);
    assert_false(packets[0].has_more);
    assert_int_equal(packets[0].n_questions, 3);
    assert_int_equal(packets[0].n_answers, 5);
}

static void says_nothing_without_questions(void **state)
{
    (void)state;
    prepare(0, 0);
    assert_int_equal(write_query(0), 0);
    assert_int_equal(n_packets, 0);
}

/* Questions that go into several packets are several queries, none of which waits for more. */
static void parts_questions(void **state)
{
    size_t total = 0;
    int r;

    (void)state;
    size = SDS_WIRE_PACKET_SIZE;
    prepare(TYPES_MAX, 0);
    r = write_query(TYPES_MAX);
    assert_int_equal(r, n_packets);
    for (size_t i = 0; i < n_packets; i++) {
        assert_false(packets[i].has_more);
        assert_true(packets[i].n_questions > 0);
        total += packets[i].n_questions;
        if (i + 1 < n_packets)
            assert_true(packets[i].len > size - 40);
    }
    assert_int_equal(total, TYPES_MAX);
}

/* RFC 6762 7.2: TC on all but the last, questions in the first alone. */
static void parts_known_answers(void **state)
{
    static const size_t sizes[] = {SDS_WIRE_PACKET_SIZE_MIN, SDS_WIRE_PACKET_SIZE,
                                   SDS_WIRE_PACKET_SIZE_MAX};

    (void)state;
    for (size_t i = 0; i < SDS_COUNT(sizes); i++) {
        size_t total = 0;
        int r;

        size = sizes[i];
        prepare(1, KNOWN_MAX);
        r = write_query(1);
        assert_int_equal(r, n_packets);
        assert_true(n_packets > 1);
        for (size_t k = 0; k < n_packets; k++) {
            assert_int_equal(packets[k].has_more, k + 1 < n_packets);
            assert_int_equal(packets[k].n_questions, k == 0);
            assert_true(packets[k].n_answers > 0);
            total += packets[k].n_answers;
        }
        assert_int_equal(total, KNOWN_MAX);
    }
}

/* A question comes with its known answers, even where others would have fitted before. */
static void keeps_answers_with_their_question(void **state)
{
    (void)state;
    size = SDS_WIRE_PACKET_SIZE;
    prepare(2, 40);
    questions[1].known = known; /* not of its name, but of that size */
    questions[1].n_known = 40;
    assert_int_equal(write_query(2), 2);
    for (size_t i = 0; i < 2; i++) {
        assert_false(packets[i].has_more);
        assert_int_equal(packets[i].n_questions, 1);
        assert_int_equal(packets[i].n_answers, 40);
    }
}

static void leaves_out_what_fits_nowhere(void **state)
{
    static const uint8_t huge[SDS_WIRE_PACKET_SIZE];

    (void)state;
    size = SDS_WIRE_PACKET_SIZE;
    prepare(2, 3);
    known[1].type = SDS_RR_TXT;
    known[1].rdata = (struct sds_span){huge, sizeof(huge)};
    assert_int_equal(write_query(2), 1);
    assert_int_equal(packets[0].n_questions, 2);
    assert_int_equal(packets[0].n_answers, 2);
}

static void stops_when_nothing_can_be_sent(void **state)
{
    (void)state;
    size = SDS_WIRE_PACKET_SIZE;
    prepare(TYPES_MAX, KNOWN_MAX);
    answer = -ENETDOWN;
    assert_int_equal(write_query(TYPES_MAX), -ENETDOWN);
    assert_int_equal(n_packets, 1);
}

/* RFC 6762 5.1, 6.7. */
static int take_one_shot(void *userdata, const uint8_t *packet, size_t len)
{
    struct sds_wire_reader reader;
    struct sds_wire_item item;

    *(size_t *)userdata = len;
    assert_true(sds_wire_read(&reader, packet, len));
    assert_int_equal(reader.header.id, 0xabcd);
    assert_int_equal(reader.header.flags, 0);
    assert_int_equal(sds_wire_next(&reader, &item), SDS_WIRE_ITEM);
    assert_int_equal(item.section, SDS_WIRE_QUESTION);
    assert_int_equal(item.type, SDS_RR_PTR);
    assert_int_equal(item.class, SDS_CLASS_IN);
    assert_false(item.upper_bit);
    assert_int_equal(sds_wire_next(&reader, &item), SDS_WIRE_END);
    return answer;
}

static int shoot(const struct sds_wire_name *name, size_t *len)
{
    struct sds_wire_question question = {.name = name, .type = SDS_RR_PTR};

    return sds_wire_write_one_shot(&question, 1, 0xabcd, take_one_shot, len);
}

static void asks_once(void **state)
{
    struct sds_wire_name longest = {.len = 255};
    size_t len = 0;

    (void)state;
    prepare(1, 0);
    answer = 0;
    assert_int_equal(shoot(&types[0], &len), 0);
    assert_int_equal(len, SDS_WIRE_HEADER_SIZE + types[0].len + 4);
    for (size_t i = 0; i + 2 < longest.len; i += 2)
        longest.bytes[i] = 1;
    assert_int_equal(shoot(&longest, &len), 0);
    assert_int_equal(len, SDS_WIRE_HEADER_SIZE + longest.len + 4);
    answer = -ENETDOWN;
    assert_int_equal(shoot(&types[0], &len), -ENETDOWN);
}

static int take_header(void *userdata, const uint8_t *packet, size_t len)
{
    assert_true(sds_wire_read(userdata, packet, len));
    return 0;
}

static void asks_several_at_once(void **state)
{
    struct sds_wire_question both[2];
    struct sds_wire_reader reader;

    (void)state;
    prepare(2, 3); /* known answers, which are passed over */
    for (size_t i = 0; i < 2; i++)
        both[i] = questions[i];
    assert_int_equal(sds_wire_write_one_shot(both, 2, 7, take_header, &reader), 0);
    assert_int_equal(reader.header.counts[SDS_WIRE_QUESTION], 2);
    assert_int_equal(reader.header.counts[SDS_WIRE_ANSWER], 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(says_all_in_one_packet),
        cmocka_unit_test(says_nothing_without_questions),
        cmocka_unit_test(parts_questions),
        cmocka_unit_test(parts_known_answers),
        cmocka_unit_test(keeps_answers_with_their_question),
        cmocka_unit_test(leaves_out_what_fits_nowhere),
        cmocka_unit_test(asks_once),
        cmocka_unit_test(asks_several_at_once),
        cmocka_unit_test(stops_when_nothing_can_be_sent),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
