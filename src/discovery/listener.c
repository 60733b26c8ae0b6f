/* SPDX-License-Identifier: MIT */
#include "discovery/listener.h"

#include <errno.h>
#include <ifaddrs.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/arr.h"
#include "base/ascii.h"
#include "base/mem.h"
#include "base/text.h"
#include "discovery/links.h"
#include "wire/message.h"
#include "wire/on_link.h"
#include "wire/socket.h"

/* After a query with TC set, 400 to 500 ms, and then 20 to 120 ms as ever (RFC 6762 7.2, 6). */
#define HELD_MS 650

/* Rounds of receiving in one turn: timers and other sockets wait meanwhile. */
#define RECEIVE_ROUNDS 8

/* One socket on one interface. */
struct port {
    TAILQ_ENTRY(port) all;
    struct sds_listener *listener;
    int ifindex, family;
    struct sds_wire_socket *socket, *one_shot; /* one_shot is NULL where none is sent */
    struct sds_watch *watch, *one_shot_watch;
    bool is_seen; /* while interfaces are compared */
};

struct sds_listener {
    struct sds_listener_config config;
    TAILQ_HEAD(, port) ports;
    struct sds_wire_inbox *inbox;
    struct sds_store *store;
    struct sds_conduct *conduct; /* NULL: not wanted */
    struct sds_links *links;
    struct sds_timer *store_timer, *fresh_timer;
    int netlink; /* tells of interfaces that come and go */
    struct sds_watch *netlink_watch;
    struct sds_siphash_key key;
    struct sds_hash hearers;
    TAILQ_HEAD(, sds_hearer) fresh;
    int64_t held_ms; /* see sds_listener_held_ms() */
    struct sds_listener_counts counts;
};

/* ---- hearers ------------------------------------------------------------------------------ */

static uint64_t hash_of(const struct sds_listener *l, struct sds_span name, uint16_t type)
{
    return sds_siphash(&l->key, name.p, name.len, true) + type;
}

static bool hears(const struct sds_hearer *hearer, const struct sds_store_set *set)
{
    return hearer->type == set->type && set->class == SDS_CLASS_IN &&
           (!hearer->ifindex || hearer->ifindex == set->ifindex) &&
           sds_fold_equal(hearer->name.bytes, hearer->name.len, set->name.p, set->name.len);
}

static int family_of(struct sds_address address)
{
    return address.len == 4 ? AF_INET : AF_INET6;
}

/* Tell of a record once for each protocol that carried it. */
static void tell(struct sds_hearer *hearer, const struct sds_store_record *record,
                 enum sds_answer_kind kind)
{
    struct sds_answer answer = {
        .kind = kind,
        .holder = SDS_HOLDER_HEARD,
        .ifindex = record->set->ifindex,
        .rdata = record->rdata.p,
        .rdata_len = record->rdata.len,
    };
    bool is_told[2] = {false};

    for (size_t i = 0; i < record->n_senders; i++) {
        answer.family = family_of(record->senders[i]);
        if (is_told[answer.family == AF_INET6])
            continue;
        is_told[answer.family == AF_INET6] = true;
        hearer->fn(hearer->userdata, &answer);
    }
}

static void tell_set(struct sds_hearer *hearer, const struct sds_store_set *set)
{
    const struct sds_store_record *record = NULL;

    while (set && (record = sds_store_next(set, record)))
        if (!record->is_leaving)
            tell(hearer, record, SDS_ANSWER_NEW);
}

static const struct sds_store_set *find_set(const struct sds_listener *l,
                                            const struct sds_hearer *hearer, int ifindex)
{
    return sds_store_find(l->store, ifindex, sds_wire_name_span(&hearer->name), hearer->type,
                          SDS_CLASS_IN);
}

