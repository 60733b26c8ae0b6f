/* SPDX-License-Identifier: MIT */
#include "wire/rate.h"

#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#include "base/arr.h"
#include "base/hash.h"
#include "base/mem.h"
#include "wire/message.h"
#include "wire/response.h"

/* A record that comes three times within a second came too early, whatever two of them owe to the
 * network, which may repeat a packet or delay one. The rest is for the clocks. */
#define SECOND_MS 900

/* Answers to probes need not wait for so long (RFC 6762 6); a probe is asked three times. */
#define PROBING_MS 1000

#define MINUTE_MS   60000
#define UPDATES_MAX 10 /* a minute; RFC 6762 8.4 */

#define LINKS_MAX 64 /* whose probes are known apart */

/* What is known of a record of a sender, or of the name and type of several; the hash, under a
 * random key, is all that tells it from others. */
struct entry {
    struct sds_hash_node node;
    TAILQ_ENTRY(entry) latest;
    uint64_t message; /* in which it was last */

    /* Of a record: */
    int64_t last_ms, before_ms; /* when it came, and when the time before */

    /* Of a name and type: */
    uint64_t rdata; /* as it is now; 0: it said goodbye */
    int64_t since_ms;
    unsigned n_updates; /* since then */
};

struct link {
    int ifindex;
    int64_t probed_ms;
};

struct sds_rate {
    struct sds_siphash_key key;
    struct sds_hash table;
    TAILQ_HEAD(entries, entry) entries; /* the one heard of least lately is first */
    uint64_t message;                   /* counts them */
    SDS_ARR(struct link) links;
};

struct sds_rate *sds_rate_new(const struct sds_siphash_key *key)
{
    struct sds_rate *rate = calloc(1, sizeof(*rate));

    if (!rate)
        return NULL;
    rate->key = *key;
    TAILQ_INIT(&rate->entries);
    return rate;
}

static void forget(struct sds_rate *rate, struct entry *entry)
{
    sds_hash_remove(&rate->table, &entry->node);
    TAILQ_REMOVE(&rate->entries, entry, latest);
    free(entry);
}

struct sds_rate *sds_rate_free(struct sds_rate *rate)
{
    if (!rate)
        return NULL;
    while (!TAILQ_EMPTY(&rate->entries))
        forget(rate, TAILQ_FIRST(&rate->entries));
    sds_hash_done(&rate->table);
    free(rate->links.v);
    free(rate);
    return NULL;
}

/* ---- entries ------------------------------------------------------------------------------ */

static uint64_t hash_span(const struct sds_rate *rate, struct sds_span span, bool fold)
{
    return sds_siphash(&rate->key, span.p, span.len, fold);
}

/* Never 0. */
static uint64_t hash_rdata(const struct sds_rate *rate, const struct sds_wire_rdata *rdata)
{
    uint64_t parts[2 + SDS_WIRE_RDATA_NAMES_MAX] = {hash_span(rate, rdata->head, false),
                                                    hash_span(rate, rdata->tail, false)};

    for (size_t i = 0; i < rdata->n_names; i++)
        parts[2 + i] = hash_span(rate, sds_wire_name_span(&rdata->names[i]), true);
    return sds_siphash(&rate->key, parts, sizeof(parts), false) | 1;
}

/* @rdata  0: of the name and type, whatever the record holds */
static uint64_t hash_record(const struct sds_rate *rate, const struct sds_wire_datagram *datagram,
                            const struct sds_wire_item *item, uint64_t rdata)
{
    uint64_t parts[5] = {(uint64_t)datagram->ifindex << 32 | (uint32_t)item->type << 16 |
                             item->class,
                         hash_span(rate, sds_wire_name_span(&item->name), true), rdata};

    memcpy(&parts[3], datagram->sender.bytes, sizeof(datagram->sender.bytes));
    return sds_siphash(&rate->key, parts, sizeof(parts), false);
}

/* The entry of a hash, now the latest; a new one where there is none, with message 0. NULL when out
 * of memory. */
static struct entry *touch(struct sds_rate *rate, uint64_t hash)
{
    struct sds_hash_node *node = sds_hash_first(&rate->table, hash);
    struct entry *entry = node ? SDS_CONTAINER(node, struct entry, node) : NULL;

    if (entry) {
        TAILQ_REMOVE(&rate->entries, entry, latest);
    } else {
        if (rate->table.n >= SDS_RATE_RECORDS_MAX)
            forget(rate, TAILQ_FIRST(&rate->entries));
        entry = calloc(1, sizeof(*entry));
        if (!entry || !sds_hash_add(&rate->table, &entry->node, hash)) {
            free(entry);
            return NULL;
        }
        entry->last_ms = entry->before_ms = INT64_MIN / 2;
    }
    TAILQ_INSERT_TAIL(&rate->entries, entry, latest);
    return entry;
}

