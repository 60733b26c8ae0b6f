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
#include "wire/frame.h"

#define BYTES(literal) (const uint8_t *)(literal), sizeof(literal) - 1

#define MDNS  "\x14\xe9"
#define OTHER "\xc0\x01"

/* A datagram of "ping", and what carries it: the lengths are what the headers claim. */
#define UDP_OF(from, to, len)                                                                      \
    from to "\0" len "\0\0"                                                                        \
            "ping"
#define UDP UDP_OF(MDNS, MDNS, "\x0c")

#define IPV4_TO(group, first, len, fragment, protocol)                                             \
    first "\0\0" len "\0\0" fragment "\xff" protocol "\0\0\xc0\0\2\1" group
#define IPV4_OF(first, len, fragment, protocol)                                                    \
    IPV4_TO("\xe0\0\0\xfb", first, len, fragment, protocol)
#define IPV4 IPV4_OF("\x45", "\x20", "\0\0", "\x11") UDP

#define FROM_IPV6 "\xfe\x80\0\0\0\0\0\0\0\0\0\0\0\0\0\1"
#define TO_IPV6   "\xff\2\0\0\0\0\0\0\0\0\0\0\0\0\0\xfb"

#define IPV6_TO(group, len, next) "\x60\0\0\0\0" len next "\xfe" FROM_IPV6 group
#define IPV6_OF(len, next)        IPV6_TO(TO_IPV6, len, next)
#define IPV6                      IPV6_OF("\x0c", "\x11") UDP

#define MACS "\1\0\x5e\0\0\xfb\2\0\0\0\0\1"

#define COOKED      "\0\0\0\1\0\6\2\0\0\0\0\1\0\0"
#define COOKED2(to) to "\0\0\0\0\0\7\0\1\0\6\2\0\0\0\0\1\0\0"

#define HEARD4 "192.0.2.1 5353 ttl 255 if 0: ping"
#define HEARD6 "fe80::1 5353 ttl 254 if 0: ping"

