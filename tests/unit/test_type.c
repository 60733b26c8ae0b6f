/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "sdscope/type.h"

static const struct {
    const char *text;
    bool is_pair;
    const char *name, *transport_label, *subtype; /* NULL: none */
    enum sds_transport transport;
} vectors[] = {
    {"_ipp._tcp", true, "ipp", "_tcp", NULL, SDS_TRANSPORT_TCP},
    {"_ipp._tcp.", true, "ipp", "_tcp", NULL, SDS_TRANSPORT_TCP},
    {"_IPP._TCP", true, "IPP", "_TCP", NULL, SDS_TRANSPORT_TCP},
    {"_sleep-proxy._udp", true, "sleep-proxy", "_udp", NULL, SDS_TRANSPORT_UDP},
    {"_foo._sctp", true, "foo", "_sctp", NULL, SDS_TRANSPORT_OTHER},
    {"_foo.tcp", true, "foo", "tcp", NULL, SDS_TRANSPORT_OTHER},
    {"_._tcp", true, "", "_tcp", NULL, SDS_TRANSPORT_TCP},
    {"_a\\.b._tcp", true, "a.b", "_tcp", NULL, SDS_TRANSPORT_TCP},
    {"_a b._tcp", true, "a b", "_tcp", NULL, SDS_TRANSPORT_TCP},
    {"_print._sub._ipp._tcp", true, "ipp", "_tcp", "_print", SDS_TRANSPORT_TCP},
    {"a thing._SUB._ipp._tcp", true, "ipp", "_tcp", "a thing", SDS_TRANSPORT_TCP},
    {"_a._sub._ipp", false, "ipp", NULL, "_a", SDS_TRANSPORT_OTHER},
    {"_sub._tcp", true, "sub", "_tcp", NULL, SDS_TRANSPORT_TCP},
    {"_daap._http._tcp", false, "daap", "_http", NULL, SDS_TRANSPORT_OTHER},
    {"ipp._tcp", false, "ipp", "_tcp", NULL, SDS_TRANSPORT_TCP},
    {"_ipp", false, "ipp", NULL, NULL, SDS_TRANSPORT_OTHER},
    {"_ipp._tcp.local", false, "ipp", "_tcp", NULL, SDS_TRANSPORT_TCP},
    {"", false, "", NULL, NULL, SDS_TRANSPORT_OTHER},
    {".", false, "", NULL, NULL, SDS_TRANSPORT_OTHER},
    {"._tcp", false, "", "_tcp", NULL, SDS_TRANSPORT_TCP},
    {"_ipp..", true, "ipp", "", NULL, SDS_TRANSPORT_OTHER},
};

static void assert_span(struct sds_span span, const char *text)
{
    assert_int_equal(span.len, text ? strlen(text) : 0);
    if (span.len)
        assert_memory_equal(span.p, text, span.len);
}

static void takes_types_apart(void **state)
{
    (void)state;
    for (size_t i = 0; i < SDS_COUNT(vectors); i++) {
        struct sds_type type;

        print_message("# '%s'\n", vectors[i].text);
        memset(&type, 0xa5, sizeof(type)); /* nothing may be left as it was */
        sds_type_parse(vectors[i].text, &type);
        assert_int_equal(type.is_pair, vectors[i].is_pair);
        assert_int_equal(type.has_subtype, vectors[i].subtype != NULL);
        assert_int_equal(type.transport, vectors[i].transport);
        assert_span(type.name, vectors[i].name);
        assert_span(type.transport_label, vectors[i].transport_label);
        assert_span(type.subtype, vectors[i].subtype);
    }
}

static const struct {
    const char *text, *type, *label; /* NULL: malformed */
} subtypes[] = {
    {"_print", "_ipp._tcp", "_print"},
    {"", "_ipp._tcp", ""},
    {"a\\.b", "_ipp._tcp", "a.b"},
    {"_print._sub._ipp._tcp", "_ipp._tcp", "_print"},
    {"_print._Sub._IPP._tcp.", "_ipp._tcp.", "_print"},
    {"_a._sub._ipp._tcp", "_b._sub._ipp._tcp", "_a"},
    {"._sub._ipp._tcp", "_ipp._tcp", ""},
    {"_a._sub._ipp", "_ipp", "_a"},
    {"_a._sub", "", "_a"},
    {"_a._b", "", NULL},
    {"_a._sub", "_ipp._tcp", NULL},
    {"_a._sub._ipp._tcp", "_ipp._udp", NULL},
    {"_a._sub._ipp._tcp.local", "_ipp._tcp", NULL},
    {"_a.", "_ipp._tcp", NULL},
    {".", "_ipp._tcp", NULL},
    {"_a\\", "_ipp._tcp", NULL},
};

static void takes_subtypes_apart(void **state)
{
    (void)state;
    for (size_t i = 0; i < SDS_COUNT(subtypes); i++) {
        struct sds_type type;
        struct sds_subtype subtype;

        print_message("# '%s' of '%s'\n", subtypes[i].text, subtypes[i].type);
        sds_type_parse(subtypes[i].type, &type);
        memset(&subtype, 0xa5, sizeof(subtype));
        sds_subtype_parse(subtypes[i].text, &type, &subtype);
        assert_int_equal(subtype.is_malformed, subtypes[i].label == NULL);
        if (subtypes[i].label)
            assert_span(subtype.label, subtypes[i].label);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_types_apart),
        cmocka_unit_test(takes_subtypes_apart),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
