/* SPDX-License-Identifier: MIT */
#include <assert.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arr.h"
#include "base/ascii.h"
#include "base/text.h"
#include "rules/rules.h"

/* Every broken rule keeps a finding (see sds_report_begin), so there must be room for all rules. */
static_assert(SDS_RULE__COUNT < SDS_FINDINGS_MAX, "a finding a rule fits");
static_assert(SDS_RULE__COUNT <= 8 * sizeof(((struct sds_result *)0)->not_evaluated),
              "a bit a rule fits");

static void set_not_evaluated(struct sds_result *result, size_t rule)
{
    result->not_evaluated[rule / 64] |= UINT64_C(1) << rule % 64;
}

bool sds_result_lacks_evidence(const struct sds_result *result, size_t i)
{
    return i < SDS_RULE__COUNT && result->not_evaluated[i / 64] >> i % 64 & 1;
}

void sds_lacks_evidence(struct sds_check *check, enum sds_rule_index rule)
{
    if (!sds_runs(check, rule))
        return;
    set_not_evaluated(check->result, rule);
    check->severity[rule] = SDS_SEV_OFF;
}

/* What is known about the service: bits as in sds_rule.needs. */
static unsigned known_evidence(const struct sds_check *check)
{
    const struct sds_service *service = check->service;
    unsigned known = service->present | service->missing | SDS_PART_TYPE;

    if (check->registry)
        known |= SDS_EVIDENCE_REGISTRY;
    if (!service->txt_rewritten)
        known |= SDS_EVIDENCE_TXT_BYTES;
    if (!service->order_untrusted)
        known |= SDS_EVIDENCE_TXT_ORDER;
    if (service->txt_is_counted)
        known |= SDS_EVIDENCE_TXT_COUNT;
    if (service->srv_is_counted)
        known |= SDS_EVIDENCE_SRV_COUNT;
    if (service->n_prefixes)
        known |= SDS_EVIDENCE_PREFIXES;
    if (service->packets_are_judged)
        known |= SDS_EVIDENCE_PACKETS;
    if (check->company->listed || (check->company->scan && service->n_sightings) ||
        service->rival_host)
        known |= SDS_EVIDENCE_PEERS;
    return known;
}

/* Settle which rules run on this service, and how severe each is. */
static void choose_rules(struct sds_check *check, const struct sds_ruleset *set)
{
    unsigned known = known_evidence(check);
    const struct sds_rule *rule = sds_rule_at(0);

    for (size_t i = 0; i < SDS_RULE__COUNT; i++, rule++) {

        check->severity[i] = set->severity[i];
        if (check->severity[i] == SDS_SEV_OFF)
            continue;
        if (!check->is_local && rule->unicast && !set->is_fixed[i])
            check->severity[i] = rule->unicast;
        if (rule->needs & ~known)
            sds_lacks_evidence(check, (enum sds_rule_index)i);
    }
}

bool sds_name_of_type_is(const struct sds_check *check, const char *name)
{
    return sds_fold_is(check->type.name.p, check->type.name.len, name);
}

bool sds_next_attribute(struct sds_txt_iter *iter, struct sds_txt_string *ret)
{
    while (sds_txt_next(iter, ret) && !ret->is_truncated)
        if (ret->key.len)
            return true;
    return false;
}

const char *sds_quote(struct sds_quoted *ret, struct sds_span bytes)
{
    sds_text_shorten(ret->text, sizeof(ret->text), bytes.p, bytes.len);
    return ret->text;
}

static void finding_done(struct sds_finding *finding)
{
    free(finding->key);
    free(finding->message);
}

/* Drop the last finding of the rule that has most. */
static void drop_one(struct sds_check *check)
{
    struct sds_result *result = check->result;
    size_t most = 0, at = result->n_findings;

    for (size_t i = 1; i < SDS_RULE__COUNT; i++)
        if (check->n_findings[i] > check->n_findings[most])
            most = i;
    do
        at--;
    while (result->findings[at].rule != sds_rule_at(most));
    finding_done(&result->findings[at]);
    memmove(&result->findings[at], &result->findings[at + 1],
            (--result->n_findings - at) * sizeof(*result->findings));
    check->n_findings[most]--;
}

