/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <cmocka.h>

#include "discovery/inventory.h"

/* What the inventory said, in the order in which it said it. */
static char said[1024];

static void say(const char *what, const struct sds_service *service, unsigned changes)
{
    size_t n = strlen(said);

    snprintf(said + n, sizeof(said) - n, "%s %.*s %zu", what, (int)service->instance.len,
             (const char *)service->instance.p, service->n_sightings);
    for (unsigned part = 1; part <= SDS_PART_TYPE; part <<= 1)
        if (changes & part) {
            n = strlen(said);
            snprintf(said + n, sizeof(said) - n, " %s", sds_part_name(part));
        }
    strncat(said, "\n", sizeof(said) - strlen(said) - 1);
}

static void added(void *userdata, const struct sds_service *service)
{
    (void)userdata;
    say("+", service, 0);
}

static void changed(void *userdata, const struct sds_service *service,
                    const struct sds_service *before, unsigned changes)
{
    (void)userdata;
    assert_int_equal(sds_service_diff(before, service), changes);
    say("~", service, changes);
}

static void removed(void *userdata, const struct sds_service *service)
{
    (void)userdata;
    say("-", service, 0);
}

static struct sds_service *sighting(const char *instance, const char *interface,
                                    const char *address)
{
    struct sds_service *s = sds_service_new("_ipp._tcp");
    struct sds_sighting seen = {.family = AF_INET};
    struct sds_address parsed;

    assert_non_null(s);
    assert_int_equal(sds_service_set_instance(s, instance, strlen(instance)), 0);
    assert_int_equal(sds_service_set_domain(s, "local"), 0);
    assert_int_equal(sds_service_set_host(s, "h.local"), 0);
    assert_true(sds_address_parse(address, &parsed));
    assert_int_equal(sds_service_add_address(s, parsed), 0);
    snprintf(seen.interface, sizeof(seen.interface), "%s", interface);
    assert_int_equal(sds_service_add_sighting(s, seen), 0);
    return s;
}

static int setup(void **state)
{
    const struct sds_inventory_events events = {added, changed, removed, NULL};

    *said = '\0';
    *state = sds_inventory_new(&events);
    return *state ? 0 : -1;
}

static int teardown(void **state)
{
    sds_inventory_free(*state);
    return 0;
}

static void see(void **state, const char *instance, const char *interface, const char *address)
{
    struct sds_service *s = sighting(instance, interface, address);

    assert_int_equal(sds_inventory_see(*state, s), 0);
    sds_service_free(s);
}

static void lose(void **state, const char *instance, const char *interface)
{
    struct sds_service *s = sighting(instance, interface, "192.0.2.1");

    assert_int_equal(sds_inventory_lose(*state, s), 0);
    sds_service_free(s);
}

static void several_links_make_one_service(void **state)
{
    const struct sds_service **list;
    size_t n;

    see(state, "Printer", "eth0", "192.0.2.7");
    see(state, "Printer", "eth1", "198.51.100.7");
    list = sds_inventory_list(*state, &n);
    assert_int_equal(n, 1);
    assert_int_equal(list[0]->n_addresses, 2);
    assert_int_equal(list[0]->n_sightings, 2);
    free(list);
    assert_string_equal(said, "+ Printer 1\n~ Printer 2 addresses\n");
}

static void links_that_disagree_are_not_mixed(void **state)
{
    struct sds_service *s = sighting("Printer", "eth0", "192.0.2.9");
    const struct sds_service **list;
    char text[SDS_ADDRESS_TEXT_SIZE];
    size_t n;

    see(state, "Printer", "eth1", "198.51.100.7");
    assert_int_equal(sds_service_set_host(s, "other.local"), 0);
    assert_int_equal(sds_inventory_see(*state, s), 0);
    sds_service_free(s);
    list = sds_inventory_list(*state, &n);
    assert_int_equal(n, 1);
    assert_string_equal(list[0]->host, "other.local"); /* eth0 comes first, whoever spoke first */
    assert_int_equal(list[0]->n_addresses, 1);
    sds_address_format(list[0]->addresses[0], text);
    assert_string_equal(text, "192.0.2.9");
    assert_int_equal(list[0]->n_sightings, 2);
    free(list);
}

