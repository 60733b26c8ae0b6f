/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "no_memory_libc.h"
#include "watching.h"

static struct sds_rows *rows;

static int begin(void **state)
{
    (void)state;
    rows = sds_rows_new();
    return rows ? 0 : -1;
}

static int end(void **state)
{
    (void)state;
    rows = sds_rows_free(rows);
    return 0;
}

static size_t n_rows(void)
{
    size_t n;

    sds_rows_list(rows, &n);
    return n;
}

/* Each row knows where it is, and is found. */
static void assert_consistent(void)
{
    size_t n, n_gone = 0;
    struct sds_row *const *list = sds_rows_list(rows, &n);
    struct sds_row_counts counts = sds_rows_count(rows);

    for (size_t i = 0; i < n; i++) {
        assert_int_equal(list[i]->at, i);
        assert_ptr_equal(sds_rows_find(rows, list[i]->service), list[i]);
        n_gone += sds_row_is_gone(list[i]);
    }
    assert_int_equal(counts.gone, n_gone);
    assert_int_equal(counts.here, n - n_gone);
}

/* ---- cells -------------------------------------------------------------------------------- */

static const struct {
    struct seen seen;
    const char *cells[SDS_CELL__COUNT];
} shown[] = {
    {{.instance = "Office", .host = "p.local", .addresses = {"192.0.2.7"}, .port = 631},
     {"_http._tcp", "Office", "p.local", "192.0.2.7:631", NULL, NULL, NULL}},
    {{.instance = "a", .addresses = {"192.0.2.7", "fe80::1", "2001:db8::1"}, .port = 1},
     {"_http._tcp", "a", "?", "192.0.2.7:1 +2", NULL, NULL, NULL}},
    {{.instance = "a", .addresses = {"2001:db8::1"}, .port = 65535},
     {"_http._tcp", "a", "?", "[2001:db8::1]:65535", NULL, NULL, NULL}},
    {{.instance = "a", .addresses = {"fe80::1", "2001:db8::1"}},
     {"_http._tcp", "a", "?", "2001:db8::1 +1", NULL, NULL, NULL}},
    {{.instance = "a", .addresses = {"169.254.1.2", "192.0.2.7"}, .port = 80},
     {"_http._tcp", "a", "?", "192.0.2.7:80 +1", NULL, NULL, NULL}},
    {{.instance = "a", .addresses = {"169.254.1.2", "fe80::1"}, .port = 80},
     {"_http._tcp", "a", "?", "169.254.1.2:80 +1", NULL, NULL, NULL}},
    {{.port = 80}, {"_http._tcp", "?", "?", "?:80", NULL, NULL, NULL}},
    {{.type = "_evil\033._tcp", .instance = "\033[2J\n\xff", .host = "a\\.b\\027.local"},
     {"_evil\\x1b._tcp", "\\x1b[2J\\x0a\\xff", "a\\.b\\027.local", "?", NULL, NULL, NULL}},
    {{.instance = "a", .is_judged = true, .verdict = SDS_VERDICT_REGISTERED},
     {"_http._tcp", "a", "?", "?", "registered", NULL, NULL}},
    {{.instance = "a", .severity = SDS_SEV_ERROR},
     {"_http._tcp", "a", "?", "?", NULL, "key is Odd [SD301]", NULL}},
    {{.instance = "a", .severity = SDS_SEV_INFO, .n_dropped = 12},
     {"_http._tcp", "a", "?", "?", NULL, "key is Odd [SD301] +12", NULL}},
};

static void shows_what_there_is(void **state)
{
    (void)state;
    for (size_t i = 0; i < SDS_COUNT(shown); i++) {
        struct sds_row *row = take_seen(rows, SDS_EVENT_ADDED, &shown[i].seen);

        for (enum sds_cell cell = 0; cell < SDS_CELL__COUNT; cell++)
            if (!row->cells[cell] != !shown[i].cells[cell] ||
                (row->cells[cell] && strcmp(row->cells[cell], shown[i].cells[cell]) != 0))
                fail_msg("row %zu, cell %d: '%s'", i, cell, row->cells[cell]);
        sds_rows_clear(rows);
    }
}

