/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <avahi-common/error.h>
#include <avahi-common/strlst.h>
#include <avahi-core/core.h>
#include <avahi-core/log.h>
#include <avahi-core/lookup.h>
#include <avahi-core/rr.h>

#include "base/mem.h"
#include "base/text.h"
#include "discovery/avahi.h"
#include "discovery/core_poll.h"
#include "discovery/querier.h"

/* What a flood may cost: a few hundred bytes each, against 4,096 in the daemon. */
#define CACHE_ENTRIES_MAX 65536

#define RDATA_MAX 65535

struct sds_query {
    AvahiSRecordBrowser *browser;
    struct querier *querier;
    sds_answer_fn *fn;
    void *userdata;
};

struct querier {
    struct sds_querier base;
    struct sds_querier_events events;
    int family;
    struct sds_core_poll *poll;
    AvahiServer *server;
    uint8_t rdata[RDATA_MAX];
};

static void log_nothing(AvahiLogLevel level, const char *text)
{
    (void)level;
    (void)text;
}

static void on_state(AvahiServer *server, AvahiServerState state, void *userdata)
{
    (void)server;
    (void)state;
    (void)userdata; /* nothing is published here, so no state matters */
}

static void on_record(AvahiSRecordBrowser *browser, AvahiIfIndex interface, AvahiProtocol protocol,
                      AvahiBrowserEvent event, AvahiRecord *record, AvahiLookupResultFlags flags,
                      void *userdata)
{
    struct sds_query *query = userdata;
    struct querier *q = query->querier;
    struct sds_answer answer;

    (void)browser;
    (void)flags;
    if (!sds_avahi_answer(event, interface, protocol, &answer))
        return;
    if (answer.kind == SDS_ANSWER_FAILED)
        answer.error = avahi_strerror(avahi_server_errno(q->server));
    if (record) {
        /* The lists of avahi-core run backwards; only the serialised RDATA is in wire order. */
        answer.rdata = q->rdata;
        answer.rdata_len = avahi_rdata_serialize(record, q->rdata, sizeof(q->rdata));
        if (answer.rdata_len == (size_t)-1)
            return;
    }
    query->fn(query->userdata, &answer);
}

static int ask(struct sds_querier *base, int ifindex, const char *name, uint16_t rrtype,
               sds_answer_fn *fn, void *userdata, struct sds_query **ret)
{
    struct querier *q = (struct querier *)base;
    struct sds_query *query = calloc(1, sizeof(*query));
    AvahiKey *key = avahi_key_new(name, AVAHI_DNS_CLASS_IN, rrtype);

    if (!query || !key) {
        int r = query ? -EINVAL : -ENOMEM; /* no key can be made of what is no name to Avahi */

        free(query);
        if (key)
            avahi_key_unref(key);
        return r;
    }
    query->querier = q;
    query->fn = fn;
    query->userdata = userdata;
    if (avahi_key_is_valid(key))
        query->browser =
            avahi_s_record_browser_new(q->server, ifindex ? ifindex : AVAHI_IF_UNSPEC,
                                       sds_avahi_protocol(q->family), key, 0, on_record, query);
    avahi_key_unref(key);
    if (!query->browser) {
        free(query);
        return -EINVAL;
    }
    *ret = query;
    return 0;
}

static void drop(struct sds_query *query)
{
    avahi_s_record_browser_free(query->browser);
    free(query);
}

static bool has_unread(struct sds_querier *base)
{
    return sds_core_poll_has_unread(((struct querier *)base)->poll);
}

static uint64_t n_turned_away(struct sds_querier *base)
{
    return sds_core_poll_n_turned_away(((struct querier *)base)->poll);
}

static void querier_free(struct sds_querier *base)
{
    struct querier *q = (struct querier *)base;

    if (q->server)
        avahi_server_free(q->server);
    sds_core_poll_free(q->poll);
    free(q);
}

static const struct sds_querier_ops ops = {
    .name = "embedded",
    .cache_max = CACHE_ENTRIES_MAX,
    .buffer_hint = "raise net.core.rmem_max",
    .open_max = SDS_AVAHI_OPEN_MAX,
    .settle_ms = SDS_AVAHI_SETTLE_MS,
    .alone_ms = SDS_AVAHI_ALONE_MS,
    .patience_ms = SDS_AVAHI_PATIENCE_MS,
    .ask = ask,
    .drop = drop,
    .has_unread = has_unread,
    .n_turned_away = n_turned_away,
    .free = querier_free,
};

static int configure(AvahiServerConfig *server, const struct sds_querier_config *config)
{
    avahi_server_config_init(server);
    server->use_ipv4 = config->family != AF_INET6;
    server->use_ipv6 = config->family != AF_INET;
    server->disable_publishing = 1;
    server->publish_hinfo = server->publish_addresses = 0;
    server->publish_workstation = server->publish_domain = 0;
    server->n_cache_entries_max = CACHE_ENTRIES_MAX;
    if (config->interface) {
        server->allow_interfaces = avahi_string_list_new(config->interface, NULL);
        if (!server->allow_interfaces)
            return -ENOMEM;
    }
    return 0;
}

static void on_swamped(void *userdata)
{
    const struct querier *q = userdata;

    q->events.hangs(q->events.userdata, "a flood leaves Avahi no time");
}

static int errno_of(int error)
{
    switch (error) {
    case AVAHI_ERR_NO_NETWORK:
        return -EADDRINUSE; /* the only way for its sockets to fail on a host with interfaces */
    case AVAHI_ERR_NO_MEMORY:
        return -ENOMEM;
    default:
        return -EIO;
    }
}

/* Returns 0 or a negative errno; *@ret_error is what Avahi says, AVAHI_OK where it is not to blame.
 */
static int start(struct querier *q, const struct sds_querier_config *config, int *ret_error)
{
    AvahiServerConfig server;
    int r;

    *ret_error = AVAHI_OK;
    q->poll = sds_core_poll_new(
        &(struct sds_core_poll_config){config->loop, config->clock, on_swamped, q});
    if (!q->poll)
        return -ENOMEM;
    avahi_set_log_function(log_nothing);
    r = configure(&server, config);
    if (r == 0)
        q->server =
            avahi_server_new(sds_core_poll_api(q->poll), &server, on_state, NULL, ret_error);
    avahi_server_config_free(&server);
    if (r == 0 && !q->server)
        r = errno_of(*ret_error);
    return r < 0 ? r : sds_core_poll_error(q->poll);
}

int sds_avahi_core_new(const struct sds_querier_config *config, struct sds_querier **ret,
                       char **ret_error)
{
    struct querier *q = calloc(1, sizeof(*q));
    int r, error;

    if (!q)
        return -ENOMEM;
    /* However large the buffer: its work grows with the square of what comes in half a second. */
    q->base = (struct sds_querier){.ops = &ops, .burst = SDS_QUERIER_BURST};
    q->family = config->family;
    q->events = config->events;
    r = start(q, config, &error);
    if (r < 0) {
        *ret_error =
            r == -EADDRINUSE
                ? sds_text_format("cannot ask on UDP port 5353: another program holds it "
                                  "and does not share it")
                : sds_text_format("cannot start Avahi inside sdscope: %s",
                                  error == AVAHI_OK ? strerror(-r) : avahi_strerror(error));
        querier_free(&q->base);
        return r;
    }
    *ret = &q->base;
    return 0;
}
