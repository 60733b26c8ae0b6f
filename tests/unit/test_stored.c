/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/text.h"
#include "registry/stored.h"

SDS_DEFINE_FREEP(struct sds_registry, sds_registry_free)

#define DAY_MS INT64_C(86400000)

static const struct {
    const char *date;
    int64_t days; /* since 1970 */
    bool is_old;
} ages[] = {
    {"2026-08-17", 20682, false}, /* the day itself */
    {"2026-08-17", 21047, false}, /* a year later */
    {"2026-08-17", 21048, true},  /* and a day */
    {"2026-08", 21047, true},     /* some day in August, of which the first counts */
    {"2024-02-29", 20147, false}, {"2024-02-29", 20148, true}, /* 2025-03-01 */
    {"2099-01-01", 20682, false}, {"", 20682, true},
};

static void test_age(void **state)
{
    (void)state;
    for (size_t i = 0; i < SDS_COUNT(ages); i++)
        assert_int_equal(sds_date_is_old(ages[i].date, ages[i].days * DAY_MS), ages[i].is_old);
}

/* A registry with these dates; NULL: none. */
static struct sds_registry *make(const char *updated, const char *modified)
{
    SDS_CLEANUP(sds_freep)
    char *json = sds_text_format(
        "{\"sdscope_registry\": 1, \"title\": \"T\", \"updated\": %s%s%s, "
        "\"records\": [{\"name\": \"a\", \"modified\": %s%s%s}, {\"name\": \"b\"}]}",
        updated ? "\"" : "", updated ? updated : "null", updated ? "\"" : "", modified ? "\"" : "",
        modified ? modified : "null", modified ? "\"" : "");
    struct sds_registry *registry = sds_registry_new();

    assert_non_null(json);
    assert_int_equal(sds_registry_load_bytes(registry, "test", json, strlen(json), NULL, NULL), 0);
    return registry;
}

static const struct {
    const char *updated, *modified, *other_updated, *other_modified;
    int order;
} orders[] = {
    {"2026-08-17", NULL, "2026-08-16", NULL, 1},
    {"2026-08-17", "2000-01-01", "2026-08-16", "2026-08-10", 1}, /* published counts */
    {"2026-08-17", NULL, "2026-08-17", NULL, 0},
    {"2026-08-17", "2026-08-14", NULL, "2026-08-14", 0}, /* XML and CSV of one day */
    {"2026-08-17", "2026-08-14", NULL, "2026-08-15", -1},
    {NULL, "2026-08-14", NULL, "2026-08-15", -1},
    {"2026-08-17", NULL, NULL, "2026-08-15", 1},
    {NULL, NULL, NULL, "2026-08-15", -1},
    {NULL, NULL, NULL, NULL, 0},
};

static int sign(int n)
{
    return (n > 0) - (n < 0);
}

static void test_order_of_dates(void **state)
{
    (void)state;
    for (size_t i = 0; i < SDS_COUNT(orders); i++) {
        SDS_CLEANUP(sds_registry_freep)
        struct sds_registry *a = make(orders[i].updated, orders[i].modified);
        SDS_CLEANUP(sds_registry_freep)
        struct sds_registry *b = make(orders[i].other_updated, orders[i].other_modified);

        assert_int_equal(sign(sds_registry_date_cmp(a, b)), orders[i].order);
        assert_int_equal(sign(sds_registry_date_cmp(b, a)), -orders[i].order);
    }
}

static void test_folder(void **state)
{
    static const struct {
        const char *data, *home, *folder;
    } vectors[] = {
        {"/data", "/home/a", "/data/sdscope"},
        {"data", "/home/a", "/home/a/.local/share/sdscope"},
        {"", "/home/a", "/home/a/.local/share/sdscope"},
        {NULL, "/home/a", "/home/a/.local/share/sdscope"},
    };

    (void)state;
    for (size_t i = 0; i < SDS_COUNT(vectors); i++) {
        SDS_CLEANUP(sds_freep) char *folder = NULL;

        unsetenv("XDG_DATA_HOME");
        if (vectors[i].data)
            setenv("XDG_DATA_HOME", vectors[i].data, 1);
        setenv("HOME", vectors[i].home, 1);
        folder = sds_stored_folder();
        assert_string_equal(folder, vectors[i].folder);
    }
}

static char *scratch;

static int make_scratch(void **state)
{
    static char template[] = "/tmp/sdscope-stored-XXXXXX";

    (void)state;
    scratch = mkdtemp(template);
    return scratch && chdir(scratch) == 0 ? 0 : -1;
}

static int remove_scratch(void **state)
{
    (void)state;
    unlink("receipt");
    return chdir("/") == 0 ? rmdir(scratch) : -1;
}

static void write_file(const char *text)
{
    FILE *out = fopen("receipt", "w");

    assert_non_null(out);
    fputs(text, out);
    fclose(out);
}

static void test_receipts_come_back(void **state)
{
    struct sds_receipt receipt = {.url = strdup("https://a/\"b\""),
                                  .etag = strdup("W/\"1\""),
                                  .updated = strdup("2026-08-17"),
                                  .size = UINT64_C(5000000000)};
    struct sds_receipt again;

    (void)state;
    assert_int_equal(sds_receipt_write("receipt", &receipt), 0);
    assert_int_equal(sds_receipt_read("receipt", &again), 0);
    assert_string_equal(again.url, receipt.url);
    assert_string_equal(again.etag, receipt.etag);
    assert_string_equal(again.updated, receipt.updated);
    assert_null(again.last_modified);
    assert_int_equal(again.size, receipt.size);
    sds_receipt_done(&receipt);
    sds_receipt_done(&again);
}

/* Whatever stands there, nothing of it goes into a request that could not have come from a server.
 */
static void test_receipts_that_make_no_sense(void **state)
{
    static const char *const texts[] = {
        "",
        "{",
        "[]",
        "3",
        "{\"etag\": 3}",
        "{\"etag\": \"\"}",
        "{\"size\": -1}",
        "{\"etag\": \"a\\r\\nHost: b\"}",
        "{\"etag\": \"\\u00e9\"}",
    };
    struct sds_receipt receipt;

    (void)state;
    for (size_t i = 0; i < SDS_COUNT(texts); i++) {
        write_file(texts[i]);
        assert_int_equal(sds_receipt_read("receipt", &receipt), 0);
        assert_null(receipt.etag);
        assert_int_equal(receipt.size, 0);
        sds_receipt_done(&receipt);
    }
    assert_int_equal(sds_receipt_read("absent", &receipt), 0);
    assert_null(receipt.etag);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_age),
        cmocka_unit_test(test_order_of_dates),
        cmocka_unit_test(test_folder),
        cmocka_unit_test(test_receipts_come_back),
        cmocka_unit_test(test_receipts_that_make_no_sense),
    };

    return cmocka_run_group_tests(tests, make_scratch, remove_scratch);
}
