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
#include "no_memory.h"
#include "wire_shooting.h"

static void is_sure_of_what_was_heard_twice(void **state)
{
    struct sds_wire_shot *a = ask("a.local", SDS_RR_PTR), *b;

    (void)state;
    assert_true(sds_wire_shots_sure_ms(shots, now) == now + 1);
    run_until(40);
    b = ask("b.local", SDS_RR_PTR);
    run_until(100);
    assert_said("a@0 ");
    hear_twice("a.local", "x");
    hear("b.local", SDS_RR_PTR, "y", false);
    run_until(210);
    assert_said("b@200 ");
    hear("b.local", SDS_RR_PTR, "y", true);
    assert_true(sds_wire_shots_sure_ms(shots, now) == 421);
    run_until(420);
    assert_true(is_sure());
    run_until(10000);
    assert_said("");
    assert_int_equal(sds_wire_shots_counts(shots).packets, 2);
    assert_int_equal(sds_wire_shots_counts(shots).bytes, 2 * (12 + 9 + 4));
    assert_int_equal(sds_wire_shots_counts(shots).replies, 2);
    sds_wire_shot_drop(a);
    sds_wire_shot_drop(b);
}

/* Whoever asks by multicast asks first; and what is asked within a while goes in one packet. */
static void shoots_together(void **state)
{
    struct sds_wire_shot *a = ask("a.local", SDS_RR_PTR), *b, *c, *d;

    (void)state;
    run_until(150);
    b = ask("b.local", SDS_RR_PTR);
    run_until(300);
    c = ask("c.local", SDS_RR_PTR);
    run_until(450);
    assert_said("");
    d = ask("d.local", SDS_RR_PTR);
    run_until(1000);
    /* Nobody waits for ever. */
    assert_said("a@480 bdc@610 ");
    sds_wire_shot_drop(a);
    sds_wire_shot_drop(b);
    sds_wire_shot_drop(c);
    sds_wire_shot_drop(d);
}

/* The types that a link has are asked for with the question that brought them. */
static void shoots_for_types_and_their_instances_together(void **state)
{
    struct sds_wire_shot *types = ask(TYPES, SDS_RR_PTR), *b, *c;

    run_until(200);
    b = ask("b.local", SDS_RR_PTR);
    hear(TYPES, SDS_RR_PTR, "b", false);
    run_until(240);
    c = ask("c.local", SDS_RR_PTR);
    hear(TYPES, SDS_RR_PTR, "c", false);
    run_until(405);
    assert_said("b_servicesc@400 ");
    sds_wire_shot_drop(types);
    sds_wire_shot_drop(b);
    sds_wire_shot_drop(c);
    end(state);
    /* Where nobody answers, there is nothing to wait for. */
    begin_beside(state);
    types = ask(TYPES, SDS_RR_PTR);
    run_until(10000);
    assert_said("_services@260 ");
    assert_true(is_doubtful());
    sds_wire_shot_drop(types);
}

/* Until the multicast round has told how long its answers are. */
static void waits_for_an_answer_where_it_has_shot_first(void **state)
{
    struct sds_wire_shot *a = ask("a.local", SDS_RR_PTR), *b = ask("b.local", SDS_RR_PTR), *c;

    (void)state;
    run_until(250);
    assert_said("a@0 ");
    run_until(260);
    assert_said("b@260 ");
    c = ask("c.local", SDS_RR_PTR);
    run_until(300);
    hear("c.local", SDS_RR_PTR, "x", false);
    run_until(430);
    assert_said("c@420 ");
    sds_wire_shot_drop(a);
    sds_wire_shot_drop(b);
    sds_wire_shot_drop(c);
}

/* An answer to us that has no room left, to a query whose first question this is. */
static void hear_cut_reply(const char *question)
{
    struct sds_wire_name name = name_of(question);
    uint8_t message[500];
    struct sds_wire_writer writer;

    memset(message, 0, sizeof(message));
    sds_wire_begin(&writer, message, sizeof(message), ID, 0x8400);
    assert_true(sds_wire_put_question(&writer, &name, SDS_RR_PTR, SDS_CLASS_IN, false));
    sds_wire_shots_hear(shots, ipv4(1), message, sizeof(message), now);
}

