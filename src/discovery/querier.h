/* SPDX-License-Identifier: MIT */
#ifndef SDS_DISCOVERY_QUERIER_H
#define SDS_DISCOVERY_QUERIER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "discovery/loop.h"
#include "wire/rr.h"

enum sds_answer_kind {
    SDS_ANSWER_NEW,
    SDS_ANSWER_GONE,       /* expired, said goodbye, or replaced */
    SDS_ANSWER_CACHE_DONE, /* all that was known before has been told */
    SDS_ANSWER_FAILED,     /* the question is not asked any more */
};

/* One record that answers a question, or the end of some. */
struct sds_answer {
    enum sds_answer_kind kind;
    int ifindex;
    int family;           /* AF_INET or AF_INET6: what carried it */
    const uint8_t *rdata; /* names uncompressed, TXT strings in wire order; borrowed */
    size_t rdata_len;
    const char *error; /* for SDS_ANSWER_FAILED */
};

typedef void sds_answer_fn(void *userdata, const struct sds_answer *answer);

/* One continuous question (RFC 6762 5.2) that is being asked; opaque to all but its querier. */
struct sds_query;

/* What becomes of the one who asks. Neither is called from within another call of the querier. */
struct sds_querier_events {
    /* Nobody asks any more: every query is dead, and must be dropped in here. */
    void (*lost)(void *userdata, const char *why);
    /* Somebody asks again: questions may be put again. */
    void (*back)(void *userdata);
    void *userdata;
};

struct sds_querier_config {
    struct sds_loop *loop;
    const char *interface; /* only this one; NULL: all */
    int family;            /* AF_INET, AF_INET6 or AF_UNSPEC */
    struct sds_querier_events events;
};

/* Somebody who asks the link. */
struct sds_querier {
    const struct sds_querier_ops *ops;
};

struct sds_querier_ops {
    const char *name; /* the word after --source */
    size_t cache_max; /* records of a link that it keeps, as far as can be known */

    /**
     * Ask, and go on asking, until sds_query is dropped.
     *
     * @ifindex  0: on every interface that the querier was made for
     * @name     presentation format, everything but letters, digits, `-` and `_` as \DDD
     * @fn       called from the loop, never from here
     * Returns 0, -EAGAIN when it can hold no more questions now, -EINVAL when it cannot ask for
     * such a name, -ENOMEM, or -EIO.
     */
    int (*ask)(struct sds_querier *querier, int ifindex, const char *name, uint16_t rrtype,
               sds_answer_fn *fn, void *userdata, struct sds_query **ret);

    /* Stop asking. Not from within an answer. */
    void (*drop)(struct sds_query *query);

    /* Whether it still answers; where it does not, events.lost() follows. */
    bool (*is_alive)(struct sds_querier *querier);

    /* Hang up: nothing is asked or answered any more, and dropping costs nothing. */
    void (*close)(struct sds_querier *querier);

    /* After every query was dropped. */
    void (*free)(struct sds_querier *querier);
};

/**
 * Begin to ask: through the Avahi daemon of this host, or with Avahi inside this process.
 *
 * @ret_error  set on failure: one clause that says what is wrong; malloc'ed
 * Returns 0, -ENOTCONN where there is no daemon, -EADDRINUSE, -ENETDOWN, -ENOTSUP where this build
 * lacks it, -ENOMEM or -EIO.
 */
int sds_avahi_client_new(const struct sds_querier_config *config, struct sds_querier **ret,
                         char **ret_error);
int sds_avahi_core_new(const struct sds_querier_config *config, struct sds_querier **ret,
                       char **ret_error);

#endif
