/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "base/ascii.h"
#include "base/text.h"
#include "cmd/output.h"
#include "cmd/registry.h"
#include "registry/json.h"
#include "report/pen.h"
#include "report/table.h"

/* How well a word fits a record; the best first. */
enum fit {
    FIT_NAME,
    FIT_PREFIX,
    FIT_IN_NAME,
    FIT_DESCRIPTION,
    FIT_KEY,
    FIT_NONE,
};

static const char *const fit_names[] = {
    [FIT_NAME] = "name",    [FIT_PREFIX] = "name",
    [FIT_IN_NAME] = "name", [FIT_DESCRIPTION] = "description",
    [FIT_KEY] = "key",
};

/* Records of one name that fit, one after another among all hits. */
struct hit {
    const struct sds_record *record;
    unsigned rank; /* sum of how all words fit */
    enum fit worst;
    size_t number;
};

struct hits {
    SDS_ARR(struct hit) list;
};

/* A name, and its hits. */
struct group {
    const struct hit *first;
    size_t n;
    unsigned rank;
};

struct groups {
    SDS_ARR(struct group) list;
};

/* ---- finding ------------------------------------------------------------------------------ */

static bool has_key(const struct sds_record *record, const char *word)
{
    for (size_t i = 0; i < record->txt.n_keys; i++) {
        const struct sds_txt_key *key = &record->txt.keys[i];

        if (strcasestr(key->key, word) || (key->form.about && strcasestr(key->form.about, word)))
            return true;
    }
    return false;
}

static enum fit fit(const struct sds_record *record, const char *word)
{
    const char *at = strcasestr(record->name, word);

    if (at == record->name)
        return record->name[strlen(word)] ? FIT_PREFIX : FIT_NAME;
    if (at)
        return FIT_IN_NAME;
    if (record->description && strcasestr(record->description, word))
        return FIT_DESCRIPTION;
    return has_key(record, word) ? FIT_KEY : FIT_NONE;
}

static struct hit judge(const struct sds_record *record, char **words, int n)
{
    struct hit hit = {.record = record};

    for (int i = 0; i < n && hit.worst < FIT_NONE; i++) {
        enum fit here = fit(record, words[i] + (*words[i] == '_'));

        hit.rank += here;
        if (here > hit.worst)
            hit.worst = here;
    }
    return hit;
}

static int compare_hits(const void *a, const void *b)
{
    const struct hit *x = a, *y = b;
    const char *p = x->record->name, *q = y->record->name;
    int order = sds_fold_cmp(p, strlen(p), q, strlen(q));

    return order ? order : (x->number > y->number) - (x->number < y->number);
}

static int compare_groups(const void *a, const void *b)
{
    const struct group *x = a, *y = b;

    if (x->rank != y->rank)
        return x->rank < y->rank ? -1 : 1;
    return (x->first > y->first) - (x->first < y->first); /* which are in order of names */
}

static bool find(const struct sds_registry *registry, const struct sds_opts *opts,
                 struct hits *hits)
{
    struct sds_record_iter iter = sds_registry_all(registry);
    const struct sds_record *record;

    while ((record = sds_record_next(&iter))) {
        struct hit hit = {.worst = FIT_NONE};

        if (record->name)
            hit = judge(record, SDS_ACTION_ARGS(opts), SDS_ACTION_N_ARGS(opts));
        hit.number = hits->list.n;
        if (hit.worst != FIT_NONE && !sds_arr_push(&hits->list, hit))
            return false;
    }
    if (hits->list.n)
        qsort(hits->list.v, hits->list.n, sizeof(*hits->list.v), compare_hits);
    return true;
}

static bool is_same_name(const struct hit *a, const struct hit *b)
{
    return strcasecmp(a->record->name, b->record->name) == 0;
}

static bool group(const struct hits *hits, struct groups *ret)
{
    for (size_t i = 0; i < hits->list.n;) {
        struct group group = {.first = &hits->list.v[i], .rank = hits->list.v[i].rank};

        for (; i < hits->list.n && is_same_name(group.first, &hits->list.v[i]); i++, group.n++)
            if (hits->list.v[i].rank < group.rank)
                group.rank = hits->list.v[i].rank;
        if (!sds_arr_push(&ret->list, group))
            return false;
    }
    if (ret->list.n)
        qsort(ret->list.v, ret->list.n, sizeof(*ret->list.v), compare_groups);
    return true;
}

