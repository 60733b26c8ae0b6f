/* SPDX-License-Identifier: MIT */
#ifndef SDS_REGISTRY_TABLE_H
#define SDS_REGISTRY_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/arr.h"
#include "base/near_index.h"
#include "registry/pattern.h"
#include "sdscope/profile.h"
#include "sdscope/registry.h"

#define SDS_REGISTRY_BYTES_MAX    ((size_t)64 << 20) /* of a file */
#define SDS_REGISTRY_ROWS_MAX     1000000            /* of a table */
#define SDS_REGISTRY_KEYS_MAX     1000               /* of a declaration */
#define SDS_REGISTRY_MESSAGES_MAX 100                /* of a file; the rest is counted */
#define SDS_REGISTRY_FIELD_MAX    ((size_t)64 << 10) /* bytes of a row's field */

/* Profiles, sorted by name; of one name, in the order of their file. */
struct sds_profiles {
    const struct sds_profile *v;
    size_t n;
};

/* Contacts in the order of their file, and sorted by id; of one id, in the order of their file. */
struct sds_people {
    const struct sds_person *v;
    const struct sds_person *const *by_id;
    size_t n;
};

/* The rows of one registry, and the way to find them. */
struct sds_table {
    const char *title, *updated, *origin;
    const struct sds_record *rows;
    const struct sds_packed *packed; /* in place of rows where they are compiled in */
    size_t n_rows;
    const uint32_t *by_name; /* rows with a name, sorted by it; NULL where they all are so */
    size_t n_named;
    struct sds_near_index near; /* names of active rows; of each, the first row is its number */
    struct sds_profiles profiles;
    struct sds_people people;
    struct sds_arena arena; /* holds all of it, unless it is compiled in */
};

/* The table that registry/compile.py makes of registry/iana.json. */
extern const struct sds_table sds_builtin_table;

/* Offer the names of all active records, in the order of sds_registry_all(). */
void sds_registry_offer_names(const struct sds_registry *registry, struct sds_near *near);

/* The ports of a row as struct sds_record has them, without making a record of it; or NULL. */
const char *sds_table_ports(const struct sds_table *table, size_t row);

const struct sds_table *sds_registry_table(const struct sds_registry *registry, size_t i);
const struct sds_record *sds_table_row(const struct sds_table *table, size_t i);

/* Whether a port, or a range such as "6000-6063", has a port in it. */
bool sds_ports_cover(const char *ports, unsigned port);

/* A registry's rows by their ports: made when first asked for, in storage that the registry has. */
struct sds_port_index;

struct sds_port_index *sds_port_index_new(void);
struct sds_port_index *sds_port_index_free(struct sds_port_index *index);
struct sds_port_index *sds_registry_port_index(const struct sds_registry *registry);

/* A walk over the records of a port; treat as opaque. */
struct sds_port_iter {
    const struct sds_registry *registry;
    size_t at;
    unsigned port;
};

/**
 * All records whose port is this one, or whose range of ports has it, over all tables.
 *
 * Returns 0, or -ENOMEM when the index cannot be made. Not to be called by two threads at a time.
 */
int sds_registry_find_port(const struct sds_registry *registry, unsigned port,
                           struct sds_port_iter *ret);
const struct sds_record *sds_port_next(struct sds_port_iter *iter);

/* What registry/compile_profiles.py makes of registry/profiles/. */
extern const struct sds_profiles sds_builtin_profiles;

/* Give the table that was added last the profiles that are compiled in, unless it has its own. */
void sds_registry_lend_profiles(struct sds_registry *registry);

/* The regular expressions of a registry's profiles, for those who match them: borrowed from it. */
struct sds_patterns *sds_registry_patterns(const struct sds_registry *registry);

/* The profiles of a registry's table. */
struct sds_profiles sds_registry_profiles_at(const struct sds_registry *registry, size_t i);

/* The contacts of a registry's table. */
struct sds_people sds_registry_people_at(const struct sds_registry *registry, size_t i);

/* A file that is being read into a table. */
struct sds_load {
    struct sds_table *table;
    SDS_ARR(struct sds_record) rows;
    SDS_ARR(struct sds_profile) profiles;
    SDS_ARR(struct sds_person) people;
    const char *file;
    sds_load_log *log;
    void *userdata;
    size_t n_messages;
};

