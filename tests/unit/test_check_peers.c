/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <sys/socket.h>

#include <cmocka.h>

#include "base/mem.h"
#include "checking.h"

/* A service as it matters here; a NULL is unknown, and "" is missing. */
struct sketch {
    const char *instance, *type, *domain, *host, *interface;
};

static struct sds_service *draw(const struct sketch *sketch)
{
    struct sds_service *s = sds_service_new(sketch->type ? sketch->type : "_leaf._tcp");
    struct sds_sighting sighting = {.family = AF_INET};

    if (sketch->instance)
        assert_int_equal(sds_service_set_instance(s, sketch->instance, strlen(sketch->instance)),
                         0);
    if (sketch->domain)
        assert_int_equal(sds_service_set_domain(s, sketch->domain), 0);
    if (sketch->host && *sketch->host)
        assert_int_equal(sds_service_set_host(s, sketch->host), 0);
    else if (sketch->host)
        sds_service_set_missing(s, SDS_PART_HOST);
    if (sketch->interface) {
        strcpy(sighting.interface, sketch->interface);
        assert_int_equal(sds_service_add_sighting(s, sighting), 0);
    }
    return s;
}

static struct sds_service *draw_a(const char *host, const char *interface)
{
    return draw(&(struct sketch){"A", NULL, NULL, host, interface});
}

static const struct {
    const char *name;
    struct sketch a, b;
    const char *broken;
    const char *unknown; /* a rule that is not evaluated, or NULL */
} pairs[] = {
    {"one name, two hosts",
     {"A", NULL, "local", "a.local", "eth0"},
     {"a", "_LEAF._tcp", "Local.", "b.local", "eth0"},
     "SD701",
     NULL},
    {"the same host",
     {"A", NULL, "local", "a.local", "eth0"},
     {"A", NULL, "local", "A.LOCAL.", "eth0"},
     "",
     NULL},
    {"an unknown domain is local",
     {"A", NULL, NULL, "a.local", "eth0"},
     {"A", NULL, "local", "b.local", "eth0"},
     "SD701",
     NULL},
    {"another domain",
     {"A", NULL, "local", "a.local", "eth0"},
     {"A", NULL, "example.com", "b.local", "eth0"},
     "",
     NULL},
    {"another type",
     {"A", NULL, "local", "a.local", "eth0"},
     {"A", "_leaf._udp", "local", "b.local", "eth0"},
     "",
     NULL},
    {"another interface",
     {"A", NULL, "local", "a.local", "eth0"},
     {"A", NULL, "local", "b.local", "eth1"},
     "",
     NULL},
    {"the other's interface is unknown",
     {"A", NULL, "local", "a.local", "eth0"},
     {"A", NULL, "local", "b.local", NULL},
     "",
     NULL},
    {"no interface is known",
     {"A", NULL, "local", "a.local", NULL},
     {"A", NULL, "local", "b.local", NULL},
     "",
     "SD701"},
    {"the other's host is unknown",
     {"A", NULL, "local", "a.local", "eth0"},
     {"A", NULL, "local", NULL, "eth0"},
     "",
     "SD701"},
    {"the other has no host",
     {"A", NULL, "local", "a.local", "eth0"},
     {"A", NULL, "local", "", "eth0"},
     "",
     NULL},
    {"composed and decomposed",
     {"B\u00fcro", NULL, "local", "a.local", "eth0"},
     {"Bu\u0308ro", NULL, "local", "b.local", "eth0"},
     "SD703",
     NULL},
    {"case beyond ASCII",
     {"\u00e9", NULL, "local", "a.local", "eth0"},
     {"\u00c9", NULL, "local", "a.local", "eth0"},
     "SD703",
     NULL},
    {"look-alikes on two interfaces",
     {"\u00e9", NULL, "local", "a.local", "eth0"},
     {"\u00c9", NULL, "local", "b.local", "eth1"},
     "SD703",
     NULL},
    {"full case folding",
     {"Stra\u00dfe", NULL, "local", "a.local", "eth0"},
     {"STRASSE", NULL, "local", "b.local", "eth0"},
     "SD703",
     NULL},
    {"case of ASCII alone",
     {"B\u00fcro", NULL, "local", "a.local", "eth0"},
     {"b\u00fcRO", NULL, "local", "a.local", "eth0"},
     "",
     NULL},
    {"look-alikes without hosts",
     {"\u00e9", NULL, "local", NULL, "eth0"},
     {"\u00c9", NULL, "local", NULL, "eth0"},
     "SD703",
     "SD701"},
    {"compatibility is not case",
     {"\u2460", NULL, "local", "a.local", "eth0"},
     {"1", NULL, "local", "b.local", "eth0"},
     "",
     NULL},
    {"bytes that are no text",
     {"\xff", NULL, "local", "a.local", "eth0"},
     {"\xff", NULL, "local", "b.local", "eth0"},
     "SD202 SD701",
     NULL},
    {"without a name",
     {NULL, NULL, "local", "a.local", "eth0"},
     {NULL, NULL, "local", "b.local", "eth0"},
     "",
     "SD701"},
};

