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
#include "checking.h"
#include "policy/policy.h"

#define POLICY(members) "{\"sdscope_policy\": 1, " members "}"

/* 2026-11-23T12:00:00Z */
static const int64_t now_ms = INT64_C(1795435200000);

static struct sds_policy *policy_of(const char *text)
{
    struct sds_input_error error = {0};
    struct sds_policy *policy = NULL;

    if (sds_policy_read(text, strlen(text), now_ms, &policy, &error) != 0)
        fail_msg("%s: %d:%d: %s", text, error.place.line, error.place.column, error.text);
    return policy;
}

static struct sds_service *service_of(const char *instance, const char *type, const char *host,
                                      int port)
{
    struct sds_service *s = sds_service_new(type);

    assert_non_null(s);
    if (instance)
        assert_int_equal(sds_service_set_instance(s, instance, strlen(instance)), 0);
    if (host)
        assert_int_equal(sds_service_set_host(s, host), 0);
    if (port >= 0)
        sds_service_set_port(s, (uint16_t)port);
    return s;
}

static void check(struct sds_policy *policy, const struct sds_service *service,
                  struct sds_result *result)
{
    assert_int_equal(sds_check(rules, registry, service, result), 0);
    assert_int_equal(sds_policy_apply(policy, rules, service, result), 0);
}

/* ---- what is refused ---------------------------------------------------------------------- */

static const struct {
    const char *text;
    int line, column;
    const char *words;
} refused[] = {
    {"", 1, 1, "'[' or '{' expected"},
    {"[]", 1, 1, "expected an object, found an array"},
    {"{}", 1, 1, "sdscope_policy: expected 1"},
    {"{\"sdscope_policy\": 2}", 1, 20, "version 1 only"},
    {"{\"sdscope_policy\": \"1\"}", 1, 20, "found a string"},
    {"{\"sdscope_polcy\": 1}", 1, 19, "did you mean 'sdscope_policy'?"},
    {POLICY("\"alow\": []"), 1, 31, "unknown member 'alow': did you mean 'allow'?"},
    {POLICY("\n \"severities\": []"), 2, 16, "severities: expected an object, found an array"},
    {POLICY("\n \"severities\": {\"SD3233\": \"off\"}"), 2, 27,
     "unknown rule 'SD3233': did you mean 'SD"},
    {POLICY("\n \"severities\": {\"txt-key-lnog\": \"off\"}"), 2, 33, "'txt-key-long'?"},
    {POLICY("\n \"severities\": {\"txt-*\": \"off\"}"), 2, 26, "no pattern"},
    {POLICY("\n \"severities\": {\"SD323\": \"fatal\"}"), 2, 26, "error, warning, info or off"},
    {POLICY("\n \"severities\": {\"SD323\": null}"), 2, 26, "found null"},
    {POLICY("\n \"allow\": {}"), 2, 11, "allow: expected an array, found an object"},
    {POLICY("\n \"allow\": [3]"), 2, 12, "allow[0]: expected an object"},
    {POLICY("\n \"allow\": [{\"reason\": \"x\"}]"), 2, 12, "allow[0].type: expected a text"},
    {POLICY("\n \"allow\": [{\"type\": \"\", \"reason\": \"x\"}]"), 2, 21, "empty"},
    {POLICY("\n \"allow\": [{\"type\": \"_x._tcp\"}]"), 2, 12, "allow[0]: a reason is missing"},
    {POLICY("\n \"allow\": [{\"type\": \"_x._tcp\", \"reason\": \"x\", \"host\": \"a\"}]"), 2, 12,
     "'allow' has no member 'host'"},
    {POLICY("\n \"expect\": [{\"type\": \"_x._tcp\", \"expires\": \"2030-01-01\"}]"), 2, 13,
     "'expect' has no member 'expires'"},
    {POLICY("\n \"ignore\": [{\"reason\": \"x\"}]"), 2, 13, "expected one at least of rule"},
    {POLICY("\n \"ignore\": [{\"rule\": \"SD323\"}]"), 2, 13, "a reason is missing"},
    {POLICY("\n \"ignore\": [{\"rule\": \"SD323\", \"reason\": \"\"}]"), 2, 41,
     "ignore[0].reason: expected a text that is not empty"},
    {POLICY("\n \"ignore\": [{\"rule\": \"SD32x\", \"reason\": \"x\"}]"), 2, 22, "unknown rule"},
    {POLICY("\n \"ignore\": [{\"rule\": \"SX*\", \"reason\": \"x\"}]"), 2, 22,
     "no rule matches 'SX*'"},
    {POLICY("\n \"ignore\": [{\"tpye\": \"x\", \"reason\": \"x\"}]"), 2, 22, "'type'?"},
    {POLICY("\n \"ports\": [{\"type\": \"_x._tcp\"}]"), 2, 12, "ports: expected an array"},
    {POLICY("\n \"ports\": [{\"type\": \"_x._tcp\", \"ports\": [1, 65536]}]"), 2, 45, "65536"},
    {POLICY("\n \"ports\": [{\"type\": \"_x._tcp\", \"ports\": \"9-8\"}]"), 2, 41, "'9-8'"},
    {POLICY("\n \"ports\": [{\"type\": \"_x._tcp\", \"ports\": \"1-2-3\"}]"), 2, 41, "a range"},
    {POLICY("\n \"ports\": [{\"type\": \"_x._tcp\", \"ports\": \"-1\"}]"), 2, 41, "a range"},
    {POLICY("\n \"ports\": [{\"type\": \"_x._tcp\", \"ports\": \"1-\"}]"), 2, 41, "a range"},
    {POLICY("\n \"ports\": [{\"type\": \"_x._tcp\", \"ports\": \"99999\"}]"), 2, 41, "a range"},
    {POLICY("\n \"hosts\": [{\"type\": \"_x._tcp\", \"hosts\": [1]}]"), 2, 42, "found a number"},
    {POLICY("\n \"allow\": [{\"type\": \"\xc3\xbc\", \"type\": 1}]"), 2, 31, "duplicate"},
    {POLICY("\n \"hosts\": [{\"type\": \"\xc3\xbc\", \"hosts\": 1}]"), 2, 35, "found a number"},
};

