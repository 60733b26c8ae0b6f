/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/mem.h"
#include "wire/on_link.h"

static const char *const nets[] = {"192.0.2.0/25", "198.51.100.7/32", "2001:db8:1::/64"};

static struct sds_prefix prefixes[SDS_COUNT(nets)];
static const struct sds_wire_link home = {.prefixes = prefixes, .n_prefixes = SDS_COUNT(prefixes)};

static int begin(void **state)
{
    (void)state;
    for (size_t i = 0; i < SDS_COUNT(nets); i++)
        assert_true(sds_prefix_parse(nets[i], &prefixes[i]));
    return 0;
}

static const struct {
    const char *sender;
    int ttl;
    bool is_at_home;   /* where the nets of the link are known */
    bool is_somewhere; /* where nothing is known of it */
} vectors[] = {
    {"203.0.113.1", 255, true, true},     {"203.0.113.1", 254, false, false},
    {"203.0.113.1", -1, false, false},    {"2001:db8::1", 255, true, true},
    {"2001:db8::1", 64, false, false},    {"169.254.7.8", 64, true, true},
    {"fe80::1", 64, true, true},          {"febf::1", 64, true, true},
    {"fec0::1", 64, false, false},        {"192.0.2.1", 64, true, false},
    {"192.0.2.127", 1, true, false},      {"192.0.2.128", 64, false, false},
    {"192.0.1.255", 64, false, false},    {"198.51.100.7", -1, true, false},
    {"198.51.100.8", -1, false, false},   {"2001:db8:1::ffff", 1, true, false},
    {"2001:db8:1:1::1", 1, false, false},
};

static void tells_what_is_of_the_link(void **state)
{
    (void)state;
    for (size_t i = 0; i < SDS_COUNT(vectors); i++) {
        struct sds_wire_datagram datagram = {.ttl = vectors[i].ttl};

        assert_true(sds_address_parse(vectors[i].sender, &datagram.sender));
        if (sds_wire_is_on_link(&datagram, &home) != vectors[i].is_at_home ||
            sds_wire_is_on_link(&datagram, NULL) != vectors[i].is_somewhere)
            fail_msg("%s with a TTL of %d", vectors[i].sender, vectors[i].ttl);
    }
}

/* An interface without a netmask, such as one of a tunnel, is no net. */
static void a_net_of_everything_is_none(void **state)
{
    const struct sds_prefix all = {.address = {.len = 4}};
    const struct sds_wire_link tunnel = {.prefixes = &all, .n_prefixes = 1};

    (void)state;
    assert_false(sds_wire_link_covers(&tunnel, (struct sds_address){4, {192, 0, 2, 1}}));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tells_what_is_of_the_link),
        cmocka_unit_test(a_net_of_everything_is_none),
    };

    return cmocka_run_group_tests(tests, begin, NULL);
}