static void pairs_of_one_scan(void **state)
{
    (void)state;
    for (size_t i = 0; i < SDS_COUNT(pairs); i++) {
        struct sds_service *a = draw(&pairs[i].a), *b = draw(&pairs[i].b);
        const struct sds_service *const services[] = {b, a};
        struct sds_peers *peers = sds_peers_new(services, 2);
        const struct sds_company company = {.scan = peers};
        struct sds_result result;

        assert_int_equal(sds_check_among(rules, NULL, a, &company, &result), 0);
        if (pairs[i].unknown && !lacks_evidence(&result, pairs[i].unknown))
            fail_msg("%s: %s is evaluated", pairs[i].name, pairs[i].unknown);
        sds_result_done(&result);
        assert_breaks_among(a, NULL, &company, pairs[i].name, pairs[i].broken);
        sds_peers_free(peers);
        sds_service_free(a);
        sds_service_free(b);
    }
    assert_null(sds_peers_free(NULL));
}

/* An interface is assumed to be common, unless both are known and differ. */
static void pairs_that_are_listed(void **state)
{
    static const struct {
        const char *a, *b, *broken;
    } interfaces[] = {
        {NULL, NULL, "SD701"},     {"eth0", NULL, "SD701"}, {NULL, "eth0", "SD701"},
        {"eth0", "eth0", "SD701"}, {"eth0", "eth1", ""},
    };

    (void)state;
    for (size_t i = 0; i < SDS_COUNT(interfaces); i++) {
        struct sds_service *a = draw_a("a.local", interfaces[i].a);
        struct sds_service *b = draw_a("b.local", interfaces[i].b);
        const struct sds_service *const services[] = {b};

        assert_breaks_among(a, NULL, &(struct sds_company){NULL, services, 1}, "listed",
                            interfaces[i].broken);
        sds_service_free(a);
        sds_service_free(b);
    }
}

static void nobody_else_is_not_unknown(void **state)
{
    struct sds_service *service = draw_a("a.local", NULL);
    const struct sds_service *const none[1] = {NULL};
    struct sds_result result;

    (void)state;
    assert_int_equal(sds_check(rules, NULL, service, &result), 0);
    assert_true(lacks_evidence(&result, "SD701"));
    assert_true(lacks_evidence(&result, "SD703"));
    sds_result_done(&result);
    assert_int_equal(
        sds_check_among(rules, NULL, service, &(struct sds_company){NULL, none, 0}, &result), 0);
    assert_false(lacks_evidence(&result, "SD701"));
    assert_false(lacks_evidence(&result, "SD703"));
    sds_result_done(&result);
    sds_service_free(service);
}

/* Whoever listens knows of another host without another service. */
static void a_rival_is_a_conflict(void **state)
{
    static const struct {
        const char *rival, *broken;
    } vectors[] = {{"b.local", "SD701"}, {"A.local.", ""}};
    struct sds_service *service = draw_a("a.local", "eth0");

    (void)state;
    for (size_t i = 0; i < SDS_COUNT(vectors); i++) {
        struct sds_result result;

        assert_int_equal(sds_service_set_rival_host(service, vectors[i].rival), 0);
        assert_int_equal(sds_check(rules, NULL, service, &result), 0);
        assert_string_equal(broken_rules(&result), vectors[i].broken);
        assert_false(lacks_evidence(&result, "SD701"));
        assert_true(lacks_evidence(&result, "SD703"));
        sds_result_done(&result);
    }
    sds_service_free(service);
}

/* However many have one name: each gets one finding, and comparing them takes no time to speak of.
 */
static void a_crowd_of_one_name(void **state)
{
    enum { N = 5000 };
    static struct sds_service *services[N];
    struct sds_peers *peers;

    (void)state;
    for (size_t i = 0; i < N; i++) {
        char host[32];

        snprintf(host, sizeof(host), "h%zu.local", i);
        services[i] = draw_a(host, "eth0");
    }
    peers = sds_peers_new((const struct sds_service *const *)services, N);
    assert_non_null(peers);
    for (size_t i = 0; i < N; i++)
        assert_breaks_among(services[i], NULL, &(struct sds_company){.scan = peers}, "crowd",
                            "SD701");
    sds_peers_free(peers);
    for (size_t i = 0; i < N; i++)
        sds_service_free(services[i]);
}

/* Of more of one host than are compared it is not known whether one is elsewhere. */
static void a_crowd_of_one_host_is_not_all_compared(void **state)
{
    enum { N = 70 };
    static struct sds_service *services[N];
    struct sds_result result;
    struct sds_peers *peers;

    (void)state;
    for (size_t i = 0; i < N; i++)
        services[i] = draw_a("a.local", "eth0");
    peers = sds_peers_new((const struct sds_service *const *)services, N);
    assert_non_null(peers);
    assert_int_equal(
        sds_check_among(rules, NULL, services[0], &(struct sds_company){.scan = peers}, &result),
        0);
    assert_int_equal(result.n_findings, 0);
    assert_true(lacks_evidence(&result, "SD701"));
    sds_result_done(&result);
    sds_peers_free(peers);
    for (size_t i = 0; i < N; i++)
        sds_service_free(services[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pairs_of_one_scan),
        cmocka_unit_test(pairs_that_are_listed),
        cmocka_unit_test(nobody_else_is_not_unknown),
        cmocka_unit_test(a_rival_is_a_conflict),
        cmocka_unit_test(a_crowd_of_one_name),
        cmocka_unit_test(a_crowd_of_one_host_is_not_all_compared),
    };

    return cmocka_run_group_tests(tests, begin_checking, end_checking);
}
