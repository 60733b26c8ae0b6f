/* SPDX-License-Identifier: MIT */
#include <errno.h>
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
#include "config.h"
#include "wire/capture.h"
#include "wire/pcapng.h"

/* One datagram of "ping" from 192.0.2.1, raw and with its links around it. */
#define RAW                                                                                        \
    "\x45\0\0\x20\0\0\0\0\xff\x11\0\0\xc0\0\2\1\xe0\0\0\xfb\x14\xe9\x14\xe9\0\x0c\0\0"             \
    "ping"
#define ETHERNET   "\1\0\x5e\0\0\xfb\2\0\0\0\0\1\x08\0" RAW
#define COOKED2    "\x08\0\0\0\0\0\0\7\0\1\0\6\2\0\0\0\0\1\0\0" RAW
#define NOT_MDNS   "\1\0\x5e\0\0\xfb\2\0\0\0\0\1\x08\6 and so on"
#define OF(bytes)  bytes, sizeof(bytes) - 1, sizeof(bytes) - 1
#define RAW_LENGTH (sizeof(RAW) - 1)

static struct capture_file file;

static int begin(void **state)
{
    (void)state;
    file.n = 0;
    file.is_big = false;
    return 0;
}

static int open_file(struct sds_capture **ret, char **ret_error)
{
    char path[] = "/tmp/sdscope-capture-XXXXXX";
    int fd = mkstemp(path), r;

    assert_true(fd >= 0);
    assert_int_equal(write(fd, file.bytes, file.n), file.n);
    close(fd);
    r = sds_capture_open(path, ret, ret_error);
    unlink(path);
    return r;
}

/* A line a datagram, then what the file says of itself and what was counted besides mDNS. */
static char *describe(void)
{
    struct sds_capture *capture;
    struct sds_capture_packet packet;
    struct sds_capture_counts counts;
    char *text = NULL, *error, link[SDS_CAPTURE_LINK_SIZE];
    size_t size;
    FILE *out = open_memstream(&text, &size);

    assert_non_null(out);
    assert_int_equal(open_file(&capture, &error), 0);
    while (sds_capture_next(capture, &packet)) {
        sds_capture_link_name(capture, packet.datagram.ifindex, link);
        fprintf(out, "%lld %d %s %.*s%s\n", (long long)packet.time_ms, packet.datagram.ifindex,
                link, (int)packet.datagram.bytes.len, (const char *)packet.datagram.bytes.p,
                packet.datagram.is_cut ? "..." : "");
    }
    assert_false(sds_capture_next(capture, &packet));
    if (sds_capture_flaw(capture))
        fprintf(out, "%s\n", sds_capture_flaw(capture));
    counts = sds_capture_counts(capture);
    for (unsigned i = SDS_FRAME_OTHER; i < SDS_FRAME__COUNT; i++)
        if (counts.kinds[i])
            fprintf(out, "%s: %d\n", sds_frame_kind_text(i), (int)counts.kinds[i]);
    if (counts.damaged)
        fprintf(out, "damaged: %d\n", (int)counts.damaged);
    sds_capture_free(capture);
    fclose(out);
    return text;
}

static void assert_says(const char *expected)
{
    char *text = describe();

    assert_string_equal(text, expected);
    free(text);
}

static void assert_fails(int r, const char *why)
{
    struct sds_capture *capture;
    char *error;

    assert_int_equal(open_file(&capture, &error), r);
    assert_string_equal(error, why);
    free(error);
}

/* ---- pcap ---------------------------------------------------------------------------------- */

#if SDS_HAVE_PCAP

static void reads_pcap(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 4; i++) {
        begin(NULL);
        file.is_big = i & 1;
        put_pcap(&file, i & 2 ? PCAP_NANOSECONDS : PCAP_MICROSECONDS, SDS_FRAME_ETHERNET);
        put_pcap_packet(&file, 1700000000, i & 2 ? 123456789 : 123456, OF(ETHERNET));
        put_pcap_packet(&file, 1700000000, 0, OF(NOT_MDNS));
        put_pcap_packet(&file, 1699999999, 0, OF(ETHERNET)); /* its clock was set */
        assert_says("1700000000123 1 link1 ping\n1699999999000 1 link1 ping\nother: 1\n");
    }
}

