/* SPDX-License-Identifier: MIT */
#include "report/rule_json.h"

#include "base/mem.h"
#include "sdscope/check.h"

static json_t *severity_json(enum sds_severity severity)
{
    return json_string(sds_severity_name(severity));
}

/* What must be known of a service before the rule can be evaluated. */
static json_t *needs_json(unsigned needs)
{
    json_auto_t *array = json_array();

    for (unsigned bit = 1; bit && bit <= needs; bit <<= 1) {
        const char *part = sds_part_name((enum sds_part)bit);

        if (needs & bit &&
            json_array_append_new(
                array, json_string(part ? part : sds_evidence_name((enum sds_evidence)bit))))
            return NULL;
    }
    return SDS_TAKE(array);
}

json_t *sds_rule_to_json(const struct sds_rule *rule)
{
    json_auto_t *object = json_object();

    if (json_object_set_new(object, "rule", json_string(rule->id)) ||
        json_object_set_new(object, "name", json_string(rule->name)) ||
        json_object_set_new(object, "check",
                            severity_json(rule->severity[SDS_STRICTNESS_AUTHOR])) ||
        json_object_set_new(object, "audit", severity_json(rule->severity[SDS_STRICTNESS_LAN])) ||
        json_object_set_new(object, "unicast",
                            rule->unicast ? severity_json(rule->unicast) : json_null()) ||
        json_object_set_new(object, "enabled", json_boolean(rule->is_on)) ||
        json_object_set_new(object, "part", json_string(sds_part_name(rule->part))) ||
        json_object_set_new(object, "needs", needs_json(rule->needs)) ||
        json_object_set_new(object, "reference", json_string(rule->reference)) ||
        json_object_set_new(object, "text", json_string(rule->text)) ||
        json_object_set_new(object, "hint", json_string(rule->hint)) ||
        json_object_set_new(object, "explain", json_string(rule->explain)))
        return NULL;
    return SDS_TAKE(object);
}
