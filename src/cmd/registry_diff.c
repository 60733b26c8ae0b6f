/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "base/ascii.h"
#include "base/text.h"
#include "cmd/output.h"
#include "cmd/registry.h"
#include "registry/json.h"
#include "report/pen.h"

/* What tells one record from another, and "sdscope registry list" shows of it. */
static const char *const identity[] = {"name", "transport", "ports"};

/* Members that one record may have and the other not. */
static const char *const members[] = {
    "ports",        "description",  "assignee", "contact",  "registered", "modified", "reference",
    "service_code", "unauthorized", "status",   "alias_of", "notes",      "txt",
};
#define N_MEMBERS SDS_COUNT(members)

/* All records of a registry, sorted by name, transport and port. */
struct side {
    SDS_ARR(const struct sds_record *) rows;
    struct sds_registry *registry;
    bool has[N_MEMBERS]; /* some record has it */
};

/* What was found, as arrays. */
struct diff {
    struct side old, new;
    json_t *added, *removed, *changed;
};

/* ---- two registries in one order ---------------------------------------------------------- */

static int compare_texts(const char *a, const char *b)
{
    if (!a || !b)
        return !a - !b;
    return sds_fold_cmp(a, strlen(a), b, strlen(b));
}

/* Those that differ in nothing but the port are one group. */
static int compare_group(const struct sds_record *a, const struct sds_record *b)
{
    int order = compare_texts(a->name, b->name);

    return order ? order : compare_texts(a->transport, b->transport);
}

static int compare_rows(const void *a, const void *b)
{
    const struct sds_record *x = *(const struct sds_record *const *)a;
    const struct sds_record *y = *(const struct sds_record *const *)b;
    int order = compare_group(x, y);

    if (!order)
        order = compare_texts(x->port, y->port);
    if (!order)
        order = compare_texts(x->registered, y->registered);
    return order ? order : compare_texts(x->description, y->description);
}

static bool is_there(const json_t *value)
{
    return value && !json_is_null(value) && !(json_is_array(value) && !json_array_size(value));
}

static int open_side(const char *word, struct side *side)
{
    struct sds_record_iter iter;
    const struct sds_record *record;

    if (sds_open_registry(word, &side->registry) < 0)
        return -1;
    iter = sds_registry_all(side->registry);
    while ((record = sds_record_next(&iter))) {
        json_auto_t *object = sds_record_to_json(record);

        if (!object || !sds_arr_push(&side->rows, record))
            return sds_fail_memory();
        for (size_t i = 0; i < N_MEMBERS; i++)
            side->has[i] |= is_there(json_object_get(object, members[i]));
    }
    if (side->rows.n)
        qsort(side->rows.v, side->rows.n, sizeof(*side->rows.v), compare_rows);
    return 0;
}

/* ---- two records -------------------------------------------------------------------------- */

/* A registry without notes is one of facts. */
static bool is_of_facts(const struct side *side)
{
    for (size_t i = 0; i < N_MEMBERS; i++)
        if (strcmp(members[i], "notes") == 0)
            return !side->has[i];
    return true;
}

/* Whether two texts differ in blanks alone, which the formats break lines by as they like. */
static bool is_same_text(const char *a, const char *b)
{
    static const char blanks[] = " \t\r\n";

    for (;;) {
        size_t x = strspn(a, blanks), y = strspn(b, blanks);

        a += x;
        b += y;
        if (*a != *b || (*a && !x != !y))
            return false;
        if (!*a)
            return true;
        a++;
        b++;
    }
}

/* What facts have of some records alone: short titles, and the persons of an excerpt. */
static bool is_prose(const char *member)
{
    return strcmp(member, "description") == 0 || strcmp(member, "assignee") == 0 ||
           strcmp(member, "contact") == 0;
}

/* Whether two values mean the same, as far as both registries can tell. */
static bool is_equal(const struct diff *diff, size_t member, const json_t *a, const json_t *b)
{
    bool differ_in_kind = is_of_facts(&diff->old) != is_of_facts(&diff->new);

    if (json_is_string(a) && json_is_string(b) &&
        is_same_text(json_string_value(a), json_string_value(b)))
        return true;
    if (json_equal(a, b) || (!is_there(a) && !is_there(b)) ||
        diff->old.has[member] != diff->new.has[member])
        return true;
    if (!differ_in_kind)
        return false;
    if (strcmp(members[member], "unauthorized") == 0) /* a mark and a text say the same */
        return is_there(a) && is_there(b);
    return is_prose(members[member]) && (!is_there(a) || !is_there(b));
}

static json_t *identify(json_t *record)
{
    json_auto_t *object = json_object();

    for (size_t i = 0; i < SDS_COUNT(identity); i++)
        if (json_object_set(object, identity[i], json_object_get(record, identity[i])))
            return NULL;
    return SDS_TAKE(object);
}

