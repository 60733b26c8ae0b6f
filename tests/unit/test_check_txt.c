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
    {"nothing to say", BYTES("\0"), ""},
    {"pairs", BYTES("\3a=1\3b=2"), ""},
    {"four states of a key", BYTES("\1a\2b=\3c=1"), ""},
    {"opaque value", BYTES("\7a=\0\xFF=\n="), ""},
    {"all printable characters", BYTES("\6 !~ \"'"), "SD324"},

    {"zero-length RDATA", BYTES(""), "SD302"},

    {"length past the end", BYTES("\5a=1"), "SD303"},
    {"length and no byte", BYTES("\1"), "SD303"},
    {"strings before it are checked", BYTES("\2=x\5a=1"), "SD303 SD321"},
    {"the cut string is not", BYTES("\3a=1\5a\1=1"), "SD303"},

    {"empty string behind", BYTES("\3a=1\0"), "SD304"},
    {"empty string before", BYTES("\0\3a=1"), "SD304"},
    {"two empty strings", BYTES("\0\0"), "SD304 SD304"},

    {"no key", BYTES("\2=1"), "SD321"},
    {"no key and no value", BYTES("\1="), "SD321"},
    {"not a duplicate either", BYTES("\2=1\2=1"), "SD321 SD321"},

    {"control in a key", BYTES("\4a\tb="), "SD322"},
    {"NUL in a key", BYTES("\3a\0b"), "SD322"},
    {"delete in a key", BYTES("\4a\x7F=1"), "SD322"},
    {"accent in a key", BYTES("\5\xC3\xA4=12"), "SD322"},
    {"one finding a string", BYTES("\4\1\2=1\4\1\3=1"), "SD322 SD322"},

    {"9 bytes", BYTES("\13abcdefghi=1"), ""},
    {"10 bytes", BYTES("\14abcdefghij=1"), "SD323"},
    {"10 bytes without a value", BYTES("\12abcdefghij"), "SD323"},

    {"space before '='", BYTES("\5c# =1"), "SD324"},
    {"space before the key", BYTES("\5 c#=1"), "SD324"},
    {"space alone", BYTES("\3 =1"), "SD324"},
    {"space inside and in the value", BYTES("\7a b= 1 "), ""},

    {"the same key", BYTES("\3a=1\3a=2"), "SD325"},
    {"case does not matter", BYTES("\5key=1\3KEY"), "SD325"},
    {"only ASCII folds", BYTES("\3\xC3\xA4=\3\xC3\x84="), "SD322 SD322"},
    {"three times", BYTES("\1a\1a\3b=1\1A"), "SD325 SD325"},
    {"a prefix is another key", BYTES("\1a\2aa"), ""},

    {"a long one in each part", BYTES("\14abcdefghij=1\15 bcdefghij\1=\1\4=\0x\1"),
     "SD321 SD322 SD323 SD323 SD324"},
};

static struct sds_service *service_with(const char *rdata, size_t len)
{
    struct sds_service *service = sds_service_new("_ipp._tcp");

    assert_int_equal(sds_service_set_txt(service, rdata, len), 0);
    return service;
}

static void records(void **state)
{
    (void)state;
    for (size_t i = 0; i < SDS_COUNT(vectors); i++)
        assert_breaks(service_with(vectors[i].rdata, vectors[i].len), NULL, vectors[i].name,
                      vectors[i].broken);
}

static void unknown_is_not_missing(void **state)
{
    struct sds_service *service = sds_service_new("_ipp._tcp");

    (void)state;
    assert_breaks(service, NULL, "unknown", "");
    service = sds_service_new("_ipp._tcp");
    sds_service_set_missing(service, SDS_PART_TXT);
    assert_breaks(service, NULL, "missing", "SD301");
}

/* RDATA of exactly @len bytes, without a fault but its size. */
static struct sds_service *service_of_size(size_t len)
{
    SDS_CLEANUP(sds_freep) char *rdata = calloc(1, len);
    size_t n = 0;

