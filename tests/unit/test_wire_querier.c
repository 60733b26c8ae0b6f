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
#include "wire/querier.h"
#include "wire_hearing.h"

/* Of the first round: a second, and what answers to the question before may have waited. */
#define ROUND_MS 1130

static struct sds_wire_querier *querier;

/* What was sent since it was looked at last: a packet in brackets, "x" a question, "x?" one that
 * wants unicast, "=y" a known answer, a "+" where more is to follow. */
static char sent[4096];
static int answer;

static int take_packet(void *userdata, const uint8_t *packet, size_t len)
{
    struct sds_wire_reader reader;
    struct sds_wire_item item;

    assert_ptr_equal(userdata, sent);
    if (answer < 0)
        return answer;
    assert_true(sds_wire_read(&reader, packet, len));
    strcat(sent, "[");
    while (sds_wire_next(&reader, &item)) {
        size_t n = strlen(sent);

        assert_true(n < sizeof(sent) - 300);
        if (item.section == SDS_WIRE_QUESTION) {
            snprintf(sent + n, sizeof(sent) - n, "%.*s%s", item.name.bytes[0],
                     (const char *)item.name.bytes + 1, item.upper_bit ? "?" : "");
        } else {
            assert_false(item.upper_bit); /* RFC 6762 10.2 */
            snprintf(sent + n, sizeof(sent) - n, "=%.*s:%u", item.parts.names[0].bytes[0],
                     (const char *)item.parts.names[0].bytes + 1, item.ttl_s);
        }
    }
    strcat(sent, reader.header.flags & SDS_WIRE_TRUNCATED ? "+]" : "]");
    return 0;
}

static void begin_with(struct sds_wire_querier_config config)
{
    *sent = '\0';
    answer = 0;
    begin_hearing((struct sds_store_config){.max_records = 10000, .max_bytes = 10000000}, 5000);
    config.ifindex = 1;
    config.store = store;
    config.packet_size = SDS_WIRE_PACKET_SIZE;
    config.send = take_packet;
    config.userdata = sent;
    querier = sds_wire_querier_new(&config);
    assert_non_null(querier);
}

static int begin(void **state)
{
    (void)state;
    begin_with((struct sds_wire_querier_config){.max_asks = 300});
    return 0;
}

static int end(void **state)
{
    querier = sds_wire_querier_free(querier);
    return end_hearing(state);
}

static void assert_sent(const char *expected)
{
    assert_string_equal(sent, expected);
    *sent = '\0';
}

static struct sds_wire_ask *ask_times(const char *text, unsigned rounds)
{
    struct sds_wire_name name = name_of(text);
    struct sds_wire_ask *ask;

    assert_int_equal(sds_wire_querier_ask(querier, &name, SDS_RR_PTR, rounds, now, &ask), 0);
    return ask;
}

static struct sds_wire_ask *ask(const char *text)
{
    return ask_times(text, SDS_WIRE_ROUNDS_ALL);
}

/* Let time pass, and everything happen when it is due. */
static void pass(int64_t ms)
{
    int64_t until = now + ms;

    while (sds_wire_querier_due_ms(querier) <= until) {
        now = sds_wire_querier_due_ms(querier);
        assert_int_equal(sds_wire_querier_run(querier, now), answer < 0 ? answer : 0);
        assert_true(sds_wire_querier_due_ms(querier) > now);
    }
    now = until;
}

/* The PTR of an instance is heard; "a" is the one of the sets "a", and so on. */
static const struct sds_store_set *hear_record(const char *set, const char *instance,
                                               uint32_t ttl_s)
{
    hear_it((struct heard){set, SDS_RR_PTR, .points_to = instance, .ttl_s = ttl_s, .flush = true});
    return find(set, SDS_RR_PTR);
}

