/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "discovery/roster.h"
#include "no_memory.h"
#include "wire_hearing.h"

#define FOO  "Foo._http._tcp.local"
#define HOST "\1h\5local"

static struct sds_roster *roster;

/* What was told: '+', '~' or '-', instance, host, number of addresses, and when. */
static char said[1024];

/* Of none of them anything is told. */
static const char *unwanted;

static int64_t noted; /* the least that sds_roster_note() returned */

static int make(void *userdata, const struct sds_told *told, struct sds_service **ret)
{
    struct sds_service *service;
    int r = sds_told_service(store, told, told->ifindex == 1 ? "eth0" : "eth1", &service);

    assert_ptr_equal(userdata, &said);
    if (r < 0)
        return r;
    if (unwanted && strlen(unwanted) == service->instance.len &&
        memcmp(unwanted, service->instance.p, service->instance.len) == 0)
        sds_service_free(service);
    else
        *ret = service;
    return 0;
}

static void event(void *userdata, enum sds_event_kind kind, const struct sds_service *service)
{
    const char mark = kind == SDS_EVENT_ADDED ? '+' : kind == SDS_EVENT_CHANGED ? '~' : '-';
    size_t n = strlen(said);

    assert_ptr_equal(userdata, &said);
    snprintf(said + n, sizeof(said) - n, "%c%.*s %s %zu@%d ", mark, (int)service->instance.len,
             (const char *)service->instance.p, service->host ? service->host : "?",
             service->n_addresses, (int)now);
}

static void on_change(void *userdata, const struct sds_store_change *change)
{
    int r = roster ? sds_roster_note(roster, change, now) : 0;

    assert_ptr_equal(userdata, &said);
    noted = r < noted ? r : noted;
}

static int begin(void **state)
{
    (void)state;
    *said = '\0';
    unwanted = NULL;
    noted = 0;
    begin_hearing((struct sds_store_config){.key = {{1, 2}},
                                            .max_records = 1000,
                                            .max_bytes = 1000000,
                                            .is_lasting = true,
                                            .changed = on_change,
                                            .userdata = &said},
                  0);
    roster = sds_roster_new(&(struct sds_roster_config){
        .store = store, .key = {{3, 4}}, .make = make, .event = event, .userdata = &said});
    assert_non_null(roster);
    return 0;
}

static int end(void **state)
{
    allocations_left = SIZE_MAX;
    roster = sds_roster_free(roster);
    return end_hearing(state);
}

#define hear(...) hear_it((struct heard){__VA_ARGS__})

/* The records of an instance but for addresses; TTL 0 is a goodbye. */
static void hear_ptr(const char *instance, uint32_t ttl_s)
{
    hear("_http._tcp.local", SDS_RR_PTR, .points_to = instance, .ttl_s = ttl_s);
}

static void hear_srv(const char *instance, const char *host, uint32_t ttl_s)
{
    hear(instance, SDS_RR_SRV, RDATA("\0\0\0\0\0\120"), .points_to = host, .ttl_s = ttl_s,
         .flush = true);
}

static void hear_txt(const char *instance, const char *text, uint32_t ttl_s)
{
    hear(instance, SDS_RR_TXT, text, strlen(text), .ttl_s = ttl_s, .flush = true);
}

static void hear_address(const char *host)
{
    hear(host, SDS_RR_A, RDATA("\300\0\2\1"), .ttl_s = 120, .flush = true);
}

static void hear_all(void)
{
    hear_ptr(FOO, 4500);
    hear_srv(FOO, "h.local", 120);
    hear_txt(FOO, "\3a=b", 4500);
    hear_address("h.local");
}

static void run_until(int64_t until)
{
    int64_t due = 0;

    while (due <= until) {
        now = due > now ? due : now;
        sds_store_run(store, now);
        assert_int_equal(sds_roster_run(roster, now), 0);
        assert_true(sds_roster_due_ms(roster) > now);
        due = sds_roster_due_ms(roster) < sds_store_due_ms(store) ? sds_roster_due_ms(roster)
                                                                  : sds_store_due_ms(store);
    }
    now = until;
}