static void reads_pcap_of_every_link_type(void **state)
{
    static const struct {
        unsigned link_type;
        const char *bytes;
        size_t captured, len;
        const char *says;
    } links[] = {
        {SDS_FRAME_ETHERNET, OF(ETHERNET), "1000 1 link1 ping\n"},
        {SDS_FRAME_RAW, OF(RAW), "1000 1 link1 ping\n"},
        {SDS_FRAME_IPV4, OF(RAW), "1000 1 link1 ping\n"},
        {SDS_FRAME_NULL, OF("\2\0\0\0" RAW), "1000 1 link1 ping\n"},
        {SDS_FRAME_LOOP, OF("\0\0\0\2" RAW), "1000 1 link1 ping\n"},
        {SDS_FRAME_COOKED, OF("\0\0\0\1\0\6\2\0\0\0\0\1\0\0\x08\0" RAW), "1000 1 link1 ping\n"},
        {SDS_FRAME_COOKED2, OF(COOKED2), "1000 263 if7 ping\n"},
        {105, OF(ETHERNET), "unknown link type: 1\n"},
    };

    (void)state;
    for (size_t i = 0; i < SDS_COUNT(links); i++) {
        begin(NULL);
        put_pcap(&file, PCAP_MICROSECONDS, links[i].link_type);
        put_pcap_packet(&file, 1, 0, links[i].bytes, links[i].captured, links[i].len);
        assert_says(links[i].says);
    }
}

static void says_where_pcap_breaks_off(void **state)
{
    static const char expected[] = "1000 1 link1 ping\n2000 1 link1 pin...\ntruncated dump file";
    char *text;

    (void)state;
    put_pcap(&file, PCAP_MICROSECONDS, SDS_FRAME_RAW);
    put_pcap_packet(&file, 1, 0, OF(RAW));
    put_pcap_packet(&file, 2, 0, RAW, RAW_LENGTH - 1, RAW_LENGTH);
    put_pcap_packet(&file, 3, 0, OF(RAW));
    file.n -= 1;
    text = describe();
    assert_int_equal(strncmp(text, expected, strlen(expected)), 0);
    free(text);
}

#else

static void a_build_without_libpcap_says_so(void **state)
{
    (void)state;
    put_pcap(&file, PCAP_MICROSECONDS, SDS_FRAME_RAW);
    assert_fails(-ENOTSUP,
                 "no pcapng; pcap cannot be read, as this program was built without libpcap");
}

#endif

static void refuses_what_is_no_capture(void **state)
{
    struct sds_capture *capture;
    char *error;

    (void)state;
    assert_fails(-EINVAL, "it is empty");
    put_bytes(&file, "no capture, but text", 20);
    if (SDS_HAVE_PCAP)
        assert_fails(-EINVAL, "unknown file format");
    assert_int_equal(sds_capture_open("/nonexistent/file", &capture, &error), -ENOENT);
    assert_string_equal(error, "No such file or directory");
    free(error);
}

/* ---- pcapng -------------------------------------------------------------------------------- */

static void reads_pcapng(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 2; i++) {
        begin(NULL);
        file.is_big = i;
        put_section(&file);
        put_interface(&file, SDS_FRAME_ETHERNET, "eth0", 6);
        put_interface(&file, SDS_FRAME_RAW, "tun0", 6);
        put_interface(&file, SDS_FRAME_RAW, NULL, 6);
        put_interface(&file, SDS_FRAME_COOKED2, "any", 6);
        put_packet(&file, 1, 1700000000123456, OF(RAW));
        put_packet(&file, 0, 1700000000124456, OF(ETHERNET));
        put_packet(&file, 0, 1700000000124456, OF(NOT_MDNS));
        put_packet(&file, 2, 1700000000125456, RAW, RAW_LENGTH - 2, RAW_LENGTH);
        put_packet(&file, 3, 1700000000126456, OF(COOKED2));
        assert_says("1700000000123 2 tun0 ping\n1700000000124 1 eth0 ping\n"
                    "1700000000125 3 link3 pi...\n1700000000126 263 if7 ping\nother: 1\n");
    }
}

