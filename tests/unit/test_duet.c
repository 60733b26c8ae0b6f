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
#include "discovery/listener.h"
#include "discovery/shooter.h"
#include "wire_hearing.h"

#define TYPE "_http._tcp.local"
#define FOO  "Foo._http._tcp.local"

static int64_t fake_ms(void)
{
    return now;
}

static const struct sds_clock fake_clock = {fake_ms, fake_ms};

/* What was asked of whom: "?SRV" of Avahi, "!SRV" by one-shot queries. */
static char said[256];

static void say(char what, uint16_t type)
{
    size_t n = strlen(said);

    snprintf(said + n, sizeof(said) - n, "%c%s ", what,
             type == SDS_RR_PTR   ? "PTR"
             : type == SDS_RR_SRV ? "SRV"
             : type == SDS_RR_A   ? "A"
                                  : "AAAA");
}

static void assert_said(const char *expected)
{
    assert_string_equal(said, expected);
    *said = '\0';
}

/* ---- an Avahi, and a listener and a shooter in place of the real ones ------------------------ */

struct sds_query {
    uint16_t type;
    sds_answer_fn *fn;
    void *userdata;
};

static struct sds_query *asked; /* the last one */

static int ask_avahi(struct sds_querier *querier, int ifindex, const char *name, uint16_t rrtype,
                     sds_answer_fn *fn, void *userdata, struct sds_query **ret)
{
    (void)querier;
    (void)ifindex;
    (void)name;
    *ret = asked = malloc(sizeof(*asked));
    assert_non_null(asked);
    *asked = (struct sds_query){rrtype, fn, userdata};
    say('?', rrtype);
    return 0;
}

static void drop_from_avahi(struct sds_query *query)
{
    free(query);
}

static void free_avahi(struct sds_querier *querier)
{
    (void)querier;
}

static const struct sds_querier_ops avahi_ops = {
    .name = "fake", .open_max = 256, .ask = ask_avahi, .drop = drop_from_avahi, .free = free_avahi};
static struct sds_querier avahi = {.ops = &avahi_ops};

struct sds_listener {
    struct sds_hearer *hearer; /* the last one */
};

static struct sds_listener listener;
static char shooter; /* its address is all that anybody has of it */

int __wrap_sds_listener_new(const struct sds_listener_config *config, struct sds_listener **ret,
                            char **ret_error);
struct sds_listener *__wrap_sds_listener_free(struct sds_listener *l);
int __wrap_sds_listener_hear(struct sds_listener *l, struct sds_hearer *hearer, const char *name);
void __wrap_sds_listener_unhear(struct sds_listener *l, struct sds_hearer *hearer);
bool __wrap_sds_listener_knows(const struct sds_listener *l, const struct sds_hearer *hearer);
void __wrap_sds_listener_forget(struct sds_listener *l);
void __wrap_sds_listener_keep_replies(struct sds_listener *l);
void __wrap_sds_listener_forget_record(struct sds_listener *l, const struct sds_hearer *hearer,
                                       int ifindex, struct sds_span rdata);
int __wrap_sds_shooter_new(const struct sds_shooter_config *config, struct sds_shooter **ret);
struct sds_shooter *__wrap_sds_shooter_free(struct sds_shooter *s);
const struct sds_siphash_key *__wrap_sds_shooter_key(const struct sds_shooter *s);
uint16_t __wrap_sds_shooter_id(const struct sds_shooter *s);
void __wrap_sds_shooter_begin(struct sds_shooter *s, struct sds_listener *l);
bool __wrap_sds_shooter_has_room(const struct sds_shooter *s, const struct sds_hearer *hearer);
void __wrap_sds_shooter_aim(struct sds_shooter *s, struct sds_aim *aim);
void __wrap_sds_shooter_drop(struct sds_shooter *s, struct sds_aim *aim);

int __wrap_sds_listener_new(const struct sds_listener_config *config, struct sds_listener **ret,
                            char **ret_error)
{
    (void)config;
    (void)ret_error;
    *ret = &listener;
    return 0;
}

struct sds_listener *__wrap_sds_listener_free(struct sds_listener *l)
{
    (void)l;
    return NULL;
}

int __wrap_sds_listener_hear(struct sds_listener *l, struct sds_hearer *hearer, const char *name)
{
    hearer->name = name_of(name);
    l->hearer = hearer;
    return 0;
}