static const struct {
    const char *name;
    unsigned link_type;
    const uint8_t *bytes;
    size_t len;
    const char *says;
} vectors[] = {
    /* Links. */
    {"Ethernet, IPv4", SDS_FRAME_ETHERNET, BYTES(MACS "\x08\0" IPV4), HEARD4},
    {"Ethernet, IPv6", SDS_FRAME_ETHERNET, BYTES(MACS "\x86\xdd" IPV6), HEARD6},
    {"802.1Q", SDS_FRAME_ETHERNET, BYTES(MACS "\x81\0\0\5\x08\0" IPV4), HEARD4},
    {"QinQ", SDS_FRAME_ETHERNET, BYTES(MACS "\x88\xa8\0\5\x81\0\0\6\x86\xdd" IPV6), HEARD6},
    {"QinQ before 802.1ad", SDS_FRAME_ETHERNET, BYTES(MACS "\x91\0\0\5\x81\0\0\6\x08\0" IPV4),
     HEARD4},
    {"ARP", SDS_FRAME_ETHERNET, BYTES(MACS "\x08\6 and so on"), "other"},
    {"a length instead of a type", SDS_FRAME_ETHERNET, BYTES(MACS "\0\4\xaa\xaa\3\0"), "other"},
    {"Linux cooked, IPv4", SDS_FRAME_COOKED, BYTES(COOKED "\x08\0" IPV4), HEARD4},
    {"Linux cooked, IPv6", SDS_FRAME_COOKED, BYTES(COOKED "\x86\xdd" IPV6), HEARD6},
    {"Linux cooked, 802.1Q", SDS_FRAME_COOKED, BYTES(COOKED "\x81\0\0\5\x08\0" IPV4), HEARD4},
    {"Linux cooked v2, IPv4", SDS_FRAME_COOKED2, BYTES(COOKED2("\x08\0") IPV4),
     "192.0.2.1 5353 ttl 255 if 7: ping"},
    {"Linux cooked v2, IPv6", SDS_FRAME_COOKED2, BYTES(COOKED2("\x86\xdd") IPV6),
     "fe80::1 5353 ttl 254 if 7: ping"},
    {"raw IPv4", SDS_FRAME_RAW, BYTES(IPV4), HEARD4},
    {"raw IPv6", SDS_FRAME_RAW, BYTES(IPV6), HEARD6},
    {"raw, as BSD numbers it", SDS_FRAME_RAW_BSD, BYTES(IPV6), HEARD6},
    {"raw, as OpenBSD numbers it", SDS_FRAME_RAW_OPENBSD, BYTES(IPV4), HEARD4},
    {"raw of another version", SDS_FRAME_RAW, BYTES("\x50 and so on"), "broken"},
    {"IPv4 by its link type", SDS_FRAME_IPV4, BYTES(IPV4), HEARD4},
    {"IPv6 by its link type", SDS_FRAME_IPV6, BYTES(IPV6), HEARD6},
    {"IPv6 where IPv4 should be", SDS_FRAME_IPV4, BYTES(IPV6), "broken"},
    {"IPv4 where IPv6 should be", SDS_FRAME_IPV6, BYTES(IPV4 "and much more, for a header"),
     "broken"},
    {"loopback, little-endian", SDS_FRAME_NULL, BYTES("\2\0\0\0" IPV4), HEARD4},
    {"loopback, big-endian", SDS_FRAME_NULL, BYTES("\0\0\0\2" IPV4), HEARD4},
    {"loopback of macOS", SDS_FRAME_NULL, BYTES("\x1e\0\0\0" IPV6), HEARD6},
    {"loopback of FreeBSD", SDS_FRAME_NULL, BYTES("\x1c\0\0\0" IPV6), HEARD6},
    {"loopback of NetBSD", SDS_FRAME_NULL, BYTES("\0\0\0\x18" IPV6), HEARD6},
    {"loopback of OpenBSD", SDS_FRAME_LOOP, BYTES("\0\0\0\x18" IPV6), HEARD6},
    {"loopback of another family", SDS_FRAME_NULL, BYTES("\7\0\0\0" IPV6), "other"},
    {"a link type that is not read", 105, BYTES(MACS "\x08\0" IPV4), "unknown link type"},

    /* IPv4. */
    {"IPv4 options", SDS_FRAME_IPV4,
     BYTES(IPV4_OF("\x46", "\x24", "\0\0", "\x11") "\x94\4\0\0" UDP), HEARD4},
    {"padding of the frame", SDS_FRAME_IPV4, BYTES(IPV4 "padding"), HEARD4},
    {"not to be fragmented", SDS_FRAME_IPV4, BYTES(IPV4_OF("\x45", "\x20", "\x40\0", "\x11") UDP),
     HEARD4},
    {"TCP", SDS_FRAME_IPV4, BYTES(IPV4_OF("\x45", "\x20", "\0\0", "\6") UDP), "other"},
    {"a first fragment", SDS_FRAME_IPV4, BYTES(IPV4_OF("\x45", "\x20", "\x20\0", "\x11") UDP),
     "fragment"},
    {"a last fragment", SDS_FRAME_IPV4, BYTES(IPV4_OF("\x45", "\x20", "\0\1", "\x11") "data"),
     "fragment"},
    {"a fragment to somebody else", SDS_FRAME_IPV4,
     BYTES(IPV4_TO("\xc0\0\2\2", "\x45", "\x20", "\x20\0", "\x11") UDP), "other"},
    {"a header of 16 bytes", SDS_FRAME_IPV4, BYTES(IPV4_OF("\x44", "\x20", "\0\0", "\x11") UDP),
     "broken"},
    {"options past the end", SDS_FRAME_IPV4, BYTES(IPV4_OF("\x4f", "\x3c", "\0\0", "\x11") UDP),
     "broken"},
    {"shorter than its header", SDS_FRAME_IPV4, BYTES(IPV4_OF("\x45", "\x13", "\0\0", "\x11") UDP),
     "broken"},
    {"no length", SDS_FRAME_IPV4, BYTES(IPV4_OF("\x45", "\0", "\0\0", "\x11") UDP), "broken"},
    {"longer than its frame", SDS_FRAME_IPV4, BYTES(IPV4_OF("\x45", "\x21", "\0\0", "\x11") UDP),
     HEARD4},

    /* IPv6. */
    {"IPv6 hop-by-hop and destination options", SDS_FRAME_IPV6,
     BYTES(IPV6_OF("\x24", "\0") "\x3c\0\1\4\0\0\0\0\x11\1\1\4\0\0\0\0\0\0\0\0\0\0\0\0" UDP),
     HEARD6},
    {"IPv6 authentication", SDS_FRAME_IPV6,
     BYTES(IPV6_OF("\x18", "\x33") "\x11\1\0\0\0\0\0\1\0\0\0\1" UDP), HEARD6},
    {"an atomic fragment", SDS_FRAME_IPV6,
     BYTES(IPV6_OF("\x14", "\x2c") "\x11\xff\0\0\0\0\0\1" UDP), HEARD6},
    {"an IPv6 fragment", SDS_FRAME_IPV6, BYTES(IPV6_OF("\x14", "\x2c") "\x11\0\0\1\0\0\0\1" UDP),
     "fragment"},
    {"the last IPv6 fragment", SDS_FRAME_IPV6,
     BYTES(IPV6_OF("\x14", "\x2c") "\x11\0\0\x08\0\0\0\1" UDP), "fragment"},
    {"an IPv6 fragment to somebody else", SDS_FRAME_IPV6,
     BYTES(IPV6_TO(FROM_IPV6, "\x14", "\x2c") "\x11\0\0\1\0\0\0\1" UDP), "other"},
    {"an extension past the end", SDS_FRAME_IPV6,
     BYTES(IPV6_OF("\x14", "\0") "\x11\2\1\4\0\0\0\0" UDP), "broken"},
    {"extensions without end", SDS_FRAME_IPV6,
     BYTES(IPV6_OF("\x18", "\0") "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"), "broken"},
    {"ICMPv6", SDS_FRAME_IPV6, BYTES(IPV6_OF("\x0c", "\x3a") UDP), "other"},
    {"a jumbogram", SDS_FRAME_IPV6, BYTES(IPV6_OF("\0", "\x11") UDP), "broken"},

    /* UDP. */
    {"an answer to a port", SDS_FRAME_IPV4,
     BYTES(IPV4_OF("\x45", "\x20", "\0\0", "\x11") UDP_OF(MDNS, OTHER, "\x0c")),
     "192.0.2.1 5353 ttl 255 if 0 to legacy: ping"},
    {"an answer to somebody else", SDS_FRAME_IPV4,
     BYTES(IPV4_TO("\xc0\0\2\2", "\x45", "\x20", "\0\0", "\x11") UDP),
     "192.0.2.1 5353 ttl 255 if 0 to one: ping"},
    {"an answer to somebody else, IPv6", SDS_FRAME_IPV6,
     BYTES(IPV6_TO(FROM_IPV6, "\x0c", "\x11") UDP), "fe80::1 5353 ttl 254 if 0 to one: ping"},
    {"a query from a port", SDS_FRAME_IPV4,
     BYTES(IPV4_OF("\x45", "\x20", "\0\0", "\x11") UDP_OF(OTHER, MDNS, "\x0c")),
     "192.0.2.1 49153 ttl 255 if 0: ping"},
    {"between other ports", SDS_FRAME_IPV4,
     BYTES(IPV4_OF("\x45", "\x20", "\0\0", "\x11") UDP_OF(OTHER, OTHER, "\x0c")), "other"},
    {"bytes behind the datagram", SDS_FRAME_IPV4,
     BYTES(IPV4_OF("\x45", "\x20", "\0\0", "\x11") UDP_OF(MDNS, MDNS, "\x0b")),
     "192.0.2.1 5353 ttl 255 if 0: pin"},
    {"an empty datagram", SDS_FRAME_IPV4,
     BYTES(IPV4_OF("\x45", "\x20", "\0\0", "\x11") UDP_OF(MDNS, MDNS, "\x08")),
     "192.0.2.1 5353 ttl 255 if 0: "},
    {"a datagram shorter than its header", SDS_FRAME_IPV4,
     BYTES(IPV4_OF("\x45", "\x20", "\0\0", "\x11") UDP_OF(MDNS, MDNS, "\7")), "broken"},
    {"a datagram longer than its packet", SDS_FRAME_IPV4,
     BYTES(IPV4_OF("\x45", "\x20", "\0\0", "\x11") UDP_OF(MDNS, MDNS, "\x0d")), "broken"},
    {"a packet cut within the UDP header", SDS_FRAME_IPV4,
     BYTES(IPV4_OF("\x45", "\x1b", "\0\0", "\x11") UDP), "broken"},
};

