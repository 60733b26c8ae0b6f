/* SPDX-License-Identifier: MIT */
#include "files/zone_instances.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/ascii.h"

/* ---- names of services -------------------------------------------------------------------- */

static bool label_is(const struct sds_name *name, size_t i, const char *text)
{
    struct sds_span label;

    if (i >= name->n_labels)
        return false;
    label = sds_name_label(name, i);
    return sds_fold_equal(label.p, label.len, text, strlen(text));
}

static bool is_underscored(const struct sds_name *name, size_t i)
{
    struct sds_span label;

    if (i >= name->n_labels)
        return false;
    label = sds_name_label(name, i);
    return label.len && label.p[0] == '_';
}

static bool is_transport(const struct sds_name *name, size_t i)
{
    return label_is(name, i, "_tcp") || label_is(name, i, "_udp");
}

/* Where the domain begins, in a name whose type begins at label @from; @from where it has no type.
 * A type may be malformed: one label more before the transport, or another transport. */
static size_t end_of_type(const struct sds_name *name, size_t from)
{
    for (size_t i = from + 1; i <= from + 2; i++)
        if (is_transport(name, i))
            return i + 1;
    while (is_underscored(name, from))
        from++;
    return from;
}

/* Names that list types or domains, and no instances (RFC 6763 9, 11). */
static bool is_of_dns_sd(const struct sds_name *name)
{
    return label_is(name, 1, "_dns-sd") && is_transport(name, 2);
}

/* <type>.<domain> or <subtype>._sub.<type>.<domain> (RFC 6763 4.1, 7.1) */
void sds_zone_split_browsed(struct sds_span wire, struct sds_zone_parts *ret)
{
    sds_name_read(wire.p, wire.len, &ret->name);
    ret->type = label_is(&ret->name, 1, "_sub") ? 2 : 0;
    ret->domain = end_of_type(&ret->name, ret->type);
}

/* <instance>.<type>.<domain> */
void sds_zone_split_instance(struct sds_span wire, struct sds_zone_parts *ret)
{
    sds_name_read(wire.p, wire.len, &ret->name);
    ret->type = 1;
    ret->domain = end_of_type(&ret->name, 1);
}

/* ---- what the zone says of instances ------------------------------------------------------ */

static bool is_browsing(const struct sds_zone_record *record, enum sds_zone_mention_kind *ret)
{
    struct sds_zone_parts parts;

    sds_zone_split_browsed(record->owner, &parts);
    *ret = parts.type ? SDS_MENTION_SUBTYPE : SDS_MENTION_TYPE;
    return parts.domain > parts.type && !is_of_dns_sd(&parts.name);
}

/* Whether an SRV or TXT record belongs to an instance; most that have no PTR do not: those of
 * _sip._tcp.example.org (RFC 2782) or of _dmarc.example.org. */
static bool is_of_instance(const struct sds_zone_record *record)
{
    struct sds_name name;

    sds_name_read(record->owner.p, record->owner.len, &name);
    return !is_underscored(&name, 0) && !label_is(&name, 0, "*") && is_underscored(&name, 1) &&
           !label_is(&name, 1, "_sub") && is_transport(&name, 2) && !is_of_dns_sd(&name);
}

static bool find_mention(const struct sds_zone_record *record, struct sds_zone_mention *ret)
{
    *ret = (struct sds_zone_mention){record->owner, record, SDS_MENTION_OWN};
    switch (record->type) {
    case SDS_ZONE_PTR:
        ret->instance = record->rdata;
        return is_browsing(record, &ret->kind);
    case SDS_ZONE_SRV:
    case SDS_ZONE_TXT:
        return is_of_instance(record);
    default:
        return false;
    }
}

static int instance_cmp(const struct sds_zone_mention *a, const struct sds_zone_mention *b)
{
    return sds_fold_cmp(a->instance.p, a->instance.len, b->instance.p, b->instance.len);
}

/* By instance; its PTR records before the others, each in the order of the file. */
static int mention_cmp(const void *a, const void *b)
{
    const struct sds_zone_mention *x = a, *y = b;
    int c = instance_cmp(x, y);

    if (!c)
        c = (x->kind > y->kind) - (x->kind < y->kind);
    return c ? c : (x->record->order > y->record->order) - (x->record->order < y->record->order);
}

static int find_mentions(const struct sds_zone_table *table, struct sds_zone_instances *ret)
{
    for (size_t i = 0; i < table->records.n; i++) {
        struct sds_zone_mention mention;

        if (find_mention(&table->records.v[i], &mention) && !sds_arr_push(&ret->mentions, mention))
            return -ENOMEM;
    }
    if (ret->mentions.n)
        qsort(ret->mentions.v, ret->mentions.n, sizeof(*ret->mentions.v), mention_cmp);
    return 0;
}

static int group_cmp(const void *a, const void *b)
{
    const struct sds_zone_group *x = a, *y = b;

    return (x->order > y->order) - (x->order < y->order);
}

static int group_mentions(struct sds_zone_instances *ret)
{
    for (size_t i = 0; i < ret->mentions.n;) {
        struct sds_zone_group group = {&ret->mentions.v[i], 0, SIZE_MAX};

        for (; i < ret->mentions.n && !instance_cmp(group.mentions, &ret->mentions.v[i]); i++) {
            size_t order = ret->mentions.v[i].record->order;

            group.n++;
            if (order < group.order)
                group.order = order;
        }
        if (!sds_arr_push(&ret->groups, group))
            return -ENOMEM;
    }
    if (ret->groups.n)
        qsort(ret->groups.v, ret->groups.n, sizeof(*ret->groups.v), group_cmp);
    return 0;
}

int sds_zone_find_instances(const struct sds_zone_table *table, struct sds_zone_instances *ret)
{
    int r = find_mentions(table, ret);

    return r ? r : group_mentions(ret);
}

void sds_zone_instances_done(struct sds_zone_instances *instances)
{
    free(instances->mentions.v);
    free(instances->groups.v);
}
