/* SPDX-License-Identifier: MIT */
#ifndef SDS_WIRE_VOLLEY_H
#define SDS_WIRE_VOLLEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "wire/query.h"
#include "wire/store.h"

#define SDS_WIRE_VOLLEY_QUESTIONS_MAX 16
#define SDS_WIRE_VOLLEY_HOSTS_MAX     64

/* Questions that go out in one packet of a one-shot query: as many as each host can answer in the
 * 512 bytes of RFC 1035, by what it has told of them before. What has no room there some leave out
 * without a word, and Avahi writes a line into the log of its host for each such record. */
struct sds_wire_volley {
    const struct sds_store *store;
    int ifindex;
    size_t n;
    size_t size, common; /* of any answer: the questions it repeats; and what anybody may say */
    bool has_guess;
    struct sds_wire_question questions[SDS_WIRE_VOLLEY_QUESTIONS_MAX];
    size_t n_hosts, most; /* hosts that are known to answer, and what the longest answer takes */
    struct {
        struct sds_span name;
        size_t size;
    } hosts[SDS_WIRE_VOLLEY_HOSTS_MAX];
};

void sds_wire_volley_begin(struct sds_wire_volley *volley, const struct sds_store *store,
                           int ifindex);

/**
 * Add a question.
 *
 * @name    borrowed until the volley is sent
 * @n_told  answers that are known from elsewhere, not by what they are: any host may have them all
 * Returns false when there is no room: then send it, and begin anew. The first always fits.
 */
bool sds_wire_volley_add(struct sds_wire_volley *volley, const struct sds_wire_name *name,
                         uint16_t type, size_t n_told);

/* The same, a question that hardly anybody will answer: there is room for one of these answers. */
bool sds_wire_volley_add_guess(struct sds_wire_volley *volley, const struct sds_wire_name *name,
                               uint16_t type);

#endif
