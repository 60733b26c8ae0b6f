/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "wire/writer.h"
#include "wire_naming.h"

#define SPAN(literal)                                                                              \
    {                                                                                              \
        (const uint8_t *)(literal), sizeof(literal) - 1                                            \
    }

/* Records of a section and what they take when written one behind the other. */
static const struct {
    enum sds_wire_section section;
    const char *name;
    uint16_t type;
    bool flush;
    struct sds_span rdata;
    size_t len;
} records[] = {
    {SDS_WIRE_ANSWER, "_ipp._tcp.local", SDS_RR_PTR, false, SPAN("\1a\4_ipp\4_tcp\5local\0"),
     17 + 10 + 4},
    {SDS_WIRE_ANSWER, "_ipp._tcp.local", SDS_RR_PTR, false, SPAN("\1b\4_ipp\4_tcp\5local\0"),
     2 + 10 + 4},
    {SDS_WIRE_ANSWER, "a._ipp._tcp.local", SDS_RR_SRV, true, SPAN("\0\0\0\0\2\x77\2hp\5local\0"),
     2 + 10 + 6 + 5},
    {SDS_WIRE_ANSWER, "a._ipp._tcp.local", SDS_RR_TXT, true, SPAN("\3a=b\0\2c"), 2 + 10 + 7},
    {SDS_WIRE_ANSWER, "a._ipp._tcp.local", SDS_RR_TXT, true, {NULL, 0}, 2 + 10},
    /* Case is kept, so that only the end that is the same can be pointed to. */
    {SDS_WIRE_AUTHORITY, "A._IPP._tcp.local", SDS_RR_TXT, true, SPAN("\0"), 2 + 5 + 2 + 10 + 1},
    {SDS_WIRE_ADDITIONAL, "hp.local", SDS_RR_A, true, SPAN("\xc0\0\2\7"), 2 + 10 + 4},
    {SDS_WIRE_ADDITIONAL, "hp.local", SDS_RR_NSEC, true, SPAN("\2hp\5local\0\0\4\x40\0\0\x08"),
     2 + 10 + 2 + 6},
    {SDS_WIRE_ADDITIONAL, "x", SDS_RR_SOA, false,
     SPAN("\1x\0\1y\1x\0\0\0\0\1\0\0\0\2\0\0\0\3\0\0\0\4\0\0\0\5"), 3 + 10 + 2 + 4 + 20},
    {SDS_WIRE_ADDITIONAL, ".", SDS_RR_OPT, false, {NULL, 0}, 1 + 10},
    /* What does not fit its type stays as it is. */
    {SDS_WIRE_ADDITIONAL, "hp.local", SDS_RR_SRV, false, SPAN("\0\0\0"), 2 + 10 + 3},
    {SDS_WIRE_ADDITIONAL, "hp.local", SDS_RR_PTR, false, SPAN("\5ab"), 2 + 10 + 3},
};

static void put_all(struct sds_wire_writer *writer, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct sds_wire_name name = name_of(records[i].name);
        struct sds_wire_record record = {&name, records[i].type, SDS_CLASS_IN, records[i].flush,
                                         120,   records[i].rdata};
        size_t len = writer->len;

        assert_true(sds_wire_put_record(writer, records[i].section, &record));
        assert_int_equal(writer->len - len, records[i].len);
    }
}

static void reads_what_it_wrote(void **state)
{
    uint8_t message[1024];
    struct sds_wire_writer writer;
    struct sds_wire_reader reader;
    struct sds_wire_item item;

    (void)state;
    sds_wire_begin(&writer, message, sizeof(message), 7, SDS_WIRE_RESPONSE);
    sds_wire_set_flags(&writer, SDS_WIRE_AUTHORITATIVE);
    put_all(&writer, SDS_COUNT(records));
    assert_true(sds_wire_read(&reader, message, writer.len));
    assert_int_equal(reader.header.id, 7);
    assert_int_equal(reader.header.flags, 0x8400);
    for (size_t i = 0; i < SDS_COUNT(records); i++) {
        struct sds_wire_name name = name_of(records[i].name);
        uint8_t rdata[128];
        size_t len;

        assert_int_equal(sds_wire_next(&reader, &item), SDS_WIRE_ITEM);
        assert_int_equal(item.section, records[i].section);
        assert_int_equal(item.name.len, name.len);
        assert_memory_equal(item.name.bytes, name.bytes, name.len);
        assert_int_equal(item.type, records[i].type);
        assert_int_equal(item.class, SDS_CLASS_IN);
        assert_int_equal(item.upper_bit, records[i].flush);
        assert_int_equal(item.ttl_s, 120);
        len = sds_wire_rdata_len(&item.parts);
        assert_int_equal(len, records[i].rdata.len);
        sds_wire_rdata_put(&item.parts, rdata);
        if (len)
            assert_memory_equal(rdata, records[i].rdata.p, len);
    }
    assert_int_equal(sds_wire_next(&reader, &item), SDS_WIRE_END);
}

