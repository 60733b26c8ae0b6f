/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <cmocka.h>

#include "base/mem.h"
#include "discovery/shooter.h"
#include "fake_timer.h"
#include "no_memory.h"
#include "wire_hearing.h"

/* All has been shot by then; when it is and how often, wire/shots.h says, and its test. */
#define LONG_MS 10000

/* ---- a listener on some links, in place of the real one ------------------------------------- */

struct sds_listener {
    int links[4]; /* up to a 0 */
};

static struct sds_listener listener;

const struct sds_store *__wrap_sds_listener_store(const struct sds_listener *l);
int __wrap_sds_listener_interface(const struct sds_listener *l, size_t *at);
int __wrap_sds_listener_send_one_shot(struct sds_listener *l, int ifindex, bool everywhere,
                                      const void *message, size_t len);

const struct sds_store *__wrap_sds_listener_store(const struct sds_listener *l)
{
    assert_ptr_equal(l, &listener);
    return store;
}

int __wrap_sds_listener_interface(const struct sds_listener *l, size_t *at)
{
    int ifindex = l->links[*at];

    *at += ifindex != 0;
    return ifindex;
}

/* What was sent: the link, and the first label of each question; '+' where it was everywhere. */
static char said[1024];
static uint16_t id;

int __wrap_sds_listener_send_one_shot(struct sds_listener *l, int ifindex, bool everywhere,
                                      const void *message, size_t len)
{
    struct sds_wire_reader reader;
    struct sds_wire_item item;
    size_t n = strlen(said);

    assert_ptr_equal(l, &listener);
    assert_true(sds_wire_read(&reader, message, len));
    assert_int_equal(reader.header.id, id);
    n += (size_t)snprintf(said + n, sizeof(said) - n, "%d:", ifindex);
    while (sds_wire_next(&reader, &item) == SDS_WIRE_ITEM)
        n += (size_t)snprintf(said + n, sizeof(said) - n, "%.*s", item.name.bytes[0],
                              (const char *)item.name.bytes + 1);
    snprintf(said + n, sizeof(said) - n, "%s ", everywhere ? "+" : "");
    return 0;
}

/* ---- the shooter --------------------------------------------------------------------------- */

static struct sds_shooter *shooter;

static void make_shooter(bool is_silent)
{
    const struct sds_shooter_config config = {
        .clock = &fake_clock, .is_silent = is_silent, .is_eager = true};

    assert_int_equal(sds_shooter_new(&config, &shooter), 0);
    id = sds_shooter_id(shooter);
}

/* On links 1 and 2. */
static int begin(void **state)
{
    (void)state;
    *said = '\0';
    listener = (struct sds_listener){{1, 2}};
    begin_hearing((struct sds_store_config){.max_records = 1000, .max_bytes = 1000000}, 1000);
    make_shooter(false);
    assert_int_not_equal(id, 0);
    sds_shooter_begin(shooter, &listener);
    return 0;
}

static int end(void **state)
{
    allocations_left = SIZE_MAX;
    shooter = sds_shooter_free(shooter);
    assert_null(timer);
    return end_hearing(state);
}

static struct sds_hearer hearer_of(const char *name, uint16_t type, int ifindex)
{
    return (struct sds_hearer){.name = name_of(name), .type = type, .ifindex = ifindex};
}

static void assert_said(const char *expected)
{
    assert_string_equal(said, expected);
    *said = '\0';
}

/* A record of "a.local" is heard on a link, by multicast or in an answer to us. */
static void hear(int ifindex, const char *rdata, bool is_legacy)
{
    const uint8_t message[100] = {(uint8_t)(id >> 8), (uint8_t)id, 0x84};
    const struct sds_wire_datagram datagram = {
        .bytes = {message, sizeof(message)}, .ifindex = ifindex, .sender = ipv4(1)};

    hear_it((struct heard){"a.local", SDS_RR_PTR, rdata, strlen(rdata), .ttl_s = 10,
                           .is_legacy = is_legacy, .sender = 1, .ifindex = ifindex});
    if (is_legacy)
        sds_shooter_on_reply(shooter, &datagram);
}

static void hear_twice(int ifindex)
{
    hear(ifindex, "x", false);
    hear(ifindex, "x", true);
}

static bool is_sure(void)
{
    return sds_shooter_sure_ms(shooter) <= now;
}

/* ---- questions ----------------------------------------------------------------------------- */

