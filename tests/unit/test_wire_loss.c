/* SPDX-License-Identifier: MIT */

/* How often scans of a small link that loses packets are sure, and miss something all the same: in
 * a time of their own, and by dice that always fall the same. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "wire/querier.h"
#include "wire/shots.h"
#include "wire_hearing.h"

#define ID         7
#define TYPES      "_services._dns-sd._udp.local"
#define TYPES_MAX  8
#define HOSTS_MAX  32
#define EVENTS_MAX 4096
#define SCANS      500
#define END_MS     20000
#define LONG_AGO   (-100000)

/* A responder does not multicast a record again within a second (RFC 6762 6). */
#define ONE_SECOND_MS 1000

struct link {
    unsigned n_hosts, n_types, n_each; /* n_each: instances of a host, of its type */
    unsigned loss;                     /* of 1,000 packets, to a host and from it */
    bool is_eager, is_named;           /* is_named: its types are, and nobody asks for them */
};

/* A packet on its way to us. */
struct event {
    int64_t at_ms;
    bool is_legacy;
    unsigned host;
    size_t len;
    uint8_t bytes[1500];
};

static struct {
    struct link link;
    uint64_t dice;
    struct event events[EVENTS_MAX];
    size_t n_events;
    int64_t multicast_ms[HOSTS_MAX][2]; /* of its type, and of its instances */
    struct sds_wire_querier *querier;
    struct sds_wire_shots *shots;
    struct sds_wire_name types[TYPES_MAX + 1]; /* the last one is the meta-query's */
    struct sds_wire_ask *asks[TYPES_MAX + 1];
    struct sds_wire_shot *aims[TYPES_MAX + 1];
} sim;

static unsigned roll(unsigned n)
{
    sim.dice ^= sim.dice << 13;
    sim.dice ^= sim.dice >> 7;
    sim.dice ^= sim.dice << 17;
    return (unsigned)(sim.dice >> 33) % n;
}

static bool is_lost(void)
{
    return roll(1000) < sim.link.loss;
}

/* ---- hosts ----------------------------------------------------------------------------------- */

static bool is_known(const uint8_t *query, size_t len, const struct sds_wire_name *owner,
                     const struct sds_wire_name *target)
{
    struct sds_wire_reader reader;
    struct sds_wire_item item;

    assert_true(sds_wire_read(&reader, query, len));
    while (sds_wire_next(&reader, &item) == SDS_WIRE_ITEM)
        if (item.section == SDS_WIRE_ANSWER && sds_wire_name_equal(&item.name, owner) &&
            sds_wire_name_equal(&item.parts.names[0], target))
            return true;
    return false;
}

static void say(struct sds_wire_writer *writer, const struct sds_wire_name *owner,
                const struct sds_wire_name *target)
{
    assert_true(sds_wire_put_record(writer, SDS_WIRE_ANSWER,
                                    &(struct sds_wire_record){
                                        .name = owner,
                                        .type = SDS_RR_PTR,
                                        .class = SDS_CLASS_IN,
                                        .ttl_s = 120,
                                        .rdata = sds_wire_name_span(target),
                                    }));
}

/* Whether a host multicasts what it has of a question, which it may have done just now. */
static bool is_due(unsigned host, bool is_instance)
{
    int64_t *last = &sim.multicast_ms[host][is_instance];

    if (now - *last < ONE_SECOND_MS)
        return false;
    *last = now;
    return true;
}

static void answer_question(struct sds_wire_writer *writer, unsigned host,
                            const struct sds_wire_item *question, const uint8_t *query, size_t len,
                            bool is_legacy)
{
    const struct sds_wire_name *type = &sim.types[host % sim.link.n_types];
    bool is_of_types = sds_wire_name_is_of_types(&question->name);
    unsigned n = is_of_types ? 1 : sim.link.n_each;

    if (!is_of_types && !sds_wire_name_equal(&question->name, type))
        return;
    if (!is_legacy && !is_due(host, !is_of_types))
        return;
    for (unsigned i = 0; i < n; i++) {
        struct sds_wire_name target = *type;
        char text[64];

        snprintf(text, sizeof(text), "h%u-%u._s%u._tcp.local", host, i, host % sim.link.n_types);
        if (!is_of_types)
            target = name_of(text);
        if (is_legacy || !is_known(query, len, &question->name, &target))
            say(writer, &question->name, &target);
    }
}

