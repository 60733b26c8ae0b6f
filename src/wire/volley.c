/* SPDX-License-Identifier: MIT */
#include "wire/volley.h"

#include "base/ascii.h"
#include "wire/rr.h"

#define ANSWER_MAX   480 /* of 512; the rest is for what is not known */
#define QUESTION_MAX 300 /* bytes of all questions */

/* What a record takes beside its RDATA, its name being a pointer; the two address records of a
 * host; and an answer of which nothing is known. */
#define RECORD_SIZE    12
#define ADDRESSES_SIZE (RECORD_SIZE + 4 + RECORD_SIZE + 16)
#define UNKNOWN_SIZE   100

#define TYPES_SIZE 100 /* of few types */

#define SRV_TARGET_AT 6 /* in its RDATA (RFC 2782) */

void sds_wire_volley_begin(struct sds_wire_volley *volley, const struct sds_store *store,
                           int ifindex)
{
    volley->store = store;
    volley->ifindex = ifindex;
    volley->n = volley->n_hosts = volley->most = volley->common = 0;
    volley->size = SDS_WIRE_HEADER_SIZE;
    volley->has_guess = false;
}

static const struct sds_store_record *first_of(const struct sds_wire_volley *volley,
                                               struct sds_span name, uint16_t type)
{
    const struct sds_store_set *set =
        sds_store_find(volley->store, volley->ifindex, name, type, SDS_CLASS_IN);

    return set ? sds_store_next(set, NULL) : NULL;
}

/* A host has more to say. False when there are too many to be told apart. */
static bool grow(struct sds_wire_volley *volley, struct sds_span host, size_t size)
{
    size_t i = 0;

    while (i < volley->n_hosts &&
           !sds_fold_equal(volley->hosts[i].name.p, volley->hosts[i].name.len, host.p, host.len))
        i++;
    if (i == SDS_WIRE_VOLLEY_HOSTS_MAX)
        return false;
    if (i == volley->n_hosts) {
        volley->hosts[volley->n_hosts++].name = host;
        volley->hosts[i].size = host.len + ADDRESSES_SIZE;
    }
    volley->hosts[i].size += size;
    if (volley->hosts[i].size > volley->most)
        volley->most = volley->hosts[i].size;
    return true;
}

/* An instance takes its PTR, SRV and TXT records (RFC 6763 12.1); what is none may come from
 * anybody. */
static bool add_pointer(struct sds_wire_volley *volley, struct sds_span owner,
                        const struct sds_store_record *ptr)
{
    size_t size = RECORD_SIZE + 2 + (ptr->rdata.len > owner.len ? ptr->rdata.len - owner.len : 0);
    const struct sds_store_record *srv = first_of(volley, ptr->rdata, SDS_RR_SRV);
    const struct sds_store_record *txt;

    if (!srv || srv->rdata.len <= SRV_TARGET_AT) {
        volley->common += size;
        return true;
    }
    txt = first_of(volley, ptr->rdata, SDS_RR_TXT);
    size += RECORD_SIZE + SRV_TARGET_AT + 2 + (txt ? RECORD_SIZE + txt->rdata.len : 0);
    return grow(volley,
                (struct sds_span){srv->rdata.p + SRV_TARGET_AT, srv->rdata.len - SRV_TARGET_AT},
                size);
}

static bool add_answers(struct sds_wire_volley *volley, const struct sds_wire_name *name,
                        uint16_t type, size_t n_told)
{
    struct sds_span owner = sds_wire_name_span(name);
    const struct sds_store_set *set =
        sds_store_find(volley->store, volley->ifindex, owner, type, SDS_CLASS_IN);
    const struct sds_store_record *record = NULL;

    if (!set || type != SDS_RR_PTR) {
        volley->common += UNKNOWN_SIZE * (n_told ? n_told : 1);
        return true;
    }
    while ((record = sds_store_next(set, record)))
        if (!add_pointer(volley, owner, record))
            return false;
    return true;
}

/* The question for types, where these are few, goes with any other: others tell of a type, too, if
 * one of its hosts has no room for it. */
static bool is_short(const struct sds_wire_volley *volley, const struct sds_wire_name *name)
{
    return volley->n == 1 && volley->common <= TYPES_SIZE &&
           (sds_wire_name_is_of_types(name) ||
            sds_wire_name_is_of_types(volley->questions[0].name));
}

/* Whether there is room for it, and for the answers that were added. */
static bool fits(const struct sds_wire_volley *volley)
{
    return volley->size <= QUESTION_MAX &&
           volley->size + volley->common + volley->most <= ANSWER_MAX;
}

static void add(struct sds_wire_volley *volley, const struct sds_wire_name *name, uint16_t type)
{
    volley->questions[volley->n++] = (struct sds_wire_question){.name = name, .type = type};
}

bool sds_wire_volley_add_guess(struct sds_wire_volley *volley, const struct sds_wire_name *name,
                               uint16_t type)
{
    if (volley->n == SDS_WIRE_VOLLEY_QUESTIONS_MAX)
        return false;
    volley->size += name->len + 4;
    if (!volley->has_guess)
        volley->common += UNKNOWN_SIZE;
    volley->has_guess = true;
    if (volley->n && !fits(volley))
        return false;
    add(volley, name, type);
    return true;
}

bool sds_wire_volley_add(struct sds_wire_volley *volley, const struct sds_wire_name *name,
                         uint16_t type, size_t n_told)
{
    bool is_told_apart;

    if (volley->n == SDS_WIRE_VOLLEY_QUESTIONS_MAX)
        return false;
    volley->size += name->len + 4;
    is_told_apart = add_answers(volley, name, type, n_told);
    if (volley->n && !(is_told_apart && fits(volley)) && !is_short(volley, name))
        return false;
    add(volley, name, type);
    return true;
}
