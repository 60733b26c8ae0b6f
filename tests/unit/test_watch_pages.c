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

#include "base/mem.h"
#include "base/text.h"
#include "no_memory_libc.h"
#include "registry_fixture.h"
#include "sample.h"
#include "watch/pages.h"
#include "watch_golden.h"

char *__real_strndup(const char *text, size_t len);
char *__wrap_strndup(const char *text, size_t len);

char *__wrap_strndup(const char *text, size_t len)
{
    return may_allocate() ? __real_strndup(text, len) : NULL;
}

#define NOW_MS 1795348800000 /* 2026-11-22T12:00:00Z */

static const size_t widths[] = {38, 60, 100};

static const char registry_json[] =
    "{\"sdscope_registry\": 1, \"title\": \"Names\", \"updated\": \"2026-08-17\", \"people\": ["
    "{\"id\": \"Ann_Ode\", \"name\": \"Ann Ode\", \"organization\": \"Odes & Sons\"}],"
    "\"records\": ["
    "{\"name\": \"ode\", \"transport\": \"tcp\", \"port\": \"4711\","
    " \"description\": \"Ode to Printing\\u001b[2J\", \"assignee\": \"Ann_Ode\","
    " \"txt\": {\"kind\": \"keys\", \"keys\": [{\"key\": \"txtvers\","
    "  \"form\": {\"type\": \"const\", \"value\": \"1\"}}, {\"key\": \"note\"}]}},"
    "{\"name\": \"ode\", \"transport\": \"tcp\", \"status\": \"retired\"},"
    "{\"name\": \"ode\", \"transport\": \"sctp\", \"description\": \"not this one\"},"
    "{\"name\": \"bare\", \"description\": \"Barely Registered\", \"assignee\": \"nobody known\"},"
    "{\"name\": \"silent\", \"description\": \"Says Nothing\", \"txt\": {\"kind\": \"none\"}},"
    "{\"profile\": true, \"name\": \"ode\", \"transport\": \"tcp\", \"description\": \"Odes\","
    " \"source\": [{\"cite\": \"a manual\", \"backs\": \"all\"}],"
    " \"txt\": {\"kind\": \"keys\", \"open\": true, \"keys\": ["
    "  {\"key\": \"priority\", \"form\": {\"type\": \"int\", \"min\": 0, \"max\": 99}},"
    "  {\"key\": \"rp\", \"required\": true, \"form\": {\"type\": \"path\","
    "   \"about\": \"resource path or queue\"}},"
    "  {\"key\": \"pdl\", \"required\": true, \"form\": {\"type\": \"text\","
    "   \"about\": \"MIME types, apart by commas\"}}]}}]}";

static const struct sds_rule rules[] = {
    {.number = 203, .id = "SD203", .name = "instance-ascii-control", .part = SDS_PART_INSTANCE},
    {.number = 303,
     .id = "SD303",
     .name = "txt-truncated",
     .part = SDS_PART_TXT,
     .hint = "mend the length bytes"},
    {.number = 325,
     .id = "SD325",
     .name = "txt-key-duplicate",
     .part = SDS_PART_TXT,
     .hint = "only the first counts; remove the others"},
    {.number = 601,
     .id = "SD601",
     .name = "txt-key-undeclared",
     .part = SDS_PART_TXT,
     .hint = "declare the key, or prefix it with x-"},
    {.number = 604, .id = "SD604", .name = "txt-value-form", .part = SDS_PART_TXT},
    {.number = 611,
     .id = "SD611",
     .name = "profile-key-missing",
     .part = SDS_PART_TXT,
     .hint = "add the key: clients of this service look for it"},
    {.number = 402, .id = "SD402", .name = "srv-port-zero", .part = SDS_PART_PORT},
};

enum { SD203, SD303, SD325, SD601, SD604, SD611, SD402 };

#define FINDING(at, level, of_key, text, where)                                                    \
    {                                                                                              \
        .rule = &rules[at], .severity = (level), .key = (char *)(of_key),                          \
        .message = (char *)(text), .offset = (where),                                              \
    }

