/* SPDX-License-Identifier: MIT */
#include "wire/pace.h"

#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#include "base/arr.h"
#include "base/ascii.h"
#include "base/hash.h"
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

struct sds_pace {
    struct sds_siphash_key key;
    struct sds_hash table;
    TAILQ_HEAD(entries, entry) entries; /* the one heard of least lately is first */
    uint64_t message;                   /* counts them */
    SDS_ARR(struct link) links;
};

struct sds_pace *sds_pace_new(const struct sds_siphash_key *key)
{
    struct sds_pace *pace = calloc(1, sizeof(*pace));

    if (!pace)
        return NULL;
    pace->key = *key;
    TAILQ_INIT(&pace->entries);
    return pace;
}

static void forget(struct sds_pace *pace, struct entry *entry)
{
    sds_hash_remove(&pace->table, &entry->node);
    TAILQ_REMOVE(&pace->entries, entry, latest);
    free(entry);
}

struct sds_pace *sds_pace_free(struct sds_pace *pace)
{
    if (!pace)
        return NULL;
    while (!TAILQ_EMPTY(&pace->entries))
        forget(pace, TAILQ_FIRST(&pace->entries));
    sds_hash_done(&pace->table);
    free(pace->links.v);
    free(pace);
    return NULL;
}

/* ---- entries ------------------------------------------------------------------------------ */

static uint64_t hash_span(const struct sds_pace *pace, struct sds_span span, bool fold)
{
    return sds_siphash(&pace->key, span.p, span.len, fold);
}

/* Never 0. */
static uint64_t hash_rdata(const struct sds_pace *pace, const struct sds_wire_rdata *rdata)
{
    uint64_t parts[2 + SDS_WIRE_RDATA_NAMES_MAX] = {hash_span(pace, rdata->head, false),
                                                    hash_span(pace, rdata->tail, false)};

    for (size_t i = 0; i < rdata->n_names; i++)
        parts[2 + i] = hash_span(pace, sds_wire_name_span(&rdata->names[i]), true);
    return sds_siphash(&pace->key, parts, sizeof(parts), false) | 1;
}

/* @rdata  0: of the name and type, whatever the record holds */
static uint64_t hash_record(const struct sds_pace *pace, const struct sds_wire_datagram *datagram,
                            const struct sds_wire_item *item, uint64_t rdata)
{
    uint64_t parts[5] = {(uint64_t)datagram->ifindex << 32 | (uint32_t)item->type << 16 |
                             item->class,
                         hash_span(pace, sds_wire_name_span(&item->name), true), rdata};

    memcpy(&parts[3], datagram->sender.bytes, sizeof(datagram->sender.bytes));
    return sds_siphash(&pace->key, parts, sizeof(parts), false);
}

/* The entry of a hash, now the latest; a new one where there is none, with message 0. NULL when out
 * of memory. */
static struct entry *touch(struct sds_pace *pace, uint64_t hash)
{
    struct sds_hash_node *node = sds_hash_first(&pace->table, hash);
    struct entry *entry = node ? SDS_CONTAINER(node, struct entry, node) : NULL;

    if (entry) {
        TAILQ_REMOVE(&pace->entries, entry, latest);
    } else {
        if (pace->table.n >= SDS_PACE_RECORDS_MAX)
            forget(pace, TAILQ_FIRST(&pace->entries));
        entry = calloc(1, sizeof(*entry));
        if (!entry || !sds_hash_add(&pace->table, &entry->node, hash)) {
            free(entry);
            return NULL;
        }
        entry->last_ms = entry->before_ms = INT64_MIN / 2;
    }
    TAILQ_INSERT_TAIL(&pace->entries, entry, latest);
    return entry;
}

/* ---- probes ------------------------------------------------------------------------------- */

static struct link *find_link(const struct sds_pace *pace, int ifindex)
{
    for (size_t i = 0; i < pace->links.n; i++)
        if (pace->links.v[i].ifindex == ifindex)
            return &pace->links.v[i];
    return NULL;
}

