/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include <sys/socket.h>

#include "base/mem.h"
#include "checking.h"

/* The linker puts these in the place of what they wrap, so that allocations are counted and fail.
 */
static size_t n_allocations, allocations_left = SIZE_MAX;

static bool may_allocate(void)
{
    n_allocations++;
    if (allocations_left == 0)
        return false;
    allocations_left--;
    return true;
}

void *__real_malloc(size_t size);
void *__real_realloc(void *p, size_t size);
FILE *__real_open_memstream(char **text, size_t *size);
int __real_vasprintf(char **text, const char *format, va_list args);

void *__wrap_malloc(size_t size);
void *__wrap_realloc(void *p, size_t size);
FILE *__wrap_open_memstream(char **text, size_t *size);
int __wrap_vasprintf(char **text, const char *format, va_list args)
    __attribute__((format(printf, 2, 0)));

void *__wrap_malloc(size_t size)
{
    return may_allocate() ? __real_malloc(size) : NULL;
}

void *__wrap_realloc(void *p, size_t size)
{
    return may_allocate() ? __real_realloc(p, size) : NULL;
}

FILE *__wrap_open_memstream(char **text, size_t *size)
{
    return may_allocate() ? __real_open_memstream(text, size) : NULL;
}

int __wrap_vasprintf(char **text, const char *format, va_list args)
{
    return may_allocate() ? __real_vasprintf(text, format, args) : -1;
}

static void all_parts_unknown(void **state)
{
    struct sds_service *service = sds_service_new("_ipp._tcp");
    struct sds_result result;
    size_t n = 0;

    (void)state;
    assert_int_equal(sds_check(rules, registry, service, &result), 0);
    assert_int_equal(result.n_findings, 0);
    assert_int_equal(sds_result_worst(&result), SDS_SEV_OFF);
    for (size_t i = 0; i < sds_n_rules(); i++) {
        const struct sds_rule *rule = sds_rule_at(i);
        const unsigned given =
            SDS_PART_TYPE | SDS_EVIDENCE_REGISTRY | SDS_EVIDENCE_TXT_BYTES | SDS_EVIDENCE_TXT_ORDER;
        bool needs_part = rule->needs & ~given;

        /* any of several parts tells, and the type or the subtypes: their rows name none */
        if (rule->number == 401 || rule->number == 403 || rule->number == 120 ||
            rule->number == 122)
            needs_part = true;
        if (rule->number != 328)
            assert_int_equal(sds_result_lacks_evidence(&result, i), needs_part);
        n += sds_result_lacks_evidence(&result, i);
    }
    assert_true(n > 20);
    assert_false(sds_result_lacks_evidence(&result, sds_n_rules()));
    sds_result_done(&result);
    sds_service_free(service);
}

static void rules_that_do_not_run_are_not_counted(void **state)
{
    struct sds_ruleset *set = sds_ruleset_new(SDS_STRICTNESS_AUTHOR);
    struct sds_service *service = sds_service_new("_my_app._tcp");
    struct sds_result result;

    (void)state;
    sds_ruleset_disable(set, sds_rule_find("SD103"));
    sds_ruleset_disable(set, sds_rule_find("SD301"));
    assert_int_equal(sds_check(set, NULL, service, &result), 0);
    assert_string_equal(broken_rules(&result), "");
    assert_false(lacks_evidence(&result, "SD301"));
    assert_true(lacks_evidence(&result, "SD302"));
    assert_true(result.has_verdict); /* a disabled rule does not change what the type is */
    assert_int_equal(result.verdict, SDS_VERDICT_MALFORMED);
    sds_result_done(&result);
    sds_service_free(service);
    sds_ruleset_free(set);
}

static void the_lan_is_judged_more_mildly(void **state)
{
    struct sds_ruleset *lan = sds_ruleset_new(SDS_STRICTNESS_LAN);
    struct sds_service *service = sds_service_new("_frobnicate._tcp");
    struct sds_result result;

    (void)state;
    sds_service_set_port(service, 0);
    assert_int_equal(sds_check(lan, registry, service, &result), 0);
    assert_string_equal(broken_rules(&result), "SD402 SD501");
    assert_int_equal(result.findings[0].severity, SDS_SEV_INFO);
    assert_int_equal(result.findings[1].severity, SDS_SEV_WARNING);
    assert_int_equal(sds_result_worst(&result), SDS_SEV_WARNING);
    sds_result_done(&result);
    sds_service_free(service);
    sds_ruleset_free(lan);
}