static struct sds_finding printer_findings[] = {
    FINDING(SD325, SDS_SEV_WARNING, "rp", "TXT key 'rp' occurs again", 105),
    FINDING(SD601, SDS_SEV_INFO, "colour", "key 'colour' is not declared by the registration", 90),
    FINDING(SD601, SDS_SEV_INFO, "bind", "key 'bind' is not declared by the registration", 98),
    FINDING(SD601, SDS_SEV_INFO, "x", "key 'x' is not declared by the registration", 103),
    FINDING(SD604, SDS_SEV_ERROR, "priority", "value of key 'priority' is too large: '100'", 10),
    FINDING(SD604, SDS_SEV_INFO, "priority", "value of key 'priority' is unusual", 10),
    FINDING(SD611, SDS_SEV_WARNING, "pdl", "key 'pdl' is missing, which clients need", -1),
    FINDING(SD611, SDS_SEV_WARNING, "ty", "key 'ty' is missing, which clients need", -1),
    {.rule = &rules[SD402],
     .severity = SDS_SEV_ERROR,
     .message = (char *)"SRV port is 0",
     .offset = -1,
     .ignored = "the printer is switched off\033[2J at night"},
    {.rule = &rules[SD325],
     .severity = SDS_SEV_WARNING,
     .key = (char *)"note",
     .message = (char *)"something about the note",
     .offset = 42,
     .ignored = "known"},
};
static struct sds_finding evil_findings[] = {
    FINDING(SD203, SDS_SEV_ERROR, NULL,
            "instance name has an ASCII control character: '\\x1b[2J\\x07\\x0a\\u{202e}txt\\xff'",
            -1),
    FINDING(SD303, SDS_SEV_ERROR, "a", "TXT string runs past its RDATA", 45),
};

static struct sds_service *new_service(const char *instance, const char *type, const void *txt,
                                       size_t len)
{
    struct sds_service *s = sds_service_new(type);

    assert_non_null(s);
    if (instance)
        assert_int_equal(sds_service_set_instance(s, instance, strlen(instance)), 0);
    if (txt)
        assert_int_equal(sds_service_set_txt(s, txt, len), 0);
    return s;
}

static void add_address(struct sds_service *s, const char *text)
{
    struct sds_address address;

    assert_true(sds_address_parse(text, &address));
    assert_int_equal(sds_service_add_address(s, address), 0);
}

static void set_srv(struct sds_service *s, const char *host, uint16_t port)
{
    assert_int_equal(sds_service_set_domain(s, "local"), 0);
    assert_int_equal(sds_service_set_host(s, host), 0);
    sds_service_set_port(s, port);
    sds_service_set_priority(s, 0);
    sds_service_set_weight(s, 5);
}

#define TXT(literal) (literal), sizeof(literal) - 1

/* All that there can be, right and wrong. */
static struct sds_row printer(void)
{
    struct sds_row row = {
        .service = new_service("Office Printer", "_ode._tcp",
                               TXT("\x09txtvers=1\x0cpriority=100\x12rp=printers/office\x2f"
                                   "note=\xe5\x8f\xb0\xe6\x89\x80 second floor, behind the \xc3\xbc"
                                   "ber-door\x07"
                                   "colour=\x04"
                                   "bind\x01x\x05rp=lp")),
        .result = {.has_verdict = true,
                   .verdict = SDS_VERDICT_REGISTERED,
                   .findings = printer_findings,
                   .n_findings = SDS_COUNT(printer_findings),
                   .n_ignored = 2,
                   .not_evaluated = {6}},
        .is_checked = true,
        .last = SDS_EVENT_CHANGED,
        .last_ms = NOW_MS - 90000,
        .added_ms = NOW_MS - 86400000,
        .changes = SDS_PART_PORT | SDS_PART_TXT,
    };
    struct sds_service *s = row.service;

    set_srv(s, "printer.local", 631);
    assert_int_equal(sds_service_set_rival_host(s, "printer-2.local"), 0);
    assert_int_equal(sds_service_set_host_cname(s, "box.local"), 0);
    sds_service_set_n_srv(s, 2);
    add_address(s, "192.0.2.7");
    add_address(s, "fe80::3a1b:5c:77ff:1");
    add_address(s, "2001:db8:1234:5678:9abc:def0:1234:5678");
    assert_int_equal(sds_service_add_sighting(s, (struct sds_sighting){"eth0", AF_INET}), 0);
    assert_int_equal(sds_service_add_sighting(s, (struct sds_sighting){"wlan0", AF_INET6}), 0);
    assert_int_equal(sds_service_add_sighting(s, (struct sds_sighting){"eth0", AF_INET6}), 0);
    assert_int_equal(sds_service_add_sighting(s, (struct sds_sighting){"br-lan", AF_UNSPEC}), 0);
    assert_int_equal(sds_service_add_subtype(s, "_print"), 0);
    assert_int_equal(sds_service_add_subtype(s, "_universal"), 0);
    assert_int_equal(sds_service_set_ptr_type(s, "_print._sub._ode._tcp"), 0);
    assert_int_equal(sds_service_add_meta_ptr(s, "_ode._tcp.local"), 0);
    assert_int_equal(sds_service_add_meta_ptr(s, "_ode._TCP.local"), 0);
    sds_service_set_record_ttl(s, SDS_KIND_PTR, 4500);
    sds_service_set_record_ttl(s, SDS_KIND_SRV, 120);
    sds_service_set_cache_flush(s, SDS_KIND_SRV, true);
    sds_service_set_cache_flush(s, SDS_KIND_AAAA, false);
    return row;
}