bool sds_report_begin(struct sds_check *check, enum sds_rule_index rule)
{
    if (!sds_runs(check, rule))
        return false;
    if (check->result->n_findings < SDS_FINDINGS_MAX)
        return true;
    check->result->n_dropped++;
    if (check->n_findings[rule])
        return false;
    drop_one(check);
    return true;
}

static bool comes_before(const struct sds_finding *a, const struct sds_finding *b)
{
    if (a->rule != b->rule)
        return a->rule < b->rule;
    if (a->record != b->record)
        return a->record < b->record;
    if (a->offset != b->offset)
        return a->offset < b->offset;
    return a->line < b->line;
}

/* Put a finding where the catalogue's order wants it, then that of the RDATA. */
static bool insert(struct sds_result *result, struct sds_finding finding)
{
    size_t at = result->n_findings;
    void *room = sds_arr_room(result->findings, &result->findings_cap, at, sizeof(finding));

    if (!room)
        return false;
    result->findings = room;
    for (; at > 0; at--) {
        const struct sds_finding *before = &result->findings[at - 1];

        if (!comes_before(&finding, before))
            break;
    }
    memmove(&result->findings[at + 1], &result->findings[at],
            (result->n_findings++ - at) * sizeof(finding));
    result->findings[at] = finding;
    return true;
}

/* A message in printf's way that says which TXT record it is of, where there are several; NULL when
 * out of memory. */
__attribute__((format(printf, 2, 0))) static char *format_message(unsigned record,
                                                                  const char *format, va_list args)
{
    char *message, *whole;

    if (vasprintf(&message, format, args) < 0)
        return NULL;
    if (!record)
        return message;
    whole = sds_text_format("TXT record %u: %s", record + 1, message);
    free(message);
    return whole;
}

void sds_report_end(struct sds_check *check, enum sds_rule_index rule, struct sds_place place,
                    const char *format, ...)
{
    struct sds_finding finding = {
        .rule = sds_rule_at(rule),
        .severity = check->severity[rule],
        .offset = place.offset,
        .record = check->record,
    };
    bool is_whole;
    va_list args;

    va_start(args, format);
    finding.message = format_message(check->record, format, args);
    is_whole = finding.message != NULL;
    va_end(args);
    if (is_whole && place.key.len) {
        finding.key = sds_text_dup(place.key.p, place.key.len);
        is_whole = finding.key != NULL;
    }
    if (is_whole && insert(check->result, finding)) {
        check->n_findings[rule]++;
        return;
    }
    finding_done(&finding);
    check->error = -ENOMEM;
}

/* One word for the service, as far as it can be said. */
static void judge(struct sds_check *check)
{
    const struct sds_standing *standing = &check->standing;
    struct sds_result *result = check->result;

    result->has_verdict = check->is_malformed || check->registry;
    if (check->is_malformed)
        result->verdict = SDS_VERDICT_MALFORMED;
    else if (standing->n_records == 0 && check->profile)
        result->verdict = SDS_VERDICT_KNOWN;
    else if (standing->n_records == 0)
        result->verdict = SDS_VERDICT_UNREGISTERED;
    else if (standing->n_retired == standing->n_records)
        result->verdict = SDS_VERDICT_RETIRED;
    else
        result->verdict = SDS_VERDICT_REGISTERED;
}

static void check_txt_records(struct sds_check *check)
{
    const struct sds_service *service = check->service;

    for (size_t i = 0; i <= service->n_more_txt; i++) {
        check->record = (unsigned)i;
        check->txt = i ? service->more_txt[i - 1] : service->txt;
        sds_check_txt(check);
        sds_check_values(check);
        sds_check_keys(check);
        if (check->profile)
            sds_check_profile_txt(check);
    }
    check->record = 0;
}

