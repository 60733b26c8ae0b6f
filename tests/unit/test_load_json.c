/* SPDX-License-Identifier: MIT */
#include "registry_fixture.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "registry/table.h"

#define HEAD "{\"sdscope_registry\": 1, \"title\": \"t\", \"records\": [\n{\"name\": \"a\"},\n"

static void a_faulty_record_is_said_where_it_stands(void **state)
{
    static const struct {
        const char *record, *message;
        size_t column;
    } vectors[] = {
        {"7", "not an object", 1},
        {"{\"name\": 7}", "not a string", 10},
        {"{\"name\": \"b\", \"transport\": \"quic\"}", "not a transport protocol", 28},
        {"{\"ports\": \"80\"}", "not an array", 11},
        {"{\"ports\": [80]}", "not a string", 12},
        {"{\"reference\": [\"]\", {}]}", "not a string", 21},
        {"{\"status\": \"gone\"}", "not a status", 12},
        {"{\"txt\": []}", "not an object", 9},
        {"{\"txt\": {\"kind\": \"some\"}}", "not a kind of declaration", 18},
        {"{\"txt\": {\"kind\": \"keys\", \"keys\": [{}]}}", "a key without \"key\"", 35},
        {"{\"txt\": {\"open\": 1}}", "neither true nor false", 18},
        {"{\"txt\": {\"keys\": [{\"key\": \"k\", \"form\": {\"type\": \"x\"}}]}}",
         "not a type of form", 49},
        {"{\"txt\": {\"keys\": [{\"key\": \"k\", \"form\": {\"digits\": -1}}]}}",
         "not a whole number in its range", 51},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(vectors) / sizeof(*vectors); i++) {
        char text[1024];
        struct loaded loaded;

        snprintf(text, sizeof(text), HEAD "%s,\n{\"name\": \"z\"}]}", vectors[i].record);
        loaded = load_text(text);
        assert_leaves_out(&loaded, 1, 3, vectors[i].message);
        assert_int_equal(n_rows(&loaded), 2);
        assert_int_equal(loaded.column, vectors[i].column);
        unload(&loaded);
    }
}

static void a_faulty_person_is_said_where_it_stands(void **state)
{
    static const struct {
        const char *people, *message;
        size_t column, n_people;
    } vectors[] = {
        {"[{\"id\": \"A\"}, 7, {\"id\": \"B\"}]", "not an object", 25, 2},
        {"[{\"id\": \"A\"}, {\"id\": 7}]", "not a string", 32, 1},
        {"[{\"name\": \"A\"}]", "a person without \"id\"", 12, 0},
        {"[{\"id\": \"A\", \"updated\": []}]", "not a string", 35, 0},
        {"{}", "\"people\" is not an array", 11, 0},
        {"null", NULL, 0, 0},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(vectors) / sizeof(*vectors); i++) {
        char text[1024];
        struct loaded loaded;

        snprintf(text, sizeof(text), HEAD "{\"name\": \"z\"}],\n\"people\": %s}",
                 vectors[i].people);
        loaded = load_text(text);
        assert_int_equal(loaded.result, 0);
        assert_int_equal(n_rows(&loaded), 2);
        assert_int_equal(sds_registry_table_at(loaded.registry, 0).n_people, vectors[i].n_people);
        assert_int_equal(loaded.n_messages, vectors[i].message != NULL);
        assert_text(*loaded.text ? loaded.text : NULL, vectors[i].message);
        assert_int_equal(loaded.line, vectors[i].message ? 4 : 0);
        assert_int_equal(loaded.column, vectors[i].column);
        unload(&loaded);
    }
}

static void what_is_no_registry_is_refused(void **state)
{
    static const char *const vectors[] = {
        "{}",
        "{\"sdscope_registry\": 2, \"records\": []}",
        "{\"sdscope_registry\": 1}",
        "{\"sdscope_registry\": 1, \"records\": {}}",
        "{\"sdscope_registry\": 1, \"records\": [1, 2]}",
        "{\"sdscope_registry\": 1, \"title\": [], \"records\": []}",
        "{\"sdscope_registry\": 1, \"records\": [",
        "{\"sdscope_registry\": 1, \"records\": [{\"name\": \"a\\u0000b\"}]}",
        "{\"sdscope_registry\": 1, \"sdscope_registry\": 1, \"records\": []}",
        "{\"x\": \xFF}",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(vectors) / sizeof(*vectors); i++) {
        struct loaded loaded = load_text(vectors[i]);

        assert_int_equal(loaded.result, -EINVAL);
        assert_true(loaded.n_messages > 0);
        unload(&loaded);
    }
}

static void a_syntax_error_has_its_place(void **state)
{
    struct loaded loaded = load_text("{\"sdscope_registry\": 1,\n  \"records\" [\n");

    (void)state;
    assert_int_equal(loaded.result, -EINVAL);
    assert_int_equal(loaded.line, 2);
    assert_true(loaded.column > 1);
    unload(&loaded);
}

static void deep_nesting_is_refused(void **state)
{
    size_t len = 1000000;
    char *text = malloc(len + 1);
    struct loaded loaded;

    (void)state;
    assert_non_null(text);
    memset(text, '[', len);
    memcpy(text, "{\"a\":", 5);
    text[len] = '\0';
    loaded = load_text(text);
    assert_int_equal(loaded.result, -EINVAL);
    free(text);
    unload(&loaded);
}

static void lists_of_lists_have_an_end(void **state)
{
    char text[1024] = HEAD "{\"txt\": {\"keys\": [{\"key\": \"k\", \"form\": ";

    (void)state;
    for (size_t i = 0; i < 12; i++)
        strcat(text, "{\"type\": \"list\", \"of\": ");
    strcat(text, "{}");
    for (size_t i = 0; i < 12; i++)
        strcat(text, "}");
    strcat(text, "}]}}]}");
    struct loaded loaded = load_text(text);
    assert_int_equal(loaded.result, 0);
    assert_int_equal(n_rows(&loaded), 1);
    assert_string_equal(loaded.text, "lists are nested too deeply");
    unload(&loaded);
}

static void keys_have_an_end(void **state)
{
    static const char key[] = "{\"key\": \"k\"},", head[] = HEAD "{\"txt\": {\"keys\": [";

    (void)state;
    for (size_t n = SDS_REGISTRY_KEYS_MAX; n <= SDS_REGISTRY_KEYS_MAX + 1; n++) {
        char *text = calloc(1, sizeof(head) + n * sizeof(key) + sizeof("]}}]}")), *end = text;

        assert_non_null(text);
        end = stpcpy(end, head);
        for (size_t i = 0; i < n; i++)
            end = stpcpy(end, key);
        stpcpy(end - 1, "]}}]}");
        struct loaded loaded = load_text(text);
        assert_int_equal(loaded.result, 0);
        assert_int_equal(n_rows(&loaded), n > SDS_REGISTRY_KEYS_MAX ? 1 : 2);
        assert_string_equal(loaded.text, n > SDS_REGISTRY_KEYS_MAX ? "more than 1000 keys" : "");
        unload(&loaded);
        free(text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_faulty_record_is_said_where_it_stands),
        cmocka_unit_test(a_faulty_person_is_said_where_it_stands),
        cmocka_unit_test(what_is_no_registry_is_refused),
        cmocka_unit_test(a_syntax_error_has_its_place),
        cmocka_unit_test(deep_nesting_is_refused),
        cmocka_unit_test(lists_of_lists_have_an_end),
        cmocka_unit_test(keys_have_an_end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