static void faults_are_told_with_their_place(void **state)
{
    (void)state;
    for (size_t i = 0; i < SDS_COUNT(refused); i++) {
        struct sds_input_error error = {0};
        struct sds_policy *policy = NULL;
        int r = sds_policy_read(refused[i].text, strlen(refused[i].text), now_ms, &policy, &error);

        assert_null(policy);
        if (r != -EINVAL || !strstr(error.text, refused[i].words) ||
            error.place.line != refused[i].line || error.place.column != refused[i].column)
            fail_msg("%s: %d at %d:%d: %s", refused[i].text, r, error.place.line,
                     error.place.column, error.text);
    }
}

static void null_and_unknown_members_are_let_pass(void **state)
{
    struct sds_policy *policy =
        policy_of("\xef\xbb\xbf" POLICY("\"allow\": null, \"$schema\": \"x\", \"expect\": "
                                        "[{\"type\": \"_x._tcp\", \"host\": null}]"));

    (void)state;
    assert_null(sds_policy_free(policy));
    assert_null(sds_policy_free(NULL));
}

/* ---- days --------------------------------------------------------------------------------- */

static const struct {
    const char *day;
    bool is_day, applies;
} days[] = {
    {"2026-11-22", true, false},  {"2026-11-23", true, true},
    {"2026-11-24", true, true},   {"2024-02-29", true, false},
    {"2028-02-29", true, true},   {"2027-02-29", false, false},
    {"2100-02-29", false, false}, {"2000-02-29", true, false},
    {"2027-13-01", false, false}, {"2027-00-10", false, false},
    {"2027-04-31", false, false}, {"2027-01-00", false, false},
    {"2027-1-1", false, false},   {"2027/01/01", false, false},
    {"", false, false},           {"2027-01-31T00:00:00Z", false, false},
    {"never", false, false},
};