static void shows_what_is_missing(void **state)
{
    struct sds_service *service = service_of(&(struct seen){.instance = "a"});
    struct sds_row *row;

    (void)state;
    sds_service_set_missing(service, SDS_PART_HOST);
    sds_service_set_missing(service, SDS_PART_ADDRESSES);
    sds_service_set_missing(service, SDS_PART_PORT);
    assert_int_equal(sds_rows_take(rows, &(struct sds_event){.service = service}, NULL, &row), 0);
    assert_string_equal(row->cells[SDS_CELL_HOST], "-");
    assert_string_equal(row->cells[SDS_CELL_ADDRESS], "-");
    assert_false(row->is_checked);
    sds_service_free(service);
}

static void makes_only_what_changed(void **state)
{
    struct sds_row *row = ADD(rows, .instance = "a", .host = "h.local", .port = 80);
    const char *host = row->cells[SDS_CELL_HOST];

    (void)state;
    assert_ptr_equal(CHANGE(rows, .instance = "a", .host = "h.local", .port = 81), row);
    assert_ptr_equal(row->cells[SDS_CELL_HOST], host);
    assert_string_equal(row->cells[SDS_CELL_ADDRESS], "?:81");
    CHANGE(rows, .instance = "A", .host = "H.local", .port = 81);
    assert_string_equal(row->cells[SDS_CELL_HOST], "H.local");
    assert_string_equal(row->cells[SDS_CELL_INSTANCE], "A");
}

/* ---- what becomes of a row ---------------------------------------------------------------- */

/* Take in that the TTL of a kind of records is known, with a finding or without. */
static void learn_ttl(struct sds_row *row, enum sds_record_kind kind, uint32_t ttl_s,
                      enum sds_severity severity, int64_t at_ms)
{
    struct sds_service *service = sds_service_dup(row->service);
    struct sds_result result = result_of(&(struct seen){.severity = severity});
    const struct sds_event event = {
        .kind = SDS_EVENT_CHANGED, .time_ms = at_ms, .service = service, .result = &result};

    assert_non_null(service);
    sds_service_set_record_ttl(service, kind, ttl_s);
    assert_int_equal(sds_rows_take(rows, &event, &result, &row), 0);
    assert_int_equal(row->service->ttls_s[kind], ttl_s);
    sds_service_free(service);
}

static void evidence_that_comes_late_marks_nothing(void **state)
{
    struct sds_row *row = ADD(rows, .instance = "a", .port = 80, .at_ms = 10);

    (void)state;
    learn_ttl(row, SDS_KIND_SRV, 120, SDS_SEV_OFF, 20);
    learn_ttl(row, SDS_KIND_PTR, 4500, SDS_SEV_OFF, 30);
    assert_int_equal(row->last, SDS_EVENT_ADDED);
    assert_int_equal(row->last_ms, 10);
    assert_int_equal(row->changes, 0);
    learn_ttl(row, SDS_KIND_SRV, 75, SDS_SEV_OFF, 40); /* another value */
    assert_int_equal(row->last, SDS_EVENT_CHANGED);
    assert_int_equal(row->last_ms, 40);
    learn_ttl(row, SDS_KIND_TXT, 75, SDS_SEV_ERROR, 50); /* it breaks a rule */
    assert_int_equal(row->last_ms, 50);
    learn_ttl(row, SDS_KIND_A, 120, SDS_SEV_ERROR, 60);
    assert_int_equal(row->last_ms, 50);
    assert_int_equal(row->changes, SDS_PART_TTL); /* as it was marked */
}

static void knows_names_in_any_case(void **state)
{
    struct sds_row *row = ADD(rows, .type = "_IPP._tcp", .instance = "Office");

    (void)state;
    assert_ptr_equal(ADD(rows, .type = "_ipp._TCP", .instance = "oFFICE"), row);
    assert_ptr_not_equal(ADD(rows, .type = "_ipp._udp", .instance = "Office"), row);
    assert_ptr_not_equal(ADD(rows, .type = "_ipp._tcp", .instance = "Office2"), row);
    assert_int_equal(n_rows(), 3);
    assert_consistent();
}

static void takes_changes(void **state)
{
    struct sds_row *row = ADD(rows, .instance = "a", .at_ms = 1000);

    (void)state;
    assert_int_equal(row->last, SDS_EVENT_ADDED);
    CHANGE(rows, .instance = "a", .port = 1, .at_ms = 2000, .severity = SDS_SEV_WARNING,
           .n_dropped = 2);
    assert_int_equal(row->last, SDS_EVENT_CHANGED);
    assert_int_equal(row->last_ms, 2000);
    assert_int_equal(row->added_ms, 1000);
    assert_int_equal(row->changes, SDS_PART_PORT);
    assert_int_equal(row->worst, SDS_SEV_WARNING);
    assert_int_equal(row->n_findings, 3);
    assert_true(row->is_checked);
}

