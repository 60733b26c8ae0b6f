/* SPDX-License-Identifier: MIT */

/* Avahi asks, and the wire listens: what was heard need not be asked for, and what Avahi loses for
 * want of room is heard all the same. One-shot queries tell whether something was lost on the way,
 * which Avahi itself can know no sooner than in its second round.
 *
 * Or only they are heard, as a witness: instances are those that either knows, and of each it is
 * Avahi that tells; what was heard of one counts where Avahi has nothing of it in its cache. */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "discovery/listener.h"
#include "discovery/shooter.h"
#include "discovery/slow_calls.h"

/* Each is a call that waits for Avahi, which a flood keeps busy. More types than any link has are
 * asked for by one-shot queries alone. */
#define ALOUD_MAX 512

/* An Avahi that takes so long for a call is busy; it gets a tenth of the time from then on, so that
 * what was heard is not held up. */
#define BUSY_MS    20
#define BUSY_TIMES 10

/* Records of a set become stale one by one: one look does for all of them, and one query brings
 * them. */
#define CONFIRM_MS 2000

struct sds_query {
    struct sds_hearer hearer;
    TAILQ_ENTRY(sds_query) all;
    struct duet *duet;
    struct sds_query *asked; /* of the other querier; NULL: not asked of it */
    bool is_refused;         /* it asks for no such name */
    bool is_told;            /* it told of a record */
    bool is_hearing;         /* what is heard is told, too */
    struct sds_aim aim;      /* of a question for PTR */
    struct sds_hearsay hearsay;
    int64_t looked_ms; /* when it was last seen to what is stale */
    char *name;
    sds_answer_fn *fn;
    void *userdata;
};

struct duet {
    struct sds_querier base;
    bool is_witness; /* answers to one-shot queries are all that is heard */
    struct sds_querier_events events;
    struct sds_querier_ops ops; /* the other querier's, but for the functions here */
    char name[32];              /* of both */
    struct sds_querier *asking;
    struct sds_listener *listener;
    struct sds_shooter *shooter;
    TAILQ_HEAD(, sds_query) pointers; /* questions for PTR */
    const struct sds_clock *clock;
    int64_t busy_ms; /* until then, Avahi is left alone */
    struct sds_slow_calls slow;
    size_t n_queries;
    size_t n_pointers;
    size_t n_asked; /* questions about unique records that the other is asked now */
};

static int hear(struct sds_query *query)
{
    int r = sds_listener_hear(query->duet->listener, &query->hearer, query->name);

    query->is_hearing = r == 0;
    return r;
}

/* With the addresses of one family come those of the other (RFC 6762 6.2): where the ones were
 * heard, there are none of the others. */
static bool was_heard_of(const struct sds_query *query)
{
    const struct sds_listener *listener = query->duet->listener;
    struct sds_hearer other = query->hearer;

    if (query->hearer.type == SDS_RR_PTR)
        return false;
    if (query->hearer.type == SDS_RR_AAAA)
        other.type = SDS_RR_A;
    return sds_listener_knows(listener, &query->hearer) || sds_listener_knows(listener, &other);
}

static void shoot(struct sds_query *query)
{
    query->aim.hearer = &query->hearer;
    query->aim.hearsay = &query->hearsay;
    sds_shooter_aim(query->duet->shooter, &query->aim);
}

static void shoot_again(struct sds_query *query)
{
    sds_shooter_drop(query->duet->shooter, &query->aim);
    shoot(query);
}

/* Of an instance that is still there, a full Avahi may lose a record and have no room for it when
 * it comes again. */
static bool may_be_crowded_out(const struct sds_query *query)
{
    return query->duet->is_witness && query->duet->base.is_full && query->hearer.type != SDS_RR_PTR;
}

static void have_witnessed(struct sds_query *query)
{
    if (!query->is_hearing)
        (void)hear(query); /* where there is no memory for more, it stays gone */
    query->is_told = false;
    shoot_again(query);
}

