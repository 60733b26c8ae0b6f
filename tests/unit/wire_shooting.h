/* SPDX-License-Identifier: MIT */
#ifndef SDS_TESTS_WIRE_SHOOTING_H
#define SDS_TESTS_WIRE_SHOOTING_H

/* Shots at a link of which a test says what is heard, and when; include it after cmocka.h. */

#include <stdio.h>

#include "wire/shots.h"
#include "wire_hearing.h"

#ifndef THIN_PACKETS
#define THIN_PACKETS 0 /* nothing is heard in a third way for being little */
#endif

#define ID    7
#define TYPES "_services._dns-sd._udp.local"

static struct sds_wire_shots *shots;

/* What was sent: the first label of each question of a packet, and when. */
static char said[1024];
static int answer;

static inline int take(void *userdata, const uint8_t *packet, size_t len)
{
    struct sds_wire_reader reader;
    struct sds_wire_item item;
    size_t n = strlen(said);

    assert_ptr_equal(userdata, &said);
    assert_true(sds_wire_read(&reader, packet, len));
    assert_int_equal(reader.header.id, ID);
    assert_true(reader.header.counts[SDS_WIRE_QUESTION] > 0);
    while (sds_wire_next(&reader, &item) == SDS_WIRE_ITEM)
        n += (size_t)snprintf(said + n, sizeof(said) - n, "%.*s", item.name.bytes[0],
                              (const char *)item.name.bytes + 1);
    snprintf(said + n, sizeof(said) - n, "@%d ", (int)now);
    return answer;
}

/* Marked, as it may go over more protocols. */
static inline int take_again(void *userdata, const uint8_t *packet, size_t len)
{
    int r = take(userdata, packet, len);

    said[strlen(said) - 1] = '+';
    strncat(said, " ", sizeof(said) - strlen(said) - 1);
    return r;
}

/* What another has told, of "a.local" alone. */
static const char *told[4];
static char asker_a;

static inline size_t n_told(void *userdata, void *asker)
{
    size_t n = 0;

    assert_ptr_equal(userdata, &said);
    while (asker == &asker_a && told[n])
        n++;
    return n;
}

static inline bool is_told(void *userdata, void *asker, struct sds_span rdata)
{
    for (size_t i = n_told(userdata, asker); i > 0; i--)
        if (strlen(told[i - 1]) == rdata.len && memcmp(told[i - 1], rdata.p, rdata.len) == 0)
            return true;
    return false;
}

static inline int begin_as(bool is_eager)
{
    answer = 0;
    *said = '\0';
    memset(told, 0, sizeof(told));
    begin_hearing((struct sds_store_config){.max_records = 1000, .max_bytes = 1000000}, 0);
    shots = sds_wire_shots_new(&(struct sds_wire_shots_config){.ifindex = 1,
                                                               .store = store,
                                                               .id = ID,
                                                               .is_eager = is_eager,
                                                               .thin_packets = THIN_PACKETS,
                                                               .send = take,
                                                               .send_again = take_again,
                                                               .n_told = n_told,
                                                               .is_told = is_told,
                                                               .userdata = &said});
    assert_non_null(shots);
    return 0;
}

static inline int begin(void **state)
{
    (void)state;
    return begin_as(true);
}

/* Beside one who asks by multicast in his own time. */
static inline int begin_beside(void **state)
{
    (void)state;
    return begin_as(false);
}

static inline int end(void **state)
{
    shots = sds_wire_shots_free(shots);
    return end_hearing(state);
}

static inline struct sds_wire_shot *ask(const char *text, uint16_t type)
{
    struct sds_wire_name name = name_of(text);
    struct sds_wire_shot *shot;
    void *asker = strcmp(text, "a.local") == 0 ? &asker_a : NULL;

    assert_int_equal(sds_wire_shots_ask(shots, &name, type, asker, now, &shot), 0);
    return shot;
}

/* An answer to us of so many bytes. */
static inline void hear_reply(uint32_t from, size_t len, uint16_t flags)
{
    uint8_t message[1500] = {0, ID, (uint8_t)(0x84 | flags >> 8), (uint8_t)flags};

    assert_true(len <= sizeof(message));
    sds_wire_shots_hear(shots, ipv4(from), message, len, now);
}

/* A record of a name is heard in an answer to us alone, or by multicast. */
static inline void hear_from(uint32_t from, const char *text, uint16_t type, const char *rdata,
                             bool is_legacy)
{
    hear_it((struct heard){text, type, rdata, strlen(rdata), .ttl_s = is_legacy ? 10 : 4500,
                           .is_legacy = is_legacy, .sender = from});
    if (is_legacy)
        hear_reply(from, 100, 0);
}

static inline void hear(const char *text, uint16_t type, const char *rdata, bool is_legacy)
{
    hear_from(1, text, type, rdata, is_legacy);
}

static inline void hear_twice(const char *text, const char *rdata)
{
    hear(text, SDS_RR_PTR, rdata, true);
    hear(text, SDS_RR_PTR, rdata, false);
}

static inline void run_until(int64_t until)
{
    while (sds_wire_shots_due_ms(shots) <= until) {
        now = sds_wire_shots_due_ms(shots) > now ? sds_wire_shots_due_ms(shots) : now;
        sds_wire_shots_run(shots, now);
        assert_true(sds_wire_shots_due_ms(shots) > now);
    }
    now = until;
}

static inline void assert_said(const char *expected)
{
    assert_string_equal(said, expected);
    *said = '\0';
}

static inline bool is_sure(void)
{
    return sds_wire_shots_sure_ms(shots, now) <= now;
}

static inline bool is_doubtful(void)
{
    return sds_wire_shots_sure_ms(shots, now) == INT64_MAX;
}

/* And somebody answers all the same. */
static inline bool is_alone(void)
{
    assert_true(is_doubtful() || !sds_wire_shots_is_alone(shots, now));
    return sds_wire_shots_is_alone(shots, now);
}

#endif
