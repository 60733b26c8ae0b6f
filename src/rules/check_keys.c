/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/ascii.h"
#include "rules/rules.h"
#include "rules/suggest.h"

/* A walk over the keys that the fitting records declare: the union of their lists. */
struct key_walk {
    const struct sds_check *check;
    struct sds_record_iter records;
    const struct sds_txt_decl *decl; /* NULL before the first record and at the end */
    size_t at;
};

static struct key_walk walk_declared(const struct sds_check *check)
{
    return (struct key_walk){.check = check, .records = check->standing.records};
}

static const struct sds_txt_key *next_declared(struct key_walk *walk)
{
    while (!walk->decl || walk->at >= walk->decl->n_keys) {
        const struct sds_record *record = sds_record_next(&walk->records);

        walk->decl = NULL;
        walk->at = 0;
        if (!record)
            return NULL;
        if (sds_record_fits(record, walk->check->type.transport))
            walk->decl = &record->txt;
    }
    return &walk->decl->keys[walk->at++];
}

/* Whether a key that matches is the declared one with other capitals; of a numbered one the stem
 * counts. */
static bool differs_in_case(const struct sds_txt_key *declared, struct sds_span key)
{
    if (sds_fold_is(key.p, key.len, declared->key))
        return memcmp(declared->key, key.p, key.len) != 0;
    return memcmp(declared->form.numbering, key.p, strcspn(declared->form.numbering, "<")) != 0;
}

/* What the profile says of a key; NULL: nothing, or there is none. */
static const struct sds_txt_key *profiled(const struct sds_check *check, struct sds_span key)
{
    return check->profile ? sds_profile_key(check->profile, key) : NULL;
}

enum sds_declared sds_find_declared(const struct sds_check *check, struct sds_span key)
{
    const struct sds_txt_key *declared = profiled(check, key);
    enum sds_declared found = SDS_DECLARED_NOT;
    struct key_walk walk;

    if (declared)
        return differs_in_case(declared, key) ? SDS_DECLARED_OTHER_CASE : SDS_DECLARED;
    if (!check->standing.declares_keys)
        return found;
    walk = walk_declared(check);
    while ((declared = next_declared(&walk))) {
        if (!sds_txt_key_matches(declared, key))
            continue;
        if (!differs_in_case(declared, key))
            return SDS_DECLARED;
        found = SDS_DECLARED_OTHER_CASE;
    }
    return found;
}

static const char *suggest(struct sds_suggestion *ret, const struct sds_check *check,
                           struct sds_span key)
{
    struct sds_near near = sds_near_begin(key.p, key.len);
    struct key_walk walk = walk_declared(check);
    const struct sds_txt_key *declared;

    for (size_t i = 0; check->profile && i < check->profile->txt.n_keys; i++)
        sds_near_offer(&near, check->profile->txt.keys[i].key,
                       strlen(check->profile->txt.keys[i].key));
    while ((declared = next_declared(&walk)))
        sds_near_offer(&near, declared->key, strlen(declared->key));
    return sds_near_suggest(&near, ret);
}

const struct sds_txt_key *sds_find_declaration(const struct sds_check *check, struct sds_span key)
{
    const struct sds_txt_key *declared = profiled(check, key);
    struct key_walk walk;

    if (declared || !check->standing.declares_keys)
        return declared;
    walk = walk_declared(check);
    while ((declared = next_declared(&walk)))
        if (sds_txt_key_matches(declared, key))
            break;
    return declared;
}

/* How the key is spelled in the declaration. */
static const char *spelling(const struct sds_check *check, struct sds_span key)
{
    const struct sds_txt_key *declared = sds_find_declaration(check, key);

    return declared ? declared->key : "";
}

/* A key of which neither the profile nor the registration knows. */
static void check_unknown(struct sds_check *check, const struct sds_txt_string *string)
{
    if (check->profile && !check->profile->txt.open)
        sds_report(check, SDS_RULE_PROFILE_KEY_UNKNOWN, sds_at(string),
                   "key '%s' is not known of this service%s", SDS_QUOTED(string->key),
                   suggest(&(struct sds_suggestion){""}, check, string->key));
    if (!check->profile && check->standing.declares_keys && !check->standing.is_open)
        sds_report(check, SDS_RULE_TXT_KEY_UNDECLARED, sds_at(string),
                   "key '%s' is not declared by the registration%s", SDS_QUOTED(string->key),
                   suggest(&(struct sds_suggestion){""}, check, string->key));
}

