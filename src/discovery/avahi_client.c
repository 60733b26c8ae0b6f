/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <net/if.h>
#include <stdlib.h>
#include <sys/socket.h>

#include <avahi-client/client.h>
#include <avahi-client/lookup.h>
#include <avahi-client/publish.h>
#include <avahi-common/error.h>

#include "base/mem.h"
#include "base/text.h"
#include "discovery/avahi.h"
#include "discovery/avahi_domains.h"
#include "discovery/querier.h"
#include "discovery/slow_calls.h"
#include "discovery/watchdog.h"

/* A daemon allows 1,024 objects a client (objects-per-client-max), and tells nobody. */
#define QUERIES_PER_CLIENT 900
#define CLIENTS_MAX        16

/* A daemon's default, which it does not tell either. */
#define CACHE_ENTRIES_MAX 4096

#define RETRY_MS 1000

/* A daemon that lives answers a call in milliseconds. */
#define HANGS_MS 3000

/* One that a flood keeps busy takes its time for every call. It is asked for no more than this
 * share of ours, so that something else can happen, too. */
#define SLOW_MS    50
#define REST_TIMES 3

#define DOES_NOT_ANSWER "the Avahi daemon does not answer"

/* One connection to the daemon. */
struct link {
    struct querier *querier;
    AvahiClient *client; /* NULL: not connected */
    AvahiPoll poll;      /* the loop's, but for watch_new: it tells the socket */
    volatile int fd;     /* -1: not known yet */
    unsigned n_queries, max_queries;
};

struct sds_query {
    struct link *link;
    AvahiRecordBrowser *browser;
    struct sds_avahi_domains *configured; /* of a question for domains to browse */
    sds_answer_fn *fn;
    void *userdata;
};

struct querier {
    struct sds_querier base;
    struct sds_querier_config config;
    AvahiIfIndex ifindex;
    struct link links[CLIENTS_MAX];
    size_t n_links;
    struct sds_timer *timer; /* leaves the daemon's callback before anything is freed */
    bool is_lost;            /* said so, and trying to come back */
    int error;               /* AVAHI_ERR_..., why the daemon is lost */
    bool hangs;              /* it did not answer a call in time */
    int64_t called_ms;       /* when the call began that is under way */
    struct sds_slow_calls slow;
    int64_t rest_ms; /* until then, nothing is asked */
};

static void on_state(AvahiClient *client, AvahiClientState state, void *userdata)
{
    struct link *link = userdata;

    if (state != AVAHI_CLIENT_FAILURE || !link->client)
        return; /* a failure inside avahi_client_new() is told by its result */
    link->querier->error = avahi_client_errno(client);
    sds_timer_set(link->querier->timer, 0);
}

static AvahiWatch *watch_socket(const AvahiPoll *api, int fd, AvahiWatchEvent event,
                                AvahiWatchCallback callback, void *userdata)
{
    struct link *link = SDS_CONTAINER(api, struct link, poll);
    const AvahiPoll *poll = sds_loop_avahi(link->querier->config.loop);

    link->fd = fd;
    return poll->watch_new(poll, fd, event, callback, userdata);
}

static int64_t now_ms(const struct querier *q)
{
    return q->config.clock->mono_ms();
}

static void call_begin(struct link *link)
{
    link->querier->called_ms = now_ms(link->querier);
    sds_watchdog_begin(&link->fd, HANGS_MS);
}

/* Whether all calls have taken long for a while, which is as good as no answer. */
static bool note_call(struct querier *q, int64_t now)
{
    int64_t took = now - q->called_ms, rest = took * REST_TIMES;

    if (took > SLOW_MS)
        q->rest_ms = now + (rest < SDS_SLOW_REST_MS ? rest : SDS_SLOW_REST_MS);
    return sds_slow_calls_note(&q->slow, q->called_ms, now);
}

static void call_end(struct link *link)
{
    struct querier *q = link->querier;
    bool was_ended = sds_watchdog_end();

    if (was_ended) {
        q->hangs = true;
        sds_timer_set(q->timer, 0); /* of the other connections, Avahi tells nothing */
    }
    if (note_call(q, now_ms(q)) || was_ended)
        q->config.events.hangs(q->config.events.userdata, DOES_NOT_ANSWER);
}

static int link_connect(struct link *link, struct querier *q)
{
    int error = AVAHI_ERR_FAILURE;

    *link = (struct link){.querier = q, .poll = *sds_loop_avahi(q->config.loop), .fd = -1};
    link->max_queries = QUERIES_PER_CLIENT;
    link->poll.watch_new = watch_socket;
    call_begin(link);
    link->client = avahi_client_new(&link->poll, 0, on_state, link, &error);
    call_end(link);
    return link->client ? 0 : error;
}

