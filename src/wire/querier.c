/* SPDX-License-Identifier: MIT */
#include "wire/querier.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/arr.h"
#include "base/hash.h"
#include "base/heap.h"
#include "base/mem.h"

/* RFC 6762 5.2. The first interval is longer than the second that it has to be: who answered less
 * than a second ago, which is up to 120 ms after the question, stays silent though his answer may
 * be lost (6). */
#define FIRST_MIN_MS    20
#define FIRST_SPREAD_MS 100
#define LATE_SPREAD_MS  25 /* of questions that wait for longer than that */
#define INTERVAL_MS     1130
#define INTERVAL_MAX_MS (60 * 60 * 1000)

#define NEVER INT64_MAX

struct sds_wire_ask {
    struct sds_wire_querier *querier;
    struct sds_wire_name name;
    uint16_t type;
    unsigned rounds, rounds_left;
    int64_t next_ms;  /* of the rounds */
    int64_t renew_ms; /* besides them */
    int64_t interval_ms;
    int64_t asked_ms;  /* INT64_MIN: never */
    uint64_t differed; /* the newest query whose known answers to it differ from ours */
    bool is_transient; /* nobody holds it: it goes a second after it was asked */
    struct sds_hash_node by_name;
    struct sds_heap_node by_due;
};

struct sds_wire_querier {
    struct sds_wire_querier_config config;
    struct sds_hash by_name;
    struct sds_heap by_due;
    uint64_t n_random, n_heard;
    int64_t burst_ms; /* when the newest questions are to be asked together */
    struct sds_wire_querier_counts counts;
};

struct sds_wire_querier *sds_wire_querier_new(const struct sds_wire_querier_config *config)
{
    struct sds_wire_querier *q = calloc(1, sizeof(*q));

    if (!q)
        return NULL;
    q->config = *config;
    q->burst_ms = INT64_MIN;
    return q;
}

static void discard(struct sds_wire_ask *ask)
{
    sds_hash_remove(&ask->querier->by_name, &ask->by_name);
    sds_heap_remove(&ask->querier->by_due, &ask->by_due);
    free(ask);
}

struct sds_wire_querier *sds_wire_querier_free(struct sds_wire_querier *q)
{
    struct sds_heap_node *first;

    if (!q)
        return NULL;
    while ((first = sds_heap_first(&q->by_due)))
        discard(SDS_CONTAINER(first, struct sds_wire_ask, by_due));
    sds_heap_done(&q->by_due);
    sds_hash_done(&q->by_name);
    free(q);
    return NULL;
}

/* ---- questions ----------------------------------------------------------------------------- */

static uint64_t hash_of(const struct sds_wire_querier *q, struct sds_span name, uint16_t type)
{
    struct sds_siphash_key key = q->config.key;

    key.k[0] ^= type;
    return sds_siphash(&key, name.p, name.len, true);
}

static struct sds_wire_ask *find(const struct sds_wire_querier *q, const struct sds_wire_name *name,
                                 uint16_t type)
{
    struct sds_hash_node *node =
        sds_hash_first(&q->by_name, hash_of(q, sds_wire_name_span(name), type));

    for (; node; node = sds_hash_next(node)) {
        struct sds_wire_ask *ask = SDS_CONTAINER(node, struct sds_wire_ask, by_name);

        if (ask->type == type && sds_wire_name_equal(&ask->name, name))
            return ask;
    }
    return NULL;
}

/* Whether it is to be asked at all, or only remembered to have been. */
static bool is_wanted(const struct sds_wire_ask *ask)
{
    return ask->next_ms != NEVER || ask->renew_ms != NEVER;
}

/* A question is asked once a second at most (RFC 6762 5.2), even if it is dropped meanwhile. */
static void set_due(struct sds_wire_ask *ask)
{
    int64_t due = ask->next_ms < ask->renew_ms ? ask->next_ms : ask->renew_ms;

    if (ask->is_transient && !is_wanted(ask))
        due = ask->asked_ms + INTERVAL_MS;
    else if (due != NEVER && ask->asked_ms != INT64_MIN && due < ask->asked_ms + INTERVAL_MS)
        due = ask->asked_ms + INTERVAL_MS;
    sds_heap_move(&ask->querier->by_due, &ask->by_due, due);
}