static void tell_what_is_known(struct sds_listener *l, struct sds_hearer *hearer)
{
    struct sds_answer done = {.kind = SDS_ANSWER_CACHE_DONE, .holder = SDS_HOLDER_HEARD};
    size_t at = 0;
    int ifindex;

    if (hearer->ifindex)
        tell_set(hearer, find_set(l, hearer, hearer->ifindex));
    while (!hearer->ifindex && (ifindex = sds_listener_interface(l, &at)))
        tell_set(hearer, find_set(l, hearer, ifindex));
    hearer->fn(hearer->userdata, &done);
}

bool sds_listener_knows(const struct sds_listener *l, const struct sds_hearer *hearer)
{
    size_t at = 0;
    int ifindex;

    if (hearer->ifindex)
        return find_set(l, hearer, hearer->ifindex);
    while ((ifindex = sds_listener_interface(l, &at)))
        if (find_set(l, hearer, ifindex))
            return true;
    return false;
}

static void on_fresh(void *userdata)
{
    struct sds_listener *l = userdata;
    struct sds_hearer *hearer;

    while ((hearer = TAILQ_FIRST(&l->fresh))) {
        TAILQ_REMOVE(&l->fresh, hearer, fresh);
        hearer->is_fresh = false;
        tell_what_is_known(l, hearer);
    }
}

int sds_listener_hear(struct sds_listener *l, struct sds_hearer *hearer, const char *name)
{
    struct sds_name labels;

    sds_name_parse(name, &labels);
    if (!sds_wire_name_from(&labels, &hearer->name))
        return -EINVAL;
    if (!sds_hash_add(&l->hearers, &hearer->node,
                      hash_of(l, sds_wire_name_span(&hearer->name), hearer->type)))
        return -ENOMEM;
    if (TAILQ_EMPTY(&l->fresh))
        sds_timer_set(l->fresh_timer, 0);
    TAILQ_INSERT_TAIL(&l->fresh, hearer, fresh);
    hearer->is_fresh = true;
    return 0;
}

void sds_listener_unhear(struct sds_listener *l, struct sds_hearer *hearer)
{
    sds_hash_remove(&l->hearers, &hearer->node);
    if (hearer->is_fresh)
        TAILQ_REMOVE(&l->fresh, hearer, fresh);
    hearer->is_fresh = false;
}

/* ---- the store ---------------------------------------------------------------------------- */

static void pass_on(struct sds_hearer *hearer, const struct sds_store_change *change)
{
    const struct sds_store_record *record = change->record;

    switch (change->event) {
    case SDS_STORE_ADDED:
        tell(hearer, record, SDS_ANSWER_NEW);
        break;
    case SDS_STORE_CHANGED:
        /* Perhaps over another protocol; or there is evidence of it now; or it was leaving when the
         * hearer came. */
        if (change->aspects &
            (SDS_STORE_SENDER | SDS_STORE_FLUSH_BIT | SDS_STORE_LEGACY | SDS_STORE_STAYING))
            tell(hearer, record, SDS_ANSWER_NEW);
        break;
    case SDS_STORE_STALE:
        if (hearer->stale)
            hearer->stale(hearer, record->set);
        break;
    case SDS_STORE_REMOVED:
        tell(hearer, record, SDS_ANSWER_GONE);
        break;
    }
}

/* Types are known by their PTR records, too, whoever asked for these. */
static void tell_pointer(const struct sds_listener *l, const struct sds_store_change *change)
{
    const struct sds_store_set *set = change->record->set;

    if (l->config.events.pointer && change->event == SDS_STORE_ADDED && set->n_records == 1 &&
        set->type == SDS_RR_PTR && set->class == SDS_CLASS_IN)
        l->config.events.pointer(l->config.events.userdata, set->name);
}

