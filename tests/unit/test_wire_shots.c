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

#include "no_memory.h"
#include "wire/shots.h"

#define ID 7

static struct sds_store *store;
static struct sds_wire_shots *shots;
static int64_t now;

/* What was sent: the first label of each question, and when. */
static char said[1024];
static int answer;

static int take(void *userdata, const uint8_t *packet, size_t len)
{
    struct sds_wire_reader reader;
    struct sds_wire_item item;
    size_t n = strlen(said);

    assert_ptr_equal(userdata, &said);
    assert_true(sds_wire_read(&reader, packet, len));
    assert_int_equal(reader.header.id, ID);
    assert_int_equal(sds_wire_next(&reader, &item), SDS_WIRE_ITEM);
    snprintf(said + n, sizeof(said) - n, "%.*s@%d ", item.name.bytes[0],
             (const char *)item.name.bytes + 1, (int)now);
    return answer;
}

/* Marked, as it may go over more protocols. */
static int take_again(void *userdata, const uint8_t *packet, size_t len)
{
    int r = take(userdata, packet, len);

    said[strlen(said) - 1] = '+';
    strncat(said, " ", sizeof(said) - strlen(said) - 1);
    return r;
}

static int begin(void **state)
{
    const struct sds_store_config config = {.max_records = 100, .max_bytes = 100000};

    (void)state;
    now = 0;
    answer = 0;
    *said = '\0';
    store = sds_store_new(&config);
    assert_non_null(store);
    shots = sds_wire_shots_new(&(struct sds_wire_shots_config){.ifindex = 1,
                                                               .store = store,
                                                               .id = ID,
                                                               .send = take,
                                                               .send_again = take_again,
                                                               .userdata = &said});
    assert_non_null(shots);
    return 0;
}

