/* SPDX-License-Identifier: MIT */
#include "wire/shots.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/queue.h>

#include "base/hash.h"
#include "base/heap.h"
#include "base/mem.h"
#include "wire/listing.h"
#include "wire/repliers.h"
#include "wire/volley.h"

/* Unique records are multicast at once (RFC 6762 6); those that come need no shot. */
#define UNIQUE_WAIT_MS 200

/* The first multicast round goes out within 120 ms, and shared records are answered within 120 ms
 * more (RFC 6762 5.2, 6); the rest is for the network. */
#define ROUND_MS   350
#define ANSWERS_MS 220 /* of a shot */

/* By then, most of a round has been heard, and it can be told how long the answers are. A question
 * without an answer waits for longer, where that costs no time: where the answers to the one for
 * types have us ask more, to be shot with it, or where we have shot first. */
#define GATHER_MS     160
#define UNHEARD_MS    260
#define GATHER_MAX_MS 480

/* While answers keep coming, the rest of them is on its way; but that has an end. */
#define CALM_MS    80
#define PATIENT_MS 1000

/* Some responders hold to the 512 bytes of RFC 1035 and leave out what does not fit, without a word
 * (Avahi). A PTR record takes 12 bytes, a label and a pointer at most, where its name is known. */
#define REPLY_SIZE   512
#define PTR_SIZE_MAX (12 + 64 + 2)

/* What nobody answers, or a set of unique records. Where nobody has said a thing, there will be two
 * multicast rounds: at a loss of 5 % of questions and answers, a lone host is missed in one of
 * 1,000 scans, or of 200 beside Avahi, in whose second round it may still be silent (RFC 6762 6).
 */
#define SILENT_MAX      2
#define SILENT_LINK_MAX 1
#define UNIQUE_MAX      4

/* By then, who lists a type and is silent has no instance of it. */
#define OWED_MAX 3

/* More silence at a time than this is that of guesses: a link has not so many types. Each would
 * take a packet, and all at once more than a daemon of this host has room for, who hears them too.
 */
#define CROWD_MIN 32

/* Sets of unique records that are shot for at a time: who floods a link with names that have none
 * shall not have us flood it with questions. */
#define UNIQUES_MAX 256

/* So many answers of which nobody has heard may be expected to be missing: one in 1,000 scans. */
#define MISSING_MAX 0.001

/* Answers that one packet can hold, whatever it claims: each takes 15 bytes at least. */
#define TOGETHER_MAX (REPLY_SIZE / 15)

/* Questions that were asked longer ago have their answers, and records that came since need not be
 * heard twice. */
#define RECENT_MS 5000

#define NEVER INT64_MAX

enum verdict {
    PENDING,
    SURE,
    DOUBTFUL, /* only another multicast round can tell */
};

struct sds_wire_shot {
    struct sds_wire_shots *shots;
    TAILQ_ENTRY(sds_wire_shot) all, turn; /* turn: of what is being done now */
    struct sds_hash_node by_name;
    struct sds_heap_node by_due;
    struct sds_wire_name name;
    uint16_t type;
    void *asker;
    unsigned n_sent, n_over; /* n_over: of them, those whose answers have had their time */
    uint64_t packet;         /* the one it was in last */
    bool is_cut;             /* an answer to that may have left out its own */
    bool is_sound;           /* it was answered in both ways, and is shot again all the same */
    int64_t asked_ms, sent_ms;
    size_t n_known; /* records, when it was shot last */
    enum verdict verdict;
};

TAILQ_HEAD(turn, sds_wire_shot);

