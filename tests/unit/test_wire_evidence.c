/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "wire/evidence.h"
#include "wire_hearing.h"

#define META     "_services._dns-sd._udp.local"
#define TYPE     "_a._tcp.local"
#define INSTANCE "x." TYPE
#define LINK     1

static int begin(void **state)
{
    (void)state;
    begin_hearing((struct sds_store_config){.max_records = 1000, .max_bytes = 1000000}, 100000);
    return 0;
}

#define hear(...)                    hear_it((struct heard){__VA_ARGS__})
#define hear_ptr(owner, target, ...) hear((owner), SDS_RR_PTR, .points_to = (target), __VA_ARGS__)
#define hear_srv(target, ...)                                                                      \
    hear(INSTANCE, SDS_RR_SRV, .points_to = (target), RDATA("\0\0\0\0\0\1"), __VA_ARGS__)
#define hear_txt(bytes, ...) hear(INSTANCE, SDS_RR_TXT, RDATA(bytes), __VA_ARGS__)

/* The service as the source has it, and then what was heard. */
static struct sds_service *gather(const char *host, const char *const *owners, size_t n_owners)
{
    const struct sds_wire_name instance = name_of(INSTANCE), meta = name_of(META);
    struct sds_service *s = sds_service_new("_a._tcp");
    struct sds_wire_name names_of_owners[3];
    struct sds_span spans[3];
    const struct sds_evidence_names names = {sds_wire_name_span(&instance), spans, n_owners,
                                             sds_wire_name_span(&meta)};

    assert_true(n_owners <= SDS_COUNT(spans));
    for (size_t i = 0; i < n_owners; i++) {
        names_of_owners[i] = name_of(owners[i]);
        spans[i] = sds_wire_name_span(&names_of_owners[i]);
    }

    assert_non_null(s);
    assert_int_equal(sds_service_set_domain(s, "local"), 0);
    if (host)
        assert_int_equal(sds_service_set_host(s, host), 0);
    s->txt_rewritten = true;
    assert_int_equal(sds_evidence_gather(store, LINK, &names, s), 0);
    return s;
}

static struct sds_service *gather_usual(void)
{
    static const char *const owner = TYPE;

    return gather("h.local", &owner, 1);
}

static void assert_rdata(struct sds_span rdata, const char *bytes, size_t len)
{
    assert_int_equal(rdata.len, len);
    assert_memory_equal(rdata.p, bytes, len);
}

static void nothing_heard_is_nothing_known(void **state)
{
    struct sds_service *s = gather_usual();

    (void)state;
    assert_int_equal(s->present, SDS_PART_TYPE | SDS_PART_DOMAIN | SDS_PART_HOST);
    assert_int_equal(s->missing, 0);
    assert_false(s->srv_is_counted || s->txt_is_counted);
    assert_true(s->txt_rewritten);
    sds_service_free(s);
}

static void other_links_do_not_count(void **state)
{
    struct sds_service *s;

    (void)state;
    hear_srv("h.local", .ttl_s = 120, .ifindex = LINK + 1);
    s = gather_usual();
    assert_false(s->srv_is_counted);
    sds_service_free(s);
}

static void tells_ttls_and_bits_by_record(void **state)
{
    struct sds_service *s;

    (void)state;
    hear_ptr(TYPE, INSTANCE, .ttl_s = 4500);
    hear_srv("h.local", .ttl_s = 120, .flush = true);
    hear_txt("\0", .ttl_s = 4500);
    hear("H.local", SDS_RR_A, RDATA("\1\2\3\4"), .ttl_s = 60, .flush = true);
    s = gather_usual();
    assert_int_equal(s->ttl_kinds,
                     1 << SDS_KIND_PTR | 1 << SDS_KIND_SRV | 1 << SDS_KIND_TXT | 1 << SDS_KIND_A);
    assert_int_equal(s->flush_kinds, s->ttl_kinds);
    assert_int_equal(s->flushing_kinds, 1 << SDS_KIND_SRV | 1 << SDS_KIND_A);
    assert_int_equal(s->ttls_s[SDS_KIND_PTR], 4500);
    assert_int_equal(s->ttls_s[SDS_KIND_SRV], 120);
    assert_int_equal(s->ttls_s[SDS_KIND_A], 60);
    assert_int_equal(s->n_srv, 1);
    assert_int_equal(sds_service_state(s, SDS_PART_HOST_CNAME), SDS_MISSING);
    sds_service_free(s);
}

