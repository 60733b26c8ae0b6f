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
    const char *type, *broken;
} vectors[] = {
    {"_ipp._tcp", ""},
    {"_ipp._udp", ""},
    {"_IPP._TCP", ""},
    {"_ipp._tcp.", ""},
    {"_printer._sub._ipp._tcp", ""},
    {"_a1-b2-c3._tcp", ""},

    {"", "SD101"},
    {".", "SD101"},
    {"_ipp", "SD101"},
    {"ipp._tcp", "SD101"},
    {"_ipp._tcp..", "SD101"},
    {"_ipp.._tcp", "SD101"},
    {"_ipp\\._tcp", "SD101"},
    {"_ipp._tcp.local", "SD101"},
    {"_daap._http._tcp", "SD101"},
    {"_printer._sub._sub._ipp._tcp", "SD101"},
    {"my--_name._sctp", "SD101"}, /* which silences all others */

    {"_abcdefghijklmno._tcp", ""},
    {"_abcdefghijklmnop._tcp", "SD102"},
    {"_._tcp", "SD102"},

    {"_my_app._tcp", "SD103"},
    {"_my\\.app._tcp", "SD103"},
    {"_my app._tcp", "SD103"},
    {"_caf\xC3\xA9._tcp", "SD103"},
    {"_nul\\000._tcp", "SD103"},

    {"_8080._tcp", "SD104"},
    {"_80-90._tcp", "SD104"},
    {"_8080a._tcp", ""},

    {"_-app._tcp", "SD105"},
    {"_app-._tcp", "SD105"},
    {"_a-p._tcp", ""},

    {"_my--app._tcp", "SD106"},
    {"_my-a-pp._tcp", ""},
    {"_--._tcp", "SD104 SD105 SD106"},

    {"_ipp._sctp", "SD107"},
    {"_ipp.tcp", "SD107"},
    {"_ipp._tcpx", "SD107"},

    {"_x._tcp", "SD108"},
    {"_xy._tcp", ""},
    {"_x._quic", "SD107 SD108"}, /* the name is legal */
    {"_7._tcp", "SD104"}, /* not legal, so SD108 has nothing to say */
};

static void types(void **state)
{
    (void)state;
    for (size_t i = 0; i < SDS_COUNT(vectors); i++)
        assert_breaks(sds_service_new(vectors[i].type), NULL, vectors[i].type, vectors[i].broken);
}

static void a_name_that_is_too_long_is_cut_in_the_message(void **state)
{
    struct sds_service *service = sds_service_new(
        "_ab\\027[31mcdefghijklmnopqrstuvwxyz-abcdefghijklmnopqrstuvwxyz-abcdefghijklmnopqrs._tcp");
    struct sds_result result;

    (void)state;
    assert_int_equal(sds_check(rules, NULL, service, &result), 0);
    assert_string_equal(broken_rules(&result), "SD102 SD103");
    assert_string_equal(result.findings[0].message,
                        "service name 'ab\\x1b[31mcdefghijklmnopqrstuvwxyz-abcdefghijklmnopqrst"
                        "uvwxyz-abcdefghijklmn...' is not 1 to 15 bytes long");
    sds_result_done(&result);
    sds_service_free(service);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(types),
        cmocka_unit_test(a_name_that_is_too_long_is_cut_in_the_message),
    };

    return cmocka_run_group_tests(tests, begin_checking, end_checking);
}
