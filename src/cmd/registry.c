/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "cmd/cmd.h"
#include "cmd/output.h"
#include "report/table.h"

static char *safe_text(const char *text)
{
    return sds_text_dup(text, strlen(text));
}

static void print_keys(const struct sds_txt_decl *txt)
{
    printf("  TXT keys    %s%s\n", sds_txt_kind_name(txt->kind), txt->open ? ", and others" : "");
    for (size_t i = 0; i < txt->n_keys; i++) {
        const struct sds_form *form = &txt->keys[i].form;

        SDS_CLEANUP(sds_freep) char *key = safe_text(txt->keys[i].key);

        printf("    %-12s%s", key ? key : "?", sds_form_type_name(form->type));
        if (form->about) {
            printf(": ");
            sds_text_puts(stdout, form->about);
        }
        putchar('\n');
    }
}

static void print_member(const char *name, const char *value)
{
    if (!value || !*value)
        return;
    printf("  %-12s", name);
    sds_text_puts(stdout, value);
    putchar('\n');
}

static void show_record(const struct sds_record *record)
{
    sds_text_puts(stdout, record->name);
    if (record->transport) {
        printf(" over ");
        sds_text_puts(stdout, record->transport);
    }
    if (record->port) {
        printf(", port ");
        sds_text_puts(stdout, record->port);
    }
    printf(" - %s\n", sds_record_status_name(record->status));
    print_member("is", record->description);
    print_member("alias of", record->alias_of);
    print_member("assignee", record->assignee);
    print_member("contact", record->contact);
    print_member("registered", record->registered);
    print_member("modified", record->modified);
    for (size_t i = 0; i < record->n_references; i++)
        print_member("reference", record->references[i]);
    print_member("notes", record->notes);
    print_keys(&record->txt);
}

/* `ipp`, `_ipp` and `_ipp._tcp` all mean the name. */
static struct sds_span name_of(const char *word, struct sds_type *type)
{
    if (*word != '_')
        return sds_text_span(word);
    sds_type_parse(word, type);
    return type->name;
}

static int show(const struct sds_registry *registry, const char *word)
{
    struct sds_type type;
    struct sds_record_iter iter = sds_registry_find(registry, name_of(word, &type));
    const struct sds_record *record;
    size_t n = 0;

    while ((record = sds_record_next(&iter))) {
        show_record(record);
        n++;
    }
    if (n)
        return SDS_EXIT_OK;
    return sds_fail(SDS_EXIT_FINDINGS, "not registered: '%s'", word);
}

static int show_all(const struct sds_registry *registry, const struct sds_opts *opts)
{
    int status = SDS_EXIT_OK;

    if (opts->n_args < 2)
        return sds_fail(SDS_EXIT_USAGE, "registry show: name a service, such as 'ipp'");
    for (int i = 1; i < opts->n_args; i++)
        if (show(registry, opts->args[i]))
            status = SDS_EXIT_FINDINGS;
    return status;
}

/* NULL cells stay empty, so that lack of memory shows as one. */
static int add_record(struct sds_table *table, const struct sds_record *record)
{
    SDS_CLEANUP(sds_freep) char *name = record->name ? safe_text(record->name) : NULL;
    SDS_CLEANUP(sds_freep)
    char *description = record->description ? safe_text(record->description) : NULL;
    const char *const cells[] = {
        name,
        record->transport,
        record->port,
        sds_record_status_name(record->status),
        sds_txt_kind_name(record->txt.kind),
        description,
    };

    return sds_table_add(table, cells);
}