/* RFC 6762 6.7: what a legacy reply says of these is made up. */
static void legacy_replies_have_no_ttl(void **state)
{
    struct sds_service *s;

    (void)state;
    hear_ptr(TYPE, INSTANCE, .ttl_s = 10, .is_legacy = true);
    hear_srv("h.local", .ttl_s = 10, .is_legacy = true);
    hear_txt("\0", .ttl_s = 10, .flush = true);
    s = gather_usual();
    assert_int_equal(s->ttl_kinds, 1 << SDS_KIND_TXT);
    assert_int_equal(s->flush_kinds, 1 << SDS_KIND_TXT);
    assert_true(s->srv_is_counted);
    sds_service_free(s);
}

static void txt_comes_byte_for_byte(void **state)
{
    static const struct {
        const char *bytes;
        size_t len;
    } vectors[] = {{"", 0}, {"\0\0", 2}, {"\1a\0", 3}, {"\1a\7b", 4}};

    for (size_t i = 0; i < SDS_COUNT(vectors); i++) {
        struct sds_service *s;

        begin(state);
        hear(INSTANCE, SDS_RR_TXT, .rdata = vectors[i].bytes, .rdata_len = vectors[i].len,
             .ttl_s = 4500);
        s = gather_usual();
        assert_int_equal(sds_service_state(s, SDS_PART_TXT), SDS_PRESENT);
        assert_rdata(s->txt, vectors[i].bytes, vectors[i].len);
        assert_true(s->txt_is_counted);
        assert_int_equal(s->n_more_txt, 0);
        assert_false(s->txt_rewritten);
        sds_service_free(s);
        end_hearing(state);
    }
}

/* The newest first, however often they are repeated; a repetition is no second record. */
static void several_txt_keep_their_order(void **state)
{
    (void)state;
    hear_txt("\1b", .ttl_s = 4500);
    hear_txt("\1a", .ttl_s = 4500);
    now += 10;
    hear_txt("\1c", .ttl_s = 4500);
    for (int i = 0; i < 2; i++) {
        struct sds_service *s = gather_usual();

        assert_int_equal(s->n_more_txt, 2);
        assert_rdata(s->txt, "\1c", 2);
        assert_rdata(s->more_txt[0], "\1a", 2);
        assert_rdata(s->more_txt[1], "\1b", 2);
        sds_service_free(s);
        now += 10;
        hear_txt("\1b", .ttl_s = 4500);
    }
}

static void what_leaves_does_not_count(void **state)
{
    struct sds_service *s;

    (void)state;
    hear_txt("\1a", .ttl_s = 4500, .flush = true);
    hear_srv("a.local", .ttl_s = 120, .flush = true);
    hear_srv("h.local", .ttl_s = 120, .flush = true);
    hear_srv("a.local", .ttl_s = 0); /* says goodbye */
    now += 2000;
    hear_txt("\1b", .ttl_s = 4500, .flush = true); /* flushes */
    s = gather_usual();
    assert_int_equal(s->n_more_txt, 0);
    assert_rdata(s->txt, "\1b", 2);
    assert_int_equal(s->n_srv, 1);
    assert_null(s->rival_host);
    sds_service_free(s);
}

/* Who sends a record of the same name: bits of senders 1, 2, 4. */
static const struct {
    const char *name;
    const char *other; /* target of the second record */
    unsigned ours, theirs;
    bool is_conflict;
} claims[] = {
    {"two hosts", "b.local", 1, 2, true},
    {"one host that chose so", "b.local", 1, 1, false},
    {"one host with two addresses", "b.local", 3, 3, false},
    {"of which one packet was lost", "b.local", 3, 1, false},
    {"two hosts, and one who repeats them", "b.local", 1 | 4, 2 | 4, true},
    {"one target, two ports", "H.LOCAL", 1, 2, false},
};

static void two_hosts_of_one_name_are_rivals(void **state)
{
    for (size_t i = 0; i < SDS_COUNT(claims); i++) {
        struct sds_service *s;

        begin(state);
        for (unsigned sender = 1; sender <= 4; sender <<= 1) {
            if (claims[i].ours & sender)
                hear_srv("h.local", .ttl_s = 120, .sender = sender);
            if (claims[i].theirs & sender)
                hear(INSTANCE, SDS_RR_SRV, RDATA("\0\0\0\0\0\2"), .points_to = claims[i].other,
                     .ttl_s = 120, .sender = sender);
        }
        s = gather_usual();
        if ((s->rival_host != NULL) != claims[i].is_conflict)
            fail_msg("%s", claims[i].name);
        if (s->rival_host)
            assert_string_equal(s->rival_host, "b.local");
        assert_int_equal(s->n_srv, 2);
        sds_service_free(s);
        end_hearing(state);
    }
}

