/* SPDX-License-Identifier: MIT */
#include "sdscope/lint.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "registry/lint.h"
#include "registry/load.h"
#include "rules/rules.h"

/* A file that is examined. */
struct lint {
    struct sds_load load; /* takes the messages */
    const char *bytes;
    size_t len;
    struct sds_registry *registry; /* what the file holds */
    struct sds_ruleset *rules;     /* those of profiles, and no other */
};

static void say(struct lint *lint, const struct sds_profile *profile,
                const struct sds_profile_example *example, const char *what)
{
    sds_lint_say(&lint->load, lint->bytes, lint->len, profile, example, what);
}

/* Whether an example says that it breaks this: "SD612 priority", "SD614". */
static bool is_foretold(const struct sds_profile_example *example, const char *what)
{
    for (size_t i = 0; i < example->n_breaks; i++)
        if (!strcmp(example->breaks[i], what))
            return true;
    return false;
}

static int compare_findings(struct lint *lint, const struct sds_profile *profile,
                            const struct sds_profile_example *example,
                            const struct sds_result *result)
{
    size_t n_foretold = 0;

    for (size_t i = 0; i < result->n_findings; i++) {
        const struct sds_finding *finding = &result->findings[i];
        SDS_CLEANUP(sds_freep) char *what = NULL;
        SDS_CLEANUP(sds_freep) char *text = NULL;

        what = sds_text_format("%s%s%s", finding->rule->id, finding->key ? " " : "",
                               finding->key ? finding->key : "");
        if (!what)
            return -ENOMEM;
        text = sds_text_format("the example breaks %s, and does not say so: %s", what,
                               finding->message);
        if (!text)
            return -ENOMEM;
        if (is_foretold(example, what))
            n_foretold++;
        else
            say(lint, profile, example, text);
    }
    if (n_foretold < example->n_breaks)
        say(lint, profile, example, "the example does not break all that it says");
    return 0;
}

static int try_example(struct lint *lint, const struct sds_profile *profile,
                       const struct sds_profile_example *example)
{
    struct sds_service *service = sds_example_dup(profile, example);
    struct sds_result result = {0};
    int r = -ENOMEM;

    if (service)
        r = sds_check(lint->rules, lint->registry, service, &result);
    if (r == 0)
        r = compare_findings(lint, profile, example, &result);
    sds_result_done(&result);
    sds_service_free(service);
    return r;
}

/* Whether there is anything that an advertisement of the type could do wrong. */
static bool can_be_wrong(const struct sds_profile *profile)
{
    bool can = profile->instance_regex || !profile->txt.open;

    for (size_t i = 0; i < profile->txt.n_keys; i++)
        can |= profile->txt.keys[i].is_required || profile->txt.keys[i].form.type != SDS_FORM_ANY;
    return can;
}

/* A name of a family may leave its examples to the first name. */
static int lint_profile(struct lint *lint, const struct sds_profile *profile)
{
    bool has_good = false, has_bad = false;
    int r = 0;

    if (profile->n_sources == 0)
        say(lint, profile, NULL, "a profile without a source");
    for (size_t i = 0; r == 0 && i < profile->n_examples; i++) {
        const struct sds_profile_example *example = &profile->examples[i];

        has_good |= example->n_breaks == 0;
        has_bad |= example->n_breaks > 0;
        r = try_example(lint, profile, example);
    }
    if (profile->is_first && !has_good)
        say(lint, profile, NULL, "a profile without an example that is right");
    if (profile->is_first && !has_bad && can_be_wrong(profile))
        say(lint, profile, NULL, "a profile without an example that is wrong");
    return r;
}

static int lint_profiles(struct lint *lint)
{
    struct sds_profile_iter iter = sds_profile_all(lint->registry);
    const struct sds_profile *profile;
    int r = 0;

    while (r == 0 && (profile = sds_profile_next(&iter)))
        r = lint_profile(lint, profile);
    return r;
}

/* A ruleset of SD611 to SD615 alone. */
static struct sds_ruleset *profile_rules(void)
{
    struct sds_ruleset *rules = sds_ruleset_new(SDS_STRICTNESS_AUTHOR);

    for (size_t i = 0; rules && i < SDS_RULE__COUNT; i++)
        if (i >= SDS_RULE_PROFILE_KEY_MISSING && i <= SDS_RULE_PROFILE_SUBTYPE_MISSING)
            sds_ruleset_enable(rules, sds_rule_at(i));
        else
            sds_ruleset_disable(rules, sds_rule_at(i));
    return rules;
}

static void count_message(void *userdata, const struct sds_load_message *message)
{
    struct sds_load *load = userdata;

    load->n_messages++;
    if (load->log)
        load->log(load->userdata, message);
}

static int lint_file(struct lint *lint)
{
    int r = sds_registry_load_bytes(lint->registry, lint->load.file, lint->bytes, lint->len,
                                    count_message, &lint->load);

    if (r == -EINVAL) /* said */
        return 0;
    if (r < 0)
        return r;
    sds_lint_json(&lint->load, lint->bytes, lint->len);
    return lint_profiles(lint);
}

int sds_lint_bytes(const char *origin, const void *bytes, size_t len, sds_load_log *log,
                   void *userdata, size_t *ret_n)
{
    struct lint lint = {.load = {.file = origin, .log = log, .userdata = userdata},
                        .bytes = bytes,
                        .len = len,
                        .registry = sds_registry_new(),
                        .rules = profile_rules()};
    int r = lint.registry && lint.rules ? lint_file(&lint) : -ENOMEM;

    sds_registry_free(lint.registry);
    sds_ruleset_free(lint.rules);
    if (r == 0)
        *ret_n = lint.load.n_messages;
    return r;
}

int sds_lint(const char *path, sds_load_log *log, void *userdata, size_t *ret_n)
{
    SDS_CLEANUP(sds_freep) char *bytes = NULL;
    size_t len;
    int r = sds_read_file(path, &bytes, &len);

    if (r < 0)
        return r;
    return sds_lint_bytes(strcmp(path, "-") ? path : "standard input", bytes, len, log, userdata,
                          ret_n);
}