/* Frees Avahi's browsers, too, without a word to a daemon that may hang. */
static void disconnect(struct sds_querier *base)
{
    struct querier *q = (struct querier *)base;

    for (size_t i = 0; i < q->n_links; i++)
        if (q->links[i].client)
            avahi_client_free(SDS_TAKE(q->links[i].client));
}

static const char *why_lost(const struct querier *q)
{
    if (q->hangs)
        return DOES_NOT_ANSWER;
    return q->error == AVAHI_ERR_DISCONNECTED ? "the Avahi daemon has gone"
                                              : avahi_strerror(q->error);
}

/* The daemon failed us, or it is time to look whether it is there again. */
static void on_timer(void *userdata)
{
    struct querier *q = userdata;

    if (!q->is_lost) {
        q->is_lost = true;
        disconnect(&q->base);
        q->config.events.lost(q->config.events.userdata, why_lost(q));
        q->n_links = 0;
        if (q->hangs) { /* who has another way takes it now */
            sds_timer_set(q->timer, RETRY_MS);
            return;
        }
    }
    if (link_connect(&q->links[0], q)) {
        sds_timer_set(q->timer, RETRY_MS);
        return;
    }
    q->n_links = 1;
    q->is_lost = q->hangs = false;
    q->config.events.back(q->config.events.userdata);
}

static void on_record(AvahiRecordBrowser *browser, AvahiIfIndex interface, AvahiProtocol protocol,
                      AvahiBrowserEvent event, const char *name, uint16_t clazz, uint16_t type,
                      const void *rdata, size_t size, AvahiLookupResultFlags flags, void *userdata)
{
    struct sds_query *query = userdata;
    struct sds_answer answer;

    (void)name;
    (void)clazz;
    (void)type;
    (void)flags;
    if (!sds_avahi_answer(event, interface, protocol, &answer))
        return;
    answer.rdata = rdata;
    answer.rdata_len = size;
    if (answer.kind == SDS_ANSWER_FAILED) {
        int error = avahi_client_errno(avahi_record_browser_get_client(browser));

        if (error == AVAHI_ERR_DNS_NXDOMAIN || error == AVAHI_ERR_NOT_FOUND)
            answer.kind = SDS_ANSWER_DENIED;
        answer.error = avahi_strerror(error);
    }
    query->fn(query->userdata, &answer);
}

/* A connection with room for one more query; NULL when there is none to be had. */
static struct link *link_with_room(struct querier *q)
{
    for (size_t i = 0; i < q->n_links; i++)
        if (q->links[i].n_queries < q->links[i].max_queries)
            return &q->links[i];
    if (q->n_links == CLIENTS_MAX || link_connect(&q->links[q->n_links], q))
        return NULL;
    return &q->links[q->n_links++];
}

static int errno_of(int error)
{
    switch (error) {
    case AVAHI_ERR_TOO_MANY_OBJECTS:
    case AVAHI_ERR_TOO_MANY_ENTRIES:
        return -EAGAIN;
    case AVAHI_ERR_INVALID_DOMAIN_NAME:
    case AVAHI_ERR_INVALID_KEY:
    case AVAHI_ERR_INVALID_ARGUMENT:
        return -EINVAL;
    case AVAHI_ERR_NO_MEMORY:
        return -ENOMEM;
    case AVAHI_ERR_NO_DAEMON:
    case AVAHI_ERR_DISCONNECTED:
    case AVAHI_ERR_BAD_STATE: /* it has failed, and on_timer() is about to say so */
        return -ENOTCONN;
    default:
        return -EIO;
    }
}

/* Ask by this connection. -EAGAIN: the daemon gives it no more objects than it has now. */
static int ask_by(struct link *link, int ifindex, const char *name, uint16_t rrtype,
                  sds_answer_fn *fn, void *userdata, struct sds_query **ret)
{
    const struct querier *q = link->querier;
    struct sds_query *query = calloc(1, sizeof(*query));
    AvahiProtocol protocol = sds_avahi_protocol(q->config.family);
    int r;

    if (!query)
        return -ENOMEM;
    ifindex = ifindex ? ifindex : q->ifindex;
    query->link = link;
    query->fn = fn;
    query->userdata = userdata;
    call_begin(link);
    query->browser = avahi_record_browser_new(link->client, ifindex, protocol, name,
                                              AVAHI_DNS_CLASS_IN, rrtype, 0, on_record, query);
    r = query->browser ? sds_avahi_domains_new(link->client, ifindex, protocol, name, rrtype, fn,
                                               userdata, &query->configured)
                       : avahi_client_errno(link->client);
    if (query->browser && r != AVAHI_OK)
        avahi_record_browser_free(query->browser);
    call_end(link);
    if (r != AVAHI_OK) {
        r = q->hangs ? -ENOTCONN : errno_of(r);
        if (r == -EAGAIN)
            link->max_queries = link->n_queries;
        free(query);
        return r;
    }
    link->n_queries++;
    *ret = query;
    return 0;
}