/* A hearer may bring in others while he listens, so that the table must not be walked then. */
static void on_change(void *userdata, const struct sds_store_change *change)
{
    struct sds_listener *l = userdata;
    const struct sds_store_set *set = change->record->set;
    struct sds_hearer *few[8];
    SDS_ARR(struct sds_hearer *) many = {0};
    struct sds_hash_node *node = sds_hash_first(&l->hearers, hash_of(l, set->name, set->type));
    size_t n = 0;

    for (; node; node = sds_hash_next(node)) {
        struct sds_hearer *hearer = SDS_CONTAINER(node, struct sds_hearer, node);

        if (hearer->is_fresh || !hears(hearer, set))
            continue;
        if (n < SDS_COUNT(few))
            few[n++] = hearer;
        else
            (void)sds_arr_push(&many, hearer); /* whoever is missed then hears the next change */
    }
    tell_pointer(l, change);
    for (size_t i = 0; i < n; i++)
        pass_on(few[i], change);
    for (size_t i = 0; i < many.n; i++)
        pass_on(many.v[i], change);
    free(many.v);
}

static void set_store_timer(struct sds_listener *l)
{
    int64_t due = sds_store_due_ms(l->store);

    if (due == INT64_MAX)
        sds_timer_stop(l->store_timer);
    else
        sds_timer_set(l->store_timer, due - l->config.clock->mono_ms());
}

static void on_store_due(void *userdata)
{
    struct sds_listener *l = userdata;

    sds_store_run(l->store, l->config.clock->mono_ms());
    set_store_timer(l);
}

/* ---- messages ----------------------------------------------------------------------------- */

/* What else is wrong with a message than what it tells. */
static void judge(struct sds_listener *l, const struct sds_wire_datagram *datagram)
{
    int64_t now = datagram->stamp_ms ? datagram->stamp_ms : l->config.clock->wall_ms();

    (void)sds_conduct_hear(l->conduct, datagram, sds_links_find(l->links, datagram->ifindex),
                           now); /* of whom there is no memory, nothing is known */
}

static void take_records(struct sds_listener *l, const struct sds_wire_datagram *datagram,
                         struct sds_wire_reader *reader, bool is_legacy)
{
    struct sds_store_arrival arrival = {
        .ifindex = datagram->ifindex,
        .sender = datagram->sender,
        .now_ms = l->config.clock->mono_ms(),
        .is_legacy = is_legacy,
    };
    struct sds_wire_item item;

    while (sds_wire_next(reader, &item) == SDS_WIRE_ITEM)
        if (sds_store_put(l->store, &arrival, &item) < 0)
            return;
}

/* RFC 6762 11: what comes from off the link is not to be believed. */
static bool is_believed(struct sds_listener *l, const struct sds_wire_datagram *datagram)
{
    bool is_believed = sds_wire_is_on_link(datagram, sds_links_find(l->links, datagram->ifindex));

    l->counts.foreign += !is_believed;
    return is_believed;
}

static void on_datagram(void *userdata, const struct sds_wire_datagram *datagram)
{
    struct sds_listener *l = userdata;
    struct sds_wire_reader reader;

    l->counts.received++;
    l->counts.received_bytes += datagram->bytes.len;
    if (l->conduct)
        judge(l, datagram);
    if (!is_believed(l, datagram))
        return;
    if (l->config.events.message)
        l->config.events.message(l->config.events.userdata, datagram);
    /* RFC 6762 6: a response from another port is to be ignored. */
    if (!sds_wire_read(&reader, datagram->bytes.p, datagram->bytes.len) ||
        datagram->port != SDS_WIRE_PORT)
        return;
    if (!(reader.header.flags & SDS_WIRE_RESPONSE)) {
        if (reader.header.flags & SDS_WIRE_TRUNCATED)
            l->held_ms = l->config.clock->mono_ms() + HELD_MS;
        return;
    }
    take_records(l, datagram, &reader, false);
}

/* RFC 6762 6.7: who answers our question repeats its id, from port 5353. */
static void on_reply(void *userdata, const struct sds_wire_datagram *datagram)
{
    struct sds_listener *l = userdata;
    struct sds_wire_reader reader;

    l->counts.received++;
    l->counts.received_bytes += datagram->bytes.len;
    if (!sds_wire_read(&reader, datagram->bytes.p, datagram->bytes.len) ||
        !(reader.header.flags & SDS_WIRE_RESPONSE) || datagram->port != SDS_WIRE_PORT ||
        reader.header.id != l->config.one_shot_id || !is_believed(l, datagram))
        return;
    take_records(l, datagram, &reader, true);
    if (l->config.events.reply)
        l->config.events.reply(l->config.events.userdata, datagram);
}

