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
#include "wire_hearing.h"

/* What the store said, in the order in which it said it: the last bytes of RDATA as text. */
static char said[4096];
static size_t n_said[SDS_STORE_REMOVED + 1];

static void changed(void *userdata, const struct sds_store_change *change)
{
    static const char *const reasons[] = {"expired", "goodbye", "flushed", "evicted", "dropped"};
    static const char marks[] = "+~?-";
    size_t n = strlen(said);

    assert_ptr_equal(userdata, &said);
    n_said[change->event]++;
    snprintf(said + n, sizeof(said) - n, "%c%.*s", marks[change->event],
             (int)change->record->rdata.len, (const char *)change->record->rdata.p);
    n = strlen(said);
    if (change->event == SDS_STORE_CHANGED)
        snprintf(said + n, sizeof(said) - n, ":%u", change->aspects);
    if (change->event == SDS_STORE_REMOVED)
        snprintf(said + n, sizeof(said) - n, ":%s", reasons[change->reason]);
    strncat(said, " ", sizeof(said) - strlen(said) - 1);
}

static void assert_said(const char *expected)
{
    assert_string_equal(said, expected);
    *said = '\0';
}

static void begin_with(struct sds_store_config config)
{
    config.key = (struct sds_siphash_key){{1, 2}};
    config.changed = changed;
    config.userdata = &said;
    *said = '\0';
    memset(n_said, 0, sizeof(n_said));
    begin_hearing(config, 100000);
}

static int begin(void **state)
{
    (void)state;
    begin_with((struct sds_store_config){.max_records = 1000, .max_bytes = 1000000});
    return 0;
}

static int begin_stale(void **state)
{
    (void)state;
    begin_with(
        (struct sds_store_config){.max_records = 1000, .max_bytes = 1000000, .wants_stale = true});
    return 0;
}

/* A record is heard: TXT of a.local where it does not say otherwise, and its RDATA is text. */
static struct heard as_text(struct heard heard)
{
    heard.name = heard.name ? heard.name : "a.local";
    heard.type = heard.type ? heard.type : SDS_RR_TXT;
    heard.rdata_len = strlen(heard.rdata);
    return heard;
}

#define hear(...) hear_it(as_text((struct heard){__VA_ARGS__}))

static void pass(int64_t ms)
{
    now += ms;
    sds_store_run(store, now);
    assert_true(sds_store_due_ms(store) > now);
}

static const struct sds_store_record *first(const char *text, uint16_t type)
{
    const struct sds_store_set *set = find(text, type);

    return set ? sds_store_next(set, NULL) : NULL;
}

static void keeps_records_until_they_expire(void **state)
{
    const struct sds_store_record *record;

    (void)state;
    assert_true(sds_store_due_ms(store) == INT64_MAX);
    hear(.rdata = "x", .ttl_s = 120);
    hear(.rdata = "y", .ttl_s = 10);
    assert_said("+x +y ");
    assert_true(sds_store_due_ms(store) == now + 10000);
    pass(9999);
    assert_said("");
    record = first("A.LOCAL", SDS_RR_TXT);
    assert_non_null(record);
    assert_int_equal(record->set->n_records, 2);
    assert_int_equal(sds_store_left_s(record, now), 110);
    assert_null(find("a.local", SDS_RR_SRV));
    assert_null(find("b.local", SDS_RR_TXT));
    pass(1);
    assert_said("-y:expired ");
    pass(109999);
    assert_said("");
    pass(1);
    assert_said("-x:expired ");
    assert_null(find("a.local", SDS_RR_TXT));
    assert_int_equal(sds_store_counts(store).sets, 0);
    assert_int_equal(sds_store_counts(store).bytes, 0);
}

static void keeps_rdata_as_it_was_sent(void **state)
{
    const struct sds_store_record *record;

    (void)state;
    hear(.rdata = "", .ttl_s = 120);
    record = first("a.local", SDS_RR_TXT);
    assert_int_equal(record->rdata.len, 0);
    assert_int_equal(record->fault, SDS_WIRE_FAULT_NONE);
    hear(.rdata = "CaSe", .ttl_s = 120);
    hear(.rdata = "case", .ttl_s = 120);
    assert_said("+ +CaSe +case ");
    /* Faulty RDATA is another record, even of the same bytes. */
    hear(.rdata = "case", .ttl_s = 120, .fault = SDS_WIRE_FAULT_RDATA_CUT);
    assert_said("+case ");
    assert_int_equal(find("a.local", SDS_RR_TXT)->n_records, 4);
}

