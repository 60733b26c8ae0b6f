/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/mem.h"
#include "checking.h"

#define LANTERN "_lantern._tcp"
#define WHOLE   "\7id=12af\10vendor=A" /* what its profile requires */

/* `_lantern` and the others are in the corpus' registry, with profiles beside them. */
static const struct {
    const char *name, *type, *instance, *subtype; /* NULL: unknown */
    size_t len;
    const char *rdata, *broken;
} vectors[] = {
    {"all is well", LANTERN, "12AF Hall", "_lamp", BYTES(WHOLE), ""},
    {"required key is absent", LANTERN, NULL, NULL, BYTES("\10vendor=A"), "SD611"},
    {"required key has no value", LANTERN, NULL, NULL, BYTES("\2id\10vendor=A"), "SD612"},
    {"no key at all", LANTERN, NULL, NULL, BYTES("\0"), "SD602 SD611"},
    {"case of a required key", LANTERN, NULL, NULL, BYTES("\7ID=12af\10vendor=A"), "SD605"},

    {"value out of range", LANTERN, NULL, NULL, BYTES(WHOLE "\7pri=100"), "SD612"},
    {"one finding a key", LANTERN, NULL, NULL, BYTES(WHOLE "\7pri=100\7pri=100"), "SD325 SD612"},
    {"the first value counts", LANTERN, NULL, NULL, BYTES(WHOLE "\5pri=1\7PRI=100"), "SD325 SD605"},
    {"numbered keys", LANTERN, NULL, NULL, BYTES(WHOLE "\5la0=x\5la1=y"), "SD612 SD612"},
    {"one finding a numbered key", LANTERN, NULL, NULL, BYTES(WHOLE "\5la0=x\5LA0=y"),
     "SD325 SD605 SD612"},
    {"the profile's form, not the registration's", LANTERN, NULL, NULL, BYTES(WHOLE "\5pri=2"), ""},

    {"key that nobody knows", LANTERN, NULL, NULL, BYTES(WHOLE "\3x=1"), "SD613"},
    {"open to others", "_glowworm._tcp", NULL, NULL, BYTES("\3x=1"), "SD516"},
    {"none is known", "_darkroom._tcp", NULL, NULL, BYTES("\3x=1"), "SD613"},
    {"no secret but a flag", LANTERN, NULL, NULL, BYTES(WHOLE "\3p=T"), ""},
    {"a secret", "_glowworm._tcp", NULL, NULL, BYTES("\10secret=x"), "SD516 SD620"},
    {"a secret unknown to the profile", "_glowworm._tcp", NULL, NULL, BYTES("\3p=T"),
     "SD516 SD620"},
    {"long key that is known", LANTERN, NULL, NULL, BYTES(WHOLE "\14brightness=1"), ""},

    {"required of one name only", "_firefly._udp", NULL, NULL, BYTES("\0"), "SD516 SD611"},
    {"and not of the other", "_glowworm._udp", NULL, NULL, BYTES("\0"), "SD516"},

    {"required where another key says so", "_glowworm._udp", NULL, NULL, BYTES("\5lit=y"),
     "SD516 SD611"},
    {"by the whole of its value", "_glowworm._udp", NULL, NULL, BYTES("\6LIT=no"), "SD516"},
    {"by a value", "_glowworm._udp", NULL, NULL, BYTES("\3lit"), "SD516"},
    {"by its first value", "_glowworm._udp", NULL, NULL, BYTES("\5lit=n\5lit=y"), "SD325 SD516"},
    {"and is there", "_glowworm._udp", NULL, NULL, BYTES("\7lit=yes\4Glow"), "SD516 SD605"},

    {"instance", LANTERN, "Hall", NULL, BYTES(WHOLE), "SD614"},
    {"instance is held to its end", LANTERN, "12AF ", NULL, BYTES(WHOLE), "SD208 SD614"},
    {"instance of any bytes", LANTERN, "12AF \xFF", NULL, BYTES(WHOLE), "SD202"},
    {"subtype in full", LANTERN, NULL, "_lamp._sub._lantern._tcp", BYTES(WHOLE), ""},
    {"subtype of another type", LANTERN, NULL, "_lamp._sub._ipp._tcp", BYTES(WHOLE), "SD121 SD615"},
    {"subtype", LANTERN, NULL, "_lamp2", BYTES(WHOLE), "SD615"},

    {"other transport", "_lantern._udp", "Hall", NULL, BYTES("\3x=1"), "SD502"},
    {"other name", "_lanterns._udp", "Hall", NULL, BYTES("\3x=1"), "SD501"},
};

