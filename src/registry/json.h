/* SPDX-License-Identifier: MIT */
#ifndef SDS_REGISTRY_JSON_H
#define SDS_REGISTRY_JSON_H

#include <jansson.h>

#include "registry/table.h"

#define SDS_REGISTRY_JSON_VERSION 1 /* the value of "sdscope_registry" */

/* A text, a whole number, texts or a mark among a form's members, all read and written alike. */
enum sds_form_member_type {
    SDS_FORM_MEMBER_TEXT,
    SDS_FORM_MEMBER_REGEX, /* a text that PCRE2 can compile */
    SDS_FORM_MEMBER_COUNT, /* an int; -1 where it is absent */
    SDS_FORM_MEMBER_LIMIT, /* an int; 0 where it is absent */
    SDS_FORM_MEMBER_MARK,  /* a bool; false where it is absent */
    SDS_FORM_MEMBER_TEXTS, /* an array, with its length in a member of its own */
};

struct sds_form_member {
    const char *name; /* in JSON */
    enum sds_form_member_type type;
    size_t offset, n_offset; /* in struct sds_form */
};

extern const struct sds_form_member sds_form_members[];
extern const size_t sds_n_form_members;

/* A record as JSON, with every member of it; NULL when out of memory. */
json_t *sds_record_to_json(const struct sds_record *record);

/* A contact as JSON, with the members that it has; NULL when out of memory. */
json_t *sds_person_to_json(const struct sds_person *person);

/* A declaration as JSON, with every member of it; NULL when out of memory. */
json_t *sds_txt_decl_to_json(const struct sds_txt_decl *decl);

#endif
