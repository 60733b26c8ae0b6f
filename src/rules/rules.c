/* SPDX-License-Identifier: MIT */
#include "rules/rules.h"

#include <assert.h>
#include <stdlib.h>

#include "base/ascii.h"

/* The words of the column `needs` in rules.def. */
enum {
    NOTHING = 0,
    TYPE = SDS_PART_TYPE,
    INSTANCE = SDS_PART_INSTANCE,
    SUBTYPES = SDS_PART_SUBTYPES,
    DOMAIN = SDS_PART_DOMAIN,
    HOST = SDS_PART_HOST,
    PORT = SDS_PART_PORT,
    ADDRESSES = SDS_PART_ADDRESSES,
    TXT = SDS_PART_TXT,
    TTL = SDS_PART_TTL,
    HOST_CNAME = SDS_PART_HOST_CNAME,
    CACHE_FLUSH = SDS_PART_CACHE_FLUSH,
    PTR_TYPE = SDS_PART_PTR_TYPE,
    META_PTRS = SDS_PART_META_PTRS,
    REGISTRY = SDS_EVIDENCE_REGISTRY,
    TXT_BYTES = SDS_EVIDENCE_TXT_BYTES,
    TXT_ORDER = SDS_EVIDENCE_TXT_ORDER,
    TXT_COUNT = SDS_EVIDENCE_TXT_COUNT,
    SRV_COUNT = SDS_EVIDENCE_SRV_COUNT,
    PREFIXES = SDS_EVIDENCE_PREFIXES,
    PEERS = SDS_EVIDENCE_PEERS,
    PACKETS = SDS_EVIDENCE_PACKETS,
};

/* A rule without an explanation, or the other way round, does not compile. */
#define EXPLAIN(ID, what, bad, good, mend)                                                         \
    static const char explain_##ID[] = what "\n\n  bad   " bad "\n  good  " good "\n\n" mend;
#include "rules/explain.def"
#undef EXPLAIN

static const struct sds_rule rules[] = {
#define RULE(number_, ID, name_, author, lan, unicast_, on, part_, needs_, reference_, text_,      \
             hint_)                                                                                \
    {                                                                                              \
        .number = number_,                                                                         \
        .id = "SD" #number_,                                                                       \
        .name = name_,                                                                             \
        .severity = {SDS_SEV_##author, SDS_SEV_##lan},                                             \
        .unicast = SDS_SEV_##unicast_,                                                             \
        .is_on = on,                                                                               \
        .part = SDS_PART_##part_,                                                                  \
        .needs = needs_,                                                                           \
        .reference = reference_,                                                                   \
        .text = text_,                                                                             \
        .hint = hint_,                                                                             \
        .explain = explain_##ID,                                                                   \
    },
#include "rules/rules.def"
#undef RULE
};

size_t sds_n_rules(void)
{
    return SDS_RULE__COUNT;
}

const struct sds_rule *sds_rule_at(size_t i)
{
    return i < SDS_RULE__COUNT ? &rules[i] : NULL;
}

const struct sds_rule *sds_rule_numbered(unsigned number)
{
    for (size_t i = 0; i < SDS_RULE__COUNT; i++)
        if (rules[i].number == number)
            return &rules[i];
    return NULL;
}

const struct sds_rule *sds_rule_find(const char *id_or_name)
{
    for (size_t i = 0; i < SDS_RULE__COUNT; i++)
        if (sds_text_fold_equal(rules[i].id, id_or_name) ||
            sds_text_fold_equal(rules[i].name, id_or_name))
            return &rules[i];
    return NULL;
}

struct sds_ruleset *sds_ruleset_new(enum sds_strictness strictness)
{
    struct sds_ruleset *set = calloc(1, sizeof(*set));

    if (!set)
        return NULL;
    set->strictness = strictness;
    for (size_t i = 0; i < SDS_RULE__COUNT; i++)
        if (rules[i].is_on)
            set->severity[i] = rules[i].severity[strictness];
    return set;
}

struct sds_ruleset *sds_ruleset_free(struct sds_ruleset *set)
{
    free(set);
    return NULL;
}

void sds_ruleset_enable(struct sds_ruleset *set, const struct sds_rule *rule)
{
    enum sds_severity severity = rule->severity[set->strictness];

    set->severity[rule - rules] = severity ? severity : rule->severity[SDS_STRICTNESS_AUTHOR];
    set->is_fixed[rule - rules] = false;
}

void sds_ruleset_set(struct sds_ruleset *set, const struct sds_rule *rule,
                     enum sds_severity severity)
{
    set->severity[rule - rules] = severity;
    set->is_fixed[rule - rules] = true;
}

void sds_ruleset_disable(struct sds_ruleset *set, const struct sds_rule *rule)
{
    set->severity[rule - rules] = SDS_SEV_OFF;
}

enum sds_severity sds_ruleset_severity(const struct sds_ruleset *set, const struct sds_rule *rule)
{
    return set->severity[rule - rules];
}

static const char *const severity_names[] = {
    [SDS_SEV_OFF] = "off",
    [SDS_SEV_INFO] = "info",
    [SDS_SEV_WARNING] = "warning",
    [SDS_SEV_ERROR] = "error",
};
static_assert(sizeof(severity_names) / sizeof(*severity_names) == SDS_SEV__COUNT, "one name each");

const char *sds_severity_name(enum sds_severity severity)
{
    return severity < SDS_SEV__COUNT ? severity_names[severity] : NULL;
}

int sds_severity_from_name(const char *name)
{
    for (int i = 0; i < SDS_SEV__COUNT; i++)
        if (sds_text_fold_equal(severity_names[i], name))
            return i;
    return -1;
}

static const char *const verdict_names[] = {
    [SDS_VERDICT_MALFORMED] = "malformed",       [SDS_VERDICT_RETIRED] = "retired",
    [SDS_VERDICT_UNREGISTERED] = "unregistered", [SDS_VERDICT_KNOWN] = "known",
    [SDS_VERDICT_ALLOWED] = "allowed",           [SDS_VERDICT_REGISTERED] = "registered",
};
static_assert(sizeof(verdict_names) / sizeof(*verdict_names) == SDS_VERDICT__COUNT,
              "one name each");

const char *sds_verdict_name(enum sds_verdict verdict)
{
    return verdict < SDS_VERDICT__COUNT ? verdict_names[verdict] : NULL;
}

const char *sds_evidence_name(enum sds_evidence evidence)
{
    switch (evidence) {
    case SDS_EVIDENCE_REGISTRY:
        return "registry";
    case SDS_EVIDENCE_TXT_BYTES:
        return "txt_bytes";
    case SDS_EVIDENCE_TXT_ORDER:
        return "txt_order";
    case SDS_EVIDENCE_TXT_COUNT:
        return "txt_count";
    case SDS_EVIDENCE_SRV_COUNT:
        return "srv_count";
    case SDS_EVIDENCE_PREFIXES:
        return "prefixes";
    case SDS_EVIDENCE_PEERS:
        return "peers";
    case SDS_EVIDENCE_PACKETS:
        return "packets";
    }
    return NULL;
}
