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
#include "wire/message.h"

#define BYTES(literal) (const uint8_t *)(literal), sizeof(literal) - 1

/* Headers with counts of questions, answers, authorities and additional records. */
#define HEADER(q, an, ns, ar) "\0\0\0\0\0" q "\0" an "\0" ns "\0" ar
#define QUERY                 HEADER("\1", "\0", "\0", "\0")
#define ANSWERS(n)            HEADER("\0", n, "\0", "\0")

#define IPP      "\4_ipp\4_tcp\5local"
#define TTL      "\0\0\0\x78"
#define A_OF(l)  "\0\1\0\1" TTL "\0" l
#define PTR(len) "\0\x0c\0\1" TTL "\0" len
#define SRV(len) "\0\x21\x80\1" TTL "\0" len

/* What a message is said to hold, a line an item. */
static void describe_name(FILE *out, const struct sds_wire_name *name)
{
    struct sds_name labels;
    char *text;

    if (!name->len) {
        fputs("-", out);
        return;
    }
    assert_int_equal(sds_name_read(name->bytes, name->len, &labels), 0);
    text = sds_name_format(&labels, 0, SDS_LABELS_ALL);
    fputs(text, out);
    free(text);
}

static void describe_item(FILE *out, const struct sds_wire_item *item)
{
    fprintf(out, "%u ", item->section);
    describe_name(out, &item->name);
    fprintf(out, " %u %u%s", item->type, item->class, item->upper_bit ? "!" : "");
    if (item->section != SDS_WIRE_QUESTION) {
        fprintf(out, " %u [%zu]", item->ttl_s, item->rdata.len);
        for (size_t i = 0; i < item->parts.n_names; i++) {
            fputc(' ', out);
            describe_name(out, &item->parts.names[i]);
        }
    }
}

static char *describe(const uint8_t *message, size_t len)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    struct sds_wire_reader reader;
    struct sds_wire_item item;
    enum sds_wire_step step;

    assert_non_null(out);
    if (!sds_wire_read(&reader, message, len))
        fputs("no header\n", out);
    else
        while ((step = sds_wire_next(&reader, &item))) {
            if (step == SDS_WIRE_ITEM)
                describe_item(out, &item);
            else
                fputs("broken", out);
            if (item.flaw.fault)
                fprintf(out, " (%zu: %s)", item.flaw.at, sds_wire_fault_text(item.flaw.fault));
            fputc('\n', out);
        }
    fclose(out);
    return text;
}

