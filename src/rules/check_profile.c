/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/ascii.h"
#include "base/mem.h"
#include "registry/table.h"
#include "rules/rules.h"

/* Repeats of a numbered key are sought among the first so many strings, so that no flood of them
 * takes long. */
#define COMPARED_MAX 256

/* Whether no earlier string has the same key. */
static bool is_first(const struct sds_check *check, const struct sds_txt_string *string)
{
    struct sds_txt_iter iter = sds_walk_txt(check);
    struct sds_txt_string earlier;

    for (int i = 0; i < COMPARED_MAX && sds_next_attribute(&iter, &earlier); i++) {
        if (earlier.offset >= string->offset)
            break;
        if (sds_fold_equal(earlier.key.p, earlier.key.len, string->key.p, string->key.len))
            return false;
    }
    return true;
}

/* Keys of the profile that the record had so far, a bit each. */
struct seen {
    uint64_t keys[4];
};

/* Whether a string of the same key came before; false also where no bit tells, as numbered keys
 * are one of the profile. */
static bool see(const struct sds_check *check, const struct sds_txt_key *known, struct seen *seen)
{
    size_t i = (size_t)(known - check->profile->txt.keys);
    uint64_t bit = UINT64_C(1) << i % 64;
    bool was_seen;

    if (known->form.numbering || i / 64 >= SDS_COUNT(seen->keys))
        return false;
    was_seen = seen->keys[i / 64] & bit;
    seen->keys[i / 64] |= bit;
    return was_seen;
}

/* Whether a text matches an expression of the profile. */
static bool matches(const struct sds_check *check, const char *regex, struct sds_span text)
{
    return sds_pattern_matches(sds_registry_patterns(check->registry), regex, text, NULL);
}

/* RFC 6763 6.4: of several strings with the key, the first one counts. */
static void check_value(struct sds_check *check, const struct sds_txt_string *string,
                        struct seen *seen)
{
    const struct sds_txt_key *known = sds_profile_key(check->profile, string->key);
    struct sds_patterns *patterns = sds_registry_patterns(check->registry);
    struct sds_form_fault fault;

    if (!known || see(check, known, seen) || sds_long_string(check, string) ||
        sds_form_fits_with(&known->form, string->value, patterns, &fault) ||
        !is_first(check, string))
        return;
    if (string->value.len == 0)
        sds_report(check, SDS_RULE_PROFILE_VALUE_INVALID, sds_at(string),
                   "value of '%s' %s, and should be %s", SDS_QUOTED(string->key), fault.what,
                   sds_form_describe(&known->form, &(struct sds_form_words){""}));
    else
        sds_report(check, SDS_RULE_PROFILE_VALUE_INVALID, sds_at(string),
                   "value '%s' of '%s' is not %s: at byte %zu it %s", SDS_QUOTED(string->value),
                   SDS_QUOTED(string->key),
                   sds_form_describe(&known->form, &(struct sds_form_words){""}), fault.offset,
                   fault.what);
}

/* Whether clients need a key of this advertisement, which may hang on the value of another. */
static bool is_needed(const struct sds_check *check, const struct sds_txt_key *known)
{
    struct sds_txt_iter iter = sds_walk_txt(check);
    struct sds_txt_string other;

    if (!known->is_required || !known->where_key)
        return known->is_required;
    while (sds_next_attribute(&iter, &other))
        if (sds_fold_is(other.key.p, other.key.len, known->where_key))
            return other.value.p && matches(check, known->where_regex, other.value);
    return false;
}

void sds_check_profile_txt(struct sds_check *check)
{
    const struct sds_txt_decl *txt = &check->profile->txt;
    struct sds_txt_iter iter = sds_walk_txt(check);
    struct sds_txt_string string;
    struct seen seen = {0};

    if (sds_service_state(check->service, SDS_PART_TXT) != SDS_PRESENT)
        return;
    for (size_t i = 0; i < txt->n_keys; i++) {
        struct sds_span key = sds_text_span(txt->keys[i].key);

        if (is_needed(check, &txt->keys[i]) && !sds_is_sent(check, &txt->keys[i]))
            sds_report(check, SDS_RULE_PROFILE_KEY_MISSING,
                       ((struct sds_place){.offset = -1, .key = key}),
                       "key '%s', which clients need, is absent", SDS_QUOTED(key));
    }
    while (sds_next_attribute(&iter, &string))
        check_value(check, &string, &seen);
}

static void check_instance(struct sds_check *check)
{
    const struct sds_profile *profile = check->profile;
    struct sds_span instance = check->service->instance;

    if (!matches(check, profile->instance_regex, instance))
        sds_report(check, SDS_RULE_PROFILE_INSTANCE_FORM, SDS_WHOLE,
                   "instance name '%s' is not of the form: %s", SDS_QUOTED(instance),
                   SDS_QUOTED(sds_text_span(profile->instance_about)));
}

static bool has_subtype(const struct sds_check *check, const char *regex)
{
    for (size_t i = 0; i < check->service->n_subtypes; i++) {
        struct sds_subtype subtype;

        sds_subtype_parse(check->service->subtypes[i], &check->type, &subtype);
        if (!subtype.is_malformed && matches(check, regex, subtype.label))
            return true;
    }
    return false;
}

static void check_subtypes(struct sds_check *check)
{
    for (size_t i = 0; i < check->profile->n_subtypes; i++) {
        const struct sds_profile_subtype *subtype = &check->profile->subtypes[i];

        if (subtype->is_required && !has_subtype(check, subtype->regex))
            sds_report(check, SDS_RULE_PROFILE_SUBTYPE_MISSING, SDS_WHOLE,
                       "subtype '%s' is not advertised", SDS_QUOTED(sds_text_span(subtype->regex)));
    }
}

void sds_check_profile(struct sds_check *check)
{
    const struct sds_service *service = check->service;

    if (sds_service_state(service, SDS_PART_INSTANCE) == SDS_PRESENT &&
        check->profile->instance_regex)
        check_instance(check);
    if (sds_service_state(service, SDS_PART_SUBTYPES) != SDS_UNKNOWN)
        check_subtypes(check);
}
