/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "files/zone.h"
#include "files/zone_field.h"
#include "files/zone_lexer.h"
#include "no_memory.h"

#define SPAN(text)                                                                                 \
    {                                                                                              \
        (const uint8_t *)(text), sizeof(text) - 1                                                  \
    }

/* ---- recognising -------------------------------------------------------------------------- */

static const struct {
    const char *text;
    bool is_zone;
} texts[] = {
    {"", false},
    {"\n; $ORIGIN a.\n", false},
    {"$ORIGIN a.", true},
    {"\r\n; comment\r\n$ttl 1h\r\n", true},
    {"$INCLUDE x", true},
    {"x PTR y", true},
    {"x 3600 IN srv 0 0 0 y", true},
    {"\tIN\tTXT a", true},
    {"@ SOA a b 1 2 3 4 5", true},
    {"  NS a", true},
    {"PTR", false},
    {"x A 192.0.2.1", false},
    {"x ; PTR y", false},
    {"a letter with a TXT in it", false},
    {"PTRX SRVX", false},
    {"prose\nx PTR y", true},
    {"\x01\x02\xff", false},
};

static void recognises_zones(void **state)
{
    (void)state;
    for (size_t i = 0; i < SDS_COUNT(texts); i++) {
        print_message("# text %zu\n", i);
        assert_int_equal(sds_is_zone(texts[i].text, strlen(texts[i].text)), texts[i].is_zone);
    }
}

/* ---- tokens ------------------------------------------------------------------------------- */

/* Entries as "line:column token|token/", a quoted token behind a quote, an owner behind a plus. */
static const struct {
    const char *text, *entries;
} lexed[] = {
    {"", ""},
    {" \n;\n\t; x", ""},
    {"a b", "+1:1 a|b/"},
    {"a\n b", "+1:1 a/2:2 b/"},
    {"a (b\n ; )\n c) d\r\n\r\ne", "+1:1 a|b|c|d/+5:1 e/"},
    {"a (b (c\n) d\n) e", "+1:1 a|b|c|d|e/"},
    {"(a)b", "+1:2 a|b/"},
    {"a \"b c\"d \"\"", "+1:1 a|\"b c|d|\"/"},
    {"a b\"c d\"", "+1:1 a|b\"c|d\"/"},
    {"a\\ b \\;\\( \"\\\"\"", "+1:1 a\\ b|\\;\\(|\"\\\"/"},
    {"\xc3\xa9\xc3\xa9 (\n\xc3\xa9) b;c", "+1:1 \xc3\xa9\xc3\xa9|\xc3\xa9|b/"},
};

static void print_entry(const struct sds_zone_entry *entry, FILE *out)
{
    const struct sds_zone_token *first = &entry->tokens.v[0];

    fprintf(out, "%s%d:%d ", entry->has_owner ? "+" : "", first->place.line, first->place.column);
    for (size_t i = 0; i < entry->tokens.n; i++) {
        const struct sds_zone_token *token = &entry->tokens.v[i];

        fprintf(out, "%s%s%.*s", i ? "|" : "", token->is_quoted ? "\"" : "", (int)token->len,
                token->p);
    }
    fputc('/', out);
}

static void splits_into_tokens(void **state)
{
    (void)state;
    for (size_t i = 0; i < SDS_COUNT(lexed); i++) {
        struct sds_zone_lexer lexer = sds_zone_lexer_over(lexed[i].text, strlen(lexed[i].text));
        struct sds_zone_entry entry = {0};
        struct sds_input_error error;
        char *text = NULL;
        size_t size;
        FILE *out = open_memstream(&text, &size);
        int r;

        assert_non_null(out);
        while ((r = sds_zone_next(&lexer, &entry, &error)) > 0)
            print_entry(&entry, out);
        fclose(out);
        assert_int_equal(r, 0);
        assert_string_equal(text, lexed[i].entries);
        free(text);
        free(entry.tokens.v);
    }
}

static void tells_where_tokens_stand(void **state)
{
    static const char text[] = "\xc3\xa9 (\n \"b\"c\n\t\xe2\x82\xac d)";
    static const struct sds_input_place places[] = {{1, 1}, {2, 2}, {2, 5}, {3, 2}, {3, 4}};
    struct sds_zone_lexer lexer = sds_zone_lexer_over(text, strlen(text));
    struct sds_zone_entry entry = {0};
    struct sds_input_error error;

    (void)state;
    assert_int_equal(sds_zone_next(&lexer, &entry, &error), 1);
    assert_int_equal(entry.tokens.n, SDS_COUNT(places));
    for (size_t i = 0; i < SDS_COUNT(places); i++) {
        assert_int_equal(entry.tokens.v[i].place.line, places[i].line);
        assert_int_equal(entry.tokens.v[i].place.column, places[i].column);
    }
    free(entry.tokens.v);
}

/* ---- names and numbers -------------------------------------------------------------------- */

