/* SPDX-License-Identifier: MIT */
#ifndef SDSCOPE_PROFILE_H
#define SDSCOPE_PROFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sdscope/api.h"
#include "sdscope/registry.h"
#include "sdscope/type.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A document or program that a profile rests on, and which of its facts. */
struct sds_profile_source {
    const char *cite; /* "CUPS, scheduler/dirsvc.c" */
    const char *backs;
};

/* A subtype under which clients look for the service. */
struct sds_profile_subtype {
    const char *regex; /* of the whole label: "_print", "_L[0-9]+" */
    const char *about; /* may be NULL */
    bool is_required;
};

/* An advertisement that shows what the profile means. */
struct sds_profile_example {
    const char *instance; /* NULL: unknown */
    const char *const *subtypes;
    size_t n_subtypes; /* 0: unknown */
    const uint8_t *txt;
    size_t txt_len;            /* bytes of RDATA */
    const char *const *breaks; /* findings: "SD612 priority", "SD614"; none where it is right */
    size_t n_breaks;
    size_t number; /* in "examples", from 0 */
};

/* What the advertisements of one service type hold: more than IANA tells, and with its sources. */
struct sds_profile {
    const char *name;           /* without underscore: "ipp" */
    const char *transport;      /* "tcp" or "udp"; NULL fits both */
    const char *description;    /* may be NULL */
    struct sds_txt_decl txt;    /* of kind SDS_TXT_KEYS, SDS_TXT_NONE or SDS_TXT_UNSPECIFIED */
    const char *instance_regex; /* of the whole instance name; NULL: any */
    const char *instance_about; /* the same in words: "12 hex digits, '@' and a name" */
    bool any_port;              /* the port of the registration is not this service's */
    const struct sds_profile_subtype *subtypes;
    size_t n_subtypes;
    const struct sds_profile_source *sources;
    size_t n_sources;
    const struct sds_profile_example *examples;
    size_t n_examples;
    size_t number; /* in the "records" of its file, from 0 */
    bool is_first; /* of the names in its record */
};

/* The profile of a type: of several, the one that was loaded last. NULL where there is none. */
SDS_PUBLIC const struct sds_profile *sds_profile_find(const struct sds_registry *registry,
                                                      struct sds_span name,
                                                      enum sds_transport transport);

/* A walk over profiles; treat as opaque. Nothing is allocated. */
struct sds_profile_iter {
    const struct sds_registry *registry;
    size_t table, at;
};

/* All profiles: tables in the order they were added, each by name. */
SDS_PUBLIC struct sds_profile_iter sds_profile_all(const struct sds_registry *registry);

/* The next profile, borrowed from the registry; NULL at the end. */
SDS_PUBLIC const struct sds_profile *sds_profile_next(struct sds_profile_iter *iter);

/* What the profile says of a key, ASCII case ignored; NULL: nothing. */
SDS_PUBLIC const struct sds_txt_key *sds_profile_key(const struct sds_profile *profile,
                                                     struct sds_span key);

/* A form in words, such as "a whole number from 0 to 99". */
struct sds_form_words {
    char text[160];
};

SDS_PUBLIC const char *sds_form_describe(const struct sds_form *form, struct sds_form_words *ret);

/* Where a value departs from its form. */
struct sds_form_fault {
    size_t
        offset; /* in the value, of the first byte at fault; its length where it ends too early */
    const char *what; /* in a clause: "is too long"; static */
};

/**
 * Whether the value of a key fits its form.
 *
 * @value  p is NULL for a key without `=`
 * @ret    set when it does not fit
 */
SDS_PUBLIC bool sds_form_fits(const struct sds_form *form, struct sds_span value,
                              struct sds_form_fault *ret);

#ifdef __cplusplus
}
#endif

#endif