static int list(const struct sds_registry *registry, const struct sds_opts *opts)
{
    static const struct sds_column columns[] = {
        {.title = "NAME"},   {.title = "OVER"},     {.title = "PORT", .is_right = true},
        {.title = "STATUS"}, {.title = "TXT KEYS"}, {.title = "DESCRIPTION", .may_cut = true},
    };
    struct sds_record_iter iter = sds_registry_all(registry);
    const struct sds_style style = sds_output_style(opts, stdout);
    struct sds_table *table = sds_table_new(columns, SDS_COUNT(columns), &style, stdout);
    const struct sds_record *record;
    bool is_whole = table != NULL;

    while (is_whole && (record = sds_record_next(&iter)))
        is_whole = add_record(table, record) == 0;
    is_whole = is_whole && sds_table_print(table) == 0;
    sds_table_free(table);
    return is_whole ? SDS_EXIT_OK : sds_fail(SDS_EXIT_USAGE, "out of memory");
}

static void print_counts(const char *title, const size_t *counts, size_t n,
                         const char *(*name_of_count)(size_t i))
{
    printf("\n%s\n", title);
    for (size_t i = 0; i < n; i++)
        if (counts[i])
            printf("  %-16s%zu\n", name_of_count(i), counts[i]);
}

static const char *status_name(size_t i)
{
    return sds_record_status_name((enum sds_record_status)i);
}

static const char *kind_name(size_t i)
{
    return sds_txt_kind_name((enum sds_txt_kind)i);
}

static int stats(const struct sds_registry *registry, const struct sds_opts *opts)
{
    struct sds_record_iter iter = sds_registry_all(registry);
    size_t statuses[SDS_RECORD__COUNT] = {0}, kinds[SDS_TXT__COUNT] = {0};
    size_t n = 0, n_named = 0, n_keys = 0;
    const struct sds_record *record;

    (void)opts;
    for (size_t i = 0; i < sds_registry_n_tables(registry); i++) {
        struct sds_registry_table table = sds_registry_table_at(registry, i);

        sds_text_puts(stdout, table.title ? table.title : "untitled");
        printf(" (");
        sds_text_puts(stdout, table.origin);
        printf(", ");
        sds_text_puts(stdout, table.updated ? table.updated : "undated");
        printf("): %zu records\n", table.n_records);
    }
    while ((record = sds_record_next(&iter))) {
        n++;
        n_named += record->name != NULL;
        n_keys += record->txt.n_keys;
        statuses[record->status]++;
        kinds[record->txt.kind]++;
    }
    printf("\nrecords           %zu\nwith a name       %zu\nTXT keys          %zu\n", n, n_named,
           n_keys);
    print_counts("status", statuses, SDS_RECORD__COUNT, status_name);
    print_counts("TXT declaration", kinds, SDS_TXT__COUNT, kind_name);
    return SDS_EXIT_OK;
}

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

static const struct {
    const char *word;
    int max_args;
    int (*run)(const struct sds_registry *registry, const struct sds_opts *opts);
} actions[] = {
    {"export", 1, export},
    {"list", 1, list},
    {"show", -1, show_all},
    {"stats", 1, stats},
};

static const char *action_at(size_t i, const void *closure)
{
    (void)closure;
    return i < SDS_COUNT(actions) ? actions[i].word : NULL;
}

static int say_unknown_action(const char *word)
{
    const char *near = sds_nearest(word, action_at, NULL);

    return sds_fail(SDS_EXIT_USAGE, "registry: unknown action '%s'%s%s%s", word,
                    near ? ": did you mean '" : ": list, show, stats or export", near ? near : "",
                    near ? "'?" : "");
}

int sds_cmd_registry(const struct sds_opts *opts)
{
    SDS_CLEANUP(sds_registry_freep) struct sds_registry *registry = NULL;
    size_t i = 0;

    while (i < SDS_COUNT(actions) && strcmp(actions[i].word, opts->args[0]) != 0)
        i++;
    if (i == SDS_COUNT(actions))
        return say_unknown_action(opts->args[0]);
    if (actions[i].max_args >= 0 && opts->n_args > actions[i].max_args)
        return sds_fail(SDS_EXIT_USAGE, "registry %s takes no argument", actions[i].word);
    if (sds_opts_registry(opts, &sds_system_clock, &registry) < 0)
        return SDS_EXIT_USAGE;
    return actions[i].run(registry, opts);
}