/* Read a copy with no byte more, so that reading past it is seen. */
static enum sds_frame_kind read_copy(struct sds_frame frame, char *text, size_t size)
{
    uint8_t *copy = malloc(frame.bytes.len ? frame.bytes.len : 1);
    struct sds_wire_datagram datagram;
    static const char *const ways[] = {"", " to one", " to legacy"};
    enum sds_frame_kind kind;
    char sender[SDS_ADDRESS_TEXT_SIZE];

    memcpy(copy, frame.bytes.p, frame.bytes.len);
    frame.bytes.p = copy;
    kind = sds_frame_read(&frame, &datagram);
    if (kind == SDS_FRAME_MDNS) {
        sds_address_format(datagram.sender, sender);
        snprintf(text, size, "%s %u ttl %d if %d%s: %.*s%s", sender, datagram.port, datagram.ttl,
                 datagram.ifindex, ways[datagram.way], (int)datagram.bytes.len,
                 (const char *)datagram.bytes.p, datagram.is_cut ? "..." : "");
    } else {
        snprintf(text, size, "%s", sds_frame_kind_text(kind));
    }
    free(copy);
    return kind;
}

static void reads_frames(void **state)
{
    (void)state;
    for (size_t i = 0; i < SDS_COUNT(vectors); i++) {
        struct sds_frame frame = {.link_type = vectors[i].link_type,
                                  .bytes = {vectors[i].bytes, vectors[i].len}};
        char text[256];

        print_message("# %s\n", vectors[i].name);
        read_copy(frame, text, sizeof(text));
        assert_string_equal(text, vectors[i].says);
    }
}

