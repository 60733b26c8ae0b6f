/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <sys/socket.h>

#include <cmocka.h>

#include "base/mem.h"
#include "sdscope/service.h"
#include "sdscope/txt.h"

static struct sds_address address(const char *text)
{
    struct sds_address a;

    assert_true(sds_address_parse(text, &a));
    return a;
}

/* Set one part to a value that depends on @n. */
static void set(struct sds_service *s, enum sds_part part, int n)
{
    const char *text = n ? "b" : "a";

    switch (part) {
    case SDS_PART_INSTANCE:
        assert_int_equal(sds_service_set_instance(s, text, 1), 0);
        break;
    case SDS_PART_SUBTYPES:
        assert_int_equal(sds_service_add_subtype(s, text), 0);
        break;
    case SDS_PART_DOMAIN:
        assert_int_equal(sds_service_set_domain(s, text), 0);
        break;
    case SDS_PART_HOST:
        assert_int_equal(sds_service_set_host(s, text), 0);
        break;
    case SDS_PART_PORT:
        sds_service_set_port(s, (uint16_t)n);
        break;
    case SDS_PART_PRIORITY:
        sds_service_set_priority(s, (uint16_t)n);
        break;
    case SDS_PART_WEIGHT:
        sds_service_set_weight(s, (uint16_t)n);
        break;
    case SDS_PART_ADDRESSES:
        assert_int_equal(sds_service_add_address(s, address(n ? "192.0.2.1" : "::1")), 0);
        break;
    case SDS_PART_TXT:
        assert_int_equal(sds_service_set_txt(s, n ? "\1b" : "", n ? 2 : 0), 0);
        break;
    case SDS_PART_TTL:
        sds_service_set_ttl(s, (uint32_t)n);
        break;
    case SDS_PART_HOST_CNAME:
        assert_int_equal(sds_service_set_host_cname(s, n ? text : NULL), 0);
        break;
    case SDS_PART_CACHE_FLUSH:
        sds_service_set_cache_flush(s, SDS_KIND_SRV, n);
        break;
    case SDS_PART_PTR_TYPE:
        assert_int_equal(sds_service_set_ptr_type(s, text), 0);
        break;
    case SDS_PART_META_PTRS:
        assert_int_equal(sds_service_add_meta_ptr(s, text), 0);
        break;
    case SDS_PART_TYPE:
    case SDS_PART_FILE:
        break;
    }
}

static struct sds_service *full_service(int n)
{
    struct sds_service *s = sds_service_new("_ipp._tcp");

    assert_non_null(s);
    for (unsigned part = 1; part <= SDS_PART__LAST; part <<= 1)
        set(s, (enum sds_part)part, n);
    return s;
}

static void names_every_part(void **state)
{
    (void)state;
    for (unsigned part = 1; part <= SDS_PART__LAST; part <<= 1) {
        assert_non_null(sds_part_name((enum sds_part)part));
        for (unsigned other = 1; other < part; other <<= 1)
            assert_string_not_equal(sds_part_name((enum sds_part)part),
                                    sds_part_name((enum sds_part)other));
    }
    assert_null(sds_part_name((enum sds_part)0));
    assert_null(sds_part_name((enum sds_part)(SDS_PART__LAST << 1)));
}

static void tells_unknown_missing_and_present_apart(void **state)
{
    struct sds_service *s = sds_service_new("_ipp._tcp");

    (void)state;
    assert_int_equal(sds_service_state(s, SDS_PART_TYPE), SDS_PRESENT);
    for (unsigned i = 1; i <= SDS_PART__LAST; i <<= 1) {
        enum sds_part part = (enum sds_part)i;

        if (part == SDS_PART_TYPE || part == SDS_PART_FILE)
            continue;
        assert_int_equal(sds_service_state(s, part), SDS_UNKNOWN);
        sds_service_set_missing(s, part);
        assert_int_equal(sds_service_state(s, part), SDS_MISSING);
        set(s, part, 1);
        assert_int_equal(sds_service_state(s, part), SDS_PRESENT);
        sds_service_set_missing(s, part);
        assert_int_equal(sds_service_state(s, part), SDS_MISSING);
        set(s, part, 0);
        sds_service_set_unknown(s, part);
        assert_int_equal(sds_service_state(s, part), SDS_UNKNOWN);
    }
    assert_null(s->instance.p);
    assert_null(s->host);
    assert_null(s->txt.p);
    assert_null(s->ptr_type);
    assert_int_equal(s->n_meta_ptrs, 0);
    assert_int_equal(s->flush_kinds, 0);
    assert_int_equal(s->n_subtypes, 0);
    assert_int_equal(s->n_addresses, 0);
    sds_service_free(s);
}