static void hears_again(void **state)
{
    const struct sds_store_record *record;

    (void)state;
    hear(.rdata = "x", .ttl_s = 120);
    pass(100000);
    hear(.rdata = "x", .ttl_s = 120);
    assert_said("+x ");
    pass(100000);
    assert_said("");
    hear(.rdata = "x", .ttl_s = 60, .flush = true);
    assert_said("~x:3 ");
    record = first("a.local", SDS_RR_TXT);
    assert_int_equal(record->n_received, 3);
    assert_true(record->first_ms == now - 200000);
    assert_true(record->received_ms == now);
    pass(60000);
    assert_said("-x:expired ");
}

static void keeps_several_senders(void **state)
{
    const struct sds_store_record *record;

    (void)state;
    for (unsigned sender = 0; sender < SDS_STORE_SENDERS_MAX; sender++)
        hear(.rdata = "x", .ttl_s = 120, .sender = sender);
    assert_said("+x ~x:4 ~x:4 ~x:4 ");
    hear(.rdata = "x", .ttl_s = 120, .sender = 2);
    assert_said("");
    record = first("a.local", SDS_RR_TXT);
    assert_false(record->has_more_senders);
    hear(.rdata = "x", .ttl_s = 120, .sender = 77);
    hear(.rdata = "x", .ttl_s = 120, .sender = 78);
    assert_said("~x:4 ");
    assert_int_equal(record->n_senders, SDS_STORE_SENDERS_MAX);
    assert_true(record->has_more_senders);
    assert_int_equal(record->senders[3].bytes[3], 3);
}

static void keeps_links_apart(void **state)
{
    (void)state;
    hear(.rdata = "x", .ttl_s = 120, .ifindex = 1);
    hear(.rdata = "x", .ttl_s = 120, .ifindex = 2);
    hear(.rdata = "y", .ttl_s = 120, .ifindex = 2, .name = "b.local");
    assert_said("+x +x +y ");
    sds_store_drop_interface(store, 2);
    assert_said("-x:dropped -y:dropped ");
    assert_int_equal(sds_store_counts(store).records, 1);
    assert_int_equal(first("a.local", SDS_RR_TXT)->set->ifindex, 1);
    sds_store_drop_interface(store, 3);
    assert_said("");
}

static void tells_again_what_it_forgot(void **state)
{
    (void)state;
    hear(.rdata = "x", .ttl_s = 10, .is_legacy = true);
    hear(.rdata = "x", .ttl_s = 10, .is_legacy = true);
    assert_said("+x ");
    sds_store_forget(store, first("a.local", SDS_RR_TXT));
    assert_said("-x:dropped ");
    hear(.rdata = "x", .ttl_s = 10, .is_legacy = true);
    assert_said("+x ");
}

/* RFC 6762 10.1 */
static void lets_a_goodbye_take_a_second(void **state)
{
    (void)state;
    hear(.rdata = "x", .ttl_s = 0);
    assert_said("");
    hear(.rdata = "x", .ttl_s = 120);
    hear(.rdata = "x", .ttl_s = 0);
    assert_said("+x ");
    assert_true(first("a.local", SDS_RR_TXT)->is_leaving);
    assert_int_equal(first("a.local", SDS_RR_TXT)->ttl_s, 120);
    pass(999);
    assert_said("");
    pass(1);
    assert_said("-x:goodbye ");
    /* It did not mean it. */
    hear(.rdata = "x", .ttl_s = 120);
    hear(.rdata = "x", .ttl_s = 0);
    pass(500);
    hear(.rdata = "x", .ttl_s = 120);
    assert_said("+x ~x:16 ");
    pass(119999);
    assert_said("");
    /* It would have expired sooner anyway. */
    hear(.rdata = "y", .ttl_s = 1);
    pass(600);
    *said = '\0';
    hear(.rdata = "y", .ttl_s = 0);
    pass(400);
    assert_said("-y:goodbye ");
}

