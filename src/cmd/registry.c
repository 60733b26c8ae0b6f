/* SPDX-License-Identifier: MIT */
#include "cmd/registry.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "cmd/output.h"
#include "registry/stored.h"
#include "report/pen.h"

static int export(const struct sds_registry *registry, const struct sds_opts *opts)
{
    SDS_CLEANUP(sds_registry_freep) struct sds_registry *persons_of = NULL;
    int r;

    if (opts->persons_of && sds_open_registry(opts->persons_of, &persons_of) < 0)
        return SDS_EXIT_USAGE;
    r = opts->facts ? sds_registry_export_facts(registry, persons_of, stdout)
                    : sds_registry_export(registry, stdout, SDS_EXPORT_NONE);
    if (r < 0 && !ferror(stdout)) /* of standard output, main() speaks */
        return sds_fail(SDS_EXIT_USAGE, "cannot export: %s", strerror(-r));
    return SDS_EXIT_OK;
}

/* Sorted by word. */
static const struct sds_action actions[] = {
    {"diff", "OLD NEW", "tell what changed between two registries",
     "Tells which records were added, removed and changed from OLD to NEW: each is builtin, "
     "updated, or a file. What one of them holds of no record, such as persons, is not compared. "
     "Exits with 1 when there is a difference.",
     "format", 2, 2, false, sds_registry_diff},
    {"draft", "[TYPE]", "write an application to IANA for a service name",
     "Fills the template of RFC 6335 section 8.1.1 from the options, and from a service in JSON "
     "(--from), whose TXT keys it lists. What is still missing is marked, and is exit status 1.",
     "format from transport port description assignee contact reference registry", 0, 1, true,
     sds_registry_draft},
    {"export", "", "write the registry as JSON", "Writes all records as JSON, one a line.",
     "facts persons-of registry", 0, 0, true, export},
    {"lint", "FILE...", "check a registry or a profile of your own",
     "Tells what is wrong with each FILE, with its place: what does not load, what is unknown or "
     "contradicts itself, regular expressions that do not compile, examples that do not behave as "
     "they say. Exits with 1 when there is something.",
     "format", 1, -1, false, sds_registry_lint},
    {"list", "", "list records, a line each",
     "Lists the records that fit every filter among the options; without one, all of them.",
     "format dnssd transport status port with-txt registry", 0, 0, true, sds_registry_list},
    {"search", "WORD...", "find names by what they are called, are, or carry",
     "Finds names that have all of the WORDs in them, in a description, or in a TXT key; the best "
     "match comes first.",
     "format registry", 1, -1, true, sds_registry_search},
    {"show", "NAME...", "tell all that is known of names",
     "Tells all records of each NAME, which may also be a type such as _ipp._tcp: ports, status, "
     "TXT keys with the form of their values, references. Exits with 1 when one is unknown.",
     "format registry", 1, -1, true, sds_registry_show},
    {"stats", "", "tell which registry serves, and count its records",
     "Tells what serves: title, date, records, and where from; and how many records there are of "
     "each kind.",
     "format registry", 0, 0, true, sds_registry_stats},
    {"update", "", "fetch IANA's current registry",
     "Fetches the current registry over HTTPS, unless it is here already, and examines it. It "
     "serves from then on in place of the one that is built in, until a newer sdscope has a newer "
     "one. What serves stays as it is when anything goes wrong; a transfer that broke off is gone "
     "on with the next time. Exits with 3 when the server did not give it, with 2 when what it "
     "gave was refused or could not be stored.",
     "format url cacert timeout", 0, 0, false, sds_registry_fetch},
};

static const struct sds_action *find_action(const char *word)
{
    for (size_t i = 0; i < SDS_COUNT(actions); i++)
        if (strcmp(actions[i].word, word) == 0)
            return &actions[i];
    return NULL;
}

static const char *action_at(size_t i, const void *closure)
{
    (void)closure;
    return i < SDS_COUNT(actions) ? actions[i].word : NULL;
}

static int say_unknown_action(const char *word)
{
    const char *near = sds_nearest(word, action_at, NULL);
    SDS_CLEANUP(sds_freep) char *list = NULL;
    size_t size;
    FILE *out;

    if (near)
        return sds_fail(SDS_EXIT_USAGE, "registry: unknown action '%s': did you mean '%s'?", word,
                        near);
    out = open_memstream(&list, &size);
    for (size_t i = 0; out && i < SDS_COUNT(actions); i++)
        fprintf(out, "%s%s", i + 1 == SDS_COUNT(actions) ? " or " : i ? ", " : "", actions[i].word);
    if (out)
        fclose(out);
    return sds_fail(SDS_EXIT_USAGE, "registry: unknown action '%s': %s", word, list ? list : "?");
}

