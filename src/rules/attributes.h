/* SPDX-License-Identifier: MIT */
#ifndef SDS_RULES_ATTRIBUTES_H
#define SDS_RULES_ATTRIBUTES_H

#include <stdbool.h>
#include <stddef.h>

#include "sdscope/txt.h"

/* The attributes of a TXT record that count, which are the first of each key (RFC 6763 6.4), sorted
 * by key, ASCII case ignored. They borrow from the RDATA. Zero it to begin. */
struct sds_attributes {
    struct sds_txt_string *v;
    size_t n, cap;
};

/* False when out of memory; release with sds_attributes_done(), also then. */
bool sds_attributes_list(struct sds_span txt, struct sds_attributes *ret);
void sds_attributes_done(struct sds_attributes *attributes);

/* A walk over two lists at once: what was and what is of each key, NULL where it has none. Zero it
 * but for the lists to begin. */
struct sds_attributes_walk {
    const struct sds_attributes *old, *new;
    size_t i, j;
    const struct sds_txt_string *was, *is;
};

bool sds_attributes_next(struct sds_attributes_walk *walk);

/* No value, an empty one and one of some bytes are three things (RFC 6763 6.4). */
bool sds_attribute_has_same_value(const struct sds_txt_string *a, const struct sds_txt_string *b);

#endif
