/* SPDX-License-Identifier: MIT */
#include "sdscope/registry.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/ascii.h"
#include "base/mem.h"
#include "registry/load.h"
#include "registry/table.h"

struct sds_registry {
    SDS_ARR(struct sds_table) tables;
};

struct sds_registry *sds_registry_new(void)
{
    return calloc(1, sizeof(struct sds_registry));
}

struct sds_registry *sds_registry_free(struct sds_registry *registry)
{
    if (!registry)
        return NULL;
    for (size_t i = 0; i < registry->tables.n; i++)
        sds_arena_done(&registry->tables.v[i].arena);
    free(registry->tables.v);
    free(registry);
    return NULL;
}

int sds_registry_add_builtin(struct sds_registry *registry)
{
    return sds_arr_push(&registry->tables, sds_builtin_table) ? 0 : -ENOMEM;
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
    };
}

static const struct sds_record *named_row(const struct sds_table *table, size_t i)
{
    return &table->rows[table->by_name ? table->by_name[i] : i];
}

/* The first of a table's named rows that is not before @name. */
static size_t lower_bound(const struct sds_table *table, struct sds_span name)
{
    size_t low = 0, high = table->n_named;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const char *here = named_row(table, middle)->name;

        if (sds_fold_cmp(here, strlen(here), name.p, name.len) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Stand at the start of iter->table. */
static void enter_table(struct sds_record_iter *iter)
{
    const struct sds_table *table;

    if (iter->table >= iter->registry->tables.n)
        return;
    table = &iter->registry->tables.v[iter->table];
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
    for (; iter->table < iter->registry->tables.n; iter->table++, enter_table(iter)) {
        const struct sds_table *table = &iter->registry->tables.v[iter->table];
        const struct sds_record *row;

        if (iter->at == iter->end)
            continue;
        if (!iter->by_name)
            return &table->rows[iter->at++];
        row = named_row(table, iter->at);
        if (sds_fold_equal(row->name, strlen(row->name), iter->name.p, iter->name.len)) {
            iter->at++;
            return row;
        }
    }
    return NULL;
}
