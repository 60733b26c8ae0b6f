/* SPDX-License-Identifier: MIT */
#ifndef SDS_REPORT_REPORT_H
#define SDS_REPORT_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "files/event.h"
#include "sdscope/check.h"
#include "sdscope/registry.h"
#include "sdscope/service.h"

struct sds_baseline;
struct sds_baseline_entry;
struct sds_domains;

/* How discovery went; everything is borrowed. Reasons and notes are UTF-8 and safe to print. */
struct sds_scan {
    const char *source;       /* "avahi", "embedded", "file", "arguments" */
    const char *const *types; /* that were asked for; none: all, or not known */
    size_t n_types;
    const char *domain; /* that was asked; NULL: "local", or not known */
    int64_t started_ms; /* since 1970, UTC */
    int64_t duration_ms;
    bool is_complete;
    const char *const *reasons; /* why it is not complete; in its own words */
    size_t n_reasons;
    const char *const *notes; /* worth knowing, though complete */
    size_t n_notes;
    const char *const *interfaces; /* where services were seen */
    size_t n_interfaces;
    bool counts_queries;                     /* the next three are known */
    uint64_t n_query_packets, n_query_bytes; /* that sdscope sent to find them */
    bool is_beside_avahi;                    /* Avahi has asked too, uncounted */
};

/* Whether services came from the network, and not from a file or from arguments. */
bool sds_scan_is_live(const struct sds_scan *scan);

/* A service, and what the rules say of it. */
struct sds_report_item {
    const struct sds_service *service;
    const struct sds_result *result;        /* NULL where nothing was checked */
    const char *file;                       /* that it was read from; NULL: none */
    int line, column;                       /* where it stands in it */
    const struct sds_service *const *peers; /* that its file lists beside it; NULL: it lists none */
    size_t n_peers;
};

/* A file, and what the rules say of it rather than of a service in it. */
struct sds_report_file {
    const char *path;
    const struct sds_result *result;
};

enum sds_group { SDS_GROUP_HOST, SDS_GROUP_TYPE };

/* How text looks; machine formats do not care. */
struct sds_style {
    bool color;
    size_t width; /* columns; 0: no limit */
    enum sds_group group;
    bool details;  /* show every record, not only what matters */
    bool is_ascii; /* signs of our own, too */
};

/* Everything that one run has to say. All is borrowed. */
struct sds_report {
    const char *command; /* "audit" */
    const struct sds_scan *scan;
    const struct sds_registry *registry; /* NULL: none was consulted */
    const struct sds_ruleset *rules;     /* those that ran; NULL: not known */
    const struct sds_report_item *items;
    size_t n_items;
    const struct sds_report_file *files;
    size_t n_files;
    const char *policy;               /* its path; NULL: none */
    const struct sds_baseline *found; /* the findings, to be written as a baseline; or NULL */
    bool has_baseline;                /* with which the findings were compared */
    bool is_gone_known;
    const struct sds_baseline_entry *const *gone; /* since the baseline */
    size_t n_gone;
    const struct sds_domains *domains; /* what was looked for, in place of services; or NULL */
    const struct sds_style *style;
};

/* Counts over the items and files of a report. */
struct sds_summary {
    size_t services;
    size_t verdicts[SDS_VERDICT__COUNT];
    size_t severities[SDS_SEV__COUNT];
    size_t ignored;  /* findings that the policy ignores; in no severity */
    size_t known;    /* findings that the baseline has; likewise */
    bool is_checked; /* something has a result */
};

void sds_report_summarize(const struct sds_report *report, struct sds_summary *ret);

/* Services and files of which the rule sds_rule_at(@rule) could not be evaluated. */
size_t sds_report_not_evaluated(const struct sds_report *report, size_t rule);

struct sds_event {
    enum sds_event_kind kind;
    int64_t time_ms;                   /* since 1970, UTC */
    const struct sds_service *service; /* NULL for settled, lost, back and ended */
    const struct sds_service *was;     /* of changed: what it was before; NULL: not known */
    const struct sds_result *result;   /* NULL where nothing was checked */
    const struct sds_result *before;   /* of changed: what was found before; NULL: not known */
    unsigned changes;                  /* for changed: a set of enum sds_part */
    const char *message;               /* lost: why; settled, ended: what may be missing; or NULL */
};

/* What an event says that is not of a service: "discovery has stopped"; else NULL. */
const char *sds_event_sentence(enum sds_event_kind kind);

/* Findings that an event brought, or took away, one a call from *@next = 0 on; NULL: no more. */
typedef const struct sds_finding *sds_next_finding(const struct sds_event *event, size_t *next);
sds_next_finding sds_event_next_added, sds_event_next_gone;

/* Whether an operator wants to hear of it: a change that mends or breaks no rule, and brings nothing
 * but evidence that was not known before, is none to somebody who looks on. */
bool sds_event_is_news(const struct sds_event *event);

/* A format of reports, of events, or of both: a member that it lacks is NULL. All return 0, or a
 * negative errno; whether @out took the bytes is for the caller to ask of @out. */
struct sds_format {
    const char *name;    /* the word after --format */
    const char *help;    /* one line, lower case, no full stop */
    bool needs_findings; /* it has nothing to say of services that nobody checked */
    bool lists_alone;    /* it has no place for whether these are all */
    int (*report)(const struct sds_report *report, FILE *out);
    int (*event)(const struct sds_event *event, const struct sds_style *style, FILE *out);
    int (*domains)(const struct sds_report *report, FILE *out); /* a report of these */
};

/* The format of that name; NULL when there is none. */
const struct sds_format *sds_format_find(const char *name);

/* All formats, in the order in which help lists them; NULL past the end. */
const struct sds_format *sds_format_at(size_t i);

#endif