static uint64_t drops_of(const struct port *port)
{
    return (port->socket ? sds_wire_socket_drops(port->socket) : 0) +
           (port->one_shot ? sds_wire_socket_drops(port->one_shot) : 0);
}

static void port_free(struct port *port)
{
    struct sds_listener *l = port->listener;

    TAILQ_REMOVE(&l->ports, port, all);
    l->counts.dropped += drops_of(port);
    sds_watch_free(port->watch);
    sds_watch_free(port->one_shot_watch);
    sds_wire_socket_free(port->socket);
    sds_wire_socket_free(port->one_shot);
    free(port);
}

static void receive(struct sds_listener *l, struct sds_wire_socket *socket,
                    sds_wire_datagram_fn *fn)
{
    int r = SDS_WIRE_RECEIVE_MAX;

    for (int i = 0; i < RECEIVE_ROUNDS && r == SDS_WIRE_RECEIVE_MAX; i++)
        r = sds_wire_socket_receive(socket, l->inbox, fn, l);
    set_store_timer(l);
}

static void on_readable(void *userdata)
{
    struct port *port = userdata;

    receive(port->listener, port->socket, on_datagram);
}

static void on_one_shot_readable(void *userdata)
{
    struct port *port = userdata;

    receive(port->listener, port->one_shot, on_reply);
}

/* ---- interfaces --------------------------------------------------------------------------- */

static struct port *find_port(const struct sds_listener *l, int ifindex, int family)
{
    struct port *port;

    TAILQ_FOREACH (port, &l->ports, all)
        if (port->ifindex == ifindex && port->family == family)
            return port;
    return NULL;
}

static int open_one_shot(struct port *port)
{
    int r = sds_wire_socket_open_one_shot(port->ifindex, port->family, &port->one_shot);

    if (r < 0)
        return r;
    port->one_shot_watch =
        sds_watch_new(port->listener->config.loop, sds_wire_socket_fd(port->one_shot),
                      on_one_shot_readable, port);
    return port->one_shot_watch ? 0 : -ENOMEM;
}

static int port_open(struct sds_listener *l, int ifindex, int family)
{
    struct port *port = calloc(1, sizeof(*port));
    int r;

    if (!port)
        return -ENOMEM;
    *port = (struct port){.listener = l, .ifindex = ifindex, .family = family, .is_seen = true};
    TAILQ_INSERT_TAIL(&l->ports, port, all);
    r = sds_wire_socket_open(ifindex, family, &port->socket);
    if (r == 0 && l->conduct)
        sds_wire_socket_stamp(port->socket);
    if (r == 0) {
        port->watch =
            sds_watch_new(l->config.loop, sds_wire_socket_fd(port->socket), on_readable, port);
        r = port->watch ? 0 : -ENOMEM;
    }
    if (r == 0 && l->config.one_shot_id)
        r = open_one_shot(port);
    if (r < 0)
        port_free(port);
    return r;
}

static bool is_wanted(const struct sds_listener *l, const struct ifaddrs *address)
{
    const unsigned needed = IFF_UP | IFF_RUNNING | IFF_MULTICAST;
    int family = address->ifa_addr ? address->ifa_addr->sa_family : AF_UNSPEC;

    if (family != AF_INET && family != AF_INET6)
        return false;
    if (l->config.family != AF_UNSPEC && l->config.family != family)
        return false;
    if ((address->ifa_flags & needed) != needed)
        return false;
    if (l->config.interface)
        return strcmp(address->ifa_name, l->config.interface) == 0;
    return !(address->ifa_flags & (IFF_LOOPBACK | IFF_POINTOPOINT));
}

static bool has_interface(const struct sds_listener *l, int ifindex)
{
    return find_port(l, ifindex, AF_INET) || find_port(l, ifindex, AF_INET6);
}

