/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "checking.h"
#include "registry/table.h"
#include "sdscope/profile.h"

/* The registry and the profiles that are compiled in. */
static struct sds_registry *builtin;

static int begin(void **state)
{
    builtin = sds_registry_new();
    assert_non_null(builtin);
    assert_int_equal(sds_registry_add_builtin(builtin), 0);
    return begin_checking(state);
}

static int end(void **state)
{
    builtin = sds_registry_free(builtin);
    return end_checking(state);
}

/* Not a fault of the advertisement: the names of these types are too long, and nobody changes that;
 * nor are findings that only inform. */
static bool is_of_interest(const struct sds_finding *finding)
{
    return finding->severity > SDS_SEV_INFO && finding->rule->number != 102;
}

static void good_examples_are_beyond_reproach(void **state)
{
    struct sds_profile_iter iter = sds_profile_all(builtin);
    struct sds_ruleset *author = sds_ruleset_new(SDS_STRICTNESS_AUTHOR);
    const struct sds_profile *profile;

    (void)state;
    while ((profile = sds_profile_next(&iter)))
        for (size_t i = 0; i < profile->n_examples; i++) {
            struct sds_service *service = sds_example_dup(profile, &profile->examples[i]);
            struct sds_result result;

            assert_non_null(service);
            assert_int_equal(sds_check(author, builtin, service, &result), 0);
            for (size_t j = 0; profile->examples[i].n_breaks == 0 && j < result.n_findings; j++)
                if (is_of_interest(&result.findings[j]))
                    fail_msg("%s, example %zu: %s %s", profile->name, i,
                             result.findings[j].rule->id, result.findings[j].message);
            sds_result_done(&result);
            sds_service_free(service);
        }
    sds_ruleset_free(author);
}

static void every_profile_is_whole(void **state)
{
    struct sds_profile_iter iter = sds_profile_all(builtin);
    const struct sds_profile *profile, *before = NULL;
    size_t n = 0, n_good = 0, n_bad = 0;

    (void)state;
    for (; (profile = sds_profile_next(&iter)); before = profile, n++) {
        enum sds_transport transport = profile->transport && !strcmp(profile->transport, "udp")
                                           ? SDS_TRANSPORT_UDP
                                           : SDS_TRANSPORT_TCP;

        assert_true(!before || strcmp(before->name, profile->name) <= 0);
        assert_ptr_equal(sds_profile_find(builtin, sds_text_span(profile->name), transport),
                         profile);
        assert_non_null(profile->description);
        assert_true(profile->n_sources > 0);
        for (size_t i = 0; i < profile->n_examples; i++)
            ++*(profile->examples[i].n_breaks ? &n_bad : &n_good);
        for (size_t i = 0; i < profile->txt.n_keys; i++)
            for (size_t j = 0; j < i; j++)
                assert_string_not_equal(profile->txt.keys[i].key, profile->txt.keys[j].key);
    }
    assert_true(n >= 60);
    assert_true(n_good >= 50);
    assert_true(n_bad >= 40);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_examples_are_beyond_reproach),
        cmocka_unit_test(every_profile_is_whole),
    };

    return cmocka_run_group_tests(tests, begin, end);
}
