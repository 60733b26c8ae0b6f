/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "dnssd/learnt.h"
#include "report/report.h"
#include "watching.h"

static void nothing(struct sds_service *s)
{
    (void)s;
}

static void ttl_of_srv(struct sds_service *s)
{
    sds_service_set_record_ttl(s, SDS_KIND_SRV, 120);
}

static void other_ttl_of_srv(struct sds_service *s)
{
    sds_service_set_record_ttl(s, SDS_KIND_SRV, 75);
}

static void ttls(struct sds_service *s)
{
    ttl_of_srv(s);
    sds_service_set_record_ttl(s, SDS_KIND_PTR, 4500);
}

static void ttl_of_some_record(struct sds_service *s)
{
    sds_service_set_ttl(s, 120);
}

static void flush_of_srv(struct sds_service *s)
{
    sds_service_set_cache_flush(s, SDS_KIND_SRV, true);
}

static void flush_bits(struct sds_service *s)
{
    flush_of_srv(s);
    sds_service_set_cache_flush(s, SDS_KIND_PTR, false);
}

static void no_flush_of_srv(struct sds_service *s)
{
    sds_service_set_cache_flush(s, SDS_KIND_SRV, false);
}

static void weights(struct sds_service *s)
{
    sds_service_set_priority(s, 0);
    sds_service_set_weight(s, 3);
}

static void no_alias(struct sds_service *s)
{
    sds_service_set_missing(s, SDS_PART_HOST_CNAME);
}

static void alias(struct sds_service *s)
{
    assert_int_equal(sds_service_set_host_cname(s, "b.local"), 0);
}

static void one_srv(struct sds_service *s)
{
    sds_service_set_n_srv(s, 1);
}

static void two_srv(struct sds_service *s)
{
    sds_service_set_n_srv(s, 2);
}

static void senders(struct sds_service *s)
{
    s->packets_are_judged = true;
}

static void faulty_senders(struct sds_service *s)
{
    s->packets_are_judged = true;
    s->packet_faults = 1;
}

static void other_host(struct sds_service *s)
{
    assert_int_equal(sds_service_set_host(s, "b.local"), 0);
    one_srv(s);
}

static void set_txt(struct sds_service *s, const char *rdata, size_t len, bool is_rewritten)
{
    assert_int_equal(sds_service_set_txt(s, rdata, len), 0);
    s->txt_rewritten = is_rewritten;
}

static void txt_anew(struct sds_service *s)
{
    set_txt(s, TXT("\3a=1\1b"), true);
}

static void txt_of_the_wire(struct sds_service *s)
{
    set_txt(s, TXT("\3a=1\0\1b"), false);
}

static void txt_cut_off(struct sds_service *s)
{
    set_txt(s, TXT("\3a=1\2b"), false);
}

static void txt_one_more(struct sds_service *s)
{
    set_txt(s, TXT("\3a=1\1b\1c"), false);
}

static void txt_one_less(struct sds_service *s)
{
    set_txt(s, TXT("\3a=1"), false);
}

static void port(struct sds_service *s)
{
    sds_service_set_port(s, 80);
}

static void ttl_and_port(struct sds_service *s)
{
    ttl_of_srv(s);
    port(s);
}

