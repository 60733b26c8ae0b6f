/* SPDX-License-Identifier: MIT */
#include "wire/store.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#include "base/ascii.h"
#include "base/hash.h"
#include "base/heap.h"
#include "base/mem.h"
#include "wire/share.h"

#define GRACE_MS 1000 /* RFC 6762 10.1, 10.2 */

/* RFC 6762 5.2: at 80, 85, 90 and 95 percent of the TTL, and up to so many thousandths of it more.
 */
#define STALE_STEPS  4
#define STALE_FIRST  80
#define STALE_STEP   5
#define STALE_JITTER 20

struct record {
    struct sds_store_record pub; /* first, so that one is the other */
    struct sds_hash_node by_rdata;
    struct sds_heap_node by_due;
    struct sds_share_entry share;
    TAILQ_ENTRY(record) in_set; /* in set->staying or set->leaving */
    enum sds_store_reason reason;
    unsigned step; /* times that it was told to be stale */
    unsigned jitter;
    int64_t one_shot_ms; /* when the newest round of legacy answers with it began */
    uint8_t rdata[];
};

TAILQ_HEAD(records, record);

struct set {
    struct sds_store_set pub; /* first, likewise */
    struct sds_hash_node by_name;
    TAILQ_ENTRY(set) in_store;
    struct records staying; /* the one heard longest ago first */
    struct records leaving;
    struct sds_address sender; /* of its first record */
    bool is_shared;            /* others have sent some too */
    uint8_t name[];
};

struct sds_store {
    struct sds_store_config config;
    struct sds_hash by_name, by_rdata;
    struct sds_heap by_due;
    struct sds_shares shares;
    TAILQ_HEAD(, set) sets;
    size_t bytes;
    uint64_t evicted, refused;
    uint32_t legacy_life_s;
    bool is_telling; /* the callback is running */
};

/* What a record is known by besides its set. */
struct identity {
    struct sds_span rdata;
    enum sds_wire_fault fault;
};

static struct record *record_of(const struct sds_store_record *pub)
{
    return (struct record *)(void *)(uintptr_t)pub;
}

static struct set *set_of(const struct sds_store_set *pub)
{
    return (struct set *)(void *)(uintptr_t)pub;
}

static void tell(struct sds_store *store, const struct sds_store_change *change)
{
    if (!store->config.changed)
        return;
    store->is_telling = true;
    store->config.changed(store->config.userdata, change);
    store->is_telling = false;
}

struct sds_store *sds_store_new(const struct sds_store_config *config)
{
    struct sds_store *store = calloc(1, sizeof(*store));

    if (!store)
        return NULL;
    store->config = *config;
    store->legacy_life_s = SDS_STORE_LEGACY_LIFE_S;
    sds_shares_init(&store->shares, config->key);
    TAILQ_INIT(&store->sets);
    return store;
}

/* ---- sets ---------------------------------------------------------------------------------- */

static uint64_t hash_name(const struct sds_store *store, int ifindex, struct sds_span name,
                          uint16_t type, uint16_t class)
{
    struct sds_siphash_key key = store->config.key;

    key.k[0] ^= (uint64_t)(uint32_t)ifindex << 32 | (uint32_t)type << 16 | class;
    return sds_siphash(&key, name.p, name.len, true);
}

const struct sds_store_set *sds_store_find(const struct sds_store *store, int ifindex,
                                           struct sds_span name, uint16_t type, uint16_t class)
{
    uint64_t hash = hash_name(store, ifindex, name, type, class);
    struct sds_hash_node *node = sds_hash_first(&store->by_name, hash);

    for (; node; node = sds_hash_next(node)) {
        const struct sds_store_set *set = &SDS_CONTAINER(node, struct set, by_name)->pub;

        if (set->ifindex == ifindex && set->type == type && set->class == class &&
            sds_fold_equal(set->name.p, set->name.len, name.p, name.len))
            return set;
    }
    return NULL;
}

static size_t set_size(size_t name_len)
{
    return sizeof(struct set) + name_len;
}

static struct set *add_set(struct sds_store *store, const struct sds_store_arrival *arrival,
                           const struct sds_wire_item *item)
{
    struct set *set = calloc(1, set_size(item->name.len));
    uint64_t hash = hash_name(store, arrival->ifindex, sds_wire_name_span(&item->name), item->type,
                              item->class);

    if (!set)
        return NULL;
    if (!sds_hash_add(&store->by_name, &set->by_name, hash)) {
        free(set);
        return NULL;
    }
    memcpy(set->name, item->name.bytes, item->name.len);
    set->pub.name = (struct sds_span){set->name, item->name.len};
    set->pub.ifindex = arrival->ifindex;
    set->pub.type = item->type;
    set->pub.class = item->class;
    set->sender = arrival->sender;
    TAILQ_INIT(&set->staying);
    TAILQ_INIT(&set->leaving);
    TAILQ_INSERT_TAIL(&store->sets, set, in_store);
    store->bytes += set_size(item->name.len);
    return set;
}