static const struct sds_cmd *own_row(void)
{
    const struct sds_cmd *cmd;

    for (size_t i = 0; (cmd = sds_cmd_at(i)); i++)
        if (cmd->bit == SDS_CMD_REGISTRY)
            break;
    return cmd;
}

static char *list_actions(void)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    if (!out)
        return NULL;
    fputs("Looks into the registry of service names, and keeps it current.\n\nActions:\n", out);
    for (size_t i = 0; i < SDS_COUNT(actions); i++)
        fprintf(out, "  %-8s %-11s %s\n", actions[i].word, actions[i].args, actions[i].help);
    fputs("\n'sdscope registry ACTION --help' tells more of an action.", out);
    if (fclose(out))
        free(SDS_TAKE(text));
    return text;
}

void sds_registry_help(const char *word, FILE *out)
{
    const struct sds_action *action = word ? find_action(word) : NULL;
    SDS_CLEANUP(sds_freep) char *all = action ? NULL : list_actions();
    SDS_CLEANUP(sds_freep) char *usage = NULL;

    if (action) {
        usage = sds_text_format("registry %s [OPTION...]%s%s", action->word,
                                *action->args ? " " : "", action->args);
        sds_help_page(own_row(), usage ? usage : "registry", action->about, action->options, out);
    } else {
        sds_help_page(own_row(), "registry ACTION [OPTION...] [ARGUMENT...]", all ? all : "", NULL,
                      out);
    }
}

/* ---- what actions share ------------------------------------------------------------------- */

/* "2026-08-17", or what is known in its place; malloc'ed. */
static char *date_of(const struct sds_registry *registry, const struct sds_registry_table *table)
{
    const char *newest = table->updated ? NULL : sds_registry_newest(registry);

    if (table->updated)
        return strdup(table->updated);
    return sds_text_format("undated%s%s", newest ? ", newest record of " : "",
                           newest ? newest : "");
}

void sds_registry_tell(const struct sds_registry *registry, const struct sds_pen *pen)
{
    for (size_t i = 0; i < sds_registry_n_tables(registry); i++) {
        struct sds_registry_table table = sds_registry_table_at(registry, i);
        bool is_builtin = strcmp(table.origin, "builtin") == 0;
        SDS_CLEANUP(sds_freep) char *date = date_of(registry, &table);
        SDS_CLEANUP(sds_freep)
        char *text = sds_text_format(
            "%s, %s, %zu records, %s%s", table.title ? table.title : "untitled", date ? date : "?",
            table.n_records, is_builtin ? "built in" : "from ", is_builtin ? "" : table.origin);
        SDS_CLEANUP(sds_freep) char *safe = text ? sds_text_dup(text, strlen(text)) : NULL;

        sds_pen_wrap(pen, SDS_INK_DIM, safe ? safe : "?", 0, 2);
        fputc('\n', pen->out);
    }
}

struct sds_span sds_name_of_word(const char *word, struct sds_type *type)
{
    if (*word != '_')
        return sds_text_span(word);
    sds_type_parse(word, type);
    return type->name;
}

/* ---- dispatch ----------------------------------------------------------------------------- */

static int check_usage(const struct sds_action *action, const struct sds_opts *opts)
{
    const char *stray = sds_opts_stray(opts, action->options);

    if (stray)
        return sds_fail(-1, "registry %s has no option '--%s': see 'sdscope registry %s --help'",
                        action->word, stray, action->word);
    if (SDS_ACTION_N_ARGS(opts) < action->min_args)
        return sds_fail(-1, "registry %s: an argument is missing: sdscope registry %s %s",
                        action->word, action->word, action->args);
    if (action->max_args >= 0 && SDS_ACTION_N_ARGS(opts) > action->max_args)
        return sds_fail(-1, "registry %s: one argument too many: '%s'", action->word,
                        SDS_ACTION_ARGS(opts)[action->max_args]);
    return 0;
}

int sds_cmd_registry(const struct sds_opts *opts)
{
    const struct sds_action *action = find_action(opts->args[0]);
    SDS_CLEANUP(sds_registry_freep) struct sds_registry *registry = NULL;

    if (!action)
        return say_unknown_action(opts->args[0]);
    if (check_usage(action, opts) < 0)
        return SDS_EXIT_USAGE;
    if (action->has_registry && sds_opts_registry(opts, &sds_system_clock, &registry) < 0)
        return SDS_EXIT_USAGE;
    return action->run(registry, opts);
}