/* What the witness keeps is old: it would not be told when it is heard again. */
static void forget_gone(struct sds_query *query, const struct sds_answer *answer)
{
    const struct duet *duet = query->duet;
    struct sds_span rdata = {answer->rdata, answer->rdata_len};

    if (duet->is_witness && query->hearer.type == SDS_RR_PTR && answer->kind == SDS_ANSWER_GONE &&
        !sds_hearsay_has(&query->hearsay, sds_shooter_key(duet->shooter), answer->ifindex, rdata))
        sds_listener_forget_record(duet->listener, &query->hearer, answer->ifindex, rdata);
}

/* What Avahi tells; of PTR records it matters who told what. A witness hears no goodbye. */
static void on_told(void *userdata, const struct sds_answer *answer)
{
    struct sds_query *query = userdata;
    struct sds_answer told = *answer;
    bool is_crowded_out;

    if (query->hearer.type == SDS_RR_PTR)
        sds_hearsay_hear(&query->hearsay, sds_shooter_key(query->duet->shooter), answer);
    is_crowded_out = told.kind == SDS_ANSWER_GONE && may_be_crowded_out(query);
    if (query->duet->is_witness && told.kind == SDS_ANSWER_GONE && !is_crowded_out)
        told.holder = SDS_HOLDER_BOTH;
    query->is_told |= told.kind == SDS_ANSWER_NEW;
    query->fn(query->userdata, &told);
    forget_gone(query, answer);
    if (is_crowded_out)
        have_witnessed(query);
    if (told.kind == SDS_ANSWER_CACHE_DONE && !query->is_told && !query->is_hearing)
        (void)hear(query); /* it is Avahi's to tell where there is no memory for more */
}

/* Whether Avahi has too much to do to be asked for one more record, where it may be heard. */
static bool is_too_busy(const struct duet *duet, int64_t now)
{
    return !duet->is_witness &&
           (duet->n_asked >= duet->asking->ops->open_max || now < duet->busy_ms);
}

/* What a call to Avahi took. */
static void note_call(struct duet *duet, int64_t began, int64_t ended)
{
    int64_t rest = (ended - began) * BUSY_TIMES;

    if (ended - began > BUSY_MS)
        duet->busy_ms = ended + (rest < SDS_SLOW_REST_MS ? rest : SDS_SLOW_REST_MS);
    if (sds_slow_calls_note(&duet->slow, began, ended))
        duet->events.hangs(duet->events.userdata, "Avahi is too busy to answer");
}

static int ask_aloud(struct sds_query *query)
{
    struct duet *duet = query->duet;
    struct sds_querier *asking = duet->asking;
    bool is_shared = query->hearer.type == SDS_RR_PTR;
    int64_t began = duet->clock->mono_ms();
    int r;

    if (!is_shared && is_too_busy(duet, began))
        return -EBUSY;
    r = asking->ops->ask(asking, query->hearer.ifindex, query->name, query->hearer.type, on_told,
                         query, &query->asked);
    if (r != -EBUSY)
        note_call(duet, began, duet->clock->mono_ms());
    duet->n_asked += r == 0 && !is_shared;
    query->is_refused = r == -EINVAL;
    return query->is_refused ? 0 : r;
}

/* Some of it Avahi has not told of. */
static bool is_heard_alone(const struct sds_query *query, const struct sds_store_set *set)
{
    const struct sds_siphash_key *key = sds_shooter_key(query->duet->shooter);
    const struct sds_store_record *record = NULL;

    while ((record = sds_store_next(set, record)))
        if (!sds_hearsay_has(&query->hearsay, key, set->ifindex, record->rdata))
            return true;
    return false;
}

/* A tenth of its life is left. */
static bool is_about_to_go(const struct sds_store_set *set, int64_t now)
{
    const struct sds_store_record *record = sds_store_next(set, NULL);

    return 10 * (record->expires_ms - now) <= record->expires_ms - record->received_ms;
}

/* With the PTR records come the others of most instances, which are not stale any more when they
 * would be about to go. What Avahi knows is Avahi's to keep; where it is full, it knows so little
 * of a large link that all of it would be asked for all the time. */
