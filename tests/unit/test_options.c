/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "cmd/cmd.h"

static const struct sds_cmd audit = {.name = "audit", .bit = SDS_CMD_AUDIT, .max_args = -1};

static void a_timeout_is_more_than_nothing(void **state)
{
    static const struct {
        const char *text;
        long ms; /* -1: refused */
    } vectors[] = {
        {"1", 1000}, {"0.5", 500}, {"86400", 86400000}, {"0.0001", 1}, {"0", -1},
        {"-1", -1},  {"nan", -1},  {"86401", -1},       {"0,5", -1},   {"", -1},
    };

    (void)state;
    for (size_t i = 0; i < SDS_COUNT(vectors); i++) {
        char *argv[] = {(char *)"audit", (char *)"-t", (char *)vectors[i].text, NULL};
        struct sds_opts opts;
        int r = sds_opts_parse(3, argv, &audit, &opts);

        assert_int_equal(r == 0 ? opts.timeout_ms : -1, vectors[i].ms);
        sds_opts_done(&opts);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_timeout_is_more_than_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
