/* SPDX-License-Identifier: MIT */
#include "policy/policy.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/ascii.h"
#include "base/glob.h"
#include "base/mem.h"
#include "base/text.h"
#include "policy/policy_impl.h"
#include "rules/rules.h"

#define PLACES_LISTED 8 /* ports or hosts in a message; of more there is an ellipsis */

/* ---- what an entry means ------------------------------------------------------------------ */

/* A name in presentation format, which may end in the dot of the root. */
static bool matches_name(const char *glob, const char *name)
{
    size_t len = strlen(name);

    return sds_glob_matches(glob, name, len > 1 && name[len - 1] == '.' ? len - 1 : len);
}

bool sds_entry_means(const struct entry *entry, const struct sds_service *service)
{
    const char *const *globs = entry->globs;
    bool has_instance = sds_service_state(service, SDS_PART_INSTANCE) == SDS_PRESENT;

    if (globs[GLOB_TYPE] && !matches_name(globs[GLOB_TYPE], service->type))
        return false;
    if (globs[GLOB_HOST] && (!service->host || !matches_name(globs[GLOB_HOST], service->host)))
        return false;
    return !globs[GLOB_INSTANCE] ||
           (has_instance &&
            sds_glob_matches(globs[GLOB_INSTANCE], service->instance.p, service->instance.len));
}

/* ---- severities --------------------------------------------------------------------------- */

void sds_policy_set_severities(const struct sds_policy *policy, struct sds_ruleset *rules)
{
    for (size_t i = 0; i < policy->severities.n; i++)
        sds_ruleset_set(rules, policy->severities.v[i].rule, policy->severities.v[i].severity);
}

/* ---- allow -------------------------------------------------------------------------------- */

/* Those that miss a registration of the name; what its form or its records lack, nobody can allow.
 */
static bool is_of_registration(const struct sds_rule *rule)
{
    static const unsigned numbers[] = {501, 502, 503, 504, 505, 516};

    for (size_t i = 0; i < SDS_COUNT(numbers); i++)
        if (rule->number == numbers[i])
            return true;
    return false;
}

static bool is_of_others(const void *closure, const struct sds_result *result, size_t i)
{
    (void)closure;
    return !is_of_registration(result->findings[i].rule);
}

static void allow(struct sds_policy *policy, const struct sds_service *service,
                  struct sds_result *result)
{
    bool is_allowed = false;
    size_t n;

    for (size_t i = 0; i < policy->entries.n; i++) {
        struct entry *entry = &policy->entries.v[i];

        if (sds_entry_is(entry, SECTION_ALLOW) && sds_entry_means(entry, service))
            is_allowed = entry->is_used = true;
    }
    if (!is_allowed || (result->has_verdict && result->verdict == SDS_VERDICT_MALFORMED))
        return;
    n = sds_result_filter(result, is_of_others, NULL);
    if (result->has_verdict && (n > 0 || result->verdict != SDS_VERDICT_REGISTERED))
        result->verdict = SDS_VERDICT_ALLOWED;
}

/* ---- ports and hosts ---------------------------------------------------------------------- */

static bool has_port(const struct entry *entry, const struct sds_service *service)
{
    for (size_t i = 0; i < entry->ports.n; i++)
        if (service->port >= entry->ports.v[i].first && service->port <= entry->ports.v[i].last)
            return true;
    return false;
}

static bool has_host(const struct entry *entry, const struct sds_service *service)
{
    for (size_t i = 0; i < entry->hosts.n; i++)
        if (matches_name(entry->hosts.v[i], service->host))
            return true;
    return false;
}

/* A part of a service that has its place. */
static const struct place_check {
    enum section section;
    enum sds_part part;
    enum sds_rule_index rule;
    bool (*is_in)(const struct entry *entry, const struct sds_service *service);
} port_check = {SECTION_PORTS, SDS_PART_PORT, SDS_RULE_POLICY_PORT, has_port},
  host_check = {SECTION_HOSTS, SDS_PART_HOST, SDS_RULE_POLICY_HOST, has_host};

/* Up to so many places of an entry; returns how many are listed by now. */
static size_t list_places(FILE *out, const struct entry *entry, size_t n)
{
    for (size_t i = 0; i < entry->ports.n + entry->hosts.n && n <= PLACES_LISTED; i++) {
        fputs(n ? ", " : "", out);
        if (n++ == PLACES_LISTED) {
            fputs("\u2026", out);
        } else if (i < entry->ports.n) {
            const struct range *range = &entry->ports.v[i];

            fprintf(out, range->first == range->last ? "%u" : "%u-%u", range->first, range->last);
        } else {
            sds_text_puts(out, entry->hosts.v[i - entry->ports.n]);
        }
    }
    return n;
}

