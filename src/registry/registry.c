/* SPDX-License-Identifier: MIT */
#include "sdscope/registry.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/ascii.h"
#include "base/mem.h"
#include "registry/load.h"
#include "registry/packed.h"
#include "registry/table.h"

struct sds_registry {
    SDS_ARR(struct sds_table) tables;
    struct sds_patterns *patterns;
    struct sds_port_index *ports;
};

struct sds_registry *sds_registry_new(void)
{
    struct sds_registry *registry = calloc(1, sizeof(*registry));

    if (!registry)
        return NULL;
    registry->patterns = sds_patterns_new();
    registry->ports = sds_port_index_new();
    return registry->patterns && registry->ports ? registry : sds_registry_free(registry);
}

struct sds_registry *sds_registry_free(struct sds_registry *registry)
{
    if (!registry)
        return NULL;
    for (size_t i = 0; i < registry->tables.n; i++)
        sds_arena_done(&registry->tables.v[i].arena);
    free(registry->tables.v);
    sds_patterns_free(registry->patterns);
    sds_port_index_free(registry->ports);
    free(registry);
    return NULL;
}

int sds_registry_add_builtin(struct sds_registry *registry)
{
    struct sds_table table = sds_builtin_table;

    table.profiles = sds_builtin_profiles;
    return sds_arr_push(&registry->tables, table) ? 0 : -ENOMEM;
}

void sds_registry_lend_profiles(struct sds_registry *registry)
{
    struct sds_table *last = &registry->tables.v[registry->tables.n - 1];

    if (last->profiles.n == 0)
        last->profiles = sds_builtin_profiles;
}

static int add_table(struct sds_registry *registry, struct sds_table *table)
{
    if (!sds_arr_push(&registry->tables, *table)) {
        sds_arena_done(&table->arena);
        return -ENOMEM;
    }
    return 0;
}

int sds_registry_load_bytes(struct sds_registry *registry, const char *origin, const void *bytes,
                            size_t len, sds_load_log *log, void *userdata)
{
    struct sds_table table;
    int r = sds_table_read(origin, bytes, len, log, userdata, &table);

    return r < 0 ? r : add_table(registry, &table);
}

int sds_registry_load(struct sds_registry *registry, const char *path, sds_load_log *log,
                      void *userdata)
{
    SDS_CLEANUP(sds_freep) char *bytes = NULL;
    const char *origin = strcmp(path, "-") ? path : "standard input";
    size_t len;
    int r = sds_read_file(path, &bytes, &len);

    if (r < 0)
        return r;
    return sds_registry_load_bytes(registry, origin, bytes, len, log, userdata);
}

size_t sds_registry_n_tables(const struct sds_registry *registry)
{
    return registry->tables.n;
}

struct sds_registry_table sds_registry_table_at(const struct sds_registry *registry, size_t i)
{
    const struct sds_table *table = &registry->tables.v[i];

    return (struct sds_registry_table){
        .title = table->title,
        .updated = table->updated,
        .origin = table->origin,
        .n_records = table->n_rows,
        .n_profiles = table->profiles.n,
        .n_people = table->people.n,
    };
}

struct sds_patterns *sds_registry_patterns(const struct sds_registry *registry)
{
    return registry->patterns;
}

struct sds_profiles sds_registry_profiles_at(const struct sds_registry *registry, size_t i)
{
    return registry->tables.v[i].profiles;
}

struct sds_people sds_registry_people_at(const struct sds_registry *registry, size_t i)
{
    return registry->tables.v[i].people;
}

const struct sds_record *sds_table_row(const struct sds_table *table, size_t i)
{
    return table->packed ? sds_packed_row(table->packed, i) : &table->rows[i];
}

const struct sds_table *sds_registry_table(const struct sds_registry *registry, size_t i)
{
    return &registry->tables.v[i];
}

struct sds_port_index *sds_registry_port_index(const struct sds_registry *registry)
{
    return registry->ports;
}

const char *sds_table_ports(const struct sds_table *table, size_t row)
{
    return table->packed ? sds_packed_ports(table->packed, row) : table->rows[row].port;
}

static const char *name_at(const struct sds_table *table, size_t i)
{
    return table->packed ? sds_packed_name(table->packed, i) : table->rows[i].name;
}

/* The place of the i-th row in the order of names. */
static size_t by_name(const struct sds_table *table, size_t i)
{
    return table->by_name ? table->by_name[i] : i;
}

/* The first of a table's named rows that is not before @name. */
static size_t lower_bound(const struct sds_table *table, struct sds_span name)
{
    size_t low = 0, high = table->n_named;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const char *here = name_at(table, by_name(table, middle));

        if (sds_fold_cmp_text(name.p, name.len, here) > 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static const struct sds_table *table_of(const struct sds_record_iter *iter)
{
    return iter->table < iter->registry->tables.n ? &iter->registry->tables.v[iter->table] : NULL;
}

/* Stand at the start of iter->table. */
static void enter_table(struct sds_record_iter *iter)
{
    const struct sds_table *table = table_of(iter);

    if (!table)
        return;
    iter->at = iter->by_name ? lower_bound(table, iter->name) : 0;
    iter->end = iter->by_name ? table->n_named : table->n_rows;
}

struct sds_record_iter sds_registry_find(const struct sds_registry *registry, struct sds_span name)
{
    struct sds_record_iter iter = {.registry = registry, .name = name, .by_name = true};

    enter_table(&iter);
    return iter;
}

struct sds_record_iter sds_registry_all(const struct sds_registry *registry)
{
    struct sds_record_iter iter = {.registry = registry};

    enter_table(&iter);
    return iter;
}

const struct sds_record *sds_record_next(struct sds_record_iter *iter)
{
    const struct sds_table *table;

    for (; (table = table_of(iter)); iter->table++, enter_table(iter)) {
        const char *name;
        size_t row;

        if (iter->at == iter->end)
            continue;
        if (!iter->by_name)
            return sds_table_row(table, iter->at++);
        row = by_name(table, iter->at);
        name = name_at(table, row);
        if (sds_fold_is(iter->name.p, iter->name.len, name)) {
            iter->at++;
            return sds_table_row(table, row);
        }
    }
    return NULL;
}

static const char *text_of_name(const void *table, uint32_t row)
{
    return name_at(table, row);
}

void sds_registry_offer_names(const struct sds_registry *registry, struct sds_near *near)
{
    size_t rank = 0;

    for (size_t i = 0; i < registry->tables.n; i++) {
        const struct sds_table *table = &registry->tables.v[i];

        sds_near_search(near, &table->near, rank, text_of_name, table);
        rank += table->n_rows;
    }
}