static void an_entry_applies_until_its_day_is_over(void **state)
{
    (void)state;
    for (size_t i = 0; i < SDS_COUNT(days); i++) {
        struct sds_service *service = service_of(NULL, "_frob._tcp", NULL, -1);
        struct sds_input_error error = {0};
        struct sds_policy *policy = NULL;
        struct sds_result result;
        char text[256];
        int r;

        snprintf(text, sizeof(text),
                 POLICY("\"allow\": [{\"type\": \"_frob._tcp\", \"reason\": \"x\", "
                        "\"expires\": \"%s\"}]"),
                 days[i].day);
        r = sds_policy_read(text, strlen(text), now_ms, &policy, &error);
        if ((r == 0) != days[i].is_day)
            fail_msg("%s: %d %s", days[i].day, r, error.text);
        if (r == 0) {
            check(policy, service, &result);
            assert_int_equal(result.verdict == SDS_VERDICT_ALLOWED, days[i].applies);
            sds_result_done(&result);
        }
        sds_policy_free(policy);
        sds_service_free(service);
    }
}

/* ---- severities --------------------------------------------------------------------------- */

static void severities_hold_in_every_column_and_domain(void **state)
{
    struct sds_policy *policy =
        policy_of(POLICY("\"severities\": {\"SD421\": \"error\", \"SRV-PORT-ZERO\": \"off\"}"));
    struct sds_address address = {4, {169, 254, 0, 1}};

    (void)state;
    for (int strictness = 0; strictness < SDS_STRICTNESS__COUNT; strictness++) {
        struct sds_ruleset *set = sds_ruleset_new((enum sds_strictness)strictness);
        struct sds_service *s = service_of("x", "_ipp._tcp", "x.example.org", 0);
        struct sds_result result;

        assert_int_equal(sds_service_set_domain(s, "example.org"), 0);
        assert_int_equal(sds_service_add_address(s, address), 0);
        sds_policy_set_severities(policy, set);
        assert_int_equal(sds_check(set, registry, s, &result), 0);
        assert_string_equal(broken_rules(&result), "SD421");
        assert_int_equal(result.findings[0].severity, SDS_SEV_ERROR);
        sds_result_done(&result);
        sds_service_free(s);
        sds_ruleset_free(set);
    }
    sds_policy_free(policy);
}

/* ---- allow -------------------------------------------------------------------------------- */

static const struct {
    const char *type, *found;
    enum sds_verdict verdict;
} allowed[] = {
    {"_frob._tcp", "", SDS_VERDICT_ALLOWED},
    {"_FROB._udp", "", SDS_VERDICT_ALLOWED},
    {"_www._tcp", "", SDS_VERDICT_ALLOWED}, /* an alias, SD505 */
    {"_ipp._tcp", "", SDS_VERDICT_REGISTERED},
    {"_other._tcp", "SD501", SDS_VERDICT_UNREGISTERED},
    {"_frob_x._tcp", "SD103 SD501", SDS_VERDICT_MALFORMED}, /* faults of form stay */
};

static void what_is_allowed_needs_no_registration(void **state)
{
    struct sds_policy *policy = policy_of(
        POLICY("\"allow\": [{\"type\": \"_frob*\", \"reason\": \"ours\"}, {\"type\": "
               "\"_www._tcp\", \"reason\": \"x\"}, {\"type\": \"_ipp._tcp\", \"reason\": \"x\"}]"));

    (void)state;
    for (size_t i = 0; i < SDS_COUNT(allowed); i++) {
        struct sds_service *service = service_of(NULL, allowed[i].type, NULL, -1);
        struct sds_result result;

        check(policy, service, &result);
        assert_string_equal(broken_rules(&result), allowed[i].found);
        assert_int_equal(result.verdict, allowed[i].verdict);
        sds_result_done(&result);
        sds_service_free(service);
    }
    sds_policy_free(policy);
}

/* ---- ports and hosts ---------------------------------------------------------------------- */