/* Bytes of no length at all are there; zero-length RDATA is not "no TXT record". */
static void keeps_bytes_as_they_are(void **state)
{
    struct sds_service *s = sds_service_new("_ipp._tcp");

    (void)state;
    assert_int_equal(sds_service_set_txt(s, NULL, 0), 0);
    assert_int_equal(sds_service_state(s, SDS_PART_TXT), SDS_PRESENT);
    assert_non_null(s->txt.p);
    assert_int_equal(s->txt.len, 0);
    assert_int_equal(sds_service_set_instance(s, "a\0\xff", 3), 0);
    assert_int_equal(s->instance.len, 3);
    assert_memory_equal(s->instance.p, "a\0\xff", 3);
    assert_int_equal(sds_service_set_instance(s, s->instance.p + 1, 2), 0); /* of itself */
    assert_int_equal(s->instance.len, 2);
    assert_memory_equal(s->instance.p, "\0\xff", 2);
    sds_service_free(s);
}

static void copies_everything(void **state)
{
    struct sds_service *s = full_service(1), *copy;

    (void)state;
    assert_int_equal(sds_service_add_sighting(s, (struct sds_sighting){"eth0", AF_INET6}), 0);
    sds_service_set_missing(s, SDS_PART_HOST);
    sds_service_set_unknown(s, SDS_PART_TTL);
    s->order_untrusted = true;
    copy = sds_service_dup(s);
    assert_non_null(copy);
    assert_int_equal(sds_service_diff(s, copy), 0);
    assert_int_equal(sds_service_cmp(s, copy), 0);
    assert_int_equal(copy->n_sightings, 1);
    assert_string_equal(copy->sightings[0].interface, "eth0");
    assert_true(copy->order_untrusted);
    assert_int_equal(sds_service_state(copy, SDS_PART_HOST), SDS_MISSING);
    assert_int_equal(sds_service_state(copy, SDS_PART_TTL), SDS_UNKNOWN);
    sds_service_free(s);
    assert_string_equal(copy->type, "_ipp._tcp");
    sds_service_free(copy);
    assert_null(sds_service_free(NULL));
}

static void copies_a_name_alone(void **state)
{
    struct sds_service *s = full_service(1), *bare = sds_service_new("_ipp._tcp"), *copy;

    (void)state;
    copy = sds_service_dup_name(s);
    assert_non_null(copy);
    assert_int_equal(sds_service_cmp(s, copy), 0);
    assert_int_equal(sds_service_state(copy, SDS_PART_INSTANCE), SDS_PRESENT);
    assert_null(copy->host);
    assert_int_equal(copy->txt.len + copy->n_addresses + copy->n_sightings, 0);
    sds_service_free(copy);
    copy = sds_service_dup_name(bare);
    assert_non_null(copy);
    assert_int_equal(sds_service_state(copy, SDS_PART_INSTANCE), SDS_UNKNOWN);
    sds_service_free(copy);
    sds_service_free(bare);
    sds_service_free(s);
}

static void sees_what_differs(void **state)
{
    (void)state;
    for (unsigned i = 1; i <= SDS_PART__LAST; i <<= 1) {
        enum sds_part part = (enum sds_part)i;
        struct sds_service *a, *b;

        if (part == SDS_PART_TYPE || part == SDS_PART_FILE)
            continue;
        a = full_service(0);
        b = full_service(0);
        assert_int_equal(sds_service_diff(a, b), 0);
        if (part & (SDS_PART_SUBTYPES | SDS_PART_ADDRESSES | SDS_PART_META_PTRS))
            sds_service_set_unknown(b, part);
        set(b, part, 1);
        assert_int_equal(sds_service_diff(a, b), part);
        assert_int_equal(sds_service_diff(b, a), part);
        sds_service_set_missing(b, part);
        assert_int_equal(sds_service_diff(a, b), part);
        sds_service_set_missing(a, part);
        assert_int_equal(sds_service_diff(a, b), 0);
        sds_service_set_unknown(a, part);
        assert_int_equal(sds_service_diff(a, b), part);
        sds_service_free(a);
        sds_service_free(b);
    }
}

