/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "files/service_json.h"

/* Text with its length, NUL bytes and all. */
#define TEXT(literal) (literal), sizeof(literal) - 1

/* What the writer makes of what the reader read: the same again, where it is in its own shape. */
static const struct {
    const char *name, *json;
} round_trips[] = {
    {"type alone", "{\"type\":\"_ipp._tcp\"}"},
    {"all parts",
     "{\"instance\":\"Printer\",\"type\":\"_ipp._tcp\",\"subtypes\":[\"_print\",\"_x\"],"
     "\"domain\":\"local\",\"host\":\"printer.local\",\"port\":631,\"priority\":0,"
     "\"weight\":65535,\"addresses\":[\"192.0.2.7\",\"2001:db8::7\"],"
     "\"txt_hex\":\"03613d6201630764653d3d66673d\","
     "\"txt\":[{\"key\":\"a\",\"value\":\"b\"},{\"key\":\"c\"},"
     "{\"key\":\"de\",\"value\":\"=fg=\"}],\"ttl\":4294967295,"
     "\"sightings\":[{\"interface\":\"eth0\",\"family\":\"ipv4\"},"
     "{\"interface\":\"eth0\",\"family\":\"ipv6\"}],\"order_trusted\":false,\"txt_rewritten\":"
     "true}"},
    {"every part missing",
     "{\"instance\":null,\"type\":\"_a._udp\",\"subtypes\":null,\"domain\":null,\"host\":null,"
     "\"port\":null,\"priority\":null,\"weight\":null,\"addresses\":null,\"txt_hex\":null,"
     "\"txt\":null,\"ttl\":null}"},
    {"instance of no bytes", "{\"instance\":\"\",\"type\":\"_a._tcp\"}"},
    {"instance with NUL and controls",
     "{\"instance\":\"a\\u0000b\\n\\u001b[31m\",\"type\":\"_a._tcp\"}"},
    {"instance beyond ASCII", "{\"instance\":\"Küche 台所 👩‍🚀\",\"type\":\"_a._tcp\"}"},
    {"instance that is not UTF-8", "{\"type\":\"_a._tcp\",\"instance_hex\":\"c3\"}"},
    {"overlong instance", "{\"type\":\"_a._tcp\",\"instance_hex\":\"c080\"}"},
    {"surrogate in an instance", "{\"type\":\"_a._tcp\",\"instance_hex\":\"eda080\"}"},
    {"type that is none", "{\"type\":\"a b\\\\.c\"}"},
    {"zero-length TXT", "{\"type\":\"_a._tcp\",\"txt_hex\":\"\",\"txt\":[]}"},
    {"empty TXT", "{\"type\":\"_a._tcp\",\"txt_hex\":\"00\",\"txt\":[]}"},
    {"repeats and order", "{\"type\":\"_a._tcp\",\"txt_hex\":\"03623d320361203103623d31\"}"},
    {"four states of a key", "{\"type\":\"_a._tcp\",\"txt_hex\":\"016102613d04613d0030023d61\"}"},
    {"empty and truncated strings",
     "{\"type\":\"_a._tcp\",\"txt_hex\":\"00016100ff62\",\"txt\":[{\"key\":\"a\"}]}"},
    {"binary halves", "{\"type\":\"_a._tcp\",\"txt_hex\":\"04613dff0003ff3d62\","
                      "\"txt\":[{\"key\":\"a\",\"value_hex\":\"ff00\"},"
                      "{\"key_hex\":\"ff\",\"value\":\"b\"}]}"},
    {"subtypes as written",
     "{\"type\":\"_a._tcp\",\"subtypes\":[\"_b\",\"_B\",\"_b\",\"\",\"_b._sub._a._tcp\","
     "\"_c._sub._d._tcp\",\"\\\\066\\\\.\",\"Büro\",\"_x\\\\\"]}"},
    {"subtypes that are not UTF-8",
     "{\"type\":\"_a._tcp\",\"subtypes_hex\":[\"5fff\",\"\",\"5f2e5c00\",\"5fff\",\"5fc3bc\"]}"},
    {"the same escaped, where one is more than a label",
     "{\"type\":\"_a._tcp\",\"subtypes\":[\"_\\\\255\",\"_b._sub._a._tcp\"]}"},
    {"the same, escaped otherwise", "{\"type\":\"_a._tcp\",\"subtypes\":[\"\\\\095\\\\255\"]}"},
    {"names that are none", "{\"type\":\"_a._tcp\",\"subtypes\":null,\"domain\":\"\","
                            "\"host\":\"a..\\\\999\"}"},
    {"several TXT records", "{\"type\":\"_a._tcp\",\"txt_hex\":\"0161\",\"txt\":[{\"key\":\"a\"}],"
                            "\"txt_records_hex\":[\"0161\",\"\",\"00\",\"0262\"]}"},
    {"one TXT record that is counted",
     "{\"type\":\"_a._tcp\",\"txt_hex\":\"00\",\"txt\":[],\"txt_records_hex\":[\"00\"]}"},
    {"no TXT record, counted", "{\"type\":\"_a._tcp\",\"txt_hex\":null,\"txt\":null,"
                               "\"txt_records_hex\":[]}"},
    {"SRV records", "{\"type\":\"_a._tcp\",\"srv_count\":2}"},
    {"rival", "{\"type\":\"_a._tcp\",\"host\":\"a.local\",\"rival_host\":\"b\\\\255.local\"}"},
    {"no SRV record", "{\"type\":\"_a._tcp\",\"srv_count\":0}"},
    {"packets without a fault", "{\"type\":\"_a._tcp\",\"packet_faults\":[]}"},
    {"packets with faults", "{\"type\":\"_a._tcp\",\"packet_faults\":[\"response-id\","
                            "\"record-other-link\"]}"},
    {"packets of several", "{\"type\":\"_a._tcp\",\"packet_faults\":[\"response-id\"],"
                           "\"packet_senders\":[{\"address\":\"192.0.2.7\",\"interface\":\"eth0\","
                           "\"port\":65535,\"faults\":[\"response-id\"]},"
                           "{\"address\":\"fe80::7\",\"faults\":[\"response-id\"]}]}"},
    {"alias", "{\"type\":\"_a._tcp\",\"host_cname\":\"other.local\"}"},
    {"alias of something", "{\"type\":\"_a._tcp\",\"host_cname\":true}"},
    {"TTL of each record",
     "{\"type\":\"_a._tcp\",\"ttl\":{\"ptr\":4500,\"srv\":120,\"txt\":0,\"a\":1,\"aaaa\":2}}"},
    {"TTL of one record", "{\"type\":\"_a._tcp\",\"ttl\":{\"srv\":0}}"},
    {"cache-flush bits",
     "{\"type\":\"_a._tcp\",\"cache_flush\":{\"ptr\":false,\"srv\":true,\"aaaa\":false}}"},
    {"owner of the PTR", "{\"type\":\"_a._tcp\",\"ptr_type\":\"_b._sub._a._tcp.local\"}"},
    {"meta PTRs", "{\"type\":\"_a._tcp\",\"meta_ptr\":[\"_a._tcp.local\",\"_b._sub._a._tcp\"]}"},
    {"records that are not there",
     "{\"type\":\"_a._tcp\",\"host_cname\":null,\"cache_flush\":null,\"ptr_type\":null,"
     "\"meta_ptr\":null}"},
    {"interface", "{\"type\":\"_a._tcp\",\"interface\":{\"name\":\"eth0\"}}"},
    {"prefixes", "{\"type\":\"_a._tcp\",\"interface\":{\"name\":\"eth0\","
                 "\"prefixes\":[\"192.0.2.0/24\",\"fe80::/64\",\"0.0.0.0/0\"]}}"},
    {"prefixes of an interface without name",
     "{\"type\":\"_a._tcp\",\"interface\":{\"prefixes\":[\"192.0.2.7/32\"]}}"},
    {"prefixes of a sighting",
     "{\"type\":\"_a._tcp\",\"sightings\":[{\"interface\":\"eth0\",\"family\":\"ipv6\"}],"
     "\"interface\":{\"name\":\"eth0\",\"prefixes\":[\"fe80::/64\"]}}"},
    {"several interfaces", "{\"type\":\"_a._tcp\",\"interface\":[{\"name\":\"eth0\"},"
                           "{\"name\":\"eth1\",\"prefixes\":[\"fe80::/64\"]}]}"},
    {"NUL in a value", "{\"type\":\"_a._tcp\",\"txt_hex\":\"04613d0062\","
                       "\"txt\":[{\"key\":\"a\",\"value\":\"\\u0000b\"}]}"},
};

