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
#include "discovery/question.h"

/* Time that the test moves, and a querier that answers when the test says so. */
static int64_t now;

static int64_t fake_ms(void)
{
    return now;
}

static const struct sds_clock fake_clock = {fake_ms, fake_ms};

struct sds_query {
    char name[64];
    uint16_t rrtype;
    sds_answer_fn *fn;
    void *userdata;
};

static struct sds_query *queries[1024];
static size_t n_queries;
static int refusal; /* what ask() returns */

static int fake_ask(struct sds_querier *querier, int ifindex, const char *name, uint16_t rrtype,
                    sds_answer_fn *fn, void *userdata, struct sds_query **ret)
{
    struct sds_query *query;

    (void)querier;
    (void)ifindex;
    if (refusal)
        return refusal;
    query = calloc(1, sizeof(*query));
    assert_non_null(query);
    snprintf(query->name, sizeof(query->name), "%s", name);
    query->rrtype = rrtype;
    query->fn = fn;
    query->userdata = userdata;
    assert_true(n_queries < SDS_COUNT(queries));
    queries[n_queries++] = *ret = query;
    return 0;
}

static void fake_drop(struct sds_query *query)
{
    size_t i = 0;

    while (i < n_queries && queries[i] != query)
        i++;
    assert_true(i < n_queries);
    queries[i] = queries[--n_queries];
    free(query);
}

static const struct sds_querier_ops fake_ops = {
    .name = "fake",
    .open_max = 256,
    .settle_ms = 2000,
    .patience_ms = 2500,
    .ask = fake_ask,
    .drop = fake_drop,
};
static struct sds_querier fake_querier = {.ops = &fake_ops};

static void answer_by(struct sds_query *query, enum sds_holder holder, enum sds_answer_kind kind,
                      const char *rdata)
{
    const struct sds_answer a = {
        .kind = kind,
        .holder = holder,
        .ifindex = 1,
        .family = AF_INET,
        .rdata = (const uint8_t *)rdata,
        .rdata_len = rdata ? strlen(rdata) : 0,
        .error = "it broke",
    };

    query->fn(query->userdata, &a);
}

static void answer(struct sds_query *query, enum sds_answer_kind kind, const char *rdata)
{
    answer_by(query, SDS_HOLDER_ASKED, kind, rdata);
}

static char said[512]; /* what questions and the asker told */

static void changed(struct sds_question *question, const struct sds_rr *rr, bool is_new)
{
    size_t n = strlen(said);

    (void)question;
    if (rr)
        snprintf(said + n, sizeof(said) - n, "%c%.*s ", is_new ? '+' : '-', (int)rr->rdata_len,
                 (const char *)rr->rdata);
    else
        snprintf(said + n, sizeof(said) - n, "decided ");
}

static void wake(void *userdata)
{
    (void)userdata;
}

static void failed(void *userdata, const char *reason)
{
    (void)userdata;
    strncat(said, reason, sizeof(said) - strlen(said) - 1);
}

static struct sds_asker asker;
static struct sds_question question;

static int setup(void **state)
{
    (void)state;
    now = 1000;
    refusal = 0;
    *said = '\0';
    asker = (struct sds_asker){
        .querier = &fake_querier, .clock = &fake_clock, .wake = wake, .failed = failed};
    sds_asker_init(&asker);
    question = (struct sds_question){.rrtype = SDS_RR_TXT, .changed = changed};
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    sds_question_done(&question);
    assert_int_equal(n_queries, 0);
    assert_true(sds_asker_is_idle(&asker));
    return 0;
}

static void ask_for(const char *text)
{
    struct sds_name name;

    sds_name_parse(text, &name);
    assert_int_equal(sds_question_ask(&asker, &question, &name), 0);
}

static void names_reach_the_querier_in_plain_bytes(void **state)
{
    (void)state;
    ask_for("a b\\.c\xc3\xa4\\001._ipp._tcp.local");
    sds_asker_run(&asker);
    assert_int_equal(n_queries, 1);
    assert_string_equal(queries[0]->name, "a\\032b\\046c\\195\\164\\001._ipp._tcp.local");
}

