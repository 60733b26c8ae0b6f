/* SPDX-License-Identifier: MIT */
#ifndef SDS_CMD_SERVICES_H
#define SDS_CMD_SERVICES_H

#include "base/arr.h"
#include "files/input.h"

/* Files of services, as `check --from` names them. */

struct sds_file {
    char *path; /* as it was given; "-" is standard input */
    struct sds_input input;
};

/* Files of other programs that lay in a folder. */
struct sds_files_passed {
    const struct sds_foreign *kind;
    size_t n;
    char *first; /* its path */
};

/* Zero it to begin, sds_files_done() to end. */
struct sds_files {
    const char *origin; /* of zone files that have none, borrowed; may be NULL */
    SDS_ARR(struct sds_file) list;
    SDS_ARR(struct sds_files_passed) passed; /* a kind each */
};

void sds_files_done(struct sds_files *files);

/**
 * Read a file, or all files of a folder and those inside it that may describe services, by their
 * names' order; a folder that a link finds inside itself is not read again, nor pipes there, and
 * what turns out to be of another program is passed over.
 *
 * Returns 0; -EINVAL when it has said what is wrong, with the other files of a folder there all the
 * same, and without content those that could not be read; -ENOMEM.
 */
int sds_files_read(struct sds_files *files, const char *path);

/* What was passed over, a line of text a kind, safe to print, NULL after the last; NULL when out of
 * memory. */
char **sds_files_notes(const struct sds_files *files);
char **sds_files_notes_free(char **notes);

/* All of a file that is not too large, "-" for standard input: malloc'ed. Returns 0 or a negative
 * errno. */
int sds_file_read_all(const char *path, char **ret, size_t *ret_len);

/* Whether two paths lead to one regular file; "-" is standard input. */
bool sds_file_is_same(const char *a, const char *b);

/* Why sds_file_read_all() failed, in words. */
const char *sds_file_strerror(int r);

/* Say what is wrong with the content of a file; returns -EINVAL. */
int sds_file_fail(const char *path, const struct sds_input_error *error);

/* What messages call a file: its path, or "standard input". */
const char *sds_file_name(const char *path);

#endif