static void reads_what_it_wrote(void **state)
{
    (void)state;
    for (size_t i = 0; i < SDS_COUNT(round_trips); i++) {
        struct sds_service *s, *again;
        struct sds_json_error error;
        json_t *json = json_loads(round_trips[i].json, JSON_ALLOW_NUL, NULL);
        json_t *written, *member;
        const char *key;

        print_message("# %s\n", round_trips[i].name);
        assert_non_null(json);
        assert_int_equal(sds_service_from_json(json, NULL, &s, &error), 0);
        written = sds_service_to_json(s);
        assert_non_null(written);
        json_object_foreach(json, key, member)
            assert_true(json_equal(member, json_object_get(written, key)));
        json_object_del(written, "txt");
        json_object_del(json, "txt");
        assert_true(json_equal(json, written));

        assert_int_equal(sds_service_from_json(written, NULL, &again, &error), 0);
        assert_int_equal(sds_service_diff(s, again), 0);
        assert_int_equal(s->n_sightings, again->n_sightings);
        assert_int_equal(s->order_untrusted, again->order_untrusted);
        assert_int_equal(s->txt_rewritten, again->txt_rewritten);
        sds_service_free(s);
        sds_service_free(again);
        json_decref(json);
        json_decref(written);
    }
}

static void writes_members_in_order(void **state)
{
    const char *json = round_trips[1].json;
    struct sds_input input = {0};
    struct sds_input_error error;
    json_t *written;
    char *text;

    (void)state;
    assert_int_equal(sds_services_read_json(json, strlen(json), &input, &error), 0);
    assert_int_equal(input.services.n, 1);
    written = sds_service_to_json(input.services.v[0].service);
    text = json_dumps(written, JSON_COMPACT);
    assert_string_equal(text, json);
    free(text);
    json_decref(written);
    sds_input_done(&input);
}