static void confirm(struct sds_query *query, const struct sds_store_set *set)
{
    int64_t now = query->duet->clock->mono_ms();
    bool is_shared = query->hearer.type == SDS_RR_PTR;

    if (is_shared && now < query->looked_ms + CONFIRM_MS)
        return;
    query->looked_ms = now;
    if (is_shared ? !is_heard_alone(query, set) : query->is_told || !is_about_to_go(set, now))
        return;
    if (query->duet->base.is_full)
        sds_listener_keep_replies(query->duet->listener);
    shoot_again(query);
}

/* What Avahi never asked for, nobody keeps alive for us; nor what a witness alone has heard. */
static void on_stale(struct sds_hearer *hearer, const struct sds_store_set *set)
{
    struct sds_query *query = SDS_CONTAINER(hearer, struct sds_query, hearer);

    if (query->duet->is_witness)
        confirm(query, set);
    else if (!query->asked)
        (void)ask_aloud(query); /* the record becomes stale three times more */
}

/* Where nobody can ask, there may be more than was heard; of a unique record, what was heard is
 * all. */
static void on_all_heard(struct sds_query *query, const struct sds_answer *answer)
{
    const struct sds_answer failed = {
        .kind = SDS_ANSWER_FAILED, .holder = answer->holder, .error = "Avahi takes no such name"};

    query->fn(query->userdata, answer);
    if (query->is_refused && (query->hearer.type == SDS_RR_PTR ||
                              !sds_listener_knows(query->duet->listener, &query->hearer)))
        query->fn(query->userdata, &failed);
}

static void on_heard(void *userdata, const struct sds_answer *answer)
{
    struct sds_query *query = userdata;

    if (answer->kind == SDS_ANSWER_GONE && query->duet->is_witness && !query->is_told &&
        query->hearer.type != SDS_RR_PTR)
        shoot_again(query);
    /* Where Avahi was asked, its cache is not what we know already. */
    if (answer->kind != SDS_ANSWER_CACHE_DONE)
        query->fn(query->userdata, answer);
    else if (!query->asked)
        on_all_heard(query, answer);
}

static void query_free(struct sds_query *query)
{
    sds_hearsay_done(&query->hearsay);
    free(query->name);
    free(query);
}

static void stop_hearing(struct sds_query *query)
{
    if (query->is_hearing)
        sds_listener_unhear(query->duet->listener, &query->hearer);
    query->is_hearing = false;
}

static void add_pointer(struct sds_query *query)
{
    struct duet *duet = query->duet;

    TAILQ_INSERT_TAIL(&duet->pointers, query, all);
    duet->n_pointers++;
    shoot(query);
}

static bool is_one_too_many(const struct sds_query *query)
{
    const struct duet *duet = query->duet;

    return query->hearer.type == SDS_RR_PTR && duet->n_pointers >= ALOUD_MAX &&
           sds_shooter_id(duet->shooter);
}

/* What is known to who listens need not be asked for. */
static int hear_or_ask(struct sds_query *query)
{
    int r = hear(query);

    if (r == 0 && !was_heard_of(query) && !is_one_too_many(query))
        r = ask_aloud(query);
    return r;
}

/* Avahi would be asked in vain: what there is no room for now has to wait. */
static int ask_witness_alone(struct sds_query *query)
{
    bool is_shared = query->hearer.type == SDS_RR_PTR;
    int r = hear(query);

    sds_listener_keep_replies(query->duet->listener);
    if (r < 0 || was_heard_of(query))
        return r;
    if (!is_shared && !sds_shooter_has_room(query->duet->shooter, &query->hearer))
        return -EBUSY;
    shoot(query);
    return 0;
}

/* Avahi is asked for everything; and of single records the witness speaks after Avahi. */
static int ask_before_witness(struct sds_query *query)
{
    int r = query->hearer.type == SDS_RR_PTR ? hear(query) : 0;

    if (r == 0)
        r = ask_aloud(query);
    if (r == 0 && query->is_refused && !query->is_hearing)
        r = hear(query);
    return r;
}