/* Bytes that no terminal should get. */
static struct sds_row evil(void)
{
    struct sds_row row = {
        .service = new_service("\033[2J\a\n\u202etxt\xff\u53f0\u6240", "_evil._tcp",
                               TXT("\x11"
                                   "esc=\x1b]0;owned\a\\n\xff\x0d"
                                   "nul=\0\x9b\xc2\x9b"
                                   "31m\r\n\0\x07=no key\x03"
                                   "\033=1\x20"
                                   "a=\xe2\x80\x80"
                                   "cut")),
        .result = {.has_verdict = true,
                   .verdict = SDS_VERDICT_UNREGISTERED,
                   .findings = evil_findings,
                   .n_findings = SDS_COUNT(evil_findings),
                   .n_dropped = 3},
        .is_checked = true,
        .last = SDS_EVENT_REMOVED,
        .last_ms = NOW_MS - 1000,
        .added_ms = NOW_MS - 2000,
    };

    set_srv(row.service, "evil\\027[31m\\.\u202ehost.local", 0);
    assert_int_equal(
        sds_service_add_sighting(row.service, (struct sds_sighting){"e\033[1m", AF_INET}), 0);
    return row;
}

/* Nothing is known but the type, and nobody checked it. */
static struct sds_row sparse(void)
{
    return (struct sds_row){
        .service = new_service(NULL, "_ode._tcp", NULL, 0),
        .last = SDS_EVENT_ADDED,
        .last_ms = NOW_MS - 5000,
        .added_ms = NOW_MS - 5000,
    };
}

/* Much is known to be missing; it came back. */
static struct sds_row stale(void)
{
    struct sds_row row = {
        .service = new_service("\u53f0\u6240\u306e\u30c6\u30ec\u30d3 \U0001f4fa e\u0301",
                               "_silent._udp", TXT("")),
        .result = {.has_verdict = true, .verdict = SDS_VERDICT_RETIRED},
        .is_checked = true,
        .last = SDS_EVENT_ADDED,
        .last_ms = NOW_MS - 5000,
        .added_ms = NOW_MS - 9000,
    };

    sds_service_set_missing(row.service, SDS_PART_HOST);
    sds_service_set_missing(row.service, SDS_PART_PORT);
    sds_service_set_missing(row.service, SDS_PART_ADDRESSES);
    sds_service_set_missing(row.service, SDS_PART_META_PTRS);
    sds_service_set_ttl(row.service, 75);
    return row;
}

/* Several TXT records, one empty and one missing its declaration. */
static struct sds_row many(void)
{
    static const struct sds_span records[] = {
        {(const uint8_t *)"\1a", 2}, {(const uint8_t *)"", 0}, {(const uint8_t *)"\0\0", 2}};
    struct sds_row row = {
        .service = new_service("Many", "_bare._udp", NULL, 0),
        .is_checked = true,
        .last = SDS_EVENT_ADDED,
        .last_ms = NOW_MS,
        .added_ms = NOW_MS,
    };

    assert_int_equal(sds_service_set_txt_records(row.service, records, SDS_COUNT(records)), 0);
    return row;
}

static struct sds_row (*const rows[])(void) = {printer, evil, sparse, stale, many};

/* No line is wider than the page, and none ends in blanks. */
static void assert_fits(const struct sds_page *page, size_t width)
{
    for (size_t i = 0; i < sds_page_n_lines(page); i++) {
        const struct sds_page_line *line = sds_page_line_at(page, i);
        const char *last = line->n > 0 ? line->v[line->n - 1].text : "";

        assert_true(line->width <= width);
        assert_true(!*last || last[strlen(last) - 1] != ' ');
        for (size_t j = 0; j < line->n; j++)
            assert_null(strpbrk(line->v[j].text, "\n\033"));
    }
}

/* All rows at a width, one below the other. */
static char *print_rows(size_t width, char *(*print)(const struct sds_page *page))
{
    struct loaded loaded = load_text(registry_json);
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    assert_int_equal(loaded.result, 0);
    for (size_t i = 0; i < SDS_COUNT(rows); i++) {
        struct sds_row row = rows[i]();
        struct sds_page *page = sds_page_of_row(&row, loaded.registry, NOW_MS, width, false);
        char *words = print(page);

        assert_fits(page, width);
        fprintf(out, "%s====\n", words);
        free(words);
        sds_page_free(page);
        sds_service_free(row.service);
    }
    fclose(out);
    unload(&loaded);
    return text;
}

static void assert_is_golden(const char *what, size_t width, char *text)
{
    char name[64];

    snprintf(name, sizeof(name), "watch-%s-%zu.txt", what, width);
    assert_golden(name, text, strlen(text));
    free(text);
}