/* Any bytes: what was sent is what is read back. */
static void keeps_any_bytes(void **state)
{
    unsigned random = 1;

    (void)state;
    for (unsigned i = 0; i < 5000; i++) {
        struct sds_service *s = sds_service_new("_a._tcp"), *again;
        struct sds_json_error error;
        uint8_t bytes[40];
        json_t *written;

        for (size_t j = 0; j < sizeof(bytes); j++) {
            random = random * 1103515245u + 12345u;
            bytes[j] = (uint8_t)(random >> 16 & (i % 2 ? 0xff : 0x3f));
        }
        assert_int_equal(sds_service_set_instance(s, bytes, i % 5), 0);
        assert_int_equal(sds_service_set_txt(s, bytes, i % (sizeof(bytes) + 1)), 0);
        for (size_t j = 0; j < i % 4; j++) {
            char *label = sds_label_format(bytes + j, i % (7 + j));

            assert_int_equal(sds_service_append_subtype(s, label), 0);
            free(label);
        }
        written = sds_service_to_json(s);
        assert_non_null(written);
        assert_int_equal(sds_service_from_json(written, NULL, &again, &error), 0);
        assert_int_equal(sds_service_diff(s, again), 0);
        json_decref(written);
        sds_service_free(s);
        sds_service_free(again);
    }
}

/* Other ways to say it, of which the writer has one. */
static const struct {
    const char *name, *given, *written;
} spellings[] = {
    {"one meta PTR", "{\"type\":\"a\",\"meta_ptr\":\"_a._tcp\"}",
     "{\"type\":\"a\",\"meta_ptr\":[\"_a._tcp\"]}"},
    {"cache-flush bit of the PTR", "{\"type\":\"a\",\"cache_flush\":true}",
     "{\"type\":\"a\",\"cache_flush\":{\"ptr\":true}}"},
    {"no alias", "{\"type\":\"a\",\"host_cname\":false}", "{\"type\":\"a\",\"host_cname\":null}"},
    {"interface by its name", "{\"type\":\"a\",\"interface\":\"lo\"}",
     "{\"type\":\"a\",\"interface\":{\"name\":\"lo\"}}"},
    {"interface of a sighting",
     "{\"type\":\"a\",\"interface\":{\"name\":\"lo\"},"
     "\"sightings\":[{\"interface\":\"lo\",\"family\":\"ipv4\"}]}",
     "{\"type\":\"a\",\"sightings\":[{\"interface\":\"lo\",\"family\":\"ipv4\"}]}"},
    {"strings that all fit", "{\"type\":\"a\",\"txt_strings_hex\":[\"613d\",\"\",\"62\"]}",
     "{\"type\":\"a\",\"txt_hex\":\"02613d000162\","
     "\"txt\":[{\"key\":\"a\",\"value\":\"\"},{\"key\":\"b\"}]}"},
    {"no strings", "{\"type\":\"a\",\"txt_strings_hex\":[]}",
     "{\"type\":\"a\",\"txt_hex\":\"00\",\"txt\":[]}"},
    {"records of which none is known", "{\"type\":\"a\",\"ttl\":{},\"cache_flush\":{\"ptr\":null}}",
     "{\"type\":\"a\"}"},
    {"records before RDATA before attributes",
     "{\"type\":\"a\",\"txt_records_hex\":[\"0163\"],\"txt_hex\":\"0162\",\"txt\":[\"a\"]}",
     "{\"type\":\"a\",\"txt_hex\":\"0163\",\"txt\":[{\"key\":\"c\"}],"
     "\"txt_records_hex\":[\"0163\"]}"},
};

