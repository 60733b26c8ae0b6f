/* SPDX-License-Identifier: MIT */
#include "watch/row.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <sys/random.h>

#include "base/arr.h"
#include "base/mem.h"
#include "base/siphash.h"
#include "base/text.h"
#include "report/subject.h"

struct sds_rows {
    struct sds_siphash_key key;
    struct sds_hash by_name;
    struct sds_heap gone; /* the row that went first is first */
    SDS_ARR(struct sds_row *) list;
    bool is_settled;
};

struct sds_rows *sds_rows_new(void)
{
    struct sds_rows *rows = calloc(1, sizeof(*rows));

    if (rows && getrandom(&rows->key, sizeof(rows->key), 0) != sizeof(rows->key))
        rows->key = (struct sds_siphash_key){{0}}; /* slow under attack, and right all the same */
    return rows;
}

struct sds_rows *sds_rows_free(struct sds_rows *rows)
{
    if (!rows)
        return NULL;
    sds_rows_clear(rows);
    sds_hash_done(&rows->by_name);
    sds_heap_done(&rows->gone);
    free(rows->list.v);
    free(rows);
    return NULL;
}

/* ---- cells -------------------------------------------------------------------------------- */

static const char *word_of_state(enum sds_state state)
{
    return state == SDS_MISSING ? "-" : "?";
}

static char *make_type(const struct sds_service *s)
{
    return sds_text_dup_name(s->type);
}

static char *make_instance(const struct sds_service *s)
{
    enum sds_state state = sds_service_state(s, SDS_PART_INSTANCE);

    return state == SDS_PRESENT ? sds_text_dup(s->instance.p, s->instance.len)
                                : strdup(word_of_state(state));
}

static char *make_host(const struct sds_service *s)
{
    return s->host ? sds_text_dup_name(s->host)
                   : strdup(word_of_state(sds_service_state(s, SDS_PART_HOST)));
}

const struct sds_address *sds_row_address(const struct sds_service *s)
{
    for (size_t i = 0; i < s->n_addresses; i++)
        if (!sds_address_is_link_local(s->addresses[i]))
            return &s->addresses[i];
    return s->n_addresses ? s->addresses : NULL;
}

static char *make_address(const struct sds_service *s)
{
    const struct sds_address *address = sds_row_address(s);
    bool has_port = sds_service_state(s, SDS_PART_PORT) == SDS_PRESENT;
    bool needs_brackets = has_port && address && address->len == 16; /* RFC 3986 3.2.2 */
    char shown[SDS_ADDRESS_TEXT_SIZE], port[sizeof(":65535")] = "",
                                       more[sizeof(" +18446744073709551615")] = "";

    if (address)
        sds_address_format(*address, shown);
    else
        sds_text_copy(shown, sizeof(shown),
                      word_of_state(sds_service_state(s, SDS_PART_ADDRESSES)));
    if (has_port)
        snprintf(port, sizeof(port), ":%u", s->port);
    if (s->n_addresses > 1)
        snprintf(more, sizeof(more), " +%zu", s->n_addresses - 1);
    return sds_text_format(needs_brackets ? "[%s]%s%s" : "%s%s%s", shown, port, more);
}

/* Cells that tell of the service alone, and of which parts. */
static const struct {
    enum sds_cell cell;
    unsigned parts;
    char *(*make)(const struct sds_service *s);
} service_cells[] = {
    {SDS_CELL_TYPE, SDS_PART_TYPE, make_type},
    {SDS_CELL_INSTANCE, SDS_PART_INSTANCE, make_instance},
    {SDS_CELL_HOST, SDS_PART_HOST, make_host},
    {SDS_CELL_ADDRESS, SDS_PART_ADDRESSES | SDS_PART_PORT, make_address},
};

/* What is to take the place of some cells of a row. */
struct new_cells {
    char *text[SDS_CELL__COUNT];
    unsigned made; /* bits 1u << enum sds_cell */
};

static void new_cells_done(struct new_cells *cells)
{
    for (enum sds_cell i = 0; i < SDS_CELL__COUNT; i++)
        free(cells->text[i]);
}

static int make_service_cells(const struct sds_service *service, unsigned changes,
                              struct new_cells *cells)
{
    for (size_t i = 0; i < SDS_COUNT(service_cells); i++) {
        enum sds_cell cell = service_cells[i].cell;

        if (!(changes & service_cells[i].parts))
            continue;
        cells->text[cell] = service_cells[i].make(service);
        if (!cells->text[cell])
            return -ENOMEM;
        cells->made |= 1u << cell;
    }
    return 0;
}