static void assert_said(const char *expected)
{
    run_until(now);
    assert_string_equal(said, expected);
    *said = '\0';
    assert_int_equal(noted, 0);
}

/* ---- coming ------------------------------------------------------------------------------- */

static void tells_at_once_what_is_complete(void **state)
{
    (void)state;
    assert_true(sds_roster_due_ms(roster) == INT64_MAX);
    hear_all();
    assert_true(sds_roster_due_ms(roster) == now);
    assert_said("+Foo h.local 1@0 ");
    run_until(10000);
    assert_said("");
}

static void waits_a_second_for_the_rest(void **state)
{
    (void)state;
    hear_ptr(FOO, 4500);
    run_until(400);
    hear_srv(FOO, "h.local", 120);
    run_until(999);
    assert_said("");
    run_until(1500);
    assert_said("+Foo h.local 0@1000 ");
    hear_txt(FOO, "\3a=b", 4500); /* what comes later is a change */
    hear_address("h.local");
    assert_said("~Foo h.local 1@1500 ");
}

static void waits_no_longer_than_it_must(void **state)
{
    (void)state;
    hear_ptr(FOO, 4500);
    hear_srv(FOO, "h.local", 120);
    run_until(300);
    hear_txt(FOO, "\3a=b", 4500);
    assert_said("");
    hear("h.local", SDS_RR_CNAME, .points_to = "real.local", .ttl_s = 120); /* as good as one */
    assert_said("+Foo h.local 0@300 ");
}

static void tells_of_what_nobody_names(void **state)
{
    (void)state;
    hear_srv(FOO, "h.local", 120);
    hear_txt(FOO, "\3a=b", 4500);
    hear_address("h.local");
    assert_said("+Foo h.local 1@0 ");
    hear_address("lonely.local");                                       /* no service */
    hear("_http._tcp.local", SDS_RR_TXT, RDATA("\3a=b"), .ttl_s = 120); /* nor is a type */
    assert_said("");
}

/* ---- staying ------------------------------------------------------------------------------ */

static void tells_news_alone(void **state)
{
    (void)state;
    hear_all();
    assert_said("+Foo h.local 1@0 ");
    run_until(5000);
    hear_all();
    hear_ptr("FOO._HTTP._tcp.local", 4500); /* the same to DNS */
    assert_said("");
    hear_txt(FOO, "\3a=c", 4500);
    assert_said("~Foo h.local 1@5000 ");
    sds_roster_note_all(roster, now);
    assert_true(sds_roster_due_ms(roster) == now);
    assert_said("");
}

static void follows_its_host(void **state)
{
    (void)state;
    hear_all();
    assert_said("+Foo h.local 1@0 ");
    run_until(5000);
    hear_srv(FOO, "other.local", 120);
    run_until(7000); /* the old one has left */
    assert_said("~Foo other.local 0@5000 ");
    hear("h.local", SDS_RR_AAAA, RDATA("\376\200\0\0\0\0\0\0\0\0\0\0\0\0\0\1"), .ttl_s = 120);
    assert_true(sds_roster_due_ms(roster) == INT64_MAX); /* nobody's any more */
    hear_address("OTHER.local");
    assert_said("~Foo other.local 1@7000 ");
    hear_srv(FOO, "h.local", 120);
    run_until(9000);
    assert_said("~Foo h.local 2@7000 ");
    hear("other.local", SDS_RR_A, RDATA("\300\0\2\2"), .ttl_s = 120);
    assert_true(sds_roster_due_ms(roster) == INT64_MAX);
}

static void keeps_links_apart(void **state)
{
    (void)state;
    hear_all();
    hear("_http._tcp.local", SDS_RR_PTR, .points_to = FOO, .ttl_s = 4500, .ifindex = 2);
    assert_said("+Foo h.local 1@0 ");
    run_until(1000);
    assert_said("+Foo ? 0@1000 ");
    hear("h.local", SDS_RR_A, RDATA("\300\0\2\2"), .ttl_s = 120, .ifindex = 2);
    assert_said(""); /* the host of the other link has that name */
}

/* ---- going -------------------------------------------------------------------------------- */

