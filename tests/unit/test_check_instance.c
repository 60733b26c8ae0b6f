/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/mem.h"
#include "checking.h"

#define KANJI_7                                                                                    \
    "\xE6\xBC\xA2\xE5\xAD\x97\xE6\xBC\xA2\xE5\xAD\x97\xE6\xBC\xA2\xE5\xAD\x97\xE6\xBC\xA2"

static const struct {
    const char *name;
    size_t len;
    const char *instance, *broken;
} vectors[] = {
    {"plain", BYTES("Living Room"), ""},
    {"anything goes", BYTES("a.b\\c \xE2\x80\x99 \xF0\x9F\x98\x80"), ""},

    {"empty", BYTES(""), "SD201"},
    {"63 bytes", BYTES(SIXTY "xyz"), ""},
    {"64 bytes", BYTES(SIXTY "wxyz"), "SD201"},
    {"21 Kanji", BYTES(KANJI_7 KANJI_7 KANJI_7), ""},
    {"22 Kanji", BYTES(KANJI_7 KANJI_7 KANJI_7 "\xE6\xBC\xA2"), "SD201"},

    {"Latin 1", BYTES("Caf\xE9"), "SD202"},
    {"overlong", BYTES("a\xC0\xAF"), "SD202"},
    {"surrogate", BYTES("a\xED\xA0\x80"), "SD202"},
    {"past the last character", BYTES("a\xF4\x90\x80\x80"), "SD202"},
    {"cut inside a character", BYTES("a\xE6\xBC"), "SD202"},
    {"silences the rules about characters", BYTES("\xEF\xBB\xBF\xE9 "), "SD202"},
    {"but not about controls", BYTES("\xE9\n"), "SD202 SD203"},

    {"newline", BYTES("Printer\n"), "SD203"},
    {"NUL", BYTES("a\0b"), "SD203"},
    {"NUL before a space", BYTES("\0 b"), "SD203"},
    {"delete", BYTES("a\x7F"), "SD203"},
    {"many controls, one finding", BYTES("\1\2\3"), "SD203"},
    {"next to the controls", BYTES("! ~"), ""},

    {"first C1", BYTES("a\xC2\x80"), "SD204"},
    {"last C1", BYTES("a\xC2\x9F."), "SD204"},
    {"after C1", BYTES("a\xC2\xA1"), ""},

    {"A and ring", BYTES("\x41\xCC\x8A"), "SD205"},
    {"A with ring", BYTES("\xC3\x85"), ""},
    {"Angstrom sign", BYTES("\xE2\x84\xAB"), "SD205"},
    {"mark without a composed form", BYTES("x\xCC\x8A"), ""},
    {"excluded from composition", BYTES("\xE0\xA5\x98"), "SD205"},
    {"its parts", BYTES("\xE0\xA4\x95\xE0\xA4\xBC"), ""},
    {"marks out of order", BYTES("x\xCC\x81\xCC\xA3"), "SD205"},
    {"Hangul in parts", BYTES("\xE1\x84\x80\xE1\x85\xA1"), "SD205"},

    {"byte order mark", BYTES("\xEF\xBB\xBFPrinter"), "SD206"},
    {"the same inside", BYTES("Prin\xEF\xBB\xBFter"), ""},

    {"line separator",
     BYTES("a\xE2\x80\xA8"
           "b"),
     "SD207"},
    {"paragraph separator",
     BYTES("a\xE2\x80\xA9"
           "b"),
     "SD207"},

    {"space before", BYTES(" a"), "SD208"},
    {"space behind", BYTES("a "), "SD208"},
    {"space alone", BYTES(" "), "SD208"},
    {"ideographic space", BYTES("a\xE3\x80\x80"), "SD208"},
    {"no-break space",
     BYTES("\xC2\xA0"
           "a"),
     "SD208"},
    {"hair space", BYTES("a\xE2\x80\x8A"), "SD208"},
    {"zero width space is none", BYTES("a\xE2\x80\x8B"), ""},

    {"override",
     BYTES("\xE2\x80\xAE"
           "abc"),
     "SD209"},
    {"isolate",
     BYTES("\xE2\x81\xA6"
           "abc"),
     "SD209"},
    {"mark",
     BYTES("\xE2\x80\x8F"
           "abc"),
     ""},
    {"joiner",
     BYTES("a\xE2\x80\x8D"
           "b"),
     ""},

    {"MAC", BYTES("Cam 00:11:22:aa:bb:cc"), "SD210"},
    {"MAC with hyphens, in capitals", BYTES("[00-1A-2B-3C-4D-5E]"), "SD210"},
    {"MAC of digits", BYTES("00:11:22:33:44:55"), "SD210"},
    {"MAC with two separators", BYTES("00:11:22-33:44:55"), ""},
    {"five bytes of a MAC", BYTES("00:11:22:33:44"), ""},
    {"no hex", BYTES("00:11:22:33:44:5g"), ""},
    {"12 hex digits", BYTES("Cam-001122aabbcc"), "SD210"},
    {"12 hex digits before a name", BYTES("001122AABBCC@Kitchen"), "SD210"},
    {"12 hex digits that are not UTF-8's", BYTES("001122aabbcc\xFF"), "SD202 SD210"},
    {"11 hex digits", BYTES("Cam 001122aabbc"), ""},
    {"12 digits", BYTES("Cam 001122334455"), ""},
    {"12 letters", BYTES("deadbeefcafe"), ""},
    {"a letter before", BYTES("x001122aabbcc"), ""},
    {"a letter behind", BYTES("001122aabbccx"), ""},
    {"a run behind a word", BYTES("x001122aabbcc-001122aabbcc"), "SD210"},
    {"last group of a UUID", BYTES("f81d4fae-7dec-11d0-a765-00a0c91e6bf6"), "SD210"},

    {"first private use", BYTES("\xEE\x80\x80"), "SD212"},
    {"last private use of the BMP", BYTES("a\xEF\xA3\xBF"), "SD212"},
    {"before private use", BYTES("\xED\x9F\xBB"), ""},
    {"behind private use", BYTES("\xEF\xA4\x80."), "SD205"}, /* a CJK compatibility ideograph */
    {"plane 15", BYTES("\xF3\xB0\x80\x80"), "SD212"},
    {"end of plane 15", BYTES("\xF3\xBF\xBF\xBD"), "SD212"},
    {"no character of plane 15", BYTES("\xF3\xBF\xBF\xBE"), ""},
    {"plane 16", BYTES("\xF4\x80\x80\x80"), "SD212"},
    {"end of plane 16", BYTES("\xF4\x8F\xBF\xBD"), "SD212"},
    {"private use in what is not UTF-8", BYTES("\xEE\x80\x80\xFF"), "SD202"},

    {"escaped space", BYTES("Living\\032Room"), "SD211"},
    {"escaped dot", BYTES("v1\\.0"), "SD211"},
    {"escaped at the end", BYTES("Room\\255"), "SD211"},
    {"no byte", BYTES("Room\\256"), ""},
    {"two digits", BYTES("Room\\25"), ""},
    {"escaped backslash", BYTES("C:\\\\"), ""},
    {"backslash at the end", BYTES("Room\\"), ""},
};