static const struct hit *best_of(const struct group *group)
{
    const struct hit *best = group->first;

    for (size_t i = 1; i < group->n; i++)
        if (group->first[i].rank < best->rank)
            best = &group->first[i];
    return best;
}

/* ---- telling ------------------------------------------------------------------------------ */

/* A member of all hits of a name, each value once, between commas; malloc'ed. */
static char *join(const struct group *group, const char *(*member_of)(const struct sds_record *))
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    const char *last = NULL;

    for (size_t i = 0; out && i < group->n; i++) {
        const char *value = member_of(group->first[i].record);

        if (!value || (last && strcmp(last, value) == 0))
            continue;
        fputs(last ? ", " : "", out);
        sds_text_puts(out, value);
        last = value;
    }
    if (out && fclose(out))
        free(SDS_TAKE(text));
    return text;
}

static const char *transport_of(const struct sds_record *record)
{
    return record->transport ? record->transport : "tcp, udp";
}

static const char *port_of(const struct sds_record *record)
{
    return record->port;
}

static int add_row(struct sds_table *table, const struct group *group)
{
    const struct hit *best = best_of(group);
    const struct sds_record *record = best->record;
    const char *description = record->description ? record->description : "";
    SDS_CLEANUP(sds_freep) char *name = sds_text_dup(record->name, strlen(record->name));
    SDS_CLEANUP(sds_freep) char *about = sds_text_dup(description, strlen(description));
    SDS_CLEANUP(sds_freep) char *over = join(group, transport_of);
    SDS_CLEANUP(sds_freep) char *port = join(group, port_of);

    return sds_table_add(table, (const char *const[]){
                                    name,
                                    over,
                                    port,
                                    sds_record_status_name(record->status),
                                    fit_names[best->worst],
                                    about,
                                });
}

static int print_text(const struct sds_registry *registry, const struct groups *groups,
                      const struct sds_opts *opts)
{
    static const struct sds_column columns[] = {
        {.title = "NAME"},   {.title = "OVER"}, {.title = "PORT", .is_right = true},
        {.title = "STATUS"}, {.title = "FITS"}, {.title = "DESCRIPTION", .may_cut = true},
    };
    const struct sds_style style = sds_output_style(opts, stdout);
    const struct sds_pen pen = {stdout, &style};
    struct sds_table *table = sds_table_new(columns, SDS_COUNT(columns), &style, stdout);
    bool is_whole = table != NULL;

    for (size_t i = 0; is_whole && i < groups->list.n; i++)
        is_whole = add_row(table, &groups->list.v[i]) == 0;
    is_whole = is_whole && sds_table_print(table) == 0;
    sds_table_free(table);
    if (style.width) /* a pipe gets names, and nothing else */
        sds_registry_tell(registry, &pen);
    return is_whole ? SDS_EXIT_OK : sds_fail_memory();
}

static int print_json(const struct sds_registry *registry, const struct groups *groups, int status)
{
    json_auto_t *names = json_array();

    for (size_t i = 0; i < groups->list.n; i++) {
        const struct group *group = &groups->list.v[i];
        const struct hit *best = best_of(group);
        json_auto_t *records = json_array();

        for (size_t j = 0; j < group->n; j++)
            if (json_array_append_new(records, sds_record_to_json(group->first[j].record)))
                return sds_fail_memory();
        if (json_array_append_new(names,
                                  json_pack("{s:s, s:s, s:O}", "name", best->record->name, "fits",
                                            fit_names[best->worst], "records", records)))
            return sds_fail_memory();
    }
    return sds_print_json(registry, json_pack("{s:O}", "names", names), status);
}

int sds_registry_search(const struct sds_registry *registry, const struct sds_opts *opts)
{
    struct hits hits = {0};
    struct groups groups = {0};
    int status;

    if (!find(registry, opts, &hits) || !group(&hits, &groups))
        status = sds_fail_memory();
    else if (sds_wants_json(opts))
        status = print_json(registry, &groups, groups.list.n ? SDS_EXIT_OK : SDS_EXIT_FINDINGS);
    else if (groups.list.n)
        status = print_text(registry, &groups, opts);
    else
        status = sds_fail(SDS_EXIT_FINDINGS, "nothing in the registry fits");
    free(groups.list.v);
    free(hits.list.v);
    return status;
}