static void cached_answers_decide_at_once(void **state)
{
    (void)state;
    ask_for("x.local");
    sds_asker_run(&asker);
    assert_int_equal(sds_question_state(&question), SDS_UNKNOWN);
    answer(queries[0], SDS_ANSWER_NEW, "one");
    answer(queries[0], SDS_ANSWER_NEW, "two");
    answer(queries[0], SDS_ANSWER_NEW, "one"); /* told twice is there once */
    answer(queries[0], SDS_ANSWER_CACHE_DONE, NULL);
    assert_int_equal(sds_asker_run(&asker), INT64_MAX);
    assert_string_equal(said, "+one +two decided ");
    assert_int_equal(sds_question_state(&question), SDS_PRESENT);
    assert_int_equal(question.rrs.n, 2);
    assert_int_equal(n_queries, 0); /* it has answered: nobody asks any more */
}

static void answers_from_the_link_may_have_companions(void **state)
{
    int64_t at;

    (void)state;
    ask_for("x.local");
    sds_asker_run(&asker);
    answer(queries[0], SDS_ANSWER_CACHE_DONE, NULL);
    now += 100;
    answer(queries[0], SDS_ANSWER_NEW, "one");
    at = sds_asker_run(&asker);
    assert_true(at > now && at < now + 500);
    assert_string_equal(said, "+one ");
    now = at;
    sds_asker_run(&asker);
    assert_string_equal(said, "+one decided ");
}

static void silence_means_missing_after_two_questions(void **state)
{
    int64_t at;

    (void)state;
    ask_for("x.local");
    at = sds_asker_run(&asker);
    assert_true(at >= now + 2000); /* Avahi asks a second time after 1.1 s */
    now = at - 1;
    sds_asker_run(&asker);
    assert_int_equal(sds_question_state(&question), SDS_UNKNOWN);
    now = at;
    sds_asker_run(&asker);
    assert_int_equal(sds_question_state(&question), SDS_MISSING);
    assert_string_equal(said, "decided ");
}

static void nobody_is_missed_while_nobody_listened(void **state)
{
    int64_t at;

    (void)state;
    ask_for("x.local");
    at = sds_asker_run(&asker);
    now = at + 10000;
    sds_asker_excuse(&asker, 10500);
    assert_int_equal(sds_asker_run(&asker), now + 500);
    assert_int_equal(sds_question_state(&question), SDS_UNKNOWN);
    answer(queries[0], SDS_ANSWER_NEW, "one");
    now += 500;
    sds_asker_run(&asker);
    assert_string_equal(said, "+one decided ");
}

static void a_watch_goes_on_asking(void **state)
{
    (void)state;
    asker.is_continuous = true;
    ask_for("x.local");
    sds_asker_run(&asker);
    answer(queries[0], SDS_ANSWER_NEW, "one");
    answer(queries[0], SDS_ANSWER_CACHE_DONE, NULL);
    sds_asker_run(&asker);
    assert_int_equal(n_queries, 1);
    answer(queries[0], SDS_ANSWER_NEW, "two");
    answer(queries[0], SDS_ANSWER_GONE, "one");
    assert_string_equal(said, "+one decided +two -one ");
    answer(queries[0], SDS_ANSWER_GONE, "two");
    answer(queries[0], SDS_ANSWER_GONE, "two");
    assert_int_equal(sds_question_state(&question), SDS_MISSING);
}

/* What one forgets is there as long as the other knows it. */
static void a_record_has_two_holders(void **state)
{
    (void)state;
    asker.is_continuous = true;
    ask_for("x.local");
    sds_asker_run(&asker);
    answer_by(queries[0], SDS_HOLDER_HEARD, SDS_ANSWER_NEW, "one");
    answer_by(queries[0], SDS_HOLDER_ASKED, SDS_ANSWER_NEW, "one");
    assert_int_equal(question.rrs.n, 1);
    assert_int_equal(question.rrs.v[0]->holders, SDS_HOLDER_HEARD | SDS_HOLDER_ASKED);
    answer_by(queries[0], SDS_HOLDER_HEARD, SDS_ANSWER_GONE, "one");
    assert_string_equal(said, "+one ");
    answer_by(queries[0], SDS_HOLDER_ASKED, SDS_ANSWER_GONE, "one");
    assert_string_equal(said, "+one -one ");
}