static const struct {
    const char *type, *host;
    int port;
    const char *message; /* NULL: nothing is wrong */
} placed[] = {
    {"_frob._tcp", "a.local", 10, NULL},
    {"_frob._tcp", "A.LOCAL.", 30, NULL},
    {"_frob._tcp", "a.local", 20, NULL},
    {"_frob._tcp", "a.local", 0, NULL}, /* a placeholder */
    {"_frob._tcp", "a.local", 31, "port 31 is not where the policy wants '_frob._tcp': 10, 20-30"},
    {"_frob._tcp", "b.local", 10,
     "host 'b.local' is not where the policy wants '_frob._tcp': a.local, c*.local"},
    {"_frob._tcp", "cd.local", 10, NULL},
    {"_other._tcp", "b.local", 31, NULL},
    {"_shut._tcp", "a.local", 1, "port 1 is not where the policy wants '_shut._tcp': nowhere"},
};

static struct sds_policy *places_policy(void)
{
    return policy_of(
        POLICY("\"ports\": [{\"type\": \"_frob._tcp\", \"ports\": [10]}, {\"type\": \"_fr*\", "
               "\"ports\": \"20-30\"}, {\"type\": \"_shut._tcp\", \"ports\": []}], "
               "\"hosts\": [{\"type\": \"_frob._tcp\", \"hosts\": [\"a.local\", \"c*.local\"]}]"));
}

static const char *message_of(const struct sds_result *result, unsigned number)
{
    for (size_t i = 0; i < result->n_findings; i++)
        if (result->findings[i].rule->number >= number)
            return result->findings[i].message;
    return NULL;
}

static void types_live_where_the_policy_wants_them(void **state)
{
    struct sds_policy *policy = places_policy();

    (void)state;
    for (size_t i = 0; i < SDS_COUNT(placed); i++) {
        struct sds_service *s = service_of("x", placed[i].type, placed[i].host, placed[i].port);
        struct sds_result result;
        const char *message;

        check(policy, s, &result);
        message = message_of(&result, 952);
        if (!message != !placed[i].message || (message && strcmp(message, placed[i].message) != 0))
            fail_msg("%zu: %s", i, message ? message : "nothing");
        sds_result_done(&result);
        sds_service_free(s);
    }
    sds_policy_free(policy);
}

static void an_unknown_place_is_not_evaluated(void **state)
{
    struct sds_policy *policy = places_policy();
    struct sds_service *s = service_of("x", "_frob._tcp", NULL, -1);
    struct sds_service *other = service_of("x", "_other._tcp", NULL, -1);
    struct sds_result result;

    (void)state;
    check(policy, s, &result);
    assert_true(lacks_evidence(&result, "SD952") && lacks_evidence(&result, "SD953"));
    assert_null(message_of(&result, 952));
    sds_result_done(&result);
    check(policy, other, &result); /* of which the policy says nothing */
    assert_false(lacks_evidence(&result, "SD952") || lacks_evidence(&result, "SD953"));
    sds_result_done(&result);
    sds_service_set_missing(s, SDS_PART_PORT); /* SD401 has told */
    check(policy, s, &result);
    assert_false(lacks_evidence(&result, "SD952"));
    sds_result_done(&result);
    sds_service_free(s);
    sds_service_free(other);
    sds_policy_free(policy);
}

/* ---- ignore ------------------------------------------------------------------------------- */

static const struct {
    const char *entry;
    size_t n; /* of the findings SD321, SD325 of "a", SD325 of "bc" and SD501 */
} ignored[] = {
    {"\"rule\": \"SD325\"", 2},
    {"\"rule\": \"sd3*\"", 3},
    {"\"rule\": \"txt-key-dup*\"", 2},
    {"\"rule\": \"*\"", 4},
    {"\"key\": \"b?\"", 1},
    {"\"key\": \"*\"", 2},
    {"\"rule\": \"SD325\", \"key\": \"A\"", 1},
    {"\"type\": \"_frob.*\"", 4},
    {"\"instance\": \"m*\"", 4},
    {"\"instance\": \"x*\"", 0},
    {"\"host\": \"host.local\"", 4},
    {"\"host\": \"host\"", 0},
    {"\"rule\": \"SD501\", \"type\": \"_frob._tcp\", \"instance\": \"Me\", \"host\": \"h*\"", 1},
    {"\"rule\": \"SD501\", \"host\": \"x*\"", 0},
    {"\"rule\": \"SD501\", \"expires\": \"2020-01-01\"", 0},
};

