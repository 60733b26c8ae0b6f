/* SPDX-License-Identifier: MIT */

/* Asks the link with sockets of its own, by RFC 6762: sdscope as a querier without Avahi. */

#include <errno.h>
#include <stdlib.h>
#include <sys/random.h>

#include "base/arr.h"
#include "base/mem.h"
#include "discovery/listener.h"
#include "discovery/shooter.h"
#include "wire/querier.h"

/* Records of an instance come with its PTR record (RFC 6763 12); ask only for what did not. What a
 * responder may wait before it answers (RFC 6762 6) is over by then. */
#define COMPANIONS_MS 130

/* Answers to the one-shot query that goes first take up to 120 ms, too; the rest is for the link.
 */
#define SHOT_ANSWERED_MS 125

/* Types and records at a time: far more than any link has, and a limit all the same. */
#define ASKS_MAX ((size_t)1 << 18)

/* Who asks on one interface. */
struct link {
    TAILQ_ENTRY(link) all;
    struct wire *wire;
    int ifindex;
    struct sds_wire_querier *querier;
};

/* A question on one link. */
struct asking {
    struct link *link;
    struct sds_wire_ask *ask;
};

struct sds_query {
    struct sds_hearer hearer;
    TAILQ_ENTRY(sds_query) all, patient;
    struct wire *wire;
    bool is_patient; /* waits for companions */
    int64_t due_ms;  /* until then */
    bool is_asking;
    SDS_ARR(struct asking) askings;
    struct sds_aim aim;
    sds_answer_fn *fn;
    void *userdata;
};

struct wire {
    struct sds_querier base;
    const struct sds_clock *clock;
    struct sds_querier_events events;
    struct sds_siphash_key key;
    struct sds_shooter *shooter;
    struct sds_listener *listener;
    TAILQ_HEAD(, link) links;
    TAILQ_HEAD(, sds_query) queries;
    TAILQ_HEAD(, sds_query) patient; /* the one that is due first is first */
    struct sds_timer *patience, *timer;
    int64_t due_ms; /* when the timer is set to end; INT64_MAX: it is not set */
};

/* ---- links -------------------------------------------------------------------------------- */

/* Have the timer end when some link has something to ask. */
static void set_timer(struct wire *w)
{
    int64_t due = INT64_MAX;
    struct link *link;

    TAILQ_FOREACH (link, &w->links, all) {
        int64_t at = sds_wire_querier_due_ms(link->querier);

        due = at < due ? at : due;
    }
    if (due == w->due_ms)
        return;
    w->due_ms = due;
    if (due == INT64_MAX)
        sds_timer_stop(w->timer);
    else
        sds_timer_set(w->timer, due - w->clock->mono_ms());
}

static void on_due(void *userdata)
{
    struct wire *w = userdata;
    struct link *link;

    w->due_ms = INT64_MAX;
    TAILQ_FOREACH (link, &w->links, all)
        (void)sds_wire_querier_run(link->querier, w->clock->mono_ms()); /* asked again in time */
    set_timer(w);
}

static int send_packet(void *userdata, const uint8_t *packet, size_t len)
{
    struct link *link = userdata;

    return sds_listener_send(link->wire->listener, link->ifindex, packet, len);
}

static struct link *find_link(struct wire *w, int ifindex)
{
    struct link *link;

    TAILQ_FOREACH (link, &w->links, all)
        if (link->ifindex == ifindex)
            return link;
    return NULL;
}

/* Ask on a link, unless that is not where the question belongs. */
static void ask_on(struct sds_query *query, struct link *link)
{
    struct asking asking = {.link = link};

    if (query->hearer.ifindex && query->hearer.ifindex != link->ifindex)
        return;
    if (sds_wire_querier_ask(link->querier, &query->hearer.name, query->hearer.type,
                             SDS_WIRE_ROUNDS_ALL, query->wire->clock->mono_ms(), &asking.ask) < 0)
        return; /* being asked already, or no memory: it stays unanswered, which is told */
    if (!sds_arr_push(&query->askings, asking))
        sds_wire_ask_drop(asking.ask);
}