void __wrap_sds_listener_unhear(struct sds_listener *l, struct sds_hearer *hearer)
{
    (void)l;
    (void)hearer;
}

bool __wrap_sds_listener_knows(const struct sds_listener *l, const struct sds_hearer *hearer)
{
    (void)l;
    return sds_store_find(store, 1, sds_wire_name_span(&hearer->name), hearer->type, SDS_CLASS_IN);
}

static bool are_kept;

void __wrap_sds_listener_keep_replies(struct sds_listener *l)
{
    (void)l;
    are_kept = true;
}

void __wrap_sds_listener_forget(struct sds_listener *l)
{
    (void)l;
    sds_store_drop_interface(store, 1);
}

void __wrap_sds_listener_forget_record(struct sds_listener *l, const struct sds_hearer *hearer,
                                       int ifindex, struct sds_span rdata)
{
    const struct sds_store_set *set = sds_store_find(
        store, ifindex, sds_wire_name_span(&hearer->name), hearer->type, SDS_CLASS_IN);
    const struct sds_store_record *record = set ? sds_store_find_rdata(store, set, rdata) : NULL;

    (void)l;
    if (record)
        sds_store_forget(store, record);
}

int __wrap_sds_shooter_new(const struct sds_shooter_config *config, struct sds_shooter **ret)
{
    (void)config;
    *ret = (struct sds_shooter *)&shooter;
    return 0;
}

struct sds_shooter *__wrap_sds_shooter_free(struct sds_shooter *s)
{
    (void)s;
    return NULL;
}

const struct sds_siphash_key *__wrap_sds_shooter_key(const struct sds_shooter *s)
{
    static const struct sds_siphash_key key;

    (void)s;
    return &key;
}

uint16_t __wrap_sds_shooter_id(const struct sds_shooter *s)
{
    (void)s;
    return 1;
}

void __wrap_sds_shooter_begin(struct sds_shooter *s, struct sds_listener *l)
{
    (void)s;
    (void)l;
}

static bool has_room;

bool __wrap_sds_shooter_has_room(const struct sds_shooter *s, const struct sds_hearer *hearer)
{
    (void)s;
    assert_int_not_equal(hearer->type, SDS_RR_PTR);
    return has_room;
}

void __wrap_sds_shooter_aim(struct sds_shooter *s, struct sds_aim *aim)
{
    (void)s;
    if (!aim->is_taken)
        say('!', aim->hearer->type);
    aim->is_taken = true;
}

void __wrap_sds_shooter_drop(struct sds_shooter *s, struct sds_aim *aim)
{
    (void)s;
    aim->is_taken = false;
}

/* ---- Avahi and its witness ------------------------------------------------------------------- */

static struct sds_querier *duet;
static struct sds_query *queries[8];
static size_t n_queries;

static void ignore(void *userdata, const struct sds_answer *answer)
{
    (void)userdata;
    (void)answer;
}

static void ask(const char *name, uint16_t type)
{
    struct sds_query **query = &queries[n_queries++];

    assert_true(n_queries <= SDS_COUNT(queries));
    assert_int_equal(duet->ops->ask(duet, 1, name, type, ignore, NULL, query), 0);
}

/* Of Avahi's answers, or of the witness, about the last question. */
static void tell(enum sds_holder holder, enum sds_answer_kind kind, struct sds_span rdata)
{
    const struct sds_answer answer = {.kind = kind,
                                      .holder = holder,
                                      .ifindex = 1,
                                      .family = AF_INET,
                                      .rdata = rdata.p,
                                      .rdata_len = rdata.len};

    if (holder == SDS_HOLDER_ASKED)
        asked->fn(asked->userdata, &answer);
    else
        listener.hearer->fn(listener.hearer->userdata, &answer);
}

static const struct sds_span nothing = {(const uint8_t *)"", 0};

static int begin(void **state)
{
    const struct sds_querier_config config = {.clock = &fake_clock};
    char *error;

    (void)state;
    n_queries = 0;
    are_kept = false;
    has_room = true;
    *said = '\0';
    begin_hearing((struct sds_store_config){.max_records = 1000, .max_bytes = 1000000}, 10000);
    assert_int_equal(sds_witness_new(&config, &avahi, &duet, &error), 0);
    return 0;
}

