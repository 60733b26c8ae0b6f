/* SPDX-License-Identifier: MIT */
#ifndef SDS_CMD_CMD_H
#define SDS_CMD_CMD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arr.h"
#include "base/mem.h"
#include "cmd/until.h"
#include "report/report.h"
#include "sdscope/check.h"
#include "sdscope/registry.h"

struct sds_clock;
struct sds_policy;

/* What the program tells its caller; a contract with scripts. */
enum sds_exit {
    SDS_EXIT_OK,
    SDS_EXIT_FINDINGS,   /* something at or above --fail-on */
    SDS_EXIT_USAGE,      /* usage, configuration, unreadable input, unwritable output */
    SDS_EXIT_NO_SOURCE,  /* no source could be used */
    SDS_EXIT_INCOMPLETE, /* discovery did not see everything */
};

/* A report that is wanted, and where. */
struct sds_output {
    const struct sds_format *format;
    const char *path; /* NULL: standard output */
};

/* What the command line says; all is borrowed from it. */
struct sds_opts {
    const struct sds_cmd *cmd;
    char **args;
    int n_args;
    bool wants_help, wants_formats;

    const struct sds_format *format; /* the last --format that no --output took yet */
    SDS_ARR(struct sds_output) outputs;
    enum { SDS_COLOR_AUTO, SDS_COLOR_ALWAYS, SDS_COLOR_NEVER } color;
    enum sds_group group;
    bool details;

    const char *source, *interface, *domain;
    const char *pcap; /* a capture in place of a live source */
    int family;       /* AF_INET, AF_INET6 or AF_UNSPEC */
    long timeout_ms;  /* 0: none was given */
    bool allow_partial, deep, domains;
    double speed; /* -1: none was given */
    SDS_ARR(struct sds_until) until;
    bool force;
    bool no_mouse, ascii; /* of the screen */

    SDS_ARR(const char *) registries;
    SDS_ARR(const struct sds_rule *) enable, disable;
    bool all_rules, wire_rules, facts;
    const char *persons_of;    /* a registry's path, or NULL */
    int strictness;            /* enum sds_strictness, or -1 */
    enum sds_severity fail_on; /* SDS_SEV_OFF: never */

    const char *policy; /* a path, "none", or NULL: where policies are searched */
    const char *baseline, *write_baseline; /* paths, or NULL */
    bool shows_ignored;

    SDS_ARR(const char *) from;
    const char *origin; /* of zone files */
    bool live;
    const char *exec, *expect;
    const char *instance, *host;
    SDS_ARR(const char *) subtypes;
    long port; /* -1: unknown */

    const char *url, *ca_file;
    bool dnssd, with_txt;
    const char *transport;
    int status; /* enum sds_record_status, or -1 */
    const char *description, *assignee, *contact, *reference;

    uint64_t given; /* set of the rows of the table of options that were there */
};

/* Which commands know an option. */
enum sds_cmd_bit {
    SDS_CMD_BROWSE = 1u << 0,
    SDS_CMD_AUDIT = 1u << 1,
    SDS_CMD_CHECK = 1u << 2,
    SDS_CMD_WATCH = 1u << 3,
    SDS_CMD_REGISTRY = 1u << 4,
    SDS_CMD_EXPLAIN = 1u << 5,
    SDS_CMD_RULES = 1u << 6,
    SDS_CMD_DEMO = 1u << 7,
    SDS_CMD_RECORD = 1u << 8,
    SDS_CMD_FOLLOWS = SDS_CMD_WATCH | SDS_CMD_DEMO,
    SDS_CMD_LIVE = SDS_CMD_BROWSE | SDS_CMD_AUDIT | SDS_CMD_FOLLOWS | SDS_CMD_RECORD,
    SDS_CMD_ASKS = SDS_CMD_BROWSE | SDS_CMD_AUDIT | SDS_CMD_WATCH | SDS_CMD_RECORD,
    SDS_CMD_JUDGES = SDS_CMD_AUDIT | SDS_CMD_CHECK | SDS_CMD_FOLLOWS,
    SDS_CMD_REPORTS = SDS_CMD_BROWSE | SDS_CMD_AUDIT | SDS_CMD_CHECK,
    SDS_CMD_ANSWERS = SDS_CMD_REGISTRY | SDS_CMD_EXPLAIN | SDS_CMD_RULES,
    SDS_CMD_ALL = (1u << 10) - 1, /* and every part of one: --color, --help */
};