static bool put_changed(struct diff *diff, const struct sds_record *old,
                        const struct sds_record *new)
{
    json_auto_t *a = sds_record_to_json(old);
    json_auto_t *b = sds_record_to_json(new);
    json_auto_t *changes = json_object(), *entry = NULL;

    if (!a || !b || !changes)
        return false;
    for (size_t i = 0; i < N_MEMBERS; i++) {
        json_t *from = json_object_get(a, members[i]), *to = json_object_get(b, members[i]);

        if (!is_equal(diff, i, from, to) &&
            json_object_set_new(changes, members[i],
                                json_pack("{s:O, s:O}", "from", from, "to", to)))
            return false;
    }
    if (json_object_size(changes) == 0)
        return true;
    entry = identify(b);
    return !json_object_set(entry, "changes", changes) && !json_array_append(diff->changed, entry);
}

/* ---- all of them -------------------------------------------------------------------------- */

static bool put_whole(json_t *array, const struct sds_record *record)
{
    return !json_array_append_new(array, sds_record_to_json(record));
}

/* Rows of a group whose port the other registry's group has not. */
struct leftover {
    SDS_ARR(const struct sds_record *) old, new;
};

/* A name that lost a port and got another one changed it; rows without a name have nothing else. */
static bool pair_leftover(struct diff *diff, struct leftover *left)
{
    size_t n = left->old.n < left->new.n ? left->old.n : left->new.n;
    bool ok = true;

    if (n > 0 && !left->old.v[0]->name)
        n = 0;
    for (size_t i = 0; i < n && ok; i++)
        ok = put_changed(diff, left->old.v[i], left->new.v[i]);
    for (size_t i = n; i < left->old.n && ok; i++)
        ok = put_whole(diff->removed, left->old.v[i]);
    for (size_t i = n; i < left->new.n &&ok; i++)
        ok = put_whole(diff->added, left->new.v[i]);
    left->old.n = left->new.n = 0;
    return ok;
}

static bool is_in_group(const struct side *side, size_t i, const struct sds_record *group)
{
    return i < side->rows.n && compare_group(side->rows.v[i], group) == 0;
}

/* Walk both in step, a group at a time. */
static bool compare(struct diff *diff, struct leftover *left)
{
    const struct side *a = &diff->old, *b = &diff->new;
    size_t i = 0, j = 0;
    bool ok = true;

    while (ok && (i < a->rows.n || j < b->rows.n)) {
        const struct sds_record *group = i < a->rows.n ? a->rows.v[i] : b->rows.v[j];

        if (j < b->rows.n && compare_group(b->rows.v[j], group) < 0)
            group = b->rows.v[j];
        while (ok && (is_in_group(a, i, group) || is_in_group(b, j, group))) {
            int order = !is_in_group(a, i, group) ? 1
                        : !is_in_group(b, j, group)
                            ? -1
                            : compare_texts(a->rows.v[i]->port, b->rows.v[j]->port);

            if (order == 0)
                ok = put_changed(diff, a->rows.v[i++], b->rows.v[j++]);
            else if (order < 0)
                ok = sds_arr_push(&left->old, a->rows.v[i++]);
            else
                ok = sds_arr_push(&left->new, b->rows.v[j++]);
        }
        ok = ok && pair_leftover(diff, left);
    }
    return ok;
}

/* ---- telling ------------------------------------------------------------------------------ */

/* A value of a member in words, malloc'ed and safe to print. */
static char *describe(const json_t *value)
{
    SDS_CLEANUP(sds_freep) char *text = NULL;
    size_t size, i;
    FILE *out = open_memstream(&text, &size);
    const json_t *item;

    if (!out)
        return NULL;
    if (json_is_array(value)) {
        json_array_foreach(value, i, item)
            fprintf(out, "%s%s", i ? ", " : "", json_string_value(item));
    } else if (json_is_object(value)) { /* a TXT declaration */
        fputs(json_string_value(json_object_get(value, "kind")), out);
        json_array_foreach(json_object_get(value, "keys"), i, item) fprintf(
            out, "%s%s (%s)", i ? ", " : ": ", json_string_value(json_object_get(item, "key")),
            json_string_value(json_object_get(json_object_get(item, "form"), "type")));
        if (json_is_true(json_object_get(value, "open")))
            fputs(", and others", out);
    } else {
        fputs(json_is_string(value) ? json_string_value(value) : "yes", out);
    }
    if (fclose(out))
        return NULL;
    return sds_text_dup(text, strlen(text));
}

