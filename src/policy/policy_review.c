/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/glob.h"
#include "base/mem.h"
#include "base/text.h"
#include "files/json_document.h"
#include "policy/policy_impl.h"
#include "rules/rules.h"

/* What the entry is, between a beginning and an end: "'ignore' of rule 'SD323', type '_x*'". */
static char *describe(const struct entry *entry, const char *before, const char *after)
{
    const char *comma = "";
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    if (!out)
        return NULL;
    fputs(before, out);
    for (size_t i = 0; i < GLOB__COUNT; i++) {
        if (!entry->globs[i])
            continue;
        fprintf(out, "%s%s '", comma, sds_glob_names[i]);
        sds_text_puts(out, entry->globs[i]);
        fputc('\'', out);
        comma = ", ";
    }
    fputs(after, out);
    if (fclose(out))
        free(SDS_TAKE(text));
    return text;
}

/* Takes @message. */
static int add(const struct sds_policy *policy, const struct sds_ruleset *rules,
               const struct entry *entry, enum sds_rule_index rule, char *message,
               struct sds_result *ret)
{
    SDS_CLEANUP(sds_freep) char *taken = message;
    struct sds_json_path path = {0};
    struct sds_input_place place;

    if (!taken)
        return -ENOMEM;
    sds_json_path_push(&path, sds_section_names[entry->section], 0);
    sds_json_path_push(&path, NULL, entry->index);
    place = sds_json_document_place(policy->text, policy->len, &path);
    return sds_result_add(rules, sds_rule_at(rule), taken, place.line, place.column, ret);
}

static int add_missing(const struct sds_policy *policy, const struct sds_ruleset *rules,
                       const struct sds_view *view, const struct entry *entry,
                       struct sds_result *ret)
{
    SDS_CLEANUP(sds_freep) char *reason = NULL;

    if (!sds_view_covers(
            view, sds_glob_is_pattern(entry->globs[GLOB_TYPE]) ? NULL : entry->globs[GLOB_TYPE])) {
        sds_result_lack(rules, SDS_RULE_POLICY_SERVICE_MISSING, ret);
        return 0;
    }
    if (entry->reason) {
        SDS_CLEANUP(sds_freep) char *safe = sds_text_dup(entry->reason, strlen(entry->reason));

        reason = safe ? sds_text_format(" is there: %s", safe) : NULL;
        if (!reason)
            return -ENOMEM;
    }
    return add(policy, rules, entry, SDS_RULE_POLICY_SERVICE_MISSING,
               describe(entry, "no service of ", reason ? reason : " is there"), ret);
}

static int add_expired(const struct sds_policy *policy, const struct sds_ruleset *rules,
                       const struct entry *entry, struct sds_result *ret)
{
    SDS_CLEANUP(sds_freep)
    char *before = sds_text_format("'%s' of ", sds_section_names[entry->section]);
    SDS_CLEANUP(sds_freep) char *after = sds_text_format(" expired on %s", entry->expires);

    if (!before || !after)
        return -ENOMEM;
    return add(policy, rules, entry, SDS_RULE_POLICY_ENTRY_EXPIRED, describe(entry, before, after),
               ret);
}

static int add_unused(const struct sds_policy *policy, const struct sds_ruleset *rules,
                      const struct entry *entry, struct sds_result *ret)
{
    SDS_CLEANUP(sds_freep)
    char *before = sds_text_format("'%s' of ", sds_section_names[entry->section]);

    if (!before)
        return -ENOMEM;
    return add(policy, rules, entry, SDS_RULE_POLICY_ENTRY_UNUSED,
               describe(entry, before, " never matched"), ret);
}

int sds_policy_review_dates(const struct sds_policy *policy, const struct sds_ruleset *rules,
                            struct sds_result *ret)
{
    int r = 0;

    for (size_t i = 0; i < policy->entries.n && r == 0; i++)
        if (policy->entries.v[i].is_expired)
            r = add_expired(policy, rules, &policy->entries.v[i], ret);
    return r;
}

int sds_policy_review(struct sds_policy *policy, const struct sds_ruleset *rules,
                      const struct sds_view *view, struct sds_result *ret)
{
    int r = sds_policy_review_dates(policy, rules, ret);

    for (size_t i = 0; i < policy->entries.n && r == 0; i++)
        if (policy->entries.v[i].section == SECTION_EXPECT && !policy->entries.v[i].is_used)
            r = add_missing(policy, rules, view, &policy->entries.v[i], ret);
    sds_policy_ignore(policy, NULL, ret); /* before it is told which entries never did */
    for (size_t i = 0; i < policy->entries.n && r == 0 && sds_view_covers(view, NULL); i++) {
        const struct entry *entry = &policy->entries.v[i];

        if (entry->section != SECTION_EXPECT && !entry->is_expired && !entry->is_used)
            r = add_unused(policy, rules, entry, ret);
    }
    sds_policy_ignore(policy, NULL, ret);
    return r;
}
