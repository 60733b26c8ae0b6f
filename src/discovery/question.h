/* SPDX-License-Identifier: MIT */
#ifndef SDS_DISCOVERY_QUESTION_H
#define SDS_DISCOVERY_QUESTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

#include "base/arr.h"
#include "base/clock.h"
#include "base/hash.h"
#include "base/siphash.h"
#include "discovery/fill.h"
#include "discovery/pace.h"
#include "discovery/querier.h"
#include "sdscope/service.h"

/* A record that answers a question now. One that two protocols carried is here twice. */
struct sds_rr {
    struct sds_hash_node node; /* in by_rdata */
    int ifindex, family;
    unsigned holders; /* set of enum sds_holder */
    size_t rdata_len;
    uint8_t rdata[];
};

/**
 * A question and the records that answer it. A lasting one (PTR) is asked until it is dropped. The
 * others are *decided*: answered, or asked often enough without an answer; then they are dropped,
 * unless the asker goes on for ever.
 */
struct sds_question {
    TAILQ_ENTRY(sds_question) turn; /* in a queue of the asker, in asker->open until decided */
    struct sds_asker *asker;
    char *name; /* in the form that sds_querier_ops.ask() wants */
    uint16_t rrtype;
    int ifindex; /* 0: every interface */
    bool is_lasting;
    bool is_paced; /* a lasting one whose answers are instances: they may be many */
    bool is_guess; /* of these, one that nobody is known to answer: it is asked after the others */
    bool is_waiting, is_open; /* which queue holds it */
    bool is_decided;
    bool is_failed; /* could not be asked: its records are unknown */
    bool is_unsure; /* nobody answered, but Avahi may have had no room for it */
    bool is_denied; /* a DNS server knows of no such record */
    bool is_cached; /* the cache held records of it, and has told them all */
    int64_t asked_ms, answered_ms;
    int64_t excused_ms;  /* of the asker, when it was asked */
    int64_t patience_ms; /* without an answer for so long: there is none */
    struct sds_query *query;
    SDS_ARR(struct sds_rr *) rrs;
    struct sds_hash by_rdata; /* the same, of a lasting question: there may be thousands */

    /* A record came or went, or the question was decided (@rr is NULL then). Takes note, and may
     * ask new questions, but drops none: that is for later, when no list is being walked. */
    void (*changed)(struct sds_question *question, const struct sds_rr *rr, bool is_new);
    /* A record that was known before was heard, so that more may be known of it; or NULL.
     * The holders of @rr are still those from before. */
    void (*renewed)(struct sds_question *question, const struct sds_rr *rr);
    void *owner;
};

TAILQ_HEAD(sds_questions, sds_question);

/* Puts questions, few at a time. */
struct sds_asker {
    struct sds_querier *querier;
    const struct sds_clock *clock;
    struct sds_siphash_key key;
    bool is_continuous;
    struct sds_questions waiting, lasting, guesses; /* not asked yet */
    struct sds_questions open;
    size_t n_open;
    size_t n_refused; /* times that the querier had no room for one */
    struct sds_pace pace;
    struct sds_fill fill;    /* of the caches of Avahi */
    int64_t told_ms;         /* when it told of a record last that it had not told before */
    size_t n_vain;           /* questions that it had time for since */
    int64_t last_lasting_ms; /* when the newest lasting question was asked for the first time */
    int64_t last_event_ms;   /* when a record came or went */
    int64_t excused_ms;      /* time in which nobody listened, so far */
    int64_t late_news_ms;  /* the next round, for answers in this turn that a later round brought */
    int64_t next_round_ms; /* the same, once it is clear that somebody listened meanwhile */
    bool has_lasting_news; /* every round brought answers that were not known */
    size_t n_news, n_late_news; /* answers to lasting questions; of these, who missed a round */
    unsigned n_rounds;          /* that were awaited */

    void (*wake)(void *userdata);                       /* call sds_asker_run() soon */
    void (*failed)(void *userdata, const char *reason); /* a question could not be asked */
    void *userdata;
};

void sds_asker_init(struct sds_asker *asker);

/**
 * Put a question in the queue.
 *
 * @question  cleared but for rrtype, ifindex, is_lasting, is_paced, is_guess, changed and owner
 * @name      labels to ask for
 * Returns 0 or -ENOMEM.
 */
int sds_question_ask(struct sds_asker *asker, struct sds_question *question,
                     const struct sds_name *name);

/* Somebody answers it, by all that is known: it is no guess, and need not wait for the others. */
void sds_question_promote(struct sds_question *question);

/* Ask again from the beginning, after the querier was lost; the records that are known stay. */
void sds_question_reset(struct sds_question *question);

/* The querier is lost: nothing is being asked any more. */
void sds_question_suspend(struct sds_question *question);

/* Drop the question and its records; may be asked again. */
void sds_question_done(struct sds_question *question);

/* What is known of its records. */
enum sds_state sds_question_state(const struct sds_question *question);

/* Decide what can be decided and ask what waits. Returns when to be called again, or INT64_MAX. */
int64_t sds_asker_run(struct sds_asker *asker);

/* Nobody listened for so long: no question loses patience over it. */
void sds_asker_excuse(struct sds_asker *asker, int64_t ms);

/* When the answers of all rounds are in that have to be awaited: who answers a lasting question
 * only when it is asked again was not heard before, and may not be the only one. */
int64_t sds_asker_rounds_end_ms(const struct sds_asker *asker);

/* How many answers all rounds that were awaited may be expected to have missed, by those that only
 * a later one brought. */
double sds_asker_missing(const struct sds_asker *asker);

/* Questions that were not asked yet. */
size_t sds_asker_n_waiting(const struct sds_asker *asker);

/* Nothing waits, and nothing is undecided. */
bool sds_asker_is_idle(const struct sds_asker *asker);

#endif
