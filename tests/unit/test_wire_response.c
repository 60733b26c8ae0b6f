/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "wire/response.h"
#include "wire_datagram.h"

/* A header with flags and counts of questions, answers, authorities and additional records. */
#define HEADER(flags, q, an, ns, ar) "\0\0" flags "\0" q "\0" an "\0" ns "\0" ar
#define AA                           "\x84\0"
#define ANSWERS(n)                   HEADER(AA, "\0", n, "\0", "\0")
#define X                            "\1x\0"
#define TTL                          "\0\0\0\x78"
#define RECORD(type, len)            X type "\x80\1" TTL "\0" len
#define A_RECORD(address)            RECORD("\0\1", "\4") address
#define ONE                          A_RECORD("\xc0\0\2\7")
#define LABEL                                                                                      \
    "\x3f"                                                                                         \
    "123456789012345678901234567890123456789012345678901234567890123"

#define ID         "response-id"
#define CUT        "message-cut"
#define POINTER    "message-compression"
#define LENGTH     "message-rdata-length"
#define OTHER_LINK "record-other-link"

static const struct {
    const char *name;
    const uint8_t *message;
    size_t len;
    const char *faults; /* their words */
} vectors[] = {
    {"nothing", BYTES(""), ""},
    {"half a header", BYTES("\0\1\x84\0\0"), ""},
    {"a query", BYTES("\0\7\x7b\x7f\0\1\0\1\0\1\0\1"), ""},
    {"a response of nothing", BYTES(ANSWERS("\0")), ""},
    {"one record", BYTES(ANSWERS("\1") ONE), ""},
    {"an additional record", BYTES(HEADER(AA, "\0", "\1", "\0", "\1") ONE ONE), ""},

    {"id", BYTES("\0\1" AA "\0\0\0\1\0\0\0\0" ONE), ID},
    {"upper byte of the id", BYTES("\1\0" AA "\0\0\0\1\0\0\0\0" ONE), ID},
    {"opcode 1", BYTES(HEADER("\x8c\0", "\0", "\1", "\0", "\0") ONE), "response-opcode"},
    {"opcode 8", BYTES(HEADER("\xc4\0", "\0", "\1", "\0", "\0") ONE), "response-opcode"},
    {"AA clear", BYTES(HEADER("\x80\0", "\0", "\1", "\0", "\0") ONE), "response-not-authoritative"},
    {"TC", BYTES(HEADER("\x86\0", "\0", "\1", "\0", "\0") ONE), "response-truncated"},
    {"RD", BYTES(HEADER("\x85\0", "\0", "\1", "\0", "\0") ONE), "response-recursion-desired"},
    {"RA", BYTES(HEADER("\x84\x80", "\0", "\1", "\0", "\0") ONE), "response-reserved-bits"},
    {"Z", BYTES(HEADER("\x84\x40", "\0", "\1", "\0", "\0") ONE), "response-reserved-bits"},
    {"AD", BYTES(HEADER("\x84\x20", "\0", "\1", "\0", "\0") ONE), "response-reserved-bits"},
    {"CD", BYTES(HEADER("\x84\x10", "\0", "\1", "\0", "\0") ONE), "response-reserved-bits"},
    {"rcode 1", BYTES(HEADER("\x84\1", "\0", "\1", "\0", "\0") ONE), "response-rcode"},
    {"rcode 8", BYTES(HEADER("\x84\x8", "\0", "\1", "\0", "\0") ONE), "response-rcode"},
    {"several", BYTES("\0\1\x80\3\0\0\0\1\0\0\0\0" ONE),
     ID " response-not-authoritative response-rcode"},
    {"a question", BYTES(HEADER(AA, "\1", "\1", "\0", "\0") X "\0\1\0\1" ONE), "response-question"},
    {"an authority", BYTES(HEADER(AA, "\0", "\0", "\1", "\0") ONE), "response-authority"},

    {"pointer to itself", BYTES(ANSWERS("\1") "\xc0\x0c\0\1\x80\1" TTL "\0\4abcd"), POINTER},
    {"pointer forwards", BYTES(ANSWERS("\1") "\xc0\x20\0\1\x80\1" TTL "\0\4abcd"), POINTER},
    {"pointer into the header", BYTES(ANSWERS("\1") "\xc0\4\0\1\x80\1" TTL "\0\4abcd"), POINTER},
    {"pointer in RDATA", BYTES(ANSWERS("\1") RECORD("\0\x0c", "\2") "\xc0\xff"), POINTER},
    {"reserved label", BYTES(ANSWERS("\1") "\x40x\0\0\1\x80\1" TTL "\0\4abcd"), POINTER},
    {"a name of 256 bytes",
     BYTES(ANSWERS("\1") LABEL LABEL LABEL LABEL "\0\0\1\x80\1" TTL "\0\4abcd"),
     "message-name-long"},
    {"a long name by compression",
     BYTES(ANSWERS("\2") LABEL LABEL LABEL "\0\0\1\x80\1" TTL "\0\4abcd" LABEL
                                           "\xc0\x0c\0\1\x80\1" TTL "\0\4abcd"),
     "message-name-long"},
    {"fewer than counted", BYTES(ANSWERS("\2") ONE), CUT},
    {"cut within a name", BYTES(ANSWERS("\1") "\3ab"), CUT},
    {"cut behind a name", BYTES(ANSWERS("\1") X "\0\1\x80"), CUT},
    {"cut within RDATA", BYTES(ANSWERS("\1") RECORD("\0\x10", "\4") "\1a"), CUT},
    {"a name that leaves RDATA", BYTES(ANSWERS("\1") RECORD("\0\x0c", "\2") "\2a"), CUT},
    {"behind the end", BYTES(ANSWERS("\1") ONE "\0"), "message-trailing"},
    {"A of 5 bytes", BYTES(ANSWERS("\1") RECORD("\0\1", "\5") "12345"), LENGTH},
    {"A of 3 bytes", BYTES(ANSWERS("\1") RECORD("\0\1", "\3") "123"), LENGTH},
    {"AAAA of 4 bytes", BYTES(ANSWERS("\1") RECORD("\0\x1c", "\4") "1234"), LENGTH},
    {"SRV without a target", BYTES(ANSWERS("\1") RECORD("\0\x21", "\5") "\0\0\0\0\0"), LENGTH},
    {"PTR with more", BYTES(ANSWERS("\1") RECORD("\0\x0c", "\4") X "\0"), LENGTH},
    {"empty TXT", BYTES(ANSWERS("\1") RECORD("\0\x10", "\0")), ""},
    {"a type of its own", BYTES(ANSWERS("\1") RECORD("\xff\1", "\3") "abc"), ""},
    {"class CH", BYTES(ANSWERS("\1") X "\0\1\0\3" TTL "\0\4abcd"), "record-class"},
    {"class ANY", BYTES(ANSWERS("\1") X "\0\1\0\xff" TTL "\0\4abcd"), "record-class"},
    {"class IN, no flush", BYTES(ANSWERS("\1") X "\0\1\0\1" TTL "\0\4abcd"), ""},
    {"OPT", BYTES(HEADER(AA, "\0", "\0", "\0", "\1") "\0\0\x29\x05\xa0\xff\0\0\0\0\0"), ""},
    {"TTL 0", BYTES(ANSWERS("\1") X "\0\1\x80\1\0\0\0\0\0\4abcd"), ""},
    {"TTL 2^31 - 1", BYTES(ANSWERS("\1") X "\0\1\x80\1\x7f\xff\xff\xff\0\4abcd"), ""},
    {"TTL 2^31", BYTES(ANSWERS("\1") X "\0\1\x80\1\x80\0\0\0\0\4abcd"), "record-ttl-range"},

    {"addresses of the link", BYTES(ANSWERS("\2") ONE A_RECORD("\xc0\0\2\x08")), ""},
    {"address of another link", BYTES(ANSWERS("\2") ONE A_RECORD("\xac\x11\0\1")), OTHER_LINK},
    {"the other way round", BYTES(ANSWERS("\2") A_RECORD("\xac\x11\0\1") ONE), OTHER_LINK},
    {"name in another case", BYTES(ANSWERS("\2") ONE "\1X\0\0\1\x80\1" TTL "\0\4\xac\x11\0\1"),
     OTHER_LINK},
    {"an additional address",
     BYTES(HEADER(AA, "\0", "\1", "\0", "\1") ONE A_RECORD("\xac\x11\0\1")), OTHER_LINK},
    {"somebody else's address", BYTES(ANSWERS("\1") A_RECORD("\xac\x11\0\1")), ""},
    {"another name's address", BYTES(ANSWERS("\2") ONE "\1y\0\0\1\x80\1" TTL "\0\4\xac\x11\0\1"),
     ""},
    {"link-local address", BYTES(ANSWERS("\2") ONE A_RECORD("\xa9\xfe\0\1")), ""},
    {"goodbye of another link's address",
     BYTES(ANSWERS("\2") ONE X "\0\1\x80\1\0\0\0\0\0\4\xac\x11\0\1"), ""},
};

