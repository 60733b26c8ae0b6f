/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "watch/keys.h"

static void every_action_has_a_row(void **state)
{
    size_t n = 0;

    (void)state;
    for (const struct sds_key *key; (key = sds_key_at(n)); n++) {
        assert_int_equal(key->action, n);
        assert_true(*key->keys && *key->help);
    }
    assert_int_equal(n, SDS_ACTION__COUNT);
}

static void no_two_rows_claim_a_key(void **state)
{
    (void)state;
    for (size_t i = 0; sds_key_at(i); i++) {
        char words[64], *rest = words;

        assert_true(strlen(sds_key_at(i)->keys) < sizeof(words));
        strcpy(words, sds_key_at(i)->keys);
        for (char *word; (word = strsep(&rest, " "));) {
            assert_true(*word);
            assert_int_equal(sds_action_of_key(word), i);
        }
    }
}

static void what_is_no_key_has_no_action(void **state)
{
    static const char *const words[] = {"", " ", "U", "up", "Up ", "Up k", "^", "PgUpx", "Z"};

    (void)state;
    for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
        assert_int_equal(sds_action_of_key(words[i]), -1);
}

static void sections_stand_together_and_have_names(void **state)
{
    (void)state;
    for (int i = 0; i < SDS_KEYS__COUNT; i++)
        assert_true(*sds_key_section_name((enum sds_key_section)i));
    for (size_t i = 1; sds_key_at(i); i++)
        assert_true(sds_key_at(i)->section == sds_key_at(i - 1)->section ||
                    sds_key_at(i)->section == sds_key_at(i - 1)->section + 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_action_has_a_row),
        cmocka_unit_test(no_two_rows_claim_a_key),
        cmocka_unit_test(what_is_no_key_has_no_action),
        cmocka_unit_test(sections_stand_together_and_have_names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