/* RFC 6762 10.2 */
static void flushes_older_records(void **state)
{
    (void)state;
    hear(.rdata = "x", .ttl_s = 120);
    hear(.rdata = "other", .ttl_s = 120, .name = "b.local");
    hear(.rdata = "other", .ttl_s = 120, .type = SDS_RR_HINFO);
    pass(1);
    hear(.rdata = "y", .ttl_s = 120);
    pass(1000);
    assert_said("+x +other +other +y ");
    hear(.rdata = "z", .ttl_s = 120, .flush = true);
    assert_said("+z ");
    assert_false(first("b.local", SDS_RR_TXT)->is_leaving);
    /* x is older than a second, y is not; those that leave come last. */
    assert_memory_equal(first("a.local", SDS_RR_TXT)->rdata.p, "y", 1);
    pass(999);
    assert_said("");
    pass(1);
    assert_said("-x:flushed ");
    /* Of those that come in one packet none goes. */
    pass(5000);
    hear(.rdata = "1", .ttl_s = 120, .flush = true);
    hear(.rdata = "2", .ttl_s = 120, .flush = true);
    hear(.rdata = "y", .ttl_s = 120, .flush = true);
    pass(1000);
    assert_said("+1 +2 ~y:18 -z:flushed ");
}

/* A host that sets the bit on what it shares costs its neighbours nothing. */
static void spares_neighbours(void **state)
{
    (void)state;
    hear(.rdata = "mine", .ttl_s = 120, .type = SDS_RR_PTR, .sender = 1);
    pass(2000);
    hear(.rdata = "new", .ttl_s = 120, .type = SDS_RR_PTR, .sender = 1, .flush = true);
    pass(1000);
    assert_said("+mine +new -mine:flushed ");
    hear(.rdata = "yours", .ttl_s = 120, .type = SDS_RR_PTR, .sender = 2);
    pass(2000);
    hear(.rdata = "new", .ttl_s = 120, .type = SDS_RR_PTR, .sender = 1, .flush = true);
    pass(2000);
    assert_said("+yours ");
}

static void tells_what_is_stale(void **state)
{
    int64_t begun;

    (void)state;
    hear(.rdata = "x", .ttl_s = 1000);
    begun = now;
    assert_said("+x ");
    for (unsigned percent = 80; percent <= 95; percent += 5) {
        pass(begun + percent * 10000 - 1 - now);
        assert_said("");
        /* Within 2 % of the TTL behind it (RFC 6762 5.2). */
        pass(20001);
        assert_said("?x ");
    }
    pass(begun + 1000000 - 1 - now);
    assert_said("");
    pass(1);
    assert_said("-x:expired ");
}

static void tells_once_for_time_lost(void **state)
{
    (void)state;
    hear(.rdata = "x", .ttl_s = 1000);
    pass(930000);
    assert_said("+x ?x ");
    hear(.rdata = "x", .ttl_s = 1000);
    pass(799999);
    assert_said("");
    pass(20001);
    assert_said("?x ");
    hear(.rdata = "x", .ttl_s = 0);
    pass(5000);
    assert_said("-x:goodbye ");
}

static void bounds_lives(void **state)
{
    (void)state;
    hear(.rdata = "x", .ttl_s = UINT32_MAX);
    assert_int_equal(first("a.local", SDS_RR_TXT)->ttl_s, UINT32_MAX);
    assert_true(sds_store_due_ms(store) == now + SDS_STORE_LIFE_MAX_S * (int64_t)1000);
}

static int begin_lasting(void **state)
{
    (void)state;
    begin_with(
        (struct sds_store_config){.max_records = 1000, .max_bytes = 1000000, .is_lasting = true});
    return 0;
}

/* Where nobody asks for what expires, only a goodbye or a flush ends it, a second later. */
static void lasting_records_end_when_they_are_taken_back(void **state)
{
    (void)state;
    hear(.rdata = "x", .ttl_s = 10);
    hear(.rdata = "y", .ttl_s = 10, .type = SDS_RR_PTR);
    pass(100000000);
    assert_said("+x +y ");
    hear(.rdata = "x", .ttl_s = 0);
    pass(999);
    assert_said("");
    hear(.rdata = "x", .ttl_s = 10);
    assert_said("~x:16 ");
    pass(5000);
    hear(.rdata = "x", .ttl_s = 0);
    pass(999);
    assert_said("");
    pass(1);
    assert_said("-x:goodbye ");
    assert_true(sds_store_due_ms(store) == INT64_MAX);
}

