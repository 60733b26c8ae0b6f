/* SPDX-License-Identifier: MIT */
#ifndef SDS_DNSSD_RECORDS_H
#define SDS_DNSSD_RECORDS_H

#include <stdbool.h>
#include <stddef.h>

#include "sdscope/service.h"

/* What is known of the records that a service is made of, beside the values that they carry. */

/* Forget what belongs to a part; of TXT, all but the first record's RDATA. */
void sds_records_drop(struct sds_service *service, enum sds_part part);

/* Copy all of it into a new service. Returns 0 or -ENOMEM. */
int sds_records_copy(struct sds_service *to, const struct sds_service *from);

/* Parts that differ: bits of enum sds_part. */
unsigned sds_records_diff(const struct sds_service *a, const struct sds_service *b);

void sds_service_mark_present(struct sds_service *service, enum sds_part part);

/* Set a part to a copy of a text, or to NULL. Returns 0 or -ENOMEM. */
int sds_service_set_text(struct sds_service *service, enum sds_part part, char **to,
                         const char *text);

/* A copy in malloc'ed memory, also of nothing; false when out of memory. */
bool sds_span_dup(struct sds_span from, struct sds_span *ret);
int sds_span_cmp(struct sds_span a, struct sds_span b);

/* Whether the faults of their packets differ, or who has them. */
bool sds_packets_differ(const struct sds_service *a, const struct sds_service *b);

/* Whether texts differ, of which each may be NULL. */
bool sds_text_differs(const char *a, const char *b);

/* Lists of texts, and sets: add leaves repeats out. */
int sds_texts_append(char ***texts, size_t *n, const char *text);
int sds_texts_add(char ***texts, size_t *n, const char *text);
bool sds_texts_differ(char *const *a, size_t n_a, char *const *b, size_t n_b);
void sds_texts_done(char ***texts, size_t *n);

#endif