static const struct sds_prefix prefixes[] = {
    {"eth0", {4, {10, 0, 0, 1}}, 8},
    {"eth0", {4, {192, 0, 2, 1}}, 24},
};
static const struct sds_wire_link ethernet = {1500, prefixes, SDS_COUNT(prefixes)};

static void assert_faults(const struct sds_wire_datagram *datagram,
                          const struct sds_wire_link *link, const char *name, const char *expected)
{
    uint32_t faults = sds_response_faults(datagram, link);
    char words[512] = "";
    size_t len = 0;

    for (enum sds_packet_fault fault = 0; fault < SDS_PACKET__COUNT; fault++)
        if (faults & sds_packet_bit(fault))
            len += (size_t)snprintf(words + len, sizeof(words) - len, "%s%s", len ? " " : "",
                                    sds_packet_fault_name(fault));
    if (strcmp(words, expected) != 0)
        fail_msg("%s: expected '%s', got '%s'", name, expected, words);
}

static void sees_what_is_wrong(void **state)
{
    (void)state;
    for (size_t i = 0; i < SDS_COUNT(vectors); i++) {
        const struct sds_wire_datagram datagram = datagram_of(vectors[i].message, vectors[i].len);

        assert_faults(&datagram, &ethernet, vectors[i].name, vectors[i].faults);
    }
}

