/* SPDX-License-Identifier: MIT */
#ifndef SDSCOPE_REGISTRY_H
#define SDSCOPE_REGISTRY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "sdscope/api.h"
#include "sdscope/type.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What a value of a TXT key looks like. */
enum sds_form_type {
    SDS_FORM_ANY,
    SDS_FORM_TEXT,
    SDS_FORM_ENUM,
    SDS_FORM_VERSION,
    SDS_FORM_PATH,
    SDS_FORM_CONST,
    SDS_FORM_URL,
    SDS_FORM_INT,
    SDS_FORM_HOST,
    SDS_FORM_HEX,
    SDS_FORM_LIST,
    SDS_FORM_BOOL,
    SDS_FORM_MAC,
    SDS_FORM_UUID,
    SDS_FORM_BYTES,
    SDS_FORM__COUNT
};

/* How sure the form is: the prose states a syntax, or only names a thing. */
enum sds_strength { SDS_STRENGTH_NONE, SDS_STRENGTH_IMPLIED, SDS_STRENGTH_STATED };

enum sds_relative { SDS_RELATIVE_UNSAID, SDS_RELATIVE_YES, SDS_RELATIVE_NO, SDS_RELATIVE_EITHER };

/* Whether an advertisement must carry the key. */
enum sds_need { SDS_NEED_UNSAID, SDS_NEED_OPTIONAL, SDS_NEED_REQUIRED };

/* A value form; a member that its type does not use, or that nobody stated, is NULL, 0 or -1. */
struct sds_form {
    enum sds_form_type type;
    enum sds_strength strength;
    const char *about;         /* the words of the declaration, such as "product name/model" */
    const char *pattern;       /* version: "x.xx" */
    const char *regex;         /* every type: PCRE2, which the whole value must match */
    const char *value;         /* const: the only value */
    const char *placeholder;   /* any: what stood in its place, such as "?" */
    const char *numbering;     /* any: of keys, such as "c<n>"; "template" in JSON */
    const char *fallback;      /* what an absent key means; "default" in JSON */
    const char *what;          /* host: "ip", "name" or "either" */
    const char *chars;         /* text: "alphanumeric", "numeric" or "printable-ascii" */
    const char *extra_chars;   /* text: further characters, such as "_+-" */
    const char *prefix;        /* hex: what stands before the digits, such as "0x" */
    const char *sep;           /* list: what stands between the items */
    const struct sds_form *of; /* list: form of an item */
    const char *const *values; /* enum: the words */
    size_t n_values;
    const char *const *schemes; /* url: such as "http" */
    size_t n_schemes;
    int digits;     /* hex: how many, or -1 */
    int length;     /* bytes, or -1 */
    int min_length; /* bytes of the value, whatever its type */
    int max_length; /* the same; 0 where nobody stated it */
    int mask;       /* int, hex: a bit field, and the bits that may be set; 0 where it is none */
    bool has_range; /* int, hex: min and max are set */
    int64_t min, max;
    enum sds_relative relative; /* url */
    enum sds_need need;         /* "optional" in JSON */
    bool is_absolute;           /* path: begins with a slash */
    bool may_be_empty;
};

/* A TXT key that a record declares. */
struct sds_txt_key {
    const char *key; /* as declared; sds_txt_key_matches() knows numbered ones */
    struct sds_form form;
    bool is_required;        /* profiles: clients need it */
    const char *where_key;   /* profiles: required only where this key */
    const char *where_regex; /* has a value that this matches as a whole; both NULL: always */
};

enum sds_txt_kind {
    SDS_TXT_UNSPECIFIED,   /* the record says nothing of TXT keys */
    SDS_TXT_NONE,          /* exactly none */
    SDS_TXT_KEYS,          /* a list */
    SDS_TXT_PROPRIETARY,   /* known to the assignee only */
    SDS_TXT_SEE_REFERENCE, /* described in another document */
    SDS_TXT__COUNT
};

/* What a record declares about TXT keys. */
struct sds_txt_decl {
    enum sds_txt_kind kind;
    bool open; /* further keys are expected: the list is not closed */
    const struct sds_txt_key *keys;
    size_t n_keys;
};

