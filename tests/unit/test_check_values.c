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
    const char *name;
    size_t len;
    const char *rdata, *broken;
} vectors[] = {
    {"double quotes", BYTES("\5a=\"x\""), "SD327"},
    {"single quotes", BYTES("\5a='x'"), "SD327"},
    {"quotes of nothing", BYTES("\4a=\"\""), "SD327"},
    {"one quote", BYTES("\3a=\""), ""},
    {"quotes that differ", BYTES("\5a=\"x'"), ""},
    {"parentheses", BYTES("\5a=(x)"), ""},
    {"quoted key", BYTES("\3\"a\""), ""},

    {"port", BYTES("\10port=631"), "SD328"},
    {"port in capitals, with zeros", BYTES("\12PORT=00631"), "SD328"},
    {"another port", BYTES("\10port=632"), ""},
    {"port and more", BYTES("\11port=631x"), ""},
    {"no port", BYTES("\5port="), ""},
    {"first port differs", BYTES("\10port=632\10port=631"), "SD325"},
    {"huge port", BYTES("\22port=4294967927000"), ""},
    {"host", BYTES("\22host=Printer.local"), "SD328"},
    {"hostname with the root", BYTES("\27hostname=printer.local."), "SD328"},
    {"target", BYTES("\24target=printer.local"), "SD328"},
    {"only the label", BYTES("\14host=printer"), ""},

    {"terminated", BYTES("\5v=12\0"), "SD329"},
    {"one character", BYTES("\4v=1\0"), ""},
    {"two terminators", BYTES("\6v=12\0\0"), ""},
    {"binary", BYTES("\6v=\1\xFF\x32\0"), ""},
    {"control in UTF-8", BYTES("\6v=a\xC2\x80\0"), ""},
    {"UTF-8", BYTES("\6v=a\xC3\xA4\0"), "SD329"},

    {"joined", BYTES("\7a=1\1b=2"), "SD334"},
    {"joined keys without a value", BYTES("\5a=1\1b"), ""},
    {"no key behind", BYTES("\6a=1\1=2"), ""},
    {"binary value", BYTES("\10a=1\1b=2\2"), ""},

    {"txtvers", BYTES("\11txtvers=1\3a=1"), ""},
    {"txtvers behind", BYTES("\3a=1\11txtvers=1"), "SD341"},
    {"txtvers behind an empty string", BYTES("\0\11TxtVers=1"), "SD304"},
    {"txtvers behind a string without key", BYTES("\2=1\11txtvers=1"), "SD321 SD341"},
    {"txtvers without a value", BYTES("\7txtvers"), "SD342"},
    {"txtvers of nothing", BYTES("\10txtvers="), "SD342"},
    {"txtvers with a dot", BYTES("\13txtvers=1.0"), "SD342"},
    {"first txtvers counts", BYTES("\11txtvers=1\11txtvers=x"), "SD325"},

    /* the registry knows which of them is no secret: without one, nothing is said */
    {"password", BYTES("\12password=x"), ""},
};

static const struct {
    const char *type, *string;
    bool is_secret;
} secrets[] = {
    {"_ipp._tcp", "password=x", true},
    {"_ipp._tcp", "P=x", true},
    {"_ipp._tcp", "apiKey=x", true},
    {"_nobodys-name._udp", "token=x", true},
    {"_ipp._tcp", "token=", false},
    {"_ipp._tcp", "token", false},
    {"_ipp._tcp", "pw=1", false},
    {"_a._ipp._tcp", "password=x", false}, /* SD101 silences all about the registry */
};

static struct sds_service *printer_with(const char *rdata, size_t len)
{
    struct sds_service *service = sds_service_new("_ipp._tcp");

    assert_int_equal(sds_service_set_host(service, "printer.local"), 0);
    sds_service_set_port(service, 631);
    assert_int_equal(sds_service_set_txt(service, rdata, len), 0);
    return service;
}

static void values(void **state)
{
    (void)state;
    for (size_t i = 0; i < SDS_COUNT(vectors); i++)
        assert_breaks(printer_with(vectors[i].rdata, vectors[i].len), NULL, vectors[i].name,
                      vectors[i].broken);
}

static void secrets_are_told(void **state)
{
    (void)state;
    for (size_t i = 0; i < SDS_COUNT(secrets); i++) {
        const struct sds_span string = sds_text_span(secrets[i].string);
        struct sds_service *service = sds_service_new(secrets[i].type);
        struct sds_result result;

        assert_int_equal(sds_service_set_txt_strings(service, &string, 1), 0);
        assert_int_equal(sds_check(rules, registry, service, &result), 0);
        if (!strstr(broken_rules(&result), "SD620") == secrets[i].is_secret)
            fail_msg("%s %s: %s", secrets[i].type, secrets[i].string, broken_rules(&result));
        sds_result_done(&result);
        assert_int_equal(sds_check(rules, NULL, service, &result), 0);
        assert_true(lacks_evidence(&result, "SD620"));
        sds_result_done(&result);
        sds_service_free(service);
    }
}