/* Forget a set once it has no records. */
static void drop_set_if_empty(struct sds_store *store, struct set *set)
{
    if (set->pub.n_records)
        return;
    TAILQ_REMOVE(&store->sets, set, in_store);
    sds_hash_remove(&store->by_name, &set->by_name);
    store->bytes -= set_size(set->pub.name.len);
    free(set);
}

const struct sds_store_set *sds_store_next_set(const struct sds_store *store,
                                               const struct sds_store_set *set)
{
    struct set *next = set ? TAILQ_NEXT(set_of(set), in_store) : TAILQ_FIRST(&store->sets);

    return next ? &next->pub : NULL;
}

/* ---- records ------------------------------------------------------------------------------- */

static uint64_t hash_rdata(const struct sds_store *store, const struct set *set,
                           struct identity identity)
{
    struct sds_siphash_key key = store->config.key;

    key.k[1] ^= set->by_name.hash;
    return sds_siphash(&key, identity.rdata.p, identity.rdata.len, false);
}

static struct record *find_record(const struct sds_store *store, const struct set *set,
                                  struct identity identity)
{
    struct sds_hash_node *node = sds_hash_first(&store->by_rdata, hash_rdata(store, set, identity));

    for (; node; node = sds_hash_next(node)) {
        struct record *record = SDS_CONTAINER(node, struct record, by_rdata);

        if (record->pub.set == &set->pub && record->pub.fault == identity.fault &&
            record->pub.rdata.len == identity.rdata.len &&
            memcmp(record->rdata, identity.rdata.p, identity.rdata.len) == 0)
            return record;
    }
    return NULL;
}

static size_t record_size(size_t rdata_len)
{
    return sizeof(struct record) + rdata_len;
}

static struct records *list_of(struct record *record)
{
    struct set *set = set_of(record->pub.set);

    return record->pub.is_leaving ? &set->leaving : &set->staying;
}

static void remove_record(struct sds_store *store, struct record *record,
                          enum sds_store_reason reason)
{
    struct set *set = set_of(record->pub.set);

    tell(store, &(struct sds_store_change){
                    .event = SDS_STORE_REMOVED, .record = &record->pub, .reason = reason});
    TAILQ_REMOVE(list_of(record), record, in_set);
    sds_hash_remove(&store->by_rdata, &record->by_rdata);
    sds_heap_remove(&store->by_due, &record->by_due);
    sds_share_leave(&store->shares, &record->share);
    store->bytes -= record_size(record->pub.rdata.len);
    set->pub.n_records--;
    free(record);
}

static void remove_fully(struct sds_store *store, struct record *record,
                         enum sds_store_reason reason)
{
    struct set *set = set_of(record->pub.set);

    remove_record(store, record, reason);
    drop_set_if_empty(store, set);
}

const struct sds_store_record *sds_store_next(const struct sds_store_set *pub,
                                              const struct sds_store_record *last)
{
    const struct set *set = set_of(pub);
    struct record *next = last ? TAILQ_NEXT(record_of(last), in_set) : TAILQ_FIRST(&set->staying);

    if (!next && (!last || !last->is_leaving))
        next = TAILQ_FIRST(&set->leaving);
    return next ? &next->pub : NULL;
}

/* ---- time ---------------------------------------------------------------------------------- */

static int64_t life_ms(const struct sds_store *store, const struct record *record)
{
    uint32_t ttl_s = record->pub.is_legacy ? store->legacy_life_s : record->pub.ttl_s;

    return (ttl_s < SDS_STORE_LIFE_MAX_S ? ttl_s : SDS_STORE_LIFE_MAX_S) * (int64_t)1000;
}

/* When a record is to be looked at next. */
static int64_t due_ms(const struct sds_store *store, const struct record *record)
{
    unsigned thousandths = (STALE_FIRST + STALE_STEP * record->step) * 10 + record->jitter;

    if (store->config.is_lasting && !record->pub.is_leaving)
        return INT64_MAX;
    if (!store->config.wants_stale || record->pub.is_leaving || record->step >= STALE_STEPS)
        return record->pub.expires_ms;
    return record->pub.received_ms + life_ms(store, record) * thousandths / 1000;
}