enum sds_record_status {
    SDS_RECORD_ACTIVE,
    SDS_RECORD_RETIRED,
    SDS_RECORD_RESERVED,
    SDS_RECORD_ALIAS,
    SDS_RECORD_NOT_A_SERVICE,
    SDS_RECORD__COUNT
};

/* One row of a registry. A text that the row lacks is NULL; "" is one that is there and empty. */
struct sds_record {
    const char *name;      /* without underscore; NULL for a row that is only a port */
    const char *transport; /* "tcp", "udp", "sctp", "dccp"; NULL fits tcp and udp */
    const char *port;      /* "631", "6000-6063"; NULL where none is assigned */
    const char *description, *assignee, *contact;
    const char *registered, *modified; /* dates such as "2011-10-12" */
    const char *const *references;     /* such as "RFC8011" */
    size_t n_references;
    const char *service_code, *unauthorized;
    enum sds_record_status status;
    const char *alias_of; /* name that stands for this one */
    bool is_unassigned;   /* the row only records "an unassigned but widespread use" */
    const char *notes;    /* as published */
    struct sds_txt_decl txt;
};

/* One contact of a registry. A text that its row lacks is NULL. */
struct sds_person {
    const char *id;           /* as assignees and contacts name it; "" is one without a name */
    const char *name;         /* of a person, or whatever the row gives in one text */
    const char *organization; /* only where the row surely tells it from the name */
    const char *uri;          /* as published, "mailto:ann&example.com"; several part by a blank */
    const char *updated;      /* a date such as "2011-10-12" */
};

/* A set of tables, each loaded from one place. Rows merge: a name may have many. It keeps what
 * sds_check() compiles of its profiles, so that no two threads may check with it at a time. */
struct sds_registry;

/* Where a table comes from. */
struct sds_registry_table {
    const char *title;   /* NULL where the file gives none */
    const char *updated; /* date of publication, or NULL */
    const char *origin;  /* "builtin", or the file's path */
    size_t n_records, n_profiles, n_people;
};

/* One located remark about a file that is being read. */
struct sds_load_message {
    const char *file;
    size_t line;   /* from 1; 0 where no line is to blame */
    size_t column; /* from 1; 0 likewise */
    const char *text;
};

/* Receives what is wrong with a file's rows; the rest of the file loads all the same. */
typedef void sds_load_log(void *userdata, const struct sds_load_message *message);

SDS_PUBLIC struct sds_registry *sds_registry_new(void);

/* Returns NULL; @registry may be NULL. */
SDS_PUBLIC struct sds_registry *sds_registry_free(struct sds_registry *registry);

/* Add the registry that is compiled into the program; nothing is read or made of it before it is
 * asked for. All registries of a process share the records that are made then, so that no two
 * threads may ask at a time. Returns 0 or -ENOMEM. */
SDS_PUBLIC int sds_registry_add_builtin(struct sds_registry *registry);

/**
 * Add a file, whose format is recognised by its content: IANA's XML, CSV, text or collapsed text,
 * /etc/services, or JSON as sds_registry_export() writes it; any of them as gzip compresses it.
 *
 * @path  "-" is standard input
 * @log   may be NULL
 * Returns 0; -EINVAL when the file is none of these or too damaged to give a row, said to @log;
 * -EFBIG when it exceeds 64 MiB; another negative errno when it cannot be read.
 */
SDS_PUBLIC int sds_registry_load(struct sds_registry *registry, const char *path, sds_load_log *log,
                                 void *userdata);

/* The same for bytes that the caller holds; @origin names them in messages. */
SDS_PUBLIC int sds_registry_load_bytes(struct sds_registry *registry, const char *origin,
                                       const void *bytes, size_t len, sds_load_log *log,
                                       void *userdata);

SDS_PUBLIC size_t sds_registry_n_tables(const struct sds_registry *registry);
SDS_PUBLIC struct sds_registry_table sds_registry_table_at(const struct sds_registry *registry,
                                                           size_t i);