/* RFC 6762 7.1 */
static void knows_known_answers(void **state)
{
    const struct sds_store_record *record;

    (void)state;
    hear(.rdata = "x", .ttl_s = 120);
    record = first("a.local", SDS_RR_TXT);
    assert_true(sds_store_is_known_answer(record, now));
    assert_true(sds_store_is_known_answer(record, now + 60000));
    assert_false(sds_store_is_known_answer(record, now + 60001));
    hear(.rdata = "x", .ttl_s = 0);
    assert_false(sds_store_is_known_answer(record, now));
    hear(.rdata = "y", .ttl_s = 120, .name = "b.local", .fault = SDS_WIRE_FAULT_RDATA_LONG);
    assert_false(sds_store_is_known_answer(first("b.local", SDS_RR_TXT), now));
}

/* RFC 6762 6.7: a legacy answer has a TTL of its own, and no cache-flush bit. */
static void keeps_legacy_answers_apart(void **state)
{
    const struct sds_store_record *record;

    (void)state;
    hear(.rdata = "x", .ttl_s = 2, .is_legacy = true);
    record = first("a.local", SDS_RR_TXT);
    assert_true(record->is_legacy && record->n_one_shot == 1);
    assert_false(sds_store_is_known_answer(record, now));
    assert_true(record->expires_ms == now + SDS_STORE_LEGACY_LIFE_S * 1000);
    pass(9000);
    hear(.rdata = "x", .ttl_s = 10, .is_legacy = true);
    assert_true(record->expires_ms == now + SDS_STORE_LEGACY_LIFE_S * 1000);
    assert_said("+x ~x:1 ");
    /* By multicast, even with the same TTL. */
    hear(.rdata = "x", .ttl_s = 10);
    assert_said("~x:8 ");
    assert_true(!record->is_legacy && record->n_one_shot == 2);
    hear(.rdata = "x", .ttl_s = 120, .flush = true);
    assert_said("~x:3 ");
    assert_true(sds_store_is_known_answer(record, now));
    pass(1000);
    hear(.rdata = "x", .ttl_s = 10, .is_legacy = true);
    assert_said("");
    assert_false(record->is_legacy);
    assert_int_equal(record->ttl_s, 120);
    assert_true(record->flush);
    assert_true(record->expires_ms == now + 119000);
    pass(119000);
    assert_said("-x:expired ");
}

static void lets_legacy_answers_end_nothing(void **state)
{
    (void)state;
    hear(.rdata = "x", .ttl_s = 120);
    pass(2000);
    hear(.rdata = "y", .ttl_s = 10, .flush = true, .is_legacy = true);
    hear(.rdata = "x", .ttl_s = 0, .is_legacy = true);
    hear(.rdata = "z", .ttl_s = 0, .is_legacy = true);
    assert_said("+x +y ");
    pass(2000);
    assert_said("");
    hear(.rdata = "y", .ttl_s = 0);
    /* It was sent before the goodbye, perhaps. */
    hear(.rdata = "y", .ttl_s = 10, .is_legacy = true);
    pass(1000);
    assert_said("-y:goodbye ");
    /* Another one by multicast flushes what was heard in a legacy answer, too. */
    hear(.rdata = "v", .ttl_s = 10, .is_legacy = true);
    pass(1001);
    hear(.rdata = "w", .ttl_s = 120, .flush = true);
    pass(1000);
    assert_said("+v +w -x:flushed -v:flushed ");
}

static void tells_legacy_answers_stale(void **state)
{
    (void)state;
    hear(.rdata = "x", .ttl_s = 1, .is_legacy = true);
    assert_said("+x ");
    pass(7999);
    assert_said("");
    pass(201);
    assert_said("?x ");
    hear(.rdata = "x", .ttl_s = 120);
    assert_said("~x:9 ");
    pass(9000);
    assert_said("");
}

