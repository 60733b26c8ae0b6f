/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "registry/table.h"
#include "rules/rules.h"
#include "rules/suggest.h"

static void count_declaration(struct sds_standing *standing, const struct sds_txt_decl *txt)
{
    switch (txt->kind) {
    case SDS_TXT_KEYS:
        standing->declares_keys = true;
        standing->is_open |= txt->open;
        break;
    case SDS_TXT_NONE:
        standing->declares_none = true;
        break;
    case SDS_TXT_PROPRIETARY:
    case SDS_TXT_SEE_REFERENCE:
        standing->is_open = true;
        break;
    case SDS_TXT_UNSPECIFIED:
    case SDS_TXT__COUNT:
        break;
    }
}

void sds_find_standing(struct sds_check *check)
{
    struct sds_standing *standing = &check->standing;
    const struct sds_record *record;
    struct sds_record_iter iter;

    if (!check->registry || !check->type.is_pair)
        return;
    check->profile = sds_profile_find(check->registry, check->type.name, check->type.transport);
    iter = standing->records = sds_registry_find(check->registry, check->type.name);
    while ((record = sds_record_next(&iter))) {
        standing->n_records++;
        standing->n_retired += record->status == SDS_RECORD_RETIRED;
        standing->n_aliases += record->status == SDS_RECORD_ALIAS;
        standing->n_special += record->status == SDS_RECORD_NOT_A_SERVICE;
        standing->n_unassigned += record->is_unassigned;
        if (sds_record_fits(record, check->type.transport)) {
            standing->n_fitting++;
            count_declaration(standing, &record->txt);
        }
    }
}

static const char *suggest(struct sds_suggestion *ret, const struct sds_check *check)
{
    struct sds_near near = sds_near_begin(check->type.name.p, check->type.name.len);

    sds_registry_offer_names(check->registry, &near);
    return sds_near_suggest(&near, ret);
}

static const char *first_transport(const struct sds_check *check)
{
    struct sds_record_iter iter = check->standing.records;
    const struct sds_record *record = sds_record_next(&iter);

    return record->transport; /* not NULL, which would fit every label */
}

/* The name to use instead, where a record tells it. */
static const char *name_behind(const struct sds_check *check)
{
    struct sds_record_iter iter = check->standing.records;
    const struct sds_record *record;

    while ((record = sds_record_next(&iter)))
        if (record->alias_of)
            return record->alias_of;
    return "another";
}

static void check_name(struct sds_check *check)
{
    const struct sds_standing *standing = &check->standing;
    struct sds_span name = check->type.name;
    size_t n = standing->n_records;

    if (n == 0 && check->profile) {
        sds_report(check, SDS_RULE_REGISTRY_KNOWN_UNREGISTERED, SDS_WHOLE,
                   "service name '%s' is known, but not registered", SDS_QUOTED(name));
        return;
    }
    if (n == 0) {
        sds_report(check, SDS_RULE_REGISTRY_UNREGISTERED, SDS_WHOLE,
                   "service name '%s' is not registered%s", SDS_QUOTED(name),
                   suggest(&(struct sds_suggestion){""}, check));
        return;
    }
    if (standing->n_fitting == 0 && check->type.transport != SDS_TRANSPORT_OTHER)
        sds_report(check, SDS_RULE_REGISTRY_TRANSPORT_MISMATCH, SDS_WHOLE,
                   "service name '%s' is registered for %s, not for %s", SDS_QUOTED(name),
                   SDS_QUOTED(sds_text_span(first_transport(check))),
                   SDS_QUOTED(check->type.transport_label));
    /* reserved for DNS-SD too, but there to be advertised */
    if (standing->n_special == n && !sds_name_of_type_is(check, "device-info"))
        sds_report(check, SDS_RULE_REGISTRY_SPECIAL_NAME, SDS_WHOLE,
                   "service name '%s' is reserved and no service type", SDS_QUOTED(name));
    if (standing->n_retired == n)
        sds_report(check, SDS_RULE_REGISTRY_RETIRED, SDS_WHOLE,
                   "registration of service name '%s' is retired", SDS_QUOTED(name));
    if (standing->n_aliases == n)
        sds_report(check, SDS_RULE_REGISTRY_ALIAS, SDS_WHOLE,
                   "service name '%s' is an alias of '%s'", SDS_QUOTED(name),
                   SDS_QUOTED(sds_text_span(name_behind(check))));
    if (standing->n_unassigned == n)
        sds_report(check, SDS_RULE_REGISTRY_UNASSIGNED_USE, SDS_WHOLE,
                   "service name '%s' is in use, but not assigned", SDS_QUOTED(name));
    if (sds_name_of_type_is(check, "exp1") || sds_name_of_type_is(check, "exp2"))
        sds_report(check, SDS_RULE_REGISTRY_EXPERIMENTAL_NAME, SDS_WHOLE,
                   "service name '%s' is for experiments only", SDS_QUOTED(name));
}