static void declared_keys_may_repeat_the_srv_record(void **state)
{
    struct sds_service *service = sds_service_new("_srvkeys._tcp");

    (void)state;
    assert_int_equal(sds_service_set_host(service, "a.local"), 0);
    sds_service_set_port(service, 83);
    assert_int_equal(sds_service_set_txt(service, "\7port=83\14host=a.local", 21), 0);
    assert_breaks(sds_service_dup(service), registry, "declared", "");
    assert_breaks(service, NULL, "not known to be", "SD328 SD328");
}

static const struct {
    const char *value;
    bool is_of_the_link;
} places[] = {
    {"printer.local", true},
    {"http://Printer.LOCAL:631/ipp", true},
    {"printer.local.", true},
    {"printer.local./", true},
    {"see printer.local, please", true},
    {"b\xC3\xBC.local", true},
    {"a.localhost a.local", true},
    {"printer.localhost", false},
    {"printer.locale", false},
    {"printer.local-net", false},
    {"printer.local_", false},
    {"printer.local.example.org", false},
    {"local", false},
    {".local", false},
    {"/.local", false},
    {"169.254.7.7", true},
    {"http://169.254.7.7/", true},
    {"169.254", false},
    {"10.169.254.1", false},
    {"1169.254.1.1", false},
    {"fe80::1", true},
    {"http://[FE80::1%25eth0]/", true},
    {"ipv6:fe80::1", true},
    {"fe80", false},
    {"fe81::1", false},
    {"cafe80::1", false},
    {"2001:db8:fe80::1", false},
    {"::fe80:1", false},
    {"", false},
};

static void places_of_the_link_alone(void **state)
{
    static const struct {
        const char *domain;
        bool is_unicast;
    } domains[] = {
        {"example.org", true}, {"local", false}, {"a.Local.", false}, {NULL, false}, {".", false},
    };

    (void)state;
    for (size_t i = 0; i < SDS_COUNT(places) * SDS_COUNT(domains); i++) {
        const char *domain = domains[i % SDS_COUNT(domains)].domain;
        const char *value = places[i / SDS_COUNT(domains)].value;
        bool is_told = domains[i % SDS_COUNT(domains)].is_unicast &&
                       places[i / SDS_COUNT(domains)].is_of_the_link;
        struct sds_service *service = sds_service_new("_ipp._tcp");
        char rdata[64];
        int len = snprintf(rdata, sizeof(rdata), "%cq=%s", (int)strlen(value) + 2, value);

        assert_int_equal(sds_service_set_txt(service, rdata, (size_t)len), 0);
        if (domain)
            assert_int_equal(sds_service_set_domain(service, domain), 0);
        assert_breaks(service, NULL, value,
                      domain && strcmp(domain, ".") == 0 ? "SD220"
                      : is_told                          ? "SD331"
                                                         : "");
    }
}

static void a_key_is_no_place(void **state)
{
    static const char rdata[] = "\15printer.local\2=a";
    struct sds_service *service = sds_service_new("_ipp._tcp");

    (void)state;
    assert_int_equal(sds_service_set_txt(service, rdata, sizeof(rdata) - 1), 0);
    assert_int_equal(sds_service_set_domain(service, "example.org"), 0);
    assert_breaks(service, NULL, "key", "SD321 SD323");
}

static void evidence_is_asked_for_only_where_it_matters(void **state)
{
    struct sds_service *service = sds_service_new("_ipp._tcp");
    struct sds_result result;

    (void)state;
    assert_int_equal(sds_service_set_txt(service, "\3a=1", 4), 0);
    assert_int_equal(sds_check(rules, NULL, service, &result), 0);
    assert_false(lacks_evidence(&result, "SD328"));
    sds_result_done(&result);

    assert_int_equal(sds_service_set_txt(service, "\7port=80", 8), 0);
    assert_int_equal(sds_check(rules, NULL, service, &result), 0);
    assert_true(lacks_evidence(&result, "SD328"));
    sds_result_done(&result);

    /* one key is a repeat, whatever the other is */
    assert_int_equal(sds_service_set_txt(service, "\7port=80\6host=h", 15), 0);
    assert_int_equal(sds_service_set_host(service, "h"), 0);
    assert_int_equal(sds_check(rules, NULL, service, &result), 0);
    assert_string_equal(broken_rules(&result), "SD235 SD328");
    assert_false(lacks_evidence(&result, "SD328"));
    sds_result_done(&result);
    sds_service_set_unknown(service, SDS_PART_HOST);

    assert_int_equal(sds_service_set_txt(service, "\3a=1\11txtvers=1", 14), 0);
    service->order_untrusted = true;
    assert_int_equal(sds_check(rules, NULL, service, &result), 0);
    assert_string_equal(broken_rules(&result), "");
    assert_true(lacks_evidence(&result, "SD341"));
    sds_result_done(&result);
    sds_service_free(service);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values),
        cmocka_unit_test(secrets_are_told),
        cmocka_unit_test(declared_keys_may_repeat_the_srv_record),
        cmocka_unit_test(places_of_the_link_alone),
        cmocka_unit_test(a_key_is_no_place),
        cmocka_unit_test(evidence_is_asked_for_only_where_it_matters),
    };

    return cmocka_run_group_tests(tests, begin_checking, end_checking);
}