    assert_non_null(rdata);
    for (size_t at = 0; at < len; n++) {
        size_t left = len - at, take = left <= 101 ? left : left < 110 ? 90 : 101;

        rdata[at] = (char)(take - 1);
        memset(rdata + at + 1, 'x', take - 1);
        rdata[at + 1] = (char)('A' + n % 26);
        rdata[at + 2] = (char)('0' + n / 26 % 10);
        rdata[at + 3] = '=';
        at += take;
    }
    return service_with(rdata, len);
}

static void sizes(void **state)
{
    static const struct {
        size_t len;
        const char *domain, *broken;
    } sizes[] = {
        {200, "local", ""},       {201, "local", "SD311"},  {399, "local", "SD311"},
        {400, "local", "SD312"},  {1300, "local", "SD312"}, {1301, "local", "SD313"},
        {8900, "local", "SD313"}, {8901, "local", "SD314"}, {8901, "example.com", "SD313"},
    };

    (void)state;
    for (size_t i = 0; i < SDS_COUNT(sizes); i++) {
        struct sds_service *service = service_of_size(sizes[i].len);

        assert_int_equal(sds_service_set_domain(service, sizes[i].domain), 0);
        assert_breaks(service, NULL, "size", sizes[i].broken);
    }
}

static void findings_point_at_their_string(void **state)
{
    static const char rdata[] = "\3a=1\12long\x1Bkey=1\3A=2";
    struct sds_service *service = service_with(rdata, sizeof(rdata) - 1);
    struct sds_result result;

    (void)state;
    assert_int_equal(sds_check(rules, NULL, service, &result), 0);
    assert_string_equal(broken_rules(&result), "SD322 SD325");
    assert_int_equal(result.findings[0].offset, 4);
    assert_string_equal(result.findings[0].key, "long\\x1bkey");
    assert_string_equal(result.findings[0].message, "key 'long\\x1bkey' has byte 0x1b");
    assert_int_equal(result.findings[1].offset, 15);
    assert_string_equal(result.findings[1].key, "A");
    sds_result_done(&result);
    sds_service_free(service);
}

static void declared_keys_may_be_long(void **state)
{
    static const char rdata[] = "\30rmc client version=1.2.3\16undeclaredkey=";
    struct sds_service *service = sds_service_new("_irmc._tcp");

    (void)state;
    assert_int_equal(sds_service_set_txt(service, rdata, sizeof(rdata) - 1), 0);
    assert_breaks(sds_service_dup(service), registry, "with a registry", "SD323 SD601 SD602 SD605");
    assert_breaks(service, NULL, "without", "SD323 SD323");
}

static void a_rewritten_record_hides_faults(void **state)
{
    struct sds_service *service = service_with("\0\0", 2);
    struct sds_result result;

    (void)state;
    service->txt_rewritten = true;
    assert_int_equal(sds_check(rules, NULL, service, &result), 0);
    assert_int_equal(result.n_findings, 0);
    assert_true(lacks_evidence(&result, "SD302"));
    assert_true(lacks_evidence(&result, "SD303"));
    assert_true(lacks_evidence(&result, "SD304"));
    assert_false(lacks_evidence(&result, "SD321"));
    sds_result_done(&result);
    sds_service_free(service);
}

static void many_keys_are_no_trouble(void **state)
{
    static char rdata[4 * 16384];
    const size_t n = sizeof(rdata) / 4;
    struct sds_service *service;

    (void)state;
    for (size_t i = 0; i < n; i++) {
        rdata[4 * i] = 3;
        rdata[4 * i + 1] = (char)('>' + i % 32);
        rdata[4 * i + 2] = (char)('!' + i / 32 % 16);
        rdata[4 * i + 3] = (char)('!' + i / 32 / 16 % 28);
    }
    service = service_with(rdata, 4 * 28 * 512);
    assert_breaks(service, NULL, "all differ", "SD314");
    service = service_with(rdata, 4 * 28 * 512 + 4);
    assert_breaks(service, NULL, "one repeated", "SD314 SD325");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(records),
        cmocka_unit_test(unknown_is_not_missing),
        cmocka_unit_test(sizes),
        cmocka_unit_test(findings_point_at_their_string),
        cmocka_unit_test(declared_keys_may_be_long),
        cmocka_unit_test(a_rewritten_record_hides_faults),
        cmocka_unit_test(many_keys_are_no_trouble),
    };

    return cmocka_run_group_tests(tests, begin_checking, end_checking);
}
