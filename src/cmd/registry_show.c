/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "base/ascii.h"
#include "base/near.h"
#include "base/text.h"
#include "cmd/output.h"
#include "cmd/registry.h"
#include "registry/json.h"
#include "report/pen.h"
#include "report/text_registry.h"
#include "sdscope/profile.h"

#define LABEL_COLUMNS 14 /* where the values of members begin */
#define KEY_COLUMNS   28 /* where the forms of keys begin */
#define NEAR_MAX      5

/* ---- a record in words -------------------------------------------------------------------- */

static void put_label(const struct sds_pen *pen, const char *name)
{
    fprintf(pen->out, "  %-*s", LABEL_COLUMNS - 2, name);
}

/* Safe text of a member, NULL where memory was short. */
static void put_value(const struct sds_pen *pen, const char *safe)
{
    sds_pen_wrap(pen, SDS_INK_PLAIN, safe ? safe : "?", LABEL_COLUMNS, LABEL_COLUMNS);
    fputc('\n', pen->out);
}

static void print_member(const struct sds_pen *pen, const char *name, const char *value)
{
    SDS_CLEANUP(sds_freep) char *safe = value ? sds_text_dup(value, strlen(value)) : NULL;

    if (!value || !*value)
        return;
    put_label(pen, name);
    put_value(pen, safe);
}

static void print_persons(const struct sds_pen *pen, const struct sds_registry *registry,
                          const char *name, const char *ids)
{
    SDS_CLEANUP(sds_freep) char *words = sds_text_of_persons(registry, ids);

    if (words && !*words)
        return;
    put_label(pen, name);
    put_value(pen, words);
}

static void print_key(const struct sds_pen *pen, const struct sds_txt_key *key)
{
    SDS_CLEANUP(sds_freep) char *name = sds_text_dup(key->key, strlen(key->key));
    SDS_CLEANUP(sds_freep) char *words = sds_text_of_key(key);
    size_t at = LABEL_COLUMNS + 2 + (name ? sds_text_width(name) : 1);

    sds_pen_spaces(pen, LABEL_COLUMNS + 2);
    sds_pen_put(pen, SDS_INK_BOLD, name ? name : "?");
    sds_pen_spaces(pen, at < KEY_COLUMNS ? KEY_COLUMNS - at : 1);
    sds_pen_wrap(pen, SDS_INK_PLAIN, words ? words : "?", at < KEY_COLUMNS ? KEY_COLUMNS : at + 1,
                 KEY_COLUMNS);
    fputc('\n', pen->out);
}

static void print_txt(const struct sds_pen *pen, const struct sds_txt_decl *txt)
{
    static const char *const words[SDS_TXT__COUNT] = {
        [SDS_TXT_NONE] = "none at all",
        [SDS_TXT_KEYS] = "these",
        [SDS_TXT_PROPRIETARY] = "known to the assignee only",
        [SDS_TXT_SEE_REFERENCE] = "described in the reference",
    };

    if (txt->kind == SDS_TXT_UNSPECIFIED)
        return;
    fprintf(pen->out, "  %-*s%s%s\n", LABEL_COLUMNS - 2, "TXT keys", words[txt->kind],
            txt->open ? ", and others" : "");
    for (size_t i = 0; i < txt->n_keys; i++)
        print_key(pen, &txt->keys[i]);
}

static enum sds_ink ink_of_status(enum sds_record_status status)
{
    return status == SDS_RECORD_ACTIVE ? SDS_INK_GREEN : SDS_INK_MAGENTA;
}

static void print_record(const struct sds_pen *pen, const struct sds_registry *registry,
                         const struct sds_record *record)
{
    SDS_CLEANUP(sds_freep) char *name = sds_text_dup(record->name, strlen(record->name));

    sds_pen_put(pen, SDS_INK_BOLD, name ? name : "?");
    fputs(" over ", pen->out);
    sds_text_puts(pen->out, record->transport ? record->transport : "tcp and udp");
    if (record->port) {
        fputs(", port ", pen->out);
        sds_text_puts(pen->out, record->port);
    }
    fputs(" - ", pen->out);
    sds_pen_put(pen, ink_of_status(record->status), sds_record_status_name(record->status));
    fputc('\n', pen->out);
    print_member(pen, "is", record->description);
    print_member(pen, "alias of", record->alias_of);
    print_persons(pen, registry, "assignee", record->assignee);
    print_persons(pen, registry, "contact", record->contact);
    print_member(pen, "registered", record->registered);
    print_member(pen, "modified", record->modified);
    for (size_t i = 0; i < record->n_references; i++)
        print_member(pen, i ? "" : "reference", record->references[i]);
    print_member(pen, "service code", record->service_code);
    if (record->unauthorized)
        print_member(pen, "unauthorized",
                     *record->unauthorized ? record->unauthorized : "use has been reported");
    print_member(pen, "notes", record->notes);
    print_txt(pen, &record->txt);
}

