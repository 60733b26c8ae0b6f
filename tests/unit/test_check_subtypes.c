/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/mem.h"
#include "checking.h"

#define TEN   "0123456789"
#define SIXTY TEN TEN TEN TEN TEN TEN

static const struct {
    const char *name, *type;
    const char *subtypes[4];
    const char *broken;
} vectors[] = {
    {"a label", "_ipp._tcp", {"_print", "_universal"}, ""},
    {"in full", "_ipp._tcp", {"_print._sub._ipp._tcp"}, ""},
    {"in full, in capitals, with the root", "_ipp._tcp", {"_print._SUB._Ipp._TCP."}, ""},
    {"in full, of a type written with a subtype",
     "_a1._sub._ipp._tcp",
     {"_print._sub._ipp._tcp"},
     ""},
    {"a dot in a label", "_ipp._tcp", {"_v1\\.0", "_v1\\.1._sub._ipp._tcp"}, ""},
    {"any bytes", "_ipp._tcp", {"_\\000\\255", "_a b"}, ""},

    {"no text", "_ipp._tcp", {""}, "SD120"},
    {"no label", "_ipp._tcp", {"._sub._ipp._tcp"}, "SD120"},
    {"63 bytes", "_ipp._tcp", {"_" SIXTY "ab"}, ""},
    {"64 bytes", "_ipp._tcp", {"_" SIXTY "abc"}, "SD120"},
    {"64 bytes in full", "_ipp._tcp", {"_" SIXTY "abc._sub._ipp._tcp"}, "SD120"},
    {"63 escaped bytes", "_ipp._tcp", {"\\095" SIXTY "a\\."}, ""},
    {"64 bytes of a type", "_" SIXTY "abc._sub._ipp._tcp", {NULL}, "SD120"},
    {"no label of a type", "._sub._ipp._tcp", {NULL}, "SD120"},

    {"of another type", "_ipp._tcp", {"_print._sub._http._tcp"}, "SD121"},
    {"of another transport", "_ipp._tcp", {"_print._sub._ipp._udp"}, "SD121"},
    {"without _sub", "_ipp._tcp", {"_print._ipp._tcp"}, "SD121"},
    {"_sub alone", "_ipp._tcp", {"_print._sub"}, "SD121"},
    {"two labels before _sub", "_ipp._tcp", {"_a._print._sub._ipp._tcp"}, "SD121"},
    {"with the domain", "_ipp._tcp", {"_print._sub._ipp._tcp.local"}, "SD121"},
    {"a label with the root", "_ipp._tcp", {"_print."}, "SD121"},
    {"the root", "_ipp._tcp", {"."}, "SD121"},
    {"a number that is no byte", "_ipp._tcp", {"_p\\256"}, "SD121"},
    {"a backslash at the end", "_ipp._tcp", {"_p\\"}, "SD121"},
    {"what is malformed is judged no further", "_ipp._tcp", {"p.q", "P.Q"}, "SD121 SD121"},

    {"no underscore", "_ipp._tcp", {"print"}, "SD122"},
    {"no underscore, in full", "_ipp._tcp", {"print._sub._ipp._tcp"}, "SD122"},
    {"two bytes", "_ipp._tcp", {"_p"}, "SD122"},
    {"three bytes", "_ipp._tcp", {"_pr"}, ""},
    {"no underscore of a type", "print._sub._ipp._tcp", {NULL}, "SD122"},

    {"twice", "_ipp._tcp", {"_print", "_print"}, "SD123"},
    {"three times", "_ipp._tcp", {"_print", "_x1", "_PRINT", "_Print"}, "SD123 SD123"},
    {"once in full", "_ipp._tcp", {"_print._sub._ipp._tcp", "_print"}, "SD123"},
    {"once escaped", "_ipp._tcp", {"_print", "_\\080rint"}, "SD123"},
    {"only Unicode folds", "_ipp._tcp", {"_caf\xC3\xA9", "_caf\xC3\x89"}, ""},
    {"long ones", "_ipp._tcp", {"_" SIXTY "abc", "_" SIXTY "ABC"}, "SD120 SD120 SD123"},
};

static void subtypes(void **state)
{
    (void)state;
    for (size_t i = 0; i < SDS_COUNT(vectors); i++) {
        struct sds_service *service = sds_service_new(vectors[i].type);

        for (size_t j = 0; j < SDS_COUNT(vectors[i].subtypes) && vectors[i].subtypes[j]; j++)
            assert_int_equal(sds_service_append_subtype(service, vectors[i].subtypes[j]), 0);
        assert_breaks(service, NULL, vectors[i].name, vectors[i].broken);
    }
}

static void a_subtype_of_the_type_is_evidence_enough(void **state)
{
    static const struct {
        const char *type;
        bool lacks;
    } types[] = {{"_ipp._tcp", true}, {"_print._sub._ipp._tcp", false}};

    (void)state;
    for (size_t i = 0; i < SDS_COUNT(types); i++) {
        struct sds_service *service = sds_service_new(types[i].type);
        struct sds_result result;

        assert_int_equal(sds_check(rules, NULL, service, &result), 0);
        assert_int_equal(lacks_evidence(&result, "SD120"), types[i].lacks);
        assert_int_equal(lacks_evidence(&result, "SD122"), types[i].lacks);
        assert_true(lacks_evidence(&result, "SD121"));
        assert_true(lacks_evidence(&result, "SD123"));
        sds_result_done(&result);
        sds_service_free(service);
    }
}

/* However many there are: all are compared with those that come first. */
static void a_repeat_is_found_among_many(void **state)
{
    struct sds_service *service = sds_service_new("_ipp._tcp");

    (void)state;
    for (int i = 0; i < 1000; i++) {
        char text[16];

        snprintf(text, sizeof(text), "_s%d", i % 999);
        assert_int_equal(sds_service_append_subtype(service, text), 0);
    }
    assert_breaks(service, NULL, "many", "SD123");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(subtypes),
        cmocka_unit_test(a_subtype_of_the_type_is_evidence_enough),
        cmocka_unit_test(a_repeat_is_found_among_many),
    };

    return cmocka_run_group_tests(tests, begin_checking, end_checking);
}
