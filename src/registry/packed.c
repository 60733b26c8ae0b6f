/* SPDX-License-Identifier: MIT */
#include "registry/packed.h"

#include <stdlib.h>

#define VALUE_MASK ((1u << SDS_PACKED_VALUE_BITS) - 1)

/* Where the texts, counts and marks go, in a row or in a form. */
static const size_t offsets[] = {
    [SDS_PACKED_TRANSPORT] = offsetof(struct sds_record, transport),
    [SDS_PACKED_DESCRIPTION] = offsetof(struct sds_record, description),
    [SDS_PACKED_ASSIGNEE] = offsetof(struct sds_record, assignee),
    [SDS_PACKED_CONTACT] = offsetof(struct sds_record, contact),
    [SDS_PACKED_REGISTERED] = offsetof(struct sds_record, registered),
    [SDS_PACKED_MODIFIED] = offsetof(struct sds_record, modified),
    [SDS_PACKED_SERVICE_CODE] = offsetof(struct sds_record, service_code),
    [SDS_PACKED_ALIAS_OF] = offsetof(struct sds_record, alias_of),
    [SDS_PACKED_PORT] = offsetof(struct sds_record, port),
    [SDS_PACKED_UNAUTHORIZED] = offsetof(struct sds_record, unauthorized),

    [SDS_PACKED_ABOUT] = offsetof(struct sds_form, about),
    [SDS_PACKED_PATTERN] = offsetof(struct sds_form, pattern),
    [SDS_PACKED_VALUE] = offsetof(struct sds_form, value),
    [SDS_PACKED_PLACEHOLDER] = offsetof(struct sds_form, placeholder),
    [SDS_PACKED_TEMPLATE] = offsetof(struct sds_form, numbering),
    [SDS_PACKED_DEFAULT] = offsetof(struct sds_form, fallback),
    [SDS_PACKED_WHAT] = offsetof(struct sds_form, what),
    [SDS_PACKED_SEP] = offsetof(struct sds_form, sep),
    [SDS_PACKED_DIGITS] = offsetof(struct sds_form, digits),
    [SDS_PACKED_LENGTH] = offsetof(struct sds_form, length),
    [SDS_PACKED_ABSOLUTE] = offsetof(struct sds_form, is_absolute),
    [SDS_PACKED_MAY_BE_EMPTY] = offsetof(struct sds_form, may_be_empty),
    [SDS_PACKED_CHARS] = offsetof(struct sds_form, chars),
    [SDS_PACKED_EXTRA_CHARS] = offsetof(struct sds_form, extra_chars),
};

const char *sds_packed_name(const struct sds_packed *packed, size_t i)
{
    uint32_t place = packed->names[i] & VALUE_MASK;

    return place ? packed->pool + place : NULL;
}

enum sds_record_status sds_packed_status(const struct sds_packed *packed, size_t i)
{
    return (enum sds_record_status)(packed->names[i] >> SDS_PACKED_VALUE_BITS);
}

const char *sds_packed_ports(const struct sds_packed *packed, size_t i)
{
    for (const uint32_t *word = &packed->words[packed->starts[i]]; *word; word++)
        if (*word >> SDS_PACKED_VALUE_BITS == SDS_PACKED_PORT)
            return packed->pool + (*word & VALUE_MASK);
    return NULL;
}

/* One more text behind those that a row or form has; they are unpacked in one go. */
static void add_text(struct sds_unpacked *unpacked, const char *text, const char *const **texts,
                     size_t *n)
{
    if ((*n)++ == 0)
        *texts = &unpacked->texts[unpacked->n_texts];
    unpacked->texts[unpacked->n_texts++] = text;
}