static int end(void **state)
{
    while (n_queries)
        duet->ops->drop(queries[--n_queries]);
    duet->ops->free(duet);
    return end_hearing(state);
}

static void avahi_is_asked_for_everything(void **state)
{
    (void)state;
    hear_it((struct heard){.name = FOO, .type = SDS_RR_SRV, RDATA("x"), .ttl_s = 10});
    ask(TYPE, SDS_RR_PTR);
    ask(FOO, SDS_RR_SRV);
    assert_said("?PTR !PTR ?SRV ");
}

static void a_full_one_is_asked_for_nothing(void **state)
{
    (void)state;
    duet->is_full = true;
    ask(TYPE, SDS_RR_PTR);
    ask(FOO, SDS_RR_SRV);
    assert_said("!PTR !SRV ");
    hear_it((struct heard){.name = FOO, .type = SDS_RR_SRV, RDATA("x"), .ttl_s = 10});
    hear_it((struct heard){.name = "host.local", .type = SDS_RR_A, RDATA("1234"), .ttl_s = 10});
    ask(FOO, SDS_RR_SRV);
    ask("host.local", SDS_RR_A);
    ask("host.local", SDS_RR_AAAA); /* it would have come with the other */
    assert_said("");
    ask("other.local", SDS_RR_AAAA);
    assert_said("!AAAA ");
}

/* And asked for then. */
static void what_there_is_no_room_for_waits(void **state)
{
    struct sds_query *query;

    (void)state;
    duet->is_full = true;
    has_room = false;
    hear_it((struct heard){.name = "host.local", .type = SDS_RR_A, RDATA("1234"), .ttl_s = 10});
    assert_int_equal(duet->ops->ask(duet, 1, FOO, SDS_RR_SRV, ignore, NULL, &query), -EBUSY);
    ask(TYPE, SDS_RR_PTR);
    ask("host.local", SDS_RR_A);
    assert_said("!PTR ");
}

static void hear_instance(const char *name)
{
    hear_it((struct heard){
        .name = TYPE, .type = SDS_RR_PTR, .points_to = name, .ttl_s = 10, .is_legacy = true});
}

static void hear_foo(void)
{
    hear_instance(FOO);
}

static void become_stale_of(const char *name, uint16_t type)
{
    listener.hearer->stale(listener.hearer, find(name, type));
}

static void become_stale(void)
{
    become_stale_of(TYPE, SDS_RR_PTR);
}

/* It would be gone, and come when somebody asks by chance. */
static void what_the_witness_alone_heard_is_confirmed(void **state)
{
    (void)state;
    ask(TYPE, SDS_RR_PTR);
    assert_said("?PTR !PTR ");
    hear_foo();
    become_stale();
    assert_said("!PTR ");
    become_stale(); /* another record of it, at the same time */
    assert_said("");
    now += 2000;
    become_stale();
    assert_said("!PTR ");
    assert_false(are_kept);
    now += 2000;
    duet->is_full = true;
    become_stale();
    assert_said("!PTR ");
    assert_true(are_kept);
}

/* Who left while nobody asked has told no one. */
static void what_was_heard_before_it_was_lost_is_forgotten(void **state)
{
    (void)state;
    ask(TYPE, SDS_RR_PTR);
    ask(FOO, SDS_RR_SRV);
    hear_foo();
    duet->ops->drop(queries[--n_queries]);
    assert_non_null(find(TYPE, SDS_RR_PTR));
    duet->ops->drop(queries[--n_queries]);
    assert_null(find(TYPE, SDS_RR_PTR));
}

static void what_avahi_told_is_kept_by_avahi(void **state)
{
    struct sds_wire_name foo = name_of(FOO);

    (void)state;
    ask(TYPE, SDS_RR_PTR);
    hear_foo();
    *said = '\0';
    tell(SDS_HOLDER_ASKED, SDS_ANSWER_NEW, sds_wire_name_span(&foo));
    become_stale();
    assert_said("");
    hear_instance("Bar." TYPE);
    become_stale(); /* another record of it, at the same time: not looked at */
    assert_said("");
    now += 2000;
    become_stale();
    assert_said("!PTR ");
}