/* The same name is the same link, in whatever byte order. */
static void reads_several_sections(void **state)
{
    (void)state;
    put_section(&file);
    put_interface(&file, SDS_FRAME_RAW, "eth0", 6);
    put_packet(&file, 0, 1000000, OF(RAW));
    file.is_big = true;
    put_section(&file);
    put_interface(&file, SDS_FRAME_RAW, "eth1", 6);
    put_interface(&file, SDS_FRAME_ETHERNET, "eth0", 6);
    put_packet(&file, 0, 2000000, OF(RAW));
    put_packet(&file, 1, 3000000, OF(ETHERNET));
    file.is_big = false;
    put_section(&file);
    put_packet(&file, 0, 4000000, OF(RAW)); /* of an interface that this section does not have */
    assert_says("1000 1 eth0 ping\n2000 2 eth1 ping\n3000 1 eth0 ping\ndamaged: 1\n");
}

static void knows_every_resolution(void **state)
{
    static const struct {
        unsigned resolution;
        uint64_t time;
        const char *says;
    } times[] = {
        {6, 1700000000123456, "1700000000123 1 link1 ping\n"},
        {0, 1700000000, "1700000000000 1 link1 ping\n"},
        {1, 17000000001, "1700000000100 1 link1 ping\n"},
        {3, 1700000000123, "1700000000123 1 link1 ping\n"},
        {9, 1700000000123456789, "1700000000123 1 link1 ping\n"},
        {19, UINT64_MAX, "1844 1 link1 ping\n"},
        {20, UINT64_MAX, "0 1 link1 ping\n"},
        {127, UINT64_MAX, "0 1 link1 ping\n"},
        {128, 1700000000, "1700000000000 1 link1 ping\n"},
        {128 + 1, 3, "1500 1 link1 ping\n"},
        {128 + 10, 1700000000 * UINT64_C(1024) + 512, "1700000000500 1 link1 ping\n"},
        {128 + 32, (UINT64_C(1700000000) << 32) + (UINT64_C(1) << 30),
         "1700000000250 1 link1 ping\n"},
        {128 + 63, UINT64_MAX, "1999 1 link1 ping\n"},
        {128 + 64, UINT64_MAX, "0 1 link1 ping\n"},
        {255, UINT64_MAX, "0 1 link1 ping\n"},
        {0, UINT64_MAX, "253402300799000 1 link1 ping\n"},
        {3, UINT64_MAX, "253402300799000 1 link1 ping\n"},
        {0, 253402300799, "253402300799000 1 link1 ping\n"},
    };

    (void)state;
    for (size_t i = 0; i < SDS_COUNT(times); i++) {
        begin(NULL);
        put_section(&file);
        put_interface(&file, SDS_FRAME_RAW, NULL, times[i].resolution);
        put_packet(&file, 0, times[i].time, OF(RAW));
        assert_says(times[i].says);
    }
}

/* if_tsoffset: seconds that count from another time. */
static void adds_offsets(void **state)
{
    static const struct {
        int64_t offset_s;
        const char *says;
    } offsets[] = {
        {1700000000, "1700000001500 1 link1 ping\n"},
        {-1, "500 1 link1 ping\n"},
        {-2, "0 1 link1 ping\n"},
        {INT64_MIN, "0 1 link1 ping\n"},
        {INT64_MAX, "253402300799000 1 link1 ping\n"},
    };

    (void)state;
    for (unsigned i = 0; i < 2 * SDS_COUNT(offsets); i++) {
        uint64_t offset = offsets[i / 2].offset_s;
        struct capture_file value = {.is_big = i & 1};
        size_t at;

        begin(NULL);
        file.is_big = value.is_big;
        put_u32(&value, (uint32_t)(value.is_big ? offset >> 32 : offset));
        put_u32(&value, (uint32_t)(value.is_big ? offset : offset >> 32));
        put_section(&file);
        at = begin_block(&file, 1);
        put_u16(&file, SDS_FRAME_RAW);
        put_u16(&file, 0);
        put_u32(&file, 0);
        put_option(&file, 14, value.bytes, 8);
        end_block(&file, at);
        put_packet(&file, 0, 1500000, OF(RAW));
        assert_says(offsets[i / 2].says);
    }
}

