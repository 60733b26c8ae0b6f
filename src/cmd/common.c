/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/near.h"
#include "base/text.h"
#include "cmd/cmd.h"
#include "policy/policy.h"
#include "registry/stored.h"

int sds_fail(int r, const char *format, ...)
{
    SDS_CLEANUP(sds_freep) char *text = NULL;
    SDS_CLEANUP(sds_freep) char *safe = NULL;
    va_list args;

    fflush(stdout);
    va_start(args, format);
    if (vasprintf(&text, format, args) < 0)
        text = NULL;
    va_end(args);
    if (text)
        safe = sds_text_dup_name(text); /* what is escaped already stays as it is */
    fprintf(stderr, "sdscope: %s\n", safe ? safe : "out of memory");
    return r;
}

const char *sds_nearest(const char *word, const char *(*word_at)(size_t i, const void *closure),
                        const void *closure)
{
    struct sds_near near = sds_near_begin(word, strlen(word));
    const char *candidate;

    for (size_t i = 0; (candidate = word_at(i, closure)); i++)
        sds_near_offer(&near, candidate, strlen(candidate));
    return near.best; /* as @word_at gave it, with its NUL */
}

static const char *rule_word_at(size_t i, const void *closure)
{
    (void)closure;
    if (i < sds_n_rules())
        return sds_rule_at(i)->name;
    i -= sds_n_rules();
    return i < sds_n_rules() ? sds_rule_at(i)->id : NULL;
}

/* The rule whose number alone was given; NULL when it is none. */
static const char *rule_of_number(const char *word)
{
    SDS_CLEANUP(sds_freep) char *id = sds_text_format("SD%s", word);
    const struct sds_rule *rule = id ? sds_rule_find(id) : NULL;

    return rule ? rule->id : NULL;
}

/* The only rule whose name has the word in it; NULL when there is none, or more than one. */
static const char *rule_of_part(const char *word)
{
    const char *found = NULL;

    for (size_t i = 0; i < sds_n_rules() && *word; i++) {
        const char *name = sds_rule_at(i)->name;

        if (!strcasestr(name, word))
            continue;
        if (found)
            return NULL;
        found = name;
    }
    return found;
}

const struct sds_rule *sds_need_rule(const char *word)
{
    const struct sds_rule *rule = sds_rule_find(word);
    const char *near;

    if (rule)
        return rule;
    near = rule_of_number(word);
    if (!near)
        near = rule_of_part(word);
    if (!near)
        near = sds_nearest(word, rule_word_at, NULL);
    if (near)
        sds_fail(0, "unknown rule '%s': did you mean '%s'?", word, near);
    else
        sds_fail(0, "unknown rule '%s': 'sdscope rules' lists them", word);
    return NULL;
}

static void log_load(void *userdata, const struct sds_load_message *message)
{
    (void)userdata;
    if (message->column)
        sds_fail(0, "%s:%zu:%zu: %s", message->file, message->line, message->column, message->text);
    else if (message->line)
        sds_fail(0, "%s:%zu: %s", message->file, message->line, message->text);
    else
        sds_fail(0, "%s: %s", message->file, message->text);
}

static int add_updated(struct sds_registry *registry)
{
    SDS_CLEANUP(sds_freep) char *folder = sds_stored_folder();
    int r = folder ? sds_registry_add_stored(registry, folder, log_load, NULL) : -ENOENT;

    if (r == -ENOENT)
        return sds_fail(-EINVAL, "there is no updated registry: 'sdscope registry update' fetches "
                                 "one");
    if (r < 0)
        return sds_fail(-EINVAL, "cannot load the updated registry in '%s': %s", folder,
                        r == -EINVAL ? "no record could be read" : strerror(-r));
    return 0;
}

bool sds_is_registry_word(const char *word)
{
    return strcmp(word, "none") == 0 || strcmp(word, "builtin") == 0 ||
           strcmp(word, "updated") == 0 || strcmp(word, "system") == 0;
}

static int add_registry(struct sds_registry *registry, const char *word)
{
    int r;

    if (strcmp(word, "none") == 0)
        return 0;
    if (strcmp(word, "updated") == 0)
        return add_updated(registry);
    if (strcmp(word, "builtin") == 0)
        r = sds_registry_add_builtin(registry);
    else
        r = sds_registry_load(registry, strcmp(word, "system") ? word : "/etc/services", log_load,
                              NULL);
    if (r == -EINVAL)
        return sds_fail(r, "cannot load registry '%s': no record could be read", word);
    if (r < 0)
        return sds_fail(-EINVAL, "cannot load registry '%s': %s", word, strerror(-r));
    return 0;
}