static void writes_questions(void **state)
{
    static const uint8_t expected[] = "\0\0\0\0\0\2\0\0\0\0\0\0"
                                      "\4_ipp\4_tcp\5local\0\0\x0c\x80\1"
                                      "\5_http\xc0\x11\0\x0c\0\1";
    struct sds_wire_name ipp = name_of("_ipp._tcp.local"), http = name_of("_http._tcp.local");
    struct sds_wire_writer writer;
    uint8_t message[sizeof(expected) - 1];

    (void)state;
    sds_wire_begin(&writer, message, sizeof(message), 0, 0);
    assert_true(sds_wire_put_question(&writer, &ipp, SDS_RR_PTR, SDS_CLASS_IN, true));
    assert_true(sds_wire_put_question(&writer, &http, SDS_RR_PTR, SDS_CLASS_IN, false));
    assert_int_equal(writer.len, sizeof(message));
    assert_memory_equal(message, expected, sizeof(message));
    assert_false(sds_wire_put_question(&writer, &http, SDS_RR_PTR, SDS_CLASS_IN, false));
    assert_int_equal(writer.len, sizeof(message));
}

/* Whatever does not fit leaves no trace: neither bytes nor places to point to. */
static void takes_back_what_does_not_fit(void **state)
{
    struct sds_wire_name long_name = name_of("some._ipp._tcp.local"), name = name_of("b.local");
    struct sds_wire_name late = name_of("some._ipp._tcp.local");
    uint8_t message[128];

    (void)state;
    for (size_t size = SDS_WIRE_HEADER_SIZE; size < sizeof(message); size++) {
        struct sds_wire_record record = {&long_name, SDS_RR_SRV, SDS_CLASS_IN,
                                         false,      1,          SPAN("\0\0\0\0\0\1\2hp\5local\0")};
        struct sds_wire_writer writer;
        struct sds_wire_reader reader;
        struct sds_wire_item item;
        size_t n = 0;

        sds_wire_begin(&writer, message, size, 0, 0);
        n += sds_wire_put_question(&writer, &name, SDS_RR_A, SDS_CLASS_IN, false);
        n += sds_wire_put_record(&writer, SDS_WIRE_ANSWER, &record);
        record.rdata = (struct sds_span)SPAN("short");
        record.type = SDS_RR_TXT;
        n += sds_wire_put_record(&writer, SDS_WIRE_ANSWER, &record);
        record.name = &late;
        n += sds_wire_put_record(&writer, SDS_WIRE_ANSWER, &record);
        assert_true(writer.len <= size);
        assert_true(sds_wire_read(&reader, message, writer.len));
        while (sds_wire_next(&reader, &item)) {
            assert_int_equal(item.flaw.fault, SDS_WIRE_FAULT_NONE);
            assert_true(
                sds_wire_name_equal(&item.name, item.section == SDS_WIRE_QUESTION ? &name : &late));
            n--;
        }
        assert_int_equal(n, 0);
    }
}

/* More names than are remembered, and more bytes than a pointer reaches. */
static void writes_a_full_message(void **state)
{
    static uint8_t message[SDS_WIRE_MESSAGE_MAX];
    struct sds_wire_writer writer;
    struct sds_wire_reader reader;
    struct sds_wire_item item;
    size_t n = 0;

    (void)state;
    sds_wire_begin(&writer, message, sizeof(message), 0, 0);
    for (;; n++) {
        struct sds_wire_name name;
        char text[64];

        snprintf(text, sizeof(text), "host-%zu.some-where.local", n);
        name = name_of(text);
        if (!sds_wire_put_question(&writer, &name, SDS_RR_A, SDS_CLASS_IN, false))
            break;
    }
    assert_true(n > 1000);
    assert_true(sds_wire_read(&reader, message, writer.len));
    for (size_t i = 0; i < n; i++) {
        struct sds_wire_name name;
        char text[64];

        snprintf(text, sizeof(text), "host-%zu.some-where.local", i);
        name = name_of(text);
        assert_int_equal(sds_wire_next(&reader, &item), SDS_WIRE_ITEM);
        assert_true(sds_wire_name_equal(&item.name, &name));
    }
    assert_int_equal(sds_wire_next(&reader, &item), SDS_WIRE_END);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_what_it_wrote),
        cmocka_unit_test(writes_questions),
        cmocka_unit_test(takes_back_what_does_not_fit),
        cmocka_unit_test(writes_a_full_message),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