static void adds_to_sets_once(void **state)
{
    static const char *const addresses[] = {"fe80::2",   "192.0.2.9", "fe80::1",
                                            "192.0.2.9", "10.0.0.1",  "fe80::2"};
    static const char *const sorted[] = {"10.0.0.1", "192.0.2.9", "fe80::1", "fe80::2"};
    struct sds_service *s = sds_service_new("_ipp._tcp");

    (void)state;
    for (size_t i = 0; i < SDS_COUNT(addresses); i++)
        assert_int_equal(sds_service_add_address(s, address(addresses[i])), 0);
    assert_int_equal(s->n_addresses, SDS_COUNT(sorted));
    for (size_t i = 0; i < SDS_COUNT(sorted); i++) {
        char text[SDS_ADDRESS_TEXT_SIZE];

        sds_address_format(s->addresses[i], text);
        assert_string_equal(text, sorted[i]);
    }
    for (int i = 0; i < 2; i++) {
        assert_int_equal(sds_service_add_subtype(s, "_print"), 0);
        assert_int_equal(sds_service_add_sighting(s, (struct sds_sighting){"eth0", AF_INET}), 0);
        assert_int_equal(sds_service_add_sighting(s, (struct sds_sighting){"eth0", AF_INET6}), 0);
        assert_int_equal(sds_service_add_sighting(s, (struct sds_sighting){"eth1", AF_INET}), 0);
    }
    assert_int_equal(s->n_subtypes, 1);
    assert_int_equal(s->n_sightings, 3);
    sds_service_free(s);
}

/* What somebody wrote twice is there twice, in a copy too. */
static void keeps_subtypes_as_written(void **state)
{
    static const char *const subtypes[] = {"_print", "_a", "_print", "_print._sub._ipp._tcp", ""};
    struct sds_service *s = sds_service_new("_ipp._tcp"), *copy;

    (void)state;
    for (size_t i = 0; i < SDS_COUNT(subtypes); i++)
        assert_int_equal(sds_service_append_subtype(s, subtypes[i]), 0);
    copy = sds_service_dup(s);
    assert_int_equal(sds_service_diff(s, copy), 0);
    assert_int_equal(copy->n_subtypes, SDS_COUNT(subtypes));
    for (size_t i = 0; i < SDS_COUNT(subtypes); i++)
        assert_string_equal(copy->subtypes[i], subtypes[i]);
    sds_service_free(copy);
    sds_service_free(s);
}

/* A family takes the place of one that is not known; the interface is not repeated. */
static void knows_an_interface_before_its_family(void **state)
{
    struct sds_service *s = sds_service_new("_ipp._tcp");

    (void)state;
    assert_int_equal(sds_service_add_sighting(s, (struct sds_sighting){"eth0", AF_UNSPEC}), 0);
    assert_int_equal(sds_service_add_sighting(s, (struct sds_sighting){"eth0", AF_UNSPEC}), 0);
    assert_int_equal(s->n_sightings, 1);
    assert_int_equal(sds_service_add_sighting(s, (struct sds_sighting){"eth0", AF_INET6}), 0);
    assert_int_equal(s->n_sightings, 1);
    assert_int_equal(s->sightings[0].family, AF_INET6);
    assert_int_equal(sds_service_add_sighting(s, (struct sds_sighting){"eth0", AF_INET}), 0);
    assert_int_equal(sds_service_add_sighting(s, (struct sds_sighting){"eth0", AF_UNSPEC}), 0);
    assert_int_equal(s->n_sightings, 2);
    assert_int_equal(sds_service_add_sighting(s, (struct sds_sighting){"eth1", AF_UNSPEC}), 0);
    assert_int_equal(s->n_sightings, 3);
    sds_service_free(s);
}