static void check_spelling(struct sds_check *check, const struct sds_txt_string *string)
{
    switch (sds_find_declared(check, string->key)) {
    case SDS_DECLARED_NOT:
        check_unknown(check, string);
        break;
    case SDS_DECLARED_OTHER_CASE:
        sds_report(check, SDS_RULE_TXT_KEY_CASE_DIFFERS, sds_at(string),
                   "key '%s' is declared as '%s'", SDS_QUOTED(string->key),
                   SDS_QUOTED(sds_text_span(spelling(check, string->key))));
        break;
    case SDS_DECLARED:
        break;
    }
}

bool sds_is_sent(const struct sds_check *check, const struct sds_txt_key *declared)
{
    struct sds_txt_iter iter = sds_walk_txt(check);
    struct sds_txt_string string;

    while (sds_next_attribute(&iter, &string))
        if (sds_txt_key_matches(declared, string.key))
            return true;
    return false;
}

/* Whether the walk met the same key before: records of one name tend to repeat each other. */
static bool is_repeated(const struct sds_check *check, const struct sds_txt_key *declared)
{
    struct key_walk walk = walk_declared(check);
    const struct sds_txt_key *earlier;

    while ((earlier = next_declared(&walk)) && earlier != declared)
        if (sds_text_fold_equal(earlier->key, declared->key))
            return true;
    return false;
}

static void check_absent(struct sds_check *check)
{
    struct key_walk walk = walk_declared(check);
    const struct sds_txt_key *declared;

    while ((declared = next_declared(&walk))) {
        struct sds_span key = sds_text_span(declared->key);

        if (profiled(check, key) || sds_is_sent(check, declared) || is_repeated(check, declared))
            continue;
        sds_report(check, SDS_RULE_TXT_DECLARED_KEY_ABSENT,
                   ((struct sds_place){.offset = -1, .key = key}),
                   "key '%s', which the registration declares, is absent", SDS_QUOTED(key));
    }
}

static bool is_digits(const char *text)
{
    return *text && text[strspn(text, "0123456789")] == '\0';
}

/* RFC 6763 6.4: of several strings with the key, the first one counts. */
static void check_constants(struct sds_check *check)
{
    struct sds_span txt = check->txt;
    struct key_walk walk = walk_declared(check);
    const struct sds_txt_key *declared;
    struct sds_txt_string string;

    while ((declared = next_declared(&walk))) {
        const char *value = declared->form.value;

        if (declared->form.type != SDS_FORM_CONST || !value || !is_digits(value) ||
            is_repeated(check, declared) || profiled(check, sds_text_span(declared->key)) ||
            !sds_txt_find(txt.p, txt.len, declared->key, &string) ||
            sds_long_string(check, &string))
            continue;
        if (string.value.len != strlen(value) ||
            memcmp(string.value.p, value, string.value.len) != 0)
            sds_report(check, SDS_RULE_TXT_VALUE_NOT_DECLARED_FORM, sds_at(&string),
                       "value '%s' of '%s' is not the declared %s", SDS_QUOTED(string.value),
                       SDS_QUOTED(string.key), value);
    }
}

static void check_none_declared(struct sds_check *check)
{
    struct sds_txt_iter iter = sds_walk_txt(check);
    struct sds_txt_string string;

    if (sds_next_attribute(&iter, &string))
        sds_report(check, SDS_RULE_TXT_DECLARED_NONE, sds_at(&string),
                   "key '%s' is sent, but the registration declares no keys",
                   SDS_QUOTED(string.key));
}

static void check_declared(struct sds_check *check)
{
    struct sds_txt_iter iter = sds_walk_txt(check);
    struct sds_txt_string string;

    while (sds_next_attribute(&iter, &string))
        check_spelling(check, &string);
    if (sds_runs(check, SDS_RULE_TXT_DECLARED_KEY_ABSENT))
        check_absent(check);
    check_constants(check);
}

void sds_check_keys(struct sds_check *check)
{
    const struct sds_standing *standing = &check->standing;

    if (sds_service_state(check->service, SDS_PART_TXT) != SDS_PRESENT)
        return;
    if (standing->declares_keys || check->profile)
        check_declared(check);
    else if (standing->declares_none && !standing->is_open)
        check_none_declared(check);
}