static void note_probe(struct sds_pace *pace, int ifindex, int64_t now_ms)
{
    struct link *link = find_link(pace, ifindex);

    if (link)
        link->probed_ms = now_ms;
    else if (pace->links.n < LINKS_MAX)
        (void)sds_arr_push(&pace->links, (struct link){ifindex, now_ms});
}

static bool is_probed(const struct sds_pace *pace, int ifindex, int64_t now_ms)
{
    const struct link *link = find_link(pace, ifindex);

    return link && now_ms - link->probed_ms < PROBING_MS;
}

/* ---- records ------------------------------------------------------------------------------ */

/* The PTR records of service types are everybody's, so that one who forwards what others say
 * multicasts the same one for each of them. */
static bool is_of_types(const struct sds_wire_name *name)
{
    static const uint8_t types[] = "\x09_services\x07_dns-sd\x04_udp";
    const size_t len = sizeof(types) - 1;

    return name->len > len && sds_fold_equal(name->bytes, len, types, len);
}

static uint32_t note_repeat(struct sds_pace *pace, const struct sds_wire_datagram *datagram,
                            const struct sds_wire_item *item, uint64_t rdata, int64_t now_ms)
{
    struct entry *entry = touch(pace, hash_record(pace, datagram, item, rdata));
    bool is_early;

    if (!entry || entry->message == pace->message)
        return 0;
    is_early = now_ms - entry->before_ms < SECOND_MS && !is_probed(pace, datagram->ifindex, now_ms);
    entry->message = pace->message;
    entry->before_ms = entry->last_ms;
    entry->last_ms = now_ms;
    return is_early ? sds_packet_bit(SDS_PACKET_REPEATED) : 0;
}

/* Of several records of a name and type in one message the first one counts. */
static uint32_t note_update(struct sds_pace *pace, const struct sds_wire_datagram *datagram,
                            const struct sds_wire_item *item, uint64_t rdata, int64_t now_ms)
{
    struct entry *entry = touch(pace, hash_record(pace, datagram, item, 0));
    bool is_new = entry && !entry->message;

    if (!entry || entry->message == pace->message)
        return 0;
    entry->message = pace->message;
    if (is_new || now_ms - entry->since_ms >= MINUTE_MS) {
        entry->since_ms = now_ms;
        entry->n_updates = 0;
    }
    if (!is_new && rdata && rdata != entry->rdata)
        entry->n_updates++;
    entry->rdata = rdata;
    return entry->n_updates > UPDATES_MAX ? sds_packet_bit(SDS_PACKET_UPDATED_OFTEN) : 0;
}

static uint32_t note_record(struct sds_pace *pace, const struct sds_wire_datagram *datagram,
                            const struct sds_wire_item *item, int64_t now_ms)
{
    bool is_goodbye = item->ttl_s == 0;
    uint64_t rdata = hash_rdata(pace, &item->parts);
    uint32_t faults = 0;

    if (!is_goodbye && !is_of_types(&item->name))
        faults |= note_repeat(pace, datagram, item, rdata, now_ms);
    if (item->type == SDS_RR_SRV || item->type == SDS_RR_TXT)
        faults |= note_update(pace, datagram, item, is_goodbye ? 0 : rdata, now_ms);
    return faults;
}

uint32_t sds_pace_hear(struct sds_pace *pace, const struct sds_wire_datagram *datagram,
                       int64_t now_ms)
{
    struct sds_wire_reader reader;
    struct sds_wire_item item;
    uint32_t faults = 0;

    if (!sds_wire_read(&reader, datagram->bytes.p, datagram->bytes.len))
        return 0;
    pace->message++;
    if (!(reader.header.flags & SDS_WIRE_RESPONSE)) {
        if (reader.header.counts[SDS_WIRE_AUTHORITY]) /* RFC 6762 8.2 */
            note_probe(pace, datagram->ifindex, now_ms);
        return 0;
    }
    while (sds_wire_next(&reader, &item) == SDS_WIRE_ITEM)
        if (item.section == SDS_WIRE_ANSWER && item.name.len && !item.flaw.fault)
            faults |= note_record(pace, datagram, &item, now_ms);
    return faults;
}