/* ---- a profile, beside IANA's word -------------------------------------------------------- */

static void print_profile(const struct sds_pen *pen, const struct sds_profile *profile)
{
    SDS_CLEANUP(sds_freep) char *name = sds_text_dup(profile->name, strlen(profile->name));

    sds_pen_put(pen, SDS_INK_BOLD, name ? name : "?");
    fprintf(pen->out, " over %s - ", profile->transport ? profile->transport : "tcp and udp");
    sds_pen_put(pen, SDS_INK_CYAN, "profile");
    fputc('\n', pen->out);
    print_member(pen, "is", profile->description);
    print_member(pen, "instance", profile->instance_about);
    for (size_t i = 0; i < profile->n_sources; i++)
        print_member(pen, i ? "" : "source", profile->sources[i].cite);
    print_txt(pen, &profile->txt);
}

static json_t *profile_to_json(const struct sds_profile *profile)
{
    json_auto_t *sources = json_array();

    for (size_t i = 0; i < profile->n_sources; i++)
        if (json_array_append_new(sources,
                                  json_pack("{s:s?, s:s?}", "cite", profile->sources[i].cite,
                                            "backs", profile->sources[i].backs)))
            return NULL;
    return json_pack("{s:s, s:s?, s:s?, s:s?, s:O, s:o}", "name", profile->name, "transport",
                     profile->transport, "description", profile->description, "instance",
                     profile->instance_about, "source", sources, "txt",
                     sds_txt_decl_to_json(&profile->txt));
}

/* The next profile of a name. */
static const struct sds_profile *next_profile(struct sds_profile_iter *iter, struct sds_span name)
{
    const struct sds_profile *profile;

    while ((profile = sds_profile_next(iter)))
        if (sds_fold_equal(profile->name, strlen(profile->name), name.p, name.len))
            break;
    return profile;
}

/* ---- names that are near ------------------------------------------------------------------ */

/* Names that may have been meant, borrowed from the registry. */
struct near_names {
    const char *v[NEAR_MAX];
    size_t n;
};

static void add_near(struct near_names *names, const char *name)
{
    for (size_t i = 0; i < names->n; i++)
        if (strcasecmp(names->v[i], name) == 0)
            return;
    if (names->n < NEAR_MAX)
        names->v[names->n++] = name;
}

/* The nearest by letters, then those that go on where the word ends. */
static struct near_names find_near(const struct sds_registry *registry, struct sds_span word)
{
    struct sds_record_iter iter = sds_registry_all(registry);
    struct sds_near near = sds_near_begin(word.p, word.len);
    struct near_names names = {0};
    const struct sds_record *record;

    while ((record = sds_record_next(&iter)))
        if (record->name)
            sds_near_offer(&near, record->name, strlen(record->name));
    if (near.best)
        add_near(&names, near.best); /* ends as the record's name does */
    iter = sds_registry_all(registry);
    while ((record = sds_record_next(&iter)))
        if (record->name && word.len > 1 &&
            strncasecmp(record->name, (const char *)word.p, word.len) == 0)
            add_near(&names, record->name);
    return names;
}

static void say_unknown(const char *word, const struct near_names *near)
{
    SDS_CLEANUP(sds_freep) char *list = NULL;
    size_t size;
    FILE *out = open_memstream(&list, &size);

    for (size_t i = 0; out && i < near->n; i++)
        fprintf(out, "%s'%s'", i ? (i + 1 < near->n ? ", " : " or ") : ": did you mean ",
                near->v[i]);
    if (out)
        fclose(out);
    sds_fail(0, "not registered: '%s'%s%s", word, list ? list : "", near->n ? "?" : "");
}

/* ---- the action --------------------------------------------------------------------------- */