/* Two hosts may claim a name on another link than the first. */
static void a_rival_on_any_link_counts(void **state)
{
    struct sds_service *s = sighting("Printer", "eth1", "198.51.100.7");
    const struct sds_service **list;
    size_t n;

    see(state, "Printer", "eth0", "192.0.2.7");
    assert_int_equal(sds_service_set_rival_host(s, "b.local"), 0);
    assert_int_equal(sds_inventory_see(*state, s), 0);
    list = sds_inventory_list(*state, &n);
    assert_string_equal(list[0]->rival_host, "b.local");
    free(list);
    sds_service_free(s);
}

static void the_last_link_takes_the_service_along(void **state)
{
    see(state, "Printer", "eth0", "192.0.2.7");
    see(state, "Printer", "eth1", "192.0.2.7");
    lose(state, "Printer", "eth0");
    lose(state, "Printer", "eth0");
    assert_string_equal(said, "+ Printer 1\n");
    lose(state, "Printer", "eth1");
    lose(state, "Printer", "eth1");
    assert_string_equal(said, "+ Printer 1\n- Printer 1\n");
}

static void a_change_tells_what_changed(void **state)
{
    struct sds_service *s = sighting("Printer", "eth0", "192.0.2.7");

    see(state, "Printer", "eth0", "192.0.2.7");
    see(state, "Printer", "eth0", "192.0.2.7"); /* the same again is no news */
    assert_int_equal(sds_service_set_txt(s, "\4flag", 5), 0);
    sds_service_set_port(s, 631);
    assert_int_equal(sds_inventory_see(*state, s), 0);
    sds_service_free(s);
    assert_string_equal(said, "+ Printer 1\n~ Printer 1 port txt\n");
}

static void names_differ_by_more_than_ascii_case(void **state)
{
    const struct sds_service **list;
    size_t n;

    see(state, "printer", "eth0", "192.0.2.7");
    see(state, "PRINTER", "eth1", "192.0.2.7");
    see(state, "\xc3\x84", "eth0", "192.0.2.7"); /* only A-Z folds (RFC 6762 16) */
    see(state, "\xc3\xa4", "eth0", "192.0.2.7");
    list = sds_inventory_list(*state, &n);
    assert_int_equal(n, 3);
    assert_memory_equal(list[0]->instance.p, "printer", 7);
    assert_memory_equal(list[1]->instance.p, "\xc3\x84", 2);
    free(list);
}

static void a_list_is_sorted(void **state)
{
    const struct sds_service **list;
    char name[16];
    size_t n;

    for (int i = 0; i < 500; i++) {
        snprintf(name, sizeof(name), "%03d", i * 7 % 500);
        see(state, name, "eth0", "192.0.2.7");
    }
    list = sds_inventory_list(*state, &n);
    assert_int_equal(n, 500);
    for (size_t i = 1; i < n; i++)
        assert_true(sds_service_cmp(list[i - 1], list[i]) < 0);
    free(list);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(several_links_make_one_service, setup, teardown),
        cmocka_unit_test_setup_teardown(links_that_disagree_are_not_mixed, setup, teardown),
        cmocka_unit_test_setup_teardown(a_rival_on_any_link_counts, setup, teardown),
        cmocka_unit_test_setup_teardown(the_last_link_takes_the_service_along, setup, teardown),
        cmocka_unit_test_setup_teardown(a_change_tells_what_changed, setup, teardown),
        cmocka_unit_test_setup_teardown(names_differ_by_more_than_ascii_case, setup, teardown),
        cmocka_unit_test_setup_teardown(a_list_is_sorted, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
