/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "no_memory.h"
#include "wire/listing.h"
#include "wire/writer.h"
#include "wire_hearing.h"

#define TYPES "_services._dns-sd._udp.local"
#define HTTP  "_http._tcp.local"
#define IPP   "_ipp._tcp.local"

static struct sds_wire_listing listing;

static int begin(void **state)
{
    (void)state;
    begin_hearing((struct sds_store_config){.max_records = 100, .max_bytes = 100000}, 0);
    sds_wire_listing_init(&listing, (struct sds_siphash_key){{1, 2}});
    return 0;
}

static int end(void **state)
{
    sds_wire_listing_done(&listing);
    return end_hearing(state);
}

/* A host says that a name points to another one. */
static void hear_in(enum sds_wire_section section, uint32_t host, const char *name,
                    const char *target)
{
    struct sds_wire_name owner = name_of(name), to = name_of(target);
    struct sds_address address = ipv4(host);
    struct sds_wire_writer writer;
    uint8_t message[512];

    sds_wire_begin(&writer, message, sizeof(message), 7, SDS_WIRE_RESPONSE);
    assert_true(sds_wire_put_record(&writer, section,
                                    &(struct sds_wire_record){
                                        .name = &owner,
                                        .type = SDS_RR_PTR,
                                        .class = SDS_CLASS_IN,
                                        .ttl_s = 10,
                                        .rdata = sds_wire_name_span(&to),
                                    }));
    for (size_t len = 0; len <= writer.len; len++) /* the whole one last */
        sds_wire_listing_hear(&listing, &address, message, len);
}

static void hear(uint32_t host, const char *name, const char *target)
{
    hear_in(SDS_WIRE_ANSWER, host, name, target);
}

static bool is_owed(const char *type)
{
    struct sds_wire_name name = name_of(type);

    return sds_wire_listing_is_owed(&listing, sds_wire_name_span(&name), find(type, SDS_RR_PTR));
}

static void who_lists_a_type_owes_an_instance(void **state)
{
    (void)state;
    assert_false(is_owed(HTTP));
    hear(1, TYPES, HTTP);
    assert_true(is_owed(HTTP));
    assert_true(is_owed("_HTTP._tcp.local"));
    assert_false(is_owed(IPP));
    hear(1, HTTP, "a." HTTP);
    assert_false(is_owed(HTTP));
    hear(1, TYPES, HTTP);
    assert_false(is_owed(HTTP));
}

static void each_host_owes_its_own(void **state)
{
    (void)state;
    hear(1, HTTP, "a." HTTP); /* sooner than it lists the type */
    hear(1, TYPES, HTTP);
    assert_false(is_owed(HTTP));
    hear(2, TYPES, HTTP);
    assert_true(is_owed(HTTP));
    hear(1, HTTP, "b." HTTP);
    hear(2, IPP, "a." IPP);
    assert_true(is_owed(HTTP));
    hear(2, HTTP, "c." HTTP);
    assert_false(is_owed(HTTP));
}

static void answers_are_what_counts(void **state)
{
    (void)state;
    hear_in(SDS_WIRE_ADDITIONAL, 1, TYPES, HTTP);
    assert_false(is_owed(HTTP));
    hear(1, TYPES, HTTP);
    hear_in(SDS_WIRE_ADDITIONAL, 1, HTTP, "a." HTTP);
    assert_true(is_owed(HTTP));
}

static void what_others_heard_counts(void **state)
{
    struct sds_wire_name http = name_of(HTTP);
    struct sds_address two = ipv4(2);

    (void)state;
    hear(1, TYPES, HTTP);
    sds_wire_listing_add(&listing, &two, sds_wire_name_span(&http));
    hear_it((struct heard){HTTP, SDS_RR_PTR, .points_to = "a." HTTP, .ttl_s = 120, .sender = 1});
    hear_it((struct heard){HTTP, SDS_RR_PTR, .points_to = "b." HTTP, .ttl_s = 120, .sender = 3});
    assert_true(is_owed(HTTP));
    hear_it((struct heard){HTTP, SDS_RR_PTR, .points_to = "a." HTTP, .ttl_s = 120, .sender = 2});
    assert_false(is_owed(HTTP));
}

/* A flood of hosts costs what comes after it, no more. */
static void has_a_limit(void **state)
{
    (void)state;
    hear(0, TYPES, HTTP);
    for (uint32_t host = 1; host < SDS_WIRE_LISTING_MAX + 10; host++) {
        struct sds_wire_name name = name_of(HTTP);
        struct sds_address address = ipv4(host);

        sds_wire_listing_add(&listing, &address, sds_wire_name_span(&name));
    }
    hear(100000, TYPES, IPP);
    assert_false(is_owed(IPP));
    assert_true(is_owed(HTTP));
}

static void owes_nothing_without_memory(void **state)
{
    size_t n = 0;

    do {
        end(state);
        begin(state);
        has_failed = false;
        allocations_left = n++;
        hear(1, TYPES, HTTP);
        allocations_left = SIZE_MAX;
        assert_true(is_owed(HTTP) || has_failed);
        hear(2, TYPES, HTTP);
        assert_true(is_owed(HTTP));
    } while (has_failed);
    assert_true(n > 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(who_lists_a_type_owes_an_instance, begin, end),
        cmocka_unit_test_setup_teardown(each_host_owes_its_own, begin, end),
        cmocka_unit_test_setup_teardown(answers_are_what_counts, begin, end),
        cmocka_unit_test_setup_teardown(what_others_heard_counts, begin, end),
        cmocka_unit_test_setup_teardown(has_a_limit, begin, end),
        cmocka_unit_test_setup_teardown(owes_nothing_without_memory, begin, end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