static void lets_legacy_answers_live_longer(void **state)
{
    (void)state;
    sds_store_set_legacy_life(store, 120);
    hear(.rdata = "x", .ttl_s = 10, .is_legacy = true);
    pass(95999);
    assert_said("+x ");
    pass(2401);
    assert_said("?x ");
    pass(21599);
    assert_said("?x ");
    pass(1);
    assert_said("-x:expired ");
}

static void passes_over_what_is_no_record(void **state)
{
    struct sds_store_arrival arrival = {1, {.len = 4}, now, false};
    struct sds_wire_item item = {.section = SDS_WIRE_QUESTION, .name = name_of("a"), .type = 1};

    (void)state;
    assert_int_equal(sds_store_put(store, &arrival, &item), 0);
    item = (struct sds_wire_item){
        .section = SDS_WIRE_ADDITIONAL, .name = name_of("."), .type = SDS_RR_OPT, .ttl_s = 1};
    assert_int_equal(sds_store_put(store, &arrival, &item), 0);
    item = (struct sds_wire_item){.section = SDS_WIRE_ANSWER, .type = SDS_RR_A, .ttl_s = 1};
    assert_int_equal(sds_store_put(store, &arrival, &item), 0);
    assert_int_equal(sds_store_counts(store).records, 0);
}

/* Every record of the store can be looked up, and the numbers agree. */
static void assert_consistent(void)
{
    struct sds_store_counts counts = sds_store_counts(store);
    const struct sds_store_set *set = NULL;
    size_t n_sets = 0, n_records = 0;

    while ((set = sds_store_next_set(store, set))) {
        const struct sds_store_record *record = NULL;
        size_t n = 0;

        assert_ptr_equal(sds_store_find(store, set->ifindex, set->name, set->type, set->class),
                         set);
        while ((record = sds_store_next(set, record)))
            n++;
        assert_int_equal(n, set->n_records);
        n_records += n;
        n_sets++;
    }
    assert_int_equal(n_records, counts.records);
    assert_int_equal(n_sets, counts.sets);
    assert_int_equal(n_said[SDS_STORE_ADDED] - n_said[SDS_STORE_REMOVED], n_records);
}

static void hear_number(unsigned i, unsigned sender)
{
    char name[64];

    snprintf(name, sizeof(name), "flood-%u.local", i);
    *said = '\0';
    hear(.name = name, .rdata = "x", .ttl_s = 4500, .sender = sender);
}

/* A flood from one address, or from any number of forged ones, evicts what it brought itself. */
static void survives_a_flood(void **state)
{
    static const unsigned n_forged[] = {1, 100, 20000};

    (void)state;
    for (size_t k = 0; k < SDS_COUNT(n_forged); k++) {
        begin_with((struct sds_store_config){.max_records = 2000, .max_bytes = 10000000});
        for (unsigned i = 0; i < 40; i++) {
            char name[64];

            snprintf(name, sizeof(name), "good-%u.local", i);
            hear(.name = name, .rdata = "x", .ttl_s = 4500, .sender = 0x10000 + i / 4);
        }
        for (unsigned i = 0; i < 20000; i++)
            hear_number(i, 0x20000 + i % n_forged[k]);
        assert_int_equal(sds_store_counts(store).records, 2000);
        assert_int_equal(sds_store_counts(store).evicted, 20040 - 2000);
        assert_consistent();
        for (unsigned i = 0; i < 40; i++) {
            char name[64];

            snprintf(name, sizeof(name), "good-%u.local", i);
            assert_non_null(first(name, SDS_RR_TXT));
        }
        /* Of the flood it is the newest that is left. */
        assert_non_null(first("flood-19999.local", SDS_RR_TXT));
        assert_null(first("flood-10000.local", SDS_RR_TXT));
        end_hearing(state);
    }
}

/* One set of very many records, each of which flushes: nothing of it takes long. */
static void survives_a_flood_of_one_name(void **state)
{
    (void)state;
    begin_with((struct sds_store_config){.max_records = 100000, .max_bytes = 100000000});
    for (unsigned i = 0; i < 100000; i++) {
        char rdata[16];

        snprintf(rdata, sizeof(rdata), "%u", i % 50000);
        *said = '\0';
        hear(.rdata = rdata, .ttl_s = 4500, .flush = true, .type = i % 2 ? SDS_RR_PTR : SDS_RR_TXT,
             .sender = i % 3);
        if (i % 100 == 0)
            pass(1);
    }
    assert_consistent();
    end_hearing(state);
}

