/* SPDX-License-Identifier: MIT */
#include "sdscope/registry.h"

#include <assert.h>
#include <string.h>

#include "base/ascii.h"
#include "base/mem.h"
#include "registry/table.h"

static const char *const form_types[] = {
    [SDS_FORM_ANY] = "any",         [SDS_FORM_TEXT] = "text", [SDS_FORM_ENUM] = "enum",
    [SDS_FORM_VERSION] = "version", [SDS_FORM_PATH] = "path", [SDS_FORM_CONST] = "const",
    [SDS_FORM_URL] = "url",         [SDS_FORM_INT] = "int",   [SDS_FORM_HOST] = "host",
    [SDS_FORM_HEX] = "hex",         [SDS_FORM_LIST] = "list", [SDS_FORM_BOOL] = "bool",
    [SDS_FORM_MAC] = "mac",         [SDS_FORM_UUID] = "uuid", [SDS_FORM_BYTES] = "bytes",
};
static_assert(SDS_COUNT(form_types) == SDS_FORM__COUNT, "a word a type");

static const char *const txt_kinds[] = {
    [SDS_TXT_UNSPECIFIED] = "unspecified",
    [SDS_TXT_NONE] = "none",
    [SDS_TXT_KEYS] = "keys",
    [SDS_TXT_PROPRIETARY] = "proprietary",
    [SDS_TXT_SEE_REFERENCE] = "see-reference",
};

static const char *const statuses[] = {
    [SDS_RECORD_ACTIVE] = "active",
    [SDS_RECORD_RETIRED] = "retired",
    [SDS_RECORD_RESERVED] = "reserved",
    [SDS_RECORD_ALIAS] = "alias",
    [SDS_RECORD_NOT_A_SERVICE] = "not-a-service",
};

static const char *const strengths[] = {
    [SDS_STRENGTH_NONE] = NULL,
    [SDS_STRENGTH_IMPLIED] = "implied",
    [SDS_STRENGTH_STATED] = "stated",
};

static const char *word_at(const char *const *words, size_t n, size_t i)
{
    return i < n ? words[i] : NULL;
}

static int find_word(const char *const *words, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (words[i] && !strcmp(words[i], name))
            return (int)i;
    return -1;
}

const char *sds_form_type_name(enum sds_form_type type)
{
    return word_at(form_types, SDS_COUNT(form_types), type);
}

const char *sds_txt_kind_name(enum sds_txt_kind kind)
{
    return word_at(txt_kinds, SDS_COUNT(txt_kinds), kind);
}

const char *sds_record_status_name(enum sds_record_status status)
{
    return word_at(statuses, SDS_COUNT(statuses), status);
}

const char *sds_strength_name(enum sds_strength strength)
{
    return word_at(strengths, SDS_COUNT(strengths), strength);
}

int sds_form_type_from_name(const char *name)
{
    return find_word(form_types, SDS_COUNT(form_types), name);
}

int sds_txt_kind_from_name(const char *name)
{
    return find_word(txt_kinds, SDS_COUNT(txt_kinds), name);
}

int sds_record_status_from_name(const char *name)
{
    return find_word(statuses, SDS_COUNT(statuses), name);
}

int sds_strength_from_name(const char *name)
{
    return find_word(strengths, SDS_COUNT(strengths), name);
}

bool sds_record_fits(const struct sds_record *record, enum sds_transport transport)
{
    bool is_tcp;

    if (!record->transport)
        return transport != SDS_TRANSPORT_OTHER;
    is_tcp = !strcmp(record->transport, "tcp");
    return transport == SDS_TRANSPORT_TCP ? is_tcp : transport == SDS_TRANSPORT_UDP && !is_tcp;
}

bool sds_record_is_dnssd(const struct sds_record *record)
{
    bool is_browsed =
        sds_record_fits(record, SDS_TRANSPORT_TCP) || sds_record_fits(record, SDS_TRANSPORT_UDP);

    return record->name && is_browsed && record->status == SDS_RECORD_ACTIVE &&
           (!record->port || record->txt.kind != SDS_TXT_UNSPECIFIED);
}

/* Whether @key is @stem, a number, and nothing else. */
static bool is_numbered(struct sds_span key, const char *stem, size_t stem_len)
{
    if (key.len <= stem_len || !sds_fold_equal(key.p, stem_len, stem, stem_len))
        return false;
    for (size_t i = stem_len; i < key.len; i++)
        if (!sds_is_digit(key.p[i]))
            return false;
    return true;
}

bool sds_txt_key_matches(const struct sds_txt_key *declared, struct sds_span key)
{
    const char *numbering = declared->form.numbering;
    const char *number = numbering ? strchr(numbering, '<') : NULL;

    if (sds_fold_is(key.p, key.len, declared->key))
        return true;
    return number && is_numbered(key, numbering, (size_t)(number - numbering));
}
