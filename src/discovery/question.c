/* SPDX-License-Identifier: MIT */
#include "discovery/question.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "base/ascii.h"
#include "base/mem.h"
#include "base/text.h"

/* A set of records comes in one packet (RFC 6762 10.2); over D-Bus it takes a moment longer. */
#define SET_COMPLETE_MS 60

/* A question to a daemon is a call that waits for its answer: others want their turn, too. */
#define LASTING_PER_RUN 64

/* Questions that are refused in one run, where others may not be: a flood must not hold them up. */
#define REFUSED_PER_RUN 64

/* Records of one question: what a hostile peer can make us keep. Many instances have one type, but
 * each of them holds a copy of the addresses of its host. */
#define LASTING_RRS_MAX 16384
#define RRS_MAX         256

/* A lasting question is asked anew after 1, 3 and 7 s or a little later (RFC 6762 5.2), and each
 * time the answers take their time: those to many known answers longest (7.2). */
#define SECOND_ROUND_MS 1000
#define THIRD_ROUND_MS  3000
#define LAST_ROUND_MS   7000
#define ROUND_LASTS_MS  1200

/* An Avahi that has told much, and nothing for a while, may have no room for more. What its witness
 * alone has heard is asked of it for longer then, so that it has asked the link twice; and where it
 * tells of nothing new while so many questions are asked, it has none. */
#define SILENT_MS 300
#define VAIN_MS   1300
#define VAIN_MAX  16

void sds_asker_init(struct sds_asker *asker)
{
    TAILQ_INIT(&asker->waiting);
    TAILQ_INIT(&asker->lasting);
    TAILQ_INIT(&asker->guesses);
    TAILQ_INIT(&asker->open);
    if (getrandom(&asker->key, sizeof(asker->key), 0) != sizeof(asker->key))
        asker->key = (struct sds_siphash_key){{0}}; /* slow under attack, and right all the same */
}

/* Every byte that is not surely plain as \DDD: what Avahi reads is then what the name holds. */
static char *querier_name(const struct sds_name *name)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    if (!out)
        return NULL;
    for (size_t i = 0; i < name->n_labels; i++) {
        struct sds_span label = sds_name_label(name, i);

        if (i)
            fputc('.', out);
        for (size_t j = 0; j < label.len; j++) {
            uint8_t c = label.p[j];

            if (sds_is_letter(c) || sds_is_digit(c) || c == '-' || c == '_')
                fputc(c, out);
            else
                fprintf(out, "\\%03u", c);
        }
    }
    if (fclose(out)) {
        free(text);
        return NULL;
    }
    return text;
}

/* Where it waits. */
static struct sds_questions *queue_of(const struct sds_question *question)
{
    struct sds_asker *asker = question->asker;

    if (!question->is_lasting)
        return &asker->waiting;
    return question->is_guess ? &asker->guesses : &asker->lasting;
}

static void wait_in_turn(struct sds_question *question)
{
    TAILQ_INSERT_TAIL(queue_of(question), question, turn);
    question->is_waiting = true;
}

static void enqueue(struct sds_question *question)
{
    wait_in_turn(question);
    question->asker->wake(question->asker->userdata);
}

static void dequeue(struct sds_question *question)
{
    struct sds_asker *asker = question->asker;

    if (question->is_waiting)
        TAILQ_REMOVE(queue_of(question), question, turn);
    if (question->is_open) {
        TAILQ_REMOVE(&asker->open, question, turn);
        asker->n_open--;
    }
    question->is_waiting = question->is_open = false;
}

int sds_question_ask(struct sds_asker *asker, struct sds_question *question,
                     const struct sds_name *name)
{
    question->name = querier_name(name);
    if (!question->name)
        return -ENOMEM;
    question->asker = asker;
    question->patience_ms = asker->querier->ops->patience_ms;
    enqueue(question);
    return 0;
}