/* Many types that no link has are asked for together, 16 in a packet, unless an answer may have
 * left out what there was no room for: then each of its packet is asked apart. */
static void shares_packets_among_guesses(void **state)
{
    static const struct {
        const char *cut;
        unsigned first, second, third;
    } guesses[] = {
        {NULL, 4, 4, 0},
        {"g00.local", 4, 12 + 3, 12},
        {"g59.local", 4, 16 + 3, 16},
        {"other.local", 4, 4, 0},
    };
    struct sds_wire_shot *asked[60];

    for (size_t i = 0; i < SDS_COUNT(guesses); i++) {
        struct sds_wire_shot *a;
        uint64_t sent;

        end(state);
        begin(state);
        a = ask("a.local", SDS_RR_PTR);
        run_until(100);
        hear_twice("a.local", "x");
        for (unsigned k = 0; k < SDS_COUNT(asked); k++) {
            char name[16];

            snprintf(name, sizeof(name), "g%02u.local", k);
            asked[k] = ask(name, SDS_RR_PTR);
        }
        sent = sds_wire_shots_counts(shots).packets;
        run_until(400);
        assert_int_equal(sds_wire_shots_counts(shots).packets - sent, guesses[i].first);
        if (guesses[i].cut)
            hear_cut_reply(guesses[i].cut);
        sent = sds_wire_shots_counts(shots).packets;
        *said = '\0';
        run_until(600);
        assert_int_equal(sds_wire_shots_counts(shots).packets - sent, guesses[i].second);
        sent = sds_wire_shots_counts(shots).packets;
        *said = '\0';
        run_until(10000);
        assert_int_equal(sds_wire_shots_counts(shots).packets - sent, guesses[i].third);
        assert_true(is_doubtful());
        for (size_t k = 0; k < SDS_COUNT(asked); k++)
            sds_wire_shot_drop(asked[k]);
        sds_wire_shot_drop(a);
    }
}

/* There are two multicast rounds besides; once somebody has answered, silence is asked twice. */
static void leaves_a_silent_link_alone(void **state)
{
    struct sds_wire_shot *a = ask("a.local", SDS_RR_PTR), *b = ask("b.local", SDS_RR_PTR), *c;

    (void)state;
    run_until(1000);
    assert_said("a@0 b@260 ");
    assert_true(is_doubtful());
    c = ask("c.local", SDS_RR_PTR);
    run_until(1100);
    hear_twice("c.local", "x");
    run_until(3000);
    assert_said("c@1160 a@1380+ b@1380+ ");
    assert_true(is_doubtful());
    sds_wire_shot_drop(a);
    sds_wire_shot_drop(b);
    sds_wire_shot_drop(c);
}

/* Right after others have asked. */
static void shoots_again_where_multicast_is_silent(void **state)
{
    struct sds_wire_shot *a = ask("a.local", SDS_RR_PTR);

    (void)state;
    run_until(100);
    for (const char *name = "abcdefghijklmnopqrst"; *name; name++)
        hear("a.local", SDS_RR_PTR, name, true);
    run_until(400);
    assert_said("a@0 a@350+ ");
    assert_false(is_sure() || is_doubtful());
    for (const char *name = "abcdefghijklmnopqrst"; *name; name++)
        hear("a.local", SDS_RR_PTR, name, true);
    run_until(600);
    assert_true(is_sure());
    run_until(10000);
    assert_said("");
    sds_wire_shot_drop(a);
}