/* Whether one moment is less than a span behind another. A clock that was set back tells nothing of
 * what went before. */
static bool is_within(int64_t span_ms, int64_t since_ms, int64_t now_ms)
{
    return since_ms <= now_ms && now_ms - since_ms < span_ms;
}

/* ---- probes ------------------------------------------------------------------------------- */

static struct link *find_link(const struct sds_rate *rate, int ifindex)
{
    for (size_t i = 0; i < rate->links.n; i++)
        if (rate->links.v[i].ifindex == ifindex)
            return &rate->links.v[i];
    return NULL;
}

static void note_probe(struct sds_rate *rate, int ifindex, int64_t now_ms)
{
    struct link *link = find_link(rate, ifindex);

    if (link)
        link->probed_ms = now_ms;
    else if (rate->links.n < LINKS_MAX)
        (void)sds_arr_push(&rate->links, (struct link){ifindex, now_ms});
}

static bool is_probed(const struct sds_rate *rate, int ifindex, int64_t now_ms)
{
    const struct link *link = find_link(rate, ifindex);

    return link && is_within(PROBING_MS, link->probed_ms, now_ms);
}

/* ---- records ------------------------------------------------------------------------------ */

static uint32_t note_repeat(struct sds_rate *rate, const struct sds_wire_datagram *datagram,
                            const struct sds_wire_item *item, uint64_t rdata, int64_t now_ms)
{
    struct entry *entry = touch(rate, hash_record(rate, datagram, item, rdata));
    bool is_early;

    if (!entry || entry->message == rate->message)
        return 0;
    is_early = is_within(SECOND_MS, entry->before_ms, now_ms) &&
               !is_probed(rate, datagram->ifindex, now_ms);
    entry->message = rate->message;
    entry->before_ms = entry->last_ms;
    entry->last_ms = now_ms;
    return is_early ? sds_packet_bit(SDS_PACKET_REPEATED) : 0;
}

/* Of several records of a name and type in one message the first one counts. */
static uint32_t note_update(struct sds_rate *rate, const struct sds_wire_datagram *datagram,
                            const struct sds_wire_item *item, uint64_t rdata, int64_t now_ms)
{
    struct entry *entry = touch(rate, hash_record(rate, datagram, item, 0));
    bool is_new = entry && !entry->message;

    if (!entry || entry->message == rate->message)
        return 0;
    entry->message = rate->message;
    if (is_new || !is_within(MINUTE_MS, entry->since_ms, now_ms)) {
        entry->since_ms = now_ms;
        entry->n_updates = 0;
    }
    if (!is_new && rdata && rdata != entry->rdata)
        entry->n_updates++;
    entry->rdata = rdata;
    return entry->n_updates > UPDATES_MAX ? sds_packet_bit(SDS_PACKET_UPDATED_OFTEN) : 0;
}

static uint32_t note_record(struct sds_rate *rate, const struct sds_wire_datagram *datagram,
                            const struct sds_wire_item *item, int64_t now_ms)
{
    bool is_goodbye = item->ttl_s == 0;
    uint64_t rdata = hash_rdata(rate, &item->parts);
    uint32_t faults = 0;

    /* Records of types are everybody's, so that one who forwards what others say multicasts the
     * same one for each of them. */
    if (!is_goodbye && !sds_wire_name_is_of_types(&item->name))
        faults |= note_repeat(rate, datagram, item, rdata, now_ms);
    if (item->type == SDS_RR_SRV || item->type == SDS_RR_TXT)
        faults |= note_update(rate, datagram, item, is_goodbye ? 0 : rdata, now_ms);
    return faults;
}

uint32_t sds_rate_hear(struct sds_rate *rate, const struct sds_wire_datagram *datagram,
                       int64_t now_ms)
{
    struct sds_wire_reader reader;
    struct sds_wire_item item;
    uint32_t faults = 0;

    if (!sds_wire_read(&reader, datagram->bytes.p, datagram->bytes.len))
        return 0;
    rate->message++;
    if (!(reader.header.flags & SDS_WIRE_RESPONSE)) {
        if (reader.header.counts[SDS_WIRE_AUTHORITY]) /* RFC 6762 8.2 */
            note_probe(rate, datagram->ifindex, now_ms);
        return 0;
    }
    while (sds_wire_next(&reader, &item) == SDS_WIRE_ITEM)
        if (item.section == SDS_WIRE_ANSWER && item.name.len && !item.flaw.fault)
            faults |= note_record(rate, datagram, &item, now_ms);
    return faults;
}