static void profiles(void **state)
{
    (void)state;
    for (size_t i = 0; i < SDS_COUNT(vectors); i++) {
        struct sds_service *service = sds_service_new(vectors[i].type);
        const char *instance = vectors[i].instance;

        assert_int_equal(sds_service_set_txt(service, vectors[i].rdata, vectors[i].len), 0);
        if (instance)
            assert_int_equal(sds_service_set_instance(service, instance, strlen(instance)), 0);
        if (vectors[i].subtype)
            assert_int_equal(sds_service_add_subtype(service, vectors[i].subtype), 0);
        assert_breaks(service, registry, vectors[i].name, vectors[i].broken);
    }
}

static void findings_say_what_should_be(void **state)
{
    static const char rdata[] = "\7id=12ag\10vendor=A\5prj=1\7pri=1 0\4la0=";
    struct sds_service *service = sds_service_new("_lantern._tcp");
    struct sds_result result;

    (void)state;
    assert_int_equal(sds_service_set_txt(service, rdata, sizeof(rdata) - 1), 0);
    assert_int_equal(sds_service_set_instance(service, "Hall", 4), 0);
    assert_int_equal(sds_check(rules, registry, service, &result), 0);
    assert_string_equal(broken_rules(&result), "SD612 SD612 SD612 SD613 SD614");
    assert_string_equal(result.findings[0].key, "id");
    assert_int_equal(result.findings[0].offset, 0);
    assert_string_equal(result.findings[0].message,
                        "value '12ag' of 'id' is not 4 hex digits: at byte 3 it has a character "
                        "that is no hex digit");
    assert_string_equal(result.findings[1].message,
                        "value '1 0' of 'pri' is not a whole number from 0 to 99: at byte 1 it has "
                        "a character that is no digit");
    assert_string_equal(result.findings[2].message,
                        "value of 'la0' is empty, and should be a list, its items apart by ',', "
                        "each a UUID");
    assert_string_equal(result.findings[3].message,
                        "key 'prj' is not known of this service; did you mean 'pri'?");
    assert_string_equal(
        result.findings[4].message,
        "instance name 'Hall' is not of the form: 4 hex digits, a space and a name");
    assert_int_equal(result.verdict, SDS_VERDICT_REGISTERED);
    sds_result_done(&result);
    sds_service_free(service);
}

static void a_type_that_only_a_profile_knows_is_known(void **state)
{
    struct sds_service *service = sds_service_new("_glowworm._tcp");
    struct sds_result result;

    (void)state;
    assert_int_equal(sds_check(rules, registry, service, &result), 0);
    assert_string_equal(broken_rules(&result), "SD516");
    assert_true(result.has_verdict);
    assert_int_equal(result.verdict, SDS_VERDICT_KNOWN);
    assert_true(lacks_evidence(&result, "SD611"));
    assert_true(lacks_evidence(&result, "SD614"));
    assert_true(lacks_evidence(&result, "SD615"));
    sds_result_done(&result);
    assert_int_equal(sds_check(rules, NULL, service, &result), 0);
    assert_string_equal(broken_rules(&result), "");
    assert_true(lacks_evidence(&result, "SD516"));
    sds_result_done(&result);
    sds_service_free(service);
}

static void any_port_will_do(void **state)
{
    struct sds_service *service = sds_service_new("_lantern._tcp");

    (void)state;
    sds_service_set_port(service, 0x6712); /* 4711 is 0x1267 */
    assert_breaks(service, registry, "any port", "SD506");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(profiles),
        cmocka_unit_test(findings_say_what_should_be),
        cmocka_unit_test(a_type_that_only_a_profile_knows_is_known),
        cmocka_unit_test(any_port_will_do),
    };

    return cmocka_run_group_tests(tests, begin_checking, end_checking);
}