/* @result  NULL: nothing was checked */
static int make_result_cells(const struct sds_result *result, struct new_cells *cells)
{
    cells->made |= 1u << SDS_CELL_VERDICT | 1u << SDS_CELL_FINDING;
    if (result && result->has_verdict) {
        cells->text[SDS_CELL_VERDICT] = strdup(sds_verdict_name(result->verdict));
        if (!cells->text[SDS_CELL_VERDICT])
            return -ENOMEM;
    }
    if (sds_worst_finding(result)) {
        cells->text[SDS_CELL_FINDING] = sds_worst_describe(result);
        if (!cells->text[SDS_CELL_FINDING])
            return -ENOMEM;
    }
    return 0;
}

static void put_cells(struct sds_row *row, struct new_cells *cells)
{
    for (enum sds_cell i = 0; i < SDS_CELL__COUNT; i++)
        if (cells->made & 1u << i) {
            free(row->cells[i]);
            row->cells[i] = SDS_TAKE(cells->text[i]);
        }
}

/* ---- rows --------------------------------------------------------------------------------- */

static uint64_t hash_text(const struct sds_rows *rows, const char *text)
{
    return text ? sds_siphash(&rows->key, text, strlen(text), true) : 0;
}

/* Of what sds_service_cmp() compares. */
static uint64_t hash_service(const struct sds_rows *rows, const struct sds_service *s)
{
    uint64_t parts[] = {sds_siphash(&rows->key, s->instance.p, s->instance.len, true),
                        hash_text(rows, s->type), hash_text(rows, s->domain)};

    return sds_siphash(&rows->key, parts, sizeof(parts), false);
}

struct sds_row *sds_rows_find(const struct sds_rows *rows, const struct sds_service *service)
{
    struct sds_hash_node *node = sds_hash_first(&rows->by_name, hash_service(rows, service));

    for (; node; node = sds_hash_next(node)) {
        struct sds_row *row = SDS_CONTAINER(node, struct sds_row, node);

        if (sds_service_cmp(row->service, service) == 0)
            return row;
    }
    return NULL;
}

static void row_free(struct sds_row *row)
{
    for (enum sds_cell i = 0; i < SDS_CELL__COUNT; i++)
        free(row->cells[i]);
    sds_service_free(row->service);
    sds_result_done(&row->result);
    free(row);
}

static void forget(struct sds_rows *rows, struct sds_row *row)
{
    struct sds_row *last = rows->list.v[--rows->list.n];

    rows->list.v[row->at] = last;
    last->at = row->at;
    if (sds_row_is_gone(row))
        sds_heap_remove(&rows->gone, &row->by_gone);
    sds_hash_remove(&rows->by_name, &row->node);
    row_free(row);
}

static struct sds_row *first_gone(const struct sds_rows *rows)
{
    return SDS_CONTAINER(sds_heap_first(&rows->gone), struct sds_row, by_gone);
}

/* A row of which all but its name is still to be told; NULL when out of memory. */
static struct sds_row *add_row(struct sds_rows *rows, const struct sds_service *service)
{
    struct sds_row *row = calloc(1, sizeof(*row));

    if (!row || !sds_arr_push(&rows->list, row)) {
        free(row);
        return NULL;
    }
    if (!sds_hash_add(&rows->by_name, &row->node, hash_service(rows, service))) {
        rows->list.n--;
        free(row);
        return NULL;
    }
    row->at = rows->list.n - 1;
    return row;
}

static void put_result(struct sds_row *row, struct sds_result *result)
{
    sds_result_done(&row->result);
    row->is_checked = result;
    row->result = result ? *result : (struct sds_result){0};
    row->n_findings = sds_n_counting(&row->result);
    row->worst = sds_result_worst(&row->result);
    if (result)
        *result = (struct sds_result){0};
}

SDS_DEFINE_FREEP(struct sds_service, sds_service_free)

/* Whether what becomes of a row that is there deserves to be marked. */
static bool is_news(const struct sds_row *row, const struct sds_event *event,
                    const struct sds_result *result, unsigned changes)
{
    return sds_event_is_news(&(struct sds_event){
        .kind = SDS_EVENT_CHANGED,
        .service = event->service,
        .was = row->service,
        .result = result,
        .before = result && row->is_checked ? &row->result : NULL,
        .changes = changes,
    });
}