static void compares_names_by_labels(void **state)
{
    static const struct {
        struct sds_span name, zone;
        bool is_in;
    } names[] = {
        {SPAN("\1a\1b\0"), SPAN("\1b\0"), true},  {SPAN("\1a\1B\0"), SPAN("\1b\0"), true},
        {SPAN("\1b\0"), SPAN("\1b\0"), true},     {SPAN("\1b\0"), SPAN("\0"), true},
        {SPAN("\0"), SPAN("\1b\0"), false},       {SPAN("\0"), SPAN("\0"), true},
        {SPAN("\3a\1b\0"), SPAN("\1b\0"), false}, {SPAN("\2ab\0"), SPAN("\1b\0"), false},
    };

    (void)state;
    for (size_t i = 0; i < SDS_COUNT(names); i++)
        assert_int_equal(sds_wire_is_in(names[i].name, names[i].zone), names[i].is_in);
}

static void reads_periods(void **state)
{
    static const struct {
        const char *text;
        long s; /* below 0: none */
    } periods[] = {
        {"0", 0},
        {"3600", 3600},
        {"1h30m", 5400},
        {"1W2D3H4M5S", 788645},
        {"2147483647", 2147483647},
        {"2147483648", -1},
        {"3551w", -1},
        {"99999999999999999999999", -1},
        {"", -1},
        {"h", -1},
        {"1h30", 3630},
        {"1y", -1},
        {"1hh", -1},
        {"-1", -1},
    };

    (void)state;
    for (size_t i = 0; i < SDS_COUNT(periods); i++) {
        struct sds_zone_token token = {.p = periods[i].text, .len = strlen(periods[i].text)};
        uint32_t s = 0;

        print_message("# period %zu\n", i);
        assert_int_equal(sds_zone_period(&token, &s), periods[i].s >= 0);
        if (periods[i].s >= 0)
            assert_int_equal(s, periods[i].s);
    }
}

/* ---- services ----------------------------------------------------------------------------- */

static const char whole[] = "@ SOA ns h 1 2 3 4 5\n"
                            "_a._tcp 60 PTR i._a._tcp\n_s._sub._a._tcp PTR i._a._tcp\n"
                            "i._a._tcp SRV 1 2 3 h\n TXT \\# 2 0161\ni._a._tcp TXT a \"b=c\"\n"
                            "h A 192.0.2.1\n AAAA 2001:db8::1\n_a._tcp PTR j.example.org\n";

static void reads_services(void **state)
{
    static const char text[] = "_a._tcp PTR i._a._tcp\n_s._sub._a._tcp PTR I._a._tcp\n"
                               "i._a._tcp 60 SRV 1 2 3 h\n  TXT a \"b=c\"\nh A 192.0.2.1\n";
    struct sds_input input = {0};
    struct sds_input_error error;
    const struct sds_service *s;
    struct sds_input_place place;

    (void)state;
    assert_int_equal(sds_services_read_zone(text, strlen(text), "x.org", &input, &error), 0);
    assert_int_equal(input.services.n, 1);
    s = input.services.v[0].service;
    assert_memory_equal(s->instance.p, "i", 1);
    assert_string_equal(s->type, "_a._tcp");
    assert_string_equal(s->domain, "x.org");
    assert_string_equal(s->host, "h.x.org");
    assert_string_equal(s->subtypes[0], "_s");
    assert_int_equal(s->priority, 1);
    assert_int_equal(s->weight, 2);
    assert_int_equal(s->port, 3);
    assert_int_equal(s->ttl_s, 60);
    assert_int_equal(s->n_addresses, 1);
    assert_int_equal(s->txt.len, 6);
    assert_memory_equal(s->txt.p, "\1a\3b=c", 6);
    assert_false(sds_service_is_local(s));
    place = sds_input_find(&input.services.v[0], SDS_PART_TXT, 2);
    assert_int_equal(place.line, 4);
    assert_int_equal(place.column, 9);
    place = sds_input_find(&input.services.v[0], SDS_PART_PORT, -1);
    assert_int_equal(place.line, 3);
    assert_int_equal(place.column, 22);
    sds_input_done(&input);
}

/* ---- out of memory ------------------------------------------------------------------------ */

static void survives_scarce_memory(void **state)
{
    size_t n = 0;
    int r;

    (void)state;
    do {
        struct sds_input input = {0};
        struct sds_input_error error;

        has_failed = false;
        allocations_left = n++;
        r = sds_services_read_zone(whole, strlen(whole), "example.org", &input, &error);
        allocations_left = SIZE_MAX;
        assert_int_equal(r, has_failed ? -ENOMEM : 0);
        sds_input_done(&input);
    } while (has_failed);
    assert_in_range(n, 20, 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(recognises_zones),
        cmocka_unit_test(splits_into_tokens),
        cmocka_unit_test(tells_where_tokens_stand),
        cmocka_unit_test(compares_names_by_labels),
        cmocka_unit_test(reads_periods),
        cmocka_unit_test(reads_services),
        cmocka_unit_test(survives_scarce_memory),
    };

    return cmocka_run_group_tests_name("zone", tests, NULL, NULL);
}
