/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/mem.h"
#include "discovery/slow_calls.h"

/* Calls one after the other: the pause before each, and what it takes. */
struct call {
    int64_t pause_ms, took_ms;
};

static const struct {
    const char *name;
    struct call calls[6];
    int busy_at; /* the first call that is one too many, from 0; -1: none is */
} vectors[] = {
    {"fast ones", {{0, 5}, {900, 5}, {900, 5}, {900, 5}, {900, 5}, {900, 5}}, -1},
    {"as slow as they may be", {{0, 200}, {900, 200}, {900, 200}, {900, 200}, {900, 200}}, -1},
    {"slow ones for three seconds", {{0, 201}, {900, 201}, {900, 201}, {900, 201}}, 3},
    {"slow ones for a moment", {{0, 400}, {1, 400}, {1, 400}, {1, 400}}, -1},
    {"two long ones", {{0, 2900}, {1000, 2900}}, -1},
    {"three long ones", {{0, 2900}, {1000, 2900}, {1000, 2900}}, 2},
    {"a fast one among them", {{0, 900}, {900, 900}, {900, 5}, {900, 900}, {900, 900}}, -1},
    {"slow ones, once an hour", {{0, 300}, {3600000, 300}, {3600000, 300}, {3600000, 300}}, -1},
    {"none for a while", {{0, 900}, {900, 900}, {2001, 900}, {900, 900}, {900, 900}}, 4},
    {"the process was stopped", {{0, 3600000}, {1000, 300}, {1000, 300}, {1000, 5}}, -1},
};

static void of_slow_calls_in_a_row_some_are_too_many(void **state)
{
    (void)state;
    for (size_t i = 0; i < SDS_COUNT(vectors); i++) {
        struct sds_slow_calls slow = {0};
        int64_t now = 50000;

        for (int j = 0; j < (int)SDS_COUNT(vectors[i].calls); j++) {
            const struct call *call = &vectors[i].calls[j];
            int64_t began = now + call->pause_ms;

            now = began + call->took_ms;
            if (sds_slow_calls_note(&slow, began, now) != (j == vectors[i].busy_at))
                fail_msg("%s: call %d", vectors[i].name, j);
            if (j == vectors[i].busy_at)
                break;
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(of_slow_calls_in_a_row_some_are_too_many),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
