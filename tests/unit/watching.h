/* SPDX-License-Identifier: MIT */
#ifndef SDS_TESTS_WATCHING_H
#define SDS_TESTS_WATCHING_H

/* What the tests of the watch share; include it after cmocka.h. */

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "watch/row.h"

#define TXT(literal) (literal), sizeof(literal) - 1

/* A service in a few words. */
struct seen {
    const char *type, *instance, *host; /* NULL: "_http._tcp", and unknown */
    const char *addresses[3];
    unsigned port; /* 0: unknown */
    const char *txt;
    size_t txt_len;
    bool is_judged; /* by a registry */
    enum sds_verdict verdict;
    enum sds_severity severity; /* of a finding; SDS_SEV_OFF: there is none */
    const char *rule;           /* of that; NULL: "SD301" */
    size_t n_dropped;           /* findings */
    int64_t at_ms;
};

__attribute__((unused)) static struct sds_service *service_of(const struct seen *seen)
{
    struct sds_service *s = sds_service_new(seen->type ? seen->type : "_http._tcp");

    assert_non_null(s);
    if (seen->instance)
        assert_int_equal(sds_service_set_instance(s, seen->instance, strlen(seen->instance)), 0);
    assert_int_equal(sds_service_set_domain(s, "local"), 0);
    if (seen->host)
        assert_int_equal(sds_service_set_host(s, seen->host), 0);
    if (seen->port)
        sds_service_set_port(s, (uint16_t)seen->port);
    for (size_t i = 0; i < SDS_COUNT(seen->addresses) && seen->addresses[i]; i++) {
        struct sds_address address;

        assert_true(sds_address_parse(seen->addresses[i], &address));
        assert_int_equal(sds_service_add_address(s, address), 0);
    }
    if (seen->txt)
        assert_int_equal(sds_service_set_txt(s, seen->txt, seen->txt_len), 0);
    return s;
}

__attribute__((unused)) static struct sds_result result_of(const struct seen *seen)
{
    const struct sds_rule *rule = sds_rule_find(seen->rule ? seen->rule : "SD301");
    struct sds_result result = {
        .has_verdict = seen->is_judged, .verdict = seen->verdict, .n_dropped = seen->n_dropped};

    assert_non_null(rule);
    if (seen->severity == SDS_SEV_OFF)
        return result;
    result.findings = calloc(1, sizeof(*result.findings));
    assert_non_null(result.findings);
    result.findings[0] = (struct sds_finding){
        .rule = rule, .severity = seen->severity, .message = strdup("key is Odd"), .offset = -1};
    result.n_findings = result.findings_cap = 1;
    return result;
}

/* Returns the row, or NULL. */
__attribute__((unused)) static struct sds_row *
take_seen(struct sds_rows *rows, enum sds_event_kind kind, const struct seen *seen)
{
    struct sds_service *service = service_of(seen);
    struct sds_result result = result_of(seen);
    const struct sds_event event = {
        .kind = kind, .time_ms = seen->at_ms, .service = service, .result = &result};
    struct sds_row *row = NULL;

    assert_int_equal(sds_rows_take(rows, &event, &result, &row), 0);
    assert_null(result.findings);
    sds_service_free(service);
    return row;
}

#define ADD(rows, ...)    take_seen(rows, SDS_EVENT_ADDED, &(struct seen){__VA_ARGS__})
#define CHANGE(rows, ...) take_seen(rows, SDS_EVENT_CHANGED, &(struct seen){__VA_ARGS__})
#define REMOVE(rows, ...) take_seen(rows, SDS_EVENT_REMOVED, &(struct seen){__VA_ARGS__})

/* What is added from now on is new. */
__attribute__((unused)) static void settle(struct sds_rows *rows)
{
    struct sds_row *row = (struct sds_row *)rows;

    assert_int_equal(
        sds_rows_take(rows, &(struct sds_event){.kind = SDS_EVENT_SETTLED}, NULL, &row), 0);
    assert_null(row);
}

#endif