/* A flood of one rule: the record's last string is the only one that breaks another. */
static void no_flood_hides_another_fault(void **state)
{
    static uint8_t rdata[60000]; /* empty strings */
    struct sds_service *service = sds_service_new("_ipp._tcp");
    struct sds_result result;

    (void)state;
    rdata[sizeof(rdata) - 2] = 1;
    rdata[sizeof(rdata) - 1] = '=';
    assert_int_equal(sds_service_set_txt(service, rdata, sizeof(rdata)), 0);
    assert_int_equal(sds_check(rules, NULL, service, &result), 0);
    assert_int_equal(result.n_findings, SDS_FINDINGS_MAX);
    assert_int_equal(result.n_dropped, sizeof(rdata) - 2 + 2 - SDS_FINDINGS_MAX);
    assert_string_equal(result.findings[0].rule->id, "SD304");
    assert_int_equal(result.findings[0].offset, 0);
    assert_string_equal(result.findings[SDS_FINDINGS_MAX - 2].rule->id, "SD314");
    assert_string_equal(result.findings[SDS_FINDINGS_MAX - 1].rule->id, "SD321");
    assert_int_equal(result.findings[SDS_FINDINGS_MAX - 1].offset, sizeof(rdata) - 2);
    assert_int_equal(sds_result_worst(&result), SDS_SEV_ERROR);
    sds_result_done(&result);
    sds_service_free(service);
}

static void findings_follow_the_catalogue_then_the_record(void **state)
{
    static const char rdata[] = "\2=a\3b\t=\2=c\3d\t=\0";
    struct sds_service *service = sds_service_new("_ipp._tcp");
    struct sds_result result;

    (void)state;
    assert_int_equal(sds_service_set_txt(service, rdata, sizeof(rdata) - 1), 0);
    assert_int_equal(sds_check(rules, NULL, service, &result), 0);
    assert_string_equal(broken_rules(&result), "SD304 SD321 SD321 SD322 SD322");
    for (size_t i = 1; i < result.n_findings; i++)
        assert_true(result.findings[i - 1].rule < result.findings[i].rule ||
                    result.findings[i - 1].offset < result.findings[i].offset);
    sds_result_done(&result);
    sds_service_free(service);
}

/* A printer as it should be, with most of what there is to know. */
/* What a source that hears every record knows besides. */
static void add_records(struct sds_service *service)
{
    const struct sds_sighting sighting = {"eth0", AF_INET};
    struct sds_prefix prefix;

    sds_service_set_priority(service, 0);
    sds_service_set_weight(service, 0);
    sds_service_set_n_srv(service, 1);
    assert_int_equal(sds_service_set_txt_records(service, &service->txt, 1), 0);
    sds_service_set_missing(service, SDS_PART_HOST_CNAME);
    sds_service_set_record_ttl(service, SDS_KIND_SRV, 120);
    sds_service_set_cache_flush(service, SDS_KIND_PTR, false);
    sds_service_set_cache_flush(service, SDS_KIND_SRV, true);
    assert_int_equal(sds_service_set_ptr_type(service, "_ipp._tcp.local"), 0);
    assert_int_equal(sds_service_add_meta_ptr(service, "_ipp._tcp.local"), 0);
    assert_int_equal(sds_service_add_sighting(service, sighting), 0);
    assert_true(sds_prefix_parse("0.0.0.0/0", &prefix));
    assert_int_equal(sds_service_add_prefix(service, prefix), 0);
}

static struct sds_service *clean_service(void)
{
    static const char rdata[] = "\11txtvers=1\10qtotal=1\24ty=Laser J\xC3\xA4ger 5000\12rp=ipp/one";
    static const char instance[] = "Drucker im B\xC3\xBCro";
    struct sds_service *service = sds_service_new("_ipp._tcp");
    struct sds_address address;