static void tell_interface(struct sds_listener *l, int ifindex, bool is_there)
{
    if (l->config.events.interface)
        l->config.events.interface(l->config.events.userdata, ifindex, is_there);
}

/* Close the ports of interfaces that are gone, and forget what was heard there. */
static void close_unseen(struct sds_listener *l)
{
    struct port *port, *after;

    for (port = TAILQ_FIRST(&l->ports); port; port = after) {
        int ifindex = port->ifindex;

        after = TAILQ_NEXT(port, all);
        if (port->is_seen)
            continue;
        port_free(port);
        if (has_interface(l, ifindex))
            continue;
        tell_interface(l, ifindex, false);
        sds_store_drop_interface(l->store, ifindex);
    }
    set_store_timer(l);
}

/* Learn what the links are like now; where that cannot be told, what was known before goes on. */
static void update_links(struct sds_listener *l)
{
    struct sds_links *links;

    if (sds_links_read(&links) < 0)
        return;
    sds_links_free(l->links);
    l->links = links;
}

/* Make the ports those of the interfaces that are there. Returns the first failure, or 0. */
static int update_ports(struct sds_listener *l)
{
    struct ifaddrs *addresses, *address;
    struct port *port;
    int r = 0;

    if (getifaddrs(&addresses) < 0)
        return -errno;
    TAILQ_FOREACH (port, &l->ports, all)
        port->is_seen = false;
    for (address = addresses; address; address = address->ifa_next) {
        int ifindex, one;
        bool is_new;

        if (!is_wanted(l, address))
            continue;
        ifindex = (int)if_nametoindex(address->ifa_name);
        port = find_port(l, ifindex, address->ifa_addr->sa_family);
        if (port)
            port->is_seen = true;
        if (port || !ifindex)
            continue;
        is_new = !has_interface(l, ifindex);
        one = port_open(l, ifindex, address->ifa_addr->sa_family);
        r = r < 0 ? r : one;
        if (is_new && one == 0)
            tell_interface(l, ifindex, true);
    }
    freeifaddrs(addresses);
    close_unseen(l);
    update_links(l);
    return r;
}

static void on_netlink(void *userdata)
{
    struct sds_listener *l = userdata;
    char news[8192];

    while (recv(l->netlink, news, sizeof(news), MSG_DONTWAIT) > 0)
        ; /* whatever it says, what matters is how things are now */
    update_ports(l);
}

static int watch_interfaces(struct sds_listener *l)
{
    const struct sockaddr_nl address = {
        .nl_family = AF_NETLINK,
        .nl_groups = RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR,
    };

    l->netlink = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE);
    if (l->netlink < 0 || bind(l->netlink, (const struct sockaddr *)&address, sizeof(address)) < 0)
        return -errno;
    l->netlink_watch = sds_watch_new(l->config.loop, l->netlink, on_netlink, l);
    return l->netlink_watch ? 0 : -ENOMEM;
}

int sds_listener_interface(const struct sds_listener *l, size_t *at)
{
    const struct port *port;
    size_t i = 0;

    TAILQ_FOREACH (port, &l->ports, all) {
        const struct port *first = find_port(l, port->ifindex, AF_INET);

        /* An interface with both protocols has two ports, of which the one of IPv4 counts. */
        if (port->family == AF_INET6 && first)
            continue;
        if (i++ < *at)
            continue;
        ++*at;
        return port->ifindex;
    }
    return 0;
}

/* Send from one of a port's sockets. */
static int send_from(struct port *port, struct sds_wire_socket *socket, const void *message,
                     size_t len)
{
    int r = sds_wire_socket_send(socket, message, len);

    if (r < 0)
        return r;
    port->listener->counts.sent++;
    port->listener->counts.sent_bytes += len;
    return 0;
}

int sds_listener_send(struct sds_listener *l, int ifindex, const void *message, size_t len)
{
    struct port *port;
    int r = -ENETDOWN;

    TAILQ_FOREACH (port, &l->ports, all)
        if (port->ifindex == ifindex) {
            int one = send_from(port, port->socket, message, len);

            r = one == 0 || r == 0 ? 0 : one;
        }
    return r;
}