/* "port 8631 is not where the policy wants '_ipp._tcp': 631" */
static char *misplaced(const struct sds_policy *policy, const struct place_check *check,
                       const struct sds_service *service)
{
    char *text = NULL;
    size_t size, n = 0;
    FILE *out = open_memstream(&text, &size);

    if (!out)
        return NULL;
    if (check->section == SECTION_PORTS)
        fprintf(out, "port %u", service->port);
    else
        fprintf(out, "host '%s'", SDS_QUOTED(sds_text_span(service->host)));
    fprintf(out, " is not where the policy wants '%s': ", SDS_QUOTED(sds_text_span(service->type)));
    for (size_t i = 0; i < policy->entries.n; i++)
        if (sds_entry_is(&policy->entries.v[i], check->section) &&
            sds_entry_means(&policy->entries.v[i], service))
            n = list_places(out, &policy->entries.v[i], n);
    fputs(n ? "" : "nowhere", out);
    if (fclose(out))
        free(SDS_TAKE(text));
    return text;
}

/* Where several entries mean a service, each of them gives it leave. */
static int check_place(struct sds_policy *policy, const struct place_check *check,
                       const struct sds_ruleset *rules, const struct sds_service *service,
                       struct sds_result *result)
{
    enum sds_state state = sds_service_state(service, check->part);
    SDS_CLEANUP(sds_freep) char *message = NULL;
    bool is_meant = false, is_in = false;

    for (size_t i = 0; i < policy->entries.n; i++) {
        struct entry *entry = &policy->entries.v[i];

        if (!sds_entry_is(entry, check->section) || !sds_entry_means(entry, service))
            continue;
        is_meant = entry->is_used = true;
        is_in |= state == SDS_PRESENT && check->is_in(entry, service);
    }
    if (!is_meant || is_in || state == SDS_MISSING)
        return 0;
    if (state == SDS_UNKNOWN) {
        sds_result_lack(rules, check->rule, result);
        return 0;
    }
    if (check->part == SDS_PART_PORT && service->port == 0) /* a placeholder: see SD402 */
        return 0;
    message = misplaced(policy, check, service);
    return message ? sds_result_add(rules, sds_rule_at(check->rule), message, 0, 0, result)
                   : -ENOMEM;
}

/* ---- ignore ------------------------------------------------------------------------------- */

static bool means_finding(const struct entry *entry, const struct sds_finding *f)
{
    const char *rule = entry->globs[GLOB_RULE], *key = entry->globs[GLOB_KEY];

    if (rule && !sds_glob_matches(rule, f->rule->id, strlen(f->rule->id)) &&
        !sds_glob_matches(rule, f->rule->name, strlen(f->rule->name)))
        return false;
    return !key || (f->key && sds_glob_matches(key, f->key, strlen(f->key)));
}

static bool is_of_service(const struct entry *entry)
{
    return entry->globs[GLOB_TYPE] || entry->globs[GLOB_INSTANCE] || entry->globs[GLOB_HOST];
}

void sds_policy_ignore(struct sds_policy *policy, const struct sds_service *service,
                       struct sds_result *result)
{
    for (size_t i = 0; i < policy->entries.n; i++) {
        struct entry *entry = &policy->entries.v[i];

        if (!sds_entry_is(entry, SECTION_IGNORE) ||
            (service ? !sds_entry_means(entry, service) : is_of_service(entry)))
            continue;
        for (size_t j = 0; j < result->n_findings; j++) {
            struct sds_finding *f = &result->findings[j];

            if (!means_finding(entry, f))
                continue;
            entry->is_used = true;
            result->n_ignored += !f->ignored;
            f->ignored = f->ignored ? f->ignored : entry->reason;
        }
    }
}

static bool is_counted(const void *closure, const struct sds_result *result, size_t i)
{
    (void)closure;
    return !result->findings[i].ignored;
}

void sds_result_drop_ignored(struct sds_result *result)
{
    if (result->n_ignored > 0)
        sds_result_filter(result, is_counted, NULL);
}

/* ---- all of it ---------------------------------------------------------------------------- */

static void meet_expected(struct sds_policy *policy, const struct sds_service *service)
{
    for (size_t i = 0; i < policy->entries.n; i++) {
        struct entry *entry = &policy->entries.v[i];

        if (entry->section == SECTION_EXPECT && !entry->is_used)
            entry->is_used = sds_entry_means(entry, service);
    }
}

int sds_policy_apply(struct sds_policy *policy, const struct sds_ruleset *rules,
                     const struct sds_service *service, struct sds_result *result)
{
    int r;

    meet_expected(policy, service);
    allow(policy, service, result);
    r = check_place(policy, &port_check, rules, service, result);
    if (r == 0)
        r = check_place(policy, &host_check, rules, service, result);
    sds_policy_ignore(policy, service, result);
    return r;
}