/* When to ask something new: with what is about to be asked, else after a short random wait. */
static int64_t soon(struct sds_wire_querier *q, int64_t now_ms)
{
    if (q->burst_ms < now_ms) {
        uint64_t random = sds_siphash(&q->config.key, &q->n_random, sizeof(q->n_random), false);

        bool is_late = !q->n_random && q->config.first_ms > FIRST_MIN_MS;
        int64_t least = is_late ? q->config.first_ms : FIRST_MIN_MS;
        unsigned spread = is_late ? LATE_SPREAD_MS : FIRST_SPREAD_MS;

        q->n_random++;
        q->burst_ms = now_ms + least + (int64_t)(random % (spread + 1));
    }
    return q->burst_ms;
}

static int add(struct sds_wire_querier *q, const struct sds_wire_name *name, uint16_t type,
               struct sds_wire_ask **ret)
{
    struct sds_wire_ask *ask;

    if (q->by_name.n >= q->config.max_asks)
        return -EAGAIN;
    ask = calloc(1, sizeof(*ask));
    if (!ask)
        return -ENOMEM;
    ask->querier = q;
    ask->name = *name;
    ask->type = type;
    ask->next_ms = ask->renew_ms = NEVER;
    ask->asked_ms = INT64_MIN;
    if (!sds_heap_add(&q->by_due, &ask->by_due, NEVER)) {
        free(ask);
        return -ENOMEM;
    }
    if (!sds_hash_add(&q->by_name, &ask->by_name, hash_of(q, sds_wire_name_span(name), type))) {
        sds_heap_remove(&q->by_due, &ask->by_due);
        free(ask);
        return -ENOMEM;
    }
    *ret = ask;
    return 0;
}

int sds_wire_querier_ask(struct sds_wire_querier *q, const struct sds_wire_name *name,
                         uint16_t type, unsigned rounds, int64_t now_ms, struct sds_wire_ask **ret)
{
    struct sds_wire_ask *ask = find(q, name, type);
    int r;

    if (ask && !ask->is_transient)
        return -EEXIST;
    if (!ask) {
        r = add(q, name, type, &ask);
        if (r < 0)
            return r;
    }
    ask->name = *name; /* in this case, if it was remembered in another */
    ask->is_transient = false;
    ask->rounds = 0;
    ask->rounds_left = rounds;
    ask->interval_ms = INTERVAL_MS;
    ask->next_ms = rounds ? soon(q, now_ms) : NEVER;
    set_due(ask);
    *ret = ask;
    return 0;
}

void sds_wire_ask_drop(struct sds_wire_ask *ask)
{
    if (ask->asked_ms == INT64_MIN) {
        discard(ask);
        return;
    }
    ask->is_transient = true;
    ask->next_ms = ask->renew_ms = NEVER;
    set_due(ask);
}

unsigned sds_wire_ask_rounds(const struct sds_wire_ask *ask)
{
    return ask->rounds;
}

int sds_wire_querier_renew(struct sds_wire_querier *q, const struct sds_store_set *set,
                           int64_t now_ms)
{
    struct sds_wire_name name = {.len = set->name.len};
    struct sds_wire_ask *ask;
    int r;

    memcpy(name.bytes, set->name.p, set->name.len);
    ask = find(q, &name, set->type);
    if (!ask) {
        r = add(q, &name, set->type, &ask);
        if (r < 0)
            return r;
        ask->is_transient = true;
    }
    if (ask->renew_ms == NEVER)
        ask->renew_ms = soon(q, now_ms);
    set_due(ask);
    return 0;
}