static void ask_everywhere(struct sds_query *query)
{
    struct link *link;

    if (query->is_asking)
        return;
    query->is_asking = true;
    TAILQ_FOREACH (link, &query->wire->links, all)
        ask_on(query, link);
    sds_shooter_aim(query->wire->shooter, &query->aim);
    set_timer(query->wire);
}

static void stop_asking(struct sds_query *query)
{
    for (size_t i = 0; i < query->askings.n; i++)
        sds_wire_ask_drop(query->askings.v[i].ask);
    query->askings.n = 0;
    sds_shooter_drop(query->wire->shooter, &query->aim);
    query->is_asking = false;
}

static void link_free(struct link *link)
{
    struct sds_query *query;

    TAILQ_FOREACH (query, &link->wire->queries, all)
        for (size_t i = query->askings.n; i > 0; i--)
            if (query->askings.v[i - 1].link == link) {
                sds_wire_ask_drop(query->askings.v[i - 1].ask);
                query->askings.v[i - 1] = query->askings.v[--query->askings.n];
            }
    TAILQ_REMOVE(&link->wire->links, link, all);
    sds_wire_querier_free(link->querier);
    free(link);
}

static void add_link(struct wire *w, int ifindex)
{
    struct sds_wire_querier_config config = {
        .ifindex = ifindex,
        .store = sds_listener_store(w->listener),
        .key = w->key,
        .packet_size = SDS_WIRE_PACKET_SIZE,
        .max_asks = ASKS_MAX,
        .first_ms = sds_shooter_id(w->shooter) ? SHOT_ANSWERED_MS : 0,
        .send = send_packet,
    };
    struct link *link = calloc(1, sizeof(*link));
    struct sds_query *query;

    if (!link)
        return;
    *link = (struct link){.wire = w, .ifindex = ifindex};
    config.userdata = link;
    link->querier = sds_wire_querier_new(&config);
    if (!link->querier) {
        free(link);
        return;
    }
    TAILQ_INSERT_TAIL(&w->links, link, all);
    TAILQ_FOREACH (query, &w->queries, all)
        if (query->is_asking)
            ask_on(query, link);
    set_timer(w);
}

static void on_interface(void *userdata, int ifindex, bool is_there)
{
    struct wire *w = userdata;
    struct link *link = find_link(w, ifindex);

    if (!w->listener)
        return; /* those that are there at the beginning are added then */
    if (is_there && !link)
        add_link(w, ifindex);
    else if (!is_there && link)
        link_free(link);
    sds_shooter_on_interface(w->shooter, ifindex, is_there);
}

/* Others may have asked what we are about to ask (RFC 6762 7.3); but answers to one-shot queries,
 * our own among them, are not for us. */
static void on_message(void *userdata, const struct sds_wire_datagram *datagram)
{
    struct wire *w = userdata;
    struct link *link = find_link(w, datagram->ifindex);

    if (link && datagram->port == SDS_WIRE_PORT)
        sds_wire_querier_hear(link->querier, datagram->bytes.p, datagram->bytes.len,
                              w->clock->mono_ms());
}

static void on_reply(void *userdata, const struct sds_wire_datagram *datagram)
{
    struct wire *w = userdata;

    sds_shooter_on_reply(w->shooter, datagram);
}

static void on_pointer(void *userdata, struct sds_span owner)
{
    struct wire *w = userdata;

    w->events.pointer(w->events.userdata, owner);
}

/* ---- questions ---------------------------------------------------------------------------- */

static void forget_patience(struct sds_query *query)
{
    if (query->is_patient)
        TAILQ_REMOVE(&query->wire->patient, query, patient);
    query->is_patient = false;
}

/* Give the companions of a PTR record their time. */
static void be_patient(struct sds_query *query)
{
    struct wire *w = query->wire;

    query->due_ms = w->clock->mono_ms() + COMPANIONS_MS;
    query->is_patient = true;
    if (TAILQ_EMPTY(&w->patient))
        sds_timer_set(w->patience, COMPANIONS_MS);
    TAILQ_INSERT_TAIL(&w->patient, query, patient);
}