/* Strings that fit make plain RDATA; others are cut in it, and kept beside it. */
static void makes_rdata_of_strings(void **state)
{
    struct sds_service *s = sds_service_new("_ipp._tcp");
    static uint8_t many[SDS_TXT_RDATA_MAX];
    struct sds_span strings[] = {{(const uint8_t *)"a=b", 3}, {NULL, 0}, {many, 256}};

    (void)state;
    memset(many, 'x', sizeof(many));
    assert_int_equal(sds_service_set_txt_strings(s, NULL, 0), 0);
    assert_int_equal(s->txt.len, 1);
    assert_int_equal(s->txt.p[0], 0);
    assert_int_equal(sds_service_set_txt_strings(s, strings, 2), 0);
    assert_int_equal(s->txt.len, 5);
    assert_memory_equal(s->txt.p, "\3a=b\0", 5);
    assert_int_equal(s->n_long_strings, 0);
    assert_int_equal(sds_service_set_txt_strings(s, strings, 3), 0);
    assert_int_equal(s->txt.len, 5 + 256);
    assert_int_equal(s->n_long_strings, 1);
    assert_int_equal(s->long_strings[0].offset, 5);
    assert_int_equal(s->long_strings[0].bytes.len, 256);
    strings[2].len = SDS_TXT_RDATA_MAX - 5 - 1;
    assert_int_equal(sds_service_set_txt_strings(s, strings, 3), 0);
    strings[2].len++;
    assert_int_equal(sds_service_set_txt_strings(s, strings, 3), -E2BIG);
    assert_int_equal(s->long_strings[0].bytes.len, SDS_TXT_RDATA_MAX - 5 - 1);
    sds_service_free(s);
}

/* It goes with the SRV record that it contradicts. */
static void keeps_a_rival(void **state)
{
    struct sds_service *s = sds_service_new("_ipp._tcp"), *copy;

    (void)state;
    assert_int_equal(sds_service_set_host(s, "a.local"), 0);
    assert_int_equal(sds_service_set_rival_host(s, "x.local"), 0);
    assert_int_equal(sds_service_set_rival_host(s, "b.local"), 0);
    copy = sds_service_dup(s);
    assert_string_equal(copy->rival_host, "b.local");
    assert_int_equal(sds_service_diff(s, copy), 0);
    assert_int_equal(sds_service_set_rival_host(copy, "c.local"), 0);
    assert_int_equal(sds_service_diff(s, copy), SDS_PART_HOST);
    sds_service_set_missing(copy, SDS_PART_HOST);
    assert_null(copy->rival_host);
    sds_service_free(copy);
    sds_service_free(s);
}

static void tells_link_local_addresses(void **state)
{
    static const struct {
        const char *address;
        bool is_link_local;
    } vectors[] = {
        {"169.254.0.1", true}, {"169.253.0.1", false}, {"fe80::1", true},
        {"febf::1", true},     {"fec0::1", false},     {"::ffff:169.254.0.1", false},
    };

    (void)state;
    for (size_t i = 0; i < SDS_COUNT(vectors); i++)
        assert_int_equal(sds_address_is_link_local(address(vectors[i].address)),
                         vectors[i].is_link_local);
}

static void keeps_several_txt_records(void **state)
{
    const struct sds_span records[] = {{(const uint8_t *)"\1a", 2}, {(const uint8_t *)"", 0}};
    struct sds_service *s = sds_service_new("_ipp._tcp"), *copy;

    (void)state;
    assert_int_equal(sds_service_set_txt_records(s, records, 2), 0);
    assert_true(s->txt_is_counted);
    assert_int_equal(s->txt.len, 2);
    assert_int_equal(s->n_more_txt, 1);
    copy = sds_service_dup(s);
    assert_int_equal(sds_service_diff(s, copy), 0);
    assert_int_equal(sds_service_set_txt_records(copy, records, 1), 0);
    assert_int_equal(sds_service_diff(s, copy), SDS_PART_TXT);
    assert_int_equal(sds_service_set_txt_records(copy, NULL, 0), 0);
    assert_int_equal(sds_service_state(copy, SDS_PART_TXT), SDS_MISSING);
    assert_true(copy->txt_is_counted);
    sds_service_free(copy);
    sds_service_free(s);
}

