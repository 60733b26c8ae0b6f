/* SPDX-License-Identifier: MIT */
#ifndef SDS_WATCH_ROW_H
#define SDS_WATCH_ROW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/hash.h"
#include "report/report.h"

/* The columns of the list. */
enum sds_cell {
    SDS_CELL_TYPE,
    SDS_CELL_INSTANCE,
    SDS_CELL_HOST,
    SDS_CELL_ADDRESS, /* the first address, and the port */
    SDS_CELL_VERDICT,
    SDS_CELL_FINDING, /* the worst, and how many there are */
    SDS_CELL_AGE,     /* since it came, changed last, or went; no text of its own */
    SDS_CELL__COUNT
};

/* A service on the screen, and what became of it. */
struct sds_row {
    struct sds_hash_node node;
    struct sds_service *service; /* as it is, or was when it went */
    struct sds_result result;    /* zeroed where nothing was checked */
    bool is_checked, is_marked;
    enum sds_event_kind last; /* what happened to it last: added, changed, removed ... */
    int64_t last_ms;          /* ... and when, since 1970 */
    int64_t added_ms;
    unsigned changes;             /* for changed: a set of enum sds_part */
    char *cells[SDS_CELL__COUNT]; /* safe to print; NULL: empty */
};

/* All services that the screen knows. */
struct sds_rows;

/* NULL when out of memory. */
struct sds_rows *sds_rows_new(void);
struct sds_rows *sds_rows_free(struct sds_rows *rows);

/**
 * Take in what happened to a service. What is gone stays, until it is forgotten or comes back.
 *
 * @event   added, changed or removed; the service is copied
 * @result  of the service, which is taken and left zeroed; NULL: nothing was checked
 * @ret     the row, as it is now; not set on error
 * Returns 0 or -ENOMEM.
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

void sds_rows_clear(struct sds_rows *rows);

/* How many are there (not gone), by verdict; and without one. */
struct sds_row_counts {
    size_t here, gone, unjudged;
    size_t verdicts[SDS_VERDICT__COUNT];
    size_t severities[SDS_SEV__COUNT]; /* services whose worst finding that is */
};

struct sds_row_counts sds_rows_count(const struct sds_rows *rows);

static inline bool sds_row_is_gone(const struct sds_row *row)
{
    return row->last == SDS_EVENT_REMOVED;
}

#endif