/* As long as there are any; and each is heard twice. */
static void shoots_again_for_news(void **state)
{
    struct sds_wire_shot *a = ask("a.local", SDS_RR_PTR);

    (void)state;
    run_until(100);
    hear_twice("a.local", "x");
    hear("a.local", SDS_RR_PTR, "y", true);
    run_until(400);
    hear("a.local", SDS_RR_PTR, "x", true);
    hear("a.local", SDS_RR_PTR, "y", true);
    hear("a.local", SDS_RR_PTR, "z", true);
    run_until(600);
    assert_said("a@0 a@350+ a@570+ ");
    for (; now < 1500; run_until(now + 220))
        for (const char *name = "xyz"; *name; name++)
            hear("a.local", SDS_RR_PTR, (char[]){*name, '\0'}, true);
    assert_true(is_sure());
    sds_wire_shot_drop(a);
}

/* Of a hundred, some are lost by multicast, and as many others of each shot. */
static void shoots_as_often_as_the_loss_demands(void **state)
{
    static const struct {
        unsigned lost, shots;
    } losses[] = {{0, 1}, {1, 2}, {5, 3}, {10, 5}};

    for (size_t i = 0; i < sizeof(losses) / sizeof(*losses); i++) {
        struct sds_wire_shot *a;

        end(state);
        begin(state);
        a = ask("a.local", SDS_RR_PTR);
        for (unsigned round = 0; round <= SDS_WIRE_SHOTS_MAX; round++) {
            char name[8];

            run_until(round ? 100 + 250 * (round - 1) : 0);
            for (unsigned k = 0; k < 100; k++) {
                snprintf(name, sizeof(name), "n%u", k);
                if (k < losses[i].lost * round || k >= losses[i].lost * (round + 1))
                    hear("a.local", SDS_RR_PTR, name, round > 0);
            }
        }
        assert_int_equal(sds_wire_shots_counts(shots).packets, losses[i].shots);
        run_until(3000);
        assert_true(is_sure());
        assert_true(sds_wire_shots_missing(shots) <= 0); /* it has not given up */
        sds_wire_shot_drop(a);
    }
}

static void gives_up_where_loss_goes_on(void **state)
{
    struct sds_wire_shot *a = ask("a.local", SDS_RR_PTR);

    (void)state;
    run_until(100);
    hear_twice("a.local", "x");
    for (char name[] = "a"; *name < 'k'; ++*name) {
        run_until(now + 200);
        hear("a.local", SDS_RR_PTR, name, true); /* always another */
    }
    assert_true(is_doubtful() && is_alone());
    assert_true(sds_wire_shots_missing(shots) > 1); /* it loses more than it hears */
    assert_int_equal(sds_wire_shots_counts(shots).packets, SDS_WIRE_SHOTS_MAX);
    sds_wire_shot_drop(a);
    assert_true(is_sure() && !is_alone());
    assert_true(sds_wire_shots_missing(shots) <= 0);
}

static void doubts_where_nothing_answers(void **state)
{
    struct sds_wire_shot *a = ask("a.local", SDS_RR_PTR), *b = ask("b.local", SDS_RR_PTR);

    (void)state;
    run_until(100);
    hear_twice("a.local", "x");
    run_until(700);
    assert_true(is_doubtful() && !is_alone());
    assert_said("a@0 b@260 b@480+ ");
    sds_wire_shot_drop(a);
    sds_wire_shot_drop(b);
}

/* A packet filter of this host, perhaps. */
static void doubts_where_no_answer_comes_through(void **state)
{
    struct sds_wire_shot *a = ask("a.local", SDS_RR_PTR), *b = ask("b.local", SDS_RR_SRV);

    (void)state;
    run_until(100);
    hear("a.local", SDS_RR_PTR, "x", false);
    run_until(10000);
    assert_true(is_doubtful() && is_alone());
    assert_said("a@0 b@200 a@350+ ");
    sds_wire_shot_drop(a);
    sds_wire_shot_drop(b);
}