static void reads_other_spellings(void **state)
{
    (void)state;
    for (size_t i = 0; i < SDS_COUNT(spellings); i++) {
        json_t *given = json_loads(spellings[i].given, 0, NULL);
        json_t *expected = json_loads(spellings[i].written, 0, NULL), *written;
        struct sds_json_error error;
        struct sds_service *s;

        print_message("# %s\n", spellings[i].name);
        assert_int_equal(sds_service_from_json(given, NULL, &s, &error), 0);
        written = sds_service_to_json(s);
        assert_true(json_equal(written, expected));
        json_decref(given);
        json_decref(expected);
        json_decref(written);
        sds_service_free(s);
    }
}

/* A string that no RDATA can hold comes back whole; the RDATA has its beginning. */
static void keeps_long_strings(void **state)
{
    char value[301], hex[2 * sizeof(value) + 8] = "613d";
    json_t *given, *written;
    struct sds_json_error error;
    struct sds_service *s, *again, *copy;

    (void)state;
    memset(value, 'x', sizeof(value));
    value[298] = '\0';
    for (size_t i = 0; i < strlen(value); i++)
        strcat(hex, "78");
    given = json_pack("{s:s, s:[s, s, s]}", "type", "_a._tcp", "txt_strings_hex", "62", hex, "63");
    assert_int_equal(sds_service_from_json(given, NULL, &s, &error), 0);
    assert_int_equal(s->txt.len, 2 + 256 + 2);
    assert_int_equal(s->txt.p[2], 255);
    assert_int_equal(s->n_long_strings, 1);
    assert_int_equal(sds_service_long_string(s, 2)->bytes.len, 300);
    assert_null(sds_service_long_string(s, 0));

    written = sds_service_to_json(s);
    assert_true(json_equal(json_object_get(written, "txt_strings_hex"),
                           json_object_get(given, "txt_strings_hex")));
    assert_null(json_object_get(written, "txt_hex"));
    assert_string_equal(json_string_value(json_object_get(
                            json_array_get(json_object_get(written, "txt"), 1), "value")),
                        value);
    assert_int_equal(sds_service_from_json(written, NULL, &again, &error), 0);
    assert_int_equal(sds_service_diff(s, again), 0);
    copy = sds_service_dup(s);
    assert_int_equal(sds_service_diff(s, copy), 0);
    assert_int_equal(sds_service_set_txt(copy, "\1b", 2), 0);
    assert_int_equal(copy->n_long_strings, 0);
    sds_service_free(copy);
    sds_service_free(again);
    sds_service_free(s);
    json_decref(given);
    json_decref(written);
}

/* RDATA from attributes. */
static const struct {
    const char *name, *txt, *rdata_hex;
} attributes[] = {
    {"none", "[]", "00"},
    {"key without value", "[{\"key\":\"a\"}]", "0161"},
    {"null is no value", "[{\"key\":\"a\",\"value\":null}]", "0161"},
    {"empty value", "[{\"key\":\"a\",\"value\":\"\"}]", "02613d"},
    {"value with equals", "[{\"key\":\"a\",\"value\":\"=\"}]", "03613d3d"},
    {"hex before text", "[{\"key_hex\":\"ff\",\"key\":\"a\",\"value_hex\":\"00\"}]", "03ff3d00"},
    {"empty value in hex", "[{\"key\":\"a\",\"value_hex\":\"\"}]", "02613d"},
    {"empty key", "[{\"key\":\"\",\"value\":\"a\"}]", "023d61"},
    {"empty string", "[{\"key\":\"\"},{\"key\":\"a\"}]", "000161"},
    {"strings", "[\"a=b\",\"flag\",\"=x\",\"\"]", "03613d6204666c6167023d7800"},
    {"a string of no bytes", "[\"\"]", "00"},
    {"mixed", "[{\"key\":\"a\"},\"b=\\u00fc\",{\"key\":\"c\",\"value\":\"\"}]",
     "016104623dc3bc02633d"},
    {"order and repeats", "[{\"key\":\"b\"},{\"key\":\"a\"},{\"key\":\"b\"}]", "016201610162"},
};