int sds_listener_send_one_shot(struct sds_listener *l, int ifindex, bool everywhere,
                               const void *message, size_t len)
{
    struct port *ports[] = {find_port(l, ifindex, AF_INET), find_port(l, ifindex, AF_INET6)};
    int r = -ENETDOWN;

    for (size_t i = 0; i < SDS_COUNT(ports); i++)
        if (ports[i] && (everywhere || r < 0)) {
            int one = send_from(ports[i], ports[i]->one_shot, message, len);

            r = one == 0 || r == 0 ? 0 : one;
        }
    return r;
}

/* ---- beginning and end -------------------------------------------------------------------- */

const struct sds_store *sds_listener_store(const struct sds_listener *l)
{
    return l->store;
}

const struct sds_wire_link *sds_listener_link(const struct sds_listener *l, int ifindex)
{
    return sds_links_find(l->links, ifindex);
}

const struct sds_conduct *sds_listener_conduct(const struct sds_listener *l)
{
    return l->conduct;
}

int64_t sds_listener_held_ms(const struct sds_listener *l)
{
    return l->held_ms;
}

struct sds_listener_counts sds_listener_counts(const struct sds_listener *l)
{
    struct sds_listener_counts counts = l->counts;
    const struct port *port;

    TAILQ_FOREACH (port, &l->ports, all)
        counts.dropped += drops_of(port);
    counts.evicted = sds_store_counts(l->store).evicted;
    return counts;
}

static int prepare(struct sds_listener *l)
{
    struct sds_store_config store = {
        .max_records = SDS_STORE_RECORDS_MAX,
        .max_bytes = SDS_STORE_BYTES_MAX,
        .wants_stale = true,
        .changed = on_change,
        .userdata = l,
    };

    if (getrandom(&l->key, sizeof(l->key), 0) != sizeof(l->key))
        return -EIO;
    store.key = l->key;
    l->store = sds_store_new(&store);
    l->inbox = sds_wire_inbox_new();
    l->store_timer = sds_timer_new(l->config.loop, on_store_due, l);
    l->fresh_timer = sds_timer_new(l->config.loop, on_fresh, l);
    if (!l->store || !l->inbox || !l->store_timer || !l->fresh_timer)
        return -ENOMEM;
    if (l->config.judges_packets) {
        l->conduct = sds_conduct_new(&l->key);
        if (!l->conduct)
            return -ENOMEM;
    }
    return 0;
}

int sds_listener_new(const struct sds_listener_config *config, struct sds_listener **ret,
                     char **ret_error)
{
    struct sds_listener *l = calloc(1, sizeof(*l));
    int r;

    if (!l)
        return -ENOMEM;
    l->config = *config;
    l->netlink = -1;
    TAILQ_INIT(&l->ports);
    TAILQ_INIT(&l->fresh);
    r = prepare(l);
    if (r == 0)
        r = watch_interfaces(l);
    if (r == 0)
        r = update_ports(l);
    if (!TAILQ_EMPTY(&l->ports))
        r = 0; /* some interface is heard, and others may come */
    else if (r == 0)
        r = -ENETDOWN;
    if (r < 0) {
        *ret_error = sds_text_format("cannot listen to mDNS: %s", strerror(-r));
        sds_listener_free(l);
        return r;
    }
    *ret = l;
    return 0;
}

struct sds_listener *sds_listener_free(struct sds_listener *l)
{
    if (!l)
        return NULL;
    while (!TAILQ_EMPTY(&l->ports))
        port_free(TAILQ_FIRST(&l->ports));
    sds_watch_free(l->netlink_watch);
    if (l->netlink >= 0)
        close(l->netlink);
    sds_timer_free(l->fresh_timer);
    sds_timer_free(l->store_timer);
    sds_conduct_free(l->conduct);
    sds_links_free(l->links);
    sds_store_free(l->store);
    sds_wire_inbox_free(l->inbox);
    sds_hash_done(&l->hearers);
    free(l);
    return NULL;
}