/* A second after its goodbye, as it was told last. */
static void goes_with_what_named_it(void **state)
{
    (void)state;
    hear_all();
    hear_ptr("Bar._http._tcp.local", 4500);
    run_until(1000);
    assert_said("+Foo h.local 1@0 +Bar ? 0@1000 ");
    hear_ptr(FOO, 0);
    run_until(1999);
    assert_said("");
    run_until(2500);
    assert_said("-Foo h.local 1@2000 ");
    hear_ptr(FOO, 4500);
    assert_said("+Foo h.local 1@2500 ");
}

static void goes_with_its_own_records_where_nobody_named_it(void **state)
{
    (void)state;
    hear_srv(FOO, "h.local", 120);
    hear_txt(FOO, "\3a=b", 4500);
    run_until(1000);
    assert_said("+Foo h.local 0@1000 ");
    hear_srv(FOO, "h.local", 0);
    run_until(3000);
    assert_said("~Foo ? 0@2000 ");
    hear_txt(FOO, "\3a=b", 0);
    run_until(5000);
    assert_said("-Foo ? 0@4000 ");
}

static void says_nothing_of_what_went_before_it_was_told(void **state)
{
    (void)state;
    hear_ptr(FOO, 4500);
    hear_ptr(FOO, 0);
    sds_store_drop_interface(store, 1);
    run_until(5000);
    assert_said("");
    assert_true(sds_roster_due_ms(roster) == INT64_MAX);
}

static void says_nothing_of_what_is_not_wanted(void **state)
{
    (void)state;
    unwanted = "Foo";
    hear_all();
    assert_said("");
    unwanted = NULL;
    sds_roster_note_all(roster, now);
    assert_said(""); /* it was forgotten */
    hear_txt(FOO, "\3a=c", 4500);
    assert_said("+Foo h.local 1@0 ");
    unwanted = "Foo";
    sds_roster_note_all(roster, now);
    assert_said("-Foo h.local 1@0 ");
}

/* ---- want of memory ----------------------------------------------------------------------- */

/* What is missed is told with the next change. */
static void survives_want_of_memory(void **state)
{
    const struct heard srv = {FOO, SDS_RR_SRV, RDATA("\0\0\0\0\0\120"), .points_to = "h.local",
                              .ttl_s = 120};
    size_t n = 0;

    do {
        int r;

        assert_true(n < 200);
        end(state);
        begin(state);
        has_failed = false;
        allocations_left = n++;
        (void)try_to_hear(srv);
        r = sds_roster_run(roster, now + 1000);
        allocations_left = SIZE_MAX;
        assert_true(r == 0 || (r == -ENOMEM && !*said));
        now = 2000;
        hear_srv(FOO, "other.local", 120);
        assert_int_equal(sds_roster_run(roster, now + 1000), 0);
        assert_non_null(strstr(said, "Foo other.local 0@2000 "));
    } while (has_failed);
    assert_string_equal(said, "+Foo h.local 0@0 ~Foo other.local 0@2000 ");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(tells_at_once_what_is_complete, begin, end),
        cmocka_unit_test_setup_teardown(waits_a_second_for_the_rest, begin, end),
        cmocka_unit_test_setup_teardown(waits_no_longer_than_it_must, begin, end),
        cmocka_unit_test_setup_teardown(tells_of_what_nobody_names, begin, end),
        cmocka_unit_test_setup_teardown(tells_news_alone, begin, end),
        cmocka_unit_test_setup_teardown(follows_its_host, begin, end),
        cmocka_unit_test_setup_teardown(keeps_links_apart, begin, end),
        cmocka_unit_test_setup_teardown(goes_with_what_named_it, begin, end),
        cmocka_unit_test_setup_teardown(goes_with_its_own_records_where_nobody_named_it, begin,
                                        end),
        cmocka_unit_test_setup_teardown(says_nothing_of_what_went_before_it_was_told, begin, end),
        cmocka_unit_test_setup_teardown(says_nothing_of_what_is_not_wanted, begin, end),
        cmocka_unit_test_setup_teardown(survives_want_of_memory, begin, end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
