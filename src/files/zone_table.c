/* SPDX-License-Identifier: MIT */
#include "files/zone_table.h"

#include <stdlib.h>
#include <string.h>

#include "base/ascii.h"
#include "base/mem.h"
#include "files/zone_field.h"

/* Length bytes of labels lie below the letters: folding leaves them as they are. */
static int name_cmp(struct sds_span a, struct sds_span b)
{
    return sds_fold_cmp(a.p, a.len, b.p, b.len);
}

static int order_cmp(size_t a, size_t b)
{
    return (a > b) - (a < b);
}

static int key_cmp(struct sds_span owner, enum sds_zone_type type,
                   const struct sds_zone_record *record)
{
    int c = name_cmp(owner, record->owner);

    return c ? c : order_cmp(type, record->type);
}

static int record_cmp(const void *a, const void *b)
{
    const struct sds_zone_record *x = a, *y = b;
    int c = key_cmp(x->owner, x->type, y);

    return c ? c : order_cmp(x->order, y->order);
}

static const struct sds_zone_record *find_soa(const struct sds_zone_table *table)
{
    const struct sds_zone_record *first = NULL;

    for (size_t i = 0; i < table->records.n; i++) {
        const struct sds_zone_record *record = &table->records.v[i];

        if (record->type == SDS_ZONE_SOA && (!first || record->order < first->order))
            first = record;
    }
    return first;
}

void sds_zone_table_sort(struct sds_zone_table *table, struct sds_span origin)
{
    const struct sds_zone_record *soa = find_soa(table);

    table->apex = soa ? soa->owner : origin;
    table->is_whole = soa != NULL;
    if (table->records.n)
        qsort(table->records.v, table->records.n, sizeof(*table->records.v), record_cmp);
}

const struct sds_zone_record *sds_zone_find(const struct sds_zone_table *table,
                                            struct sds_span owner, enum sds_zone_type type,
                                            size_t *n)
{
    size_t low = 0, high = table->records.n;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (key_cmp(owner, type, &table->records.v[middle]) > 0)
            low = middle + 1;
        else
            high = middle;
    }
    for (*n = 0; low + *n < table->records.n; ++*n)
        if (key_cmp(owner, type, &table->records.v[low + *n]) != 0)
            break;
    return *n ? &table->records.v[low] : NULL;
}

static bool has(const struct sds_zone_table *table, struct sds_span owner, enum sds_zone_type type)
{
    size_t n;

    return sds_zone_find(table, owner, type, &n) != NULL;
}

/* Whether a wildcard makes up records below a name (RFC 4592). */
static bool has_wildcard(const struct sds_zone_table *table, struct sds_span name)
{
    static const enum sds_zone_type types[] = {SDS_ZONE_A, SDS_ZONE_AAAA, SDS_ZONE_CNAME,
                                               SDS_ZONE_SRV, SDS_ZONE_TXT};
    uint8_t wildcard[2 + SDS_WIRE_NAME_MAX] = {1, '*'};

    memcpy(wildcard + 2, name.p, name.len);
    for (size_t i = 0; i < SDS_COUNT(types); i++)
        if (has(table, (struct sds_span){wildcard, name.len + 2}, types[i]))
            return true;
    return false;
}

bool sds_zone_is_complete_for(const struct sds_zone_table *table, struct sds_span name)
{
    if (!table->apex.p || !sds_wire_is_in(name, table->apex) || has(table, name, SDS_ZONE_CNAME))
        return false;
    while (name.len > table->apex.len) {
        if (has(table, name, SDS_ZONE_NS))
            return false;
        name = sds_wire_parent(name);
        if (has(table, name, SDS_ZONE_DNAME) || has_wildcard(table, name))
            return false;
    }
    return true;
}