static void faulty_srv_is_none(void **state)
{
    struct sds_service *s;

    (void)state;
    hear(INSTANCE, SDS_RR_SRV, RDATA("\0\0"), .ttl_s = 120, .fault = SDS_WIRE_FAULT_RDATA_SHORT);
    s = gather_usual();
    assert_false(s->srv_is_counted);
    sds_service_free(s);
}

static void an_alias_is_told(void **state)
{
    struct sds_service *s;

    (void)state;
    hear("h.local", SDS_RR_CNAME, .points_to = "real.local", .ttl_s = 120, .flush = true);
    s = gather_usual();
    assert_int_equal(sds_service_state(s, SDS_PART_HOST_CNAME), SDS_PRESENT);
    assert_string_equal(s->host_cname, "real.local");
    sds_service_free(s);
}

/* Owners of PTR records that name the instance; and what the service says of them. */
static const struct {
    const char *owners[3];
    const char *ptr_type;
} ptrs[] = {
    {{"_A._tcp.local"}, "_A._tcp"},
    {{TYPE, "_s._sub._a._tcp.local"}, "_s._sub._a._tcp"},
    {{"_s._sub._a._tcp.local", "_b._tcp.local", TYPE}, "_b._tcp"},
    {{"_a.local"}, "_a"},
};

static void the_strangest_owner_is_told(void **state)
{
    for (size_t i = 0; i < SDS_COUNT(ptrs); i++) {
        struct sds_service *s;
        size_t n = 0;

        begin(state);
        for (; n < SDS_COUNT(ptrs[i].owners) && ptrs[i].owners[n]; n++)
            hear_ptr(ptrs[i].owners[n], INSTANCE, .ttl_s = 4500, .flush = n == 0);
        s = gather("h.local", ptrs[i].owners, n);
        assert_string_equal(s->ptr_type, ptrs[i].ptr_type);
        assert_true(s->flushing_kinds & 1 << SDS_KIND_PTR);
        assert_int_equal(sds_service_state(s, SDS_PART_META_PTRS), SDS_UNKNOWN);
        sds_service_free(s);
        end_hearing(state);
    }
}

/* Of the types that are listed, those by which it was found. */
static void listed_types_are_told(void **state)
{
    static const char *const owners[] = {TYPE, "_s._sub._a._tcp.local", "_b._tcp.local"};
    struct sds_service *s;

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        hear_ptr(owners[i], INSTANCE, .ttl_s = 4500);
        hear_ptr(META, owners[i], .ttl_s = 4500);
    }
    hear_ptr(META, owners[2], .ttl_s = 4500); /* names it no more */
    s = gather(NULL, owners, SDS_COUNT(owners));
    assert_int_equal(s->n_meta_ptrs, 2);
    assert_string_equal(s->meta_ptrs[0], TYPE);
    assert_string_equal(s->meta_ptrs[1], "_s._sub._a._tcp.local");
    sds_service_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(nothing_heard_is_nothing_known, begin, end_hearing),
        cmocka_unit_test_setup_teardown(other_links_do_not_count, begin, end_hearing),
        cmocka_unit_test_setup_teardown(tells_ttls_and_bits_by_record, begin, end_hearing),
        cmocka_unit_test_setup_teardown(legacy_replies_have_no_ttl, begin, end_hearing),
        cmocka_unit_test(txt_comes_byte_for_byte),
        cmocka_unit_test_setup_teardown(several_txt_keep_their_order, begin, end_hearing),
        cmocka_unit_test_setup_teardown(what_leaves_does_not_count, begin, end_hearing),
        cmocka_unit_test(two_hosts_of_one_name_are_rivals),
        cmocka_unit_test_setup_teardown(faulty_srv_is_none, begin, end_hearing),
        cmocka_unit_test_setup_teardown(an_alias_is_told, begin, end_hearing),
        cmocka_unit_test(the_strangest_owner_is_told),
        cmocka_unit_test_setup_teardown(listed_types_are_told, begin, end_hearing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