static bool was_multicast(const struct wire *w, int ifindex, const struct sds_wire_name *name)
{
    const struct sds_store_set *set = sds_store_find(
        sds_listener_store(w->listener), ifindex, sds_wire_name_span(name), SDS_RR_A, SDS_CLASS_IN);
    const struct sds_store_record *record = set ? sds_store_next(set, NULL) : NULL;

    return record && !record->is_legacy;
}

/* With the addresses of one family come those of the other (RFC 6762 6.2): of a host that has
 * multicast the ones, there are none of the others. One-shot queries are answered in less room. */
static bool is_known(const struct sds_query *query)
{
    const struct sds_hearer *hearer = &query->hearer;
    const struct wire *w = query->wire;
    struct link *link;

    if (sds_listener_knows(w->listener, hearer))
        return true;
    if (hearer->type != SDS_RR_AAAA)
        return false;
    TAILQ_FOREACH (link, &w->links, all)
        if ((!hearer->ifindex || hearer->ifindex == link->ifindex) &&
            was_multicast(w, link->ifindex, &hearer->name))
            return true;
    return false;
}

static void on_patience(void *userdata)
{
    struct wire *w = userdata;
    int64_t now = w->clock->mono_ms();
    struct sds_query *query;

    while ((query = TAILQ_FIRST(&w->patient)) && query->due_ms <= now) {
        forget_patience(query);
        if (!is_known(query))
            ask_everywhere(query);
    }
    if (query)
        sds_timer_set(w->patience, query->due_ms - now);
}

/* Shared records are asked for as long as somebody wants to know of them; unique ones until they
 * are known. */
static void on_answer(void *userdata, const struct sds_answer *answer)
{
    struct sds_query *query = userdata;
    bool is_shared = query->hearer.type == SDS_RR_PTR;

    if (answer->kind == SDS_ANSWER_NEW && !is_shared)
        stop_asking(query);
    if (answer->kind == SDS_ANSWER_GONE && !is_shared)
        ask_everywhere(query);
    if (answer->kind == SDS_ANSWER_CACHE_DONE && is_shared)
        ask_everywhere(query);
    if (answer->kind == SDS_ANSWER_CACHE_DONE && !is_shared &&
        !sds_listener_knows(query->wire->listener, &query->hearer))
        be_patient(query);
    query->fn(query->userdata, answer);
}

static void on_stale(struct sds_hearer *hearer, const struct sds_store_set *set)
{
    struct sds_query *query = SDS_CONTAINER(hearer, struct sds_query, hearer);
    struct wire *w = query->wire;
    struct link *link = find_link(w, set->ifindex);

    if (link)
        (void)sds_wire_querier_renew(link->querier, set, w->clock->mono_ms());
    set_timer(w);
}

static int ask(struct sds_querier *base, int ifindex, const char *name, uint16_t rrtype,
               sds_answer_fn *fn, void *userdata, struct sds_query **ret)
{
    struct wire *w = (struct wire *)base;
    struct sds_query *query = calloc(1, sizeof(*query));
    int r;

    if (!query)
        return -ENOMEM;
    *query = (struct sds_query){.wire = w, .fn = fn, .userdata = userdata};
    query->hearer = (struct sds_hearer){
        .ifindex = ifindex, .type = rrtype, .fn = on_answer, .stale = on_stale, .userdata = query};
    query->aim.hearer = &query->hearer;
    r = sds_listener_hear(w->listener, &query->hearer, name);
    if (r < 0) {
        free(query);
        return r;
    }
    TAILQ_INSERT_TAIL(&w->queries, query, all);
    *ret = query;
    return 0;
}

static void drop(struct sds_query *query)
{
    sds_listener_unhear(query->wire->listener, &query->hearer);
    forget_patience(query);
    stop_asking(query);
    TAILQ_REMOVE(&query->wire->queries, query, all);
    free(query->askings.v);
    free(query);
}