static void adds_what_changes_unheard_of(void **state)
{
    struct sds_row *row = CHANGE(rows, .instance = "a", .at_ms = 5);

    (void)state;
    assert_int_equal(row->last, SDS_EVENT_ADDED);
    assert_int_equal(row->changes, 0);
    assert_int_equal(row->added_ms, 5);
}

static void changes_what_is_added_again(void **state)
{
    struct sds_row *row = ADD(rows, .instance = "a", .at_ms = 5);

    (void)state;
    assert_ptr_equal(ADD(rows, .instance = "a", .host = "h.local", .at_ms = 7), row);
    assert_int_equal(row->last, SDS_EVENT_CHANGED);
    assert_int_equal(row->changes, SDS_PART_HOST);
    assert_int_equal(row->added_ms, 5);
    assert_int_equal(row->last_ms, 7);
}

static void keeps_what_is_gone(void **state)
{
    struct sds_row *row =
        ADD(rows, .instance = "a", .host = "h.local", .at_ms = 1, .severity = SDS_SEV_ERROR);

    (void)state;
    assert_null(REMOVE(rows, .instance = "b"));
    assert_int_equal(n_rows(), 1);
    assert_int_equal(sds_rows_first_gone_ms(rows), INT64_MAX);
    assert_ptr_equal(REMOVE(rows, .instance = "A", .at_ms = 10), row);
    assert_true(sds_row_is_gone(row));
    assert_string_equal(row->cells[SDS_CELL_HOST], "h.local");
    assert_string_equal(row->cells[SDS_CELL_FINDING], "key is Odd [SD301]");
    assert_int_equal(sds_rows_first_gone_ms(rows), 10);
    REMOVE(rows, .instance = "a", .at_ms = 20); /* it went but once */
    assert_int_equal(row->last_ms, 10);
    assert_consistent();
}

static void takes_back_what_was_gone(void **state)
{
    struct sds_row *row = ADD(rows, .instance = "a", .at_ms = 1);

    (void)state;
    row->is_marked = true;
    for (int64_t ms = 10; ms < 30; ms += 10) {
        REMOVE(rows, .instance = "a", .at_ms = ms);
        settle(rows);
        CHANGE(rows, .instance = "a", .at_ms = ms + 5);
        assert_int_equal(row->last, SDS_EVENT_ADDED);
        assert_int_equal(row->added_ms, ms + 5);
        assert_true(row->is_new);
        assert_true(row->is_marked);
        assert_int_equal(sds_rows_first_gone_ms(rows), INT64_MAX);
    }
    assert_consistent();
}

static void knows_what_is_new(void **state)
{
    (void)state;
    assert_false(ADD(rows, .instance = "a")->is_new);
    settle(rows);
    assert_false(CHANGE(rows, .instance = "a")->is_new);
    assert_true(ADD(rows, .instance = "b")->is_new);
    assert_true(CHANGE(rows, .instance = "b")->is_new);
    sds_rows_clear(rows);
    assert_false(ADD(rows, .instance = "b")->is_new);
}

static void forgets_what_is_gone(void **state)
{
    (void)state;
    ADD(rows, .instance = "a");
    ADD(rows, .instance = "b");
    ADD(rows, .instance = "c");
    REMOVE(rows, .instance = "c", .at_ms = 30);
    REMOVE(rows, .instance = "a", .at_ms = 20);
    assert_false(sds_rows_forget_gone(rows, 20));
    assert_true(sds_rows_forget_gone(rows, 21));
    assert_int_equal(n_rows(), 2);
    assert_int_equal(sds_rows_first_gone_ms(rows), 30);
    assert_consistent();
    assert_true(sds_rows_forget_gone(rows, INT64_MAX));
    assert_false(sds_rows_forget_gone(rows, INT64_MAX));
    assert_int_equal(n_rows(), 1);
    assert_consistent();
}