int sds_check(const struct sds_ruleset *set, const struct sds_registry *registry,
              const struct sds_service *service, struct sds_result *ret)
{
    return sds_check_among(set, registry, service, NULL, ret);
}

int sds_check_among(const struct sds_ruleset *set, const struct sds_registry *registry,
                    const struct sds_service *service, const struct sds_company *company,
                    struct sds_result *ret)
{
    static const struct sds_company nobody;
    struct sds_check check = {
        .service = service,
        .company = company ? company : &nobody,
        .result = ret,
    };

    *ret = (struct sds_result){0};
    if (registry && sds_registry_n_tables(registry))
        check.registry = registry;
    sds_type_parse(service->type, &check.type);
    if (service->domain)
        sds_name_parse(service->domain, &check.domain);
    check.is_local = !service->domain || sds_name_is_local(&check.domain);
    choose_rules(&check, set);
    sds_silence_srv(&check);

    sds_check_type(&check);
    sds_check_subtypes(&check);
    sds_find_standing(&check);
    sds_check_instance(&check);
    sds_check_domain(&check);
    sds_check_target(&check);
    check_txt_records(&check);
    sds_check_srv(&check);
    sds_check_records(&check);
    sds_check_registry(&check);
    sds_check_peers(&check);
    sds_check_packets(&check);
    if (check.profile)
        sds_check_profile(&check);
    judge(&check);
    return check.error;
}

int sds_result_add(const struct sds_ruleset *set, const struct sds_rule *rule, const char *message,
                   int line, int column, struct sds_result *result)
{
    struct sds_finding finding = {
        .rule = rule,
        .severity = sds_ruleset_severity(set, rule),
        .offset = -1,
        .line = line,
        .column = column,
    };

    if (finding.severity == SDS_SEV_OFF)
        return 0;
    if (result->n_findings >= SDS_FINDINGS_MAX) {
        result->n_dropped++;
        return 0;
    }
    finding.message = strdup(message);
    if (finding.message && insert(result, finding))
        return 0;
    free(finding.message);
    return -ENOMEM;
}

void sds_result_lack(const struct sds_ruleset *set, enum sds_rule_index rule,
                     struct sds_result *result)
{
    if (set->severity[rule] != SDS_SEV_OFF)
        set_not_evaluated(result, rule);
}

static void count_dropped_twin(struct sds_result *result, size_t at)
{
    for (size_t i = at + 1; i < result->n_findings; i++)
        if (sds_finding_is_twin(&result->findings[i], &result->findings[at]))
            result->findings[i].twins_dropped++;
}

size_t sds_result_filter(struct sds_result *result, sds_result_test *keeps, const void *closure)
{
    bool is_kept[SDS_FINDINGS_MAX];
    size_t n = 0, n_before = result->n_findings;

    assert(n_before <= SDS_FINDINGS_MAX);
    for (size_t i = 0; i < n_before; i++)
        is_kept[i] = keeps(closure, result, i);
    for (size_t i = 0; i < n_before; i++)
        if (!is_kept[i])
            count_dropped_twin(result, i);
    for (size_t i = 0; i < n_before; i++) {
        if (is_kept[i])
            result->findings[n++] = result->findings[i];
        else
            finding_done(&result->findings[i]);
    }
    result->n_findings = n;
    return n_before - n;
}

void sds_result_done(struct sds_result *result)
{
    for (size_t i = 0; i < result->n_findings; i++)
        finding_done(&result->findings[i]);
    free(result->findings);
    *result = (struct sds_result){0};
}

enum sds_severity sds_result_worst(const struct sds_result *result)
{
    enum sds_severity worst = SDS_SEV_OFF;

    for (size_t i = 0; i < result->n_findings; i++)
        if (!result->findings[i].ignored && result->findings[i].severity > worst)
            worst = result->findings[i].severity;
    return worst;
}