static void asks_on_every_link(void **state)
{
    struct sds_hearer everywhere = hearer_of("a.local", SDS_RR_PTR, 0);
    struct sds_hearer second = hearer_of("b.local", SDS_RR_PTR, 2);
    struct sds_aim a = {.hearer = &everywhere}, b = {.hearer = &second};

    (void)state;
    assert_true(timer->due_ms == INT64_MAX);
    sds_shooter_aim(shooter, &a);
    sds_shooter_aim(shooter, &a); /* which is being asked */
    run_until(now);
    assert_said("1:a 2:a ");
    sds_shooter_aim(shooter, &b);
    run_until(now + 300);
    assert_said("2:b ");
    sds_shooter_drop(shooter, &a);
    sds_shooter_drop(shooter, &b);
}

/* What was lost over one protocol may be answered over another. */
static void asks_everywhere_what_it_asks_again(void **state)
{
    struct sds_hearer hearer = hearer_of("a.local", SDS_RR_PTR, 1);
    struct sds_aim a = {.hearer = &hearer};

    (void)state;
    sds_shooter_aim(shooter, &a);
    run_until(now);
    hear(1, "x", false);
    run_until(now + LONG_MS);
    assert_said("1:a 1:a+ ");
    assert_true(timer->due_ms == INT64_MAX);
    sds_shooter_drop(shooter, &a);
}

static void asks_no_more_what_was_dropped(void **state)
{
    struct sds_hearer hearer = hearer_of("a.local", SDS_RR_PTR, 0);
    struct sds_aim a = {.hearer = &hearer}, never_asked = {.hearer = &hearer};

    (void)state;
    sds_shooter_aim(shooter, &a);
    run_until(now);
    assert_said("1:a 2:a ");
    sds_shooter_drop(shooter, &a);
    sds_shooter_drop(shooter, &a);
    sds_shooter_drop(shooter, &never_asked);
    run_until(now + LONG_MS);
    assert_said("");
    assert_true(timer->due_ms == INT64_MAX);
    sds_shooter_aim(shooter, &a); /* but anew it may be asked */
    run_until(now);
    assert_said("1:a 2:a ");
    sds_shooter_drop(shooter, &a);
}

static void asks_nothing_where_it_shall_not(void **state)
{
    struct sds_hearer hearer = hearer_of("a.local", SDS_RR_PTR, 0);
    struct sds_aim a = {.hearer = &hearer};

    (void)state;
    shooter = sds_shooter_free(shooter);
    make_shooter(true);
    assert_int_equal(id, 0);
    sds_shooter_begin(shooter, &listener);
    sds_shooter_on_interface(shooter, 3, true);
    sds_shooter_aim(shooter, &a);
    run_until(now + LONG_MS);
    assert_said("");
    assert_true(sds_shooter_sure_ms(shooter) == INT64_MAX);
    assert_true(sds_shooter_missing(shooter) <= 0);
    sds_shooter_drop(shooter, &a);
}

/* ---- links --------------------------------------------------------------------------------- */

static void asks_on_links_that_come(void **state)
{
    struct sds_hearer everywhere = hearer_of("a.local", SDS_RR_PTR, 0);
    struct sds_hearer third = hearer_of("b.local", SDS_RR_PTR, 3);
    struct sds_aim a = {.hearer = &everywhere}, b = {.hearer = &third};

    (void)state;
    sds_shooter_aim(shooter, &a);
    sds_shooter_aim(shooter, &b);
    run_until(now);
    assert_said("1:a 2:a ");
    sds_shooter_on_interface(shooter, 3, true);
    sds_shooter_on_interface(shooter, 3, true); /* it is there */
    sds_shooter_on_interface(shooter, 1, true);
    run_until(now);
    assert_said("3:a ");
    hear_twice(1);
    hear_twice(2);
    hear_twice(3);
    run_until(now + 300);
    assert_said("3:b ");
    sds_shooter_drop(shooter, &a);
    sds_shooter_drop(shooter, &b);
}

static void asks_no_more_on_links_that_go(void **state)
{
    struct sds_hearer hearers[] = {hearer_of("a.local", SDS_RR_PTR, 0),
                                   hearer_of("b.local", SDS_RR_PTR, 1),
                                   hearer_of("c.local", SDS_RR_PTR, 0)};
    struct sds_aim aims[] = {
        {.hearer = &hearers[0]}, {.hearer = &hearers[1]}, {.hearer = &hearers[2]}};

    (void)state;
    for (size_t i = 0; i < 3; i++)
        sds_shooter_aim(shooter, &aims[i]);
    run_until(now);
    assert_said("1:a 2:a ");
    sds_shooter_on_interface(shooter, 1, false);
    sds_shooter_on_interface(shooter, 1, false);
    sds_shooter_on_interface(shooter, 7, false); /* it never was there */
    assert_int_equal(aims[0].shots.n, 1);
    assert_int_equal(aims[1].shots.n, 0);
    run_until(now + LONG_MS);
    assert_non_null(strstr(said, "2:c"));
    assert_null(strstr(said, "1:"));
    *said = '\0';
    sds_shooter_on_interface(shooter, 1, true); /* another, perhaps, of that number */
    run_until(now);
    assert_said("1:a ");
    for (size_t i = 0; i < 3; i++)
        sds_shooter_drop(shooter, &aims[i]);
}