static void builds_rdata_from_attributes(void **state)
{
    (void)state;
    for (size_t i = 0; i < SDS_COUNT(attributes); i++) {
        json_t *json = json_pack("{s:s, s:o}", "type", "_a._tcp", "txt",
                                 json_loads(attributes[i].txt, 0, NULL));
        struct sds_service *s;
        struct sds_json_error error;
        json_t *written;

        print_message("# %s\n", attributes[i].name);
        assert_int_equal(sds_service_from_json(json, NULL, &s, &error), 0);
        written = sds_service_to_json(s);
        assert_string_equal(json_string_value(json_object_get(written, "txt_hex")),
                            attributes[i].rdata_hex);
        json_decref(written);
        json_decref(json);
        sds_service_free(s);
    }
}

#define LONG_252                                                                                   \
    "123456789012345678901234567890123456789012345678901234567890123"                              \
    "123456789012345678901234567890123456789012345678901234567890123"                              \
    "123456789012345678901234567890123456789012345678901234567890123"                              \
    "123456789012345678901234567890123456789012345678901234567890123"

/* Texts of files: services found, or where and how they are refused. */
static const struct {
    const char *name, *text;
    size_t len, n;
    int line, column;
    const char *error; /* NULL: none */
} files[] = {
    {"an array", TEXT("[{\"type\":\"_a._tcp\"},{\"type\":\"_b._tcp\"}]"), 2, 0, 0, NULL},
    {"an empty array", TEXT(" [] "), 0, 0, 0, NULL},
    {"lines", TEXT("{\"type\":\"_a._tcp\"}\n\n{\"type\":\"_b._tcp\"}\r\n"), 2, 0, 0, NULL},
    {"a report", TEXT("{\"sdscope\":{},\"services\":[{\"type\":\"_a._tcp\",\"verdict\":1}]}"), 1, 0,
     0, NULL},
    {"a report whose member is written with an escape",
     TEXT("{\"\\u0073ervices\":[{\"\\u0074ype\":\"a\"}],\"x\":{},\"y\":[],\"z\":1}"), 1, 0, 0,
     NULL},
    {"members that nobody knows", TEXT("{\"type\":\"_a._tcp\",\"x\":{\"y\":[1]}}"), 1, 0, 0, NULL},
    {"255 bytes in a string",
     TEXT("{\"type\":\"_a._tcp\",\"txt\":[{\"key\":\"ab\",\"value\":\"" LONG_252 "\"}]}"), 1, 0, 0,
     NULL},
    {"256 bytes in a string",
     TEXT("{\"type\":\"_a._tcp\",\"txt\":[{\"key\":\"abc\",\"value\":\"" LONG_252 "\"}]}"), 1, 0, 0,
     NULL},
    {"peers", TEXT("{\"type\":\"a\",\"peers\":[{\"type\":\"b\"},{\"type\":\"c\"}]}"), 1, 0, 0,
     NULL},
    {"255 bytes in a string as it is sent", TEXT("{\"type\":\"a\",\"txt\":[\"abc" LONG_252 "\"]}"),
     1, 0, 0, NULL},
    {"instance_hex that is null", TEXT("{\"type\":\"a\",\"instance\":\"x\",\"instance_hex\":null}"),
     1, 0, 0, NULL},

    {"nothing", TEXT(" \n"), 0, 0, 0, "expected JSON, found nothing"},
    {"no JSON", TEXT("hello"), 0, 1, 5, "'[' or '{' expected near 'hello'"},
    {"a stray comma", TEXT("{\n  \"type\": \"_a._tcp\",\n}"), 0, 3, 1,
     "string or '}' expected near '}'"},
    {"a fault on a later line", TEXT("{\"type\":\"_a._tcp\"}\n  {\"type\"}"), 0, 2, 10,
     "':' expected near '}'"},
    {"an end too early", TEXT("[{\"type\":\"_a._tcp\"}"), 0, 1, 19,
     "']' expected near end of file"},
    {"bytes that are not UTF-8", TEXT("{\"type\":\"\xff\"}"), 0, 1, 9,
     "unable to decode byte 0xff near '\"'"},
    {"controls in what is quoted", TEXT("{\"type\":\033[31mx"), 0, 1, 9,
     "invalid token near '\\x1b'"},
    {"a member twice", TEXT("{\"type\":\"a\",\"type\":\"b\"}"), 0, 1, 18,
     "duplicate object key near '\"type\"'"},
    {"a NUL byte", TEXT("{\"type\":\"a\"}\0"), 0, 1, 13, "'[' or '{' expected near end of file"},

    {"not a service", TEXT("[1]"), 0, 1, 2, "[0]: expected an object, found a number"},
    {"services that are none", TEXT("{\"services\":{}}"), 0, 1, 13,
     "services: expected an array of services, found an object"},
    {"without type", TEXT("{\n}"), 0, 1, 1,
     "type: expected a service type such as \"_ipp._tcp\", found nothing"},
    {"type of a wrong kind", TEXT("{\"type\":null}"), 0, 1, 9,
     "type: expected a service type such as \"_ipp._tcp\", found null"},
    {"type with NUL", TEXT("{\"type\":\"a\\u0000\"}"), 0, 1, 9,
     "type: expected a service type such as \"_ipp._tcp\", found a NUL character"},
    {"port too large", TEXT("{\"type\":\"a\",\"port\":70000}"), 0, 1, 20,
     "port: expected an integer from 0 to 65535, found 70000"},
    {"a port written with an escape", TEXT("{\"type\":\"a\",\"p\\u006frt\":70000}"), 0, 1, 25,
     "port: expected an integer from 0 to 65535, found 70000"},
    {"port below zero", TEXT("{\"type\":\"a\"}\n{\"type\":\"a\",\"port\":-1}"), 0, 2, 20,
     "port: expected an integer from 0 to 65535, found -1"},
    {"port as text", TEXT("{\"type\":\"a\",\"port\":\"631\"}"), 0, 1, 20,
     "port: expected an integer from 0 to 65535, found a string"},
    {"port with a fraction", TEXT("{\"type\":\"a\",\"port\":631.0}"), 0, 1, 20,
     "port: expected an integer from 0 to 65535, found a number with a fraction"},
    {"TTL too large", TEXT("{\"type\":\"a\",\"ttl\":4294967296}"), 0, 1, 19,
     "ttl: expected an integer from 0 to 4294967295, found 4294967296"},
    {"half a byte", TEXT("{\"type\":\"a\",\"txt_hex\":\"012\"}"), 0, 1, 23,
     "txt_hex: expected an even number of hex digits, found '012'"},
    {"no hex digit", TEXT("{\"type\":\"a\",\"instance_hex\":\"0\\u202e\"}"), 0, 1, 28,
     "instance_hex: expected an even number of hex digits, found '0\\u{202e}'"},
    {"half a byte of a subtype", TEXT("{\"type\":\"a\",\"subtypes_hex\":[\"\",\"5f6\"]}"), 0, 1, 32,
     "subtypes_hex[1]: expected an even number of hex digits, found '5f6'"},
    {"subtypes in hex of a wrong kind", TEXT("{\"type\":\"a\",\"subtypes_hex\":\"5f\"}"), 0, 1, 28,
     "subtypes_hex: expected an array, found a string"},
    {"no address", TEXT("[{\"type\":\"a\"},{\"type\":\"a\",\"addresses\":[\"::1\",\"x\\n\"]}]"), 0,
     1, 46, "[1].addresses[1]: expected an IPv4 or IPv6 address, found 'x\\x0a'"},
    {"addresses of a wrong kind", TEXT("{\"type\":\"a\",\"addresses\":\"::1\"}"), 0, 1, 25,
     "addresses: expected an array, found a string"},
    {"a family that is none",
     TEXT("{\"services\":[{\"type\":\"a\",\"sightings\":[{\"interface\":\"eth0\","
          "\"family\":\"ipx\"}]}]}"),
     0, 1, 68, "services[0].sightings[0].family: expected \"ipv4\" or \"ipv6\", found 'ipx'"},
    {"an interface's name too long",
     TEXT("{\"type\":\"a\",\"sightings\":[{\"interface\":\"1234567890123456\","
          "\"family\":\"ipv4\"}]}"),
     0, 1, 39, "sightings[0].interface: longer than 15 bytes"},
    {"attribute without key", TEXT("{\"type\":\"a\",\"txt\":[{\"value\":\"b\"}]}"), 0, 1, 20,
     "txt[0]: expected a member \"key\""},
    {"key with equals", TEXT("{\"type\":\"a\",\"txt\":[{\"key\":\"b=\"}]}"), 0, 1, 20,
     "txt[0]: a key cannot contain '='"},
    {"value of a wrong kind", TEXT("{\"type\":\"a\",\"txt\":[{\"key\":\"b\",\"value\":1}]}"), 0, 1,
     39, "txt[0].value: expected a string, found a number"},
    {"a count of SRV records below zero", TEXT("{\"type\":\"a\",\"srv_count\":-1}"), 0, 1, 25,
     "srv_count: expected an integer from 0 to 4294967295, found -1"},
    {"a sender without an address", TEXT("{\"type\":\"a\",\"packet_senders\":[{\"faults\":[]}]}"),
     0, 1, 31,
     "packet_senders[0].address: expected an address such as \"192.0.2.7\", found nothing"},
    {"a sender without faults", TEXT("{\"type\":\"a\",\"packet_senders\":[{\"address\":\"::1\"}]}"),
     0, 1, 31, "packet_senders[0].faults: expected an array, found nothing"},
    {"a fault of packets that is none", TEXT("{\"type\":\"a\",\"packet_faults\":[\"late\"]}"), 0, 1,
     30, "packet_faults[0]: expected a fault of packets such as \"response-id\", found 'late'"},
    {"a record that is none", TEXT("{\"type\":\"a\",\"ttl\":{\"txtt\":1}}"), 0, 1, 27,
     "ttl: unknown member 'txtt': did you mean 'txt'?"},
    {"a flag that is none", TEXT("{\"type\":\"a\",\"cache_flush\":{\"srv\":1}}"), 0, 1, 34,
     "cache_flush.srv: expected true or false, found a number"},
    {"an alias that is none", TEXT("{\"type\":\"a\",\"host_cname\":1}"), 0, 1, 26,
     "host_cname: expected a host name, true or false, found a number"},
    {"a prefix that is none",
     TEXT("{\"type\":\"a\",\"interface\":{\"prefixes\":[\"::/128\",\"192.0.2.0/33\"]}}"), 0, 1, 47,
     "interface.prefixes[1]: expected a prefix such as \"192.0.2.0/24\", found '192.0.2.0/33'"},
    {"a prefix without length", TEXT("{\"type\":\"a\",\"interface\":{\"prefixes\":[\"::\"]}}"), 0,
     1, 38, "interface.prefixes[0]: expected a prefix such as \"192.0.2.0/24\", found '::'"},
    {"a member of an interface misspelt", TEXT("{\"type\":\"a\",\"interface\":{\"prefix\":[]}}"), 0,
     1, 35, "interface: unknown member 'prefix': did you mean 'prefixes'?"},
    {"a peer that is no service", TEXT("{\"type\":\"a\",\"peers\":[{\"type\":1}]}"), 0, 1, 30,
     "peers[0].type: expected a service type such as \"_ipp._tcp\", found a number"},
    {"peers that are none", TEXT("{\"type\":\"a\",\"peers\":{}}"), 0, 1, 21,
     "peers: expected an array of services, found an object"},
    {"half a byte of a record", TEXT("{\"type\":\"a\",\"txt_records_hex\":[\"00\",\"0\"]}"), 0, 1,
     37, "txt_records_hex[1]: expected an even number of hex digits, found '0'"},
    {"attribute of a wrong kind", TEXT("{\"type\":\"a\",\"txt\":[1]}"), 0, 1, 20,
     "txt[0]: expected an object or a string, found a number"},
    {"a member misspelt", TEXT("[{\"type\":\"a\",\"prot\":631}]"), 0, 1, 21,
     "[0]: unknown member 'prot': did you mean 'port'?"},
    {"a member in capitals", TEXT("{\"Type\":\"a\"}"), 0, 1, 9,
     "unknown member 'Type': did you mean 'type'?"},
    {"a member that is hostile", TEXT("{\"type\":\"a\",\n\"port\\u0001\":1}"), 0, 2, 14,
     "unknown member 'port\\x01': did you mean 'port'?"},
    {"a member of an attribute misspelt",
     TEXT("{\"type\":\"a\",\"txt\":[{\"key\":\"b\",\"vlaue\":\"1\"}]}"), 0, 1, 39,
     "txt[0]: unknown member 'vlaue': did you mean 'value'?"},
    {"a member of a sighting misspelt",
     TEXT("{\"type\":\"a\",\"sightings\":[{\"iface\":1,\"famly\":1}]}"), 0, 1, 45,
     "sightings[0]: unknown member 'famly': did you mean 'family'?"},
    {"order that is neither", TEXT("{\"type\":\"a\",\"order_trusted\":1}"), 0, 1, 29,
     "order_trusted: expected true or false, found a number"},
};