static void bounds_what_is_gone(void **state)
{
    char name[16];

    (void)state;
    for (int i = 0; i < SDS_ROWS_GONE_MAX + 50; i++) {
        snprintf(name, sizeof(name), "n%d", i);
        ADD(rows, .instance = name, .at_ms = i);
        REMOVE(rows, .instance = name, .at_ms = i);
    }
    assert_int_equal(n_rows(), SDS_ROWS_GONE_MAX);
    assert_int_equal(sds_rows_first_gone_ms(rows), 50);
    assert_consistent();
}

static void counts(void **state)
{
    struct sds_row_counts n;

    (void)state;
    ADD(rows, .instance = "a", .is_judged = true, .verdict = SDS_VERDICT_REGISTERED);
    ADD(rows, .instance = "b", .is_judged = true, .verdict = SDS_VERDICT_REGISTERED,
        .severity = SDS_SEV_ERROR);
    ADD(rows, .instance = "c", .severity = SDS_SEV_INFO);
    ADD(rows, .instance = "d", .is_judged = true, .verdict = SDS_VERDICT_RETIRED,
        .severity = SDS_SEV_ERROR);
    REMOVE(rows, .instance = "d");
    n = sds_rows_count(rows);
    assert_int_equal(n.here, 3);
    assert_int_equal(n.gone, 1);
    assert_int_equal(n.unjudged, 1);
    assert_int_equal(n.verdicts[SDS_VERDICT_REGISTERED], 2);
    assert_int_equal(n.verdicts[SDS_VERDICT_RETIRED], 0);
    assert_int_equal(n.severities[SDS_SEV_OFF], 1);
    assert_int_equal(n.severities[SDS_SEV_INFO], 1);
    assert_int_equal(n.severities[SDS_SEV_ERROR], 1);
}

/* ---- memory ------------------------------------------------------------------------------- */

static void survives_want_of_memory(void **state)
{
    static const enum sds_event_kind kinds[] = {SDS_EVENT_ADDED, SDS_EVENT_CHANGED,
                                                SDS_EVENT_REMOVED, SDS_EVENT_ADDED};
    struct sds_service *service =
        service_of(&(struct seen){.instance = "a", .host = "h.local", .addresses = {"192.0.2.1"}});

    (void)state;
    for (size_t i = 0; i < SDS_COUNT(kinds); i++) {
        int r = -ENOMEM;

        for (size_t n = 0; r < 0; n++) {
            struct sds_result result =
                result_of(&(struct seen){.is_judged = true, .severity = SDS_SEV_ERROR, .at_ms = 1});
            const struct sds_event event = {.kind = kinds[i], .service = service};
            size_t n_before = n_rows();
            struct sds_row *row;

            sds_service_set_port(service, (uint16_t)(i + 1));
            allocations_left = n;
            r = sds_rows_take(rows, &event, &result, &row);
            allocations_left = SIZE_MAX;
            assert_true(r == 0 || r == -ENOMEM);
            assert_null(result.findings);
            if (r < 0)
                assert_int_equal(n_rows(), n_before);
            else
                assert_int_equal(row->last, kinds[i]);
            assert_consistent();
            assert_true(n < 100);
        }
    }
    sds_service_free(service);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(shows_what_there_is, begin, end),
        cmocka_unit_test_setup_teardown(shows_what_is_missing, begin, end),
        cmocka_unit_test_setup_teardown(makes_only_what_changed, begin, end),
        cmocka_unit_test_setup_teardown(evidence_that_comes_late_marks_nothing, begin, end),
        cmocka_unit_test_setup_teardown(knows_names_in_any_case, begin, end),
        cmocka_unit_test_setup_teardown(takes_changes, begin, end),
        cmocka_unit_test_setup_teardown(adds_what_changes_unheard_of, begin, end),
        cmocka_unit_test_setup_teardown(changes_what_is_added_again, begin, end),
        cmocka_unit_test_setup_teardown(keeps_what_is_gone, begin, end),
        cmocka_unit_test_setup_teardown(takes_back_what_was_gone, begin, end),
        cmocka_unit_test_setup_teardown(knows_what_is_new, begin, end),
        cmocka_unit_test_setup_teardown(forgets_what_is_gone, begin, end),
        cmocka_unit_test_setup_teardown(bounds_what_is_gone, begin, end),
        cmocka_unit_test_setup_teardown(counts, begin, end),
        cmocka_unit_test_setup_teardown(survives_want_of_memory, begin, end),
    };

    return cmocka_run_group_tests_name("watch_row", tests, NULL, NULL);
}
