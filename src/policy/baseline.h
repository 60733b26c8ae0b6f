/* SPDX-License-Identifier: MIT */
#ifndef SDS_POLICY_BASELINE_H
#define SDS_POLICY_BASELINE_H

#include <stdio.h>

#include "files/input.h"
#include "policy/view.h"
#include "sdscope/check.h"

/* The findings of one run, by their fingerprints, so that a later one can tell what is new and what
 * is gone. Nothing in it changes with addresses, interfaces or times. */
struct sds_baseline;

/* A finding as a baseline knows it. */
struct sds_baseline_entry {
    char fingerprint[SDS_FINGERPRINT_SIZE];
    char *rule;                  /* its id */
    struct sds_service *service; /* instance, type and domain; NULL: the finding is of a file */
    char *key;                   /* TXT key, safe to print, or NULL */
    char *message;               /* where it is of a file, else NULL */
};

struct sds_baseline *sds_baseline_new(void);
struct sds_baseline *sds_baseline_free(struct sds_baseline *baseline);

/* Read a baseline in JSON. Returns 0, -EINVAL with *error set, -ENOMEM. */
int sds_baseline_read(const char *text, size_t len, struct sds_baseline **ret,
                      struct sds_input_error *error);

/* Add all findings of a result that count; @service is NULL where they are of a file. Returns 0 or
 * -ENOMEM. */
int sds_baseline_add(struct sds_baseline *baseline, const struct sds_service *service,
                     const struct sds_result *result);

/* Once all are added: in the order of the fingerprints, each once. */
void sds_baseline_sort(struct sds_baseline *baseline);

/* Write it as JSON, a finding a line. Returns 0 or -ENOMEM. */
int sds_baseline_write(const struct sds_baseline *baseline, FILE *out);

/* Take the findings that a sorted baseline has out of a result, which counts them. */
void sds_baseline_drop_known(const struct sds_baseline *baseline, const struct sds_service *service,
                             struct sds_result *result);

/**
 * The entries of a baseline of which a run found nothing any more, as far as it could see.
 *
 * @found   what it found, sorted
 * @ret_n   how many
 * Returns a malloc'ed array of borrowed entries, also when there is none; NULL when out of memory.
 */
const struct sds_baseline_entry **sds_baseline_gone(const struct sds_baseline *baseline,
                                                    const struct sds_baseline *found,
                                                    const struct sds_view *view, size_t *ret_n);

#endif