static void reads_old_and_simple_packets(void **state)
{
    size_t at;

    (void)state;
    put_section(&file);
    at = begin_block(&file, 1);
    put_u16(&file, SDS_FRAME_RAW);
    put_u16(&file, 0);
    put_u32(&file, RAW_LENGTH - 1); /* no more is captured of a packet */
    end_block(&file, at);
    at = begin_block(&file, 2);
    put_u16(&file, 0);
    put_u16(&file, 5);
    put_u32(&file, 0);
    put_u32(&file, 7000000);
    put_u32(&file, RAW_LENGTH);
    put_u32(&file, RAW_LENGTH);
    put_bytes(&file, RAW, RAW_LENGTH);
    end_block(&file, at);
    at = begin_block(&file, 3);
    put_u32(&file, RAW_LENGTH);
    put_bytes(&file, RAW, RAW_LENGTH - 1);
    end_block(&file, at);
    at = begin_block(&file, 0xBAD); /* what nobody knows is passed over */
    put_bytes(&file, "bytes", 5);
    end_block(&file, at);
    assert_says("7000 1 link1 ping\n7000 1 link1 pin...\n");
}

static void keeps_only_names_that_are_safe(void **state)
{
    static const char *const names[][2] = {
        {"eth0", "eth0"},
        {"fifteen-letters", "fifteen-letters"},
        {"sixteen--letters", "link1"},
        {"\\Device\\NPF_{01234567-89AB-CDEF}", "link1"},
        {"a b", "link1"},
        {"\x1b[2J", "link1"},
        {"\xc3\xa9", "link1"},
        {"", "link1"},
    };

    (void)state;
    for (size_t i = 0; i < SDS_COUNT(names); i++) {
        char expected[64];

        begin(NULL);
        put_section(&file);
        put_interface(&file, SDS_FRAME_RAW, names[i][0], 6);
        put_packet(&file, 0, 0, OF(RAW));
        snprintf(expected, sizeof(expected), "0 1 %s ping\n", names[i][1]);
        assert_says(expected);
    }
}

static void passes_over_damaged_packets(void **state)
{
    size_t at;

    (void)state;
    put_section(&file);
    put_packet(&file, 0, 0, OF(RAW)); /* before any interface */
    at = begin_block(&file, 3);       /* likewise */
    put_u32(&file, 0);
    end_block(&file, at);
    put_interface(&file, SDS_FRAME_RAW, NULL, 6);
    put_packet(&file, 1, 0, OF(RAW));
    put_packet(&file, UINT32_MAX, 0, OF(RAW));
    at = begin_block(&file, 6); /* says that it holds more than it does */
    for (unsigned i = 0; i < 3; i++)
        put_u32(&file, 0);
    put_u32(&file, RAW_LENGTH + 1);
    put_u32(&file, RAW_LENGTH + 1);
    put_bytes(&file, RAW, RAW_LENGTH);
    end_block(&file, at);
    at = begin_block(&file, 6); /* too short for its header */
    put_u32(&file, 0);
    end_block(&file, at);
    put_packet(&file, 0, 1000000, OF(RAW));
    assert_says("1000 1 link1 ping\ndamaged: 6\n");
}

static void passes_over_long_blocks(void **state)
{
    static const uint8_t zeros[4096];
    const uint32_t len = 12 + 100 * sizeof(zeros);
    char path[] = "/tmp/sdscope-capture-XXXXXX", *error;
    struct sds_capture_packet packet;
    struct sds_capture *capture;
    int fd = mkstemp(path);
    FILE *out = fdopen(fd, "w");

    (void)state;
    assert_non_null(out);
    put_section(&file);
    put_interface(&file, SDS_FRAME_RAW, NULL, 6);
    put_u32(&file, 6);
    put_u32(&file, len);
    fwrite(file.bytes, 1, file.n, out);
    for (unsigned i = 0; i < 100; i++)
        fwrite(zeros, 1, sizeof(zeros), out);
    begin(NULL);
    put_u32(&file, len);
    put_packet(&file, 0, 1000000, OF(RAW));
    fwrite(file.bytes, 1, file.n, out);
    fclose(out);
    assert_int_equal(sds_capture_open(path, &capture, &error), 0);
    unlink(path);
    assert_true(sds_capture_next(capture, &packet));
    assert_int_equal(packet.time_ms, 1000);
    assert_false(sds_capture_next(capture, &packet));
    assert_null(sds_capture_flaw(capture));
    assert_int_equal(sds_capture_counts(capture).damaged, 1);
    sds_capture_free(capture);
}