static bool has_person(const json_t *people, const struct sds_person *person)
{
    const json_t *other;
    size_t i;

    json_array_foreach(people, i, other)
    {
        if (!strcmp(json_string_value(json_object_get(other, "id")), person->id))
            return true;
    }
    return false;
}

/* Add the contacts that a list names and a registry knows, each once. */
static bool add_people(json_t *people, const struct sds_registry *registry, const char *ids)
{
    struct sds_span id;

    while (sds_person_id_take(&ids, &id)) {
        const struct sds_person *person = sds_registry_find_person(registry, id);

        if (person && !has_person(people, person) &&
            json_array_append_new(people, sds_person_to_json(person)))
            return false;
    }
    return true;
}

static json_t *answer_to_json(const struct sds_registry *registry, const char *word,
                              struct sds_span name)
{
    struct sds_record_iter iter = sds_registry_find(registry, name);
    struct sds_profile_iter profiles_iter = sds_profile_all(registry);
    json_auto_t *records = json_array(), *near = json_array(), *profiles = json_array();
    json_auto_t *people = json_array();
    const struct sds_profile *profile;
    const struct sds_record *record;

    while ((record = sds_record_next(&iter)))
        if (json_array_append_new(records, sds_record_to_json(record)) ||
            !add_people(people, registry, record->assignee) ||
            !add_people(people, registry, record->contact))
            return NULL;
    while ((profile = next_profile(&profiles_iter, name)))
        if (json_array_append_new(profiles, profile_to_json(profile)))
            return NULL;
    if (json_array_size(records) == 0) {
        struct near_names names = find_near(registry, name);

        for (size_t i = 0; i < names.n; i++)
            if (json_array_append_new(near, json_string(names.v[i])))
                return NULL;
    }
    return json_pack("{s:s, s:O, s:O, s:O, s:O}", "name", word, "records", records, "people",
                     people, "profiles", profiles, "near", near);
}

static int show_json(const struct sds_registry *registry, const struct sds_opts *opts)
{
    json_auto_t *names = json_array();
    int status = SDS_EXIT_OK;

    for (int i = 0; i < SDS_ACTION_N_ARGS(opts); i++) {
        const char *word = SDS_ACTION_ARGS(opts)[i];
        struct sds_type type;
        json_t *answer = answer_to_json(registry, word, sds_name_of_word(word, &type));

        if (json_array_size(json_object_get(answer, "records")) == 0 &&
            json_array_size(json_object_get(answer, "profiles")) == 0)
            status = SDS_EXIT_FINDINGS;
        if (json_array_append_new(names, answer))
            return sds_fail_memory();
    }
    return sds_print_json(registry, json_pack("{s:O}", "names", names), status);
}

/* Returns false when it has said that the name is unknown. */
static bool show(const struct sds_registry *registry, const char *word, const struct sds_pen *pen)
{
    struct sds_type type;
    struct sds_span name = sds_name_of_word(word, &type);
    struct sds_record_iter iter = sds_registry_find(registry, name);
    struct sds_profile_iter profiles = sds_profile_all(registry);
    const struct sds_profile *profile;
    const struct sds_record *record;
    struct near_names near;
    size_t n = 0;

    for (; (record = sds_record_next(&iter)); n++) {
        print_record(pen, registry, record);
        fputc('\n', pen->out);
    }
    for (; (profile = next_profile(&profiles, name)); n++) {
        print_profile(pen, profile);
        fputc('\n', pen->out);
    }
    if (n)
        return true;
    near = find_near(registry, name);
    say_unknown(word, &near);
    return false;
}

int sds_registry_show(const struct sds_registry *registry, const struct sds_opts *opts)
{
    const struct sds_style style = sds_output_style(opts, stdout);
    const struct sds_pen pen = {stdout, &style};
    int n_unknown = 0;

    if (sds_wants_json(opts))
        return show_json(registry, opts);
    for (int i = 0; i < SDS_ACTION_N_ARGS(opts); i++)
        n_unknown += !show(registry, SDS_ACTION_ARGS(opts)[i], &pen);
    if (n_unknown < SDS_ACTION_N_ARGS(opts))
        sds_registry_tell(registry, &pen);
    return n_unknown ? SDS_EXIT_FINDINGS : SDS_EXIT_OK;
}