/* It was asked, by us or in our place. */
static void note_asked(struct sds_wire_ask *ask, int64_t now_ms, bool is_round)
{
    ask->asked_ms = now_ms;
    ask->renew_ms = NEVER;
    if (is_round) {
        ask->rounds++;
        if (ask->rounds_left != SDS_WIRE_ROUNDS_ALL)
            ask->rounds_left--;
        ask->next_ms = ask->rounds_left ? now_ms + ask->interval_ms : NEVER;
        ask->interval_ms =
            ask->interval_ms < INTERVAL_MAX_MS / 2 ? ask->interval_ms * 2 : INTERVAL_MAX_MS;
    }
    set_due(ask);
}

/* What is known of the answers to a question. */
static const struct sds_store_set *known_set(const struct sds_wire_querier *q,
                                             const struct sds_wire_ask *ask)
{
    return sds_store_find(q->config.store, q->config.ifindex, sds_wire_name_span(&ask->name),
                          ask->type, SDS_CLASS_IN);
}

/* ---- what others ask ----------------------------------------------------------------------- */

/* Whether we are about to ask this ourselves. What we have just asked, we are not. */
static bool is_planned(const struct sds_wire_ask *ask, int64_t now_ms)
{
    int64_t due = ask->by_due.key;

    if (!is_wanted(ask))
        return false;
    return ask->asked_ms == INT64_MIN || due - now_ms < (due - ask->asked_ms) / 2;
}

/* Note which of our questions have known answers in a query that are not known to us: these we have
 * to ask ourselves (RFC 6762 7.3). False when the query cannot be read to its end. */
static bool note_unknown(struct sds_wire_querier *q, struct sds_wire_reader reader, int64_t now_ms)
{
    struct sds_wire_item item;
    enum sds_wire_step step;

    q->n_heard++;
    while ((step = sds_wire_next(&reader, &item)) == SDS_WIRE_ITEM) {
        const struct sds_store_record *record = NULL;
        const struct sds_store_set *set;
        struct sds_wire_ask *ask;

        if (item.section != SDS_WIRE_ANSWER || item.class != SDS_CLASS_IN || !item.name.len)
            continue;
        ask = find(q, &item.name, item.type);
        if (!ask)
            continue;
        set = known_set(q, ask);
        if (set)
            record = sds_store_find_record(q->config.store, set, &item);
        if (!record || !sds_store_is_known_answer(record, now_ms))
            ask->differed = q->n_heard;
    }
    return step == SDS_WIRE_END;
}

void sds_wire_querier_hear(struct sds_wire_querier *q, const void *message, size_t len,
                           int64_t now_ms)
{
    struct sds_wire_reader reader;
    struct sds_wire_item item;

    /* Of a query of several packets the answers would have to be waited for. */
    if (!sds_wire_read(&reader, message, len) ||
        (reader.header.flags & (SDS_WIRE_RESPONSE | SDS_WIRE_OPCODE | SDS_WIRE_TRUNCATED)) ||
        !note_unknown(q, reader, now_ms))
        return;
    while (sds_wire_next(&reader, &item) == SDS_WIRE_ITEM && item.section == SDS_WIRE_QUESTION) {
        struct sds_wire_ask *ask;

        /* What is answered to another alone is of no use to us. */
        if (item.upper_bit || item.class != SDS_CLASS_IN || !item.name.len)
            continue;
        ask = find(q, &item.name, item.type);
        if (!ask || !is_planned(ask, now_ms) || ask->differed == q->n_heard)
            continue;
        q->counts.spared++;
        note_asked(ask, now_ms, ask->next_ms <= ask->by_due.key);
    }
}

/* ---- asking -------------------------------------------------------------------------------- */

/* Questions that go out together, and the known answers to them. */
struct batch {
    SDS_ARR(struct sds_wire_ask *) asks;
    SDS_ARR(struct sds_wire_record) known;
    SDS_ARR(struct sds_wire_question) questions;
};

static void batch_done(struct batch *batch)
{
    free(batch->asks.v);
    free(batch->known.v);
    free(batch->questions.v);
}