/* Somebody asks for PTR of a name, and knows an instance already, or none. */
static void hear_query(const char *text, uint16_t flags, bool wants_unicast, const char *known)
{
    struct sds_wire_name name = name_of(text), instance;
    struct sds_wire_writer writer;
    uint8_t message[1000];

    sds_wire_begin(&writer, message, sizeof(message), 0, flags);
    assert_true(sds_wire_put_question(&writer, &name, SDS_RR_PTR, SDS_CLASS_IN, wants_unicast));
    if (known) {
        struct sds_wire_record record = {&name, SDS_RR_PTR, SDS_CLASS_IN, false, 100, {NULL, 0}};

        instance = name_of(known);
        record.rdata = sds_wire_name_span(&instance);
        assert_true(sds_wire_put_record(&writer, SDS_WIRE_ANSWER, &record));
    }
    sds_wire_querier_hear(querier, message, writer.len, now);
}

static void waits_a_little_and_asks_together(void **state)
{
    (void)state;
    assert_true(sds_wire_querier_due_ms(querier) == INT64_MAX);
    ask("a");
    assert_in_range(sds_wire_querier_due_ms(querier), now + 20, now + 120);
    pass(19);
    assert_sent("");
    ask("b");
    pass(101);
    assert_sent("[ab]");
    ask("c");
    assert_in_range(sds_wire_querier_due_ms(querier), now + 20, now + 120);
    pass(120);
    assert_sent("[c]");
}

/* Twice as long each time, up to an hour. */
static void doubles_its_intervals(void **state)
{
    int64_t interval = ROUND_MS, last;
    struct sds_wire_ask *asked = ask("a");

    (void)state;
    pass(sds_wire_querier_due_ms(querier) - now);
    last = now;
    assert_sent("[a]");
    for (unsigned i = 1; i < 20; i++) {
        assert_int_equal(sds_wire_ask_rounds(asked), i);
        assert_true(sds_wire_querier_due_ms(querier) == last + interval);
        pass(interval);
        assert_sent("[a]");
        last = now;
        interval = interval * 2 < 3600000 ? interval * 2 : 3600000;
    }
}

static void asks_so_often(void **state)
{
    struct sds_wire_ask *asked = ask_times("a", 2);
    struct sds_wire_name name = name_of("A");

    (void)state;
    pass(100000);
    assert_sent("[a][a]");
    assert_true(sds_wire_querier_due_ms(querier) == INT64_MAX);
    assert_int_equal(sds_wire_querier_ask(querier, &name, SDS_RR_PTR, 1, now, &asked), -EEXIST);
    sds_wire_ask_drop(asked);
    ask_times("A", 1);
    pass(100000);
    assert_sent("[A]");
}

static void stops_when_dropped(void **state)
{
    struct sds_wire_ask *asked = ask("a");

    (void)state;
    ask("b");
    sds_wire_ask_drop(asked);
    pass(500);
    assert_sent("[b]");
}

/* Whoever drops a question and asks it anew has to wait, too. */
static void asks_once_a_round(void **state)
{
    struct sds_wire_ask *asked = ask("a");

    (void)state;
    pass(120);
    sds_wire_ask_drop(asked);
    asked = ask("a");
    assert_int_equal(sds_wire_ask_rounds(asked), 0);
    pass(ROUND_MS - 130);
    assert_sent("[a]");
    pass(130);
    assert_sent("[a]");
    sds_wire_ask_drop(asked);
    pass(ROUND_MS);
    assert_true(sds_wire_querier_due_ms(querier) == INT64_MAX);
}

static void says_what_it_knows(void **state)
{
    (void)state;
    hear_record("a", "x", 100);
    hear_record("a", "y", 10);
    hear_record("b", "z", 100);
    pass(6000);
    ask("a");
    ask("c");
    pass(120);
    /* y has less than half of its life left. */
    assert_sent("[ac=x:93]");
    assert_int_equal(sds_wire_querier_counts(querier).questions, 2);
    assert_int_equal(sds_wire_querier_counts(querier).known_answers, 1);
    assert_int_equal(sds_wire_querier_counts(querier).packets, 1);
    assert_true(sds_wire_querier_counts(querier).bytes > 0);
}

