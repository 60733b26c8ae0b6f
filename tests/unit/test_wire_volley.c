/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "wire/volley.h"

static struct sds_store *store;

static int begin(void **state)
{
    const struct sds_store_config config = {.max_records = 1000, .max_bytes = 1000000};

    (void)state;
    store = sds_store_new(&config);
    assert_non_null(store);
    return 0;
}

static int end(void **state)
{
    (void)state;
    store = sds_store_free(store);
    return 0;
}

static struct sds_wire_name name_of(const char *text)
{
    struct sds_wire_name name;
    struct sds_name labels;

    sds_name_parse(text, &labels);
    assert_true(sds_wire_name_from(&labels, &name));
    return name;
}

static void hear(const struct sds_wire_name *name, uint16_t type, struct sds_span rdata)
{
    const struct sds_store_arrival arrival = {1, {.len = 4}, 0, false};
    const struct sds_wire_item item = {.section = SDS_WIRE_ANSWER,
                                       .name = *name,
                                       .type = type,
                                       .class = SDS_CLASS_IN,
                                       .ttl_s = 4500,
                                       .parts.head = rdata};

    assert_int_equal(sds_store_put(store, &arrival, &item), 0);
}

/* An instance of a type on a host, with so many bytes of TXT. */
static void hear_instance(const char *label, const char *type, const char *host, size_t txt_len)
{
    struct sds_wire_name owner = name_of(type), target = name_of(host), name;
    uint8_t srv[6 + SDS_WIRE_NAME_MAX] = {0}, txt[512] = {0};
    char text[128];

    snprintf(text, sizeof(text), "%s.%s", label, type);
    name = name_of(text);
    memcpy(srv + 6, target.bytes, target.len);
    hear(&owner, SDS_RR_PTR, sds_wire_name_span(&name));
    hear(&name, SDS_RR_SRV, (struct sds_span){srv, 6 + target.len});
    hear(&name, SDS_RR_TXT, (struct sds_span){txt, txt_len});
}

/* How many of `_0._tcp`, `_1._tcp`, ... go into one packet. */
static size_t n_together(void)
{
    static struct sds_wire_name names[2 * SDS_WIRE_VOLLEY_QUESTIONS_MAX];
    struct sds_wire_volley volley;
    size_t n = 0;
    char text[64];

    sds_wire_volley_begin(&volley, store, 1);
    do {
        snprintf(text, sizeof(text), "_%zu._tcp.local", n);
        names[n] = name_of(text);
    } while (sds_wire_volley_add(&volley, &names[n], SDS_RR_PTR) && ++n);
    assert_int_equal(volley.n, n);
    for (size_t i = 0; i < n; i++)
        assert_ptr_equal(volley.questions[i].name, &names[i]);
    return n;
}

static void hear_instances(size_t n_types, size_t n_hosts, size_t txt_len)
{
    char type[64], host[64];

    for (size_t i = 0; i < n_types; i++) {
        snprintf(type, sizeof(type), "_%zu._tcp.local", i);
        snprintf(host, sizeof(host), "host-%02zu.local", i % n_hosts);
        hear_instance("printer", type, host, txt_len);
    }
}

static void asks_few_of_which_nothing_is_known(void **state)
{
    (void)state;
    assert_int_equal(n_together(), 3);
}

/* 16 hosts with an instance each may all be asked at once; of one host not. */
static void asks_as_much_as_each_host_can_answer(void **state)
{
    (void)state;
    hear_instances(SDS_WIRE_VOLLEY_QUESTIONS_MAX, SDS_WIRE_VOLLEY_QUESTIONS_MAX, 40);
    assert_int_equal(n_together(), 14); /* questions, too, are repeated in answers */
    end(state);
    begin(state);
    hear_instances(SDS_WIRE_VOLLEY_QUESTIONS_MAX, 1, 40);
    assert_int_equal(n_together(), 3);
}

/* However long its answers are. */
static void asks_one_at_least(void **state)
{
    (void)state;
    hear_instances(2, 1, 500);
    assert_int_equal(n_together(), 1);
}

static void asks_no_more_where_hosts_cannot_be_told_apart(void **state)
{
    char label[32], host[64];

    (void)state;
    for (size_t i = 0; i <= SDS_WIRE_VOLLEY_HOSTS_MAX; i++) {
        snprintf(label, sizeof(label), "i%zu", i);
        snprintf(host, sizeof(host), "host-%02zu.local", i);
        hear_instance(label, "_1._tcp.local", host, 1);
    }
    assert_int_equal(n_together(), 1);
}

/* Answers that name no instance may be anybody's. */
static void counts_what_anybody_may_say(void **state)
{
    struct sds_wire_name type = name_of("_0._tcp.local");

    (void)state;
    for (size_t i = 0; i < 30; i++) {
        char text[64];
        struct sds_wire_name name;

        snprintf(text, sizeof(text), "_type-%02zu._tcp.local", i);
        name = name_of(text);
        hear(&type, SDS_RR_PTR, sds_wire_name_span(&name));
    }
    assert_int_equal(n_together(), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(asks_few_of_which_nothing_is_known, begin, end),
        cmocka_unit_test_setup_teardown(asks_as_much_as_each_host_can_answer, begin, end),
        cmocka_unit_test_setup_teardown(asks_one_at_least, begin, end),
        cmocka_unit_test_setup_teardown(asks_no_more_where_hosts_cannot_be_told_apart, begin, end),
        cmocka_unit_test_setup_teardown(counts_what_anybody_may_say, begin, end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