static bool add_known(const struct sds_wire_querier *q, const struct sds_wire_ask *ask,
                      int64_t now_ms, struct batch *batch)
{
    const struct sds_store_set *set = known_set(q, ask);
    const struct sds_store_record *record = NULL;

    while (set && (record = sds_store_next(set, record)))
        if (sds_store_is_known_answer(record, now_ms) &&
            !sds_arr_push(&batch->known,
                          (struct sds_wire_record){.name = &ask->name,
                                                   .type = ask->type,
                                                   .class = SDS_CLASS_IN,
                                                   .ttl_s = sds_store_left_s(record, now_ms),
                                                   .rdata = record->rdata}))
            return false;
    return true;
}

static bool add_question(const struct sds_wire_querier *q, struct sds_wire_ask *ask, int64_t now_ms,
                         struct batch *batch)
{
    size_t n_known = batch->known.n;
    struct sds_wire_question question = {.name = &ask->name, .type = ask->type};

    if (!add_known(q, ask, now_ms, batch))
        return false;
    question.n_known = batch->known.n - n_known;
    return sds_arr_push(&batch->questions, question);
}

static struct sds_wire_ask *next_due(const struct sds_wire_querier *q, int64_t now_ms)
{
    return sds_wire_querier_due_ms(q) <= now_ms
               ? SDS_CONTAINER(sds_heap_first(&q->by_due), struct sds_wire_ask, by_due)
               : NULL;
}

/* Take what is due out of the queue; what there is no memory for waits for its next round. */
static int gather(struct sds_wire_querier *q, int64_t now_ms, struct batch *batch)
{
    struct sds_wire_ask *ask;
    int r = 0;

    while ((ask = next_due(q, now_ms))) {
        if (!is_wanted(ask)) {
            discard(ask);
        } else if (sds_arr_push(&batch->asks, ask)) {
            sds_heap_move(&q->by_due, &ask->by_due, NEVER);
        } else {
            note_asked(ask, now_ms, ask->next_ms <= now_ms);
            r = -ENOMEM;
        }
    }
    return r;
}

static int count_and_send(void *userdata, const uint8_t *packet, size_t len)
{
    struct sds_wire_querier *q = userdata;
    int r = q->config.send(q->config.userdata, packet, len);

    q->counts.packets += r >= 0;
    q->counts.bytes += r >= 0 ? len : 0;
    q->counts.failed += r < 0;
    return r;
}

static int send_batch(struct sds_wire_querier *q, int64_t now_ms, struct batch *batch)
{
    const struct sds_wire_record *known;
    int r;

    for (size_t i = 0; i < batch->asks.n; i++)
        if (!add_question(q, batch->asks.v[i], now_ms, batch))
            return -ENOMEM;
    known = batch->known.v; /* which does not move any more */
    for (size_t i = 0; i < batch->questions.n; i++) {
        batch->questions.v[i].known = known;
        if (batch->questions.v[i].n_known)
            known += batch->questions.v[i].n_known;
    }
    r = sds_wire_write_query(batch->questions.v, batch->questions.n, q->config.packet_size,
                             count_and_send, q);
    if (r < 0)
        return r;
    q->counts.questions += batch->questions.n;
    q->counts.known_answers += batch->known.n;
    return 0;
}

int sds_wire_querier_run(struct sds_wire_querier *q, int64_t now_ms)
{
    SDS_CLEANUP(batch_done) struct batch batch = {0};
    int r = gather(q, now_ms, &batch);

    if (r == 0 && batch.asks.n)
        r = send_batch(q, now_ms, &batch);
    for (size_t i = 0; i < batch.asks.n; i++)
        note_asked(batch.asks.v[i], now_ms, batch.asks.v[i]->next_ms <= now_ms);
    return r;
}

int64_t sds_wire_querier_due_ms(const struct sds_wire_querier *q)
{
    struct sds_heap_node *first = sds_heap_first(&q->by_due);

    return first ? first->key : NEVER;
}

struct sds_wire_querier_counts sds_wire_querier_counts(const struct sds_wire_querier *q)
{
    return q->counts;
}