/**
 * Loaders, one a format. Each puts rows into load->rows, says what is wrong with a row, leaves that
 * row out, and goes on. Returns 0, -ENOMEM, or -EINVAL, said, when it cannot go on; rows that were
 * read before that stay.
 */
int sds_load_xml(struct sds_load *load, const char *bytes, size_t len);
int sds_load_csv(struct sds_load *load, const char *bytes, size_t len);
int sds_load_excerpt(struct sds_load *load, const char *bytes, size_t len);
int sds_load_json(struct sds_load *load, const char *bytes, size_t len);
int sds_load_text(struct sds_load *load, const char *bytes, size_t len);
int sds_load_services(struct sds_load *load, const char *bytes, size_t len);

/* The line above the rows of IANA's CSV and of its texts; all name the columns. */
bool sds_is_csv(const char *bytes, size_t len);
bool sds_is_excerpt(const char *bytes, size_t len);
bool sds_is_text_table(const char *bytes, size_t len);

/* Whether the first line that is no comment is one of /etc/services. */
bool sds_is_services(const char *bytes, size_t len);

/* Say what is wrong, at a line and a column from 1, or 0 where none is to blame. */
void sds_load_say(struct sds_load *load, size_t line, size_t column, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/**
 * Add a row, whose texts are in the table's arena. What its prose says about status and TXT keys is
 * read here, unless @is_read says that the loader brought them. Returns 0 or -ENOMEM, or -E2BIG.
 */
int sds_load_add(struct sds_load *load, struct sds_record row, bool is_read);

/* Add a contact, whose texts are in the table's arena. Returns 0, -ENOMEM or -E2BIG. */
int sds_load_add_person(struct sds_load *load, struct sds_person person);

/* Move the contacts that were read into the table. Returns 0 or -ENOMEM. */
int sds_people_take(struct sds_load *load);

/* A field of a row is text that a row may hold: UTF-8 without NUL, and not too long. */
bool sds_load_is_text(const char *bytes, size_t len);

/**
 * A copy of a field in the table's arena: outer blanks off, and inner ones collapsed to single
 * spaces where @one_line says so. *ret is NULL when nothing is left. Returns 0 or -ENOMEM.
 */
int sds_load_field(struct sds_load *load, const char *bytes, size_t len, bool one_line,
                   const char **ret);

/* The same for "[A][B]": "A, B"; and for references, as an array. "[]" is there and empty. */
int sds_load_persons(struct sds_load *load, const char *bytes, size_t len, const char **ret);
int sds_load_references(struct sds_load *load, const char *bytes, size_t len,
                        struct sds_record *row);

/* "tcp", "udp", "sctp" or "dccp" as a constant, in whatever case it is written; else NULL. */
const char *sds_transport_word(const char *bytes, size_t len);

/* Whether this is a port, or a range of them: "80", "6000-6063". */
bool sds_is_port(const char *bytes, size_t len);

/* Whether this is a date as IANA writes it: "2011-10-12" or "2007-11". */
bool sds_is_date(const char *bytes, size_t len);

/* Status of a row from its prose; sets alias_of, which is put into @arena. Returns 0 or -ENOMEM. */
int sds_status_read(struct sds_arena *arena, struct sds_record *row);

/* Whether a row's notes, which may be NULL, call its use unassigned. */
bool sds_notes_unassigned(const char *notes);

/**
 * What a row's notes declare about TXT keys.
 *
 * @notes  may be NULL
 * @ret    its texts are put into @arena
 * Returns 0 or -ENOMEM.
 */
int sds_notes_read(struct sds_arena *arena, const char *notes, struct sds_txt_decl *ret);

/* The service that an example of a profile shows; sds_service_free() it. NULL when out of memory.
 */
struct sds_service *sds_example_dup(const struct sds_profile *profile,
                                    const struct sds_profile_example *example);

/* As sds_form_fits(), with expressions that are compiled once; @form stays as long as @patterns,
 * and where that is NULL, for lack of memory, all expressions match. */
bool sds_form_fits_with(const struct sds_form *form, struct sds_span value,
                        struct sds_patterns *patterns, struct sds_form_fault *ret);

/* A form of which nothing is known. */
#define SDS_FORM_EMPTY ((struct sds_form){.digits = -1, .length = -1})

/* Words of the smaller enumerations; NULL where there is none. */
const char *sds_strength_name(enum sds_strength strength);
int sds_strength_from_name(const char *name);

#endif