void sds_question_promote(struct sds_question *question)
{
    bool was_waiting = question->is_waiting;

    if (!question->is_guess)
        return;
    if (was_waiting)
        dequeue(question);
    question->is_guess = false;
    if (was_waiting)
        enqueue(question);
}

static void stop_asking(struct sds_question *question)
{
    if (question->query)
        question->asker->querier->ops->drop(SDS_TAKE(question->query));
}

void sds_question_suspend(struct sds_question *question)
{
    if (!question->name)
        return;
    stop_asking(question);
    dequeue(question);
}

/* Who holds a record from now on. */
static void set_holders(struct sds_question *question, struct sds_rr *rr, unsigned holders)
{
    struct sds_asker *asker = question->asker;

    sds_fill_change(&asker->fill, rr->ifindex, rr->family, rr->holders, holders);
    if (holders & ~rr->holders & SDS_HOLDER_ASKED) {
        asker->told_ms = asker->clock->mono_ms();
        asker->n_vain = 0;
    }
    rr->holders = holders;
}

static void forget_rrs(struct sds_question *question)
{
    sds_hash_done(&question->by_rdata);
    for (size_t i = 0; i < question->rrs.n; i++) {
        set_holders(question, question->rrs.v[i], 0);
        free(question->rrs.v[i]);
    }
    question->rrs.n = 0;
}

void sds_question_reset(struct sds_question *question)
{
    if (!question->name)
        return;
    sds_question_suspend(question);
    forget_rrs(question);
    question->is_decided = question->is_failed = question->is_cached = false;
    question->is_denied = question->is_unsure = false;
    question->asked_ms = question->answered_ms = 0;
    enqueue(question);
}

void sds_question_done(struct sds_question *question)
{
    if (!question->name)
        return;
    sds_question_suspend(question);
    forget_rrs(question);
    free(SDS_TAKE(question->rrs.v));
    question->rrs.cap = 0;
    free(SDS_TAKE(question->name));
}

enum sds_state sds_question_state(const struct sds_question *question)
{
    if (question->rrs.n)
        return SDS_PRESENT;
    return question->is_decided && !question->is_failed && !question->is_unsure ? SDS_MISSING
                                                                                : SDS_UNKNOWN;
}

static void complain(struct sds_question *question, const char *why)
{
    char *name = sds_text_dup(question->name, strlen(question->name));
    char *reason = sds_text_format("query for '%s': %s", name ? name : "?", why);

    if (reason)
        question->asker->failed(question->asker->userdata, reason);
    free(reason);
    free(name);
}

static void fail(struct sds_question *question, const char *why)
{
    question->is_failed = true;
    complain(question, why);
}

static bool is_told_by(const struct sds_rr *rr, const struct sds_answer *answer)
{
    return rr->ifindex == answer->ifindex && rr->family == answer->family &&
           rr->rdata_len == answer->rdata_len &&
           (!rr->rdata_len || memcmp(rr->rdata, answer->rdata, rr->rdata_len) == 0);
}

static uint64_t hash_of(const struct sds_question *question, const struct sds_answer *answer)
{
    return sds_siphash(&question->asker->key, answer->rdata, answer->rdata_len, false) +
           (uint64_t)answer->ifindex + (uint64_t)answer->family;
}

static struct sds_rr *find_rr(const struct sds_question *question, const struct sds_answer *answer)
{
    struct sds_hash_node *node;

    if (!question->is_lasting) {
        for (size_t i = 0; i < question->rrs.n; i++)
            if (is_told_by(question->rrs.v[i], answer))
                return question->rrs.v[i];
        return NULL;
    }
    node = sds_hash_first(&question->by_rdata, hash_of(question, answer));
    for (; node; node = sds_hash_next(node)) {
        struct sds_rr *rr = SDS_CONTAINER(node, struct sds_rr, node);

        if (is_told_by(rr, answer))
            return rr;
    }
    return NULL;
}