static const struct {
    const char *name;
    const uint8_t *message;
    size_t len;
    const char *says;
} vectors[] = {
    {"nothing", BYTES(""), "no header\n"},
    {"a header cut", BYTES("\0\0\0\0\0\0\0\0\0\0\0"), "no header\n"},
    {"a header alone", BYTES(HEADER("\0", "\0", "\0", "\0")), ""},
    {"a question", BYTES(QUERY IPP "\0\0\x0c\0\1"), "0 _ipp._tcp.local 12 1\n"},
    {"a QU question", BYTES(QUERY IPP "\0\0\x0c\x80\1"), "0 _ipp._tcp.local 12 1!\n"},
    {"the root", BYTES(QUERY "\0\0\xff\0\xff"), "0 . 255 255\n"},
    {"all sections",
     BYTES(HEADER("\1", "\1", "\1", "\1") IPP
           "\0\0\x0c\0\1"
           "\xc0\x0c" PTR("\4") "\1a\xc0\x0c"
                                "\xc0\x2d" SRV("\x0b") "\0\0\0\0\2\x77\2hp\xc0\x16"
                                                       "\xc0\x43" A_OF("\4") "\xc0\0\2\7"),
     "0 _ipp._tcp.local 12 1\n"
     "1 _ipp._tcp.local 12 1 120 [4] a._ipp._tcp.local\n"
     "2 a._ipp._tcp.local 33 1! 120 [11] hp.local\n"
     "3 hp.local 1 1 120 [4]\n"},
    {"labels of any bytes", BYTES(QUERY "\3\0.\xff\0\0\1\0\1"), "0 \\000\\.\\255 1 1\n"},
    {"NSEC: a name and bits",
     BYTES(ANSWERS("\1") "\1a\0\0\x2f\x80\1" TTL "\0\7"
                         "\xc0\x0c\0\3\x40\0\1"),
     "1 a 47 1! 120 [7] a\n"},
    {"SOA: two names and numbers",
     BYTES(ANSWERS("\1") "\1a\0\0\6\0\1" TTL "\0\x18\xc0\x0c\xc0\x0c"
                         "\0\0\0\1\0\0\0\1\0\0\0\1\0\0\0\1\0\0\0\1"),
     "1 a 6 1 120 [24] a a\n"},
    {"OPT, whose class is a size",
     BYTES(HEADER("\0", "\0", "\0", "\1") "\0\0\x29\x05\xa0"
                                          "\0\0\x11\x94\0\0"),
     "3 . 41 1440 4500 [0]\n"},
    {"TXT is opaque",
     BYTES(ANSWERS("\2") "\1a\0\0\x10\0\1" TTL "\0\0"
                         "\xc0\x0c\0\x10\0\1" TTL "\0\2\x09z"),
     "1 a 16 1 120 [0]\n1 a 16 1 120 [2]\n"},

    /* Faults that cost nothing but their own record. */
    {"a pointer to itself",
     BYTES(ANSWERS("\2") "\xc0\x0c" A_OF("\4") "abcd"
                                               "\1b\0" A_OF("\4") "abcd"),
     "1 - 1 1 120 [4] (12: compression points to no earlier name)\n1 b 1 1 120 [4]\n"},
    {"a pointer forward",
     BYTES(ANSWERS("\2") "\xc0\x1c" A_OF("\4") "abcd"
                                               "\1b\0" A_OF("\4") "abcd"),
     "1 - 1 1 120 [4] (12: compression points to no earlier name)\n1 b 1 1 120 [4]\n"},
    {"a pointer into the header", BYTES(QUERY "\1a\xc0\x0b\0\1\0\1"),
     "0 - 1 1 (14: compression points to no earlier name)\n"},
    {"a loop by way of a label", BYTES(QUERY "\1a\xc0\x0c\0\1\0\1"),
     "0 - 1 1 (14: compression points to no earlier name)\n"},
    {"two pointers at each other",
     BYTES(HEADER("\2", "\0", "\0", "\0") "\1a\xc0\x14\0\1\0\1"
                                          "\1b\xc0\x0c\0\1\0\1"),
     "0 - 1 1 (14: compression points to no earlier name)\n"
     "0 - 1 1 (14: compression points to no earlier name)\n"},
    {"a pointer past the end", BYTES(QUERY "\xff\xff\0\1\0\1"),
     "0 - 1 1 (12: compression points to no earlier name)\n"},
    {"a pointer to what is no label",
     BYTES(HEADER("\2", "\0", "\0", "\0") "\1\x80\0\0\1\0\1"
                                          "\xc0\x0d\0\1\0\1"),
     "0 \\128 1 1\n0 - 1 1 (13: label has a reserved length byte)\n"},
    {"a PTR whose name is cut",
     BYTES(ANSWERS("\2") "\1a\0" PTR("\2") "\5b"
                                           "\xc0\x0c" A_OF("\4") "abcd"),
     "1 a 12 1 120 [2] (25: name runs past its end)\n1 a 1 1 120 [4]\n"},
    {"a PTR without a name", BYTES(ANSWERS("\1") "\1a\0" PTR("\0")),
     "1 a 12 1 120 [0] (25: name runs past its end)\n"},
    {"a PTR with a label of 64", BYTES(ANSWERS("\1") "\1a\0" PTR("\2") "\x40\0"),
     "1 a 12 1 120 [2] (25: label has a reserved length byte)\n"},
    {"a PTR with bytes behind", BYTES(ANSWERS("\1") "\1a\0" PTR("\3") "\xc0\x0c\0"),
     "1 a 12 1 120 [3] (27: RDATA is too long for its type)\n"},
    {"an SRV of five bytes",
     BYTES(ANSWERS("\2") "\1a\0" SRV("\5") "12345"
                                           "\xc0\x0c" A_OF("\4") "abcd"),
     "1 a 33 1! 120 [5] (25: RDATA is too short for its type)\n1 a 1 1 120 [4]\n"},
    {"an A of three bytes", BYTES(ANSWERS("\1") "\1a\0" A_OF("\3") "abc"),
     "1 a 1 1 120 [3] (25: RDATA is too short for its type)\n"},
    {"an A of five bytes", BYTES(ANSWERS("\1") "\1a\0" A_OF("\5") "abcde"),
     "1 a 1 1 120 [5] (29: RDATA is too long for its type)\n"},

    /* Faults that the rest is lost to. */
    {"RDATA past the end", BYTES(ANSWERS("\2") "\1a\0" A_OF("\5") "abcd"),
     "1 a 1 1 120 [4] (25: RDATA runs past the end of the message)\n"},
    {"a question cut", BYTES(QUERY "\1a\0\0\1\0"),
     "broken (17: record runs past the end of the message)\n"},
    {"a record cut",
     BYTES(ANSWERS("\2") "\1a\0" A_OF("\4") "abcd"
                                            "\1b\0\0\1\0\1" TTL "\0"),
     "1 a 1 1 120 [4]\nbroken (40: record runs past the end of the message)\n"},
    {"a name cut", BYTES(QUERY "\2a"), "broken (12: name runs past its end)\n"},
    {"a name without its root", BYTES(QUERY "\1a"), "broken (14: name runs past its end)\n"},
    {"a pointer cut", BYTES(QUERY "\1a\xc0"), "broken (14: name runs past its end)\n"},
    {"a reserved length", BYTES(HEADER("\2", "\0", "\0", "\0") "\1a\0\0\1\0\1\x80\0\0\1\0\1"),
     "0 a 1 1\nbroken (19: label has a reserved length byte)\n"},
    {"fewer than counted", BYTES(HEADER("\2", "\0", "\0", "\0") "\1a\0\0\1\0\1"),
     "0 a 1 1\nbroken (19: fewer records than the header counts)\n"},
    {"counts of a liar", BYTES(HEADER("\0", "\xff", "\xff", "\xff")),
     "broken (12: fewer records than the header counts)\n"},
    {"bytes behind", BYTES(QUERY "\1a\0\0\1\0\1zzz"),
     "0 a 1 1\nbroken (19: bytes behind the last record)\n"},
};

