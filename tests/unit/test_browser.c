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
#include "discovery/source_impl.h"
#include "fake_timer.h"

/* ---- a querier that answers when the test says so ------------------------------------------- */

struct sds_query {
    char name[64];
    uint16_t rrtype;
    sds_answer_fn *fn;
    void *userdata;
};

static struct sds_query *queries[64];
static size_t n_queries;
static struct sds_querier_events events;

static int ask(struct sds_querier *querier, int ifindex, const char *name, uint16_t rrtype,
               sds_answer_fn *fn, void *userdata, struct sds_query **ret)
{
    struct sds_query *query = calloc(1, sizeof(*query));

    (void)querier;
    (void)ifindex;
    assert_non_null(query);
    assert_true(n_queries < SDS_COUNT(queries));
    snprintf(query->name, sizeof(query->name), "%s", name);
    query->rrtype = rrtype;
    query->fn = fn;
    query->userdata = userdata;
    queries[n_queries++] = *ret = query;
    return 0;
}

static void drop(struct sds_query *query)
{
    size_t i = 0;

    while (queries[i] != query)
        assert_true(++i < n_queries);
    queries[i] = queries[--n_queries];
    free(query);
}

static void querier_free(struct sds_querier *querier)
{
    (void)querier;
    assert_int_equal(n_queries, 0);
}

static uint64_t turned_away;

static uint64_t n_turned_away(struct sds_querier *querier)
{
    (void)querier;
    return turned_away;
}

static unsigned n_looks;

static bool is_alive(struct sds_querier *querier)
{
    (void)querier;
    n_looks++;
    return true;
}

static const struct sds_querier_ops ops = {
    .name = "fake",
    .is_alive = is_alive,
    .n_turned_away = n_turned_away,
    .open_max = 256,
    .settle_ms = 2000,
    .patience_ms = 2000,
    .cache_max = 100,
    .ask = ask,
    .drop = drop,
    .free = querier_free,
};

static int querier_new(const struct sds_querier_config *config, struct sds_querier **ret,
                       char **ret_error)
{
    static struct sds_querier querier = {.ops = &ops};

    (void)ret_error;
    events = config->events;
    *ret = &querier;
    return 0;
}

/* Who asks where that one hangs. */
static int other_new(const struct sds_querier_config *config, struct sds_querier **ret,
                     char **ret_error)
{
    static struct sds_querier_ops other_ops;
    static struct sds_querier other = {.ops = &other_ops};

    (void)ret_error;
    other_ops = ops;
    other_ops.name = "other";
    events = config->events;
    *ret = &other;
    return 0;
}

static enum sds_holder holder; /* who answers */

static void answer(const char *name, uint16_t rrtype, enum sds_answer_kind kind, const void *rdata,
                   size_t len)
{
    const struct sds_answer a = {
        .kind = kind,
        .holder = holder,
        .ifindex = 1,
        .family = AF_INET,
        .rdata = rdata,
        .rdata_len = len,
    };

    for (size_t i = 0; i < n_queries; i++)
        if (strcmp(queries[i]->name, name) == 0 && queries[i]->rrtype == rrtype) {
            queries[i]->fn(queries[i]->userdata, &a);
            return;
        }
    fail_msg("nobody asks for %s", name);
}

/* The bytes of a literal with its last NUL, which is the root of a name. */
#define ANSWER(name, type, kind, literal) answer(name, type, kind, (literal), sizeof(literal))

/* ---- what is told ---------------------------------------------------------------------------- */

#define TYPE    "_http._tcp.local"
#define FOO     "Foo._http._tcp.local"
#define SUBTYPE "_printer._sub._http._tcp.local"
#define BYTES   "\3Foo\5_http\4_tcp\5local" /* of FOO */

static char said[1024];
static uint16_t port; /* of the service that was told last */

static void say(char mark, const struct sds_service *service)
{
    size_t n = strlen(said);

    n += (size_t)snprintf(said + n, sizeof(said) - n, "%c%.*s", mark, (int)service->instance.len,
                          (const char *)service->instance.p);
    if (sds_service_state(service, SDS_PART_SUBTYPES) == SDS_UNKNOWN)
        n += (size_t)snprintf(said + n, sizeof(said) - n, " ?");
    for (size_t i = 0; i < service->n_subtypes; i++)
        n += (size_t)snprintf(said + n, sizeof(said) - n, " %s", service->subtypes[i]);
    snprintf(said + n, sizeof(said) - n, "; ");
    port = service->port;
}

static void on_added(void *userdata, const struct sds_service *service)
{
    (void)userdata;
    say('+', service);
}

static void on_changed(void *userdata, const struct sds_service *service)
{
    (void)userdata;
    say('~', service);
}

static void on_removed(void *userdata, const struct sds_service *service)
{
    (void)userdata;
    say('-', service);
}

static void on_settled(void *userdata)
{
    (void)userdata;
    strncat(said, "settled; ", sizeof(said) - strlen(said) - 1);
}