static size_t n_renewed;

static void renewed(struct sds_question *renewed_question, const struct sds_rr *rr)
{
    assert_ptr_equal(renewed_question, &question);
    assert_ptr_equal(rr, question.rrs.v[0]);
    n_renewed++;
}

/* What Avahi told before may say more when it is heard; told again by Avahi it does not. */
static void a_record_is_heard_after_it_was_told(void **state)
{
    (void)state;
    n_renewed = 0;
    ask_for("x.local");
    question.renewed = renewed;
    sds_asker_run(&asker);
    answer_by(queries[0], SDS_HOLDER_ASKED, SDS_ANSWER_NEW, "one");
    answer_by(queries[0], SDS_HOLDER_ASKED, SDS_ANSWER_NEW, "one");
    assert_int_equal(n_renewed, 0);
    answer_by(queries[0], SDS_HOLDER_HEARD, SDS_ANSWER_NEW, "one");
    answer_by(queries[0], SDS_HOLDER_HEARD, SDS_ANSWER_NEW, "one");
    assert_int_equal(n_renewed, 2);
    assert_string_equal(said, "+one ");
}

/* ---- an Avahi whose cache is full, and its witness --------------------------------------------
 */

static const struct sds_listener *no_witness(struct sds_querier *querier)
{
    (void)querier;
    return NULL;
}

static struct sds_querier_ops small_ops; /* of one that has room for a hundred records */
static struct sds_querier small_querier = {.ops = &small_ops};
static struct sds_question crowd[200];

static void ask_crowd(size_t from, size_t to)
{
    struct sds_name name;

    sds_name_parse("y.local", &name);
    for (size_t i = from; i < to; i++) {
        crowd[i] = (struct sds_question){.rrtype = SDS_RR_TXT, .changed = changed};
        assert_int_equal(sds_question_ask(&asker, &crowd[i], &name), 0);
    }
    sds_asker_run(&asker);
}

/* All that is being asked is answered by one of the two. */
static void answer_crowd(enum sds_holder holder)
{
    for (size_t i = 0; i < n_queries; i++)
        answer_by(queries[i], holder, SDS_ANSWER_NEW, "one");
}

static void pass(int64_t ms)
{
    now += ms;
    sds_asker_run(&asker);
    *said = '\0';
}

static int setup_full(void **state)
{
    setup(state);
    small_ops = fake_ops;
    small_ops.cache_max = 100;
    small_ops.witness = no_witness;
    small_querier.is_full = false;
    asker.querier = &small_querier;
    ask_crowd(0, 80);
    answer_crowd(SDS_HOLDER_ASKED);
    pass(60);
    return 0;
}

static int teardown_full(void **state)
{
    for (size_t i = 0; i < SDS_COUNT(crowd); i++)
        sds_question_done(&crowd[i]);
    memset(crowd, 0, sizeof(crowd));
    return teardown(state);
}

static void one_that_tells_nothing_new_is_full(void **state)
{
    (void)state;
    pass(300);
    ask_crowd(80, 101);
    for (size_t i = 1; i < n_queries; i++)
        answer_by(queries[i], SDS_HOLDER_HEARD, SDS_ANSWER_NEW, "one");
    pass(1299);
    assert_int_equal(n_queries, 21); /* it had no time to ask the link twice */
    pass(1);
    assert_true(small_querier.is_full);
    assert_int_equal(n_queries, 1); /* what nobody has heard is asked anew */
    assert_false(crowd[80].is_decided);
    assert_int_equal(crowd[80].asked_ms, now);
    ask_crowd(101, 120);
    answer_crowd(SDS_HOLDER_HEARD);
    pass(60); /* and nobody waits for it any more */
    assert_true(crowd[80].is_decided);
    assert_true(crowd[119].is_decided);
}