/* A frame of which bytes are missing at its end is broken, or what its headers say is enough. */
static void a_shorter_frame_is_broken(void **state)
{
    (void)state;
    for (size_t i = 0; i < SDS_COUNT(vectors); i++)
        for (size_t len = 0; len < vectors[i].len; len++) {
            struct sds_frame frame = {.link_type = vectors[i].link_type,
                                      .bytes = {vectors[i].bytes, len}};
            char text[256];

            if (read_copy(frame, text, sizeof(text)) == SDS_FRAME_MDNS)
                assert_string_equal(text, vectors[i].says);
        }
}

static void says_what_the_capture_cut(void **state)
{
    static const uint8_t bytes[] = IPV4;
    struct sds_frame frame = {.link_type = SDS_FRAME_RAW, .is_cut = true, .bytes.p = bytes};
    char text[256];

    (void)state;
    for (frame.bytes.len = 0; frame.bytes.len < 28; frame.bytes.len++)
        assert_int_equal(read_copy(frame, text, sizeof(text)), SDS_FRAME_CUT);
    assert_int_equal(read_copy(frame, text, sizeof(text)), SDS_FRAME_MDNS);
    assert_string_equal(text, "192.0.2.1 5353 ttl 255 if 0: ...");
    frame.bytes.len = 31;
    assert_int_equal(read_copy(frame, text, sizeof(text)), SDS_FRAME_MDNS);
    assert_string_equal(text, "192.0.2.1 5353 ttl 255 if 0: pin...");
    frame.bytes.len = 32; /* what was cut is padding */
    assert_int_equal(read_copy(frame, text, sizeof(text)), SDS_FRAME_MDNS);
    assert_string_equal(text, HEARD4);
}

static void names_every_kind(void **state)
{
    (void)state;
    for (unsigned i = 0; i < SDS_FRAME__COUNT; i++)
        assert_string_not_equal(sds_frame_kind_text(i), "?");
    assert_string_equal(sds_frame_kind_text(SDS_FRAME__COUNT), "?");
    assert_string_equal(sds_frame_kind_text((enum sds_frame_kind) - 1), "?");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_frames),
        cmocka_unit_test(a_shorter_frame_is_broken),
        cmocka_unit_test(says_what_the_capture_cut),
        cmocka_unit_test(names_every_kind),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
