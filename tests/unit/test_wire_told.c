/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <cmocka.h>

#include "base/mem.h"
#include "no_memory.h"
#include "wire/evidence.h"
#include "wire/message.h"
#include "wire/told.h"
#include "wire_hearing.h"

#define FOO  "\3Foo\5_http\4_tcp\5local"
#define HOST "\1h\5local"

static int begin(void **state)
{
    (void)state;
    begin_hearing((struct sds_store_config){.key = {{1, 2}},
                                            .max_records = SDS_STORE_RECORDS_MAX,
                                            .max_bytes = SDS_STORE_BYTES_MAX},
                  1000);
    return 0;
}

static int end(void **state)
{
    allocations_left = SIZE_MAX;
    return end_hearing(state);
}

/* One behind the other. */
static void hear_next(struct heard heard)
{
    hear_it(heard);
    now++;
}

#define hear(...) hear_next((struct heard){__VA_ARGS__})

static void put_addresses(FILE *out, const struct sds_service *service)
{
    char text[SDS_ADDRESS_TEXT_SIZE];

    for (size_t i = 0; i < service->n_addresses; i++) {
        sds_address_format(service->addresses[i], text);
        fprintf(out, " %s", text);
    }
}

static void put_records(FILE *out, const struct sds_service *service)
{
    for (unsigned i = 0; i < SDS_KIND__COUNT; i++)
        if (service->ttl_kinds & 1u << i)
            fprintf(out, " %s %u%s", sds_record_kind_name(i), service->ttls_s[i],
                    service->flushing_kinds & 1u << i ? "!" : "");
}

/* A service on a line. */
static int describe(void *userdata, const struct sds_told *told)
{
    FILE *out = userdata;
    struct sds_service *service;
    int r = sds_told_service(store, told, "eth0", &service);

    if (r < 0)
        return r;
    fprintf(out, "%d %.*s %s %s%s", told->ifindex, (int)service->instance.len,
            (const char *)service->instance.p, service->type, service->domain,
            told->ptr ? "" : " (not named)");
    if (sds_service_state(service, SDS_PART_HOST) == SDS_PRESENT)
        fprintf(out, " %s:%u %u", service->host, service->port, service->n_srv);
    put_addresses(out, service);
    if (sds_service_state(service, SDS_PART_TXT) == SDS_PRESENT)
        fprintf(out, " txt%zu+%zu", service->txt.len, service->n_more_txt);
    put_records(out, service);
    for (size_t i = 0; i < service->n_sightings; i++)
        fprintf(out, " %s/%s", service->sightings[i].interface,
                service->sightings[i].family == AF_INET ? "4" : "6");
    fputc('\n', out);
    assert_int_equal(service->missing, service->n_addresses ? SDS_PART_HOST_CNAME : 0);
    sds_service_free(service);
    return 0;
}

static void assert_tells(const char *expected)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    assert_int_equal(sds_told_walk(store, describe, out), 0);
    fclose(out);
    assert_string_equal(text, expected);
    free(text);
}

static void hear_foo(void)
{
    hear("_http._tcp.local", SDS_RR_PTR, RDATA(FOO "\0"), .ttl_s = 4500);
    hear("Foo._http._tcp.local", SDS_RR_SRV, RDATA("\0\1\0\2\0\x50" HOST "\0"), .ttl_s = 120,
         .flush = true);
    hear("foo._HTTP._tcp.local", SDS_RR_TXT, RDATA("\3a=b"), .ttl_s = 4500, .flush = true,
         .is_over_ipv6 = true);
    hear("H.local", SDS_RR_A, RDATA("\xc0\0\2\1"), .ttl_s = 120, .flush = true);
    hear("h.local", SDS_RR_AAAA, RDATA("\xfe\x80\0\0\0\0\0\0\0\0\0\0\0\0\0\1"), .ttl_s = 60);
}