static void reads_messages(void **state)
{
    (void)state;
    for (size_t i = 0; i < SDS_COUNT(vectors); i++) {
        /* No byte more, so that reading past it is seen. */
        uint8_t *message = malloc(vectors[i].len ? vectors[i].len : 1);
        char *text;

        print_message("# %s\n", vectors[i].name);
        memcpy(message, vectors[i].message, vectors[i].len);
        text = describe(message, vectors[i].len);
        assert_string_equal(text, vectors[i].says);
        free(text);
        free(message);
    }
}

/* Wherever a message is cut, what was whole before is told. */
static void tells_all_before_a_cut(void **state)
{
    static const uint8_t message[] = HEADER("\1", "\2", "\0", "\0") IPP
        "\0\0\x0c\0\1"
        "\xc0\x0c" PTR("\4") "\1a\xc0\x0c"
                             "\xc0\x2d" SRV("\x0b") "\0\0\0\0\2\x77\2hp\xc0\x16";
    static const size_t ends[] = {33, 49, sizeof(message) - 1}; /* of each item */

    (void)state;
    for (size_t len = SDS_WIRE_HEADER_SIZE; len < sizeof(message); len++) {
        uint8_t *cut = malloc(len);
        struct sds_wire_reader reader;
        struct sds_wire_item item;
        size_t whole = 0, expected = 0;
        enum sds_wire_step step;

        memcpy(cut, message, len);
        while (expected < SDS_COUNT(ends) && ends[expected] <= len)
            expected++;
        assert_true(sds_wire_read(&reader, cut, len));
        while ((step = sds_wire_next(&reader, &item)))
            whole += step == SDS_WIRE_ITEM && !item.flaw.fault;
        assert_int_equal(whole, expected);
        assert_int_equal(sds_wire_next(&reader, &item), SDS_WIRE_END);
        free(cut);
    }
}

/* A question for a name of @n labels of @len bytes and one of @last. */
static size_t put_long(uint8_t *to, size_t n, size_t len, size_t last)
{
    size_t at = SDS_WIRE_HEADER_SIZE;

    memset(to, 0, SDS_WIRE_HEADER_SIZE);
    to[5] = 1;
    for (size_t i = 0; i <= n; i++) {
        size_t this = i < n ? len : last;

        if (!this)
            break;
        to[at++] = (uint8_t)this;
        memset(to + at, 'x', this);
        at += this;
    }
    memcpy(to + at, "\0\0\1\0\1", 5);
    return at + 5;
}

static const struct {
    size_t n, len, last;
    bool fits;
} lengths[] = {
    {3, 63, 61, true},  /* 254 */
    {3, 63, 62, true},  /* 255: the most */
    {3, 63, 63, false}, /* 256 */
    {127, 1, 0, true},  /* 254 */
    {128, 1, 0, false}, {600, 63, 0, false},
};

static void knows_the_longest_name(void **state)
{
    static uint8_t message[SDS_WIRE_MESSAGE_MAX];

    (void)state;
    for (size_t i = 0; i < SDS_COUNT(lengths); i++) {
        size_t len = put_long(message, lengths[i].n, lengths[i].len, lengths[i].last);
        struct sds_wire_reader reader;
        struct sds_wire_item item;

        assert_true(sds_wire_read(&reader, message, len));
        assert_int_equal(sds_wire_next(&reader, &item), SDS_WIRE_ITEM);
        assert_int_equal(item.flaw.fault,
                         lengths[i].fits ? SDS_WIRE_FAULT_NONE : SDS_WIRE_FAULT_NAME_LONG);
        assert_int_equal(item.type, SDS_RR_A);
        assert_int_equal(sds_wire_next(&reader, &item), SDS_WIRE_END);
    }
}