static void set_due(struct sds_store *store, struct record *record)
{
    sds_heap_move(&store->by_due, &record->by_due, due_ms(store, record));
}

/* It was heard now: it lives anew, behind all that were heard before. */
static void renew(struct sds_store *store, struct record *record, int64_t now_ms)
{
    TAILQ_REMOVE(list_of(record), record, in_set);
    record->pub.is_leaving = false;
    record->pub.received_ms = now_ms;
    record->pub.expires_ms = now_ms + life_ms(store, record);
    record->pub.n_received++;
    record->step = 0;
    record->reason = SDS_STORE_EXPIRED;
    TAILQ_INSERT_TAIL(list_of(record), record, in_set);
    sds_share_renew(&record->share);
    set_due(store, record);
}

/* Let a record leave in a second, unless it leaves before. */
static void send_off(struct sds_store *store, struct record *record, int64_t now_ms,
                     enum sds_store_reason reason)
{
    if (record->pub.is_leaving)
        return;
    TAILQ_REMOVE(list_of(record), record, in_set);
    record->pub.is_leaving = true;
    TAILQ_INSERT_TAIL(list_of(record), record, in_set);
    if (store->config.is_lasting || record->pub.expires_ms > now_ms + GRACE_MS)
        record->pub.expires_ms = now_ms + GRACE_MS;
    record->reason = reason;
    set_due(store, record);
}

/* RFC 6762 10.2. Each record is sent off once for each time that it was heard. */
static void flush(struct sds_store *store, struct set *set, int64_t now_ms)
{
    struct record *oldest;

    if (set->pub.type == SDS_RR_PTR && set->is_shared)
        return;
    while ((oldest = TAILQ_FIRST(&set->staying)) && oldest->pub.received_ms < now_ms - GRACE_MS)
        send_off(store, oldest, now_ms, SDS_STORE_FLUSHED);
}

static void run_record(struct sds_store *store, struct record *record, int64_t now_ms)
{
    if (now_ms >= record->pub.expires_ms) {
        remove_fully(store, record, record->reason);
        return;
    }
    while (record->step < STALE_STEPS && due_ms(store, record) <= now_ms)
        record->step++;
    set_due(store, record);
    tell(store, &(struct sds_store_change){.event = SDS_STORE_STALE, .record = &record->pub});
}

void sds_store_run(struct sds_store *store, int64_t now_ms)
{
    assert(!store->is_telling);
    while (sds_store_due_ms(store) <= now_ms)
        run_record(store, SDS_CONTAINER(sds_heap_first(&store->by_due), struct record, by_due),
                   now_ms);
}

int64_t sds_store_due_ms(const struct sds_store *store)
{
    struct sds_heap_node *first = sds_heap_first(&store->by_due);

    return first ? first->key : INT64_MAX;
}

uint32_t sds_store_left_s(const struct sds_store_record *record, int64_t now_ms)
{
    return record->expires_ms > now_ms ? (uint32_t)((record->expires_ms - now_ms) / 1000) : 0;
}

bool sds_store_is_known_answer(const struct sds_store_record *record, int64_t now_ms)
{
    return !record->fault && !record->is_leaving && !record->is_legacy &&
           sds_store_left_s(record, now_ms) > 0 &&
           2 * (record->expires_ms - now_ms) >= record->expires_ms - record->received_ms;
}

/* ---- room ---------------------------------------------------------------------------------- */

/* Make room for a record and its set. False when the store can never hold so much. */
static bool make_room(struct sds_store *store, size_t size)
{
    struct sds_share_entry *victim;

    if (size > store->config.max_bytes || !store->config.max_records) {
        store->refused++;
        return false;
    }
    while (store->by_rdata.n >= store->config.max_records ||
           store->bytes > store->config.max_bytes - size) {
        victim = sds_share_victim(&store->shares);
        assert(victim);
        remove_fully(store, SDS_CONTAINER(victim, struct record, share), SDS_STORE_EVICTED);
        store->evicted++;
    }
    return true;
}

void sds_store_set_legacy_life(struct sds_store *store, uint32_t life_s)
{
    store->legacy_life_s = life_s;
}

void sds_store_forget(struct sds_store *store, const struct sds_store_record *record)
{
    assert(!store->is_telling);
    remove_fully(store, record_of(record), SDS_STORE_DROPPED);
}