/* What came too late for one question is known when another is judged. */
static void changes_its_mind_when_answers_come_late(void **state)
{
    struct sds_wire_shot *a = ask("a.local", SDS_RR_PTR), *b;

    (void)state;
    hear("a.local", SDS_RR_PTR, "x", false);
    run_until(900);
    assert_true(is_doubtful());
    hear("a.local", SDS_RR_PTR, "x", true);
    b = ask("b.local", SDS_RR_PTR);
    hear_twice("b.local", "x");
    for (int64_t t = 1100; t < 3000; t += 220) {
        run_until(t);
        hear("a.local", SDS_RR_PTR, "x", true);
        hear("b.local", SDS_RR_PTR, "x", true);
    }
    assert_true(is_sure());
    sds_wire_shot_drop(a);
    sds_wire_shot_drop(b);
}

/* What is lost of one may be lost of all. */
static void shoots_all_again_for_the_loss_of_one(void **state)
{
    struct sds_wire_shot *a = ask("a.local", SDS_RR_PTR), *b = ask("b.local", SDS_RR_PTR);

    (void)state;
    run_until(100);
    hear_twice("a.local", "w");
    run_until(360);
    assert_said("a@0 b@260 ");
    hear_twice("b.local", "x");
    hear("b.local", SDS_RR_PTR, "y", true);
    run_until(500);
    assert_said("a@480+ b@480+ ");
    assert_false(is_sure() || is_doubtful());
    sds_wire_shot_drop(a);
    sds_wire_shot_drop(b);
}

/* A host that answers no such query is heard by multicast alone: that is no loss, unless multicast
 * has some. */
static void knows_who_answers_no_one_shot_query(void **state)
{
    struct sds_wire_shot *a = ask("a.local", SDS_RR_PTR);

    (void)state;
    run_until(100);
    for (const char *name = "abcdefghijklmnopqrst"; *name; name++)
        hear_twice("a.local", name);
    hear_from(2, "a.local", SDS_RR_PTR, "deaf", false);
    run_until(360);
    assert_said("a@0 a@350+ ");
    for (const char *name = "abcdefghijklmnopqrst"; *name; name++)
        hear("a.local", SDS_RR_PTR, name, true);
    run_until(700);
    assert_true(is_sure());
    assert_said("");
    hear("a.local", SDS_RR_PTR, "lost by multicast", true);
    sds_wire_shot_drop(ask("b.local", SDS_RR_PTR));
    sds_wire_shot_drop(a);
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
            hear_reply(1, replies[i].len, replies[i].flags);
            if (!is_silent) {
                hear("a.local", SDS_RR_PTR, "x", false);
                hear("a.local", SDS_RR_PTR, "y", false);
            }
            run_until(360);
            assert_said(is_silent || !replies[i].is_cut ? "a@0 a@350+ " : "a@0 ");
            hear("a.local", SDS_RR_PTR, "x", true);
            hear("a.local", SDS_RR_PTR, "y", true);
            run_until(600);
            if (replies[i].is_cut)
                assert_int_equal(is_doubtful(), is_silent);
            assert_int_equal(is_alone(), replies[i].is_cut && is_silent);
            hear("a.local", SDS_RR_PTR, "x", false); /* at last */
            hear("a.local", SDS_RR_PTR, "y", false);
            assert_false(is_alone());
            assert_false(is_doubtful());
            sds_wire_shot_drop(a);
        }
    }
}

/* An mDNS daemon knows it from before, and keeps others from saying it again. */
static void believes_what_another_has_told(void **state)
{
    struct sds_wire_shot *a = ask("a.local", SDS_RR_PTR);

    (void)state;
    told[0] = "x";
    told[1] = "y";
    run_until(200);
    assert_said("a@160 ");
    hear("a.local", SDS_RR_PTR, "x", true);
    hear("a.local", SDS_RR_PTR, "y", true);
    run_until(1000);
    assert_true(is_sure());
    assert_said("");
    sds_wire_shot_drop(a);
}

