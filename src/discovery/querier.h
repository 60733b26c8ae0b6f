/* SPDX-License-Identifier: MIT */
#ifndef SDS_DISCOVERY_QUERIER_H
#define SDS_DISCOVERY_QUERIER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"
#include "discovery/loop.h"
#include "wire/rr.h"

enum sds_answer_kind {
    SDS_ANSWER_NEW,
    SDS_ANSWER_GONE,       /* expired, said goodbye, or replaced */
    SDS_ANSWER_CACHE_DONE, /* all that was known before has been told */
    SDS_ANSWER_DENIED,     /* a DNS server, asked for a domain other than local, knows of none */
    SDS_ANSWER_FAILED,     /* the question is not asked any more */
};

/* Who knows a record: one forgets it while the other still has it. */
enum sds_holder {
    SDS_HOLDER_ASKED = 1u << 0, /* Avahi, which reads TXT records and writes them anew */
    SDS_HOLDER_HEARD = 1u << 1, /* heard on the wire, byte for byte */
    SDS_HOLDER_BOTH = SDS_HOLDER_ASKED | SDS_HOLDER_HEARD,
};

struct sds_listener;

/* One record that answers a question, or the end of some. */
struct sds_answer {
    enum sds_answer_kind kind;
    enum sds_holder holder;
    int ifindex;
    int family;           /* AF_INET or AF_INET6: what carried it */
    const uint8_t *rdata; /* names uncompressed, TXT strings in wire order; borrowed */
    size_t rdata_len;
    const char *error; /* for SDS_ANSWER_FAILED */
};

typedef void sds_answer_fn(void *userdata, const struct sds_answer *answer);

/* One continuous question (RFC 6762 5.2) that is being asked; opaque to all but its querier. */
struct sds_query;

/* What becomes of the one who asks. None but hangs() is called from within another call of the
 * querier. */
struct sds_querier_events {
    /* Nobody asks any more: every query is dead, and must be dropped in here. */
    void (*lost)(void *userdata, const char *why);
    /* Somebody asks again: questions may be put again. */
    void (*back)(void *userdata);
    /* Whom it asks does not answer, or so late that nothing else can happen meanwhile: who has
     * another way had better take that. To be noted, no more; lost() may follow, or not. */
    void (*hangs)(void *userdata, const char *why);
    /* Whoever listens heard a PTR record of that name, as struct sds_wire_name has it, the first in
     * a while; whether it was asked for or not. */
    void (*pointer)(void *userdata, struct sds_span owner);
    void *userdata;
};

struct sds_querier_config {
    struct sds_loop *loop;
    const struct sds_clock *clock;
    const char *interface; /* only this one; NULL: all */
    int family;            /* AF_INET, AF_INET6 or AF_UNSPEC */
    bool judges_packets;   /* have who listens look for faults of packets */
    struct sds_querier_events events;
};

/* Somebody who asks the link. */
struct sds_querier {
    const struct sds_querier_ops *ops;
    size_t burst; /* instances that may answer at once, and all be heard; 0: any number */
    bool is_full; /* as who asks found: it keeps nothing new, and is asked in vain */
};

/* What Avahi stands every time; the first are lost at 600, by a receive buffer of 212,992 bytes. */
#define SDS_QUERIER_BURST 150

struct sds_querier_ops {
    const char *name;  /* the word after --source */
    bool asks_itself;  /* what its listener sent is all that is asked; else Avahi asks besides */
    bool refuses_some; /* -EAGAIN and -EBUSY are for the one question, not for all */
    size_t cache_max;  /* records of a link that it keeps, as far as can be known */
    /* Clauses that say which setting gives more room: for what is not read yet, for records, and
     * for questions; NULL where none does. */
    const char *buffer_hint, *cache_hint, *questions_hint;
    size_t open_max; /* undecided questions at a time */

    /* After the last type was asked for: who has not answered by then will not. */
    int64_t settle_ms;

    /* The same where is_alone(): the third multicast round is over; or 0. */
    int64_t alone_ms;

    /* A record that was asked for and did not come in this time is not there. */
    int64_t patience_ms;