/* The listener tells of its links while it begins, and again when it is asked. */
static void hears_of_no_link_before_it_begins(void **state)
{
    struct sds_hearer hearer = hearer_of("a.local", SDS_RR_PTR, 0);
    struct sds_aim a = {.hearer = &hearer};

    (void)state;
    shooter = sds_shooter_free(shooter);
    make_shooter(false);
    sds_shooter_on_interface(shooter, 1, true);
    sds_shooter_aim(shooter, &a);
    assert_int_equal(a.shots.n, 0);
    assert_true(sds_shooter_sure_ms(shooter) == INT64_MAX);
    sds_shooter_begin(shooter, &listener);
    run_until(now);
    assert_said("1:a 2:a ");
    sds_shooter_drop(shooter, &a);
}

/* ---- what is known ------------------------------------------------------------------------- */

static void is_as_sure_as_its_last_link(void **state)
{
    struct sds_hearer hearer = hearer_of("a.local", SDS_RR_PTR, 0);
    const struct sds_wire_datagram elsewhere = {.ifindex = 7};

    (void)state;
    for (int silent = 1; silent <= 2; silent++) {
        struct sds_aim a = {.hearer = &hearer};

        sds_shooter_aim(shooter, &a);
        run_until(now);
        sds_shooter_on_reply(shooter, &elsewhere); /* is for nobody */
        hear_twice(3 - silent);
        run_until(now + 400);
        assert_said(silent == 1 ? "1:a 2:a 2:a " : "1:a 2:a 1:a "); /* of so little, once more */
        hear(3 - silent, "x", true);
        run_until(now + LONG_MS);
        assert_false(is_sure());
        assert_said("");
        sds_shooter_on_interface(shooter, silent, false);
        assert_true(is_sure());
        sds_shooter_drop(shooter, &a);
        end(state);
        begin(state);
    }
}

static void is_alone_with_what_one_link_answers_by_multicast(void **state)
{
    struct sds_hearer hearer = hearer_of("a.local", SDS_RR_PTR, 0);
    struct sds_aim a = {.hearer = &hearer};

    (void)state;
    sds_shooter_aim(shooter, &a);
    run_until(now);
    hear_twice(1);
    hear(2, "x", false);
    assert_false(sds_shooter_is_alone(shooter));
    run_until(now + 400);
    hear(1, "x", true); /* of so little, it is asked once more */
    run_until(now + LONG_MS);
    assert_true(sds_shooter_is_alone(shooter));
    sds_shooter_on_interface(shooter, 2, false);
    assert_false(sds_shooter_is_alone(shooter));
    sds_shooter_drop(shooter, &a);
}

/* What always brings other records loses more than it brings. */
static void sums_up_what_its_links_miss(void **state)
{
    struct sds_hearer hearer = hearer_of("a.local", SDS_RR_PTR, 0);
    struct sds_aim a = {.hearer = &hearer};
    double both;

    (void)state;
    sds_shooter_aim(shooter, &a);
    run_until(now);
    for (char name[] = "a"; *name < 'k'; ++*name) {
        hear(1, name, true);
        hear(2, name, true);
        run_until(now + 300);
    }
    both = sds_shooter_missing(shooter);
    assert_true(both > 0);
    sds_shooter_on_interface(shooter, 2, false);
    assert_true(2 * sds_shooter_missing(shooter) <= both * 1.001);
    assert_true(2 * sds_shooter_missing(shooter) >= both * 0.999);
    sds_shooter_drop(shooter, &a);
}