static void answer(unsigned host, const uint8_t *query, size_t len, bool is_legacy)
{
    struct event *event = &sim.events[sim.n_events];
    struct sds_wire_reader reader;
    struct sds_wire_writer writer;
    struct sds_wire_item item;

    assert_true(sim.n_events < EVENTS_MAX);
    sds_wire_begin(&writer, event->bytes, sizeof(event->bytes), is_legacy ? ID : 0,
                   SDS_WIRE_RESPONSE | SDS_WIRE_AUTHORITATIVE);
    assert_true(sds_wire_read(&reader, query, len));
    while (is_legacy && sds_wire_next(&reader, &item) == SDS_WIRE_ITEM)
        sds_wire_put_question(&writer, &item.name, item.type, item.class, false);
    assert_true(sds_wire_read(&reader, query, len));
    while (sds_wire_next(&reader, &item) == SDS_WIRE_ITEM)
        if (item.section == SDS_WIRE_QUESTION)
            answer_question(&writer, host, &item, query, len, is_legacy);
    if (!writer.counts[SDS_WIRE_ANSWER] || is_lost())
        return;
    event->at_ms = now + 20 + roll(101);
    event->is_legacy = is_legacy;
    event->host = host;
    event->len = writer.len;
    sim.n_events++;
}

static int ask_all(const uint8_t *query, size_t len, bool is_legacy)
{
    for (unsigned host = 0; host < sim.link.n_hosts; host++)
        if (!is_lost())
            answer(host, query, len, is_legacy);
    return 0;
}

static int multicast(void *userdata, const uint8_t *packet, size_t len)
{
    (void)userdata;
    return ask_all(packet, len, false);
}

static int shoot(void *userdata, const uint8_t *packet, size_t len)
{
    (void)userdata;
    return ask_all(packet, len, true);
}

/* ---- who asks -------------------------------------------------------------------------------- */

static void ask(size_t i)
{
    if (sim.asks[i])
        return;
    assert_int_equal(sds_wire_querier_ask(sim.querier, &sim.types[i], SDS_RR_PTR,
                                          SDS_WIRE_ROUNDS_ALL, now, &sim.asks[i]),
                     0);
    assert_int_equal(
        sds_wire_shots_ask(sim.shots, &sim.types[i], SDS_RR_PTR, NULL, now, &sim.aims[i]), 0);
}

static void take(const struct event *event)
{
    const struct sds_store_arrival arrival = {1, ipv4(event->host + 1), now, event->is_legacy};
    struct sds_wire_reader reader;
    struct sds_wire_item item;

    assert_true(sds_wire_read(&reader, event->bytes, event->len));
    while (sds_wire_next(&reader, &item) == SDS_WIRE_ITEM) {
        if (item.section != SDS_WIRE_ANSWER)
            continue;
        assert_int_equal(sds_store_put(store, &arrival, &item), 0);
        for (size_t i = 0; i < sim.link.n_types; i++)
            if (sds_wire_name_equal(&item.parts.names[0], &sim.types[i]))
                ask(i);
    }
    if (event->is_legacy)
        sds_wire_shots_hear(sim.shots, arrival.sender, event->bytes, event->len, now);
}

static size_t next_event(void)
{
    size_t next = 0;

    for (size_t i = 1; i < sim.n_events; i++)
        if (sim.events[i].at_ms < sim.events[next].at_ms)
            next = i;
    return next;
}

/* Have the next thing happen. */
static void go_on(void)
{
    int64_t asks = sds_wire_querier_due_ms(sim.querier), shots = sds_wire_shots_due_ms(sim.shots);
    size_t next = next_event();
    int64_t due = sim.n_events ? sim.events[next].at_ms : INT64_MAX;

    due = asks < due ? asks : due;
    due = shots < due ? shots : due;
    now = due > now ? due : now;
    if (sim.n_events && sim.events[next].at_ms <= now) {
        struct event event = sim.events[next];

        sim.events[next] = sim.events[--sim.n_events];
        take(&event);
    } else if (asks <= now) {
        assert_int_equal(sds_wire_querier_run(sim.querier, now), 0);
    } else {
        sds_wire_shots_run(sim.shots, now);
    }
}

static void begin(const struct link *link)
{
    sim.link = *link;
    sim.n_events = 0;
    for (unsigned host = 0; host < HOSTS_MAX; host++)
        sim.multicast_ms[host][0] = sim.multicast_ms[host][1] = LONG_AGO;
    begin_hearing((struct sds_store_config){.max_records = 1000, .max_bytes = 1000000}, 0);
    sim.querier = sds_wire_querier_new(&(struct sds_wire_querier_config){
        .ifindex = 1,
        .store = store,
        .key.k = {sim.dice, roll(1000)},
        .packet_size = SDS_WIRE_PACKET_SIZE,
        .max_asks = TYPES_MAX + 1,
        .first_ms = link->is_eager ? 125 : 0,
        .send = multicast,
    });
    sim.shots = sds_wire_shots_new(&(struct sds_wire_shots_config){
        .ifindex = 1,
        .store = store,
        .id = ID,
        .is_eager = link->is_eager,
        .thin_packets = SDS_WIRE_SHOTS_THIN,
        .send = shoot,
        .send_again = shoot,
    });
    assert_true(sim.querier && sim.shots);
    for (size_t i = 0; i <= TYPES_MAX; i++) {
        char text[64] = TYPES;

        if (i < TYPES_MAX)
            snprintf(text, sizeof(text), "_s%zu._tcp.local", i);
        sim.types[i] = name_of(text);
        sim.asks[i] = NULL;
        sim.aims[i] = NULL;
    }
}