/* Once everything is asked, and each link has answered in both ways; where it is asked in one way,
 * the rounds have to pass. */
static int64_t sure_ms(struct sds_querier *base)
{
    struct wire *w = (struct wire *)base;
    struct sds_query *query;

    TAILQ_FOREACH (query, &w->queries, all)
        if (query->hearer.type == SDS_RR_PTR && !query->is_asking)
            return INT64_MAX;
    return sds_shooter_sure_ms(w->shooter);
}

static bool is_alone(struct sds_querier *base)
{
    return sds_shooter_is_alone(((struct wire *)base)->shooter);
}

static double missing(struct sds_querier *base)
{
    return sds_shooter_missing(((struct wire *)base)->shooter);
}

static const struct sds_listener *listener_of(struct sds_querier *base)
{
    return ((struct wire *)base)->listener;
}

static void querier_free(struct sds_querier *base)
{
    struct wire *w = (struct wire *)base;

    while (!TAILQ_EMPTY(&w->links))
        link_free(TAILQ_FIRST(&w->links));
    sds_shooter_free(w->shooter);
    sds_timer_free(w->timer);
    sds_timer_free(w->patience);
    sds_listener_free(w->listener);
    free(w);
}

static const struct sds_querier_ops ops = {
    .name = "wire",
    .asks_itself = true,
    .cache_max = SDS_STORE_RECORDS_MAX,
    .buffer_hint = "raise net.core.rmem_max",
    .open_max = SDS_STORE_RECORDS_MAX,
    .settle_ms = 1500,
    .alone_ms = 3800,
    .patience_ms = 1600,
    .sure_ms = sure_ms,
    .missing = missing,
    .is_alone = is_alone,
    .ask = ask,
    .drop = drop,
    .listener = listener_of,
    .free = querier_free,
};

static int prepare(struct wire *w, const struct sds_querier_config *config, char **ret_error)
{
    struct sds_listener_config listener = {
        .loop = config->loop,
        .clock = config->clock,
        .interface = config->interface,
        .family = config->family,
        .judges_packets = config->judges_packets,
        .events = {on_interface, on_message, on_reply, on_pointer, w},
    };
    size_t at = 0;
    int r, ifindex;

    if (getrandom(&w->key, sizeof(w->key), 0) != sizeof(w->key))
        return -EIO;
    /* Replies to one-shot queries are by unicast and have rules of their own (RFC 6762 6.7): to
     * whoever judges packets they are no evidence, and would make the multicast ones fewer. */
    r = sds_shooter_new(&(struct sds_shooter_config){.loop = config->loop,
                                                     .clock = config->clock,
                                                     .is_silent = config->judges_packets,
                                                     .is_eager = true},
                        &w->shooter);
    if (r < 0)
        return r;
    listener.one_shot_id = sds_shooter_id(w->shooter);
    w->timer = sds_timer_new(config->loop, on_due, w);
    w->patience = sds_timer_new(config->loop, on_patience, w);
    if (!w->timer || !w->patience)
        return -ENOMEM;
    r = sds_listener_new(&listener, &w->listener, ret_error);
    while (r == 0 && (ifindex = sds_listener_interface(w->listener, &at)))
        add_link(w, ifindex);
    if (r == 0)
        sds_shooter_begin(w->shooter, w->listener);
    return r;
}

int sds_wire_new(const struct sds_querier_config *config, struct sds_querier **ret,
                 char **ret_error)
{
    struct wire *w = calloc(1, sizeof(*w));
    int r;

    if (!w)
        return -ENOMEM;
    *w = (struct wire){.base = {.ops = &ops},
                       .clock = config->clock,
                       .events = config->events,
                       .due_ms = INT64_MAX};
    TAILQ_INIT(&w->links);
    TAILQ_INIT(&w->queries);
    TAILQ_INIT(&w->patient);
    r = prepare(w, config, ret_error);
    if (r < 0)
        querier_free(&w->base);
    else
        *ret = &w->base;
    return r;
}