struct sds_cmd {
    const char *name;
    enum sds_cmd_bit bit;
    const char *args;                        /* synopsis of the arguments */
    const char *help;                        /* one line, lower case, no full stop */
    const char *about;                       /* paragraphs for --help */
    int min_args, max_args;                  /* max -1: any number */
    int (*run)(const struct sds_opts *opts); /* returns enum sds_exit */
};

/* Sorted by name; NULL past the end. */
const struct sds_cmd *sds_cmd_at(size_t i);

/**
 * Read the command line by the one table of options.
 *
 * @opts  release with sds_opts_done(), also after an error
 * Returns 0, or -EINVAL when it has said what is wrong with the command line.
 */
int sds_opts_parse(int argc, char **argv, const struct sds_cmd *cmd, struct sds_opts *opts);
/* Whether the source is a recording, and not the network. */
bool sds_opts_replay(const struct sds_opts *opts);

void sds_opts_done(struct sds_opts *opts);

/* The first option on the command line that is not among @known, words between spaces; --color and
 * --help always are. NULL where there is none. */
const char *sds_opts_stray(const struct sds_opts *opts, const char *known);

/* The formats that a command knows, one a line: what `--format help` asks for. */
void sds_opts_formats(const struct sds_cmd *cmd, FILE *out);

/* Help of one command, made from its row and the rows of the options that it knows. */
void sds_opts_help(const struct sds_cmd *cmd, FILE *out);

/* The same page for a part of a command: its usage after "sdscope", paragraphs, and the options in
 * @known alone, unless that is NULL. */
void sds_help_page(const struct sds_cmd *cmd, const char *usage, const char *about,
                   const char *known, FILE *out);

/* Help of the whole program. */
void sds_program_help(FILE *out);

/* Say what failed, in one line on standard error that is safe to print; returns @r. */
int sds_fail(int r, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The nearest of @n words, for "did you mean"; NULL when none is near. */
const char *sds_nearest(const char *word, const char *(*word_at)(size_t i, const void *closure),
                        const void *closure);

/* The rule of this id or name; NULL when it has said that there is none. */
const struct sds_rule *sds_need_rule(const char *word);

/* The registries that the options name, or the default one; warns when it is more than a year old.
 * Says what is wrong; -EINVAL then. */
int sds_opts_registry(const struct sds_opts *opts, const struct sds_clock *clock,
                      struct sds_registry **ret);

/* The one registry of a word such as "builtin", or of a file; NULL: the default one. The same. */
int sds_open_registry(const char *word, struct sds_registry **ret);

/* Whether --registry takes it for one of its words, and not for a file. */
bool sds_is_registry_word(const char *word);

/* The rules that the options choose, with the severities of a policy, which may be NULL; NULL when
 * out of memory. */
struct sds_ruleset *sds_opts_rules(const struct sds_opts *opts, const struct sds_policy *policy);

/* The exit status that results ask for. */
enum sds_exit sds_opts_verdict(const struct sds_opts *opts, const struct sds_report *report);

SDS_DEFINE_FREEP(struct sds_registry, sds_registry_free)
SDS_DEFINE_FREEP(struct sds_ruleset, sds_ruleset_free)
SDS_DEFINE_FREEP(struct sds_service, sds_service_free)

/* List the domains that the network recommends; returns enum sds_exit. */
int sds_browse_domains(const struct sds_opts *opts);

int sds_cmd_audit(const struct sds_opts *opts);
int sds_cmd_browse(const struct sds_opts *opts);
int sds_cmd_check(const struct sds_opts *opts);
int sds_cmd_explain(const struct sds_opts *opts);
int sds_cmd_record(const struct sds_opts *opts);
int sds_cmd_registry(const struct sds_opts *opts);
int sds_cmd_rules(const struct sds_opts *opts);
int sds_cmd_watch(const struct sds_opts *opts);

#endif