static void says_much_in_several_packets(void **state)
{
    unsigned n_more = 0, n_questions = 0;

    (void)state;
    for (unsigned i = 0; i < 150; i++) {
        char instance[64];

        snprintf(instance, sizeof(instance), "instance-%03u", i);
        hear_record("a", instance, 4500);
    }
    ask("a");
    pass(120);
    for (const char *p = sent; *p; p++) {
        n_more += *p == '+';
        n_questions += p[0] == '[' && p[1] == 'a';
    }
    assert_int_equal(n_questions, 1);
    assert_int_equal(n_more, sds_wire_querier_counts(querier).packets - 1);
    assert_true(n_more > 0);
    assert_int_equal(sds_wire_querier_counts(querier).known_answers, 150);
}

/* What the answers to a one-shot query name is asked for in the same packet; later questions wait
 * no longer than others do. */
static void waits_for_what_has_gone_ahead(void **state)
{
    (void)state;
    begin_with((struct sds_wire_querier_config){.max_asks = 300, .first_ms = 125});
    ask("a");
    pass(120);
    ask("b");
    pass(4);
    assert_sent("");
    pass(26);
    assert_sent("[ab]");
    ask("c");
    pass(120);
    assert_sent("[c]");
    end(state);
}

/* RFC 6762 7.3 */
static void lets_others_ask_in_its_place(void **state)
{
    struct sds_wire_ask *asked = ask("a");

    (void)state;
    hear_query("A", 0, false, NULL);
    assert_int_equal(sds_wire_ask_rounds(asked), 1);
    pass(ROUND_MS - 1);
    assert_sent("");
    assert_int_equal(sds_wire_querier_counts(querier).spared, 1);
    pass(1);
    assert_sent("[a]");
    /* The next round is twice as far: this comes too early, so does its own echo. */
    hear_query("a", 0, false, NULL);
    pass(900);
    hear_query("a", 0, false, NULL);
    pass(2 * ROUND_MS - 900);
    assert_sent("[a]");
    /* Twice as far again; this comes late enough. */
    pass(2500);
    hear_query("a", 0, false, NULL);
    pass(8 * ROUND_MS - 1);
    assert_sent("");
    pass(1);
    assert_sent("[a]");
}

static void asks_itself_what_others_ask_otherwise(void **state)
{
    (void)state;
    hear_record("a", "x", 100);
    ask("a");
    hear_query("b", 0, false, NULL);
    hear_query("a", SDS_WIRE_RESPONSE, false, NULL);
    hear_query("a", SDS_WIRE_TRUNCATED, false, NULL);
    hear_query("a", 0, true, NULL);
    hear_query("a", 0, false, "what we do not know");
    sds_wire_querier_hear(querier, "", 0, now);
    assert_int_equal(sds_wire_querier_counts(querier).spared, 0);
    /* What is known to both is no obstacle. */
    hear_query("a", 0, false, "x");
    assert_int_equal(sds_wire_querier_counts(querier).spared, 1);
    pass(500);
    assert_sent("");
}