static void tells_all_of_a_service(void **state)
{
    (void)state;
    hear_foo();
    assert_tells("1 Foo _http._tcp local h.local:80 1 192.0.2.1 fe80::1 txt4+0 "
                 "ptr 4500 srv 120! txt 4500! a 120! aaaa 60 eth0/4 eth0/6\n");
}

static void keeps_links_apart(void **state)
{
    (void)state;
    hear("_http._tcp.local", SDS_RR_PTR, RDATA(FOO "\0"), .ttl_s = 10);
    hear("_http._tcp.local", SDS_RR_PTR, RDATA(FOO "\0"), .ttl_s = 20, .ifindex = 2);
    hear("Foo._http._tcp.local", SDS_RR_TXT, RDATA(""), .ttl_s = 30, .ifindex = 2);
    assert_tells("1 Foo _http._tcp local ptr 10 eth0/4\n"
                 "2 Foo _http._tcp local txt0+0 ptr 20 txt 30 eth0/4\n");
}

static void takes_the_newest_of_several_and_its_shortest_ttl(void **state)
{
    (void)state;
    hear("_http._tcp.local", SDS_RR_PTR, RDATA(FOO "\0"), .ttl_s = 10);
    hear("Foo._http._tcp.local", SDS_RR_SRV, RDATA("\0\0\0\0\0\1" HOST "\0"), .ttl_s = 11);
    hear("Foo._http._tcp.local", SDS_RR_SRV, RDATA("\0\0\0\0\0\2" HOST "\0"), .ttl_s = 12);
    hear("Foo._http._tcp.local", SDS_RR_TXT, RDATA("\1a"), .ttl_s = 13);
    hear("Foo._http._tcp.local", SDS_RR_TXT, RDATA("\2bb"), .ttl_s = 14);
    hear("Foo._http._tcp.local", SDS_RR_TXT, RDATA("\3ccc"), .ttl_s = 15);
    hear("Foo._http._tcp.local", SDS_RR_SRV, RDATA("\0\0\0"), .ttl_s = 16,
         .fault = SDS_WIRE_FAULT_RDATA_SHORT);
    assert_tells("1 Foo _http._tcp local h.local:2 2 txt4+2 ptr 10 srv 11 txt 13 eth0/4\n");
}

static void bounds_what_it_looks_at(void **state)
{
    (void)state;
    hear("_http._tcp.local", SDS_RR_PTR, RDATA(FOO "\0"), .ttl_s = 10);
    for (unsigned i = 0; i < 2 * SDS_EVIDENCE_RECORDS_MAX; i++) {
        char txt[2] = {1, (char)i};

        hear("Foo._http._tcp.local", SDS_RR_TXT, .rdata = txt, .rdata_len = sizeof(txt),
             .ttl_s = 20 + i);
    }
    assert_tells("1 Foo _http._tcp local txt2+63 ptr 10 txt 20 eth0/4\n");
}

static void tells_of_what_nothing_names(void **state)
{
    (void)state;
    hear("Foo._http._tcp.local", SDS_RR_SRV, RDATA("\0\0\0\0\0\1" HOST "\0"), .ttl_s = 11);
    hear("Foo._http._tcp.local", SDS_RR_TXT, RDATA("\0"), .ttl_s = 12);
    hear("Mac._device-info._tcp.local", SDS_RR_TXT, RDATA("\0"), .ttl_s = 13);
    hear("h.local", SDS_RR_TXT, RDATA("\0"), .ttl_s = 14);
    hear("_http._tcp.local", SDS_RR_TXT, RDATA("\0"), .ttl_s = 15);
    hear("_x.y.local", SDS_RR_SRV, RDATA("\0\0\0\0\0\1" HOST "\0"), .ttl_s = 16);
    assert_tells("1 Foo _http._tcp local (not named) h.local:1 1 txt1+0 srv 11 txt 12 eth0/4\n"
                 "1 Mac _device-info._tcp local (not named) txt1+0 txt 13 eth0/4\n");
}