static void mark(struct sds_row *row, enum sds_event_kind last, int64_t time_ms, unsigned changes)
{
    row->last = last;
    row->last_ms = time_ms;
    row->changes = changes;
}

/* Added or changed: it is here. */
static int take_present(struct sds_rows *rows, const struct sds_event *event,
                        struct sds_result *result, struct sds_row **ret)
{
    SDS_CLEANUP(new_cells_done) struct new_cells cells = {0};
    SDS_CLEANUP(sds_service_freep) struct sds_service *service = sds_service_dup(event->service);
    struct sds_row *row = sds_rows_find(rows, event->service);
    bool comes = !row || sds_row_is_gone(row);
    unsigned changes = row ? sds_service_diff(row->service, event->service) : ~0u;

    if (!service || make_service_cells(service, changes, &cells) < 0 ||
        make_result_cells(result, &cells) < 0)
        return -ENOMEM;
    if (!row)
        row = add_row(rows, service);
    else if (comes)
        sds_heap_remove(&rows->gone, &row->by_gone);
    if (!row)
        return -ENOMEM;
    if (comes)
        mark(row, SDS_EVENT_ADDED, event->time_ms, 0);
    else if (is_news(row, event, result, changes))
        mark(row, SDS_EVENT_CHANGED, event->time_ms, changes);
    put_cells(row, &cells);
    put_result(row, result);
    sds_service_free(row->service);
    row->service = SDS_TAKE(service);
    if (comes) {
        row->added_ms = event->time_ms;
        row->is_new = rows->is_settled;
    }
    *ret = row;
    return 0;
}

/* The row stays what it was, with what was found of it. */
static int take_removed(struct sds_rows *rows, const struct sds_event *event, struct sds_row **ret)
{
    struct sds_row *row = sds_rows_find(rows, event->service);

    if (row && !sds_row_is_gone(row)) {
        if (rows->gone.n >= SDS_ROWS_GONE_MAX)
            forget(rows, first_gone(rows));
        if (!sds_heap_add(&rows->gone, &row->by_gone, event->time_ms))
            return -ENOMEM;
        mark(row, SDS_EVENT_REMOVED, event->time_ms, 0);
    }
    *ret = row;
    return 0;
}

static int take(struct sds_rows *rows, const struct sds_event *event, struct sds_result *result,
                struct sds_row **ret)
{
    switch (event->kind) {
    case SDS_EVENT_ADDED:
    case SDS_EVENT_CHANGED:
        return take_present(rows, event, result, ret);
    case SDS_EVENT_REMOVED:
        return take_removed(rows, event, ret);
    case SDS_EVENT_SETTLED:
        rows->is_settled = true;
        break;
    default:
        break;
    }
    *ret = NULL;
    return 0;
}

int sds_rows_take(struct sds_rows *rows, const struct sds_event *event, struct sds_result *result,
                  struct sds_row **ret)
{
    int r = take(rows, event, result, ret);

    if (result)
        sds_result_done(result); /* unless a row has it now */
    return r;
}

struct sds_row *const *sds_rows_list(const struct sds_rows *rows, size_t *ret_n)
{
    *ret_n = rows->list.n;
    return rows->list.v;
}

int64_t sds_rows_first_gone_ms(const struct sds_rows *rows)
{
    return rows->gone.n ? first_gone(rows)->last_ms : INT64_MAX;
}

bool sds_rows_forget_gone(struct sds_rows *rows, int64_t before_ms)
{
    size_t n = rows->gone.n;

    while (sds_rows_first_gone_ms(rows) < before_ms)
        forget(rows, first_gone(rows));
    return rows->gone.n < n;
}

void sds_rows_clear(struct sds_rows *rows)
{
    while (rows->list.n > 0)
        forget(rows, rows->list.v[rows->list.n - 1]);
    rows->is_settled = false;
}

struct sds_row_counts sds_rows_count(const struct sds_rows *rows)
{
    struct sds_row_counts counts = {.gone = rows->gone.n, .here = rows->list.n - rows->gone.n};

    for (size_t i = 0; i < rows->list.n; i++) {
        const struct sds_row *row = rows->list.v[i];

        if (sds_row_is_gone(row))
            continue;
        counts.severities[row->worst]++;
        if (row->result.has_verdict)
            counts.verdicts[row->result.verdict]++;
        else
            counts.unjudged++;
    }
    return counts;
}