static int ask(struct sds_querier *base, int ifindex, const char *name, uint16_t rrtype,
               sds_answer_fn *fn, void *userdata, struct sds_query **ret)
{
    struct querier *q = (struct querier *)base;
    struct link *link;
    int r = -EAGAIN;

    if (q->is_lost || q->hangs)
        return -ENOTCONN;
    if (now_ms(q) < q->rest_ms)
        return -EBUSY;
    while (r == -EAGAIN && (link = link_with_room(q)))
        r = ask_by(link, ifindex, name, rrtype, fn, userdata, ret);
    return r == -EAGAIN && q->hangs ? -ENOTCONN : r;
}

static void drop(struct sds_query *query)
{
    if (query->link->client) { /* else its browser went with the connection */
        call_begin(query->link);
        avahi_record_browser_free(query->browser);
        sds_avahi_domains_free(query->configured, true);
        call_end(query->link);
    } else {
        sds_avahi_domains_free(query->configured, false);
    }
    query->link->n_queries--;
    free(query);
}

static void on_group(AvahiEntryGroup *group, AvahiEntryGroupState state, void *userdata)
{
    (void)group;
    (void)state;
    (void)userdata;
}

/* An empty group of entries is a thing that the daemon makes for whoever asks, or refuses, and
 * tells nobody of; most else the library answers by itself. */
static bool is_alive(struct sds_querier *base)
{
    struct querier *q = (struct querier *)base;
    struct link *link = &q->links[0];
    AvahiEntryGroup *group;

    if (q->is_lost || q->hangs)
        return false;
    call_begin(link);
    group = avahi_entry_group_new(link->client, on_group, NULL);
    if (group)
        avahi_entry_group_free(group);
    call_end(link);
    return !q->hangs && avahi_client_get_state(link->client) != AVAHI_CLIENT_FAILURE;
}

static void querier_free(struct sds_querier *base)
{
    struct querier *q = (struct querier *)base;

    disconnect(base);
    sds_timer_free(q->timer);
    free(q);
}

static const struct sds_querier_ops ops = {
    .name = "avahi",
    .cache_max = CACHE_ENTRIES_MAX,
    .buffer_hint = "raise net.core.rmem_default, and restart avahi-daemon",
    .cache_hint = "raise cache-entries-max in [server] of avahi-daemon.conf",
    .questions_hint = "raise objects-per-client-max in [server] of avahi-daemon.conf",
    .open_max = SDS_AVAHI_OPEN_MAX,
    .settle_ms = SDS_AVAHI_SETTLE_MS,
    .alone_ms = SDS_AVAHI_ALONE_MS,
    .patience_ms = SDS_AVAHI_PATIENCE_MS,
    .ask = ask,
    .drop = drop,
    .is_alive = is_alive,
    .close = disconnect,
    .free = querier_free,
};

int sds_avahi_client_new(const struct sds_querier_config *config, struct sds_querier **ret,
                         char **ret_error)
{
    struct querier *q = calloc(1, sizeof(*q));
    int error;

    if (!q)
        return -ENOMEM;
    q->base = (struct sds_querier){.ops = &ops, .burst = SDS_QUERIER_BURST};
    q->config = *config;
    q->ifindex =
        config->interface ? (AvahiIfIndex)if_nametoindex(config->interface) : AVAHI_IF_UNSPEC;
    q->timer = sds_timer_new(config->loop, on_timer, q);
    if (!q->timer) {
        free(q);
        return -ENOMEM;
    }
    error = link_connect(&q->links[0], q);
    if (error) {
        int r = q->hangs                                                        ? -ETIMEDOUT
                : error == AVAHI_ERR_NO_DAEMON || error == AVAHI_ERR_DBUS_ERROR ? -ENOTCONN
                                                                                : errno_of(error);

        *ret_error =
            q->hangs ? sds_text_format("the Avahi daemon does not answer: restart it, or use "
                                       "--source embedded")
                     : sds_text_format("cannot reach the Avahi daemon: %s; start avahi-daemon, or "
                                       "use --source embedded",
                                       avahi_strerror(error));
        querier_free(&q->base);
        return r;
    }
    q->n_links = 1;
    *ret = &q->base;
    return 0;
}