static void one_that_tells_something_new_is_not_full(void **state)
{
    (void)state;
    pass(300);
    ask_crowd(80, 100);
    answer_crowd(SDS_HOLDER_HEARD);
    pass(1200);
    answer(queries[0], SDS_ANSWER_NEW, "one");
    pass(100);
    assert_false(small_querier.is_full);
    assert_int_equal(n_queries, 0);
}

/* Silence of a few says nothing. */
static void few_questions_in_vain_are_no_sign(void **state)
{
    (void)state;
    pass(300);
    ask_crowd(80, 95);
    answer_crowd(SDS_HOLDER_HEARD);
    pass(2000);
    assert_false(small_querier.is_full);
    assert_int_equal(n_queries, 0);
}

/* Nobody has such records: an Avahi with room tells nothing of them either. */
static void what_nobody_has_heard_is_not_asked_in_vain(void **state)
{
    (void)state;
    pass(300);
    ask_crowd(80, 120);
    pass(2500);
    assert_false(small_querier.is_full);
    assert_int_equal(sds_question_state(&crowd[119]), SDS_MISSING);
}

static void one_with_much_room_is_not_waited_for(void **state)
{
    (void)state;
    small_ops.cache_max = 400;
    pass(300);
    ask_crowd(80, 120);
    answer_crowd(SDS_HOLDER_HEARD);
    pass(60);
    assert_false(small_querier.is_full);
    assert_int_equal(n_queries, 0);
}

static void one_that_gets_room_is_asked_again(void **state)
{
    (void)state;
    small_querier.is_full = true;
    pass(1);
    assert_true(small_querier.is_full);
    for (size_t i = 0; i < 10; i++)
        sds_question_done(&crowd[i]);
    pass(1);
    assert_false(small_querier.is_full);
}

/* Where hosts leave other records out of their answers, the witness hears of none either. */
static void one_without_room_makes_nothing_missing(void **state)
{
    (void)state;
    ask_crowd(80, 90);
    answer_crowd(SDS_HOLDER_ASKED);
    pass(300);
    ask_crowd(90, 130);
    pass(2500);
    assert_true(small_querier.is_full);
    assert_int_equal(sds_question_state(&crowd[90]), SDS_UNKNOWN);
    assert_true(crowd[105].is_decided);
    assert_false(crowd[106].is_decided); /* it is asked anew, of the witness */
    assert_int_equal(n_queries, 24);
    pass(2500);
    assert_int_equal(sds_question_state(&crowd[106]), SDS_MISSING);
}

/* It got room, and lost it again before it told of anything new. */
static void one_is_full_again(void **state)
{
    (void)state;
    pass(300);
    for (size_t to = 100; to <= 120; to += 20) {
        ask_crowd(to - 20, to);
        answer_crowd(SDS_HOLDER_HEARD);
        pass(1300);
        assert_true(small_querier.is_full);
        small_querier.is_full = false;
    }
}

static void a_failure_leaves_it_unknown(void **state)
{
    (void)state;
    ask_for("x.local");
    sds_asker_run(&asker);
    answer(queries[0], SDS_ANSWER_FAILED, NULL);
    sds_asker_run(&asker);
    assert_string_equal(said, "query for 'x.local': it brokedecided ");
    assert_int_equal(sds_question_state(&question), SDS_UNKNOWN);
    assert_int_equal(n_queries, 0);
}

/* By a DNS server, which need not be asked again as a link is. */
static void a_denial_makes_it_missing(void **state)
{
    (void)state;
    ask_for("x.example");
    sds_asker_run(&asker);
    answer(queries[0], SDS_ANSWER_DENIED, NULL);
    assert_true(question.is_denied);
    sds_asker_run(&asker);
    assert_string_equal(said, "decided ");
    assert_int_equal(sds_question_state(&question), SDS_MISSING);
}