static void on_back(void *userdata)
{
    (void)userdata;
}

static void on_lost(void *userdata, const char *why)
{
    (void)userdata;
    assert_string_equal(why, "gone");
}

static struct sds_source *source;

static int begin(void **state)
{
    static const char *const types[] = {"_http._tcp"};
    static const struct sds_source_subtype subtypes[] = {{"_http._tcp", "_printer", false}};
    const struct sds_source_config config = {
        .clock = &fake_clock,
        .domain = "local",
        .types = types,
        .n_types = SDS_COUNT(types),
        .subtypes = subtypes,
        .n_subtypes = SDS_COUNT(subtypes),
        .is_continuous = true,
        .events = {.added = on_added,
                   .changed = on_changed,
                   .removed = on_removed,
                   .settled = on_settled,
                   .lost = on_lost,
                   .back = on_back},
    };
    char *error = NULL;

    (void)state;
    *said = '\0';
    turned_away = 0;
    holder = SDS_HOLDER_ASKED;
    now = 1000;
    assert_int_equal(sds_browser_new(&config, querier_new, other_new, &source, &error), 0);
    return 0;
}

static int end(void **state)
{
    (void)state;
    source = sds_source_free(source);
    assert_null(timer);
    return 0;
}

static void run_for(int64_t ms)
{
    run_until(now + ms);
}

static void assert_said(const char *expected)
{
    assert_string_equal(said, expected);
    *said = '\0';
}

/* Foo is there, and its host; it has the subtype or not. */
static void answer_all(bool has_subtype)
{
    run_for(100);
    ANSWER(TYPE, SDS_RR_PTR, SDS_ANSWER_NEW, BYTES);
    run_for(500);
    ANSWER(FOO, SDS_RR_SRV, SDS_ANSWER_NEW, "\0\0\0\0\0\120\1h\5local");
    ANSWER(FOO, SDS_RR_TXT, SDS_ANSWER_NEW, "\3a=b");
    run_for(300);
    answer("h.local", SDS_RR_A, SDS_ANSWER_NEW, "\300\0\2\1", 4);
    if (has_subtype)
        ANSWER(SUBTYPE, SDS_RR_PTR, SDS_ANSWER_NEW, BYTES);
    run_for(5000);
}

static void knows_subtypes_once_it_has_settled(void **state)
{
    (void)state;
    answer_all(true);
    assert_non_null(strstr(said, "+Foo"));
    assert_non_null(strstr(said, "~Foo _printer; settled; "));
    *said = '\0';
    ANSWER(SUBTYPE, SDS_RR_PTR, SDS_ANSWER_GONE, BYTES);
    run_for(1000);
    assert_said("~Foo; ");
    ANSWER(TYPE, SDS_RR_PTR, SDS_ANSWER_GONE, BYTES);
    run_for(1000);
    assert_said("-Foo; ");
}

#define SRV_OF_PORT(octal) "\0\0\0\0\0" octal "\1h\5local"

/* A witness hears of no change, and keeps what was true. */
static void what_is_told_counts_before_what_a_witness_heard(void **state)
{
    (void)state;
    run_for(100);
    ANSWER(TYPE, SDS_RR_PTR, SDS_ANSWER_NEW, BYTES);
    run_for(500);
    holder = SDS_HOLDER_HEARD;
    ANSWER(FOO, SDS_RR_SRV, SDS_ANSWER_NEW, SRV_OF_PORT("\120"));
    ANSWER(FOO, SDS_RR_TXT, SDS_ANSWER_NEW, "\3a=b");
    run_for(5000);
    assert_int_equal(port, 80);
    holder = SDS_HOLDER_ASKED;
    ANSWER(FOO, SDS_RR_SRV, SDS_ANSWER_NEW, SRV_OF_PORT("\121"));
    run_for(1000);
    assert_int_equal(port, 81);
}

/* ---- a source that is lost, and comes back -------------------------------------------------- */

static void come_back(void)
{
    events.lost(events.userdata, "gone");
    assert_int_equal(n_queries, 0);
    run_for(10000);
    assert_said("");
    events.back(events.userdata);
}

static void a_subtype_goes_that_was_told_twice(void **state)
{
    (void)state;
    answer_all(true);
    *said = '\0';
    come_back();
    answer_all(true);
    assert_null(strstr(said, "~Foo;")); /* it was known all the time */
    *said = '\0';
    ANSWER(SUBTYPE, SDS_RR_PTR, SDS_ANSWER_GONE, BYTES);
    run_for(1000);
    assert_said("~Foo; ");
}

static void a_subtype_went_while_nobody_asked(void **state)
{
    (void)state;
    answer_all(true);
    *said = '\0';
    come_back();
    answer_all(false);
    run_for(1000);
    assert_non_null(strstr(said, "settled; "));
    assert_non_null(strstr(said, "~Foo; "));
}

static void an_instance_went_while_nobody_asked(void **state)
{
    (void)state;
    answer_all(true);
    *said = '\0';
    come_back();
    run_for(10000);
    assert_non_null(strstr(said, "settled; "));
    assert_non_null(strstr(said, "-Foo"));
}

