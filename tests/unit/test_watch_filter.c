/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "no_memory_libc.h"
#include "watch/filter.h"
#include "watching.h"

static struct sds_rows *rows;

/* Rows that filters choose from: 1, 2, 3, 4. */
static int begin(void **state)
{
    (void)state;
    rows = sds_rows_new();
    if (!rows)
        return -1;
    ADD(rows, .type = "_ipp._tcp", .instance = "Living Room", .host = "printer.local",
        .addresses = {"192.0.2.7", "2001:db8::7"}, .port = 631,
        .txt = TXT("\x09"
                   "txtvers=1"
                   "\x05"
                   "Color"
                   "\x0b"
                   "note=2nd =b"
                   "\x08"
                   "note=off"),
        .is_judged = true, .verdict = SDS_VERDICT_REGISTERED);
    ADD(rows, .type = "_odd._udp", .instance = "Z\xc3\xbcrich", .host = "other.local", .port = 1,
        .txt = TXT("\x05"
                   "note="),
        .is_judged = true, .verdict = SDS_VERDICT_UNREGISTERED, .severity = SDS_SEV_WARNING,
        .rule = "SD501");
    settle(rows);
    ADD(rows, .instance = "third", .severity = SDS_SEV_ERROR)->is_marked = true;
    CHANGE(rows, .instance = "third", .severity = SDS_SEV_ERROR);
    ADD(rows, .instance = "fourth", .host = "printer.local", .severity = SDS_SEV_INFO,
        .rule = "SD325");
    REMOVE(rows, .instance = "fourth");
    return 0;
}

static int end(void **state)
{
    (void)state;
    rows = sds_rows_free(rows);
    return 0;
}

static const struct {
    const char *text, *passing;
} filters[] = {
    {"", "1234"},
    {"   ", "1234"},
    {"printer", "14"},
    {"PRINTER", "14"},
    {"printer living", "1"},
    {"  printer   !living  ", "4"},
    {"!printer", "23"},
    {"\"living room\"", "1"},
    {"\"room living\"", ""},
    {"!\"living room\"", "234"},
    {"\"living room", "1"}, /* still being typed */
    {"\xc3\xbcri", "2"},
    {"txtvers", "1"},
    {"TXTVERS=1", "1"},
    {"color", "1"},
    {"odd", "234"}, /* a type, and messages of findings */
    {"sd501", "2"},
    {"duplicate", "4"}, /* a rule's name */
    {"2001:db8", "1"},
    {"l*room", "1"},
    {"l?room", ""},
    {"n?te", "12"},

    {"type:ipp", "1"},
    {"type:_TCP", "134"},
    {"type:_i*_tcp", "1"},
    {"name:room", "1"},
    {"name:\"living room\"", "1"},
    {"name:printer", ""},
    {"host:printer", "14"},
    {"!host:printer", "23"},
    {"address:192.0.2", "1"},
    {"address:631", "1"},
    {"address:db8::7", "1"},
    {"address:fe80", ""},
    {"verdict:registered", "1"},
    {"verdict:reg", "1"},
    {"verdict:un", "2"},
    {"verdict:un*ed", "2"},
    {"verdict:*registered", "12"},
    {"!verdict:registered", "234"},
    {"rule:SD3", "34"},
    {"rule:registry-", "2"},
    {"severity:error", "3"},
    {"severity:ERROR", "3"},
    {"severity:o", ""},
    {"type:tcp severity:i", "4"},

    {"note=", "12"},
    {"!note=", "34"},
    {"note=2nd", "1"},
    {"note=off", ""}, /* the first counts */
    {"note==b", "1"},
    {"\"note=2nd =b\"", "1"},
    {"NOTE=2*b", "1"},
    {"color=", "1"},
    {"color=x", ""},
    {"colo=", ""},
    {"=b", "1"}, /* a word */

    {"is:gone", "4"},
    {"!is:gone", "123"},
    {"is:marked", "3"},
    {"is:new", "34"},
    {"is:changed", "3"},
    {"is:g", "4"},
    {"IS:GONE", "4"},
    {"is:what", ""},
    {"!is:what", "1234"},

    /* to be typed on */
    {"!", "1234"},
    {"type:", "1234"},
    {"!type:", "1234"},
    {"is:", "1234"},
    {"\"\"", "1234"},
    {"!\"", "1234"},
    {"host:printer !", "14"},
};

static void chooses(void **state)
{
    (void)state;
    for (size_t i = 0; i < SDS_COUNT(filters); i++) {
        struct sds_filter *filter = sds_filter_new(filters[i].text);
        char passing[5] = "";
        size_t n, len = 0;
        struct sds_row *const *list = sds_rows_list(rows, &n);

        assert_non_null(filter);
        for (size_t j = 0; j < n; j++)
            if (sds_filter_passes(filter, list[j]))
                passing[len++] = (char)('1' + j);
        if (strcmp(passing, filters[i].passing) != 0)
            fail_msg("'%s': expected '%s', got '%s'", filters[i].text, filters[i].passing, passing);
        sds_filter_free(filter);
    }
}

static void lets_all_pass_without_a_filter(void **state)
{
    size_t n;
    struct sds_row *const *list = sds_rows_list(rows, &n);

    (void)state;
    assert_true(sds_filter_passes(NULL, list[0]));
    assert_null(sds_filter_free(NULL));
}

static void survives_want_of_memory(void **state)
{
    struct sds_filter *filter = NULL;

    (void)state;
    for (size_t n = 0; !filter; n++) {
        allocations_left = n;
        filter = sds_filter_new("a b* type:c !verdict:d* e=f is:gone host: g h i j");
        allocations_left = SIZE_MAX;
        assert_true(n < 100);
    }
    sds_filter_free(filter);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(chooses),
        cmocka_unit_test(lets_all_pass_without_a_filter),
        cmocka_unit_test(survives_want_of_memory),
    };

    return cmocka_run_group_tests_name("watch_filter", tests, begin, end);
}