static void reads_files(void **state)
{
    (void)state;
    for (size_t i = 0; i < SDS_COUNT(files); i++) {
        struct sds_input input = {0};
        struct sds_input_error error;
        int r = sds_services_read_json(files[i].text, files[i].len, &input, &error);

        print_message("# %s\n", files[i].name);
        assert_int_equal(r, files[i].error ? -EINVAL : 0);
        if (!files[i].error) {
            assert_int_equal(input.services.n, files[i].n);
        } else {
            assert_string_equal(error.text, files[i].error);
            assert_int_equal(error.place.line, files[i].line);
            assert_int_equal(error.place.column, files[i].column);
        }
        sds_input_done(&input);
    }
}

/* However long the text at fault, the message holds whole characters of it. */
static void cuts_messages_between_characters(void **state)
{
    char text[1024] = "{\"type\":\"a\",\"txt_hex\":\"";
    struct sds_input_error error;
    struct sds_input input = {0};

    (void)state;
    for (int i = 0; i < 100; i++)
        strcat(text, "\u53f0");
    strcat(text, "\"}");
    assert_int_equal(sds_services_read_json(text, strlen(text), &input, &error), -EINVAL);
    assert_in_range(strlen(error.text), sizeof(error.text) - 4, sizeof(error.text) - 1);
    assert_string_equal(error.text + strlen(error.text) - 3, "\u53f0");
}