static void who_has_no_room_is_asked_again(void **state)
{
    (void)state;
    refusal = -EAGAIN;
    ask_for("x.local");
    assert_true(sds_asker_run(&asker) < now + 1000);
    assert_false(sds_asker_is_idle(&asker));
    refusal = 0;
    sds_asker_run(&asker);
    assert_int_equal(n_queries, 1);
    assert_string_equal(said, "");
}

/* That is no reason to have it take more. */
static void who_has_no_time_has_not_refused(void **state)
{
    (void)state;
    refusal = -EBUSY;
    ask_for("x.local");
    assert_true(sds_asker_run(&asker) < now + 1000);
    assert_int_equal(sds_asker_n_waiting(&asker), 1);
    assert_int_equal(asker.n_refused, 0);
    refusal = -EAGAIN;
    sds_asker_run(&asker);
    assert_int_equal(asker.n_refused, 1);
    refusal = 0;
    sds_asker_run(&asker);
    assert_int_equal(n_queries, 1);
    assert_string_equal(said, "");
}

static void few_records_of_a_set_are_kept(void **state)
{
    char rdata[16];

    (void)state;
    ask_for("x.local");
    sds_asker_run(&asker);
    for (int i = 0; i < 300; i++) {
        snprintf(rdata, sizeof(rdata), "%d", i);
        answer(queries[0], SDS_ANSWER_NEW, rdata);
        if (i < 256)
            *said = '\0';
    }
    assert_int_equal(question.rrs.n, 256);
    assert_non_null(strstr(said, "query for 'x.local': more answers than are kept"));
}

static void a_name_that_cannot_be_asked_is_told(void **state)
{
    (void)state;
    refusal = -EINVAL;
    ask_for("x.local");
    sds_asker_run(&asker);
    sds_asker_run(&asker);
    assert_string_equal(said, "query for 'x.local': Avahi takes no such namedecided ");
    assert_int_equal(sds_question_state(&question), SDS_UNKNOWN);
}

static void after_a_loss_everything_is_asked_anew(void **state)
{
    (void)state;
    asker.is_continuous = true;
    ask_for("x.local");
    sds_asker_run(&asker);
    answer(queries[0], SDS_ANSWER_NEW, "one");
    sds_question_suspend(&question);
    assert_int_equal(n_queries, 0);
    assert_int_equal(sds_question_state(&question), SDS_PRESENT); /* what is known stays */
    sds_question_reset(&question);
    assert_int_equal(sds_question_state(&question), SDS_UNKNOWN);
    sds_asker_run(&asker);
    assert_int_equal(n_queries, 1);
}

static void few_are_asked_at_a_time(void **state)
{
    struct sds_question many[600];
    struct sds_name name;

    (void)state;
    sds_name_parse("y.local", &name);
    for (size_t i = 0; i < SDS_COUNT(many); i++) {
        many[i] = (struct sds_question){.rrtype = SDS_RR_TXT, .changed = changed};
        assert_int_equal(sds_question_ask(&asker, &many[i], &name), 0);
    }
    sds_asker_run(&asker);
    assert_true(n_queries < 300);
    while (n_queries) {
        answer(queries[0], SDS_ANSWER_NEW, "one");
        answer(queries[0], SDS_ANSWER_CACHE_DONE, NULL);
        *said = '\0';
        sds_asker_run(&asker);
    }
    for (size_t i = 0; i < SDS_COUNT(many); i++) {
        assert_int_equal(sds_question_state(&many[i]), SDS_PRESENT);
        sds_question_done(&many[i]);
    }
}

/* A lasting question, asked now. */
static void ask_lasting(const char *text)
{
    question.rrtype = SDS_RR_PTR;
    question.is_lasting = true;
    ask_for(text);
    sds_asker_run(&asker);
    assert_int_equal(sds_asker_rounds_end_ms(&asker), 0);
}

