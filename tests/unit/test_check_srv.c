/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/mem.h"
#include "checking.h"

static const struct {
    const char *name, *type;
    int port;        /* -1: the SRV record is missing */
    const char *txt; /* one string; "" is the empty record, NULL unknown */
    const char *broken;
} ports[] = {
    {"port", "_ipp._tcp", 631, NULL, ""},
    {"port 0", "_ipp._tcp", 0, NULL, "SD402"},
    {"device info", "_device-info._tcp", 0, NULL, ""},
    {"device info in capitals", "_Device-Info._TCP", 0, NULL, ""},
    {"flagship placeholder", "_printer._tcp", 0, "", ""},
    {"printer with keys", "_printer._tcp", 0, "a=1", "SD402"},
    {"printer of which no TXT is known", "_printer._tcp", 0, NULL, ""},
    {"not a printer", "_ipp._tcp", 0, "", "SD402"},
    {"no SRV record", "_ipp._tcp", -1, NULL, "SD401"},
    {"device info needs none", "_device-info._tcp", -1, NULL, ""},
};

static void srv_records(void **state)
{
    (void)state;
    for (size_t i = 0; i < SDS_COUNT(ports); i++) {
        struct sds_service *service = sds_service_new(ports[i].type);

        if (ports[i].port < 0) {
            sds_service_set_missing(service, SDS_PART_HOST);
            sds_service_set_missing(service, SDS_PART_PORT);
        } else {
            sds_service_set_port(service, (uint16_t)ports[i].port);
        }
        if (ports[i].txt) {
            char rdata[64];
            int len =
                snprintf(rdata, sizeof(rdata), "%c%s", (int)strlen(ports[i].txt), ports[i].txt);

            assert_int_equal(sds_service_set_txt(service, rdata, (size_t)len), 0);
        }
        assert_breaks(service, NULL, ports[i].name, ports[i].broken);
    }
}

static void a_printer_of_which_no_txt_is_known_is_not_judged(void **state)
{
    struct sds_service *service = sds_service_new("_printer._tcp");
    struct sds_result result;

    (void)state;
    sds_service_set_port(service, 0);
    assert_int_equal(sds_check(rules, NULL, service, &result), 0);
    assert_true(lacks_evidence(&result, "SD402"));
    sds_result_done(&result);
    sds_service_free(service);
}

static const struct {
    const char *addresses[3], *domain, *interface, *broken;
} hosts[] = {
    {{"192.0.2.7"}, "local", "eth0", ""},
    {{NULL}, "local", "eth0", "SD420"},
    {{"169.254.7.7", "fe80::1"}, "local", "eth0", "SD421"},
    {{"febf::1"}, "local", "eth0", "SD421"},
    {{"fec0::1"}, "local", "eth0", ""},
    {{"169.254.7.7", "192.0.2.7"}, "local", "eth0", ""},
    {{"127.0.1.1", "192.0.2.7"}, "local", "eth0", "SD422"},
    {{"::1"}, "local", "eth0", "SD422"},
    {{"127.0.0.1", "::1"}, "local", "eth0", "SD422 SD422"},
    {{"127.0.0.1", "::1"}, "local", "lo", ""},
    {{"127.0.0.1", "::1"}, "local", "lo0", ""},
    {{"127.0.0.1", "::1"}, "local", "lo:1", ""},
    {{"::1"}, "local", "wlo1", "SD422"},
    {{"0.0.0.0"}, "local", "eth0", "SD424"},
    {{"::", "ff02::fb"}, "local", "eth0", "SD424 SD424"},
    {{"224.0.0.251", "255.255.255.255"}, "local", "eth0", "SD424 SD424"},
    {{"223.255.255.255", "240.0.0.1"}, "local", "eth0", ""},
};

static void addresses(void **state)
{
    (void)state;
    for (size_t i = 0; i < SDS_COUNT(hosts); i++) {
        struct sds_service *service = sds_service_new("_ipp._tcp");
        struct sds_sighting sighting = {.family = 2};

        strcpy(sighting.interface, hosts[i].interface);
        assert_int_equal(sds_service_set_domain(service, hosts[i].domain), 0);
        assert_int_equal(sds_service_set_host(service, "host.local"), 0);
        assert_int_equal(sds_service_add_sighting(service, sighting), 0);
        sds_service_set_missing(service, SDS_PART_ADDRESSES);
        for (size_t j = 0; j < SDS_COUNT(hosts[i].addresses) && hosts[i].addresses[j]; j++) {
            struct sds_address address;

            assert_true(sds_address_parse(hosts[i].addresses[j], &address));
            assert_int_equal(sds_service_add_address(service, address), 0);
        }
        assert_breaks(service, NULL, hosts[i].addresses[0] ? hosts[i].addresses[0] : "none",
                      hosts[i].broken);
    }
}

static void without_a_target_no_address_is_missing(void **state)
{
    struct sds_service *service = sds_service_new("_ipp._tcp");

    (void)state;
    sds_service_set_missing(service, SDS_PART_HOST);
    sds_service_set_missing(service, SDS_PART_ADDRESSES);
    assert_breaks(service, NULL, "no target", "SD401");
}

/* What a record would hold cannot be at fault where there is none, whatever else is said. */
static void without_a_record_nothing_is_in_it(void **state)
{
    static const uint8_t loopback[] = {127, 0, 0, 1};
    static const enum sds_part parts[] = {SDS_PART_PORT, SDS_PART_HOST};

    (void)state;
    for (size_t i = 0; i < SDS_COUNT(parts); i++) {
        struct sds_service *service = sds_service_new("_ipp._tcp");
        struct sds_address address = {.len = sizeof(loopback)};

        memcpy(address.bytes, loopback, sizeof(loopback));
        assert_int_equal(sds_service_add_address(service, address), 0);
        assert_int_equal(sds_service_set_host(service, "printer"), 0);
        assert_int_equal(sds_service_set_txt(service, "\6port=0\14host=printer", 20), 0);
        sds_service_set_port(service, 0);
        sds_service_set_missing(service, parts[i]);
        assert_breaks(service, registry, sds_part_name(parts[i]), "SD401");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(srv_records),
        cmocka_unit_test(a_printer_of_which_no_txt_is_known_is_not_judged),
        cmocka_unit_test(addresses),
        cmocka_unit_test(without_a_target_no_address_is_missing),
        cmocka_unit_test(without_a_record_nothing_is_in_it),
    };

    return cmocka_run_group_tests(tests, begin_checking, end_checking);
}