/* A name that somebody typed in another encoding still makes JSON, and means the same. */
static void writes_foreign_names(void **state)
{
    struct sds_service *s = sds_service_new("_a._tcp");
    json_t *json;

    (void)state;
    assert_int_equal(sds_service_set_host(s, "a\\.b\xe9.local"), 0);
    json = sds_service_to_json(s);
    assert_string_equal(json_string_value(json_object_get(json, "host")), "a\\.b\\233.local");
    json_decref(json);
    sds_service_free(s);
}

/* As of the other members in hex: where both are there, it counts. */
static void prefers_subtypes_in_hex(void **state)
{
    static const struct {
        const char *json;
        const char *subtypes[3];
        enum sds_state state;
    } both[] = {
        {"{\"type\":\"_a._tcp\",\"subtypes_hex\":[\"5f62\",\"5f62\"],\"subtypes\":[\"_c\"]}",
         {"_b", "_b"},
         SDS_PRESENT},
        {"{\"type\":\"_a._tcp\",\"subtypes_hex\":[\"2e\"]}", {"\\."}, SDS_PRESENT},
        {"{\"type\":\"_a._tcp\",\"subtypes\":[\"_b\"],\"subtypes_hex\":null}", {"_b"}, SDS_PRESENT},
        {"{\"type\":\"_a._tcp\",\"subtypes\":[\"_b\"],\"subtypes_hex\":[]}", {NULL}, SDS_MISSING},
        {"{\"type\":\"_a._tcp\",\"subtypes_hex\":null}", {NULL}, SDS_MISSING},
    };

    (void)state;
    for (size_t i = 0; i < SDS_COUNT(both); i++) {
        json_t *json = json_loads(both[i].json, 0, NULL);
        struct sds_json_error error;
        struct sds_service *s;
        size_t n = 0;

        print_message("# %s\n", both[i].json);
        assert_int_equal(sds_service_from_json(json, NULL, &s, &error), 0);
        assert_int_equal(sds_service_state(s, SDS_PART_SUBTYPES), both[i].state);
        for (; n < SDS_COUNT(both[i].subtypes) && both[i].subtypes[n]; n++) {
            assert_true(n < s->n_subtypes);
            assert_string_equal(s->subtypes[n], both[i].subtypes[n]);
        }
        assert_int_equal(s->n_subtypes, n);
        sds_service_free(s);
        json_decref(json);
    }
}