static void bounds_bytes(void **state)
{
    static char huge[50000];

    (void)state;
    begin_with((struct sds_store_config){.max_records = 1000, .max_bytes = 20000});
    memset(huge, 'x', sizeof(huge) - 1);
    hear(.rdata = "x", .ttl_s = 120);
    hear(.rdata = huge, .ttl_s = 120);
    assert_said("+x ");
    assert_int_equal(sds_store_counts(store).refused, 1);
    huge[15000] = '\0';
    hear(.rdata = huge, .ttl_s = 120);
    huge[0] = 'y';
    *said = '\0';
    hear(.rdata = huge, .ttl_s = 120);
    assert_int_equal(sds_store_counts(store).records, 1);
    assert_int_equal(sds_store_counts(store).evicted, 2);
    assert_true(sds_store_counts(store).bytes <= 20000);
    assert_consistent();
    end_hearing(state);
}

/* The set's last record may have to go for the one that comes. */
static void replaces_the_only_record(void **state)
{
    (void)state;
    begin_with((struct sds_store_config){.max_records = 1, .max_bytes = 20000});
    hear(.rdata = "x", .ttl_s = 120);
    hear(.rdata = "y", .ttl_s = 120);
    assert_said("+x -x:evicted +y ");
    assert_consistent();
    end_hearing(state);
}

static void survives_want_of_memory(void **state)
{
    int r = -ENOMEM;

    (void)state;
    for (size_t n = 0; r < 0; n++) {
        begin_with((struct sds_store_config){.max_records = 100, .max_bytes = 100000});
        allocations_left = n;
        r = try_to_hear(as_text((struct heard){.rdata = "x", .ttl_s = 120}));
        allocations_left = SIZE_MAX;
        assert_true(r == 0 || r == -ENOMEM);
        assert_int_equal(sds_store_counts(store).records, r == 0);
        assert_consistent();
        assert_true(n < 20);
        end_hearing(state);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(keeps_records_until_they_expire, begin, end_hearing),
        cmocka_unit_test_setup_teardown(keeps_rdata_as_it_was_sent, begin, end_hearing),
        cmocka_unit_test_setup_teardown(hears_again, begin, end_hearing),
        cmocka_unit_test_setup_teardown(keeps_several_senders, begin, end_hearing),
        cmocka_unit_test_setup_teardown(keeps_links_apart, begin, end_hearing),
        cmocka_unit_test_setup_teardown(tells_again_what_it_forgot, begin, end_hearing),
        cmocka_unit_test_setup_teardown(lets_a_goodbye_take_a_second, begin, end_hearing),
        cmocka_unit_test_setup_teardown(flushes_older_records, begin, end_hearing),
        cmocka_unit_test_setup_teardown(spares_neighbours, begin, end_hearing),
        cmocka_unit_test_setup_teardown(tells_what_is_stale, begin_stale, end_hearing),
        cmocka_unit_test_setup_teardown(tells_once_for_time_lost, begin_stale, end_hearing),
        cmocka_unit_test_setup_teardown(bounds_lives, begin, end_hearing),
        cmocka_unit_test_setup_teardown(lasting_records_end_when_they_are_taken_back, begin_lasting,
                                        end_hearing),
        cmocka_unit_test_setup_teardown(knows_known_answers, begin, end_hearing),
        cmocka_unit_test_setup_teardown(keeps_legacy_answers_apart, begin, end_hearing),
        cmocka_unit_test_setup_teardown(lets_legacy_answers_end_nothing, begin, end_hearing),
        cmocka_unit_test_setup_teardown(tells_legacy_answers_stale, begin_stale, end_hearing),
        cmocka_unit_test_setup_teardown(lets_legacy_answers_live_longer, begin_stale, end_hearing),
        cmocka_unit_test_setup_teardown(passes_over_what_is_no_record, begin, end_hearing),
        cmocka_unit_test(survives_a_flood),
        cmocka_unit_test(survives_a_flood_of_one_name),
        cmocka_unit_test(bounds_bytes),
        cmocka_unit_test(replaces_the_only_record),
        cmocka_unit_test(survives_want_of_memory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