static void says_nothing_of_links_it_does_not_know(void **state)
{
    static const char response[] = ANSWERS("\2") ONE A_RECORD("\xac\x11\0\1");
    const struct sds_wire_link nothing = {0}, elsewhere = {0, prefixes, 1};
    const struct sds_wire_datagram datagram = datagram_of(BYTES(response));

    (void)state;
    assert_faults(&datagram, &ethernet, "known", OTHER_LINK);
    assert_faults(&datagram, NULL, "no link", "");
    assert_faults(&datagram, &nothing, "nothing of it", "");
    assert_faults(&datagram, &elsewhere, "not the sender's subnet", "");
}

static void looks_at_how_it_came(void **state)
{
    static const char response[] = ANSWERS("\1") ONE,
                      query[] = HEADER("\0\0", "\0", "\0", "\0", "\0");
    struct sds_wire_datagram datagram = datagram_of(BYTES(response));

    (void)state;
    datagram.port = 5354;
    assert_faults(&datagram, NULL, "port", "response-source-port");
    datagram.port = SDS_WIRE_PORT;
    datagram.ttl = 254;
    assert_faults(&datagram, NULL, "TTL", "response-ip-ttl");
    datagram.ttl = -1;
    assert_faults(&datagram, NULL, "no TTL", "");
    datagram = datagram_of(BYTES(query));
    datagram.port = 5354;
    datagram.ttl = 1;
    assert_faults(&datagram, NULL, "query", "");
}

/* So many records of as many bytes of RDATA, which come to @len bytes of a message. */
static size_t make_response(uint8_t *message, unsigned n, size_t len)
{
    static const uint8_t header[] = {0, 0, 0x84, 0, 0, 0, 0, 0, 0, 0, 0, 0};
    static const uint8_t head[] = {1, 'x', 0, 0, 16, 0x80, 1, 0, 0, 0, 120};
    size_t at = sizeof(header), rest = len - at;

    memcpy(message, header, at);
    message[7] = (uint8_t)n;
    for (unsigned i = 0; i < n; i++) {
        size_t rdata_len = (i + 1 < n ? rest / n : len - at) - sizeof(head) - 2;

        memcpy(message + at, head, sizeof(head));
        at += sizeof(head);
        message[at++] = (uint8_t)(rdata_len >> 8);
        message[at++] = (uint8_t)rdata_len;
        memset(message + at, 0, rdata_len);
        at += rdata_len;
    }
    return at;
}

static void measures_size(void **state)
{
    static const struct {
        uint8_t family; /* length of an address */
        unsigned n;
        size_t len;
        const char *faults;
    } sizes[] = {
        {4, 2, 1472, ""},
        {4, 2, 1473, "response-fragmented"},
        {4, 1, 1473, ""},
        {16, 2, 1452, ""},
        {16, 2, 1453, "response-fragmented"},
        {4, 1, 8972, ""},
        {4, 1, 8973, "response-over-9000"},
        {16, 1, 8952, ""},
        {16, 1, 8953, "response-over-9000"},
        {4, 2, 9000, "response-over-9000 response-fragmented"},
    };
    static uint8_t message[9216];
    struct sds_wire_datagram datagram;

    (void)state;
    for (size_t i = 0; i < SDS_COUNT(sizes); i++) {
        char name[64];

        snprintf(name, sizeof(name), "%u records in %zu bytes", sizes[i].n, sizes[i].len);
        datagram = datagram_of(message, make_response(message, sizes[i].n, sizes[i].len));
        assert_int_equal(datagram.bytes.len, sizes[i].len);
        datagram.sender.len = sizes[i].family;
        assert_faults(&datagram, &ethernet, name, sizes[i].faults);
    }
    /* What we cut ourselves is not judged by its end. */
    datagram = datagram_of(message, make_response(message, 1, sizeof(message)) - 1);
    datagram.is_cut = true;
    assert_faults(&datagram, NULL, "cut by us", "response-over-9000");
}

static void words_round_trip(void **state)
{
    (void)state;
    for (int i = 0; i < SDS_PACKET__COUNT; i++)
        assert_int_equal(
            sds_packet_fault_from_name(sds_packet_fault_name((enum sds_packet_fault)i)), i);
    assert_null(sds_packet_fault_name(SDS_PACKET__COUNT));
    assert_int_equal(sds_packet_fault_from_name(""), -1);
    assert_int_equal(sds_packet_fault_from_name("response"), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sees_what_is_wrong),
        cmocka_unit_test(says_nothing_of_links_it_does_not_know),
        cmocka_unit_test(looks_at_how_it_came),
        cmocka_unit_test(measures_size),
        cmocka_unit_test(words_round_trip),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