struct sds_wire_shots {
    struct sds_wire_shots_config config;
    TAILQ_HEAD(, sds_wire_shot) all;
    struct sds_hash by_name;
    struct sds_heap by_due;
    struct sds_wire_repliers repliers;
    struct sds_wire_listing listing;
    size_t n_uniques;
    int64_t heard_ms;
    int64_t gather_ms;           /* when those that wait to be shot first are to go together */
    bool is_cut;                 /* some answer may have been longer */
    size_t n_together;           /* the most answers of a packet */
    bool is_again;               /* what is being sent was sent before */
    bool is_thin;                /* so little was heard that no loss means little */
    bool has_crowd;              /* so many are silent that these are guesses */
    uint64_t n_packets;          /* that were begun */
    struct sds_wire_tally tally; /* of all questions for PTR whose answers have had their time */
    struct sds_wire_shots_counts counts;
};

struct sds_wire_shots *sds_wire_shots_new(const struct sds_wire_shots_config *config)
{
    struct sds_wire_shots *shots = calloc(1, sizeof(*shots));

    if (!shots)
        return NULL;
    shots->config = *config;
    TAILQ_INIT(&shots->all);
    sds_wire_repliers_init(&shots->repliers, config->key);
    sds_wire_listing_init(&shots->listing, config->key);
    shots->heard_ms = INT64_MIN;
    shots->n_packets = 1; /* 0: of a question that was not shot yet */
    return shots;
}

struct sds_wire_shots *sds_wire_shots_free(struct sds_wire_shots *shots)
{
    if (!shots)
        return NULL;
    sds_wire_repliers_done(&shots->repliers);
    sds_wire_listing_done(&shots->listing);
    sds_hash_done(&shots->by_name);
    sds_heap_done(&shots->by_due);
    free(shots);
    return NULL;
}

/* ---- questions ----------------------------------------------------------------------------- */

static void set_due(struct sds_wire_shot *shot, int64_t due_ms)
{
    sds_heap_move(&shot->shots->by_due, &shot->by_due, due_ms);
}

static const struct sds_store_set *heard(const struct sds_wire_shot *shot)
{
    const struct sds_wire_shots_config *config = &shot->shots->config;

    return sds_store_find(config->store, config->ifindex, sds_wire_name_span(&shot->name),
                          shot->type, SDS_CLASS_IN);
}

/* When a question is to be shot first: as many as there are together, but none waits for ever. */
static int64_t first_due(const struct sds_wire_shot *shot)
{
    const struct sds_wire_shots *shots = shot->shots;
    bool is_eager = shots->config.is_eager, is_of_types = sds_wire_name_is_of_types(&shot->name);
    int64_t gathered = shots->gather_ms, last = shot->asked_ms + GATHER_MAX_MS;

    if (shot->type != SDS_RR_PTR)
        return shot->asked_ms + UNIQUE_WAIT_MS;
    if (is_eager && shot == TAILQ_FIRST(&shots->all))
        return shot->asked_ms;
    if ((is_eager || is_of_types) && gathered < shot->asked_ms + UNHEARD_MS && !heard(shot))
        gathered = shot->asked_ms + UNHEARD_MS;
    return gathered < last ? gathered : last;
}

static uint64_t hash_of(const struct sds_wire_shots *shots, const struct sds_wire_name *name)
{
    return sds_siphash(&shots->config.key, name->bytes, name->len, true);
}

bool sds_wire_shots_has_room(const struct sds_wire_shots *shots)
{
    return shots->n_uniques < UNIQUES_MAX;
}

int sds_wire_shots_ask(struct sds_wire_shots *shots, const struct sds_wire_name *name,
                       uint16_t type, void *asker, int64_t now_ms, struct sds_wire_shot **ret)
{
    bool is_unique = type != SDS_RR_PTR;
    struct sds_wire_shot *shot;

    if (is_unique && !sds_wire_shots_has_room(shots))
        return -EAGAIN;
    shot = calloc(1, sizeof(*shot));
    if (!shot)
        return -ENOMEM;
    *shot = (struct sds_wire_shot){
        .shots = shots, .name = *name, .type = type, .asker = asker, .asked_ms = now_ms};
    if (!sds_heap_add(&shots->by_due, &shot->by_due, now_ms)) {
        free(shot);
        return -ENOMEM;
    }
    if (!sds_hash_add(&shots->by_name, &shot->by_name, hash_of(shots, name))) {
        sds_heap_remove(&shots->by_due, &shot->by_due);
        free(shot);
        return -ENOMEM;
    }
    TAILQ_INSERT_TAIL(&shots->all, shot, all);
    shots->n_uniques += is_unique;
    if (!is_unique)
        shots->gather_ms = now_ms + GATHER_MS;
    set_due(shot, first_due(shot));
    if (!is_unique && shot->by_due.key > shots->gather_ms)
        set_due(shot, shots->gather_ms); /* to see whether it is answered by then */
    *ret = shot;
    return 0;
}