/* Takes @rr; false when out of memory. */
static bool keep_rr(struct sds_question *question, struct sds_rr *rr,
                    const struct sds_answer *answer)
{
    if (!sds_arr_push(&question->rrs, rr)) {
        free(rr);
        return false;
    }
    if (question->is_lasting &&
        !sds_hash_add(&question->by_rdata, &rr->node, hash_of(question, answer))) {
        free(question->rrs.v[--question->rrs.n]);
        return false;
    }
    return true;
}

/* A record came that a lasting question had not brought before. */
static void note_news(struct sds_question *question, int64_t now)
{
    struct sds_asker *asker = question->asker;
    int64_t age = now - question->asked_ms - (asker->excused_ms - question->excused_ms);
    int64_t next = now + ROUND_LASTS_MS - age;

    if (!question->is_lasting || question->is_waiting)
        return;
    if (age >= LAST_ROUND_MS) {
        asker->has_lasting_news = true;
        return;
    }
    asker->n_news++;
    if (age < SECOND_ROUND_MS)
        return;
    asker->n_late_news++;
    if (asker->n_rounds < 4)
        asker->n_rounds = age < THIRD_ROUND_MS ? 3 : 4;
    next += age < THIRD_ROUND_MS ? THIRD_ROUND_MS : LAST_ROUND_MS;
    if (next > asker->late_news_ms)
        asker->late_news_ms = next;
}

static void add_rr(struct sds_question *question, const struct sds_answer *answer)
{
    struct sds_rr *rr = find_rr(question, answer);

    if (rr) {
        if (question->renewed && answer->holder == SDS_HOLDER_HEARD)
            question->renewed(question, rr);
        set_holders(question, rr, rr->holders | answer->holder);
        return;
    }
    if (question->rrs.n >= (question->is_lasting ? LASTING_RRS_MAX : RRS_MAX)) {
        complain(question, "more answers than are kept");
        return;
    }
    rr = malloc(sizeof(*rr) + answer->rdata_len);
    if (!rr)
        return;
    rr->ifindex = answer->ifindex;
    rr->family = answer->family;
    rr->holders = 0;
    rr->rdata_len = answer->rdata_len;
    if (answer->rdata_len)
        memcpy(rr->rdata, answer->rdata, answer->rdata_len);
    if (!keep_rr(question, rr, answer))
        return;
    set_holders(question, rr, answer->holder);
    note_news(question, question->asker->last_event_ms);
    question->changed(question, rr, true);
}

static void remove_rr(struct sds_question *question, const struct sds_answer *answer)
{
    struct sds_rr *rr = find_rr(question, answer);
    size_t at = 0;

    if (!rr)
        return;
    set_holders(question, rr, rr->holders & ~(unsigned)answer->holder);
    if (rr->holders)
        return;
    while (question->rrs.v[at] != rr)
        at++;
    if (question->is_lasting)
        sds_hash_remove(&question->by_rdata, &rr->node);
    memmove(&question->rrs.v[at], &question->rrs.v[at + 1],
            (--question->rrs.n - at) * sizeof(*question->rrs.v));
    question->changed(question, rr, false);
    free(rr);
}

static void on_answer(void *userdata, const struct sds_answer *answer)
{
    struct sds_question *question = userdata;
    struct sds_asker *asker = question->asker;

    switch (answer->kind) {
    case SDS_ANSWER_NEW:
        question->answered_ms = asker->last_event_ms = asker->clock->mono_ms();
        if (question->is_paced && !question->is_guess)
            sds_pace_answered(&asker->pace);
        add_rr(question, answer);
        break;
    case SDS_ANSWER_GONE:
        asker->last_event_ms = asker->clock->mono_ms();
        remove_rr(question, answer);
        break;
    case SDS_ANSWER_CACHE_DONE:
        question->is_cached = question->rrs.n > 0;
        break;
    case SDS_ANSWER_DENIED:
        question->is_denied = true;
        break;
    case SDS_ANSWER_FAILED:
        fail(question, answer->error);
        break;
    }
    asker->wake(asker->userdata);
}