void sds_store_drop_interface(struct sds_store *store, int ifindex)
{
    struct set *next;

    assert(!store->is_telling);
    for (struct set *set = TAILQ_FIRST(&store->sets); set; set = next) {
        const struct sds_store_record *record;

        next = TAILQ_NEXT(set, in_store);
        if (set->pub.ifindex != ifindex)
            continue;
        while ((record = sds_store_next(&set->pub, NULL)))
            remove_record(store, record_of(record), SDS_STORE_DROPPED);
        drop_set_if_empty(store, set);
    }
}

struct sds_store *sds_store_free(struct sds_store *store)
{
    struct sds_heap_node *first;

    if (!store)
        return NULL;
    store->config.changed = NULL;
    while ((first = sds_heap_first(&store->by_due)))
        remove_fully(store, SDS_CONTAINER(first, struct record, by_due), SDS_STORE_DROPPED);
    sds_shares_done(&store->shares);
    sds_heap_done(&store->by_due);
    sds_hash_done(&store->by_rdata);
    sds_hash_done(&store->by_name);
    free(store);
    return NULL;
}

struct sds_store_counts sds_store_counts(const struct sds_store *store)
{
    return (struct sds_store_counts){.records = store->by_rdata.n,
                                     .sets = store->by_name.n,
                                     .bytes = store->bytes,
                                     .evicted = store->evicted,
                                     .refused = store->refused};
}

/* ---- arrivals ------------------------------------------------------------------------------ */

/* Enter a record everywhere; false when out of memory, with it entered nowhere. */
static bool enter(struct sds_store *store, struct record *record, struct sds_address sender,
                  uint64_t hash)
{
    if (sds_share_join(&store->shares, sender, &record->share) < 0)
        return false;
    if (!sds_hash_add(&store->by_rdata, &record->by_rdata, hash)) {
        sds_share_leave(&store->shares, &record->share);
        return false;
    }
    if (!sds_heap_add(&store->by_due, &record->by_due, INT64_MAX)) {
        sds_hash_remove(&store->by_rdata, &record->by_rdata);
        sds_share_leave(&store->shares, &record->share);
        return false;
    }
    return true;
}

static struct record *add_record(struct sds_store *store, struct set *set,
                                 const struct sds_store_arrival *arrival, struct identity identity)
{
    struct record *record = calloc(1, record_size(identity.rdata.len));
    uint64_t hash = hash_rdata(store, set, identity);

    if (!record || !enter(store, record, arrival->sender, hash)) {
        free(record);
        return NULL;
    }
    if (identity.rdata.len)
        memcpy(record->rdata, identity.rdata.p, identity.rdata.len);
    record->pub.rdata = (struct sds_span){record->rdata, identity.rdata.len};
    record->pub.fault = identity.fault;
    record->pub.set = &set->pub;
    record->pub.first_ms = arrival->now_ms;
    record->jitter = (unsigned)(hash >> 32) % (STALE_JITTER + 1);
    TAILQ_INSERT_TAIL(&set->staying, record, in_set);
    set->pub.n_records++;
    store->bytes += record_size(identity.rdata.len);
    return record;
}

/* Note who sent a record; true when that is new. */
static bool note_sender(struct sds_store_record *record, const struct sds_address *sender)
{
    bool is_new = !record->has_more_senders;

    for (size_t i = 0; i < record->n_senders; i++)
        if (sds_address_cmp(&record->senders[i], sender) == 0)
            return false;
    if (record->n_senders < SDS_STORE_SENDERS_MAX)
        record->senders[record->n_senders++] = *sender;
    else
        record->has_more_senders = true;
    return is_new;
}

static void note_one_shot(struct record *record, int64_t now_ms)
{
    if (record->pub.n_one_shot && now_ms < record->one_shot_ms + SDS_STORE_ONE_ROUND_MS)
        return;
    record->pub.n_one_shot++;
    record->one_shot_ms = now_ms;
}

/* Take over what a record says this time. Returns what is new, enum sds_store_aspect. */
static unsigned update(struct record *record, const struct sds_store_arrival *arrival,
                       const struct sds_wire_item *item)
{
    struct sds_store_record *pub = &record->pub;
    struct set *set = set_of(pub->set);
    unsigned aspects = 0;

    if (sds_address_cmp(&set->sender, &arrival->sender) != 0)
        set->is_shared = true;
    if (note_sender(pub, &arrival->sender))
        aspects |= SDS_STORE_SENDER;
    if (arrival->is_legacy)
        note_one_shot(record, arrival->now_ms);
    if (arrival->is_legacy && !pub->is_legacy)
        return aspects;
    if (pub->is_legacy && !arrival->is_legacy)
        aspects |= SDS_STORE_LEGACY;
    if (pub->ttl_s != item->ttl_s)
        aspects |= SDS_STORE_TTL;
    if (pub->flush != item->upper_bit)
        aspects |= SDS_STORE_FLUSH_BIT;
    pub->ttl_s = item->ttl_s;
    pub->flush = item->upper_bit;
    pub->is_legacy = arrival->is_legacy;
    return aspects;
}