static const struct {
    void (*was)(struct sds_service *s), (*is)(struct sds_service *s);
    unsigned changed, learnt;
} vectors[] = {
    {nothing, nothing, 0, 0},
    {nothing, ttl_of_srv, SDS_PART_TTL, SDS_PART_TTL},
    {ttl_of_srv, ttls, SDS_PART_TTL, SDS_PART_TTL},
    {ttls, ttl_of_srv, SDS_PART_TTL, 0},
    {ttl_of_srv, nothing, SDS_PART_TTL, 0},
    {other_ttl_of_srv, ttls, SDS_PART_TTL, 0},
    {ttl_of_some_record, ttl_of_srv, SDS_PART_TTL, 0},
    {nothing, flush_of_srv, SDS_PART_CACHE_FLUSH, SDS_PART_CACHE_FLUSH},
    {flush_of_srv, flush_bits, SDS_PART_CACHE_FLUSH, SDS_PART_CACHE_FLUSH},
    {no_flush_of_srv, flush_bits, SDS_PART_CACHE_FLUSH, 0},
    {flush_bits, flush_of_srv, SDS_PART_CACHE_FLUSH, 0},
    {nothing, weights, SDS_PART_PRIORITY | SDS_PART_WEIGHT, SDS_PART_PRIORITY | SDS_PART_WEIGHT},
    {nothing, no_alias, SDS_PART_HOST_CNAME, SDS_PART_HOST_CNAME},
    {no_alias, alias, SDS_PART_HOST_CNAME, 0},
    {nothing, one_srv, SDS_PART_HOST, SDS_PART_HOST},
    {one_srv, two_srv, SDS_PART_HOST, 0},
    {nothing, senders, SDS_PART_HOST, SDS_PART_HOST},
    {senders, faulty_senders, SDS_PART_HOST, 0},
    {one_srv, senders, SDS_PART_HOST, 0},
    {nothing, other_host, SDS_PART_HOST, 0},
    {txt_anew, txt_of_the_wire, SDS_PART_TXT, SDS_PART_TXT},
    {txt_of_the_wire, txt_anew, SDS_PART_TXT, 0},
    {txt_anew, txt_cut_off, SDS_PART_TXT, SDS_PART_TXT},
    {txt_anew, txt_one_more, SDS_PART_TXT, 0},
    {txt_anew, txt_one_less, SDS_PART_TXT, 0},
    {nothing, txt_of_the_wire, SDS_PART_TXT, 0},
    {nothing, port, SDS_PART_PORT, 0},
    {nothing, ttl_and_port, SDS_PART_PORT | SDS_PART_TTL, SDS_PART_TTL},
};

static struct sds_service *make(void (*special)(struct sds_service *s))
{
    struct sds_service *s = service_of(&(struct seen){.instance = "a", .host = "a.local"});

    special(s);
    return s;
}

static void tells_evidence_from_changes(void **state)
{
    (void)state;
    for (size_t i = 0; i < SDS_COUNT(vectors); i++) {
        struct sds_service *was = make(vectors[i].was), *is = make(vectors[i].is);
        unsigned changed = sds_service_diff(was, is), learnt = sds_service_learnt(was, is);

        if (changed != vectors[i].changed || learnt != vectors[i].learnt)
            fail_msg("%zu: changed %#x, learnt %#x", i, changed, learnt);
        sds_service_free(was);
        sds_service_free(is);
    }
}

/* An event in which only a TTL gets known; of @kind and with these findings. */
static bool is_news(enum sds_event_kind kind, const struct sds_result *before,
                    const struct sds_result *result, bool was_is_known)
{
    struct sds_service *was = make(nothing), *is = make(ttl_of_srv);
    bool news = sds_event_is_news(&(struct sds_event){.kind = kind,
                                                      .service = is,
                                                      .was = was_is_known ? was : NULL,
                                                      .result = result,
                                                      .before = before,
                                                      .changes = SDS_PART_TTL});

    sds_service_free(was);
    sds_service_free(is);
    return news;
}

static void evidence_is_news_where_a_finding_comes_or_goes(void **state)
{
    struct sds_result one = result_of(&(struct seen){.severity = SDS_SEV_ERROR});
    struct sds_result none = {0};

    (void)state;
    assert_false(is_news(SDS_EVENT_CHANGED, NULL, NULL, true));
    assert_false(is_news(SDS_EVENT_CHANGED, &none, &none, true));
    assert_false(is_news(SDS_EVENT_CHANGED, &one, &one, true));
    assert_true(is_news(SDS_EVENT_CHANGED, &none, &one, true));
    assert_true(is_news(SDS_EVENT_CHANGED, &one, &none, true));
    assert_true(is_news(SDS_EVENT_CHANGED, &none, &none, false));
    assert_true(is_news(SDS_EVENT_ADDED, NULL, NULL, true));
    assert_true(is_news(SDS_EVENT_REMOVED, NULL, NULL, true));
    assert_true(sds_event_is_news(&(struct sds_event){.kind = SDS_EVENT_SETTLED}));
    sds_result_done(&one);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tells_evidence_from_changes),
        cmocka_unit_test(evidence_is_news_where_a_finding_comes_or_goes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
