/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "base/mem.h"
#include "registry/pattern.h"
#include "sdscope/type.h"

/* The linker puts these in the place of what they wrap. */
static size_t n_compiled, n_allocations, allocations_left = SIZE_MAX;

pcre2_code *__real_pcre2_compile_8(PCRE2_SPTR regex, PCRE2_SIZE len, uint32_t options, int *error,
                                   PCRE2_SIZE *error_at, pcre2_compile_context *context);
pcre2_code *__wrap_pcre2_compile_8(PCRE2_SPTR regex, PCRE2_SIZE len, uint32_t options, int *error,
                                   PCRE2_SIZE *error_at, pcre2_compile_context *context);
void *__real_malloc(size_t size);
void *__wrap_malloc(size_t size);

pcre2_code *__wrap_pcre2_compile_8(PCRE2_SPTR regex, PCRE2_SIZE len, uint32_t options, int *error,
                                   PCRE2_SIZE *error_at, pcre2_compile_context *context)
{
    n_compiled++;
    return __real_pcre2_compile_8(regex, len, options, error, error_at, context);
}

void *__wrap_malloc(size_t size)
{
    n_allocations++;
    if (allocations_left == 0)
        return NULL;
    allocations_left--;
    return __real_malloc(size);
}

static const struct {
    const char *regex, *subject;
    size_t viable; /* MATCHES: it does */
} vectors[] = {
#define MATCHES SIZE_MAX
    {"a+", "aaa", MATCHES},
    {"a+", "aab", 2},
    {"a+", "", 0},
    {"a|ab", "ab", MATCHES}, /* the whole of it */
    {"a|b", "bc", 1},
    {"a$", "a\n", 1},
    {"(a|a|a)*[bc]", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
     MATCHES}, /* takes too long */
};

static void subjects_match_as_a_whole(void **state)
{
    struct sds_patterns *patterns = sds_patterns_new();

    (void)state;
    assert_non_null(patterns);
    for (size_t round = 0; round < 2; round++)
        for (size_t i = 0; i < SDS_COUNT(vectors); i++) {
            size_t viable = MATCHES;

            assert_int_equal(sds_pattern_matches(patterns, vectors[i].regex,
                                                 sds_text_span(vectors[i].subject), &viable),
                             vectors[i].viable == MATCHES);
            assert_int_equal(viable, vectors[i].viable);
        }
    sds_patterns_free(patterns);
}

static void each_is_compiled_once(void **state)
{
    static const char *const regexes[] = {"a", "b", "[ab]"};
    struct sds_patterns *patterns = sds_patterns_new();
    size_t before = n_allocations;

    (void)state;
    n_compiled = 0;
    for (size_t i = 0; i < 30; i++)
        assert_int_equal(sds_pattern_matches(patterns, regexes[i % 3], sds_text_span("b"), NULL),
                         i % 3 != 0);
    assert_int_equal(n_compiled, 3);
    assert_int_equal(n_allocations, before);
    sds_patterns_free(patterns);
}

enum { MANY = 500 };

static size_t count_mismatches(struct sds_patterns *patterns, char (*regexes)[100])
{
    size_t n = 0;

    for (size_t i = 0; i < MANY; i++) {
        char subject[20];

        snprintf(subject, sizeof(subject), "%zuabc", i);
        assert_true(sds_pattern_matches(patterns, regexes[i], sds_text_span(subject), NULL));
        n += !sds_pattern_matches(patterns, regexes[i], sds_text_span("x"), NULL);
    }
    return n;
}

/* What cannot be compiled for lack of memory matches, until it can be. */
static void there_may_be_more_than_there_is_room_for(void **state)
{
    struct sds_patterns *patterns = sds_patterns_new();
    static char regexes[MANY][100];
    size_t n;

    (void)state;
    for (size_t i = 0; i < MANY; i++)
        snprintf(regexes[i], sizeof(regexes[i]), "%zu([a-z]+[^x]*|[A-Z_]{3,9})*", i);
    allocations_left = 0;
    n = count_mismatches(patterns, regexes);
    allocations_left = SIZE_MAX;
    assert_in_range(n, 30, MANY - 1);
    n_compiled = 0;
    assert_int_equal(count_mismatches(patterns, regexes), MANY);
    assert_int_equal(count_mismatches(patterns, regexes), MANY);
    assert_in_range(n_compiled, 1, MANY - n);
    sds_patterns_free(patterns);
}

static void without_memory_all_match(void **state)
{
    (void)state;
    allocations_left = 0;
    assert_null(sds_patterns_new());
    allocations_left = SIZE_MAX;
    assert_true(sds_pattern_matches(NULL, "a", sds_text_span("b"), NULL));
}

static void faults_are_told(void **state)
{
    static char too_long[SDS_PATTERN_LEN_MAX + 2];
    struct sds_pattern_error error = {""};

    (void)state;
    memset(too_long, 'a', sizeof(too_long) - 1);
    assert_true(sds_pattern_compiles("a+", &error));
    assert_false(sds_pattern_compiles("(", &error));
    assert_string_equal(error.text, "missing closing parenthesis");
    assert_false(sds_pattern_compiles("a)(b", &error)); /* nor does it end what is around it */
    assert_false(sds_pattern_compiles(too_long, &error));
    assert_string_equal(error.text, "longer than 1000 bytes");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(subjects_match_as_a_whole),
        cmocka_unit_test(each_is_compiled_once),
        cmocka_unit_test(there_may_be_more_than_there_is_room_for),
        cmocka_unit_test(without_memory_all_match),
        cmocka_unit_test(faults_are_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