/* Of which record a TTL is, or is not known: never both. */
static void keeps_ttls_apart(void **state)
{
    struct sds_service *s = sds_service_new("_ipp._tcp");

    (void)state;
    sds_service_set_ttl(s, 4500);
    sds_service_set_record_ttl(s, SDS_KIND_SRV, 120);
    assert_int_equal(s->ttl_s, 0);
    assert_int_equal(s->ttl_kinds, 1u << SDS_KIND_SRV);
    sds_service_set_ttl(s, 75);
    assert_int_equal(s->ttl_kinds, 0);
    assert_int_equal(s->ttls_s[SDS_KIND_SRV], 0);
    assert_int_equal(s->ttl_s, 75);
    sds_service_free(s);
    for (int i = 0; i < SDS_KIND__COUNT; i++)
        assert_non_null(sds_record_kind_name((enum sds_record_kind)i));
    assert_null(sds_record_kind_name(SDS_KIND__COUNT));
}

static void knows_what_lies_in_a_prefix(void **state)
{
    static const struct {
        const char *prefix, *address;
        bool is_in;
    } vectors[] = {
        {"192.0.2.0/24", "192.0.2.255", true},
        {"192.0.2.0/24", "192.0.3.0", false},
        {"192.0.2.128/25", "192.0.2.127", false},
        {"192.0.2.128/25", "192.0.2.128", true},
        {"192.0.2.7/24", "192.0.2.1", true},
        {"192.0.2.7/32", "192.0.2.7", true},
        {"192.0.2.7/32", "192.0.2.6", false},
        {"0.0.0.0/0", "203.0.113.1", true},
        {"0.0.0.0/0", "::", false},
        {"fe80::/10", "febf::1", true},
        {"fe80::/10", "fec0::1", false},
        {"2001:db8::1/128", "2001:db8::1", true},
    };
    static const char *const none[] = {"192.0.2.0", "192.0.2.0/", "192.0.2.0/33", "::/129", "/24",
                                       "::/1x",     "::/0001",    "x/1",          "::/-1",  ""};
    struct sds_prefix prefix;

    (void)state;
    for (size_t i = 0; i < SDS_COUNT(vectors); i++) {
        char text[SDS_PREFIX_TEXT_SIZE];

        assert_true(sds_prefix_parse(vectors[i].prefix, &prefix));
        sds_prefix_format(&prefix, text);
        assert_string_equal(text, vectors[i].prefix);
        assert_int_equal(sds_prefix_covers(&prefix, address(vectors[i].address)), vectors[i].is_in);
    }
    for (size_t i = 0; i < SDS_COUNT(none); i++)
        assert_false(sds_prefix_parse(none[i], &prefix));
}

static struct sds_service *named(const char *instance, const char *type, const char *domain)
{
    struct sds_service *s = sds_service_new(type);

    assert_int_equal(sds_service_set_instance(s, instance, strlen(instance)), 0);
    if (domain)
        assert_int_equal(sds_service_set_domain(s, domain), 0);
    return s;
}

static void orders_by_name(void **state)
{
    const struct {
        struct sds_service *a, *b;
        int order;
    } pairs[] = {
        {named("a", "_x._tcp", "local"), named("A", "_X._TCP", "LOCAL"), 0},
        {named("a", "_x._tcp", "local"), named("b", "_a._tcp", "a"), -1},
        {named("a", "_x._tcp", "local"), named("a", "_y._tcp", "a"), -1},
        {named("a", "_x._tcp", "a"), named("a", "_x._tcp", "b"), -1},
        {named("a", "_x._tcp", NULL), named("a", "_x._tcp", "b"), -1},
        {named("", "_x._tcp", NULL), named("a", "_x._tcp", NULL), -1},
        {sds_service_new("_x._tcp"), named("a", "_a._tcp", NULL), -1},
        {named("Z", "_x._tcp", NULL), named("\u00e4", "_x._tcp", NULL), -1},
    };

    (void)state;
    for (size_t i = 0; i < SDS_COUNT(pairs); i++) {
        int order = sds_service_cmp(pairs[i].a, pairs[i].b);
        int reverse = sds_service_cmp(pairs[i].b, pairs[i].a);

        assert_int_equal((order > 0) - (order < 0), pairs[i].order);
        assert_int_equal((reverse > 0) - (reverse < 0), -pairs[i].order);
        sds_service_free(pairs[i].a);
        sds_service_free(pairs[i].b);
    }
}