static int ask_of(struct sds_query *query)
{
    const struct duet *duet = query->duet;

    if (!duet->is_witness)
        return hear_or_ask(query);
    return duet->base.is_full ? ask_witness_alone(query) : ask_before_witness(query);
}

static int ask(struct sds_querier *base, int ifindex, const char *name, uint16_t rrtype,
               sds_answer_fn *fn, void *userdata, struct sds_query **ret)
{
    struct duet *duet = (struct duet *)base;
    struct sds_query *query = calloc(1, sizeof(*query));
    int r;

    if (!query)
        return -ENOMEM;
    *query = (struct sds_query){.duet = duet, .fn = fn, .userdata = userdata};
    query->hearer = (struct sds_hearer){
        .ifindex = ifindex, .type = rrtype, .fn = on_heard, .stale = on_stale, .userdata = query};
    query->name = strdup(name);
    r = -ENOMEM;
    if (query->name)
        r = ask_of(query);
    if (r < 0) {
        stop_hearing(query);
        query_free(query);
        return r;
    }
    if (rrtype == SDS_RR_PTR)
        add_pointer(query);
    duet->n_queries++;
    *ret = query;
    return 0;
}

/* Once nobody asks any more, as Avahi is gone, nobody tells a witness who says goodbye. */
static void drop(struct sds_query *query)
{
    struct duet *duet = query->duet;

    if (query->asked) {
        duet->asking->ops->drop(query->asked);
        duet->n_asked -= query->hearer.type != SDS_RR_PTR;
    }
    if (query->hearer.type == SDS_RR_PTR) {
        TAILQ_REMOVE(&duet->pointers, query, all);
        duet->n_pointers--;
    }
    sds_shooter_drop(duet->shooter, &query->aim);
    stop_hearing(query);
    query_free(query);
    if (--duet->n_queries == 0 && duet->is_witness)
        sds_listener_forget(duet->listener);
}

static bool is_alive(struct sds_querier *base)
{
    struct duet *duet = (struct duet *)base;

    return sds_querier_is_alive(duet->asking);
}

static bool has_unread(struct sds_querier *base)
{
    struct duet *duet = (struct duet *)base;

    return sds_querier_has_unread(duet->asking);
}

static uint64_t n_turned_away(struct sds_querier *base)
{
    struct duet *duet = (struct duet *)base;

    return duet->asking->ops->n_turned_away ? duet->asking->ops->n_turned_away(duet->asking) : 0;
}

/* Once Avahi has told what it knows, and each link has answered everything in both ways. */
static int64_t sure_ms(struct sds_querier *base)
{
    struct duet *duet = (struct duet *)base;
    const struct sds_query *query;

    TAILQ_FOREACH (query, &duet->pointers, all)
        if (!query->aim.is_taken || (query->asked && !query->hearsay.is_whole))
            return INT64_MAX;
    return sds_shooter_sure_ms(duet->shooter);
}

static bool is_alone(struct sds_querier *base)
{
    return sds_shooter_is_alone(((struct duet *)base)->shooter);
}

static double missing(struct sds_querier *base)
{
    return sds_shooter_missing(((struct duet *)base)->shooter);
}

static void on_interface(void *userdata, int ifindex, bool is_there)
{
    struct duet *duet = userdata;

    sds_shooter_on_interface(duet->shooter, ifindex, is_there);
}

static void on_reply(void *userdata, const struct sds_wire_datagram *datagram)
{
    struct duet *duet = userdata;

    sds_shooter_on_reply(duet->shooter, datagram);
}

static void on_pointer(void *userdata, struct sds_span owner)
{
    struct duet *duet = userdata;

    duet->events.pointer(duet->events.userdata, owner);
}

static const struct sds_listener *listener_of(struct sds_querier *base)
{
    return ((struct duet *)base)->listener;
}