static void what_is_ignored_does_not_count(void **state)
{
    struct sds_service *s = service_of("Me", "_frob._tcp", "host.local", 1);
    struct sds_result result;
    char text[256];

    (void)state;
    assert_int_equal(sds_service_set_txt(s, "\2=x\1a\1A\2bc\2bc", 13), 0);
    for (size_t i = 0; i < SDS_COUNT(ignored); i++) {
        struct sds_policy *policy;
        size_t n = 0;

        snprintf(text, sizeof(text), POLICY("\"ignore\": [{%s, \"reason\": \"because\"}]"),
                 ignored[i].entry);
        policy = policy_of(text);
        check(policy, s, &result);
        assert_string_equal(broken_rules(&result), "SD321 SD325 SD325 SD501");
        for (size_t j = 0; j < result.n_findings; j++) {
            n += result.findings[j].ignored != NULL;
            if (result.findings[j].ignored)
                assert_string_equal(result.findings[j].ignored, "because");
        }
        if (n != ignored[i].n || result.n_ignored != n)
            fail_msg("%s: %zu, %zu", ignored[i].entry, n, result.n_ignored);
        sds_result_drop_ignored(&result);
        assert_int_equal(result.n_findings, 4 - n);
        assert_int_equal(result.n_ignored, n);
        sds_result_done(&result);
        sds_policy_free(policy);
    }
    sds_service_free(s);
}

static void only_what_counts_is_the_worst(void **state)
{
    struct sds_policy *policy =
        policy_of(POLICY("\"ignore\": [{\"rule\": \"SD321\", \"reason\": \"x\"}]"));
    struct sds_service *s = service_of("Me", "_frob._tcp", "host.local", 1);
    struct sds_result result;

    (void)state;
    assert_int_equal(sds_service_set_txt(s, "\2=x", 3), 0);
    check(policy, s, &result);
    assert_int_equal(sds_result_worst(&result), SDS_SEV_WARNING);
    sds_result_done(&result);
    sds_service_free(s);
    sds_policy_free(policy);
}

/* A finding keeps its name, whatever is taken out before it. */
static void fingerprints_outlive_what_is_dropped(void **state)
{
    struct sds_policy *policy =
        policy_of(POLICY("\"ignore\": [{\"rule\": \"SD321\", \"reason\": \"x\"}]"));
    struct sds_service *s = service_of("Me", "_frob._tcp", "host.local", 1);
    char before[SDS_FINGERPRINT_SIZE], after[SDS_FINGERPRINT_SIZE];
    struct sds_result result;

    (void)state;
    assert_int_equal(sds_service_set_txt(s, "\2=x\1a\1a\1a", 9), 0);
    check(policy, s, &result);
    assert_string_equal(broken_rules(&result), "SD321 SD325 SD325 SD501");
    sds_finding_fingerprint(s, &result, 2, before);
    result.findings[1].ignored = "too";
    sds_result_drop_ignored(&result);
    assert_string_equal(broken_rules(&result), "SD325 SD501");
    sds_finding_fingerprint(s, &result, 0, after);
    assert_string_equal(before, after);
    sds_result_done(&result);
    sds_service_free(s);
    sds_policy_free(policy);
}

/* ---- the review --------------------------------------------------------------------------- */

static const char reviewed[] = POLICY(
    "\n \"allow\": [{\"type\": \"_gone._tcp\", \"reason\": \"x\"},\n"
    "  {\"type\": \"_old._tcp\", \"reason\": \"x\", \"expires\": \"2026-11-22\"}],\n"
    " \"expect\": [{\"type\": \"_frob._tcp\"}, {\"type\": \"_nfs*._tcp\", \"host\": \"n*\"},\n"
    "  {\"type\": \"_ssh._tcp\", \"reason\": \"for\\u001b us\"}]");

static const char *const ssh[] = {"_SSH._tcp"};
static const char *const print[] = {"_ipp._tcp"};

static const struct {
    const char *name;
    struct sds_view view;
    const char *found;
    bool lacks_951;
} views[] = {
    {"complete", {true, NULL, 0}, "SD951 SD951 SD954 SD955", false},
    {"incomplete", {false, NULL, 0}, "SD955", true},
    {"only ssh", {true, ssh, 1}, "SD951 SD955", true},
    {"only ipp", {true, print, 1}, "SD955", true},
};

