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
    size_t len;
    const char *rdata, *broken;
} vectors[] = {
    {"all of a closed list", "_leaf._tcp", BYTES("\6name=a\11product=b\11version=1"), ""},
    {"key outside it", "_leaf._tcp", BYTES("\6name=a\11product=b\11version=1\3x=1"), "SD601"},
    {"each of them", "_leaf._tcp", BYTES("\6name=a\11product=b\11version=1\3x=1\3y=1"),
     "SD601 SD601"},
    {"strings that are no attributes", "_leaf._tcp",
     BYTES("\6name=a\11product=b\11version=1\2=x\0\5x=1"), "SD303 SD304 SD321"},
    {"no keys at all", "_leaf._tcp", BYTES("\0"), "SD602 SD602 SD602"},
    {"without a value", "_leaf._tcp", BYTES("\4name\10product=\7version"), ""},
    {"case", "_leaf._tcp", BYTES("\6Name=a\11PRODUCT=b\11version=1"), "SD605 SD605"},
    {"any spelling of the union", "_leaf._udp", BYTES("\6Name=a\11product=b\11version=1"), ""},

    {"union of what fits", "_http._tcp", BYTES("\3u=a\2p=\6path=/\11chunked=1"), "SD601"},
    {"and what does not", "_http._udp", BYTES("\3u=a\2p=\6path=/\11chunked=1"), "SD601 SD601"},

    {"open list", "_dacp._tcp", BYTES("\11txtvers=1\5Ver=1\6DbId=1\3x=1"), ""},
    {"key absent from an open list", "_dacp._tcp", BYTES("\11txtvers=1\6DbId=1"), "SD602"},

    {"declared number", "_dacp._tcp", BYTES("\11txtvers=2\5Ver=1\6DbId=1"), "SD604"},
    {"no number", "_dacp._tcp", BYTES("\7txtvers\5Ver=1\6DbId=1"), "SD342 SD604"},
    {"first number counts", "_dacp._tcp", BYTES("\11txtvers=1\5Ver=1\6DbId=1\11txtvers=2"),
     "SD325"},

    {"none declared, none sent", "_jmap._tcp", BYTES("\0"), ""},
    {"none declared, no attribute sent", "_jmap._tcp", BYTES("\2=x"), "SD321"},
    {"none declared, some sent", "_jmap._tcp", BYTES("\3a=1\3b=1"), "SD603"},
    {"declared elsewhere", "_jtag._tcp", BYTES("\3a=1"), ""},
    {"declared in a document", "_ipp._tcp", BYTES("\3a=1"), ""},
    {"nothing declared", "_printer._tcp", BYTES("\3a=1"), ""},
    {"declared for another transport", "_jmap._udp", BYTES("\3a=1"), "SD502"},
    {"unregistered", "_frobnicate._tcp", BYTES("\3a=1"), "SD501"},
    {"no type", "_leaf._x._tcp", BYTES("\3a=1"), "SD101"},
};

static void keys(void **state)
{
    (void)state;
    for (size_t i = 0; i < SDS_COUNT(vectors); i++) {
        struct sds_service *service = sds_service_new(vectors[i].type);

        assert_int_equal(sds_service_set_txt(service, vectors[i].rdata, vectors[i].len), 0);
        assert_breaks(service, registry, vectors[i].name, vectors[i].broken);
    }
}

static void findings_name_the_key(void **state)
{
    static const char rdata[] = "\11prodcut=b\11VERSION=1";
    struct sds_service *service = sds_service_new("_leaf._tcp");
    struct sds_result result;

    (void)state;
    assert_int_equal(sds_service_set_txt(service, rdata, sizeof(rdata) - 1), 0);
    assert_int_equal(sds_check(rules, registry, service, &result), 0);
    assert_string_equal(broken_rules(&result), "SD601 SD602 SD602 SD605");
    assert_string_equal(result.findings[0].key, "prodcut");
    assert_string_equal(
        result.findings[0].message,
        "key 'prodcut' is not declared by the registration; did you mean 'product'?");
    assert_string_equal(result.findings[1].key, "name");
    assert_int_equal(result.findings[1].offset, -1);
    assert_string_equal(result.findings[2].key, "product");
    assert_int_equal(result.findings[3].offset, 10);
    assert_string_equal(result.findings[3].message, "key 'VERSION' is declared as 'version'");
    sds_result_done(&result);
    sds_service_free(service);
}

static void a_missing_record_is_not_said_twice(void **state)
{
    struct sds_service *service = sds_service_new("_leaf._tcp");

    (void)state;
    sds_service_set_missing(service, SDS_PART_TXT);
    assert_breaks(service, registry, "no TXT", "SD301");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys),
        cmocka_unit_test(findings_name_the_key),
        cmocka_unit_test(a_missing_record_is_not_said_twice),
    };

    return cmocka_run_group_tests(tests, begin_checking, end_checking);
}
