/* SPDX-License-Identifier: MIT */
#ifndef SDS_REGISTRY_PACKED_H
#define SDS_REGISTRY_PACKED_H

#include "registry/table.h"

/* What a word tells of a row, of its declaration, or of the form of a key; the value of most is
 * their text's place in the pool. registry/compile.py numbers them alike. */
enum sds_packed_member {
    SDS_PACKED_END,
    SDS_PACKED_TRANSPORT,
    SDS_PACKED_DESCRIPTION,
    SDS_PACKED_ASSIGNEE,
    SDS_PACKED_CONTACT,
    SDS_PACKED_REGISTERED,
    SDS_PACKED_MODIFIED,
    SDS_PACKED_SERVICE_CODE,
    SDS_PACKED_ALIAS_OF,
    SDS_PACKED_PORT,
    SDS_PACKED_UNAUTHORIZED,
    SDS_PACKED_REFERENCE, /* once for each of them */
    SDS_PACKED_UNASSIGNED,
    SDS_PACKED_TXT, /* first word of a declaration */

    SDS_PACKED_KIND, /* an enumerator, as all without texts but counts, marks and places */
    SDS_PACKED_OPEN,
    SDS_PACKED_KEY,
    SDS_PACKED_KEY_FORM, /* first word of the form of the key before */

    SDS_PACKED_ABOUT,
    SDS_PACKED_PATTERN,
    SDS_PACKED_VALUE,
    SDS_PACKED_PLACEHOLDER,
    SDS_PACKED_TEMPLATE,
    SDS_PACKED_DEFAULT,
    SDS_PACKED_WHAT,
    SDS_PACKED_SEP,
    SDS_PACKED_DIGITS,
    SDS_PACKED_LENGTH,
    SDS_PACKED_ABSOLUTE,
    SDS_PACKED_MAY_BE_EMPTY,
    SDS_PACKED_TYPE,
    SDS_PACKED_STRENGTH,
    SDS_PACKED_CHARS,
    SDS_PACKED_EXTRA_CHARS,
    SDS_PACKED_VALUES,  /* once for each of them */
    SDS_PACKED_SCHEMES, /* likewise */
    SDS_PACKED_MIN,     /* in decimal */
    SDS_PACKED_MAX,
    SDS_PACKED_RELATIVE,
    SDS_PACKED_NEED,
    SDS_PACKED_OF, /* first word of another form */
};

#define SDS_PACKED_VALUE_BITS 24 /* of a word; the bits above are the member, or a status */

/* Room for rows as others see them, and for what they point to; the kernel gives no memory for it
 * until a row is made. Rows take of the arrays from the front. */
struct sds_unpacked {
    struct sds_record *rows;
    bool *is_unpacked; /* of each row */
    const char **texts;
    size_t n_texts;
    struct sds_txt_key *keys;
    size_t n_keys;
    struct sds_form *forms;
    size_t n_forms;
};

/* The rows of a table that is compiled in: named ones first, sorted by name. */
struct sds_packed {
    const char *pool;       /* all texts, each with its NUL; the first one is empty */
    const uint32_t *names;  /* of each row: its status, and its name's place in the pool or 0 */
    const uint32_t *starts; /* of each row: its first word */
    const uint32_t *words;  /* members and their values; 0 ends a row, a declaration or a form */
    struct sds_unpacked *unpacked;
};

/* The name of a row, or NULL. */
const char *sds_packed_name(const struct sds_packed *packed, size_t i);

enum sds_record_status sds_packed_status(const struct sds_packed *packed, size_t i);

/* The port of a row, or the range of them; NULL where it has none. */
const char *sds_packed_ports(const struct sds_packed *packed, size_t i);

/* A row, which stays where it is from then on. Not to be called by two threads at a time. */
const struct sds_record *sds_packed_row(const struct sds_packed *packed, size_t i);

#endif