static void knows_local_services(void **state)
{
    static const struct {
        const char *domain; /* NULL: unknown */
        bool is_local;
    } domains[] = {
        {NULL, true}, {"local", true}, {"Local.", true}, {"example.com", false}, {".", false},
    };

    (void)state;
    for (size_t i = 0; i < SDS_COUNT(domains); i++) {
        struct sds_service *s = named("a", "_x._tcp", domains[i].domain);

        assert_int_equal(sds_service_is_local(s), domains[i].is_local);
        sds_service_free(s);
    }
}

static void reads_and_writes_addresses(void **state)
{
    static const struct {
        const char *text, *again; /* NULL: none */
    } addresses[] = {
        {"192.0.2.7", "192.0.2.7"},
        {"0.0.0.0", "0.0.0.0"},
        {"255.255.255.255", "255.255.255.255"},
        {"2001:DB8:0:0:0:0:0:7", "2001:db8::7"},
        {"::", "::"},
        {"::ffff:192.0.2.7", "::ffff:192.0.2.7"},
        {"ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"},
        {"", NULL},
        {"192.0.2", NULL},
        {"192.0.2.256", NULL},
        {"192.0.2.07", NULL},
        {" 192.0.2.7", NULL},
        {"fe80::1%eth0", NULL},
        {"printer.local", NULL},
    };

    (void)state;
    for (size_t i = 0; i < SDS_COUNT(addresses); i++) {
        char text[SDS_ADDRESS_TEXT_SIZE];
        struct sds_address a;

        assert_int_equal(sds_address_parse(addresses[i].text, &a), addresses[i].again != NULL);
        if (!addresses[i].again)
            continue;
        sds_address_format(a, text);
        assert_string_equal(text, addresses[i].again);
    }
}

static void orders_addresses_by_number(void **state)
{
    static const char *const ascending[] = {"0.0.0.0",   "9.255.0.1", "10.0.0.9", "10.0.0.10",
                                            "192.0.2.7", "::",        "::1",      "2001:db8::1"};
    struct sds_address a, b;

    (void)state;
    for (size_t i = 0; i < SDS_COUNT(ascending); i++)
        for (size_t j = 0; j < SDS_COUNT(ascending); j++) {
            int order;

            assert_true(sds_address_parse(ascending[i], &a));
            assert_true(sds_address_parse(ascending[j], &b));
            order = sds_address_cmp(&a, &b);
            assert_int_equal((order > 0) - (order < 0), (i > j) - (i < j));
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_every_part),
        cmocka_unit_test(tells_unknown_missing_and_present_apart),
        cmocka_unit_test(keeps_bytes_as_they_are),
        cmocka_unit_test(copies_everything),
        cmocka_unit_test(copies_a_name_alone),
        cmocka_unit_test(sees_what_differs),
        cmocka_unit_test(adds_to_sets_once),
        cmocka_unit_test(keeps_subtypes_as_written),
        cmocka_unit_test(knows_an_interface_before_its_family),
        cmocka_unit_test(makes_rdata_of_strings),
        cmocka_unit_test(keeps_several_txt_records),
        cmocka_unit_test(keeps_a_rival),
        cmocka_unit_test(tells_link_local_addresses),
        cmocka_unit_test(keeps_ttls_apart),
        cmocka_unit_test(knows_what_lies_in_a_prefix),
        cmocka_unit_test(orders_by_name),
        cmocka_unit_test(knows_local_services),
        cmocka_unit_test(reads_and_writes_addresses),
        cmocka_unit_test(orders_addresses_by_number),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
