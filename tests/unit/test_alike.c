/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "no_memory.h"
#include "rules/alike.h"

static struct sds_alike *alike;

static int begin(void **state)
{
    static const struct sds_siphash_key key = {{1, 2}};

    (void)state;
    alike = sds_alike_new(&key);
    assert_non_null(alike);
    return 0;
}

static int end(void **state)
{
    (void)state;
    allocations_left = SIZE_MAX;
    alike = sds_alike_free(alike);
    return 0;
}

/* "+name" comes, "-name" goes, "?name" asks: the answer is how many there are besides, and the
 * first of them. */
static const struct {
    const char *step, *answer;
} steps[] = {
    {"?Lobby", "0"},
    {"+Lobby", NULL},
    {"?Lobby", "0"},
    {"?lobby", "0"}, /* one name, however it is written */
    {"+Lobb\xC3\xBD", NULL},
    {"?LOBB\xC3\x9D", "1 Lobb\xC3\xBD"},
    {"+LOBB\xC3\x9D", NULL},
    {"?LOBB\xC3\x9D", "1 Lobb\xC3\xBD"},
    {"?Lobb\xC3\xBD", "1 LOBB\xC3\x9D"},
    {"?Lobby\xCC\x81", "2 Lobb\xC3\xBD"},
    {"+Lobby\xCC\x81", NULL},
    {"?Lobb\xC3\xBD", "2 LOBB\xC3\x9D"},
    {"?Lobby\xCC\x81", "2 Lobb\xC3\xBD"},
    {"-Lobb\xC3\xBD", NULL},
    {"?Lobby\xCC\x81", "1 LOBB\xC3\x9D"},
    {"-Lobb\xC3\xBD", NULL},
    {"?Lobby\xCC\x81", "1 LOBB\xC3\x9D"},
    {"-lOBB\xC3\x9D", NULL},
    {"?Lobby\xCC\x81", "0"},
    {"-Lobby\xCC\x81", NULL},
    {"?Lobby\xCC\x81", "0"},
    {"?Lobby", "0"},
};

static struct sds_service *service_of(const char *name, const char *type)
{
    struct sds_service *s = sds_service_new(type);

    assert_non_null(s);
    assert_int_equal(sds_service_set_instance(s, name, strlen(name)), 0);
    assert_int_equal(sds_service_set_domain(s, "local"), 0);
    return s;
}

static void assert_other(const struct sds_service *service, const char *expected)
{
    const struct sds_service *other;
    char text[80];
    size_t n;

    other = sds_alike_other(alike, service, &n);
    snprintf(text, sizeof(text), "%zu%s%.*s", n, other ? " " : "",
             other ? (int)other->instance.len : 0, other ? (const char *)other->instance.p : "");
    assert_string_equal(text, expected);
}

static void follows_who_comes_and_goes(void **state)
{
    (void)state;
    for (size_t i = 0; i < SDS_COUNT(steps); i++) {
        struct sds_service *s = service_of(steps[i].step + 1, "_ipp._tcp");

        print_message("# step %zu\n", i);
        if (*steps[i].step == '+')
            assert_int_equal(sds_alike_add(alike, s), 0);
        else if (*steps[i].step == '-')
            sds_alike_remove(alike, s);
        else
            assert_other(s, steps[i].answer);
        sds_service_free(s);
    }
}

static void other_types_are_apart(void **state)
{
    struct sds_service *a = service_of("\xC3\xBD", "_ipp._tcp"),
                       *b = service_of("\xC3\x9D", "_ipps._tcp");

    (void)state;
    assert_int_equal(sds_alike_add(alike, a), 0);
    assert_int_equal(sds_alike_add(alike, b), 0);
    assert_other(a, "0");
    assert_other(b, "0");
    sds_service_free(a);
    sds_service_free(b);
}

static void no_name_is_like_none(void **state)
{
    struct sds_service *s = sds_service_new("_ipp._tcp");

    (void)state;
    assert_int_equal(sds_alike_add(alike, s), 0);
    assert_other(s, "0");
    sds_alike_remove(alike, s);
    sds_service_free(s);
}

static void survives_without_memory(void **state)
{
    struct sds_service *s = service_of("Lobb\xC3\xBD", "_ipp._tcp");
    size_t n = 0;
    int r;

    (void)state;
    do {
        allocations_left = n++;
        r = sds_alike_add(alike, s);
        allocations_left = SIZE_MAX;
        assert_true(r == 0 || r == -ENOMEM);
    } while (r < 0 && n < 1000);
    assert_true(n > 3);
    assert_other(s, "0");
    sds_alike_remove(alike, s);
    sds_service_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(follows_who_comes_and_goes, begin, end),
        cmocka_unit_test_setup_teardown(other_types_are_apart, begin, end),
        cmocka_unit_test_setup_teardown(no_name_is_like_none, begin, end),
        cmocka_unit_test_setup_teardown(survives_without_memory, begin, end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
