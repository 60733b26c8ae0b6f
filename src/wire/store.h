/* SPDX-License-Identifier: MIT */
#ifndef SDS_WIRE_STORE_H
#define SDS_WIRE_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/siphash.h"
#include "sdscope/name.h"
#include "sdscope/service.h"
#include "wire/fault.h"
#include "wire/message.h"

/* What was heard on the links: records by interface, name, type and class, until they expire. */
struct sds_store;

#define SDS_STORE_SENDERS_MAX 4     /* addresses kept of a record */
#define SDS_STORE_LIFE_MAX_S  86400 /* whatever a TTL says, to be heard of once a day */

/* Legacy answers that come so soon after one are to the same round of queries: a responder takes 20
 * to 120 ms (RFC 6762 6). */
#define SDS_STORE_ONE_ROUND_MS 120

/* Of what was heard in legacy answers alone, whose TTL of 10 s at most (RFC 6762 6.7) is not that
 * of the record: time for the rounds at 1, 3 and 7 s, and for those of a record that is stale. */
#define SDS_STORE_LEGACY_LIFE_S 10

#define SDS_STORE_RECORDS_MAX ((size_t)1 << 17) /* defaults of a store's limits */
#define SDS_STORE_BYTES_MAX   ((size_t)64 << 20)

/* The records of one name, type and class on one interface. */
struct sds_store_set {
    int ifindex;
    uint16_t type, class;
    struct sds_span name; /* as struct sds_wire_name has it, in the case that was heard first */
    size_t n_records;
};

struct sds_store_record {
    const struct sds_store_set *set;
    struct sds_span rdata;     /* its names uncompressed; as it was sent where it is faulty */
    enum sds_wire_fault fault; /* of RDATA */
    uint32_t ttl_s;            /* as it was sent last */
    bool flush;                /* the cache-flush bit, likewise */
    bool is_legacy;      /* heard in legacy answers alone: TTL and flush bit are no evidence */
    unsigned n_one_shot; /* rounds of one-shot queries in whose answers it was heard */
    bool is_leaving;     /* goodbye, or flushed: gone in a second unless it is heard again */
    int64_t first_ms, received_ms, expires_ms;
    uint64_t n_received;
    size_t n_senders;
    struct sds_address senders[SDS_STORE_SENDERS_MAX]; /* the first ones */
    bool has_more_senders;
};

enum sds_store_event {
    SDS_STORE_ADDED,
    SDS_STORE_CHANGED, /* the record was there; something about it is new */
    SDS_STORE_STALE,   /* to be asked for again (RFC 6762 5.2), if somebody wants it */
    SDS_STORE_REMOVED, /* about to be freed */
};

/* What is new about a record. */
enum sds_store_aspect {
    SDS_STORE_TTL = 1u << 0,
    SDS_STORE_FLUSH_BIT = 1u << 1,
    SDS_STORE_SENDER = 1u << 2,
    SDS_STORE_LEGACY = 1u << 3,  /* heard by multicast now */
    SDS_STORE_STAYING = 1u << 4, /* it was leaving */
};

enum sds_store_reason {
    SDS_STORE_EXPIRED,
    SDS_STORE_GOODBYE, /* its TTL was 0 (RFC 6762 10.1) */
    SDS_STORE_FLUSHED, /* others came in its place (10.2) */
    SDS_STORE_EVICTED, /* for want of room */
    SDS_STORE_DROPPED, /* its interface is gone */
};

struct sds_store_change {
    enum sds_store_event event;
    const struct sds_store_record *record;
    unsigned aspects;             /* of CHANGED: enum sds_store_aspect */
    enum sds_store_reason reason; /* of REMOVED */
};

/* Called from within the functions below that change a store; it may look things up, no more. */
typedef void sds_store_changed_fn(void *userdata, const struct sds_store_change *change);

struct sds_store_config {
    struct sds_siphash_key key; /* random, where the records are not the caller's own */
    size_t max_records, max_bytes;
    bool wants_stale; /* tell SDS_STORE_STALE */
    bool is_lasting;  /* a TTL does not end: nobody is there who would have asked in time */
    sds_store_changed_fn *changed;
    void *userdata;
};