/* Depth is two: a list of lists is not made. */
static void unpack_form(const struct sds_packed *packed, uint32_t start, struct sds_form *form)
{
    struct sds_unpacked *unpacked = packed->unpacked;

    *form = SDS_FORM_EMPTY;
    for (const uint32_t *word = &packed->words[start]; *word; word++) {
        enum sds_packed_member member = *word >> SDS_PACKED_VALUE_BITS;
        uint32_t value = *word & VALUE_MASK;
        const char *text = packed->pool + value;
        char *at = (char *)form;

        switch (member) {
        case SDS_PACKED_TYPE:
            form->type = (enum sds_form_type)value;
            break;
        case SDS_PACKED_STRENGTH:
            form->strength = (enum sds_strength)value;
            break;
        case SDS_PACKED_RELATIVE:
            form->relative = (enum sds_relative)value;
            break;
        case SDS_PACKED_NEED:
            form->need = (enum sds_need)value;
            break;
        case SDS_PACKED_VALUES:
            add_text(unpacked, text, &form->values, &form->n_values);
            break;
        case SDS_PACKED_SCHEMES:
            add_text(unpacked, text, &form->schemes, &form->n_schemes);
            break;
        case SDS_PACKED_MIN:
            form->has_range = true;
            form->min = strtoll(text, NULL, 10);
            break;
        case SDS_PACKED_MAX:
            form->max = strtoll(text, NULL, 10);
            break;
        case SDS_PACKED_OF:
            form->of = &unpacked->forms[unpacked->n_forms++];
            unpack_form(packed, value, &unpacked->forms[unpacked->n_forms - 1]);
            break;
        case SDS_PACKED_DIGITS:
        case SDS_PACKED_LENGTH:
            *(int *)(at + offsets[member]) = (int)value;
            break;
        case SDS_PACKED_ABSOLUTE:
        case SDS_PACKED_MAY_BE_EMPTY:
            *(bool *)(at + offsets[member]) = true;
            break;
        default:
            *(const char **)(at + offsets[member]) = text;
        }
    }
}

static void unpack_declaration(const struct sds_packed *packed, uint32_t start,
                               struct sds_txt_decl *txt)
{
    struct sds_unpacked *unpacked = packed->unpacked;
    struct sds_txt_key *key = &unpacked->keys[unpacked->n_keys];

    txt->keys = key;
    for (const uint32_t *word = &packed->words[start]; *word; word++) {
        enum sds_packed_member member = *word >> SDS_PACKED_VALUE_BITS;
        uint32_t value = *word & VALUE_MASK;

        if (member == SDS_PACKED_KIND)
            txt->kind = (enum sds_txt_kind)value;
        else if (member == SDS_PACKED_OPEN)
            txt->open = true;
        else if (member == SDS_PACKED_KEY)
            key->key = packed->pool + value;
        else
            unpack_form(packed, value, &key++->form);
    }
    txt->n_keys = (size_t)(key - txt->keys);
    unpacked->n_keys += txt->n_keys;
}

static void unpack(const struct sds_packed *packed, size_t i, struct sds_record *row)
{
    row->name = sds_packed_name(packed, i);
    row->status = sds_packed_status(packed, i);
    for (const uint32_t *word = &packed->words[packed->starts[i]]; *word; word++) {
        enum sds_packed_member member = *word >> SDS_PACKED_VALUE_BITS;
        uint32_t value = *word & VALUE_MASK;
        const char *text = packed->pool + value;

        if (member == SDS_PACKED_TXT)
            unpack_declaration(packed, value, &row->txt);
        else if (member == SDS_PACKED_REFERENCE)
            add_text(packed->unpacked, text, &row->references, &row->n_references);
        else if (member == SDS_PACKED_UNASSIGNED)
            row->is_unassigned = true;
        else
            *(const char **)((char *)row + offsets[member]) = text;
    }
}

const struct sds_record *sds_packed_row(const struct sds_packed *packed, size_t i)
{
    struct sds_unpacked *unpacked = packed->unpacked;

    if (!unpacked->is_unpacked[i]) {
        unpack(packed, i, &unpacked->rows[i]);
        unpacked->is_unpacked[i] = true;
    }
    return &unpacked->rows[i];
}