    /**
     * Ask, and go on asking, until sds_query is dropped.
     *
     * @ifindex  0: on every interface that the querier was made for
     * @name     presentation format, everything but letters, digits, `-` and `_` as \DDD
     * @fn       called from the loop, never from here
     * Returns 0, -EAGAIN when it can hold no more questions now, -EBUSY when it has no time for
     * them now, -EINVAL when it cannot ask for such a name, -ENOTCONN, -ENOMEM, or -EIO.
     */
    int (*ask)(struct sds_querier *querier, int ifindex, const char *name, uint16_t rrtype,
               sds_answer_fn *fn, void *userdata, struct sds_query **ret);

    /* Stop asking. Not from within an answer. */
    void (*drop)(struct sds_query *query);

    /* Whether it still answers; where it does not, events.lost() follows. NULL: it always does. */
    bool (*is_alive)(struct sds_querier *querier);

    /* When it can be sure, as far as it can tell now, that everybody has answered its lasting
     * questions: settle_ms need not pass then. INT64_MAX: never. The member may be NULL. */
    int64_t (*sure_ms)(struct sds_querier *querier);

    /* Whether some answer to its lasting questions came in one way alone, so that the rounds of
     * this way have to tell whether others were lost. NULL: it has no other way. */
    bool (*is_alone)(struct sds_querier *querier);

    /* How many answers are to be expected to be missing where it could not become sure. The member
     * may be NULL. */
    double (*missing)(struct sds_querier *querier);

    /* Whether it has datagrams to read before it knows what was answered. NULL: it cannot tell. */
    bool (*has_unread)(struct sds_querier *querier);

    /* Datagrams that it had no time for. NULL: it reads all that comes. */
    uint64_t (*n_turned_away)(struct sds_querier *querier);

    /* Who listens beside it; NULL: nobody does. The member may be NULL. */
    const struct sds_listener *(*listener)(struct sds_querier *querier);

    /* Who hears answers to one-shot queries beside it, and nothing that would be evidence; the
     * same. */
    const struct sds_listener *(*witness)(struct sds_querier *querier);

    /* Hang up: nothing is asked or answered any more, and dropping costs nothing. NULL: there is
     * nobody to hang up on. */
    void (*close)(struct sds_querier *querier);

    /* After every query was dropped. */
    void (*free)(struct sds_querier *querier);
};

static inline bool sds_querier_is_alive(struct sds_querier *querier)
{
    return !querier->ops->is_alive || querier->ops->is_alive(querier);
}

static inline bool sds_querier_has_unread(struct sds_querier *querier)
{
    return querier->ops->has_unread && querier->ops->has_unread(querier);
}

static inline void sds_querier_close(struct sds_querier *querier)
{
    if (querier->ops->close)
        querier->ops->close(querier);
}

/**
 * Begin to ask: through the Avahi daemon of this host, or with Avahi inside this process.
 *
 * @ret_error  set on failure: one clause that says what is wrong; malloc'ed
 * Returns 0, -ENOTCONN where there is no daemon, -ETIMEDOUT where it hangs, -EADDRINUSE, -ENETDOWN,
 * -ENOTSUP where this build lacks it, -ENOMEM or -EIO.
 */
int sds_avahi_client_new(const struct sds_querier_config *config, struct sds_querier **ret,
                         char **ret_error);
int sds_avahi_core_new(const struct sds_querier_config *config, struct sds_querier **ret,
                       char **ret_error);

/* Begin to ask with sockets of one's own. The same errors. */
int sds_wire_new(const struct sds_querier_config *config, struct sds_querier **ret,
                 char **ret_error);

/**
 * Listen to the wire while somebody asks.
 *
 * @asking  taken on success
 * @ret     answers what either knows
 */
int sds_duet_new(const struct sds_querier_config *config, struct sds_querier *asking,
                 struct sds_querier **ret, char **ret_error);

/**
 * Have one-shot queries bear witness of what somebody who asks may have lost. He is the one who
 * tells; what was heard counts where he has nothing to tell.
 *
 * @asking  taken on success
 */
int sds_witness_new(const struct sds_querier_config *config, struct sds_querier *asking,
                    struct sds_querier **ret, char **ret_error);

#endif
