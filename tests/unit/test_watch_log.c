/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "no_memory_libc.h"
#include "watch/log.h"
#include "watching.h"

static struct sds_log *events;

static int begin(void **state)
{
    (void)state;
    events = sds_log_new();
    return events ? 0 : -1;
}

static int end(void **state)
{
    (void)state;
    events = sds_log_free(events);
    return 0;
}

/* Returns the entry. */
static const struct sds_log_entry *take(const struct sds_event *event)
{
    assert_int_equal(sds_log_take(events, event, " -> "), 0);
    return sds_log_at(events, sds_log_n(events) - 1);
}

static void tells_of_services(void **state)
{
    struct sds_service *was =
        service_of(&(struct seen){.type = "_a._tcp", .instance = "x\033", .port = 1});
    struct sds_service *is =
        service_of(&(struct seen){.type = "_a._tcp", .instance = "x\033", .port = 2});
    struct sds_result result =
        result_of(&(struct seen){.severity = SDS_SEV_WARNING, .n_dropped = 1});
    const struct sds_log_entry *entry;

    (void)state;
    entry = take(&(struct sds_event){.kind = SDS_EVENT_ADDED, .time_ms = 7, .service = is});
    assert_string_equal(entry->text, "_a._tcp  x\\x1b");
    assert_non_null(entry->service);
    assert_int_equal(sds_service_cmp(entry->service, is), 0);
    assert_int_equal(sds_service_state(entry->service, SDS_PART_PORT), SDS_UNKNOWN);
    assert_string_equal(entry->text + entry->what, "");
    assert_int_equal(entry->kind, SDS_EVENT_ADDED);
    assert_int_equal(entry->time_ms, 7);
    assert_int_equal(entry->worst, SDS_SEV_OFF);
    entry = take(&(struct sds_event){.kind = SDS_EVENT_ADDED, .service = is, .result = &result});
    assert_string_equal(entry->text, "_a._tcp  x\\x1b  warning: key is Odd [SD301] +1");
    assert_int_equal(entry->worst, SDS_SEV_WARNING);
    entry = take(&(struct sds_event){.kind = SDS_EVENT_CHANGED,
                                     .service = is,
                                     .was = was,
                                     .result = &result,
                                     .changes = SDS_PART_PORT});
    assert_string_equal(entry->text, "_a._tcp  x\\x1b  port 1 -> 2");
    assert_string_equal(entry->text + entry->what, "  port 1 -> 2");
    entry = take(&(struct sds_event){.kind = SDS_EVENT_REMOVED, .service = is, .result = &result});
    assert_string_equal(entry->text, "_a._tcp  x\\x1b");
    sds_result_done(&result);
    sds_service_free(was);
    sds_service_free(is);
}

static void tells_of_discovery(void **state)
{
    (void)state;
    assert_string_equal(take(&(struct sds_event){.kind = SDS_EVENT_SETTLED})->text,
                        "everything that answers has been seen");
    assert_string_equal(
        take(&(struct sds_event){.kind = SDS_EVENT_LOST, .message = "it has gone"})->text,
        "discovery has stopped: it has gone");
    assert_string_equal(take(&(struct sds_event){.kind = SDS_EVENT_BACK})->text,
                        "discovery goes on");
    assert_string_equal(take(&(struct sds_event){.kind = SDS_EVENT_ENDED})->text,
                        "the recording ends");
}

static void keeps_the_latest(void **state)
{
    (void)state;
    for (int64_t ms = 0; ms < SDS_LOG_MAX + 10; ms++)
        take(&(struct sds_event){.kind = SDS_EVENT_BACK, .time_ms = ms});
    assert_int_equal(sds_log_n(events), SDS_LOG_MAX);
    assert_int_equal(sds_log_n_ever(events), SDS_LOG_MAX + 10);
    for (size_t i = 0; i < SDS_LOG_MAX; i++)
        assert_int_equal(sds_log_at(events, i)->time_ms, i + 10);
}

static void is_cut_off(void **state)
{
    (void)state;
    for (int64_t ms = 0; ms < SDS_LOG_MAX + 10; ms++)
        take(&(struct sds_event){.kind = SDS_EVENT_BACK, .time_ms = ms});
    sds_log_cut(events, SDS_LOG_MAX);
    assert_int_equal(sds_log_n(events), SDS_LOG_MAX - 9);
    assert_int_equal(sds_log_n_ever(events), SDS_LOG_MAX + 1);
    assert_int_equal(sds_log_at(events, 0)->time_ms, 10);
    assert_int_equal(take(&(struct sds_event){.kind = SDS_EVENT_BACK, .time_ms = 5000})->time_ms,
                     5000);
    sds_log_cut(events, -1);
    assert_int_equal(sds_log_n(events), 0);
    assert_int_equal(sds_log_n_ever(events), 10); /* that made room */
}

/* What happened while the screen was held: more than either log keeps. */
static void takes_in_another(void **state)
{
    struct sds_log *first = events, *second = sds_log_new();

    (void)state;
    take(&(struct sds_event){.kind = SDS_EVENT_BACK, .time_ms = 1});
    take(&(struct sds_event){.kind = SDS_EVENT_BACK, .time_ms = 2});
    events = second;
    for (int64_t ms = 3; ms < SDS_LOG_MAX + 10; ms++)
        take(&(struct sds_event){.kind = SDS_EVENT_BACK, .time_ms = ms});
    events = first;
    sds_log_move(first, second);
    assert_int_equal(sds_log_n(second), 0);
    assert_int_equal(sds_log_n_ever(second), 0);
    assert_int_equal(sds_log_n_ever(first), SDS_LOG_MAX + 9);
    assert_int_equal(sds_log_n(first), SDS_LOG_MAX);
    for (size_t i = 0; i < SDS_LOG_MAX; i++) {
        assert_int_equal(sds_log_at(first, i)->time_ms, i + 10);
        assert_string_equal(sds_log_at(first, i)->text, "discovery goes on");
    }
    sds_log_move(first, second);
    assert_int_equal(sds_log_n(first), SDS_LOG_MAX);
    sds_log_free(second);
}

static void survives_want_of_memory(void **state)
{
    struct sds_service *service = service_of(&(struct seen){.instance = "a", .port = 1});
    const struct sds_event event = {
        .kind = SDS_EVENT_CHANGED, .service = service, .was = service, .changes = SDS_PART_PORT};
    int r = -ENOMEM;

    (void)state;
    for (size_t n = 0; r < 0; n++) {
        allocations_left = n;
        r = sds_log_take(events, &event, " -> ");
        allocations_left = SIZE_MAX;
        assert_true(r == 0 || r == -ENOMEM);
        assert_int_equal(sds_log_n(events), r == 0);
        assert_true(n < 20);
    }
    assert_string_equal(sds_log_at(events, 0)->text, "_http._tcp  a  port");
    sds_service_free(service);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(tells_of_services, begin, end),
        cmocka_unit_test_setup_teardown(tells_of_discovery, begin, end),
        cmocka_unit_test_setup_teardown(keeps_the_latest, begin, end),
        cmocka_unit_test_setup_teardown(is_cut_off, begin, end),
        cmocka_unit_test_setup_teardown(takes_in_another, begin, end),
        cmocka_unit_test_setup_teardown(survives_want_of_memory, begin, end),
    };

    return cmocka_run_group_tests_name("watch_log", tests, NULL, NULL);
}
