/* SPDX-License-Identifier: MIT */
#include "checked.h"

#include <string.h>

#include <jansson.h>

#include "base/text.h"
#include "contradictions.h"
#include "files/service_json.h"
#include "fuzz.h"
#include "sdscope/txt.h"
#include "sdscope/type.h"

const struct sds_registry *fuzz_registry(void)
{
    static struct sds_registry *registry;

    if (!registry) {
        registry = sds_registry_new();
        MUST(registry);
        MUST(sds_registry_add_builtin(registry) == 0);
    }
    return registry;
}

const struct sds_ruleset *fuzz_rules(enum sds_strictness strictness)
{
    static struct sds_ruleset *sets[SDS_STRICTNESS__COUNT];

    if (!sets[strictness]) {
        sets[strictness] = sds_ruleset_new(strictness);
        MUST(sets[strictness]);
        for (size_t i = 0; i < sds_n_rules(); i++)
            sds_ruleset_enable(sets[strictness], sds_rule_at(i));
    }
    return sets[strictness];
}

/* A backslash begins an escape there, so it is left out of the comparison. */
void fuzz_must_be_safe(const char *text)
{
    char *plain = strdup(text), *safe;

    MUST(plain);
    for (char *p = plain; *p; p++)
        if (*p == '\\')
            *p = '/';
    safe = sds_text_dup(plain, strlen(plain));
    MUST(safe);
    MUST(strcmp(plain, safe) == 0);
    free(safe);
    free(plain);
}

/* ---- one finding -------------------------------------------------------------------------- */

static void must_be_of_string(const struct sds_finding *f, const struct sds_txt_string *string)
{
    char *key;

    if (!f->key)
        return;
    MUST(!string->is_truncated);
    MUST(string->key.len > 0);
    key = sds_text_dup(string->key.p, string->key.len);
    MUST(key);
    MUST(strcmp(key, f->key) == 0);
    free(key);
}

/* A walk over the strings of the record, along with findings that are sorted for the most part. */
struct walk {
    struct sds_txt_iter iter;
    struct sds_txt_string string; /* offset is -1 before the first */
};

static struct walk begin(const struct sds_service *service)
{
    struct walk walk = {.iter = sds_txt_begin(service->txt.p, service->txt.len)};

    walk.string.offset = (size_t)-1;
    return walk;
}

static void must_be_at_string(const struct sds_finding *f, const struct sds_service *service,
                              struct walk *walk)
{
    size_t offset = (size_t)f->offset;

    if (walk->string.offset > offset)
        *walk = begin(service);
    while (walk->string.offset != offset) {
        MUST(sds_txt_next(&walk->iter, &walk->string));
        MUST(walk->string.offset <= offset);
    }
    must_be_of_string(f, &walk->string);
}

/* The offset is that of a string in the RDATA, or a subtype's number. */
static void must_be_placed(const struct sds_finding *f, const struct sds_service *service,
                           struct walk *walk)
{
    if (f->offset < 0) {
        MUST(f->offset == -1);
    } else if (f->rule->part == SDS_PART_SUBTYPES) {
        MUST((size_t)f->offset < service->n_subtypes);
    } else {
        MUST(f->rule->part == SDS_PART_TXT);
        must_be_at_string(f, service, walk);
    }
}

static void must_be_told_safely(const struct sds_finding *f)
{
    MUST(f->message && *f->message);
    fuzz_must_be_safe(f->message);
    if (f->key) {
        MUST(*f->key);
        fuzz_must_be_safe(f->key);
    }
}

static void must_be_as_severe(const struct sds_finding *f, const struct sds_service *service,
                              const struct sds_ruleset *rules)
{
    enum sds_severity severity = sds_ruleset_severity(rules, f->rule);

    if (!sds_service_is_local(service) && f->rule->unicast)
        severity = f->rule->unicast;
    MUST(f->severity == severity);
    MUST(f->severity != SDS_SEV_OFF);
}

/* ---- all of them -------------------------------------------------------------------------- */

static int order_of(const struct sds_finding *f, const struct sds_finding *g)
{
    if (f->rule != g->rule)
        return f->rule < g->rule ? -1 : 1;
    return (f->offset > g->offset) - (f->offset < g->offset);
}