static void shows_all_of_a_service(void **state)
{
    (void)state;
    for (size_t i = 0; i < SDS_COUNT(widths); i++)
        assert_is_golden("row", widths[i], print_rows(widths[i], page_text));
}

static void colours_what_words_tell(void **state)
{
    (void)state;
    assert_is_golden("row-inks", 60, print_rows(60, page_inks));
}

static void has_signs_of_ascii(void **state)
{
    size_t n_cut = 0;

    (void)state;
    for (size_t i = 0; i < SDS_COUNT(rows); i++) {
        struct sds_row row = rows[i]();
        struct sds_page *page = sds_page_of_row(&row, NULL, NOW_MS, 38, true);
        char *text = page_text(page);

        assert_null(strstr(text, "\u2026"));
        n_cut += strstr(text, "\n           ~ ") != NULL;
        free(text);
        sds_page_free(page);
        sds_service_free(row.service);
    }
    assert_int_not_equal(n_cut, 0);
}

static void does_without_a_registry(void **state)
{
    struct sds_row row = printer();
    struct sds_page *page = sds_page_of_row(&row, NULL, NOW_MS, 60, false);
    char *text = page_text(page);

    (void)state;
    assert_non_null(strstr(text, "priority"));
    assert_null(strstr(text, "profile"));
    free(text);
    sds_page_free(page);
    sds_service_free(row.service);
}

/* However narrow the terminal, and however long the record. */
static void fits_everywhere(void **state)
{
    static uint8_t flood[65535];
    struct sds_row row = evil();
    size_t n_lines = 0;

    (void)state;
    for (size_t i = 0; i < sizeof(flood); i++)
        flood[i] = i % 2 ? 'a' : 1;
    flood[sizeof(flood) - 1] = 0;
    assert_int_equal(sds_service_set_txt(row.service, flood, sizeof(flood)), 0);
    for (size_t width = 1; width < 200; width += width < 20 ? 1 : 37) {
        struct sds_page *page = sds_page_of_row(&row, NULL, NOW_MS, width, false);

        assert_non_null(page);
        n_lines = sds_page_n_lines(page);
        sds_page_free(page);
    }
    assert_true(n_lines < 400);
    sds_service_free(row.service);
}

static void explains_a_rule(void **state)
{
    const struct sds_rule *rule = sds_rule_numbered(325);

    (void)state;
    for (size_t i = 0; i < SDS_COUNT(widths); i++) {
        struct sds_page *page = sds_page_of_rule(rule, widths[i]);
        char *text = page_text(page);

        assert_fits(page, widths[i]);
        assert_int_equal(strncmp(text, "SD325 txt-key-duplicate\n", 24), 0);
        assert_ptr_equal(sds_page_line_at(page, 0)->rule, rule);
        assert_int_equal(sds_page_line_at(page, 0)->v[0].ink, SDS_INK_BOLD);
        free(text);
        sds_page_free(page);
    }
    for (size_t i = 0; i < sds_n_rules(); i++) {
        struct sds_page *page = sds_page_of_rule(sds_rule_at(i), 38);

        assert_fits(page, 38);
        sds_page_free(page);
    }
}

static void lists_all_keys(void **state)
{
    (void)state;
    for (size_t i = 0; i < SDS_COUNT(widths); i++) {
        struct sds_page *page = sds_page_of_keys(widths[i]);

        assert_fits(page, widths[i]);
        assert_is_golden("keys", widths[i], page_text(page));
        sds_page_free(page);
    }
}

/* Wherever memory ends: a whole page, or none. */
static void survives_without_memory(void **state)
{
    struct loaded loaded = load_text(registry_json);
    struct sds_row row = printer();
    struct sds_page *page;
    size_t n = 0;

    (void)state;
    do {
        has_failed = false;
        allocations_left = n++;
        page = sds_page_of_row(&row, loaded.registry, NOW_MS, 60, false);
        allocations_left = SIZE_MAX;
        assert_true(page || has_failed);
        sds_page_free(page);
    } while (has_failed);
    assert_true(n > 100);
    n = 0;
    do {
        has_failed = false;
        allocations_left = n++;
        page = sds_page_of_rule(sds_rule_at(0), 38);
        allocations_left = SIZE_MAX;
        sds_page_free(page);
    } while (has_failed);
    sds_service_free(row.service);
    unload(&loaded);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shows_all_of_a_service), cmocka_unit_test(colours_what_words_tell),
        cmocka_unit_test(has_signs_of_ascii),     cmocka_unit_test(does_without_a_registry),
        cmocka_unit_test(fits_everywhere),        cmocka_unit_test(explains_a_rule),
        cmocka_unit_test(lists_all_keys),         cmocka_unit_test(survives_without_memory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
