/* SPDX-License-Identifier: MIT */

/* The contacts that records name by their ids. */
#include "registry/table.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

int sds_load_add_person(struct sds_load *load, struct sds_person person)
{
    if (load->people.n >= SDS_REGISTRY_ROWS_MAX)
        return -E2BIG;
    return sds_arr_push(&load->people, person) ? 0 : -ENOMEM;
}

/* By id; those of one id stay in the order of their array. */
static int compare_people(const void *a, const void *b)
{
    const struct sds_person *x = *(const struct sds_person *const *)a;
    const struct sds_person *y = *(const struct sds_person *const *)b;
    int order = strcmp(x->id, y->id);

    return order ? order : (x > y) - (x < y);
}

int sds_people_take(struct sds_load *load)
{
    struct sds_arena *arena = &load->table->arena;
    size_t n = load->people.n;
    const struct sds_person *people = sds_arena_copy(arena, load->people.v, n * sizeof(*people));
    const struct sds_person **by_id = sds_arena_alloc(arena, n * sizeof(*by_id));

    if (!people || !by_id)
        return -ENOMEM;
    for (size_t i = 0; i < n; i++)
        by_id[i] = &people[i];
    if (n > 0)
        qsort(by_id, n, sizeof(*by_id), compare_people);
    load->table->people = (struct sds_people){people, by_id, n};
    return 0;
}

static int compare_id(const char *id, struct sds_span with)
{
    size_t len = strlen(id), least = len < with.len ? len : with.len;
    int order = least ? memcmp(id, with.p, least) : 0;

    return order ? order : (len > with.len) - (len < with.len);
}

static const struct sds_person *find_in(struct sds_people people, struct sds_span id)
{
    size_t low = 0, high = people.n;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (compare_id(people.by_id[middle]->id, id) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low < people.n && compare_id(people.by_id[low]->id, id) == 0 ? people.by_id[low] : NULL;
}

const struct sds_person *sds_registry_find_person(const struct sds_registry *registry,
                                                  struct sds_span id)
{
    const struct sds_person *found = NULL;

    for (size_t i = 0; !found && i < sds_registry_n_tables(registry); i++)
        found = find_in(sds_registry_people_at(registry, i), id);
    return found;
}

const struct sds_person *sds_registry_person_at(const struct sds_registry *registry, size_t table,
                                                size_t i)
{
    return &sds_registry_people_at(registry, table).v[i];
}

bool sds_person_id_take(const char **list, struct sds_span *ret)
{
    static const char parting[] = ", "; /* as sds_load_persons() joins them */
    const char *end;

    if (!*list)
        return false;
    end = strstr(*list, parting);
    *ret = (struct sds_span){(const uint8_t *)*list, end ? (size_t)(end - *list) : strlen(*list)};
    *list = end ? end + strlen(parting) : NULL;
    return true;
}