/* It would never be told again: the witness knows it. */
static void what_avahi_says_is_gone_the_witness_forgets(void **state)
{
    struct sds_wire_name foo = name_of(FOO);

    (void)state;
    ask(TYPE, SDS_RR_PTR);
    hear_foo();
    for (int i = 0; i < 2; i++) /* over two protocols */
        tell(SDS_HOLDER_ASKED, SDS_ANSWER_NEW, sds_wire_name_span(&foo));
    tell(SDS_HOLDER_ASKED, SDS_ANSWER_GONE, sds_wire_name_span(&foo));
    assert_non_null(find(TYPE, SDS_RR_PTR));
    tell(SDS_HOLDER_ASKED, SDS_ANSWER_GONE, sds_wire_name_span(&foo));
    assert_null(find(TYPE, SDS_RR_PTR));
}

/* Of most, the answer to their PTR question has renewed them before. */
static void what_does_not_come_with_its_pointer_is_confirmed_apart(void **state)
{
    (void)state;
    ask(FOO, SDS_RR_SRV);
    tell(SDS_HOLDER_ASKED, SDS_ANSWER_CACHE_DONE, nothing); /* the witness is heard from now on */
    hear_it((struct heard){
        .name = FOO, .type = SDS_RR_SRV, RDATA("x"), .ttl_s = 10, .is_legacy = true});
    *said = '\0';
    now += 8000;
    become_stale_of(FOO, SDS_RR_SRV);
    assert_said("");
    now += 1000;
    become_stale_of(FOO, SDS_RR_SRV);
    assert_said("!SRV ");
    tell(SDS_HOLDER_ASKED, SDS_ANSWER_NEW, nothing); /* it is Avahi's to keep from now on */
    now += 500;
    become_stale_of(FOO, SDS_RR_SRV);
    assert_said("");
}

/* Whoever leaves its other records out of answers to PTR questions is asked for them apart. */
static void what_expired_is_asked_for_again(void **state)
{
    (void)state;
    ask(FOO, SDS_RR_SRV);
    tell(SDS_HOLDER_ASKED, SDS_ANSWER_CACHE_DONE, nothing); /* the witness is heard from now on */
    *said = '\0';
    tell(SDS_HOLDER_HEARD, SDS_ANSWER_NEW, nothing);
    assert_said("");
    tell(SDS_HOLDER_HEARD, SDS_ANSWER_GONE, nothing);
    assert_said("!SRV ");
    tell(SDS_HOLDER_ASKED, SDS_ANSWER_NEW, nothing);
    tell(SDS_HOLDER_HEARD, SDS_ANSWER_GONE, nothing);
    assert_said("");
}

static void what_a_full_one_lost_is_asked_for_again(void **state)
{
    (void)state;
    ask(FOO, SDS_RR_SRV);
    tell(SDS_HOLDER_ASKED, SDS_ANSWER_NEW, nothing);
    tell(SDS_HOLDER_ASKED, SDS_ANSWER_CACHE_DONE, nothing);
    tell(SDS_HOLDER_ASKED, SDS_ANSWER_GONE, nothing);
    assert_said("?SRV ");
    duet->is_full = true;
    tell(SDS_HOLDER_ASKED, SDS_ANSWER_NEW, nothing);
    tell(SDS_HOLDER_ASKED, SDS_ANSWER_GONE, nothing);
    assert_said("!SRV ");
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(avahi_is_asked_for_everything, begin, end),
        cmocka_unit_test_setup_teardown(a_full_one_is_asked_for_nothing, begin, end),
        cmocka_unit_test_setup_teardown(what_there_is_no_room_for_waits, begin, end),
        cmocka_unit_test_setup_teardown(what_the_witness_alone_heard_is_confirmed, begin, end),
        cmocka_unit_test_setup_teardown(what_was_heard_before_it_was_lost_is_forgotten, begin, end),
        cmocka_unit_test_setup_teardown(what_avahi_told_is_kept_by_avahi, begin, end),
        cmocka_unit_test_setup_teardown(what_does_not_come_with_its_pointer_is_confirmed_apart,
                                        begin, end),
        cmocka_unit_test_setup_teardown(what_avahi_says_is_gone_the_witness_forgets, begin, end),
        cmocka_unit_test_setup_teardown(what_expired_is_asked_for_again, begin, end),
        cmocka_unit_test_setup_teardown(what_a_full_one_lost_is_asked_for_again, begin, end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
