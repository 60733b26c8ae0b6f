/* SPDX-License-Identifier: MIT */
#include <glob.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "sdscope/lint.h"

/* Messages as "line:column: text", one a line. */
struct said {
    char text[4096];
};

static void keep(void *userdata, const struct sds_load_message *message)
{
    struct said *said = userdata;
    size_t len = strlen(said->text);

    assert_non_null(message->file);
    snprintf(said->text + len, sizeof(said->text) - len, "%zu:%zu: %s\n", message->line,
             message->column, message->text);
}

static struct said lint(const char *json)
{
    struct said said = {""};
    char *copy = strdup(json);
    size_t n = 99, lines = 0;

    assert_non_null(copy);
    assert_int_equal(sds_lint_bytes("test", copy, strlen(copy), keep, &said, &n), 0);
    for (const char *p = said.text; (p = strchr(p, '\n')); p++)
        lines++;
    assert_int_equal(n, lines);
    free(copy);
    return said;
}

#define RECORDS(text) "{\"sdscope_registry\": 1, \"title\": \"t\", \"records\": [\n" text "\n]}"
#define PROFILE(members)                                                                           \
    RECORDS("{\"profile\": true, \"name\": \"lamp\", \"description\": \"d\", " members "}")
#define SOURCE "\"source\": [{\"cite\": \"a\", \"backs\": \"b\"}]"
#define GOOD   "\"examples\": [{\"txt\": [\"k=1\"]}]"
#define KEYS(keys)                                                                                 \
    "\"txt\": {\"kind\": \"keys\", \"open\": true, \"keys\": [\n" keys "]}, " SOURCE ", "
#define BOTH                                                                                       \
    "\n\"examples\": [{\"txt\": [\"k=1\"]},\n{\"txt\": [\"k=x\"], \"breaks\": [\"SD612 k\"]}]"

static const struct {
    const char *name, *json, *said;
} vectors[] = {
    {"no registry", "[]", "0:0: not a registry in a format that is known\n"},
    {"no JSON", "{\"sdscope_registry\": 1,", "1:23: string or '}' expected near end of file\n"},
    {"a record", RECORDS("{\"name\": \"a\"}"), ""},
    {"unknown member", RECORDS("{\"name\": \"a\", \"nmae\": 1}"),
     "2:23: a member that nobody reads\n"},
    {"underscore", RECORDS("{\"name\": \"_a\"}"),
     "2:10: a name is written without its underscore\n"},
    {"kind without keys", RECORDS("{\"name\": \"a\", \"txt\": {\"kind\": \"keys\"}}"),
     "2:22: kind is \"keys\", and there is none\n"},
    {"member of another type",
     RECORDS("{\"name\": \"a\", \"txt\": {\"kind\": \"keys\", \"keys\": [{\"key\": \"k\",\n"
             "\"form\": {\"type\": \"int\", \"digits\": 4}}]}}"),
     "3:35: means nothing for this type of form\n"},
    {"enum without values",
     RECORDS("{\"name\": \"a\", \"txt\": {\"kind\": \"keys\", \"keys\": [{\"key\": \"k\",\n"
             "\"form\": {\"type\": \"enum\"}}]}}"),
     "3:9: an \"enum\" without \"values\"\n"},

    {"profile that holds", PROFILE(KEYS("{\"key\": \"k\", \"form\": {\"type\": \"int\"}}") BOTH),
     ""},
    {"nothing to be wrong", PROFILE(KEYS("{\"key\": \"k\"}") GOOD), ""},
    {"no source", PROFILE("\"txt\": {\"kind\": \"unspecified\", \"open\": true}, " GOOD),
     "2:1: a profile without a source\n"},
    {"no example", PROFILE(KEYS("{\"key\": \"k\"}") "\"examples\": []"),
     "2:1: a profile without an example that is right\n"},
    {"no wrong example", PROFILE(KEYS("{\"key\": \"k\", \"required\": true}") GOOD),
     "2:1: a profile without an example that is wrong\n"},
    {"example that is wrong unsaid",
     PROFILE(KEYS("{\"key\": \"k\", \"form\": {\"type\": \"int\", \"max\": 0}}") BOTH),
     "4:14: the example breaks SD612 k, and does not say so: value '1' of 'k' is not a whole "
     "number up to 0: at byte 0 it is too large\n"},
    {"example that is right after all", PROFILE(KEYS("{\"key\": \"k\"}") BOTH),
     "5:1: the example does not break all that it says\n"},
    {"expression that is none",
     PROFILE(KEYS("{\"key\": \"k\", \"form\": {\"type\": \"text\",\n\"regex\": \"(\"}}") GOOD),
     "4:10: missing closing parenthesis\n0:0: no record in it\n"},
    {"repeated key", PROFILE(KEYS("{\"key\": \"k\"},\n{\"key\": \"K\"}") GOOD),
     "4:1: a key that was there before\n"},
    {"required of another name", PROFILE(KEYS("{\"key\": \"k\", \"required\": [\"x\"]}") GOOD),
     "3:27: not one of the profile's names\n"},
    {"condition of nothing",
     PROFILE(KEYS("{\"key\": \"k\",\n\"where\": {\"key\": \"l\", \"regex\": \"x\"}}") GOOD),
     "3:1: \"where\" means nothing without \"required\"\n"},
    {"range upside down",
     PROFILE(KEYS("{\"key\": \"k\", \"form\": {\"type\": \"int\", \"min\": 2, \"max\": 1}}") GOOD),
     "3:45: greater than the maximum\n"
     "3:116: the example breaks SD612 k, and does not say so: value '1' of 'k' is not a whole "
     "number from 2 to 1: at byte 0 it is too small\n"
     "2:1: a profile without an example that is wrong\n"},
};

static void faults_are_said_where_they_are(void **state)
{
    (void)state;
    for (size_t i = 0; i < SDS_COUNT(vectors); i++) {
        struct said said = lint(vectors[i].json);

        if (strcmp(said.text, vectors[i].said) != 0)
            fail_msg("%s: expected\n%sgot\n%s", vectors[i].name, vectors[i].said, said.text);
    }
}

static void assert_clean(const char *path)
{
    struct said said = {""};
    size_t n = 0;

    assert_int_equal(sds_lint(path, keep, &said, &n), 0);
    if (n)
        fail_msg("%s:\n%s", path, said.text);
}

static void what_is_shipped_is_clean(void **state)
{
    glob_t files;

    (void)state;
    assert_int_equal(glob(SDS_CORPUS "/../../registry/profiles/*.json", 0, NULL, &files), 0);
    for (size_t i = 0; i < files.gl_pathc; i++)
        assert_clean(files.gl_pathv[i]);
    globfree(&files);
    assert_clean(SDS_CORPUS "/../../registry/iana.json");
}

static void a_file_that_cannot_be_read_is_an_error(void **state)
{
    size_t n = 99;

    (void)state;
    assert_true(sds_lint(SDS_CORPUS "/nothing.json", NULL, NULL, &n) < 0);
    assert_int_equal(n, 99);
    assert_int_equal(sds_lint_bytes("test", "x", 1, NULL, NULL, &n), 0);
    assert_int_equal(n, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(faults_are_said_where_they_are),
        cmocka_unit_test(what_is_shipped_is_clean),
        cmocka_unit_test(a_file_that_cannot_be_read_is_an_error),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