/* Pointers that lead to pointers: many are followed, but none without end. */
static void follows_some_pointers(void **state)
{
    static uint8_t message[SDS_WIRE_MESSAGE_MAX];

    (void)state;
    for (size_t jumps = SDS_WIRE_JUMPS_MAX; jumps <= SDS_WIRE_JUMPS_MAX + 1; jumps++) {
        struct sds_wire_reader reader;
        struct sds_wire_item item;
        size_t at = SDS_WIRE_HEADER_SIZE, to;

        memset(message, 0, SDS_WIRE_HEADER_SIZE);
        message[7] = 1;
        message[9] = 1;
        /* An answer whose RDATA are the root and pointers, each to the one before. */
        memcpy(message + at, "\0\0\x63\0\1\0\0\0\0", 9);
        at += 9;
        message[at++] = (uint8_t)((jumps * 2 - 1) >> 8);
        message[at++] = (uint8_t)(jumps * 2 - 1);
        to = at;
        message[at++] = 0;
        for (size_t i = 0; i < jumps; i++) {
            message[at++] = (uint8_t)(0xc0 | to >> 8);
            message[at++] = (uint8_t)to;
            to = at - 2;
        }
        memcpy(message + at, "\0\1\0\1\0\0\0\0\0\4abcd", 14);
        assert_true(sds_wire_read(&reader, message, at + 14));
        assert_int_equal(sds_wire_next(&reader, &item), SDS_WIRE_ITEM);
        assert_int_equal(sds_wire_next(&reader, &item), SDS_WIRE_ITEM);
        assert_int_equal(item.section, SDS_WIRE_AUTHORITY);
        assert_int_equal(item.flaw.fault, jumps > SDS_WIRE_JUMPS_MAX ? SDS_WIRE_FAULT_NAME_POINTER
                                                                     : SDS_WIRE_FAULT_NONE);
        assert_int_equal(sds_wire_next(&reader, &item), SDS_WIRE_END);
    }
}

static void expands_names_in_rdata(void **state)
{
    static const uint8_t message[] =
        ANSWERS("\1") "\1a\5local\0" SRV("\x0a") "\0\1\0\2\0\3\1h\xc0\x0e";
    static const uint8_t expanded[] = "\0\1\0\2\0\3\1h\5local";
    uint8_t rdata[sizeof(expanded)];
    struct sds_wire_reader reader;
    struct sds_wire_item item;

    (void)state;
    assert_true(sds_wire_read(&reader, message, sizeof(message) - 1));
    assert_int_equal(sds_wire_next(&reader, &item), SDS_WIRE_ITEM);
    assert_int_equal(sds_wire_rdata_len(&item.parts), sizeof(expanded));
    sds_wire_rdata_put(&item.parts, rdata);
    assert_memory_equal(rdata, expanded, sizeof(expanded));
}

static void converts_names(void **state)
{
    struct sds_wire_name name, other;
    struct sds_name labels;

    (void)state;
    sds_name_parse("My\\.Pi._ipp._tcp.local", &labels);
    assert_true(sds_wire_name_from(&labels, &name));
    assert_int_equal(name.len, 23);
    assert_memory_equal(name.bytes, "\5My.Pi\4_ipp\4_tcp\5local", 23);
    sds_name_parse("my.pi._ipp._tcp.local", &labels);
    assert_true(sds_wire_name_from(&labels, &other));
    assert_false(sds_wire_name_equal(&name, &other));
    sds_name_parse("mY\\.pI._IPP._tcp.LOCAL", &labels);
    assert_true(sds_wire_name_from(&labels, &other));
    assert_true(sds_wire_name_equal(&name, &other));
    sds_name_parse("", &labels);
    assert_true(sds_wire_name_from(&labels, &name));
    assert_int_equal(name.len, 1);
    sds_name_parse("a..b", &labels);
    assert_false(sds_wire_name_from(&labels, &name));
}

static void has_a_text_for_every_fault(void **state)
{
    (void)state;
    for (unsigned i = 0; i < SDS_WIRE_FAULT__COUNT; i++)
        assert_string_not_equal(sds_wire_fault_text(i), "?");
    assert_string_equal(sds_wire_fault_text(SDS_WIRE_FAULT__COUNT), "?");
    assert_string_equal(sds_wire_fault_text((enum sds_wire_fault) - 1), "?");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_messages),
        cmocka_unit_test(tells_all_before_a_cut),
        cmocka_unit_test(knows_the_longest_name),
        cmocka_unit_test(follows_some_pointers),
        cmocka_unit_test(expands_names_in_rdata),
        cmocka_unit_test(converts_names),
        cmocka_unit_test(has_a_text_for_every_fault),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
