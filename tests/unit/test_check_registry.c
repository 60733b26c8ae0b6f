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
    enum sds_verdict verdict;
} vectors[] = {
    {"_ipp._tcp", "", SDS_VERDICT_REGISTERED},
    {"_IPP._tcp", "", SDS_VERDICT_REGISTERED},
    {"_printer._sub._ipp._tcp", "", SDS_VERDICT_REGISTERED},
    {"_ippp._tcp", "SD501", SDS_VERDICT_UNREGISTERED},

    {"_jmap._tcp", "", SDS_VERDICT_REGISTERED},
    {"_jmap._udp", "SD502", SDS_VERDICT_REGISTERED},
    {"_labyrinth._udp", "", SDS_VERDICT_REGISTERED},
    {"_labyrinth._tcp", "SD502", SDS_VERDICT_REGISTERED},
    {"_leaf._tcp", "", SDS_VERDICT_REGISTERED}, /* a blank transport fits both */
    {"_jtag._udp", "", SDS_VERDICT_REGISTERED},
    {"_twosnakes._udp", "", SDS_VERDICT_REGISTERED}, /* _udp is all but tcp */
    {"_twosnakes._tcp", "SD502", SDS_VERDICT_REGISTERED},

    {"_dns-sd._udp", "SD503", SDS_VERDICT_REGISTERED},
    {"_services._tcp", "SD503", SDS_VERDICT_REGISTERED},
    {"_device-info._tcp", "", SDS_VERDICT_REGISTERED},

    {"_la-maint._udp", "SD504", SDS_VERDICT_RETIRED},
    {"_halfgone._tcp", "", SDS_VERDICT_REGISTERED}, /* not all of its records are retired */

    {"_www._tcp", "SD505", SDS_VERDICT_REGISTERED},
    {"_exp1._tcp", "SD510", SDS_VERDICT_REGISTERED},

    {"_daap._http._tcp", "SD101", SDS_VERDICT_MALFORMED}, /* asks no registry */
    {"_no_name._tcp", "SD103 SD501", SDS_VERDICT_MALFORMED},
    {"_ipp._sctp", "SD107", SDS_VERDICT_MALFORMED},
};

static void types(void **state)
{
    (void)state;
    for (size_t i = 0; i < SDS_COUNT(vectors); i++) {
        struct sds_service *service = sds_service_new(vectors[i].type);
        struct sds_result result;

        assert_int_equal(sds_check(rules, registry, service, &result), 0);
        assert_true(result.has_verdict);
        assert_string_equal(sds_verdict_name(result.verdict), sds_verdict_name(vectors[i].verdict));
        sds_result_done(&result);
        assert_breaks(service, registry, vectors[i].type, vectors[i].broken);
    }
}

static void assert_says(const char *type, const char *message)
{
    struct sds_service *service = sds_service_new(type);
    struct sds_result result;

    assert_int_equal(sds_check(rules, registry, service, &result), 0);
    assert_int_equal(result.n_findings, 1);
    assert_string_equal(result.findings[0].message, message);
    assert_int_equal(result.findings[0].offset, -1);
    assert_null(result.findings[0].key);
    sds_result_done(&result);
    sds_service_free(service);
}

static void messages_name_what_is_meant(void **state)
{
    (void)state;
    assert_says("_jmapp._tcp", "service name 'jmapp' is not registered; did you mean 'jmap'?");
    assert_says("_frobnicate._tcp", "service name 'frobnicate' is not registered");
    assert_says("_www._tcp", "service name 'www' is an alias of 'http'");
    assert_says("_jmap._udp", "service name 'jmap' is registered for tcp, not for _udp");
}

static void ports(void **state)
{
    static const struct {
        const char *type;
        uint16_t port;
        const char *broken;
    } ports[] = {
        {"_ipp._tcp", 631, ""},
        {"_ipp._tcp", 8631, "SD506"},
        {"_ipp._tcp", 0, "SD402"},
        {"_ipp._tcp", 30466, "SD506 SD514"},
        {"_x11._tcp", 6000, ""},
        {"_x11._tcp", 6063, ""},
        {"_x11._tcp", 5999, "SD506"},
        {"_x11._tcp", 6064, "SD506"},
        {"_leaf._tcp", 4711, "SD507"},
        {"_leaf._udp", 4711, ""},
        {"_jmap._udp", 25, "SD502"},

        {"_x11._tcp", 631, "SD506 SD507"},
        {"_leaf._tcp", 6063, "SD507"},
        {"_leaf._tcp", 6064, ""},
        {"_leaf._udp", 6000, ""},
        {"_www._tcp", 80, "SD505"},
        {"_http._tcp", 80, ""},
        {"_frob._tcp", 515, "SD501 SD507"},
        {"_warren._tcp", 4713, "SD509"},
        {"_leaf._tcp", 4713, "SD507 SD509"},
        {"_leaf._udp", 4713, ""},
        {"_leaf._udp", 4714, "SD507 SD509"},
        {"_leaf._tcp", 1023, "SD513"},
        {"_leaf._udp", 1023, ""},
        {"_leaf._tcp", 1022, ""},
        {"_edge._tcp", 65534, ""},
        {"_leaf._tcp", 65534, "SD507"},
        {"_leaf._tcp", 65535, ""},
        {"_leaf._tcp", 4715, ""},
        {"_squat._tcp", 4715, "SD515"},
        {"_halfsquat._tcp", 4716, ""},
    };

    (void)state;
    for (size_t i = 0; i < SDS_COUNT(ports); i++) {
        struct sds_service *service = sds_service_new(ports[i].type);

        sds_service_set_port(service, ports[i].port);
        assert_breaks(service, registry, ports[i].type, ports[i].broken);
    }
}

static void without_a_registry_nothing_is_said(void **state)
{
    struct sds_registry *empty = sds_registry_new();
    const struct sds_registry *none[] = {NULL, empty};

    (void)state;
    for (size_t i = 0; i < SDS_COUNT(none); i++) {
        struct sds_service *service = sds_service_new("_frobnicate._tcp");
        struct sds_result result;

        assert_int_equal(sds_check(rules, none[i], service, &result), 0);
        assert_false(result.has_verdict);
        assert_int_equal(result.n_findings, 0);
        assert_true(lacks_evidence(&result, "SD501"));
        assert_true(lacks_evidence(&result, "SD601"));
        sds_result_done(&result);
        sds_service_free(service);
    }
    sds_registry_free(empty);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(types),
        cmocka_unit_test(messages_name_what_is_meant),
        cmocka_unit_test(ports),
        cmocka_unit_test(without_a_registry_nothing_is_said),
    };

    return cmocka_run_group_tests(tests, begin_checking, end_checking);
}
