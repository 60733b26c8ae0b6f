/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "wire/on_link.h"

static bool is_on_link(const char *sender, int ttl)
{
    struct sds_wire_datagram datagram = {.ifindex = (int)if_nametoindex("lo"), .ttl = ttl};

    assert_true(sds_address_parse(sender, &datagram.sender));
    return sds_wire_is_on_link(&datagram);
}

static void trusts_hop_limits(void **state)
{
    (void)state;
    assert_true(is_on_link("192.0.2.1", 255));
    assert_false(is_on_link("192.0.2.1", 254));
    assert_false(is_on_link("192.0.2.1", -1));
    assert_true(is_on_link("2001:db8::1", 255));
    assert_false(is_on_link("2001:db8::1", 64));
}

static void trusts_addresses_of_the_link(void **state)
{
    (void)state;
    assert_true(is_on_link("169.254.7.8", 64));
    assert_true(is_on_link("fe80::1", 64));
    assert_true(is_on_link("febf::1", 64));
    assert_false(is_on_link("fec0::1", 64));
}

static bool has_loopback(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    bool has = fd >= 0 && bind(fd, (const struct sockaddr *)&address, sizeof(address)) == 0;

    if (fd >= 0)
        close(fd);
    return has;
}

static void trusts_the_nets_of_the_interface(void **state)
{
    (void)state;
    if (!has_loopback())
        skip();
    assert_true(is_on_link("127.0.0.1", 64));
    assert_true(is_on_link("127.1.2.3", 64));
    assert_false(is_on_link("126.0.0.1", 64));
    assert_false(is_on_link("128.0.0.1", 64));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(trusts_hop_limits),
        cmocka_unit_test(trusts_addresses_of_the_link),
        cmocka_unit_test(trusts_the_nets_of_the_interface),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
