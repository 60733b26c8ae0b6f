/* SPDX-License-Identifier: MIT */
#include "wire/shots.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/queue.h>

#include "base/hash.h"
#include "base/heap.h"
#include "base/mem.h"

/* Unique records are multicast at once (RFC 6762 6); those that come need no shot. */
#define UNIQUE_WAIT_MS 200

/* From a shot on: the first multicast round goes out within 120 ms, and shared records are answered
 * within 120 ms more (RFC 6762 5.2, 6); the rest is for the network. */
#define ANSWERS_MS 350

/* While answers keep coming, the rest of them is on its way; but that has an end. */
#define CALM_MS    80
#define PATIENT_MS 1000

/* Some responders hold to the 512 bytes of RFC 1035 and leave out what does not fit, without a word
 * (Avahi). A PTR record takes 12 bytes, a label and a pointer at most, where its name is known. */
#define REPLY_SIZE   512
#define PTR_SIZE_MAX (12 + 64 + 2)

#define SHOTS_MAX 2
#define NEVER     INT64_MAX

enum verdict {
    PENDING,
    SURE,
    DOUBTFUL, /* only another multicast round can tell */
};

struct sds_wire_shot {
    struct sds_wire_shots *shots;
    TAILQ_ENTRY(sds_wire_shot) all;
    struct sds_heap_node by_due;
    struct sds_wire_name name;
    uint16_t type;
    unsigned n_sent;
    int64_t sent_ms;
    size_t n_known; /* records, when it was shot again */
    enum verdict verdict;
};

struct sds_wire_shots {
    struct sds_wire_shots_config config;
    TAILQ_HEAD(, sds_wire_shot) all;
    struct sds_heap by_due;
    int64_t heard_ms;
    /* Records were heard in one way alone. */
    bool is_multicast_lossy, is_legacy_lossy;
    bool is_again; /* what is being sent was sent before */
    bool is_cut;   /* some answer may have been longer */
    struct sds_wire_shots_counts counts;
};

struct sds_wire_shots *sds_wire_shots_new(const struct sds_wire_shots_config *config)
{
    struct sds_wire_shots *shots = calloc(1, sizeof(*shots));

    if (!shots)
        return NULL;
    shots->config = *config;
    TAILQ_INIT(&shots->all);
    shots->heard_ms = INT64_MIN;
    return shots;
}

struct sds_wire_shots *sds_wire_shots_free(struct sds_wire_shots *shots)
{
    if (shots)
        sds_heap_done(&shots->by_due);
    free(shots);
    return NULL;
}

int sds_wire_shots_ask(struct sds_wire_shots *shots, const struct sds_wire_name *name,
                       uint16_t type, int64_t now_ms, struct sds_wire_shot **ret)
{
    struct sds_wire_shot *shot = calloc(1, sizeof(*shot));

    if (!shot)
        return -ENOMEM;
    *shot = (struct sds_wire_shot){.shots = shots, .name = *name, .type = type};
    if (!sds_heap_add(&shots->by_due, &shot->by_due,
                      type == SDS_RR_PTR ? now_ms : now_ms + UNIQUE_WAIT_MS)) {
        free(shot);
        return -ENOMEM;
    }
    TAILQ_INSERT_TAIL(&shots->all, shot, all);
    *ret = shot;
    return 0;
}

void sds_wire_shot_drop(struct sds_wire_shot *shot)
{
    if (!shot)
        return;
    sds_heap_remove(&shot->shots->by_due, &shot->by_due);
    TAILQ_REMOVE(&shot->shots->all, shot, all);
    free(shot);
}

static bool is_cut(const void *message, size_t len)
{
    struct sds_wire_reader reader;

    return (len > REPLY_SIZE - PTR_SIZE_MAX && len <= REPLY_SIZE) ||
           (sds_wire_read(&reader, message, len) && reader.header.flags & SDS_WIRE_TRUNCATED);
}

void sds_wire_shots_hear(struct sds_wire_shots *shots, const void *message, size_t len,
                         int64_t now_ms)
{
    shots->counts.replies++;
    shots->is_cut |= is_cut(message, len);
    shots->heard_ms = now_ms;
}

static void set_due(struct sds_wire_shot *shot, int64_t due_ms)
{
    sds_heap_move(&shot->shots->by_due, &shot->by_due, due_ms);
}

static int count_and_send(void *userdata, const uint8_t *packet, size_t len)
{
    struct sds_wire_shots *shots = userdata;
    int r = shots->is_again ? shots->config.send_again(shots->config.userdata, packet, len)
                            : shots->config.send(shots->config.userdata, packet, len);

    shots->counts.packets += r >= 0;
    shots->counts.bytes += r >= 0 ? len : 0;
    return r;
}

static void shoot(struct sds_wire_shot *shot, int64_t now_ms)
{
    struct sds_wire_shots *shots = shot->shots;

    shots->is_again = shot->n_sent > 0;
    (void)sds_wire_write_one_shot(&shot->name, shot->type, shots->config.id, count_and_send, shots);
    shot->n_sent++;
    shot->sent_ms = now_ms;
    set_due(shot, now_ms + ANSWERS_MS);
}