static bool may_be_full(const struct sds_asker *asker)
{
    return sds_fill_may_be_full(&asker->fill, asker->querier->ops->cache_max);
}

static bool is_heard_alone(const struct sds_question *question)
{
    for (size_t i = 0; i < question->rrs.n; i++)
        if (question->rrs.v[i]->holders & SDS_HOLDER_ASKED)
            return false;
    return question->rrs.n > 0;
}

/* Whether an Avahi that tells nothing of what its witness heard may have no room for it. */
static bool may_be_in_vain(const struct sds_question *question)
{
    const struct sds_asker *asker = question->asker;
    const struct sds_querier *querier = asker->querier;

    return querier->ops->witness && !querier->is_full &&
           asker->clock->mono_ms() >= asker->told_ms + SILENT_MS && may_be_full(asker) &&
           is_heard_alone(question);
}

/* Nobody told of anything, and that Avahi has no room for more is reason enough. */
static bool may_be_turned_away(const struct sds_question *question)
{
    const struct sds_asker *asker = question->asker;
    const struct sds_querier *querier = asker->querier;

    return querier->ops->witness && !querier->is_full && !question->rrs.n && !question->is_failed &&
           !question->is_denied && sds_fill_may_turn_away(&asker->fill, querier->ops->cache_max);
}

/* When the question can be decided, as far as is known now. */
static int64_t decided_at(const struct sds_question *question)
{
    int64_t at;

    if (question->is_failed || question->is_denied)
        return 0;
    if (!question->answered_ms)
        return question->asked_ms + question->patience_ms;
    /* What was cached came whole; what comes from the link may have companions. */
    at = question->answered_ms + (question->is_cached ? 0 : SET_COMPLETE_MS);
    if (at < question->asked_ms + VAIN_MS && may_be_in_vain(question))
        at = question->asked_ms + VAIN_MS;
    return at;
}

static void note_vain(struct sds_question *question)
{
    struct sds_asker *asker = question->asker;

    question->is_unsure = may_be_turned_away(question);
    if (!(question->is_unsure || may_be_in_vain(question)) || ++asker->n_vain < VAIN_MAX)
        return;
    asker->querier->is_full = true;
    asker->n_vain = 0;
}

static void decide(struct sds_question *question)
{
    dequeue(question);
    question->is_decided = true;
    note_vain(question);
    if (!question->asker->is_continuous || question->is_failed)
        stop_asking(question);
    question->changed(question, NULL, false);
}

/* Put a question that waits; false when none more can be put now. */
static bool put(struct sds_asker *asker, struct sds_question *question, int64_t now)
{
    int r = asker->querier->ops->ask(asker->querier, question->ifindex, question->name,
                                     question->rrtype, on_answer, question, &question->query);

    asker->n_refused += r == -EAGAIN;
    if (r == -EAGAIN || r == -EBUSY || r == -ENOTCONN || r == -ENOMEM)
        return false;
    dequeue(question);
    question->asked_ms = now;
    question->excused_ms = asker->excused_ms;
    if (r < 0)
        fail(question, r == -EINVAL ? "Avahi takes no such name" : "Avahi refused");
    if (question->is_lasting) {
        asker->last_lasting_ms = now;
        return true;
    }
    TAILQ_INSERT_TAIL(&asker->open, question, turn);
    question->is_open = true;
    asker->n_open++;
    return true;
}

/* Put lasting questions as far as their pace allows. Returns when to come again, or INT64_MAX. */
static int64_t put_lasting(struct sds_asker *asker, int64_t now)
{
    struct sds_question *question;
    int64_t at;

    for (size_t n = 0;; n++) {
        question = TAILQ_FIRST(&asker->lasting);
        if (!question)
            question = TAILQ_FIRST(&asker->guesses);
        if (!question)
            return INT64_MAX;
        if (n == LASTING_PER_RUN)
            return now + 1;
        at = question->is_paced && !asker->querier->is_full
                 ? sds_pace_take(&asker->pace, asker->querier->burst, question->is_guess, now)
                 : 0;
        if (at > now)
            return at;
        if (!put(asker, question, now))
            return now + SET_COMPLETE_MS;
    }
}