enum assignment { NONE_ASSIGNED, ASSIGNED_OTHER, ASSIGNED };

/* How a port compares with those assigned to the name for this label. */
static enum assignment assignment_of(const struct sds_check *check, unsigned port)
{
    struct sds_record_iter iter = check->standing.records;
    enum assignment assignment = NONE_ASSIGNED;
    const struct sds_record *record;

    while ((record = sds_record_next(&iter))) {
        if (!record->port || !sds_record_fits(record, check->type.transport))
            continue;
        if (sds_ports_cover(record->port, port))
            return ASSIGNED;
        assignment = ASSIGNED_OTHER;
    }
    return assignment;
}

static void check_assigned_port(struct sds_check *check, unsigned port)
{
    unsigned swapped = (port << 8 | port >> 8) & 0xFFFF;

    if (assignment_of(check, port) != ASSIGNED_OTHER)
        return;
    sds_report(check, SDS_RULE_REGISTRY_PORT_DIFFERS, SDS_WHOLE,
               "port %u is not the one assigned to the service", port);
    if (check->profile && check->profile->any_port) /* swapped by chance, if at all */
        return;
    if (assignment_of(check, swapped) == ASSIGNED)
        sds_report(check, SDS_RULE_REGISTRY_PORT_BYTE_SWAPPED, SDS_WHOLE,
                   "port %u is the assigned port %u with its bytes swapped", port, swapped);
}

/* Whether a row gives its port to a service of a name. */
static bool is_assigned(const struct sds_record *record)
{
    return record->name && !record->is_unassigned &&
           (record->status == SDS_RECORD_ACTIVE || record->status == SDS_RECORD_ALIAS);
}

/* What rows say of the port that are not of the service's name, too. */
static void check_rows_of_port(struct sds_check *check, unsigned port)
{
    const struct sds_record *other = NULL, *reserved = NULL, *unauthorized = NULL, *record;
    bool is_own = assignment_of(check, port) == ASSIGNED;
    struct sds_port_iter iter;
    int r = sds_registry_find_port(check->registry, port, &iter);

    if (r < 0) {
        check->error = r;
        return;
    }
    while ((record = sds_port_next(&iter))) {
        if (!sds_record_fits(record, check->type.transport))
            continue;
        if (!other && is_assigned(record))
            other = record;
        if (!reserved && record->status == SDS_RECORD_RESERVED)
            reserved = record;
        if (!unauthorized && record->unauthorized)
            unauthorized = record;
    }
    if (other && !is_own)
        sds_report(check, SDS_RULE_REGISTRY_PORT_OF_OTHER, SDS_WHOLE, "port %u is assigned to '%s'",
                   port, SDS_QUOTED(sds_text_span(other->name)));
    if (unauthorized)
        sds_report(check, SDS_RULE_REGISTRY_PORT_UNAUTHORIZED_USE, SDS_WHOLE,
                   "registry notes unauthorized use of port %u", port);
    if (reserved && !is_own)
        sds_report(check, SDS_RULE_REGISTRY_PORT_RESERVED, SDS_WHOLE, "port %u is reserved", port);
}

static void check_port(struct sds_check *check)
{
    unsigned port = check->service->port;

    if (sds_service_state(check->service, SDS_PART_PORT) != SDS_PRESENT || port == 0)
        return;
    if (check->standing.n_fitting)
        check_assigned_port(check, port);
    if (sds_runs(check, SDS_RULE_REGISTRY_PORT_OF_OTHER) ||
        sds_runs(check, SDS_RULE_REGISTRY_PORT_UNAUTHORIZED_USE) ||
        sds_runs(check, SDS_RULE_REGISTRY_PORT_RESERVED))
        check_rows_of_port(check, port);
}

void sds_check_registry(struct sds_check *check)
{
    if (!check->registry || !check->type.is_pair)
        return;
    check_name(check);
    check_port(check);
}
