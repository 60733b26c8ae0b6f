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
    const char *host, *domain, *broken;
} vectors[] = {
    {"printer.local", "local", ""},
    {"Printer-2.LOCAL.", "local", ""},
    {"printer.example.org", "example.org", ""},
    {"printer.example.org", "local", ""},

    {".", "local", "SD230"},
    {".", "example.org", "SD230"},

    {"", "local", "SD231"},
    {"printer..local", "local", "SD231"},
    {".local", "local", "SD231"},
    {"..", "local", "SD231"},
    {SIXTY "abc.local", "local", ""},
    {SIXTY "abcd.local", "local", "SD231"},
    {"printer\\256.local", "local", "SD231"},
    {"printer.local\\", "local", "SD231"},
    {NAME_255, "local", ""},
    {NAME_256, "local", "SD231"},
    {"a b..local", "example.org", "SD231"}, /* and nothing else */

    {"living room.local", "local", "SD232"},
    {"living_room.local", "local", "SD232"},
    {"a\\.b.local", "local", "SD232"},
    {"-a.local", "local", "SD232"},
    {"a-.local", "local", "SD232"},
    {"a.-b-.example.org", "local", "SD232"},
    {"-", "local", "SD232 SD235"},
    {"a--b.local", "local", ""},
    {"7.local", "local", ""},
    {"b\xC3\xBCro.local", "local", "SD232"},

    {"bu\xCC\x88ro.local", "local", "SD232 SD233"},
    {"b\\252ro.local", "local", "SD232 SD233"},
    {"a\\000.local", "local", "SD232 SD233"},

    {"192.0.2.7", "local", "SD234"},
    {"192.0.2.7.", "local", "SD234"},
    {"2001:db8::7", "local", "SD234"},
    {"fe80::1", "example.org", "SD234"},
    {"::ffff:192.0.2.7", "local", "SD234"},
    {"192.0.2.256", "local", ""},
    {"192.0.2", "local", ""},
    {"192.0.2.7.local", "local", "SD236"},
    {"192.0.2.7.8", "local", ""},
    {"192\\.0\\.2\\.7.local", "local", "SD232"},

    {"printer", "local", "SD235"},
    {"printer.", "local", "SD235"},
    {"local", "local", "SD235"},

    {"printer.office.local", "local", "SD236"},
    {"printer.office.Local.", "local", "SD236"},
    {"printer.office.localhost", "local", ""},

    {"printer.local", "example.org", "SD237"},
    {"printer.LOCAL.", "example.org.", "SD237"},
    {"a.b.local", "example.org", "SD236 SD237"},
    {"printer.local", "a.local", ""},
    {"printer.local", NULL, ""},
    {"printer.local", "example..org", "SD220"},
    {"printer.local", ".", "SD220"},
    {"printer.local.example.org", "example.org", ""},
};

static struct sds_service *service_on(const char *host, const char *domain)
{
    struct sds_service *service = sds_service_new("_ipp._tcp");

    assert_int_equal(sds_service_set_host(service, host), 0);
    if (domain)
        assert_int_equal(sds_service_set_domain(service, domain), 0);
    return service;
}

static void targets(void **state)
{
    (void)state;
    for (size_t i = 0; i < SDS_COUNT(vectors); i++)
        assert_breaks(service_on(vectors[i].host, vectors[i].domain), NULL, vectors[i].host,
                      vectors[i].broken);
}

static void other_characters_are_more_of_a_fault_outside_local(void **state)
{
    static const struct {
        const char *host, *domain;
        enum sds_severity severity;
    } places[] = {
        {"a b.local", NULL, SDS_SEV_INFO},
        {"a b.local", "LOCAL", SDS_SEV_INFO},
        {"a b.example.org", "local", SDS_SEV_INFO},
        {"a b.example.org", "example.org", SDS_SEV_WARNING},
    };

    (void)state;
    for (size_t i = 0; i < SDS_COUNT(places); i++)
        assert_breaks_as(service_on(places[i].host, places[i].domain), places[i].host, "SD232",
                         places[i].severity);
}

static void the_root_misses_no_address(void **state)
{
    struct sds_service *service = service_on(".", "local");

    (void)state;
    sds_service_set_missing(service, SDS_PART_ADDRESSES);
    assert_breaks(service, NULL, "root", "SD230");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(targets),
        cmocka_unit_test(other_characters_are_more_of_a_fault_outside_local),
        cmocka_unit_test(the_root_misses_no_address),
    };

    return cmocka_run_group_tests(tests, begin_checking, end_checking);
}