/* Who is asked nothing, and hangs, would not be missed. */
static void looks_whether_it_is_alive(void **state)
{
    (void)state;
    answer_all(true);
    n_looks = 0;
    run_for(15000);
    assert_int_equal(n_looks, 0);
    run_for(45000);
    assert_int_equal(n_looks, 3);
    events.lost(events.userdata, "gone");
    run_for(100000);
    assert_int_equal(n_looks, 3);
}

/* Each settling tells what is lost since the one before. */
static void losses_are_told_once(void **state)
{
    const char *const *reasons;
    size_t n;

    (void)state;
    turned_away = 3;
    answer_all(true);
    *said = '\0';
    come_back();
    answer_all(true);
    reasons = sds_source_reasons(source, &n);
    assert_int_equal(n, 2);
    assert_string_equal(reasons[0], "3 datagrams were turned away: somebody floods the link; "
                                    "--source wire stands more");
    assert_string_equal(reasons[1], "gone");
    turned_away = 5;
    *said = '\0';
    come_back();
    answer_all(true);
    reasons = sds_source_reasons(source, &n);
    assert_int_equal(n, 3);
    assert_string_equal(reasons[2], "2 datagrams were turned away: somebody floods the link; "
                                    "--source wire stands more");
}

static void tell_addresses(size_t from, size_t to)
{
    for (size_t i = from; i < to; i++)
        answer("h.local", SDS_RR_A, SDS_ANSWER_NEW, (uint8_t[]){10, 0, 0, (uint8_t)i}, 4);
    run_for(1000);
}

/* However much comes to it later. */
static void a_full_cache_is_told_once(void **state)
{
    const char *const *reasons;
    size_t n;

    (void)state;
    answer_all(false);
    tell_addresses(0, 86);
    sds_source_stop(source);
    tell_addresses(86, 90);
    sds_source_stop(source);
    reasons = sds_source_reasons(source, &n);
    assert_int_equal(n, 1);
    assert_non_null(strstr(reasons[0], "90 records of "));
}

/* Nobody waits for one who hangs: another one is asked everything, and what it knows stays. */
static void another_asks_where_one_hangs(void **state)
{
    size_t n;

    (void)state;
    answer_all(true);
    *said = '\0';
    assert_string_equal(sds_source_name(source), "fake");
    events.hangs(events.userdata, "gone");
    run_for(1000);
    assert_string_equal(sds_source_name(source), "other");
    assert_string_equal(sds_source_notes(source, &n)[0], "gone: sdscope asked by itself");
    assert_int_equal(n, 1);
    *said = '\0';
    answer_all(true);
    assert_non_null(strstr(said, "settled; "));
    assert_null(strstr(said, "-Foo"));
    sds_source_reasons(source, &n);
    assert_int_equal(n, 0);
}

/* What the one lost before it hung, no other need have found. */
static void losses_of_the_one_that_hangs_are_told(void **state)
{
    const char *const *reasons;
    size_t n;

    (void)state;
    answer_all(true);
    turned_away = 3;
    events.hangs(events.userdata, "gone");
    run_for(1000);
    turned_away = 0; /* the other one counts for himself */
    answer_all(true);
    reasons = sds_source_reasons(source, &n);
    assert_int_equal(n, 1);
    assert_string_equal(reasons[0], "3 datagrams were turned away: somebody floods the link; "
                                    "--source wire stands more");
}

/* There is no third one. */
static void the_other_is_kept_where_it_hangs_too(void **state)
{
    (void)state;
    events.hangs(events.userdata, "gone");
    run_for(1000);
    events.hangs(events.userdata, "gone");
    run_for(1000);
    assert_string_equal(sds_source_name(source), "other");
    *said = '\0';
    answer_all(true);
    assert_non_null(strstr(said, "+Foo"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(losses_are_told_once, begin, end),
        cmocka_unit_test_setup_teardown(looks_whether_it_is_alive, begin, end),
        cmocka_unit_test_setup_teardown(a_full_cache_is_told_once, begin, end),
        cmocka_unit_test_setup_teardown(another_asks_where_one_hangs, begin, end),
        cmocka_unit_test_setup_teardown(losses_of_the_one_that_hangs_are_told, begin, end),
        cmocka_unit_test_setup_teardown(the_other_is_kept_where_it_hangs_too, begin, end),
        cmocka_unit_test_setup_teardown(knows_subtypes_once_it_has_settled, begin, end),
        cmocka_unit_test_setup_teardown(what_is_told_counts_before_what_a_witness_heard, begin,
                                        end),
        cmocka_unit_test_setup_teardown(a_subtype_goes_that_was_told_twice, begin, end),
        cmocka_unit_test_setup_teardown(a_subtype_went_while_nobody_asked, begin, end),
        cmocka_unit_test_setup_teardown(an_instance_went_while_nobody_asked, begin, end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