    assert_true(sds_address_parse("192.0.2.7", &address));
    assert_int_equal(sds_service_set_instance(service, instance, sizeof(instance) - 1), 0);
    assert_int_equal(sds_service_set_domain(service, "local"), 0);
    assert_int_equal(sds_service_set_host(service, "drucker.local"), 0);
    assert_int_equal(sds_service_add_subtype(service, "_print"), 0);
    assert_int_equal(sds_service_add_subtype(service, "_universal._sub._ipp._tcp"), 0);
    assert_int_equal(sds_service_add_address(service, address), 0);
    assert_int_equal(sds_service_set_txt(service, rdata, sizeof(rdata) - 1), 0);
    sds_service_set_port(service, 631);
    add_records(service);
    sds_service_add_packet_faults(service, 0);
    return service;
}

/* Regular expressions are compiled and matched in room that the registry has. */
static void nor_does_one_that_a_profile_describes(void **state)
{
    static const char rdata[] = "\7id=12af\13vendor=Acme\6pri=99";
    static const char instance[] = "12AF Hall";
    struct sds_service *service = sds_service_new("_lantern._tcp");
    struct sds_result result;
    size_t before;

    (void)state;
    assert_int_equal(sds_service_set_instance(service, instance, sizeof(instance) - 1), 0);
    assert_int_equal(sds_service_add_subtype(service, "_lamp"), 0);
    assert_int_equal(sds_service_set_txt(service, rdata, sizeof(rdata) - 1), 0);
    before = n_allocations;
    assert_int_equal(sds_check(rules, registry, service, &result), 0);
    assert_int_equal(n_allocations, before);
    assert_string_equal(broken_rules(&result), "");
    sds_result_done(&result);
    sds_service_free(service);
}

static void a_clean_service_costs_no_allocation(void **state)
{
    struct sds_service *service = clean_service();
    const struct sds_service *const services[] = {service};
    struct sds_peers *peers = sds_peers_new(services, 1);
    const struct sds_company company = {.scan = peers};
    struct sds_result result;
    size_t before;

    (void)state;
    assert_non_null(peers);
    assert_int_equal(sds_check_among(rules, registry, service, &company, &result), 0);
    sds_result_done(&result); /* the registry has its index of ports now */
    before = n_allocations;
    assert_int_equal(sds_check_among(rules, registry, service, &company, &result), 0);
    assert_int_equal(n_allocations, before);
    assert_string_equal(broken_rules(&result), "");
    assert_int_equal(result.verdict, SDS_VERDICT_REGISTERED);
    for (size_t i = 0; i < SDS_COUNT(result.not_evaluated); i++)
        assert_true(result.not_evaluated[i] == 0);
    sds_result_done(&result);
    sds_peers_free(peers);
    sds_service_free(service);
}

static void a_lack_of_memory_is_told(void **state)
{
    static const char rdata[] = "\2=a\14longerthan9=\3b\t=\3b\t=\0";
    struct sds_service *service = sds_service_new("_my--app._tcp");
    int r = -ENOMEM;

    (void)state;
    assert_int_equal(sds_service_set_txt(service, rdata, sizeof(rdata) - 1), 0);
    for (size_t n = 0; r == -ENOMEM; n++) {
        struct sds_result result;

        allocations_left = n;
        r = sds_check(rules, registry, service, &result);
        allocations_left = SIZE_MAX;
        assert_true(r == 0 || r == -ENOMEM);
        if (r == 0)
            assert_true(n > 10);
        sds_result_done(&result);
    }
    sds_service_free(service);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_parts_unknown),
        cmocka_unit_test(rules_that_do_not_run_are_not_counted),
        cmocka_unit_test(the_lan_is_judged_more_mildly),
        cmocka_unit_test(no_flood_hides_another_fault),
        cmocka_unit_test(findings_follow_the_catalogue_then_the_record),
        cmocka_unit_test(a_clean_service_costs_no_allocation),
        cmocka_unit_test(nor_does_one_that_a_profile_describes),
        cmocka_unit_test(a_lack_of_memory_is_told),
    };

    return cmocka_run_group_tests(tests, begin_checking, end_checking);
}
