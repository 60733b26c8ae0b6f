/* SPDX-License-Identifier: MIT */
#include "discovery/recording_marks.h"

#include <errno.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "base/arr.h"
#include "base/mem.h"
#include "base/text.h"
#include "base/tree.h"

#define MARKS_MAX 64 /* then every other one goes */
#define GAP_MIN   64 /* events between two of them */

struct link {
    char interface[sizeof(((struct sds_sighting *)NULL)->interface)];
    struct sds_recording_place place;
};

/* A service that is there. */
struct item {
    struct sds_service *name; /* instance, type and domain alone: the key of the tree */
    int64_t since_ms;
    uint64_t number;
    SDS_ARR(struct link) links;
};

struct sds_recording_marks {
    void *tree; /* of struct item, by tsearch(3) */
    size_t n_links;
    uint64_t n_ever; /* services that came */
    struct sds_recording_mark marks[MARKS_MAX];
    size_t n_marks, gap;
};

struct sds_recording_marks *sds_recording_marks_new(void)
{
    struct sds_recording_marks *marks = calloc(1, sizeof(*marks));

    if (marks)
        marks->gap = GAP_MIN;
    return marks;
}

static void item_free(void *p)
{
    struct item *item = p;

    sds_service_free(item->name);
    free(item->links.v);
    free(item);
}

void sds_recording_marks_forget(struct sds_recording_marks *marks)
{
    tdestroy(SDS_TAKE(marks->tree), item_free);
    marks->n_links = 0;
}

struct sds_recording_marks *sds_recording_marks_free(struct sds_recording_marks *marks)
{
    if (!marks)
        return NULL;
    sds_recording_marks_forget(marks);
    for (size_t i = 0; i < marks->n_marks; i++)
        free(marks->marks[i].sightings);
    free(marks);
    return NULL;
}

/* ---- what is there ------------------------------------------------------------------------ */

static int item_cmp(const void *a, const void *b)
{
    const struct item *x = a, *y = b;

    return sds_service_cmp(x->name, y->name);
}

static struct item *find(const struct sds_recording_marks *marks, const struct sds_service *service)
{
    struct item key = {.name = (struct sds_service *)service};
    struct item **node = tfind(&key, &marks->tree, item_cmp);

    return node ? *node : NULL;
}

static struct item *add(struct sds_recording_marks *marks, const struct sds_service *service,
                        int64_t time_ms)
{
    struct item *item = calloc(1, sizeof(*item));

    if (!item)
        return NULL;
    item->name = sds_service_dup_name(service);
    item->since_ms = time_ms;
    item->number = marks->n_ever;
    if (!item->name || !tsearch(item, &marks->tree, item_cmp)) {
        item_free(item);
        return NULL;
    }
    marks->n_ever++;
    return item;
}

/* By what the inventory, too, tells links apart. */
static const char *interface_of(const struct sds_service *service)
{
    return service->n_sightings ? service->sightings[0].interface : "";
}

static size_t find_link(const struct item *item, const char *interface)
{
    size_t i = 0;

    while (i < item->links.n && strcmp(item->links.v[i].interface, interface) != 0)
        i++;
    return i;
}

static void drop(struct sds_recording_marks *marks, struct item *item)
{
    tdelete(item, &marks->tree, item_cmp);
    item_free(item);
}

int sds_recording_marks_see(struct sds_recording_marks *marks, const struct sds_service *service,
                            struct sds_recording_place place, int64_t time_ms)
{
    struct item *item = find(marks, service);
    struct link link = {.place = place};
    size_t at;

    if (!item)
        item = add(marks, service, time_ms);
    if (!item)
        return -ENOMEM;
    sds_text_copy(link.interface, sizeof(link.interface), interface_of(service));
    at = find_link(item, link.interface);
    if (at < item->links.n) {
        item->links.v[at] = link;
        return 0;
    }
    if (!sds_arr_push(&item->links, link)) {
        if (!item->links.n)
            drop(marks, item);
        return -ENOMEM;
    }
    marks->n_links++;
    return 0;
}

bool sds_recording_marks_lose(struct sds_recording_marks *marks, const struct sds_service *service)
{
    struct item *item = find(marks, service);
    size_t at = item ? find_link(item, interface_of(service)) : 0;

    if (!item || at == item->links.n)
        return false;
    item->links.v[at] = item->links.v[--item->links.n];
    marks->n_links--;
    if (!item->links.n)
        drop(marks, item);
    return true;
}

/* ---- marks -------------------------------------------------------------------------------- */

static void collect(const void *p, void *closure)
{
    const struct item *item = p;
    struct sds_recording_mark *mark = closure;

    for (size_t i = 0; i < item->links.n; i++)
        mark->sightings[mark->n_sightings++] =
            (struct sds_recording_sighting){item->links.v[i].place, item->since_ms, item->number};
}

static int sighting_cmp(const void *a, const void *b)
{
    const struct sds_recording_sighting *x = a, *y = b;

    if (x->number != y->number)
        return x->number < y->number ? -1 : 1;
    return x->place.offset < y->place.offset ? -1 : x->place.offset > y->place.offset;
}

static bool is_due(const struct sds_recording_marks *marks, size_t n_events)
{
    size_t last = marks->n_marks ? marks->marks[marks->n_marks - 1].state.n_events : 0;

    return !marks->n_marks || (n_events > last && n_events - last >= marks->gap);
}

/* They stand as dense near the start as near the end, that all ways back are as short. */
static void thin(struct sds_recording_marks *marks)
{
    size_t n = 0;

    for (size_t i = 0; i < marks->n_marks; i++)
        if (i % 2)
            free(marks->marks[i].sightings);
        else
            marks->marks[n++] = marks->marks[i];
    marks->n_marks = n;
    marks->gap *= 2;
}

int sds_recording_marks_put(struct sds_recording_marks *marks,
                            const struct sds_recording_state *state)
{
    struct sds_recording_mark mark = {.state = *state};

    /* What a mark costs grows with what is there, and so does the way to the next one. */
    if (marks->gap < marks->n_links / 2)
        marks->gap = marks->n_links / 2;
    if (!is_due(marks, state->n_events))
        return 0;
    mark.sightings = calloc(marks->n_links + 1, sizeof(*mark.sightings));
    if (!mark.sightings)
        return -ENOMEM;
    sds_tree_walk(marks->tree, collect, &mark);
    qsort(mark.sightings, mark.n_sightings, sizeof(*mark.sightings), sighting_cmp);
    if (marks->n_marks == MARKS_MAX)
        thin(marks);
    marks->marks[marks->n_marks++] = mark;
    return 0;
}

const struct sds_recording_mark *sds_recording_marks_at(const struct sds_recording_marks *marks,
                                                        int64_t time_ms, size_t n_events)
{
    size_t i = 1;

    while (i < marks->n_marks && marks->marks[i].state.time_ms <= time_ms &&
           marks->marks[i].state.n_events <= n_events)
        i++;
    return &marks->marks[i - 1];
}
