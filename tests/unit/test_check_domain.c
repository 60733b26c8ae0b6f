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
    const char *domain, *broken;
} vectors[] = {
    {"local", ""},
    {"local.", ""},
    {"example.org", ""},
    {"Building 2, 1st Floor.example.org", ""},
    {"a\\.b.example.org", ""},

    {"", "SD220"},
    {".", "SD220"},
    {"..", "SD220"},
    {"example..org", "SD220"},
    {".example.org", "SD220"},
    {"example.org..", "SD220"},
    {SIXTY "abc.org", ""},
    {SIXTY "abcd.org", "SD220"},
    {SIXTY "ab\\..org", ""},
    {SIXTY "abc\\..org", "SD220"},
    {"example\\256.org", "SD220"},
    {"example\\25.org", "SD220"},
    {"example.org\\", "SD220"},
    {NAME_255, ""},
    {NAME_255 ".", ""},
    {NAME_256, "SD220"},
    {"xn--a..\xFF", "SD220"}, /* and nothing else */

    {"b\xC3\xBCro.local", ""},
    {"bu\xCC\x88ro.local", "SD221"},
    {"bu\\204\\136ro.local", "SD221"},
    {"b\xFCro.local", "SD221"},
    {"b\\252ro.local", "SD221"},
    {"a\tb.local", "SD221"},
    {"a\\000b.local", "SD221"},
    {"a\x7F.local", "SD221"},
    {"\xC2\x80.local", ""}, /* C1 is no ASCII control */
    {"\xFF.a\tb.local", "SD221"},

    {"local.arpa", "SD222"},
    {"LOCAL.arpa.", "SD222"},
    {"a.local.arpa", ""},
    {"local.arpa.org", ""},
    {"home.arpa", ""},

    {"xn--bro-hoa.org", "SD223"},
    {"a.XN--b.xn--c.org", "SD223"},
    {"xn-.org", ""},
    {"axn--a.org", ""},
};

static struct sds_service *service_in(const char *domain)
{
    struct sds_service *service = sds_service_new("_ipp._tcp");

    assert_int_equal(sds_service_set_domain(service, domain), 0);
    return service;
}

static void domains(void **state)
{
    (void)state;
    for (size_t i = 0; i < SDS_COUNT(vectors); i++)
        assert_breaks(service_in(vectors[i].domain), NULL, vectors[i].domain, vectors[i].broken);
}

static void the_form_is_less_of_a_fault_outside_local(void **state)
{
    static const struct {
        const char *domain;
        enum sds_severity severity;
    } places[] = {
        {"bu\xCC\x88ro.local", SDS_SEV_ERROR},
        {"bu\xCC\x88ro.LOCAL.", SDS_SEV_ERROR},
        {"bu\xCC\x88ro.example.org", SDS_SEV_WARNING},
        {"local.bu\xCC\x88ro", SDS_SEV_WARNING},
    };

    (void)state;
    for (size_t i = 0; i < SDS_COUNT(places); i++)
        assert_breaks_as(service_in(places[i].domain), places[i].domain, "SD221",
                         places[i].severity);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(domains),
        cmocka_unit_test(the_form_is_less_of_a_fault_outside_local),
    };

    return cmocka_run_group_tests(tests, begin_checking, end_checking);
}
