/* SPDX-License-Identifier: MIT */
#ifndef SDS_REGISTRY_STORED_H
#define SDS_REGISTRY_STORED_H

#include <stdbool.h>
#include <stdint.h>

#include "base/mem.h"
#include "sdscope/registry.h"

/* The registry that an update left in the user's data folder, and its file names there. */
#define SDS_STORED_FILE    "updated"         /* the registry as it was published */
#define SDS_STORED_RECEIPT "updated.receipt" /* what is known of it; JSON */
#define SDS_STORED_PART    "partial"         /* the beginning of the next one */
#define SDS_PART_RECEIPT   "partial.receipt"
#define SDS_STORED_LOCK    "lock" /* held by the update that runs */

/* How a file was fetched; texts are malloc'ed, and NULL where they are not known. */
struct sds_receipt {
    char *url;
    char *etag, *last_modified; /* as the server gave them: "what I have", to ask it again */
    char *updated;              /* date of publication */
    uint64_t size;              /* bytes; 0: not known */
};

void sds_receipt_done(struct sds_receipt *receipt);

/* Read one; all of *ret is unset where there is none, or none that makes sense. 0 or -ENOMEM. */
int sds_receipt_read(const char *path, struct sds_receipt *ret);

/* The receipt of the updated registry; unset where it is of another file. 0 or -ENOMEM. */
int sds_stored_receipt(const char *folder, struct sds_receipt *ret);

/* Write one, which replaces the one before it at once. Returns 0 or a negative errno. */
int sds_receipt_write(const char *path, const struct sds_receipt *receipt);

/* The folder by the XDG Base Directory Specification, malloc'ed, whether it is there or not.
 * NULL when this user has none, or when out of memory. */
char *sds_stored_folder(void);

/* Add the updated registry of @folder, with the profiles that are compiled in, for IANA has none.
 * Returns as sds_registry_load() does. */
int sds_registry_add_stored(struct sds_registry *registry, const char *folder, sds_load_log *log,
                            void *userdata);

/**
 * The registry that serves by default: the updated one, unless there is none, or the one that is
 * compiled in is newer.
 *
 * @folder  may be NULL
 * @log     told what is wrong with an updated registry; one that gives no record does not serve
 * Returns 0 or -ENOMEM.
 */
int sds_registry_default(const char *folder, sds_load_log *log, void *userdata,
                         struct sds_registry **ret);

/* The latest date in a registry's records, borrowed from it; NULL where none has one. */
const char *sds_registry_newest(const struct sds_registry *registry);

/* Order of two registries by their dates: of publication where both have one, else of their newest
 * records. */
int sds_registry_date_cmp(const struct sds_registry *a, const struct sds_registry *b);

/* Whether @date, such as "2026-08-17", is more than a year before @wall_ms. */
bool sds_date_is_old(const char *date, int64_t wall_ms);

#endif