static int add_and_tell(struct sds_store *store, struct set *set,
                        const struct sds_store_arrival *arrival, const struct sds_wire_item *item,
                        struct identity identity)
{
    struct record *record = add_record(store, set, arrival, identity);

    if (!record)
        return -ENOMEM;
    record->pub.is_legacy = arrival->is_legacy;
    update(record, arrival, item);
    renew(store, record, arrival->now_ms);
    tell(store, &(struct sds_store_change){.event = SDS_STORE_ADDED, .record = &record->pub});
    return 0;
}

static void update_and_tell(struct sds_store *store, struct record *record,
                            const struct sds_store_arrival *arrival,
                            const struct sds_wire_item *item)
{
    unsigned aspects = update(record, arrival, item);

    if (record->pub.is_leaving)
        aspects |= SDS_STORE_STAYING;
    if (record->pub.is_legacy || !arrival->is_legacy)
        renew(store, record, arrival->now_ms);
    if (aspects)
        tell(store, &(struct sds_store_change){
                        .event = SDS_STORE_CHANGED, .record = &record->pub, .aspects = aspects});
}

static int put(struct sds_store *store, const struct sds_store_arrival *arrival,
               const struct sds_wire_item *item, struct identity identity)
{
    struct sds_span name = sds_wire_name_span(&item->name);
    struct set *set =
        set_of(sds_store_find(store, arrival->ifindex, name, item->type, item->class));
    struct record *record = set ? find_record(store, set, identity) : NULL;
    int r = 0;

    if (item->ttl_s == 0) { /* RFC 6762 10.1 */
        if (record && !arrival->is_legacy)
            send_off(store, record, arrival->now_ms, SDS_STORE_GOODBYE);
        return 0;
    }
    if (record) {
        /* What is leaving may have been said before it was told to. */
        if (!arrival->is_legacy || !record->pub.is_leaving)
            update_and_tell(store, record, arrival, item);
    } else {
        if (!make_room(store, set_size(name.len) + record_size(identity.rdata.len)))
            return 0;
        /* It may have been the set's last record that had to go. */
        set = set_of(sds_store_find(store, arrival->ifindex, name, item->type, item->class));
        if (!set)
            set = add_set(store, arrival, item);
        if (!set)
            return -ENOMEM;
        r = add_and_tell(store, set, arrival, item, identity);
    }
    if (r == 0 && item->upper_bit && !arrival->is_legacy)
        flush(store, set, arrival->now_ms);
    drop_set_if_empty(store, set);
    return r;
}

/* RDATA of an item with its names uncompressed; NULL when out of memory. */
static uint8_t *identify(const struct sds_wire_item *item, struct identity *ret)
{
    size_t len = sds_wire_rdata_len(&item->parts);
    uint8_t *rdata = malloc(len + 1);

    if (rdata)
        sds_wire_rdata_put(&item->parts, rdata);
    *ret = (struct identity){{rdata, len}, item->flaw.fault};
    return rdata;
}

const struct sds_store_record *sds_store_find_record(const struct sds_store *store,
                                                     const struct sds_store_set *set,
                                                     const struct sds_wire_item *item)
{
    struct identity identity;
    uint8_t *rdata = identify(item, &identity);
    struct record *record = rdata ? find_record(store, set_of(set), identity) : NULL;

    free(rdata);
    return record ? &record->pub : NULL;
}

const struct sds_store_record *sds_store_find_rdata(const struct sds_store *store,
                                                    const struct sds_store_set *set,
                                                    struct sds_span rdata)
{
    struct identity identity = {rdata, SDS_WIRE_FAULT_NONE};
    struct record *record = find_record(store, set_of(set), identity);

    return record ? &record->pub : NULL;
}

int sds_store_put(struct sds_store *store, const struct sds_store_arrival *arrival,
                  const struct sds_wire_item *item)
{
    struct identity identity;
    uint8_t *rdata;
    int r;

    assert(!store->is_telling);
    if (item->section == SDS_WIRE_QUESTION || item->type == SDS_RR_OPT || !item->name.len)
        return 0;
    rdata = identify(item, &identity);
    if (!rdata)
        return -ENOMEM;
    r = put(store, arrival, item, identity);
    free(rdata);
    return r;
}