/* Interfaces past the limits are told apart no more, and no memory is needed for them. */
static void bounds_interfaces(void **state)
{
    (void)state;
    put_section(&file);
    for (unsigned i = 0; i < SDS_PCAPNG_INTERFACES_MAX + 1; i++)
        put_interface(&file, SDS_FRAME_RAW, NULL, 6);
    put_packet(&file, SDS_PCAPNG_INTERFACES_MAX - 1, 1000000, OF(RAW));
    put_packet(&file, SDS_PCAPNG_INTERFACES_MAX, 2000000, OF(RAW));
    put_section(&file);
    put_interface(&file, SDS_FRAME_RAW, "eth0", 6);
    put_packet(&file, 0, 3000000, OF(RAW));
    assert_says("1000 256 link256 ping\n3000 256 link256 ping\ndamaged: 1\n");
}

#define BREAKS_OFF "the file breaks off within a block\n"
#define DAMAGED    "the file is damaged: a block's length or header makes no sense\n"

/* Wherever it breaks off, all packets before are there, and it is said. */
static void says_where_pcapng_breaks_off(void **state)
{
    size_t ends[5], n;

    (void)state;
    put_section(&file);
    ends[0] = file.n;
    put_interface(&file, SDS_FRAME_RAW, "eth0", 6);
    ends[1] = file.n;
    put_packet(&file, 0, 1000000, OF(RAW));
    ends[2] = file.n;
    put_packet(&file, 0, 2000000, OF(RAW));
    ends[3] = file.n;
    for (n = file.n; n > 0; n--) {
        bool is_whole = n == ends[0] || n == ends[1] || n == ends[2] || n == ends[3];
        char expected[256];

        file.n = n;
        snprintf(expected, sizeof(expected), "%s%s%s", n >= ends[2] ? "1000 1 eth0 ping\n" : "",
                 n >= ends[3] ? "2000 1 eth0 ping\n" : "", is_whole ? "" : BREAKS_OFF);
        assert_says(expected);
    }
}

/* A whole file, the bytes that replace some of it, and where. */
static void says_where_pcapng_is_damaged(void **state)
{
    /* The section takes 28 bytes, and the interface 32. */
    static const struct {
        const char *name;
        size_t at, n;
        uint32_t words[2];
    } damages[] = {
        {"no byte order", 8, 1, {0x11111111}},
        {"a section shorter than its byte order", 4, 1, {12}},
        {"a length that is no multiple of four", 4, 1, {30}},
        {"a length below the framing", 28 + 4, 1, {8}},
        {"lengths that differ", 28 + 32 - 4, 1, {0}},
        {"no interface in its block", 28 + 4, 2, {12, 12}},
    };

    (void)state;
    for (size_t i = 0; i < SDS_COUNT(damages); i++) {
        size_t n;

        begin(NULL);
        print_message("# %s\n", damages[i].name);
        put_section(&file);
        put_interface(&file, SDS_FRAME_RAW, "eth0", 6);
        put_packet(&file, 0, 1000000, OF(RAW));
        n = file.n;
        file.n = damages[i].at;
        for (size_t k = 0; k < damages[i].n; k++)
            put_u32(&file, damages[i].words[k]);
        file.n = n;
        assert_says(DAMAGED);
    }
    begin(NULL);
    put_u32(&file, 0x0A);
    put_bytes(&file, "not pcapng at all", 17);
    assert_says(DAMAGED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#if SDS_HAVE_PCAP
        cmocka_unit_test_setup(reads_pcap, begin),
        cmocka_unit_test_setup(reads_pcap_of_every_link_type, begin),
        cmocka_unit_test_setup(says_where_pcap_breaks_off, begin),
#else
        cmocka_unit_test_setup(a_build_without_libpcap_says_so, begin),
#endif
        cmocka_unit_test_setup(refuses_what_is_no_capture, begin),
        cmocka_unit_test_setup(reads_pcapng, begin),
        cmocka_unit_test_setup(reads_several_sections, begin),
        cmocka_unit_test_setup(knows_every_resolution, begin),
        cmocka_unit_test_setup(adds_offsets, begin),
        cmocka_unit_test_setup(reads_old_and_simple_packets, begin),
        cmocka_unit_test_setup(keeps_only_names_that_are_safe, begin),
        cmocka_unit_test_setup(passes_over_damaged_packets, begin),
        cmocka_unit_test_setup(passes_over_long_blocks, begin),
        cmocka_unit_test_setup(bounds_interfaces, begin),
        cmocka_unit_test_setup(says_where_pcapng_breaks_off, begin),
        cmocka_unit_test_setup(says_where_pcapng_is_damaged, begin),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
