/* SPDX-License-Identifier: MIT */
#ifndef SDS_WATCH_LOG_H
#define SDS_WATCH_LOG_H

#include <stddef.h>
#include <stdint.h>

#include "report/report.h"

#define SDS_LOG_MAX 1000 /* entries; the oldest make room */

/* A line of the event log. */
struct sds_log_entry {
    int64_t time_ms; /* since 1970 */
    enum sds_event_kind kind;
    enum sds_severity worst; /* of what it is about; SDS_SEV_OFF: nothing, or not known */
    char *text;              /* safe to print */
    size_t what;             /* from here on it says what happened to whom the text before names */
    struct sds_service *service; /* to whom: its name alone; NULL: to the source */
};

/* What happened, the latest last. */
struct sds_log;

/* NULL when out of memory. */
struct sds_log *sds_log_new(void);
struct sds_log *sds_log_free(struct sds_log *log);

/**
 * Note an event of any kind: "type  instance  what changed", or what is wrong with what came.
 *
 * @arrow  see sds_change_describe()
 * Returns 0, or -ENOMEM with the log as it was.
 */
int sds_log_take(struct sds_log *log, const struct sds_event *event, const char *arrow);

size_t sds_log_n(const struct sds_log *log);
/* How many there ever were, those that made room among them; not those that were cut off. */
size_t sds_log_n_ever(const struct sds_log *log);

/* The @i-th that is kept, 0 the oldest. */
const struct sds_log_entry *sds_log_at(const struct sds_log *log, size_t i);

/* Append all of another log, which is empty then; what it let go of counts, too. */
void sds_log_move(struct sds_log *log, struct sds_log *from);

/* Forget what happened after a time: the watch went back to it. */
void sds_log_cut(struct sds_log *log, int64_t after_ms);

#endif