/* What is in its cache alone may have gone. */
static void asks_again_for_what_another_alone_has_told(void **state)
{
    struct sds_wire_shot *a = ask("a.local", SDS_RR_PTR);

    (void)state;
    told[0] = "x";
    told[1] = "gone";
    run_until(200);
    hear("a.local", SDS_RR_PTR, "x", true);
    run_until(400);
    hear("a.local", SDS_RR_PTR, "x", true);
    assert_said("a@160 a@380+ ");
    run_until(2000);
    assert_true(is_sure());
    assert_said("");
    sds_wire_shot_drop(a);
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
    for (int64_t t = 500; t < 1650; t += 50) {
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
    hear_reply(1, 100, 0);
    run_until(10000);
    assert_said("b@480+ b@700+ b@920+ ");
    assert_true(is_sure());
    sds_wire_shot_drop(b);
    sds_wire_shot_drop(NULL);
}

/* A flood of names shall not have us flood the link; but whoever goes on for ever keeps what he has
 * asked, and can ask for more. */
static void shoots_for_few_unique_records_at_a_time(void **state)
{
    struct sds_wire_shot *asked[2][256], *more;
    struct sds_wire_name name = name_of("a.local");

    (void)state;
    for (uint16_t i = 0; i < 512; i++) {
        if (i % 256 == 0)
            run_until(now + 1000);
        *said = '\0';
        asked[i / 256][i % 256] = ask("a.local", i + 100);
    }
    assert_false(sds_wire_shots_has_room(shots));
    assert_int_equal(sds_wire_shots_ask(shots, &name, 99, NULL, now, &more), -EAGAIN);
    sds_wire_shot_drop(asked[0][0]);
    assert_int_equal(sds_wire_shots_ask(shots, &name, 99, NULL, now, &more), -EAGAIN);
    sds_wire_shot_drop(asked[1][0]);
    assert_true(sds_wire_shots_has_room(shots));
    asked[1][0] = ask("a.local", 99);
    for (size_t i = 0; i < 256; i++) {
        sds_wire_shot_drop(i ? asked[0][i] : NULL);
        sds_wire_shot_drop(asked[1][i]);
    }
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
        r = sds_wire_shots_ask(shots, &name, SDS_RR_PTR, NULL, now, &shot);
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
        cmocka_unit_test_setup_teardown(shoots_again_for_news, begin, end),
        cmocka_unit_test_setup_teardown(shoots_as_often_as_the_loss_demands, begin, end),
        cmocka_unit_test_setup_teardown(gives_up_where_loss_goes_on, begin, end),
        cmocka_unit_test_setup_teardown(doubts_where_nothing_answers, begin, end),
        cmocka_unit_test_setup_teardown(doubts_where_no_answer_comes_through, begin, end),
        cmocka_unit_test_setup_teardown(changes_its_mind_when_answers_come_late, begin, end),
        cmocka_unit_test_setup_teardown(shoots_all_again_for_the_loss_of_one, begin, end),
        cmocka_unit_test_setup_teardown(knows_who_answers_no_one_shot_query, begin, end),
        cmocka_unit_test_setup_teardown(doubts_answers_that_may_be_cut, begin, end),
        cmocka_unit_test_setup_teardown(waits_while_answers_come, begin, end),
        cmocka_unit_test_setup_teardown(waits_for_an_answer_where_it_has_shot_first, begin, end),
        cmocka_unit_test_setup_teardown(leaves_a_silent_link_alone, begin, end),
        cmocka_unit_test_setup_teardown(shares_packets_among_guesses, begin, end),
        cmocka_unit_test_setup_teardown(shoots_together, begin_beside, end),
        cmocka_unit_test_setup_teardown(shoots_for_types_and_their_instances_together, begin_beside,
                                        end),
        cmocka_unit_test_setup_teardown(believes_what_another_has_told, begin_beside, end),
        cmocka_unit_test_setup_teardown(asks_again_for_what_another_alone_has_told, begin_beside,
                                        end),
        cmocka_unit_test_setup_teardown(shoots_for_unique_records_that_do_not_come, begin, end),
        cmocka_unit_test_setup_teardown(shoots_for_few_unique_records_at_a_time, begin, end),
        cmocka_unit_test_setup_teardown(survives_a_link_that_is_down, begin, end),
        cmocka_unit_test_setup_teardown(survives_want_of_memory, begin, end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