static void a_review_says_what_was_seen_to_be_missing(void **state)
{
    (void)state;
    for (size_t i = 0; i < SDS_COUNT(views); i++) {
        struct sds_policy *policy = policy_of(reviewed);
        struct sds_service *s = service_of("x", "_frob._tcp", "y.local", 1);
        struct sds_result of_service, result = {0};

        check(policy, s, &of_service);
        assert_int_equal(sds_policy_review(policy, rules, &views[i].view, &result), 0);
        if (strcmp(broken_rules(&result), views[i].found) != 0)
            fail_msg("%s: %s", views[i].name, broken_rules(&result));
        assert_int_equal(lacks_evidence(&result, "SD951"), views[i].lacks_951);
        sds_result_done(&of_service);
        sds_result_done(&result);
        sds_service_free(s);
        sds_policy_free(policy);
    }
}

static void a_review_points_at_the_entries(void **state)
{
    static const struct {
        int line, column;
        const char *message;
    } wanted[] = {
        {4, 37, "no service of type '_nfs*._tcp', host 'n*' is there"},
        {5, 3, "no service of type '_ssh._tcp' is there: for\\x1b us"},
        {2, 12, "'allow' of type '_gone._tcp' never matched"},
        {3, 3, "'allow' of type '_old._tcp' expired on 2026-11-22"},
    };
    struct sds_policy *policy = policy_of(reviewed);
    struct sds_service *s = service_of("x", "_frob._tcp", "y.local", 1);
    struct sds_result of_service, result = {0};

    (void)state;
    check(policy, s, &of_service);
    assert_int_equal(sds_policy_review(policy, rules, &views[0].view, &result), 0);
    assert_int_equal(result.n_findings, SDS_COUNT(wanted));
    for (size_t i = 0; i < SDS_COUNT(wanted); i++) {
        assert_string_equal(result.findings[i].message, wanted[i].message);
        assert_int_equal(result.findings[i].line, wanted[i].line);
        assert_int_equal(result.findings[i].column, wanted[i].column);
    }
    sds_result_done(&of_service);
    sds_result_done(&result);
    sds_service_free(s);
    sds_policy_free(policy);
}

static void findings_of_the_policy_can_be_ignored(void **state)
{
    struct sds_policy *policy = policy_of(
        POLICY("\"ignore\": [{\"rule\": \"SD951\", \"reason\": \"moving\"}, {\"rule\": \"SD954\", "
               "\"reason\": \"x\"}, {\"rule\": \"*\", \"type\": \"_x._tcp\", \"reason\": \"x\"}], "
               "\"expect\": [{\"type\": \"_nfs._tcp\"}]"));
    struct sds_result result = {0};

    (void)state;
    assert_int_equal(sds_policy_review(policy, rules, &views[0].view, &result), 0);
    assert_string_equal(broken_rules(&result), "SD951 SD954 SD954");
    assert_int_equal(result.n_ignored, 3);
    assert_int_equal(sds_result_worst(&result), SDS_SEV_OFF);
    sds_result_done(&result);
    sds_policy_free(policy);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(faults_are_told_with_their_place),
        cmocka_unit_test(null_and_unknown_members_are_let_pass),
        cmocka_unit_test(an_entry_applies_until_its_day_is_over),
        cmocka_unit_test(severities_hold_in_every_column_and_domain),
        cmocka_unit_test(what_is_allowed_needs_no_registration),
        cmocka_unit_test(types_live_where_the_policy_wants_them),
        cmocka_unit_test(an_unknown_place_is_not_evaluated),
        cmocka_unit_test(what_is_ignored_does_not_count),
        cmocka_unit_test(only_what_counts_is_the_worst),
        cmocka_unit_test(fingerprints_outlive_what_is_dropped),
        cmocka_unit_test(a_review_says_what_was_seen_to_be_missing),
        cmocka_unit_test(a_review_points_at_the_entries),
        cmocka_unit_test(findings_of_the_policy_can_be_ignored),
    };

    return cmocka_run_group_tests(tests, begin_checking, end_checking);
}
