/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "wire/volley.h"
#include "wire_hearing.h"

static int begin(void **state)
{
    (void)state;
    begin_hearing((struct sds_store_config){.max_records = 1000, .max_bytes = 1000000}, 0);
    return 0;
}

static void hear_pointer(const char *name, const char *target)
{
    hear_it((struct heard){name, SDS_RR_PTR, .points_to = target, .ttl_s = 4500});
}

/* An instance of a type on a host, with so many bytes of TXT. */
static void hear_instance(const char *label, const char *type, const char *host, size_t txt_len)
{
    static const char txt[512];
    char name[128];

    snprintf(name, sizeof(name), "%s.%s", label, type);
    hear_pointer(type, name);
    hear_it(
        (struct heard){name, SDS_RR_SRV, RDATA("\0\0\0\0\0\0"), .points_to = host, .ttl_s = 4500});
    hear_it((struct heard){name, SDS_RR_TXT, txt, txt_len, .ttl_s = 4500});
}

/* How many guesses go into one packet, after one question that was answered so. */
static size_t n_guesses_after(const char *answered, size_t n_told)
{
    struct sds_wire_name first = name_of(answered), name = name_of("_guess._tcp.local");
    struct sds_wire_volley volley;
    size_t n = 0;

    sds_wire_volley_begin(&volley, store, 1);
    assert_true(sds_wire_volley_add(&volley, &first, SDS_RR_PTR, n_told));
    while (sds_wire_volley_add_guess(&volley, &name, SDS_RR_PTR))
        n++;
    return n;
}

/* How many of `_0._tcp`, `_1._tcp`, ... go into one packet, where somebody told of so many answers
 * to each. */
static size_t n_together_of(size_t n_told)
{
    static struct sds_wire_name names[2 * SDS_WIRE_VOLLEY_QUESTIONS_MAX];
    struct sds_wire_volley volley;
    size_t n = 0;
    char text[64];

    sds_wire_volley_begin(&volley, store, 1);
    do {
        snprintf(text, sizeof(text), "_%zu._tcp.local", n);
        names[n] = name_of(text);
    } while (sds_wire_volley_add(&volley, &names[n], SDS_RR_PTR, n_told) && ++n);
    assert_int_equal(volley.n, n);
    for (size_t i = 0; i < n; i++)
        assert_ptr_equal(volley.questions[i].name, &names[i]);
    return n;
}

static size_t n_together(void)
{
    return n_together_of(0);
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

/* There is room for one of their answers, whoever gives it. */
static void asks_many_that_nobody_will_answer(void **state)
{
    (void)state;
    assert_int_equal(n_guesses_after("_0._tcp.local", 0), 10);
    assert_int_equal(n_guesses_after("_0._tcp.local", 2), 6);
    hear_instances(1, 1, 100);
    assert_int_equal(n_guesses_after("_0._tcp.local", 0), 5);
    end_hearing(state);
    begin(state);
    hear_instances(1, 1, 400);
    assert_int_equal(n_guesses_after("_0._tcp.local", 0), 0);
}

/* They may all be one host's, unless it is known what they are. */
static void asks_fewer_where_others_told_of_many(void **state)
{
    (void)state;
    assert_int_equal(n_together_of(1), 3);
    assert_int_equal(n_together_of(2), 2);
    assert_int_equal(n_together_of(9), 1);
    hear_instances(SDS_WIRE_VOLLEY_QUESTIONS_MAX, SDS_WIRE_VOLLEY_QUESTIONS_MAX, 40);
    assert_int_equal(n_together_of(9), 14);
}

/* 16 hosts with an instance each may all be asked at once; of one host not. */
static void asks_as_much_as_each_host_can_answer(void **state)
{
    (void)state;
    hear_instances(SDS_WIRE_VOLLEY_QUESTIONS_MAX, SDS_WIRE_VOLLEY_QUESTIONS_MAX, 40);
    assert_int_equal(n_together(), 14); /* questions, too, are repeated in answers */
    end_hearing(state);
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
    (void)state;
    for (size_t i = 0; i < 30; i++) {
        char name[64];

        snprintf(name, sizeof(name), "_type-%02zu._tcp.local", i);
        hear_pointer("_0._tcp.local", name);
    }
    assert_int_equal(n_together(), 1);
}

static bool are_together(const char *first, const char *second)
{
    struct sds_wire_name names[] = {name_of(first), name_of(second)};
    struct sds_wire_volley volley;

    sds_wire_volley_begin(&volley, store, 1);
    assert_true(sds_wire_volley_add(&volley, &names[0], SDS_RR_PTR, 0));
    return sds_wire_volley_add(&volley, &names[1], SDS_RR_PTR, 0);
}

/* Who has too much to say to one question need not be asked for his types apart. */
static void asks_for_types_with_any_other(void **state)
{
    static const struct {
        size_t types;
        bool are_together;
    } links[] = {{1, true}, {7, true}, {8, false}};

    (void)state;
    for (size_t i = 0; i < SDS_COUNT(links); i++) {
        hear_instances(2, 1, 500);
        for (size_t k = 0; k < links[i].types; k++) {
            char name[64];

            snprintf(name, sizeof(name), "_%zu._tcp.local", k);
            hear_pointer("_services._dns-sd._udp.local", name);
        }
        assert_false(are_together("_0._tcp.local", "_1._tcp.local"));
        assert_int_equal(are_together("_services._dns-sd._udp.local", "_1._tcp.local"),
                         links[i].are_together);
        assert_int_equal(are_together("_1._tcp.local", "_services._dns-sd._udp.local"),
                         links[i].are_together);
        end_hearing(state);
        begin(state);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(asks_few_of_which_nothing_is_known, begin, end_hearing),
        cmocka_unit_test_setup_teardown(asks_many_that_nobody_will_answer, begin, end_hearing),
        cmocka_unit_test_setup_teardown(asks_fewer_where_others_told_of_many, begin, end_hearing),
        cmocka_unit_test_setup_teardown(asks_as_much_as_each_host_can_answer, begin, end_hearing),
        cmocka_unit_test_setup_teardown(asks_one_at_least, begin, end_hearing),
        cmocka_unit_test_setup_teardown(asks_no_more_where_hosts_cannot_be_told_apart, begin,
                                        end_hearing),
        cmocka_unit_test_setup_teardown(asks_for_types_with_any_other, begin, end_hearing),
        cmocka_unit_test_setup_teardown(counts_what_anybody_may_say, begin, end_hearing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
