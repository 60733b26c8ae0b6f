/* SPDX-License-Identifier: MIT */
#include "wire/conduct.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/queue.h>

#include "base/hash.h"
#include "base/mem.h"
#include "wire/message.h"

struct sender {
    struct sds_hash_node node;
    TAILQ_ENTRY(sender) latest;
    int ifindex;
    struct sds_address address;
    struct sds_conduct_record record;
};

struct sds_conduct {
    struct sds_siphash_key key;
    struct sds_rate *rate;
    struct sds_hash table;
    TAILQ_HEAD(senders, sender) senders; /* the one heard least lately is first */
    uint64_t n_news;
};

struct sds_conduct *sds_conduct_new(const struct sds_siphash_key *key)
{
    struct sds_conduct *conduct = calloc(1, sizeof(*conduct));

    if (!conduct)
        return NULL;
    conduct->key = *key;
    TAILQ_INIT(&conduct->senders);
    conduct->rate = sds_rate_new(key);
    return conduct->rate ? conduct : sds_conduct_free(conduct);
}

static void forget(struct sds_conduct *conduct, struct sender *sender)
{
    sds_hash_remove(&conduct->table, &sender->node);
    TAILQ_REMOVE(&conduct->senders, sender, latest);
    free(sender);
}

struct sds_conduct *sds_conduct_free(struct sds_conduct *conduct)
{
    if (!conduct)
        return NULL;
    while (!TAILQ_EMPTY(&conduct->senders))
        forget(conduct, TAILQ_FIRST(&conduct->senders));
    sds_hash_done(&conduct->table);
    sds_rate_free(conduct->rate);
    free(conduct);
    return NULL;
}

/* ---- senders ------------------------------------------------------------------------------ */

static uint64_t hash_of(const struct sds_conduct *conduct, int ifindex, struct sds_address address)
{
    return sds_siphash(&conduct->key, address.bytes, address.len, false) + (uint64_t)ifindex;
}

static struct sender *find(const struct sds_conduct *conduct, int ifindex,
                           struct sds_address address)
{
    struct sds_hash_node *node =
        sds_hash_first(&conduct->table, hash_of(conduct, ifindex, address));

    for (; node; node = sds_hash_next(node)) {
        struct sender *sender = SDS_CONTAINER(node, struct sender, node);

        if (sender->ifindex == ifindex && sds_address_cmp(&sender->address, &address) == 0)
            return sender;
    }
    return NULL;
}

/* The sender, now the latest; NULL when out of memory. */
static struct sender *touch(struct sds_conduct *conduct, int ifindex, struct sds_address address)
{
    struct sender *sender = find(conduct, ifindex, address);

    if (sender) {
        TAILQ_REMOVE(&conduct->senders, sender, latest);
    } else {
        if (conduct->table.n >= SDS_CONDUCT_SENDERS_MAX)
            forget(conduct, TAILQ_FIRST(&conduct->senders));
        sender = calloc(1, sizeof(*sender));
        if (!sender ||
            !sds_hash_add(&conduct->table, &sender->node, hash_of(conduct, ifindex, address))) {
            free(sender);
            return NULL;
        }
        sender->ifindex = ifindex;
        sender->address = address;
    }
    TAILQ_INSERT_TAIL(&conduct->senders, sender, latest);
    return sender;
}

static bool is_response(const struct sds_wire_datagram *datagram)
{
    struct sds_wire_reader reader;

    return sds_wire_read(&reader, datagram->bytes.p, datagram->bytes.len) &&
           reader.header.flags & SDS_WIRE_RESPONSE;
}

int sds_conduct_hear(struct sds_conduct *conduct, const struct sds_wire_datagram *datagram,
                     const struct sds_wire_link *link, int64_t now_ms)
{
    uint32_t faults = sds_rate_hear(conduct->rate, datagram, now_ms);
    struct sender *sender;

    if (!is_response(datagram))
        return 0;
    faults |= sds_response_faults(datagram, link);
    sender = touch(conduct, datagram->ifindex, datagram->sender);
    if (!sender)
        return -ENOMEM;
    if (faults & ~sender->record.faults)
        conduct->n_news++;
    sender->record.faults |= faults;
    if (datagram->port != SDS_WIRE_PORT && !sender->record.port)
        sender->record.port = datagram->port;
    return 0;
}

bool sds_conduct_find(const struct sds_conduct *conduct, int ifindex, struct sds_address address,
                      struct sds_conduct_record *ret)
{
    const struct sender *sender = find(conduct, ifindex, address);

    if (sender)
        *ret = sender->record;
    return sender != NULL;
}

uint64_t sds_conduct_n_news(const struct sds_conduct *conduct)
{
    return conduct->n_news;
}
