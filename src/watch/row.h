/* SPDX-License-Identifier: MIT */
#ifndef SDS_WATCH_ROW_H
#define SDS_WATCH_ROW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/hash.h"
#include "base/heap.h"
#include "report/report.h"

#define SDS_ROWS_GONE_MAX 10000 /* rows of what is gone; the first to go is forgotten first */

/* The columns of the list. */
enum sds_cell {
    SDS_CELL_TYPE,
    SDS_CELL_INSTANCE,
    SDS_CELL_HOST,
    SDS_CELL_ADDRESS, /* an address, the port, and how many addresses more there are */
    SDS_CELL_VERDICT,
    SDS_CELL_FINDING, /* the worst, and how many more; its severity stands among the signs */
    SDS_CELL_AGE,     /* since it came, changed last, or went; no text of its own */
    SDS_CELL__COUNT
};

/* A service on the screen, and what became of it. */
struct sds_row {
    struct sds_hash_node node;
    struct sds_heap_node by_gone; /* where it is gone */
    size_t at;                    /* in the list */
    struct sds_service *service;  /* as it is, or was when it went */
    struct sds_result result;     /* zeroed where nothing was checked */
    size_t n_findings;            /* that count */
    enum sds_severity worst;      /* of these; SDS_SEV_OFF: there is none */
    bool is_checked, is_marked;
    bool is_new;              /* it came after discovery had settled */
    enum sds_event_kind last; /* what happened to it last: added, changed, removed ... */
    int64_t last_ms;          /* ... and when, since 1970 */
    int64_t added_ms;
    unsigned changes;             /* for changed: what differs; a set of enum sds_part */
    char *cells[SDS_CELL__COUNT]; /* safe to print; NULL: empty. "?": not known, "-": not there */
};

/* All services that the screen knows. */
struct sds_rows;

/* NULL when out of memory. */
struct sds_rows *sds_rows_new(void);
struct sds_rows *sds_rows_free(struct sds_rows *rows);

/**
 * Take in what happened. What is gone stays, until it is forgotten or comes back: then it is added
 * again. A change of what is not there adds it, and adding what is there changes it.
 *
 * @event   added, changed or removed: the service is copied. Settled: what comes from now on is
 * new. All else is passed over
 * @result  of the service, which is taken and left zeroed, also on error; NULL: nothing was checked
 * @ret     the row, as it is now; NULL where the event is of none. Not set on error
 * Returns 0, or -ENOMEM with the rows as they were.
 */
int sds_rows_take(struct sds_rows *rows, const struct sds_event *event, struct sds_result *result,
                  struct sds_row **ret);

/* The row of the same name, type and domain; NULL where there is none. */
struct sds_row *sds_rows_find(const struct sds_rows *rows, const struct sds_service *service);

/* In no order; valid until a row is taken in or forgotten. */
struct sds_row *const *sds_rows_list(const struct sds_rows *rows, size_t *ret_n);

/* Forget what went before @before_ms; INT64_MAX: all that is gone. Returns whether any was. */
bool sds_rows_forget_gone(struct sds_rows *rows, int64_t before_ms);

/* When the row that went first did; INT64_MAX where none is gone. */
int64_t sds_rows_first_gone_ms(const struct sds_rows *rows);

/* Forget all, and that discovery had settled. */
void sds_rows_clear(struct sds_rows *rows);

/* How many there are. All but gone is of what is here. */
struct sds_row_counts {
    size_t here, gone, unjudged; /* unjudged: has no verdict */
    size_t verdicts[SDS_VERDICT__COUNT];
    size_t severities[SDS_SEV__COUNT]; /* services whose worst finding that is */
};

struct sds_row_counts sds_rows_count(const struct sds_rows *rows);

/* The address to show of several: the first that reaches past the link; NULL where there is none.
 */
const struct sds_address *sds_row_address(const struct sds_service *service);

static inline bool sds_row_is_gone(const struct sds_row *row)
{
    return row->last == SDS_EVENT_REMOVED;
}

#endif