/* On the link where it was told: another may have a record of the same name that was lost. */
static void believes_hearsay_of_the_same_link(void **state)
{
    struct sds_hearer hearer = hearer_of("a.local", SDS_RR_PTR, 0);
    struct sds_hearsay hearsay = {0};
    struct sds_aim a = {.hearer = &hearer, .hearsay = &hearsay};
    const struct sds_answer told = {.kind = SDS_ANSWER_NEW,
                                    .holder = SDS_HOLDER_ASKED,
                                    .ifindex = 1,
                                    .family = AF_INET,
                                    .rdata = (const uint8_t *)"x",
                                    .rdata_len = 1};

    (void)state;
    sds_hearsay_hear(&hearsay, sds_shooter_key(shooter), &told);
    sds_shooter_aim(shooter, &a);
    run_until(now + 100);
    hear(1, "x", true);
    hear(2, "x", true);
    run_until(now + 300);
    assert_null(strstr(said, "1:a+"));
    assert_non_null(strstr(said, "2:a+"));
    sds_shooter_drop(shooter, &a);
    sds_hearsay_done(&hearsay);
}

/* ---- want of memory ------------------------------------------------------------------------ */

static void cannot_be_made_without_memory(void **state)
{
    const struct sds_shooter_config config = {.clock = &fake_clock};
    int r = -ENOMEM;

    (void)state;
    shooter = sds_shooter_free(shooter);
    for (size_t n = 0; r < 0; n++) {
        assert_true(n < 10);
        allocations_left = n;
        r = sds_shooter_new(&config, &shooter);
        allocations_left = SIZE_MAX;
        assert_true(r == 0 || r == -ENOMEM);
        assert_true(r == 0 || !shooter);
    }
}

/* It is asked by others there, or not at all; what there was memory for is asked. */
/* Of a link, and where it is to be asked. */
static void has_room_for_few(void **state)
{
    static struct sds_aim aims[256];
    struct sds_hearer first = hearer_of("a.local", SDS_RR_SRV, 1);
    struct sds_hearer second = hearer_of("a.local", SDS_RR_SRV, 2);
    struct sds_hearer everywhere = hearer_of("a.local", SDS_RR_SRV, 0);

    (void)state;
    for (size_t i = 0; i < SDS_COUNT(aims); i++) {
        assert_true(sds_shooter_has_room(shooter, &everywhere));
        aims[i] = (struct sds_aim){.hearer = &second};
        sds_shooter_aim(shooter, &aims[i]);
    }
    assert_true(sds_shooter_has_room(shooter, &first));
    assert_false(sds_shooter_has_room(shooter, &second));
    assert_false(sds_shooter_has_room(shooter, &everywhere));
    for (size_t i = 0; i < SDS_COUNT(aims); i++)
        sds_shooter_drop(shooter, &aims[i]);
    assert_true(sds_shooter_has_room(shooter, &second));
}

static void leaves_out_what_there_is_no_memory_for(void **state)
{
    (void)state;
    for (size_t n = 0; n < 12; n++) {
        struct sds_hearer hearer = hearer_of("a.local", SDS_RR_PTR, 0);
        struct sds_aim a = {.hearer = &hearer};

        allocations_left = n;
        sds_shooter_aim(shooter, &a);
        sds_shooter_on_interface(shooter, 3, true);
        allocations_left = SIZE_MAX;
        run_until(now + LONG_MS);
        if (n == 11)
            assert_non_null(strstr(said, "3:a "));
        sds_shooter_on_interface(shooter, 3, false);
        sds_shooter_drop(shooter, &a);
        *said = '\0';
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(asks_on_every_link, begin, end),
        cmocka_unit_test_setup_teardown(asks_everywhere_what_it_asks_again, begin, end),
        cmocka_unit_test_setup_teardown(asks_no_more_what_was_dropped, begin, end),
        cmocka_unit_test_setup_teardown(asks_nothing_where_it_shall_not, begin, end),
        cmocka_unit_test_setup_teardown(asks_on_links_that_come, begin, end),
        cmocka_unit_test_setup_teardown(asks_no_more_on_links_that_go, begin, end),
        cmocka_unit_test_setup_teardown(hears_of_no_link_before_it_begins, begin, end),
        cmocka_unit_test_setup_teardown(is_as_sure_as_its_last_link, begin, end),
        cmocka_unit_test_setup_teardown(is_alone_with_what_one_link_answers_by_multicast, begin,
                                        end),
        cmocka_unit_test_setup_teardown(sums_up_what_its_links_miss, begin, end),
        cmocka_unit_test_setup_teardown(believes_hearsay_of_the_same_link, begin, end),
        cmocka_unit_test_setup_teardown(cannot_be_made_without_memory, begin, end),
        cmocka_unit_test_setup_teardown(has_room_for_few, begin, end),
        cmocka_unit_test_setup_teardown(leaves_out_what_there_is_no_memory_for, begin, end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
