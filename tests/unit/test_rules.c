/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "sdscope/check.h"

static void numbers_ascend(void **state)
{
    (void)state;
    for (size_t i = 1; i < sds_n_rules(); i++)
        assert_true(sds_rule_at(i - 1)->number < sds_rule_at(i)->number);
    assert_null(sds_rule_at(sds_n_rules()));
}

static void names_are_unique_and_found(void **state)
{
    char shouted[64];

    (void)state;
    for (size_t i = 0; i < sds_n_rules(); i++) {
        const struct sds_rule *rule = sds_rule_at(i);

        snprintf(shouted, sizeof(shouted), "SD%u", rule->number);
        assert_string_equal(rule->id, shouted);
        assert_ptr_equal(sds_rule_find(rule->id), rule);
        assert_ptr_equal(sds_rule_find(rule->name), rule);
        for (size_t j = 0; rule->name[j]; j++) {
            assert_non_null(strchr("abcdefghijklmnopqrstuvwxyz0123456789-", rule->name[j]));
            shouted[j] = (char)(rule->name[j] >= 'a' ? rule->name[j] - 32 : rule->name[j]);
            shouted[j + 1] = '\0';
        }
        assert_ptr_equal(sds_rule_find(shouted), rule);
    }
    assert_null(sds_rule_find("SD100"));
    assert_null(sds_rule_find("SD"));
    assert_null(sds_rule_find(""));
}

/* One clause: something, without a full stop or a newline. */
static void assert_clause(const char *text)
{
    size_t len = strlen(text);

    assert_true(len > 0 && len <= 120);
    assert_null(strchr(text, '\n'));
    assert_int_not_equal(text[len - 1], '.');
}

static void every_rule_says_what_it_is(void **state)
{
    (void)state;
    for (size_t i = 0; i < sds_n_rules(); i++) {
        const struct sds_rule *rule = sds_rule_at(i);

        assert_clause(rule->text);
        assert_clause(rule->hint);
        assert_clause(rule->reference);
        assert_true(strlen(rule->explain) > 100);
        assert_non_null(strstr(rule->explain, "\n\n  bad   "));
        assert_non_null(strstr(rule->explain, "\n  good  "));
        assert_non_null(sds_part_name(rule->part));
    }
}

static void severities_hold_together(void **state)
{
    (void)state;
    for (size_t i = 0; i < sds_n_rules(); i++) {
        const struct sds_rule *rule = sds_rule_at(i);
        enum sds_severity author = rule->severity[SDS_STRICTNESS_AUTHOR];

        assert_true(author > SDS_SEV_OFF && author < SDS_SEV__COUNT);
        assert_true(rule->severity[SDS_STRICTNESS_LAN] <= author);
    }
}

static void a_ruleset_follows_its_column(void **state)
{
    (void)state;
    for (int strictness = 0; strictness < SDS_STRICTNESS__COUNT; strictness++) {
        struct sds_ruleset *set = sds_ruleset_new((enum sds_strictness)strictness);

        for (size_t i = 0; i < sds_n_rules(); i++) {
            const struct sds_rule *rule = sds_rule_at(i);
            enum sds_severity own = rule->severity[strictness];

            assert_int_equal(sds_ruleset_severity(set, rule), rule->is_on ? own : SDS_SEV_OFF);
            sds_ruleset_enable(set, rule);
            assert_int_equal(sds_ruleset_severity(set, rule),
                             own ? own : rule->severity[SDS_STRICTNESS_AUTHOR]);
            sds_ruleset_disable(set, rule);
            assert_int_equal(sds_ruleset_severity(set, rule), SDS_SEV_OFF);
            sds_ruleset_set(set, rule, SDS_SEV_ERROR);
            assert_int_equal(sds_ruleset_severity(set, rule), SDS_SEV_ERROR);
        }
        sds_ruleset_free(set);
    }
    assert_null(sds_ruleset_free(NULL));
}

static void words_round_trip(void **state)
{
    (void)state;
    for (int i = 0; i < SDS_SEV__COUNT; i++)
        assert_int_equal(sds_severity_from_name(sds_severity_name((enum sds_severity)i)), i);
    assert_null(sds_severity_name(SDS_SEV__COUNT));
    assert_int_equal(sds_severity_from_name("fatal"), -1);
    for (int i = 0; i < SDS_VERDICT__COUNT; i++)
        assert_non_null(sds_verdict_name((enum sds_verdict)i));
    assert_null(sds_verdict_name(SDS_VERDICT__COUNT));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_ascend),
        cmocka_unit_test(names_are_unique_and_found),
        cmocka_unit_test(every_rule_says_what_it_is),
        cmocka_unit_test(severities_hold_together),
        cmocka_unit_test(a_ruleset_follows_its_column),
        cmocka_unit_test(words_round_trip),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
