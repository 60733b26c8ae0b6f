/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/mem.h"
#include "checking.h"
#include "files/service_json.h"

/* A service from JSON's members beside its type, which is _ipp._tcp where none is given. */
static struct sds_service *read_service(const char *members)
{
    char text[4096];
    struct sds_service *service;
    struct sds_json_error error;
    json_t *json;

    if (strstr(members, "\"type\""))
        snprintf(text, sizeof(text), "{%s}", members);
    else
        snprintf(text, sizeof(text), "{\"type\":\"_ipp._tcp\"%s%s}", *members ? "," : "", members);
    json = json_loads(text, 0, NULL);
    assert_non_null(json);
    if (sds_service_from_json(json, NULL, &service, &error) < 0)
        fail_msg("%s: %s", members, error.text);
    json_decref(json);
    return service;
}

static const struct {
    const char *members, *broken;
    const char *unknown; /* one of these rules, which is not evaluated; NULL: all of them are */
} vectors[] = {
    {"", "", "SD403"},
    {"\"priority\":0", "", "SD403"},
    {"\"priority\":0,\"weight\":0", "", NULL},
    {"\"priority\":1", "SD403", NULL},
    {"\"weight\":65535,\"priority\":0", "SD403", NULL},
    {"\"weight\":1,\"srv_count\":1", "SD403", NULL},
    {"\"weight\":1,\"srv_count\":2", "SD404", NULL},
    {"\"weight\":1,\"srv_count\":0", "SD401", NULL},
    {"\"host\":null,\"port\":null,\"priority\":null,\"weight\":null", "SD401", NULL},

    {"\"srv_count\":0", "SD401", NULL},
    {"\"type\":\"_device-info._tcp\",\"srv_count\":0", "", NULL},
    {"\"srv_count\":1", "", "SD403"},
    {"\"srv_count\":4294967295", "SD404", NULL},
    {"\"srv_count\":0,\"addresses\":null", "SD401", NULL},
    {"\"host\":\"a.local\",\"addresses\":null", "SD420", "SD404"},

    {"\"host_cname\":null", "", NULL},
    {"\"host_cname\":false", "", NULL},
    {"\"host_cname\":true", "SD238", NULL},
    {"\"host_cname\":\"b.local\"", "SD238", NULL},
    {"\"host\":\"a.local\"", "", "SD238"},

    {"\"txt_hex\":\"0161\"", "", "SD405"},
    {"\"txt_records_hex\":[\"0161\"]", "", NULL},
    {"\"txt_records_hex\":[]", "SD301", NULL},
    {"\"txt_records_hex\":[\"0161\",\"0161\"]", "SD405", NULL},
    {"\"txt_records_hex\":[\"0161\",\"\"]", "SD302 SD405", NULL},
    {"\"txt_records_hex\":[\"0161\",\"023d62\",\"023d62\"]", "SD321 SD321 SD405", NULL},
    {"\"type\":\"_printer._tcp\",\"txt_records_hex\":[\"0671746f74616c\",\"0851546f74616c3d31\"]",
     "", NULL},
    {"\"type\":\"_printer._tcp\",\"txt_records_hex\":[\"0671746f74616c\",\"0161\"]", "SD405", NULL},
    {"\"type\":\"_printer._tcp\",\"txt_records_hex\":[\"0161\",\"0671746f74616c\"]", "SD405", NULL},
    {"\"type\":\"_ipp._tcp\",\"txt_records_hex\":[\"0671746f74616c\",\"0671746f74616c\"]", "SD405",
     NULL},

    {"\"ttl\":120", "", NULL},
    {"\"ttl\":4500", "", NULL},
    {"\"ttl\":75", "SD406", NULL},
    {"\"ttl\":null", "", NULL},
    {"\"ttl\":{\"ptr\":4500,\"srv\":120,\"txt\":4500,\"a\":120,\"aaaa\":120}", "", NULL},
    {"\"ttl\":{\"ptr\":120}", "SD406", NULL},
    {"\"ttl\":{\"srv\":4500,\"txt\":120,\"a\":4500,\"aaaa\":0}", "SD406 SD406 SD406 SD406", NULL},
    {"\"ttl\":10,\"domain\":\"example.com\"", "", NULL},
    {"\"ttl\":10,\"domain\":\"Local.\"", "SD406", NULL},
    {"", "", "SD406"},

    {"\"cache_flush\":true", "SD407", "SD408"},
    {"\"cache_flush\":false", "", "SD408"},
    {"\"cache_flush\":{\"srv\":true}", "", "SD407"},
    {"\"cache_flush\":{\"ptr\":true,\"srv\":true,\"txt\":true}", "SD407", NULL},
    {"\"cache_flush\":{\"ptr\":false,\"srv\":false,\"txt\":true,\"a\":false,\"aaaa\":false}",
     "SD408 SD408 SD408", NULL},
    {"", "", "SD407"},

    {"\"ptr_type\":\"_ipp._tcp\"", "", NULL},
    {"\"ptr_type\":\"_IPP._TCP.local.\"", "", NULL},
    {"\"ptr_type\":\"_http._tcp\"", "SD409", NULL},
    {"\"ptr_type\":\"_ipp._udp\"", "SD409", NULL},
    {"\"ptr_type\":\"_ipp\"", "SD409", NULL},
    {"\"ptr_type\":\"\"", "SD409", NULL},
    {"\"ptr_type\":\"_print._SUB._ipp._tcp.local\"", "", NULL},
    {"\"ptr_type\":\"_print._sub._ipps._tcp\"", "SD409", NULL},
    {"\"ptr_type\":\"_ipp._tcp._sub._http._tcp\"", "", NULL},
    {"\"type\":\"_print._sub._ipp._tcp\",\"ptr_type\":\"_ipp._tcp\"", "", NULL},
    {"", "", "SD409"},

    {"\"meta_ptr\":\"_ipp._tcp\"", "", NULL},
    {"\"meta_ptr\":\"_ipp._tcp.local\"", "", NULL},
    {"\"meta_ptr\":\"_ipp._tcp.example.com.\"", "", NULL},
    {"\"meta_ptr\":\"_ipp\"", "SD410", NULL},
    {"\"meta_ptr\":\"_ipp.local\"", "SD410", NULL},
    {"\"meta_ptr\":\"ipp._tcp.local\"", "SD410", NULL},
    {"\"meta_ptr\":\"_print._sub._ipp._tcp.local\"", "SD410", NULL},
    {"\"meta_ptr\":[\"_a._b._c\",\"_a._tcp\",\".\"]", "SD410 SD410", NULL},
    {"\"meta_ptr\":[]", "", NULL},
    {"", "", "SD410"},

    {"\"addresses\":[\"192.0.2.7\"]", "", "SD423"},
    {"\"addresses\":[\"192.0.2.7\"],\"interface\":\"eth0\"", "", "SD423"},
    {"\"addresses\":[\"192.0.2.7\"],\"interface\":{\"prefixes\":[\"192.0.2.0/29\"]}", "", NULL},
    {"\"addresses\":[\"192.0.2.8\"],\"interface\":{\"prefixes\":[\"192.0.2.0/29\"]}", "SD423",
     NULL},
    {"\"addresses\":[\"192.0.2.8\",\"fe80::1\"],\"interface\":{\"prefixes\":[\"192.0.2.0/29\"]}",
     "", NULL},
    {"\"addresses\":[\"2001:db8::1\"],\"interface\":[{\"name\":\"a\",\"prefixes\":[\"10.0.0.0/"
     "8\"]},"
     "{\"name\":\"b\",\"prefixes\":[\"2001:db8::/64\"]}]",
     "", NULL},
    {"\"addresses\":null,\"host\":\"a.local\",\"interface\":{\"prefixes\":[\"10.0.0.0/8\"]}",
     "SD420", NULL},
    {"\"addresses\":[\"127.0.0.1\"],\"interface\":{\"name\":\"lo\"}", "", "SD423"},
    {"\"addresses\":[\"127.0.0.1\"],\"interface\":{\"name\":\"eth0\"}", "SD422", "SD423"},
};