static bool is_open_unique(const struct sds_wire_shot *shot)
{
    return shot->type != SDS_RR_PTR && shot->verdict == PENDING;
}

void sds_wire_shot_drop(struct sds_wire_shot *shot)
{
    if (!shot)
        return;
    sds_heap_remove(&shot->shots->by_due, &shot->by_due);
    sds_hash_remove(&shot->shots->by_name, &shot->by_name);
    TAILQ_REMOVE(&shot->shots->all, shot, all);
    shot->shots->n_uniques -= is_open_unique(shot);
    free(shot);
}

/* ---- who answers --------------------------------------------------------------------------- */

static bool is_cut(const void *message, size_t len)
{
    struct sds_wire_reader reader;

    return (len > REPLY_SIZE - PTR_SIZE_MAX && len <= REPLY_SIZE) ||
           (sds_wire_read(&reader, message, len) && reader.header.flags & SDS_WIRE_TRUNCATED);
}

static void count_together(struct sds_wire_shots *shots, const void *message, size_t len)
{
    struct sds_wire_reader reader;
    size_t n = sds_wire_read(&reader, message, len) ? reader.header.counts[SDS_WIRE_ANSWER] : 0;

    if (n > TOGETHER_MAX)
        n = TOGETHER_MAX;
    if (n > shots->n_together)
        shots->n_together = n;
}

static struct sds_wire_shot *find_shot(const struct sds_wire_shots *shots,
                                       const struct sds_wire_item *question)
{
    struct sds_hash_node *node = sds_hash_first(&shots->by_name, hash_of(shots, &question->name));

    for (; node; node = sds_hash_next(node)) {
        struct sds_wire_shot *shot = SDS_CONTAINER(node, struct sds_wire_shot, by_name);

        if (shot->type == question->type && sds_wire_name_equal(&shot->name, &question->name))
            return shot;
    }
    return NULL;
}

/* An answer repeats the questions (RFC 6762 6.7): any of those may have had no room in it. */
static void note_cut(struct sds_wire_shots *shots, const void *message, size_t len)
{
    struct sds_wire_shot *asked, *shot;
    struct sds_wire_reader reader;
    struct sds_wire_item item;

    shots->is_cut = true;
    if (!sds_wire_read(&reader, message, len) || sds_wire_next(&reader, &item) != SDS_WIRE_ITEM ||
        item.section != SDS_WIRE_QUESTION)
        return;
    asked = find_shot(shots, &item);
    if (!asked || asked->is_cut)
        return;
    TAILQ_FOREACH (shot, &shots->all, all)
        shot->is_cut |= shot->packet == asked->packet;
}

void sds_wire_shots_hear(struct sds_wire_shots *shots, struct sds_address sender,
                         const void *message, size_t len, int64_t now_ms)
{
    bool has_cut = is_cut(message, len);

    if (has_cut)
        note_cut(shots, message, len);
    sds_wire_repliers_note(&shots->repliers, &sender, has_cut);
    count_together(shots, message, len);
    sds_wire_listing_hear(&shots->listing, &sender, message, len);
    shots->counts.replies++;
    shots->heard_ms = now_ms;
}