/* Put the others, as many as can be open. Returns when to come again, or INT64_MAX. */
static int64_t put_waiting(struct sds_asker *asker, int64_t now)
{
    const struct sds_querier_ops *ops = asker->querier->ops;
    struct sds_question *question, *first_refused = NULL;
    int64_t next = INT64_MAX;

    for (size_t n_refused = 0; asker->n_open < ops->open_max && n_refused < REFUSED_PER_RUN;) {
        question = TAILQ_FIRST(&asker->waiting);
        if (!question || question == first_refused)
            break;
        if (put(asker, question, now)) {
            if (question->is_open && decided_at(question) < next)
                next = decided_at(question);
            continue;
        }
        next = now + SET_COMPLETE_MS < next ? now + SET_COMPLETE_MS : next;
        if (!ops->refuses_some)
            break;
        if (!n_refused++)
            first_refused = question;
        dequeue(question);
        wait_in_turn(question);
    }
    return next;
}

/* What Avahi has no room for may be there all the same: its witness has to be asked. */
static void ask_anew(struct sds_asker *asker)
{
    struct sds_question *question, *after;

    for (question = TAILQ_FIRST(&asker->open); question; question = after) {
        after = TAILQ_NEXT(question, turn);
        if (!question->answered_ms)
            sds_question_reset(question);
    }
}

int64_t sds_asker_run(struct sds_asker *asker)
{
    int64_t now = asker->clock->mono_ms(), next = put_lasting(asker, now), at;
    bool was_full = asker->querier->is_full &= may_be_full(asker);
    struct sds_question *question, *after;

    if (asker->late_news_ms > asker->next_round_ms)
        asker->next_round_ms = asker->late_news_ms;
    asker->late_news_ms = 0;
    for (question = TAILQ_FIRST(&asker->open); question; question = after) {
        at = decided_at(question);
        after = TAILQ_NEXT(question, turn);
        if (asker->querier->is_full && !was_full && !question->answered_ms)
            continue; /* to be asked anew */
        if (at <= now)
            decide(question);
        else if (at < next)
            next = at;
    }
    if (asker->querier->is_full && !was_full)
        ask_anew(asker);
    at = put_waiting(asker, now);
    return at < next ? at : next;
}

void sds_asker_excuse(struct sds_asker *asker, int64_t ms)
{
    struct sds_question *question;

    TAILQ_FOREACH (question, &asker->open, turn) {
        question->asked_ms += ms;
        if (question->answered_ms)
            question->answered_ms += ms;
    }
    asker->last_lasting_ms += ms;
    asker->last_event_ms += ms;
    asker->excused_ms += ms;
    asker->late_news_ms = 0; /* it may have waited to be read */
}

int64_t sds_asker_rounds_end_ms(const struct sds_asker *asker)
{
    return asker->next_round_ms;
}

double sds_asker_missing(const struct sds_asker *asker)
{
    double missing = (double)asker->n_news;

    for (unsigned i = 0; asker->n_late_news && i < asker->n_rounds; i++)
        missing *= (double)asker->n_late_news / (double)asker->n_news;
    return asker->n_late_news ? missing : 0;
}

static size_t count(const struct sds_questions *queue)
{
    const struct sds_question *question;
    size_t n = 0;

    TAILQ_FOREACH (question, queue, turn)
        n++;
    return n;
}

size_t sds_asker_n_waiting(const struct sds_asker *asker)
{
    return count(&asker->waiting) + count(&asker->lasting) + count(&asker->guesses);
}

bool sds_asker_is_idle(const struct sds_asker *asker)
{
    return TAILQ_EMPTY(&asker->open) && TAILQ_EMPTY(&asker->waiting) &&
           TAILQ_EMPTY(&asker->lasting) && TAILQ_EMPTY(&asker->guesses);
}