static void renews_what_is_stale(void **state)
{
    const struct sds_store_set *set = hear_record("a", "x", 10);

    (void)state;
    pass(8000);
    assert_int_equal(sds_wire_querier_renew(querier, set, now), 0);
    assert_int_equal(sds_wire_querier_renew(querier, set, now), 0);
    pass(120);
    assert_sent("[a]");
    assert_int_equal(sds_wire_querier_renew(querier, set, now), 0);
    pass(870);
    assert_sent(""); /* not again within a second */
    pass(1200);
    assert_sent("[a]");
    pass(1000);
    assert_true(sds_wire_querier_due_ms(querier) == INT64_MAX);
    set = hear_record("a", "x", 1);
    /* Of a question that is being asked it is one more, a second behind the last. */
    ask("a");
    pass(2000);
    assert_sent("[a][a]");
    hear_record("a", "x", 10);
    pass(500);
    assert_int_equal(sds_wire_querier_renew(querier, set, now), 0);
    pass(300);
    assert_sent("[a=x:9]");
    assert_int_equal(sds_wire_querier_renew(querier, set, now), 0);
    pass(600);
    assert_sent("");
    /* The round itself was due at that time. */
    pass(500);
    assert_sent("[a=x:8]");
    /* What renewed becomes a question of its own. */
    set = hear_record("b", "x", 10);
    assert_int_equal(sds_wire_querier_renew(querier, set, now), 0);
    ask_times("b", 2);
    pass(1500);
    assert_sent("[b=x:9][b=x:8]");
}

static void holds_so_many_questions(void **state)
{
    struct sds_wire_name name = name_of("one-more");
    struct sds_wire_ask *asked;
    unsigned n = 0;

    (void)state;
    for (unsigned i = 0; i < 300; i++) {
        char text[32];

        snprintf(text, sizeof(text), "_type-%03u._tcp", i);
        ask(text);
    }
    assert_int_equal(sds_wire_querier_ask(querier, &name, SDS_RR_PTR, 1, now, &asked), -EAGAIN);
    pass(120);
    for (const char *p = sent; *p; p++)
        n += *p == '_';
    assert_int_equal(n, 300);
    assert_int_equal(sds_wire_querier_counts(querier).packets, 4);
}

static void goes_on_when_nothing_can_be_sent(void **state)
{
    (void)state;
    ask("a");
    answer = -ENETDOWN;
    pass(500);
    assert_int_equal(sds_wire_querier_counts(querier).failed, 1);
    assert_int_equal(sds_wire_querier_counts(querier).packets, 0);
    answer = 0;
    pass(1000);
    assert_sent("[a]");
}

static void survives_want_of_memory(void **state)
{
    int r = -ENOMEM;

    (void)state;
    for (size_t n = 0; r < 0; n++) {
        struct sds_wire_name name = name_of("a");
        struct sds_wire_ask *asked;

        begin_with((struct sds_wire_querier_config){.max_asks = 300});
        hear_record("a", "x", 100);
        allocations_left = n;
        r = sds_wire_querier_ask(querier, &name, SDS_RR_PTR, 5, now, &asked);
        if (r == 0) {
            now += 120;
            r = sds_wire_querier_run(querier, now);
            assert_true(sds_wire_querier_due_ms(querier) > now);
        }
        allocations_left = SIZE_MAX;
        assert_true(r == 0 || r == -ENOMEM);
        assert_sent(r == 0 ? "[a=x:99]" : "");
        assert_true(n < 20);
        end(state);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(waits_a_little_and_asks_together, begin, end),
        cmocka_unit_test_setup_teardown(doubles_its_intervals, begin, end),
        cmocka_unit_test_setup_teardown(asks_so_often, begin, end),
        cmocka_unit_test_setup_teardown(stops_when_dropped, begin, end),
        cmocka_unit_test_setup_teardown(asks_once_a_round, begin, end),
        cmocka_unit_test_setup_teardown(says_what_it_knows, begin, end),
        cmocka_unit_test_setup_teardown(says_much_in_several_packets, begin, end),
        cmocka_unit_test(waits_for_what_has_gone_ahead),
        cmocka_unit_test_setup_teardown(lets_others_ask_in_its_place, begin, end),
        cmocka_unit_test_setup_teardown(asks_itself_what_others_ask_otherwise, begin, end),
        cmocka_unit_test_setup_teardown(renews_what_is_stale, begin, end),
        cmocka_unit_test_setup_teardown(holds_so_many_questions, begin, end),
        cmocka_unit_test_setup_teardown(goes_on_when_nothing_can_be_sent, begin, end),
        cmocka_unit_test(survives_want_of_memory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