static void print_identity(const struct sds_pen *pen, enum sds_ink ink, const char *mark,
                           const json_t *record)
{
    const char *name = json_string_value(json_object_get(record, "name"));
    const char *transport = json_string_value(json_object_get(record, "transport"));
    const char *port = json_string_value(json_array_get(json_object_get(record, "ports"), 0));
    SDS_CLEANUP(sds_freep)
    char *text =
        sds_text_format("%s%s%s%s%s", name ? name : "(no name)", transport ? " over " : "",
                        transport ? transport : "", port ? ", port " : "", port ? port : "");
    SDS_CLEANUP(sds_freep) char *safe = text ? sds_text_dup(text, strlen(text)) : NULL;

    sds_pen_format(pen, ink, "%s %s", mark, safe ? safe : "?");
    fputc('\n', pen->out);
}

static void print_change(const struct sds_pen *pen, const char *member, const json_t *change)
{
    const json_t *from = json_object_get(change, "from"), *to = json_object_get(change, "to");
    SDS_CLEANUP(sds_freep) char *before = is_there(from) ? describe(from) : strdup("nothing");
    SDS_CLEANUP(sds_freep) char *after = is_there(to) ? describe(to) : strdup("nothing");
    SDS_CLEANUP(sds_freep)
    char *text =
        sds_text_format("%s: %s -> %s", member, before ? before : "?", after ? after : "?");

    sds_pen_spaces(pen, 4);
    sds_pen_wrap(pen, SDS_INK_PLAIN, text ? text : "?", 4, 8);
    fputc('\n', pen->out);
}

static void print_not_compared(const struct diff *diff, const struct sds_pen *pen)
{
    for (size_t i = 0; i < N_MEMBERS; i++)
        if (diff->old.has[i] != diff->new.has[i])
            fprintf(pen->out, "not compared: %s, of which %s has nothing\n", members[i],
                    diff->old.has[i] ? "the new one" : "the old one");
    if (is_of_facts(&diff->old) != is_of_facts(&diff->new))
        fputs("compared only where both have them: descriptions, assignees and contacts\n",
              pen->out);
}

static void print_text(const struct diff *diff, const struct sds_pen *pen)
{
    const json_t *record;
    size_t i;

    fputs("old\n", pen->out);
    sds_registry_tell(diff->old.registry, pen);
    fputs("new\n", pen->out);
    sds_registry_tell(diff->new.registry, pen);
    fputc('\n', pen->out);
    json_array_foreach(diff->removed, i, record) print_identity(pen, SDS_INK_RED, "-", record);
    json_array_foreach(diff->added, i, record) print_identity(pen, SDS_INK_GREEN, "+", record);
    json_array_foreach(diff->changed, i, record)
    {
        json_t *changes = json_object_get(record, "changes"), *change;
        const char *member;

        print_identity(pen, SDS_INK_YELLOW, "!", record);
        json_object_foreach(changes, member, change) print_change(pen, member, change);
    }
    fprintf(pen->out, "%zu added, %zu removed, %zu changed\n", json_array_size(diff->added),
            json_array_size(diff->removed), json_array_size(diff->changed));
    print_not_compared(diff, pen);
}

static int tell(const struct diff *diff, const struct sds_opts *opts)
{
    const struct sds_style style = sds_output_style(opts, stdout);
    const struct sds_pen pen = {stdout, &style};
    bool differ = json_array_size(diff->added) || json_array_size(diff->removed) ||
                  json_array_size(diff->changed);
    int status = differ ? SDS_EXIT_FINDINGS : SDS_EXIT_OK;

    if (sds_wants_json(opts))
        return sds_print_json(
            NULL,
            json_pack("{s:o, s:o, s:O, s:O, s:O}", "old", sds_registry_origins(diff->old.registry),
                      "new", sds_registry_origins(diff->new.registry), "added", diff->added,
                      "removed", diff->removed, "changed", diff->changed),
            status);
    print_text(diff, &pen);
    return status;
}

int sds_registry_diff(const struct sds_registry *registry, const struct sds_opts *opts)
{
    struct diff diff = {.added = json_array(), .removed = json_array(), .changed = json_array()};
    struct leftover left = {0};
    int status = SDS_EXIT_USAGE;

    (void)registry;
    if (open_side(SDS_ACTION_ARGS(opts)[0], &diff.old) == 0 &&
        open_side(SDS_ACTION_ARGS(opts)[1], &diff.new) == 0)
        status = compare(&diff, &left) ? tell(&diff, opts) : sds_fail_memory();
    free(left.old.v);
    free(left.new.v);
    free(diff.old.rows.v);
    free(diff.new.rows.v);
    json_decref(diff.added);
    json_decref(diff.removed);
    json_decref(diff.changed);
    sds_registry_free(diff.old.registry);
    sds_registry_free(diff.new.registry);
    return status;
}
