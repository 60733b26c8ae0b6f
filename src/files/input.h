/* SPDX-License-Identifier: MIT */
#ifndef SDS_FILES_INPUT_H
#define SDS_FILES_INPUT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arr.h"
#include "base/mem.h"
#include "sdscope/service.h"

/* Services that somebody wrote down in a file, and where each part of them stands in it. */

/* A place in a text as an editor shows it: from 1, columns in characters; 0: not known. */
struct sds_input_place {
    int line, column;
};

#define SDS_INPUT_NOWHERE ((struct sds_input_place){0, 0})

/* Move a place past a byte of UTF-8. */
static inline void sds_input_advance(struct sds_input_place *place, char byte)
{
    if (byte == '\n') {
        place->line++;
        place->column = 1;
    } else if (((unsigned char)byte & 0xc0) != 0x80) { /* not inside a character */
        place->column++;
    }
}

struct sds_input_mark {
    enum sds_part part;
    size_t index; /* of TXT: the offset of the string's length byte in the RDATA; of subtypes: which
                     one, from 0; else 0 */
    struct sds_input_place place;
};

/* Services that are said to be of the same scan as another. */
struct sds_input_peers {
    bool is_known; /* else nobody said which there are, nor that there are none */
    SDS_ARR(struct sds_service *) list;
};

struct sds_input_service {
    struct sds_service *service;
    struct sds_input_peers peers;
    size_t document; /* of a stream of them, from 0: services of one are of one scan */
    struct sds_input_place place;
    SDS_ARR(struct sds_input_mark) marks;
};

/* What is wrong with the file rather than with a service in it. */
struct sds_input_fault {
    unsigned rule; /* its number, such as 906 */
    struct sds_input_place place;
    char *message; /* one clause, safe to print */
};

/* Zero it to begin, sds_input_done() to end. */
struct sds_input {
    SDS_ARR(struct sds_input_service) services;
    SDS_ARR(struct sds_input_fault) faults;
};

/* Why a file cannot be read. */
struct sds_input_error {
    struct sds_input_place place;
    char text[256]; /* safe to print */
};

/**
 * Read the services in a file's text, whose format is recognised by its content.
 *
 * @origin  of a zone file's relative names, where it has no $ORIGIN; may be NULL
 * @ret     what was there before stays; after an error it may hold some of the services
 * Returns 0, -EINVAL with *error set, -ENOMEM.
 */
int sds_input_read(const char *text, size_t len, const char *origin, struct sds_input *ret,
                   struct sds_input_error *error);

/* Whether the content is of a format that is read, well or not. */
bool sds_input_is_known(const char *text, size_t len);

/* Say why the file cannot be read, in printf's way, safe to print; returns -EINVAL, or -ENOMEM. */
int sds_input_fail(struct sds_input_error *error, struct sds_input_place place, const char *format,
                   ...) __attribute__((format(printf, 3, 4)));

void sds_input_done(struct sds_input *input);
void sds_input_peers_done(struct sds_input_peers *peers);

/* Add a service, which is taken even when that fails. Returns 0 or -ENOMEM. */
int sds_input_add(struct sds_input *input, struct sds_service *service,
                  struct sds_input_place place);

/* Say where a part of the service that was added last stands. Returns 0 or -ENOMEM. */
int sds_input_mark(struct sds_input *input, enum sds_part part, size_t index,
                   struct sds_input_place place);

/* Add a fault, with a message in printf's way. Returns 0 or -ENOMEM. */
int sds_input_fault(struct sds_input *input, unsigned rule, struct sds_input_place place,
                    const char *format, ...) __attribute__((format(printf, 4, 5)));

/* Where a part stands, or the service where that is not known. @index as in struct sds_input_mark;
 * a negative one is the part as a whole. */
struct sds_input_place sds_input_find(const struct sds_input_service *service, enum sds_part part,
                                      long index);

#endif