static void what_is_known_of_records(void **state)
{
    (void)state;
    for (size_t i = 0; i < SDS_COUNT(vectors); i++) {
        struct sds_service *service = read_service(vectors[i].members);
        struct sds_result result;

        assert_int_equal(sds_check(rules, NULL, service, &result), 0);
        if (vectors[i].unknown && !lacks_evidence(&result, vectors[i].unknown))
            fail_msg("%s: %s is evaluated", vectors[i].members, vectors[i].unknown);
        sds_result_done(&result);
        assert_breaks(service, NULL, vectors[i].members, vectors[i].broken);
    }
}

static void findings_name_their_txt_record(void **state)
{
    struct sds_service *service =
        read_service("\"txt_records_hex\":[\"0161013d\",\"00\",\"0162013d\"]");
    struct sds_result result;

    (void)state;
    assert_int_equal(sds_check(rules, NULL, service, &result), 0);
    assert_string_equal(broken_rules(&result), "SD321 SD321 SD405");
    assert_int_equal(result.findings[0].record, 0);
    assert_string_equal(result.findings[0].message, "string '=' has no key before '='");
    assert_int_equal(result.findings[1].record, 2);
    assert_int_equal(result.findings[1].offset, 2);
    assert_string_equal(result.findings[1].message,
                        "TXT record 3: string '=' has no key before '='");
    sds_result_done(&result);
    sds_service_free(service);
}

