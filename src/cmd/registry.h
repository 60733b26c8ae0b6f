/* SPDX-License-Identifier: MIT */
#ifndef SDS_CMD_REGISTRY_H
#define SDS_CMD_REGISTRY_H

#include "cmd/answer.h"
#include "cmd/cmd.h"

struct sds_pen;

/* What `registry` can do: a row of a table from which dispatch and help are made. */
struct sds_action {
    const char *word;
    const char *args;       /* synopsis of the arguments after the word */
    const char *help;       /* one line, lower case, no full stop */
    const char *about;      /* paragraphs for --help */
    const char *options;    /* that it knows, words between spaces */
    int min_args, max_args; /* max -1: any number */
    bool has_registry;      /* works on the registries of the options; else gets NULL */
    int (*run)(const struct sds_registry *registry, const struct sds_opts *opts);
};

/* Arguments of an action: those after its word. */
#define SDS_ACTION_ARGS(opts)   ((opts)->args + 1)
#define SDS_ACTION_N_ARGS(opts) ((opts)->n_args - 1)

int sds_registry_show(const struct sds_registry *registry, const struct sds_opts *opts);
int sds_registry_search(const struct sds_registry *registry, const struct sds_opts *opts);
int sds_registry_list(const struct sds_registry *registry, const struct sds_opts *opts);
int sds_registry_stats(const struct sds_registry *registry, const struct sds_opts *opts);
int sds_registry_diff(const struct sds_registry *registry, const struct sds_opts *opts);
int sds_registry_draft(const struct sds_registry *registry, const struct sds_opts *opts);
int sds_registry_lint(const struct sds_registry *registry, const struct sds_opts *opts);
int sds_registry_fetch(const struct sds_registry *registry, const struct sds_opts *opts);

/* Help of `registry`, or of the action @word where it is one; NULL: of all. */
void sds_registry_help(const char *word, FILE *out);

/* Title, date, records and origin of each table, a line a table. */
void sds_registry_tell(const struct sds_registry *registry, const struct sds_pen *pen);

/* `ipp`, `_ipp` and `_ipp._tcp` all mean the name. @type holds what the result points to. */
struct sds_span sds_name_of_word(const char *word, struct sds_type *type);

#endif
