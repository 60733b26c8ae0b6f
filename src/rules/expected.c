/* SPDX-License-Identifier: MIT */
#include <errno.h>

#include "base/mem.h"
#include "rules/attributes.h"
#include "rules/rules.h"

static const char *value_text(const struct sds_txt_string *string, struct sds_quoted *ret)
{
    return string->value.p ? sds_quote(ret, string->value) : "nothing";
}

static void compare_values(struct sds_check *check, const struct sds_txt_string *was,
                           const struct sds_txt_string *is)
{
    const char *quote_was = was->value.p ? "'" : "", *quote_is = is->value.p ? "'" : "";
    struct sds_quoted old, new;

    if (!sds_attribute_has_same_value(was, is))
        sds_report(check, SDS_RULE_EXPECTED_VALUE_CHANGED, sds_at(is),
                   "key '%s' has %s%s%s, expected was %s%s%s", SDS_QUOTED(is->key), quote_is,
                   value_text(is, &new), quote_is, quote_was, value_text(was, &old), quote_was);
}

static void compare(struct sds_check *check, const struct sds_attributes *expected,
                    const struct sds_attributes *found)
{
    struct sds_attributes_walk walk = {.old = expected, .new = found};

    while (sds_attributes_next(&walk)) {
        if (!walk.is) {
            struct sds_place place = {.offset = -1, .key = walk.was->key};

            sds_report(check, SDS_RULE_EXPECTED_KEY_MISSING, place, "expected key '%s' is absent",
                       SDS_QUOTED(walk.was->key));
        } else if (!walk.was) {
            sds_report(check, SDS_RULE_EXPECTED_KEY_ADDED, sds_at(walk.is),
                       "key '%s' was not expected", SDS_QUOTED(walk.is->key));
        } else {
            compare_values(check, walk.was, walk.is);
        }
    }
}

int sds_check_expected(const struct sds_ruleset *set, const struct sds_service *expected,
                       const struct sds_service *service, struct sds_result *result)
{
    static const enum sds_rule_index rules[] = {SDS_RULE_EXPECTED_KEY_MISSING,
                                                SDS_RULE_EXPECTED_KEY_ADDED,
                                                SDS_RULE_EXPECTED_VALUE_CHANGED};
    SDS_CLEANUP(sds_attributes_done) struct sds_attributes was = {0};
    SDS_CLEANUP(sds_attributes_done) struct sds_attributes is = {0};
    struct sds_check check = {.service = service, .result = result};
    bool is_known = sds_service_state(expected, SDS_PART_TXT) != SDS_UNKNOWN &&
                    sds_service_state(service, SDS_PART_TXT) != SDS_UNKNOWN;

    for (size_t i = 0; i < SDS_COUNT(rules); i++) {
        check.severity[rules[i]] = set->severity[rules[i]];
        if (!is_known && sds_runs(&check, rules[i]))
            sds_lacks_evidence(&check, rules[i]);
    }
    if (!sds_attributes_list(expected->txt, &was) || !sds_attributes_list(service->txt, &is))
        return -ENOMEM;
    if (is_known)
        compare(&check, &was, &is);
    return check.error;
}
