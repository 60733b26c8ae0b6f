/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <errno.h>

#include "base/mem.h"
#include "dnssd/domain.h"

static void every_use_has_words(void **state)
{
    static const struct {
        enum sds_domain_use use;
        const char *word, *question;
    } vectors[] = {
        {SDS_DOMAIN_BROWSE, "browse", "b._dns-sd._udp.local"},
        {SDS_DOMAIN_DEFAULT_BROWSE, "default-browse", "db._dns-sd._udp.local"},
        {SDS_DOMAIN_LEGACY_BROWSE, "legacy-browse", "lb._dns-sd._udp.local"},
        {SDS_DOMAIN_REGISTER, "register", "r._dns-sd._udp.local"},
        {SDS_DOMAIN_DEFAULT_REGISTER, "default-register", "dr._dns-sd._udp.local"},
    };

    (void)state;
    assert_int_equal(SDS_COUNT(vectors), SDS_DOMAIN_USE__COUNT);
    for (size_t i = 0; i < SDS_COUNT(vectors); i++) {
        struct sds_name name;
        char *text;

        assert_string_equal(sds_domain_use_name(vectors[i].use), vectors[i].word);
        assert_int_equal(sds_domain_question(vectors[i].use, "local", &name), 0);
        text = sds_name_format(&name, 0, SDS_LABELS_ALL);
        assert_string_equal(text, vectors[i].question);
        free(text);
    }
}

static void questions_are_asked_in_any_domain_that_has_room(void **state)
{
    char domain[SDS_NAME_MAX];
    struct sds_name name;

    (void)state;
    assert_int_equal(sds_domain_question(SDS_DOMAIN_BROWSE, "a\\.b.example", &name), 0);
    assert_int_equal(name.n_labels, 5);
    memset(domain, 'a', sizeof(domain));
    for (size_t i = 63; i < sizeof(domain); i += 64)
        domain[i] = '.';
    domain[4 * 61] = '\0';
    assert_int_equal(sds_domain_question(SDS_DOMAIN_BROWSE, domain, &name), -EINVAL);
}

static int add(struct sds_domains *domains, const char *text, enum sds_domain_use use,
               const char *interface)
{
    struct sds_name name;

    sds_name_parse(text, &name);
    return sds_domains_add(domains, &name, use, interface);
}

static void assert_domain(const struct sds_domain *domain, const char *name, const char *interface,
                          unsigned uses)
{
    assert_string_equal(domain->name, name);
    if (interface)
        assert_string_equal(domain->interface, interface);
    else
        assert_null(domain->interface);
    assert_int_equal(domain->uses, uses);
}

static void a_domain_is_there_once_an_interface(void **state)
{
    struct sds_domains domains = {0};

    (void)state;
    assert_int_equal(add(&domains, "lab.test", SDS_DOMAIN_BROWSE, "eth1"), 0);
    assert_int_equal(add(&domains, "Example.org", SDS_DOMAIN_REGISTER, NULL), 0);
    assert_int_equal(add(&domains, "LAB.test", SDS_DOMAIN_DEFAULT_BROWSE, "eth1"), 0);
    assert_int_equal(add(&domains, "lab.test", SDS_DOMAIN_BROWSE, "eth0"), 0);
    assert_int_equal(add(&domains, "lab.test", SDS_DOMAIN_BROWSE, NULL), 0);
    assert_int_equal(add(&domains, "lab.test", SDS_DOMAIN_BROWSE, "eth0"), 0);
    sds_domains_sort(&domains);
    assert_int_equal(domains.n, 4);
    assert_domain(&domains.v[0], "Example.org", NULL, 1u << SDS_DOMAIN_REGISTER);
    assert_domain(&domains.v[1], "lab.test", NULL, 1u << SDS_DOMAIN_BROWSE);
    assert_domain(&domains.v[2], "lab.test", "eth0", 1u << SDS_DOMAIN_BROWSE);
    assert_domain(&domains.v[3], "lab.test", "eth1",
                  1u << SDS_DOMAIN_BROWSE | 1u << SDS_DOMAIN_DEFAULT_BROWSE);
    sds_domains_done(&domains);
    assert_int_equal(domains.n, 0);
}

static void a_flood_of_domains_has_an_end(void **state)
{
    struct sds_domains domains = {0};
    char name[32];

    (void)state;
    for (int i = 0; i < SDS_DOMAINS_MAX; i++) {
        snprintf(name, sizeof(name), "d%d.test", i);
        assert_int_equal(add(&domains, name, SDS_DOMAIN_BROWSE, "eth0"), 0);
    }
    assert_int_equal(add(&domains, "one.more", SDS_DOMAIN_BROWSE, "eth0"), -E2BIG);
    assert_int_equal(add(&domains, "d7.test", SDS_DOMAIN_REGISTER, "eth0"), 0);
    assert_int_equal(domains.n, SDS_DOMAINS_MAX);
    sds_domains_done(&domains);
}

static void hostile_names_are_kept_as_they_are(void **state)
{
    static const struct {
        const char *what;
        size_t len;
        const char *rdata, *name;
    } vectors[] = {
        {"escape sequence", 8, "\6\33[31mx\0", "\\027[31mx"},
        {"not UTF-8", 4, "\2\377x\0", "\\255x"},
        {"dot in a label", 5, "\3a.b\0", "a\\.b"},
        {"the root", 1, "\0", "."},
    };

    (void)state;
    for (size_t i = 0; i < SDS_COUNT(vectors); i++) {
        struct sds_domains domains = {0};
        struct sds_name name;

        print_message("# %s\n", vectors[i].what);
        assert_int_equal(sds_name_read((const uint8_t *)vectors[i].rdata, vectors[i].len, &name),
                         0);
        assert_int_equal(sds_domains_add(&domains, &name, SDS_DOMAIN_BROWSE, "eth0"), 0);
        assert_string_equal(domains.v[0].name, vectors[i].name);
        sds_domains_done(&domains);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_use_has_words),
        cmocka_unit_test(questions_are_asked_in_any_domain_that_has_room),
        cmocka_unit_test(a_domain_is_there_once_an_interface),
        cmocka_unit_test(a_flood_of_domains_has_an_end),
        cmocka_unit_test(hostile_names_are_kept_as_they_are),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
