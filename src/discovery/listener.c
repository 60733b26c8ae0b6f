/* SPDX-License-Identifier: MIT */
#include "discovery/listener.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>

#include "base/arr.h"
#include "base/ascii.h"
#include "base/mem.h"
#include "base/text.h"
#include "discovery/ports.h"
#include "wire/message.h"
#include "wire/on_link.h"

/* As long as a record of a host should live (RFC 6762 10). */
#define REPLY_LIFE_S 120

/* After a query with TC set, 400 to 500 ms, and then 20 to 120 ms as ever (RFC 6762 7.2, 6). */
#define HELD_MS 650

struct sds_listener {
    struct sds_listener_config config;
    struct sds_ports *ports; /* NULL while they are opened */
    struct sds_store *store;
    struct sds_conduct *conduct; /* NULL: not wanted */
    struct sds_timer *store_timer, *fresh_timer;
    struct sds_siphash_key key;
    struct sds_hash hearers;
    TAILQ_HEAD(, sds_hearer) fresh;
    int64_t held_ms;                            /* see sds_listener_held_ms() */
    uint64_t received, received_bytes, foreign; /* see struct sds_listener_counts */
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

void sds_listener_forget_record(struct sds_listener *l, const struct sds_hearer *hearer,
                                int ifindex, struct sds_span rdata)
{
    const struct sds_store_set *set = find_set(l, hearer, ifindex);
    const struct sds_store_record *record = set ? sds_store_find_rdata(l->store, set, rdata) : NULL;

    if (record)
        sds_store_forget(l->store, record);
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

static void set_store_timer(void *userdata)
{
    struct sds_listener *l = userdata;
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

    (void)sds_conduct_hear(l->conduct, datagram, sds_ports_link(l->ports, datagram->ifindex),
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
    bool is_believed = sds_wire_is_on_link(datagram, sds_ports_link(l->ports, datagram->ifindex));

    l->foreign += !is_believed;
    return is_believed;
}

static void on_datagram(void *userdata, const struct sds_wire_datagram *datagram)
{
    struct sds_listener *l = userdata;
    struct sds_wire_reader reader;

    l->received++;
    l->received_bytes += datagram->bytes.len;
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

    l->received++;
    l->received_bytes += datagram->bytes.len;
    if (!sds_wire_read(&reader, datagram->bytes.p, datagram->bytes.len) ||
        !(reader.header.flags & SDS_WIRE_RESPONSE) || datagram->port != SDS_WIRE_PORT ||
        reader.header.id != l->config.one_shot_id || !is_believed(l, datagram))
        return;
    take_records(l, datagram, &reader, true);
    if (l->config.events.reply)
        l->config.events.reply(l->config.events.userdata, datagram);
}

static void on_interface(void *userdata, int ifindex, bool is_there)
{
    struct sds_listener *l = userdata;

    if (l->config.events.interface)
        l->config.events.interface(l->config.events.userdata, ifindex, is_there);
    if (is_there)
        return;
    sds_store_drop_interface(l->store, ifindex);
    set_store_timer(l);
}

void sds_listener_keep_replies(struct sds_listener *l)
{
    sds_store_set_legacy_life(l->store, REPLY_LIFE_S);
}

void sds_listener_forget(struct sds_listener *l)
{
    size_t at = 0;
    int ifindex;

    while ((ifindex = sds_listener_interface(l, &at)))
        sds_store_drop_interface(l->store, ifindex);
    set_store_timer(l);
}

/* ---- beginning and end -------------------------------------------------------------------- */

int sds_listener_interface(const struct sds_listener *l, size_t *at)
{
    return sds_ports_interface(l->ports, at);
}

int sds_listener_send(struct sds_listener *l, int ifindex, const void *message, size_t len)
{
    return sds_ports_send(l->ports, ifindex, message, len);
}

int sds_listener_send_one_shot(struct sds_listener *l, int ifindex, bool everywhere,
                               const void *message, size_t len)
{
    return sds_ports_send_one_shot(l->ports, ifindex, everywhere, message, len);
}

const struct sds_store *sds_listener_store(const struct sds_listener *l)
{
    return l->store;
}

const struct sds_wire_link *sds_listener_link(const struct sds_listener *l, int ifindex)
{
    return sds_ports_link(l->ports, ifindex);
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
    struct sds_ports_counts ports = sds_ports_counts(l->ports);

    return (struct sds_listener_counts){
        .received = l->received,
        .received_bytes = l->received_bytes,
        .sent = ports.sent,
        .sent_bytes = ports.sent_bytes,
        .dropped = ports.dropped,
        .evicted = sds_store_counts(l->store).evicted,
        .foreign = l->foreign,
    };
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
    l->store_timer = sds_timer_new(l->config.loop, on_store_due, l);
    l->fresh_timer = sds_timer_new(l->config.loop, on_fresh, l);
    if (!l->store || !l->store_timer || !l->fresh_timer)
        return -ENOMEM;
    if (l->config.judges_packets) {
        l->conduct = sds_conduct_new(&l->key);
        if (!l->conduct)
            return -ENOMEM;
    }
    return 0;
}

static int open_ports(struct sds_listener *l)
{
    struct sds_ports_config config = {
        .loop = l->config.loop,
        .interface = l->config.interface,
        .family = l->config.family,
        .is_stamped = l->conduct,
        .has_one_shots = l->config.one_shot_id,
        .has_no_groups = l->config.hears_replies_only,
        .interface_changed = on_interface,
        .message = on_datagram,
        .reply = on_reply,
        .rest = set_store_timer,
        .userdata = l,
    };

    return sds_ports_new(&config, &l->ports);
}

int sds_listener_new(const struct sds_listener_config *config, struct sds_listener **ret,
                     char **ret_error)
{
    struct sds_listener *l = calloc(1, sizeof(*l));
    int r;

    if (!l)
        return -ENOMEM;
    l->config = *config;
    TAILQ_INIT(&l->fresh);
    r = prepare(l);
    if (r == 0)
        r = open_ports(l);
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
    sds_ports_free(l->ports);
    sds_timer_free(l->fresh_timer);
    sds_timer_free(l->store_timer);
    sds_conduct_free(l->conduct);
    sds_store_free(l->store);
    sds_hash_done(&l->hearers);
    free(l);
    return NULL;
}