static int end(void **state)
{
    (void)state;
    shots = sds_wire_shots_free(shots);
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

static struct sds_wire_shot *ask(const char *text, uint16_t type)
{
    struct sds_wire_name name = name_of(text);
    struct sds_wire_shot *shot;

    assert_int_equal(sds_wire_shots_ask(shots, &name, type, now, &shot), 0);
    return shot;
}

/* An answer to us of so many bytes. */
static void hear_reply(size_t len, uint16_t flags)
{
    uint8_t message[1500] = {0, ID, (uint8_t)(0x84 | flags >> 8), (uint8_t)flags};

    assert_true(len <= sizeof(message));
    sds_wire_shots_hear(shots, message, len, now);
}

/* A record of a name is heard in an answer to us alone, or by multicast. */
static void hear(const char *text, uint16_t type, const char *rdata, bool is_legacy)
{
    struct sds_store_arrival arrival = {1, {.len = 4}, now, is_legacy};
    struct sds_wire_item item = {
        .section = SDS_WIRE_ANSWER,
        .name = name_of(text),
        .type = type,
        .class = SDS_CLASS_IN,
        .ttl_s = is_legacy ? 10 : 4500,
        .parts.head = {(const uint8_t *)rdata, strlen(rdata)},
    };

    assert_int_equal(sds_store_put(store, &arrival, &item), 0);
    if (is_legacy)
        hear_reply(100, 0);
}

static void hear_twice(const char *text, const char *rdata)
{
    hear(text, SDS_RR_PTR, rdata, true);
    hear(text, SDS_RR_PTR, rdata, false);
}

static void run_until(int64_t until)
{
    while (sds_wire_shots_due_ms(shots) <= until) {
        now = sds_wire_shots_due_ms(shots) > now ? sds_wire_shots_due_ms(shots) : now;
        sds_wire_shots_run(shots, now);
        assert_true(sds_wire_shots_due_ms(shots) > now);
    }
    now = until;
}

static void assert_said(const char *expected)
{
    assert_string_equal(said, expected);
    *said = '\0';
}

static bool is_sure(void)
{
    return sds_wire_shots_sure_ms(shots, now) <= now;
}

static bool is_doubtful(void)
{
    return sds_wire_shots_sure_ms(shots, now) == INT64_MAX;
}

static void is_sure_of_what_was_heard_twice(void **state)
{
    struct sds_wire_shot *a = ask("a.local", SDS_RR_PTR), *b = ask("b.local", SDS_RR_PTR);

    (void)state;
    assert_true(sds_wire_shots_sure_ms(shots, now) == now + 1);
    run_until(100);
    assert_said("a@0 b@0 ");
    hear_twice("a.local", "x");
    hear_twice("b.local", "y");
    assert_true(sds_wire_shots_sure_ms(shots, now) == 351);
    run_until(350);
    assert_true(is_sure());
    run_until(10000);
    assert_said("");
    assert_int_equal(sds_wire_shots_counts(shots).packets, 2);
    assert_int_equal(sds_wire_shots_counts(shots).bytes, 2 * (12 + 9 + 4));
    assert_int_equal(sds_wire_shots_counts(shots).replies, 2);
    sds_wire_shot_drop(a);
    sds_wire_shot_drop(b);
}

/* Right after others have asked. */
static void shoots_again_where_multicast_is_silent(void **state)
{
    struct sds_wire_shot *a = ask("a.local", SDS_RR_PTR);

    (void)state;
    run_until(100);
    hear("a.local", SDS_RR_PTR, "x", true);
    run_until(400);
    assert_said("a@0 a@350+ ");
    assert_false(is_sure() || is_doubtful());
    hear("a.local", SDS_RR_PTR, "x", true);
    run_until(700);
    assert_true(is_sure());
    run_until(10000);
    assert_said("");
    sds_wire_shot_drop(a);
}

static void doubts_when_the_second_shot_brings_news(void **state)
{
    struct sds_wire_shot *a = ask("a.local", SDS_RR_PTR);

    (void)state;
    run_until(100);
    hear("a.local", SDS_RR_PTR, "x", true);
    run_until(400);
    hear("a.local", SDS_RR_PTR, "y", true);
    run_until(700);
    assert_true(is_doubtful());
    assert_said("a@0 a@350+ ");
    sds_wire_shot_drop(a);
    assert_true(is_sure());
}

static void doubts_where_nothing_answers(void **state)
{
    struct sds_wire_shot *a = ask("a.local", SDS_RR_PTR), *b = ask("b.local", SDS_RR_PTR);

    (void)state;
    run_until(100);
    hear_twice("a.local", "x");
    run_until(700);
    assert_true(is_doubtful());
    assert_said("a@0 b@0 b@350+ ");
    sds_wire_shot_drop(a);
    sds_wire_shot_drop(b);
}

/* A packet filter of this host, perhaps: another shot is of no use. */
static void doubts_where_no_answer_comes_through(void **state)
{
    struct sds_wire_shot *a = ask("a.local", SDS_RR_PTR), *b = ask("b.local", SDS_RR_SRV);

    (void)state;
    run_until(100);
    hear("a.local", SDS_RR_PTR, "x", false);
    run_until(10000);
    assert_true(is_doubtful());
    assert_said("a@0 b@200 ");
    sds_wire_shot_drop(a);
    sds_wire_shot_drop(b);
}

static void shoots_again_where_all_is_silent(void **state)
{
    struct sds_wire_shot *a = ask("a.local", SDS_RR_PTR);

    (void)state;
    run_until(690);
    assert_false(is_sure() || is_doubtful());
    run_until(10000);
    assert_true(is_doubtful());
    assert_said("a@0 a@350+ ");
    sds_wire_shot_drop(a);
}

static void doubts_where_both_ways_lose(void **state)
{
    struct sds_wire_shot *a = ask("a.local", SDS_RR_PTR), *b = ask("b.local", SDS_RR_PTR);

    (void)state;
    run_until(100);
    hear_twice("a.local", "w");
    hear_twice("b.local", "x");
    hear("b.local", SDS_RR_PTR, "y", true);
    run_until(360);
    /* What one of them lost, the other may have lost as well. */
    assert_said("a@0 b@0 b@350+ a@350+ ");
    assert_false(is_sure() || is_doubtful());
    hear("b.local", SDS_RR_PTR, "z", false);
    run_until(1000);
    assert_true(is_doubtful());
    sds_wire_shot_drop(a);
    sds_wire_shot_drop(b);
}

/* Who has more to say than fits says it by multicast, unless it has just done so. */
static void doubts_answers_that_may_be_cut(void **state)
{
    static const struct {
        size_t len;
        uint16_t flags;
        bool is_cut;
    } replies[] = {
        {434, 0, false}, {435, 0, true},   {512, 0, true},
        {513, 0, false}, {1400, 0, false}, {1400, SDS_WIRE_TRUNCATED, true},
    };

    for (size_t i = 0; i < sizeof(replies) / sizeof(*replies); i++) {
        struct sds_wire_shot *a;

        for (int is_silent = 0; is_silent < 2; is_silent++) {
            end(state);
            begin(state);
            a = ask("a.local", SDS_RR_PTR);
            run_until(100);
            hear("a.local", SDS_RR_PTR, "x", true);
            hear_reply(replies[i].len, replies[i].flags);
            if (!is_silent) {
                hear("a.local", SDS_RR_PTR, "x", false);
                hear("a.local", SDS_RR_PTR, "y", false);
            }
            run_until(360);
            assert_said(is_silent || !replies[i].is_cut ? "a@0 a@350+ " : "a@0 ");
            run_until(1000);
            assert_int_equal(is_doubtful(), is_silent && replies[i].is_cut);
            sds_wire_shot_drop(a);
        }
    }
}

static void waits_while_answers_come(void **state)
{
    struct sds_wire_shot *a = ask("a.local", SDS_RR_PTR);

    (void)state;
    run_until(300);
    hear_twice("a.local", "x");
    run_until(350);
    assert_true(sds_wire_shots_sure_ms(shots, now) == 381);
    run_until(379);
    hear_twice("a.local", "y");
    run_until(380);
    assert_false(is_sure());
    run_until(460);
    assert_true(is_sure());
    assert_said("a@0 ");
    sds_wire_shot_drop(a);
    /* But not for ever. */
    a = ask("a.local", SDS_RR_PTR);
    for (int64_t t = 500; t < 1600; t += 50) {
        run_until(t);
        hear_twice("a.local", "x");
    }
    assert_true(is_sure());
    sds_wire_shot_drop(a);
}

static void shoots_for_unique_records_that_do_not_come(void **state)
{
    struct sds_wire_shot *a = ask("a.local", SDS_RR_SRV), *b = ask("b.local", SDS_RR_TXT);

    (void)state;
    assert_true(is_sure());
    run_until(199);
    assert_said("");
    sds_wire_shot_drop(a); /* it came */
    run_until(400);
    assert_said("b@200 ");
    hear_reply(100, 0);
    run_until(10000);
    assert_said("b@550+ ");
    assert_true(is_sure());
    sds_wire_shot_drop(b);
    sds_wire_shot_drop(NULL);
}

static void survives_a_link_that_is_down(void **state)
{
    struct sds_wire_shot *a = ask("a.local", SDS_RR_PTR);

    (void)state;
    answer = -ENETDOWN;
    run_until(10000);
    assert_true(is_doubtful());
    assert_int_equal(sds_wire_shots_counts(shots).packets, 0);
    sds_wire_shot_drop(a);
}

static void survives_want_of_memory(void **state)
{
    struct sds_wire_name name = name_of("a.local");
    struct sds_wire_shot *shot = NULL;
    int r = -ENOMEM;

    (void)state;
    for (size_t n = 0; r < 0; n++) {
        allocations_left = n;
        r = sds_wire_shots_ask(shots, &name, SDS_RR_PTR, now, &shot);
        allocations_left = SIZE_MAX;
        assert_true(r == 0 || r == -ENOMEM);
        assert_true((sds_wire_shots_due_ms(shots) == INT64_MAX) == (r < 0));
        assert_true(n < 10);
    }
    sds_wire_shot_drop(shot);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(is_sure_of_what_was_heard_twice, begin, end),
        cmocka_unit_test_setup_teardown(shoots_again_where_multicast_is_silent, begin, end),
        cmocka_unit_test_setup_teardown(doubts_when_the_second_shot_brings_news, begin, end),
        cmocka_unit_test_setup_teardown(doubts_where_nothing_answers, begin, end),
        cmocka_unit_test_setup_teardown(doubts_where_no_answer_comes_through, begin, end),
        cmocka_unit_test_setup_teardown(shoots_again_where_all_is_silent, begin, end),
        cmocka_unit_test_setup_teardown(doubts_where_both_ways_lose, begin, end),
        cmocka_unit_test_setup_teardown(doubts_answers_that_may_be_cut, begin, end),
        cmocka_unit_test_setup_teardown(waits_while_answers_come, begin, end),
        cmocka_unit_test_setup_teardown(shoots_for_unique_records_that_do_not_come, begin, end),
        cmocka_unit_test_setup_teardown(survives_a_link_that_is_down, begin, end),
        cmocka_unit_test_setup_teardown(survives_want_of_memory, begin, end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
