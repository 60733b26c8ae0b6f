/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>

#include "registry/table.h"

/* A row that has ports. */
struct port_row {
    uint16_t first, last;
    uint16_t reach; /* the highest last port of this entry and all before it */
    uint16_t table;
    uint32_t row;
};

struct sds_port_index {
    SDS_ARR(struct port_row) rows; /* by first port, then in the order of tables and rows */
    size_t n_tables;               /* of which these are */
};

struct sds_port_index *sds_port_index_new(void)
{
    return calloc(1, sizeof(struct sds_port_index));
}

struct sds_port_index *sds_port_index_free(struct sds_port_index *index)
{
    if (index)
        free(index->rows.v);
    free(index);
    return NULL;
}

/* The first and last of a range; a single port is both. */
static bool read_ports(const char *ports, unsigned long *first, unsigned long *last)
{
    char *end;

    *first = *last = strtoul(ports, &end, 10);
    if (*end == '-')
        *last = strtoul(end + 1, NULL, 10);
    return end != ports && *last <= UINT16_MAX && *first <= *last;
}

bool sds_ports_cover(const char *ports, unsigned port)
{
    unsigned long first, last;

    return read_ports(ports, &first, &last) && port >= first && port <= last;
}

static bool add_table(struct sds_port_index *index, const struct sds_table *table, size_t number)
{
    for (size_t i = 0; i < table->n_rows; i++) {
        const char *ports = sds_table_ports(table, i);
        unsigned long first, last;
        struct port_row row = {.table = (uint16_t)number, .row = (uint32_t)i};

        if (!ports || !read_ports(ports, &first, &last))
            continue;
        row.first = (uint16_t)first;
        row.last = (uint16_t)last;
        if (!sds_arr_push(&index->rows, row))
            return false;
    }
    return true;
}

static int cmp_rows(const void *a, const void *b)
{
    const struct port_row *x = a, *y = b;

    if (x->first != y->first)
        return x->first - y->first;
    if (x->table != y->table)
        return x->table - y->table;
    return (x->row > y->row) - (x->row < y->row);
}

static int make_index(struct sds_port_index *index, const struct sds_registry *registry)
{
    size_t n_tables = sds_registry_n_tables(registry);
    uint16_t reach = 0;

    index->rows.n = 0;
    index->n_tables = 0;
    for (size_t i = 0; i < n_tables && i <= UINT16_MAX; i++)
        if (!add_table(index, sds_registry_table(registry, i), i))
            return -ENOMEM;
    if (index->rows.n)
        qsort(index->rows.v, index->rows.n, sizeof(*index->rows.v), cmp_rows);
    for (size_t i = 0; i < index->rows.n; i++) {
        if (index->rows.v[i].last > reach)
            reach = index->rows.v[i].last;
        index->rows.v[i].reach = reach;
    }
    index->n_tables = n_tables;
    return 0;
}

/* The first entry that reaches the port: those before it end below. */
static size_t first_reaching(const struct sds_port_index *index, unsigned port)
{
    size_t low = 0, high = index->rows.n;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (index->rows.v[middle].reach < port)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

int sds_registry_find_port(const struct sds_registry *registry, unsigned port,
                           struct sds_port_iter *ret)
{
    struct sds_port_index *index = sds_registry_port_index(registry);

    if (index->n_tables != sds_registry_n_tables(registry)) {
        int r = make_index(index, registry);

        if (r < 0)
            return r;
    }
    *ret = (struct sds_port_iter){registry, first_reaching(index, port), port};
    return 0;
}

const struct sds_record *sds_port_next(struct sds_port_iter *iter)
{
    const struct sds_port_index *index = sds_registry_port_index(iter->registry);

    while (iter->at < index->rows.n) {
        const struct port_row *row = &index->rows.v[iter->at++];

        if (row->first > iter->port)
            break;
        if (row->last >= iter->port)
            return sds_table_row(sds_registry_table(iter->registry, row->table), row->row);
    }
    return NULL;
}