static bool are_same_texts(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

static void must_be_sound(const struct sds_result *result, const struct sds_service *service)
{
    struct walk walk = begin(service);

    for (size_t i = 0; i < result->n_findings; i++) {
        must_be_told_safely(&result->findings[i]);
        must_be_placed(&result->findings[i], service, &walk);
    }
}

/* A rule is told once of a place; of the part as a whole, it is never told in the same words. */
static void must_be_told_once(const struct sds_result *result)
{
    for (size_t i = 1; i < result->n_findings; i++) {
        const struct sds_finding *f = &result->findings[i];

        MUST(order_of(f - 1, f) <= 0);
        for (size_t j = i; j-- > 0 && order_of(&result->findings[j], f) == 0;) {
            MUST(f->offset < 0);
            MUST(!are_same_texts(result->findings[j].key, f->key) ||
                 !are_same_texts(result->findings[j].message, f->message));
        }
    }
}

static void must_be_evaluated(const struct sds_result *result)
{
    for (size_t i = 0; i < result->n_findings; i++)
        MUST(!sds_result_lacks_evidence(result,
                                        (size_t)(result->findings[i].rule - sds_rule_at(0))));
}

static void must_have_fingerprints(const struct sds_service *service,
                                   const struct sds_result *result)
{
    static char prints[SDS_FINDINGS_MAX][SDS_FINGERPRINT_SIZE];

    for (size_t i = 0; i < result->n_findings; i++) {
        sds_finding_fingerprint(service, result, i, prints[i]);
        for (size_t j = 0; j < i; j++)
            MUST(strcmp(prints[i], prints[j]) != 0);
    }
}

/* What one ruleset and another tell are the same findings, but for those of rules that are off. */
static void must_be_told_alike(const struct sds_result *all, const struct sds_result *some,
                               const struct sds_ruleset *rules)
{
    size_t at = 0;

    if (all->n_dropped)
        return;
    for (size_t i = 0; i < all->n_findings; i++) {
        const struct sds_finding *f = &all->findings[i];

        if (sds_ruleset_severity(rules, f->rule) == SDS_SEV_OFF)
            continue;
        MUST(at < some->n_findings);
        MUST(order_of(f, &some->findings[at]) == 0);
        MUST(are_same_texts(f->key, some->findings[at].key));
        MUST(are_same_texts(f->message, some->findings[at].message));
        at++;
    }
    MUST(at == some->n_findings);
}

static struct sds_result check(const struct sds_ruleset *rules, const struct sds_registry *registry,
                               const struct sds_service *service)
{
    struct sds_result result;

    MUST(sds_check(rules, registry, service, &result) == 0);
    MUST(result.n_findings <= SDS_FINDINGS_MAX);
    MUST(!result.n_dropped || result.n_findings == SDS_FINDINGS_MAX);
    for (size_t i = 0; i < result.n_findings; i++)
        must_be_as_severe(&result.findings[i], service, rules);
    return result;
}

/* Of all rules' findings; what fewer tell is compared with them. */
static void must_tell_well(const struct sds_result *result, const struct sds_service *service)
{
    must_be_sound(result, service);
    must_be_told_once(result);
    must_be_evaluated(result);
    fuzz_seek_contradictions(result);
}

static void check_without_registry(const struct sds_service *service)
{
    struct sds_result result = check(fuzz_rules(SDS_STRICTNESS_AUTHOR), NULL, service);

    must_tell_well(&result, service);
    sds_result_done(&result);
}

static void check_as_usual(const struct sds_service *service, const struct sds_result *all)
{
    static struct sds_ruleset *usual;
    struct sds_result result;

    if (!usual)
        usual = sds_ruleset_new(SDS_STRICTNESS_AUTHOR);
    MUST(usual);
    result = check(usual, fuzz_registry(), service);
    must_be_told_alike(all, &result, usual);
    /* a service is what it was recorded to be */
    MUST(sds_check_expected(usual, service, service, &result) == 0);
    must_be_told_alike(all, &result, usual);
    sds_result_done(&result);
}

void fuzz_check(const struct sds_service *service)
{
    const struct sds_ruleset *author = fuzz_rules(SDS_STRICTNESS_AUTHOR);
    const struct sds_ruleset *lan = fuzz_rules(SDS_STRICTNESS_LAN);
    struct sds_result ours = check(author, fuzz_registry(), service);
    struct sds_result theirs = check(lan, fuzz_registry(), service);

    must_tell_well(&ours, service);
    must_have_fingerprints(service, &ours);
    must_be_told_alike(&ours, &theirs, lan);
    MUST(ours.has_verdict && theirs.has_verdict && ours.verdict == theirs.verdict);
    check_as_usual(service, &ours);
    check_without_registry(service);
    sds_result_done(&theirs);
    sds_result_done(&ours);
}

/* ---- JSON --------------------------------------------------------------------------------- */

void fuzz_through_json(const struct sds_service *service)
{
    json_t *json = sds_service_to_json(service), *again;
    struct sds_service *read = NULL;
    struct sds_json_error error;
    char *text, *text_again;

    MUST(json);
    MUST(sds_service_from_json(json, NULL, &read, &error) == 0);
    again = sds_service_to_json(read);
    MUST(again);
    text = json_dumps(json, 0);
    text_again = json_dumps(again, 0);
    MUST(text && text_again);
    MUST(strcmp(text, text_again) == 0);
    MUST(sds_service_diff(service, read) == 0);
    free(text_again);
    free(text);
    sds_service_free(read);
    json_decref(again);
    json_decref(json);
}
