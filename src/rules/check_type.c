/* SPDX-License-Identifier: MIT */
#include "base/ascii.h"
#include "base/mem.h"
#include "rules/rules.h"

static bool has_wrong_length(struct sds_span name)
{
    return name.len == 0 || name.len > SDS_SERVICE_NAME_MAX;
}

static bool has_foreign_byte(struct sds_span name)
{
    for (size_t i = 0; i < name.len; i++)
        if (!sds_is_letter(name.p[i]) && !sds_is_digit(name.p[i]) && name.p[i] != '-')
            return true;
    return false;
}

static bool has_no_letter(struct sds_span name)
{
    for (size_t i = 0; i < name.len; i++)
        if (sds_is_letter(name.p[i]))
            return false;
    return name.len > 0;
}

static bool has_hyphen_at_edge(struct sds_span name)
{
    return name.len > 0 && (name.p[0] == '-' || name.p[name.len - 1] == '-');
}

static bool has_double_hyphen(struct sds_span name)
{
    for (size_t i = 1; i < name.len; i++)
        if (name.p[i - 1] == '-' && name.p[i] == '-')
            return true;
    return false;
}

/* RFC 6335 5.1 */
static const struct {
    enum sds_rule_index rule;
    bool (*holds)(struct sds_span name);
    const char *fault;
} name_faults[] = {
    {SDS_RULE_SERVICE_NAME_LENGTH, has_wrong_length, "is not 1 to 15 bytes long"},
    {SDS_RULE_SERVICE_NAME_CHARSET, has_foreign_byte,
     "has a byte other than A-Z, a-z, 0-9 and '-'"},
    {SDS_RULE_SERVICE_NAME_NO_LETTER, has_no_letter, "has no letter"},
    {SDS_RULE_SERVICE_NAME_HYPHEN_EDGE, has_hyphen_at_edge, "begins or ends with '-'"},
    {SDS_RULE_SERVICE_NAME_DOUBLE_HYPHEN, has_double_hyphen, "has two hyphens in a row"},
};

/* Without a pair of labels there is no name to look up: SD5xx and SD6xx. */
static void silence_registry(struct sds_check *check)
{
    for (enum sds_rule_index i = 0; i < SDS_RULE__COUNT; i++)
        if (sds_rule_at(i)->number / 100 == 5 || sds_rule_at(i)->number / 100 == 6)
            check->severity[i] = SDS_SEV_OFF;
}

void sds_check_type(struct sds_check *check)
{
    const struct sds_type *type = &check->type;

    if (!type->is_pair) {
        check->is_malformed = true;
        silence_registry(check);
        sds_report(check, SDS_RULE_SERVICE_TYPE_MALFORMED, SDS_WHOLE,
                   "service type '%s' is not of the form _name._tcp or _name._udp",
                   SDS_QUOTED(sds_text_span(check->service->type)));
        return;
    }
    for (size_t i = 0; i < SDS_COUNT(name_faults); i++) {
        if (!name_faults[i].holds(type->name))
            continue;
        check->is_malformed = true;
        sds_report(check, name_faults[i].rule, SDS_WHOLE, "service name '%s' %s",
                   SDS_QUOTED(type->name), name_faults[i].fault);
    }
    /* avahi-common/domain.c wants more than two bytes in the label, the underscore included */
    if (!check->is_malformed && type->name.len == 1)
        sds_report(check, SDS_RULE_SERVICE_NAME_AVAHI_UNBROWSABLE, SDS_WHOLE,
                   "service name '%s' has one character, which Avahi refuses",
                   SDS_QUOTED(type->name));
    if (type->transport == SDS_TRANSPORT_OTHER) {
        check->is_malformed = true;
        sds_report(check, SDS_RULE_TRANSPORT_LABEL, SDS_WHOLE,
                   "transport label '%s' is neither _tcp nor _udp",
                   SDS_QUOTED(type->transport_label));
    }
}
