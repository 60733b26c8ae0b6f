/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/json_place.h"
#include "base/mem.h"

/* The member's value is 1; -1: it is not there, and the object itself is found. */
static const struct {
    const char *text, *member;
    int offset;
} members[] = {
    {"{\"a\":1}", "a", 5},
    {"{\"ab\":2,\"a\":1}", "a", 12},
    {"{\"a\\\"\":2,\"a\":1}", "a", 13},
    {"{\"a\\\"\":1}", "a\"", 7},
    {"{\"\\u0061\":1}", "a", 10},
    {"{\"\\u00e9\\u20AC\":1}", "\u00e9\u20ac", 16},
    {"{\"\\ud83d\\ude00\":1}", "\U0001f600", 16},
    {"{\"\\ud83d\\ude00\":1}", "\U0001f601", -1},
    {"{\"\\b\\f\\n\\r\\t\\/\\\\\":1}", "\b\f\n\r\t/\\", 18},
    {"{\"a\\u0000\":1}", "a", -1},
    {"{\"\":1}", "", 4},
    {"{\"b\":{\"a\":1}}", "a", -1},
};

static void finds_members(void **state)
{
    (void)state;
    for (size_t i = 0; i < SDS_COUNT(members); i++) {
        struct sds_json_path path = {0};
        int offset;

        print_message("# %s\n", members[i].text);
        sds_json_path_push(&path, members[i].member, 0);
        offset = (int)sds_json_find(members[i].text, strlen(members[i].text), &path);
        assert_int_equal(offset, members[i].offset < 0 ? 0 : members[i].offset);
    }
}

/* Appends a name and its end. */
static int list_name(void *userdata, size_t index, const char *name, size_t name_len, size_t offset)
{
    char *list = userdata;

    (void)index;
    (void)offset;
    assert_in_range(name_len, 0, SDS_JSON_NAME_MAX);
    strncat(list, name, name_len);
    strcat(list, ";");
    return 0;
}

static void tells_names_as_they_are_meant(void **state)
{
    static const char text[] = "{\"a\\u0062\":{\"c\":1}, \"\" : [\"d\"],\"\\n\\\\\":\"\\\"}\","
                               "\"1234567890123456789012345678901234567890"
                               "12345678901234567890\\u20ac\\u20ac\":null}";
    char list[256] = "";

    (void)state;
    assert_int_equal(sds_json_each(text, strlen(text), 0, list_name, list), 0);
    assert_string_equal(list, "ab;;\n\\;1234567890123456789012345678901234567890"
                              "12345678901234567890\u20ac\xe2;");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_members),
        cmocka_unit_test(tells_names_as_they_are_meant),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
