/* SPDX-License-Identifier: MIT */
#include "watch/log.h"

#include <errno.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/text.h"
#include "report/change.h"
#include "report/part.h"
#include "report/subject.h"
#include "sdscope/service.h"

struct sds_log {
    struct sds_log_entry ring[SDS_LOG_MAX];
    size_t first, n, n_ever;
};

static void entry_done(struct sds_log_entry *entry)
{
    free(entry->text);
    sds_service_free(entry->service);
    *entry = (struct sds_log_entry){0};
}

struct sds_log *sds_log_new(void)
{
    return calloc(1, sizeof(struct sds_log));
}

struct sds_log *sds_log_free(struct sds_log *log)
{
    if (!log)
        return NULL;
    for (size_t i = 0; i < SDS_LOG_MAX; i++)
        entry_done(&log->ring[i]);
    free(log);
    return NULL;
}

/* ---- words -------------------------------------------------------------------------------- */

static int write_words(const char *words, FILE *out)
{
    if (!words)
        return -ENOMEM;
    if (*words)
        fprintf(out, "  %s", words);
    return 0;
}

/* What happened to a service, or what is wrong with one that came. */
static int write_what(const struct sds_event *event, const char *arrow, FILE *out)
{
    SDS_CLEANUP(sds_freep) char *words = NULL;

    if (event->kind == SDS_EVENT_REMOVED)
        return 0;
    words = event->kind == SDS_EVENT_CHANGED ? sds_change_describe(event, arrow)
                                             : sds_worst_format(event->result);
    return write_words(words, out);
}

static int write_event(const struct sds_event *event, const char *arrow, FILE *out, size_t *what)
{
    const struct sds_service *s = event->service;
    int r = 0;

    *what = 0;
    if (s) {
        r = sds_part_put(s, SDS_PART_TYPE, out);
        fputs("  ", out);
        sds_part_put(s, SDS_PART_INSTANCE, out);
        *what = (size_t)ftell(out);
        if (r == 0)
            r = write_what(event, arrow, out);
    } else {
        fputs(sds_event_sentence(event->kind), out);
    }
    if (event->message)
        fprintf(out, ": %s", event->message);
    return r;
}

/* Malloc'ed; NULL when out of memory. @what  see struct sds_log_entry */
static char *describe(const struct sds_event *event, const char *arrow, size_t *what)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    int r;

    if (!out)
        return NULL;
    r = write_event(event, arrow, out, what);
    if (!fclose(out) && r == 0)
        return text;
    free(text);
    return NULL;
}

/* ---- entries ------------------------------------------------------------------------------ */

static struct sds_log_entry *at(const struct sds_log *log, size_t i)
{
    return (struct sds_log_entry *)&log->ring[(log->first + i) % SDS_LOG_MAX];
}

/* Takes the entry. */
static void push(struct sds_log *log, struct sds_log_entry entry)
{
    if (log->n == SDS_LOG_MAX) {
        entry_done(at(log, 0));
        log->first = (log->first + 1) % SDS_LOG_MAX;
        log->n--;
    }
    *at(log, log->n++) = entry;
    log->n_ever++;
}

int sds_log_take(struct sds_log *log, const struct sds_event *event, const char *arrow)
{
    struct sds_log_entry entry = {
        .time_ms = event->time_ms,
        .kind = event->kind,
        .worst = event->result ? sds_result_worst(event->result) : SDS_SEV_OFF,
    };

    entry.text = describe(event, arrow, &entry.what);
    if (entry.text && event->service)
        entry.service = sds_service_dup_name(event->service);
    if (!entry.text || (event->service && !entry.service)) {
        entry_done(&entry);
        return -ENOMEM;
    }
    push(log, entry);
    return 0;
}

void sds_log_move(struct sds_log *log, struct sds_log *from)
{
    log->n_ever += from->n_ever - from->n;
    for (size_t i = 0; i < from->n; i++) {
        push(log, *at(from, i));
        *at(from, i) = (struct sds_log_entry){0};
    }
    from->n = from->n_ever = 0;
}

size_t sds_log_n(const struct sds_log *log)
{
    return log->n;
}

size_t sds_log_n_ever(const struct sds_log *log)
{
    return log->n_ever;
}

const struct sds_log_entry *sds_log_at(const struct sds_log *log, size_t i)
{
    return at(log, i);
}

void sds_log_cut(struct sds_log *log, int64_t after_ms)
{
    while (log->n > 0 && at(log, log->n - 1)->time_ms > after_ms) {
        log->n--;
        log->n_ever--;
        entry_done(at(log, log->n));
    }
}