static void hang_up(struct sds_querier *base)
{
    struct duet *duet = (struct duet *)base;

    sds_querier_close(duet->asking);
}

static void duet_free(struct duet *duet)
{
    sds_shooter_free(duet->shooter);
    sds_listener_free(duet->listener);
    free(duet);
}

static void querier_free(struct sds_querier *base)
{
    struct duet *duet = (struct duet *)base;

    duet->asking->ops->free(duet->asking);
    duet_free(duet);
}

static int prepare(struct duet *duet, const struct sds_querier_config *config, char **ret_error)
{
    struct sds_listener_config listener = {
        .loop = config->loop,
        .clock = config->clock,
        .interface = config->interface,
        .family = config->family,
        .judges_packets = config->judges_packets && !duet->is_witness,
        .hears_replies_only = duet->is_witness,
        .events = {on_interface, NULL, on_reply, on_pointer, duet},
    };
    const struct sds_shooter_config shooter = {
        .loop = config->loop, .clock = config->clock, .is_silent = listener.judges_packets};
    int r = sds_shooter_new(&shooter, &duet->shooter);

    if (r < 0)
        return r;
    listener.one_shot_id = sds_shooter_id(duet->shooter);
    r = sds_listener_new(&listener, &duet->listener, ret_error);
    if (r == 0)
        sds_shooter_begin(duet->shooter, duet->listener);
    return r;
}

/* What it does in the other querier's stead. */
static void take_over(struct duet *duet)
{
    duet->ops.sure_ms = sure_ms;
    duet->ops.missing = missing;
    duet->ops.is_alone = is_alone;
    duet->ops.ask = ask;
    duet->ops.drop = drop;
    duet->ops.is_alive = is_alive;
    duet->ops.has_unread = has_unread;
    duet->ops.n_turned_away = n_turned_away;
    duet->ops.close = hang_up;
    duet->ops.free = querier_free;
    duet->base.ops = &duet->ops;
}

/* @is_witness: see struct duet. */
static int duet_new(const struct sds_querier_config *config, struct sds_querier *asking,
                    bool is_witness, struct duet **ret, char **ret_error)
{
    struct duet *duet = calloc(1, sizeof(*duet));
    int r;

    if (!duet)
        return -ENOMEM;
    *duet =
        (struct duet){.is_witness = is_witness, .events = config->events, .clock = config->clock};
    TAILQ_INIT(&duet->pointers);
    r = prepare(duet, config, ret_error);
    if (r < 0) {
        duet_free(duet);
        return r;
    }
    duet->asking = asking;
    duet->ops = *asking->ops;
    take_over(duet);
    *ret = duet;
    return 0;
}

int sds_duet_new(const struct sds_querier_config *config, struct sds_querier *asking,
                 struct sds_querier **ret, char **ret_error)
{
    struct duet *duet;
    int r = duet_new(config, asking, false, &duet, ret_error);

    if (r < 0)
        return r;
    snprintf(duet->name, sizeof(duet->name), "%s+wire", asking->ops->name);
    duet->ops.name = duet->name;
    duet->ops.buffer_hint = "raise net.core.rmem_max"; /* what Avahi loses is heard all the same */
    duet->ops.open_max = SDS_STORE_RECORDS_MAX;
    duet->ops.settle_ms = 1350;
    duet->ops.patience_ms = 1600;   /* asked twice by then, and no answer takes its time on a bus */
    duet->ops.refuses_some = true;  /* not what was heard */
    duet->ops.n_turned_away = NULL; /* they are heard all the same */
    duet->ops.listener = listener_of;
    *ret = &duet->base;
    return 0;
}

int sds_witness_new(const struct sds_querier_config *config, struct sds_querier *asking,
                    struct sds_querier **ret, char **ret_error)
{
    struct duet *duet;
    int r = duet_new(config, asking, true, &duet, ret_error);

    if (r < 0)
        return r;
    duet->base.burst = asking->burst;
    duet->ops.witness = listener_of;
    *ret = &duet->base;
    return 0;
}