static void decide(struct sds_wire_shot *shot, enum verdict verdict)
{
    shot->verdict = verdict;
    set_due(shot, NEVER);
}

/* ---- what was heard ------------------------------------------------------------------------ */

/* The ways in which the records of a set were heard. */
struct ways {
    size_t n, n_legacy, n_multicast; /* all, and in one way alone */
};

static struct ways ways_of(const struct sds_wire_shot *shot)
{
    const struct sds_wire_shots_config *config = &shot->shots->config;
    const struct sds_store_set *set = sds_store_find(
        config->store, config->ifindex, sds_wire_name_span(&shot->name), shot->type, SDS_CLASS_IN);
    const struct sds_store_record *record = NULL;
    struct ways ways = {0};

    while (set && (record = sds_store_next(set, record))) {
        if (record->is_leaving)
            continue;
        ways.n++;
        ways.n_legacy += record->is_legacy;
        ways.n_multicast += !record->is_one_shot;
    }
    return ways;
}

static bool is_lossy(const struct sds_wire_shots *shots)
{
    return shots->is_multicast_lossy || shots->is_legacy_lossy;
}

/* What is lost for one can be lost for all: those that seemed sure are shot again. */
static void note_loss(struct sds_wire_shots *shots, struct ways ways, int64_t now_ms)
{
    bool was_lossy = is_lossy(shots);
    struct sds_wire_shot *shot;

    shots->is_multicast_lossy |= ways.n_legacy > 0;
    shots->is_legacy_lossy |= ways.n_multicast > 0 && !shots->is_cut;
    if (was_lossy || !is_lossy(shots))
        return;
    TAILQ_FOREACH (shot, &shots->all, all)
        if (shot->verdict == SURE && shot->n_sent < SHOTS_MAX) {
            shot->verdict = PENDING;
            set_due(shot, now_ms);
        }
}

static void shoot_again(struct sds_wire_shot *shot, struct ways ways, int64_t now_ms)
{
    shot->n_known = ways.n;
    shoot(shot, now_ms);
}

/* Answers had their time. */
static void judge(struct sds_wire_shot *shot, int64_t now_ms)
{
    struct sds_wire_shots *shots = shot->shots;
    struct ways ways = ways_of(shot);

    if (shot->type != SDS_RR_PTR) { /* whoever asks decides over these by himself */
        if (shot->n_sent < SHOTS_MAX && !ways.n && shots->counts.replies)
            shoot_again(shot, ways, now_ms);
        else
            decide(shot, SURE);
        return;
    }
    /* A packet filter of this host keeps replies from us, perhaps, or all is lost. */
    if (!shots->counts.replies && (ways.n || shot->n_sent == SHOTS_MAX)) {
        decide(shot, DOUBTFUL);
        return;
    }
    note_loss(shots, ways, now_ms);
    if (shot->n_sent < SHOTS_MAX && (!ways.n || is_lossy(shots)))
        shoot_again(shot, ways, now_ms);
    else if (ways.n && (shot->n_sent < SHOTS_MAX || ways.n == shot->n_known))
        decide(shot, SURE);
    else
        decide(shot, DOUBTFUL);
}

static void run_shot(struct sds_wire_shot *shot, int64_t now_ms)
{
    struct sds_wire_shots *shots = shot->shots;

    if (!shot->n_sent)
        shoot(shot, now_ms);
    else if (shots->heard_ms > now_ms - CALM_MS && now_ms < shot->sent_ms + PATIENT_MS)
        set_due(shot, shots->heard_ms + CALM_MS);
    else
        judge(shot, now_ms);
}

void sds_wire_shots_run(struct sds_wire_shots *shots, int64_t now_ms)
{
    while (sds_wire_shots_due_ms(shots) <= now_ms)
        run_shot(SDS_CONTAINER(sds_heap_first(&shots->by_due), struct sds_wire_shot, by_due),
                 now_ms);
}

int64_t sds_wire_shots_due_ms(const struct sds_wire_shots *shots)
{
    struct sds_heap_node *first = sds_heap_first(&shots->by_due);

    return first ? first->key : NEVER;
}

int64_t sds_wire_shots_sure_ms(const struct sds_wire_shots *shots, int64_t now_ms)
{
    const struct sds_wire_shot *shot;
    int64_t sure = INT64_MIN;

    /* Where both ways lose something, some may be lost in both. */
    if (shots->is_multicast_lossy && (shots->is_legacy_lossy || shots->is_cut))
        return NEVER;
    TAILQ_FOREACH (shot, &shots->all, all) {
        if (shot->type != SDS_RR_PTR)
            continue;
        if (shot->verdict == DOUBTFUL)
            return NEVER;
        if (shot->verdict == PENDING) {
            int64_t judged = shot->by_due.key > now_ms ? shot->by_due.key : now_ms;

            sure = judged >= sure ? judged + 1 : sure;
        }
    }
    return sure;
}

struct sds_wire_shots_counts sds_wire_shots_counts(const struct sds_wire_shots *shots)
{
    return shots->counts;
}