static int until_failure; /* allocations of jansson that still succeed; below 0: all */

static void *scarce_malloc(size_t size)
{
    if (until_failure == 0)
        return NULL;
    if (until_failure > 0)
        until_failure--;
    return malloc(size);
}

/* Whichever allocation fails: there is no service, and no leak. */
static void survives_scarce_memory(void **state)
{
    const char *json = round_trips[1].json;
    int n = 0, r;

    (void)state;
    json_set_alloc_funcs(scarce_malloc, free);
    do {
        struct sds_input input = {0};
        struct sds_input_error error;

        until_failure = n++;
        r = sds_services_read_json(json, strlen(json), &input, &error);
        if (r == 0) {
            json_t *written = sds_service_to_json(input.services.v[0].service);

            r = written ? 0 : -ENOMEM;
            json_decref(written);
        }
        sds_input_done(&input);
        /* jansson takes some failures for faults of the text. */
        assert_true(r == 0 || r == -ENOMEM || r == -EINVAL);
    } while (r < 0 || until_failure == 0);
    json_set_alloc_funcs(malloc, free);
    assert_in_range(n, 50, 10000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_what_it_wrote),
        cmocka_unit_test(writes_members_in_order),
        cmocka_unit_test(reads_other_spellings),
        cmocka_unit_test(keeps_long_strings),
        cmocka_unit_test(keeps_any_bytes),
        cmocka_unit_test(builds_rdata_from_attributes),
        cmocka_unit_test(reads_files),
        cmocka_unit_test(cuts_messages_between_characters),
        cmocka_unit_test(writes_foreign_names),
        cmocka_unit_test(prefers_subtypes_in_hex),
        cmocka_unit_test(survives_scarce_memory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
