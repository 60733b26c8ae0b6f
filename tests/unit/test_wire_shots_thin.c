/* SPDX-License-Identifier: MIT */

/* Where so little is heard that no loss means little: what is asked once more. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "wire/writer.h"
#define THIN_PACKETS SDS_WIRE_SHOTS_THIN
#include "wire_shooting.h"

/* A host lists a type, or names an instance of it, in an answer to us. */
static void hear_pointer(uint32_t from, const char *text, const char *target)
{
    struct sds_wire_name name = name_of(text), to = name_of(target);
    struct sds_wire_writer writer;
    uint8_t message[512];

    hear_it((struct heard){text, SDS_RR_PTR, .points_to = target, .ttl_s = 10, .is_legacy = true,
                           .sender = from});
    sds_wire_begin(&writer, message, sizeof(message), ID, SDS_WIRE_RESPONSE);
    assert_true(sds_wire_put_record(&writer, SDS_WIRE_ANSWER,
                                    &(struct sds_wire_record){
                                        .name = &name,
                                        .type = SDS_RR_PTR,
                                        .class = SDS_CLASS_IN,
                                        .ttl_s = 10,
                                        .rdata = sds_wire_name_span(&to),
                                    }));
    sds_wire_shots_hear(shots, ipv4(from), message, writer.len, now);
}

/* Somebody multicasts a pointer. */
static void multicast_pointer(uint32_t from, const char *text, const char *target)
{
    hear_it((struct heard){text, SDS_RR_PTR, .points_to = target, .ttl_s = 4500, .sender = from});
}

static struct sds_wire_shot *types, *a;

/* Two hosts list a type; the first one names its instance in both ways, and the second one, too, or
 * in none. The types are asked for again, where a packet goes out anyway. */
static void have_it_listed(bool has_second)
{
    types = ask(TYPES, SDS_RR_PTR);
    run_until(60);
    hear_pointer(1, TYPES, "a.local");
    hear_pointer(2, TYPES, "a.local");
    a = ask("a.local", SDS_RR_PTR);
    run_until(150);
    multicast_pointer(1, TYPES, "a.local");
    multicast_pointer(1, "a.local", "x.a.local");
    if (has_second)
        multicast_pointer(2, "a.local", "y.a.local");
    run_until(300);
    hear_pointer(1, TYPES, "a.local");
    hear_pointer(1, "a.local", "x.a.local");
    if (has_second)
        hear_pointer(2, "a.local", "y.a.local");
    assert_said("_services@0 _servicesa@220 ");
}

static void drop_both(void)
{
    sds_wire_shot_drop(types);
    sds_wire_shot_drop(a);
}

static void shoots_again_for_what_is_owed(void **state)
{
    (void)state;
    have_it_listed(false);
    run_until(500);
    assert_said("a@440+ ");
    hear_pointer(1, "a.local", "x.a.local");
    assert_false(is_sure());
    run_until(700);
    assert_said("a@660+ ");
    hear_pointer(1, "a.local", "x.a.local");
    run_until(2000);
    /* By then it has none. */
    assert_true(is_sure());
    assert_said("");
    drop_both();
}

static void believes_who_has_paid(void **state)
{
    (void)state;
    have_it_listed(true);
    run_until(2000);
    assert_true(is_sure());
    assert_said("");
    drop_both();
}

/* Beside Avahi nobody has asked for the types alone: what is asked goes once more, together, unless
 * so many packets were heard that no loss means that there is none. */
static void confirms_where_little_was_heard(void **state)
{
    static const struct {
        unsigned n;
        const char *said;
    } sizes[] = {{3, "ba@160 ba@380 "}, {33, "b@160 a@160 b@380 a@380 "}, {34, "b@160 a@160 "}};

    for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
        static const char *const names[] = {"a.local", "b.local"};
        struct sds_wire_shot *asked[2];

        end(state);
        begin_beside(state);
        for (size_t j = 0; j < 2; j++)
            asked[j] = ask(names[j], SDS_RR_PTR);
        for (int round = 0; round < 3; round++) {
            for (size_t j = 0; j < 2; j++)
                for (unsigned k = 0; k < sizes[i].n; k++)
                    hear(names[j], SDS_RR_PTR, (char[]){(char)('!' + k), '\0'}, round > 0);
            run_until(now + 200);
        }
        run_until(2000);
        assert_said(sizes[i].said);
        assert_true(is_sure());
        for (size_t j = 0; j < 2; j++)
            sds_wire_shot_drop(asked[j]);
    }
}

/* What Avahi told and what was heard of the same record is one record. */
static void counts_once_what_another_has_told_too(void **state)
{
    struct sds_wire_shot *asked[] = {ask("a.local", SDS_RR_PTR), ask("b.local", SDS_RR_PTR)};

    (void)state;
    told[0] = "x";
    for (int round = 0; round < 3; round++) {
        hear("a.local", SDS_RR_PTR, "x", round > 0);
        for (char c = '!'; c < '!' + 66; c++) /* and one makes 67 */
            hear("b.local", SDS_RR_PTR, (char[]){c, '\0'}, round > 0);
        run_until(now + 200);
    }
    run_until(2000);
    assert_said("b@160 a@160 b@380 a@380 ");
    assert_true(is_sure());
    for (size_t i = 0; i < SDS_COUNT(asked); i++)
        sds_wire_shot_drop(asked[i]);
}

/* Of a type that was named, nobody lists who has it. */
static void confirms_what_was_named(void **state)
{
    (void)state;
    a = ask("a.local", SDS_RR_PTR);
    run_until(100);
    hear_twice("a.local", "x");
    run_until(400);
    assert_said("a@0 a@350 ");
    hear("a.local", SDS_RR_PTR, "x", true);
    run_until(2000);
    assert_true(is_sure());
    assert_said("");
    sds_wire_shot_drop(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(shoots_again_for_what_is_owed, begin, end),
        cmocka_unit_test_setup_teardown(believes_who_has_paid, begin, end),
        cmocka_unit_test_setup_teardown(confirms_where_little_was_heard, begin_beside, end),
        cmocka_unit_test_setup_teardown(confirms_what_was_named, begin, end),
        cmocka_unit_test_setup_teardown(counts_once_what_another_has_told_too, begin_beside, end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