/* Who has answered once answers always, unless it is by too much for a packet. */
static unsigned deaf_after(void *userdata, const struct sds_store_record *record)
{
    const struct sds_wire_shot *shot = userdata;
    unsigned after = SDS_WIRE_DEAF_AFTER;

    for (size_t i = 0; i < record->n_senders; i++) {
        const struct sds_wire_replier *replier =
            sds_wire_repliers_find(&shot->shots->repliers, &record->senders[i]);

        if (replier && replier->is_cut)
            return 0;
        if (replier)
            after = UINT_MAX;
    }
    return after;
}

/* ---- shooting ------------------------------------------------------------------------------ */

/* Records that another way told of. */
static size_t n_told(const struct sds_wire_shot *shot)
{
    const struct sds_wire_shots_config *config = &shot->shots->config;

    return config->n_told ? config->n_told(config->userdata, shot->asker) : 0;
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

static void send_volley(struct sds_wire_shots *shots, struct sds_wire_volley *volley)
{
    if (volley->n)
        (void)sds_wire_write_one_shot(volley->questions, volley->n, shots->config.id,
                                      count_and_send, shots);
    shots->n_packets++;
    sds_wire_volley_begin(volley, shots->config.store, shots->config.ifindex);
}

static void note_shot(struct sds_wire_shot *shot, int64_t now_ms)
{
    int64_t round_ends = shot->asked_ms + ROUND_MS;

    shot->n_sent++;
    shot->is_sound = false;
    shot->sent_ms = now_ms;
    shot->packet = shot->shots->n_packets;
    set_due(shot, now_ms + ANSWERS_MS > round_ends ? now_ms + ANSWERS_MS : round_ends);
}

/* Nobody has answered it, nor had to leave an answer out. */
static bool is_silent(const struct sds_wire_shot *shot)
{
    return shot->type == SDS_RR_PTR && !shot->is_cut && !n_told(shot) && !heard(shot);
}

static bool has_crowd(const struct sds_wire_shots *shots)
{
    const struct sds_wire_shot *shot;
    size_t n = 0;

    TAILQ_FOREACH (shot, &shots->all, all)
        n += is_silent(shot);
    return n >= CROWD_MIN;
}

static bool is_guess(const struct sds_wire_shot *shot)
{
    return shot->shots->has_crowd && is_silent(shot);
}

static bool add_to_volley(struct sds_wire_volley *volley, const struct sds_wire_shot *shot)
{
    return is_guess(shot) ? sds_wire_volley_add_guess(volley, &shot->name, shot->type)
                          : sds_wire_volley_add(volley, &shot->name, shot->type, n_told(shot));
}

static void shoot(struct sds_wire_shots *shots, struct turn *turn, bool is_apart, int64_t now_ms)
{
    struct sds_wire_volley volley;
    struct sds_wire_shot *shot;

    sds_wire_volley_begin(&volley, shots->config.store, shots->config.ifindex);
    TAILQ_FOREACH (shot, turn, turn) {
        if (is_apart || !add_to_volley(&volley, shot)) {
            send_volley(shots, &volley);
            (void)add_to_volley(&volley, shot);
        }
        note_shot(shot, now_ms);
    }
    send_volley(shots, &volley);
}

static bool is_sound(const struct sds_wire_shot *shot)
{
    return shot->is_sound;
}

static void move(struct turn *from, struct turn *to, bool (*is_to_go)(const struct sds_wire_shot *))
{
    struct sds_wire_shot *shot, *after;

    for (shot = TAILQ_FIRST(from); shot; shot = after) {
        after = TAILQ_NEXT(shot, turn);
        if (!is_to_go(shot))
            continue;
        TAILQ_REMOVE(from, shot, turn);
        TAILQ_INSERT_TAIL(to, shot, turn);
    }
}

/* Each question that was shot before goes apart: there is another limit to its answer then. But
 * what was answered in packets that were shared shares them again, and so do guesses, as hardly any
 * is answered. */
static void shoot_again(struct sds_wire_shots *shots, struct turn *turn, int64_t now_ms)
{
    struct turn sound = TAILQ_HEAD_INITIALIZER(sound), guesses = TAILQ_HEAD_INITIALIZER(guesses);

    move(turn, &sound, is_sound);
    move(turn, &guesses, is_guess);
    shots->is_again = false;
    shoot(shots, &sound, false, now_ms);
    shots->is_again = true;
    shoot(shots, turn, true, now_ms);
    shoot(shots, &guesses, false, now_ms);
}

/* ---- what was heard ------------------------------------------------------------------------ */

static bool is_told(void *userdata, struct sds_span rdata)
{
    const struct sds_wire_shot *shot = userdata;
    const struct sds_wire_shots_config *config = &shot->shots->config;

    return config->is_told(config->userdata, shot->asker, rdata);
}

static struct sds_wire_tally tally_of(struct sds_wire_shot *shot)
{
    const struct sds_wire_ways ways = {
        .n_told = n_told(shot),
        .is_told = is_told,
        .deaf_after = deaf_after,
        .userdata = shot,
    };
    struct sds_wire_tally tally = {0};

    sds_wire_tally_add(&tally, heard(shot), &ways, shot->n_over);
    return tally;
}

static bool is_thin(const struct sds_wire_shots *shots)
{
    size_t n = 0, enough = shots->config.thin_packets * (shots->n_together ? shots->n_together : 1);
    struct sds_wire_shot *shot;

    TAILQ_FOREACH (shot, &shots->all, all) {
        if (shot->type == SDS_RR_PTR)
            n += tally_of(shot).n;
        if (n >= enough)
            return false;
    }
    return true;
}

static bool is_recent(const struct sds_wire_shot *shot, int64_t now_ms)
{
    return shot->type == SDS_RR_PTR && shot->n_over && shot->asked_ms > now_ms - RECENT_MS;
}

static struct sds_wire_tally tally_all(const struct sds_wire_shots *shots, int64_t now_ms)
{
    struct sds_wire_tally all = {.n_together = shots->n_together};
    struct sds_wire_shot *shot;

    TAILQ_FOREACH (shot, &shots->all, all)
        if (is_recent(shot, now_ms)) {
            struct sds_wire_tally tally = tally_of(shot);

            sds_wire_tally_join(&all, &tally);
        }
    return all;
}

/* Whether enough is lost elsewhere that answers to the question may not have been heard. */
static bool may_miss(const struct sds_wire_shots *shots, const struct sds_wire_shot *shot)
{
    return sds_wire_tally_missing(&shots->tally, shot->n_over) > MISSING_MAX;
}

/* Types that were listed by multicast; who answers no one-shot query owes us nothing. A flood of
 * them is not looked through each time. */
static void note_listed(struct sds_wire_shots *shots)
{
    size_t n_left = SDS_WIRE_LISTING_MAX;
    struct sds_wire_shot *shot;

    TAILQ_FOREACH (shot, &shots->all, all) {
        bool is_of_types = shot->type == SDS_RR_PTR && sds_wire_name_is_of_types(&shot->name);
        const struct sds_store_set *set = is_of_types ? heard(shot) : NULL;
        const struct sds_store_record *record = NULL;

        while (set && n_left && (record = sds_store_next(set, record))) {
            n_left--;
            for (size_t i = 0; i < record->n_senders; i++)
                if (sds_wire_repliers_find(&shots->repliers, &record->senders[i]))
                    sds_wire_listing_add(&shots->listing, &record->senders[i], record->rdata);
        }
    }
}

static bool is_owed(struct sds_wire_shot *shot)
{
    return shot->n_over < OWED_MAX &&
           sds_wire_listing_is_owed(&shot->shots->listing, sds_wire_name_span(&shot->name),
                                    heard(shot));
}

static void decide(struct sds_wire_shot *shot, enum verdict verdict)
{
    shot->shots->n_uniques -= is_open_unique(shot);
    shot->verdict = verdict;
    set_due(shot, NEVER);
}

/* Have a question shot again, unless it was shot often enough. */
static void repeat(struct sds_wire_shot *shot, size_t n_known, unsigned max, struct turn *again)
{
    if (shot->n_sent >= max) {
        decide(shot, DOUBTFUL);
        return;
    }
    shot->verdict = PENDING;
    shot->n_known = n_known;
    TAILQ_INSERT_TAIL(again, shot, turn);
}

/* Who lists a type is known then, and owes what was not heard. */
static bool has_types_ahead(const struct sds_wire_shots *shots)
{
    const struct sds_wire_shot *first = TAILQ_FIRST(&shots->all);

    return shots->config.is_eager && sds_wire_name_is_of_types(&first->name);
}

/* Have it heard in a third way. */
static void confirm(struct sds_wire_shot *shot, size_t n_known, struct turn *again)
{
    shot->is_sound = true;
    repeat(shot, n_known, SDS_WIRE_SHOTS_MAX, again);
}

/* Whoever asks for unique records decides over these by himself. */
static void judge_unique(struct sds_wire_shot *shot, size_t n, struct turn *again)
{
    if (shot->n_sent < UNIQUE_MAX && !n && shot->shots->counts.replies)
        repeat(shot, n, UNIQUE_MAX, again);
    else
        decide(shot, SURE);
}

/* Answers to the last shot had their time. */
static void judge(struct sds_wire_shot *shot, struct turn *again)
{
    struct sds_wire_shots *shots = shot->shots;
    struct sds_wire_tally tally = tally_of(shot);
    bool is_new = shot->n_over > 1 && tally.n > shot->n_known;

    if (shot->type != SDS_RR_PTR)
        judge_unique(shot, tally.n, again);
    else if (!shots->tally.n && !shots->counts.replies)
        repeat(shot, 0, SILENT_LINK_MAX, again);
    else if (is_owed(shot))
        repeat(shot, tally.n, OWED_MAX, again);
    else if (!tally.n || !shots->counts.replies)
        repeat(shot, tally.n, SILENT_MAX + shot->is_cut, again);
    else if (tally.n_once || is_new || may_miss(shots, shot))
        repeat(shot, tally.n, SDS_WIRE_SHOTS_MAX, again);
    else if (shot->n_over < 2 && shots->is_thin && !has_types_ahead(shots))
        confirm(shot, tally.n, again);
    else
        decide(shot, SURE);
}

/* What is lost for one can be lost for all; and some answers come late. */
static void judge_anew(struct sds_wire_shots *shots, int64_t now_ms, struct turn *again)
{
    struct sds_wire_shot *shot;

    TAILQ_FOREACH (shot, &shots->all, all)
        if (is_recent(shot, now_ms) && shot->verdict != PENDING)
            judge(shot, again);
}

static void judge_all(struct sds_wire_shots *shots, int64_t now_ms, struct turn *over,
                      struct turn *again)
{
    struct sds_wire_shot *shot;

    if (TAILQ_EMPTY(over))
        return;
    shots->tally = tally_all(shots, now_ms);
    shots->is_thin = is_thin(shots);
    note_listed(shots);
    judge_anew(shots, now_ms, again);
    while ((shot = TAILQ_FIRST(over))) {
        TAILQ_REMOVE(over, shot, turn);
        judge(shot, again);
    }
}

/* ---- time ---------------------------------------------------------------------------------- */

/* Take what is due out of the queue. */
static void take_due(struct sds_wire_shots *shots, int64_t now_ms, struct turn *first,
                     struct turn *over)
{
    while (sds_wire_shots_due_ms(shots) <= now_ms) {
        struct sds_wire_shot *shot =
            SDS_CONTAINER(sds_heap_first(&shots->by_due), struct sds_wire_shot, by_due);
        bool is_calm = shots->heard_ms <= now_ms - CALM_MS || now_ms >= shot->sent_ms + PATIENT_MS;

        if (!shot->n_sent && first_due(shot) > now_ms) {
            set_due(shot, first_due(shot));
        } else if (shot->n_sent && !is_calm) {
            set_due(shot, shots->heard_ms + CALM_MS);
        } else {
            set_due(shot, NEVER);
            shot->n_over = shot->n_sent;
            if (shot->n_sent)
                TAILQ_INSERT_TAIL(over, shot, turn);
            else
                TAILQ_INSERT_TAIL(first, shot, turn);
        }
    }
}

/* Where the question for types has gone ahead, it goes once more in a packet with others: who lists
 * a type and is not heard with an instance owes one, so that hosts, too, are asked in three ways.
 */
static void take_along(struct sds_wire_shots *shots, struct turn *first)
{
    struct sds_wire_shot *shot = TAILQ_FIRST(&shots->all);
    bool is_in_turn = shot->verdict == PENDING && shot->by_due.key == NEVER;

    if (TAILQ_EMPTY(first) || shot->n_sent != 1 || !sds_wire_name_is_of_types(&shot->name) ||
        is_in_turn || !is_thin(shots))
        return;
    shot->verdict = PENDING;
    shot->n_known = tally_of(shot).n;
    TAILQ_INSERT_HEAD(first, shot, turn);
}

void sds_wire_shots_run(struct sds_wire_shots *shots, int64_t now_ms)
{
    struct turn first = TAILQ_HEAD_INITIALIZER(first), over = TAILQ_HEAD_INITIALIZER(over);
    struct turn again = TAILQ_HEAD_INITIALIZER(again);

    take_due(shots, now_ms, &first, &over);
    judge_all(shots, now_ms, &over, &again);
    if (TAILQ_EMPTY(&first) && TAILQ_EMPTY(&again))
        return;
    take_along(shots, &first);
    shots->has_crowd = has_crowd(shots);
    shots->is_again = false;
    shoot(shots, &first, false, now_ms);
    shoot_again(shots, &again, now_ms);
}

int64_t sds_wire_shots_due_ms(const struct sds_wire_shots *shots)
{
    struct sds_heap_node *first = sds_heap_first(&shots->by_due);

    return first ? first->key : NEVER;
}

/* What multicast loses of what it alone brings, nobody tells; but it may have been late. */
static bool loses_alone(const struct sds_wire_shots *shots, int64_t now_ms)
{
    struct sds_wire_tally now;

    if ((!shots->tally.n_deaf && !shots->is_cut) ||
        !sds_wire_tally_is_multicast_lossy(&shots->tally))
        return false;
    now = tally_all(shots, now_ms);
    return sds_wire_tally_is_multicast_lossy(&now);
}

int64_t sds_wire_shots_sure_ms(const struct sds_wire_shots *shots, int64_t now_ms)
{
    const struct sds_wire_shot *shot;
    int64_t sure = INT64_MIN;

    if (loses_alone(shots, now_ms))
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

bool sds_wire_shots_is_alone(const struct sds_wire_shots *shots, int64_t now_ms)
{
    struct sds_wire_shot *shot;

    if (loses_alone(shots, now_ms))
        return true;
    TAILQ_FOREACH (shot, &shots->all, all)
        if (shot->type == SDS_RR_PTR && shot->verdict == DOUBTFUL && tally_of(shot).n)
            return true;
    return false;
}

double sds_wire_shots_missing(const struct sds_wire_shots *shots)
{
    struct sds_wire_tally all = {.n_together = shots->n_together};
    unsigned fewest = SDS_WIRE_SHOTS_MAX;
    struct sds_wire_shot *shot;
    bool is_doubtful = false;

    TAILQ_FOREACH (shot, &shots->all, all) {
        struct sds_wire_tally tally = {0};

        if (shot->type != SDS_RR_PTR || !shot->n_over)
            continue;
        tally = tally_of(shot);
        sds_wire_tally_join(&all, &tally);
        if (shot->verdict != DOUBTFUL || !tally.n)
            continue;
        is_doubtful = true;
        fewest = shot->n_over < fewest ? shot->n_over : fewest;
    }
    return is_doubtful ? sds_wire_tally_missing(&all, fewest) : 0;
}

struct sds_wire_shots_counts sds_wire_shots_counts(const struct sds_wire_shots *shots)
{
    return shots->counts;
}