struct sds_store_counts {
    size_t records, sets, bytes; /* that it holds now */
    uint64_t evicted;            /* records, for want of room */
    uint64_t refused;            /* records larger than the whole store may be */
};

/* NULL when out of memory. */
struct sds_store *sds_store_new(const struct sds_store_config *config);

/* Releases all without telling; returns NULL. @store may be NULL. */
struct sds_store *sds_store_free(struct sds_store *store);

/* Where a record comes from. */
struct sds_store_arrival {
    int ifindex;
    struct sds_address sender;
    int64_t now_ms; /* monotonic */
    bool is_legacy; /* an answer to a one-shot query (RFC 6762 6.7) */
};

/**
 * Take a record of a response. Questions, OPT and records whose name is faulty are passed over;
 * faulty RDATA is kept as it was sent.
 *
 * The cache-flush bit makes other records of the set, heard more than a second ago, leave in a
 * second (RFC 6762 10.2); but not in a set of PTR that several senders share, where it is a fault
 * of its sender that may not cost its neighbours. Where there is no room, the sender with the most
 * records loses the one that was not heard for longest; all senders past a number count as one.
 *
 * A legacy answer adds what is not known, for SDS_STORE_LEGACY_LIFE_S whatever its capped TTL says,
 * and changes nothing else: it neither says goodbye nor flushes, and the TTL of what was heard by
 * multicast counts on.
 *
 * Returns 0, or -ENOMEM with the record not taken.
 */
int sds_store_put(struct sds_store *store, const struct sds_store_arrival *arrival,
                  const struct sds_wire_item *item);

/* Do what has become due: remove what expired, tell what is stale. */
void sds_store_run(struct sds_store *store, int64_t now_ms);

/* When there is something to be done; INT64_MAX: never. */
int64_t sds_store_due_ms(const struct sds_store *store);

/* Have what is heard in legacy answers alone live for so long from now on: SDS_STORE_LEGACY_LIFE_S
 * at the beginning. */
void sds_store_set_legacy_life(struct sds_store *store, uint32_t life_s);

/* Remove a record, of which another knows that it is gone. */
void sds_store_forget(struct sds_store *store, const struct sds_store_record *record);

/* Remove all that was heard on an interface. */
void sds_store_drop_interface(struct sds_store *store, int ifindex);

/* The set of a name, as struct sds_wire_name has it, ASCII case ignored; NULL: there is none. */
const struct sds_store_set *sds_store_find(const struct sds_store *store, int ifindex,
                                           struct sds_span name, uint16_t type, uint16_t class);

/* The record that a set holds of the very RDATA of an item; NULL: none. */
const struct sds_store_record *sds_store_find_record(const struct sds_store *store,
                                                     const struct sds_store_set *set,
                                                     const struct sds_wire_item *item);

/* The same of sound RDATA, its names uncompressed; allocates nothing. */
const struct sds_store_record *sds_store_find_rdata(const struct sds_store *store,
                                                    const struct sds_store_set *set,
                                                    struct sds_span rdata);

/* All sets, the oldest first; NULL begins, and ends. */
const struct sds_store_set *sds_store_next_set(const struct sds_store *store,
                                               const struct sds_store_set *set);

/* The records of a set, those that are leaving last; NULL begins, and ends. */
const struct sds_store_record *sds_store_next(const struct sds_store_set *set,
                                              const struct sds_store_record *record);

/* What is left of a record's TTL. */
uint32_t sds_store_left_s(const struct sds_store_record *record, int64_t now_ms);

/* Whether the record belongs among the known answers of a query: sound, staying, heard by
 * multicast, and with at least half of its TTL, and a second, left (RFC 6762 7.1). */
bool sds_store_is_known_answer(const struct sds_store_record *record, int64_t now_ms);

struct sds_store_counts sds_store_counts(const struct sds_store *store);

#endif