/* Strings that nobody can send: @key and as many bytes of value as make @len. */
static const struct {
    const char *type, *key;
    size_t len;
    const char *broken;
} long_strings[] = {
    {"_ipp._tcp", "a=", 255, "SD311"},
    {"_ipp._tcp", "a=", 256, "SD305 SD311"},
    {"_ipp._tcp", "a=", 399, "SD305 SD312"}, /* 400 with the length byte */
    {"_ipp._tcp", "a=", 398, "SD305 SD311"},
    {"_ipp._tcp", "a=", 1300, "SD305 SD313"},
    {"_ipp._tcp", "a=", 8900, "SD305 SD314"},
    {"_ipp._tcp", "", 300, "SD305 SD311 SD323"},
    {"_ipp._tcp", "=", 300, "SD305 SD311 SD321"},
    {"_ipp._tcp", "a\x01=", 300, "SD305 SD311 SD322"},
    {"_ipp._tcp", "longerthan9=", 300, "SD305 SD311 SD323"},
    {"_ipp._tcp", "txtvers=", 300, "SD305 SD311"},      /* not SD342 */
    {"_ipp._tcp", "password=", 300, "SD305 SD311"},     /* not SD620 */
    {"_lantern._tcp", "id=", 300, "SD305 SD311 SD602"}, /* id is there, and its form not judged */
    {"_dacp._tcp", "txtvers=", 300, "SD305 SD311 SD602 SD602"},
};

static void strings_that_are_too_long(void **state)
{
    static char text[10000];

    (void)state;
    for (size_t i = 0; i < SDS_COUNT(long_strings); i++) {
        struct sds_service *service = sds_service_new(long_strings[i].type);
        const struct sds_span string = {(const uint8_t *)text, long_strings[i].len};

        memset(text, 'x', sizeof(text));
        memcpy(text, long_strings[i].key, strlen(long_strings[i].key));
        assert_int_equal(sds_service_set_instance(service, "12AF Hall", 9), 0);
        if (strcmp(long_strings[i].type, "_lantern._tcp") == 0)
            assert_int_equal(sds_service_add_subtype(service, "_lamp"), 0);
        assert_int_equal(sds_service_set_txt_strings(service, &string, 1), 0);
        assert_breaks(service, registry, long_strings[i].key, long_strings[i].broken);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_known_of_records),
        cmocka_unit_test(findings_name_their_txt_record),
        cmocka_unit_test(strings_that_are_too_long),
    };

    return cmocka_run_group_tests(tests, begin_checking, end_checking);
}