static struct sds_service *service_named(const char *instance, size_t len)
{
    struct sds_service *service = sds_service_new("_ipp._tcp");

    assert_int_equal(sds_service_set_instance(service, instance, len), 0);
    return service;
}

static void instances(void **state)
{
    (void)state;
    for (size_t i = 0; i < SDS_COUNT(vectors); i++)
        assert_breaks(service_named(vectors[i].instance, vectors[i].len), NULL, vectors[i].name,
                      vectors[i].broken);
}

static void nfc_is_less_of_a_fault_outside_local(void **state)
{
    static const struct {
        const char *domain;
        enum sds_severity severity;
    } domains[] = {
        {NULL, SDS_SEV_ERROR},
        {"local", SDS_SEV_ERROR},
        {"LOCAL.", SDS_SEV_ERROR},
        {"example.com", SDS_SEV_WARNING},
        {"local.example.com", SDS_SEV_WARNING},
    };

    (void)state;
    for (size_t i = 0; i < SDS_COUNT(domains); i++) {
        struct sds_service *service = service_named("\x41\xCC\x8A", 3);
        struct sds_result result;

        if (domains[i].domain)
            assert_int_equal(sds_service_set_domain(service, domains[i].domain), 0);
        assert_int_equal(sds_check(rules, NULL, service, &result), 0);
        assert_int_equal(result.n_findings, 1);
        assert_int_equal(result.findings[0].severity, domains[i].severity);
        assert_int_equal(sds_result_worst(&result), domains[i].severity);
        sds_result_done(&result);
        sds_service_free(service);
    }
}

/* A domain that takes 1 + 199 bytes and three more length bytes on the wire. */
static const char long_domain[] = SIXTY "." SIXTY "." SIXTY "." TEN "123456789";

static void full_names(void **state)
{
    static const struct {
        size_t instance_len;
        const char *subtype, *broken;
    } lengths[] = {
        /* 1 + instance, 10 of _ipp._tcp, 203 of the domain */
        {40, NULL, ""},
        {41, NULL, "SD214"},
        {42, NULL, "SD213"},
        {1, "_" TEN TEN TEN "1234", ""},
        {1, "_" TEN TEN TEN "12345", "SD214"},
        {1, "_" TEN TEN TEN "123456", "SD213"},
        {1, "_" TEN TEN TEN "1234._sub._ipp._tcp", ""}, /* its label counts */
        {1, "_" TEN TEN TEN "12345._sub._ipp._tcp", "SD214"},
    };

    (void)state;
    for (size_t i = 0; i < SDS_COUNT(lengths); i++) {
        struct sds_service *service = service_named(SIXTY, lengths[i].instance_len);

        assert_int_equal(sds_service_set_domain(service, long_domain), 0);
        if (lengths[i].subtype)
            assert_int_equal(sds_service_add_subtype(service, lengths[i].subtype), 0);
        assert_breaks(service, NULL, "full name", lengths[i].broken);
    }
}

static void a_subtype_in_the_type_counts(void **state)
{
    struct sds_service *service = sds_service_new("_" TEN TEN TEN "12345._sub._ipp._tcp");

    (void)state;
    assert_int_equal(sds_service_set_instance(service, "i", 1), 0);
    assert_int_equal(sds_service_set_domain(service, long_domain), 0);
    assert_breaks(service, NULL, "type with a subtype", "SD214");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(instances),
        cmocka_unit_test(nfc_is_less_of_a_fault_outside_local),
        cmocka_unit_test(full_names),
        cmocka_unit_test(a_subtype_in_the_type_counts),
    };

    return cmocka_run_group_tests(tests, begin_checking, end_checking);
}
