/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/mem.h"
#include "checking.h"
#include "sdscope/packet.h"

#define SENDERS_MAX 3

/* Who sends what, and what is said of it; an address of NULL is nobody. */
static const struct {
    const char *name;
    enum sds_packet_fault fault;
    struct {
        const char *address, *interface;
        unsigned port;
    } senders[SENDERS_MAX];
    const char *rule, *message;
} vectors[] = {
    {"nobody is named", SDS_PACKET_ID, {{NULL, NULL, 0}}, "SD801", "mDNS response has a query id"},
    {"one",
     SDS_PACKET_ID,
     {{"192.0.2.7", "eth0", 0}},
     "SD801",
     "mDNS response has a query id, from 192.0.2.7 on eth0"},
    {"an unknown interface",
     SDS_PACKET_ID,
     {{"fe80::7", "", 0}},
     "SD801",
     "mDNS response has a query id, from fe80::7"},
    {"a port",
     SDS_PACKET_PORT,
     {{"192.0.2.7", "eth0", 49152}},
     "SD810",
     "mDNS response comes from another port than 5353, from 192.0.2.7 port 49152 on eth0"},
    {"a port that is not known",
     SDS_PACKET_PORT,
     {{"192.0.2.7", "eth0", 0}},
     "SD810",
     "mDNS response comes from another port than 5353, from 192.0.2.7 on eth0"},
    {"a port that is of another fault",
     SDS_PACKET_ID,
     {{"192.0.2.7", "eth0", 49152}},
     "SD801",
     "mDNS response has a query id, from 192.0.2.7 on eth0"},
    {"two",
     SDS_PACKET_ID,
     {{"192.0.2.7", "eth0", 0}, {"fe80::7", "eth0", 0}},
     "SD801",
     "mDNS response has a query id, from 192.0.2.7 on eth0, and 1 other"},
    {"three, of which one is the same",
     SDS_PACKET_ID,
     {{"192.0.2.7", "eth0", 0}, {"192.0.2.7", "eth1", 0}, {"192.0.2.7", "eth0", 0}},
     "SD801",
     "mDNS response has a query id, from 192.0.2.7 on eth0, and 1 other"},
    {"three",
     SDS_PACKET_ID,
     {{"192.0.2.9", "eth0", 0}, {"192.0.2.8", "eth0", 0}, {"192.0.2.7", "eth0", 0}},
     "SD801",
     "mDNS response has a query id, from 192.0.2.9 on eth0, and 2 others"},
    {"an interface of strange bytes",
     SDS_PACKET_ID,
     {{"192.0.2.7", "\033[2J", 0}},
     "SD801",
     "mDNS response has a query id, from 192.0.2.7 on \\x1b[2J"},
};

static struct sds_service *service_of(size_t i)
{
    struct sds_service *s = sds_service_new("_ipp._tcp");

    assert_non_null(s);
    assert_int_equal(sds_service_set_instance(s, "Printer", strlen("Printer")), 0);
    sds_service_add_packet_faults(s, UINT32_C(1) << vectors[i].fault);
    for (size_t j = 0; j < SENDERS_MAX && vectors[i].senders[j].address; j++) {
        struct sds_packet_sender sender = {.faults = UINT32_C(1) << vectors[i].fault,
                                           .port = (uint16_t)vectors[i].senders[j].port};

        snprintf(sender.interface, sizeof(sender.interface), "%s", vectors[i].senders[j].interface);
        assert_true(sds_address_parse(vectors[i].senders[j].address, &sender.address));
        assert_int_equal(sds_service_add_packet_sender(s, &sender), 0);
    }
    return s;
}

/* The finding of a rule; there is one, and no more of the rule. */
static size_t find_only(const struct sds_result *result, const char *rule)
{
    size_t found = SIZE_MAX;

    for (size_t i = 0; i < result->n_findings; i++)
        if (strcmp(result->findings[i].rule->id, rule) == 0) {
            assert_true(found == SIZE_MAX);
            found = i;
        }
    assert_true(found != SIZE_MAX);
    return found;
}

static void names_who_sends(void **state)
{
    (void)state;
    for (size_t i = 0; i < SDS_COUNT(vectors); i++) {
        struct sds_service *s = service_of(i);
        struct sds_result result;

        print_message("# %s\n", vectors[i].name);
        assert_int_equal(sds_check(rules, NULL, s, &result), 0);
        assert_string_equal(result.findings[find_only(&result, vectors[i].rule)].message,
                            vectors[i].message);
        sds_result_done(&result);
        sds_service_free(s);
    }
}

/* A baseline holds though a host has another address tomorrow. */
static void a_fingerprint_holds_no_address(void **state)
{
    char first[SDS_FINGERPRINT_SIZE] = "", text[SDS_FINGERPRINT_SIZE];

    (void)state;
    for (size_t i = 0; i < SDS_COUNT(vectors); i++) {
        struct sds_service *s = service_of(i);
        struct sds_result result;

        if (vectors[i].fault == SDS_PACKET_ID) {
            assert_int_equal(sds_check(rules, NULL, s, &result), 0);
            sds_finding_fingerprint(s, &result, find_only(&result, "SD801"), *first ? text : first);
            if (i)
                assert_string_equal(text, first);
            sds_result_done(&result);
        }
        sds_service_free(s);
    }
}

static void bounds_who_is_told(void **state)
{
    struct sds_packet_sender sender = {.address = {.len = 4}, .faults = 1};
    struct sds_service *s = sds_service_new("_ipp._tcp"), *copy;

    (void)state;
    for (unsigned i = 0; i < 2 * SDS_PACKET_SENDERS_MAX; i++) {
        sender.address.bytes[0] = (uint8_t)i;
        assert_int_equal(sds_service_add_packet_sender(s, &sender), 0);
    }
    assert_int_equal(s->n_packet_senders, SDS_PACKET_SENDERS_MAX);
    copy = sds_service_dup(s);
    assert_non_null(copy);
    assert_int_equal(sds_service_diff(s, copy), 0);
    sender.address.bytes[0] = 0;
    sender.port = 7;
    assert_int_equal(sds_service_add_packet_sender(copy, &sender), 0);
    assert_int_equal(copy->n_packet_senders, SDS_PACKET_SENDERS_MAX);
    assert_int_equal(sds_service_diff(s, copy), SDS_PART_HOST);
    sds_service_free(copy);
    sds_service_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_who_sends),
        cmocka_unit_test(a_fingerprint_holds_no_address),
        cmocka_unit_test(bounds_who_is_told),
    };

    return cmocka_run_group_tests(tests, begin_checking, end_checking);
}