/* An answer that comes so long after the question; how long after it others have to be awaited. */
static int64_t rounds_end_after(int64_t age, const char *rdata)
{
    int64_t asked = question.asked_ms, end;

    now = asked + age;
    answer(queries[0], SDS_ANSWER_NEW, rdata);
    sds_asker_run(&asker);
    end = sds_asker_rounds_end_ms(&asker);
    return end ? end - asked : 0;
}

/* Who answers only when asked again was not heard before; so it may be with others. */
static void news_in_a_later_round_call_for_another(void **state)
{
    (void)state;
    ask_lasting("x.local");
    assert_int_equal(rounds_end_after(700, "in the first round"), 0);
    assert_int_equal(rounds_end_after(1300, "in the first round"), 0); /* nothing new */
    assert_in_range(rounds_end_after(1350, "in the second"), 3390 + 620, 4500);
    assert_in_range(rounds_end_after(3500, "in the third"), 7910 + 220, 8500);
    assert_false(asker.has_lasting_news);
    rounds_end_after(7500, "in the fourth");
    assert_true(asker.has_lasting_news);
}

/* By the share of those that a round missed, all that were awaited have missed some. */
static void late_news_tell_what_may_be_missing(void **state)
{
    static const struct {
        unsigned first, second, third;
        double least, most;
    } links[] = {
        {100, 0, 0, 0, 0},        {99, 1, 0, 0.00009, 0.00011}, /* 100 * 0.01^3 */
        {90, 10, 0, 0.09, 0.11},  {90, 0, 10, 0.009, 0.011},    /* a fourth round was awaited */
        {90, 9, 1, 0.009, 0.011},
    };

    for (size_t i = 0; i < SDS_COUNT(links); i++) {
        const unsigned n[] = {links[i].first, links[i].second, links[i].third};
        const int64_t ages[] = {100, 1300, 3500};
        int64_t asked;

        teardown(state);
        setup(state);
        ask_lasting("x.local");
        asked = question.asked_ms;
        for (size_t round = 0; round < SDS_COUNT(n); round++)
            for (unsigned k = 0; k < n[round]; k++) {
                char rdata[32];

                snprintf(rdata, sizeof(rdata), "%zu of %u", round, k);
                now = asked + ages[round];
                *said = '\0';
                answer(queries[0], SDS_ANSWER_NEW, rdata);
            }
        assert_true(sds_asker_missing(&asker) >= links[i].least);
        assert_true(sds_asker_missing(&asker) <= links[i].most);
    }
}

static void news_that_waited_to_be_read_call_for_none(void **state)
{
    (void)state;
    ask_lasting("x.local");
    now += 3000;
    answer(queries[0], SDS_ANSWER_NEW, "one");
    sds_asker_excuse(&asker, 2900);
    sds_asker_run(&asker);
    assert_int_equal(sds_asker_rounds_end_ms(&asker), 0);
    now += 700; /* 800 ms in which somebody listened */
    answer(queries[0], SDS_ANSWER_NEW, "two");
    sds_asker_run(&asker);
    assert_int_equal(sds_asker_rounds_end_ms(&asker), 0);
    now += 300;
    answer(queries[0], SDS_ANSWER_NEW, "three");
    sds_asker_run(&asker);
    assert_true(sds_asker_rounds_end_ms(&asker) > now + 2000);
}

static void ask_for_type(struct sds_question *lasting, size_t i, bool is_guess)
{
    struct sds_name name;
    char text[32];

    *lasting = (struct sds_question){.rrtype = SDS_RR_PTR,
                                     .is_lasting = true,
                                     .is_paced = true,
                                     .is_guess = is_guess,
                                     .changed = changed};
    snprintf(text, sizeof(text), "_%c%zu._tcp.local", is_guess ? 'g' : 't', i);
    sds_name_parse(text, &name);
    assert_int_equal(sds_question_ask(&asker, lasting, &name), 0);
}

static bool is_asked(const char *name)
{
    for (size_t i = 0; i < n_queries; i++)
        if (strcmp(queries[i]->name, name) == 0)
            return true;
    return false;
}