/* A walk over records; treat as opaque. Nothing is allocated. */
struct sds_record_iter {
    const struct sds_registry *registry;
    size_t table, at, end;
    struct sds_span name;
    bool by_name;
};

/* All records of a name, over all tables, ASCII case ignored. @name is borrowed for the walk. */
SDS_PUBLIC struct sds_record_iter sds_registry_find(const struct sds_registry *registry,
                                                    struct sds_span name);

/* All records: tables in the order they were added, rows in the order of their file. */
SDS_PUBLIC struct sds_record_iter sds_registry_all(const struct sds_registry *registry);

/* The contact of an id, as bytes, in the first table that has it, borrowed from the registry; NULL
 * where none has. Only IANA's XML and excerpt and our own JSON name contacts. */
SDS_PUBLIC const struct sds_person *sds_registry_find_person(const struct sds_registry *registry,
                                                             struct sds_span id);

/* The contact at a place of a table, in the order of its file, borrowed from the registry.
 * @i is below n_people of sds_registry_table_at(). */
SDS_PUBLIC const struct sds_person *sds_registry_person_at(const struct sds_registry *registry,
                                                           size_t table, size_t i);

/**
 * Take the next id off a list such as a record's assignee: "Ann_Ode, Bob".
 *
 * @list  moved behind the id and what parts it from the next; may point at NULL
 * Returns false at the end.
 */
SDS_PUBLIC bool sds_person_id_take(const char **list, struct sds_span *ret);

/* What sds_registry_export() writes; bits of a set. */
enum sds_export {
    SDS_EXPORT_NONE = 0,
    SDS_EXPORT_FACTS = 1u << 0, /* no prose and no persons; see sds_registry_export_facts() */
};

/**
 * Write all records as JSON, one a line, in the order of sds_registry_all(), and the contacts below
 * them; facts are sorted by name instead, leave out members that are null, and have no contacts.
 * sds_registry_load() reads it back.
 *
 * @flags  enum sds_export
 * Returns 0, -ENOMEM, or -EIO when @out does not take it.
 */
SDS_PUBLIC int sds_registry_export(const struct sds_registry *registry, FILE *out, unsigned flags);

/**
 * Write facts alone: of a description only a short title, no notes but what they declare, and no
 * assignee or contact but of the records that @persons_of, which may be NULL, has too: those of the
 * same name and transport.
 *
 * Returns as sds_registry_export() does.
 */
SDS_PUBLIC int sds_registry_export_facts(const struct sds_registry *registry,
                                         const struct sds_registry *persons_of, FILE *out);

/* The next record, borrowed from the registry; NULL at the end. */
SDS_PUBLIC const struct sds_record *sds_record_next(struct sds_record_iter *iter);

/* Whether a record's transport fits a type's label: none fits both, and `_udp` everything but tcp
 * (RFC 6763 7). */
SDS_PUBLIC bool sds_record_fits(const struct sds_record *record, enum sds_transport transport);

/* Whether the record is there for DNS-SD: its name is in use over TCP or UDP, and has no port of its
 * own, or says something of TXT keys. */
SDS_PUBLIC bool sds_record_is_dnssd(const struct sds_record *record);

/* Whether a declared key is this one, ASCII case ignored; `dkX` and `c<n>` match any number. */
SDS_PUBLIC bool sds_txt_key_matches(const struct sds_txt_key *declared, struct sds_span key);

/* Words of the enumerations, as in JSON: "keys", "retired", "uuid", "stated"; NULL past the end.
 * The inverse returns the value, or -1. */
SDS_PUBLIC const char *sds_form_type_name(enum sds_form_type type);
SDS_PUBLIC const char *sds_txt_kind_name(enum sds_txt_kind kind);
SDS_PUBLIC const char *sds_record_status_name(enum sds_record_status status);
SDS_PUBLIC int sds_form_type_from_name(const char *name);
SDS_PUBLIC int sds_txt_kind_from_name(const char *name);
SDS_PUBLIC int sds_record_status_from_name(const char *name);

#ifdef __cplusplus
}
#endif

#endif