static void follows_only_ptr_records_of_types(void **state)
{
    (void)state;
    hear("_services._dns-sd._udp.local", SDS_RR_PTR, RDATA("\5_http\4_tcp\5local\0"), .ttl_s = 10);
    hear("_sub._sub._http._tcp.local", SDS_RR_PTR, RDATA(FOO "\0"), .ttl_s = 10);
    hear("1.2.0.192.in-addr.arpa", SDS_RR_PTR, RDATA(HOST "\0"), .ttl_s = 10);
    hear("_HTTP._tcp.local", SDS_RR_PTR, RDATA(FOO "\0"), .ttl_s = 10);
    hear("_http._sctp.local", SDS_RR_PTR, RDATA("\3Bar\5_http\5_sctp\5local\0"), .ttl_s = 11);
    hear("_ipp._tcp.example.com", SDS_RR_PTR, RDATA("\1x\4_ipp\4_tcp\7example\3com\0"),
         .ttl_s = 12);
    hear("_http._tcp.local", SDS_RR_PTR, RDATA("\0"), .ttl_s = 13);
    assert_tells("1 Foo _http._tcp local ptr 10 eth0/4\n"
                 "1 Bar _http._sctp local ptr 11 eth0/4\n"
                 "1 x _ipp._tcp example.com ptr 12 eth0/4\n");
}

static void tells_nothing_of_what_left(void **state)
{
    (void)state;
    hear_foo();
    hear("_http._tcp.local", SDS_RR_PTR, RDATA(FOO "\0"), .ttl_s = 0);
    hear("foo._HTTP._tcp.local", SDS_RR_TXT, RDATA("\3a=b"), .ttl_s = 0);
    assert_tells("1 Foo _http._tcp local (not named) h.local:80 1 192.0.2.1 fe80::1 "
                 "srv 120! a 120! aaaa 60 eth0/4\n");
    hear("Foo._http._tcp.local", SDS_RR_SRV, RDATA("\0\1\0\2\0\x50" HOST "\0"), .ttl_s = 0);
    assert_tells("");
}

static int stop(void *userdata, const struct sds_told *told)
{
    (void)told;
    ++*(int *)userdata;
    return -ECANCELED;
}

static void stops_where_it_is_told(void **state)
{
    int n = 0;

    (void)state;
    hear_foo();
    hear("_http._tcp.local", SDS_RR_PTR, RDATA("\3Bar\5_http\4_tcp\5local\0"), .ttl_s = 10);
    assert_int_equal(sds_told_walk(store, stop, &n), -ECANCELED);
    assert_int_equal(n, 1);
}

static int make(void *userdata, const struct sds_told *told)
{
    struct sds_service **ret = userdata;

    assert_null(*ret);
    return sds_told_service(store, told, "eth0", ret);
}

static void survives_without_memory(void **state)
{
    struct sds_service *service = NULL;
    size_t n = 0;
    int r;

    (void)state;
    hear_foo();
    do {
        allocations_left = n++;
        r = sds_told_walk(store, make, &service);
        allocations_left = SIZE_MAX;
        assert_true(r == 0 || r == -ENOMEM);
    } while (r < 0 && n < 1000);
    assert_true(n > 5);
    assert_non_null(service);
    sds_service_free(service);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(tells_all_of_a_service, begin, end),
        cmocka_unit_test_setup_teardown(keeps_links_apart, begin, end),
        cmocka_unit_test_setup_teardown(takes_the_newest_of_several_and_its_shortest_ttl, begin,
                                        end),
        cmocka_unit_test_setup_teardown(bounds_what_it_looks_at, begin, end),
        cmocka_unit_test_setup_teardown(tells_of_what_nothing_names, begin, end),
        cmocka_unit_test_setup_teardown(follows_only_ptr_records_of_types, begin, end),
        cmocka_unit_test_setup_teardown(tells_nothing_of_what_left, begin, end),
        cmocka_unit_test_setup_teardown(stops_where_it_is_told, begin, end),
        cmocka_unit_test_setup_teardown(survives_without_memory, begin, end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