/* The date by which a table's age counts; NULL: of a file that the user names, it does not. */
static const char *date_of(const struct sds_registry *registry,
                           const struct sds_registry_table *table)
{
    SDS_CLEANUP(sds_freep) char *folder = sds_stored_folder();
    size_t len = folder ? strlen(folder) : 0;

    if (strcmp(table->origin, "builtin") == 0)
        return table->updated;
    if (!folder || strncmp(table->origin, folder, len) != 0 || table->origin[len] != '/')
        return NULL;
    return table->updated ? table->updated : sds_registry_newest(registry);
}

static void warn_of_age(const struct sds_registry *registry, int64_t wall_ms)
{
    for (size_t i = 0; i < sds_registry_n_tables(registry); i++) {
        struct sds_registry_table table = sds_registry_table_at(registry, i);
        const char *date = date_of(registry, &table);

        if (date && sds_date_is_old(date, wall_ms))
            sds_fail(0,
                     "the registry is of %s, more than a year old: 'sdscope registry update' "
                     "fetches the current one",
                     date);
    }
}

int sds_open_registry(const char *word, struct sds_registry **ret)
{
    SDS_CLEANUP(sds_freep) char *folder = NULL;
    SDS_CLEANUP(sds_registry_freep) struct sds_registry *registry = NULL;

    if (!word) {
        folder = sds_stored_folder();
        if (sds_registry_default(folder, log_load, NULL, ret) < 0)
            return sds_fail(-EINVAL, "out of memory");
        return 0;
    }
    registry = sds_registry_new();
    if (!registry)
        return sds_fail(-EINVAL, "out of memory");
    if (add_registry(registry, word) < 0)
        return -EINVAL;
    *ret = SDS_TAKE(registry);
    return 0;
}

int sds_opts_registry(const struct sds_opts *opts, const struct sds_clock *clock,
                      struct sds_registry **ret)
{
    SDS_CLEANUP(sds_registry_freep) struct sds_registry *registry = NULL;

    if (sds_open_registry(opts->registries.n ? opts->registries.v[0] : NULL, &registry) < 0)
        return -EINVAL;
    for (size_t i = 1; i < opts->registries.n; i++)
        if (add_registry(registry, opts->registries.v[i]) < 0)
            return -EINVAL;
    warn_of_age(registry, clock->wall_ms());
    *ret = SDS_TAKE(registry);
    return 0;
}

static bool is_wire_rule(const struct sds_rule *rule)
{
    return rule->needs & SDS_EVIDENCE_PACKETS;
}

struct sds_ruleset *sds_opts_rules(const struct sds_opts *opts, const struct sds_policy *policy)
{
    enum sds_strictness strictness =
        opts->cmd->bit == SDS_CMD_CHECK ? SDS_STRICTNESS_AUTHOR : SDS_STRICTNESS_LAN;
    struct sds_ruleset *set;

    if (opts->strictness >= 0)
        strictness = (enum sds_strictness)opts->strictness;
    set = sds_ruleset_new(strictness);
    if (!set)
        return NULL;
    for (size_t i = 0; i < sds_n_rules(); i++)
        if (opts->all_rules || (opts->wire_rules && is_wire_rule(sds_rule_at(i))))
            sds_ruleset_enable(set, sds_rule_at(i));
    if (policy)
        sds_policy_set_severities(policy, set);
    for (size_t i = 0; i < opts->enable.n; i++) /* the severity of a rule that runs stays */
        if (sds_ruleset_severity(set, opts->enable.v[i]) == SDS_SEV_OFF)
            sds_ruleset_enable(set, opts->enable.v[i]);
    for (size_t i = 0; i < opts->disable.n; i++)
        sds_ruleset_disable(set, opts->disable.v[i]);
    return set;
}

enum sds_exit sds_opts_verdict(const struct sds_opts *opts, const struct sds_report *report)
{
    if (!report->scan->is_complete && !opts->allow_partial)
        return SDS_EXIT_INCOMPLETE;
    if (opts->fail_on == SDS_SEV_OFF)
        return SDS_EXIT_OK;
    if (opts->write_baseline && !opts->baseline) /* what is there has been accepted by that */
        return SDS_EXIT_OK;
    for (size_t i = 0; i < report->n_items; i++)
        if (report->items[i].result && sds_result_worst(report->items[i].result) >= opts->fail_on)
            return SDS_EXIT_FINDINGS;
    for (size_t i = 0; i < report->n_files; i++)
        if (sds_result_worst(report->files[i].result) >= opts->fail_on)
            return SDS_EXIT_FINDINGS;
    return SDS_EXIT_OK;
}

void sds_opts_done(struct sds_opts *opts)
{
    free(opts->outputs.v);
    free(opts->registries.v);
    free(opts->enable.v);
    free(opts->disable.v);
    free(opts->from.v);
    free(opts->subtypes.v);
    free(opts->until.v);
}