/* Types are asked for as fast as their answers can be heard; records do not wait for them. */
static void types_are_paced_and_guesses_come_last(void **state)
{
    struct sds_question types[20], guesses[20];
    int64_t at;

    (void)state;
    fake_querier.burst = 150;
    for (size_t i = 0; i < SDS_COUNT(guesses); i++)
        ask_for_type(&guesses[i], i, true);
    for (size_t i = 0; i < SDS_COUNT(types); i++)
        ask_for_type(&types[i], i, false);
    ask_for("x.local");
    at = sds_asker_run(&asker);
    assert_int_equal(n_queries, 13);
    assert_true(is_asked("x.local"));
    assert_true(is_asked("_t11._tcp.local"));
    assert_false(is_asked("_t12._tcp.local"));
    assert_int_equal(sds_asker_n_waiting(&asker), 28);
    assert_true(at > now && at < now + 500);
    sds_question_promote(&guesses[19]); /* somebody names it now */
    now = at;
    sds_asker_run(&asker);
    assert_true(is_asked("_t19._tcp.local"));
    assert_true(is_asked("_g19._tcp.local"));
    assert_true(is_asked("_g0._tcp.local"));
    assert_int_equal(sds_asker_n_waiting(&asker), 0);
    assert_int_equal(asker.last_lasting_ms, now);
    for (size_t i = 0; i < SDS_COUNT(types); i++) {
        sds_question_done(&types[i]);
        sds_question_done(&guesses[i]);
    }
    fake_querier.burst = 0;
}

/* Each may be a call that waits for its answer. */
static void many_types_leave_others_their_turn(void **state)
{
    struct sds_question types[100];

    (void)state;
    for (size_t i = 0; i < SDS_COUNT(types); i++)
        ask_for_type(&types[i], i, false);
    assert_int_equal(sds_asker_run(&asker), now + 1);
    assert_int_equal(n_queries, 64);
    assert_int_equal(sds_asker_run(&asker), INT64_MAX);
    assert_int_equal(n_queries, 100);
    for (size_t i = 0; i < SDS_COUNT(types); i++)
        sds_question_done(&types[i]);
}

int main(void)
{
#define CASE(test)         cmocka_unit_test_setup_teardown(test, setup, teardown)
#define CASE_OF_FULL(test) cmocka_unit_test_setup_teardown(test, setup_full, teardown_full)
    const struct CMUnitTest tests[] = {
        CASE(names_reach_the_querier_in_plain_bytes),
        CASE(cached_answers_decide_at_once),
        CASE(answers_from_the_link_may_have_companions),
        CASE(silence_means_missing_after_two_questions),
        CASE(nobody_is_missed_while_nobody_listened),
        CASE(a_watch_goes_on_asking),
        CASE(a_record_has_two_holders),
        CASE(a_record_is_heard_after_it_was_told),
        CASE_OF_FULL(one_that_tells_nothing_new_is_full),
        CASE_OF_FULL(one_that_tells_something_new_is_not_full),
        CASE_OF_FULL(few_questions_in_vain_are_no_sign),
        CASE_OF_FULL(what_nobody_has_heard_is_not_asked_in_vain),
        CASE_OF_FULL(one_with_much_room_is_not_waited_for),
        CASE_OF_FULL(one_that_gets_room_is_asked_again),
        CASE_OF_FULL(one_is_full_again),
        CASE_OF_FULL(one_without_room_makes_nothing_missing),
        CASE(a_failure_leaves_it_unknown),
        CASE(a_denial_makes_it_missing),
        CASE(who_has_no_room_is_asked_again),
        CASE(who_has_no_time_has_not_refused),
        CASE(few_records_of_a_set_are_kept),
        CASE(a_name_that_cannot_be_asked_is_told),
        CASE(after_a_loss_everything_is_asked_anew),
        CASE(few_are_asked_at_a_time),
        CASE(news_in_a_later_round_call_for_another),
        CASE(late_news_tell_what_may_be_missing),
        CASE(news_that_waited_to_be_read_call_for_none),
        CASE(types_are_paced_and_guesses_come_last),
        CASE(many_types_leave_others_their_turn),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