static void end(void)
{
    for (size_t i = 0; i <= TYPES_MAX; i++) {
        if (sim.asks[i])
            sds_wire_ask_drop(sim.asks[i]);
        sds_wire_shot_drop(sim.aims[i]);
    }
    sim.shots = sds_wire_shots_free(sim.shots);
    sim.querier = sds_wire_querier_free(sim.querier);
    end_hearing(NULL);
}

static size_t n_found(void)
{
    size_t n = 0;

    for (size_t i = 0; i < sim.link.n_types; i++) {
        const struct sds_store_set *set =
            sds_store_find(store, 1, sds_wire_name_span(&sim.types[i]), SDS_RR_PTR, SDS_CLASS_IN);

        n += set ? set->n_records : 0;
    }
    return n;
}

struct outcome {
    unsigned n_missed, n_sure; /* n_missed: of those that were sure */
    uint64_t n_packets;        /* one-shot queries */
    int64_t ms;
};

static void scan(const struct link *link, struct outcome *outcome)
{
    int64_t sure;

    begin(link);
    if (!link->is_named)
        ask(TYPES_MAX);
    for (size_t i = 0; link->is_named && i < link->n_types; i++)
        ask(i);
    while ((sure = sds_wire_shots_sure_ms(sim.shots, now)) > now && sure < INT64_MAX &&
           now < END_MS)
        go_on();
    if (sure <= now) {
        outcome->n_sure++;
        outcome->n_missed += n_found() < (size_t)link->n_hosts * link->n_each;
    }
    outcome->n_packets += sds_wire_shots_counts(sim.shots).packets;
    outcome->ms += now;
    end();
}

static const struct link links[] = {
    {1, 1, 1, 50, true, false},    {3, 2, 1, 50, true, false},   {6, 4, 2, 50, true, false},
    {12, 6, 1, 50, true, false},   {10, 4, 5, 50, true, false},  {24, 8, 1, 50, true, false},
    {12, 6, 1, 10, true, false},   {12, 6, 1, 100, true, false}, {2, 1, 1, 50, true, true},
    {12, 1, 1, 50, true, true},    {12, 4, 1, 50, true, true},   {1, 1, 1, 50, false, false},
    {3, 2, 1, 50, false, false},   {6, 4, 2, 50, false, false},  {12, 6, 1, 50, false, false},
    {10, 4, 5, 50, false, false},  {24, 8, 1, 50, false, false}, {12, 6, 1, 10, false, false},
    {12, 6, 1, 100, false, false}, {12, 4, 1, 50, false, true},
};

/* SCANS of each link, or as many as the environment wants: more of them tell more exactly. */
static unsigned n_scans(void)
{
    const char *scans = getenv("SDSCOPE_SCANS");

    return scans ? (unsigned)atoi(scans) : SCANS;
}

static void hardly_anything_is_missed(void **state)
{
    unsigned n = n_scans(), n_missed = 0;

    (void)state;
    for (size_t i = 0; i < SDS_COUNT(links); i++) {
        const struct link *link = &links[i];
        struct outcome outcome = {0};

        sim.dice = 0x9e3779b97f4a7c15;
        for (unsigned j = 0; j < n; j++)
            scan(link, &outcome);
        print_message("# %u hosts, %u types%s, %u each, %u.%u %% lost%s: of %u scans %u sure, "
                      "%u missed something, %.1f packets, %.0f ms\n",
                      link->n_hosts, link->n_types, link->is_named ? " by name" : "", link->n_each,
                      link->loss / 10, link->loss % 10, link->is_eager ? "" : ", beside Avahi", n,
                      outcome.n_sure, outcome.n_missed, (double)outcome.n_packets / n,
                      (double)outcome.ms / n);
        /* Most are to be sure: who always doubts misses nothing. */
        assert_true(outcome.n_sure > n / 5 * 4);
        assert_true(outcome.n_missed <= 1 + n / 200);
        n_missed += outcome.n_missed;
    }
    assert_true(n_missed * 500 <= n * SDS_COUNT(links));
}

/* Where nothing is lost, that costs little. */
static void no_loss_is_soon_told(void **state)
{
    static const struct {
        bool is_eager;
        uint64_t n_packets;
        int64_t most_ms;
    } ways[] = {{true, 2, 530}, {false, 2, 800}};

    (void)state;
    for (size_t i = 0; i < SDS_COUNT(ways); i++) {
        struct outcome outcome = {0};

        sim.dice = 0x9e3779b97f4a7c15;
        scan(&(struct link){12, 4, 1, 0, ways[i].is_eager, false}, &outcome);
        assert_int_equal(outcome.n_sure, 1);
        assert_int_equal(outcome.n_missed, 0);
        assert_int_equal(outcome.n_packets, ways[i].n_packets);
        assert_true(outcome.ms <= ways[i].most_ms);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hardly_anything_is_missed),
        cmocka_unit_test(no_loss_is_soon_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
